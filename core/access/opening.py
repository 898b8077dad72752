"""Which places are open at a moment, and the week as a table of weekday × hour.

Hours are opening_hours texts. A place whose hours are empty or unreadable is « unknown »: it is for the caller to say
whether it counts; the number of such places is always given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple, Union

import numpy as np

from ..errors import InvalidInput
from ..holidays import Calendar
from ..hours import HoursError, OpeningHours, State
from ..hours import parse as parse_hours
from ..thresholds import within
from .costs import CostBlock
from .weights import exact_weights

DAYS_FR = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
DAYS_EN = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MINUTES_A_WEEK = 7 * 24 * 60
NO_HOLIDAY = Calendar(public=None)


class MomentError(InvalidInput):
    """A weekday and hour that cannot be read."""


class WeekMoment(NamedTuple):
    """A moment of this week as if it had no holiday: ``weekday`` 0 = Monday, ``minute`` of the day."""

    weekday: int
    minute: int


Moment = Union[WeekMoment, datetime]


class Opening(NamedTuple):
    """``open`` (n,) and ``unknown`` (n,) bool: a place is open, closed (neither), or of unknown hours."""

    open: np.ndarray
    unknown: np.ndarray


def parse_moment(text: str) -> Moment:
    """Read ``samedi 10:00``, ``sa 10h``, ``Sa 10:00``, ``saturday 18:30`` or an ISO date and time.

    A weekday and hour mean an ordinary week, a date means that very day with its holidays. Raises `MomentError`.
    """
    text = text.strip()
    written = re.fullmatch(r"([^\W\d]{2,})\.?\s+(\d{1,2})(?:\s*[:h]\s*(\d{2})?)?", text, re.IGNORECASE)
    if written:
        day, hour, minute = written.group(1).lower(), int(written.group(2)), int(written.group(3) or 0)
        weekdays = [i for i in range(7) if DAYS_FR[i].startswith(day) or DAYS_EN[i].startswith(day)]
        if len(weekdays) == 1 and hour < 24 and minute < 60:
            return WeekMoment(weekdays[0], hour * 60 + minute)
    elif re.match(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}", text):
        try:
            return datetime.fromisoformat(text).replace(tzinfo=None)
        except ValueError:
            pass
    raise MomentError(
        "OPEN_AT “{text}” cannot be read; expected a weekday and an hour such as “samedi 10:00”, or 2026-11-28T10:00.",
        text=text,
    )


def opening_at(hours: Sequence[str], moment: Moment) -> Opening:
    """Which places are open at ``moment``, from their opening_hours texts (n).

    Hours that only say "perhaps" at that moment ("on appointment") are unknown.
    """
    states = {text: _state(reader, moment) for text, reader in _readers(hours).items()}
    return Opening(
        open=np.array([states[text] is State.OPEN for text in hours], dtype=bool),
        unknown=np.array([states[text] is State.UNKNOWN for text in hours], dtype=bool),
    )


def _readers(hours: Sequence[str]) -> dict[str, OpeningHours | None]:
    """Each different text, read once; None where it is empty or cannot be read."""
    readers: dict[str, OpeningHours | None] = {}
    for text in set(hours):
        try:
            readers[text] = parse_hours(text) if text.strip() else None
        except HoursError:
            readers[text] = None
    return readers


def _state(hours: OpeningHours | None, moment: Moment) -> State:
    if hours is None:
        return State.UNKNOWN
    if isinstance(moment, datetime):
        return hours.state(moment).state
    monday = date.today() - timedelta(days=date.today().weekday())
    this_week = datetime.combine(monday, time()) + timedelta(days=moment.weekday, minutes=moment.minute)
    return hours.state(this_week, NO_HOLIDAY).state


def _open_minutes(hours: OpeningHours) -> np.ndarray:
    """(10080,) bool: the minutes of an ordinary week, from Monday 0:00, during which the place is open."""
    minutes = np.zeros(2 * MINUTES_A_WEEK, dtype=bool)
    for weekday, periods in enumerate(hours.weekly()):
        for start, end in periods:
            midnight = weekday * 24 * 60
            minutes[midnight + start : midnight + end] = True  # the end may lie past midnight
    return minutes[:MINUTES_A_WEEK] | minutes[MINUTES_A_WEEK:]


def open_hours(hours: Sequence[str]) -> Opening:
    """The week of each place: ``open`` (n, 168), hours from Monday 0–1 h; ``unknown`` (n,).

    A place counts for an hour when it is open at least half of it, in one or several times.
    """
    readers = _readers(hours)
    weeks = {
        text: _open_minutes(reader).reshape(168, 60).sum(axis=1) >= 30
        for text, reader in readers.items()
        if reader is not None
    }
    nothing = np.zeros(168, dtype=bool)
    return Opening(
        open=np.array([weeks.get(text, nothing) for text in hours], dtype=bool).reshape(-1, 168),
        unknown=np.array([text not in weeks for text in hours], dtype=bool),
    )


def heat_table(
    blocks: Iterable[CostBlock], weight: np.ndarray, open_by_hour: np.ndarray, threshold: float
) -> np.ndarray:
    """Weight (7, 24) of the demand that has a place open within ``threshold``, by weekday and hour.

    ``blocks`` give the costs from demand (n) to places (m); ``open_by_hour`` (m, 168) is as in `open_hours`.
    """
    together = np.zeros(len(weight), dtype=int)
    return heat_by_zone(blocks, weight, together, 1, open_by_hour, threshold)[0].reshape(7, 24)


def heat_by_zone(
    blocks: Iterable[CostBlock],
    weight: np.ndarray,
    zone: np.ndarray,
    zones: int,
    open_by_hour: np.ndarray,
    threshold: float,
) -> np.ndarray:
    """Weight (``zones``, 168) of the demand of each zone that has a place open within ``threshold``, by hour.

    ``zone`` (n,) in 0 … ``zones`` - 1; the others as for `heat_table`.
    """
    weight = exact_weights(weight)
    # Most hours look like another one: each pattern of open places is counted once.
    patterns, pattern_of = np.unique(open_by_hour, axis=1, return_inverse=True)
    served = np.zeros((len(weight), patterns.shape[1]), dtype=bool)
    for block in blocks:
        near = within(block.cost, threshold).astype(np.float32)
        served[block.origins] |= near @ patterns[block.destinations].astype(np.float32) > 0
    by_pattern = [np.bincount(zone, weights=weight * column, minlength=zones) for column in served.T]
    return np.stack(by_pattern, axis=1)[:, pattern_of.ravel()]
