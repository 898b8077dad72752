"""The commands of the SDAASaP page, run as they are written, on the demonstration territory."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from osgeo import ogr

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = shutil.which("qgis_process.bin") or shutil.which("qgis_process")

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(PROGRAM is None or not shutil.which("bash"), reason="needs qgis_process and bash"),
]


def rows(path: Path) -> list[ogr.Feature]:
    dataset = ogr.Open(str(path))
    return [dict(row.items()) for row in dataset.GetLayer(0)]


PAGE = ROOT / "docs" / "sdaasap.md"
ASKED = {"1", "4", "10", "12", "13", "20", "30"}
"""Numbers of the page that are asked and not found: thresholds, hours, a rank, the services of the basket."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Where the commands of the page, one after the other, left their results."""
    work = tmp_path_factory.mktemp("sdaasap")
    shutil.copy(ROOT / "resources" / "demo" / "demo.gpkg", work / "territoire.gpkg")
    plugins = work / "profile" / "profiles" / "default" / "python" / "plugins"
    plugins.mkdir(parents=True)
    (plugins / "carto_services_publics").symlink_to(ROOT)
    program = work / "bin" / "qgis_process"
    program.parent.mkdir()
    program.symlink_to(PROGRAM)
    page = PAGE.read_text(encoding="utf-8")
    commands = "".join(re.findall(r"^```bash\n(.*?)^```$", page, re.MULTILINE | re.DOTALL))
    script = f"set -e\nqgis_process plugins enable carto_services_publics\n{commands}"
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "QGIS_PLUGINPATH")}
    environment = {
        **kept,
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
        "QT_QPA_PLATFORM": "offscreen",
        "QGIS_CUSTOM_CONFIG_PATH": str(work / "profile"),
        "XDG_RUNTIME_DIR": str(work),
        "SOURCE": "Démonstration",
        "TERRITOIRE": "06",
        "CATEGORIE": "mairie",
        "MODE": "foot",
    }
    done = subprocess.run(["bash", "-c", script], cwd=work, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    (work / "said").write_text(done.stdout, encoding="utf-8")
    return work / "resultats"


def in_french(number: float, decimals: int = 0) -> str:
    return f"{number:,.{decimals}f}".replace(",", "\u202f").replace(".", ",")


def figures(folder: Path) -> list[str]:
    """Every figure that the page gives, worked out again from the files, as the page writes it."""
    people = sum(row["population"] for row in rows(folder / "demande.gpkg"))
    zones = [row for row in rows(folder / "manques_par_commune.gpkg") if row["categorie"] == "mairie"]
    saturday = [row for row in rows(folder / "samedi_par_commune.gpkg") if row["categorie"] == "mairie"]
    areas = [row for row in rows(folder / "manques.gpkg") if (row["categorie"], row["seuil"]) == ("mairie", 20)]
    week = [row for row in rows(folder / "semaine.gpkg") if (row["categorie"], row["seuil"]) == ("mairie", 20)]
    of = {row["nom"]: row for row in zones}
    beyond = {limit: sum(row[f"pop_au_dela_{limit}"] for row in zones) for limit in (20, 30)}
    all_of = next(row for row in rows(folder / "bilan.gpkg") if not row["identifiant"])
    spread, basket = rows(folder / "population.gpkg"), rows(folder / "panier.gpkg")
    gains = sorted((row["gain"] for row in rows(folder / "propositions.gpkg")), reverse=True)
    counts = [
        people, *beyond.values(), all_of["pop_au_dela_20_apres"], len(rows(folder / "referentiel.gpkg")),
        sum(row["population"] for row in spread), len(spread), of["Roquebrune-Cap-Martin"]["pop_au_dela_20"],
        len(areas), max(row["population"] for row in areas), sum(row["pop_au_dela_20"] for row in saturday),
        sum(row["population"] for row in basket if row["nb_manquants"]), sum(gains), *gains,
        rows(folder / "courbe.gpkg")[3]["gain"], all_of["pop_gagne"], all_of["pop_perd"],
    ]  # fmt: skip
    shares = [
        *(limit / people for limit in (*beyond.values(), all_of["pop_au_dela_20_apres"])),
        of["Èze"]["part_au_dela_20"],
        max(row["part"] for row in week),
        next(row["part"] for row in week if (row["jour"], row["heure"]) == (1, 12)),
    ]
    means = [all_of["cout_moyen_avant"], all_of["cout_moyen_apres"]]
    pages = len(re.findall(rb"/Type /Page\b", (folder / "atlas.pdf").read_bytes()))
    return [in_french(n) for n in (*counts, pages)] + [in_french(100 * n, 1) for n in shares] + [
        in_french(n, 1) for n in means
    ]  # fmt: skip


def test_the_page_gives_the_figures_that_its_commands_find(folder):
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    read = "\n".join(line for line in lines if line.startswith(("> ", "| ")))
    given = set(re.findall(r"\d[\d\u202f]*(?:,\d+)?", read)) - ASKED
    assert given == set(figures(folder)) - ASKED


def test_the_choice_is_proven(folder):
    said = (folder.parent / "said").read_text(encoding="utf-8")
    assert re.search(r"STATUS:\s+optimal", said)


def test_the_gaps_of_all_communes_are_there_and_saturday_is_no_better(folder):
    week, saturday = (rows(folder / name) for name in ("manques_par_commune.gpkg", "samedi_par_commune.gpkg"))
    assert len({row["zone_id"] for row in week if row["zone_id"]}) == 5
    beyond = [sum(row["pop_au_dela_20"] for row in table) for table in (week, saturday)]
    assert beyond[0] <= beyond[1]


def test_what_is_proposed_brings_people_within_reach(folder):
    proposed = rows(folder / "propositions.gpkg")
    assert len(proposed) == 2
    assert all(row["gain"] > 0 for row in proposed)
    assert {row["effet"] for row in rows(folder / "gagne_perd.gpkg")} <= {
        "gagne",
        "inchange",
        "gagne_acces",
        "sans_acces",
    }


def test_the_report_is_one_page(folder):
    assert "<svg" in (folder / "rapport.html").read_text(encoding="utf-8")
