"""Compiled loops change nothing but the time: the costs are the same to the last bit, and nothing needs them."""

from __future__ import annotations

import importlib.util
import sys
from functools import partial
from itertools import repeat
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from carto_services_publics.core.access import contours, cost_surface, service_territory
from carto_services_publics.core.access.cost_surface import Field, Rectangle, SamplePoints, map_cells
from carto_services_publics.core.routing import compiled, kernels, local, search
from carto_services_publics.core.routing.local import Router
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import wkb

sys.path.insert(0, str(Path(__file__).parent))
from drawing import draw, random_network, random_places
from plain import whole

numba_is_there = importlib.util.find_spec("numba") is not None


@pytest.fixture(params=["as they are", "compiled"], scope="module")
def loops(request):
    """The loops read by Python, which tells whether they are right; and compiled, where numba is installed."""
    if request.param == "as they are":
        return kernels
    if not numba_is_there:
        pytest.skip("numba is not installed")
    compiled._compiled.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CARTO_SP_NUMBA", "1")
        made = compiled._compiled()
    compiled._compiled.cache_clear()
    assert made is not None
    return made


@pytest.fixture(params=["whole graph", "part reached"])
def size(request, monkeypatch):
    if request.param == "part reached":
        monkeypatch.setattr(search, "_SMALL", 0)
        monkeypatch.setattr(local, "_GROUP", 3)


def answers(network, seed, metric, limit):
    """Costs both ways of a few places, and the nearest of them to others."""
    router = Router(network, metric)
    origins, destinations = random_places(network, 7, seed + 1), random_places(network, 40, seed + 2)
    costs = [whole(router.matrix(origins, destinations, limit=limit, reverse=way), 7, 40) for way in (False, True)]
    nearest = [router.nearest(destinations, origins, direction=way, limit=limit) for way in ("departure", "arrival")]
    return costs, nearest


@pytest.mark.parametrize("metric", ["time", "distance"])
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**9), bounded=st.booleans())
def test_costs_are_the_same_to_the_last_bit(tmp_path_factory, loops, size, metric, seed, bounded):
    network = random_network(tmp_path_factory.mktemp("n") / "a.network", seed)
    limit = (12.0 if metric == "time" else 800.0) if bounded else np.inf
    costs, nearest = answers(network, seed, metric, limit)
    with pytest.MonkeyPatch.context() as patch:
        for module in (search, local):
            patch.setattr(module, "loops", lambda: loops)
        ours, ours_nearest = answers(network, seed, metric, limit)
    for one, other in zip(costs, ours):
        np.testing.assert_array_equal(one, other)
    for (one, other), matrix in zip(zip(nearest, ours_nearest), (costs[1], costs[0])):
        np.testing.assert_array_equal(one.cost, other.cost)
        np.testing.assert_array_equal(one.index, other.index)
        found = np.flatnonzero(other.index[:, 0] >= 0)
        np.testing.assert_array_equal(matrix[other.index[found, 0], found], other.cost[found, 0].astype(np.float32))


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**9), departing=st.booleans())
def test_of_places_that_cost_the_same_the_first_is_named(tmp_path_factory, loops, seed, departing):
    """A grid of streets of one minute each, services at junctions, several at one: whoever searches."""
    rng = np.random.default_rng(seed)
    cells = [(column, row) for column in range(7) for row in range(7)]
    ends = [(a, b) for a in cells for b in ((a[0] + 1, a[1]), (a[0], a[1] + 1)) if max(b) < 7]
    lines = [100.0 * np.array(pair) for pair in ends]
    network = draw(tmp_path_factory.mktemp("n") / "a.network", lines, [1.0] * len(lines))
    router = Router(network)
    demand = router.points_at_nodes(np.arange(network.node_count))
    services = router.points_at_nodes(rng.integers(0, network.node_count, 12))
    cost = whole(router.matrix(demand, services, reverse=not departing), demand.count, 12)
    way = "departure" if departing else "arrival"
    groups = [services, services.take(np.arange(11, -1, -1))]
    for who in (None, loops):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(search, "loops", partial(next, repeat(who)))
            named = [found.index[:, 0] for found in router.nearest_of_each(demand, groups, direction=way)]
        np.testing.assert_array_equal(named[0], cost.argmin(axis=1))
        np.testing.assert_array_equal(named[1], cost[:, ::-1].argmin(axis=1))


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**9), shape=st.tuples(st.integers(3, 25), st.integers(3, 25)), coarse=st.booleans())
def test_the_edge_drawn_is_that_of_the_contouring_library(loops, seed, shape, coarse):
    """Noise, so that there are holes, islands in holes, and corners where four cells meet; few values: many ties."""
    pytest.importorskip("contourpy")
    rng = np.random.default_rng(seed)
    values = rng.choice([-1.0, 1.0], shape) if coarse else rng.uniform(-1, 1, shape)
    values[[0, -1]] = values[:, [0, -1]] = 1.0
    field = Field((np.ceil(values * 1024) - 0.5).astype(np.float32) / np.float32(1024), 3, 5, 900_000.0, 6e6, 50.0)
    expected = wkb.loads(contours.multipolygon(contours._with_contourpy(field)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(contours, "loops", lambda: loops)
        drawn = wkb.loads(contours.inside(field))
    assert rings(drawn) == rings(expected)


def rings(area):
    """The rings of each polygon, each from its lowest point on, in no order."""
    return sorted(sorted([turned(part.exterior)] + [turned(hole) for hole in part.interiors]) for part in area.geoms)


def turned(ring):
    points = list(ring.coords)[:-1]
    lowest = points.index(min(points))
    return points[lowest:] + points[:lowest]


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**9), cell=st.sampled_from([5.0, 20.0, 70.0]), aside=st.floats(-900, 900))
def test_the_ground_is_the_same(tmp_path_factory, loops, seed, cell, aside):
    """Of a window that holds a part of the links, worked on in parts."""
    router = Router(random_network(tmp_path_factory.mktemp("n") / "a.network", seed))
    lines = service_territory._lines(router)
    centre = lines.vertices.mean(axis=0) + aside
    the_ground_is_the_same(loops, lines, Rectangle(*(centre - 400).tolist(), *(centre + 400).tolist()), cell)


