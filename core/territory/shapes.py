"""GeoJSON geometries as what a GeoPackage keeps, and where they lie."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from osgeo import ogr, osr

from ..coordinates import Box

_HEADER = struct.Struct("<2sBBi")
_HEADER_AND_BOUNDS = struct.Struct("<2sBBi4d")
_LITTLE_ENDIAN, _WITH_BOUNDS = 1, 3
"""Flags of OGC 12-128: little endian without an envelope, and with west, east, south, north."""
_CODES = {"Point": 1, "LineString": 2, "Polygon": 3, "MultiPoint": 4, "MultiLineString": 5, "MultiPolygon": 6}
_PARTS = {"MultiPoint": "Point", "MultiLineString": "LineString", "MultiPolygon": "Polygon"}
_Z = 1000


class Shape(NamedTuple):
    """A geometry as ISO WKB, and its bounds."""

    wkb: bytes
    bounds: Box


def shape_of(geometry: Any) -> Shape | None:
    """A GeoJSON geometry as WKB with its bounds; None for none.

    Raises `ValueError`, `KeyError`, `IndexError`, `TypeError` or `struct.error` for what is no geometry.
    """
    if not geometry:
        return None
    kind, coordinates = geometry["type"], geometry["coordinates"]
    if kind == "LineString":
        width, numbers = _numbers(coordinates)
        wkb = struct.pack(f"<BII{len(numbers)}d", 1, _CODES[kind] + _Z * (width == 3), len(coordinates), *numbers)
        xs, ys = numbers[::width], numbers[1::width]
    else:
        wkb = wkb_of(kind, coordinates)
        xs, ys = map(list, zip(*(point[:2] for point in _points(coordinates))))
    return Shape(wkb, (min(xs), min(ys), max(xs), max(ys)))


def geopackage_blob(shape: Shape, srs: int) -> bytes:
    """A shape as GeoPackage binary (OGC 12-128, little endian), with its bounds unless it is a point."""
    west, south, east, north = shape.bounds
    if shape.wkb[1] == _CODES["Point"]:  # low byte of 1: 1001, with a height, is longer to read and seldom met
        return _HEADER.pack(b"GP", 0, _LITTLE_ENDIAN, srs) + shape.wkb
    return _HEADER_AND_BOUNDS.pack(b"GP", 0, _WITH_BOUNDS, srs, west, east, south, north) + shape.wkb


def point_blob(x: float, y: float, srs: int) -> bytes:
    """A point as GeoPackage binary."""
    return _HEADER.pack(b"GP", 0, _LITTLE_ENDIAN, srs) + wkb_of("Point", (x, y))


def wkb_of(kind: str, coordinates: Any) -> bytes:
    """ISO WKB, with heights where the first point has one."""
    if kind in _PARTS:
        parts = [wkb_of(_PARTS[kind], part) for part in coordinates]
        has_z = bool(parts) and struct.unpack_from("<I", parts[0], 1)[0] > _Z
        return struct.pack("<BII", 1, _CODES[kind] + _Z * has_z, len(parts)) + b"".join(parts)
    points = [coordinates] if kind == "Point" else coordinates if kind == "LineString" else coordinates[0]
    width = 3 if len(points[0]) > 2 else 2
    head = struct.pack("<BI", 1, _CODES[kind] + _Z * (width == 3))
    if kind == "Point":
        return head + struct.pack(f"<{width}d", *coordinates[:width])
    rings = [coordinates] if kind == "LineString" else coordinates
    written = b"".join(_ring(ring, width) for ring in rings)
    return head + (written if kind == "LineString" else struct.pack("<I", len(rings)) + written)


def _ring(points: list, width: int) -> bytes:
    numbers = _numbers(points, width)[1]
    return struct.pack(f"<I{len(numbers)}d", len(points), *numbers)


def _numbers(points: list, width: int = 0) -> tuple[int, list]:
    """How many numbers a point has (as the first one), and those of all points."""
    width = width or (3 if len(points[0]) > 2 else 2)
    if set(map(len, points)) == {width}:
        return width, list(chain.from_iterable(points))
    return width, [number for x, y, *more in points for number in (x, y, *more, 0.0)[:width]]


def _points(part: Sequence[Any]) -> Iterator[Sequence[float]]:
    if isinstance(part[0], (list, tuple)):
        for inside in part:
            yield from _points(inside)
    else:
        yield part


def wkb_in(blob: bytes) -> bytes:
    """The WKB of a GeoPackage geometry, whoever wrote it."""
    return blob[_HEADER.size + (0, 32, 48, 48, 64)[(blob[3] >> 1) & 7] :]


def bounds_in(blobs: Sequence[bytes]) -> np.ndarray:
    """(n, 4) west, south, east, north of geometries that `geopackage_blob` wrote."""
    start, size = _HEADER.size, _HEADER_AND_BOUNDS.size
    has_bounds = np.fromiter((blob[3] == _WITH_BOUNDS for blob in blobs), bool, len(blobs))
    xy = start + 5  # after the order of bytes and the kind
    parts = [blob[start:size] if blob[3] == _WITH_BOUNDS else blob[xy : xy + 16] * 2 for blob in blobs]
    found = np.frombuffer(b"".join(parts), "<f8").reshape(-1, 4)
    found = found.astype(float)
    found[has_bounds] = found[has_bounds][:, [0, 2, 1, 3]]
    return found


def reference(crs: str) -> osr.SpatialReference:
    """GDAL's object for a CRS, x first."""
    known = osr.SpatialReference()
    known.SetFromUserInput(crs)
    known.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return known


GEOMETRIES = {
    "LineStringZ": ogr.wkbLineString25D,
    "MultiPolygon": ogr.wkbMultiPolygon,
    "Polygon": ogr.wkbPolygon,
    "Point": ogr.wkbPoint,
    "": ogr.wkbNone,
}
