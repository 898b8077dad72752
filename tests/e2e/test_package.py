"""The zip, unpacked into a fresh profile, works there without a screen; `test_desktop` installs it on one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from desktop import ROOT

PACKAGE = "carto_services_publics"
PROGRAM = shutil.which("qgis_process.bin") or shutil.which("qgis_process")

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def unpacked(archive, tmp_path_factory) -> Path:
    """The folder that the zip made by `make package` unpacks to."""
    folder = tmp_path_factory.mktemp("plugins")
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder)
    return folder / PACKAGE


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
