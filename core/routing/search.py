"""Searches on a contracted graph: scipy's Dijkstra, given only the part of the graph that matters.

scipy fills and checks arrays as long as the graph for each source, whatever the limit. So neighbouring sources are
searched together: one pass tells which nodes any of them reaches, and each is then searched on the graph of those.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from ..progress import Progress

SLACK = 1e-9
"""Relative noise of sums of floats, by which a cost may exceed a limit that it is meant to equal."""
_SMALL = 50_000
"""Nodes below which the whole graph is searched at once."""
_CELLS_A_CALL = 500_000
"""Nodes × sources a call may fill: scipy holds the interpreter's lock, and a call must end well within a second."""


class Sources(NamedTuple):
    """S places to search from: each leads to two nodes of the graph, at a cost (inf = it does not)."""

    first: np.ndarray
    last: np.ndarray
    to_first: np.ndarray
    to_last: np.ndarray


class Reached(NamedTuple):
    """Costs from S sources to some nodes of the graph."""

    cost: np.ndarray
    """(S, n + 1) f8; the last column is inf and stands for all other nodes."""
    column: np.ndarray
    """(K,) i4 the column of each node of the graph; n where it has none."""


class Graph(NamedTuple):
    """K nodes and A arcs with costs: the arcs that leave node k are ``start[k]:start[k + 1]``."""

    start: np.ndarray
    """(K + 1,) i4."""
    head: np.ndarray
    """(A,) i4."""
    cost: np.ndarray
    """(A,) f8, >= 0."""

    @property
    def size(self) -> int:
        return len(self.start) - 1

    def matrix(self) -> csr_matrix:
        """As scipy wants it. Arcs of cost 0 stay arcs."""
        return csr_matrix((self.cost, self.head, self.start), shape=(self.size, self.size))

    def turned(self) -> Graph:
        """The same arcs, each from its head to its tail."""
        columns = self.matrix().tocsc()
        return Graph(columns.indptr, columns.indices, columns.data)

    def part(self, nodes: np.ndarray, column: np.ndarray) -> Graph:
        """The graph of ``nodes`` alone (ascending); ``column`` (K,) numbers them, others having at least their count."""
        count = self.start[nodes + 1] - self.start[nodes]
        first = np.cumsum(count) - count
        arcs = np.repeat(self.start[nodes] - first, count) + np.arange(int(count.sum()))
        head = column[self.head[arcs]]
        inside = head < len(nodes)
        row = np.repeat(np.arange(len(nodes)), count)[inside]
        start = np.concatenate(([0], np.cumsum(np.bincount(row, minlength=len(nodes))))).astype(np.int32)
        return Graph(start, head[inside], self.cost[arcs[inside]])

    def with_sources(self, sources: Sources) -> Graph:
        """This graph and one more node for each source, with arcs to the nodes it leads to."""
        head = np.stack((sources.first, sources.last), axis=1).astype(np.int32)
        cost = np.stack((sources.to_first, sources.to_last), axis=1)
        same = sources.first == sources.last
        cost[same, 0] = cost[same].min(axis=1)
        leads = np.isfinite(cost) & (head >= 0)
        leads[same, 1] = False
        end = self.start[-1] + np.cumsum(leads.sum(axis=1))
        return Graph(
            np.concatenate((self.start, end.astype(np.int32))),
            np.concatenate((self.head, head[leads])),
            np.concatenate((self.cost, cost[leads])),
        )


def search(graph: Graph, sources: Sources, limit: float, progress: Progress) -> Reached:
    """Costs from each source to every node within ``limit``. Cheapest when the sources are neighbours."""
    count = len(sources.first)
    bound = limit * (1 + SLACK)
    nodes = _within_reach(graph, sources, bound)
    column = np.full(graph.size, len(nodes), np.int32)
    column[nodes] = np.arange(len(nodes), dtype=np.int32)
    if len(nodes) < graph.size:
        graph = graph.part(nodes, column)
        renamed = (np.append(column, len(nodes))[end] for end in sources[:2])
        first, last = (np.where(end < len(nodes), end, -1) for end in renamed)
        sources = Sources(first, last, *sources[2:])
    whole = graph.with_sources(sources).matrix()
    cost = np.empty((count, len(nodes) + 1))
    cost[:, -1] = np.inf
    step = max(1, _CELLS_A_CALL // max(len(nodes), 1))
    for row in range(0, count, step):
        rows = np.arange(row, min(row + step, count))
        cost[rows, :-1] = dijkstra(whole, indices=graph.size + rows, limit=bound)[:, : graph.size]
        progress.check()
    return Reached(cost, column)


def search_nearest(graph: Graph, sources: Sources, limit: float) -> tuple[np.ndarray, np.ndarray]:
    """Cost from the nearest source to each node (K + 1,), and which source it is (K + 1,) i4, -1 and inf where none."""
    whole = graph.with_sources(sources).matrix()
    count = len(sources.first)
    cost, _, source = dijkstra(
        whole,
        indices=graph.size + np.arange(count),
        limit=limit * (1 + SLACK),
        min_only=True,
        return_predecessors=True,
    )
    cost, source = cost[: graph.size], source[: graph.size]
    reached = np.isfinite(cost)
    return np.append(cost, np.inf), np.append(np.where(reached, source - graph.size, -1), -1).astype(np.int32)


def _within_reach(graph: Graph, sources: Sources, bound: float) -> np.ndarray:
    """Nodes that some source may reach, ascending; all of them when telling is not worth the pass."""
    if not np.isfinite(bound) or graph.size <= _SMALL or len(sources.first) == 1:
        return np.arange(graph.size)
    leads = [end[(end >= 0) & (cost <= bound)] for end, cost in zip(sources[:2], sources[2:])]
    ends = np.unique(np.concatenate(leads))
    if len(ends) == 0:
        return ends
    cost = dijkstra(graph.matrix(), indices=ends, limit=bound, min_only=True)
    return np.flatnonzero(cost <= bound)
