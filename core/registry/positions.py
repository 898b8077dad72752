"""Positions that cannot be right. They are flagged, and left as they came."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from ..messages import msg
from ..outlines import FARTHEST_OUTSIDE, Outlines, shipped
from ..services import Service, ServiceRecord
from .places import plain_number

ANOMALIES = {
    "sans_position": msg("No position"),
    "position_illisible": msg("Position that cannot be read"),
    "position_nulle": msg("Position 0, 0"),
    "position_projetee": msg("Projected coordinates (Lambert, UTM…) where degrees should be"),
    "lon_egale_lat": msg("Longitude equal to latitude"),
    "axes_inverses": msg("Longitude and latitude exchanged"),
    "axes_retablis": msg("Longitude and latitude exchanged in the source, put back here"),
    "signe_inverse": msg("Wrong sign of longitude or latitude"),
    "hors_commune": msg("Outside its commune"),
    "hors_france": msg("Outside France"),
    "horaires_douteux": msg("Opening hours that are partly unreadable or contradictory"),
    "code_douteux": msg("A code (INSEE, postcode or SIRET) that lost digits or has none of the forms known"),
    "date_douteuse": msg("A date that is not understood, or not surely"),
}
"""Codes of the column `anomalie` (several are parted by `;`), and what they mean."""

JUDGED_BY = "outlines of 2026"
"""What positions are compared with. Files judged by something else are read again in full."""

MISPLACED = ("lon_egale_lat", "axes_inverses", "signe_inverse", "hors_commune", "hors_france")
"""Codes of positions that are kept, and wrong."""

Box = tuple[float, float, float, float]
# west, south, east, north in degrees, generous by some kilometres; by the first characters of the INSEE code.
_MAINLAND: Box = (-5.6, 41.2, 9.8, 51.3)
_OVERSEAS: dict[str, Box] = {
    "971": (-61.95, 15.7, -60.9, 16.65),
    "972": (-61.4, 14.3, -60.7, 15.0),
    "973": (-54.8, 2.0, -51.4, 6.0),
    "974": (55.1, -21.5, 55.95, -20.8),
    "975": (-56.6, 46.6, -56.0, 47.3),
    "976": (44.9, -13.1, 45.4, -12.5),
    "977": (-63.05, 17.8, -62.7, 18.05),
    "978": (-63.25, 18.0, -62.9, 18.2),
    "984": (39.0, -90.0, 143.0, -11.0),
    "986": (-178.4, -14.5, -176.0, -13.0),
    "987": (-155.0, -28.2, -134.0, -7.0),
    "988": (158.0, -23.2, 172.5, -17.5),
    "989": (-109.4, 10.1, -109.0, 10.5),
}
_ABROAD = "99"


class Position(NamedTuple):
    """A position in degrees (None where there is none), and what is odd about it (a key of `ANOMALIES`, or empty)."""

    lon: float | None
    lat: float | None
    anomalie: str


def examine(lon: Any, lat: Any, code_insee: str, outlines: Outlines | None = None) -> Position:
    """What can be made of a longitude and a latitude (numbers or texts) given for a place of a commune.

    0, 0 stands for "unknown" in the producers' bases: it gives no position. Others stay where they are.
    ``outlines`` of the communes: those that come with the plugin when None.
    """
    if lon is None or lat is None or lon == "" or lat == "":
        return Position(None, None, "sans_position")
    try:
        x, y = float(plain_number(lon)), float(plain_number(lat))
    except (TypeError, ValueError, OverflowError):
        return Position(None, None, "position_illisible")
    if x == 0.0 and y == 0.0:
        return Position(None, None, "position_nulle")
    if not (math.isfinite(x) and math.isfinite(y) and abs(x) <= 180.0 and abs(y) <= 180.0):
        return Position(None, None, "position_projetee" if _are_projected(x, y) else "position_illisible")
    return Position(x, y, "lon_egale_lat" if x == y else _misplaced(x, y, code_insee, outlines or shipped()))


def judged_by(outlines: Outlines, records: Iterable[ServiceRecord]) -> Iterator[ServiceRecord]:
    """The records, their place in or out of their commune from other outlines; what else is odd stays said."""
    for record in records:
        if isinstance(record, Service) and record.lon is not None:
            found = examine(record.lon, record.lat, record.code_insee, outlines).anomalie
            codes = [code for code in record.anomalie.split(";") if code and code not in MISPLACED]
            record = replace(record, anomalie=";".join([*codes, found] if found else codes))
        yield record


def is_near(lon: Any, lat: Any, code_insee: str) -> bool:
    """Whether a position is in the part of France (mainland, one overseas territory) where a commune's code says."""
    try:
        return _in_one(_areas(code_insee), float(lon), float(lat))
    except (TypeError, ValueError):
        return False


def _are_projected(x: float, y: float) -> bool:
    """Metres of any French projection: eastings up to 1 300 km (CC, Lambert, UTM), northings up to 10 000 km."""
    return 1e3 < abs(x) < 8e6 and 1e4 < abs(y) < 1.1e7


def _misplaced(lon: float, lat: float, code_insee: str, outlines: Outlines) -> str:
    if code_insee.startswith(_ABROAD):
        return ""  # a country, of which nothing is known here
    areas = _areas(code_insee)

    def is_there(x: float, y: float) -> bool:
        metres = outlines.metres_outside(code_insee, x, y) if code_insee else None
        return _in_one(areas, x, y) if metres is None else metres <= FARTHEST_OUTSIDE

    if is_there(lon, lat):
        return ""
    if is_there(lat, lon) or (_in_one(areas, lat, lon) and not _in_one(areas, lon, lat)):
        return "axes_inverses"
    if any(is_there(x, y) for x, y in ((-lon, lat), (lon, -lat), (-lon, -lat))):
        return "signe_inverse"
    return "hors_commune" if code_insee else "hors_france"


def _areas(code_insee: str) -> tuple[Box, ...]:
    """Where a commune can be: one part of France, or any when the code is unknown."""
    if not code_insee:
        return (_MAINLAND, *_OVERSEAS.values())
    return (_OVERSEAS.get(code_insee[:3], _MAINLAND),)


def _in_one(areas: tuple[Box, ...], lon: float, lat: float) -> bool:
    return any(west <= lon <= east and south <= lat <= north for west, south, east, north in areas)
