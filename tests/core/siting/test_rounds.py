"""Rounds from a depot within a working day."""

from __future__ import annotations

import importlib.util
from itertools import combinations, permutations

import numpy as np
import pytest
from carto_services_publics.core.errors import InvalidInput
from carto_services_publics.core.siting.rounds import plan
from hypothesis import given, settings
from hypothesis import strategies as st


def _every_round(travel, duration, working_time, weight):
    best = (0.0, 0.0)
    for size in range(1, len(duration) + 1):
        for chosen in combinations(range(len(duration)), size):
            for order in permutations(chosen):
                nodes = [0, *(stop + 1 for stop in order), 0]
                way = sum(travel[a, b] for a, b in zip(nodes, nodes[1:]))
                if way + duration[list(order)].sum() <= working_time * (1 + 1e-9):
                    best = min(best, (-weight[list(order)].sum(), way))
    return best


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 5), st.integers(0, 10_000), st.floats(0, 300))
def test_no_other_order_serves_more_or_travels_less(count, seed, working_time):
    generator = np.random.default_rng(seed)
    travel = generator.integers(1, 60, (count + 1, count + 1)).astype(float)
    travel[generator.random(travel.shape) < 0.1] = np.inf
    duration, weight = generator.integers(0, 60, count).astype(float), generator.integers(1, 5, count).astype(float)
    found = plan(travel, duration, working_time, weight=weight)
    best = _every_round(travel, duration, working_time, weight)
    assert found.status == "optimal"
    assert (-found.weight, found.travel) == pytest.approx(best)
    assert len(found.left_out) + len(found.rounds[0].stops) == count


def _village(count, seed):
    xy = np.random.default_rng(seed).uniform(0, 60, (count + 1, 2))
    return np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))


@pytest.mark.parametrize("optimiser", [False, True])
def test_rounds_of_several_days_keep_to_the_working_time(optimiser):
    travel, duration = _village(25, 3), np.full(25, 30.0)
    found = plan(travel, duration, 420, days=3, time_limit=2, optimiser=optimiser)
    assert all(r.length <= 420 * (1 + 1e-6) for r in found.rounds)
    stops = [stop for r in found.rounds for stop in r.stops]
    assert len(stops) == len(set(stops))
    assert sorted([*stops, *found.left_out]) == list(range(25))
    for r in found.rounds:
        assert list(r.arrival) == sorted(r.arrival)
        assert r.length == pytest.approx(r.travel + duration[list(r.stops)].sum())


def test_the_plain_method_is_close_to_the_best():
    travel, duration = _village(10, 8), np.full(10, 5.0)
    best = plan(travel, duration, 10_000)
    from carto_services_publics.core.progress import Progress
    from carto_services_publics.core.siting.problem import Clock
    from carto_services_publics.core.siting.rounds import _Task

    task = _Task(travel, duration, np.ones(10), 10_000, 1)
    plain = task.plain(Clock(5.0, Progress()))
    assert best.travel <= task.way(plain[0]) <= 1.15 * best.travel


@pytest.mark.skipif(importlib.util.find_spec("ortools") is None, reason="OR-Tools is not installed")
def test_ortools_is_at_least_as_good():
    travel, duration = _village(30, 5), np.full(30, 10.0)
    plain = plan(travel, duration, 600, time_limit=3, optimiser=False)
    better = plan(travel, duration, 600, time_limit=3)
    assert better.method == "ortools"
    assert (-better.weight, better.travel) <= (-plain.weight, plain.travel + 1e-9)


def test_what_cannot_be_is_refused():
    with pytest.raises(InvalidInput):
        plan(np.zeros((2, 2)), np.zeros(2), 60)
    with pytest.raises(InvalidInput):
        plan(np.zeros((2, 2)), np.array([-1.0]), 60)
