"""What a record looked like when it was read, in a few characters: how a change made meanwhile is noticed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from .services import SERVICE_COLUMNS

_NOT_CONTENT = {"id", "version", "date_maj", "anomalie"}
CONTENT_COLUMNS = tuple(column for column in SERVICE_COLUMNS if column not in _NOT_CONTENT)
"""What a version speaks of: a producer's mass update of dates changes no content."""


def content_version(values: Mapping[str, Any], lon: Any, lat: Any) -> str:
    """16 hexadecimal characters that change when a column of the contract or the position (to 1 cm) does.

    An absent column, NULL and blanks count alike.
    """
    texts = [str(values.get(column) or "").strip() for column in CONTENT_COLUMNS]
    texts.append(f"{_place(lon)} {_place(lat)}")
    return hashlib.blake2b("\x1f".join(texts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def feature_version(feature: Mapping[str, Any]) -> str:
    """The version of a service given as a GeoJSON feature: the registry's own, else one made of its content."""
    properties = feature.get("properties") or {}
    declared = str(properties.get("version") or "").strip()
    if declared:
        return declared
    geometry = feature.get("geometry")
    coordinates = geometry.get("coordinates") if isinstance(geometry, Mapping) else None
    lon, lat = coordinates[:2] if isinstance(coordinates, (list, tuple)) and len(coordinates) >= 2 else (None, None)
    return content_version(properties, lon, lat)


def _place(degrees: Any) -> str:
    return f"{degrees:.7f}" if isinstance(degrees, (int, float)) else str(degrees or "")
