"""Searches on a contracted graph: scipy's Dijkstra, given only the part of the core that matters.

scipy fills and checks arrays as long as the graph for each source, whatever the limit. So neighbouring sources are
searched together: one pass finds which nodes any of them reaches, and each is then searched on the graph of those.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from scipy.sparse.csgraph import dijkstra

from ..network.contraction import Contraction, metres_in_levels, minutes_in_levels
from ..progress import Progress
from ..ragged import offsets, ranges, runs
from ..thresholds import NOISE
from .arcs import Arcs, Lengths, SearchSpace
from .compiled import loops
from .kernels import Queue

_SMALL = 4_000
"""Nodes below which the whole graph is searched at once."""
_CELLS_A_CALL = 500_000
"""Nodes × sources a call may fill: scipy holds the interpreter's lock, and a call must end well within a second."""
_MOST_BUCKETS = 4096
_LEAST_WIDTH = 1e-6
_NOBODY = np.empty(0, np.int32)


class VirtualSources(NamedTuple):
    """S points to search from: each leads to two nodes of the graph, at a cost (inf = it does not)."""

    first: np.ndarray
    last: np.ndarray
    to_first: np.ndarray
    to_last: np.ndarray


class Reached(NamedTuple):
    """Costs from S sources to some nodes of the graph."""

    cost: np.ndarray
    """(S, n + 1) f8; the last column is inf and stands for all other nodes."""
    column: np.ndarray
    """(K + 1,) i4 the column of each node of the graph, n where it has none; the last entry is n."""


class SearchGraph(NamedTuple):
    """K kept nodes in levels (`network.hierarchy`), seen in one direction and one metric."""

    core: Arcs
    lengths: Lengths
    """Of the core's arcs."""
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
        arcs = Arcs(np.array(contracted.core_start), np.array(contracted.core_head), np.array(core))
        return cls(arcs, arcs.lengths(), *copies)

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
    nodes = _within_reach(graph, np.unique(in_core.node), count, bound)
    present = _present(graph, nodes, space)
    order = np.flatnonzero(present)
    column = np.full(graph.size + 1, len(order), np.int32)
    column[order] = np.arange(len(order), dtype=np.int32)
    cost = np.full((count, len(order) + 1), np.inf)
    reached = Reached(cost, column)
    if loops():
        _search_compiled(graph, order, len(nodes), space, bound, reached)
        progress.check()
        return reached
    _search_core(graph.core, nodes, in_core._replace(node=column[in_core.node]), bound, reached, progress)
    for low, high in zip(graph.level_start[1:-1], graph.level_start[2:]):
        begin, end = np.searchsorted(order, (low, high))
        if begin < end:
            _downward_sweep(graph, order[begin:end], int(begin), space, reached)
        progress.check()
    return reached


def search_nearest(graph: SearchGraph, groups: Sequence[VirtualSources], limit: float) -> tuple[np.ndarray, np.ndarray]:
    """Cost from the nearest source of each of G groups to each node (K + 1, G), and which of them it is, i4.

    Of sources that cost the same, the first. inf and -1 where there is none within ``limit``, and in the last row,
    which stands for no node. Groups are searched one by one along the core, and swept down together.
    """
    bound = limit * (1 + NOISE)
    cost = np.full((graph.size + 1, len(groups)), np.inf)
    which = np.full((graph.size + 1, len(groups)), -1, np.int32)
    search_core = (
        partial(_nearest_in_core_compiled, graph.lengths) if loops() else partial(_nearest_in_core, graph.core.tails())
    )
    for number, sources in enumerate(groups):
        space = _upward_search(graph, sources, bound)
        best = space.take(np.lexsort((space.cost, space.node)))
        best = best.take(np.unique(best.node, return_index=True)[1])
        cost[best.node, number], which[best.node, number] = best.cost, best.source
        found = search_core(graph.core, best.take(best.node < graph.core.size), bound)
        cost[: graph.core.size, number], which[: graph.core.size, number] = found
    if loops():
        loops().sweep_nearest(graph.up_start, graph.up_node, graph.down_cost, graph.core.size, cost, which)
    else:
        for low, high in zip(graph.level_start[1:-1], graph.level_start[2:]):
            _nearest_downward_sweep(graph, low, high, cost, which)
    return cost, which


def _nearest_in_core(tail: np.ndarray, core: Arcs, seeds: SearchSpace, bound: float) -> tuple[np.ndarray, np.ndarray]:
    """Cost (n,) of each node of the core from the nearest of the ``seeds``, one a node, and which source it is.

    ``tail`` (a,) is where each arc begins.
    """
    size, count = core.size, len(seeds.node)
    whole = core.with_sources(count, seeds._replace(source=np.arange(count))).matrix()
    found, _, origin = dijkstra(
        whole, indices=size + np.arange(count), limit=bound, min_only=True, return_predecessors=True
    )
    cost, which = found[:size], np.full(size, -1, np.int32)
    reached = np.isfinite(cost)
    which[reached] = seeds.source[origin[:size][reached] - size]
    _name_first(tail, core, seeds, cost, which)
    return cost, which


