"""Positions of any reference system as longitude and latitude."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pyproj import Transformer
from pyproj.exceptions import CRSError, ProjError

from ..proj_threads import hold_proj

UNREADABLE = ("?", "?")
"""What `positions.examine` takes for a position that cannot be read."""

EASTING_FIRST = "!"
"""Before the name of a reference system: positions are easting first, whatever the authority's order of axes."""

_DEGREES = re.compile(r"EPSG:.*\b4326$", re.IGNORECASE)


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


def member_crs(document: Mapping[str, Any]) -> str:
    """The reference system that a GeoJSON document of before 2016 names, as ``content_crs`` takes it.

    There positions are easting (or longitude) first, whatever the authority's order. Empty where none is named, and
    for degrees of WGS 84.
    """
    try:
        name = str(document["crs"]["properties"]["name"])
    except (KeyError, TypeError):
        return ""
    return "" if "CRS84" in name or _DEGREES.search(name) else f"{EASTING_FIRST}{name}"


def transform(x: Any, y: Any, crs: str) -> tuple[Any, Any]:
    """Longitude and latitude of coordinates in ``crs``, in that system's own axis order or `EASTING_FIRST`."""
    always_xy = crs.startswith(EASTING_FIRST)
    try:
        hold_proj()
        lon, lat = _transformer(crs[always_xy:], always_xy).transform(float(x), float(y))
    except (CRSError, ProjError, TypeError, ValueError, OverflowError):
        return UNREADABLE
    return (lon, lat) if math.isfinite(lon) and math.isfinite(lat) else UNREADABLE


@lru_cache(maxsize=16)
def _transformer(crs: str, always_xy: bool) -> Transformer:
    return Transformer.from_crs(crs, "OGC:CRS84", always_xy=always_xy)


def _point(geometry: dict[str, Any]) -> tuple[Any, Any]:
    coordinates = geometry["coordinates"]
    if geometry["type"] == "Point":
        return (coordinates[0], coordinates[1]) if coordinates else (None, None)
    from shapely.geometry import shape

    inside = shape(geometry).representative_point()
    return inside.x, inside.y
