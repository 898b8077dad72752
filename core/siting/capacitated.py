"""Covering and p-median where a site can serve only so much weight; a point's weight may be split between sites."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from . import highs
from .problem import Clock, Costs, row_sums
from .reductions import merged_demand

MAX_PROGRAM = 2_000_000
_NOISE = 1e-9
"""Relative noise of the flows of a linear program."""


class Split(NamedTuple):
    """``chosen`` sites, the ``flow`` (k,) weight carried by every pair, the ``value`` and a lower ``bound`` on it.

    ``ruled_out``: where it was asked for, whether it is proven that no choice serves everybody.
    """

    chosen: np.ndarray
    flow: np.ndarray
    value: float
    bound: float
    ruled_out: bool = False


class Load(NamedTuple):
    """What sites with capacities are asked to serve: m sites, n points of demand, k pairs."""

    costs: Costs
    weight: np.ndarray
    """(n,)."""
    fallback: np.ndarray
    """(n,) what a point pays that no site serves, by unit of weight."""
    capacity: np.ndarray
    """(m,)."""
    opened: np.ndarray
    """(m,) bool: sites that serve without being counted."""
    nobody: np.ndarray
    """(n,) bool: whom nobody serves when these sites do not."""

    def savings(self) -> np.ndarray:
        """(k,) what a unit of weight saves when it goes to the site of the pair; negative where it loses."""
        return self.fallback[self.costs.demand] - self.costs.values().astype(float)

    def left(self, chosen: Sequence[int]) -> tuple[float, float]:
        """What is left to pay when ``chosen`` sites are open besides those that are, and the weight nobody serves."""
        flow, _ = assign(self, np.array(chosen, np.int64))
        rest = self.weight - np.bincount(self.costs.demand, flow, self.costs.size)
        rest[rest < _NOISE * np.maximum(1.0, self.weight)] = 0.0
        return _plain(flow @ self.costs.values().astype(float) + rest @ self.fallback), float(rest[self.nobody].sum())

    def has_room(self, sites: int) -> bool:
        """Whether the ``sites`` of most capacity, with those open, could hold whom nobody else serves."""
        needed = float(self.weight[self.nobody].sum())
        capacity = np.minimum(self.capacity, needed)
        most = np.sort(capacity[~self.opened])[::-1][:sites]
        return float(most.sum() + capacity[self.opened].sum()) >= needed * (1 - _NOISE)

    def merged(self) -> Load:
        """The same for a cover, where points of the same candidates are one."""
        if self.costs.cost is not None:
            return self
        wanted = self.fallback > 0
        cover = self.costs.subset(np.arange(self.costs.candidates), wanted)
        cover, weight = merged_demand(cover, self.weight[wanted])
        return self._replace(
            costs=cover, weight=weight, fallback=np.ones(len(weight)), nobody=np.ones(len(weight), bool)
        )

    def most(self) -> np.ndarray:
        """(m,) what each site can add at most."""
        saving = np.maximum(self.savings(), 0.0)
        able = np.minimum(self.capacity, self.weight.sum())
        largest = np.zeros(self.costs.candidates)
        np.maximum.at(largest, self.costs.owner(), saving)
        return np.minimum(row_sums(self.weight[self.costs.demand] * saving, self.costs.offset), largest * able)


def solve(load: Load, sites: int, start: np.ndarray, bound: float, clock: Clock, *, everybody: bool = False) -> Split:
    """Minimise Σ flow × cost + what stays with its fallback, by ``sites`` more than those that are open.

    ``start`` are sites to fall back on and ``bound`` what the problem without capacities proves. ``everybody``: a
    choice that serves all is taken where there is one, however much more it costs than to leave a few out.
    """
    costs, nothing = load.costs, float(load.weight @ load.fallback)
    ruled_out = everybody and not load.has_room(sites)
    start = start[~load.opened[start]]
    if highs.available() and len(costs.demand) * 4 <= MAX_PROGRAM:
        answer = highs.solve(_program(load, sites, everybody and not ruled_out), clock.left(), clock.progress)
        if everybody and not ruled_out and answer.status == "infeasible":
            ruled_out = True
            answer = highs.solve(_program(load, sites, False), clock.left(), clock.progress)
        if answer.values is not None:
            chosen = np.flatnonzero((answer.values[: costs.candidates] > 0.5) & ~load.opened)
            flow, value = assign(load, chosen)
            proven = value if answer.status == "optimal" else min(value, answer.bound + nothing)
            return Split(chosen, flow, value, max(proven, min(bound, value)), ruled_out)
    flow, value = assign(load, start)
    return Split(start, flow, value, min(bound, value), ruled_out)


def assign(load: Load, chosen: np.ndarray) -> tuple[np.ndarray, float]:
    """The best (k,) flows to these sites (a transportation problem), and the value."""
    costs, weight, fallback, capacity, opened, _ = load
    flow = np.zeros(len(costs.demand))
    active = opened.copy()
    active[chosen] = True
    saving = load.savings()
    pairs = np.flatnonzero(active[costs.owner()] & (saving > 0))
    if len(pairs):
        demand, owner = costs.demand[pairs], costs.owner()[pairs]
        count = np.arange(len(pairs))
        rows = np.concatenate([demand, costs.size + owner])
        matrix = sparse.csr_matrix(
            (np.ones(2 * len(pairs)), (rows, np.concatenate([count, count]))),
            shape=(costs.size + costs.candidates, len(pairs)),
        )
        limit = np.concatenate([weight, np.minimum(capacity, weight.sum())])
        answer = linprog(-saving[pairs], A_ub=matrix, b_ub=limit, bounds=(0, None), method="highs")
        flow[pairs] = answer.x
    return flow, float(weight @ fallback - flow @ saving)


class Ranking(NamedTuple):
    """Sites in the ``order`` in which each adds most; what is ``left`` to pay, and the weight that ``nobody`` serves,
    with 0, 1 … of them."""

    order: list[int]
    left: list[float]
    nobody: list[float]


def ranked(load: Load, groups: Iterable[Iterable[int]], clock: Clock, most: int | None = None) -> Ranking:
    """Rank the sites of ``groups``, one group after the other, by what each adds to those before it.

    With ``most``: that many, and none after one that adds nothing (of the last group). What a site adds only falls as
    others open (Shapley 1962: sites that serve the same demand are substitutes), so that few must be worked out again
    at each rank (Minoux 1978). When the time is up, the rest come in the order last known.
    """
    load = load.merged()
    left, nobody = load.left([])
    found = Ranking([], [left], [nobody])
    at_most = load.most()
    groups = list(groups)
    for number, group in enumerate(groups, start=1):
        heap = [(-float(at_most[site]), int(site), None) for site in group]
        heapq.heapify(heap)
        while heap and (most is None or len(found.order) < most):
            adds = _add_best(load, heap, found, clock)
            clock.check()
            if most is not None and adds <= 0 and number == len(groups):
                break
    return found


def _add_best(load: Load, heap: list, found: Ranking, clock: Clock) -> float:
    """Move the site that adds most from ``heap`` to ``found``; what it adds."""
    rank = len(found.order)
    while True:
        bound, site, known = heapq.heappop(heap)
        if known is None or known[0] < rank:
            known = rank, *load.left([*found.order, site])
        adds = found.left[-1] - known[1]
        if not heap or adds >= -heap[0][0] or -bound == adds or clock.over():
            break
        heapq.heappush(heap, (-adds, site, known))
    found.order.append(site)
    found.left.append(min(known[1], found.left[-1]))
    found.nobody.append(known[2])
    return adds


def _plain(value: float) -> float:
    """Without the noise of the solver, 10⁻¹² of it."""
    return float(f"{value:.12g}")


def _program(load: Load, sites: int, everybody: bool) -> highs.Program:
    """x opens a site, f is the share of a point it serves: Σf ≤ 1, f ≤ x, Σ weight·f ≤ capacity·x, Σx ≤ p.

    ``everybody``: Σf = 1 of the points that nobody else serves.
    """
    costs, weight, _, capacity, opened, nobody = load
    saving = load.savings()
    pairs = np.flatnonzero(saving > 0)
    demand, owner, saving = costs.demand[pairs], costs.owner()[pairs], saving[pairs]
    m, n, k = costs.candidates, costs.size, len(pairs)
    number = np.arange(k)
    limit = np.minimum(capacity, weight.sum())
    share = sparse.csr_matrix((np.ones(k), (demand, m + number)), shape=(n, m + k))
    choosable = np.flatnonzero(~opened[owner])
    line = np.arange(len(choosable))
    link = sparse.csr_matrix(
        (
            np.repeat([1.0, -1.0], len(choosable)),
            (np.tile(line, 2), np.concatenate([m + choosable, owner[choosable]])),
        ),
        shape=(len(choosable), m + k),
    )
    carried = sparse.csr_matrix(
        (
            np.concatenate([weight[demand], -limit * ~opened]),
            (np.concatenate([owner, np.arange(m)]), np.concatenate([m + number, np.arange(m)])),
        ),
        shape=(m, m + k),
    )
    counted = sparse.csr_matrix(np.concatenate([(~opened).astype(float), np.zeros(k)])[None, :])
    matrix = sparse.vstack([share, link, carried, counted]).tocsr()
    high = np.concatenate([np.ones(n), np.zeros(len(choosable)), np.where(opened, limit, 0.0), [float(sites)]])
    integer = np.zeros(m + k, bool)
    integer[:m] = True
    cost = np.concatenate([np.zeros(m), -weight[demand] * saving])
    upper = np.concatenate([(~opened).astype(float), np.ones(k)])
    low = np.full(len(high), -np.inf)
    if everybody:
        low[:n][nobody] = 1.0
    return highs.Program(cost, matrix, low, high, upper, integer)
