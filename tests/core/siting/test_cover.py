"""Set covering where greedy and the linear bound are both wrong, and where only the bound is at hand."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from carto_services_publics.core.progress import Progress
from carto_services_publics.core.siting import cover, highs
from carto_services_publics.core.siting.cover import center, fewest
from carto_services_publics.core.siting.problem import Clock, Costs
from scipy.optimize import linprog

NINE = [
    (0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 3, 6), (1, 4, 7), (2, 5, 8),
    (0, 4, 8), (1, 5, 6), (2, 3, 7), (0, 5, 7), (1, 3, 8), (2, 4, 6),
]  # fmt: skip
"""Steiner's triples of nine points: five points are needed to meet each of them, and the linear bound says three."""


def clock(seconds: float = 60.0) -> Clock:
    return Clock(seconds, Progress())


def steiner() -> Costs:
    """Each triple is a point to serve, by a site at any of its three."""
    table = np.full((12, 9), np.inf)
    for triple, sites in enumerate(NINE):
        table[triple, list(sites)] = 1.0
    return Costs.from_dense(table)


def drawn(seed: int, points: int = 40, sites: int = 22) -> np.ndarray:
    chance = np.random.default_rng(seed)
    reached = chance.random((points, sites)) < 0.16
    reached[np.arange(points), chance.integers(0, sites, points)] = True
    return reached


def covers(reached: np.ndarray, chosen: np.ndarray) -> bool:
    return bool(reached[:, chosen].any(axis=1).all())


def by_program(reached: np.ndarray, whole: bool) -> float:
    """The fewest sites by scipy's own program, in whole sites or not."""
    sites = reached.shape[1]
    answer = linprog(np.ones(sites), -reached.astype(float), -np.ones(len(reached)), bounds=(0, 1), integrality=whole)
    return answer.fun


def without_program(monkeypatch, reason: str) -> Clock:
    """HiGHS is not asked, for one of three reasons."""

    def asked(*_, **__):
        raise AssertionError("the program was asked")

    monkeypatch.setattr(highs, "solve", asked)
    if reason == "absent":
        monkeypatch.setattr(highs, "available", lambda: False)
    if reason == "too large":
        monkeypatch.setattr(cover, "MAX_PROGRAM", 4)
    return clock(0.0 if reason == "no time left" else 60.0)


def test_the_fewest_are_found_where_greedy_and_the_linear_bound_are_wrong():
    found = fewest(steiner(), clock())
    assert len(found.chosen) == found.bound == 5
    assert all(set(triple) & set(found.chosen.tolist()) for triple in NINE)


@pytest.mark.parametrize("enough", range(1, 7))
def test_so_few_sites_are_found_or_proven_not_to_be_enough(enough):
    found = fewest(steiner(), clock(), enough)
    if enough < 5:
        assert found.chosen is None and enough < found.bound <= 5
    else:
        assert len(found.chosen) <= enough and found.bound <= 5
        assert all(set(triple) & set(found.chosen.tolist()) for triple in NINE)


@pytest.mark.parametrize("enough", [1, 2])
def test_a_bound_that_is_enough_needs_no_program(enough, monkeypatch):
    monkeypatch.setattr(highs, "solve", lambda *_, **__: pytest.fail("the program was asked"))
    found = fewest(steiner(), clock(), enough)
    assert found.chosen is None and enough < found.bound <= 3


@pytest.mark.parametrize("reason", ["absent", "too large", "no time left"])
@pytest.mark.parametrize("enough", [None, 4])
def test_without_the_program_a_cover_and_a_bound_remain(reason, enough, monkeypatch):
    found = fewest(steiner(), without_program(monkeypatch, reason), enough)
    assert 1 <= found.bound <= 5
    if enough is None:
        assert len(found.chosen) >= 5 and all(set(triple) & set(found.chosen.tolist()) for triple in NINE)
    else:
        assert found.chosen is None


@pytest.mark.parametrize("seed", range(8))
def test_the_bound_of_prices_is_that_of_the_linear_program(seed, monkeypatch):
    reached = drawn(seed)
    found = fewest(Costs.from_dense(np.where(reached, 1.0, np.inf)), without_program(monkeypatch, "absent"))
    linear, best = by_program(reached, False), by_program(reached, True)
    assert covers(reached, found.chosen)
    assert math.ceil(linear - 0.1) <= found.bound <= round(best) <= len(found.chosen) <= round(best) + 1


def test_prices_lead_to_covers_that_greedy_misses(monkeypatch):
    """Never to more sites; over many drawings, to fewer."""
    limit = without_program(monkeypatch, "absent")
    ours, greedy = [], []
    for seed in range(31):
        costs = Costs.from_dense(np.where(drawn(seed, 60, 40), 1.0, np.inf))
        picked = cover._greedy(costs, np.zeros(costs.candidates), limit)
        ours.append(len(cover._prices(costs, picked, limit, None)[1]))
        greedy.append(len(picked))
    assert all(few <= many for few, many in zip(ours, greedy))
    assert sum(ours) < sum(greedy)


@pytest.mark.parametrize("seed", range(8))
def test_the_fewest_are_as_many_as_scipy_finds(seed):
    reached = drawn(seed)
    found = fewest(Costs.from_dense(np.where(reached, 1.0, np.inf)), clock())
    assert covers(reached, found.chosen)
    assert len(found.chosen) == found.bound == round(by_program(reached, True))


@pytest.mark.parametrize("sites", range(1, 6))
def test_the_center_of_steiner_s_triples_is_near_with_five_sites_only(sites):
    """A site of the triple costs 1, any other costs from 2 to 4."""
    table = np.random.default_rng(9).integers(2, 5, (12, 9)).astype(float)
    for triple, members in enumerate(NINE):
        table[triple, list(members)] = 1.0
    found = center(Costs.from_dense(table), np.full(12, np.inf), sites, clock())
    best = min(table[:, list(chosen)].min(axis=1).max() for chosen in combinations(range(9), sites))
    assert found.value == found.bound == best
    assert table[:, found.chosen].min(axis=1).max() == best and len(found.chosen) <= sites


@pytest.mark.parametrize(("seed", "sites"), [(1, 5), (5, 7), (13, 5), (13, 7)])
def test_without_the_program_the_center_claims_no_bound_above_the_best(seed, sites, monkeypatch):
    """What was not found may be there all the same: here it is."""
    table = np.random.default_rng(seed).integers(1, 30, (60, 35)).astype(float)
    costs, unserved = Costs.from_dense(table), np.full(60, np.inf)
    best = center(costs, unserved, sites, clock())
    found = center(costs, unserved, sites, without_program(monkeypatch, "absent"))
    assert best.bound == best.value == table[:, best.chosen].min(axis=1).max()
    assert found.value > best.value, "the search alone misses it"
    assert found.bound <= best.value


def test_the_search_for_the_center_ends_where_costs_differ_by_their_last_digit():
    """20 minutes, and the next number that single precision holds: within 20 minutes, as `within` has it."""

    class Patience(Progress):
        looks = 0

        def cancelled(self):
            self.looks += 1
            return self.looks > 1000

    near, next_ = np.float32(20), np.nextafter(np.float32(20), np.float32(21))
    table = np.array([[near, next_, 30], [next_, near, 30], [next_, next_, near]], np.float32)
    found = center(Costs.from_dense(table), np.full(3, np.inf), 1, Clock(60.0, Patience()))
    assert found.value == found.bound == next_
