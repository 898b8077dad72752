"""What the cut of a road does is what closing it and computing again gives, and no worse road is missed."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from carto_services_publics.core.access.critical import Cuts, standing
from carto_services_publics.core.network import BuildOptions, build_network, open_network
from carto_services_publics.core.network.change import NetworkChange, change_network
from carto_services_publics.core.progress import Progress
from carto_services_publics.core.routing.local import Router
from carto_services_publics.core.thresholds import within
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

sys.path.insert(0, str(Path(__file__).parents[1] / "routing"))
sys.path.insert(0, str(Path(__file__).parents[1] / "network"))
from drawing import random_network
from test_turn_bans import with_bans

anywhere = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


def points(network, count, rng, snap):
    """Points beside roads, on roads, at junctions, some of them at one spot."""
    link = rng.integers(0, network.link_count, count)
    part = np.where(rng.random(count) < 0.3, rng.integers(0, 2, count), rng.random(count))
    xy = []
    for number, fraction in zip(link, part):
        line = network.line(number)
        at = fraction * (len(line) - 1)
        vertex = min(int(at), len(line) - 2)
        xy.append(line[vertex] + (line[vertex + 1] - line[vertex]) * (at - vertex))
    xy = np.array(xy) + rng.normal(0, 1, (count, 2)) * np.where(rng.random(count) < 0.5, 0, 40)[:, None]
    xy[rng.random(count) < 0.2] = xy[0]
    return xy[Router(network).snap(xy, snap).link >= 0]


def cut(network, link, path):
    """The network with that link closed as on the map; None when a point cannot tell it from another one."""
    line = network.line(link)
    middle = line[1] if len(line) > 2 else line.mean(axis=0)
    affected = change_network(network, [NetworkChange(Point(middle).wkb, "fermer")], path, 1.0, Progress())
    same = len(affected.line) == 1 and np.array_equal(affected.line[0], line)
    return open_network(path) if same else None


def computed(network, demand, services, direction, snap):
    """(n,) minutes to the nearest service, inf where none is reached, all put on the network anew."""
    router = Router(network)
    people, places = (router.snap(xy, snap) for xy in (demand, services))
    found = router.nearest(people, places.take(places.link >= 0), direction=direction)
    return np.where(np.isnan(found.cost[:, 0]), np.inf, found.cost[:, 0])


def harm(before, after, weight, threshold):
    reached = np.isfinite(before)
    isolated = reached & np.isinf(after)
    beyond = reached & within(before, threshold) & np.isfinite(after) & ~within(after, threshold)
    both = reached & np.isfinite(after)
    return weight[isolated].sum(), weight[beyond].sum(), float(weight[both] @ (after[both] - before[both]))


@pytest.mark.parametrize("direction", ["departure", "arrival"])
@pytest.mark.parametrize("bans", [False, True])
@anywhere
@given(seed=st.integers(0, 10**9))
def test_each_cut_equals_closing_and_computing_again(tmp_path_factory, direction, bans, seed):
    folder = tmp_path_factory.mktemp("n")
    rng = np.random.default_rng(seed)
    network = (with_bans if bans else random_network)(folder / "a.network", seed)
    snap, threshold = float(rng.choice([60.0, 1000.0])), float(rng.choice([3.0, 8.0, 40.0]))
    demand, services = points(network, 15, rng, snap), points(network, int(rng.integers(1, 5)), rng, snap)
    weight = rng.integers(0, 30, len(demand)).astype(float)
    if not len(demand) or not len(services):
        return
    router = Router(network)
    people, places = (standing(router, xy, router.snap(xy, snap), snap) for xy in (demand, services))
    before = computed(network, demand, services, direction, snap)
    cuts = Cuts(network, people, weight, places, threshold, direction=direction)
    expected = {}
    for link in range(network.link_count):
        if network.link_count == 1:
            break
        changed = cut(network, link, folder / "b.network")
        if changed is None:
            continue
        expected[link] = harm(before, computed(changed, demand, services, direction, snap), weight, threshold)
        np.testing.assert_allclose(cuts.effect(link)[1:], expected[link], rtol=1e-6, atol=1e-6)
    most = int(rng.integers(1, 6))
    found = cuts.worst(most, Progress())
    every = [cuts.effect(link) for link in range(network.link_count)]
    harmful = [one for one in every if one.rank[:2] > (0.0, 1e-9)]
    wanted = sorted(harmful, key=lambda one: one.rank, reverse=True)[:most]
    np.testing.assert_allclose([one[1:] for one in found], [one[1:] for one in wanted], rtol=1e-9, atol=1e-9)


# -- Corse ------------------------------------------------------------------------------------------------------------


def test_the_worst_cuts_of_corse_are_those_of_closing_and_computing_again(tmp_path, shared_data):
    roads = str(shared_data / "corse" / "corse_routes_osm.gpkg")
    build_network(roads, BuildOptions(preset="generic", speed_field="freespeed_kmh"), tmp_path / "a.network")
    network = open_network(tmp_path / "a.network")
    rng = np.random.default_rng(26)
    xy, snap = np.asarray(network.node_xy), 500.0
    demand = xy[rng.integers(0, len(xy), 4000)] + rng.normal(0, 30, (4000, 2))
    services = xy[rng.integers(0, len(xy), 30)]
    router = Router(network)
    demand = demand[router.snap(demand, snap).link >= 0]
    people, places = (standing(router, points, router.snap(points, snap), snap) for points in (demand, services))
    weight = rng.integers(1, 9, len(demand)).astype(float)
    cuts = Cuts(network, people, weight, places, 20.0, direction="departure")
    found = cuts.worst(20, Progress())
    assert len(found) == 20 and found[0].isolated + found[0].beyond > 100
    before = computed(network, demand, services, "departure", snap)
    for link in [one.link for one in found[:3]] + rng.integers(0, network.link_count, 2).tolist():
        changed = cut(network, link, tmp_path / "b.network")
        if changed is not None:
            after = computed(changed, demand, services, "departure", snap)
            np.testing.assert_allclose(cuts.effect(link)[1:], harm(before, after, weight, 20.0), rtol=1e-6, atol=1e-5)
    others = {int(link) for link in rng.choice(network.link_count, 1000)} - {one.link for one in found}
    assert max(cuts.effect(link).rank for link in others) <= found[-1].rank
