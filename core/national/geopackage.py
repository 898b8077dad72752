"""Tables of millions of rows as a GeoPackage: made by GDAL, filled through SQLite, several times faster from Python."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import shapely.wkb
from osgeo import gdal, ogr, osr
from pyproj import CRS

from ..registry.geopackage import sql, take_triggers
from ..territory.shapes import Shape, geopackage_blob
from ..territory.spatial_index import index_layer
from ..vector_files import raising_gdal

Table = dict[str, np.ndarray]
"""Columns by name, of one length; ``geometry`` is WKB (objects, None for none). Texts are empty and numbers NaN for
NULL."""
_AT_ONCE = 100_000
"""Rows that are Python's objects at a time."""
_NOBODY_ELSE = ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF")
"""The file is new, and takes its name when it is whole."""
_NO_BOUNDS = (np.nan,) * 4
"""A point has none of its own."""


def write_geopackage(tables: Mapping[str, Table], shapes: Mapping[str, int], crs: str, path: Path) -> dict[str, int]:
    """Write ``tables`` at ``path``, which must not be there yet, and count the rows that it holds.

    ``shapes``: the tables that have a geometry, and OGR's code of it. Raises `OSError`, `RuntimeError` (GDAL's) and
    `sqlite3.Error`.
    """
    with raising_gdal():
        _create(tables, shapes, crs, path)
    with closing(sqlite3.connect(str(path), isolation_level=None)) as database:
        for said in _NOBODY_ELSE:
            database.execute(said)
        database.execute("BEGIN")
        for name, table in tables.items():
            triggers = take_triggers(database, name)  # they would count and index row by row
            _fill(database, name, table)
            index_layer(database, name)
            for trigger in triggers:
                database.execute(trigger)
        written = {name: _count(database, name) for name in tables}
        database.execute("COMMIT")
    return written


def values_of(values: np.ndarray) -> list[Any]:
    """Plain values, None for empty texts. NaN stays: SQLite keeps it as NULL."""
    return values.tolist() if values.dtype.kind in "fi" else [value or None for value in values.tolist()]


def _create(tables: Mapping[str, Table], shapes: Mapping[str, int], crs: str, path: Path) -> None:
    reference = osr.SpatialReference()
    reference.ImportFromWkt(CRS.from_user_input(crs).to_wkt("WKT1_GDAL"))
    dataset = gdal.GetDriverByName("GPKG").Create(os.fspath(path), 0, 0, 0, gdal.GDT_Unknown)
    for name, table in tables.items():
        layer = dataset.CreateLayer(name, reference if name in shapes else None, shapes.get(name, ogr.wkbNone))
        for column, values in table.items():
            if column != "geometry":
                layer.CreateField(ogr.FieldDefn(column, _kind(values)))
    del layer, dataset


def _kind(values: np.ndarray) -> int:
    return {"f": ogr.OFTReal, "i": ogr.OFTInteger64}.get(values.dtype.kind, ogr.OFTString)


def _fill(database: sqlite3.Connection, name: str, table: Table) -> None:
    (srs,) = database.execute("SELECT srs_id FROM gpkg_contents WHERE table_name = ?", (name,)).fetchone()
    names = ["geom" if column == "geometry" else column for column in table]
    listed, places = ", ".join(map(_quoted, names)), ", ".join("?" * len(names))
    insert = sql("INSERT INTO", f'"{name}"', "(", listed, ") VALUES (", places, ")")
    size = len(next(iter(table.values())))
    for start in range(0, size, _AT_ONCE):
        part = {column: values_of(values[start : start + _AT_ONCE]) for column, values in table.items()}
        if "geometry" in part:
            part["geometry"] = [None if wkb is None else _blob(wkb, srs) for wkb in part["geometry"]]
        database.executemany(insert, zip(*part.values()))
    database.execute("UPDATE gpkg_ogr_contents SET feature_count = ? WHERE table_name = ?", (size, name))


def _quoted(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _blob(wkb: bytes, srs: int) -> bytes:
    bounds = _NO_BOUNDS if wkb[1] == ogr.wkbPoint else shapely.wkb.loads(wkb).bounds
    return geopackage_blob(Shape(wkb, bounds), srs)


def _count(database: sqlite3.Connection, name: str) -> int:
    return int(database.execute(sql("SELECT count(*) FROM", f'"{name}"')).fetchone()[0])
