"""Every algorithm on the demonstration territory, in QGIS's desktop; windows and results go to the documentation."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from carto_services_publics.tests.servers import ogcapi, territory_data
from carto_services_publics.tests.servers.wfs import GeoplateformeLike
from desktop import ROOT, SHOTS, run_desktop
from examples import EXAMPLES, read

HELP = ROOT / "processing" / "help"
NAMES = sorted({page.name.split(".")[0] for page in HELP.glob("*.md")})

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.servers,
    pytest.mark.skipif(not shutil.which("xvfb-run") or not shutil.which("qgis"), reason="needs qgis and xvfb"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Where one QGIS ran every example."""
    for name in NAMES:
        for picture in (f"algorithme-{name}.png", f"resultat-{name}.png"):
            (SHOTS / picture).unlink(missing_ok=True)
    work = tmp_path_factory.mktemp("examples")
    served = Path(shutil.copy(ROOT / "resources" / "demo" / "demo.gpkg", work / "servi.gpkg"))
    drive = Path(__file__).with_name("drive_algorithms.py")
    geoplateforme = GeoplateformeLike(territory_data.demo_layers(served))
    with ogcapi.registry(served) as address, geoplateforme.running():
        run_desktop(
            drive,
            tmp_path_factory.mktemp("desktop"),
            CSP_FOLDER=str(work),
            CSP_SHOTS=str(SHOTS),
            CSP_REGISTRY=address,
            CARTO_SP_GEOPLATEFORME_WFS=geoplateforme.address,
        )
    return work


@pytest.fixture(scope="module")
def told(folder) -> dict:
    """What the documentation is given."""
    return json.loads((SHOTS / "exemples.json").read_text(encoding="utf-8"))


def test_every_algorithm_has_an_example_with_its_window(told):
    assert set(EXAMPLES) == set(NAMES) == set(told)
    assert [name for name in NAMES if not (SHOTS / f"algorithme-{name}.png").is_file()] == []


def test_every_example_shows_a_map_or_a_table(told):
    assert [name for name, example in told.items() if not example["pictures"] and not example["table"]] == []
    drawn = [name for name, example in EXAMPLES.items() if example.drawn]
    assert [name for name in drawn if not (SHOTS / f"resultat-{name}.png").is_file()] == []


def test_the_gaps_the_sites_and_the_comparison_agree(folder):
    """Three algorithms that count the same people."""
    beyond = sum(row["pop_au_dela_20"] for row in read(str(folder / "manques_par_commune.gpkg")))
    total = next(row for row in read(str(folder / "bilan.gpkg")) if not row["identifiant"])
    assert total["pop_au_dela_20_avant"] == pytest.approx(beyond)
    gain = sum(row["gain"] for row in read(str(folder / "propositions.gpkg")))
    assert total["pop_au_dela_20_avant"] - total["pop_au_dela_20_apres"] == pytest.approx(gain)


def in_chromium(profile: Path, page: Path, *options: str) -> None:
    command = [
        "chromium",
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--window-size=1100,1500",
    ]
    subprocess.run([*command, f"--user-data-dir={profile}", *options, page.as_uri()], check=True, timeout=120)


@pytest.mark.skipif(not shutil.which("chromium"), reason="chromium is not installed")
def test_the_report_is_shown_as_a_browser_shows_it(folder, tmp_path):
    shot = SHOTS / "resultat-accessreport.png"
    shot.unlink(missing_ok=True)
    in_chromium(tmp_path, folder / "rapport.html", f"--screenshot={shot}")
    assert shot.stat().st_size > 20_000


@pytest.mark.skipif(
    not shutil.which("chromium") or not shutil.which("pdftotext"), reason="needs chromium and pdftotext"
)
def test_the_report_prints_whole(folder, tmp_path):
    """The widest table, that of the week, is not cut at the paper's edge."""
    printed = tmp_path / "rapport.pdf"
    in_chromium(tmp_path / "profile", folder / "rapport.html", f"--print-to-pdf={printed}")
    text = subprocess.run(["pdftotext", "-layout", printed, "-"], capture_output=True, text=True, check=True).stdout
    week = {
        line.split()[0]: line for line in text.splitlines() if line.strip().startswith(("Jour", "Lundi", "Dimanche"))
    }
    hours = week["Jour"].count("h")
    assert hours >= 12
    assert week["Lundi"].count("%") == week["Dimanche"].count("%") == hours


@pytest.mark.skipif(not shutil.which("pdftoppm"), reason="pdftoppm is not installed")
def test_a_page_of_the_atlas_is_shown(folder):
    shot = SHOTS / "resultat-atlas"
    command = ["pdftoppm", "-png", "-r", "80", "-f", "1", "-singlefile", str(folder / "atlas.pdf"), str(shot)]
    subprocess.run(command, check=True)
    assert shot.with_suffix(".png").stat().st_size > 20_000


def test_the_registrys_answers_come_back(folder):
    states = sorted(row["etat"] for row in read(str(folder / "mes_corrections.gpkg")))
    assert {"acceptee", "rejetee"} <= set(states)
