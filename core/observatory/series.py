"""The figures of one question, service and threshold over the dates, and where they go."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import numpy as np

from ..access.coverage import Served, together
from .store import Figure

DAYS_OF_A_YEAR = 365.25
FEWEST_FOR_A_SLOPE = 3


class DatePoint(NamedTuple):
    """The people of one date (ISO 8601)."""

    date: str
    served: Served


class Series(NamedTuple):
    """The figures by date, growing.

    Attributes:
        points: the zones that were measured at every date, as one.
        zones: the points of each zone measured at some date.
        aside: how many zones were not measured at every date: they are not in ``points``.
    """

    points: tuple[DatePoint, ...]
    zones: dict[str, tuple[DatePoint, ...]]
    aside: int


class Trend(NamedTuple):
    """First, last but one and last date; ``yearly``: the share's change a year, None from fewer than three dates.

    ``yearly`` is the slope of the least-squares line through the shares (0 to 1) of all dates.
    """

    first: DatePoint
    before: DatePoint
    last: DatePoint
    yearly: float | None

    @property
    def change(self) -> float:
        """Of the share (0 to 1), from the first date to the last."""
        return _share(self.last) - _share(self.first)

    @property
    def latest(self) -> float:
        """Of the share (0 to 1), since the last date but one."""
        return _share(self.last) - _share(self.before)

    @property
    def people(self) -> float:
        """How many more people are beyond, from the first date to the last; less than 0: fewer."""
        return self.last.served.beyond[0] - self.first.served.beyond[0]


def in_series(figures: Iterable[Figure]) -> Series:
    """Figures of one question, service and threshold, in any order; the last given of a date and zone holds.

    A zone of whose people nobody could be computed at a date was not measured then: they have not come nearer.
    """
    found: dict[str, dict[str, Served]] = {}
    for figure in figures:
        measured = found.setdefault(figure.zone_id, {})
        if figure.served.computed > 0 or not figure.served.population:
            measured[figure.date] = figure.served
        else:
            measured.pop(figure.date, None)
    dates = sorted({day for measured in found.values() for day in measured})
    always = [served for served in found.values() if len(served) == len(dates)]
    points = tuple(DatePoint(day, together(served[day] for served in always)) for day in dates) if always else ()
    zones = {
        zone: tuple(DatePoint(*item) for item in sorted(served.items())) for zone, served in found.items() if served
    }
    return Series(points, zones, len(found) - len(always))


def trend_of(points: Iterable[DatePoint]) -> Trend | None:
    """Where a share goes; None with fewer than two dates at which somebody's journey was computed."""
    known = [point for point in points if point.served.share() is not None]
    if len(known) < 2:
        return None
    return Trend(known[0], known[-2], known[-1], _slope(known) if len(known) >= FEWEST_FOR_A_SLOPE else None)


def _slope(points: list[DatePoint]) -> float:
    """A year, by least squares."""
    days = np.array([date.fromisoformat(point.date).toordinal() for point in points], float)
    shares = np.array([_share(point) for point in points])
    away = days - days.mean()
    return float(away @ (shares - shares.mean()) / (away @ away)) * DAYS_OF_A_YEAR


def _share(point: DatePoint) -> float:
    return point.served.share() or 0.0
