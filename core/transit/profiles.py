"""The journeys of a day between each place and one destination: those that no other beats."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..ragged import owners, ranges, runs
from .search import Arrivals, DayGraph
from .walking import WalkingAccess


class Profile(NamedTuple):
    """Journeys of n places, place after place, each leaving later and arriving later than the one before."""

    first: np.ndarray
    """(n + 1,): the journeys of place i are ``first[i]:first[i + 1]``."""
    leaves: np.ndarray
    """(J,) f8 seconds since 0:00, ascending within a place: the latest departure from the place."""
    arrives: np.ndarray
    """(J,) f8 at the destination, ascending within a place."""

    @property
    def places(self) -> np.ndarray:
        """(J,) the place of each journey."""
        return owners(np.diff(self.first))

    def turned(self) -> Profile:
        """The journeys of a day run backwards, given forwards: from the destination back to the places."""
        place = self.places
        order = np.lexsort((-self.arrives, place))
        return Profile(self.first, -self.arrives[order], -self.leaves[order])


def profile(
    graph: DayGraph, near: WalkingAccess, found: Arrivals, walked: np.ndarray, earliest: float, counts: np.ndarray
) -> Profile:
    """The journeys by vehicle that leave at ``earliest`` or later (seconds since 0:00).

    ``walked`` (n,) seconds on foot all the way: a journey that takes as long is none. ``counts`` (K,) of each moment of
    arrival, ascending, the moment that it is as good as, inf for none: at a stop one journey of those is enough.
    """
    begin, departs, rank = _at_stops(graph, found, earliest, counts)
    count = np.diff(begin)[near.stop]
    entry = owners(count)
    row = ranges(begin[near.stop], count)
    place, leave = near.rows()[entry], departs[row] - near.seconds[entry]
    arrival = rank[row]
    useful = np.flatnonzero((leave >= earliest) & (found.when[arrival] - leave < walked[place]))
    key = place[useful] * np.int64(len(found.when)) + arrival[useful]
    order = np.argsort(key, kind="stable")
    key, leave = key[order], leave[useful[order]]
    starts = np.flatnonzero(np.diff(key, prepend=-1))
    leave = np.maximum.reduceat(leave, starts) if len(starts) else leave
    place, arrival = np.divmod(key[starts], np.int64(max(len(found.when), 1)))
    later = _leaves_later(place, leave)
    first = runs(place[later], near.count)
    return Profile(first, leave[later], found.when[arrival[later]])


def _at_stops(
    graph: DayGraph, found: Arrivals, earliest: float, counts: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The same at each stop: where its journeys begin (S + 1,), their departures, and the ranks of their arrivals."""
    stop, rank = graph.boarding_stop, found.rank
    as_good = np.append(counts, np.inf)[rank]
    last = (as_good < np.inf) & (graph.boarding_time >= earliest)
    last[:-1] &= (stop[1:] != stop[:-1]) | (as_good[1:] != as_good[:-1])
    begin = np.searchsorted(stop[last], np.arange(len(graph.timetable.stops) + 1))
    # Two vehicles that arrive at one moment have two ranks: the lower stands for both.
    together = np.searchsorted(found.when, found.when)
    return begin, graph.boarding_time[last].astype(float), together[rank[last]]


def _leaves_later(place: np.ndarray, leave: np.ndarray) -> np.ndarray:
    """Which journeys leave later than all before them of the same place; places ascend."""
    if len(leave) == 0:
        return np.empty(0, bool)
    span = float(leave.max() - leave.min()) + 1.0
    lifted = leave + place * span
    before = np.maximum.accumulate(lifted)
    keep = np.ones(len(leave), bool)
    keep[1:] = (lifted[1:] > before[:-1]) | (place[1:] != place[:-1])
    return keep
