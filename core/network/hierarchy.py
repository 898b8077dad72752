"""A partial contraction hierarchy of the kept nodes: upward and downward arcs around a core, so that searches walk it.

A node with few neighbours can be contracted when its neighbours are joined by shortcuts that cost what passing through
it does: all costs between the others stay. Contracting independent sets of nodes, round after round, gives levels:
level 0 is the core, and each other node knows the higher nodes around it. A search goes up from its source to the
core, along the core, and sweeps down level by level: a node's cost is the least over its higher neighbours of theirs
and the downward arc. Contracting a node of degree 3 adds no edge, so on roads the core has less than a third of the
nodes and no more edges. (Geisberger et al., 2008; here without any ordering by importance, since bounded searches need
all nodes anyway.)
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..progress import Progress
from ..ragged import offsets, runs
from .ordering import order_of

ROUNDS = (3, 4, 5, 6, 7, 8)
"""Most neighbours a node may have to be contracted, round after round. Files of versions 4 and 5 have the first four:
rounds may be added at the end (with another version of the file), and no other way.
"""
_WORTH = 0.01
"""Share of the nodes that a round must contract to be worth it."""
_TRIES = 3


class Edges(NamedTuple):
    """E pairs of nodes, and (E, 2) costs: a to b, b to a; inf where closed."""

    a: np.ndarray
    b: np.ndarray
    cost: np.ndarray

    def take(self, rows: np.ndarray) -> Edges:
        """The edges at ``rows`` (`take` gathers rows twice as fast as indexing)."""
        return Edges(self.a.take(rows), self.b.take(rows), self.cost.take(rows, axis=0))


class _Contracted(NamedTuple):
    """The nodes that one round contracts, ascending, and their arcs, node after node."""

    degree: np.ndarray
    """(S,) i8 how many arcs each node has."""
    other: np.ndarray
    """(R,) the neighbour at the end of each arc."""
    cost: np.ndarray
    """(R, 2) f8 up, down."""


class Hierarchy(NamedTuple):
    """K nodes renumbered: level 0 first, then the others from the last round's to the first's."""

    number: np.ndarray
    """(K,) i4 the new number of each node."""
    level_start: np.ndarray
    """(L + 1,) i4: level l has the new numbers ``level_start[l] … level_start[l + 1] - 1``."""
    up_start: np.ndarray
    """(K - level_start[1] + 1,) i4: the higher neighbours of node ``level_start[1] + i`` are
    ``up_start[i]:up_start[i + 1]``."""
    up_node: np.ndarray
    """(U,) i4 new numbers."""
    up_cost: np.ndarray
    """(U, 2) f8 up, down; inf where closed."""
    core: Edges
    """Between nodes of level 0, by new numbers."""


def build_hierarchy(nodes: int, edges: Edges, progress: Progress, most_levels: int | None = None) -> Hierarchy:
    """Contract nodes of a graph of ``nodes`` nodes. Edges may be parallel, in any direction; loops are dropped.

    Which nodes are contracted, and all numbers, depend on the nodes of the edges alone, not on their costs.
    ``most_levels``: of a hierarchy made by fewer rounds, to have its levels again.
    """
    edges = _simple(nodes, edges)
    level = np.zeros(nodes, np.int32)
    rounds: list[_Contracted] = []
    for turn, most in enumerate(ROUNDS):
        progress.advance(turn / len(ROUNDS))
        if len(rounds) + 1 == most_levels:
            break
        out = _independent(nodes, edges, most)
        if out.sum() <= _WORTH * nodes:
            continue
        touching = out[edges.a] | out[edges.b]
        rounds.append(_contracted(out, edges.take(np.flatnonzero(touching))))
        level[out] = len(rounds)
        edges = _simple(nodes, _joined(edges.take(np.flatnonzero(~touching)), _shortcuts(rounds[-1])))
    return _numbered(nodes, level, rounds, edges)


def _simple(nodes: int, edges: Edges) -> Edges:
    """One edge a pair, at the least cost each way."""
    low, high = np.minimum(edges.a, edges.b), np.maximum(edges.a, edges.b)
    order = order_of(high, nodes)
    order = order.take(order_of(low.take(order), nodes))
    order = order[(low != high).take(order)]
    new = _begins(low.take(order)) | _begins(high.take(order))
    first, again = order[new], order[~new]
    cost = _costs_from(edges, first, low)
    if len(again):
        # Few edges repeat another: only these are gone through pair by pair.
        repeated = (np.cumsum(new) - 1)[~new]
        start = np.flatnonzero(_begins(repeated))
        least = np.minimum.reduceat(_costs_from(edges, again, low), start, axis=0)
        cost[repeated[start]] = np.minimum(cost[repeated[start]], least)
    return Edges(low.take(first), high.take(first), cost)


def _costs_from(edges: Edges, rows: np.ndarray, begin: np.ndarray) -> np.ndarray:
    """(n, 2) costs of the edges at ``rows``, seen from the end that ``begin`` (E,) names."""
    cost = edges.cost.take(rows, axis=0)
    turned = np.flatnonzero(edges.a.take(rows) != begin.take(rows))
    cost[turned] = cost.take(turned, axis=0)[:, ::-1]
    return cost


def _begins(values: np.ndarray) -> np.ndarray:
    """(n,) bool: where a run of equal values begins."""
    begins = np.ones(len(values), bool)
    np.not_equal(values[1:], values[:-1], out=begins[1:])
    return begins


def _independent(nodes: int, edges: Edges, most: int) -> np.ndarray:
    """(K,) bool: nodes with 1 to ``most`` neighbours, no two of them neighbours. Ties go by a scrambled number."""
    degree = np.bincount(edges.a, minlength=nodes) + np.bincount(edges.b, minlength=nodes)
    free = (degree > 0) & (degree <= most)
    priority = (np.arange(nodes, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(20)
    between = np.flatnonzero(free[edges.a] & free[edges.b])
    a, b = edges.a.take(between), edges.b.take(between)
    a_wins = priority[a] < priority[b]
    winner, loser = np.where(a_wins, a, b), np.where(a_wins, b, a)
    out = np.zeros(nodes, bool)
    for _ in range(_TRIES):
        beaten = np.zeros(nodes, bool)
        beaten[loser] = True
        won = free & ~beaten
        out |= won
        free &= beaten
        free[loser[won[winner]]] = False
        still = free[winner] & free[loser]
        winner, loser = winner[still], loser[still]
    return out


def _contracted(out: np.ndarray, edges: Edges) -> _Contracted:
    """The nodes contracted, with ``edges``: all those that touch one of them."""
    centre = np.where(out[edges.a], edges.a, edges.b)
    order = order_of(centre, len(out))
    other = (edges.a ^ edges.b ^ centre).take(order)
    degree = np.diff(np.append(np.flatnonzero(_begins(centre.take(order))), len(order)))
    return _Contracted(degree, other, _costs_from(edges, order, centre))


def _shortcuts(contracted: _Contracted) -> Edges:
    """A shortcut for each two neighbours of a contracted node."""
    degrees, other, up = contracted
    first = np.cumsum(degrees) - degrees
    parts = []
    for degree in range(2, int(degrees.max()) + 1):
        start = first[degrees == degree]
        for i in range(degree):
            for j in range(i + 1, degree):
                x, y = start + i, start + j
                cost = np.empty((len(start), 2))
                cost[:, 0] = up[x, 1] + up[y, 0]
                cost[:, 1] = up[y, 1] + up[x, 0]
                parts.append(Edges(other[x], other[y], cost))
    return _joined(*parts) if parts else Edges(other[:0], other[:0], up[:0])


def _joined(*parts: Edges) -> Edges:
    return Edges(*(np.concatenate(columns) for columns in zip(*parts)))


def _numbered(nodes: int, level: np.ndarray, rounds: list[_Contracted], core: Edges) -> Hierarchy:
    """Number nodes from the core down, keeping their order within each level."""
    depth = np.where(level == 0, 0, len(rounds) + 1 - level)
    order = order_of(depth, len(rounds) + 1)
    number = np.empty(nodes, np.int32)
    number[order] = np.arange(nodes, dtype=np.int32)
    level_start = runs(depth, len(rounds) + 1).astype(np.int32)
    counts, ups, costs = [np.zeros(0, np.int64)], [np.zeros(0, np.int32)], [np.zeros((0, 2))]
    for contracted in reversed(rounds):
        counts.append(contracted.degree)
        ups.append(number[contracted.other])
        costs.append(contracted.cost)
    up_start = offsets(np.concatenate(counts)).astype(np.int32)
    renamed = Edges(number[core.a], number[core.b], core.cost)
    return Hierarchy(number, level_start, up_start, np.concatenate(ups), np.concatenate(costs), renamed)
