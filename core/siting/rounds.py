"""Itinerant rounds: which stops in which order, from a depot and back, within the working time.

First as much weight served as possible, then as little travel as possible. Up to 12 stops in one round the answer is
the best there is (dynamic programming over subsets, Held & Karp 1962). Beyond, OR-Tools improves the rounds where it is
installed (guided local search); without it, insertion, 2-opt, or-opt and moves between rounds give them.
`bench/siting.md` says how much longer they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ..errors import InvalidInput
from ..progress import Progress
from .problem import FEASIBLE, OPTIMAL, Clock

EXACT_STOPS = 12


class Round(NamedTuple):
    """``stops`` in order; ``arrival`` minutes after leaving the depot at each; ``travel`` and ``length`` in minutes."""

    stops: tuple[int, ...]
    arrival: tuple[float, ...]
    travel: float
    length: float


class Rounds(NamedTuple):
    """One round a day; ``left_out`` stops that no round had time for; ``method``: exact, ortools or insertion."""

    rounds: tuple[Round, ...]
    left_out: tuple[int, ...]
    travel: float
    weight: float
    status: str
    method: str


def plan(
    travel: np.ndarray,
    duration: np.ndarray,
    working_time: float,
    days: int = 1,
    weight: np.ndarray | None = None,
    *,
    time_limit: float = 10.0,
    progress: Progress | None = None,
    optimiser: bool = True,
) -> Rounds:
    """Plan ``days`` rounds of at most ``working_time`` minutes each, travel back to the depot included.

    ``travel`` (s + 1, s + 1) minutes, row and column 0 the depot, inf where there is no way. ``duration`` (s,) minutes
    at each stop; ``weight`` (s,) of serving it (1 each unless given). ``optimiser`` False keeps to the plain method.
    """
    travel, duration = np.asarray(travel, float), np.asarray(duration, float)
    count = len(duration)
    weight = np.ones(count) if weight is None else np.asarray(weight, float)
    if travel.shape != (count + 1, count + 1):
        raise InvalidInput("The travel times are not those of the depot and {count} stops.", count=count)
    if not np.all(duration >= 0) or not np.all(weight >= 0) or working_time < 0 or days < 1:
        raise InvalidInput("Durations, weights and working time must be 0 or more, and days 1 or more.")
    clock = Clock(time_limit, progress or Progress())
    days = min(days, max(count, 1))  # a round without a stop serves nobody
    task = _Task(np.where(np.isnan(travel), np.inf, travel), duration, weight, working_time, days)
    if days == 1 and count <= EXACT_STOPS:
        return task.answer([task.exact(clock)], OPTIMAL, "exact")
    plain = task.plain(clock)
    better = _with_ortools(task, plain, clock) if optimiser else None
    if better is not None and task.rank(better) < task.rank(plain):
        return task.answer(better, FEASIBLE, "ortools")
    return task.answer(plain, FEASIBLE, "insertion" if better is None else "ortools")


class _Task:
    def __init__(
        self, travel: np.ndarray, duration: np.ndarray, weight: np.ndarray, working_time: float, days: int
    ) -> None:
        self.travel, self.duration, self.weight = travel, duration, weight
        self.working_time, self.days = working_time * (1 + 1e-9), days

    def way(self, order: Sequence[int]) -> float:
        """Minutes on the road of a round (stops numbered from 0)."""
        nodes = np.array([0, *(stop + 1 for stop in order), 0])
        return float(self.travel[nodes[:-1], nodes[1:]].sum()) if len(order) else 0.0

    def length(self, order: Sequence[int]) -> float:
        return self.way(order) + float(self.duration[list(order)].sum())

    def rank(self, rounds: Iterable[Sequence[int]]) -> tuple[float, float]:
        """Less is better: weight served first, then travel."""
        served = sum(float(self.weight[list(order)].sum()) for order in rounds)
        return -round(served, 9), sum(self.way(order) for order in rounds)

    def exact(self, clock: Clock) -> list[int]:
        """Least travel of every subset of stops by its last stop; then the subset of most weight that fits."""
        count = len(self.duration)
        best = np.full((1 << count, count), np.inf)
        before = np.full((1 << count, count), -1, np.int8)
        out, back, between = self.travel[0, 1:], self.travel[1:, 0], self.travel[1:, 1:]
        for stop in range(count):
            best[1 << stop, stop] = out[stop]
        for subset in range(1, 1 << count):
            if subset % 512 == 0:
                clock.progress.check()
            for stop in range(count):
                if subset >> stop & 1 and subset != 1 << stop:
                    ways = best[subset ^ 1 << stop] + between[:, stop]
                    before[subset, stop] = np.argmin(ways)
                    best[subset, stop] = ways[before[subset, stop]]
        members = (np.arange(1 << count)[:, None] >> np.arange(count)) & 1 if count else np.zeros((1, 0), int)
        closed = np.min(best + back, axis=1, initial=np.inf)
        closed[0] = 0.0
        fits = closed + members @ self.duration <= self.working_time
        value = np.where(fits, members @ self.weight, -1.0)
        ties = np.flatnonzero(value >= value.max() - 1e-9)
        subset = int(ties[np.argmin(closed[ties])])
        order: list[int] = []
        if subset:
            stop = int(np.argmin(best[subset] + back))
            while stop >= 0 and subset:
                order.append(stop)
                subset, stop = subset ^ 1 << stop, int(before[subset, stop])
        return order[::-1]

    def plain(self, clock: Clock) -> list[list[int]]:
        """Insert the stop of most weight a minute where it costs least; improve; try again what was left out."""
        rounds: list[list[int]] = [[] for _ in range(self.days)]
        while not clock.over():
            before = self.rank(rounds)
            self._insert(rounds, clock)
            for number, order in enumerate(rounds):
                rounds[number] = self._shorter(order, clock)
            while self._moved(rounds) and not clock.over():
                pass
            if self.rank(rounds) >= before:
                break
        return rounds

    def _insert(self, rounds: list[list[int]], clock: Clock) -> None:
        left = set(range(len(self.duration))) - {stop for order in rounds for stop in order}
        while left:
            clock.progress.check()
            options = []
            for stop in sorted(left):
                for number, order in enumerate(rounds):
                    room = self.working_time - self.length(order)
                    for place in range(len(order) + 1):
                        more = self._detour(order, place, stop)
                        if more + self.duration[stop] <= room:
                            spent = max(more + self.duration[stop], 1e-9)
                            options.append((-self.weight[stop] / spent, more, stop, number, place))
            if not options:
                return
            _, _, stop, number, place = min(options)
            rounds[number].insert(place, stop)
            left.remove(stop)

    def _moved(self, rounds: list[list[int]]) -> bool:
        """Move one stop to the round where it saves travel; False when no move does."""
        for order in rounds:
            for place, stop in enumerate(order):
                rest = order[:place] + order[place + 1 :]
                saved = self.way(order) - self.way(rest) - 1e-9
                for other in rounds:
                    if other is order:
                        continue
                    room = self.working_time - self.length(other) - self.duration[stop]
                    detours = [self._detour(other, at, stop) for at in range(len(other) + 1)]
                    at = int(np.argmin(detours))
                    if detours[at] < saved and detours[at] <= room:
                        order.remove(stop)
                        other.insert(at, stop)
                        return True
        return False

    def _detour(self, order: list[int], place: int, stop: int) -> float:
        start = order[place - 1] + 1 if place else 0
        end = order[place] + 1 if place < len(order) else 0
        detour = self.travel[start, stop + 1] + self.travel[stop + 1, end]
        return float(detour - (self.travel[start, end] if order else 0.0))

    def _shorter(self, order: list[int], clock: Clock) -> list[int]:
        """2-opt (turn a stretch round) and or-opt (move a stretch of up to three stops) until neither helps."""
        best, length = order, self.way(order)
        improved = True
        while improved and not clock.over():
            improved = False
            for candidate in _neighbours(best):
                way = self.way(candidate)
                if way < length - 1e-9:
                    best, length, improved = candidate, way, True
                    break
        return best

    def answer(self, rounds: list[list[int]], status: str, method: str) -> Rounds:
        done = []
        for order in rounds:
            now, place, arrivals = 0.0, 0, []
            for stop in order:
                now += self.travel[place, stop + 1]
                arrivals.append(float(now))
                now += self.duration[stop]
                place = stop + 1
            done.append(Round(tuple(int(stop) for stop in order), tuple(arrivals), self.way(order), self.length(order)))
        served = {stop for order in rounds for stop in order}
        left = tuple(stop for stop in range(len(self.duration)) if stop not in served)
        travel, weight = sum(r.travel for r in done), float(self.weight[sorted(served)].sum())
        return Rounds(tuple(done), left, travel, weight, status, method)


def _neighbours(order: list[int]) -> Iterator[list[int]]:
    count = len(order)
    for start in range(count - 1):
        for end in range(start + 2, count + 1):
            yield order[:start] + order[start:end][::-1] + order[end:]
    for size in (1, 2, 3):
        for start in range(count - size + 1):
            piece, rest = order[start : start + size], order[:start] + order[start + size :]
            for place in range(len(rest) + 1):
                if place != start:
                    yield rest[:place] + piece + rest[place:]


def _with_ortools(task: _Task, start: list[list[int]], clock: Clock) -> list[list[int]] | None:
    """Rounds by OR-Tools' guided local search from ``start``; None where it is not installed or finds nothing."""
    try:
        from ortools.constraint_solver import pywrapcp, routing_enums_pb2
    except ImportError:
        return None
    scale = 100
    far = int(scale * (task.working_time + 1)) + 1
    minutes = np.minimum(np.ceil(np.where(np.isfinite(task.travel), task.travel, np.inf) * scale), far).astype(np.int64)
    spent = np.concatenate([[0], np.ceil(task.duration * scale)]).astype(np.int64)
    manager = pywrapcp.RoutingIndexManager(len(minutes), task.days, 0)
    model = pywrapcp.RoutingModel(manager)
    way = model.RegisterTransitCallback(lambda a, b: int(minutes[manager.IndexToNode(a), manager.IndexToNode(b)]))
    time = model.RegisterTransitCallback(
        lambda a, b: int(minutes[manager.IndexToNode(a), manager.IndexToNode(b)] + spent[manager.IndexToNode(a)])
    )
    model.SetArcCostEvaluatorOfAllVehicles(way)
    model.AddDimension(time, 0, int(scale * task.working_time), True, "time")
    # Leaving out the least weight must cost more than all the travel there can be.
    least = task.weight[task.weight > 0].min(initial=np.inf)
    unit = (far * task.days + 1) / least if np.isfinite(least) else 0.0
    for stop, weight in enumerate(task.weight):
        model.AddDisjunction([manager.NodeToIndex(stop + 1)], int(min(unit * weight, 2**53)))
    search = pywrapcp.DefaultRoutingSearchParameters()
    search.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    search.time_limit.FromMilliseconds(max(1, int(1000 * clock.left())))
    model.AddSearchMonitor(model.solver().CustomLimit(clock.progress.cancelled))
    model.CloseModelWithParameters(search)
    first = model.ReadAssignmentFromRoutes([[stop + 1 for stop in order] for order in start], True)
    found = model.SolveFromAssignmentWithParameters(first, search) if first else model.SolveWithParameters(search)
    clock.progress.check()
    if not found:
        return None
    rounds = []
    for day in range(task.days):
        at, order = found.Value(model.NextVar(model.Start(day))), []
        while not model.IsEnd(at):
            order.append(manager.IndexToNode(at) - 1)
            at = found.Value(model.NextVar(at))
        rounds.append(order)
    return rounds
