"""A road drawn several times, a line for each direction or more, is one road open each way."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from carto_services_publics.core.network import BuildOptions, build_network, open_network
from carto_services_publics.core.network.lines import RoadLines
from carto_services_publics.core.routing.local import Router
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

sys.path.insert(0, str(Path(__file__).parents[1] / "routing"))
from drawing import draw
from plain import whole

THERE = [(0, 0), (400, 3), (1000, 0)]
BACK = THERE[::-1]
BENT_BACK = [(1000, 0), (600, 1), (399, 4), (0, 0)]
ELSEWHERE = [(1000, 0), (500, 60), (0, 0)]


@pytest.mark.parametrize(
    "lines",
    [[THERE, BACK], [THERE, BENT_BACK], [THERE, THERE, BACK, BACK], [BACK, THERE, THERE, BENT_BACK, THERE, BACK]],
)
def test_a_street_drawn_by_its_directions_is_left_and_reached_both_ways(tmp_path, lines):
    network = draw(tmp_path / "a", lines, [10] * len(lines), ["F"] * len(lines))
    assert network.report["one_way"] == 0
    assert (network.link_count, network.report["doubled"]) == (1, len(lines) - 1)
    router = Router(network)
    places = router.snap([(250, 5), (750, 5), (0, 0), (1000, 0)])
    np.testing.assert_allclose(
        whole(router.matrix(places, places), 4, 4),
        [[0, 5, 2.5, 7.5], [5, 0, 7.5, 2.5], [2.5, 7.5, 0, 10], [7.5, 2.5, 10, 0]],
        atol=0.05,
    )


def test_separate_carriageways_stay_two_roads(tmp_path):
    network = draw(tmp_path / "a", [THERE, ELSEWHERE], [10, 10], ["F", "F"])
    assert network.link_count == 2
    assert network.report["doubled"] == 0


def test_a_loop_drawn_each_way_round_is_one_road(tmp_path):
    loop = [(0, 0), (300, 0), (300, 300), (0, 300), (0, 0)]
    stem = [(0, 0), (-500, 0)]
    network = draw(tmp_path / "a", [loop, loop[::-1], stem], [12, 12, 5], ["F", "F", None])
    router = Router(network)
    near, home = router.snap([(100, 5)]), router.snap([(0, 0)])
    for block in (*router.matrix(near, home), *router.matrix(home, near)):
        np.testing.assert_allclose(block.cost, [[1.0]], atol=1e-5)


def test_the_quickest_of_the_lines_of_each_direction_counts(tmp_path):
    network = draw(tmp_path / "a", [THERE, THERE, BACK, BACK], [10, 7, 8, 9], ["F"] * 4)
    assert sorted((network.minutes_forward.sum(), network.minutes_backward.sum())) == pytest.approx([7, 8])


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**9), rounded=st.booleans(), direction=st.sampled_from(["departure", "arrival"]))
def test_from_every_junction_costs_are_those_of_dijkstra_on_the_lines_as_drawn(
    tmp_path_factory, seed, rounded, direction
):
    """Streets drawn several times each way, one-ways, loops, dead ends, chains, links side by side: junctions given
    exactly, and to the millimetre."""
    random = np.random.default_rng(seed)
    nodes = int(random.integers(2, 25))
    cells = random.permutation(400)[:nodes]
    xy = 6_000_000 + np.column_stack((cells % 20, cells // 20)) * 200 + random.uniform(0, 100, (nodes, 2))
    lines, minutes, arcs = [], [], []
    for edge in range(int(random.integers(nodes, 2 * nodes + 1))):
        a, b = (edge, edge + 1) if edge < nodes - 1 else random.integers(0, nodes, 2)
        bend = (xy[a] + xy[b]) / 2 + random.normal(0, 1, 2) * random.choice([0, 40])
        line = [xy[a], bend, bend + random.uniform(10, 40, 2), xy[b]] if a == b else [xy[a], bend, xy[b]]
        for tail, head, times in ((a, b, random.integers(0, 3)), (b, a, random.integers(0, 3))):
            for _ in range(times):
                drawn = np.array(line if tail == a else line[::-1])
                drawn[1:-1] += random.normal(0, 0.3, drawn[1:-1].shape) * random.integers(0, 2)
                lines.append(drawn)
                minutes.append(float(np.round(random.uniform(0, 9), 3)))
                arcs.append((tail, head))
    if not lines:
        return
    network = draw(tmp_path_factory.mktemp("n") / "a", lines, minutes, ["F"] * len(lines))
    router = Router(network)
    used = np.unique(np.array(arcs))
    services = random.choice(used, min(4, len(used)), replace=False)
    given_xy = np.round(xy, 3) if rounded else xy
    graph = np.full((nodes, nodes), np.inf)
    np.minimum.at(graph, tuple(np.array(arcs).T), minutes)
    tail, head = np.nonzero(np.isfinite(graph))
    plain = csr_matrix((graph[tail, head], (tail, head)), shape=graph.shape)
    plain = dijkstra(plain if direction == "arrival" else plain.T.tocsr(), indices=services)[:, used]
    demand, supply = router.snap(given_xy[used], 1000.0), router.snap(given_xy[services], 1000.0)
    nearest = router.nearest(demand, supply, direction=direction).cost[:, 0]
    np.testing.assert_allclose(np.where(np.isnan(nearest), np.inf, nearest), plain.min(axis=0), atol=1e-9)
    costs = whole(router.matrix(supply, demand, reverse=direction == "departure"), len(services), len(used))
    np.testing.assert_allclose(costs, plain, atol=1e-4)


def test_two_roads_with_their_own_heights_at_one_spot_are_two_junctions(tmp_path):
    """A place there is at one of them: what it reaches is what one reaches from that junction."""
    lines = [[(0, 0), (500, 0)], [(500, 0), (1000, 0)], [(500, 500), (500, 0)], [(500, 0), (500, -500)]]
    lines += [[(0, 0), (500, 500)], [(1000, 0), (500, -500)]]
    roads = RoadLines.of(lines, {"minutes": [1.0] * 6, "way": [None] * 6})
    heights = np.array([[10, 10], [10, 10], [10, 30], [30, 10], [10, 10], [10, 10]], float)
    build_network(roads._replace(z_ends=heights), BuildOptions(preset="bdtopo", cost_field="minutes"), tmp_path / "a")
    router = Router(open_network(tmp_path / "a"))
    places = router.snap([(500.0004, 0.0003), (0, 0), (1000, 0), (500, 500), (500, -500)])
    costs = whole(router.matrix(places, places), 5, 5)
    assert np.isfinite(costs).all()
    assert sorted(costs[0, 1:].tolist()) == pytest.approx([1, 1, 2, 2])
