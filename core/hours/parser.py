"""From a text to the rules it means. Refuses, with the place of the fault, whatever has no one meaning."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from .model import (
    LONGEST_MONTH,
    MINUTES_A_DAY,
    MONTHS,
    WEEKDAYS,
    Dates,
    DayOfYear,
    Holidays,
    HoursError,
    Join,
    OpeningHours,
    Rule,
    Selector,
    Span,
    State,
    Weekdays,
    Weeks,
    Years,
    first_said,
)


@lru_cache(maxsize=8192)
def parse(text: str) -> OpeningHours:
    """Read an `opening_hours` text. Raises `HoursError`."""
    return OpeningHours(text, _Parser(text).rules())


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

    def rules(self) -> tuple[Rule, ...]:
        rules = []
        join = Join.NORMAL
        while True:
            if self._here.kind != _END and not self._is(";"):
                rules.append(self._rule(join))
            if self._here.kind == _END:
                break
            in_fallback = join is Join.FALLBACK
            join = self._join()
            if in_fallback and join is Join.ADDITIONAL:
                join = Join.FALLBACK  # what is added to a fallback is one too
        if not rules:
            raise HoursError("The opening hours are empty.")
        return tuple(rules)

    def _join(self) -> Join:
        token = self._here
        if token.text not in (";", ",", "||"):
            raise self._unexpected()
        self._at += 1
        return Join(token.text)

    def _rule(self, join: Join) -> Rule:
        start = self._at
        if self._take_kind("always"):
            selectors: tuple[tuple[Selector, ...], ...] = ()
            hours = [(0, MINUTES_A_DAY, False)]
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
        return Rule(join, selectors, tuple(first_said(spans)), state, comment)

    def _selectors(self) -> tuple[tuple[Selector, ...], ...]:
        groups: list[tuple[Selector, ...]] = []
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
                if days_named:
                    self._join_days(groups)
                else:
                    groups.append(self._list(self._day, self._is_day))
                days_named = True
            elif groups and self._is(":"):
                self._at += 1
            else:
                return tuple(groups)

    def _join_days(self, groups: list[tuple[Selector, ...]]) -> None:
        """Days after a blank: `Mo Tu` is the list of both, `SH Mo-Fr` both at once; others have no one meaning."""
        named, start = groups[-1], self._here
        found = self._list(self._day, self._is_day)
        if all(isinstance(day, Weekdays) for day in (*named, *found)):
            groups[-1] = (*named, *found)
        elif all(isinstance(day, Holidays) for day in named) and all(isinstance(day, Weekdays) for day in found):
            groups.append(found)
        else:
            raise self._not_understood(start)

    def _list(self, read: Callable[[], Sequence[Selector]], starts: Callable[[], bool]) -> tuple[Selector, ...]:
        members = list(read())
        while self._is(",") and self._ahead(starts):
            self._at += 1
            members.extend(read())
        return tuple(members)

    def _years_or_dates(self) -> tuple[Selector, ...]:
        if self._ahead(lambda: self._is_month() or self._is_word("easter")):
            return self._list(self._dates, self._is_date_start)
        return self._list(self._years, lambda: self._here.kind == "year")

    def _years(self) -> list[Years]:
        first = int(self._expect("year").text)
        if self._take("+"):
            return [Years(first, dt.MAXYEAR)]
        if not self._take("-"):
            return [Years(first, first)]
        token = self._expect("year")
        if int(token.text) < first:
            raise self._backwards(token)
        return [Years(first, int(token.text), self._step())]

    def _dates(self) -> list[Dates]:
        """`Jul`, `Jul-Aug`, `Jul 14`, `Dec 24-26,31`, `Mar Su[-1]-Oct Su[-1]`, `2026 Dec 24-Jan 02`, `easter`."""
        first = self._day_of_year(may_end_range=False)
        spans = [self._date_range(first)]
        names_day = first.day > 0 and first.month > 0
        while names_day and self._is(",") and self._ahead(lambda: self._here.kind == "number"):
            self._at += 1
            day = first._replace(day=self._day_number(first.month))
            spans.append(self._date_range(day) if self._is("-") else Dates(day, day))
        return spans

    def _date_range(self, first: DayOfYear) -> Dates:
        """From ``first``, which is read, to the end that follows its hyphen, if any."""
        if not self._take("-"):
            return Dates(_month_start(first), _month_end(first))
        token = self._here
        if token.kind == "number" and first.day and first.month:
            last = first._replace(day=self._day_number(first.month))
            if last.day < first.day:
                raise self._backwards(token)
        else:
            last = self._day_of_year(may_end_range=first.day > 0 or first.nth != 0)
        first, last = _month_start(first), _month_end(last)
        if first.year is not None and last.year is not None and last.in_year(last.year) < first.in_year(first.year):
            raise self._backwards(token)
        return Dates(first, last)

    def _day_of_year(self, may_end_range: bool) -> DayOfYear:
        """A date. A weekday after its month belongs to it where that makes the end of a range of days."""
        year = int(self._next().text) if self._here.kind == "year" else None
        if self._is_word("easter"):
            self._at += 1
            return DayOfYear(0, self._easter_offset(), year)
        if not self._is_month():
            raise self._unexpected()
        month = _index(MONTHS, self._next().text) + 1
        if self._here.kind == "number":
            return DayOfYear(month, self._day_number(month), year)
        start = self._at
        nth_day = self._nth_weekday() if self._is_weekday() else None
        if nth_day and (may_end_range or (self._is("-") and self._ahead(self._is_date_start))):
            return DayOfYear(month, 0, year, *nth_day)
        self._at = start
        return DayOfYear(month, 0, year)

    def _nth_weekday(self) -> tuple[int, int] | None:
        """A weekday and which of the month it is (`Su[-1]`); None for days of every week or several of the month."""
        weekday = _index(WEEKDAYS, self._next().text)
        nth = self._nth() if self._take("[") else ()
        return (weekday, nth[0]) if len(nth) == 1 else None

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
        if not (month and 1 <= int(token.text) <= LONGEST_MONTH[month - 1]):
            raise HoursError(
                "Opening hours: “{found}” at character {position} is not a day of that month.",
                found=token.text,
                position=token.position,
            )
        return int(token.text)

    def _weeks(self) -> list[Weeks]:
        first = self._week_number()
        if not self._take("-"):
            return [Weeks(first, first, 1)]
        token = self._here
        last = self._week_number()
        if last < first:
            raise self._backwards(token)
        return [Weeks(first, last, self._step())]

    def _step(self) -> int:
        """`/2`: every second one."""
        if not self._take("/"):
            return 1
        if not self._here.text.strip("0"):
            raise self._unexpected()
        return int(self._expect("number").text)

    def _week_number(self) -> int:
        token = self._expect("number")
        if not 1 <= int(token.text) <= 53:
            raise HoursError(
                "Opening hours: “{found}” at character {position} is not a week of the year (1 to 53).",
                found=token.text,
                position=token.position,
            )
        return int(token.text)

    def _day(self) -> Sequence[Selector]:
        word = self._next().text
        if word.upper() in ("PH", "SH"):
            return [Holidays(school=word.upper() == "SH")]
        first = last = _index(WEEKDAYS, word)
        if self._is("-") and self._ahead(self._is_weekday):
            self._at += 1
            last = _index(WEEKDAYS, self._next().text)
            return [Weekdays(first, last)]
        return [Weekdays(first, last, self._nth() if self._take("[") else ())]

    def _nth(self) -> tuple[int, ...]:
        chosen: list[int] = []
        while True:
            sign = -1 if self._take("-") else 1
            first = last = self._ordinal()
            if sign > 0 and self._take("-"):
                token = self._here
                last = self._ordinal()
                if last < first:
                    raise self._backwards(token)
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

    def _ahead(self, test: Callable[[], bool]) -> bool:
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

    def _backwards(self, token: _Token) -> HoursError:
        return HoursError(
            "Opening hours: the range that ends with “{found}” at character {position} runs backwards.",
            found=token.text,
            position=token.position,
        )

    def _unexpected(self) -> HoursError:
        return self._not_understood(self._here)

    @staticmethod
    def _not_understood(token: _Token) -> HoursError:
        if token.kind == _END:
            return HoursError(
                "Opening hours: something is missing at the end (character {position}).", position=token.position
            )
        return HoursError(
            "Opening hours: “{found}” at character {position} is not understood.",
            found=token.text,
            position=token.position,
        )


def _tokens(text: str) -> Iterator[_Token]:
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
        if match.lastgroup and match.lastgroup != "space":
            yield _Token(match.lastgroup, match.group(), at + 1)
        at = match.end()
    yield _Token(_END, "", len(text) + 1)


def _index(names: tuple[str, ...], word: str) -> int:
    lowered = word.lower()
    return next((number for number, name in enumerate(names) if name.lower() == lowered), -1)


def _month_start(day: DayOfYear) -> DayOfYear:
    return day._replace(day=1) if day.month and day.day == 0 else day


def _month_end(day: DayOfYear) -> DayOfYear:
    return day._replace(day=LONGEST_MONTH[day.month - 1]) if day.month and day.day == 0 else day
