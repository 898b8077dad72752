"""What opening hours say: rules, and the state of a place at a moment that follows from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, Protocol, TypeVar

from dateutil.easter import easter

from ..errors import CartoError
from ..holidays import FRANCE, Calendar

MINUTES_A_DAY = 24 * 60
WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LONGEST_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

Interval = tuple[int, int]
"""Start and end in minutes from the midnight that opens the day; the end is past 1440 after midnight."""


class HoursError(CartoError):
    """A text that is not `opening_hours`, with the character (counted from 1) where it goes wrong."""


class State(Enum):
    """What is known of a place at a moment."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class Span(NamedTuple):
    """A stretch of one day, in minutes from its first midnight, with its state and comment."""

    start: int
    end: int
    state: State
    comment: str = ""


class WeekTable(NamedTuple):
    """What a weekly grid shows: for Monday to Sunday the intervals, and whether public holidays are closed."""

    days: tuple[tuple[Interval, ...], ...]
    closed_on_public_holidays: bool = False


@dataclass(frozen=True)
class OpeningHours:
    """Parsed hours. Make one with `parse`."""

    text: str
    rules: tuple[Rule, ...]

    def spans(self, day: dt.date, calendar: Calendar = FRANCE) -> list[Span]:
        """What holds on ``day`` from midnight to midnight, in order, without overlap."""
        spans: list[Span] = [Span(0, MINUTES_A_DAY, State.UNKNOWN)] if self.tells_closing_only else []
        for rule in self.rules:
            spans = rule.applied_to(spans, day, calendar)
        return spans

    def state(self, moment: dt.datetime, calendar: Calendar = FRANCE) -> Span:
        """The span that holds at ``moment`` (local time); a closed one when nothing does."""
        minute = moment.hour * 60 + moment.minute
        for span in self.spans(moment.date(), calendar):
            if span.start <= minute < span.end:
                return span
        return Span(minute, minute, State.CLOSED)

    def is_open(self, moment: dt.datetime, calendar: Calendar = FRANCE) -> bool:
        """Whether the place is surely open at ``moment`` (local time); opening time is within, closing time is not."""
        return self.state(moment, calendar).state is State.OPEN

    def weekly(self, week_of: dt.date | None = None) -> list[list[Interval]]:
        """Open intervals of the seven days, Monday first, in a week without any holiday.

        A night belongs to the day it starts on: (1320, 1560) is 22:00 to 02:00; see `normal_week`. Where the text
        names dates, the week is that of ``week_of`` (today's by default).
        """
        day = week_of or dt.date.today()
        monday = day - dt.timedelta(days=day.weekday())
        return normal_week([self._open_intervals(monday + dt.timedelta(days=offset)) for offset in range(7)])

    def minutes_per_week(self, year: int | None = None) -> float:
        """Open minutes a week, holidays left out. Where the text names dates: the mean over ``year`` (this one)."""
        if not self.depends_on_date:
            return float(_total(self.weekly()))
        first = dt.date(year or dt.date.today().year, 1, 4)  # always in ISO week 1
        return sum(_total(self.weekly(first + dt.timedelta(weeks=week))) for week in range(52)) / 52.0

    @property
    def depends_on_date(self) -> bool:
        """Whether two weeks without holidays may differ."""
        return any(rule.names_dates for rule in self.rules)

    @property
    def tells_closing_only(self) -> bool:
        """Whether the text says when a place is closed and never when it is open, as `PH off`: the rest is unknown."""
        return all(rule.state is State.CLOSED for rule in self.rules) and all(
            rule.selectors or rule.hours for rule in self.rules
        )

    def week_table(self) -> WeekTable | None:
        """The hours as a weekly grid, or None when a grid cannot hold all that the text says."""
        if self.tells_closing_only:
            return None
        rules = self.rules
        holidays_off = bool(rules) and rules[-1] == _PUBLIC_HOLIDAYS_OFF
        if holidays_off:
            rules = rules[:-1]
        if any(rule.names_dates or rule.names_holidays or rule.says_more_than_open for rule in rules):
            return None
        return WeekTable(tuple(tuple(day) for day in self.weekly()), holidays_off)

    def _open_intervals(self, day: dt.date) -> list[Interval]:
        spans = self.spans(day, _NO_HOLIDAY)
        return [(span.start, span.end) for span in spans if span.state is State.OPEN]


