"""Changes of single lines and trips, and vehicles that go on as another trip: to the second what the scan gives."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import numpy as np
import pytest
from carto_services_publics.core.transit.journeys import Journeys
from carto_services_publics.core.transit.search import DayGraph
from carto_services_publics.core.transit.timetable import open_timetable, write_timetable
from carto_services_publics.core.transit.window import DepartureWindow

sys.path.insert(0, str(Path(__file__).parent))
from journey_cases import Drawn, by_matrix

SEEDS = [201, 203]


def plainer(timetable):
    """The same day without its rules of lines and trips, and without anybody staying aboard."""
    no_rules, nobody = np.empty((0, 7), np.int32), np.empty((0, 2), np.int64)
    return timetable._replace(rules=no_rules), timetable._replace(goes_on=nobody)


def served(timetable):
    return sorted(set(timetable.stop.tolist()))


class To:
    """What each departure of a day reaches first of one stop."""

    def __init__(self, graph, stop):
        self.egress = np.full(len(graph.timetable.stops), np.inf)
        self.egress[stop] = 0.0
        found = graph.arrivals(self.egress)
        self.when = np.append(found.when, np.inf)[found.rank]


def scanned(drawn, stop, moment, egress):
    """When one who stands at ``stop`` at ``moment`` is there."""
    ready = [np.inf] * len(egress)
    ready[stop] = moment
    return drawn.answers.scan._scan(ready, egress)


@pytest.mark.parametrize("seed", SEEDS)
def test_single_lines_and_trips_are_changed_as_the_scan_says(on_foot, tmp_path, seed):
    drawn, draw = Drawn(on_foot, tmp_path, seed, particular=True), random.Random(seed)
    timetable = drawn.built.timetable
    graph, *without = (DayGraph(table) for table in (timetable, *plainer(timetable)))
    told = np.zeros(2, int)
    for number, stop in enumerate(draw.sample(served(timetable), len(served(timetable)))):
        to = To(graph, stop)
        told += [int((To(other, stop).when != to.when).sum()) for other in without]
        for boarding in draw.sample(range(len(graph.boardings)), 15 if number < 3 else 0):
            here = int(graph.boarding_stop[boarding]), int(graph.boarding_time[boarding])
            assert to.when[boarding] == scanned(drawn, *here, to.egress)
    assert told.all(), "what is particular changes nothing on this day"


@pytest.mark.parametrize("seed", SEEDS[:1])
def test_the_day_run_backwards_gives_the_latest_departures(on_foot, tmp_path, seed):
    drawn, draw = Drawn(on_foot, tmp_path, seed, particular=True), random.Random(seed)
    timetable = drawn.built.timetable
    graph = DayGraph(timetable.mirrored())
    ways = 0
    for origin in draw.sample(served(timetable), 3):
        back = To(graph, origin)
        leaves = sorted(time for time, stop in drawn.answers.scan.departures() if stop == origin)
        for arrival in draw.sample(range(len(graph.boardings)), 6):
            egress = np.full(len(timetable.stops), np.inf)
            egress[int(graph.boarding_stop[arrival])] = 0.0
            by, latest = -int(graph.boarding_time[arrival]), -back.when[arrival]
            later = [time for time in leaves if time > latest]
            if np.isfinite(latest):
                ways += 1
                assert scanned(drawn, origin, latest, egress) <= by
            if later:
                assert scanned(drawn, origin, later[0], egress) > by
    assert ways > 3


def test_the_file_keeps_what_is_particular(on_foot, tmp_path):
    timetable = Drawn(on_foot, tmp_path, SEEDS[0], particular=True).built.timetable
    write_timetable(tmp_path / "day.transit", timetable)
    again = open_timetable(tmp_path / "day.transit")
    assert len(again.rules) and len(again.goes_on)
    for here, there in zip(again, timetable):
        np.testing.assert_array_equal(here, there)


def test_stations_are_entered_by_their_entrances(on_foot, tmp_path):
    drawn = Drawn(on_foot, tmp_path, SEEDS[1], particular=True)
    window, differs = DepartureWindow(7 * 3600, 6, 60.0), 0
    timetable, stops = drawn.built.timetable, np.arange(len(drawn.built.timetable.stops))
    by_position = timetable._replace(door_stop=stops, door_lonlat=timetable.stop_lonlat, door_time=np.zeros(len(stops)))
    for direction, one in (("departure", drawn.answers.departing), ("arrival", drawn.answers.returning)):
        found, other = (
            by_matrix(Journeys(on_foot, table, window, direction=direction), drawn.demand, drawn.services)
            for table in (timetable, by_position)
        )
        np.testing.assert_allclose(found, drawn.table(one, window), atol=2e-4)
        differs += int((found != other).sum())
    assert differs
