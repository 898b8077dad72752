"""Dates in the forms that producers write, as ISO 8601."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, NamedTuple


class Date(NamedTuple):
    """A date as ISO 8601, empty when it is not understood; and whether no other reading is likely.

    Not certain: a year of two digits, a month before its day (`12/31/2025`: others of that file may be misread).
    """

    text: str
    certain: bool


_SPREADSHEET_EPOCH = dt.date(1899, 12, 30)  # Excel's and LibreOffice's day 0
_SPREADSHEET_DAYS = (20_000, 80_000)  # 1954 to 2119
_SECONDS = (10**8, 10**10)  # since 1970: 1973 to 2286
_EARLIEST, _LATEST = 1800, 2200
_CENTURY_TURNS = 70  # two digits below are of the years 2000
_NAMES = (
    *("janv jan", "fevr fev feb", "mars mar", "avri avr apr", "mai may", "juin jun"),
    *("juil jul", "aout aou aug", "sept sep", "octo oct", "nove nov", "dece dec"),
)
_MONTHS = {start: month for month, starts in enumerate(_NAMES, 1) for start in starts.split()}
_TIME = (
    r"(?:[T\s,]*(?:a\s+)?(?P<time>\d{1,2}\s?[:h]\s?\d{2}(?:[:m]\d{2}(?:[.,]\d+)?)?|\d{1,2}\s?h)\s*s?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?(?:\d{2})?)?)?"
)
_YEAR_FIRST = re.compile(rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){_TIME}", re.ASCII | re.I)
_DAY_FIRST = re.compile(
    rf"(?P<day>\d{{1,2}})[-/.\s](?P<month>\d{{1,2}})[-/.\s](?P<year>\d{{4}}|\d{{2}}){_TIME}", re.ASCII | re.I
)
_IN_WORDS = re.compile(
    rf"(?:[a-z]{{3,8}}\.?,?\s+)?(?:le\s+)?(?P<day>\d{{1,2}})(?:er)?[-/.\s]+(?P<name>[a-z]{{3,9}})\.?[-/.,\s]+"
    rf"(?P<year>\d{{4}}|\d{{2}}){_TIME}",
    re.ASCII | re.I,
)
_MONTH_FIRST = re.compile(
    rf"(?P<name>[a-z]{{3,9}})\.?\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}}){_TIME}", re.ASCII | re.I
)
_COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:T?(?P<time>\d{4}(?:\d{2})?)(?P<zone>Z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)
_SHORT = re.compile(r"(?P<year>\d{4})(?:[-/](?P<month>\d{1,2}))?|(?P<only_month>\d{1,2})/(?P<its_year>\d{4})", re.ASCII)
_MONTH_IN_WORDS = re.compile(r"(?P<name>[a-z]{3,9})\.? (?P<year>\d{4})", re.ASCII | re.I)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?", re.ASCII)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?", re.ASCII)


def iso_date(value: Any) -> Date:
    """Read a date or a moment: French and ISO forms, names of months, spreadsheets' days, seconds since 1970.

    The day comes before the month, as in France; zones are kept; a year or a month alone stays one (`2025-12`). What is
    ISO 8601 already stays as it is.
    """
    text = "" if value is None else str(value).strip().lstrip("'’").strip()
    return _read(text) if text else Date("", True)


@lru_cache(maxsize=20_000)
def _read(text: str) -> Date:
    for read in (_of_number, _of_parts, _of_short, _of_mail):
        found = read(_plain(text))
        if found is not None:
            return Date(text, True) if _ISO.fullmatch(text) else found
    return Date("", False)


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return re.sub(r"\s+", " ", "".join(letter for letter in apart if not unicodedata.combining(letter)))


def _of_parts(text: str) -> Date | None:
    """A day of a month of a year, perhaps with its time."""
    for form in (_YEAR_FIRST, _DAY_FIRST, _IN_WORDS, _MONTH_FIRST, _COMPACT):
        match = form.fullmatch(text)
        if match is None:
            continue
        parts = match.groupdict()
        month = int(parts["month"]) if parts.get("month") else _month(parts["name"])
        day, certain = int(parts["day"]), len(parts["year"]) == 4
        if form is _DAY_FIRST and month > 12 >= day:
            day, month, certain = month, day, False
        year = int(parts["year"]) if certain or len(parts["year"]) == 4 else _full_year(int(parts["year"]))
        written = _written(year, month, day, parts.get("time") or "", parts.get("zone") or "")
        if written:
            return Date(written, certain)
    return None


def _written(year: int, month: int, day: int, time: str, zone: str) -> str:
    """ISO 8601; empty when there is no such day or time."""
    clock = [
        *re.findall(r"\d{2}" if time.isdigit() else r"\d+", time.partition(".")[0].partition(",")[0]),
        "0",
        "0",
        "0",
    ]
    try:
        hour, minute, second = map(int, clock[:3])
        moment = dt.datetime(year, month, day, hour, minute, second)
    except ValueError:
        return ""
    if not _EARLIEST <= year <= _LATEST:
        return ""
    return moment.isoformat() + _zone(zone) if time else moment.date().isoformat()


def _zone(zone: str) -> str:
    """`Z` or `+01:00`; empty for the time of the place."""
    if zone[:1] in ("+", "-"):
        return f"{zone[:3]}:{zone[3:].strip(':') or '00'}"
    return "Z" if zone else ""


def _month(name: str) -> int:
    """1 to 12; 0 for what is no month's name, French or English, whole or cut."""
    return _MONTHS.get(name.lower()[:4], 0) or _MONTHS.get(name.lower()[:3], 0)


def _full_year(two_digits: int) -> int:
    return two_digits + (2000 if two_digits < _CENTURY_TURNS else 1900)


def _of_number(text: str) -> Date | None:
    """A spreadsheet's day (a fraction is the time), or seconds or milliseconds since 1970 (UTC)."""
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text.replace(",", "."))
    if _SPREADSHEET_DAYS[0] <= number <= _SPREADSHEET_DAYS[1]:
        seconds = round((number % 1) * 86_400)
        moment = dt.datetime.combine(_SPREADSHEET_EPOCH, dt.time()) + dt.timedelta(int(number), seconds)
        return Date(moment.isoformat() if seconds else moment.date().isoformat(), True)
    if len(text.partition(".")[0]) in (8, 12, 14) and _of_parts(text) is not None:
        return None  # 20251231
    for unit in (1, 1000):
        if _SECONDS[0] <= number / unit < _SECONDS[1]:
            moment = dt.datetime(1970, 1, 1) + dt.timedelta(seconds=int(number / unit))
            at_midnight = moment.time() == dt.time()
            return Date(moment.date().isoformat() if at_midnight else moment.isoformat() + "Z", True)
    return None


def _of_short(text: str) -> Date | None:
    """A month or a year alone."""
    in_words = _MONTH_IN_WORDS.fullmatch(text)
    if in_words and _month(in_words["name"]):
        return Date(f"{in_words['year']}-{_month(in_words['name']):02d}", True)
    match = _SHORT.fullmatch(text)
    if match is None:
        return None
    year, month = match["year"] or match["its_year"], match["month"] or match["only_month"]
    if not _EARLIEST <= int(year) <= _LATEST or not 1 <= int(month or 1) <= 12:
        return None
    return Date(f"{year}-{int(month):02d}" if month else year, True)


def _of_mail(text: str) -> Date | None:
    """`Wed, 31 Dec 2025 10:00:00 GMT`, as HTTP and mail write it (RFC 5322)."""
    if not re.search(r"\d:\d{2}", text):
        return None
    try:
        return Date(parsedate_to_datetime(text).isoformat(), True)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
