"""Set covering: the fewest sites that cover every point (Toregas et al. 1971), and the radius of the p-center on top.

Points and candidates that decide nothing are removed first, then greedy, then a Lagrangian bound (Beasley 1990), then
HiGHS on what remains. The p-center is a search over the distinct costs for the least one at which p sites cover every
point (Minieka 1970).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import sparse

from ..ragged import ranges
from . import highs
from .problem import Clock, Costs, row_sums
from .reductions import merged_demand, undominated, undominated_points

ITERATIONS = 400
MAX_PROGRAM = 4_000_000


class Covering(NamedTuple):
    """``chosen`` candidates that cover every point (None: none was found); no cover has fewer than ``bound``."""

    chosen: np.ndarray | None
    bound: int


def fewest(cover: Costs, clock: Clock, enough: int | None = None) -> Covering:
    """The fewest candidates that cover all points (each point has at least one pair).

    With ``enough``, stops as soon as a cover of so few sites is found or proven not to exist (``chosen`` is then None).
    """
    candidates, fixed = np.arange(cover.candidates), []
    weight = np.ones(cover.size)
    while cover.size:
        clock.progress.check()
        before = (cover.size, cover.candidates)
        cover, weight = merged_demand(cover, weight)
        kept = undominated(cover)
        cover, candidates = cover.subset(kept), candidates[kept]
        cover = cover.subset(np.arange(cover.candidates), undominated_points(cover))
        weight = np.ones(cover.size)
        alone = np.bincount(cover.demand, minlength=cover.size)[cover.demand] == 1
        essential = np.unique(cover.owner()[alone])
        if len(essential):
            fixed.extend(candidates[essential].tolist())
            covered = np.zeros(cover.size, bool)
            covered[cover.subset(essential).demand] = True
            rest = np.setdiff1d(np.arange(cover.candidates), essential)
            cover, candidates = cover.subset(rest, ~covered), candidates[rest]
            weight = np.ones(cover.size)
        elif before == (cover.size, cover.candidates):
            break
    base = len(fixed)
    if cover.size == 0:
        chosen = np.array(sorted(fixed), np.int64)
        return Covering(chosen if enough is None or base <= enough else None, base)
    limit = None if enough is None else enough - base
    picked, bound = _core(cover, clock, limit)
    if picked is None:
        return Covering(None, base + bound)
    return Covering(np.array(sorted([*fixed, *candidates[picked].tolist()]), np.int64), base + bound)


def _core(cover: Costs, clock: Clock, enough: int | None) -> tuple[np.ndarray | None, int]:
    picked = _greedy(cover, np.zeros(cover.candidates), clock)
    if enough is not None and len(picked) <= enough:
        return picked, 1
    bound, picked = _prices(cover, picked, clock, enough)
    if len(picked) <= (bound if enough is None else enough):
        return picked, bound
    if enough is not None and bound > enough:
        return None, bound
    nothing = (picked, bound) if enough is None else (None, bound)
    if not highs.available() or len(cover.demand) > MAX_PROGRAM or clock.left() <= 0:
        return nothing
    ones = np.ones(len(cover.demand))
    rows = sparse.csr_matrix((ones, cover.demand, cover.offset), shape=(cover.candidates, cover.size)).T
    most = len(picked) - 1 if enough is None else enough
    matrix = sparse.vstack([rows, np.ones((1, cover.candidates))]).tocsr()
    model = highs.Program(
        np.ones(cover.candidates),
        matrix,
        np.append(np.ones(cover.size), bound),
        np.append(np.full(cover.size, np.inf), most),
        np.ones(cover.candidates),
        np.ones(cover.candidates, bool),
    )
    answer = highs.solve(model, clock.left(), clock.progress, first_found=enough is not None)
    if answer.status == "infeasible":
        return (picked, len(picked)) if enough is None else (None, enough + 1)
    if answer.values is not None:
        better = _without_spare(cover, np.flatnonzero(answer.values > 0.5))
        proven = len(better) if answer.status == "optimal" and enough is None else bound
        return better, max(bound, proven)
    if np.isfinite(answer.bound):
        bound = max(bound, int(np.ceil(min(answer.bound, most + 1) - 1e-6)))
    return (nothing[0], bound)


def _greedy(cover: Costs, handicap: np.ndarray, clock: Clock) -> np.ndarray:
    """Take the candidate that covers most points not covered yet (less its handicap) until all are; drop spare ones."""
    open_points = np.ones(cover.size)
    gain = np.diff(cover.offset).astype(float)
    by_point = sparse.csr_matrix(
        (np.ones(len(cover.demand), np.float32), cover.demand, cover.offset), shape=(cover.candidates, cover.size)
    ).tocsc()
    picked = []
    while open_points.any():
        clock.progress.check()
        site = int(np.argmax(np.where(gain > 0, gain - handicap, -np.inf)))
        picked.append(site)
        fresh = cover.demand[cover.row(site)]
        fresh = fresh[open_points[fresh] > 0]
        open_points[fresh] = 0
        start, end = by_point.indptr[fresh], by_point.indptr[fresh + 1]
        length = end - start
        pairs = ranges(start, length)
        gain -= np.bincount(by_point.indices[pairs], minlength=cover.candidates)
    return _without_spare(cover, np.array(picked))


def _without_spare(cover: Costs, picked: np.ndarray) -> np.ndarray:
    """Without sites whose every point another picked site covers, the latest first."""
    times = np.zeros(cover.size, np.int64)
    for site in picked:
        times[cover.demand[cover.row(site)]] += 1
    kept = []
    for site in picked[::-1]:
        demand = cover.demand[cover.row(site)]
        if np.all(times[demand] > 1):
            times[demand] -= 1
        else:
            kept.append(site)
    return np.array(kept[::-1], np.int64)


def _prices(cover: Costs, picked: np.ndarray, clock: Clock, enough: int | None) -> tuple[int, np.ndarray]:
    """A lower bound on the number of sites by subgradient on the points' prices, and the best cover met."""
    per_candidate = np.diff(cover.offset)
    smallest = np.full(cover.size, np.inf)
    np.minimum.at(smallest, cover.demand, 1.0 / per_candidate[cover.owner()])
    price, best, step, idle = smallest, 0.0, 1.0, 0
    kept = price
    for iteration in range(ITERATIONS):
        clock.check()
        reduced = 1.0 - row_sums(price[cover.demand], cover.offset)
        taken = reduced < 0
        lower = float(price.sum() + reduced[taken].sum())
        idle = 0 if lower > best + 1e-4 else idle + 1
        if lower > best:
            best, kept = lower, price
        bound = int(np.ceil(best - 1e-6))
        if bound >= len(picked) or (enough is not None and bound > enough) or clock.left() <= 0 or step < 5e-3:
            break
        if iteration % 20 == 10:
            other = _greedy(cover, np.maximum(reduced, 0) * per_candidate, clock)
            picked = other if len(other) < len(picked) else picked
            if enough is not None and len(picked) <= enough:
                break
        if idle >= 15:
            step, idle, price = step * 0.6, 0, kept
            continue
        times = np.zeros(cover.size)
        for site in np.flatnonzero(taken):
            times[cover.demand[cover.row(site)]] += 1
        direction = 1.0 - times
        length = float(direction @ direction)
        if length == 0:
            break
        price = np.maximum(price + step * (1.02 * len(picked) - lower) / length * direction, 0.0)
    return int(np.ceil(best - 1e-6)), picked


