"""Points to the nearest link: exact, in numpy and scipy alone."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from ..progress import Progress
from .places import Places

_SPACING = 40.0
"""Metres between the samples by which segments are found."""
_CHUNK = 50_000
_FEW = 50
"""Points for which the tree is not planted."""
_BLOCK = 256


class Snapper:
    """Finds the nearest point on the links where ``chosen`` (M,) is true.

    Many points: segments are sampled every 40 m into a k-d tree. The nearest samples give candidate segments, on which
    the point is projected exactly; since a point of a segment is at most 20 m from a sample of it, the best candidate
    is proved once the farthest sample looked at is 20 m farther than it. Points not proved are asked again with more
    samples. A few points are not worth the tree: they look at blocks of neighbouring segments, nearest box first.
    """

    def __init__(self, vertices: np.ndarray, offset: np.ndarray, chosen: np.ndarray) -> None:
        self._vertices = vertices
        self._offset = offset
        is_last = np.zeros(len(vertices), bool)
        is_last[offset[1:] - 1] = True
        self._segment = np.flatnonzero(~is_last & np.repeat(chosen, np.diff(offset)))
        self._tree: cKDTree | None = None
        self._owner = np.empty(0, np.int32)
        self._boxes: tuple[np.ndarray, np.ndarray] | None = None

    def snap(self, xy: np.ndarray, max_distance: float, progress: Progress) -> Places:
        """Put (n, 2) points on the nearest link, at most ``max_distance`` metres away. NaN have no place."""
        count = len(xy)
        segment = np.full(count, -1, np.int64)
        along = np.zeros(count)
        distance = np.full(count, np.inf)
        finite = np.flatnonzero(np.isfinite(xy).all(axis=1) & (len(self._segment) > 0))
        for start in range(0, len(finite), _CHUNK):
            rows = finite[start : start + _CHUNK]
            find = self._nearest_of_few if len(finite) <= _FEW and self._tree is None else self._nearest
            segment[rows], along[rows], distance[rows] = find(xy[rows])
            progress.advance(min(1.0, (start + _CHUNK) / max(len(finite), 1)))
        return self._places(segment, along, distance, max_distance)

    def _nearest(self, xy: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Segment, fraction along it, distance, for each point."""
        tree = self._tree = self._tree or self._planted()
        segment = np.empty(len(xy), np.int64)
        along = np.empty(len(xy))
        distance = np.empty(len(xy))
        open_ = np.arange(len(xy))
        neighbours = min(6, len(self._owner))
        while len(open_):
            far, sample = tree.query(xy[open_], k=neighbours)
            far, sample = far.reshape(len(open_), -1), sample.reshape(len(open_), -1)
            segment[open_], along[open_], distance[open_] = self._project(xy[open_], self._owner[sample])
            proved = far[:, -1] >= distance[open_] + _SPACING / 2
            if neighbours == len(self._owner):
                break
            open_ = open_[~proved]
            neighbours = min(neighbours * 4, len(self._owner))
        return segment, along, distance

    def _planted(self) -> cKDTree:
        begin, end = self._vertices[self._segment], self._vertices[self._segment + 1]
        pieces = np.maximum(1, np.ceil(np.hypot(*(end - begin).T) / _SPACING)).astype(np.int64)
        self._owner = np.repeat(np.arange(len(self._segment), dtype=np.int32), pieces)
        rank = np.arange(len(self._owner)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        part = (rank + 0.5) / pieces[self._owner]
        samples = begin[self._owner] + (end - begin)[self._owner] * part[:, None]
        return cKDTree(samples, balanced_tree=False, compact_nodes=False)

    def _nearest_of_few(self, xy: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """As `_nearest`, without the tree."""
        low, high = self._boxes = self._boxes or self._boxed()
        segment, along, distance = np.empty(len(xy), np.int64), np.empty(len(xy)), np.full(len(xy), np.inf)
        for i, point in enumerate(xy):
            apart = np.hypot(*np.maximum(np.maximum(low - point, point - high), 0.0).T)
            for block in np.argsort(apart):
                if apart[block] > distance[i]:
                    break
                members = np.arange(block * _BLOCK, min((block + 1) * _BLOCK, len(self._segment)))
                best, part, gap = self._project(point[None], members[None])
                if gap[0] < distance[i]:
                    segment[i], along[i], distance[i] = best[0], part[0], gap[0]
        return segment, along, distance

    def _boxed(self) -> tuple[np.ndarray, np.ndarray]:
        """Lower and upper corners around each block of segments that follow each other."""
        begin, end = self._vertices[self._segment], self._vertices[self._segment + 1]
        first = np.arange(0, len(begin), _BLOCK)
        low = np.minimum.reduceat(np.minimum(begin, end), first, axis=0)
        return low, np.maximum.reduceat(np.maximum(begin, end), first, axis=0)

    def _project(self, xy: np.ndarray, candidate: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The nearest of its segments ``candidate`` (n, c) to each point (n, 2), the part along it, the distance."""
        begin = self._vertices[self._segment[candidate]]
        step = self._vertices[self._segment[candidate] + 1] - begin
        towards = xy[:, None] - begin
        square = (step * step).sum(axis=2)
        part = np.divide((towards * step).sum(axis=2), square, out=np.zeros(square.shape), where=square > 0)
        part = np.clip(part, 0.0, 1.0)
        gap = np.hypot(*np.moveaxis(towards - step * part[..., None], 2, 0))
        best = gap.argmin(axis=1)
        row = np.arange(len(xy))
        return candidate[row, best], part[row, best], gap[row, best]

    def _places(self, segment: np.ndarray, along: np.ndarray, distance: np.ndarray, max_distance: float) -> Places:
        found = np.flatnonzero((segment >= 0) & (distance <= max_distance))
        link = np.full(len(segment), -1, np.int32)
        fraction = np.zeros(len(segment))
        xy = np.full((len(segment), 2), np.nan)
        vertex = self._segment[segment[found]]
        link[found] = np.searchsorted(self._offset, vertex, side="right") - 1
        begin, end = self._vertices[vertex], self._vertices[vertex + 1]
        xy[found] = begin + (end - begin) * along[found, None]
        fraction[found] = self._fractions(link[found], vertex, along[found])
        return Places(link, fraction, np.where(link >= 0, distance, np.inf), xy)

    def _fractions(self, link: np.ndarray, vertex: np.ndarray, along: np.ndarray) -> np.ndarray:
        """How far along the whole link a point at ``along`` of the segment that starts at ``vertex`` is."""
        owners, back = np.unique(link, return_inverse=True)
        first, count = self._offset[owners], np.diff(self._offset)[owners]
        start = np.cumsum(count) - count
        index = np.repeat(first - start, count) + np.arange(int(count.sum()))
        line = self._vertices[index]
        step = np.concatenate(([0.0], np.hypot(*(line[1:] - line[:-1]).T)))
        step[start] = 0.0
        walked = np.cumsum(step)
        at = start[back] + (vertex - first[back])
        total = walked[start + count - 1] - walked[start]
        here = walked[at] - walked[start[back]] + along * step[np.minimum(at + 1, len(step) - 1)]
        whole = total[back]
        return np.clip(np.divide(here, whole, out=np.zeros(len(here)), where=whole > 0), 0.0, 1.0)
