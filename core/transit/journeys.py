"""Travel times between places by public transport and on foot: the nearest of each group, and matrices."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ..access.costs import CostBlock
from ..access.nearest import GroupNearest
from ..errors import InvalidInput
from ..network import Network, shared_network
from ..processes import pool
from ..progress import Progress
from ..routing.local import Router
from ..routing.snapped_points import SnappedPoints
from ..thresholds import within
from .search import Arrivals, DayGraph
from .timetable import Timetable, require_service, require_time
from .walking import WalkingAccess, access, doors_on_network, nearest_from_stops
from .window import Board, DepartureWindow, board, parts, percentile

_GROUPS_AT_ONCE = 16
"""Groups whose searches are held together; places are looked at range by range for all of them."""
_WORTH_WORKERS = 40_000_000
"""Groups × halts, or places × groups × minutes, above which worker processes earn their start."""
MANY_HALTS = 300_000
"""Halts of a day whose graph takes seconds to make, which only another process can be stopped at."""
_KEPT = "transit.search"


class _Question(NamedTuple):
    """What all searches of one call share; sent once to each worker."""

    timetable: Timetable
    """Run backwards where the demand is what is travelled to."""
    window: DepartureWindow
    direction: str
    demand: SnappedPoints
    services: SnappedPoints
    near: WalkingAccess
    """The stops near each place of demand."""
    goal: WalkingAccess
    """The stops near each service."""


class _Task(NamedTuple):
    """Some groups of services."""

    groups: list[np.ndarray]
    k: int


class _Goal(NamedTuple):
    """Somewhere to go: some of the services, the nearest counting."""

    found: Arrivals
    by_stop: np.ndarray
    """(S,) the service nearest to each stop; -1."""
    walked: np.ndarray
    """(n,) f8 seconds from each place of demand on foot all the way; inf."""
    on_foot: np.ndarray
    """(n,) that service; -1."""

    def service(self, halt_stop: np.ndarray, start: int, end: int) -> np.ndarray:
        """The service reached by places ``start … end - 1``, given the stop where each leaves its last vehicle (-1)."""
        return np.where(halt_stop >= 0, self.by_stop[halt_stop], self.on_foot[start:end])


class Journeys:
    """Door to door on one timetable, in one direction, over one window.

    ``direction``: ``departure`` = from the demand to the service, ``arrival`` = from the service to the demand. The
    latter is the former on the day run backwards. Raises `NoService` when nothing runs on the day of the timetable.
    """

    def __init__(
        self,
        router: Router,
        timetable: Timetable,
        window: DepartureWindow,
        *,
        direction: str = "departure",
        snap_distance: float = np.inf,
    ) -> None:
        require_time(router.metric)
        require_service(timetable)
        self._router, self._direction = router, direction
        self._towards = direction == "departure"
        self._timetable = timetable if self._towards else timetable.mirrored()
        self._window = window if self._towards else window.mirrored()
        self._doors = doors_on_network(router, timetable, snap_distance)

    def nearest(
        self,
        demand: SnappedPoints,
        services: SnappedPoints,
        groups: Sequence[np.ndarray],
        *,
        k: int = 1,
        limit: float = np.inf,
        progress: Progress = Progress(),
    ) -> Iterator[GroupNearest]:
        """For each group of services (their numbers), in order, the ``k`` nearest to each place of demand, in minutes.

        In each minute of the window the nearest (k-th nearest) counts; the cost is the percentile of those over the
        minutes, the service that of the minute taken. A cost equal to ``limit`` is within it.
        """
        if k < 1:
            raise InvalidInput("K must be at least 1.")
        # Neighbours of the network stand together: they look at the same stops.
        order = np.argsort(demand.link, kind="stable")
        question = self._question(demand.take(order), services, progress.part(0.0, 0.2))
        for number, (service, cost) in enumerate(_answers(self._router, question, groups, k, progress.part(0.2, 1.0))):
            beyond = ~within(cost, limit)
            found = GroupNearest(number, np.empty(service.shape, np.int32), np.empty(cost.shape))
            found.service[order], found.cost[order] = np.where(beyond, -1, service), np.where(beyond, np.nan, cost)
            yield found

    def matrix(
        self, demand: SnappedPoints, services: SnappedPoints, *, limit: float = np.inf, progress: Progress = Progress()
    ) -> Iterator[CostBlock]:
        """Minutes from each place of demand to each service (``departure``) or back; a block a service."""
        groups = [np.array([number]) for number in np.flatnonzero(services.link >= 0)]
        for members, found in zip(groups, self.nearest(demand, services, groups, limit=limit, progress=progress)):
            rows = np.flatnonzero(np.isfinite(found.cost[:, 0]))
            if len(rows):
                yield CostBlock(rows, members, found.cost[rows].astype(np.float32))

    def _question(self, demand: SnappedPoints, services: SnappedPoints, progress: Progress) -> _Question:
        near = self._near(demand, self._towards, progress.part(0.0, 0.7))
        goal = self._near(services, not self._towards, progress.part(0.7, 1.0))
        return _Question(self._timetable, self._window, self._direction, demand, services, near, goal)

    def _near(self, places: SnappedPoints, towards_stops: bool, progress: Progress) -> WalkingAccess:
        return access(
            self._router, places, self._doors, self._timetable.max_walk, towards_stops=towards_stops, progress=progress
        )


def _answers(
    router: Router, question: _Question, groups: Sequence[np.ndarray], k: int, progress: Progress
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Of each group, in order, the numbers (n, k) and minutes (n, k) of its services nearest to each place."""
    work = len(groups) * max(len(question.timetable.stop), question.demand.count * question.window.minutes)
    away = (work > _WORTH_WORKERS and len(groups) > 1) or len(question.timetable.stop) > MANY_HALTS
    at_once = min(_GROUPS_AT_ONCE, -(-len(groups) // (os.cpu_count() or 1))) if away else _GROUPS_AT_ONCE
    tasks = [_Task(list(groups[i : i + at_once]), k) for i in range(0, len(groups), at_once)]
    if away:
        resource = shared_network(router.network)
        found = pool.run(search_groups, tasks, resource=resource, shared=question, progress=progress)
        for answers in found:
            yield from answers
        return
    for done, task in enumerate(tasks):
        step = progress.part(done / len(tasks), (done + 1) / len(tasks))
        yield from _Search(router.network, question).answers(task, step)


def search_groups(network: Network, task: _Task, question: _Question) -> list[tuple[np.ndarray, np.ndarray]]:
    """The answers to one task; runs in a worker process when there are many."""
    return _Search(network, question).answers(task, Progress())


class _Search:
    """A question under work: the graph of its day is made once a process."""

    def __init__(self, network: Network, question: _Question) -> None:
        self._router, self._question = Router(network), question
        self._placed = np.flatnonzero(question.demand.link >= 0)
        self._homes = self._router.prepare(question.demand.take(self._placed))
        kept = network.derived.get(_KEPT)
        if kept is None or kept[0] is not question.timetable:
            kept = network.derived[_KEPT] = (question.timetable, DayGraph(question.timetable))
        self._graph = kept[1]

    def answers(self, task: _Task, progress: Progress) -> list[tuple[np.ndarray, np.ndarray]]:
        """Of each group the numbers (n, k) and minutes (n, k) of its services nearest to each place, best first."""
        if task.k == 1:
            return self._closest(task.groups, progress)
        return [self._several(members, task.k, progress) for members in task.groups]

    def _goal(self, members: np.ndarray) -> _Goal:
        egress, by_stop = nearest_from_stops(self._question.goal, members, len(self._question.timetable.stops))
        return _Goal(self._graph.arrivals(egress), by_stop, *self._on_foot(members))

    def _on_foot(self, members: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        demand, services = self._question.demand, self._question.services
        seconds, which = np.full(demand.count, np.inf), np.full(demand.count, -1, np.int32)
        there = members[services.link[members] >= 0]
        if len(self._placed) and len(there):
            found = self._router.nearest(self._homes, services.take(there), direction=self._question.direction)
            reached = found.index[:, 0] >= 0
            seconds[self._placed[reached]] = found.cost[reached, 0] * 60.0
            which[self._placed[reached]] = there[found.index[reached, 0]]
        return seconds, which

    def _boards(self, progress: Progress) -> Iterator[tuple[int, int, Board]]:
        near, window = self._question.near, self._question.window
        ranges = parts(near, window.minutes)
        for done, (start, end) in enumerate(ranges):
            progress.advance(done / len(ranges))
            yield start, end, board(self._graph, near.part(start, end), window)

    def _closest(self, groups: Sequence[np.ndarray], progress: Progress) -> list[tuple[np.ndarray, np.ndarray]]:
        stop_of = self._question.timetable.stop
        goals = []
        for done, members in enumerate(groups):
            goals.append(self._goal(members))
            progress.advance(0.5 * (done + 1) / len(groups))
        service = np.full((len(groups), self._question.demand.count, 1), -1, np.int32)
        cost = np.full(service.shape, np.nan)
        for start, end, some in self._boards(progress.part(0.5, 1.0)):
            for number, aim in enumerate(goals):
                exact = some.ranked(aim.found, aim.walked[start:end])
                stop = np.where(exact.halt >= 0, stop_of[exact.halt], -1)
                reached = np.isfinite(exact.seconds)
                service[number, start:end, 0] = np.where(reached, aim.service(stop, start, end), -1)
                cost[number, start:end, 0] = np.where(reached, exact.seconds / 60.0, np.nan)
        return list(zip(service, cost))

    def _several(self, members: np.ndarray, k: int, progress: Progress) -> tuple[np.ndarray, np.ndarray]:
        """In each minute the k nearest are distinguished, so that each service is searched by itself."""
        goals = []
        for done in range(len(members)):
            goals.append(self._goal(members[done : done + 1]))
            progress.advance(0.5 * (done + 1) / len(members))
        service = np.full((self._question.demand.count, k), -1, np.int32)
        cost = np.full(service.shape, np.nan)
        for start, end, some in self._boards(progress.part(0.5, 1.0)):
            best = np.full((k, end - start, self._question.window.minutes), np.inf, np.float32)
            which = np.full(best.shape, -1, np.int32)
            for number, aim in enumerate(goals):
                progress.check()
                _insert(best, which, some.costs(aim.found, aim.walked[start:end]), number)
            for rank in range(k):
                minute = percentile(best[rank], self._question.window)
                taken = which[rank, np.arange(end - start), minute]
                for number in np.unique(taken[taken >= 0]):
                    mine = np.flatnonzero(taken == number)
                    exact = some.chosen(goals[number].found, goals[number].walked[start:end], minute)
                    service[start + mine, rank] = members[number]
                    cost[start + mine, rank] = exact.seconds[mine] / 60.0
        return service, cost


def _insert(best: np.ndarray, which: np.ndarray, costs: np.ndarray, number: int) -> None:
    """Put ``costs`` (n, N) of goal ``number`` among the k best (k, n, N), ascending, in place."""
    arriving, name = costs, np.full(costs.shape, number, np.int32)
    for rank in range(len(best)):
        better = arriving < best[rank]
        displaced, displaced_name = best[rank].copy(), which[rank].copy()
        np.copyto(best[rank], arriving, where=better)
        np.copyto(which[rank], name, where=better)
        arriving, name = np.where(better, displaced, arriving), np.where(better, displaced_name, name)


class BothWays:
    """`Journeys` towards services and from them, each made when it is first asked for."""

    def __init__(
        self, router: Router, timetable: Timetable, window: DepartureWindow, snap_distance: float = np.inf
    ) -> None:
        self._given = router, timetable, window
        self._snap_distance = snap_distance
        self._made: dict[str, Journeys] = {}

    def towards(self, direction: str) -> Journeys:
        """Those of one direction."""
        if direction not in self._made:
            self._made[direction] = Journeys(*self._given, direction=direction, snap_distance=self._snap_distance)
        return self._made[direction]