def _name_first(tail: np.ndarray, core: Arcs, seeds: SearchSpace, cost: np.ndarray, which: np.ndarray) -> None:
    """Of sources that cost a node the same let ``which`` (n,) name the first, in place."""
    here = np.flatnonzero((seeds.cost == cost[seeds.node]) & (seeds.source < which[seeds.node]))
    which[seeds.node[here]] = seeds.source[here]
    while True:
        arc = np.flatnonzero(which.take(tail) < which.take(core.head))
        arc = arc[cost[tail[arc]] + core.cost[arc] == cost[core.head[arc]]]
        if len(arc) == 0:
            return
        np.minimum.at(which, core.head[arc], which[tail[arc]])


def _nearest_in_core_compiled(
    lengths: Lengths, core: Arcs, seeds: SearchSpace, bound: float
) -> tuple[np.ndarray, np.ndarray]:
    """As `_nearest_in_core`, with the ``lengths`` of the arcs."""
    cost, which = np.full(core.size, np.inf), np.full(core.size, -1, np.int32)
    cost[seeds.node], which[seeds.node] = seeds.cost, seeds.source
    queue = _queue(lengths, float(seeds.cost.max(initial=0.0)), bound)
    loops().spread(core, queue, cost, which, seeds.node.astype(np.int32))
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


def _within_reach(graph: SearchGraph, ends: np.ndarray, sources: int, bound: float) -> np.ndarray:
    """Nodes of the core that some source may reach, ascending; all when finding out is not worth the pass."""
    core = graph.core
    if not np.isfinite(bound) or core.size <= _SMALL or sources == 1:
        return np.arange(core.size)
    if len(ends) == 0:
        return ends
    if loops():
        cost = np.full(core.size, np.inf)
        cost[ends] = 0.0
        loops().spread(core, _queue(graph.lengths, 0.0, bound), cost, _NOBODY, ends.astype(np.int32))
    else:
        cost = dijkstra(core.matrix(), indices=ends, limit=bound, min_only=True)
    return np.flatnonzero(cost <= bound)


def _present(graph: SearchGraph, nodes: np.ndarray, space: SearchSpace) -> np.ndarray:
    """(K,) bool: nodes of the core that are searched, and those under them."""
    if len(nodes) == graph.core.size:
        return np.ones(graph.size, bool)
    present = np.zeros(graph.size, bool)
    present[nodes] = True
    present[space.node] = True
    if loops():
        loops().hang(graph.up_start, graph.up_node, graph.core.size, present)
        return present
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


def _queue(arcs: Lengths, latest: float, bound: float) -> Queue:
    """The queue of a search on arcs no longer than these, of whose seeds the last costs ``latest``."""
    longest = max(arcs.longest, latest)
    width = max(arcs.mean / 2, longest / _MOST_BUCKETS, _LEAST_WIDTH)
    return Queue(width, int(longest / width) + 2, bound)


def _search_compiled(
    graph: SearchGraph,
    order: np.ndarray,
    in_core: int,
    space: SearchSpace,
    bound: float,
    reached: Reached,
) -> None:
    """Fill ``reached`` for the nodes ``order``, of which the first ``in_core`` are of the core."""
    cost, column = reached
    cost[space.source, column[space.node]] = space.cost
    core = graph.core.part(order[:in_core], column) if in_core < graph.core.size else graph.core
    seeds = space.take(space.node < graph.core.size)
    node, ends = column[seeds.node], runs(seeds.source, len(cost))
    queue = _queue(graph.lengths, float(seeds.cost.max(initial=0.0)), bound)
    for row, line in enumerate(cost):
        loops().spread(core, queue, line, _NOBODY, node[ends[row] : ends[row + 1]])
    first, count = graph.upward_arcs(order[in_core:])
    arcs = ranges(first, count)
    loops().sweep(offsets(count), column[graph.up_node[arcs]], graph.down_cost[arcs], in_core, cost)


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
    """Fill one level, ``low`` to ``high``, in which a source of a node's own is there already."""
    first, count = graph.upward_arcs(np.arange(low, high))
    best, source = cost[low:high], which[low:high]
    for i in range(int(count.max())):
        arc = np.where(count > i, first + i, first)
        above = graph.up_node.take(arc)
        there = cost.take(above, axis=0)
        there += graph.down_cost.take(arc)[:, None]
        named = which.take(above, axis=0)
        better = (there < best) | ((there == best) & (named < source))
        np.copyto(best, there, where=better)
        np.copyto(source, named, where=better)
