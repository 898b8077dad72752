"""Population spread over places: totals stay exact."""

from __future__ import annotations

import pytest

ZONES = [
    ("POLYGON((0 0, 100 0, 100 100, 0 100, 0 0))", "w", 10.0),
    ("POLYGON((100 0, 200 0, 200 100, 100 100, 100 0))", "e", 0.3),
    ("POLYGON((300 0, 400 0, 400 100, 300 100, 300 0))", "empty", 7.0),
    ("POLYGON((500 0, 600 0, 600 100, 500 100, 500 0))", "null", None),
]


@pytest.fixture
def zones(draw):
    return {"ZONES": draw("Polygon", "code:string,population:double", ZONES), "WEIGHT": "population", "ZONE_ID": "code"}


def by_zone(rows, layer):
    found: dict[str, list[float]] = {}
    for row in rows(layer):
        found.setdefault(row["zone_id"], []).append(row["population"])
    return found


def test_addresses_share_the_population_of_their_zone(run, rows, zones, draw):
    places = [(f"POINT({x} 50)", x) for x in (10, 20, 30, 110, 120, 130, 999)]
    found, said = run("spreadpopulation", SUPPORT=draw("Point", "id:integer", places), **zones)
    people = by_zone(rows, found["OUTPUT"])
    assert people["w"] == pytest.approx([10 / 3] * 3)
    assert sum(people["w"]) == 10
    assert sum(people["e"]) == 0.3
    assert people["empty"] == [7]
    assert "null" not in people
    assert "1 place of “Where people live” lies in no zone" in said
    assert "1 zone has no support" in said
    assert [row["identifiant"] for row in rows(found["FAILED"])] == ["null"]
    assert [row["raison"] is not None for row in rows(found["OUTPUT"]) if row["zone_id"] == "empty"] == [True]


def test_whole_people_by_the_largest_remainder(run, rows, zones, draw):
    places = [("POINT(10 50)", 1.0), ("POINT(20 50)", 1.0), ("POINT(30 50)", 2.0), ("POINT(110 50)", 1.0)]
    support = draw("Point", "logements:double", places)
    found, _ = run("spreadpopulation", SUPPORT=support, SUPPORT_WEIGHT="logements", WHOLE=True, **zones)
    assert by_zone(rows, found["OUTPUT"])["w"] == [3, 2, 5]
    failed = {row["identifiant"]: row["raison"] for row in rows(found["FAILED"])}
    assert "not a whole number" in failed["e"]


def test_buildings_count_by_their_floor_area(run, rows, zones, draw):
    buildings = [("POLYGON((0 0, 10 0, 10 10, 0 10, 0 0))", 1), ("POLYGON((50 0, 80 0, 80 10, 50 10, 50 0))", 2)]
    found, _ = run("spreadpopulation", SUPPORT=draw("Polygon", "id:integer", buildings), **zones)
    assert by_zone(rows, found["OUTPUT"])["w"] == pytest.approx([2.5, 7.5], rel=1e-3)


def test_roads_count_by_their_junctions(run, rows, zones, draw):
    roads = [("LINESTRING(10 10, 50 50)", 1), ("LINESTRING(50 50, 90 10)", 2)]
    found, _ = run("spreadpopulation", SUPPORT=draw("LineString", "id:integer", roads), **zones)
    assert by_zone(rows, found["OUTPUT"])["w"] == pytest.approx([10 / 3] * 3)


def test_places_without_usable_weight_get_nobody_and_are_said(run, rows, zones, draw):
    places = [("POINT(10 50)", None), ("POINT(20 50)", -1.0), ("POINT(30 50)", 2.0)]
    support = draw("Point", "logements:double", places)
    found, said = run("spreadpopulation", SUPPORT=support, SUPPORT_WEIGHT="logements", **zones)
    assert by_zone(rows, found["OUTPUT"])["w"] == [10]
    assert "2 places of “Where people live”" in said


def test_support_in_another_crs_lands_in_the_right_zone(run, rows, draw):
    zones = draw("Polygon", "population:double", [("POLYGON((2 46, 3 46, 3 47, 2 47, 2 46))", 5.0)], "EPSG:4326")
    support = draw("Point", "id:integer", [("POINT(650000 6600000)", 1)])
    found, said = run("spreadpopulation", ZONES=zones, WEIGHT="population", SUPPORT=support)
    assert "no zone" not in said
    assert found["OUTPUT"].crs().authid() == "EPSG:4326"
    assert [row["population"] for row in rows(found["OUTPUT"])] == [5]
