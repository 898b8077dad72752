"""Travel times between places by public transport and on foot: the nearest of each group, and matrices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ..access.costs import CostBlock
from ..access.nearest import GroupNearest
from ..errors import InvalidInput
from ..progress import Progress
from ..routing.local import Router
from ..routing.places import Places
from .search import Arrivals, DayGraph
from .timetable import Timetable
from .walking import Access, access, nearest_from_stops, stops_on_network
from .window import Board, Window, parts, percentile

_GROUPS_AT_ONCE = 8
"""Groups whose searches are held together; places are looked at range by range for all of them."""
_SAME = 1e-9
"""Relative slack of a limit: a cost equal to it is within it."""


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
    latter is the former on the day run backwards.
    """

    def __init__(
        self,
        router: Router,
        timetable: Timetable,
        window: Window,
        *,
        direction: str = "departure",
        snap_distance: float = np.inf,
    ) -> None:
        if router.metric != "time":
            raise InvalidInput("Public transport is counted in minutes, not in metres.")
        self._router, self._direction = router, direction
        self._towards = direction == "departure"
        self._timetable = timetable if self._towards else timetable.mirrored()
        self._window = window if self._towards else window.mirrored()
        self._graph = DayGraph(self._timetable)
        self._stops = stops_on_network(router, timetable, snap_distance)

    def nearest(
        self,
        demand: Places,
        services: Places,
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
        near = self._near(demand, outward=True, progress=progress.part(0.0, 0.15))
        goal = self._near(services, outward=False, progress=progress.part(0.15, 0.2))
        for start in range(0, len(groups), _GROUPS_AT_ONCE):
            batch = groups[start : start + _GROUPS_AT_ONCE]
            step = progress.part(*(0.2 + 0.8 * done / len(groups) for done in (start, start + len(batch))))
            if k == 1:
                results = self._closest(demand, services, batch, near, goal, step)
            else:
                results = [self._several(demand, services, members, near, goal, k, step) for members in batch]
            for number, (service, cost) in enumerate(results, start=start):
                beyond = ~(cost <= limit * (1 + _SAME))
                yield GroupNearest(number, np.where(beyond, -1, service), np.where(beyond, np.nan, cost))

    def matrix(
        self, demand: Places, services: Places, *, limit: float = np.inf, progress: Progress = Progress()
    ) -> Iterator[CostBlock]:
        """Minutes from each place of demand to each service (``departure``) or back; a block a service."""
        near = self._near(demand, outward=True, progress=progress.part(0.0, 0.1))
        goal = self._near(services, outward=False, progress=progress.part(0.1, 0.15))
        numbers = np.flatnonzero(services.link >= 0)
        for start in range(0, len(numbers), _GROUPS_AT_ONCE):
            batch = [numbers[i : i + 1] for i in range(start, min(start + _GROUPS_AT_ONCE, len(numbers)))]
            step = progress.part(*(0.15 + 0.85 * done / len(numbers) for done in (start, start + len(batch))))
            for only, (_, cost) in zip(batch, self._closest(demand, services, batch, near, goal, step)):
                rows = np.flatnonzero(np.isfinite(cost[:, 0]) & (cost[:, 0] <= limit * (1 + _SAME)))
                if len(rows):
                    yield CostBlock(rows, only, cost[rows].astype(np.float32))

    # -- parts --------------------------------------------------------------------------------------------------------

    def _near(self, places: Places, *, outward: bool, progress: Progress) -> Access:
        towards_stops = outward == self._towards
        return access(
            self._router, places, self._stops, self._timetable.max_walk, towards_stops=towards_stops, progress=progress
        )

    def _goal(self, demand: Places, services: Places, members: np.ndarray, near: Access) -> _Goal:
        """What it takes to reach the nearest of ``members``, ``near`` being the stops near each service."""
        egress, by_stop = nearest_from_stops(near, members, len(self._timetable.stops))
        return _Goal(self._graph.arrivals(egress), by_stop, *self._on_foot(demand, services, members))

    def _on_foot(self, demand: Places, services: Places, members: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        seconds, which = np.full(demand.count, np.inf), np.full(demand.count, -1, np.int32)
        placed = np.flatnonzero(demand.link >= 0)
        there = members[services.link[members] >= 0]
        if len(placed) and len(there):
            found = self._router.nearest(demand.take(placed), services.take(there), direction=self._direction)
            reached = found.index[:, 0] >= 0
            seconds[placed[reached]] = found.cost[reached, 0] * 60.0
            which[placed[reached]] = there[found.index[reached, 0]]
        return seconds, which

    def _boards(self, near: Access, progress: Progress) -> Iterator[tuple[int, int, Board]]:
        ranges = parts(near)
        for done, (start, end) in enumerate(ranges):
            progress.advance(done / len(ranges))
            yield start, end, Board(self._graph, near.part(start, end), self._window)

    def _closest(
        self,
        demand: Places,
        services: Places,
        groups: Sequence[np.ndarray],
        near: Access,
        goal: Access,
        progress: Progress,
    ) -> list[tuple[np.ndarray, np.ndarray]]:
        """The nearest of each group to each place: its number (n, 1) and its minutes (n, 1)."""
        goals = []
        for done, members in enumerate(groups):
            goals.append(self._goal(demand, services, members, goal))
            progress.advance(0.5 * (done + 1) / len(groups))
        service = np.full((len(groups), demand.count, 1), -1, np.int32)
        cost = np.full((len(groups), demand.count, 1), np.nan)
        for start, end, board in self._boards(near, progress.part(0.5, 1.0)):
            for number, aim in enumerate(goals):
                walked = aim.walked[start:end]
                exact = board.chosen(aim.found, walked, percentile(board.costs(aim.found, walked), self._window))
                stop = np.where(exact.halt >= 0, self._timetable.stop[exact.halt], -1)
                reached = np.isfinite(exact.seconds)
                service[number, start:end, 0] = np.where(reached, aim.service(stop, start, end), -1)
                cost[number, start:end, 0] = np.where(reached, exact.seconds / 60.0, np.nan)
        return list(zip(service, cost))

    def _several(
        self,
        demand: Places,
        services: Places,
        members: np.ndarray,
        near: Access,
        goal: Access,
        k: int,
        progress: Progress,
    ) -> tuple[np.ndarray, np.ndarray]:
        """The k nearest of ``members`` to each place, best first: their numbers (n, k) and minutes (n, k)."""
        goals = []
        for done in range(len(members)):
            goals.append(self._goal(demand, services, members[done : done + 1], goal))
            progress.advance(0.5 * (done + 1) / len(members))
        service = np.full((demand.count, k), -1, np.int32)
        cost = np.full((demand.count, k), np.nan)
        for start, end, board in self._boards(near, progress.part(0.5, 1.0)):
            best = np.full((k, end - start, self._window.minutes), np.inf, np.float32)
            which = np.full(best.shape, -1, np.int32)
            for number, aim in enumerate(goals):
                progress.check()
                _insert(best, which, board.costs(aim.found, aim.walked[start:end]), number)
            for rank in range(k):
                minute = percentile(best[rank], self._window)
                taken = which[rank, np.arange(end - start), minute]
                for number in np.unique(taken[taken >= 0]):
                    mine = np.flatnonzero(taken == number)
                    aim = goals[number]
                    exact = board.chosen(aim.found, aim.walked[start:end], minute)
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
