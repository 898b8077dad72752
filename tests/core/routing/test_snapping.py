"""Points are put where people can both come and leave."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from carto_services_publics.core.network import BuildOptions, build_network, open_network
from carto_services_publics.core.network.lines import RoadLines
from carto_services_publics.core.progress import Progress
from carto_services_publics.core.routing.local import Router, SnappedPoints
from shapely.geometry import LineString, Point

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


def kilometre_square(x=0.0, y=0.0, side=10_000.0):
    return [[(x + u / 1000 * side, y + v / 1000 * side) for u, v in line] for line in SQUARE]


def test_an_island_is_a_place_for_who_stands_on_it_however_few_its_roads(tmp_path):
    island, islet = [(50_000, 0), (61_000, 0)], [(80_000, 0), (80_500, 0)]
    network = draw(tmp_path / "a", [*kilometre_square(), island, islet], [1] * 6)
    places = snapped(network, (55_000, 5), (80_000, 5), (80_250, 30))
    np.testing.assert_allclose(places.distance, [5, 5, 30])


def test_a_street_that_the_map_forgot_to_join_is_no_island(tmp_path):
    """Houses along it leave by the roads a few metres farther; a point on the street itself is there all the same."""
    street = [(2000, 40), (2300, 40)]
    network = draw(tmp_path / "a", [*kilometre_square(), street], [1] * 5)
    places = snapped(network, (2100, 32), (2100, 40), (2300.004, 40))
    assert places.xy[0].tolist() == [2100, 0]
    assert places.xy[1].tolist() == [2100, 40]
    assert places.xy[2].tolist() == [2300, 40]


def test_who_may_not_go_so_far_as_the_mainland_is_on_the_island(tmp_path):
    network = draw(tmp_path / "a", [*kilometre_square(), [(2000, -400), (2900, -400)]], [1] * 5)
    assert snapped(network, (2500, -250), max_distance=200).xy[0].tolist() == [2500, -400]
    assert snapped(network, (2500, -210), max_distance=1000).xy[0].tolist() == [2500, 0]


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


@pytest.mark.parametrize("count", [20, 400])
def test_places_along_bent_links_are_where_shapely_puts_them(tmp_path, count):
    """A chain of links of two to seven vertices each, and points beside all of them."""
    random = np.random.default_rng(8)
    corners = np.cumsum(random.uniform(20, 90, (120, 2)) * [1, 0.4], axis=0) + random.uniform(-30, 30, (120, 2))
    cuts = np.unique(np.append(random.choice(119, 30, replace=False), [0, 119]))
    lines = [corners[a : b + 1].tolist() for a, b in zip(cuts, cuts[1:])]
    network = draw(tmp_path / "a", lines, [1] * len(lines))
    points = corners[random.integers(0, 120, count)] + random.normal(0, 15, (count, 2))
    places = Router(network).snap(points)
    drawn = [LineString(network.line(link)) for link in range(network.link_count)]
    for row, point in enumerate(map(Point, points)):
        line = drawn[places.link[row]]
        assert places.distance[row] == pytest.approx(min(each.distance(point) for each in drawn), abs=1e-6)
        assert places.fraction[row] == pytest.approx(line.project(point, normalized=True), abs=1e-6)
        assert Point(places.xy[row]).distance(line.interpolate(places.fraction[row], normalized=True)) < 1e-6


def test_the_nearer_of_two_roads_a_step_apart_is_found_among_many_segments(tmp_path):
    x = np.arange(0.0, 6000.0, 10.0)
    low, high = (np.column_stack((x, np.full(len(x), y))).tolist() for y in (0.0, 0.9))
    network = draw(tmp_path / "a", [low, high, [low[0], high[0]], [low[-1], high[-1]]], [1] * 4)
    points = np.column_stack((np.repeat(np.arange(205.0, 6000.0, 290.0), 2), np.tile([0.05, 0.85], 20)))
    places = Router(network).snap(points)
    np.testing.assert_allclose(places.distance, 0.05, atol=1e-9)
    np.testing.assert_allclose(places.xy[:, 1], np.tile([0.0, 0.9], 20), atol=1e-9)


def test_the_progress_ends_at_the_end(tmp_path):
    class Heard(Progress):
        fractions = []

        def show(self, fraction):
            self.fractions.append(fraction)

    Router(draw(tmp_path / "a", SQUARE, [1] * 4)).snap(np.array([(5, 5), (900, 5)]), 100.0, Heard())
    assert Heard.fractions[-1] == 1.0


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
    people = SnappedPoints(np.repeat(links, 10), np.tile(np.linspace(0, 1, 10), 4), np.zeros(40), np.zeros((40, 2)))
    services = router.points_at_nodes(np.arange(network.node_count)[network.node_xy[:, 0] < 50_000])
    one = people.take(np.array([0]))
    both = SnappedPoints(*(np.concatenate(columns) for columns in zip(services, one)))
    nearest = router.nearest(people, both, k=3)
    assert np.isfinite(nearest.cost[:, 0]).all()
    assert np.isnan(nearest.cost[:, 1:]).all()


BDTOPO = BuildOptions(preset="bdtopo")


def of_bdtopo(path, lines, natures, ways=None):
    fields = {
        "nature": natures,
        "sens_de_circulation": ways or ["Double sens"] * len(lines),
        "vitesse_moyenne_vl": [60.0] * len(lines),
    }
    build_network(RoadLines.of(lines, fields), BDTOPO, path)
    return open_network(path)


def test_nobody_is_put_on_a_motorway_or_a_slip_road_unless_at_its_very_junction(tmp_path):
    road, motorway = [(0, -300), (20_000, -300)], [(0, 0), (20_000, 0)]
    slip, other = [(0, -300), (0, 0)], [(20_000, 0), (20_000, -300)]
    network = of_bdtopo(
        tmp_path / "a",
        [road, motorway, slip, other],
        ["Route à 1 chaussée", "Type autoroutier", "Bretelle", "Bretelle"],
    )
    places = snapped(network, (10_000, -120), (10_000, 0), (5, -200), (0.004, 0.004))
    np.testing.assert_allclose(places.xy, [(10_000, -300), (10_000, -300), (5, -300), (0, 0)], atol=1e-9)
    router = Router(network)
    assert router.snap([(10_000, 20)], 200).link[0] == -1
    (reason,) = router.why_not([(10_000, 20)], 200)
    assert "motorway" in str(reason)


def test_nobody_is_put_on_the_line_of_a_ferry_not_even_where_two_lines_meet(tmp_path):
    lines = [[(0, 0), (12_000, 0)], [(12_000, 0), (12_000, 2500)], [(12_000, 2500), (12_000, 5000)]]
    lines += [[(12_000, 5000), (25_000, 5000)]]
    ferry = "Bac ou liaison maritime"
    network = of_bdtopo(tmp_path / "a", lines, ["Route à 1 chaussée", ferry, ferry, "Route à 1 chaussée"])
    router = Router(network)
    points = [(12_010, 2500), (12_000, 2500), (12_300, 40), (90_000, 90_000), (np.nan, 0)]
    assert (router.snap(points, 1000).link >= 0).tolist() == [False, False, True, False, False]
    sea, meeting, _, far, nowhere = (str(reason) for reason in router.why_not(points, 1000))
    assert "sea" in sea and "sea" in meeting
    assert "m from the nearest road" in far
    assert "no position" in nowhere
    there = router.nearest(router.snap([(1000, 0)]), router.snap([(13_000, 5000)]))
    assert np.isfinite(there.cost).all()  # the ferry is taken all the same


def test_one_way_roads_that_are_all_there_is_nearby_are_named_as_such(tmp_path):
    trap = [(1000, 500), (9000, 500)]
    square = [*SQUARE[:1], [(1000, 0), (1000, 500), (1000, 1000)], *SQUARE[2:]]
    router = Router(draw(tmp_path / "b", [*square, trap], [1] * 5, [None] * 4 + ["F"]))
    assert router.snap([(8000, 510)], 1000).link[0] == -1
    assert "reached and left" in str(router.why_not([(8000, 510)], 1000)[0])


def test_a_trunk_road_that_may_not_be_walked_has_no_doors(tmp_path):
    lines = [[(0, 0), (9000, 0)], [(0, 0), (0, -300)], [(0, -300), (9000, -300)], [(9000, -300), (9000, 0)]]
    fields = {"highway": ["trunk", "tertiary", "tertiary", "tertiary"], "foot": ["no", None, None, None]}
    fields["oneway"] = [None] * 4
    build_network(RoadLines.of(lines, fields), BuildOptions(preset="osm"), tmp_path / "a")
    assert snapped(open_network(tmp_path / "a"), (4500, -20)).xy[0].tolist() == [4500, -300]


@pytest.mark.parametrize("few", [True, False])
@pytest.mark.parametrize("joined", [True, False], ids=["joined elsewhere", "apart"])
def test_a_point_at_a_junction_is_there_whatever_passes_above(tmp_path, few, joined):
    """A bridge drawn through the junction without meeting it: BD TOPO's roads meet at their ends alone."""
    lines = [[(0, 0), (500, 0)], [(500, 0), (1000, 300)], [(500, -700), (500, 0.002), (500, 700)]]
    lines += [[(1000, 300), (500, 700)]] * joined
    network = of_bdtopo(tmp_path / "a", lines, ["Route à 1 chaussée"] * len(lines))
    points = np.array([(500.002, 0.001), (500.0, 0.0018)] * (1 if few else 40))
    places = snapped(network, *points)
    assert (places.xy == (500, 0)).all()
    assert set(places.fraction.tolist()) <= {0.0, 1.0}
