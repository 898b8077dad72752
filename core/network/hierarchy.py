"""The kept nodes in levels, so that a search only walks the top one.

A node with few neighbours can be left out of a graph when its neighbours are joined directly by what passing through
it costs: all costs between the others stay. Leaving out nodes that are not neighbours of each other, round after
round, gives levels: level 0 is what remains at the top, and each other node knows the higher nodes around it. A
search climbs from its source to the top, goes along the top, and comes down level by level: a node's cost is the
least over its higher neighbours of theirs and the way down. Removing a node of degree 3 adds no edge, so on roads the
top has less than a third of the nodes and no more edges. (Node elimination, as in contraction hierarchies: Geisberger
et al., 2008; here without any ordering by importance, since bounded searches need all nodes anyway.)
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..progress import Progress
from .ordering import order_of

ROUNDS = (3, 4, 5, 6)
"""Most neighbours a node may have to be left out, round after round. Other rounds are another version of the file."""
_WORTH = 0.01
"""Share of the nodes that a round must leave out to be worth more."""
_TRIES = 3


class Edges(NamedTuple):
    """E pairs of nodes, and (E, 2) costs: a to b, b to a; inf where closed."""

    a: np.ndarray
    b: np.ndarray
    cost: np.ndarray

    def take(self, rows: np.ndarray) -> Edges:
        """The edges at ``rows`` (`take` gathers rows twice as fast as indexing)."""
        return Edges(self.a.take(rows), self.b.take(rows), self.cost.take(rows, axis=0))


class _Stars(NamedTuple):
    """The nodes that one round leaves out, ascending, and their rays, node after node."""

    rays: np.ndarray
    """(S,) i8 how many each node has."""
    other: np.ndarray
    """(R,) the neighbour at the end of each ray."""
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
    top: Edges
    """Between nodes of level 0, by new numbers."""


def build_hierarchy(nodes: int, edges: Edges, progress: Progress) -> Hierarchy:
    """Leave nodes out of a graph of ``nodes`` nodes. Edges may be parallel, in any direction; loops are dropped.

    Who is left out, and all numbers, depend on the nodes of the edges alone, not on their costs.
    """
    edges = _simple(nodes, edges)
    level = np.zeros(nodes, np.int32)
    rounds: list[_Stars] = []
    for turn, most in enumerate(ROUNDS):
        progress.advance(turn / len(ROUNDS))
        out = _left_out(nodes, edges, most)
        if out.sum() <= _WORTH * nodes:
            continue
        touching = out[edges.a] | out[edges.b]
        rounds.append(_stars(out, edges.take(np.flatnonzero(touching))))
        level[out] = len(rounds)
        edges = _simple(nodes, _joined(edges.take(np.flatnonzero(~touching)), _bridges(rounds[-1])))
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


def _left_out(nodes: int, edges: Edges, most: int) -> np.ndarray:
    """(K,) bool: nodes with 1 to ``most`` neighbours, no two of them neighbours. Ties go by a scrambled number."""
    degree = np.bincount(edges.a, minlength=nodes) + np.bincount(edges.b, minlength=nodes)
    free = (degree > 0) & (degree <= most)
    priority = (np.arange(nodes, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(20)
    a_wins = priority[edges.a] < priority[edges.b]
    winner, loser = np.where(a_wins, edges.a, edges.b), np.where(a_wins, edges.b, edges.a)
    out = np.zeros(nodes, bool)
    for _ in range(_TRIES):
        beaten = np.zeros(nodes, bool)
        beaten[loser[free[winner] & free[loser]]] = True
        won = free & ~beaten
        out |= won
        free &= beaten
        free[loser[won[winner]]] = False
        free[winner[won[loser]]] = False
    return out


def _stars(out: np.ndarray, edges: Edges) -> _Stars:
    """The nodes left out, with ``edges``: all those that touch one of them."""
    centre = np.where(out[edges.a], edges.a, edges.b)
    order = order_of(centre, len(out))
    other = (edges.a ^ edges.b ^ centre).take(order)
    rays = np.diff(np.append(np.flatnonzero(_begins(centre.take(order))), len(order)))
    return _Stars(rays, other, _costs_from(edges, order, centre))


def _bridges(stars: _Stars) -> Edges:
    """An edge for each two neighbours of a node left out."""
    rays_each, other, up = stars
    first = np.cumsum(rays_each) - rays_each
    parts = []
    for rays in range(2, int(rays_each.max()) + 1):
        start = first[rays_each == rays]
        for i in range(rays):
            for j in range(i + 1, rays):
                x, y = start + i, start + j
                cost = np.empty((len(start), 2))
                cost[:, 0] = up[x, 1] + up[y, 0]
                cost[:, 1] = up[y, 1] + up[x, 0]
                parts.append(Edges(other[x], other[y], cost))
    return _joined(*parts) if parts else Edges(other[:0], other[:0], up[:0])


def _joined(*parts: Edges) -> Edges:
    return Edges(*(np.concatenate(columns) for columns in zip(*parts)))


def _numbered(nodes: int, level: np.ndarray, rounds: list[_Stars], top: Edges) -> Hierarchy:
    """Number nodes from the top down, keeping their order within each level."""
    depth = np.where(level == 0, 0, len(rounds) + 1 - level)
    order = order_of(depth, len(rounds) + 1)
    number = np.empty(nodes, np.int32)
    number[order] = np.arange(nodes, dtype=np.int32)
    level_start = np.concatenate(([0], np.cumsum(np.bincount(depth, minlength=len(rounds) + 1)))).astype(np.int32)
    counts, ups, costs = [np.zeros(0, np.int64)], [np.zeros(0, np.int32)], [np.zeros((0, 2))]
    for stars in reversed(rounds):
        counts.append(stars.rays)
        ups.append(number[stars.other])
        costs.append(stars.cost)
    up_start = np.concatenate(([0], np.cumsum(np.concatenate(counts)))).astype(np.int32)
    renamed = Edges(number[top.a], number[top.b], top.cost)
    return Hierarchy(number, level_start, up_start, np.concatenate(ups), np.concatenate(costs), renamed)
