"""Door to door by public transport: to the second what scanning the connections gives."""

from __future__ import annotations

import math
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from carto_services_publics.core.network import BuildOptions, build_network, open_network
from carto_services_publics.core.routing.local import Router
from carto_services_publics.core.transit.journeys import Journeys
from carto_services_publics.core.transit.timetable import build_timetable, open_timetable, to_network, write_timetable
from carto_services_publics.core.transit.window import Window

sys.path.insert(0, str(Path(__file__).parent))
from connection_scan import Scan
from timetables import LAT, LON, STEP, random_day, walking_grid

TUESDAY = date(2025, 3, 4)
SIDE = 6
MAX_WALK = 20.0


@pytest.fixture(scope="module")
def on_foot(tmp_path_factory):
    folder = tmp_path_factory.mktemp("streets")
    build_network(str(walking_grid(folder / "grid.geojson", SIDE)), BuildOptions(profile="foot"), folder / "grid.network")
    return Router(open_network(folder / "grid.network"))


def some_places(router, count, seed, stops):
    """Places, most of them a few hundred metres from a stop."""
    draw = np.random.default_rng(seed)
    lonlat = np.array(stops)[draw.integers(0, len(stops), count)] + STEP * draw.normal(0, 0.3, (count, 2))
    return router.snap(to_network(router, lonlat))


def seconds_on_foot(router, a, b):
    table = np.full((a.count, b.count), np.inf)
    for block in router.matrix(a, b):
        table[np.ix_(block.origins, block.destinations)] = block.cost * 60.0
    return table


def within(table):
    return np.where(table <= MAX_WALK * 60.0 + 1e-3, table, np.inf)


class Answers:
    """Every minute of a window, by scanning."""

    def __init__(self, router, day, demand, services, change):
        stops = router.snap(to_network(router, np.array(day.stops)))
        self.direct = seconds_on_foot(router, demand, services)
        self.back = seconds_on_foot(router, services, demand)
        self.to_stop = within(seconds_on_foot(router, demand, stops))
        self.from_stop = within(seconds_on_foot(router, stops, services))
        self.service_to_stop = within(seconds_on_foot(router, services, stops))
        self.stop_to_demand = within(seconds_on_foot(router, stops, demand))
        self.scan = Scan(day, within(seconds_on_foot(router, stops, stops)), change)

    def departing(self, place, service, moment):
        ridden = self.scan.earliest(moment, self.to_stop[place], self.from_stop[:, service]) - moment
        return min(ridden, self.direct[place, service])

    def returning(self, place, service, moment):
        ridden = self.scan.earliest(moment, self.service_to_stop[service], self.stop_to_demand[:, place]) - moment
        return min(ridden, self.back[service, place])

    def being_there(self, place, service, moment):
        latest = self.scan.latest(moment, self.to_stop[place], self.from_stop[:, service])
        return min(moment - latest, self.direct[place, service])

    def being_home(self, place, service, moment):
        latest = self.scan.latest(moment, self.service_to_stop[service], self.stop_to_demand[:, place])
        return min(moment - latest, self.back[service, place])


def ranked(costs, percentile):
    return sorted(costs)[max(1, math.ceil(percentile / 100 * len(costs) - 1e-9)) - 1]


def by_matrix(journeys, demand, services):
    table = np.full((demand.count, services.count), np.inf)
    for block in journeys.matrix(demand, services):
        table[np.ix_(block.origins, block.destinations)] = block.cost
    return table


class Drawn:
    """A random day, five places and four services on it, and every answer made apart."""

    def __init__(self, router, folder, seed):
        change = [60, 0, 150][seed % 3]
        self.day = random_day(folder, seed, SIDE)
        self.built = build_timetable(self.day.feeds, router, TUESDAY, max_walk=MAX_WALK, change_time=change)
        self.demand, self.services = (
            some_places(router, count, seed + count, self.day.stops) for count in (5, 4)
        )
        self.answers = Answers(router, self.day, self.demand, self.services, change)

    def table(self, one, window):
        moments = [window.start + 60 * i for i in range(window.minutes)]
        return np.array(
            [
                [ranked([one(p, s, m) for m in moments], window.percentile) / 60.0 for s in range(self.services.count)]
                for p in range(self.demand.count)
            ]
        )


