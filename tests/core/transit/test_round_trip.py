"""There and back to an open counter: the best trip, against trying every moment of the day."""

from __future__ import annotations

import math
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from carto_services_publics.core.transit import round_trip
from carto_services_publics.core.transit.round_trip import REASONS, Outing, RoundTrips

sys.path.insert(0, str(Path(__file__).parent))
from journey_cases import Drawn

LEAVE, HOME, STAY = 6 * 3600 + 900.0, 11 * 3600 + 1800.0, 1800.0
HOURS = ([(8 * 3600, 9 * 3600), (9 * 3600 + 600, 10 * 3600)], [(7 * 3600 + 1200, 8 * 3600 + 1200)], None, [])


def least(drawn, place, service):
    """The least time away, its return, and why there is none, by trying every arrival, opening and departure."""
    answers, scan = drawn.answers, drawn.answers.scan
    if HOURS[service] is None:
        return math.inf, math.inf
    best = (math.inf, math.inf)
    walk, back = answers.direct[place, service], answers.back[service, place]
    to_stop, from_stop = answers.to_stop[place], answers.from_stop[:, service]
    for opens, closes in HOURS[service]:
        last = closes - STAY
        arrivals = {arr + from_stop[s] for arr, s in scan.arrivals() if math.isfinite(from_stop[s])}
        leaving = {dep - answers.service_to_stop[service, s] for dep, s in scan.departures()}
        moments = {m for m in arrivals | {d - STAY for d in leaving} | {opens, last} if opens <= m <= last}
        for begin in sorted(moments):
            leave = max(scan.latest(begin, to_stop, from_stop), begin - walk)
            if leave < LEAVE - 1e-3:
                continue
            done = begin + STAY
            home = min(
                scan.earliest(done, answers.service_to_stop[service], answers.stop_to_demand[:, place]), done + back
            )
            if home <= HOME + 1e-3:
                best = min(best, (round(home - leave, 2), home))
    return best


@pytest.mark.parametrize("seed", range(60, 64))
def test_the_best_trip_is_the_best_of_all(on_foot, tmp_path, seed):
    drawn = Drawn(on_foot, tmp_path, seed)
    trips = RoundTrips(on_foot, drawn.built.timetable, drawn.demand, drawn.services, HOURS, Outing(LEAVE, HOME, STAY))
    alone = [trips.best(np.array([service])) for service in range(4)]
    every = []
    for place in range(drawn.demand.count):
        every.append([least(drawn, place, service) for service in range(4)])
        for service in range(4):
            away = alone[service].away[place]
            assert (math.inf if np.isnan(away) else away) == pytest.approx(every[place][service][0], abs=0.05)
    assert_best(trips.best(np.arange(4)), [min(row) for row in every])
    closed = trips.best(np.array([2, 3]))
    assert_best(closed, [(math.inf, math.inf)] * drawn.demand.count)
    assert {REASONS[reason] for reason in closed.reason} == {"horaires_inconnus"}


def assert_best(found, expected):
    for place, best in enumerate(expected):
        if math.isinf(best[0]):
            assert REASONS[found.reason[place]] in REASONS[1:]
            assert found.service[place] == -1
            assert np.isnan(found.leaves[place])
        else:
            assert found.away[place] == pytest.approx(best[0], abs=0.05)
            assert found.returns[place] == pytest.approx(best[1], abs=0.05)
            assert found.reason[place] == 0
            assert LEAVE - 0.01 <= found.leaves[place] <= found.arrives[place] <= found.served[place] - STAY + 0.01
            assert found.served[place] <= found.returns[place] <= HOME + 0.01
            assert any(
                o <= found.served[place] - STAY and found.served[place] <= c for o, c in HOURS[found.service[place]]
            )


def test_unknown_hours_are_the_reason_only_where_they_are(on_foot, tmp_path):
    drawn = Drawn(on_foot, tmp_path, 60)
    outing = Outing(0.0, 26 * 3600.0, STAY)
    trips = RoundTrips(on_foot, drawn.built.timetable, drawn.demand, drawn.services, HOURS, outing)

    def reasons(service):
        return Counter(REASONS[r] for r in trips.best(np.array([service])).reason)

    assert reasons(2) == {"horaires_inconnus": drawn.demand.count}
    assert reasons(3) == {"ferme": drawn.demand.count}
    assert reasons(0) == {"": drawn.demand.count}


