"""Seven days without a car: the timetables of a week, who can go and be back on each, and who depends on the car."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from ..access.coverage import share_of
from ..progress import Progress
from ..routing.local import Router
from ..thresholds import within
from .feed_files import FeedFiles
from .service_days import active_services
from .timetable import Built, Timetable, build_timetable

DAYS = 7


def week_of(day: date) -> list[date]:
    """Monday to Sunday of the week of ``day``."""
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=offset) for offset in range(DAYS)]


def week_timetables(
    feeds: Sequence[str | os.PathLike],
    router: Router,
    days: Sequence[date],
    *,
    max_walk: float = 20.0,
    change_time: int = 60,
    snap_distance: float = np.inf,
    progress: Progress = Progress(),
) -> list[Built]:
    """See `build_timetable`, for each of ``days``: days on which the same services run are made once."""
    with ExitStack() as opened:
        files = [opened.enter_context(FeedFiles(feed)) for feed in feeds]
        keys = [
            tuple(frozenset(active_services(feed, when)) for feed in files for when in (day, day - timedelta(days=1)))
            for day in days
        ]
    made: dict[tuple[frozenset[str], ...], Built] = {}
    for done, (day, key) in enumerate(zip(days, keys)):
        if key not in made:
            step = progress.part(done / len(days), (done + 1) / len(days))
            made[key] = build_timetable(
                feeds,
                router,
                day,
                max_walk=max_walk,
                change_time=change_time,
                snap_distance=snap_distance,
                progress=step,
            )
    return [
        made[key]._replace(timetable=made[key].timetable._replace(day=day.isoformat())) for day, key in zip(days, keys)
    ]


def or_standstill(timetable: Timetable) -> Timetable:
    """The timetable; of a day on which nothing runs, one with a vehicle that nobody may ride: people still walk."""
    if len(timetable.stop) or not timetable.stops:
        return timetable
    one, no = np.zeros(1, np.int32), np.zeros(1, np.uint8)
    return timetable._replace(
        first=np.array([0, 1], np.int64), stop=one, arrival=one, departure=one, board=no, alight=no, line=one, trip=one
    )


class ModeFigures(NamedTuple):
    """People of each zone (z,) within a threshold of a service, by mode; ``dependent`` only by car."""

    population: np.ndarray
    not_computed: np.ndarray
    on_foot: np.ndarray
    by_transit: np.ndarray
    """By vehicle or on foot all the way."""
    by_car: np.ndarray
    dependent: np.ndarray

    @property
    def dependent_share(self) -> np.ndarray:
        """Of those computed, NaN where there is none."""
        return share_of(self.dependent, self.population - self.not_computed)


class ModeCosts(NamedTuple):
    """Minutes of each place (n,) to the nearest service, NaN where no way leads there."""

    on_foot: np.ndarray
    by_transit: np.ndarray
    by_car: np.ndarray


def mode_figures(
    zone: np.ndarray, zones: int, weight: np.ndarray, costs: ModeCosts, known: np.ndarray, threshold: float
) -> ModeFigures:
    """Count the people of places of ``weight`` (n,) by their ``zone`` (n,); only ``known`` (n,) ones are computed."""

    def people(mask: np.ndarray) -> np.ndarray:
        return np.bincount(zone, np.where(mask, weight, 0.0), zones)

    def near(minutes: np.ndarray) -> np.ndarray:
        return known & within(np.where(np.isnan(minutes), np.inf, minutes), threshold)

    foot, transit, car = near(costs.on_foot), near(costs.by_transit), near(costs.by_car)
    transit |= foot
    return ModeFigures(
        people(np.ones(len(weight), bool)), people(~known), people(foot), people(transit), people(car),
        people(car & ~transit),
    )  # fmt: skip