@pytest.mark.parametrize("cell", [20.0, 70.0, 0.7])
def test_the_ground_is_the_same_where_roads_lie_on_the_lines_of_the_grid(tmp_path, loops, cell):
    """A point between two others of one x may lie a hair west of both. Around 0, too; both ways and one way."""
    x, y, lines = -3 * cell, 0.0, []
    for length in (33.0, 77.1, 5.3, 111.7, 250.9):
        lines += [[(x, y), (x, y + length)], [(x, y), (x + length, y)], [(x + length, y), (x + length, y + 0.3)]]
        y += length
    network = draw(tmp_path / "a.network", lines, [1.0] * len(lines), [None, "F", "B"] * 5)
    for aside in (0.0, 600_000 * cell):
        roads = service_territory._lines(Router(network))
        roads = roads._replace(vertices=service_territory._read_only(roads.vertices + aside))
        low, high = roads.vertices.min(axis=0) - 2 * cell, roads.vertices.max(axis=0) + 2 * cell
        the_ground_is_the_same(loops, roads, Rectangle(*low.tolist(), *high.tolist()), cell)


def the_ground_is_the_same(loops, lines, window, cell):
    made, links = [], np.arange(len(lines.cost))
    for who in (None, loops):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(cost_surface, "loops", partial(next, repeat(who)))
            made.append(
                map_cells(
                    [part for part in np.array_split(links, 3) if len(part)],
                    lines,
                    window,
                    cell,
                    100.0,
                    SamplePoints._make,
                )
            )
    (cells, points), (ours, our_points) = made
    for name in ("pace", "row", "column", "owner", "beyond"):
        np.testing.assert_array_equal(getattr(ours, name), getattr(cells, name))
    np.testing.assert_array_equal(our_points.link, points.link)
    np.testing.assert_array_equal(our_points.fraction, points.fraction)


def test_cells_are_filled_alike(loops):
    rng = np.random.default_rng(3)
    of_road, owner = rng.random(20).astype(np.float32), rng.integers(0, 20, (50, 40)).astype(np.int32)
    beyond = rng.random((50, 40)).astype(np.float32)
    values, lowest = cost_surface._of_cells(of_road, owner[2:, 3:], beyond[2:, 3:])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cost_surface, "loops", lambda: loops)
        ours, our_lowest = cost_surface._of_cells(of_road, owner[2:, 3:], beyond[2:, 3:])
    np.testing.assert_array_equal(ours, values)
    assert our_lowest == lowest == values.min()


def test_a_queue_has_room_for_arcs_of_any_length():
    """A long arc beside many short ones, one of cost 0, one closed; seeds that begin late."""
    start = np.array([0, 3, 5, 6, 6], np.int32)
    head = np.array([1, 2, 3, 0, 2, 3], np.int32)
    arc_cost = np.array([1e-9, 5000.0, np.inf, 0.0, 3000.0, 0.25])
    arcs = search.Arcs(start, head, arc_cost)
    cost, origin = np.full(4, np.inf), np.full(4, -1, np.int32)
    cost[[1, 3]], origin[[1, 3]] = (7000.0, 20000.0), (0, 1)
    kernels.spread(arcs, search._queue(arcs.lengths(), 20000.0, np.inf), cost, origin, np.array([1, 3], np.int32))
    np.testing.assert_array_equal(cost, [7000.0, 7000.0, 10000.0, 10000.25])
    np.testing.assert_array_equal(origin, [0, 0, 0, 0])


def test_a_numba_that_cannot_compile_is_as_none(monkeypatch):
    """One that is too old, say, or for another numpy: it fails when a loop is first called."""

    def refuses(*_: object, **__: object):
        def fail(*_: object):
            raise TypeError("not this numpy")

        return lambda function: fail

    monkeypatch.setattr(compiled, "is_worker", lambda: True)
    monkeypatch.setenv("CARTO_SP_NUMBA", "1")
    monkeypatch.setitem(sys.modules, "numba", SimpleNamespace(njit=refuses))
    compiled._compiled.cache_clear()
    assert compiled.loops() is None
    monkeypatch.setitem(sys.modules, "numba", SimpleNamespace(njit=lambda **_: lambda function: function))
    compiled._compiled.cache_clear()
    assert compiled.loops() is not None
    compiled._compiled.cache_clear()


def test_nothing_is_compiled_where_it_is_not_wanted_or_cannot_be(monkeypatch):
    monkeypatch.setattr(compiled, "is_worker", lambda: True)
    for without in ("switched off", "not installed"):
        compiled._compiled.cache_clear()
        with monkeypatch.context() as patch:
            patch.setenv("CARTO_SP_NUMBA", "0" if without == "switched off" else "1")
            if without == "not installed":
                patch.setitem(sys.modules, "numba", None)
            assert compiled.loops() is None
    compiled._compiled.cache_clear()
    monkeypatch.setattr(compiled, "is_worker", lambda: False)
    assert compiled.loops() is None
