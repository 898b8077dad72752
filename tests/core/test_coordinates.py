"""Positions from one system to another: right, or said not to be."""

from __future__ import annotations

import numpy as np
import pytest
from carto_services_publics.core import coordinates
from carto_services_publics.core.coordinates import NotMoved, Transform, UnknownCrs, geocentric
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Geod
from shapely import wkt

AJACCIO = (8.7386, 41.9192)
IN_LAMBERT = (1_176_090.0, 6_108_260.0)
"""Of the same place, to the kilometre: the true figures are PROJ's affair."""

LONGITUDES, LATITUDES = st.floats(-5.0, 9.5), st.floats(41.0, 51.0)


def test_degrees_become_metres():
    assert Transform("EPSG:4326", "EPSG:2154").point(*AJACCIO) == pytest.approx(IN_LAMBERT, abs=1000)


@given(st.lists(st.tuples(LONGITUDES, LATITUDES), min_size=1, max_size=20))
def test_the_way_back_leads_back(places):
    there = Transform("EPSG:4326", "EPSG:2154")
    assert there.inverse().points(there.points(np.array(places))) == pytest.approx(np.array(places), abs=1e-7)


def test_a_system_may_be_given_in_its_own_words():
    by_code, by_words = (Transform("EPSG:4326", target) for target in ("EPSG:2154", CRS("EPSG:2154").to_wkt()))
    assert by_words.point(*AJACCIO) == pytest.approx(by_code.point(*AJACCIO), abs=0.01)


def test_what_has_no_position_or_no_place_there_has_none():
    moved = Transform("EPSG:4326", "EPSG:3857").points(np.array([[np.nan, 42.0], [9.0, np.inf], [9.0, 42.0]]))
    assert np.isfinite(moved).all(axis=1).tolist() == [False, False, True]
    assert Transform("EPSG:4326", "EPSG:2154").point(9.0, 400.0) is None


def test_systems_apart_by_their_datum_only_may_leave_positions_alone():
    assert Transform("EPSG:4326", "EPSG:4171").point(9.0, 42.0) == pytest.approx((9.0, 42.0), abs=1e-4)
    assert Transform("EPSG:2154", "EPSG:9794").point(*IN_LAMBERT) == pytest.approx(IN_LAMBERT, abs=2)


def test_positions_that_come_back_unchanged_are_an_error(monkeypatch):
    class Idle:
        def transform(self, x, y, direction=None):
            return x, y

    monkeypatch.setattr(coordinates, "_transformer", lambda *_: Idle())
    with pytest.raises(NotMoved, match="EPSG:4326 to EPSG:2154"):
        Transform("EPSG:4326", "EPSG:2154").points(np.array([AJACCIO]))
    with pytest.raises(NotMoved):
        Transform("EPSG:2154", "EPSG:3857").points(np.array([IN_LAMBERT]))
    Transform("EPSG:4326", "EPSG:4171").points(np.array([AJACCIO]))


def test_an_operation_chosen_by_the_user_is_used_both_ways():
    east = "+proj=pipeline +step +proj=affine +xoff=1000 +yoff=0"
    there = Transform("EPSG:2154", "EPSG:3857", east)
    assert there.point(1.0, 2.0) == (1001.0, 2.0)
    assert there.inverse().point(1001.0, 2.0) == (1.0, 2.0)
    assert there.inverse().inverse().point(1.0, 2.0) == (1001.0, 2.0)


@pytest.mark.parametrize("text", ["", "EPSG:1", "nonsense"])
def test_a_system_nobody_knows_is_an_error(text):
    with pytest.raises(UnknownCrs):
        Transform("EPSG:4326", text)


def test_shapes_move_whole_or_not_at_all():
    shapes = [
        wkt.loads("POLYGON Z((8 42 5, 9 42 5, 9 43 5, 8 42 5))"),
        None,
        wkt.loads("LINESTRING(8 42, 8 400)"),
        wkt.loads("MULTIPOINT(8 42, 9 43)"),
    ]
    there = Transform("EPSG:4326", "EPSG:2154")
    area, nothing, beyond, points = there.shapes(shapes)
    assert nothing is None and beyond is None
    assert list(area.exterior.coords)[0] == pytest.approx(there.point(8.0, 42.0))
    assert [point.x for point in points.geoms] == pytest.approx([there.point(8.0, 42.0)[0], there.point(9.0, 43.0)[0]])
    assert there.shapes([]) == []


def test_the_box_around_a_box_holds_its_curved_edges():
    west, south, east, north = Transform("EPSG:4326", "EPSG:2154").box(-5.0, 42.0, 9.0, 51.0)
    corners = Transform("EPSG:4326", "EPSG:2154").points(np.array([[-5, 42], [9, 42], [-5, 51], [9, 51]]))
    assert south < corners[:2, 1].min() - 1000  # the parallel bends below its ends
    assert west == pytest.approx(corners[:, 0].min()) and east == pytest.approx(corners[:, 0].max())
    assert north == pytest.approx(corners[:, 1].max())


@pytest.mark.parametrize("lon, lat", [(2.35, 48.86), (-61.5, 16.2), (55.5, -21.1), (3.5, 44.5)])
def test_a_straight_line_through_the_ground_is_as_long_as_the_way_on_it(lon, lat):
    here, there = geocentric(np.array([[lon, lat], [lon + 0.1, lat + 0.05]]))
    along = Geod(ellps="WGS84").inv(lon, lat, lon + 0.1, lat + 0.05)[2]
    assert np.linalg.norm(here - there) == pytest.approx(along, rel=1e-6)


def test_a_place_that_is_nowhere_stays_so():
    assert np.isnan(geocentric(np.array([[np.nan, np.nan], [2.0, 48.0]]))[:, 0]).tolist() == [True, False]
