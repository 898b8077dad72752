"""What cannot be used is said in a sentence that names it, whatever it is."""

from __future__ import annotations

import math

import pytest
from qgis.core import QgsProcessingException

FAR = "POINT(1e300 -1e300)"


@pytest.fixture
def demand(draw):
    rows = [("POINT(0 0)", "a", 10.0), ("POINT(3000 0)", "b", 5.0), ("POINT(9000 0)", "c", 1.0)]
    return draw("Point", "code:string,people:double", rows)


@pytest.fixture
def services(draw):
    return draw("Point", "id:string,kind:string", [("POINT(1000 0)", "s", "mairie"), ("POINT(5000 0)", "t", "poste")])


@pytest.mark.parametrize(
    ("algorithm", "asked", "parameter"),
    [
        ("nearestservice", {"CATEGORY_FIELD": "absent"}, "absent"),
        ("nearestservice", {"DEMAND_ID": "absent"}, "absent"),
        ("coveragegaps", {"CATEGORY_FIELD": "absent", "DEMAND_WEIGHT": "people"}, "absent"),
        ("servicebasket", {"CATEGORY_FIELD": "absent", "DEMAND_WEIGHT": "people"}, "absent"),
        ("coveragegaps", {"DEMAND_WEIGHT": "absent"}, "absent"),
        ("nearestservice", {"SNAP_DISTANCE": math.nan}, "is not a number"),
        ("coveragegaps", {"CELL": math.nan, "DEMAND_WEIGHT": "people"}, "is not a number"),
        ("coveragegaps", {"THRESHOLDS": ",".join(map(str, range(1, 300)))}, "50 are the most"),
    ],
)
def test_it_is_named(run, demand, services, road, algorithm, asked, parameter):
    with pytest.raises(QgsProcessingException, match=parameter):
        run(algorithm, DEMAND=demand, SERVICES=services, NETWORK=road, **asked)


def test_isochrones_have_at_most_fifty_cutoffs(run, services, road):
    with pytest.raises(QgsProcessingException, match="50 are the most"):
        run("isochrones", INPUT=services, NETWORK=road, CUTOFFS=",".join(map(str, range(1, 300))))


def test_more_services_than_there_are_are_those_there_are(run, demand, services, road, rows):
    layers, _ = run("nearestservice", DEMAND=demand, SERVICES=services, NETWORK=road, K=1_000_000_000)
    assert len(rows(layers["OUTPUT"])) == 6


def test_a_weight_beyond_all_counts_is_a_reason_and_the_others_count(run, draw, services, road, rows):
    weights = [("POINT(0 0)", 1e308), ("POINT(3000 0)", 5.0), ("POINT(9000 0)", math.inf), ("POINT(9000 0)", math.nan)]
    demand = draw("Point", "people:double", weights)
    layers, _ = run("coveragegaps", DEMAND=demand, SERVICES=services, NETWORK=road, DEMAND_WEIGHT="people")
    assert len(rows(layers["FAILED"])) == 3
    assert [row["population"] for row in rows(layers["OUTPUT"])] == [5.0]


def test_a_position_beyond_all_maps_is_a_reason_and_the_others_count(run, draw, services, road, rows):
    demand = draw("Point", "people:double", [("POINT(0 0)", 1.0), (FAR, 2.0), ("POINT(3000 0)", 5.0)])
    layers, _ = run(
        "coveragegaps", DEMAND=demand, SERVICES=services, NETWORK=road, DEMAND_WEIGHT="people", THRESHOLDS="1,2"
    )
    assert len(rows(layers["FAILED"])) == 1


def test_a_column_is_found_whatever_its_capitals(run, draw, demand, road, rows):
    services = draw("Point", "id:string,Kind:string", [("POINT(1000 0)", "s", "mairie")])
    layers, _ = run("nearestservice", DEMAND=demand, SERVICES=services, NETWORK=road, CATEGORY_FIELD="kind")
    assert [row["categorie"] for row in rows(layers["OUTPUT"])] == ["mairie"] * 3


def test_what_nobody_foresaw_is_a_sentence_and_its_trace_is_in_the_log(qgis_app):
    from carto_services_publics.processing.base import CartoAlgorithm
    from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback

    class Broken(CartoAlgorithm):
        ID = "broken"

        def displayName(self):
            return "Broken"

        def initAlgorithm(self, configuration=None):
            pass

        def compute(self, asked):
            return [][asked.parameters["AT"]]

    heard = []
    listening = QgsApplication.messageLog().messageReceived
    listening.connect(lambda text, tag, level: heard.append(text))
    algorithm = Broken()
    algorithm.initAlgorithm()
    with pytest.raises(QgsProcessingException, match=r"not foreseen \(IndexError: list index out of range\)"):
        algorithm.run({"AT": 3}, QgsProcessingContext(), QgsProcessingFeedback(), catchExceptions=False)
    assert any("test_dirty_input.py" in text for text in heard)
