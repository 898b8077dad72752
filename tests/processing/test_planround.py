"""A day's round along a straight road of one minute a kilometre."""

from __future__ import annotations

import pytest
from qgis.core import QgsProcessingException

STOPS = [
    ("POINT(30000 0)", "far", 10.0, 60.0),
    ("POINT(10000 0)", "near", 50.0, None),
    ("POINT(20000 0)", "middle", 5.0, 30.0),
]


@pytest.fixture
def layers(draw, road):
    return {
        "DEPOT": draw("Point", "id:string", [("POINT(0 0)", "garage")]),
        "STOPS": draw("Point", "id:string,people:double,minutes:double", STOPS),
        "STOP_WEIGHT": "people",
        "DURATION_FIELD": "minutes",
        "DURATION": 45,
        "NETWORK": road,
    }


def test_a_day_with_time_for_all_stops(run, rows, layers):
    found, said = run("planround", WORKING_TIME=300, START="08:30", **layers)
    order = [(row["id"], row["rang"], row["arrivee"]) for row in rows(found["OUTPUT"])]
    assert order in (
        [("near", 1, "08:40"), ("middle", 2, "09:35"), ("far", 3, "10:15")],
        [("far", 1, "09:00"), ("middle", 2, "10:10"), ("near", 3, "10:50")],
    )
    only = rows(found["ROUNDS"])
    assert (only[0]["trajet"], only[0]["duree"]) == (pytest.approx(60), pytest.approx(60 + 135))
    assert "3 of 3 stops" in said


def test_a_short_day_serves_most_people_and_says_who_is_left_out(run, rows, layers):
    found, _ = run("planround", WORKING_TIME=70, **layers)
    assert [row["id"] for row in rows(found["OUTPUT"])] == ["near"]
    assert {row["identifiant"]: row["raison"] for row in rows(found["FAILED"])}.keys() == {"far", "middle"}


def test_an_hour_that_is_none_is_refused(run, layers):
    with pytest.raises(QgsProcessingException, match="not an hour"):
        run("planround", START="dawn", **layers)
