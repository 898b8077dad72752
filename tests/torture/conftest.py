"""Calls that the campaigns make dirty."""

from __future__ import annotations

from typing import Any

import pytest
from dirt import layer_of, rows_of
from qgis.core import QgsApplication


@pytest.fixture(scope="session")
def town_network(qgis_app, tmp_path_factory):
    """The town's roads as a network file."""
    from carto_services_publics.core.network import BuildOptions, build_network
    from qgis.core import QgsVectorFileWriter

    folder = tmp_path_factory.mktemp("town")
    layer = layer_of("LineString", rows_of("LineString", 0))
    options = QgsVectorFileWriter.SaveVectorOptions()
    QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(folder / "r.gpkg"), layer.transformContext(), options)
    path = folder / "town.network"
    build_network(str(folder / "r.gpkg"), BuildOptions(preset="generic", cost_field="minutes"), path)
    return str(path)


@pytest.fixture
def baseline(provider, town_network, tmp_path):
    """A valid call of any algorithm of the provider, found from what its parameters are called."""

    def call(name: str, count: int = 15) -> dict[str, Any]:
        algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"cartoservices:{name}")
        given: dict[str, Any] = {}
        for definition in algorithm.parameterDefinitions():
            value = _value(name, definition, count, town_network, tmp_path)
            if value is not None:
                given[definition.name()] = value
        return given

    return call


def _value(algorithm: str, definition, count: int, network: str, folder) -> Any:
    name, kind = definition.name(), definition.type()
    if name.startswith("NETWORK"):
        return network
    if kind in ("source", "vector", "multilayer"):
        shape = "Polygon" if "ZONE" in name or name in ("COVERAGE", "COMMUNES") else "Point"
        if algorithm == "buildnetwork" or name in ("ROADS", "CHANGES"):
            shape = "LineString"
        if name == "MATRIX" or (name in ("COMMUNES", "GAPS", "TIMETABLE", "BASKET")):
            return None
        layer = layer_of(shape, rows_of(shape, 5 if "SERVICE" in name or "SUPPLY" in name else count))
        return [layer] if kind == "multilayer" else layer
    if kind == "field":
        return _column(name)
    if kind in ("sink", "vectorDestination"):
        return "memory:"
    if kind in ("fileDestination", "folderDestination"):
        return str(folder / f"{algorithm}-{name}.{'html' if name == 'HTML' else 'out'}") if name != "PDF" else None
    fixed = {
        "REGISTRY": "Démonstration",
        "GEOPACKAGE": str(folder / f"{algorithm}.gpkg"),
        "REFERENTIAL": str(folder / f"{algorithm}.gpkg"),
        "TIME_LIMIT": 1,
        "ENGINE": "local",
        "DRY_RUN": True,
        "AGENTS": "lun, mer matin",
        "GEOCODE": False,
    }
    return fixed.get(name)


def _column(name: str) -> str | None:
    if "WEIGHT" in name or "CAPACITY" in name or name == "VALUE":
        return "poids"
    if "CATEGORY" in name:
        return "categorie"
    if name == "COST_FIELD":
        return "minutes"
    return "id" if name.endswith("_ID") else None
