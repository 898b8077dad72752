"""There and back in one day, to a counter that is open: the trip with the least time away from home.

A trip leaves home at `Outing.leave` or later, is served for `Outing.stay` within one opening interval (waiting for it to
open counts as away), and is home by `Outing.home`. Between the moment b at which being served begins and home, time away
is (b - latest departure that arrives by b) + stay + (earliest arrival home after b + stay - (b + stay)). Both are step
functions of b, so that the least is found at one of few moments: an arrival at the door, the opening, the last moment
before closing, or the one that just catches a vehicle home.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..progress import Progress
from ..routing.local import Router
from ..routing.places import Places
from .search import Arrivals, DayGraph
from .timetable import Timetable
from .walking import Access, access, nearest_from_stops, stops_on_network
from .window import Board, Window, parts

POSSIBLE = ""
NO_STOP, NO_RIDE, CLOSED, NO_RETURN, UNKNOWN_HOURS = (
    "sans_arret",
    "sans_course",
    "ferme",
    "sans_retour",
    "horaires_inconnus",
)
REASONS = (POSSIBLE, NO_STOP, NO_RIDE, CLOSED, NO_RETURN, UNKNOWN_HOURS)
_MOMENTS_AT_ONCE = 96
_EXACT = 1e-3
"""Seconds within which two moments are the same."""


class Outing(NamedTuple):
    """What the day allows, in seconds since 0:00 (`home` may pass midnight)."""

    leave: float
    home: float
    stay: float


class Trips(NamedTuple):
    """The best trip of each of n places; NaN, -1 where there is none."""

    service: np.ndarray
    """(n,) i4."""
    leaves: np.ndarray
    """(n,) f8 seconds since 0:00: the latest departure from home for this trip."""
    arrives: np.ndarray
    """(n,) f8 at the door."""
    served: np.ndarray
    """(n,) f8 when the service is done."""
    returns: np.ndarray
    """(n,) f8 home again."""
    reason: np.ndarray
    """(n,) i1 into `REASONS`."""

    @property
    def away(self) -> np.ndarray:
        """(n,) seconds away from home."""
        return self.returns - self.leaves


class _Service(NamedTuple):
    """One service, searched in both directions."""

    number: int
    out: Arrivals
    back: Arrivals
    walk_out: np.ndarray
    """(n,) seconds on foot from each place."""
    walk_back: np.ndarray
    begins: np.ndarray
    """(M,) f8 moments at which being served may begin."""
    opening: np.ndarray
    """(M,) f8 when the interval of each of them opens."""


class _Way(NamedTuple):
    """One direction of the day: its graph, and the walks between places, services and stops."""

    graph: DayGraph
    homes: Access
    doors: Access
    window: Window


class RoundTrips:
    """Round trips between ``demand`` and ``services`` on one timetable.

    ``opening``: for each service its open intervals of the day (start, end in seconds since 0:00), ``None`` when unknown.
    """

    def __init__(
        self,
        router: Router,
        timetable: Timetable,
        demand: Places,
        services: Places,
        opening: Sequence[Sequence[tuple[float, float]] | None],
        outing: Outing,
        *,
        snap_distance: float = np.inf,
        progress: Progress = Progress(),
    ) -> None:
        self._router, self._demand, self._services = router, demand, services
        self._opening, self._outing = opening, outing
        self._stops = stops_on_network(router, timetable, snap_distance)
        self._stop_count = len(timetable.stops)
        self._out = self._way(timetable, timetable.max_walk, True, progress.part(0.0, 0.5))
        self._back = self._way(timetable.mirrored(), timetable.max_walk, False, progress.part(0.5, 1.0))
        self._has_stop = np.diff(self._out.homes.first) > 0

    def best(self, members: np.ndarray, progress: Progress = Progress()) -> Trips:
        """The best trip from each place to any of the services ``members`` (their numbers)."""
        count = self._demand.count
        trips = _nothing(count)
        stage = np.full(count, 2, np.int8)  # how far the best attempt came: 2 no ride, 3 closed, 4 no return
        known = [m for m in members.tolist() if self._services.link[m] >= 0 and self._opening[m] is not None]
        unknown = [m for m in members.tolist() if self._services.link[m] >= 0 and self._opening[m] is None]
        for done, number in enumerate(known):
            progress.advance(done / max(len(members), 1))
            self._try(self._service(number, self._opening[number] or ()), trips, stage, progress)
        impossible = np.isnan(trips.returns)
        trips.reason[:] = np.where(impossible, np.where(self._has_stop, stage, 1), 0)
        if unknown and impossible.any():
            self._mark_unknown(unknown, trips, progress)
        return trips

    # -- one service --------------------------------------------------------------------------------------------------

    def _way(self, timetable: Timetable, max_walk: float, towards: bool, progress: Progress) -> _Way:
        homes = access(
            self._router, self._demand, self._stops, max_walk, towards_stops=towards, progress=progress.part(0.0, 0.7)
        )
        doors = access(
            self._router,
            self._services,
            self._stops,
            max_walk,
            towards_stops=not towards,
            progress=progress.part(0.7, 1.0),
        )
        return _Way(DayGraph(timetable), homes, doors, Window(0, 1, 50.0, True))

    def _service(self, number: int, intervals: Sequence[tuple[float, float]]) -> _Service:
        only = np.array([number])
        found = []
        for way in (self._out, self._back):
            egress, _ = nearest_from_stops(way.doors, only, self._stop_count)
            found.append(way.graph.arrivals(egress))
        begins, opening = self._begins(found[0].when, -found[1].when, intervals)
        return _Service(
            number, *found, self._on_foot(number, "departure"), self._on_foot(number, "arrival"), begins, opening
        )

    def _on_foot(self, number: int, direction: str) -> np.ndarray:
        seconds = np.full(self._demand.count, np.inf)
        placed = np.flatnonzero(self._demand.link >= 0)
        if len(placed):
            found = self._router.nearest(
                self._demand.take(placed), self._services.take(np.array([number])), direction=direction
            )
            seconds[placed] = np.where(found.index[:, 0] >= 0, found.cost[:, 0] * 60.0, np.inf)
        return seconds

    def _begins(
        self, arrivals: np.ndarray, departures: np.ndarray, intervals: Sequence[tuple[float, float]]
    ) -> tuple[np.ndarray, np.ndarray]:
        """The moments at which being served may begin in a best trip, ascending, and the opening each belongs to."""
        outing = self._outing
        begins, opening = [], []
        for opens, closes in intervals:
            first, last = max(opens, outing.leave), min(closes, outing.home) - outing.stay
            if last < first - _EXACT:
                continue
            last = max(first, last)
            moments = np.concatenate(([first, last], arrivals, departures - outing.stay))
            moments = np.unique(moments[(moments >= first) & (moments <= last)])
            begins.append(moments)
            opening.append(np.full(len(moments), float(opens)))
        if not begins:
            return np.empty(0), np.empty(0)
        return np.concatenate(begins), np.concatenate(opening)

    def _try(self, service: _Service, trips: Trips, stage: np.ndarray, progress: Progress) -> None:
        """Take the trips to ``service`` that are better than those found so far."""
        outing = self._outing
        for start, end in parts(self._out.homes):
            progress.check()
            out = Board(self._out.graph, self._out.homes.part(start, end), self._out.window)
            back = Board(self._back.graph, self._back.homes.part(start, end), self._back.window)
            here = slice(start, end)
            closing = np.array([outing.home])
            reached = outing.home - out.spent_before(service.out, service.walk_out[here], closing)[:, 0] >= outing.leave
            stage[here] = np.maximum(stage[here], np.where(reached, 3, 2))
            for low in range(0, len(service.begins), _MOMENTS_AT_ONCE):
                moments = service.begins[low : low + _MOMENTS_AT_ONCE]
                spent = out.spent_before(service.out, service.walk_out[here], moments)
                in_time = moments[None, :] - spent >= outing.leave - _EXACT
                stage[here] = np.maximum(stage[here], np.where(in_time.any(axis=1), 4, 2))
                homeward = back.spent_before(service.back, service.walk_back[here], -(moments + outing.stay))
                in_time &= moments[None, :] + outing.stay + homeward <= outing.home + _EXACT
                away = np.where(in_time, spent + homeward, np.inf)
                choice = np.argmin(away, axis=1)
                self._keep(
                    service,
                    trips,
                    here,
                    out,
                    back,
                    moments[choice],
                    service.opening[low + choice],
                    np.isfinite(away.min(axis=1)),
                )

    def _keep(
        self,
        service: _Service,
        trips: Trips,
        here: slice,
        out: Board,
        back: Board,
        begin: np.ndarray,
        opening: np.ndarray,
        possible: np.ndarray,
    ) -> None:
        """Write the exact times of the trips that begin to be served at ``begin`` (n,), where they are better."""
        if not possible.any():
            return
        outing = self._outing
        there = out.exactly(service.out, service.walk_out[here], begin)
        leaves = begin - there.seconds
        arrives = np.where(there.halt >= 0, there.there, leaves + service.walk_out[here])
        served = np.maximum(arrives, opening) + outing.stay
        home = back.exactly(service.back, service.walk_back[here], -served)
        returns = served + home.seconds
        away, known = returns - leaves, trips.returns[here] - trips.leaves[here]
        sooner = returns < trips.returns[here] - _EXACT
        better = possible & (np.isnan(known) | (away < known - _EXACT) | ((away < known + _EXACT) & sooner))
        for column, value in zip(trips, (service.number, leaves, arrives, served, returns)):
            column[here] = np.where(better, value, column[here])

    def _mark_unknown(self, unknown: list[int], trips: Trips, progress: Progress) -> None:
        """Where no trip is possible but one would be if a service of unknown hours were open: that is the reason."""
        imagined = _nothing(self._demand.count)
        stage = np.zeros(self._demand.count, np.int8)
        always = ((self._outing.leave, self._outing.home),)
        for number in unknown:
            self._try(self._service(number, always), imagined, stage, progress)
        trips.reason[(trips.reason > 0) & np.isfinite(imagined.returns)] = REASONS.index(UNKNOWN_HOURS)


def _nothing(count: int) -> Trips:
    none = [np.full(count, np.nan) for _ in range(4)]
    return Trips(np.full(count, -1, np.int32), *none, np.zeros(count, np.int8))
