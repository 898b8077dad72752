"""Isochrones by public transport hold the junctions whose time is within, minute by minute as the scan says."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from carto_services_publics.core.errors import Cancelled
from carto_services_publics.core.progress import Progress
from carto_services_publics.core.routing.engines import Request, TravelMode
from carto_services_publics.core.transit.reach import TransitEngine, TransitRouter
from carto_services_publics.core.transit.ride import Ride
from carto_services_publics.core.transit.window import DepartureWindow
from shapely import wkb
from shapely.geometry import Point

sys.path.insert(0, str(Path(__file__).parent))
from journey_cases import Answers, Drawn, ranked

WINDOW = DepartureWindow(6 * 3600 + 1800, 15, 30.0)
CLEAR = 0.6
"""Minutes from the cutoff within which a junction may be on either side of the edge of an area."""


def scanned(drawn, router, direction):
    """(places, junctions) minutes, apart from what is tested."""
    nodes = router.points_at_nodes(np.arange(router.network.node_count))
    answers = Answers(router, drawn.day, nodes, drawn.demand, [60, 0, 150][drawn.seed % 3])
    one = answers.departing if direction == "arrival" else answers.returning
    moments = [WINDOW.start + 60 * i for i in range(WINDOW.minutes)]
    return np.array(
        [
            [ranked([one(node, place, m) for m in moments], WINDOW.percentile) / 60 for node in range(nodes.count)]
            for place in range(drawn.demand.count)
        ]
    )


@pytest.mark.parametrize(("seed", "direction"), [(3, "arrival"), (4, "departure"), (5, "arrival")])
def test_an_area_holds_the_junctions_within(on_foot, tmp_path, seed, direction):
    drawn = Drawn(on_foot, tmp_path, seed)
    expected = scanned(drawn, on_foot, direction)
    cutoffs = tuple(float(c) for c in np.round(np.quantile(expected[np.isfinite(expected)], (0.2, 0.5)), 2))
    engine = TransitEngine(on_foot.network, Ride(drawn.built.timetable, WINDOW), np.inf)
    requests = [Request(key, *xy, cutoffs) for key, xy in enumerate(drawn.demand.xy.tolist())]
    answers = {a.key: a for a in engine.isochrones(requests, TravelMode("foot", "time", direction))}
    assert len(answers) == len(requests)
    told = 0
    for key, costs in enumerate(expected):
        assert set(answers[key].polygons) == set(cutoffs), "each holds at least its own place"
        for cutoff in cutoffs:
            area = wkb.loads(answers[key].polygons[cutoff])
            for xy, cost in zip(on_foot.network.node_xy, costs):
                if abs(cost - cutoff) > CLEAR:
                    assert area.contains(Point(xy)) == (cost < cutoff), (key, cutoff, cost)
                    told += 1
    assert told > 100
    assert (expected < drawn_on_foot(drawn, on_foot, direction) - CLEAR).sum() > 10  # vehicles matter here


def drawn_on_foot(drawn, router, direction):
    nodes = router.points_at_nodes(np.arange(router.network.node_count))
    table = np.full((drawn.demand.count, nodes.count), np.inf)
    for block in router.matrix(drawn.demand, nodes, reverse=direction == "arrival"):
        table[np.ix_(block.origins, block.destinations)] = block.cost
    return table


def test_costs_at_junctions_are_exact(on_foot, tmp_path):
    drawn = Drawn(on_foot, tmp_path, 8)
    router = TransitRouter(on_foot.network, drawn.built.timetable, WINDOW)
    nodes = router.points_at_nodes(np.arange(router.network.node_count))
    found = np.full((drawn.demand.count, nodes.count), np.inf)
    for block in router.matrix(drawn.demand, nodes, reverse=True):
        found[np.ix_(block.origins, block.destinations)] = block.cost
    np.testing.assert_allclose(found, scanned(drawn, on_foot, "arrival"), atol=2e-4)


def test_one_area_of_several_points_is_of_the_nearest(on_foot, tmp_path):
    drawn = Drawn(on_foot, tmp_path, 9)
    engine = TransitEngine(on_foot.network, Ride(drawn.built.timetable, WINDOW), np.inf)
    requests = [Request(key, *xy, (12.0,)) for key, xy in enumerate(drawn.demand.xy[:3].tolist())]
    alone = [wkb.loads(a.polygons[12.0]) for a in engine.isochrones(requests, TravelMode()) if a.polygons]
    areas, failed = engine.merged(requests, [None] * 3, TravelMode())
    assert not failed
    (area,) = areas
    whole = wkb.loads(area.polygon)
    for each in alone:
        assert each.difference(whole).area < 0.03 * each.area


def test_it_stops_when_asked(on_foot, tmp_path):
    drawn = Drawn(on_foot, tmp_path, 10)

    class Stopped(Progress):
        def cancelled(self):
            return True

    engine = TransitEngine(on_foot.network, Ride(drawn.built.timetable, WINDOW), np.inf)
    with pytest.raises(Cancelled):
        list(engine.isochrones([Request(0, *drawn.demand.xy[0].tolist(), (10.0,))], TravelMode(), Stopped()))
