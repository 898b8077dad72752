"""A table written through SQLite is what GDAL would have written: values, geometries, index, extent, counts."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path

import numpy as np
import pytest
from carto_services_publics.core.national.geopackage import Table, write_geopackage
from hypothesis import given, settings
from hypothesis import strategies as st
from osgeo import gdal, ogr, osr
from shapely.geometry import Point, Polygon

gdal.UseExceptions()
SHAPES = {"points": ogr.wkbPoint, "areas": ogr.wkbPolygon}

_number = st.floats(-1e12, 1e12) | st.just(np.nan)
_text = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
_metres = st.integers(-(10**7), 10**7).map(lambda quarters: quarters / 4)
_place = st.none() | st.tuples(_metres, _metres)


def _objects(values: list) -> np.ndarray:
    array = np.empty(len(values), object)
    array[:] = values
    return array


def _table(rows: list[tuple], shape) -> Table:
    places, numbers, whole, texts = zip(*rows) if rows else ((), (), (), ())
    return {
        "geometry": _objects([None if place is None else shape(place).wkb for place in places]),
        'a "number"': np.array(numbers, dtype=float),
        "whole": np.array(whole, dtype=np.int64),
        "text": _objects(list(texts)),
    }


def _square(place: tuple[float, float]) -> Polygon:
    x, y = place
    return Polygon([(x, y), (x + 10, y), (x + 10, y + 30), (x, y + 30)])


def _through_gdal(tables: dict[str, Table], path: Path) -> None:
    """The same, one feature after the other."""
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(2154)
    dataset = gdal.GetDriverByName("GPKG").Create(str(path), 0, 0, 0, gdal.GDT_Unknown)
    for name, table in tables.items():
        layer = dataset.CreateLayer(name, reference if name in SHAPES else None, SHAPES.get(name, ogr.wkbNone))
        columns = [column for column in table if column != "geometry"]
        for column, kind in zip(columns, (ogr.OFTReal, ogr.OFTInteger64, ogr.OFTString)):
            layer.CreateField(ogr.FieldDefn(column, kind))
        for row in zip(*(values.tolist() for values in table.values())):
            feature = ogr.Feature(layer.GetLayerDefn())
            given = dict(zip(table, row))
            if given.get("geometry") is not None:
                feature.SetGeometry(ogr.CreateGeometryFromWkb(given["geometry"]))
            for index, column in enumerate(columns):
                if given[column] == given[column] and given[column] != "":
                    feature.SetField(index, given[column])
            layer.CreateFeature(feature)
    del layer, dataset


def _held(path: Path, name: str) -> dict[str, list]:
    """What a file says of a table: rows and how it was made, kinds of values, extent, and what its index finds."""
    with sqlite3.connect(path) as database:
        ask = lambda asked: database.execute(asked).fetchall()  # noqa: E731
        held = {
            "rows": ask(f"SELECT * FROM {name}"),
            "made": ask("SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2"),
            "contents": ask("SELECT table_name, data_type, min_x, min_y, max_x, max_y, srs_id FROM gpkg_contents"),
            "whole": ask("PRAGMA integrity_check"),
        }
        if name in SHAPES:
            held["indexed"] = ask(f"SELECT id FROM rtree_{name}_geom ORDER BY id")
            held["sound"] = ask(f"SELECT rtreecheck('rtree_{name}_geom')")
    dataset = gdal.OpenEx(str(path))
    held["count"] = [dataset.GetLayerByName(name).GetFeatureCount()]
    return held


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(_place, _number, st.integers(-(2**60), 2**60), _text), max_size=40))
def test_a_table_is_what_gdal_writes_of_it(rows):
    tables = {"points": _table(rows, Point), "areas": _table(rows, _square)}
    tables["plain"] = {name: values for name, values in tables["points"].items() if name != "geometry"}
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = Path(folder, "ours.gpkg"), Path(folder, "theirs.gpkg")
        assert write_geopackage(tables, SHAPES, "EPSG:2154", ours) == dict.fromkeys(tables, len(rows))
        _through_gdal(tables, theirs)
        for name in tables:
            assert _held(ours, name) == _held(theirs, name)


def test_the_index_of_many_places_finds_those_of_a_box(tmp_path):
    xy = np.random.default_rng(25).uniform(0, 1000, (20_000, 2))
    table = {"geometry": _objects([Point(*place).wkb for place in xy]), "number": np.arange(20_000)}
    assert write_geopackage({"points": table}, SHAPES, "EPSG:2154", tmp_path / "many.gpkg") == {"points": 20_000}
    dataset = gdal.OpenEx(str(tmp_path / "many.gpkg"))
    layer = dataset.GetLayerByName("points")
    layer.SetSpatialFilterRect(100, 200, 150, 260)
    found = {feature["number"] for feature in layer}
    inside = ((xy >= (100, 200)) & (xy <= (150, 260))).all(axis=1)
    assert found == set(np.flatnonzero(inside).tolist()) and len(found) > 20
    assert layer.GetExtent() == pytest.approx([bound for axis in xy.T for bound in (axis.min(), axis.max())])
    layer.SetSpatialFilter(None)
    first = layer.GetFeature(1)
    assert first.GetGeometryRef().GetPoint_2D(0) == tuple(xy[0])
