"""Searches on a contracted graph: scipy's Dijkstra, given only the part of the core that matters.

scipy fills and checks arrays as long as the graph for each source, whatever the limit. So neighbouring sources are
searched together: one pass finds which nodes any of them reaches, and each is then searched on the graph of those.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from ..network.contraction import Contraction, metres_in_levels, minutes_in_levels
from ..progress import Progress
from ..ragged import owners, ranges, runs
from ..thresholds import NOISE

_SMALL = 4_000
"""Nodes below which the whole graph is searched at once."""
_CELLS_A_CALL = 500_000
"""Nodes × sources a call may fill: scipy holds the interpreter's lock, and a call must end well within a second."""


class VirtualSources(NamedTuple):
    """S points to search from: each leads to two nodes of the graph, at a cost (inf = it does not)."""

    first: np.ndarray
    last: np.ndarray
    to_first: np.ndarray
    to_last: np.ndarray


class SearchSpace(NamedTuple):
    """Nodes of all levels that upward searches reach, each (source, node) once, by source."""

    source: np.ndarray
    node: np.ndarray
    cost: np.ndarray

    def take(self, rows: np.ndarray) -> SearchSpace:
        return SearchSpace(*(column[rows] for column in self))


class Reached(NamedTuple):
    """Costs from S sources to some nodes of the graph."""

    cost: np.ndarray
    """(S, n + 1) f8; the last column is inf and stands for all other nodes."""
    column: np.ndarray
    """(K + 1,) i4 the column of each node of the graph, n where it has none; the last entry is n."""


class Arcs(NamedTuple):
    """The arcs that leave node k are ``start[k]:start[k + 1]``; costs >= 0."""

    start: np.ndarray
    head: np.ndarray
    cost: np.ndarray

    @property
    def size(self) -> int:
        return len(self.start) - 1

    def matrix(self) -> csr_matrix:
        """As scipy wants it. Arcs of cost 0 stay arcs."""
        return csr_matrix((self.cost, self.head, self.start), shape=(self.size, self.size))

    def turned(self) -> Arcs:
        """The same arcs, each from its head to its tail."""
        columns = self.matrix().tocsc()
        return Arcs(columns.indptr, columns.indices, columns.data)

    def part(self, nodes: np.ndarray, column: np.ndarray) -> Arcs:
        """The arcs among ``nodes`` (ascending), renumbered by ``column`` (K,), at least their count elsewhere."""
        count = self.start[nodes + 1] - self.start[nodes]
        arcs = ranges(self.start[nodes], count)
        head = column[self.head[arcs]]
        inside = head < len(nodes)
        row = owners(count)[inside]
        start = runs(row, len(nodes)).astype(np.int32)
        return Arcs(start, head[inside], self.cost[arcs[inside]])

    def with_sources(self, count: int, space: SearchSpace) -> Arcs:
        """These arcs, and a node more for each of ``count`` sources, with arcs to its search space."""
        end = self.start[-1] + np.cumsum(np.bincount(space.source, minlength=count))
        return Arcs(
            np.concatenate((self.start, end.astype(np.int32))),
            np.concatenate((self.head, space.node.astype(np.int32))),
            np.concatenate((self.cost, space.cost)),
        )


