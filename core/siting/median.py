"""The p-median with a fallback: minimise Σ wᵢ · min(eᵢ, least cᵢⱼ over the chosen sites), p sites at most.

`eᵢ` is what point i costs when no chosen site is better: its existing site. Maximal covering is the same problem with
costs 0 within the threshold and a fallback of 1 beyond it, so both models share what follows.

Heuristic: greedy, then best swaps (Teitz & Bart 1968; the swap table is Whitaker's, as arranged by Resende & Werneck
2007). Bound: Lagrangian relaxation of the assignment (Cornuéjols, Fisher & Nemhauser 1977; Christofides & Beasley
1982), whose best value is that of the linear relaxation. Proof: what the reduced costs cannot rule out is written in
the radius formulation (Cornuéjols, Nemhauser & Wolsey 1980; Elloumi 2010) and given to HiGHS.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree

from ..ragged import offsets, owners, ranges
from . import highs
from .problem import Clock, Costs, row_sums
from .reductions import merge_rows

MAX_PROGRAM = 4_000_000
"""Non-zeros beyond which a program is not given to HiGHS: its first relaxation alone would outlast the time limit."""
LARGE = 10_000_000
"""Pairs beyond which sites and prices are first sought on a sample of the points."""
SAMPLED = 4_000_000
"""Pairs of that sample."""
TRAITS = 6
"""Random sums by which points are compared."""
ITERATIONS = 4_000
FEW_SITES = 8
"""Sites up to which the search tree is tried before HiGHS."""
NODE_ITERATIONS = 80
"""Rounds of the subgradient at a node of the search tree."""
PATIENCE = 25
"""Rounds of the subgradient without a better bound before its step is shortened."""


@dataclass(frozen=True)
class Median:
    """``weight`` (n,), ``fallback`` (n,) finite, ``costs`` (cost None = all 0), ``sites`` p."""

    weight: np.ndarray
    fallback: np.ndarray
    costs: Costs
    sites: int

    def value(self, chosen: np.ndarray) -> float:
        """What the problem minimises, for these sites."""
        return float(self.weight @ self.reached(chosen))

    def reached(self, chosen: np.ndarray) -> np.ndarray:
        """(n,) least cost of every point, its fallback included."""
        best = self.fallback.copy()
        for site in chosen:
            row = self.costs.row(site)
            demand = self.costs.demand[row]
            best[demand] = np.minimum(best[demand], 0.0 if self.costs.cost is None else self.costs.cost[row])
        return best

    def floor(self) -> float:
        """What every point would cost with all candidates open: no choice is below."""
        return self.value(np.arange(self.costs.candidates))

    @cached_property
    def granularity(self) -> float:
        """Two different values are at least this far apart: 1 when every wᵢ·cᵢⱼ is whole, else 0."""
        if np.any(self.weight != np.round(self.weight)) or np.any(self.fallback != np.round(self.fallback)):
            return 0.0
        if self.costs.cost is not None and np.any(self.costs.cost != np.round(self.costs.cost)):
            return 0.0
        return 1.0


@dataclass(frozen=True)
class Proof:
    """Multipliers (n,) and what they prove: no choice is below ``lower``; ``reduced`` (m,) are the scores."""

    multipliers: np.ndarray
    reduced: np.ndarray
    lower: float


def solve(problem: Median, clock: Clock, start: np.ndarray | None = None) -> tuple[np.ndarray, float, float]:
    """The best sites found, their value and a lower bound on any value. Raises `Cancelled`."""
    sites = min(problem.sites, problem.costs.candidates)
    chosen = greedy(problem, sites, clock) if start is None else start
    prices = None
    if sites == problem.costs.candidates or sites == 0:
        value = problem.value(chosen)
        return chosen, value, value
    floor = problem.floor()
    if _closed(problem, problem.value(chosen), floor):
        value = problem.value(chosen)
        return chosen, value, value
    if problem.costs.cost is None and len(problem.costs.demand) > LARGE:
        chosen, prices = _from_sample(problem, chosen, clock.share(0.5))
    chosen, value = interchange(problem, chosen, clock.share(0.3))
    if _closed(problem, value, floor):
        return chosen, value, value
    exact = len(problem.costs.demand) <= MAX_PROGRAM * 5
    proof, chosen, value = lagrangian(problem, chosen, value, clock.share(0.5 if exact else 1.0), prices)
    if not exact or _closed(problem, value, proof.lower):
        return chosen, value, _rounded(problem, value, max(floor, proof.lower))
    lower = max(floor, proof.lower)
    # The tree is shallow when few sites are to be placed; the program of a cover, or of many sites, is small and tight.
    shallow = problem.costs.cost is not None and sites <= FEW_SITES
    for prove, part in ((branch, 0.5), (_finish, 0.9), (branch, 1.0)) if shallow else ((_finish, 0.6), (branch, 1.0)):
        if _closed(problem, value, lower) or (prove is _finish and not highs.available()):
            continue
        chosen, value, proven = prove(problem, proof, chosen, value, clock.share(part))
        lower = max(lower, proven)
    return chosen, value, _rounded(problem, value, lower)


def greedy(problem: Median, sites: int, clock: Clock) -> np.ndarray:
    """Sites added one at a time, each the one that saves most; ties go to the first candidate.

    Savings only shrink as sites are added, so an old saving is a bound and few are worked out again (Minoux 1978).
    """
    best = problem.fallback.copy()
    heap = [(-saving, j) for j, saving in enumerate(savings(problem, best, clock))]
    heapq.heapify(heap)
    chosen: list[int] = []
    while heap and len(chosen) < sites:
        clock.progress.check()
        _, site = heap[0]
        row = problem.costs.row(site)
        demand = problem.costs.demand[row]
        cost = 0.0 if problem.costs.cost is None else problem.costs.cost[row]
        saving = float(problem.weight[demand] @ np.maximum(best[demand] - cost, 0.0))
        heapq.heapreplace(heap, (-saving, site))
        if heap[0] == (-saving, site):
            heapq.heappop(heap)
            chosen.append(site)
            best[demand] = np.minimum(best[demand], cost)
    return np.array(chosen, np.int64)


def savings(problem: Median, best: np.ndarray, clock: Clock) -> np.ndarray:
    """(m,) what each candidate alone would save on costs ``best``."""
    costs, saved = problem.costs, np.zeros(problem.costs.candidates)
    for first, last, pairs in costs.chunks():
        clock.progress.check()
        demand = costs.demand[pairs]
        cost = 0.0 if costs.cost is None else costs.cost[pairs]
        value = problem.weight[demand] * np.maximum(best[demand] - cost, 0.0)
        saved[first:last] = row_sums(value, costs.offset[first : last + 1] - costs.offset[first])
    return saved


def interchange(problem: Median, chosen: np.ndarray, clock: Clock) -> tuple[np.ndarray, float]:
    """Swap the pair of sites that saves most until no swap saves anything or time is over."""
    chosen = chosen.copy()
    value = problem.value(chosen)
    near, cap = problem.costs, np.zeros(problem.costs.size)
    while len(chosen) and not clock.over():
        served = _two_best(problem, chosen)
        if problem.costs.cost is not None and np.any(served.second > cap):
            # Only pairs nearer than a point's second-best site can matter; some room, so as not to look each time.
            cap = np.maximum(cap, 2.0 * served.second)
            near = problem.costs.select(problem.costs.cost < cap[problem.costs.demand])
        table = _swaps(problem, near, served, len(chosen), clock)
        table[chosen] = -np.inf
        enter, leave = np.unravel_index(int(np.argmax(table)), table.shape)
        if table[enter, leave] <= 1e-9 * max(1.0, value):
            break
        swapped = chosen.copy()
        swapped[leave] = enter
        after = problem.value(swapped)
        if after >= value:
            break
        chosen, value = swapped, after
    return chosen, value


class _Served(NamedTuple):
    """(n,) least and second-least cost over the chosen sites and the fallback, and the position of the best site."""

    first: np.ndarray
    second: np.ndarray
    holder: np.ndarray


def _two_best(problem: Median, chosen: np.ndarray) -> _Served:
    """Who serves each point now, and what it would cost if that site left; nobody has the position after the last."""
    costs = problem.costs
    first, second = problem.fallback.copy(), problem.fallback.copy()
    holder = np.full(costs.size, len(chosen), np.int64)
    for position, site in enumerate(chosen):
        row = costs.row(site)
        demand = costs.demand[row]
        cost = np.zeros(len(demand)) if costs.cost is None else costs.cost[row]
        nearer = cost < first[demand]
        second[demand] = np.where(nearer, first[demand], np.minimum(second[demand], cost))
        holder[demand[nearer]] = position
        first[demand[nearer]] = cost[nearer]
    return _Served(first, second, holder)


def _swaps(problem: Median, costs: Costs, served: _Served, count: int, clock: Clock) -> np.ndarray:
    """(m, p) what is saved when the candidate of the line enters and the chosen site of the column leaves."""
    first, second, holder = served
    lost = np.bincount(holder, problem.weight * (second - first), count + 1)
    table = np.empty((costs.candidates, count))
    for start, end, pairs in costs.chunks():
        clock.progress.check()
        demand = costs.demand[pairs]
        cost = np.zeros(len(demand)) if costs.cost is None else costs.cost[pairs]
        useful = np.flatnonzero(cost < second[demand])
        line = owners(np.diff(costs.offset[start : end + 1]))[useful]
        demand, cost = demand[useful], cost[useful]
        weight = problem.weight[demand]
        gained = np.bincount(line, weight * np.maximum(first[demand] - cost, 0.0), end - start)
        kept = weight * (second[demand] - np.maximum(cost, first[demand]))
        kept = np.bincount(line * (count + 1) + holder[demand], kept, (end - start) * (count + 1))
        table[start:end] = gained[:, None] + kept.reshape(end - start, count + 1)[:, :count] - lost[:count]
    return table


class _Near:
    """The pairs whose weighted cost is below a cap per point: the only ones the multipliers can make worth taking."""

    def __init__(self, problem: Median, multipliers: np.ndarray) -> None:
        costs = problem.costs
        if costs.cost is None:
            self.offset, self.demand, self.cost = costs.offset, costs.demand, None
            self.cap = np.full(costs.size, np.inf)
            return
        self.cap = np.minimum(problem.weight * problem.fallback, multipliers * 1.5 + 1e-9)
        parts, counts = [], []
        for first, last, pairs in costs.chunks():
            demand = costs.demand[pairs]
            cost = problem.weight[demand] * costs.cost[pairs]
            near = cost < self.cap[demand]
            parts.append((demand[near], cost[near]))
            counts.append(row_sums(near, costs.offset[first : last + 1] - costs.offset[first]).astype(np.int64))
        self.demand = np.concatenate([demand for demand, _ in parts])
        self.cost = np.concatenate([cost for _, cost in parts])
        self.offset = offsets(np.concatenate(counts))

    def scores(self, multipliers: np.ndarray, clock: Clock) -> np.ndarray:
        """(m,) Σᵢ min(0, wᵢcᵢⱼ − λᵢ): what a candidate is worth at these prices."""
        near = Costs(self.offset, self.demand, self.cost, len(multipliers))
        scores = np.empty(near.candidates)
        for first, last, pairs in near.chunks():
            clock.progress.check()
            worth = multipliers[self.demand[pairs]]
            if self.cost is not None:
                worth = np.maximum(worth - self.cost[pairs], 0.0)
            scores[first:last] = -row_sums(worth, self.offset[first : last + 1] - self.offset[first])
        return scores

    def served(self, sites: np.ndarray, multipliers: np.ndarray) -> np.ndarray:
        """(n,) by how many of the sites each point would be taken at these prices."""
        length = self.offset[sites + 1] - self.offset[sites]
        pairs = ranges(self.offset[sites], length)
        demand = self.demand[pairs]
        if self.cost is not None:
            demand = demand[self.cost[pairs] < multipliers[demand]]
        return np.bincount(demand, minlength=len(multipliers))


def lagrangian(
    problem: Median,
    chosen: np.ndarray,
    value: float,
    clock: Clock,
    prices: np.ndarray | None = None,
    iterations: int = ITERATIONS,
) -> tuple[Proof, np.ndarray, float]:
    """Prices λ per point by subgradient: no choice of p sites costs less than Σλᵢ + the p best scores.

    Better sites met on the way are taken. Stops when the bound meets the value, no longer moves, or time is over.
    """
    sites = len(chosen)
    highest = problem.weight * problem.fallback
    multipliers = np.minimum(_first_prices(problem, chosen) if prices is None else prices, highest)
    near = _Near(problem, multipliers)
    best = Proof(multipliers, np.zeros(problem.costs.candidates), -np.inf)
    step, idle, direction, tried = 1.5 if prices is None else 0.2, 0, np.zeros(problem.costs.size), value
    improving = iterations == ITERATIONS and len(problem.costs.demand) <= LARGE
    for iteration in range(iterations):
        if np.any(multipliers > near.cap):
            near = _Near(problem, multipliers)
        reduced = near.scores(multipliers, clock)
        picked = np.argsort(reduced, kind="stable")[:sites]
        lower = float(multipliers.sum() + reduced[picked].sum())
        if lower > best.lower:
            idle = 0 if lower > best.lower + 1e-5 * max(1.0, abs(lower)) else idle + 1
            best = Proof(multipliers.copy(), reduced, lower)
        else:
            idle += 1
        if idle == 0 or iteration % 10 == 0:
            found = problem.value(picked)
            if found < value or (improving and (iteration % 100 == 90 or found < min(value, tried) * 1.01)):
                tried = min(tried, found)
                swapped, found = interchange(problem, picked, clock)
                if found < value:
                    chosen, value = swapped, found
        if _closed(problem, value, best.lower) or step < 1e-3 or clock.over():
            break
        if idle >= PATIENCE:
            step, idle = step * 0.6, 0
            multipliers, direction = best.multipliers.copy(), np.zeros(problem.costs.size)
            continue
        direction = (1.0 - near.served(picked, multipliers)) + 0.8 * direction
        length = float(direction @ direction)
        if length == 0.0:
            break
        multipliers = np.clip(multipliers + step * (value - lower) / length * direction, 0.0, highest)
    return best, chosen, value


def _from_sample(problem: Median, chosen: np.ndarray, clock: Clock) -> tuple[np.ndarray, np.ndarray]:
    """Sites and prices for a cover too large to iterate on, from a sample of its points (fixed seed).

    Every point joins the sampled point whose candidates are most like its own (by random sums over them), and takes the
    price per weight that the sampled points get together. Whatever the sample, the bound that the prices give is worked
    out on all points.
    """
    costs, weight = problem.costs, problem.weight
    generator = np.random.default_rng(38)
    count = max(1, int(costs.size * SAMPLED / len(costs.demand)))
    points = np.sort(generator.choice(costs.size, count, replace=False))
    traits = np.zeros((costs.size, TRAITS), np.float32)
    for site, trait in enumerate(generator.normal(size=(costs.candidates, TRAITS)).astype(np.float32)):
        clock.progress.check()
        traits[costs.demand[costs.row(site)]] += trait
    group = np.empty(costs.size, np.int64)
    tree = cKDTree(traits[points])
    for start in range(0, costs.size, 20_000):
        clock.progress.check()
        group[start : start + 20_000] = tree.query(traits[start : start + 20_000])[1]
    chosen_points = np.zeros(costs.size, bool)
    chosen_points[points] = True
    total = np.bincount(group, weight, count)
    part = Median(
        total, problem.fallback[points], costs.subset(np.arange(costs.candidates), chosen_points), problem.sites
    )
    picked, value = interchange(part, greedy(part, len(chosen), clock), clock.share(0.3))
    proof, picked, _ = lagrangian(part, picked, value, clock)
    chosen = min((chosen, picked), key=problem.value)
    return chosen, weight * (proof.multipliers / np.maximum(total, 1e-300))[group]


def _first_prices(problem: Median, chosen: np.ndarray) -> np.ndarray:
    """(n,) prices to start from: between the best and the second-best cost of the heuristic's sites."""
    served = _two_best(problem, chosen)
    return problem.weight * (served.first + served.second) / 2


