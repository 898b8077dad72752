"""There and back in one day, to a counter that is open: the trip with the least time away from home.

A trip leaves home at `Outing.leave` or later, is served for `Outing.stay` within one opening interval (waiting for it
to open counts as away), and is home by `Outing.home`. Of each place and service only the journeys that no other beats
count (`profiles`). One who rides there is served as soon as may be: a later beginning brings nobody home earlier. One
who walks there begins so as to be done just when a good way home begins, or at closing time. Hence few pairs to try.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..progress import Progress
from ..routing.local import Router
from ..routing.snapped_points import SnappedPoints
from .profiles import Profile, profile
from .search import DayGraph
from .timetable import Timetable
from .walking import WalkingAccess, access, nearest_from_stops, stops_on_network

POSSIBLE = ""
NO_STOP, NO_RIDE, CLOSED, NO_RETURN, UNKNOWN_HOURS = (
    "sans_arret",
    "sans_course",
    "ferme",
    "sans_retour",
    "horaires_inconnus",
)
REASONS = (POSSIBLE, NO_STOP, NO_RIDE, CLOSED, NO_RETURN, UNKNOWN_HOURS)
_EXACT = 1e-3
"""Seconds within which two moments are the same."""


class Outing(NamedTuple):
    """What the day allows, in seconds since 0:00 (`home` may pass midnight)."""

    leave: float
    home: float
    stay: float


class BestTrips(NamedTuple):
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


class _Way(NamedTuple):
    """One direction of the day: its graph, and the walks between homes, doors of services and stops."""

    graph: DayGraph
    homes: WalkingAccess
    doors: WalkingAccess

    def profile(self, number: int, stops: int, walked: np.ndarray, earliest: float, latest: float) -> Profile:
        """The journeys between each home and the door of service ``number``."""
        egress, _ = nearest_from_stops(self.doors, np.array([number]), stops)
        return profile(self.graph, self.homes, self.graph.arrivals(egress), walked, earliest, latest)


class _Service(NamedTuple):
    """The ways to one service and back."""

    number: int
    out: Profile
    back: Profile
    walk_out: np.ndarray
    """(n,) seconds on foot from each place; inf."""
    walk_back: np.ndarray


class _Tries(NamedTuple):
    """Trips to one service, one a row; a place may have several."""

    place: np.ndarray
    leaves: np.ndarray
    arrives: np.ndarray
    served: np.ndarray


class RoundTrips:
    """Round trips between ``demand`` and ``services`` on one timetable.

    ``opening``: for each service its open intervals (start, end in seconds since 0:00), ``None`` when unknown.
    """

    def __init__(
        self,
        router: Router,
        timetable: Timetable,
        demand: SnappedPoints,
        services: SnappedPoints,
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
        self._out = self._way(timetable, True, progress.part(0.0, 0.5))
        self._back = self._way(timetable.mirrored(), False, progress.part(0.5, 1.0))
        self._has_stop = np.diff(self._out.homes.first) > 0

    def best(self, members: np.ndarray, progress: Progress = Progress()) -> BestTrips:
        """The best trip from each place to any of the services ``members`` (their numbers)."""
        count = self._demand.count
        trips = _nothing(count)
        stage = np.full(count, REASONS.index(NO_RIDE), np.int8)  # how far the best attempt came
        placed = [m for m in members.tolist() if self._services.link[m] >= 0]
        known = [m for m in placed if self._opening[m] is not None]
        self._try_all([(m, self._opening[m] or ()) for m in known], trips, stage, progress.part(0.0, 0.7))
        none_near = np.int8(REASONS.index(NO_STOP))
        trips.reason[:] = np.where(np.isfinite(trips.returns), 0, np.where(self._has_stop, stage, none_near))
        unknown = [m for m in placed if self._opening[m] is None]
        if unknown and trips.reason.any():
            self._mark_unknown(unknown, trips, progress.part(0.7, 1.0))
        return trips

    # -- one service --------------------------------------------------------------------------------------------------

    def _way(self, timetable: Timetable, towards: bool, progress: Progress) -> _Way:
        walks = []
        for places, towards_stops, step in (
            (self._demand, towards, progress.part(0.0, 0.7)),
            (self._services, not towards, progress.part(0.7, 1.0)),
        ):
            walks.append(
                access(
                    self._router, places, self._stops, timetable.max_walk, towards_stops=towards_stops, progress=step
                )
            )
        return _Way(DayGraph(timetable), *walks)

    def _service(self, number: int) -> _Service:
        outing, stops = self._outing, self._stop_count
        there, back = self._on_foot(number, "departure"), self._on_foot(number, "arrival")
        out = self._out.profile(number, stops, there, outing.leave - _EXACT, outing.home + _EXACT)
        home = self._back.profile(number, stops, back, -outing.home - _EXACT, -outing.leave + _EXACT)
        return _Service(number, out, home.turned(), there, back)

    def _on_foot(self, number: int, direction: str) -> np.ndarray:
        seconds = np.full(self._demand.count, np.inf)
        placed = np.flatnonzero(self._demand.link >= 0)
        if len(placed):
            found = self._router.nearest(
                self._demand.take(placed), self._services.take(np.array([number])), direction=direction
            )
            seconds[placed] = np.where(found.index[:, 0] >= 0, found.cost[:, 0] * 60.0, np.inf)
        return seconds

    def _try_all(
        self,
        services: list[tuple[int, Sequence[tuple[float, float]]]],
        trips: BestTrips,
        stage: np.ndarray,
        progress: Progress,
    ) -> None:
        """Take the trips to ``services`` (number, open intervals) that are better than those found so far."""
        for done, (number, intervals) in enumerate(services, start=1):
            service = self._service(number)
            reached = (np.diff(service.out.first) > 0) | (self._outing.leave + service.walk_out <= self._outing.home)
            _raise_to(stage, reached, CLOSED)
            for opens, closes in intervals:
                for tries in (self._riding(service, opens, closes), self._walking(service, opens, closes)):
                    _raise_to(stage, tries.place, NO_RETURN)
                    self._keep(service, tries, trips)
            progress.advance(done / len(services))

    def _riding(self, service: _Service, opens: float, closes: float) -> _Tries:
        """There by vehicle, served as soon as may be."""
        out = service.out
        served = np.maximum(out.arrives, opens) + self._outing.stay
        open_ = served <= closes + _EXACT
        return _Tries(out.places[open_], out.leaves[open_], out.arrives[open_], served[open_])

    def _walking(self, service: _Service, opens: float, closes: float) -> _Tries:
        """There on foot: at once, or so as to be done when a way home begins, or at closing time."""
        outing, walk, back = self._outing, service.walk_out, service.back
        everyone = np.arange(self._demand.count)
        place = np.concatenate((everyone, everyone, back.places))
        soonest = np.maximum(outing.leave + walk, opens) + outing.stay
        done = np.concatenate((soonest, np.full(len(walk), float(closes)), np.minimum(back.leaves, closes)))
        fits = (done >= soonest[place] - _EXACT) & (done <= closes + _EXACT) & np.isfinite(walk[place])
        fits &= done - outing.stay <= outing.home
        place, done = place[fits], done[fits]
        arrives = done - outing.stay
        return _Tries(place, arrives - walk[place], arrives, done)

    def _keep(self, service: _Service, tries: _Tries, trips: BestTrips) -> None:
        """Write the best of ``tries`` of each place that gets home in time, where it is better than what is known."""
        returns = np.minimum(_home_by(service.back, tries), tries.served + service.walk_back[tries.place])
        in_time = np.flatnonzero(returns <= self._outing.home + _EXACT)
        place, away = tries.place[in_time], (returns - tries.leaves)[in_time]
        order = np.lexsort((returns[in_time], np.round(away / _EXACT), place))
        row = in_time[order[np.diff(place[order], prepend=-1) != 0]]
        place = tries.place[row]
        away, known = returns[row] - tries.leaves[row], trips.away[place]
        sooner = returns[row] < trips.returns[place] - _EXACT
        better = np.isnan(known) | (away < known - _EXACT) | ((away < known + _EXACT) & sooner)
        row, place = row[better], place[better]
        for column, values in zip(trips, (None, tries.leaves, tries.arrives, tries.served, returns)):
            column[place] = service.number if values is None else values[row]

    def _mark_unknown(self, unknown: list[int], trips: BestTrips, progress: Progress) -> None:
        """Where no trip is possible but one would be if a service of unknown hours were open: that is the reason."""
        imagined = _nothing(self._demand.count)
        always = ((self._outing.leave, self._outing.home),)
        stage = np.zeros(self._demand.count, np.int8)
        self._try_all([(number, always) for number in unknown], imagined, stage, progress)
        trips.reason[(trips.reason > 0) & np.isfinite(imagined.returns)] = REASONS.index(UNKNOWN_HOURS)


def _home_by(back: Profile, tries: _Tries) -> np.ndarray:
    """When each of ``tries`` is home by vehicle; inf where there is no way."""
    several = np.float64(4 * 86400.0)
    at = np.searchsorted(back.places * several + back.leaves, tries.place * several + tries.served - _EXACT)
    beyond = at >= back.first[tries.place + 1]
    return np.where(beyond, np.inf, np.append(back.arrives, np.inf)[np.minimum(at, len(back.arrives))])


def _raise_to(stage: np.ndarray, where: np.ndarray, reason: str) -> None:
    """At ``where`` (mask or rows), the trip came at least as far as failing for ``reason``."""
    stage[where] = np.maximum(stage[where], np.int8(REASONS.index(reason)))


def _nothing(count: int) -> BestTrips:
    none = (np.full(count, np.nan) for _ in range(4))
    return BestTrips._make((np.full(count, -1, np.int32), *none, np.zeros(count, np.int8)))
