"""The zip, unpacked into a fresh profile as QGIS's plugin manager does, works there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from desktop import run_desktop

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "carto_services_publics"
PROGRAM = shutil.which("qgis_process.bin") or shutil.which("qgis_process")

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not shutil.which("git") or not (ROOT / ".git").exists(), reason="needs the checkout and git"),
]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory) -> Path:
    """The folder that the zip made by `make package` unpacks to."""
    folder = tmp_path_factory.mktemp("zip")
    script = f"import sys; sys.path.insert(0, {str(ROOT / 'scripts')!r}); import package; from pathlib import Path; "
    script += f"print(package.build(Path({str(folder)!r})))"
    archive = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.strip()
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder / "plugins")
    return folder / "plugins" / PACKAGE


@pytest.fixture(scope="module")
def qgis_process(unpacked, tmp_path_factory):
    """`qgis_process` in a fresh profile that has nothing but the unpacked plugin."""
    if PROGRAM is None:
        pytest.skip("qgis_process was not found")
    profiles = tmp_path_factory.mktemp("profiles")
    plugins = profiles / "profiles" / "default" / "python" / "plugins"
    plugins.mkdir(parents=True)
    shutil.copytree(unpacked, plugins / PACKAGE)
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "QGIS_PLUGINPATH")}
    environment = {
        **kept,
        "QT_QPA_PLATFORM": "offscreen",
        "QGIS_CUSTOM_CONFIG_PATH": str(profiles),
        "XDG_RUNTIME_DIR": str(profiles),
    }

    def call(*arguments: str) -> str:
        done = subprocess.run([PROGRAM, *arguments], env=environment, capture_output=True, text=True, encoding="utf-8")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    call("plugins", "enable", PACKAGE)
    return call


def test_all_algorithms_are_listed(qgis_process):
    listed = json.loads(qgis_process("--json", "list"))["providers"]["cartoservices"]["algorithms"]
    documented = {page.name.split(".")[0] for page in (ROOT / "processing" / "help").glob("*.md")}
    assert {name.split(":")[1] for name in listed} == documented


def test_the_nearest_services_of_the_demonstration_are_found(qgis_process, unpacked, tmp_path):
    demo = shutil.copy(unpacked / "resources" / "demo" / "demo.gpkg", tmp_path)
    answer = qgis_process(
        "--json",
        "run",
        "cartoservices:nearestservice",
        "--",
        f"DEMAND={demo}|layername=demande",
        f"SERVICES={demo}|layername=services",
        "CATEGORY_FIELD=categorie",
        f"NETWORK={demo}|layername=routes",
        "PROFILE=foot",
        f"OUTPUT={tmp_path / 'nearest.csv'}",
        f"WIDE={tmp_path / 'wide.gpkg'}",
        f"FAILED={tmp_path / 'failed.csv'}",
    )
    assert json.loads(answer)["results"]["OUTPUT"] == str(tmp_path / "nearest.csv")
    header, *rows = (tmp_path / "nearest.csv").read_text(encoding="utf-8").splitlines()
    assert header.split(",")[:5] == ["demand_id", "categorie", "rang", "service_id", "cout"]
    assert any(row.split(",")[4] for row in rows)


@pytest.mark.skipif(not shutil.which("xvfb-run") or not shutil.which("qgis"), reason="needs qgis and xvfb")
def test_the_panel_opens_in_the_desktop(unpacked, tmp_path):
    run_desktop(Path(__file__).with_name("drive_package.py"), tmp_path, package=unpacked, CSP_PACKAGE=str(unpacked))
