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
    page = (ROOT / "docs" / "sdaasap.md").read_text(encoding="utf-8")
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
    return work / "resultats"


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
