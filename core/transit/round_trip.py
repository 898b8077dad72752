"""There and back in one day, to a counter that is open: the trip with the least time away from home.

A trip leaves home at `Outing.leave` or later, is served for `Outing.stay` within one opening interval (waiting for it
to open counts as away), and is home by `Outing.home`. Of each place and service only the journeys that no other beats
count (`profiles`). One who rides there is served as soon as may be: a later beginning brings nobody home earlier. One
who walks there begins so as to be done just when a good way home begins, or at closing time. Hence few pairs to try.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..network import Network, shared_network
from ..processes import pool
from ..progress import Progress
from ..routing.local import Router
from ..routing.snapped_points import SnappedPoints
from ..thresholds import within
from .journeys import MANY_HALTS
from .profiles import Profile, profile
from .search import Arrivals, DayGraph
from .timetable import Timetable
from .walking import WalkingAccess, access, doors_on_network, nearest_from_stops

POSSIBLE = ""
NO_STOP, NO_RIDE, CLOSED, NO_RETURN, UNKNOWN_HOURS = (
    "sans_arret",
    "sans_course",
    "ferme",
    "sans_retour",
    "horaires_inconnus",
)
REASONS = (POSSIBLE, NO_STOP, NO_RIDE, CLOSED, NO_RETURN, UNKNOWN_HOURS)
_SERVICES_AT_ONCE = 64
_PLACES_AT_ONCE = 8_000
_PLACES_A_WORKER = 100_000
_WORTH_WORKERS = 300_000
"""Places × services above which worker processes earn their start."""
_NEARLY = 0.1
"""Seconds: what bounds held in single precision may be above what they bound."""
_EXACT = 1e-3
"""Seconds within which two moments are the same."""


class Outing(NamedTuple):
    """What the day allows, in seconds since 0:00 (`home` may pass midnight)."""

    leave: float
    home: float
    stay: float
    most_on_foot: float = np.inf
    """The longest walk all the way, one way."""


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
    earliest: float
    """Journeys leave then or later (in the time of the graph, which may run backwards),"""
    latest: float
    """and arrive by then."""
    first: np.ndarray
    """(A,) of each walk between a home and a stop, the first departure that it catches; B for none."""

    @classmethod
    def of(
        cls, timetable: Timetable, homes: WalkingAccess, doors: WalkingAccess, earliest: float, latest: float
    ) -> _Way:
        graph = DayGraph(timetable)
        ready = np.ceil(earliest + homes.seconds).astype(np.int64)
        return cls(graph, homes, doors, earliest, latest, graph.next_boarding(homes.stop.astype(np.int64), ready))

    def arrivals(self, number: int) -> Arrivals:
        """What each departure reaches first at the door of service ``number``."""
        egress, _ = nearest_from_stops(self.doors, np.array([number]), len(self.graph.timetable.stops))
        return self.graph.arrivals(egress)

    def soonest(self, found: Arrivals) -> np.ndarray:
        """(n,) when each home is at the door at the soonest, by vehicle; inf when not in time."""
        there = np.append(found.when, np.inf)[np.append(found.rank, len(found.when))[self.first]]
        return self._least(np.where(there <= self.latest, there, np.inf))

    def quickest(self, found: Arrivals) -> np.ndarray:
        """(n,) the least seconds that any journey by vehicle of the day takes between each home and the door; inf."""
        graph = self.graph
        there = np.append(found.when, np.inf)[found.rank]
        useful = (graph.boarding_time >= self.earliest) & (there <= self.latest)
        took = np.append(np.where(useful, there - graph.boarding_time, np.inf), np.inf)
        served = np.flatnonzero(np.diff(graph.first_boarding))
        of_stop = np.full(len(graph.timetable.stops), np.inf)
        if len(served):
            of_stop[served] = np.minimum.reduceat(took, graph.first_boarding[served])
        return self._least(self.homes.seconds + of_stop[self.homes.stop])

    def _least(self, values: np.ndarray) -> np.ndarray:
        """(n,) the least of the ``values`` (A,) of the walks of each home; inf for none."""
        least = np.full(self.homes.count, np.inf)
        some = np.flatnonzero(np.diff(self.homes.first))
        if len(some):
            least[some] = np.minimum.reduceat(values, self.homes.first[some])
        return least

    def profile(self, found: Arrivals, rows: np.ndarray, walked: np.ndarray, counts: np.ndarray) -> Profile:
        """The journeys between the homes ``rows`` and the door: see `profiles.profile`."""
        counts = np.where(found.when <= self.latest, counts, np.inf)
        return profile(self.graph, self.homes.take(rows), found, walked[rows], self.earliest, counts)


class _Prospect(NamedTuple):
    """What can be reported of a service before its journeys are looked at one by one."""

    number: int
    intervals: Sequence[tuple[float, float]]
    out: Arrivals
    back: Arrivals
    walk_out: np.ndarray
    """(n,) seconds on foot from each home; inf."""
    walk_back: np.ndarray
    bound: np.ndarray
    """(n,) f4 no trip takes less than so many seconds; inf where none is possible."""

    def served_from(self, stay: float) -> np.ndarray:
        """(K,) of each arrival at the door, when one is served from: those who wait for it to open come as one."""
        return _as_good(self.out.when, [(opens, closes - stay) for opens, closes in self.intervals])

    def done_by(self, stay: float) -> np.ndarray:
        """(K,) of each departure from the door, the last moment at which one may be done; time runs backwards."""
        return _as_good(self.back.when, [(-closes, -(opens + stay)) for opens, closes in self.intervals])


class _Service(NamedTuple):
    """The ways to one service and back."""

    number: int
    out: Profile
    back: Profile
    walk_out: np.ndarray
    """(n,) seconds on foot from each of some places; inf."""
    walk_back: np.ndarray


class _Tries(NamedTuple):
    """Trips to one service, one a row; a place may have several."""

    place: np.ndarray
    leaves: np.ndarray
    arrives: np.ndarray
    served: np.ndarray


class _Question(NamedTuple):
    """What all parts of the demand share; sent once to each worker."""

    timetable: Timetable
    services: SnappedPoints
    opening: Sequence[Sequence[tuple[float, float]] | None]
    outing: Outing
    groups: list[np.ndarray]
    snap_distance: float


def best_trips(
    router: Router,
    timetable: Timetable,
    demand: SnappedPoints,
    services: SnappedPoints,
    opening: Sequence[Sequence[tuple[float, float]] | None],
    outing: Outing,
    *,
    groups: Sequence[np.ndarray],
    snap_distance: float = np.inf,
    progress: Progress = Progress(),
) -> list[BestTrips]:
    """Of each group of services (their numbers) the best trip of each place of ``demand``: see `RoundTrips`.

    Many places are shared out among worker processes.
    """
    question = _Question(timetable, services, opening, outing, list(groups), snap_distance)
    work = demand.count * sum(map(len, groups))
    if work < _WORTH_WORKERS and len(timetable.stop) <= MANY_HALTS:
        return _of_part(router, demand, question, progress)
    parts = max(os.cpu_count() or 1, -(-demand.count // _PLACES_A_WORKER))
    order = np.argsort(demand.link, kind="stable")  # neighbours together: they look at the same stops
    pieces = np.array_split(order, parts)
    resource = shared_network(router.network)
    found = pool.run(
        search_part, [demand.take(rows) for rows in pieces], resource=resource, shared=question, progress=progress
    )
    whole = [_nothing(demand.count) for _ in groups]
    for rows, of_groups in zip(pieces, found):
        for all_of, part in zip(whole, of_groups):
            for column, values in zip(all_of, part):
                column[rows] = values
    return whole


def search_part(network: Network, demand: SnappedPoints, question: _Question) -> list[BestTrips]:
    """The answer for some places; runs in a worker process."""
    return _of_part(Router(network), demand, question, Progress())


def _of_part(router: Router, demand: SnappedPoints, question: _Question, progress: Progress) -> list[BestTrips]:
    trips = RoundTrips(
        router,
        question.timetable,
        demand,
        question.services,
        question.opening,
        question.outing,
        snap_distance=question.snap_distance,
        progress=progress.part(0.0, 0.2),
    )
    groups, rest = question.groups, progress.part(0.2, 1.0)
    return [trips.best(rows, rest.part(n / len(groups), (n + 1) / len(groups))) for n, rows in enumerate(groups)]


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
        self._placed = np.flatnonzero(demand.link >= 0)
        self._homes = router.prepare(demand.take(self._placed))
        self._doors = doors_on_network(router, timetable, snap_distance)
        day = outing.leave - _EXACT, outing.home + _EXACT
        self._out = self._way(timetable, True, *day, progress.part(0.0, 0.5))
        self._back = self._way(timetable.mirrored(), False, -day[1], -day[0], progress.part(0.5, 1.0))
        self._has_stop = np.diff(self._out.homes.first) > 0

    def best(self, members: np.ndarray, progress: Progress = Progress()) -> BestTrips:
        """The best trip from each place to any of the services ``members`` (their numbers)."""
        count = self._demand.count
        trips = _nothing(count)
        stage = np.full(count, REASONS.index(NO_RIDE), np.int8)  # how far the best attempt came
        placed = [m for m in members.tolist() if self._services.link[m] >= 0]
        known = [m for m in placed if self._opening[m] is not None]
        everyone = np.ones(count, bool)
        self._try_all([(m, self._opening[m] or ()) for m in known], everyone, trips, stage, progress.part(0.0, 0.7))
        none_near = np.int8(REASONS.index(NO_STOP))
        trips.reason[:] = np.where(np.isfinite(trips.returns), 0, np.where(self._has_stop, stage, none_near))
        unknown = [m for m in placed if self._opening[m] is None]
        if unknown and trips.reason.any():
            self._mark_unknown(unknown, trips, progress.part(0.7, 1.0))
        return trips

    # -- services, the most promising first -------------------------------------------------------------------------

    def _way(self, timetable: Timetable, towards: bool, earliest: float, latest: float, progress: Progress) -> _Way:
        homes, doors = (
            access(self._router, places, self._doors, timetable.max_walk, towards_stops=there, progress=step)
            for places, there, step in (
                (self._demand, towards, progress.part(0.0, 0.7)),
                (self._services, not towards, progress.part(0.7, 1.0)),
            )
        )
        return _Way.of(timetable, homes, doors, earliest, latest)

    def _on_foot(self, number: int, direction: str) -> np.ndarray:
        seconds = np.full(self._demand.count, np.inf)
        if len(self._placed):
            service = self._services.take(np.array([number]))
            found = self._router.nearest(self._homes, service, direction=direction)
            seconds[self._placed] = np.where(found.index[:, 0] >= 0, found.cost[:, 0] * 60.0, np.inf)
        return np.where(within(seconds, self._outing.most_on_foot), seconds, np.inf)

    def _prospect(
        self, number: int, intervals: Sequence[tuple[float, float]], wanted: np.ndarray, stage: np.ndarray
    ) -> _Prospect:
        """How good a trip to a service may be at best, exactly whether one is possible, and how far one comes."""
        outing, out, back = self._outing, self._out.arrivals(number), self._back.arrivals(number)
        walk_out, walk_back = self._on_foot(number, "departure"), self._on_foot(number, "arrival")
        ridden, walked = self._out.soonest(out), outing.leave + walk_out
        leaves_by = np.maximum(-self._back.soonest(back), outing.home - walk_back)
        _raise_to(stage, wanted & ((ridden < np.inf) | (walked <= outing.home)), CLOSED)
        possible = np.zeros(len(stage), bool)
        for opens, closes in intervals:
            by_ride, on_foot = (np.maximum(there, opens) + outing.stay for there in (ridden, walked))
            on_foot = np.where(on_foot - outing.stay <= outing.home, on_foot, np.inf)
            soonest = np.minimum(by_ride, on_foot)
            served = soonest <= closes + _EXACT
            _raise_to(stage, wanted & served, NO_RETURN)
            possible |= served & (soonest <= leaves_by + 2 * _EXACT)
        least = np.minimum(self._out.quickest(out), walk_out) + np.minimum(self._back.quickest(back), walk_back)
        bound = np.where(possible & wanted, least + outing.stay, np.inf).astype(np.float32)
        return _Prospect(number, intervals, out, back, walk_out, walk_back, bound)

    def _try_all(
        self,
        services: list[tuple[int, Sequence[tuple[float, float]]]],
        wanted: np.ndarray,
        trips: BestTrips,
        stage: np.ndarray,
        progress: Progress,
    ) -> None:
        """Take the best trips of the ``wanted`` (n,) places to ``services`` (number, open intervals).

        The services are tried in the order of what they promise: when a trip is known that takes less than any to
        another service can, that one needs no look.
        """
        for start in range(0, len(services), _SERVICES_AT_ONCE):
            some = services[start : start + _SERVICES_AT_ONCE]
            step = progress.part(start / len(services), (start + len(some)) / len(services))
            prospects = []
            for done, (number, intervals) in enumerate(some, start=1):
                prospects.append(self._prospect(number, intervals, wanted, stage))
                step.advance(0.5 * done / len(some))
            self._try_prospects(prospects, trips, step.part(0.5, 1.0))

    def _try_prospects(self, prospects: list[_Prospect], trips: BestTrips, progress: Progress) -> None:
        bounds = np.array([prospect.bound for prospect in prospects])
        best = np.argmin(bounds, axis=0)
        for turn in range(2):
            for number, prospect in enumerate(prospects):
                mine = (best == number) == (turn == 0)
                known = np.where(np.isnan(trips.away), np.inf, trips.away)
                rows = np.flatnonzero(mine & np.isfinite(prospect.bound) & (prospect.bound <= known + _NEARLY))
                for part in range(0, len(rows), _PLACES_AT_ONCE):
                    progress.check()
                    self._try(prospect, rows[part : part + _PLACES_AT_ONCE], trips)
                progress.advance((turn * len(prospects) + number + 1) / (2 * len(prospects)))

    def _try(self, prospect: _Prospect, rows: np.ndarray, trips: BestTrips) -> None:
        """Look at every trip of the places ``rows`` to a service, and keep the best."""
        served, done = prospect.served_from(self._outing.stay), prospect.done_by(self._outing.stay)
        out = self._out.profile(prospect.out, rows, prospect.walk_out, served)
        back = self._back.profile(prospect.back, rows, prospect.walk_back, done).turned()
        service = _Service(prospect.number, out, back, prospect.walk_out[rows], prospect.walk_back[rows])
        known = BestTrips._make(column[rows] for column in trips)
        for opens, closes in prospect.intervals:
            for tries in (self._riding(service, opens, closes), self._walking(service, opens, closes)):
                self._keep(service, tries, known)
        for column, values in zip(trips, known):
            column[rows] = values

    def _riding(self, service: _Service, opens: float, closes: float) -> _Tries:
        """There by vehicle, served as soon as may be."""
        out = service.out
        served = np.maximum(out.arrives, opens) + self._outing.stay
        open_ = served <= closes + _EXACT
        return _Tries(out.places[open_], out.leaves[open_], out.arrives[open_], served[open_])

    def _walking(self, service: _Service, opens: float, closes: float) -> _Tries:
        """There on foot: at once, or so as to be done when a way home begins, or at closing time."""
        outing, walk, back = self._outing, service.walk_out, service.back
        everyone = np.arange(len(walk))
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
        # Where two services give the same trip, the first of the layer is named.
        same = np.abs(returns[row] - trips.returns[place]) <= _EXACT
        sooner |= same & (service.number < trips.service[place])
        better = np.isnan(known) | (away < known - _EXACT) | ((away < known + _EXACT) & sooner)
        row, place = row[better], place[better]
        for column, values in zip(trips, (None, tries.leaves, tries.arrives, tries.served, returns)):
            column[place] = service.number if values is None else values[row]

    def _mark_unknown(self, unknown: list[int], trips: BestTrips, progress: Progress) -> None:
        """Where no trip is possible but one would be if a service of unknown hours were open: that is the reason."""
        imagined = _nothing(self._demand.count)
        always = ((self._outing.leave, self._outing.home),)
        stage = np.zeros(self._demand.count, np.int8)
        impossible = trips.reason > 0
        self._try_all([(number, always) for number in unknown], impossible, imagined, stage, progress)
        trips.reason[(trips.reason > 0) & np.isfinite(imagined.returns)] = REASONS.index(UNKNOWN_HOURS)


def _as_good(when: np.ndarray, spans: list[tuple[float, float]]) -> np.ndarray:
    """(K,) the first moment at ``when`` or later within one of the ``spans`` (first, last), inf for none."""
    first = np.full(len(when), np.inf)
    for begins, ends in spans:
        moment = np.maximum(when, begins)
        np.minimum(first, moment, out=first, where=moment <= ends + _EXACT)
    return first


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
