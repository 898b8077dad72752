"""The columns of a service as they are stored, and what they looked like in a few characters: a record's version.

A version lets a change made meanwhile be noticed. A registry's answer and the row stored from it give the same one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from .codes import CODES
from .dates import iso_date
from .services import ACCESSIBILITES, MODALITES, PRECISIONS, SERVICE_COLUMNS

_SPECIAL = {*CODES, "modalite", "accessibilite", "precision_position", "date_maj", "version", "anomalie"}
_PLAIN = tuple(column for column in SERVICE_COLUMNS if column not in _SPECIAL)
# A producer's mass update of dates changes no content; anomaly and precision are partly judged here.
_NOT_CONTENT = {"id", "version", "date_maj", "anomalie", "precision_position"}
CONTENT_COLUMNS = tuple(column for column in SERVICE_COLUMNS if column not in _NOT_CONTENT)
"""What a version speaks of."""


def clean(value: Any) -> str:
    """A value as text: nothing for None, no decimals on whole numbers, no blanks around."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def normalised(values: Mapping[str, Any]) -> dict[str, str]:
    """The contract's columns as they are stored, but `version` and `anomalie`. An absent column counts as empty.

    Codes that spreadsheets damaged and dates are put right where that is sure; `doubts` says where it is not.
    """
    texts = {column: clean(values.get(column)) for column in _PLAIN}
    texts.update({column: read(clean(values.get(column))).text for column, read in CODES.items()})
    texts["date_maj"] = iso_date(clean(values.get("date_maj"))).text
    texts["modalite"] = _one_of(MODALITES, clean(values.get("modalite")).lower(), "fixe")
    texts["accessibilite"] = _one_of(ACCESSIBILITES, clean(values.get("accessibilite")).upper(), "")
    texts["precision_position"] = _one_of(PRECISIONS, clean(values.get("precision_position")), "inconnue")
    return texts


def doubts(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Codes of the column `anomalie`: `code_douteux` and `date_douteuse` where a code or a date is not surely right."""
    found = []
    if not all(read(clean(values.get(column))).certain for column, read in CODES.items()):
        found.append("code_douteux")
    if not iso_date(clean(values.get("date_maj"))).certain:
        found.append("date_douteuse")
    return tuple(found)


def content_version(values: Mapping[str, Any], lon: Any, lat: Any) -> str:
    """16 hexadecimal characters that change when a column of the contract or the position (to 1 cm) does.

    An absent column, NULL and blanks count alike; so do no position and 0, 0.
    """
    return digest(normalised(values), lon, lat)


def digest(texts: Mapping[str, str], lon: Any, lat: Any) -> str:
    """`content_version` of columns that are already `normalised`."""
    content = [texts[column] for column in CONTENT_COLUMNS]
    content.append("" if lon is None or lat is None or lon == lat == 0 else f"{_place(lon)} {_place(lat)}")
    return hashlib.blake2b("\x1f".join(content).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def feature_version(feature: Mapping[str, Any]) -> str:
    """The version of a service given as a GeoJSON feature: the registry's own, else one made of its content."""
    properties = feature.get("properties")
    properties = properties if isinstance(properties, Mapping) else {}
    declared = clean(properties.get("version"))
    if declared:
        return declared
    geometry = feature.get("geometry")
    coordinates = geometry.get("coordinates") if isinstance(geometry, Mapping) else None
    lon, lat = coordinates[:2] if isinstance(coordinates, (list, tuple)) and len(coordinates) >= 2 else (None, None)
    return content_version(properties, lon, lat)


def _place(degrees: Any) -> str:
    return f"{degrees:.7f}" if isinstance(degrees, (int, float)) else str(degrees)


def _one_of(allowed: tuple[str, ...], value: str, otherwise: str) -> str:
    return value if value in allowed else otherwise
