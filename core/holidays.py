"""Public and school holidays of France.

Public holidays: Code du travail, art. L3133-1; Alsace-Moselle, art. L3134-13 (its Good Friday, which the law ties to
a Protestant church in the commune, is counted everywhere there, as administrations do); overseas, the day on which
the abolition of slavery is commemorated (décret n° 83-1003, as amended). Days of mere local custom are left out.
School holidays are data: `data/school_holidays.csv`, see its header for its source and its years.
"""

from __future__ import annotations

import csv
import datetime as dt
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from dateutil.easter import easter

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

_SCHOOL_ZONES = {
    # Academies of each zone since 2016: art. D521-6 of the Code de l'éducation and the yearly arrêté.
    "A": "01 03 07 15 16 17 19 21 23 24 25 26 33 38 39 40 42 43 47 58 63 64 69 70 71 73 74 79 86 87 89 90",
    "B": "02 04 05 06 08 10 13 14 18 22 27 28 29 35 36 37 41 44 45 49 50 51 52 53 54 55 56 57 59 60 61 62 67 68 72 76 "
    "80 83 84 85 88",
    "C": "09 11 12 30 31 32 34 46 48 65 66 75 77 78 81 82 91 92 93 94 95",
}
_ZONE_OF = {departement: zone for zone, codes in _SCHOOL_ZONES.items() for departement in codes.split()}


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
    """What `PH` and `SH` mean at a place.

    ``public``: the département whose public holidays hold, empty for those of the whole country, None for none.
    ``zone``: the school zone (`A`, `B`, `C`); empty where it is not known, and then no day is a school holiday.
    """

    public: str | None = ""
    zone: str = ""

    def is_public_holiday(self, day: dt.date) -> bool:
        return self.public is not None and day in public_holidays(day.year, self.public)

    def is_school_holiday(self, day: dt.date) -> bool:
        return any(first <= day <= last for first, last in school_holidays().get(self.zone, ()))


FRANCE = Calendar()


def calendar_of(departement: str) -> Calendar:
    """The public holidays and the school zone of a département (`48`, `2A`, `974`)."""
    return Calendar(departement, _ZONE_OF.get(departement, ""))


@lru_cache(maxsize=1)
def school_holidays() -> dict[str, tuple[tuple[dt.date, dt.date], ...]]:
    """For each zone the first and last days without school of each holiday."""
    spans: dict[str, list[tuple[dt.date, dt.date]]] = {}
    with (_DATA / "school_holidays.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(line for line in lines if not line.startswith("#")):
            span = dt.date.fromisoformat(row["premier_jour"]), dt.date.fromisoformat(row["dernier_jour"])
            for zone in row["zones"].split():
                spans.setdefault(zone, []).append(span)
    return {zone: tuple(days) for zone, days in spans.items()}
