"""Permanences over a week: which agent is at which place in which half-day.

maximise Σᵢ wᵢ Σₜ qₜ zᵢₜ, where zᵢₜ (0 to 1) says that point i has a permanence within the threshold in half-day t and
counts for at most the half-days wanted, Σₜ zᵢₜ ≤ H. An agent is in one place at a time, only when available, and
changes place between morning and afternoon only where the way takes no longer than the break allows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from scipy import sparse

from ..errors import InvalidInput
from ..progress import Progress
from ..ragged import owners
from . import highs
from .problem import FEASIBLE, NO_DEMAND, OPTIMAL, Clock, Costs
from .reductions import merged_demand

DAYS = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")
HALVES = ("matin", "apres-midi")
SLOTS = len(DAYS) * len(HALVES)
"""Half-days of a week: 2 × day + 0 in the morning, + 1 in the afternoon."""
OSM_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


class ScheduleError(InvalidInput):
    """A text of half-days that cannot be read."""


class Week(NamedTuple):
    """What a week allows, and what people make of it."""

    available: np.ndarray
    """(agents, `SLOTS`) bool."""
    value: np.ndarray
    """(`SLOTS`,) qₜ: what the population prefers."""
    wanted: float
    """H: half-days a week beyond which more do not count."""
    near: np.ndarray
    """(m, m) bool: whether one gets from a place in the morning to another in the afternoon."""


class Permanence(NamedTuple):
    """One agent at one place in one half-day, and what it adds to those before it (person-half-days)."""

    agent: int
    place: int
    slot: int
    gain: float


class WeekPlan(NamedTuple):
    """``permanences`` in the order of their gains; ``received`` (n,) half-days each point has, up to those wanted."""

    permanences: tuple[Permanence, ...]
    objective: float
    bound: float
    status: str
    received: np.ndarray

    @property
    def gap(self) -> float:
        """|bound − objective| / max(1, |objective|)."""
        return abs(self.bound - self.objective) / max(1.0, abs(self.objective))


def parse_half_days(text: str) -> dict[int, float]:
    """Read ``"lun-ven, sam matin"`` or ``"lun-ven:1, sam matin:2"`` into half-days and their values (1 unless given).

    Days are French, by their first three letters; without ``matin`` or ``apres-midi`` both halves are meant.
    Raises `ScheduleError`.
    """
    found: dict[int, float] = {}
    for part in filter(None, (piece.strip().lower() for piece in re.split(r"[,\n]", text))):
        plain = part.replace("è", "e").replace("é", "e").replace("après", "apres").replace("apres midi", "apres-midi")
        read = re.fullmatch(
            r"([a-z]+)(?:\s*-\s*(?!midi)([a-z]+))?(?:\s+(matin|apres-midi))?(?:\s*:\s*(\d+(?:\.\d*)?|\.\d+))?", plain
        )
        days = [day[:3] for day in read.groups()[:2] if day] if read else []
        if not read or any(day not in DAYS for day in days):
            raise ScheduleError("“{part}” is not a half-day; write for example “lun-ven, sam matin:2”.", part=part)
        value = float(read.group(4) or 1)
        first, last = DAYS.index(days[0]), DAYS.index(days[-1])
        halves = HALVES if read.group(3) is None else (read.group(3),)
        for step in range((last - first) % len(DAYS) + 1):  # sam-lun is a range, too
            day = (first + step) % len(DAYS)
            for half in halves:
                found[2 * day + HALVES.index(half)] = value
    return found


def plan(
    cover: Costs, weight: np.ndarray, week: Week, time_limit: float = 60.0, progress: Progress | None = None
) -> WeekPlan:
    """Plan the week of pairs ``cover`` of demand (n) and places (m) within reach, and ``weight`` (n,)."""
    clock = Clock(time_limit, progress or Progress())
    weight = np.asarray(weight, float)
    planner = _Planner(cover._replace(cost=None), weight, week)
    if not np.any(weight > 0):
        return WeekPlan((), 0.0, 0.0, NO_DEMAND, np.zeros(len(weight)))
    chosen, bound = planner.greedy(clock)
    exact = planner.solve(clock)
    if exact is not None:
        bound = min(bound, exact[1])
        if planner.worth(exact[0]) > planner.worth(chosen):
            chosen = exact[0]
    permanences, received = planner.ranked(chosen)
    objective = float(sum(permanence.gain for permanence in permanences))
    bound = max(bound, objective)
    optimal = bound - objective <= 1e-6 * max(1.0, objective)
    return WeekPlan(
        tuple(permanences), objective, objective if optimal else bound, OPTIMAL if optimal else FEASIBLE, received
    )


Choice = tuple[int, int, int]
"""An agent, a place, a half-day."""


class _Rows:
    """The rows of a program in 0 ≤ v ≤ 1, as they are added: Σ values · v ≤ high."""

    def __init__(self) -> None:
        self._columns: list[np.ndarray] = []
        self._values: list[np.ndarray] = []
        self._high: list[float] = []

    def add(self, columns: np.ndarray, values: np.ndarray, high: float) -> None:
        self._columns.append(columns)
        self._values.append(values)
        self._high.append(high)

    def model(self, cost: np.ndarray, integer: np.ndarray) -> highs.Program:
        """Minimise ``cost`` · v under these rows."""
        row = owners([len(columns) for columns in self._columns])
        matrix = sparse.csr_matrix(
            (np.concatenate(self._values), (row, np.concatenate(self._columns))), shape=(len(self._high), len(cost))
        )
        low = np.full(len(self._high), -np.inf)
        return highs.Program(cost, matrix, low, np.array(self._high), np.ones(len(cost)), integer)


class _Planner:
    """The choices (agent, place, half-day), what a set of them is worth, and which go together."""

    def __init__(self, cover: Costs, weight: np.ndarray, week: Week) -> None:
        self.cover, self.weight, self.available = cover, weight, week.available
        self.near = week.near | np.eye(len(week.near), dtype=bool)
        self.value, self.wanted = np.asarray(week.value, float), week.wanted

    def offered(self, chosen: Iterable[Choice]) -> np.ndarray:
        """(n, SLOTS) bool: who has a permanence within reach, when."""
        table = np.zeros((self.cover.size, SLOTS), bool)
        for _, place, slot in chosen:
            table[self.cover.demand[self.cover.row(place)], slot] = True
        return table

    def taken(self, table: np.ndarray) -> np.ndarray:
        """(n,) what each point makes of what is offered: its best half-days, up to those wanted."""
        best = -np.sort(-np.where(table, self.value, 0.0), axis=1)
        share = np.clip(self.wanted - np.arange(SLOTS), 0.0, 1.0)
        return best @ share

    def worth(self, chosen: Iterable[Choice]) -> float:
        return float(self.weight @ self.taken(self.offered(chosen)))

    def allowed(self, chosen: Iterable[Choice], agent: int, place: int, slot: int) -> bool:
        """Whether the agent is free, and near enough to where it is in the other half of the day."""
        for other, where, when in chosen:
            if other == agent and (when == slot or (when == slot ^ 1 and not self._way(where, when, place, slot))):
                return False
        return bool(self.available[agent, slot])

    def _way(self, where: int, when: int, place: int, slot: int) -> bool:
        return bool(self.near[where, place] if when < slot else self.near[place, where])

    def greedy(self, clock: Clock) -> tuple[list[Choice], float]:
        """Add the permanence worth most until none adds anything; and a bound from the first gains alone.

        What a permanence adds only shrinks as others are there, so no plan is worth more than the best first gain of
        every available agent and half-day together.
        """
        chosen: list[Choice] = []
        table = self.offered(chosen)
        first = self._gains(table, clock)
        bound = float((first.max(axis=0, initial=0.0) * self.available.sum(axis=0)).sum())
        bound = min(bound, float(self.weight.sum() * self.taken(np.ones((1, SLOTS), bool))[0]))
        while True:
            gains = self._gains(table, clock)
            options = [
                (gains[place, slot], -agent, -place, -slot)
                for place, slot in zip(*np.nonzero(gains > 0))
                for agent in range(len(self.available))
                if self.allowed(chosen, agent, place, slot)
            ]
            if not options:
                return chosen, bound
            _, agent, place, slot = max(options)
            chosen.append((-agent, int(-place), int(-slot)))
            table[self.cover.demand[self.cover.row(-place)], -slot] = True

    def _gains(self, table: np.ndarray, clock: Clock) -> np.ndarray:
        """(m, SLOTS) what one more permanence at each place and half-day is worth."""
        before = self.taken(table)
        gains = np.zeros((self.cover.candidates, SLOTS))
        for slot in np.flatnonzero(self.available.any(axis=0)):
            clock.progress.check()
            with_slot = table.copy()
            with_slot[:, slot] = True
            more = self.weight * (self.taken(with_slot) - before)
            gains[:, slot] = np.array(
                [more[self.cover.demand[self.cover.row(place)]].sum() for place in range(self.cover.candidates)]
            )
        return gains

    def solve(self, clock: Clock) -> tuple[list[Choice], float] | None:
        """The exact choice by HiGHS, with its proven bound; None without HiGHS or answer."""
        if not highs.available():
            return None
        cover, weight = merged_demand(self.cover, self.weight)
        slots = np.flatnonzero(self.available.any(axis=0))
        agents, count = len(self.available), len(slots)
        # y: an agent at a place in a half-day; z: how far a point makes use of a half-day.
        y = np.arange(agents * cover.candidates * count).reshape(agents, cover.candidates, count)
        z = y.size + np.arange(cover.size * count).reshape(cover.size, count)
        rows = _Rows()
        self._use_what_is_offered(rows, cover, y, z)
        self._one_place_at_a_time(rows, slots, y)
        variables = y.size + z.size
        cost = np.zeros(variables)
        cost[y.size :] = -(weight[:, None] * self.value[slots][None, :]).reshape(-1)
        answer = highs.solve(rows.model(cost, np.arange(variables) < y.size), clock.left(), clock.progress)
        if answer.values is None:
            return ([], -answer.bound) if np.isfinite(answer.bound) else None
        picked = np.argwhere(answer.values[: y.size].reshape(y.shape) > 0.5)
        return [(int(agent), int(place), int(slots[t])) for agent, place, t in picked], -answer.bound

    def _use_what_is_offered(self, rows: _Rows, cover: Costs, y: np.ndarray, z: np.ndarray) -> None:
        """A point uses no more half-days than wanted, and none without a permanence within reach."""
        owner, count = cover.owner(), z.shape[1]
        for point in range(cover.size):
            rows.add(z[point], np.ones(count), self.wanted)
            places = owner[cover.demand == point]
            for t in range(count):
                columns = np.append(y[:, places, t].reshape(-1), z[point, t])
                rows.add(columns, np.append(-np.ones(len(columns) - 1), 1.0), 0.0)

    def _one_place_at_a_time(self, rows: _Rows, slots: np.ndarray, y: np.ndarray) -> None:
        """An agent is at one place in a half-day, and near it in the other half of that day."""
        agents, m, count = y.shape
        for agent in range(agents):
            for t, slot in enumerate(slots):
                rows.add(y[agent, :, t], np.ones(m), float(self.available[agent, slot]))
                if slot % 2 == 0 and t + 1 < count and slots[t + 1] == slot + 1:
                    self._near_in_the_afternoon(rows, y[agent, :, t], y[agent, :, t + 1])

    def _near_in_the_afternoon(self, rows: _Rows, morning: np.ndarray, afternoon: np.ndarray) -> None:
        for place, near in enumerate(self.near):
            if not near.all():
                columns = np.append(afternoon[~near], morning[place])
                rows.add(columns, np.ones(len(columns)), 1.0)

    def ranked(self, chosen: Iterable[Choice]) -> tuple[list[Permanence], np.ndarray]:
        """The permanences by what each adds to those before; those that add nothing are left out."""
        left, table, ranked = sorted(chosen), self.offered([]), []
        while left:
            before = self.taken(table)
            gains = []
            for _, place, slot in left:
                demand = self.cover.demand[self.cover.row(place)]
                with_one = table[demand].copy()
                with_one[:, slot] = True
                gains.append(float(self.weight[demand] @ (self.taken(with_one) - before[demand])))
            best = int(np.argmax(gains))
            if gains[best] <= 0:
                break
            agent, place, slot = left.pop(best)
            ranked.append(Permanence(agent, place, slot, gains[best]))
            table[self.cover.demand[self.cover.row(place)], slot] = True
        return ranked, np.minimum(table.sum(axis=1), self.wanted)
