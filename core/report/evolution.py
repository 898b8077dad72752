"""How the share beyond the last threshold has changed: the measures kept before, and the report's own figures now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..observatory import DatePoint, Figure, Trend, in_series, trend_of

MOST_ZONES = 10
STEADY = 0.0005
"""A share that moves less than this is shown as the same."""


class ZoneChange(NamedTuple):
    """A zone: its shares (0 to 1; None: nobody computed) at the first date and now, how many more people are beyond."""

    name: str
    before: float | None
    now: float | None
    people: float


class Evolution(NamedTuple):
    """One service.

    Attributes:
        points: the zones measured at every date, as one; the last is the report's own.
        aside: zones that were not measured at every date, and are in no point.
        zones: those with the largest changes of people beyond, either way.
    """

    trend: Trend
    points: tuple[DatePoint, ...]
    aside: int
    zones: list[ZoneChange]

    @property
    def word(self) -> str:
        """« en baisse », « en hausse » or « stable »: by the year where that is known, else since the first date."""
        change = self.trend.change if self.trend.yearly is None else self.trend.yearly
        return "stable" if abs(change) < STEADY else "en hausse" if change > 0 else "en baisse"


def evolution_of(kept: Sequence[Figure], now: Sequence[Figure], names: Mapping[str, str]) -> Evolution | None:
    """The measures ``kept`` before the day of ``now``, and those, of one service and threshold; None without a date.

    Zones of which nothing is known at one of the dates are left out and counted.
    """
    today = max(figure.date for figure in now)
    series = in_series([*(figure for figure in kept if figure.date < today), *now])
    trend = trend_of(series.points)
    if trend is None or trend.last.date != today:
        return None
    always = [zone for zone, points in series.zones.items() if len(points) == len(series.points)]
    changes = [_change(names.get(zone, zone), series.zones[zone]) for zone in always]
    changes = sorted((each for each in changes if round(each.people)), key=lambda each: (-abs(each.people), each.name))
    return Evolution(trend, series.points, series.aside, changes[:MOST_ZONES])


def _change(name: str, points: tuple[DatePoint, ...]) -> ZoneChange:
    first, last = points[0].served, points[-1].served
    return ZoneChange(name, first.share(), last.share(), last.beyond[0] - first.beyond[0])
