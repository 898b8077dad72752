"""The shipped model runs from services to gaps in one graph, as a user of the command line runs it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from carto_services_publics.scripts.registry import registry
from osgeo import ogr

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "resources" / "demo" / "demo.gpkg"
MODEL = ROOT / "resources" / "models" / "diagnostic_acces.model3"
OUTPUTS = {
    "services": "services:Services",
    "isochrones": "isochrones:Isochrones",
    "manques": "manques:Secteurs mal desservis",
    "habitants": "manques:Habitants",
    "acces": "avec_lieux:Accès par commune",
}
pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def qgis_process(tmp_path_factory):
    """`qgis_process` with the plugin enabled in a profile of its own."""
    program = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
    if program is None:
        pytest.skip("qgis_process is not installed")
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "QGIS_CUSTOM_CONFIG_PATH": str(tmp_path_factory.mktemp("profile")),
        "QGIS_PLUGINPATH": str(ROOT / "build" / "python"),
    }

    def call(*arguments):
        done = subprocess.run(
            [program, *arguments], env=environment, capture_output=True, encoding="utf-8", timeout=300
        )
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    call("plugins", "enable", "carto_services_publics")
    return call


@pytest.fixture(scope="module")
def registry_address(tmp_path_factory):
    copy = shutil.copy(DEMO, tmp_path_factory.mktemp("registry") / "registry.gpkg")
    with registry(copy) as address:
        yield address


@pytest.fixture(scope="module")
def layers(qgis_process, registry_address, tmp_path_factory):
    """The rows of each output of the model, run on the demo territory."""
    folder = tmp_path_factory.mktemp("model")
    copy = shutil.copy(DEMO, folder)  # QGIS leaves its mark in the GeoPackages it opens
    inputs = {
        "referentiel": registry_address,
        "categories": "la_poste,pharmacie",
        "reseau": f"{copy}|layername=routes",
        "mode": "foot",
        "habitants": f"{copy}|layername=demande",
        "population": "population",
        "communes": f"{copy}|layername=communes",
        "code": "code_insee",
        "limites": "5,10",
        "seuil": "10",
    }
    files = {name: folder / f"{name}.gpkg" for name in OUTPUTS}
    values = [f"{name}={value}" for name, value in inputs.items()]
    values += [f"{OUTPUTS[name]}={file}" for name, file in files.items()]
    answer = json.loads(qgis_process("--json", "run", str(MODEL), "--", *values))
    assert set(OUTPUTS.values()) <= set(answer["results"])
    return {name: rows_of(file) for name, file in files.items()}


def rows_of(path):
    dataset = ogr.Open(str(path))
    return [{**row.items(), "geometry": row.GetGeometryRef().Clone()} for row in dataset.GetLayer(0)]


def test_the_services_come_from_the_registry(layers):
    assert {row["categorie"] for row in layers["services"]} == {"la_poste", "pharmacie"}
    assert len(layers["services"]) == 26


def test_isochrones_are_dissolved_by_category_and_nested(layers):
    area = {(row["categorie"], row["cutoff"]): row["geometry"] for row in layers["isochrones"]}
    assert set(area) == {(name, cutoff) for name in ("la_poste", "pharmacie") for cutoff in (5.0, 10.0)}
    for name in ("la_poste", "pharmacie"):
        assert area[name, 5.0].Difference(area[name, 10.0]).GetArea() == 0 < area[name, 5.0].GetArea()


def test_every_inhabitant_is_in_the_result_once_for_each_category(layers):
    by_category = {}
    for row in layers["acces"]:
        by_category[row["categorie"]] = by_category.get(row["categorie"], 0) + row["population"]
    assert by_category == {"la_poste": 36142, "pharmacie": 36142}


def test_the_badly_served_are_the_same_in_zones_areas_and_places(layers):
    for name in ("la_poste", "pharmacie"):
        zones = sum(row["pop_au_dela_10"] for row in layers["acces"] if row["categorie"] == name)
        areas = sum(row["population"] for row in layers["manques"] if row["categorie"] == name)
        cost = f"cout_{name}"
        places = sum(row["population"] for row in layers["habitants"] if row[cost] is None or row[cost] > 10)
        assert zones == areas == places > 0


def test_native_algorithms_have_their_place_in_the_graph(layers):
    """How many services each commune has is counted by QGIS's own algorithm."""
    counted = {row["code_insee"]: row["nb_services"] for row in layers["acces"]}
    inside = sum(row["code_insee"] in counted for row in layers["services"])
    assert sum(counted.values()) == inside


def steps_of(path):
    """What a model computes: each step with its parameters. The rest of the file differs from one QGIS to another."""
    from qgis.core import QgsProcessingModelAlgorithm

    model = QgsProcessingModelAlgorithm()
    assert model.fromFile(str(path))
    steps = {}
    for name, child in model.childAlgorithms().items():
        given = {
            parameter: [(source.source(), source.staticValue(), source.outputChildId()) for source in sources]
            for parameter, sources in child.parameterSources().items()
        }
        steps[name] = (child.algorithmId(), given, sorted(child.modelOutputs()))
    return steps


def test_the_model_on_disk_is_the_one_the_script_builds(tmp_path):
    script = ROOT / "scripts" / "build_models.py"
    subprocess.run([sys.executable, str(script), "--folder", str(tmp_path)], check=True, capture_output=True)
    assert steps_of(tmp_path / MODEL.name) == steps_of(MODEL)
