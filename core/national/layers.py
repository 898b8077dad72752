"""Places and zones read from any layer that GDAL opens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import shapely.wkb
from osgeo import gdal, ogr
from pyproj import CRS, Transformer
from shapely.geometry.base import BaseGeometry
from shapely.ops import transform

from ..errors import CartoError
from ..network import RoadSource
from ..network.lines import ColumnReader
from ..network.presets.rules import parse_number
from ..network.source import can_stream, field_names, opened, own_columns, streamed
from ..proj_threads import hold_proj
from ..vector_files import open_vector

_TEXTS = (".csv", ".tsv", ".txt")
_COORDINATES = (
    "X_POSSIBLE_NAMES=longitude,lon,x,long",
    "Y_POSSIBLE_NAMES=latitude,lat,y",
    "KEEP_GEOM_COLUMNS=YES",
)
_OWN_SCHEMA = (".parquet", ".arrow", ".feather")
"""Files whose columns GDAL streams as they are, without the numbers of the rows."""
_POSTGIS = "PG:"
_NUMBERS = (ogr.OFTInteger, ogr.OFTInteger64, ogr.OFTReal)
_POINT = b"\x01\x01\x00\x00\x00"
_PLAIN = np.dtype([("head", "S5"), ("xy", "<f8", 2)])
"""A point of two dimensions as little-endian WKB."""


class LayerUnreadable(CartoError):
    """A layer that cannot be read, or lacks a column or a coordinate reference system."""


class PlaceTable(NamedTuple):
    """Rows of a layer with one place each.

    Attributes:
        fid: (n,) the rows' own numbers.
        xy: (n, 2) in the CRS asked for; NaN where a row has no place.
        columns: by name, (n,) numbers (NaN for NULL) or texts (empty for NULL).
    """

    fid: np.ndarray
    xy: np.ndarray
    columns: dict[str, np.ndarray]


class Zones(NamedTuple):
    """Polygons in the CRS asked for, and their columns as texts."""

    shapes: list[BaseGeometry | None]
    columns: dict[str, list[str]]


@contextmanager
def layer_of(name: str) -> Iterator[ogr.Layer]:
    """The layer that ``name`` tells: ``path|layername=…|subset=…``, or ``PG:dbname=…|layername=schema.table``.

    Columns of longitude and latitude make places in a text file. Raises `SourceUnreadable`.
    """
    with opened(RoadSource.parse(name), _open) as layer:
        yield layer


def _open(path: str, options: tuple[str, ...]) -> gdal.Dataset:
    if path.startswith(_POSTGIS):
        return gdal.OpenEx(path, gdal.OF_VECTOR | gdal.OF_READONLY, allowed_drivers=["PostgreSQL"])
    return open_vector(path, (*options, *_COORDINATES) if Path(path).suffix.lower() in _TEXTS else options)


def crs_of_layer(layer: ogr.Layer, name: str) -> str:
    """Its CRS as WKT; longitude and latitude for a text file. Raises `LayerUnreadable` where there is none."""
    reference = layer.GetSpatialRef()
    if reference is not None:
        return str(reference.ExportToWkt())
    if Path(RoadSource.parse(name).path).suffix.lower() in _TEXTS:
        return "EPSG:4326"
    raise LayerUnreadable("{name} has no coordinate reference system; set it first.", name=name)


def read_places(name: str, crs: str, numbers: Sequence[str] = (), texts: Sequence[str] = ()) -> PlaceTable:
    """The rows of a layer: points as they are, of other shapes a point inside. Raises `LayerUnreadable`."""
    with layer_of(name) as layer:
        index = _indices(layer, (*numbers, *texts), name)
        reference = crs_of_layer(layer, name)
        kept = [index[column] for column in index]
        layer.SetIgnoredFields([field for i, field in enumerate(field_names(layer)) if i not in kept])
        suffix = Path(RoadSource.parse(name).path).suffix.lower()
        streams = suffix not in _OWN_SCHEMA and _streams(layer, numbers, texts)
        read = _read_streamed if streams else _read_looped
        table = read(layer, numbers, texts)
    return table._replace(xy=transformed(table.xy, reference, crs))


def _streams(layer: ogr.Layer, numbers: Sequence[str], texts: Sequence[str]) -> bool:
    """Whether GDAL's stream gives the columns as `_number` and `_text` would: numbers are, and texts are."""
    definition = layer.GetLayerDefn()

    def are(columns: Sequence[str], kinds: tuple[int, ...]) -> bool:
        return all(definition.GetFieldDefn(definition.GetFieldIndex(name)).GetType() in kinds for name in columns)

    has_places = definition.GetGeomFieldCount() > 0
    return (
        has_places and can_stream(layer, (*numbers, *texts)) and are(numbers, _NUMBERS) and are(texts, (ogr.OFTString,))
    )