class SearchGraph(NamedTuple):
    """K kept nodes in levels (`network.hierarchy`), seen in one direction and one metric."""

    core: Arcs
    level_start: np.ndarray
    """(L + 1,) i4."""
    up_start: np.ndarray
    """(K - core + 1,) i4 the upward arcs of each node under the core."""
    up_node: np.ndarray
    """(U,) i4 the higher node of each upward arc."""
    up_cost: np.ndarray
    """(U,) f8 cost of each upward arc."""
    down_cost: np.ndarray
    """(U,) f8 cost of each downward arc."""

    @classmethod
    def of(cls, contracted: Contraction, metric: str) -> SearchGraph:
        """Copies, since some versions of scipy refuse arrays mapped read-only, and a copy is read faster."""
        core, up, down = minutes_in_levels(contracted) if metric == "time" else metres_in_levels(contracted)
        copies = [np.array(a) for a in (contracted.level_start, contracted.up_start, contracted.up_node, up, down)]
        return cls(Arcs(np.array(contracted.core_start), np.array(contracted.core_head), np.array(core)), *copies)

    def turned(self) -> SearchGraph:
        """The same graph with every direction reversed."""
        return self._replace(core=self.core.turned(), up_cost=self.down_cost, down_cost=self.up_cost)

    @property
    def size(self) -> int:
        return int(self.level_start[-1])

    def upward_arcs(self, nodes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """First upward arc and number of them, of nodes under the core."""
        row = nodes - self.core.size
        return self.up_start[row], self.up_start[row + 1] - self.up_start[row]


def search(graph: SearchGraph, sources: VirtualSources, limit: float, progress: Progress) -> Reached:
    """Costs from each source to every node within ``limit``. Cheapest when the sources are neighbours."""
    count = len(sources.first)
    bound = limit * (1 + NOISE)
    space = _upward_search(graph, sources, bound)
    in_core = space.take(space.node < graph.core.size)
    nodes = _within_reach(graph.core, np.unique(in_core.node), count, bound)
    present = _present(graph, nodes, space)
    order = np.flatnonzero(present)
    column = np.full(graph.size + 1, len(order), np.int32)
    column[order] = np.arange(len(order), dtype=np.int32)
    cost = np.full((count, len(order) + 1), np.inf)
    reached = Reached(cost, column)
    _search_core(graph.core, nodes, in_core._replace(node=column[in_core.node]), bound, reached, progress)
    for low, high in zip(graph.level_start[1:-1], graph.level_start[2:]):
        begin, end = np.searchsorted(order, (low, high))
        if begin < end:
            _downward_sweep(graph, order[begin:end], int(begin), space, reached)
        progress.check()
    return reached


def search_nearest(graph: SearchGraph, sources: VirtualSources, limit: float) -> tuple[np.ndarray, np.ndarray]:
    """Cost from the nearest source to each node (K + 1,), and which source it is (K + 1,) i4.

    inf and -1 where there is none within ``limit``, and in the last entry, which stands for no node.
    """
    bound = limit * (1 + NOISE)
    count = len(sources.first)
    space = _upward_search(graph, sources, bound)
    in_core = space.take(space.node < graph.core.size)
    cost = np.full(graph.size + 1, np.inf)
    which = np.full(graph.size + 1, -1, np.int32)
    size = graph.core.size
    whole = graph.core.with_sources(count, in_core).matrix()
    found, _, origin = dijkstra(
        whole, indices=size + np.arange(count), limit=bound, min_only=True, return_predecessors=True
    )
    cost[:size], which[:size] = found[:size], np.where(np.isfinite(found[:size]), origin[:size] - size, -1)
    best = space.take(np.lexsort((space.cost, space.node)))
    best = best.take(np.unique(best.node, return_index=True)[1])
    for low, high in zip(graph.level_start[1:-1], graph.level_start[2:]):
        _nearest_downward_sweep(graph, low, high, cost, which)
        here = best.take((best.node >= low) & (best.node < high))
        here = here.take(here.cost < cost[here.node])
        cost[here.node], which[here.node] = here.cost, here.source
    return cost, which


def _upward_search(graph: SearchGraph, sources: VirtualSources, bound: float) -> SearchSpace:
    """What each source reaches by upward arcs only, level after level."""
    node = np.concatenate((sources.first, sources.last)).astype(np.int64)
    cost = np.concatenate((sources.to_first, sources.to_last))
    source = np.tile(np.arange(len(sources.first)), 2)
    usable = (node >= 0) & (cost <= bound) & np.isfinite(cost)
    space = _cheapest(SearchSpace(source[usable], node[usable], cost[usable]), graph.size)
    for low, high in zip(graph.level_start[-2:0:-1], graph.level_start[:1:-1]):
        rising = space.take((space.node >= low) & (space.node < high))
        first, count = graph.upward_arcs(rising.node)
        arc = ranges(first, count)
        cost = np.repeat(rising.cost, count) + graph.up_cost[arc]
        usable = (cost <= bound) & np.isfinite(cost)
        higher = SearchSpace(np.repeat(rising.source, count), graph.up_node[arc].astype(np.int64), cost).take(usable)
        space = _cheapest(SearchSpace(*(np.concatenate(columns) for columns in zip(space, higher))), graph.size)
    return space


def _cheapest(space: SearchSpace, nodes: int) -> SearchSpace:
    """One row a source and node, the cheapest, by source."""
    key = space.source * nodes + space.node
    order = np.lexsort((space.cost, key))
    key = key[order]
    first = np.concatenate(([True], key[1:] != key[:-1])) if len(key) else np.empty(0, bool)
    return space.take(order[first])


def _within_reach(core: Arcs, ends: np.ndarray, sources: int, bound: float) -> np.ndarray:
    """Nodes of the core that some source may reach, ascending; all when finding out is not worth the pass."""
    if not np.isfinite(bound) or core.size <= _SMALL or sources == 1:
        return np.arange(core.size)
    if len(ends) == 0:
        return ends
    cost = dijkstra(core.matrix(), indices=ends, limit=bound, min_only=True)
    return np.flatnonzero(cost <= bound)


def _present(graph: SearchGraph, nodes: np.ndarray, space: SearchSpace) -> np.ndarray:
    """(K,) bool: nodes of the core that are searched, and those under them."""
    if len(nodes) == graph.core.size:
        return np.ones(graph.size, bool)
    present = np.zeros(graph.size, bool)
    present[nodes] = True
    present[space.node] = True
    for low, high in zip(graph.level_start[1:-1], graph.level_start[2:]):
        start = graph.up_start[low - graph.core.size : high - graph.core.size + 1]
        hit = present[graph.up_node[start[0] : start[-1]]]
        present[low:high] |= np.logical_or.reduceat(hit, start[:-1] - start[0])
    return present


def _search_core(
    core: Arcs,
    nodes: np.ndarray,
    space: SearchSpace,
    bound: float,
    reached: Reached,
    progress: Progress,
) -> None:
    """Fill the first columns of ``reached``: one search a source on the part of the core that matters."""
    cost = reached.cost
    if len(nodes) < core.size:
        core = core.part(nodes, reached.column)
    count = len(cost)
    whole = core.with_sources(count, space).matrix()
    step = max(1, _CELLS_A_CALL // max(len(nodes), 1))
    for row in range(0, count, step):
        rows = np.arange(row, min(row + step, count))
        cost[rows, : len(nodes)] = dijkstra(whole, indices=core.size + rows, limit=bound)[:, : core.size]
        progress.check()


def _downward_sweep(graph: SearchGraph, nodes: np.ndarray, begin: int, space: SearchSpace, reached: Reached) -> None:
    """Fill the columns of one level's ``nodes``, the first of which has column ``begin``: from those above it, and
    from the search spaces that lie in it."""
    cost, column = reached
    end = begin + len(nodes)
    first, count = graph.upward_arcs(nodes)
    above, down = [], []
    for i in range(int(count.max())):
        arc = np.where(count > i, first + i, first)
        above.append(column[graph.up_node[arc]])
        down.append(graph.down_cost[arc])
    for line in cost:
        best = line.take(above[0]) + down[0]
        for higher, way in zip(above[1:], down[1:]):
            np.minimum(best, line.take(higher) + way, out=best)
        line[begin:end] = best
    here = space.take((space.node >= nodes[0]) & (space.node <= nodes[-1]))
    at = here.source, column[here.node]
    cost[at] = np.minimum(cost[at], here.cost)


def _nearest_downward_sweep(graph: SearchGraph, low: int, high: int, cost: np.ndarray, which: np.ndarray) -> None:
    first, count = graph.upward_arcs(np.arange(low, high))
    best, source = np.full(high - low, np.inf), np.full(high - low, -1, np.int32)
    for i in range(int(count.max())):
        arc = np.where(count > i, first + i, first)
        above = graph.up_node[arc]
        there = cost[above] + graph.down_cost[arc]
        better = there < best
        best = np.where(better, there, best)
        source = np.where(better, which[above], source)
    cost[low:high], which[low:high] = best, source