def merged(intervals: list[Interval]) -> list[Interval]:
    """The same minutes as sorted intervals that neither overlap nor touch."""
    result: list[Interval] = []
    for start, end in sorted(intervals):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def normal_week(days: Sequence[Iterable[Interval]]) -> list[list[Interval]]:
    """The same minutes of a week in one form, as a person tells them.

    Intervals neither overlap nor touch. One that lasts past midnight stays with the day it starts on when it ends by
    noon and does not follow a whole day; others are cut at midnight. Sunday night flows into Monday.
    """
    cut = _calendar_days(days)
    week = [list(day) for day in cut]
    for day in range(7):
        following = (day + 1) % 7
        evening, morning = cut[day][-1:], cut[following][:1]
        if evening and morning and evening[0][1] == MINUTES_A_DAY and morning[0][0] == 0:
            whole_day = evening[0][0] == 0
            if morning[0][1] <= MINUTES_A_DAY // 2 and not whole_day:
                week[day][-1] = (evening[0][0], MINUTES_A_DAY + morning[0][1])
                week[following].remove(morning[0])
    return week


def _calendar_days(days: Sequence[Iterable[Interval]]) -> list[list[Interval]]:
    """Intervals cut at midnight, for each day of the week."""
    cut: list[list[Interval]] = [[] for _ in range(7)]
    for day, intervals in enumerate(days):
        for start, end in intervals:
            cut[day].append((start, min(end, MINUTES_A_DAY)))
            if end > MINUTES_A_DAY:
                cut[(day + 1) % 7].append((0, end - MINUTES_A_DAY))
    return [merged(day) for day in cut]


def _total(week: list[list[Interval]]) -> int:
    return sum(end - start for day in week for start, end in day)


# --- Rules: which days, which hours, which state -----------------------------------------------------------------


class Join(Enum):
    NORMAL = ";"
    ADDITIONAL = ","
    FALLBACK = "||"


