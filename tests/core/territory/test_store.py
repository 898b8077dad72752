"""The GeoPackage being filled: each object once, its spatial index made at once and the same as GDAL's own."""

from __future__ import annotations

import sqlite3
import struct
from contextlib import closing

import numpy as np
import pytest
from carto_services_publics.core.registry import geopackage
from carto_services_publics.core.territory.area import Area
from carto_services_publics.core.territory.shapes import bounds_in, geopackage_blob, point_blob, shape_of, wkb_in
from carto_services_publics.core.territory.store import LayerLedger, Store
from carto_services_publics.core.wfs.tiles import Read, Tile
from hypothesis import given, settings
from hypothesis import strategies as st
from osgeo import ogr
from shapely import wkb
from shapely.geometry import LineString, Polygon, shape

COLUMNS = {"cleabs": "text", "nom": "text"}


def _lines(count, seed=3):
    chance = np.random.default_rng(seed)
    starts = chance.uniform(600_000, 700_000, (count, 2)).round(1)
    return [[[x, y, 4.5], [x + 30.1, y - 70.2, 5.5]] for x, y in starts.tolist()]


@pytest.fixture
def store(tmp_path):
    geopackage.create(tmp_path / "t.gpkg")
    made = Store(tmp_path / "t.gpkg")
    made.add_layer("routes", COLUMNS, "LineStringZ", "EPSG:2154")
    return made


def _rows(lines):
    shapes = [shape_of({"type": "LineString", "coordinates": line}) for line in lines]
    return [(geopackage_blob(each, 2154), f"T{number}", None) for number, each in enumerate(shapes)]


def _found(path, box):
    source = ogr.Open(str(path))
    layer = source.GetLayerByName("routes")
    layer.SetSpatialFilterRect(*box)
    return sorted(feature.GetFID() for feature in layer)


@pytest.mark.parametrize("count", [0, 1, 51, 52, 2601, 2602, 9000])
def test_the_index_finds_what_meets_a_box_whatever_the_count(count, store):
    lines = _lines(count)
    store.insert("routes", COLUMNS, _rows(lines))

    store.finish_layer("routes", "Routes")

    with closing(sqlite3.connect(store.path)) as database:
        assert database.execute("SELECT rtreecheck('rtree_routes_geom')").fetchone() == ("ok",)
        assert database.execute("SELECT count(*) FROM rtree_routes_geom").fetchone() == (count,)
    box = (640_000, 630_000, 660_000, 655_000)
    area = shape({"type": "Polygon", "coordinates": [[[box[0], box[1]], [box[2], box[1]], box[2:], [box[0], box[3]]]]})
    expected = [n + 1 for n, line in enumerate(lines) if LineString([p[:2] for p in line]).intersects(area)]
    assert _found(store.path, box) == expected


def test_filled_twice_the_index_has_everything_and_the_layer_can_be_edited(store):
    store.insert("routes", COLUMNS, _rows(_lines(300)))
    store.finish_layer("routes", "Routes")
    store.add_layer("routes", COLUMNS, "LineStringZ", "EPSG:2154")
    store.insert("routes", COLUMNS, _rows(_lines(300, seed=4)))
    store.finish_layer("routes", "Routes")

    source = ogr.Open(str(store.path), True)
    layer = source.GetLayerByName("routes")
    new = ogr.Feature(layer.GetLayerDefn())
    new.SetGeometry(ogr.CreateGeometryFromWkt("LINESTRING Z (1 2 3,4 5 6)"))
    layer.CreateFeature(new)
    del new, layer, source
    assert len(_found(store.path, (590_000, 590_000, 710_000, 710_000))) == 600
    assert _found(store.path, (0, 0, 9, 9)) == [601]


