"""From hours to the shortest readable text."""

from __future__ import annotations

from .model import MINUTES_A_DAY, WEEKDAYS, Interval, WeekTable, normal_week


def write_week(table: WeekTable) -> str:
    """The shortest readable text for a weekly grid; days with the same hours are named together.

    Touching and overlapping intervals are joined, see `normal_week`. A week without any hours is written `off`.
    """
    hours_of_day = [tuple(day) for day in normal_week(table.days)]
    past_midnight = any(end > MINUTES_A_DAY for hours in hours_of_day for _, end in hours)
    if all(hours == ((0, MINUTES_A_DAY),) for hours in hours_of_day):
        parts = ["24/7"]
    else:
        groups: dict[tuple[Interval, ...], list[int]] = {}
        for day, hours in enumerate(hours_of_day):
            if hours:
                groups.setdefault(hours, []).append(day)
        parts = [f"{write_days(days)} {write_intervals(hours)}" for hours, days in groups.items()] or ["off"]
    text = (", " if past_midnight else "; ").join(parts)  # after `;` a day would lose the night before it
    return text + "; PH off" if table.closed_on_public_holidays else text


def write_intervals(intervals: tuple[Interval, ...]) -> str:
    """`09:00-12:00,14:00-17:00` from minutes."""
    return ",".join(f"{_write_time(start)}-{_write_time(end, start)}" for start, end in intervals)


def quoted(comment: str) -> str:
    """A text of people's as an `opening_hours` comment: on one line, without the quotes that would end it."""
    return '"' + " ".join(comment.replace('"', "'").split()) + '"'


def write_days(days: list[int]) -> str:
    """`Mo-We,Fr` from sorted days (0 = Monday)."""
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    names = []
    for run in runs:
        ends = [WEEKDAYS[run[0]], WEEKDAYS[run[-1]]]
        names.append("-".join(ends) if len(run) > 2 else ",".join(WEEKDAYS[day] for day in run))
    return ",".join(names)


def _write_time(minute: int, start: int = -1) -> str:
    past_midnight = minute > MINUTES_A_DAY and minute - MINUTES_A_DAY <= start
    hour, rest = divmod(minute - MINUTES_A_DAY if past_midnight else minute, 60)
    return f"{hour:02d}:{rest:02d}"
