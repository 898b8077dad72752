"""Travel times by public transport over the minutes of a window, and the percentile of them.

For each whole minute of the window, the minutes from that minute to the arrival (waiting counts), or with ``arrive_by``
from the latest departure to that minute. The result is the value of rank ceil(p / 100 · N) over the N minutes, minutes
without a way counting as infinite (Conway, Byrd and van der Linden 2017; R5's percentiles, not interpolated).
"""

from __future__ import annotations

import math
import re
from typing import NamedTuple, Protocol

import numpy as np

from ..errors import InvalidInput
from ..ragged import owners, ranges
from .search import Arrivals, DayGraph
from .timetable import whole_seconds
from .walking import WalkingAccess

MINUTE = 60
_ENTRIES_AT_ONCE = 60_000
"""Walks to stops looked at together."""
_CELLS_AT_ONCE = 1_000_000
"""Places × minutes looked at together: tables of them stay in the processor's cache."""


class DepartureWindow(NamedTuple):
    """Whole minutes of the day, the end not included."""

    start: int
    """Seconds since 0:00."""
    minutes: int
    percentile: float = 50.0
    arrive_by: bool = False

    @classmethod
    def parse(cls, text: str, percentile: float = 50.0, arrive_by: bool = False) -> DepartureWindow:
        """From ``"07:00-09:00"``; hours may pass 24. Raises `InvalidInput`."""
        found = re.fullmatch(r"\s*(\d{1,2})[:h](\d{2})\s*[-–]\s*(\d{1,2})[:h](\d{2})\s*", text)
        if not found or int(found[2]) > 59 or int(found[4]) > 59:
            raise InvalidInput("“{text}” is no window of departures: give two times, as 07:00-09:00.", text=text)
        start, end = (int(found[i]) * 60 + int(found[i + 1]) for i in (1, 3))
        if end <= start:
            raise InvalidInput(
                "The window “{text}” ends before it begins; after midnight go on counting: 23:00-25:00.", text=text
            )
        if not 0 <= percentile <= 100:
            raise InvalidInput("The percentile must be between 0 and 100.")
        return cls(start * MINUTE, end - start, percentile, arrive_by)

    @property
    def words(self) -> str:
        """« 07:00-09:00 », « → 07:00-09:00 » where these are times of arrival: the same however it was written."""
        first = self.start // MINUTE
        times = "-".join(f"{minute // 60:02d}:{minute % 60:02d}" for minute in (first, first + self.minutes))
        return f"→ {times}" if self.arrive_by else times

    @property
    def rank(self) -> int:
        """Which of the sorted minutes is taken, from 0."""
        return max(1, math.ceil(self.percentile / 100.0 * self.minutes - 1e-9)) - 1

    @property
    def moments(self) -> np.ndarray:
        """(N,) its minutes, in seconds since 0:00."""
        return self.start + MINUTE * np.arange(self.minutes)

    def mirrored(self) -> DepartureWindow:
        """The same moments on a timetable run backwards, where leaving and arriving change places."""
        return self._replace(start=-(self.start + (self.minutes - 1) * MINUTE), arrive_by=not self.arrive_by)


class JourneyFigures(NamedTuple):
    """The journeys of the minute that the percentile takes."""

    seconds: np.ndarray
    """(n,) f8; inf where there is no way in that minute."""
    halt: np.ndarray
    """(n,) i8 the halt at which the last vehicle is left; -1 where all the way is walked, or there is none."""


class Board(Protocol):
    """Some places looked at together, in each minute of a window."""

    def costs(self, found: Arrivals, walked: np.ndarray) -> np.ndarray:
        """(n, N) f4 seconds in each minute of the window; ``walked`` (n,) are those of going all the way on foot."""

    def chosen(self, found: Arrivals, walked: np.ndarray, minute: np.ndarray) -> JourneyFigures:
        """(n,) the exact cost in the given ``minute`` (n,) of the window of each place, and how it is had."""

    def ranked(self, found: Arrivals, walked: np.ndarray) -> JourneyFigures:
        """(n,) the same in the minute that the percentile of the window takes."""


def board(graph: DayGraph, near: WalkingAccess, window: DepartureWindow) -> Board:
    """The places whose walks to stops are ``near``, ready for any destinations."""
    return (_ArrivalBoard if window.arrive_by else _DepartureBoard)(graph, near, window)


