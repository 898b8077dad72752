"""Which services of a feed run on a day: the week of calendar.txt, then the exceptions of calendar_dates.txt."""

from __future__ import annotations

from datetime import date

from .feed_files import FeedFiles

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ADDED, _REMOVED = "1", "2"


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
