"""The engine gives what a plain Dijkstra gives: on any network, from anywhere to anywhere, both ways, both metrics."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from carto_services_publics.core.network import hierarchy
from carto_services_publics.core.routing import local, search
from carto_services_publics.core.routing.local import Router
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from drawing import random_network, random_places
from plain import plain_costs, whole

seeds = st.integers(0, 10**9)
anywhere = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(params=["whole graph", "part reached"])
def searched(request, monkeypatch):
    """Small graphs are searched whole; the way of large ones is forced too."""
    if request.param == "part reached":
        monkeypatch.setattr(search, "_SMALL", 0)
        monkeypatch.setattr(search, "_CELLS_A_CALL", 40)
        monkeypatch.setattr(local, "_GROUP", 3)


def same(found, expected, limit):
    """Equal, where what lies beyond the limit is unreached. Blocks are in float32."""
    expected = np.where(expected <= limit * (1 + 1e-9), expected, np.inf)
    borderline = np.isclose(expected, limit, rtol=0, atol=1e-6)
    assert ((np.isfinite(found) == np.isfinite(expected)) | borderline).all()
    both = np.isfinite(found) & np.isfinite(expected)
    np.testing.assert_allclose(found[both], expected[both], rtol=1e-6, atol=1e-5)


@pytest.mark.parametrize("metric", ["time", "distance"])
@anywhere
@given(seed=seeds, bounded=st.booleans())
def test_matrix_from_and_towards(tmp_path_factory, searched, metric, seed, bounded):
    network = random_network(tmp_path_factory.mktemp("n") / "a.network", seed)
    origins, destinations = random_places(network, 7, seed + 1), random_places(network, 9, seed + 2)
    router = Router(network, metric)
    scale = 12.0 if metric == "time" else 800.0
    limit = scale if bounded else np.inf
    expected = plain_costs(network, origins, destinations, metric)
    same(whole(router.matrix(origins, destinations, limit=limit), 7, 9), expected, limit)
    towards = plain_costs(network, destinations, origins, metric).T
    same(whole(router.matrix(origins, destinations, limit=limit, reverse=True), 7, 9), towards, limit)


@pytest.mark.parametrize("rounds", [0, 1, 2, 4])
@anywhere
@given(seed=seeds)
def test_metres_of_a_network_made_by_fewer_rounds_of_contraction(tmp_path_factory, rounds, seed):
    """Those of an older file: its nodes are put in the levels that it has."""
    with pytest.MonkeyPatch.context() as older:
        older.setattr(hierarchy, "ROUNDS", hierarchy.ROUNDS[:rounds])
        network = random_network(tmp_path_factory.mktemp("n") / "a.network", seed)
    origins, destinations = random_places(network, 5, seed + 1), random_places(network, 5, seed + 2)
    expected = plain_costs(network, origins, destinations, "distance")
    same(whole(Router(network, "distance").matrix(origins, destinations, limit=np.inf), 5, 5), expected, np.inf)


@anywhere
@given(seed=seeds)
def test_matrix_searched_from_the_destinations(tmp_path_factory, seed):
    network = random_network(tmp_path_factory.mktemp("n") / "a.network", seed)
    origins, destinations = random_places(network, 60, seed + 1), random_places(network, 2, seed + 2)
    found = whole(Router(network).matrix(origins, destinations, limit=15.0), 60, 2)
    same(found, plain_costs(network, origins, destinations), 15.0)


@pytest.mark.parametrize("direction", ["departure", "arrival"])
@anywhere
@given(seed=seeds, k=st.integers(1, 4), bounded=st.booleans())
def test_nearest_services(tmp_path_factory, searched, direction, seed, k, bounded):
    network = random_network(tmp_path_factory.mktemp("n") / "a.network", seed)
    demand, services = random_places(network, 12, seed + 1), random_places(network, 6, seed + 2)
    limit = 10.0 if bounded else np.inf
    nearest = Router(network).nearest(demand, services, direction=direction, k=k, limit=limit)
    if direction == "departure":
        cost = plain_costs(network, demand, services)
    else:
        cost = plain_costs(network, services, demand).T
    expected = np.sort(np.where(cost <= limit * (1 + 1e-9), cost, np.inf), axis=1)[:, :k]
    same(np.where(np.isnan(nearest.cost), np.inf, nearest.cost), expected, limit)
    assert ((nearest.index >= 0) == np.isfinite(nearest.cost)).all()
    for i, j in zip(*np.nonzero(nearest.index >= 0)):
        assert nearest.cost[i, j] == pytest.approx(cost[i, nearest.index[i, j]], abs=1e-5)
    for row in nearest.index:
        assert len(set(row[row >= 0].tolist())) == (row >= 0).sum()


@anywhere
@given(seed=seeds)
def test_folding_keeps_every_cost_between_nodes(tmp_path_factory, seed):
    network = random_network(tmp_path_factory.mktemp("n") / "a.network", seed)
    router = Router(network)
    nodes = router.points_at_nodes(np.arange(network.node_count))
    n = network.node_count
    same(whole(router.matrix(nodes, nodes), n, n), plain_costs(network, nodes, nodes), np.inf)
