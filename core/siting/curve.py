"""How much weight is covered as sites are added, and from where on adding pays little."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..progress import Progress
from ..thresholds import within
from . import capacitated, median
from .problem import Clock, Problem

_RANKING_SECONDS = 20.0
"""Time for the order of sites with capacities; beyond, it is that last known."""


class CoverageCurve(NamedTuple):
    """``covered`` (k + 1,) weight within the threshold with 0, 1 … k new sites; ``knee``: at how many it bends."""

    covered: np.ndarray
    total: float
    knee: int


def coverage_curve(
    problem: Problem, threshold: float, most: int = 50, progress: Progress | None = None
) -> CoverageCurve:
    """Weight covered against the number of sites, each added where it covers most (mandatory ones first).

    A greedy curve: at every number of sites the best choice of that size covers at least as much, and never more than
    1 / (1 − 1/e) times what the sites add (Nemhauser, Wolsey & Fisher 1978). It ends once nothing more can be covered.
    """
    if problem.capacity is not None:
        return _curve_with_capacities(problem, threshold, most, Clock(_RANKING_SECONDS, progress or Progress()))
    clock = Clock(np.inf, progress or Progress())
    weight = problem.weight
    costs = problem.costs.within(threshold)
    covered = within(problem.existing_cost, threshold)
    if problem.opened.any():
        covered[costs.subset(np.flatnonzero(problem.opened)).demand] = True
    free = ~problem.forbidden & ~problem.opened
    first = np.flatnonzero(problem.mandatory & free)
    heights = [float(weight[covered].sum())]
    chosen: list[int] = []
    for group in (first, np.flatnonzero(free & ~problem.mandatory)):
        task = median.Median(weight, (~covered).astype(float), costs.subset(group), len(group))
        for site in group[median.greedy(task, min(len(group), most - len(chosen)), clock)]:
            chosen.append(int(site))
            covered[costs.demand[costs.row(site)]] = True
            heights.append(float(weight[covered].sum()))
            if len(chosen) >= len(first) and heights[-1] == heights[-2]:
                break
    curve = np.array(heights)
    return CoverageCurve(curve, float(weight.sum()), knee(curve))


def _curve_with_capacities(problem: Problem, threshold: float, most: int, clock: Clock) -> CoverageCurve:
    """Weight served within the threshold, no site serving more than its capacity."""
    fallback = np.where(within(problem.existing_cost, threshold), 0.0, 1.0)
    costs = problem.costs.within(threshold)._replace(cost=None)
    capacity = np.asarray(problem.capacity, float)
    load = capacitated.Load(costs, problem.weight, fallback, capacity, problem.opened, fallback > 0)
    free = ~problem.forbidden & ~problem.opened
    groups = np.flatnonzero(problem.mandatory & free), np.flatnonzero(free & ~problem.mandatory)
    left = np.array(capacitated.ranked(load, groups, clock, most).left)
    total = float(problem.weight.sum())
    return CoverageCurve(total - left, total, knee(total - left))


def knee(heights: np.ndarray) -> int:
    """Where a rising curve bends most: the point farthest above its chord (Satopää et al. 2011, “Kneedle”)."""
    if len(heights) < 3 or heights[-1] <= heights[0]:
        return len(heights) - 1 if len(heights) < 3 else 0
    along = np.linspace(0.0, 1.0, len(heights))
    return int(np.argmax((heights - heights[0]) / (heights[-1] - heights[0]) - along))
