"""A town, and calls on it that the campaigns make dirty."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from carto_services_publics.tests.servers import territory_data, wfs
from dirt import CORRECTION_COLUMNS, DAY, correction_rows, layer_of, rows_of, saved, stops
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback, QgsVectorLayer

ON_FOOT = ("buildtransit", "roundtrip", "withoutcar")
NO_LAYER = ("MATRIX", "COMMUNES", "COVERAGE", "BASKET", "TURN_BANS")
"""Layers that are the result of another algorithm, or other data than the town's; left out."""


class Town(NamedTuple):
    """Files of one town: its roads by car and on foot, a feed of its buses, their timetable of a day, a field copy."""

    network: str
    on_foot: str
    feed: str
    timetable: str
    field: str


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch) -> None:
    """A drawn name of a file without a folder is not one in the checkout."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def town(qgis_app, tmp_path_factory) -> Town:
    from carto_services_publics.core.field.package import Luggage, pack
    from carto_services_publics.core.network import BuildOptions, build_network, open_network
    from carto_services_publics.core.routing.local import Router
    from carto_services_publics.core.services import Service
    from carto_services_publics.core.transit.timetable import build_timetable, write_timetable

    folder = tmp_path_factory.mktemp("town")
    roads = saved(layer_of("LineString", rows_of("LineString", 0)), folder / "r.gpkg")
    made = Town(
        *(str(folder / name) for name in ("car.network", "foot.network", "buses.zip", "day.transit", "terrain"))
    )
    for path, profile in ((made.network, "car"), (made.on_foot, "foot")):
        build_network(roads, BuildOptions(preset="generic", profile=profile, cost_field="minutes"), Path(path))
    write_feed(Path(made.feed))
    [(_name, lon, lat), *_] = stops()
    pack(Path(made.field), Luggage([Service("1", "Mairie", "mairie", lon=lon, lat=lat)]))
    write_timetable(made.timetable, build_timetable([made.feed], Router(open_network(made.on_foot)), DAY).timetable)
    return made


def write_feed(path: Path) -> None:
    """A bus along the diagonal of the town, every half hour, there and back."""
    places = stops()
    trips, times = [], []
    for number, leaves in enumerate(range(7 * 60, 19 * 60, 30)):
        for way, order in (("out", places), ("back", places[::-1])):
            trips.append(f"line,all,{way}{number}")
            for rank, (name, _lon, _lat) in enumerate(order):
                clock = f"{(leaves + rank) // 60:02d}:{(leaves + rank) % 60:02d}:00"
                times.append(f"{way}{number},{clock},{clock},{name},{rank}")
    week = "monday,tuesday,wednesday,thursday,friday,saturday,sunday"
    tables = {
        "agency.txt": ["agency_id,agency_name,agency_url,agency_timezone", "a,Bus,http://b.example,Europe/Paris"],
        "stops.txt": ["stop_id,stop_name,stop_lat,stop_lon", *(f"{n},{n},{lat!r},{lon!r}" for n, lon, lat in places)],
        "routes.txt": ["route_id,agency_id,route_short_name,route_type", "line,a,1,3"],
        "trips.txt": ["route_id,service_id,trip_id", *trips],
        "stop_times.txt": ["trip_id,arrival_time,departure_time,stop_id,stop_sequence", *times],
        "calendar.txt": [f"service_id,{week},start_date,end_date", "all,1,1,1,1,1,1,1,20260901,20270630"],
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, lines in tables.items():
            out.writestr(name, "\n".join(lines))


@pytest.fixture(scope="module")
def territory_server(demo_gpkg) -> Iterator[str]:
    """What `prepareterritory` asks, on this machine and small: the demonstration territory with 200 roads."""
    layers = territory_data.demo_layers(demo_gpkg)
    layers[territory_data.ROADS] = wfs.layer(layers[territory_data.ROADS].features[:200])
    with wfs.GeoplateformeLike(layers).running() as server:
        yield server.address


@pytest.fixture(scope="module")
def finished(provider, town) -> dict[str, Any]:
    """What `coveragegaps` found in the town: the report starts from it."""
    given = {
        "DEMAND": layer_of("Point", rows_of("Point", 15)),
        "SERVICES": layer_of("Point", rows_of("Point", 5)),
        "ZONES": layer_of("Polygon", rows_of("Polygon", 4)),
        "DEMAND_WEIGHT": "poids",
        "CATEGORY_FIELD": "categorie",
        "ZONE_ID": "id",
        "NETWORK": town.network,
        "THRESHOLDS": "1,2",
        **dict.fromkeys(("OUTPUT", "GAPS", "DEMAND_OUT", "TIMETABLE"), "memory:"),
    }
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("cartoservices:coveragegaps")
    context = QgsProcessingContext()
    results, _ = algorithm.run(given, context, QgsProcessingFeedback(False), catchExceptions=False)
    made = {name: context.takeResultLayer(value) for name, value in results.items() if isinstance(value, str)}
    return {name: layer for name, layer in made.items() if isinstance(layer, QgsVectorLayer)}


@pytest.fixture
def baseline(provider, town, finished, territory_server, tmp_path, monkeypatch):
    """A valid call of any algorithm of the provider, found from what its parameters are called."""
    monkeypatch.setenv("CARTO_SP_GEOPLATEFORME_WFS", territory_server)
    monkeypatch.setenv("CARTO_SP_GEOAPI_SERVER", "http://127.0.0.1:9")
    monkeypatch.setenv("CARTO_SP_MELODI_SERVER", "http://127.0.0.1:9")

    def call(name: str, count: int = 15, by_transit: bool = False) -> dict[str, Any]:
        algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"cartoservices:{name}")
        given: dict[str, Any] = {}
        for definition in algorithm.parameterDefinitions():
            value = _value(name, definition, count, town, tmp_path)
            if value is not None:
                given[definition.name()] = value
        asked = {definition.name() for definition in algorithm.parameterDefinitions()}
        if name in ON_FOOT or (by_transit and "TRANSIT" in asked):
            given["NETWORK"] = town.on_foot
            if "TRANSIT" in asked:
                given["TRANSIT"] = town.timetable
        if name == "accessreport":
            given.update(COVERAGE=finished["OUTPUT"], DEMAND=finished["DEMAND_OUT"], DEMAND_WEIGHT="poids")
            given.update(GAPS=finished["GAPS"], TIMETABLE=finished["TIMETABLE"])
        return given

    return call


def _value(algorithm: str, definition, count: int, town: Town, folder: Path) -> Any:
    name, kind = definition.name(), definition.type()
    if name.startswith("NETWORK") and "Destination" not in kind:
        return None if name == "NETWORK_AFTER" else town.network
    if name == "COPIES":
        return [town.field]
    if kind in ("source", "vector", "multilayer"):
        return _layer(algorithm, name, kind, count)
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
        "FEEDS": town.feed,
        "TERRITORY": "Beausoleil" if algorithm == "prepareterritory" else None,
        "HALO": 0,
        "LINE": 10,
        "DATE": DAY.isoformat() if algorithm == "buildtransit" else None,
    }
    return fixed.get(name)


def _layer(algorithm: str, name: str, kind: str, count: int) -> Any:
    if (
        name in NO_LAYER
        or (algorithm, name) == ("comparescenarios", "ROADS")
        or (algorithm == "accessreport" and name not in ("DEMAND", "SERVICES"))
    ):
        return None
    if algorithm == "submitcorrections":
        return layer_of("Point", correction_rows(4), "EPSG:4326", CORRECTION_COLUMNS)
    shape = "Polygon" if "ZONE" in name else "Point"
    if algorithm == "buildnetwork" or name in ("ROADS", "CHANGES"):
        shape = "LineString"
    layer = layer_of(shape, rows_of(shape, 5 if "SERVICE" in name or "SUPPLY" in name else count))
    return [layer] if kind == "multilayer" else layer


def _column(name: str) -> str | None:
    if "WEIGHT" in name or "CAPACITY" in name or name == "VALUE":
        return "poids"
    if "CATEGORY" in name:
        return "categorie"
    if name == "COST_FIELD":
        return "minutes"
    return "id" if name.endswith("_ID") else None
