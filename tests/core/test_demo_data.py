"""The embedded demo territory is what its README says: complete, exact, light, and usable as it is."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from carto_services_publics.core.categories import categories
from carto_services_publics.core.hours import parse
from carto_services_publics.core.services import ACCESSIBILITES, MODALITES, PRECISIONS, SERVICE_COLUMNS
from osgeo import ogr
from shapely import wkb
from shapely.geometry import Point

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "resources" / "demo" / "demo.gpkg"
OSM_FIELDS = {"osm_id", "highway", "name", "oneway", "maxspeed", "access", "junction", "foot", "bicycle", "layer"}


@pytest.fixture(scope="module")
def layers():
    dataset = ogr.Open(str(DEMO))
    return {
        layer.GetName(): [(row.items(), wkb.loads(bytes(row.GetGeometryRef().ExportToWkb()))) for row in layer]
        for layer in dataset
    }


def test_it_is_light_enough_to_ship_and_holds_its_layers(layers):
    assert DEMO.stat().st_size <= 3_000_000
    assert set(layers) == {"communes", "voisins", "routes", "services", "demande"}


def test_roads_carry_what_the_osm_preset_reads(layers):
    assert len(layers["routes"]) > 2500
    assert set(layers["routes"][0][0]) >= OSM_FIELDS | {"bridge", "tunnel"}
    kinds = Counter(values["highway"] for values, _ in layers["routes"])
    assert kinds["residential"] > 500 and kinds["steps"] > 200 and None not in kinds


def test_services_follow_the_shared_schema(layers):
    for values, place in layers["services"]:
        assert set(values) >= set(SERVICE_COLUMNS)
        assert values["nom"] and values["version"] and len(values["code_insee"]) == 5
        assert values["categorie"] in categories()
        assert values["modalite"] in MODALITES
        assert values["accessibilite"] in ACCESSIBILITES
        assert values["precision_position"] in PRECISIONS
        assert 7.3 < place.x < 7.5 and 43.7 < place.y < 43.8
    ids = [values["id"] for values, _ in layers["services"]]
    assert len(set(ids)) == len(ids) > 40


def test_each_commune_has_its_town_hall_with_hours(layers):
    halls = {values["code_insee"]: values for values, _ in layers["services"] if values["categorie"] == "mairie"}
    assert set(halls) == {values["code_insee"] for values, _ in layers["communes"]}
    for hall in halls.values():
        assert 10 * 60 < parse(hall["horaires"]).minutes_per_week() < 50 * 60


def test_no_service_of_monaco_is_loaded(layers):
    palace = Point(7.4205, 43.7314)
    assert all(place.distance(palace) > 0.005 for _, place in layers["services"])


def test_the_population_of_each_commune_is_spread_to_the_last_inhabitant(layers):
    spread = Counter()
    for values, _ in layers["demande"]:
        spread[values["code_insee"]] += values["population"]
    assert spread == {values["code_insee"]: values["population"] for values, _ in layers["communes"]}


def test_people_live_in_their_commune(layers):
    shapes = {values["code_insee"]: shape for values, shape in layers["communes"]}
    assert all(shape.is_valid for shape in shapes.values())
    for values, place in layers["demande"]:
        assert shapes[values["code_insee"]].contains(place)
        assert values["population"] > 0


def test_roads_reach_where_people_live(layers):
    """Coverage, honestly: hardly anybody is further than 150 m from a road of the extract."""
    from shapely.strtree import STRtree

    roads = [shape for _, shape in layers["routes"]]
    tree = STRtree(roads)

    def has_road(place):
        near = tree.query(place.buffer(150))
        return any(place.distance(item if hasattr(item, "geom_type") else roads[item]) <= 150 for item in near)

    far = sum(values["population"] for values, place in layers["demande"] if not has_road(place))
    assert far < 0.01 * sum(values["population"] for values, _ in layers["communes"])


def test_layers_name_their_sources():
    dataset = ogr.Open(str(DEMO))
    for layer in dataset:
        assert "OpenStreetMap" in layer.GetMetadataItem("DESCRIPTION")
    assert "ODbL" in (DEMO.parent / "README.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_script_rebuilds_the_same_file(tmp_path):
    sources = ROOT / "build" / "sources"
    if not (sources / "monaco.osm.pbf").exists() or not (sources / "communes.csv.lzma").exists():
        pytest.skip("the source packages are not here: run scripts/build_demo.py once")
    rebuilt = tmp_path / "demo.gpkg"
    script = ROOT / "scripts" / "build_demo.py"
    subprocess.run([sys.executable, str(script), "--output", str(rebuilt)], check=True, capture_output=True)
    assert rows_of(rebuilt) == rows_of(DEMO)


def rows_of(path):
    dataset = ogr.Open(str(path))
    return {layer.GetName(): [row_of(feature) for feature in layer] for layer in dataset}


def row_of(feature):
    return feature.items(), bytes(feature.GetGeometryRef().ExportToWkb())