class Weekdays(NamedTuple):
    first: int
    last: int
    nth: tuple[int, ...] = ()  # 1 = first of the month, -1 = last; empty = all

    def holds_on(self, day: dt.date, calendar: Calendar) -> bool:
        weekday = day.weekday()
        if not _within(weekday, self.first, self.last):
            return False
        if not self.nth:
            return True
        from_end = -((_days_in_month(day) - day.day) // 7 + 1)
        return (day.day - 1) // 7 + 1 in self.nth or from_end in self.nth


class Holidays(NamedTuple):
    school: bool

    def holds_on(self, day: dt.date, calendar: Calendar) -> bool:
        return calendar.is_school_holiday(day) if self.school else calendar.is_public_holiday(day)


class DayOfYear(NamedTuple):
    """A date with or without a year; `easter` is month 0 and ``day`` days after Easter Sunday.

    With ``nth`` (1 = first, -1 = last) it is that ``weekday`` of the month, and ``day`` is 0.
    """

    month: int
    day: int
    year: int | None = None
    weekday: int = 0
    nth: int = 0

    def in_year(self, year: int) -> tuple[int, int, int]:
        if self.nth:
            return (year, self.month, _nth_weekday(year, self.month, self.weekday, self.nth))
        if self.month:
            return (year, self.month, self.day)
        moved = easter(year) + dt.timedelta(days=self.day)
        return (moved.year, moved.month, moved.day)


class Dates(NamedTuple):
    first: DayOfYear
    last: DayOfYear

    def holds_on(self, day: dt.date, calendar: Calendar) -> bool:
        today = (day.year, day.month, day.day)
        if self.first.year is None:
            first, last = self.first.in_year(day.year), self.last.in_year(day.year)
            return _within(today, first, last)
        first = self.first.in_year(self.first.year)
        last = self.last.in_year(self.last.year if self.last.year is not None else self.first.year)
        if last < first and self.last.year is None:
            last = self.last.in_year(self.first.year + 1)
        return first <= today <= last


class Years(NamedTuple):
    first: int
    last: int
    step: int = 1

    def holds_on(self, day: dt.date, calendar: Calendar) -> bool:
        return self.first <= day.year <= self.last and (day.year - self.first) % self.step == 0


class Weeks(NamedTuple):
    first: int
    last: int
    step: int

    def holds_on(self, day: dt.date, calendar: Calendar) -> bool:
        week = day.isocalendar()[1]
        return self.first <= week <= self.last and (week - self.first) % self.step == 0


class Selector(Protocol):
    """What a rule is restricted to: some days."""

    def holds_on(self, day: dt.date, calendar: Calendar) -> bool: ...


class Rule(NamedTuple):
    """``selectors``: all groups must hold, each through any of its members. No ``hours`` = the whole day."""

    join: Join
    selectors: tuple[tuple[Selector, ...], ...]
    hours: tuple[Span, ...]
    state: State
    comment: str

    def holds_on(self, day: dt.date, calendar: Calendar) -> bool:
        return all(any(member.holds_on(day, calendar) for member in group) for group in self.selectors)

    def applied_to(self, spans: list[Span], day: dt.date, calendar: Calendar) -> list[Span]:
        """What holds on ``day`` once this rule has spoken; a night that began the day before speaks too."""
        today = self.holds_on(day, calendar)
        hours = self.hours or (Span(0, MINUTES_A_DAY, self.state, self.comment),)
        said = [span._replace(end=min(span.end, MINUTES_A_DAY)) for span in hours if today]
        if hours[-1].end > MINUTES_A_DAY and day > dt.date.min and self.holds_on(day - dt.timedelta(days=1), calendar):
            said += [_next_day(span) for span in hours if span.end > MINUTES_A_DAY]
            said = first_said(said)
        if self.join is Join.FALLBACK:
            return spans if self.state is State.CLOSED else sorted(spans + _without(said, spans), key=_by_start)
        if self.state is State.CLOSED:
            return _without(spans, said)
        if self.join is Join.NORMAL and today:
            spans = []
        return sorted(_without(spans, said) + said, key=_by_start)

    @property
    def names_dates(self) -> bool:
        members = [member for group in self.selectors for member in group]
        return any(isinstance(member, (Dates, Years, Weeks)) or getattr(member, "nth", ()) for member in members)

    @property
    def names_holidays(self) -> bool:
        return any(isinstance(member, Holidays) for group in self.selectors for member in group)

    @property
    def says_more_than_open(self) -> bool:
        uncertain = any(span.state is State.UNKNOWN for span in self.hours)
        return bool(self.comment) or self.state is State.UNKNOWN or uncertain


_PUBLIC_HOLIDAYS_OFF = Rule(Join.NORMAL, ((Holidays(school=False),),), (), State.CLOSED, "")
_NO_HOLIDAY = Calendar(public=None)


def _without(spans: list[Span], holes: list[Span] | tuple[Span, ...]) -> list[Span]:
    for hole in holes:
        kept = []
        for span in spans:
            if span.end <= hole.start or hole.end <= span.start:
                kept.append(span)
                continue
            if span.start < hole.start:
                kept.append(span._replace(end=hole.start))
            if hole.end < span.end:
                kept.append(span._replace(start=hole.end))
        spans = kept
    return list(spans)


def _next_day(span: Span) -> Span:
    return span._replace(start=max(span.start - MINUTES_A_DAY, 0), end=span.end - MINUTES_A_DAY)


def _by_start(span: Span) -> int:
    return span.start


_Ordered = TypeVar("_Ordered", int, "tuple[int, int, int]")


def _within(value: _Ordered, first: _Ordered, last: _Ordered) -> bool:
    """In a range that may turn around the end of the week or of the year."""
    return first <= value <= last if first <= last else value >= first or value <= last


def _days_in_month(day: dt.date) -> int:
    following = day.replace(day=28) + dt.timedelta(days=4)
    return (following - dt.timedelta(days=following.day)).day


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> int:
    """The day of the n-th such weekday of a month, -1 for the last; a fifth that a month has not is past its end."""
    first = dt.date(year, month, 1)
    if nth > 0:
        return 1 + (weekday - first.weekday()) % 7 + 7 * (nth - 1)
    last = _days_in_month(first)
    return last - (first.replace(day=last).weekday() - weekday) % 7 + 7 * (nth + 1)


def first_said(spans: list[Span]) -> list[Span]:
    """The same spans without overlap: open wins over unknown, then the first said."""
    result: list[Span] = []
    for span in sorted(spans, key=lambda span: span.state is State.UNKNOWN):
        result.extend(_without([span], result))
    return sorted(result, key=_by_start)
