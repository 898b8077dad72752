"""explainchange: what changed is due to services, to roads or to population, exactly."""

from __future__ import annotations

import numpy as np
import pytest
from carto_services_publics.core.network import open_network
from carto_services_publics.core.network.change import NetworkChange, change_network
from carto_services_publics.core.progress import Progress
from qgis.core import QgsProcessingException
from shapely.geometry import Point

PARTS = ("services", "routes", "population")
FIELDS = "population:double"
ZONES = [
    ("POLYGON((-1 -100, 20000 -100, 20000 100, -1 100, -1 -100))", "west"),
    ("POLYGON((20000 -100, 70000 -100, 70000 100, 20000 100, 20000 -100))", "east"),
]


@pytest.fixture
def given(draw, road, tmp_path):
    """A road of 1 km a minute; people move, a service opens, the road slows down."""
    slower = str(tmp_path / "slower.network")
    network = open_network(road)
    middle = network.line(0).mean(axis=0)
    change_network(network, [NetworkChange(Point(middle).wkb, "vitesse", "20")], slower, 1.0, Progress())
    before = [("POINT(0 10)", 100.1), ("POINT(30000 10)", 30.7), ("POINT(59000 10)", 7.0)]
    after = [("POINT(0 10)", 90.3), ("POINT(30000 10)", 60.9), ("POINT(500000 10)", 5.0)]
    return {
        "DEMAND_BEFORE": draw("Point", FIELDS, before),
        "DEMAND_AFTER": draw("Point", FIELDS, after),
        "DEMAND_WEIGHT": "population",
        "SERVICES_BEFORE": draw("Point", "categorie:string", [("POINT(50000 0)", "mairie")]),
        "SERVICES_AFTER": draw("Point", "categorie:string", [("POINT(10000 0)", "mairie"), ("POINT(0 0)", "la_poste")]),
        "CATEGORY_FIELD": "categorie",
        "NETWORK_BEFORE": road,
        "NETWORK_AFTER": slower,
        "THRESHOLDS": "10,20",
        "ZONES": draw("Polygon", "code:string", ZONES),
        "ZONE_ID": "code",
        "OUTPUT": "memory:",
        "FAILED": "memory:",
    }


def figures(run, rows, given):
    found, heard = run("explainchange", **given)
    return {(row["zone_id"] or None, row["categorie"]): row for row in rows(found["OUTPUT"])}, found, heard


def test_parts_sum_to_the_whole_and_turn_with_it(run, rows, given):
    found, answer, _ = figures(run, rows, given)
    swapped = {
        **given,
        **{f"{kind}_{a}": given[f"{kind}_{b}"] for kind in ("DEMAND", "SERVICES", "NETWORK") for a, b in BOTH},
    }
    back, _, _ = figures(run, rows, swapped)
    assert found.keys() == back.keys() and len(found) == 6
    for key, row in found.items():
        for threshold in ("10", "20"):
            name = f"pop_au_dela_{threshold}"
            whole = row[f"{name}_apres"] - row[f"{name}_avant"]
            assert sum(row[f"{name}_{part}"] for part in PARTS) == whole
            assert back[key][f"{name}_avant"] == row[f"{name}_apres"]
            assert [back[key][f"{name}_{part}"] for part in PARTS] == [-row[f"{name}_{part}"] for part in PARTS]
    assert any(row["pop_au_dela_20_services"] for row in found.values())
    assert len(rows(answer["FAILED"])) == 1  # who lives off the network


BOTH = (("BEFORE", "AFTER"), ("AFTER", "BEFORE"))


def test_before_and_after_are_what_coveragegaps_gives(run, rows, given):
    found, _, _ = figures(run, rows, given)
    for moment, ending in (("BEFORE", "avant"), ("AFTER", "apres")):
        asked = {name: given[f"{name}_{moment}"] for name in ("DEMAND", "SERVICES", "NETWORK")}
        same = {name: given[name] for name in ("DEMAND_WEIGHT", "CATEGORY_FIELD", "THRESHOLDS", "ZONES", "ZONE_ID")}
        for row in rows(run("coveragegaps", **asked, **same)[0]["OUTPUT"]):
            for threshold in ("10", "20"):
                name = f"pop_au_dela_{threshold}"
                explained = found[row["zone_id"] or None, row["categorie"]][f"{name}_{ending}"]
                assert explained == pytest.approx(row[name], abs=1e-9)


