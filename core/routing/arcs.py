"""The arcs of a graph, node by node, and what searches of it begin with."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix

from ..ragged import owners, ranges, runs


class SearchSpace(NamedTuple):
    """Nodes of all levels that upward searches reach, each (source, node) once, by source."""

    source: np.ndarray
    node: np.ndarray
    cost: np.ndarray

    def take(self, rows: np.ndarray) -> SearchSpace:
        return SearchSpace(*(column[rows] for column in self))


class Lengths(NamedTuple):
    """Costs of the arcs that are open: of the longest, and the mean; 0 where there is none."""

    longest: float
    mean: float


class Arcs(NamedTuple):
    """The arcs that leave node k are ``start[k]:start[k + 1]``; costs >= 0."""

    start: np.ndarray
    head: np.ndarray
    cost: np.ndarray

    @property
    def size(self) -> int:
        return len(self.start) - 1

    def tails(self) -> np.ndarray:
        """(a,) i4 the node that each arc leaves."""
        return np.repeat(np.arange(self.size, dtype=np.int32), np.diff(self.start))

    def lengths(self) -> Lengths:
        """Those of these arcs."""
        usable = self.cost[np.isfinite(self.cost)]
        return Lengths(float(usable.max()), float(usable.mean())) if len(usable) else Lengths(0.0, 0.0)

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
