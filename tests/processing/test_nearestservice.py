"""The nearest services, in long and in wide form."""

from __future__ import annotations

import pytest
from qgis.core import QgsProcessingException

DEMAND = [("POINT(0 10)", "a", "Bastia"), ("POINT(30000 0)", "b", "Corte"), ("POINT(0 90000)", "far", "Mer")]
SERVICES = [
    ("POINT(10000 0)", "s1", "mairie", "Sa 09:00-12:00"),
    ("POINT(52000 0)", "s2", "mairie", "Mo-Fr 09:00-17:00"),
    ("POINT(0 0)", "s3", "la_poste", ""),
    (None, "s4", "la_poste", ""),
]


@pytest.fixture
def layers(draw, road):
    return {
        "DEMAND": draw("Point", "id:string,nom:string", DEMAND),
        "SERVICES": draw("Point", "id:string,categorie:string,horaires:string", SERVICES),
        "CATEGORY_FIELD": "categorie",
        "NETWORK": road,
    }


def found_rows(rows, layer):
    return {(row["demand_id"], row["categorie"], row["rang"]): (row["service_id"], row["cout"]) for row in rows(layer)}


def test_one_row_a_place_and_category(run, rows, layers):
    found, _ = run("nearestservice", **layers)
    assert found_rows(rows, found["OUTPUT"]) == {
        ("a", "mairie", 1): ("s1", pytest.approx(10)),
        ("b", "mairie", 1): ("s1", pytest.approx(20)),
        ("a", "la_poste", 1): ("s3", pytest.approx(0)),
        ("b", "la_poste", 1): ("s3", pytest.approx(30)),
    }
    wide = {row["id"]: row for row in rows(found["WIDE"])}
    assert wide["a"]["nom"] == "Bastia"
    assert wide["a"]["cout_mairie"] == pytest.approx(10)
    assert wide["far"]["cout_mairie"] is None
    assert "1,000 m" in wide["far"]["raison"]
    assert sorted((row["couche"], row["identifiant"]) for row in rows(found["FAILED"])) == [
        ("DEMAND", "far"),
        ("SERVICES", "s4"),
    ]


def test_two_of_each_when_there_are_two(run, rows, layers):
    found, _ = run("nearestservice", K=2, **layers)
    table = found_rows(rows, found["OUTPUT"])
    assert table["a", "mairie", 2] == ("s2", pytest.approx(52))
    assert ("a", "la_poste", 2) not in table


def test_beyond_the_farthest_cost_there_is_a_row_without_cost(run, rows, layers):
    found, _ = run("nearestservice", MAX_COST=20, **layers)
    table = found_rows(rows, found["OUTPUT"])
    assert table["b", "mairie", 1] == ("s1", pytest.approx(20))  # equal to the limit is within it
    assert table["b", "la_poste", 1] == (None, None)


def test_distance_is_in_metres(run, rows, layers):
    found, _ = run("nearestservice", METRIC="distance", **layers)
    assert found_rows(rows, found["OUTPUT"])["b", "mairie", 1][1] == pytest.approx(20_000)


def test_only_open_places_count(run, rows, layers):
    found, _ = run("nearestservice", OPEN_AT="mardi 10:00", **layers)
    table = found_rows(rows, found["OUTPUT"])
    assert table["a", "mairie", 1] == ("s2", pytest.approx(52))
    assert table["a", "la_poste", 1] == (None, None)


def test_services_all_off_the_network_are_said_and_nothing_is_reached(run, rows, layers, draw):
    layers["SERVICES"] = draw("Point", "id:string,categorie:string", [("POINT(0 99999)", "s", "mairie")])
    found, said = run("nearestservice", **layers)
    assert found_rows(rows, found["OUTPUT"])["a", "mairie", 1] == (None, None)
    why = {row["raison"] for row in rows(found["OUTPUT"]) if row["demand_id"] == "a"}
    assert why == {"None of the services of this category could be put on the network."}
    assert "1 of the 1 rows of “Services” could not be used" in said