@pytest.mark.parametrize("seed", range(6))
def test_leaving_in_each_minute_is_what_the_scan_says(on_foot, tmp_path, seed):
    drawn = Drawn(on_foot, tmp_path, seed)
    ridden = 0
    for window in (Window(6 * 3600 + 1800, 20, 5.0), Window(7 * 3600, 20, 10.0), Window(0, 20, 30.0)):
        for direction, one in (("departure", drawn.answers.departing), ("arrival", drawn.answers.returning)):
            journeys = Journeys(on_foot, drawn.built.timetable, window, direction=direction)
            expected = drawn.table(one, window)
            np.testing.assert_allclose(by_matrix(journeys, drawn.demand, drawn.services), expected, atol=2e-4)
            ridden += (expected < drawn.answers.direct / 60 - 0.1).sum()
    assert ridden > 3


@pytest.mark.parametrize("seed", range(20, 24))
def test_being_there_at_each_minute_is_what_the_scan_says(on_foot, tmp_path, seed):
    drawn = Drawn(on_foot, tmp_path, seed)
    for window in (Window(8 * 3600, 12, 50.0, True), Window(60, 5, 100.0, True)):
        for direction, one in (("departure", drawn.answers.being_there), ("arrival", drawn.answers.being_home)):
            journeys = Journeys(on_foot, drawn.built.timetable, window, direction=direction)
            expected = drawn.table(one, window)
            np.testing.assert_allclose(by_matrix(journeys, drawn.demand, drawn.services), expected, atol=2e-4)


@pytest.mark.parametrize("seed", range(40, 43))
def test_the_kth_nearest_of_each_minute_counts(on_foot, tmp_path, seed):
    drawn = Drawn(on_foot, tmp_path, seed)
    window = Window(7 * 3600, 15, 60.0)
    journeys = Journeys(on_foot, drawn.built.timetable, window)
    groups = [np.array([0, 2, 3]), np.array([1])]
    found = list(journeys.nearest(drawn.demand, drawn.services, groups, k=3))
    alone = list(journeys.nearest(drawn.demand, drawn.services, groups))
    for number, members in enumerate(groups):
        for place in range(drawn.demand.count):
            minutes = [
                sorted(drawn.answers.departing(place, s, window.start + 60 * i) for s in members)
                for i in range(window.minutes)
            ]
            for k in range(3):
                expected = ranked([m[k] for m in minutes], 60.0) / 60.0 if k < len(members) else np.inf
                cost = found[number].cost[place, k]
                assert (np.inf if np.isnan(cost) else cost) == pytest.approx(expected, abs=2e-4)
                if np.isfinite(expected):
                    service = found[number].service[place, k]
                    assert any(
                        drawn.answers.departing(place, service, window.start + 60 * i) / 60 == pytest.approx(expected, abs=2e-4)
                        for i in range(window.minutes)
                    )
        np.testing.assert_allclose(alone[number].cost[:, 0], found[number].cost[:, 0], atol=1e-9)


def test_a_limit_is_within(on_foot, tmp_path):
    drawn = Drawn(on_foot, tmp_path, 3)
    journeys = Journeys(on_foot, drawn.built.timetable, Window(7 * 3600, 15))
    whole = next(journeys.nearest(drawn.demand, drawn.services, [np.arange(4)])).cost[:, 0]
    limit = float(np.sort(whole[np.isfinite(whole)])[1])
    kept = next(journeys.nearest(drawn.demand, drawn.services, [np.arange(4)], limit=limit)).cost[:, 0]
    np.testing.assert_array_equal(np.isfinite(kept), whole <= limit)


def test_the_file_gives_the_timetable_back(on_foot, tmp_path):
    drawn = Drawn(on_foot, tmp_path, 5)
    write_timetable(tmp_path / "day.transit", drawn.built.timetable)
    again = open_timetable(tmp_path / "day.transit")
    assert again.stops == drawn.built.timetable.stops
    for here, there in zip(again, drawn.built.timetable):
        np.testing.assert_array_equal(here, there)
