"""Opening, closing and moving sites on a straight road of one minute a kilometre."""

from __future__ import annotations

import pytest
from carto_services_publics.processing.report_scenario import scenario_figures
from qgis.core import QgsProcessingException

DEMAND = [("POINT(0 0)", "a", 100.0, "65+"), ("POINT(20000 0)", "b", 40.0, "65-"), ("POINT(50000 0)", "c", 10.0, "65-")]
SITES = [
    ("POINT(5000 0)", "kept", "", "Mo-Fr 09:00-17:00"),
    ("POINT(20000 0)", "closed", "today", "Mo-Sa 09:00-17:00"),
    ("POINT(45000 0)", "opened", "tomorrow", "Mo-Sa 09:00-17:00"),
]
ZONES = [
    ("POLYGON((-1 -1, 30000 -1, 30000 1, -1 1, -1 -1))", "west"),
    ("POLYGON((30000 -1, 60000 -1, 60000 1, 30000 1, 30000 -1))", "east"),
]


@pytest.fixture
def layers(draw, road):
    sites = draw("Point", "id:string,scenario:string,horaires:string", SITES)
    return {
        "DEMAND": draw("Point", "id:string,population:double,age:string", DEMAND),
        "DEMAND_WEIGHT": "population",
        "GROUP_FIELD": "age",
        "BEFORE": sites,
        "SCENARIO_BEFORE": "today",
        "AFTER": sites,
        "SCENARIO_AFTER": "tomorrow",
        "NETWORK": road,
        "THRESHOLDS": "10",
        "ZONES": draw("Polygon", "code:string", ZONES),
        "ZONE_ID": "code",
    }


def test_who_gains_and_who_loses(run, rows, layers):
    found, said = run("comparescenarios", **layers)
    by = {
        row["id"]: (row["cout_avant"], row["cout_apres"], row["ecart"], row["effet"]) for row in rows(found["OUTPUT"])
    }
    assert by["a"] == (pytest.approx(5), pytest.approx(5), 0, "inchange")
    assert by["b"] == (pytest.approx(0), pytest.approx(15), pytest.approx(15), "perd")
    assert by["c"] == (pytest.approx(30), pytest.approx(5), pytest.approx(-25), "gagne")
    summary = {(row["type"], row["identifiant"]): row for row in rows(found["SUMMARY"])}
    assert set(summary) == {("total", None), ("zone", "west"), ("zone", "east"), ("groupe", "65+"), ("groupe", "65-")}
    whole = summary["total", None]
    assert (whole["pop_gagne"], whole["pop_perd"], whole["pop_inchange"]) == (10, 40, 100)
    assert whole["gain_total"] == pytest.approx(250)
    assert whole["perte_totale"] == pytest.approx(600)
    assert (whole["pop_au_dela_10_avant"], whole["pop_au_dela_10_apres"]) == (10, 40)
    assert summary["zone", "east"]["pop_gagne"] == 10
    assert summary["groupe", "65+"]["pop_inchange"] == 100
    assert "10 people come nearer" in said


def test_someone_who_reaches_a_site_at_last_does_not_lengthen_the_journeys(run, rows, layers, draw, tmp_path):
    """No road led from c to a site: the mean of those who reach one is then not of the same people."""
    ways = [f"LINESTRING({x} 0, {x + 1000} 0)" for x in (*range(0, 30_000, 1000), *range(40_000, 60_000, 1000))]
    roads = draw("LineString", "minutes:double", [(way, 1.0) for way in ways])
    network = str(tmp_path / "parted.network")
    run("buildnetwork", INPUT=roads, PRESET="generic", COST_FIELD="minutes", OUTPUT=network)
    found, said = run("comparescenarios", **{**layers, "NETWORK": network})
    (whole,) = (row for row in rows(found["SUMMARY"]) if row["type"] == "total")
    assert whole["pop_gagne_acces"] == 10 and whole["cout_moyen_apres"] == pytest.approx((500 + 600 + 50) / 150)
    assert "of these 10 reach a site" in said and "the mean difference is 4.29 min" in said
    assert "min before" not in said


def test_the_report_tells_the_scenario_by_the_same_figures(run, layers):
    found, _ = run("comparescenarios", **layers)
    said = scenario_figures(found["SUMMARY"], {"east": "L'Est"})
    assert (said.whole.gaining, said.whole.losing, said.whole.population) == (10, 40, 150)
    assert (said.thresholds, said.whole.beyond_before, said.whole.beyond_after) == ((10.0,), (10.0,), (40.0,))
    assert {zone.name: zone.gaining for zone in said.zones}["L'Est"] == 10
    assert said.whole.before == pytest.approx((100 * 5 + 0 + 10 * 30) / 150)
    assert scenario_figures(None, {}) is None and said.unit == "min"