def _closed(problem: Median, value: float, lower: float) -> bool:
    """Whether nothing can lie between the bound and the value."""
    whole = problem.granularity
    return lower > value - whole + 1e-6 * max(1.0, whole) if whole else value - lower <= 1e-9 * max(1.0, abs(value))


def _rounded(problem: Median, value: float, lower: float) -> float:
    """The bound, lifted to the value when nothing can lie between them."""
    if _closed(problem, value, lower):
        return value
    return min(value, float(np.ceil(lower - 1e-6)) if problem.granularity else lower)


def branch(
    problem: Median, proof: Proof, chosen: np.ndarray, value: float, clock: Clock
) -> tuple[np.ndarray, float, float]:
    """Branch and bound: open or close the candidate the prices like best, each branch bounded by its own prices.

    Depth first, the branch that opens before the one that closes. Answers the best sites, their value and the bound
    proven when time is over (all of the tree: the value).
    """
    every = np.arange(problem.costs.candidates)
    nodes = [(np.empty(0, np.int64), every, proof.multipliers, proof.lower)]
    while nodes:
        if clock.over():
            return chosen, value, min(value, *(lower for *_, lower in nodes))
        opened, free, prices, lower = nodes.pop()
        if _closed(problem, value, lower):
            continue
        left = problem.sites - len(opened)
        if left == 0 or len(free) <= left:
            sites = np.concatenate([opened, free[:left]])
            if problem.value(sites) < value:
                chosen, value = sites, problem.value(sites)
            continue
        part = Median(problem.weight, problem.reached(opened), problem.costs.subset(free), left)
        here, picked, found = lagrangian(part, np.arange(left), value, clock, prices, NODE_ITERATIONS)
        if found < value:
            chosen, value = np.concatenate([opened, free[picked]]), found
        if _closed(problem, value, here.lower):
            continue
        closed, forced = _settled(here, left, value)
        opened = np.concatenate([opened, free[forced]])
        keep = np.flatnonzero(~closed & ~forced)
        low = max(lower, here.lower)
        if len(opened) == problem.sites or len(keep) == 0:
            nodes.append((opened, free[keep], here.multipliers, low))
            continue
        best = keep[np.argmin(here.reduced[keep])]
        others = free[keep[keep != best]]
        nodes.append((opened, others, here.multipliers, low))
        nodes.append((np.append(opened, free[best]), others, here.multipliers, low))
    return chosen, value, value


