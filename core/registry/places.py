"""Columns that hold a position: under the names met, as degrees or metres, with a decimal comma or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .crs import UNREADABLE, transform

_PAIRS = (
    ("lon", "lat"),
    ("longitude", "latitude"),
    ("lng", "lat"),
    ("long", "lat"),
    ("x", "y"),
    ("coord_x", "coord_y"),
    ("coordonnee_x", "coordonnee_y"),
)
_BOTH = ("geo_point_2d", "geo_point", "geopoint", "coordonnees", "coordonnees_gps")
"""Latitude and longitude in one cell, parted by a comma, as Opendatasoft writes them."""

PLACE_COLUMNS = frozenset({*_BOTH, *(name for pair in _PAIRS for name in pair)})
"""Names of columns that hold a position, in lower case."""

_LAMBERT_93 = "EPSG:2154"


def place_of(row: Mapping[str, Any]) -> tuple[Any, Any]:
    """Longitude and latitude of a row, from the first pair of columns that holds something; (None, None) without."""
    names = {str(name).lower(): name for name in row}
    for lon, lat in _PAIRS:
        if lon in names and lat in names:
            x, y = row[names[lon]], row[names[lat]]
            if not (_empty(x) and _empty(y)):
                return degrees_of(x, y)
    for name in _BOTH:
        if name in names and not _empty(row[names[name]]):
            return _both(row[names[name]])
    return None, None


def degrees_of(x: Any, y: Any) -> tuple[Any, Any]:
    """Longitude and latitude of two coordinates as they are written; metres of mainland France show by their size."""
    x, y = plain_number(x), plain_number(y)
    try:
        east, north = float(x), float(y)
    except (TypeError, ValueError, OverflowError):
        return x, y
    if 0 <= east <= 1_300_000 and 6_000_000 <= north <= 7_200_000:
        return transform(east, north, _LAMBERT_93)
    return x, y


def plain_number(value: Any) -> Any:
    """A number's text with a decimal point and without blanks; other values as they are."""
    if not isinstance(value, str):
        return value
    text = "".join(value.split()).replace("\u202f", "")
    return text.replace(",", ".") if text.count(",") == 1 and "." not in text else text


def _both(value: Any) -> tuple[Any, Any]:
    if isinstance(value, Mapping):
        return degrees_of(value.get("lon"), value.get("lat"))
    parts = value if isinstance(value, (list, tuple)) else str(value).strip("[]() ").replace(";", ",").split(",")
    return degrees_of(parts[1], parts[0]) if len(parts) == 2 else UNREADABLE


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
