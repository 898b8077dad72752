"""Walks between places and stops: which stops are near each place, and how far."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..progress import Progress
from ..ragged import offsets, owners, ranges, runs
from ..routing.local import Router
from ..routing.snapped_points import SnappedPoints
from ..thresholds import within
from .timetable import Timetable, to_network


class WalkingAccess(NamedTuple):
    """The stops within the longest walk of each of n places, place after place."""

    first: np.ndarray
    """(n + 1,) i8: the stops of place i are ``stop[first[i]:first[i + 1]]``."""
    stop: np.ndarray
    """(A,) i4 into the stops of the timetable."""
    seconds: np.ndarray
    """(A,) f8 on foot between the place and the stop."""

    @property
    def count(self) -> int:  # type: ignore[override]
        return len(self.first) - 1

    def part(self, start: int, end: int) -> WalkingAccess:
        """The places ``start … end - 1``."""
        low, high = self.first[start], self.first[end]
        return WalkingAccess(self.first[start : end + 1] - low, self.stop[low:high], self.seconds[low:high])

    def take(self, rows: np.ndarray) -> WalkingAccess:
        """The places ``rows``."""
        count = np.diff(self.first)[rows]
        entry = ranges(self.first[rows], count)
        return WalkingAccess(offsets(count), self.stop[entry], self.seconds[entry])

    def rows(self) -> np.ndarray:
        """(A,) the place of each entry."""
        return owners(np.diff(self.first))


class Doors(NamedTuple):
    """Where stops are reached from the streets."""

    places: SnappedPoints
    """D places of the walking network; those too far from it have link -1."""
    stop: np.ndarray
    """(D,) the stop behind each,"""
    seconds: np.ndarray
    """(D,) and the time between the two."""


def doors_on_network(router: Router, timetable: Timetable, snap_distance: float = np.inf) -> Doors:
    """The doors of all stops as places of the walking network."""
    places = router.snap(to_network(router, np.asarray(timetable.door_lonlat)), snap_distance)
    return Doors(places, np.asarray(timetable.door_stop), np.asarray(timetable.door_time))


def access(
    router: Router,
    places: SnappedPoints,
    doors: Doors,
    max_walk: float,
    *,
    towards_stops: bool = True,
    progress: Progress = Progress(),
) -> WalkingAccess:
    """The walks of at most ``max_walk`` seconds from ``places`` to stops, or with ``towards_stops`` false back."""
    placed, linked = np.flatnonzero(places.link >= 0), np.flatnonzero(doors.places.link >= 0)
    row, stop, seconds = [], [], []
    if len(placed) and len(linked):
        blocks = router.matrix(
            doors.places.take(linked),
            places.take(placed),
            limit=max_walk / 60.0,
            reverse=towards_stops,
            progress=progress,
        )
        for block in blocks:
            walk = block.cost.astype(float) * 60.0 + doors.seconds[linked[block.origins], None]
            near = np.nonzero(within(walk, max_walk))
            stop.append(doors.stop[linked[block.origins[near[0]]]])
            row.append(placed[block.destinations[near[1]]])
            seconds.append(walk[near])
    if not row:
        return WalkingAccess(np.zeros(places.count + 1, np.int64), np.empty(0, np.int32), np.empty(0))
    rows, of_stop, walk = np.concatenate(row), np.concatenate(stop), np.concatenate(seconds)
    order = np.argsort(rows, kind="stable")
    if len(doors.stop) > len(np.unique(doors.stop)):  # of several doors of a stop, the best
        order = np.lexsort((walk, of_stop, rows))
        order = order[(np.diff(rows[order], prepend=-1) != 0) | (np.diff(of_stop[order], prepend=-1) != 0)]
    first = runs(rows[order], places.count)
    return WalkingAccess(first, of_stop[order].astype(np.int32), walk[order])


def nearest_from_stops(near: WalkingAccess, members: np.ndarray, stops: int) -> tuple[np.ndarray, np.ndarray]:
    """Of each stop, the seconds to the nearest of the places ``members`` (inf beyond reach), and which one (-1)."""
    chosen = np.zeros(near.count, bool)
    chosen[members] = True
    rows = near.rows()
    entry = np.flatnonzero(chosen[rows])
    order = entry[np.lexsort((near.seconds[entry], near.stop[entry]))]
    stop = near.stop[order]
    best = order[np.diff(stop, prepend=-1) != 0]
    seconds, which = np.full(stops, np.inf), np.full(stops, -1, np.int32)
    seconds[near.stop[best]], which[near.stop[best]] = near.seconds[best], rows[best]
    return seconds, which