def _settled(proof: Proof, sites: int, value: float) -> tuple[np.ndarray, np.ndarray]:
    """Masks of the candidates that no choice as good as ``value`` opens, and of those that each of them opens.

    Choices as good as the best known stay possible.
    """
    target = value + 1e-9 * max(1.0, abs(value))
    reduced = proof.reduced
    order = np.argsort(reduced, kind="stable")
    inside = np.zeros(len(order), bool)
    inside[order[:sites]] = True
    closed = ~inside & (proof.lower + reduced - reduced[order[sites - 1]] > target)
    forced = inside & (proof.lower - reduced + reduced[order[sites]] > target)
    return closed, forced


def _finish(
    problem: Median, proof: Proof, chosen: np.ndarray, value: float, clock: Clock
) -> tuple[np.ndarray, float, float]:
    """Close the gap with HiGHS on what the reduced costs leave open."""
    sites = len(chosen)
    closed, opened = _settled(proof, sites, value)
    target = value + 1e-9 * max(1.0, abs(value))
    model, columns, constant = _program(problem, proof, target, closed, opened)
    if model.matrix.nnz > MAX_PROGRAM:
        return chosen, value, proof.lower
    if len(model.cost) == 0:
        picked = fill(problem, np.flatnonzero(opened), sites, clock)
        worth = problem.value(picked)
        return (chosen, value, value) if value <= worth else (picked, worth, worth)
    answer = highs.solve(model, clock.left(), clock.progress)
    if answer.values is not None:
        picked = columns[np.flatnonzero(answer.values[: len(columns)] > 0.5)]
        picked = np.concatenate([np.flatnonzero(opened), picked])
        picked = fill(problem, picked, sites, clock)
        found = problem.value(picked)
        if found < value:
            chosen, value = picked, found
    return chosen, value, max(proof.lower, min(value, answer.bound + constant))


