"""Isochrones as a technician runs them, on a straight road of one kilometre a minute."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import pytest
from qgis.core import QgsGeometry, QgsProcessingException

POINTS = [
    ("POINT(10000 20)", 1, "a", "mairie"),
    ("POINT(30000 0)", 2, "b", "mairie"),
    ("POINT(31000 0)", 3, "c", "poste"),
]
FIELDS = "fid:integer,id:string,categorie:string"


def _server(**options):
    path = Path(__file__).resolve().parents[1] / "servers" / "routing_fakes.py"
    spec = importlib.util.spec_from_file_location("tests_servers_routing_fakes", path)
    module = sys.modules.setdefault(spec.name, importlib.util.module_from_spec(spec))
    if not hasattr(module, "RoutingServer"):
        spec.loader.exec_module(module)
    return module.RoutingServer(**options)


@pytest.fixture
def points(draw):
    return draw("Point", FIELDS, POINTS)


def _areas(layer) -> dict:
    return {(f["id"], f["cutoff"]): f.geometry() for f in layer.getFeatures()}


def test_each_point_gets_one_area_a_cutoff_with_its_own_columns(run, rows, points, road):
    found, _ = run("isochrones", INPUT=points, NETWORK=road, CUTOFFS="5,10")
    written = rows(found["OUTPUT"])
    assert sorted((row["id"], row["cutoff"]) for row in written) == [(i, c) for i in "abc" for c in (5.0, 10.0)]
    names = "fid_origine", "categorie", "metric", "profile", "direction", "engine"
    first = next(row for row in written if row["id"] == "a" and row["cutoff"] == 5)
    assert [first[name] for name in names] == [1, "mairie", "time", "car", "arrival", "local"]
    assert found["FAILED"].featureCount() == 0


def test_areas_say_the_profile_whose_times_they_are(run, rows, points, road):
    """A network by car travelled on foot: it is warned of, and the areas are by car."""
    found, said = run("isochrones", INPUT=points, NETWORK=road, PROFILE="foot", CUTOFFS="5")
    assert {row["profile"] for row in rows(found["OUTPUT"])} == {"car"}
    assert "built for the profile" in said


def test_columns_that_give_way_to_the_results_are_said(run, rows, draw, road):
    places = draw("Point", "id:string,Engine:string,cutoff:string", [("POINT(10000 20)", "a", "diesel", "late")])
    found, said = run("isochrones", INPUT=places, NETWORK=road, CUTOFFS="5")
    (row,) = rows(found["OUTPUT"])
    assert (row["engine"], row["cutoff"], row["id"]) == ("local", 5.0, "a")
    assert re.search(r"2 columns of “.*” give way to the results of those names: Engine, cutoff\.", said)
    assert said.count("give way") == 1, "the columns of the points without isochrone have other names"
    _, said = run("isochrones", INPUT=places, NETWORK=road, CUTOFFS="5", OVERLAP="dissolved")
    assert "give way" not in said, "no column of a point is one of an area of many"


def test_five_minutes_reach_five_kilometres_either_way_and_the_default_strip_along_the_road(run, points, road):
    found, _ = run("isochrones", INPUT=points, NETWORK=road, CUTOFFS="5,10")
    area = _areas(found["OUTPUT"])["a", 5.0]
    box = area.boundingBox()
    assert (box.xMinimum(), box.xMaximum()) == (pytest.approx(5000, abs=5), pytest.approx(15000, abs=5))
    assert box.yMaximum() == pytest.approx(200, abs=15)
    assert area.isGeosValid()
    assert _areas(found["OUTPUT"])["a", 10.0].contains(area)


def test_how_far_from_the_road_one_still_counts_is_the_user_s_choice(run, points, road):
    found, _ = run("isochrones", INPUT=points, NETWORK=road, CUTOFFS="5", REACH=50)
    assert _areas(found["OUTPUT"])["a", 5.0].boundingBox().yMaximum() == pytest.approx(50, abs=5)


def test_dissolved_areas_are_one_a_cutoff_or_one_a_category_and_cutoff(run, rows, points, road):
    found, _ = run("isochrones", INPUT=points, NETWORK=road, CUTOFFS="5,10", OVERLAP="dissolved")
    assert [row["cutoff"] for row in rows(found["OUTPUT"])] == [5.0, 10.0]
    found, _ = run(
        "isochrones", INPUT=points, NETWORK=road, CUTOFFS="5", OVERLAP="dissolved", DISSOLVE_FIELD="categorie"
    )
    by_category = {f["categorie"]: f.geometry().area() for f in found["OUTPUT"].getFeatures()}
    assert by_category["mairie"] == pytest.approx(2 * by_category["poste"], rel=0.02)


def test_rings_do_not_overlap_and_make_up_the_whole(run, points, road):
    whole, _ = run("isochrones", INPUT=points, NETWORK=road, CUTOFFS="5,10")
    cut, _ = run("isochrones", INPUT=points, NETWORK=road, CUTOFFS="5,10", OVERLAP="rings")
    inner, outer = (_areas(cut["OUTPUT"])["a", cutoff] for cutoff in (5.0, 10.0))
    assert inner.intersection(outer).area() == 0
    assert inner.area() + outer.area() == pytest.approx(_areas(whole["OUTPUT"])["a", 10.0].area())


def test_rings_of_each_value_of_a_column_make_up_its_widest_dissolved_area(run, points, road):
    chosen = {"INPUT": points, "NETWORK": road, "CUTOFFS": "5,10", "DISSOLVE_FIELD": "categorie"}
    whole, _ = run("isochrones", **chosen, OVERLAP="dissolved")
    cut, _ = run("isochrones", **chosen, OVERLAP="rings")
    widest = {f["categorie"]: f.geometry().area() for f in whole["OUTPUT"].getFeatures() if f["cutoff"] == 10}
    ring = {(f["categorie"], f["cutoff"]): f.geometry() for f in cut["OUTPUT"].getFeatures()}
    assert set(ring) == {(category, cutoff) for category in ("mairie", "poste") for cutoff in (5.0, 10.0)}
    for category, area in widest.items():
        inner, outer = ring[category, 5.0], ring[category, 10.0]
        assert inner.intersection(outer).area() == 0
        assert inner.area() + outer.area() == pytest.approx(area)


def test_a_multipoint_is_one_place_with_several_doors(run, draw, road):
    layer = draw("MultiPoint", "id:string", [("MULTIPOINT((10000 0),(40000 0))", "a")])
    found, _ = run("isochrones", INPUT=layer, NETWORK=road, CUTOFFS="5")
    area = _areas(found["OUTPUT"])["a", 5.0]
    assert area.constGet().numGeometries() == 2


def test_cutoffs_may_be_an_expression_of_each_point(run, draw, road):
    layer = draw("Point", "id:string,minutes:double", [("POINT(20000 0)", "a", 3.0), ("POINT(30000 0)", "b", None)])
    found, _ = run("isochrones", INPUT=layer, NETWORK=road, CUTOFFS='array("minutes", "minutes" * 2)')
    assert set(_areas(found["OUTPUT"])) == {("a", 3.0), ("a", 6.0)}
    (failed,) = found["FAILED"].getFeatures()
    assert failed["id"] == "b"


def test_a_point_too_far_from_the_road_goes_to_failed_with_the_distance(run, draw, road):
    layer = draw("Point", "id:string", [("POINT(20000 0)", "a"), ("POINT(20000 3000)", "b"), (None, "c")])
    found, _ = run("isochrones", INPUT=layer, NETWORK=road, CUTOFFS="5,10", SNAP_DISTANCE=1000)
    failed = {f["id"]: f for f in found["FAILED"].getFeatures()}
    assert set(failed) == {"b", "c"}
    assert failed["b"]["cutoffs"] == "5,10"
    assert "3" in failed["b"]["raison"] and "1,000" in failed["b"]["raison"]
    assert QgsGeometry(failed["b"].geometry()).asMultiPoint()[0].y() == 3000


def test_distances_are_metres(run, points, road):
    found, _ = run("isochrones", INPUT=points, NETWORK=road, CUTOFFS="2000", METRIC="distance")
    box = _areas(found["OUTPUT"])["a", 2000.0].boundingBox()
    assert box.width() == pytest.approx(4000, abs=15)


def test_without_a_network_the_local_engine_says_what_to_give(run, points):
    with pytest.raises(QgsProcessingException, match="“Road network”"):
        run("isochrones", INPUT=points)


def test_servers_have_no_hour(run, points):
    with pytest.raises(QgsProcessingException, match="WHEN|hour"):
        run("isochrones", INPUT=points, ENGINE="valhalla", SERVER="http://127.0.0.1:9", WHEN="mardi 08:00")


@pytest.mark.parametrize("cutoffs", ["", "dix", "0,5", "-3"])
def test_cutoffs_that_mean_nothing_are_refused(run, points, road, cutoffs):
    with pytest.raises((QgsProcessingException, AssertionError)):
        run("isochrones", INPUT=points, NETWORK=road, CUTOFFS=cutoffs)


@pytest.mark.parametrize("engine", ["geoplateforme", "valhalla", "openrouteservice"])
def test_servers_give_the_same_columns_through_qgis_s_own_network(run, rows, draw, engine, tmp_path, monkeypatch):
    monkeypatch.setattr(
        "carto_services_publics.processing.isochrones.answers_path", lambda: tmp_path / "answers.sqlite"
    )
    layer = draw("Point", "id:string", [("POINT(2.3 46.1)", "a"), ("POINT(2.4 85)", "b")], crs="EPSG:4326")
    with _server() as server:
        found, _ = run("isochrones", INPUT=layer, ENGINE=engine, SERVER=server.url, CUTOFFS="5,10")
        asked = len(server.requests)
        run("isochrones", INPUT=layer.clone(), ENGINE=engine, SERVER=server.url, CUTOFFS="5,10")
        repeated = [path for _, path in server.requests[asked:] if "isochrone" in path]
        assert len(repeated) <= 2  # only the point that failed is asked again, where the server may change its mind
    assert sorted((row["id"], row["cutoff"], row["engine"]) for row in rows(found["OUTPUT"])) == [
        ("a", 5.0, engine),
        ("a", 10.0, engine),
    ]
    assert [row["id"] for row in rows(found["FAILED"])] == ["b"]


# -- what an isochrone holds ------------------------------------------------------------------------------------------

PEOPLE = [
    ("POINT(8000 50)", 100.0, 10.0),  # within 5 minutes of a
    ("POINT(20000 100)", 30.0, 6.0),  # within 10 of a, of b and 11 of c
    ("POLYGON((30900 -50, 31100 -50, 31100 50, 30900 50, 30900 -50))", 7.0, 2.0),
    ("POINT(59000 0)", 5.0, 1.0),  # in no area
    ("POINT EMPTY", 3.0, 3.0),
]


@pytest.fixture
def inside(draw, points):
    points_alone = [row for row in PEOPLE if not row[0].startswith("POLYGON")]
    return {
        "DEMAND": draw("Point", "population:double,ind_80p:double", points_alone),
        "DEMAND_WEIGHT": "population",
        "GROUPS": ["ind_80p"],
        "SERVICES": points,
        "CATEGORY_FIELD": "categorie",
    }


def test_an_isochrone_says_who_lives_in_it_and_what_is_there(run, rows, points, road, inside):
    found, said = run("isochrones", INPUT=points, NETWORK=road, CUTOFFS="5,10", **inside)
    by = {(row["id"], row["cutoff"]): row for row in rows(found["OUTPUT"])}
    columns = ("population", "groupe_ind_80p", "nb_services", "nb_mairie", "nb_poste")
    assert [by["a", 5.0][name] for name in columns] == [100, 10, 1, 1, 0]
    assert [by["a", 10.0][name] for name in columns] == [130, 16, 1, 1, 0]
    assert [by["b", 10.0][name] for name in columns] == [30, 6, 2, 1, 1]
    assert "Within 10: 130 people in at least one area, 30 of them in several and counted in each, 8 in none." in said
    assert "1 row of" in said and "in no area" in said


def test_rings_hold_what_is_in_no_smaller_one_and_united_areas_count_once(run, rows, points, road, inside):
    found, _ = run("isochrones", INPUT=points, NETWORK=road, CUTOFFS="5,10", OVERLAP="rings", **inside)
    by = {(row["id"], row["cutoff"]): row for row in rows(found["OUTPUT"])}
    assert (by["a", 5.0]["population"], by["a", 10.0]["population"]) == (100, 30)
    assert (by["b", 5.0]["nb_services"], by["b", 10.0]["nb_services"]) == (2, 0)
    found, said = run("isochrones", INPUT=points, NETWORK=road, CUTOFFS="10", OVERLAP="dissolved", **inside)
    (whole,) = rows(found["OUTPUT"])
    assert (whole["population"], whole["nb_services"]) == (130, 3)
    assert "130 people in at least one area, 0 of them in several" in said


def test_a_cell_counts_whole_where_its_point_is(run, rows, draw, points, road):
    cells = draw("Polygon", "population:double,ind_80p:double", [PEOPLE[2]])
    found, _ = run("isochrones", INPUT=points, NETWORK=road, CUTOFFS="5", DEMAND=cells, DEMAND_WEIGHT="population")
    by = {row["id"]: row for row in rows(found["OUTPUT"])}
    assert {place: row["population"] for place, row in by.items()} == {"a": 0, "b": 7, "c": 7}
    assert "nb_services" not in by["a"]
