"""Speeds of cars by the hour: a table of factors by class of road, weekday and hour, that its user fills and signs.

No table of such factors is published for all French roads by their classes: the one beside this module is neutral (1
everywhere), to be copied and filled with what a territory measures. Each row says who says it.
"""

from __future__ import annotations

import csv
import os
import re
import unicodedata
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..errors import InvalidInput
from ..spreadsheets import typed_table
from .lines import Column
from .presets.rules import parse_number

NEUTRAL = Path(__file__).with_name("presets") / "factors.csv"
OTHERS = "*"
"""The class of all roads whose class the table does not name."""
_COLUMNS = ("classe", "jours", "de", "a", "facteur", "source")
_DAYS = (
    ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
)
_DAY = 24 * 60
_MOST = 5.0
"""No hour makes cars go faster than that many times the speed of the roads: 80 is a percentage."""


class HourFactors(NamedTuple):
    """What `BuildOptions` takes of a table: the factors of one hour, and who says them."""

    factors: tuple[tuple[str, float], ...]
    source: str
    when: str = ""
    """The weekday and hour, in one way of writing; empty = no hour."""
    given: bool = True
    """Whether somebody gave the table: False for the neutral one."""


NO_HOUR = HourFactors((), "")


class _Row(NamedTuple):
    number: int
    road_class: str
    days: frozenset[int]
    begin: int
    end: int
    factor: float
    source: str

    def holds(self, weekday: int, minute: int) -> bool:
        """Whether it is of this minute; a row that passes midnight goes on the day after."""
        if self.begin < self.end:
            return weekday in self.days and self.begin <= minute < self.end
        evening, morning = minute >= self.begin, minute < self.end
        return (weekday in self.days and evening) or ((weekday - 1) % 7 in self.days and morning)


def factors_at(path: str | os.PathLike, weekday: int, minute: int) -> HourFactors:
    """The factors of a table at a minute of the day of a ``weekday`` (0 = Monday).

    Every row is read. Raises `InvalidInput` naming the row that cannot be, or two that say it of one class.
    """
    try:
        names, rows = typed_table(path)
    except (OSError, csv.Error) as error:
        raise InvalidInput("The table of factors cannot be read: {reason}", reason=error) from error
    lacking = [name for name in _COLUMNS if name not in names]
    if lacking:
        raise InvalidInput("The table of factors lacks the columns {names}.", names=", ".join(lacking))
    here: dict[str, _Row] = {}
    for row in (_read(number, cells) for number, cells in enumerate(rows, start=2)):
        if not row.holds(weekday, minute):
            continue
        other = here.setdefault(_folded(row.road_class), row)
        if other is not row:
            raise InvalidInput(
                "Rows {one} and {other} of the table of factors are of the same class and the same hour.",
                one=other.number,
                other=row.number,
            )
    sources = dict.fromkeys(row.source for row in here.values())
    return HourFactors(tuple((row.road_class, row.factor) for row in here.values()), " ; ".join(sources))


def class_factors(
    category: Column, factors: tuple[tuple[str, float], ...], at_sea: np.ndarray
) -> tuple[np.ndarray, list[str]]:
    """(L,) the factor of the class of each of L lines, 1 where none is given; the classes that no line has.

    What is said of all other roads is not said of ferries: those ``at_sea`` (L,).
    """
    table = {_folded(name): factor for name, factor in factors}
    others = table.pop(OTHERS, 1.0)
    known = {_folded(label) for label in category.labels}
    absent = [name for name, _ in factors if name != OTHERS and _folded(name) not in known]
    own = category.map(lambda label: table.get(_folded(label), np.nan), np.nan, float)
    return np.where(np.isnan(own), np.where(at_sea, 1.0, others), own), absent


def _folded(name: str) -> str:
    """The name of a class whatever its case, accents (in one character or two) and spaces."""
    apart = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(sign for sign in apart if not unicodedata.combining(sign)).split())


def _read(number: int, cells: dict[str, str]) -> _Row:
    factor = parse_number(cells["facteur"])
    days, begin, end = _days(cells["jours"]), _minute(cells["de"], 0), _minute(cells["a"], _DAY)
    if not 0 < factor <= _MOST or not days or begin is None or end is None or begin == end:
        raise InvalidInput(
            "Row {row} of the table of factors cannot be read: it needs days (lun-ven), hours (07:30, 09:00) "
            "and a factor above 0, {most} at most (0.8: a fifth slower).",
            row=number,
            most=_MOST,
        )
    if not cells["source"]:
        raise InvalidInput("Row {row} of the table of factors does not say its source.", row=number)
    return _Row(number, cells["classe"] or OTHERS, days, begin, end, factor, cells["source"])


def _days(text: str) -> frozenset[int]:
    """The weekdays of « lun-ven », « sam, dim », « monday »; all of them for nothing, none for what cannot be read."""
    days: set[int] = set()
    for part in re.split(r"[,;/]", text) if text else ["lundi-dimanche"]:
        ends = [_weekday(day.strip()) for day in part.split("-")]
        if min(ends) < 0 or len(ends) > 2:
            return frozenset()
        days.update((ends[0] + step) % 7 for step in range((ends[-1] - ends[0]) % 7 + 1))
    return frozenset(days)


def _weekday(text: str) -> int:
    """0 = Monday; -1 for what is no day, or may be two."""
    text = text.rstrip(".").casefold()
    found = {day for names in _DAYS for day, name in enumerate(names) if len(text) > 1 and name.startswith(text)}
    return found.pop() if len(found) == 1 else -1


def _minute(text: str, default: int) -> int | None:
    """The minute of the day of « 7 », « 7h30 », « 07:30:00 »; None for what is none."""
    if not text:
        return default
    written = re.fullmatch(r"(\d{1,2})(?:\s*[:h]\s*(\d{2})?)?(?::00)?", text.casefold())
    minute = int(written[1]) * 60 + int(written[2] or 0) if written else _DAY + 1
    return minute if minute <= _DAY and (not written or int(written[2] or 0) < 60) else None
