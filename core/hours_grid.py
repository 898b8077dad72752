"""Many opening hours at once: which places are open, hour by hour over a week."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from .hours import MINUTES_A_DAY, WEEKDAYS, HoursError, parse
from .hours_sources import FRENCH_DAYS

_ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class WeekGrid(NamedTuple):
    """``open``: (n, 7, 24 × slots) bool, open at the start of each slot, Monday first. ``known``: (n,) bool, whether
    the hours are there and readable; where they are not, no slot is open."""

    open: np.ndarray
    known: np.ndarray


def week_grid(texts: Sequence[str | None], slots_per_hour: int = 1, week_of: dt.date | None = None) -> WeekGrid:
    """The week of each text, without holidays; each different text is read once.

    ``week_of``: the week that texts with dates are read for (this one by default). The slots must divide the hour.
    """
    different, row_of = np.unique(np.array([text or "" for text in texts], dtype=object), return_inverse=True)
    slots = 24 * slots_per_hour
    minutes = np.arange(7 * slots) * (MINUTES_A_DAY // slots)
    grid = np.zeros((len(different), 7 * slots), dtype=bool)
    known = np.zeros(len(different), dtype=bool)
    for row, text in enumerate(different):
        try:
            week = parse(text).weekly(week_of)
        except HoursError:
            continue
        known[row] = True
        for day, intervals in enumerate(week):
            for start, end in intervals:
                since = (minutes - start - day * MINUTES_A_DAY) % (7 * MINUTES_A_DAY)
                grid[row] |= since < end - start
    row_of = row_of.reshape(-1)
    return WeekGrid(grid.reshape(-1, 7, slots)[row_of], known[row_of])


def open_at(texts: Sequence[str | None], weekday: int, minute: int, week_of: dt.date | None = None) -> WeekGrid:
    """The same for one moment of the week (0 = Monday, minutes from midnight): both arrays are (n,) bool."""
    grid = week_grid(texts, 60, week_of)
    return WeekGrid(grid.open[:, weekday, minute], grid.known)


def moment_of_week(text: str) -> tuple[int, int]:
    """Weekday (0 = Monday) and minute of `Sa 10:00`, `samedi 10h`, `Saturday 18:30`. Raises `HoursError`."""
    match = re.fullmatch(r"\s*([^\W\d]+)\.?\s+(\d{1,2})\s*[:hH]\s*(\d{2})?\s*", text)
    if match:
        word, hour, minute = match[1].lower(), int(match[2]), int(match[3] or 0)
        for names in (FRENCH_DAYS, _ENGLISH_DAYS, tuple(name.lower() for name in WEEKDAYS)):
            if word in names and hour < 24 and minute < 60:
                return names.index(word), hour * 60 + minute
    raise HoursError("“{text}” is not a day and an hour; write for example: samedi 10:00.", text=text)
