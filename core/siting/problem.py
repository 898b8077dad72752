"""What a location model is asked and what it answers: demand, candidates, sparse costs, a proven solution."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ..errors import CartoError, InvalidInput
from ..messages import Message
from ..progress import Progress
from ..ragged import offsets, ranges, runs
from ..thresholds import within

EXISTING = -1
"""In an assignment: served by a site that is already open."""
NOBODY = -2
"""In an assignment: served by no site."""

OPTIMAL, FEASIBLE, INFEASIBLE, NO_DEMAND = "optimal", "feasible", "infeasible", "no_demand"
UNDECIDED = "undecided"
"""Not everyone is served, and it is not known whether a choice serves everyone: time was over before."""

CHUNK = 2_000_000
"""Pairs worked on at a time: bounds the memory of a pass over the costs."""


class UnknownModel(InvalidInput):
    """The model is not one of mclp, lscp, pmedian, pcenter."""


class TooManyMandatory(InvalidInput):
    """More candidates are mandatory than sites may be opened."""


class NoCandidate(CartoError):
    """No candidate is left to choose from."""


class Costs(NamedTuple):
    """Sparse costs from demand to candidates, stored by candidate; an absent pair is unreachable.

    ``offset`` (m + 1,) i8; ``demand`` (k,) i4, ascending within a candidate; ``cost`` (k,) float, or None where only
    being a pair counts (a cover); ``size`` is the number of demand points n.
    """

    offset: np.ndarray
    demand: np.ndarray
    cost: np.ndarray | None
    size: int

    @property
    def candidates(self) -> int:
        """Number of candidates m."""
        return len(self.offset) - 1

    def row(self, candidate: int) -> slice:
        """Where the pairs of one candidate stand."""
        return slice(int(self.offset[candidate]), int(self.offset[candidate + 1]))

    def owner(self) -> np.ndarray:
        """(k,) i4: the candidate of every pair."""
        return np.repeat(np.arange(self.candidates, dtype=np.int32), np.diff(self.offset))

    def select(self, pairs: np.ndarray) -> Costs:
        """Only the pairs where the mask ``pairs`` (k,) holds."""
        before = offsets(pairs)
        return Costs(
            before[self.offset], self.demand[pairs], None if self.cost is None else self.cost[pairs], self.size
        )

    def values(self) -> np.ndarray:
        """(k,) costs; 0 where they are forgotten."""
        return np.zeros(len(self.demand)) if self.cost is None else self.cost

    def within(self, limit: float) -> Costs:
        """The cover: pairs whose cost does not exceed ``limit``, their costs forgotten."""
        if self.cost is None:
            return self
        near = within(self.cost, limit)
        return (self if near.all() else self.select(near))._replace(cost=None)

    def subset(self, candidates: np.ndarray, demand: np.ndarray | None = None) -> Costs:
        """Only these candidates (indices, in this order) and these demand points (mask), both renumbered."""
        demand = None if demand is None or np.all(demand) else demand
        if demand is None and np.array_equal(candidates, np.arange(self.candidates)):
            return self
        mask = np.ones(self.size, bool) if demand is None else np.asarray(demand, bool)
        number = np.cumsum(mask, dtype=np.int32) - np.int32(1)
        rows = [self.row(candidate) for candidate in np.asarray(candidates).tolist()]
        offset = offsets([int(np.count_nonzero(mask[self.demand[row]])) for row in rows])
        # Filled row by row: these may be most of what the memory holds.
        who = np.empty(offset[-1], self.demand.dtype)
        what = None if self.cost is None else np.empty(offset[-1], self.cost.dtype)
        for row, start, end in zip(rows, offset[:-1].tolist(), offset[1:].tolist()):
            keep = mask[self.demand[row]]
            who[start:end] = number[self.demand[row][keep]]
            if what is not None and self.cost is not None:
                what[start:end] = self.cost[row][keep]
        return Costs(offset, who, what, int(mask.sum()))

    def chunks(self) -> Iterator[tuple[int, int, slice]]:
        """Runs of whole candidates of about `CHUNK` pairs: (first, last + 1, their pairs)."""
        first = 0
        while first < self.candidates:
            last = int(np.searchsorted(self.offset, self.offset[first] + CHUNK, side="right")) - 1
            last = min(max(last, first + 1), self.candidates)
            yield first, last, slice(int(self.offset[first]), int(self.offset[last]))
            first = last

    @classmethod
    def from_pairs(cls, demand: Any, candidate: Any, cost: Any, demands: int, candidates: int) -> Costs:
        """From three columns of indices and costs, in any order.

        NaN or infinite costs are dropped (unreachable); of a pair given twice the least cost is kept.
        Raises `InvalidInput` for negative costs or indices out of range.
        """
        demand, candidate, cost = np.asarray(demand, np.int64), np.asarray(candidate, np.int64), np.asarray(cost)
        cost = cost if cost.dtype == np.float32 else cost.astype(float)
        kept = np.isfinite(cost)
        demand, candidate, cost = demand[kept], candidate[kept], cost[kept]
        if len(cost) and cost.min() < 0:
            raise InvalidInput("A cost is negative ({cost}). Costs are minutes or metres, 0 or more.", cost=cost.min())
        if len(cost) and (
            min(demand.min(), candidate.min()) < 0 or demand.max() >= demands or candidate.max() >= candidates
        ):
            raise InvalidInput("A cost names a demand point or a candidate that does not exist.")
        order = np.lexsort((cost, demand, candidate))
        demand, candidate, cost = demand[order], candidate[order], cost[order]
        first = np.ones(len(order), bool)
        first[1:] = (demand[1:] != demand[:-1]) | (candidate[1:] != candidate[:-1])
        demand, candidate, cost = demand[first], candidate[first], cost[first]
        offset = runs(candidate, candidates)
        return cls(offset, demand.astype(np.int32), cost, demands)

    @classmethod
    def from_dense(cls, cost: np.ndarray) -> Costs:
        """From a full table (n, m); NaN or infinite is unreachable."""
        demand, candidate = np.nonzero(np.isfinite(cost))
        return cls.from_pairs(demand, candidate, np.asarray(cost)[demand, candidate], *np.shape(cost))

    @classmethod
    def from_blocks(
        cls,
        blocks: Iterable[Any],
        demands: int,
        candidates: int,
        limit: float = np.inf,
        origins: str = "demand",
        cover: bool = False,
    ) -> Costs:
        """From the dense blocks a router streams, keeping what is within ``limit``; 8 bytes a pair, 4 of a ``cover``.

        ``origins`` says which side the blocks' origins are: "demand", or "candidate" when the costs were asked from
        the candidates.
        """
        parts = []
        for block in blocks:
            near = np.isfinite(block.cost) & within(block.cost, limit)
            rows, columns = np.asarray(block.origins), np.asarray(block.destinations)
            cost = block.cost
            if origins == "demand":
                near, cost, rows, columns = near.T, cost.T, columns, rows
            count = near.sum(axis=1)
            values = None if cover else cost[near].astype(np.float32)
            parts.append((rows, count, columns.astype(np.int32)[np.nonzero(near)[1]], values))
        total = np.zeros(candidates, np.int64)
        for rows, count, _, _ in parts:
            total[rows] += count
        offset = offsets(total)
        demand, cost = np.empty(offset[-1], np.int32), None if cover else np.empty(offset[-1], np.float32)
        place = offset[:-1].copy()
        while parts:
            rows, count, columns, values = parts.pop(0)
            to = ranges(place[rows], count)
            demand[to] = columns
            if cost is not None:
                cost[to] = values
            place[rows] += count
        return cls(offset, demand, cost, demands).sorted()

    def sorted(self) -> Costs:
        """With the demand of every candidate ascending (in place)."""
        for candidate in range(self.candidates):
            row = self.row(candidate)
            if np.any(np.diff(self.demand[row]) < 0):
                order = np.argsort(self.demand[row], kind="stable")
                self.demand[row] = self.demand[row][order]
                if self.cost is not None:
                    self.cost[row] = self.cost[row][order]
        return self


@dataclass(frozen=True)
class Problem:
    """Demand (n), candidates (m), what is open already and what must or must not be.

    ``weight`` (n,): people or need, 0 or more. ``existing_cost`` (n,): best cost to a site already open, inf where
    there is none. ``mandatory``, ``forbidden``, ``opened`` (m,) masks; ``opened`` candidates are existing sites given
    as columns, which matters when they have a capacity: they serve but are not counted nor chosen.
    ``capacity`` (m,): the weight a site can serve, inf = any; None = no capacities at all.
    ``costs_of``: where ``costs`` is a cover, gives the costs (n, s) of the s candidates asked for.
    """

    costs: Costs
    weight: np.ndarray
    existing_cost: np.ndarray = None  # type: ignore[assignment]
    mandatory: np.ndarray = None  # type: ignore[assignment]
    forbidden: np.ndarray = None  # type: ignore[assignment]
    opened: np.ndarray = None  # type: ignore[assignment]
    capacity: np.ndarray | None = None
    costs_of: Callable[[np.ndarray], Costs] | None = None

    def __post_init__(self) -> None:
        n, m = self.costs.size, self.costs.candidates
        weight = np.asarray(self.weight, float)
        if weight.shape != (n,):
            raise InvalidInput("There are {weights} weights for {count} demand points.", weights=weight.size, count=n)
        if not np.all(weight >= 0) or not np.all(np.isfinite(weight)):
            raise InvalidInput("A demand weight is negative or missing; weights are people or need, 0 or more.")
        object.__setattr__(self, "weight", weight)
        existing = np.full(n, np.inf) if self.existing_cost is None else np.asarray(self.existing_cost, float)
        object.__setattr__(self, "existing_cost", np.where(np.isnan(existing), np.inf, existing))
        for name in ("mandatory", "forbidden", "opened"):
            mask = getattr(self, name)
            object.__setattr__(self, name, np.zeros(m, bool) if mask is None else np.asarray(mask, bool))
        if np.any(self.mandatory & self.forbidden):
            raise InvalidInput("A candidate is both mandatory and forbidden.")


@dataclass(frozen=True)
class Solution:
    """The sites to open, best first, and how good they are proven to be.

    ``chosen`` (s,) candidate indices by rank; ``gains`` (s,) what each adds to those before it (NaN where it cannot be
    said: the first to serve somebody where no site did, in `pmedian` and `pcenter`). ``assignment`` (n,): a candidate,
    `EXISTING` or `NOBODY`; ``cost`` (n,) NaN where nobody serves. ``shares`` are (demand, candidate, share) rows where
    capacities may split a point, else None. ``unserved`` are indices; ``beyond`` (n,) those whom no site could serve.
    ``undecided``: it is not known whether other sites would serve everyone whom some site can.
    ``newly`` is the weight that no site served before; in `pmedian` and `pcenter`, ``gain`` is of the others.
    ``objective``, ``gain``, ``bound``, ``gap`` as the contract defines them; ``status`` is one of `OPTIMAL`, `FEASIBLE`
    (within ``gap`` of the best), `INFEASIBLE` (not everyone can be served; ``unserved`` says who), `UNDECIDED` and
    `NO_DEMAND`.
    """

    model: str
    chosen: np.ndarray
    gains: np.ndarray
    assignment: np.ndarray
    cost: np.ndarray
    objective: float
    gain: float
    bound: float
    status: str
    unserved: np.ndarray
    messages: tuple[Message, ...] = ()
    shares: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None
    beyond: np.ndarray | None = None
    newly: float = 0.0
    undecided: bool = False

    @property
    def gap(self) -> float:
        """|bound − objective| / max(1, |objective|)."""
        return abs(self.bound - self.objective) / max(1.0, abs(self.objective))


def row_sums(values: np.ndarray, offset: np.ndarray) -> np.ndarray:
    """Sum of ``values`` over each run ``offset[r]:offset[r + 1]``; 0 for an empty one."""
    sums = np.zeros(len(offset) - 1)
    full = np.diff(offset) > 0
    if full.any():
        sums[full] = np.add.reduceat(values, offset[:-1][full], dtype=float)
    return sums


class Clock:
    """The time a solver may take, and the way to hear a cancel."""

    def __init__(self, seconds: float, progress: Progress) -> None:
        self.progress, self.seconds = progress, seconds
        self._start = time.monotonic()

    def left(self) -> float:
        """Seconds that remain (may be negative)."""
        return self._start + self.seconds - time.monotonic()

    def check(self) -> None:
        """Raise `Cancelled` when the user asked to stop; show how much of the time is used."""
        self.progress.advance(min(1.0, max(0.0, 1 - self.left() / max(self.seconds, 1e-9))))

    def over(self) -> bool:
        """Whether the time is used up; hears a cancel on the way."""
        self.check()
        return self.left() <= 0

    def share(self, part: float) -> Clock:
        """A clock for a step that may take ``part`` of what is left."""
        return Clock(max(0.0, self.left()) * part, self.progress)