class _DepartureBoard:
    """Leaving at each minute of the window.

    The departures that each place can catch stand by the last minute at which one may still leave home for them. What
    one who leaves at a minute reaches first is then the best of the departures of that minute and of all later ones.
    """

    def __init__(self, graph: DayGraph, near: WalkingAccess, window: DepartureWindow) -> None:
        self._window, self._count = window, near.count
        stop, walk = near.stop.astype(np.int64), whole_seconds(near.seconds)
        start, last = window.start + walk, int(window.moments[-1]) + walk
        low = graph.next_boarding(stop, start)
        high = np.minimum(graph.next_boarding(stop, last), graph.first_boarding[stop + 1] - 1)
        count = np.maximum(high - low + 1, 0)
        boarding, entry = ranges(low, count), owners(count)
        minute = np.minimum((graph.boarding_time[boarding] - start[entry]) // MINUTE, window.minutes - 1)
        # Of the departures of one stop in one minute the first is as good as the others.
        first = np.ones(len(minute), bool)
        first[1:] = (minute[1:] != minute[:-1]) | (entry[1:] != entry[:-1])
        boarding, place, minute = boarding[first], near.rows()[entry[first]], minute[first]
        order = np.argsort(minute.astype(np.uint16), kind="stable")  # by minute and place: places ascend already
        cell = minute[order] * self._count + place[order]
        self._boarding = boarding[order].astype(np.int32)
        self._first = np.flatnonzero(np.diff(cell, prepend=-1))
        self._cell = cell[self._first]

    def costs(self, found: Arrivals, walked: np.ndarray) -> np.ndarray:
        """See `Board.costs`."""
        return np.minimum(self._ridden(found, self._ranks(found)), walked.astype(np.float32)).T

    def chosen(self, found: Arrivals, walked: np.ndarray, minute: np.ndarray) -> JourneyFigures:
        """See `Board.chosen`."""
        return self._figures(found, walked, np.arange(self._count), minute, self._ranks(found))

    def ranked(self, found: Arrivals, walked: np.ndarray) -> JourneyFigures:
        """See `Board.ranked`. Most places have no need of a percentile: too few minutes are better than the walk."""
        ranks = self._ranks(found)
        ridden = self._ridden(found, ranks)
        better = (ridden < walked.astype(np.float32)).sum(axis=0, dtype=np.int16)
        place = np.flatnonzero(better > self._window.rank)
        minute = percentile(np.ascontiguousarray(ridden[:, place].T), self._window)
        return self._figures(found, walked, place, minute, ranks)

    def _ranks(self, found: Arrivals) -> np.ndarray:
        """(N, n) i4 into the arrivals: the first that one reaches who leaves at each minute; their count for none."""
        best = np.full((self._window.minutes, self._count), len(found.when), np.int32)
        if len(self._first):
            best.ravel()[self._cell] = np.minimum.reduceat(found.rank[self._boarding], self._first)
        for minute in range(len(best) - 2, -1, -1):
            np.minimum(best[minute], best[minute + 1], out=best[minute])
        return best

    def _ridden(self, found: Arrivals, ranks: np.ndarray) -> np.ndarray:
        """(N, n) f4 seconds by vehicle; inf for none."""
        ends = (_moments(found) - self._window.start).astype(np.float32)
        seconds = ends.take(ranks)
        seconds -= MINUTE * np.arange(self._window.minutes, dtype=np.float32)[:, None]
        return seconds

    def _figures(
        self, found: Arrivals, walked: np.ndarray, place: np.ndarray, minute: np.ndarray, ranks: np.ndarray
    ) -> JourneyFigures:
        rank = ranks[minute, place]
        ridden = _moments(found)[rank] - self._window.moments[minute]
        return _better(found, walked, place, ridden, rank)


class _ArrivalBoard:
    """Being there at each minute of the window: what counts is the latest departure."""

    def __init__(self, graph: DayGraph, near: WalkingAccess, window: DepartureWindow) -> None:
        self._graph, self._near, self._window = graph, near, window
        count = np.diff(near.first)
        order = np.argsort(-count, kind="stable")
        self._reached = order[: int((count > 0).sum())]
        """Places with a stop near, those with the most stops first."""
        begin = near.first[self._reached]
        ranked = count[self._reached]
        self._turns = [begin[ranked > turn] + turn for turn in range(int(ranked[0]) if len(ranked) else 0)]
        """The first walk of each of those places, then the second of those that have one, …"""
        stops, self._row_of_stop = np.unique(near.stop, return_inverse=True)
        self._stops = stops.astype(np.int64)

    def costs(self, found: Arrivals, walked: np.ndarray) -> np.ndarray:
        """See `Board.costs`."""
        whole = np.repeat(walked[:, None].astype(np.float32), self._window.minutes, axis=1)
        if len(self._turns):
            whole[self._reached] = np.minimum(whole[self._reached], self._latest(found))
        return whole

    def chosen(self, found: Arrivals, walked: np.ndarray, minute: np.ndarray) -> JourneyFigures:
        """See `Board.chosen`."""
        near = self._near
        rows = near.rows()
        moment = self._window.moments[minute[rows]]
        boarding = self._last_boarding(found, near.stop.astype(np.int64), moment)
        ridden = moment - self._leaves()[boarding] + near.seconds
        best = np.lexsort((ridden, rows))
        best = best[np.diff(rows[best], prepend=-1) != 0]
        return _better(found, walked, rows[best], ridden[best], np.append(found.rank, len(found.when))[boarding[best]])

    def ranked(self, found: Arrivals, walked: np.ndarray) -> JourneyFigures:
        """See `Board.ranked`."""
        return self.chosen(found, walked, percentile(self.costs(found, walked), self._window))

    def _latest(self, found: Arrivals) -> np.ndarray:
        """(r, N) f4 seconds between the latest departure of each place reached and the minute; inf for none."""
        moments = self._window.moments
        last = self._last_boarding(found, np.repeat(self._stops, len(moments)), np.tile(moments, len(self._stops)))
        before = self._leaves()[last].reshape(len(self._stops), len(moments))
        spent = (moments[None, :] - before).astype(np.float32)
        walk = self._near.seconds.astype(np.float32)
        least = np.full((len(self._reached), len(moments)), np.inf, np.float32)
        for entry in self._turns:
            part = least[: len(entry)]
            np.minimum(part, spent[self._row_of_stop[entry]] + walk[entry, None], out=part)
        return least

    def _leaves(self) -> np.ndarray:
        return np.append(self._graph.boarding_time.astype(float), -np.inf)

    def _last_boarding(self, found: Arrivals, stop: np.ndarray, moment: np.ndarray) -> np.ndarray:
        """The last departure of each ``stop`` that gets one there by ``moment``; B where there is none."""
        graph = self._graph
        in_time = np.searchsorted(found.when, moment + 1e-6, side="right")
        several = np.int64(len(found.when) + 1)
        key = graph.boarding_stop * several + found.rank
        last = np.searchsorted(key, stop * several + in_time, side="left") - 1
        return np.where(last >= graph.first_boarding[stop], last, len(graph.boardings))


def _better(
    found: Arrivals, walked: np.ndarray, place: np.ndarray, ridden: np.ndarray, rank: np.ndarray
) -> JourneyFigures:
    """The journeys on foot, and those of ``place`` by vehicle that take less: ``ridden`` seconds, arrival ``rank``."""
    figures = JourneyFigures(walked.astype(float), np.full(len(walked), -1))
    sooner = ridden < walked[place]
    figures.seconds[place[sooner]], figures.halt[place[sooner]] = ridden[sooner], found.halt[rank[sooner]]
    return figures


def _moments(found: Arrivals) -> np.ndarray:
    return np.append(found.when, np.inf)


def parts(near: WalkingAccess, minutes: int) -> list[tuple[int, int]]:
    """Ranges of places few enough, and with few enough walks to stops, to be looked at together."""
    most = max(_CELLS_AT_ONCE // minutes, 1)
    cuts = [0]
    while cuts[-1] < near.count:
        end = int(np.searchsorted(near.first, near.first[cuts[-1]] + _ENTRIES_AT_ONCE, side="right")) - 1
        cuts.append(min(max(end, cuts[-1] + 1), near.count, cuts[-1] + most))
    return list(zip(cuts[:-1], cuts[1:]))


def percentile(costs: np.ndarray, window: DepartureWindow) -> np.ndarray:
    """(n,) the first minute that has the value of the window's rank, from (n, N) ``costs``."""
    value = np.partition(costs, window.rank, axis=1)[:, window.rank]
    return np.argmax(costs == value[:, None], axis=1)
