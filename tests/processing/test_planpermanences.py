"""Where and when agents hold permanences, along a straight road of one minute a kilometre."""

from __future__ import annotations

import pytest
from qgis.core import QgsProcessingException

DEMAND = [("POINT(0 0)", "west", 100.0), ("POINT(50000 0)", "east", 60.0)]
PLACES = [("POINT(5000 0)", "hall"), ("POINT(45000 0)", "library")]


@pytest.fixture
def layers(draw, road):
    return {
        "DEMAND": draw("Point", "id:string,population:double", DEMAND),
        "DEMAND_WEIGHT": "population",
        "PLACES": draw("Point", "id:string", PLACES),
        "NETWORK": road,
        "THRESHOLD": 15,
    }


def test_one_agent_one_day_and_the_way_between(run, rows, layers):
    found, said = run("planpermanences", AGENTS="mar", MAX_TRAVEL=45, **layers)
    plan = [(row["id"], row["jour"], row["gain"]) for row in rows(found["OUTPUT"])]
    assert plan == [("hall", "mar", 100), ("library", "mar", 60)]
    assert "optimal" in said
    found, _ = run("planpermanences", AGENTS="mar", MAX_TRAVEL=30, **layers)
    assert [row["id"] for row in rows(found["OUTPUT"])] == ["hall"]
    assert {row["id"]: row["demi_journees"] for row in rows(found["DEMAND_OUT"])} == {"west": 1, "east": 0}


def test_preferences_and_opening_hours(run, rows, layers):
    found, _ = run("planpermanences", AGENTS="lun-sam; mer matin", PREFERENCES="lun-ven:1, sam matin:3", **layers)
    best = rows(found["OUTPUT"])[0]
    assert (best["id"], best["horaires"], best["modalite"]) == ("hall", "Sa 09:00-12:00", "permanence")


def test_no_place_on_the_network_is_no_plan(run, layers, draw):
    layers["PLACES"] = draw("Point", "id:string", [("POINT(5000 90000)", "hall")])
    with pytest.raises(QgsProcessingException, match="could be put on the network"):
        run("planpermanences", AGENTS="mar", **layers)


def test_text_that_is_no_week_is_refused(run, layers):
    with pytest.raises(QgsProcessingException, match="not a half-day"):
        run("planpermanences", AGENTS="toujours", **layers)


@pytest.mark.parametrize("hours", ["neuf heures", "9h-12h"])
def test_hours_that_nothing_could_read_are_refused(run, layers, hours):
    with pytest.raises(QgsProcessingException, match="cannot be read as opening hours"):
        run("planpermanences", AGENTS="mar", MORNING=hours, **layers)
