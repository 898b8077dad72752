"""Door to door by public transport: to the second what scanning the connections gives."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from carto_services_publics.core.transit import journeys
from carto_services_publics.core.transit.journeys import Journeys
from carto_services_publics.core.transit.timetable import open_timetable, write_timetable
from carto_services_publics.core.transit.window import DepartureWindow

sys.path.insert(0, str(Path(__file__).parent))
from journey_cases import Drawn, by_matrix, ranked


@pytest.mark.parametrize("seed", range(6))
def test_leaving_in_each_minute_is_what_the_scan_says(on_foot, tmp_path, seed):
    drawn = Drawn(on_foot, tmp_path, seed)
    ridden = 0
    for window in (
        DepartureWindow(6 * 3600 + 1800, 20, 5.0),
        DepartureWindow(7 * 3600, 20, 10.0),
        DepartureWindow(0, 20, 30.0),
    ):
        for direction, one in (("departure", drawn.answers.departing), ("arrival", drawn.answers.returning)):
            journeys = Journeys(on_foot, drawn.built.timetable, window, direction=direction)
            expected = drawn.table(one, window)
            np.testing.assert_allclose(by_matrix(journeys, drawn.demand, drawn.services), expected, atol=2e-4)
            ridden += (expected < drawn.answers.direct / 60 - 0.1).sum()
    assert ridden > 3


@pytest.mark.parametrize("seed", range(20, 24))
def test_being_there_at_each_minute_is_what_the_scan_says(on_foot, tmp_path, seed):
    drawn = Drawn(on_foot, tmp_path, seed)
    for window in (DepartureWindow(8 * 3600, 12, 50.0, True), DepartureWindow(60, 5, 100.0, True)):
        for direction, one in (("departure", drawn.answers.being_there), ("arrival", drawn.answers.being_home)):
            journeys = Journeys(on_foot, drawn.built.timetable, window, direction=direction)
            expected = drawn.table(one, window)
            np.testing.assert_allclose(by_matrix(journeys, drawn.demand, drawn.services), expected, atol=2e-4)


@pytest.mark.parametrize("seed", range(40, 43))
def test_the_kth_nearest_of_each_minute_counts(on_foot, tmp_path, seed):
    drawn = Drawn(on_foot, tmp_path, seed)
    window = DepartureWindow(7 * 3600, 15, 60.0)
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
                        drawn.answers.departing(place, service, window.start + 60 * i) / 60
                        == pytest.approx(expected, abs=2e-4)
                        for i in range(window.minutes)
                    )
        np.testing.assert_allclose(alone[number].cost[:, 0], found[number].cost[:, 0], atol=1e-9)


def test_a_limit_is_within(on_foot, tmp_path):
    drawn = Drawn(on_foot, tmp_path, 3)
    journeys = Journeys(on_foot, drawn.built.timetable, DepartureWindow(7 * 3600, 15))
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


def test_a_day_of_many_halts_is_searched_in_another_process_and_gives_the_same(on_foot, tmp_path, monkeypatch):
    drawn = Drawn(on_foot, tmp_path, 7)
    asked = drawn.demand, drawn.services, [np.arange(4)]
    here = next(Journeys(on_foot, drawn.built.timetable, DepartureWindow(7 * 3600, 15)).nearest(*asked))
    started = []
    run = journeys.pool.run
    monkeypatch.setattr(journeys.pool, "run", lambda *args, **how: started.append(args) or run(*args, **how))
    monkeypatch.setattr(journeys, "MANY_HALTS", 0)
    away = next(Journeys(on_foot, drawn.built.timetable, DepartureWindow(7 * 3600, 15)).nearest(*asked))
    assert len(started) == 1
    np.testing.assert_array_equal(here.cost, away.cost)
    np.testing.assert_array_equal(here.service, away.service)