def _read_streamed(layer: ogr.Layer, numbers: Sequence[str], texts: Sequence[str]) -> PlaceTable:
    own = own_columns(layer)
    fids, places = [np.empty(0, np.int64)], [np.empty((0, 2))]
    readers = {column: ColumnReader() for column in (*numbers, *texts)}
    for batch in streamed(layer):
        fids.append(np.asarray(batch[own.identifier], dtype=np.int64))
        places.append(_places(batch[own.geometry].tolist()))
        for column, reader in readers.items():
            reader.add(batch[column])
    columns: dict[str, np.ndarray] = {}
    for column in numbers:
        columns[column] = np.asarray(readers[column].column()) if len(fids) > 1 else np.empty(0)
    for column in texts:
        found = readers[column].texts()
        columns[column] = np.array([*found.labels, ""], dtype=str)[found.code]
    return PlaceTable(np.concatenate(fids), np.concatenate(places), columns)


def _places(shapes: list[bytes | None]) -> np.ndarray:
    """(n, 2) positions of WKB geometries."""
    if all(shape is not None and len(shape) == _PLAIN.itemsize and shape[:5] == _POINT for shape in shapes):
        return np.frombuffer(b"".join(shapes), _PLAIN)["xy"].astype(float)  # type: ignore[arg-type]
    return np.array([_point(None if not shape else ogr.CreateGeometryFromWkb(bytes(shape))) for shape in shapes])


def _read_looped(layer: ogr.Layer, numbers: Sequence[str], texts: Sequence[str]) -> PlaceTable:
    """As `_read_streamed`, one feature after the other: whatever the kinds of columns, and for GDAL before 3.6."""
    index = {name: layer.GetLayerDefn().GetFieldIndex(name) for name in (*numbers, *texts)}
    fids, places = [], []
    values: dict[str, list[Any]] = {column: [] for column in index}
    for feature in layer:
        fids.append(feature.GetFID())
        places.append(_point(feature.GetGeometryRef()))
        for column in numbers:
            values[column].append(_number(feature, index[column]))
        for column in texts:
            values[column].append(_text(feature, index[column]))
    columns = {column: np.array(values[column], dtype=float) for column in numbers}
    columns.update({column: np.array(values[column], dtype=str) for column in texts})
    return PlaceTable(np.array(fids, dtype=np.int64), np.array(places, dtype=float).reshape(-1, 2), columns)


def read_zones(name: str, crs: str, texts: Sequence[str]) -> Zones:
    """The polygons of a layer. Raises `LayerUnreadable`, also for zones without a CRS."""
    with layer_of(name) as layer:
        index = _indices(layer, texts, name)
        reference = crs_of_layer(layer, name)
        shapes: list[BaseGeometry | None] = []
        columns: dict[str, list[str]] = {column: [] for column in index}
        move = _transformer(reference, crs)
        for feature in layer:
            geometry = feature.GetGeometryRef()
            shapes.append(None if geometry is None else _moved(shapely.wkb.loads(bytes(geometry.ExportToWkb())), move))
            for column in columns:
                columns[column].append(_text(feature, index[column]))
    return Zones(shapes, columns)


def transformed(xy: np.ndarray, source: str, target: str) -> np.ndarray:
    """Positions (n, 2) in another CRS; NaN kept, and given where it has none."""
    move = _transformer(source, target)
    if move is None or not len(xy):
        return xy
    moved = np.column_stack(move.transform(xy[:, 0], xy[:, 1]))
    moved[~np.isfinite(moved).all(axis=1)] = np.nan
    return moved


def _transformer(source: str, target: str) -> Transformer | None:
    hold_proj()
    start, end = CRS.from_user_input(source), CRS.from_user_input(target)
    return None if start == end else Transformer.from_crs(start, end, always_xy=True)


def _moved(shape: BaseGeometry, move: Transformer | None) -> BaseGeometry:
    if move is None:
        return shape
    return transform(move.transform, shape)


def _indices(layer: ogr.Layer, columns: Sequence[str], name: str) -> dict[str, int]:
    names = field_names(layer)
    missing = [column for column in columns if column not in names]
    if missing:
        raise LayerUnreadable(
            "{name} has no column “{column}”. It has: {names}.", name=name, column=missing[0], names=", ".join(names)
        )
    return {column: names.index(column) for column in columns}


def _point(geometry: ogr.Geometry | None) -> tuple[float, float]:
    if geometry is None or geometry.IsEmpty():
        return np.nan, np.nan
    kind = ogr.GT_Flatten(geometry.GetGeometryType())
    point = geometry
    if kind == ogr.wkbMultiPoint:
        point = geometry.GetGeometryRef(0)  # a part of `geometry`, and gone with it
    elif kind != ogr.wkbPoint:
        point = geometry.PointOnSurface() if kind in (ogr.wkbPolygon, ogr.wkbMultiPolygon) else geometry.Centroid()
        if point is None or point.IsEmpty():
            return np.nan, np.nan
    return point.GetX(), point.GetY()


def _number(feature: ogr.Feature, index: int) -> float:
    """NaN for NULL and for what is no number; a text file has texts alone (`01` is a code)."""
    if not feature.IsFieldSetAndNotNull(index):
        return np.nan
    value = feature.GetField(index)
    return float(value) if isinstance(value, (int, float)) else parse_number(str(value))


def _text(feature: ogr.Feature, index: int) -> str:
    return feature.GetFieldAsString(index) if feature.IsFieldSetAndNotNull(index) else ""
