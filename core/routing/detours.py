"""How much farther the nodes of a forest are at most when the link that leads to them is cut."""

from __future__ import annotations

import numpy as np

from ..progress import Progress
from .forest import Forest
from .link_graph import LinkArcs

_HEAVY = 100_000
"""Nodes for which a detour is looked for: those that most hangs from."""


def detours(
    forest: Forest,
    arcs: LinkArcs,
    people: np.ndarray,
    seeds: tuple[np.ndarray, np.ndarray, np.ndarray],
    progress: Progress,
) -> np.ndarray:
    """(N,) an upper bound of the cost of each node without the link of its arc; inf where none was found.

    From each node there is a way that is quickest but for its last leg: an arc that comes from outside the tree under
    the node, and back along that tree. ``people`` (N,) is what hangs from each node: bounds are worked out for the
    nodes from which the most does. ``seeds``: node, cost and link of each.
    """
    size = arcs.size
    heavy = _heaviest(people)
    back = _back(forest, arcs)
    node, link, outside, cost = _ways_in(forest, arcs, seeds)
    up, climbed = _to_heavy(forest, heavy, back)
    cost = cost + climbed[node]
    node = up[node]
    of_node = np.where(forest.arc >= 0, arcs.link[forest.arc], -2)
    best = np.full(size, np.inf)
    while True:
        apart = (node < size) & np.isfinite(cost)
        node, link, outside, cost = node[apart], link[apart], outside[apart], cost[apart]
        inside = (forest.rank[node] <= outside) & (outside < forest.end[node])
        node, link, outside, cost = node[~inside], link[~inside], outside[~inside], cost[~inside]
        if len(node) == 0:
            return best
        other = link != of_node[node]
        np.minimum.at(best, node[other], cost[other])
        cost = cost + back[node]
        node = forest.parent[node]
        progress.check()


def _heaviest(people: np.ndarray) -> np.ndarray:
    """(N,) bool: the nodes that most hangs from; with each also those above it."""
    if len(people) <= _HEAVY:
        return people > 0
    least = np.partition(people, len(people) - _HEAVY)[len(people) - _HEAVY]
    return (people >= least) & (people > 0)


def _back(forest: Forest, arcs: LinkArcs) -> np.ndarray:
    """(N,) what it costs to go from each node to its parent; inf where no arc does."""
    back = np.full(arcs.size, np.inf)
    rows = np.flatnonzero(forest.parent[arcs.tail] == arcs.head)
    np.minimum.at(back, arcs.tail[rows], arcs.cost[rows])
    return back


def _ways_in(
    forest: Forest, arcs: LinkArcs, seeds: tuple[np.ndarray, np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Every arc and seed that is in no tree: node reached, link used, rank of the node it comes from, cost there."""
    spare = np.ones(len(arcs.head), bool)
    spare[forest.arc[forest.arc >= 0]] = False
    spare &= np.isfinite(forest.cost[arcs.tail])
    rows = np.flatnonzero(spare)
    node, cost, link = seeds
    other = np.ones(len(node), bool)
    other[forest.seed[forest.seed >= 0]] = False
    return (
        np.concatenate((arcs.head[rows].astype(np.int64), node[other])),
        np.concatenate((arcs.link[rows], link[other])),
        np.concatenate((forest.rank[arcs.tail[rows]], np.full(int(other.sum()), -1))),
        np.concatenate((forest.cost[arcs.tail[rows]] + arcs.cost[rows], cost[other])),
    )


def _to_heavy(forest: Forest, heavy: np.ndarray, back: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(N,) each: the first heavy node from each on towards its root (N where there is none), and the cost to it."""
    size = len(heavy)
    nodes = np.append(np.arange(size), size)
    up = np.where(np.append(heavy, True), nodes, np.append(forest.parent, size))
    up[up < 0] = size
    cost = np.where(up == nodes, 0.0, np.append(back, 0.0))
    while True:
        further = up[up]
        if (further == up).all():
            return up[:size], cost[:size]
        cost = cost + cost[up]
        up = further