def test_no_way_back_is_told_from_no_way_there(on_foot, tmp_path):
    drawn = Drawn(on_foot, tmp_path, 61)
    begin = float(drawn.answers.direct.max())
    always = [[(0.0, 30 * 3600.0)]] * 4
    late = Outing(begin, begin + float(drawn.answers.direct.max()) + 60.0, 60.0)
    reasons = (
        RoundTrips(on_foot, drawn.built.timetable, drawn.demand, drawn.services, always, late)
        .best(np.array([0]))
        .reason
    )
    assert "sans_retour" in {REASONS[r] for r in reasons}
    soon = Outing(begin, begin + 1.0, 0.0)
    reasons = (
        RoundTrips(on_foot, drawn.built.timetable, drawn.demand, drawn.services, always, soon)
        .best(np.array([0]))
        .reason
    )
    assert "sans_course" in {REASONS[r] for r in reasons}


def test_places_shared_out_among_processes_give_the_same(on_foot, tmp_path, monkeypatch):
    drawn = Drawn(on_foot, tmp_path, 62)
    asked = on_foot, drawn.built.timetable, drawn.demand, drawn.services, HOURS, Outing(LEAVE, HOME, STAY)
    groups = [np.array([0, 2]), np.array([1, 3])]
    here = round_trip.best_trips(*asked, groups=groups)
    monkeypatch.setattr(round_trip, "_WORTH_WORKERS", 0)
    monkeypatch.setattr(round_trip, "_PLACES_A_WORKER", 2)
    for one, other in zip(here, round_trip.best_trips(*asked, groups=groups)):
        for column, same in zip(one, other):
            np.testing.assert_array_equal(column, same)


@pytest.mark.parametrize("seed", [60, 61])
def test_a_longest_walk_bars_only_walking_all_the_way(on_foot, tmp_path, seed):
    drawn = Drawn(on_foot, tmp_path, seed)
    asked = on_foot, drawn.built.timetable, drawn.demand, drawn.services, HOURS
    day = Outing(LEAVE, HOME, STAY)
    groups = [np.array([0]), np.array([1])]
    free = round_trip.best_trips(*asked, day, groups=groups)
    barred = round_trip.best_trips(*asked, day._replace(most_on_foot=600.0), groups=groups)
    never = round_trip.best_trips(*asked, day._replace(most_on_foot=0.0), groups=groups)
    changed = 0
    for service in range(2):
        near = np.maximum(drawn.answers.direct[:, service], drawn.answers.back[service]) <= 600.0
        np.testing.assert_array_equal(barred[service].reason[near] == 0, free[service].reason[near] == 0)
        for one, other in ((free[service], barred[service]), (barred[service], never[service])):
            both = other.reason == 0
            assert (one.reason[both] == 0).all()
            assert (other.away[both] >= one.away[both] - 1e-3).all()
            changed += int(((one.reason == 0) & ~(other.away <= one.away + 1.0)).sum())
    assert changed


@pytest.mark.parametrize("seed", [60, 61])
def test_no_journey_of_a_profile_is_beaten_by_another_where_vehicles_come_together(on_foot, tmp_path, seed):
    drawn = Drawn(on_foot, tmp_path, seed)
    plain = drawn.built.timetable
    coarse = plain._replace(arrival=plain.arrival // 600 * 600, departure=plain.departure // 600 * 600)
    trips = RoundTrips(on_foot, coarse, drawn.demand, drawn.services, HOURS, Outing(0.0, 26 * 3600.0, STAY))
    rows, never = np.arange(drawn.demand.count), np.full(drawn.demand.count, np.inf)
    together = journeys = 0
    for way in (trips._out, trips._back):
        for service in range(4):
            found = way.arrivals(service)
            together += (np.diff(found.when) == 0).sum()
            kept = way.profile(found, rows, never, found.when)
            journeys += len(kept.leaves)
            inside = np.diff(kept.places) == 0
            assert (np.diff(kept.leaves)[inside] > 0).all() and (np.diff(kept.arrives)[inside] > 0).all()
    assert together > 10 and journeys > 10
