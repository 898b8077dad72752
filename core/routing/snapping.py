"""Points to the nearest link where one may stop: exact, in numpy and scipy alone.

A point within 1 cm of a junction is at that junction. Other points go to the nearest ordinary road that people can
both reach and leave; to a road of an island where every other is much farther. Nobody is put on a motorway or on the
line of a ferry (as OSRM's `is_startpoint`, GraphHopper's `snap_prevention`).
"""

from __future__ import annotations

from typing import NamedTuple, cast

import numpy as np
from scipy.spatial import cKDTree

from ..messages import Message, msg
from ..network import Network
from ..network.components import ISLAND, MAIN
from ..network.presets.rules import AT_SEA, NO_STOPPING, ORDINARY
from ..network.topology import morton_order
from ..processes.threads import in_threads
from ..progress import Progress
from ..ragged import owners, ranges, ranks
from .snapped_points import SnappedPoints

AT_JUNCTION = 0.01
"""Metres from a junction within which a point is at it."""
ISLAND_APART = 100.0
"""Metres by which an island's road must be nearer than any other. What is closer than that is rather a gap in the data
than a shore, and whoever lives there leaves by the other roads."""

_SPACING = 40.0
"""Metres between the samples by which segments are found."""
_SEGMENTS_AT_ONCE = 100_000
_CHUNK = 20_000
_FEW = 50
"""Points for which the tree is not planted."""
_BLOCK = 256


class _Found(NamedTuple):
    """The nearest segment to each of n points."""

    segment: np.ndarray
    """(n,) i8 number of its first vertex; -1 where none was found."""
    along: np.ndarray
    """(n,) part of the segment up to the snapped point."""
    distance: np.ndarray
    """(n,) metres, inf where none was found."""

    @classmethod
    def none(cls, count: int) -> _Found:
        return cls(np.full(count, -1, np.int64), np.zeros(count), np.full(count, np.inf))

    def put(self, rows: np.ndarray, other: _Found) -> None:
        """Put ``other`` at ``rows``."""
        for mine, theirs in zip(self, other):
            mine[rows] = theirs

    def take(self, rows: np.ndarray) -> _Found:
        return _Found(*(column[rows] for column in self))


