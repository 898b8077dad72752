"""The nearest of each group and matrices, against a textbook Dijkstra on random networks with one-way links."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from carto_services_publics.core.access import matrix, nearest
from carto_services_publics.core.access.costs import CostBlock, KeptBlocks
from carto_services_publics.core.access.matrix import cost_blocks
from carto_services_publics.core.access.nearest import members_by_category, nearest_in_groups
from carto_services_publics.core.errors import Cancelled, InvalidInput
from carto_services_publics.core.progress import Progress
from carto_services_publics.core.routing.local import Router
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "routing"))
from drawing import random_network, random_places
from plain import plain_costs

SEEDS = st.integers(0, 10**9)
DIRECTIONS = st.sampled_from(["departure", "arrival"])
anywhere = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def expected_costs(network, demand, services, direction, limit):
    if direction == "departure":
        cost = plain_costs(network, demand, services)
    else:
        cost = plain_costs(network, services, demand).T
    return np.where(cost <= limit * (1 + 1e-9), cost, np.inf)


@anywhere
@given(seed=SEEDS, direction=DIRECTIONS, k=st.integers(1, 4), limit=st.sampled_from([12.0, np.inf]))
def test_nearest_of_each_category_is_the_least_of_all_costs(tmp_path_factory, seed, direction, k, limit):
    network = random_network(tmp_path_factory.mktemp("n") / "a.network", seed)
    demand, services = random_places(network, 8, seed + 1), random_places(network, 9, seed + 2)
    category = np.random.default_rng(seed).integers(0, 3, 9)
    groups = [*members_by_category(category, 4), np.arange(9)]  # the fourth is empty, the last holds all
    cost = expected_costs(network, demand, services, direction, limit)
    found = list(nearest_in_groups(Router(network), demand, services, groups, direction=direction, k=k, limit=limit))
    assert [answer.group for answer in found] == [0, 1, 2, 3, 4]
    for members, answer in zip(groups, found):
        best = np.full((8, k), np.inf)
        best[:, : min(k, len(members))] = np.sort(cost[:, members], axis=1)[:, :k]
        np.testing.assert_allclose(np.where(np.isnan(answer.cost), np.inf, answer.cost), best, rtol=1e-6, atol=1e-6)
        reached = answer.service >= 0
        assert (reached == np.isfinite(answer.cost)).all()
        assert np.isin(answer.service[reached], members).all()
        rows = np.nonzero(reached)[0]
        np.testing.assert_allclose(cost[rows, answer.service[reached]], answer.cost[reached], rtol=1e-6, atol=1e-6)


@anywhere
@given(seed=SEEDS, direction=DIRECTIONS, sizes=st.sampled_from([(3, 9), (9, 3)]), limit=st.sampled_from([12.0, np.inf]))
def test_blocks_hold_every_pair_within_the_limit_once(tmp_path_factory, seed, direction, sizes, limit):
    network = random_network(tmp_path_factory.mktemp("n") / "a.network", seed)
    demand, services = random_places(network, sizes[0], seed + 1), random_places(network, sizes[1], seed + 2)
    found = np.full(sizes, np.inf)
    times = np.zeros(sizes, int)
    for block in cost_blocks(Router(network), demand, services, limit, direction=direction):
        found[np.ix_(block.origins, block.destinations)] = block.cost
        times[np.ix_(block.origins, block.destinations)] += 1
    assert times.max() <= 1
    np.testing.assert_allclose(found, expected_costs(network, demand, services, direction, limit), rtol=1e-6, atol=1e-5)


def test_worker_processes_give_the_same_answers(tmp_path, monkeypatch):
    network = random_network(tmp_path / "a.network", 7)
    demand, services = random_places(network, 30, 1), random_places(network, 12, 2)
    groups = [np.arange(0, 6), np.arange(6, 12), np.arange(3, 9)]
    router = Router(network)

    def answers():
        near = list(nearest_in_groups(router, demand, services, groups, k=2))
        table = np.full((30, 12), np.inf)
        for block in cost_blocks(router, demand, services, 15.0):
            table[np.ix_(block.origins, block.destinations)] = block.cost
        return [answer.cost for answer in near], [answer.service for answer in near], table

    here = answers()
    monkeypatch.setattr(nearest, "WORTH_WORKERS", 0)
    monkeypatch.setattr(matrix, "WORTH_WORKERS", 0)
    monkeypatch.setattr(matrix, "SEARCHES_A_TASK", 4)
    apart = answers()
    np.testing.assert_array_equal(here[0], apart[0])
    np.testing.assert_array_equal(here[1], apart[1])
    np.testing.assert_array_equal(here[2], apart[2])


def test_none_of_a_category_is_an_error_of_who_asks(tmp_path):
    network = random_network(tmp_path / "a.network", 7)
    places = random_places(network, 3, 1)
    with pytest.raises(InvalidInput, match="K must be"):
        list(nearest_in_groups(Router(network), places, places, [np.arange(3)], k=0))


def test_cancel_is_heard_between_groups(tmp_path):
    class Stopped(Progress):
        def cancelled(self):
            return True

    network = random_network(tmp_path / "a.network", 7)
    places = random_places(network, 3, 1)
    with pytest.raises(Cancelled):
        list(nearest_in_groups(Router(network), places, places, [np.arange(3)] * 2, progress=Stopped()))


def test_each_group_is_given_before_all_are_searched_and_none_of_few_waits_for_a_processor(tmp_path, monkeypatch):
    network = random_network(tmp_path / "a.network", 7)
    places, asked = random_places(network, 3, 1), []
    search = nearest.search_some
    monkeypatch.setattr(nearest, "search_some", lambda n, groups, s: asked.append(len(groups)) or search(n, groups, s))
    monkeypatch.setattr(nearest.pool, "most_workers", lambda: 4)
    found = nearest_in_groups(Router(network), places, places, [np.arange(3)] * 24)
    assert (next(found).group, asked) == (0, [5])
    assert ([answer.group for answer in found], asked) == ([*range(1, 24)], [5, 5, 5, 5, 4])
    asked.clear()
    list(nearest_in_groups(Router(network), places, places, [np.arange(3)] * 4))
    assert asked == [1, 1, 1, 1]


def test_blocks_beyond_the_memory_limit_are_read_back_from_disk():
    costs = [np.random.default_rng(row).random((3, 4)).astype(np.float32) for row in range(5)]
    kept = KeptBlocks((CostBlock(np.arange(3), np.arange(4), cost.T if row % 2 else cost) for row, cost in
                       enumerate(costs)), most_bytes=100)  # fmt: skip
    for _ in range(2):
        for row, block in enumerate(kept()):
            np.testing.assert_array_equal(block.cost.T if row % 2 else block.cost, costs[row])
    assert isinstance(list(kept())[4].cost, np.memmap)
