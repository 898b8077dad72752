"""Public and school holidays of France.

Public holidays: Code du travail, art. L3133-1; Alsace-Moselle, art. L3134-13 (Good Friday, which there needs a
Protestant church in the commune, is counted everywhere: services are closed); overseas, the days on which the
abolition of slavery is commemorated (décret n° 83-1003, as amended) and the local ones of law or custom that close
public services. School holidays are data: `data/school_holidays.csv`, see its header.
"""

from __future__ import annotations

import csv
import datetime as dt
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

_DATA = Path(__file__).parent / "data"
_FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
_EASTER_MONDAY, _ASCENSION, _WHIT_MONDAY, _GOOD_FRIDAY = 1, 39, 50, -2
_ALSACE_MOSELLE = ("57", "67", "68")
_ABOLITION = {
    "971": (5, 27),
    "972": (5, 22),
    "973": (6, 10),
    "974": (12, 20),
    "976": (4, 27),
    "977": (10, 9),
    "978": (5, 28),
}


def easter(year: int) -> dt.date:
    """Easter Sunday of the Gregorian calendar (the "anonymous" algorithm, Meeus, Astronomical Algorithms, ch. 8)."""
    a = year % 19
    b, c = divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return dt.date(year, month, day + 1)


@lru_cache(maxsize=512)
def public_holidays(year: int, departement: str = "") -> frozenset[dt.date]:
    """Public holidays of ``year`` in a département (`57`, `2A`, `974`); common ones only when it is empty."""
    sunday = easter(year)
    days = {dt.date(year, month, day) for month, day in _FIXED}
    days |= {sunday + dt.timedelta(days=offset) for offset in (_EASTER_MONDAY, _ASCENSION, _WHIT_MONDAY)}
    if departement in _ALSACE_MOSELLE:
        days |= {sunday + dt.timedelta(days=_GOOD_FRIDAY), dt.date(year, 12, 26)}
    if departement in _ABOLITION:
        days.add(dt.date(year, *_ABOLITION[departement]))
    return frozenset(days)


class Calendar(NamedTuple):
    """What `PH` and `SH` mean at a place: the département of its public holidays (None = none at all) and its
    school zone (`A`, `B`, `C`, a name of the table, or empty = never school holidays)."""

    public: str | None = ""
    zone: str = ""

    def is_public_holiday(self, day: dt.date) -> bool:
        return self.public is not None and day in public_holidays(day.year, self.public)

    def is_school_holiday(self, day: dt.date) -> bool:
        return any(first <= day <= last for first, last in school_holidays().get(self.zone, ()))


FRANCE = Calendar()


@lru_cache(maxsize=1)
def school_holidays() -> dict[str, tuple[tuple[dt.date, dt.date], ...]]:
    """For each zone the first and last days without school of each holiday."""
    spans: dict[str, list[tuple[dt.date, dt.date]]] = {}
    path = _DATA / "school_holidays.csv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8") as lines:
        for row in csv.DictReader(line for line in lines if not line.startswith("#")):
            span = dt.date.fromisoformat(row["premier_jour"]), dt.date.fromisoformat(row["dernier_jour"])
            for zone in row["zones"].split():
                spans.setdefault(zone, []).append(span)
    return {zone: tuple(days) for zone, days in spans.items()}
