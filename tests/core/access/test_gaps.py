"""Areas of the badly served: contiguous, holding everyone badly served, the most populated first."""

from __future__ import annotations

import numpy as np
from carto_services_publics.core.access import gaps
from carto_services_publics.core.access.gaps import PointGaps, PolygonGaps
from carto_services_publics.core.access.weights import exact_weights
from carto_services_publics.core.access.zones import also_in_later_zones, zone_of_points
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, Polygon, box
from shapely.ops import unary_union


def gaps_from_points(xy, weight, bad):
    return PointGaps(xy, weight).areas(bad)


def gaps_from_polygons(polygons, weight, bad):
    return PolygonGaps(polygons, weight).areas(bad)


def grid_of(columns, rows, cell=200.0):
    x, y = np.meshgrid(np.arange(columns) * cell + cell / 2, np.arange(rows) * cell + cell / 2)
    return np.column_stack([x.ravel(), y.ravel()])


def test_everyone_well_served_makes_no_area():
    assert gaps_from_points(grid_of(3, 3), np.ones(9), np.zeros(9, bool)) == []
    assert gaps_from_polygons([box(0, 0, 1, 1)], np.ones(1), np.zeros(1, bool)) == []


def test_two_corners_of_a_town_make_two_areas_ranked_by_population():
    xy = grid_of(20, 20)
    bad = (xy < 600).all(axis=1) | (xy > 3000).all(axis=1)
    weight = np.where((xy > 3000).all(axis=1), 10.0, 1.0)
    found = gaps_from_points(xy, weight, bad)
    assert [gap.rank for gap in found] == [1, 2]
    assert [gap.population for gap in found] == [250.0, 9.0]
    assert [len(gap.members) for gap in found] == [25, 9]
    assert found[1].geometry.intersects(Point(300, 300))
    assert not found[1].geometry.intersects(Point(900, 900))


def test_well_served_demand_stays_outside_the_areas_and_makes_holes():
    xy = grid_of(9, 9)
    well = (np.abs(xy - 900) <= 200).all(axis=1)
    (gap,) = gaps_from_points(xy, np.ones(81), ~well)
    assert len(gap.geometry.interiors) == 1
    assert not any(gap.geometry.contains(Point(x, y)) for x, y in xy[well])


def test_scattered_houses_within_reach_are_one_area_and_farther_ones_another():
    xy = np.array([[100.0, 100.0], [900.0, 100.0], [5000.0, 100.0]])
    assert [gap.population for gap in gaps_from_points(xy, np.array([1.0, 2.0, 4.0]), np.ones(3, bool))] == [4.0, 3.0]


def test_a_badly_served_house_among_well_served_ones_is_not_lost():
    xy = np.array([[100.0, 100.0], [110.0, 100.0]])
    (gap,) = gaps_from_points(xy, np.array([1.0, 50.0]), np.array([True, False]))
    assert gap.population == 1.0
    assert gap.geometry.intersects(Point(100, 100))
    assert 0 < gap.geometry.area < 200.0**2, "the ground around it, in its own cell"
    assert box(0, 0, 200, 200).contains(gap.geometry)


def test_demand_without_weight_tells_how_its_place_is_served():
    xy = np.array([[100.0, 100.0], [500.0, 100.0]])
    (gap,) = gaps_from_points(xy, np.zeros(2), np.array([True, False]))
    assert gap.population == 0
    assert not gap.geometry.intersects(Point(500, 100))


def test_far_apart_places_do_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(gaps, "MOST_CELLS", 10_000)
    found = gaps_from_points(np.array([[0.0, 0.0], [1e6, 1e6]]), np.ones(2), np.ones(2, bool))
    assert len(found) == 2


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0, 4000), st.floats(0, 4000), st.floats(0, 1e4), st.booleans()), min_size=1, max_size=60
    )
)
def test_areas_hold_all_the_badly_served_and_do_not_overlap(rows):
    xy = np.array([row[:2] for row in rows])
    weight = np.array([row[2] for row in rows])
    bad = np.array([row[3] for row in rows])
    found = gaps_from_points(xy, weight, bad)
    assert sum(gap.population for gap in found) == exact_weights(weight)[bad].sum()
    peopled = exact_weights(weight) > 0
    members = [row for gap in found for row in gap.members]
    assert len(set(members)) == len(members)
    assert set(np.flatnonzero(bad & (peopled | ~peopled.any()))) <= set(members) <= set(np.flatnonzero(bad))
    check_shapes(found, xy)