def test_what_is_left_empty_did_not_change(run, rows, given):
    for name in ("DEMAND_AFTER", "NETWORK_AFTER"):
        del given[name]
    found, _, heard = figures(run, rows, given)
    for row in found.values():
        assert row["pop_au_dela_20_routes"] == row["pop_au_dela_20_population"] == 0
        assert row["pop_au_dela_20_services"] == row["pop_au_dela_20_apres"] - row["pop_au_dela_20_avant"]
    assert np.isfinite([row["pop_au_dela_10_services"] for row in found.values()]).all()


@pytest.mark.parametrize("cut", ["POINT(30000 0)", "POINT(10000 0)"])
def test_a_road_that_closes_takes_nobody_nearer(run, rows, draw, tmp_path, cut):
    """Who lived along it, or whose only service stood there, is beyond by the roads: as comparescenarios says."""
    lines = ("LINESTRING(0 0, 20000 0)", "LINESTRING(20000 0, 40000 0)", "LINESTRING(20000 0, 20000 5000)")
    roads = draw("LineString", "nom:string", [(line, "x") for line in lines])
    net, after = str(tmp_path / "a.network"), str(tmp_path / "b.network")
    run("buildnetwork", INPUT=roads, OUTPUT=net)
    cuts = draw("Point", "action:string", [(cut, "fermer")])
    run("changenetwork", NETWORK=net, CHANGES=cuts, OUTPUT=after)
    people = draw("Point", FIELDS, [("POINT(38000 10)", 100.0), ("POINT(19990 10)", 10.0)])
    services = draw("Point", "categorie:string", [("POINT(5000 0)", "mairie")])
    both = {"DEMAND_WEIGHT": "population", "THRESHOLDS": "30,60", "FAILED": "memory:"}
    asked = {"DEMAND_BEFORE": people, "SERVICES_BEFORE": services, "CATEGORY_FIELD": "categorie"}
    for first, last, sign in ((net, after, 1), (after, net, -1)):
        found, _ = run("explainchange", NETWORK_BEFORE=first, NETWORK_AFTER=last, OUTPUT="memory:", **asked, **both)
        (row,) = rows(found["OUTPUT"])
        lost = 100.0 if cut == "POINT(30000 0)" else 110.0
        assert {row["pop_au_dela_60_avant"], row["pop_au_dela_60_apres"]} == {0.0, lost}
        assert row["pop_au_dela_60_routes"] == sign * lost
        assert not rows(found["FAILED"]) or sign < 0


def test_a_service_that_could_not_be_placed_after_has_not_come_nearer_to_anybody(run, rows, given, draw):
    """The only town hall after lies off the roads: nothing is known of it, which is no progress."""
    after = [("POINT(50000 90000)", "mairie"), ("POINT(0 0)", "la_poste")]
    given["SERVICES_AFTER"] = draw("Point", "categorie:string", after)
    found, _, heard = figures(run, rows, given)
    for (_zone, category), row in found.items():
        parts = [row[f"pop_au_dela_20_{ending}"] for ending in ("apres", *PARTS)]
        if category == "mairie":
            assert parts == [None] * 4 and row["pop_au_dela_20_avant"] is not None and row["raison"]
        else:
            assert None not in parts
    assert "Town hall: before or after, no place could be put on the network" in heard


def test_people_who_could_not_be_computed_are_said_for_each_date(run, rows, given):
    """Five of those after live off the roads: the part of the population is not all progress."""
    _, _, heard = figures(run, rows, given)
    assert "could not be computed: 0 before, 5 after" in heard


def test_roads_of_two_profiles_are_not_compared(run, given, draw, tmp_path):
    line = draw("LineString", "nom:string", [("LINESTRING(0 0, 60000 0)", "x")])
    given["NETWORK_AFTER"] = str(tmp_path / "bike.network")
    run("buildnetwork", INPUT=line, PROFILE="bike", OUTPUT=given["NETWORK_AFTER"])
    with pytest.raises(QgsProcessingException, match="profile"):
        run("explainchange", **given)