class Snapper:
    """Puts points on the links of a network, or on those of them where ``some`` (M,) is true."""

    def __init__(self, network: Network, some: np.ndarray | None = None) -> None:
        self._vertices, self._offset = np.asarray(network.vertices), np.asarray(network.vertex_offset)
        core, kind, stop = np.asarray(network.link_component), np.asarray(network.link_kind), network.link_stop
        self._chosen = {
            "roads": stop & (core == MAIN),
            "islands": stop & (core == ISLAND),
            "traps": (kind == ORDINARY) & ~stop,
            "motorways": (kind == NO_STOPPING) & ~stop,
            "sea": kind == AT_SEA,
        }
        if some is not None:
            self._chosen = {name: mask & some for name, mask in self._chosen.items()}
        self._lines: dict[str, Segments] = {}

    def snap(
        self, xy: np.ndarray, max_distance: float, progress: Progress, without: np.ndarray | None = None
    ) -> SnappedPoints:
        """Put (n, 2) points on the network, at most ``max_distance`` metres away. NaN are put nowhere.

        ``without`` (n,): a link that each point is not put on, as if it were not there (-1: none).
        """
        found = self._of("roads").nearest(xy, progress, without)
        settled = self._of("roads").at_end(xy, found)
        if self._chosen["islands"].any():
            island = self._of("islands").nearest(xy, Progress(), without)
            roads = np.where(found.distance <= max_distance, found.distance, np.inf)
            nearer = (island.distance + ISLAND_APART < roads) | (np.minimum(roads, AT_JUNCTION) > island.distance)
            nearer = (nearer & ~settled) | (self._of("islands").at_end(xy, island) & ~settled)
            found.put(np.flatnonzero(nearer), island.take(nearer))
            settled |= self._of("islands").at_end(xy, island)
        for name in ("traps", "motorways"):
            if self._chosen[name].any():
                other = self._of(name).nearest(xy, Progress(), without)
                here = self._of(name).at_end(xy, other) & ~settled
                found.put(np.flatnonzero(here), other.take(here))
        return self._snapped(xy, found, max_distance)

    def prepare(self) -> None:
        """Make ready for many points."""
        for name in ("roads", "islands", "traps", "motorways"):
            if self._chosen[name].any():
                self._of(name).plant()

    def _of(self, name: str) -> Segments:
        """The segments of one sort of links."""
        if name not in self._lines:
            self._lines[name] = Segments(self._vertices, self._offset, self._chosen[name])
        return self._lines[name]

    def why_not(self, xy: np.ndarray, max_distance: float) -> list[Message]:
        """Why each of (n, 2) points that `snap` put nowhere is not on the network."""
        nearest = {name: self._of(name).nearest(xy, Progress()).distance for name in self._chosen}
        reasons = []
        for row, placed in enumerate(np.isfinite(xy).all(axis=1).tolist()):
            motorway, trap, sea = (nearest[name][row] for name in ("motorways", "traps", "sea"))
            if not placed:
                reasons.append(msg("The point has no position."))
            elif min(motorway, trap, sea) > max_distance:
                reasons.append(_too_far(min(nearest["roads"][row], nearest["islands"][row]), max_distance))
            elif sea <= min(motorway, trap):
                reasons.append(msg("At sea: only the line of a ferry is within {distance} m.", distance=max_distance))
            elif motorway <= trap:
                reasons.append(msg("Only a motorway or a slip road is within {distance} m.", distance=max_distance))
            else:
                reasons.append(
                    msg(
                        "Only roads that cannot be both reached and left are within {distance} m.",
                        distance=max_distance,
                    )
                )
        return reasons

    def _snapped(self, xy: np.ndarray, found: _Found, max_distance: float) -> SnappedPoints:
        rows = np.flatnonzero((found.segment >= 0) & (found.distance <= max_distance))
        vertex, along = found.segment[rows], found.along[rows]
        link = np.full(len(xy), -1, np.int32)
        fraction = np.zeros(len(xy))
        where = np.full((len(xy), 2), np.nan)
        link[rows] = owner = np.searchsorted(self._offset, vertex, side="right") - 1
        begin, end = self._vertices[vertex], self._vertices[vertex + 1]
        where[rows] = begin + (end - begin) * along[:, None]
        fraction[rows] = _fractions(self._vertices, self._offset, owner, vertex, along)
        self._at_junctions(rows, owner, fraction, where)
        return SnappedPoints(link, fraction, np.where(link >= 0, found.distance, np.inf), where)

    def _at_junctions(self, rows: np.ndarray, link: np.ndarray, fraction: np.ndarray, where: np.ndarray) -> None:
        """Put points within 1 cm of an end of their link at that end (in place)."""
        ends = self._vertices[self._offset[link]], self._vertices[self._offset[link + 1] - 1]
        start, end = (np.hypot(*(where[rows] - vertex).T) for vertex in ends)
        at_start = (start <= AT_JUNCTION) & ((start < end) | ((start == end) & (fraction[rows] < 0.5)))
        at_end = (end <= AT_JUNCTION) & ~at_start
        for at, value, vertex in ((at_start, 0.0, ends[0]), (at_end, 1.0, ends[1])):
            fraction[rows[at]], where[rows[at]] = value, vertex[at]


def _too_far(distance: float, allowed: float) -> Message:
    if not np.isfinite(distance):
        return msg("The network has no road to put it on.")
    return msg(
        "{distance} m from the nearest road, farther than the {allowed} m allowed.",
        distance=round(float(distance)),
        allowed=allowed,
    )