def check_shapes(found, xy):
    for gap in found:
        assert gap.geometry.is_valid
        assert isinstance(gap.geometry, Polygon)
        assert all(gap.geometry.distance(Point(xy[row])) < 1e-6 for row in gap.members)
    assert [gap.population for gap in found] == sorted((gap.population for gap in found), reverse=True)
    areas = [gap.geometry for gap in found]
    assert all(a.intersection(b).area < 1e-3 for i, a in enumerate(areas) for b in areas[:i]), "of square metres"


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.floats(0, 4000), st.floats(0, 4000), st.booleans()), min_size=1, max_size=60),
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=9, unique=True),
)
def test_areas_end_where_the_land_does_and_none_is_without_people(rows, squares):
    xy, bad = np.array([row[:2] for row in rows]), np.array([row[2] for row in rows])
    land = [box(1000 * x, 1000 * y, 1000 * (x + 1), 1000 * (y + 1)) for x, y in squares]
    found = PointGaps(xy, np.ones(len(xy)), land=land).areas(bad)
    assert sorted(row for gap in found for row in gap.members) == np.flatnonzero(bad).tolist()
    assert all(gap.population >= 1 for gap in found)
    check_shapes(found, xy)
    on_land = [place for place in map(Point, xy) if unary_union(land).intersects(place)]
    if len(on_land) == len(xy):
        at_sea = unary_union([gap.geometry for gap in found]).difference(unary_union(land).buffer(5))
        assert at_sea.area < 1


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.tuples(st.floats(60, 100), st.integers(0, 1000)), min_size=3, max_size=60),
    st.integers(0, 59),
    st.floats(0.5, 20),
)
def test_the_edge_of_the_land_is_the_same_wherever_its_ring_begins(radii, start, by):
    """Versions of GEOS begin a ring, and simplify its beginning, each in its way."""
    angle = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    radius = np.array([metres for metres, _ in radii])
    ring = np.column_stack((radius * np.cos(angle), radius * np.sin(angle)))
    hole, islet = box(-5, -5, 5, 5).exterior.coords, box(200, 0, 200.1, 0.1)
    thinned = [
        gaps._thinned(MultiPolygon([Polygon(shore, [hole]), islet]), by)
        for shore in (ring, np.roll(ring, start, axis=0), ring[::-1])
    ]
    assert len({shape.normalize().wkb for shape in thinned}) == 1
    assert thinned[0].is_valid and thinned[0].intersects(islet)
    assert thinned[0].boundary.hausdorff_distance(MultiPolygon([Polygon(ring, [hole]), islet]).boundary) <= by + 1e-6


def test_an_area_on_two_shores_is_two_areas_each_with_its_people():
    xy = np.array([[100.0, 100.0], [700.0, 100.0]])
    shores = [box(0, 0, 250, 400), box(550, 0, 900, 400)]
    (whole,) = PointGaps(xy, np.array([3.0, 5.0])).areas(np.ones(2, bool))
    assert whole.population == 8
    found = PointGaps(xy, np.array([3.0, 5.0]), land=shores).areas(np.ones(2, bool))
    assert [gap.population for gap in found] == [5.0, 3.0]


def test_an_islet_where_nobody_lives_is_no_area():
    xy = np.array([[100.0, 100.0], [5000.0, 100.0]])
    (gap,) = gaps_from_points(xy, np.array([4.0, 0.0]), np.ones(2, bool))
    assert gap.population == 4
    islet = box(450, 0, 520, 70)
    (gap,) = PointGaps(xy[:1], np.ones(1), land=[box(0, 0, 300, 300), islet]).areas(np.ones(1, bool))
    assert not gap.geometry.intersects(islet)


def test_a_slanting_edge_is_no_staircase():
    """Along a diagonal no corner of the outline turns by a right angle, as those of cells do."""
    xy = grid_of(30, 30)
    (gap,) = gaps_from_points(xy, np.ones(900), xy[:, 0] + xy[:, 1] < 6000)
    edge = np.array(gap.geometry.exterior.coords)
    ways = np.diff(edge, axis=0)
    turns = np.diff(np.unwrap(np.arctan2(ways[:, 1], ways[:, 0])))
    along = (np.abs(edge[1:-1].sum(axis=1) - 6000) < 400) & (edge[1:-1] > 600).all(axis=1)
    assert along.sum() > 5
    assert np.abs(turns[along]).max() < np.radians(30)


def test_touching_zones_are_merged_and_zones_that_share_a_corner_are_not():
    zones = [box(0, 0, 1, 1), box(1, 0, 2, 1), box(2, 1, 3, 2), box(5, 5, 6, 6)]
    found = gaps_from_polygons(zones, np.array([1.0, 2.0, 4.0, 8.0]), np.array([True, True, True, False]))
    assert [gap.population for gap in found] == [4.0, 3.0]
    assert found[1].geometry.equals(box(0, 0, 2, 1))
    assert found[1].members.tolist() == [0, 1]


def test_many_zones_are_merged_strip_by_strip_with_the_same_answer(monkeypatch):
    monkeypatch.setattr(gaps, "MERGED_AT_ONCE", 5)
    zones = [box(x, y, x + 1, y + 1) for x in range(8) for y in range(8)]
    (gap,) = gaps_from_polygons(zones, np.ones(64), np.ones(64, bool))
    assert gap.geometry.equals(box(0, 0, 8, 8))
    assert gap.population == 64


def test_a_zone_that_crosses_itself_does_not_stop_the_others():
    bow_tie = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    found = gaps_from_polygons([bow_tie, box(5, 5, 6, 6)], np.array([3.0, 1.0]), np.ones(2, bool))
    assert sum(gap.population for gap in found) == 4


def test_points_on_a_shared_edge_belong_to_the_first_zone_and_outside_points_to_none():
    zones = [box(0, 0, 1, 1), None, box(1, 0, 2, 1)]
    xy = np.array([[0.5, 0.5], [1.0, 0.5], [1.5, 0.5], [2.0, 1.0], [3.0, 0.5], [0.5, 1.1]])
    assert zone_of_points(xy, zones).tolist() == [0, 0, 2, 2, -1, -1]
    assert not also_in_later_zones(xy, zones, zone_of_points(xy, zones)).any(), "an edge is no overlap"


def test_points_where_zones_overlap():
    zones = [box(0, 0, 2, 2), None, box(1, 0, 3, 2), box(0, 0, 3, 1.5)]
    xy = np.array([[0.5, 1.8], [1.5, 1.8], [2.5, 1.8], [2.5, 0.5], [9, 9]])
    first = zone_of_points(xy, zones)
    assert first.tolist() == [0, 0, 2, 2, -1]
    assert also_in_later_zones(xy, zones, first).tolist() == [False, True, False, True, False]
