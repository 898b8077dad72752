"""The quickest ways from a set of seeds to every node, as trees whose nodes are numbered so that whoever hangs from a
node follows it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse.csgraph import dijkstra

from ..progress import Progress
from ..ragged import ranges
from .link_graph import LinkArcs


class Forest(NamedTuple):
    """N nodes. Those under node i are ``order[rank[i]:end[i]]``, itself included."""

    cost: np.ndarray
    """(N,) f8 minutes from the nearest seed, inf where none reaches."""
    parent: np.ndarray
    """(N,) i8, N for nodes that a seed reaches directly, -1 for those that none reaches."""
    arc: np.ndarray
    """(N,) i8 the arc from the parent, -1 where there is none."""
    seed: np.ndarray
    """(N,) i8 the seed of a node whose parent is N, else -1."""
    order: np.ndarray
    """(N,) i8 the nodes reached, each before those under it, then the others."""
    rank: np.ndarray
    """(N,) i8 where each node is in ``order``."""
    end: np.ndarray
    """(N,) i8."""

    def under(self, nodes: np.ndarray) -> np.ndarray:
        """The nodes under any of ``nodes``, each once."""
        nodes = nodes[np.argsort(self.rank[nodes])]
        first, last = self.rank[nodes], self.end[nodes]
        inside = np.append(-1, np.maximum.accumulate(last)[:-1]) > first if len(nodes) else np.zeros(0, bool)
        first, last = first[~inside], last[~inside]
        return self.order[ranges(first, last - first)]

    def sums(self, value: np.ndarray) -> np.ndarray:
        """(N,) the sum of ``value`` (N,) over the nodes under each, where sums are exact (`access.weights`)."""
        summed = np.append(0.0, np.cumsum(value[self.order]))
        return summed[self.end] - summed[self.rank]


def grow(arcs: LinkArcs, node: np.ndarray, cost: np.ndarray, progress: Progress) -> Forest:
    """The forest of the seeds at ``node`` (S,) that cost ``cost`` (S,)."""
    size = arcs.size
    found, parent = dijkstra(arcs.matrix(1, node, cost), indices=size, return_predecessors=True)
    progress.check()
    found, parent = found[:size], parent[:size].astype(np.int64)
    parent[parent < 0] = -1
    seed = _first_of(size, node, cost, parent[node] == size)
    arc = _first_of(size, arcs.head, arcs.cost, parent[arcs.head] == arcs.tail)
    progress.check()
    order, rank, end = _numbered(parent, progress)
    return Forest(found, parent, arc, seed, order, rank, end)


def _first_of(size: int, node: np.ndarray, cost: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """(size,) for each node the cheapest of the ``chosen`` entries that name it, -1 where there is none."""
    rows = np.flatnonzero(chosen)
    rows = rows[np.lexsort((cost[rows], node[rows]))]
    first = np.full(size, -1, np.int64)
    first[node[rows[::-1]]] = rows[::-1]
    return first


def _numbered(parent: np.ndarray, progress: Progress) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """``order``, ``rank`` and ``end`` of a `Forest`."""
    size = len(parent)
    above = np.where(parent < 0, size + 1, parent)
    children = np.argsort(above, kind="stable")
    start = np.searchsorted(above[children], np.arange(size + 2))
    many = np.diff(start)
    level, levels = children[start[size] : start[size + 1]], []
    while len(level):
        levels.append(level)
        level = children[ranges(start[level], many[level])]
        progress.check()
    count = np.ones(size, np.int64)
    for level in reversed(levels[1:]):
        np.add.at(count, parent[level], count[level])
    # Each child begins where the earlier children of its parent end.
    before = np.cumsum(count[children]) - count[children]
    rank = np.empty(size, np.int64)
    offset = np.empty(size, np.int64)
    offset[children] = before - before[np.minimum(start[above[children]], size - 1)]
    for number, level in enumerate(levels):
        rank[level] = offset[level] + (rank[parent[level]] + 1 if number else 0)
    lost = np.flatnonzero(parent < 0)
    rank[lost] = size - len(lost) + np.arange(len(lost))
    order = np.empty(size, np.int64)
    order[rank] = np.arange(size)
    return order, rank, rank + count
