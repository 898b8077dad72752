"""When places are open on one day, in seconds since its midnight."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from ..holidays import FRANCE, Calendar
from ..hours import HoursError, OpeningHours, State
from ..hours import parse as parse_hours

MINUTES_A_DAY = 1440
Intervals = list[tuple[float, float]]


def open_intervals(
    hours: Sequence[str], day: date, until: float = 86400.0, calendar: Calendar = FRANCE
) -> list[Intervals | None]:
    """The open intervals of each place on ``day``, and on the next up to ``until`` seconds.

    None where hours are empty, cannot be read, or say no more than « perhaps » on the day itself.
    """
    known = {text: _of_text(text, day, until, calendar) for text in set(hours)}
    return [known[text] for text in hours]


def _of_text(text: str, day: date, until: float, calendar: Calendar) -> Intervals | None:
    if not text.strip():
        return None
    try:
        hours = parse_hours(text)
    except HoursError:
        return None
    spans = hours.spans(day, calendar)
    is_open = [(span.start, span.end) for span in spans if span.state is State.OPEN]
    if not is_open and any(span.state is State.UNKNOWN for span in spans):
        return None
    if until > 86400.0:
        is_open += _next_day(hours, day, calendar)
    return _joined([(60.0 * start, 60.0 * end) for start, end in is_open])


def _next_day(hours: OpeningHours, day: date, calendar: Calendar) -> list[tuple[int, int]]:
    spans = hours.spans(day + timedelta(days=1), calendar)
    return [(s.start + MINUTES_A_DAY, s.end + MINUTES_A_DAY) for s in spans if s.state is State.OPEN]


def _joined(intervals: Intervals) -> Intervals:
    """Ascending, those that touch in one."""
    joined: Intervals = []
    for start, end in sorted(intervals):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
