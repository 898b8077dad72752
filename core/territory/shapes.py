"""GeoJSON geometries as what a GeoPackage keeps, and where they lie."""

from __future__ import annotations

import struct
from itertools import chain
from typing import Any

from osgeo import ogr, osr

_HEADER = struct.Struct("<2sBBi")
_CODES = {"Point": 1, "LineString": 2, "Polygon": 3, "MultiPoint": 4, "MultiLineString": 5, "MultiPolygon": 6}
_PARTS = {"MultiPoint": "Point", "MultiLineString": "LineString", "MultiPolygon": "Polygon"}
_Z = 1000


def geopackage_blob(geometry: Any, srs: int) -> bytes | None:
    """A GeoJSON geometry as GeoPackage binary (OGC 12-128, little endian, no envelope); None for none.

    Raises `ValueError`, `KeyError`, `TypeError` or `struct.error` for what is no geometry.
    """
    if not geometry:
        return None
    return _HEADER.pack(b"GP", 0, 1, srs) + wkb_of(geometry["type"], geometry["coordinates"])


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
    if kind == "LineString":
        return head + _points(coordinates, width)
    return head + struct.pack("<I", len(coordinates)) + b"".join(_points(ring, width) for ring in coordinates)


def _points(points: list, width: int) -> bytes:
    numbers = list(chain.from_iterable(points))
    if len(numbers) != width * len(points):  # some with heights, some without
        numbers = [number for point in points for number in (*point, 0.0)[:width]]
    return struct.pack(f"<I{len(numbers)}d", len(points), *numbers)


def wkb_in(blob: bytes) -> bytes:
    """The WKB of a GeoPackage geometry, whoever wrote it."""
    return blob[_HEADER.size + (0, 32, 48, 48, 64)[(blob[3] >> 1) & 7] :]


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