class Center(NamedTuple):
    """``chosen`` sites and the largest cost; no choice has a largest cost below ``bound``."""

    chosen: np.ndarray
    value: float
    bound: float


def center(costs: Costs, fallback: np.ndarray, sites: int, clock: Clock) -> Center | None:
    """The sites whose largest cost is least; ``fallback`` (n,) what a point costs without them (inf = unserved).

    None when no choice of ``sites`` was found to serve every point.
    """
    floor = least_center(costs, fallback)
    if not np.isfinite(floor):
        return None
    radii = np.unique(np.concatenate([costs.values().astype(float), fallback[np.isfinite(fallback)], [floor]]))
    radii = radii[radii >= floor]
    found, proven = None, -1
    low, high = 0, len(radii) - 1
    doubtful = False
    while low <= high:
        middle = (low + high) // 2
        answer = _covers_at(costs, fallback, radii[middle], sites, clock)
        if answer.chosen is not None:
            reached = _largest(costs, fallback, answer.chosen)
            found = answer.chosen, reached
            high = int(np.searchsorted(radii, reached)) - 1
        else:
            if answer.bound > sites:
                proven = max(proven, middle)
            else:
                doubtful = True
            low = middle + 1
    if found is None:
        return None
    chosen, value = found
    bound = float(radii[proven + 1]) if doubtful else value
    return Center(chosen, value, bound)


def least_center(costs: Costs, fallback: np.ndarray) -> float:
    """The largest cost with all sites: no choice has a lower one."""
    best = fallback.copy()
    np.minimum.at(best, costs.demand, costs.values())
    return float(best.max(initial=0.0))


def _covers_at(costs: Costs, fallback: np.ndarray, radius: float, sites: int, clock: Clock) -> Covering:
    open_points = fallback > radius
    # To the digit, as the radii are costs: with `within` what is covered at one radius might only be so at the next.
    cover = costs.select(costs.values().astype(float) <= radius)._replace(cost=None)
    cover = cover.subset(np.arange(costs.candidates), open_points)
    if cover.size == 0:
        return Covering(np.empty(0, np.int64), 0)
    return fewest(cover, clock.share(0.5), enough=sites)


def _largest(costs: Costs, fallback: np.ndarray, chosen: np.ndarray) -> float:
    best, cost = fallback.copy(), costs.values()
    for site in chosen:
        row = costs.row(site)
        best[costs.demand[row]] = np.minimum(best[costs.demand[row]], cost[row])
    return float(best.max(initial=0.0))
