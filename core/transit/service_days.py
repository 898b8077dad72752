"""Which services of a feed run on a day: the week of calendar.txt, then the exceptions of calendar_dates.txt."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from ..holidays import Calendar
from .feed_files import FeedFiles

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ADDED, _REMOVED = "1", "2"
_TUESDAY = 1
_MOST_DAYS = 800


def active_services(feed: FeedFiles, day: date) -> set[str]:
    """The service_id that run on ``day``. Either file may be absent."""
    compact = day.strftime("%Y%m%d")
    weekday = WEEKDAYS[day.weekday()]
    active = {
        service
        for service, runs, start, end in feed.rows("calendar.txt", "service_id", weekday, "start_date", "end_date")
        if runs == "1" and start <= compact <= end
    }
    for service, when, kind in feed.rows("calendar_dates.txt", "service_id", "date", "exception_type"):
        if when != compact:
            continue
        if kind == _ADDED:
            active.add(service)
        elif kind == _REMOVED:
            active.discard(service)
    return active


def validity(feed: FeedFiles) -> tuple[str, str]:
    """First and last day (``YYYYMMDD``) on which the feed says anything runs; empty texts when it never does."""
    days: list[str] = []
    for service, start, end in feed.rows("calendar.txt", "service_id", "start_date", "end_date"):
        if service:
            days += [day for day in (start, end) if day]
    days += [
        when
        for service, when, kind in feed.rows("calendar_dates.txt", "service_id", "date", "exception_type")
        if service and kind == _ADDED and when
    ]
    return (min(days), max(days)) if days else ("", "")


def silent_days(feed: FeedFiles, days: Iterable[date]) -> list[date]:
    """Those of the ``days`` before the first and after the last that the feed speaks of; none of one that never does.

    Nothing runs on them by the feed, and nobody knows what does.
    """
    first, last = validity(feed)
    return [day for day in days if first and not first <= day.strftime("%Y%m%d") <= last]


def usual_day(feeds: Iterable[FeedFiles], today: date) -> date:
    """A Tuesday of term time on which all ``feeds`` speak: the next one from ``today`` on, else the last before.

    One whose whole week they speak of goes before the others.
    Where they speak of no day together, or of no such Tuesday: ``today``.
    """
    spans = [validity(feed) for feed in feeds]
    known = [span for span in spans if span[0]]
    if not known:
        return today
    first, last = _day(max(start for start, _ in known)), _day(min(end for _, end in known))
    if first is None or last is None:
        return today
    days = [first + timedelta(days=offset) for offset in range(min((last - first).days + 1, _MOST_DAYS))]
    usual = [day for day in days if day.weekday() == _TUESDAY and _is_term_time(day)]
    whole = [day for day in usual if first <= day - timedelta(days=1) and day + timedelta(days=5) <= last]
    ahead, whole_ahead = ([day for day in some if day >= today] for some in (usual, whole))
    found = whole_ahead[:1] or ahead[:1] or whole[-1:] or usual[-1:]
    return found[0] if found else today


def _is_term_time(day: date) -> bool:
    calendars = [Calendar("", zone) for zone in ("A", "B", "C")]
    return not any(each.is_school_holiday(day) or each.is_public_holiday(day) for each in calendars)


def _day(compact: str) -> date | None:
    try:
        return datetime.strptime(compact, "%Y%m%d").date()
    except ValueError:
        return None