def fill(problem: Median, chosen: np.ndarray, sites: int, clock: Clock) -> np.ndarray:
    """Complete to ``sites`` sites, each the one that saves most."""
    if len(chosen) >= sites:
        return chosen[:sites]
    others = np.setdiff1d(np.arange(problem.costs.candidates), chosen)
    rest = Median(problem.weight, problem.reached(chosen), problem.costs.subset(others), sites)
    return np.concatenate([chosen, others[greedy(rest, sites - len(chosen), clock)]])


def _program(
    problem: Median, proof: Proof, target: float, closed: np.ndarray, opened: np.ndarray
) -> tuple[highs.Program, np.ndarray, float]:
    """The radius formulation of the choices that could still be as good as ``target``.

    x opens a candidate; z of a point and a radius is 1 when nothing is open within it, and then costs the step to the
    next radius. A radius that the prices prove too costly must have something open within: it needs no z.
    """
    columns = np.flatnonzero(~closed & ~opened)
    sites = problem.sites - int(opened.sum())
    fallback = problem.reached(np.flatnonzero(opened))
    costs = problem.costs.subset(columns)
    with np.errstate(divide="ignore", invalid="ignore"):
        highest = (proof.multipliers + (target - proof.lower)) / problem.weight * (1 + 1e-9) + 1e-9
    pair_cost = np.zeros(len(costs.demand)) if costs.cost is None else costs.cost.astype(float)
    worth = (pair_cost < fallback[costs.demand]) & (pair_cost <= highest[costs.demand])
    demand, column, pair_cost = costs.demand[worth].astype(np.int64), costs.owner()[worth], pair_cost[worth]
    must = fallback > highest
    weight = problem.weight
    if costs.cost is None:
        first = merge_rows(costs.size, demand, column, len(columns))
        weight, must = np.bincount(first, weight, costs.size), np.bincount(first, must, costs.size) > 0
        kept = first[demand] == demand
        demand, column, pair_cost = demand[kept], column[kept], pair_cost[kept]
    order = np.lexsort((column, pair_cost, demand))
    demand, column, pair_cost = demand[order], column[order], pair_cost[order]
    new_point = np.ones(len(demand), bool)
    new_point[1:] = demand[1:] != demand[:-1]
    new_level = new_point.copy()
    new_level[1:] |= pair_cost[1:] != pair_cost[:-1]
    level = np.cumsum(new_level) - 1
    point, radius = demand[new_level], pair_cost[new_level]
    starts = new_point[new_level]
    levels = len(point)
    ends = np.append(starts[1:], True)[:levels]
    following = np.where(ends, fallback[point], np.append(radius[1:], 0.0)[:levels])
    alone = np.bincount(demand, minlength=costs.size) == 0
    constant = float(weight[point[starts]] @ radius[starts]) + float(weight[alone] @ fallback[alone])

    free = ~(ends & must[point])
    number = len(columns) + np.cumsum(free) - 1
    chained = np.flatnonzero(~starts)
    rows = np.concatenate([level, np.flatnonzero(free), chained, np.full(len(columns), levels)])
    cols = np.concatenate([column, number[free], number[chained - 1], np.arange(len(columns))])
    data = np.ones(len(rows))
    data[len(level) + int(free.sum()) :][: len(chained)] = -1.0
    variables = len(columns) + int(free.sum())
    cost = np.zeros(variables)
    cost[len(columns) :] = (weight[point] * (following - radius))[free]
    low = np.concatenate([starts.astype(float), [-np.inf]])
    high = np.concatenate([np.full(levels, np.inf), [float(sites)]])
    integer = np.zeros(variables, bool)
    integer[: len(columns)] = True
    matrix = sparse.csr_matrix((data, (rows, cols)), shape=(levels + 1, variables))
    return highs.Program(cost, matrix, low, high, np.ones(variables), integer), columns, constant
