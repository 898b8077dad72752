"""Who lives in an area, and what is there: each place once, also on the edge, in rings and where areas overlap."""

from __future__ import annotations

import numpy as np
from carto_services_publics.core.access.contents import Inhabited, by_ring, overlap
from carto_services_publics.core.access.groups import groups_of
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, Polygon, box

PEOPLE = np.array([[0.0, 0.0], [5.0, 5.0], [10.0, 5.0], [30.0, 5.0], [np.nan, np.nan]])
SERVICES = np.array([[5.0, 5.0], [5.0, 5.0], [20.0, 5.0]])


def inhabited():
    groups = groups_of(np.array([10.0, 20.0, 30.0, 40.0, 99.0]), {"ind_80p": np.array([1.0, 2.0, 3.0, 4.0, 9.0])})
    return Inhabited(PEOPLE, groups, SERVICES, np.array([0, 1, 1]), 2)


def test_an_area_by_hand_its_edge_included():
    ground = inhabited()
    found = ground.count(ground.within(box(1, 0, 10, 10)))
    assert (found.people.tolist(), found.services.tolist()) == ([50, 5], [1, 1])
    nothing = ground.count(ground.within(Polygon()))
    assert (nothing.people.tolist(), nothing.services.tolist()) == ([0, 0], [0, 0])


def test_a_ring_holds_what_is_in_no_smaller_area():
    ground = inhabited()
    members = {10.0: ground.within(box(0, 0, 30, 10)), 5.0: ground.within(box(0, 0, 10, 10))}
    rings = {cutoff: ground.count(own).people[0] for cutoff, own in by_ring(members).items()}
    assert rings == {5.0: 60.0, 10.0: 40.0}


def test_those_in_several_areas_and_in_none():
    weight, times = np.array([1.0, 2.0, 4.0, 8.0]), np.array([0, 1, 2, 3])
    assert overlap(weight, times) == (14.0, 12.0, 1.0)


SPOTS = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(0, 99)), min_size=1, max_size=30)
BOXES = st.tuples(*[st.integers(0, 8)] * 4)


@given(SPOTS, BOXES, BOXES)
def test_counts_are_those_of_each_point_on_its_own(spots, one, other):
    xy, weight = np.array([spot[:2] for spot in spots], float), np.array([spot[2] for spot in spots], float)
    ground = Inhabited(xy, groups_of(weight, {}), xy, np.zeros(len(xy), int), 1)
    areas = [box(min(a, c), min(b, d), max(a, c) + 1, max(b, d) + 1) for a, b, c, d in (one, other)]
    held = [ground.within(area) for area in areas]
    for area, members in zip(areas, held):
        own = [row for row, place in enumerate(xy) if area.intersects(Point(*place))]
        assert members.people.tolist() == members.services.tolist() == own
        assert ground.count(members).people[0] == sum(weight[own])
    whole = ground.within(areas[0].union(areas[1]))
    rings = by_ring({1.0: held[0], 2.0: whole})
    assert sum(ground.count(ring).people[0] for ring in rings.values()) == ground.count(whole).people[0]
