"""The address of a place shown on the map, from the Géoplateforme's geocoder (IGN, no key)."""

from __future__ import annotations

from typing import Any

import requests

from ..http import MEGABYTE, exchange, read_json

GEOCODER = "https://data.geopf.fr/geocodage"
FARTHEST = 100.0
"""Metres: an address farther away than this is not that of the place; its commune may still be."""

_TIMEOUT = (4.0, 8.0)
_IN_THE_STREET = ("housenumber", "street", "locality")


def address_at(session: requests.Session, lon: float, lat: float, server: str = GEOCODER) -> dict[str, str]:
    """Columns of a service (`adresse`, `code_postal`, `commune`, `code_insee`) at a position; empty without any.

    Asks ``/reverse``, whose answer is GeoJSON. Raises `requests.RequestException` and the errors of `core.http`.
    """
    server = server.rstrip("/")
    params = {"lon": f"{lon:.7f}", "lat": f"{lat:.7f}", "limit": "1"}
    with exchange(session, "GET", f"{server}/reverse", base_url=server, params=params, timeout=_TIMEOUT) as response:
        response.raise_for_status()
        return _columns(read_json(response, MEGABYTE))


def _columns(document: Any) -> dict[str, str]:
    features = document.get("features") if isinstance(document, dict) else None
    found = features[0].get("properties") if isinstance(features, list) and features else None
    if not isinstance(found, dict):
        return {}
    columns = {"code_postal": "postcode", "commune": "city", "code_insee": "citycode"}
    address = {column: found[name] for column, name in columns.items() if isinstance(found.get(name), str)}
    distance = found.get("distance")
    is_near = not isinstance(distance, (int, float)) or distance <= FARTHEST
    if is_near and found.get("type") in _IN_THE_STREET and isinstance(found.get("name"), str):
        address["adresse"] = found["name"]
    return address
