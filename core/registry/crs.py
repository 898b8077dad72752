"""Positions of any reference system as longitude and latitude."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

from pyproj import Transformer
from pyproj.exceptions import CRSError, ProjError

UNREADABLE = ("?", "?")
"""What `positions.examine` takes for a position that cannot be read."""


def to_lon_lat(geometry: Any, content_crs: str = "") -> tuple[Any, Any]:
    """Longitude and latitude of a GeoJSON geometry: of the point, or of a point inside any other shape.

    ``content_crs`` is the `Content-Crs` header of OGC API – Features Part 2; its axis order is the authority's.
    (None, None) without a geometry, `UNREADABLE` when it makes no sense.
    """
    if not geometry:
        return None, None
    try:
        x, y = _point(geometry)
    except Exception:  # whatever a geometry library says about nonsense
        return UNREADABLE
    crs = content_crs.strip().strip("<>")
    if not crs or "CRS84" in crs:
        return x, y
    return transform(x, y, crs)


def transform(x: Any, y: Any, crs: str) -> tuple[Any, Any]:
    """Longitude and latitude of coordinates in ``crs``, given in that system's own axis order."""
    try:
        lon, lat = _transformer(crs).transform(float(x), float(y))
    except (CRSError, ProjError, TypeError, ValueError, OverflowError):
        return UNREADABLE
    return (lon, lat) if math.isfinite(lon) and math.isfinite(lat) else UNREADABLE


@lru_cache(maxsize=16)
def _transformer(crs: str) -> Transformer:
    return Transformer.from_crs(crs, "OGC:CRS84")


def _point(geometry: dict[str, Any]) -> tuple[Any, Any]:
    coordinates = geometry["coordinates"]
    if geometry["type"] == "Point":
        return (coordinates[0], coordinates[1]) if coordinates else (None, None)
    from shapely.geometry import shape

    inside = shape(geometry).representative_point()
    return inside.x, inside.y