def test_a_comparison_of_distances_is_in_metres_in_the_report(run, layers):
    found, said = run("comparescenarios", METRIC="distance", **{**layers, "THRESHOLDS": "5000"})
    told = scenario_figures(found["SUMMARY"], {})
    assert (told.unit, told.thresholds) == ("m", (5000.0,))
    assert " m before, " in said


def test_a_change_of_hours(run, rows, layers):
    found, _ = run("comparescenarios", OPEN_AT="samedi 10:00", **layers)
    by = {row["id"]: (row["cout_avant"], row["cout_apres"]) for row in rows(found["OUTPUT"])}
    assert by["a"] == (pytest.approx(20), pytest.approx(45))


def test_when_every_site_closes_people_lose_access(run, rows, layers, draw):
    del layers["SCENARIO_AFTER"]
    layers["AFTER"] = draw("Point", "id:string", [])
    found, said = run("comparescenarios", **layers)
    assert [row["effet"] for row in rows(found["OUTPUT"])] == ["perd_acces"] * 3
    assert "150 do not reach any more." in said and "nan" not in said


@pytest.mark.parametrize("name", ["BEFORE", "AFTER"])
def test_sites_of_which_none_can_be_placed_say_nothing_of_who_loses(run, layers, draw, name):
    """Not computed is not far: nobody knows what such sites serve."""
    del layers[f"SCENARIO_{name}"]
    layers[name] = draw("Point", "id:string", [("POINT(0 900000)", "nowhere")])
    with pytest.raises(QgsProcessingException, match="None of the services could be put on the network"):
        run("comparescenarios", **layers)


def test_a_place_off_the_network_has_a_reason_and_is_not_counted(run, rows, layers, draw):
    layers["DEMAND"] = draw(
        "Point", "id:string,population:double,age:string", [*DEMAND, ("POINT(0 900000)", "far", 7.0, "")]
    )
    found, _ = run("comparescenarios", **layers)
    far = next(row for row in rows(found["OUTPUT"]) if row["id"] == "far")
    assert far["effet"] is None
    assert far["raison"]
    summary = {(row["type"], row["identifiant"]): row for row in rows(found["SUMMARY"])}
    assert summary["total", None]["population"] == 157 and summary["total", None]["pop_non_calculee"] == 7
    assert summary["zone", None]["pop_non_calculee"] == 7, "it lies in no zone"


def test_people_outside_every_zone_have_their_row(run, rows, layers, draw):
    layers["ZONES"] = draw("Polygon", "code:string", ZONES[:1])
    found, said = run("comparescenarios", **layers)
    zones = {row["identifiant"]: row["population"] for row in rows(found["SUMMARY"]) if row["type"] == "zone"}
    assert zones == {"west": 140, None: 10}
    assert "10 people live outside every zone" in said


def test_zones_without_coordinate_reference_system_are_refused(run, layers, draw):
    layers["ZONES"] = draw("Polygon", "code:string", ZONES, "")
    with pytest.raises(QgsProcessingException, match="“Zones” has no coordinate reference system"):
        run("comparescenarios", **layers)


def test_places_of_unknown_hours_are_counted(run, layers):
    _, said = run("comparescenarios", OPEN_AT="samedi 10:00", **layers)
    assert "1 of 2 places are open; 0 of unknown hours do not count" in said


def test_only_the_places_of_the_scenario_are_counted_as_lost(run, rows, layers, draw):
    """A layer that holds both scenarios: the rows of one say nothing of the other."""
    sites = [*SITES, ("POINT(0 900000)", "in the sea", "tomorrow", "Mo-Sa 09:00-17:00")]
    layers["BEFORE"] = layers["AFTER"] = draw("Point", "id:string,scenario:string,horaires:string", sites)
    found, said = run("comparescenarios", **layers)
    assert [row["couche"] for row in rows(found["FAILED"])] == ["AFTER"]
    assert "1 of the 3 rows of “Sites after”" in said and "of “Sites before”" not in said, said


def test_a_scenario_of_which_no_place_can_be_placed_says_nothing_of_who_loses(run, layers, draw):
    sites = [*SITES[:2], ("POINT(0 900000)", "in the sea", "tomorrow", "Mo-Sa 09:00-17:00")]
    sites[0] = (*sites[0][:2], "today", sites[0][3])
    layers["BEFORE"] = layers["AFTER"] = draw("Point", "id:string,scenario:string,horaires:string", sites)
    with pytest.raises(QgsProcessingException, match="None of the services could be put on the network"):
        run("comparescenarios", **layers)


