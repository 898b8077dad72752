"""Points are put where people can both come and leave."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from carto_services_publics.core.routing.local import Places, Router

sys.path.insert(0, str(Path(__file__).parent))
from drawing import draw, random_network

SQUARE = [[(0, 0), (1000, 0)], [(1000, 0), (1000, 1000)], [(1000, 1000), (0, 1000)], [(0, 1000), (0, 0)]]


def snapped(network, *points, **options):
    return Router(network).snap(np.array(points, float), **options)


def test_a_point_goes_to_the_nearest_link_wherever_along_it(tmp_path):
    places = snapped(draw(tmp_path / "a", SQUARE, [1] * 4), (250, 40), (-30, 1010), (np.nan, 0))
    np.testing.assert_allclose(places.xy[:2], [(250, 0), (0, 1000)])
    np.testing.assert_allclose(places.distance, [40, np.hypot(30, 10), np.inf])
    assert places.link[2] == -1
    assert np.isnan(places.xy[2]).all()


def test_the_distance_allowed_is_obeyed_to_the_metre(tmp_path):
    network = draw(tmp_path / "a", SQUARE, [1] * 4)
    assert snapped(network, (500, -100), max_distance=100).link[0] >= 0
    assert snapped(network, (500, -100.01), max_distance=100).link[0] == -1


def test_a_one_way_dead_end_is_not_a_place_to_start_from(tmp_path):
    trap = [(1000, 500), (2000, 500)]
    square = [*SQUARE[:1], [(1000, 0), (1000, 500), (1000, 1000)], *SQUARE[2:]]
    two_way = draw(tmp_path / "a", [*square, trap], [1] * 5)
    one_way = draw(tmp_path / "b", [*square, trap], [1] * 5, [None] * 4 + ["F"])
    assert snapped(two_way, (1900, 510)).distance[0] == pytest.approx(10)
    assert snapped(one_way, (1900, 510)).xy[0].tolist() == [1000, 510]


def test_an_island_with_roads_of_its_own_is_a_place_and_a_fragment_is_not(tmp_path):
    island, fragment = [(50_000, 0), (61_000, 0)], [(80_000, 0), (80_500, 0)]
    network = draw(
        tmp_path / "a", [*[[(x * 10, y * 10) for x, y in line] for line in SQUARE], island, fragment], [1] * 6
    )
    places = snapped(network, (55_000, 5), (80_000, 5))
    assert places.distance[0] == pytest.approx(5)
    assert places.xy[1].tolist() == [61_000, 0]


def test_a_network_that_nobody_can_leave_still_has_places(tmp_path):
    network = draw(tmp_path / "a", [[(0, 0), (1000, 0)]], [1], ["F"])
    assert snapped(network, (300, 10)).distance[0] == pytest.approx(10)


def test_two_places_on_one_link_are_joined_along_it_when_its_direction_allows(tmp_path):
    network = draw(tmp_path / "a", SQUARE, [10] * 4, ["F"] * 4)
    places = snapped(network, (200, 1), (700, 1))
    (block,) = Router(network).matrix(places, places)
    np.testing.assert_allclose(block.cost, [[0, 5], [35, 0]], atol=1e-5)


def test_a_few_points_and_many_are_put_at_the_same_places(tmp_path):
    network = random_network(tmp_path / "a", 11)
    random = np.random.default_rng(12)
    points = random.uniform(network.vertices.min(axis=0) - 500, network.vertices.max(axis=0) + 500, (200, 2))
    few = [Router(network).snap(points[i : i + 10]) for i in range(0, 200, 10)]
    many = Router(network).snap(points)
    np.testing.assert_allclose(np.concatenate([p.distance for p in few]), many.distance, atol=1e-9)
    np.testing.assert_allclose(np.concatenate([p.xy for p in few]), many.xy, atol=1e-6)


def test_nothing_to_search_from_or_to_is_no_error(tmp_path):
    router = Router(draw(tmp_path / "a", SQUARE, [1] * 4))
    some, none = router.snap([(5, 5), (900, 5)]), router.snap(np.empty((0, 2)))
    nowhere = router.snap([(np.nan, np.nan)])
    for k in (1, 2):
        assert router.nearest(none, some, k=k).cost.shape == (0, k)
        for services in (none, nowhere):
            assert np.isnan(router.nearest(some, services, k=k).cost).all()
        assert np.isnan(router.nearest(nowhere, some, k=k).cost).all()
    assert list(router.matrix(none, some)) == []
    for destinations in (none, nowhere):
        blocks = list(router.matrix(some, destinations, limit=5))
        assert sum(len(block.origins) for block in blocks) == 2
        assert all(block.cost.size == 0 for block in blocks)
    assert all(block.cost.size == 0 for block in router.matrix(nowhere, some))


def test_fewer_services_than_asked_for_are_given_without_searching_for_ever(tmp_path):
    """An island with one service and more people than there are services."""
    island = [[(x + 50_000, y) for x, y in line] for line in SQUARE]
    network = draw(tmp_path / "a", [*SQUARE, *island], [1] * 8)
    router = Router(network)
    links = np.flatnonzero(network.node_xy[network.link_from, 0] >= 50_000).astype(np.int32)
    people = Places(np.repeat(links, 10), np.tile(np.linspace(0, 1, 10), 4), np.zeros(40), np.zeros((40, 2)))
    services = router.places_at_nodes(np.arange(network.node_count)[network.node_xy[:, 0] < 50_000])
    one = people.take(np.array([0]))
    both = Places(*(np.concatenate(columns) for columns in zip(services, one)))
    nearest = router.nearest(people, both, k=3)
    assert np.isfinite(nearest.cost[:, 0]).all()
    assert np.isnan(nearest.cost[:, 1:]).all()