def test_what_several_tiles_bring_is_kept_once_and_what_has_no_key_is_not_merged(store):
    ledger = LayerLedger(store, "troncon", "routes", tuple(COLUMNS))
    first, second, third = (row[0] for row in _rows(_lines(3)))
    ledger.count({Tile(1, 0, 0): 4, Tile(1, 1, 0): 4, Tile(1, 1, 1): 7})
    brought = [("A", (first, "A", "ancien")), (None, (second, None, "x")), ("", (third, "", "y")), ("Z", None)]
    ledger.keep(Read(Tile(1, 0, 0), brought, 4, 4))
    brought = [("A", (second, "A", "nouveau")), (None, (second, None, "x")), ("B", (third, "B", None)), ("Z", None)]
    ledger.keep(Read(Tile(1, 1, 0), brought, 4, 4))

    announced, received = ledger.totals()

    with closing(sqlite3.connect(store.path)) as database:
        kept = database.execute("SELECT cleabs, nom FROM routes ORDER BY fid").fetchall()
    assert kept == [("A", "ancien"), (None, "x"), ("", "y"), ("B", None)]
    assert (announced, received) == (5 + 7, 5)


@given(
    st.lists(st.tuples(st.floats(-50, 150), st.floats(-50, 150), st.floats(-60, 60), st.floats(-60, 60)), max_size=30)
)
@settings(max_examples=60, deadline=None)
def test_squares_answer_as_the_shape_itself(lines):
    area = Area({"1": Polygon([(0, 0), (90, 10), (40, 50), (95, 100), (5, 90)])}, "EPSG:2154", 0.0)
    squares = area.around_of((0.0, 0.0, 100.0, 100.0))

    for x, y, east, north in lines:
        geometry = {"type": "LineString", "coordinates": [[x, y, 1.0], [x + east, y + north, 1.0]]}
        bounds = shape_of(geometry).bounds
        assert area.touches(geometry, bounds, squares) == area.touches(geometry, bounds)


_GEOMETRIES = [
    {"type": "Point", "coordinates": [1.5, 2.0]},
    {"type": "Point", "coordinates": [1.5, 2.0, 3.0]},
    {"type": "LineString", "coordinates": [[5, 1], [2, 7, 9.5]]},
    {"type": "LineString", "coordinates": [[5, 1, 3], [2, 7], [0, 0, 1, 8]]},
    {"type": "Polygon", "coordinates": [[[0, 0], [4, 0], [4, 4], [0, 0]], [[1, 0.5], [2, 0.5], [2, 1], [1, 0.5]]]},
    {
        "type": "MultiPolygon",
        "coordinates": [[[[0, 0], [4, 0], [4, 4], [0, 0]]], [[[-9, 8], [-8, 8], [-8, 9], [-9, 8]]]],
    },
    {"type": "MultiLineString", "coordinates": [[[5, 1, 1], [2, 7, 1]], [[50, 1, 1], [2, 70, 1]]]},
]


def test_geometries_keep_their_bounds_and_are_read_back():
    blobs = [geopackage_blob(shape_of(geometry), 2154) for geometry in _GEOMETRIES]
    blobs.append(point_blob(8.0, 9.0, 2154))

    read = [wkb.loads(wkb_in(blob)) for blob in blobs]

    assert bounds_in(blobs).tolist() == [list(each.bounds) for each in read]
    assert [each.geom_type for each in read[:-1]] == [geometry["type"] for geometry in _GEOMETRIES]
    assert list(read[3].coords) == [(5, 1, 3), (2, 7, 0), (0, 0, 1)]


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "LineString", "coordinates": []},
        {"type": "LineString", "coordinates": [["a", 1], [2, 3]]},
        {"type": "LineString", "coordinates": [[None, 1], [2, 3]]},
        {"type": "MultiPolygon", "coordinates": []},
        {"type": "Circle", "coordinates": [1, 2]},
        {"type": "Point", "coordinates": None},
        {"type": "GeometryCollection", "geometries": []},
        "POINT(1 2)",
    ],
)
def test_what_is_no_geometry_is_refused(geometry):
    with pytest.raises((ValueError, KeyError, TypeError, IndexError, struct.error)):
        shape_of(geometry)