def test_what_the_scenario_changes_is_listed_place_by_place(run, rows, layers, draw):
    """A place that moves goes from a zone to another; who is known by nothing but its position stays."""
    fields = "id:string,nom:string,categorie:string,horaires:string"
    layers["BEFORE"] = draw("Point", fields, [
        ("POINT(5000 0)", "", "", "mairie", ""),
        ("POINT(20000 0)", "m", "Ouest", "mairie", "Mo-Fr 09:00-12:00"),
        ("POINT(21000 0)", "h", "Heures", "mairie", "Mo-Fr 09:00-12:00"),
        ("POINT(22000 0)", "c", "Fin", "mairie", ""),
    ])  # fmt: skip
    layers["AFTER"] = draw("Point", fields, [
        ("POINT(5000 0)", "", "", "mairie", ""),
        ("POINT(45000 0)", "m", "Ouest", "mairie", "Mo-Sa 09:00-12:00"),
        ("POINT(21000 0)", "h", "Heures", "mairie", "Mo-Su 09:00-12:00"),
        ("POINT(50000 0)", "o", "Nouvelle", "mairie", ""),
    ])  # fmt: skip
    for name in ("SCENARIO_BEFORE", "SCENARIO_AFTER"):
        del layers[name]
    found, _ = run("comparescenarios", CHANGES="memory:", **layers)
    told = [
        (row["changement"], row["nom"], row["lieu_avant"], row["lieu_apres"], row["distance_m"], row["horaires_apres"])
        for row in rows(found["CHANGES"])
    ]
    assert told == [
        ("fermeture", "Fin", "west", None, None, None),
        ("deplacement", "Ouest", "west", "east", pytest.approx(25_000), "Mo-Sa 09:00-12:00"),
        ("horaires", "Heures", "west", "west", 0, "Mo-Su 09:00-12:00"),
        ("ouverture", "Nouvelle", None, "east", None, None),
    ]


def test_roads_after_are_those_that_one_travels_on_and_are_listed(run, rows, layers, draw, tmp_path):
    """The road is cut at kilometre 30: who lives east of it and has no site there loses all access."""
    changed = str(tmp_path / "after.network")
    cut = draw("LineString", "action:string,valeur:string", [
        ("LINESTRING(30500 -10, 30500 10)", "fermer", ""),
        ("LINESTRING(0 0, 3000 0)", "vitesse", "30"),
    ])  # fmt: skip
    made, _ = run("changenetwork", NETWORK=layers["NETWORK"], CHANGES=cut, OUTPUT=changed)
    layers["AFTER"], layers["SCENARIO_AFTER"] = layers["BEFORE"], "today"
    found, _ = run("comparescenarios", NETWORK_AFTER=changed, ROADS=made["AFFECTED"], CHANGES="memory:", **layers)
    by = {row["id"]: (row["cout_apres"], row["effet"]) for row in rows(found["OUTPUT"])}
    assert by["c"] == (None, "perd_acces") and by["b"] == (pytest.approx(0), "inchange")
    assert by["a"] == (pytest.approx(2 + 3 * 2), "perd"), "three kilometres at 30 km/h"
    told = [[row[name] for name in ("objet", "changement", "lieu_avant", "distance_m", "troncons", "valeur")]
            for row in rows(found["CHANGES"])]  # fmt: skip
    assert told == [
        ["route", "fermer", "east", pytest.approx(1000), 1, None],
        ["route", "vitesse", "west", pytest.approx(3000), 3, "30"],
    ]
    speeds = rows(found["CHANGES"])[1]
    assert (speeds["minutes_avant"], speeds["minutes_apres"]) == (pytest.approx(3), pytest.approx(6))


def test_roads_that_are_none_are_refused(run, layers, draw):
    lines = draw("LineString", "nom:string", [("LINESTRING(0 0, 1 0)", "x")])
    with pytest.raises(QgsProcessingException, match="action"):
        run("comparescenarios", ROADS=lines, CHANGES="memory:", **layers)


def test_roads_of_two_profiles_are_not_compared(run, layers, draw, tmp_path):
    """By bike before and by car after, everybody would gain minutes."""
    line = draw("LineString", "nom:string", [("LINESTRING(0 0, 60000 0)", "x")])
    by_bike = str(tmp_path / "bike.network")
    run("buildnetwork", INPUT=line, PROFILE="bike", OUTPUT=by_bike)
    for asked in ({"NETWORK": by_bike, "NETWORK_AFTER": layers["NETWORK"]}, {"NETWORK_AFTER": by_bike}):
        with pytest.raises(QgsProcessingException, match="profile"):
            run("comparescenarios", **{**layers, **asked})


def test_a_scenario_that_no_row_is_of_is_said_with_those_there_are(run, rows, layers):
    _, said = run("comparescenarios", **layers)
    assert "is of the scenario" not in said
    layers["SCENARIO_AFTER"] = "Tomorrow"
    _, said = run("comparescenarios", **layers)
    assert "is of the scenario “Tomorrow”; there are: today, tomorrow." in said
