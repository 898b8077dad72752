"""When a place is open: the part of OSM `opening_hours` that public services use, read exactly.

Reference: https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification. Understood: week days, lists and ranges,
the n-th of a month (`Tu[1,3]`, `Fr[-1]`), `PH` and `SH`, several intervals a day, past midnight (`22:00-02:00`,
`22:00-26:00`), open end (`17:00+`), years, months, dates, `easter`, weeks and their parity (`week 02-52/2`), `24/7`,
`open`, `off`, `closed`, `unknown`, comments in quotes, and the three ways to chain rules:

- `;` a rule that is open or unknown and names days replaces what was said of these days; `off` takes its time away;
- `,` the rule adds to what was said;
- `||` the rule holds only where nothing before it said open or unknown.

As in the specification a comment without `open` means "perhaps": the state is unknown. As in its evaluators a rule
speaks of calendar days, so that in `Fr 22:00-02:00; Sa off` nothing is open on Saturday; write
`Fr 22:00-02:00, Sa 10:00-12:00` to keep the night. Sunrise and sunset are refused.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from dateutil.easter import easter

from .errors import CartoError
from .holidays import FRANCE, Calendar

MINUTES_A_DAY = 24 * 60
WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

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
    rules: tuple[_Rule, ...]

    def spans(self, day: dt.date, calendar: Calendar = FRANCE) -> list[Span]:
        """What holds on ``day`` from midnight to midnight, in order, without overlap."""
        spans: list[Span] = []
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

        A night is told with the day it starts on: (1320, 1560) is 22:00 to 02:00; see `normal_week`. Where the text
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

    def week_table(self) -> WeekTable | None:
        """The hours as a weekly grid, or None when a grid cannot hold all that the text says."""
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


@lru_cache(maxsize=8192)
def parse(text: str) -> OpeningHours:
    """Read an `opening_hours` text. Raises `HoursError`."""
    return OpeningHours(text, _Parser(text).rules())


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


def _total(week: list[list[Interval]]) -> int:
    return sum(end - start for day in week for start, end in day)


# --- Rules: which days, which hours, which state -----------------------------------------------------------------


class _Join(Enum):
    NORMAL = ";"
    ADDITIONAL = ","
    FALLBACK = "||"


class _Weekday(NamedTuple):
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


class _Holiday(NamedTuple):
    school: bool

    def holds_on(self, day: dt.date, calendar: Calendar) -> bool:
        return calendar.is_school_holiday(day) if self.school else calendar.is_public_holiday(day)


class _DayOfYear(NamedTuple):
    """A date with or without a year; `easter` is month 0 and ``day`` days after Easter Sunday."""

    month: int
    day: int
    year: int | None = None

    def in_year(self, year: int) -> tuple[int, int, int]:
        if self.month:
            return (year, self.month, self.day)
        moved = easter(year) + dt.timedelta(days=self.day)
        return (moved.year, moved.month, moved.day)


class _Dates(NamedTuple):
    first: _DayOfYear
    last: _DayOfYear

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


class _Years(NamedTuple):
    first: int
    last: int

    def holds_on(self, day: dt.date, calendar: Calendar) -> bool:
        return self.first <= day.year <= self.last


class _Weeks(NamedTuple):
    first: int
    last: int
    step: int

    def holds_on(self, day: dt.date, calendar: Calendar) -> bool:
        week = day.isocalendar()[1]
        return self.first <= week <= self.last and (week - self.first) % self.step == 0


class _Rule(NamedTuple):
    """``selectors``: all groups must hold, each through any of its members. No ``hours`` = the whole day."""

    join: _Join
    selectors: tuple[tuple[NamedTuple, ...], ...]
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
            said = _first_said(said)
        if self.join is _Join.FALLBACK:
            return spans if self.state is State.CLOSED else sorted(spans + _without(said, spans), key=_by_start)
        if self.state is State.CLOSED:
            return _without(spans, said)
        if self.join is _Join.NORMAL and self.selectors and today:
            spans = []
        return sorted(_without(spans, said) + said, key=_by_start)

    @property
    def names_dates(self) -> bool:
        members = [member for group in self.selectors for member in group]
        return any(isinstance(member, (_Dates, _Years, _Weeks)) or getattr(member, "nth", ()) for member in members)

    @property
    def names_holidays(self) -> bool:
        return any(isinstance(member, _Holiday) for group in self.selectors for member in group)

    @property
    def says_more_than_open(self) -> bool:
        uncertain = any(span.state is State.UNKNOWN for span in self.hours)
        return bool(self.comment) or self.state is State.UNKNOWN or uncertain


_PUBLIC_HOLIDAYS_OFF = _Rule(_Join.NORMAL, ((_Holiday(school=False),),), (), State.CLOSED, "")
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


def _within(value, first, last) -> bool:
    """In a range that may turn around the end of the week or of the year."""
    return first <= value <= last if first <= last else value >= first or value <= last


def _days_in_month(day: dt.date) -> int:
    following = day.replace(day=28) + dt.timedelta(days=4)
    return (following - dt.timedelta(days=following.day)).day


# --- The parser --------------------------------------------------------------------------------------------------


class _Token(NamedTuple):
    kind: str
    text: str
    position: int  # from 1


_TOKEN = re.compile(
    r'(?P<comment>"[^"]*")|(?P<always>24/7)|(?P<time>\d{1,2}:\d{2}(?!\d))|(?P<year>(?:19|20|21)\d{2}(?!\d))'
    r"|(?P<number>\d{1,6})|(?P<word>[A-Za-z]+)|(?P<mark>\|\||[-,;:/+\[\]])|(?P<space>\s+)",
    re.ASCII,
)
_STATES = {"open": State.OPEN, "off": State.CLOSED, "closed": State.CLOSED, "unknown": State.UNKNOWN}
_VARIABLE_TIMES = ("sunrise", "sunset", "dawn", "dusk")
_END = "end"
_MOST_DAYS_FROM_EASTER = 366


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._at = 0

    def rules(self) -> tuple[_Rule, ...]:
        rules = []
        join = _Join.NORMAL
        while True:
            if self._here.kind != _END and not self._is(";"):
                rules.append(self._rule(join))
            if self._here.kind == _END:
                break
            in_fallback = join is _Join.FALLBACK
            join = self._join()
            if in_fallback and join is _Join.ADDITIONAL:
                join = _Join.FALLBACK  # what is added to a fallback is one too
        if not rules:
            raise HoursError("The opening hours are empty.")
        return tuple(rules)

    def _join(self) -> _Join:
        token = self._here
        if token.text not in (";", ",", "||"):
            raise self._unexpected()
        self._at += 1
        return _Join(token.text)

    def _rule(self, join: _Join) -> _Rule:
        start = self._at
        if self._take_kind("always"):
            selectors, hours = (), [(0, MINUTES_A_DAY, False)]
        else:
            selectors, hours = self._selectors(), self._hours()
        state, comment = self._modifier()
        if self._at == start:
            raise self._unexpected()
        spans = []
        for first, last, open_end in hours:
            if open_end and last > first:
                spans.append(Span(first, last, state, comment))
                first = last
            uncertain = open_end and state is State.OPEN
            end = max(MINUTES_A_DAY, first) if open_end else last
            if end > first:
                spans.append(Span(first, end, State.UNKNOWN if uncertain else state, comment))
        return _Rule(join, selectors, tuple(_first_said(spans)), state, comment)

    def _selectors(self) -> tuple[tuple[NamedTuple, ...], ...]:
        groups: list[tuple[NamedTuple, ...]] = []
        days_named = False
        while True:
            if self._here.kind == "year" and not days_named:  # after a day it would be 1900 meant as 19:00
                groups.append(self._years_or_dates())
            elif self._is_month() or self._is_word("easter"):
                groups.append(self._list(self._dates, self._is_date_start))
            elif self._is_word("week"):
                self._at += 1
                groups.append(self._list(self._weeks, lambda: self._here.kind == "number"))
            elif self._is_day():
                days_named = True
                groups.append(self._list(self._day, self._is_day))
            elif groups and self._is(":"):
                self._at += 1
            else:
                return tuple(groups)

    def _list(self, read, starts) -> tuple[NamedTuple, ...]:
        members = list(read())
        while self._is(",") and self._ahead(starts):
            self._at += 1
            members.extend(read())
        return tuple(members)

    def _years_or_dates(self) -> tuple[NamedTuple, ...]:
        if self._ahead(lambda: self._is_month() or self._is_word("easter")):
            return self._list(self._dates, self._is_date_start)
        return self._list(self._years, lambda: self._here.kind == "year")

    def _years(self) -> list[_Years]:
        first = int(self._expect("year").text)
        if self._take("+"):
            return [_Years(first, dt.MAXYEAR)]
        last = int(self._expect("year").text) if self._take("-") else first
        return [_Years(first, last)]

    def _dates(self) -> list[_Dates]:
        """`Jul`, `Jul-Aug`, `Jul 14`, `Dec 24-26,31`, `Dec 24-Jan 02`, `2026 Dec 24-2027 Jan 02`, `easter +1 day`."""
        first = self._day_of_year(is_end=False)
        whole_month = first.day == 0
        spans = []
        if self._take("-"):
            if self._here.kind == "number" and not whole_month:
                last = first._replace(day=self._day_number(first.month))
            else:
                last = self._day_of_year(is_end=True)
            spans.append(_Dates(_month_start(first), _month_end(last)))
        else:
            spans.append(_Dates(_month_start(first), _month_end(first)))
        while not whole_month and first.month and self._is(",") and self._ahead(lambda: self._here.kind == "number"):
            self._at += 1
            day = first._replace(day=self._day_number(first.month))
            last = first._replace(day=self._day_number(first.month)) if self._take("-") else day
            spans.append(_Dates(day, last))
        return spans

    def _day_of_year(self, is_end: bool) -> _DayOfYear:
        year = int(self._next().text) if self._here.kind == "year" else None
        if self._is_word("easter"):
            self._at += 1
            return _DayOfYear(0, self._easter_offset(), year)
        if not self._is_month():
            raise self._unexpected()
        month = _index(MONTHS, self._next().text) + 1
        has_day = self._here.kind == "number"
        return _DayOfYear(month, self._day_number(month) if has_day else 0, year)

    def _easter_offset(self) -> int:
        if not (self._is("+") or self._is("-")):
            return 0
        if not self._ahead(lambda: self._here.kind == "number"):
            return 0
        sign = 1 if self._next().text == "+" else -1
        token = self._next()
        days = int(token.text)
        if days > _MOST_DAYS_FROM_EASTER:
            raise HoursError(
                "Opening hours: “{found}” at character {position} is not a number of days from Easter.",
                found=token.text,
                position=token.position,
            )
        if not (self._is_word("day") or self._is_word("days")):
            raise self._unexpected()
        self._at += 1
        return sign * days

    def _day_number(self, month: int) -> int:
        token = self._expect("number")
        if not (month and 1 <= int(token.text) <= _LONGEST[month - 1]):
            raise HoursError(
                "Opening hours: “{found}” at character {position} is not a day of that month.",
                found=token.text,
                position=token.position,
            )
        return int(token.text)

    def _weeks(self) -> list[_Weeks]:
        first = self._week_number()
        last = self._week_number() if self._take("-") else first
        if not self._take("/"):
            return [_Weeks(first, last, 1)]
        if not self._here.text.strip("0"):
            raise self._unexpected()
        return [_Weeks(first, last, int(self._expect("number").text))]

    def _week_number(self) -> int:
        token = self._expect("number")
        if not 1 <= int(token.text) <= 53:
            raise HoursError(
                "Opening hours: “{found}” at character {position} is not a week of the year (1 to 53).",
                found=token.text,
                position=token.position,
            )
        return int(token.text)

    def _day(self) -> list[NamedTuple]:
        word = self._next().text
        if word.upper() in ("PH", "SH"):
            return [_Holiday(school=word.upper() == "SH")]
        first = last = _index(WEEKDAYS, word)
        if self._is("-") and self._ahead(self._is_weekday):
            self._at += 1
            last = _index(WEEKDAYS, self._next().text)
        return [_Weekday(first, last, self._nth() if self._take("[") else ())]

    def _nth(self) -> tuple[int, ...]:
        chosen: list[int] = []
        while True:
            sign = -1 if self._take("-") else 1
            first = last = self._ordinal()
            if sign > 0 and self._take("-"):
                last = self._ordinal()
            chosen.extend(sign * number for number in range(first, last + 1))
            if self._take("]"):
                return tuple(chosen)
            if not self._take(","):
                raise self._unexpected()

    def _ordinal(self) -> int:
        if self._here.kind != "number" or not 1 <= int(self._here.text) <= 5:
            raise self._unexpected()
        return int(self._next().text)

    def _hours(self) -> list[tuple[int, int, bool]]:
        hours: list[tuple[int, int, bool]] = []
        while self._here.kind == "time" or self._here.text.lower() in _VARIABLE_TIMES:
            hours.append(self._interval())
            if not (self._is(",") and self._ahead(lambda: self._here.kind == "time")):
                break
            self._at += 1
        return hours

    def _interval(self) -> tuple[int, int, bool]:
        start = self._time(latest=MINUTES_A_DAY)
        if self._take("+"):
            return start, start, True
        if not self._take("-"):
            raise self._unexpected()
        end = self._time(latest=2 * MINUTES_A_DAY)
        if end <= start:
            end += MINUTES_A_DAY
        return start, end, self._take("+")

    def _time(self, latest: int) -> int:
        token = self._here
        if token.text.lower() in _VARIABLE_TIMES:
            raise HoursError(
                "Opening hours: “{found}” at character {position} changes with the sun; write clock times.",
                found=token.text,
                position=token.position,
            )
        if token.kind != "time":
            raise self._unexpected()
        hour, minute = (int(part) for part in token.text.split(":"))
        if minute > 59 or hour * 60 + minute > latest:
            raise HoursError(
                "Opening hours: “{found}” at character {position} is not a time of the day.",
                found=token.text,
                position=token.position,
            )
        self._at += 1
        return hour * 60 + minute

    def _modifier(self) -> tuple[State, str]:
        stated = self._here.kind == "word" and self._here.text.lower() in _STATES
        state = _STATES[self._next().text.lower()] if stated else State.OPEN
        comment = self._here.text[1:-1] if self._here.kind == "comment" else None
        if comment is None:
            return state, ""
        self._at += 1
        return state if stated else State.UNKNOWN, comment

    # -- reading tokens

    @property
    def _here(self) -> _Token:
        return self._tokens[self._at]

    def _next(self) -> _Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _is(self, mark: str) -> bool:
        return self._here.kind == "mark" and self._here.text == mark

    def _is_word(self, word: str) -> bool:
        return self._here.kind == "word" and self._here.text.lower() == word

    def _is_month(self) -> bool:
        return self._here.kind == "word" and _index(MONTHS, self._here.text) >= 0

    def _is_weekday(self) -> bool:
        return self._here.kind == "word" and _index(WEEKDAYS, self._here.text) >= 0

    def _is_day(self) -> bool:
        return self._is_weekday() or self._is_word("ph") or self._is_word("sh")

    def _is_date_start(self) -> bool:
        return self._here.kind == "year" or self._is_month() or self._is_word("easter")

    def _ahead(self, test) -> bool:
        """Whether ``test`` holds one token further."""
        if self._here.kind == _END:
            return False
        self._at += 1
        found = test()
        self._at -= 1
        return found

    def _take(self, mark: str) -> bool:
        if self._is(mark):
            self._at += 1
            return True
        return False

    def _take_kind(self, kind: str) -> bool:
        if self._here.kind == kind:
            self._at += 1
            return True
        return False

    def _expect(self, kind: str) -> _Token:
        if self._here.kind != kind:
            raise self._unexpected()
        return self._next()

    def _unexpected(self) -> HoursError:
        token = self._here
        if token.kind == _END:
            return HoursError(
                "Opening hours: something is missing at the end (character {position}).", position=token.position
            )
        return HoursError(
            "Opening hours: “{found}” at character {position} is not understood.",
            found=token.text,
            position=token.position,
        )


def _tokens(text: str):
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            if text[at] == '"':
                raise HoursError(
                    "Opening hours: the comment opened at character {position} is not closed.", position=at + 1
                )
            raise HoursError(
                "Opening hours: “{found}” at character {position} is not understood.", found=text[at], position=at + 1
            )
        if match.lastgroup != "space":
            yield _Token(match.lastgroup, match.group(), at + 1)
        at = match.end()
    yield _Token(_END, "", len(text) + 1)


def _index(names: tuple[str, ...], word: str) -> int:
    lowered = word.lower()
    return next((number for number, name in enumerate(names) if name.lower() == lowered), -1)


def _month_start(day: _DayOfYear) -> _DayOfYear:
    return day._replace(day=1) if day.month and day.day == 0 else day


def _month_end(day: _DayOfYear) -> _DayOfYear:
    return day._replace(day=_LONGEST[day.month - 1]) if day.month and day.day == 0 else day


def _first_said(spans: list[Span]) -> list[Span]:
    """The same spans without overlap: open wins over unknown, then the first said."""
    result: list[Span] = []
    for span in sorted(spans, key=lambda span: span.state is State.UNKNOWN):
        result.extend(_without([span], result))
    return sorted(result, key=_by_start)
