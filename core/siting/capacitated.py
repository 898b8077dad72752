"""Covering and p-median where a site can serve only so much weight; a point's weight may be split between sites."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from . import highs
from .problem import Clock, Costs

MAX_PROGRAM = 2_000_000


class Split(NamedTuple):
    """``chosen`` sites, the ``flow`` (k,) weight carried by every pair, the ``value`` and a lower ``bound`` on it."""

    chosen: np.ndarray
    flow: np.ndarray
    value: float
    bound: float


def solve(
    costs: Costs,
    weight: np.ndarray,
    fallback: np.ndarray,
    capacity: np.ndarray,
    opened: np.ndarray,
    sites: int,
    start: np.ndarray,
    bound: float,
    clock: Clock,
) -> Split:
    """Minimise Σ flow × cost + what stays with its fallback; ``opened`` serve without being counted in ``sites``.

    ``start`` are sites to fall back on and ``bound`` what the problem without capacities proves.
    """
    start = start[~opened[start]]
    if highs.available() and len(costs.demand) * 4 <= MAX_PROGRAM:
        answer = highs.solve(_program(costs, weight, fallback, capacity, opened, sites), clock.left(), clock.progress)
        if answer.values is not None:
            chosen = np.flatnonzero((answer.values[: costs.candidates] > 0.5) & ~opened)
            flow, value = assign(costs, weight, fallback, capacity, opened, chosen)
            proven = value if answer.status == "optimal" else min(value, answer.bound + float(weight @ fallback))
            return Split(chosen, flow, value, max(proven, min(bound, value)))
    flow, value = assign(costs, weight, fallback, capacity, opened, start)
    return Split(start, flow, value, min(bound, value))


def assign(
    costs: Costs, weight: np.ndarray, fallback: np.ndarray, capacity: np.ndarray, opened: np.ndarray, chosen: np.ndarray
) -> tuple[np.ndarray, float]:
    """The best (k,) flows to these sites (a transportation problem), and the value."""
    flow = np.zeros(len(costs.demand))
    active = opened.copy()
    active[chosen] = True
    saving = fallback[costs.demand] - _cost(costs)
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


def _cost(costs: Costs) -> np.ndarray:
    return np.zeros(len(costs.demand)) if costs.cost is None else costs.cost.astype(float)


def _program(costs, weight, fallback, capacity, opened, sites) -> highs.Model:
    """x opens a site, f is the share of a point it serves: Σf ≤ 1, f ≤ x, Σ weight·f ≤ capacity·x, Σx ≤ p."""
    saving = fallback[costs.demand] - _cost(costs)
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
    load = sparse.csr_matrix(
        (
            np.concatenate([weight[demand], -limit * ~opened]),
            (np.concatenate([owner, np.arange(m)]), np.concatenate([m + number, np.arange(m)])),
        ),
        shape=(m, m + k),
    )
    counted = sparse.csr_matrix(np.concatenate([(~opened).astype(float), np.zeros(k)])[None, :])
    matrix = sparse.vstack([share, link, load, counted]).tocsr()
    high = np.concatenate([np.ones(n), np.zeros(len(choosable)), np.where(opened, limit, 0.0), [float(sites)]])
    integer = np.zeros(m + k, bool)
    integer[:m] = True
    cost = np.concatenate([np.zeros(m), -weight[demand] * saving])
    upper = np.concatenate([(~opened).astype(float), np.ones(k)])
    return highs.Model(cost, matrix, np.full(len(high), -np.inf), high, upper, integer)