def test_the_reason_why_nothing_is_reached_is_the_true_one(run, rows, draw, tmp_path):
    """An island of 20 km of roads without a town hall; a place one may only come to; a town hall too far, or closed."""
    lines = [("LINESTRING(0 0, 20000 0)", "both"), ("LINESTRING(20000 0, 21000 0)", "direct")]
    lines += [("LINESTRING(21000 0, 33000 0)", "both"), ("LINESTRING(0 50000, 20000 50000)", "both")]
    roads = draw("LineString", "sens:string", lines)
    homes = [("POINT(20000 0)", "here"), ("POINT(33000 0)", "one way"), ("POINT(0 50000)", "island")]
    town_hall = [("POINT(0 0)", "s", "mairie", "Mo 09:00-12:00")]
    layers = {
        "DEMAND": draw("Point", "id:string", homes),
        "DEMAND_ID": "id",
        "SERVICES": draw("Point", "id:string,categorie:string,horaires:string", town_hall),
        "SERVICE_ID": "id",
        "CATEGORY_FIELD": "categorie",
        "NETWORK": roads,
        "DIRECTION_FIELD": "sens",
    }

    def reasons(**more):
        found, _ = run("nearestservice", **layers, **more)
        return {row["demand_id"]: row["raison"] for row in rows(found["OUTPUT"])}

    island = "No service of this category is on this part of the roads, which nothing joins to the others."
    assert reasons() == {"here": None, "one way": "No way leads to a service of this category.", "island": island}
    near = "No service of this category within 1."
    assert reasons(MAX_COST=1) == {"here": near, "one way": near, "island": island}
    assert set(reasons(OPEN_AT="mardi 10:00").values()) == {"No service of this category is open then."}


def test_without_network_the_run_does_not_start(run, layers):
    del layers["NETWORK"]
    with pytest.raises((AssertionError, QgsProcessingException)):
        run("nearestservice", **layers)


def test_the_time_to_the_second_is_a_column(run, rows, layers):
    found, _ = run("nearestservice", K=2, **layers)
    wide = {row["id"]: row for row in rows(found["WIDE"])}
    assert wide["a"]["cout_mairie_2"] == pytest.approx(52)
    assert wide["b"]["cout_mairie_2"] == pytest.approx(22)
    assert wide["a"]["cout_la_poste_2"] is None  # only one can be reached
    found, _ = run("nearestservice", **layers)
    assert "cout_mairie_2" not in rows(found["WIDE"])[0]


def test_columns_of_the_second_do_not_meet_those_of_other_categories(run, rows, draw, layers):
    """Categories 1, 2 and none: of the second of none, and the first of 2, one would be `cout_2` twice."""
    services = [(f"POINT({1000 * place} 0)", place % 3 or None) for place in range(1, 12)]
    layers["SERVICES"] = draw("Point", "categorie:integer", services)
    found, _ = run("nearestservice", K=2, **layers)
    wide = next(row for row in rows(found["WIDE"]) if row["id"] == "a")
    costs = {(row["categorie"], row["rang"]): row["cout"] for row in rows(found["OUTPUT"]) if row["demand_id"] == "a"}
    assert (wide["cout"], wide["cout_1"], wide["cout_2"]) == tuple(costs[code, 1] for code in (None, "1", "2"))
    assert (wide["cout_2__2"], wide["cout_1_2"], wide["cout_2_2"]) == tuple(costs[code, 2] for code in (None, "1", "2"))
    assert not wide["raison"]


def test_roads_have_the_speeds_of_an_hour(run, rows, draw, layers, tmp_path):
    """A layer of roads is travelled at the hour asked for; a network file of none is not taken for it."""
    table = tmp_path / "f.csv"
    table.write_text("classe;jours;de;a;facteur;source\n*;lun-ven;07:00;09:00;0.5;comptages\n", encoding="utf-8")
    hour = {"WHEN": "mardi 8h", "SPEED_FACTORS": str(table)}
    roads = draw("LineString", "kmh:double", [("LINESTRING(0 0, 60000 0)", 60.0)])
    by_layer = {**layers, "NETWORK": roads, "SPEED_FIELD": "kmh"}
    usual, then = (found_rows(rows, run("nearestservice", **by_layer, **asked)[0]["OUTPUT"]) for asked in ({}, hour))
    assert usual[("b", "mairie", 1)][1] == pytest.approx(20) and then[("b", "mairie", 1)][1] == pytest.approx(40)
    with pytest.raises(QgsProcessingException, match="hour"):
        run("nearestservice", **layers, **hour)
