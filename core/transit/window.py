"""Travel times by public transport over the minutes of a window, and the percentile of them.

For each whole minute of the window, the minutes from that minute to the arrival (waiting counts), or with ``arrive_by``
from the latest departure to that minute. The result is the value of rank ceil(p / 100 · N) over the N minutes, minutes
without a way counting as infinite (Conway, Byrd and van der Linden 2017; R5's percentiles, not interpolated).
"""

from __future__ import annotations

import math
import re
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ..errors import InvalidInput
from ..ragged import ranges
from .search import Arrivals, DayGraph
from .timetable import whole_seconds
from .walking import WalkingAccess

MINUTE = 60
_ENTRIES_AT_ONCE = 60_000
"""Walks to stops looked at together: what they need of memory stays under some 100 MB for two hours."""


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
    there: np.ndarray
    """(n,) f8 the moment at the destination of one who came by vehicle; NaN elsewhere."""


class Board:
    """Some places looked at together: for each walk to a stop, what leaves there in each minute of the window."""

    def __init__(self, graph: DayGraph, near: WalkingAccess, window: DepartureWindow) -> None:
        self._graph, self._near, self._window = graph, near, window
        self._walk = whole_seconds(near.seconds)
        count = np.diff(near.first)
        order = np.argsort(-count, kind="stable")
        self._reached = order[: int((count > 0).sum())]
        """Places with a stop near, those with the most stops first."""
        self._begin = near.first[self._reached]
        ranked = count[self._reached]
        self._turns = [self._begin[ranked > turn] + turn for turn in range(int(ranked[0]) if len(ranked) else 0)]
        """The first walk of each of those places, then the second of those that have one, …"""
        stops, self._row_of_stop = np.unique(near.stop, return_inverse=True)
        self._stops = stops.astype(np.int64)
        if not window.arrive_by:
            self._rows, self._row, self._skip, self._next = self._departures()

    def costs(self, found: Arrivals, walked: np.ndarray, all_minutes: bool = True) -> np.ndarray:
        """(n, N) f4 seconds in each minute of the window; ``walked`` (n,) are those of going all the way on foot.

        Without ``all_minutes`` those up to the value of the window's rank are sure, the others no less than it.
        """
        if self._window.arrive_by:
            return self.spent_before(found, walked, self._window.moments)
        ridden = self._earliest(found, walked, all_minutes) if len(self._begin) else None
        return self._with_walks(walked, self._window.minutes, ridden)

    def spent_before(self, found: Arrivals, walked: np.ndarray, moments: np.ndarray) -> np.ndarray:
        """(n, M) f4 seconds between the latest departure that gets one there by each of ``moments`` (M,) and it."""
        return self._with_walks(walked, len(moments), self._latest(found, moments) if len(self._begin) else None)

    def _with_walks(self, walked: np.ndarray, columns: int, ridden: np.ndarray | None) -> np.ndarray:
        whole = np.repeat(walked[:, None].astype(np.float32), columns, axis=1)
        if ridden is not None:
            whole[self._reached] = np.minimum(whole[self._reached], ridden)
        return whole

    def chosen(self, found: Arrivals, walked: np.ndarray, minute: np.ndarray) -> JourneyFigures:
        """(n,) the exact cost in the given ``minute`` (n,) of the window of each place, and how it is had."""
        seconds, halt = walked.astype(float), np.full(self._near.count, -1)
        there = np.full(self._near.count, np.nan)
        if len(self._near.stop):
            ridden, rank = (self._latest_at if self._window.arrive_by else self._earliest_at)(
                found, minute[self._near.rows()]
            )
            best = self._least_of_each(ridden)
            better = ridden[best] < seconds[self._reached]
            place, best = self._reached[better], best[better]
            seconds[place], halt[place], there[place] = ridden[best], found.halt[rank[best]], found.when[rank[best]]
        return JourneyFigures(seconds, halt, there)

    def _least_of_each(self, values: np.ndarray) -> np.ndarray:
        """Of each place reached, the first of its walks to a stop that has the least of ``values`` (A,)."""
        order = np.argsort(self._begin)
        lowest = np.full(self._near.count, -np.inf)
        lowest[self._reached[order]] = np.minimum.reduceat(values, self._begin[order])
        rows = self._near.rows()
        best = np.flatnonzero(values == lowest[rows])[::-1]
        chosen = np.empty(self._near.count, np.int64)
        chosen[rows[best]] = best
        return chosen[self._reached]

    # -- leaving at each minute ---------------------------------------------------------------------------------------

    def _departures(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """For each stop and second past the minute that someone needs: the next departure, minute after minute."""
        phase, skip = self._walk % MINUTE, self._walk // MINUTE
        wanted, row = np.unique(self._row_of_stop * MINUTE + phase, return_inverse=True)
        minutes = self._window.minutes + (int(skip.max()) if len(skip) else 0)
        every_second = self._every_second(minutes * MINUTE).reshape(len(self._stops), minutes, MINUTE)
        following = np.ascontiguousarray(every_second[wanted // MINUTE, :, wanted % MINUTE])
        return wanted, row, skip, following

    def _every_second(self, span: int) -> np.ndarray:
        """(stops, span) i4: the next departure at each second from the start of the window on; B for none."""
        graph, start = self._graph, self._window.start
        none = len(graph.boardings)
        base = np.minimum(
            graph.next_boarding(self._stops, np.full(len(self._stops), start)), graph.first_boarding[self._stops + 1]
        )
        last = graph.first_boarding[self._stops + 1]
        count = last - base
        row = np.repeat(np.arange(len(base)), count)
        boarding = ranges(base, count)
        passed = graph.boarding_time[boarding] - start + 1
        inside = passed < span
        step = np.bincount(row[inside] * span + passed[inside], minlength=len(base) * span).astype(np.int32)
        following = np.cumsum(step.reshape(len(base), span), axis=1, dtype=np.int32) + base[:, None].astype(np.int32)
        following[following >= last[:, None]] = none
        return following

    def _earliest(self, found: Arrivals, walked: np.ndarray, all_minutes: bool) -> np.ndarray:
        window = self._window
        ends = np.append(_moments(found)[found.rank] - window.start, np.inf).astype(np.float32)
        ahead = sliding_window_view(ends[self._next], window.minutes, axis=1)
        clock = MINUTE * np.arange(window.minutes, dtype=np.float32)
        least, most = self._bounds(found)
        first = self._least_of_each(least)
        costs = ahead[self._row[first], self._skip[first]] - clock
        # No walk to a stop changes the value of the rank that takes at best as long as what is known already.
        value = np.partition(costs, window.rank, axis=1)[:, window.rank]
        known = np.minimum(most if all_minutes else np.minimum(value, most), walked[self._reached])
        bar = np.full(self._near.count, -np.inf)
        bar[self._reached] = known
        useful = least < bar[self._near.rows()] + 1.0
        useful[first] = False
        for entry in self._turns:
            place = np.flatnonzero(useful[entry])
            entry = entry[place]
            costs[place] = np.minimum(costs[place], ahead[self._row[entry], self._skip[entry]] - clock)
        return costs

    def _bounds(self, found: Arrivals) -> tuple[np.ndarray, np.ndarray]:
        """The least seconds in any minute by each walk to a stop, and of each place reached the most in all minutes."""
        quickest, slowest = self._rides(found)
        least = self._near.seconds + quickest[self._row_of_stop]
        most = np.minimum.reduceat(
            np.append(self._near.seconds + slowest[self._row_of_stop], np.inf), np.sort(self._begin)
        )[np.argsort(np.argsort(self._begin))]
        return least, most

    def _rides(self, found: Arrivals) -> tuple[np.ndarray, np.ndarray]:
        """Of each stop, the least and the most seconds of waiting and riding from any moment that matters (inf)."""
        graph, start = self._graph, self._window.start
        end = start + MINUTE * self._window.minutes + int(self._walk.max())
        first, last = graph.first_boarding[self._stops], graph.first_boarding[self._stops + 1]
        low = graph.next_boarding(self._stops, np.full(len(self._stops), start))
        low = np.minimum(low, last)
        high = np.minimum(np.minimum(graph.next_boarding(self._stops, np.full(len(self._stops), end)), last - 1), last)
        quickest, slowest = np.full(len(first), np.inf), np.full(len(first), np.inf)
        count = np.maximum(high - low + 1, 0)
        served = np.flatnonzero(count)
        if not len(served):
            return quickest, slowest
        count, low = count[served], low[served]
        begin = np.cumsum(count) - count
        boarding = ranges(low, count)
        there = _moments(found)[found.rank[boarding]]
        since = graph.boarding_time[boarding - 1].astype(float)
        since[begin] = start
        quickest[served] = np.minimum.reduceat(there - graph.boarding_time[boarding], begin)
        slowest[served] = np.maximum.reduceat(there - since, begin)
        # One who comes after the last departure of the day waits for ever.
        slowest[served[graph.boarding_time[boarding[begin + count - 1]] < end]] = np.inf
        return quickest, slowest

    def _earliest_at(self, found: Arrivals, minute: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        boarding = self._next[self._row, self._skip + minute]
        rank = np.append(found.rank, len(found.when))[boarding]
        return _moments(found)[rank] - self._window.moments[minute], rank

    # -- being there at each minute -----------------------------------------------------------------------------------

    def _latest(self, found: Arrivals, moments: np.ndarray) -> np.ndarray:
        leaves = np.append(self._graph.boarding_time.astype(float), -np.inf)
        last = self._last_boarding(found, np.repeat(self._stops, len(moments)), np.tile(moments, len(self._stops)))
        before = leaves[last].reshape(len(self._stops), len(moments))
        spent = (moments[None, :] - before).astype(np.float32)
        walk = self._near.seconds.astype(np.float32)
        least = np.full((len(self._begin), len(moments)), np.inf, np.float32)
        for entry in self._turns:
            part = least[: len(entry)]
            np.minimum(part, spent[self._row_of_stop[entry]] + walk[entry, None], out=part)
        return least

    def _latest_at(self, found: Arrivals, minute: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        moment = self._window.moments[minute]
        last = self._last_boarding(found, self._near.stop.astype(np.int64), moment)
        leaves = np.append(self._graph.boarding_time.astype(float), -np.inf)
        rank = np.append(found.rank, len(found.when))[last]
        return moment - leaves[last] + self._near.seconds, rank

    def _last_boarding(self, found: Arrivals, stop: np.ndarray, moment: np.ndarray) -> np.ndarray:
        """The last departure of each ``stop`` that gets one there by ``moment``; B where there is none."""
        graph = self._graph
        in_time = np.searchsorted(found.when, moment + 1e-6, side="right")
        several = np.int64(len(found.when) + 1)
        key = graph.boarding_stop * several + found.rank
        last = np.searchsorted(key, stop * several + in_time, side="left") - 1
        return np.where(last >= graph.first_boarding[stop], last, len(graph.boardings))


def _moments(found: Arrivals) -> np.ndarray:
    return np.append(found.when, np.inf)


def parts(near: WalkingAccess) -> list[tuple[int, int]]:
    """Ranges of places whose walks to stops are few enough to be looked at together."""
    cuts = [0]
    while cuts[-1] < near.count:
        end = int(np.searchsorted(near.first, near.first[cuts[-1]] + _ENTRIES_AT_ONCE, side="right")) - 1
        cuts.append(min(max(end, cuts[-1] + 1), near.count, cuts[-1] + _ENTRIES_AT_ONCE))
    return list(zip(cuts[:-1], cuts[1:]))


def percentile(costs: np.ndarray, window: DepartureWindow) -> np.ndarray:
    """(n,) the first minute that has the value of the window's rank, from (n, N) ``costs``."""
    value = np.partition(costs, window.rank, axis=1)[:, window.rank]
    return np.argmax(costs == value[:, None], axis=1)