class Segments:
    """The straight pieces of the links where ``chosen`` (M,) is true, and the nearest of them to points.

    Many points: segments are sampled every 40 m into a k-d tree. The nearest samples give candidate segments, on which
    the point is projected exactly; since a point of a segment is at most 20 m from a sample of it, the best candidate
    is proved once the farthest sample looked at is 20 m farther than it. Points not proved are asked again with more
    samples. A few points are not worth the tree: they look at blocks of neighbouring segments, nearest box first.
    Of the segments within 1 cm, one at whose end of a link the point is comes first.
    """

    def __init__(self, vertices: np.ndarray, offset: np.ndarray, chosen: np.ndarray) -> None:
        self._vertices = vertices
        self._offset = offset
        self._is_last = np.zeros(len(vertices), bool)
        self._is_last[offset[1:] - 1] = True
        self._segment = np.flatnonzero(~self._is_last & np.repeat(chosen, np.diff(offset)))
        self._tree: cKDTree | None = None
        self._owner = np.empty(0, np.int32)
        self._boxes: tuple[np.ndarray, np.ndarray] | None = None

    @property
    def empty(self) -> bool:
        return len(self._segment) == 0

    def nearest(self, xy: np.ndarray, progress: Progress, without: np.ndarray | None = None) -> _Found:
        """The nearest segment to each of (n, 2) points; none for NaN. ``without``: see `Snapper.snap`."""
        found = _Found.none(len(xy))
        finite = np.flatnonzero(np.isfinite(xy).all(axis=1) & (not self.empty))
        if len(finite) <= _FEW and self._tree is None:
            nearest = self._nearest_of_few
        else:
            nearest = self._nearest
            self.plant()
        avoided = np.full(len(xy), -1) if without is None else without
        # Neighbours look at the same part of the memory.
        order = finite[morton_order(xy[finite])]
        parts = [order[start : start + _CHUNK] for start in range(0, len(order), _CHUNK)]
        done = 0
        for rows, (number, along, distance) in zip(
            parts, in_threads(lambda rows: nearest(xy[rows], avoided[rows]), parts)
        ):
            segment = np.where(np.isfinite(distance), self._segment[number], -1)
            found.put(rows, _Found(segment, along, distance))
            done += len(rows)
            progress.advance(done / len(finite))
        return found

    def at_end(self, xy: np.ndarray, found: _Found) -> np.ndarray:
        """(n,) whether each of (n, 2) points is within 1 cm of an end of the link of its nearest segment."""
        at = np.zeros(len(xy), bool)
        rows = np.flatnonzero(found.distance <= AT_JUNCTION)
        at[rows] = self._ends_here(xy[rows], found.segment[rows])
        return at

    def _nearest(self, xy: np.ndarray, without: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Segment, fraction along it, distance (inf where there is none), for each point."""
        tree = cast(cKDTree, self._tree)
        segment = np.empty(len(xy), np.int64)
        along = np.empty(len(xy))
        distance = np.empty(len(xy))
        open_ = np.arange(len(xy))
        neighbours = min(6, len(self._owner))
        while len(open_):
            far, sample = tree.query(xy[open_], k=neighbours)
            far, sample = far.reshape(len(open_), -1), sample.reshape(len(open_), -1)
            segment[open_], along[open_], distance[open_] = self._project(
                xy[open_], self._owner[sample], without[open_]
            )
            proved = far[:, -1] >= np.maximum(distance[open_], AT_JUNCTION) + _SPACING / 2
            if neighbours == len(self._owner):
                break
            open_ = open_[~proved]
            neighbours = min(neighbours * 4, len(self._owner))
        return segment, along, distance

    def plant(self) -> None:
        """Make the tree that many points need, unless it is there."""
        self._tree = self._tree or self._planted()

    def _planted(self) -> cKDTree:
        starts = range(0, max(len(self._segment), 1), _SEGMENTS_AT_ONCE)
        owner, samples = zip(*in_threads(self._sampled, starts))
        self._owner = np.concatenate(owner)
        return cKDTree(np.concatenate(samples), balanced_tree=False, compact_nodes=False)

    def _sampled(self, start: int) -> tuple[np.ndarray, np.ndarray]:
        """Samples (n, 2) of some segments from ``start`` on, and the segment each is of, i4."""
        segment = self._segment[start : start + _SEGMENTS_AT_ONCE]
        begin = self._vertices.take(segment, axis=0)
        step = self._vertices.take(segment + 1, axis=0) - begin
        pieces = np.maximum(1, np.ceil(np.hypot(*step.T) / _SPACING)).astype(np.int64)
        owner = owners(pieces)
        part = (ranks(pieces) + 0.5) / pieces.take(owner)
        samples = begin.take(owner, axis=0) + step.take(owner, axis=0) * part[:, None]
        return (owner + start).astype(np.int32), samples

    def _nearest_of_few(self, xy: np.ndarray, without: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """As `_nearest`, without the tree."""
        low, high = self._boxes = self._boxes or self._boxed()
        segment, along, distance = np.full(len(xy), -1), np.empty(len(xy)), np.full(len(xy), np.inf)
        for i, point in enumerate(xy):
            apart = np.hypot(*np.maximum(np.maximum(low - point, point - high), 0.0).T)
            for block in np.argsort(apart):
                if apart[block] > max(distance[i], AT_JUNCTION):
                    break
                members = np.arange(block * _BLOCK, min((block + 1) * _BLOCK, len(self._segment)))
                if segment[i] >= 0:
                    members = np.append(members, segment[i])
                best, part, gap = self._project(point[None], members[None], without[i : i + 1])
                segment[i], along[i], distance[i] = best[0], part[0], gap[0]
        return segment, along, distance

    def _boxed(self) -> tuple[np.ndarray, np.ndarray]:
        """Lower and upper corners around each block of segments that follow each other."""
        begin, end = self._vertices[self._segment], self._vertices[self._segment + 1]
        first = np.arange(0, len(begin), _BLOCK)
        low = np.minimum.reduceat(np.minimum(begin, end), first, axis=0)
        return low, np.maximum.reduceat(np.maximum(begin, end), first, axis=0)

    def _project(
        self, xy: np.ndarray, candidate: np.ndarray, without: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The nearest of its segments ``candidate`` (n, c) to each point (n, 2), the part along it, the distance.

        Segments of the link ``without`` (n,) are infinitely far.
        """
        begin = self._vertices[self._segment[candidate]]
        step = self._vertices[self._segment[candidate] + 1] - begin
        towards = xy[:, None] - begin
        square = (step * step).sum(axis=2)
        part = np.divide((towards * step).sum(axis=2), square, out=np.zeros(square.shape), where=square > 0)
        part = np.clip(part, 0.0, 1.0)
        gap = np.hypot(*np.moveaxis(towards - step * part[..., None], 2, 0))
        if (without >= 0).any():
            owner = np.searchsorted(self._offset, self._segment[candidate], side="right") - 1
            gap[owner == without[:, None]] = np.inf
        best = gap.argmin(axis=1)
        row = np.arange(len(xy))
        here = np.flatnonzero(gap[row, best] <= AT_JUNCTION)
        if len(here):
            ends = [self._ends_here(xy[here], self._segment[several]) for several in candidate[here].T]
            preferred = (gap[here] <= AT_JUNCTION) & np.array(ends).T
            best[here] = np.where(
                preferred.any(axis=1), np.where(preferred, gap[here], np.inf).argmin(axis=1), best[here]
            )
        return candidate[row, best], part[row, best], gap[row, best]

    def _ends_here(self, xy: np.ndarray, vertex: np.ndarray) -> np.ndarray:
        """Whether an end of a link, of the segment that starts at ``vertex``, is within 1 cm of each point (n, 2)."""
        before = np.hypot(*(xy - self._vertices[vertex]).T) <= AT_JUNCTION
        after = np.hypot(*(xy - self._vertices[vertex + 1]).T) <= AT_JUNCTION
        return (before & ((vertex == 0) | self._is_last[vertex - 1])) | (after & self._is_last[vertex + 1])


def _fractions(
    vertices: np.ndarray, offset: np.ndarray, link: np.ndarray, vertex: np.ndarray, along: np.ndarray
) -> np.ndarray:
    """How far along the whole link a point at ``along`` of the segment that starts at ``vertex`` is."""
    owners, back = np.unique(link, return_inverse=True)
    first, count = offset[owners], np.diff(offset)[owners]
    start = np.cumsum(count) - count
    line = vertices[ranges(first, count)]
    step = np.concatenate(([0.0], np.hypot(*(line[1:] - line[:-1]).T)))
    step[start] = 0.0
    walked = np.cumsum(step)
    at = start[back] + (vertex - first[back])
    total = walked[start + count - 1] - walked[start]
    here = walked[at] - walked[start[back]] + along * step[np.minimum(at + 1, len(step) - 1)]
    whole = total[back]
    return np.clip(np.divide(here, whole, out=np.zeros(len(here)), where=whole > 0), 0.0, 1.0)
