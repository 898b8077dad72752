"""Line ends that nearly meet, made one, but never through a floor."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

SAME_FLOOR = 3.0
"""Metres of height under which two line ends at one place are one junction (a bridge clears more)."""


class Floors(NamedTuple):
    """Where N nodes are, one above the other."""

    low: np.ndarray
    """(N,) lowest known height of the ends there, inf where none is known."""
    high: np.ndarray
    """(N,) highest, -inf where none is known."""
    level: np.ndarray
    """(N,) the level that lines pass through at, NaN where they change it, or one line ends alone."""

    def group(self, group: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
        """(count,) whether a floor parts the nodes of each of ``count`` groups, by height and by level."""
        low, high = np.full(count, np.inf), np.full(count, -np.inf)
        np.minimum.at(low, group, self.low)
        np.maximum.at(high, group, self.high)
        known = np.isfinite(self.level)
        least, most = np.full(count, np.inf), np.full(count, -np.inf)
        np.minimum.at(least, group[known], self.level[known])
        np.maximum.at(most, group[known], self.level[known])
        return high - low > SAME_FLOOR, most > least


def merge_close(
    node: np.ndarray, node_xy: np.ndarray, is_end: np.ndarray, tolerance: float, floors: Floors
) -> tuple[np.ndarray, np.ndarray]:
    """New number of each cut vertex's ``node``, and the new nodes' positions, once line ends within ``tolerance``
    metres of each other (directly or through others) are one. Nodes that ``floors`` part stay apart."""
    ends = np.unique(node[is_end])
    pairs = ends[cKDTree(node_xy[ends]).query_pairs(tolerance, output_type="ndarray")]
    if len(pairs) == 0:
        return node, node_xy
    group = _groups(pairs, len(node_xy))
    by_height, by_level = floors.group(group, int(group.max()) + 1)
    parted = (by_height | by_level)[group[pairs[:, 0]]]
    if parted.any():
        kept = _through_no_floor(pairs[parted], node_xy, floors)
        group = _groups(np.concatenate((pairs[~parted], kept)), len(node_xy))
    merged = int(group.max()) + 1
    count = np.bincount(group, minlength=merged)
    centre = np.stack([np.bincount(group, node_xy[:, axis], merged) / count for axis in (0, 1)], axis=1)
    return group[node].astype(np.int64), centre


def _groups(pairs: np.ndarray, size: int) -> np.ndarray:
    """(size,) the group of each node, those of a pair being in one."""
    graph = coo_matrix((np.ones(len(pairs), np.int8), (pairs[:, 0], pairs[:, 1])), shape=(size, size))
    return connected_components(graph, directed=False)[1]


def _through_no_floor(pairs: np.ndarray, node_xy: np.ndarray, floors: Floors) -> np.ndarray:
    """The pairs that can be joined, nearest first, none of the groups that come of it reaching through a floor."""
    away = np.hypot(*(node_xy[pairs[:, 0]] - node_xy[pairs[:, 1]]).T)
    parent: dict[int, int] = {}
    held = {n: (float(floors.low[n]), float(floors.high[n]), float(floors.level[n])) for n in np.unique(pairs).tolist()}

    def root(of: int) -> int:
        while of in parent:
            parent[of] = parent.get(parent[of], parent[of])
            of = parent[of]
        return of

    joined = []
    for index in np.argsort(away, kind="stable").tolist():
        one, other = map(root, pairs[index].tolist())
        if one == other:
            continue
        mine, theirs = held[one], held[other]
        if _apart(mine, theirs):
            continue
        parent[other] = one
        level = theirs[2] if np.isnan(mine[2]) else mine[2]
        held[one] = (min(mine[0], theirs[0]), max(mine[1], theirs[1]), level)
        joined.append(index)
    return pairs[joined]


def _apart(one: tuple[float, float, float], other: tuple[float, float, float]) -> bool:
    """Whether two (lowest, highest, level) are two floors."""
    by_height = max(one[0], other[0]) - min(one[1], other[1]) > SAME_FLOOR and np.isfinite((*one[:2], *other[:2])).all()
    return bool(by_height or abs(one[2] - other[2]) > 0)
