"""criticallinks: the roads of a layer ranked by what their cut does, by category."""

from __future__ import annotations

import pytest
from carto_services_publics.processing.buildnetwork import BuildNetwork
from carto_services_publics.processing.criticallinks import CriticalLinks
from qgis.core import QgsProcessingUtils

from .conftest import Heard, run_new


@pytest.fixture
def network(draw, tmp_path):
    """A road of three links, a service at its start, and a long way round the second one."""
    lines = [
        ("LINESTRING(700000 6600000, 701000 6600000)", 60.0),
        ("LINESTRING(701000 6600000, 702000 6600000)", 60.0),
        ("LINESTRING(702000 6600000, 703000 6600000)", 60.0),
        ("LINESTRING(701000 6600000, 701500 6609000, 702000 6600000)", 60.0),
    ]
    roads = draw("LineString", "kmh:double", lines)
    path = str(tmp_path / "a.network")
    run_new(BuildNetwork(), {"INPUT": roads, "SPEED_FIELD": "kmh", "OUTPUT": path})
    return path


def ranked(draw, network, **asked):
    demand = draw(
        "Point",
        "population:double",
        [("POINT(701000 6600000)", 5.0), ("POINT(702000 6600000)", 10.0), ("POINT(703000 6600000)", 20.0)],
    )
    services = draw(
        "Point", "categorie:string", [("POINT(700000 6600000)", "mairie"), ("POINT(703000 6600000)", "poste")]
    )
    parameters = {
        "DEMAND": demand,
        "DEMAND_WEIGHT": "population",
        "SERVICES": services,
        "NETWORK": network,
        "SNAP_DISTANCE": 100,
        "THRESHOLD": 10,
        "OUTPUT": "memory:",
        **asked,
    }
    heard = Heard()
    results, context = run_new(CriticalLinks(), parameters, heard)
    layer = QgsProcessingUtils.mapLayerFromString(results["OUTPUT"], context)
    rows = [
        [row[name] for name in ("categorie", "rang", "personnes_isolees", "personnes_au_dela", "minutes_personnes")]
        + [row.geometry().asPolyline()[0].x()]
        for row in layer.getFeatures()
    ]
    return rows, heard


def test_roads_are_ranked_by_category(draw, network):
    rows, heard = ranked(draw, network, CATEGORY_FIELD="categorie")
    mairie = [row[1:] for row in rows if row[0] == "mairie"]
    assert [row[:3] for row in mairie] == [[1, 35.0, 0.0], [2, 0.0, 30.0], [3, 20.0, 0.0]]
    round_trip = 2 * (500**2 + 9000**2) ** 0.5 * 0.06 / 60 - 1
    assert mairie[1][3] == pytest.approx(30 * round_trip, rel=1e-4)
    assert [row[-1] for row in mairie] == [700000, 701000, 702000]
    assert [row[1] for row in rows if row[0] == "poste"] == [1, 2]
    assert "35" in heard.text()


def test_only_the_most_asked_for_are_given(draw, network):
    rows, _ = ranked(draw, network, MOST=1)
    assert [row[1:3] for row in rows] == [[1, 20.0]]


def test_a_category_that_is_not_on_the_network_is_not_said_to_fear_no_cut(draw, network):
    places = [("POINT(700000 6600000)", "mairie"), ("POINT(703000 6690000)", "poste")]
    _, heard = ranked(draw, network, CATEGORY_FIELD="categorie", SERVICES=draw("Point", "categorie:string", places))
    assert "poste" in heard.text() and "no cut" not in heard.text()
