"""The territory of isochrones: the part of a network that may be reached from some places, and its grid of cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ..network import Network
from ..network.components import MAIN
from ..network.presets.rules import AT_SEA
from ..ragged import owners, ranges
from ..routing.local import PreparedPoints, Router
from ..routing.snapped_points import SnappedPoints
from .cost_surface import CellMap, Rectangle, RoadPieces, SamplePoints, map_cells
from .resolution import Settings

MOST_CELLS = 4_000_000
"""Cells of one grid."""
_BETWEEN_LANDMARKS = 0.05
"""What lies beyond the last landmark reached, as a part of the width of all that is reached."""
_LINKS_A_PART = 50_000
_FEW = 4
"""Points for which a map of the whole network would be too much."""


class Ground(NamedTuple):
    """A map of the ground; its points of the network, then any where roads leave it, prepared."""

    cells: CellMap
    points: PreparedPoints


class ServiceTerritory:
    """What lies around one router's network, as these settings see it."""

    def __init__(self, router: Router, chosen: Settings, groups: Sequence[SnappedPoints] = ()) -> None:
        """``groups``: the places from which what is reached will be drawn."""
        self._router, self._network, self._chosen = router, router.network, chosen
        # Costs a little beyond the cutoff are needed to place the edge between the centres of two cells.
        self.limit = chosen.cutoffs[-1] + 2 * chosen.cell * _high_slope(router)
        self._shown = np.asarray(self._network.link_component) == MAIN
        self._shown &= np.asarray(self._network.link_kind) != AT_SEA
        self._more = self._outside_core(groups)
        self._shown[self._more] = True

    def _outside_core(self, groups: Sequence[SnappedPoints]) -> np.ndarray:
        """The links outside the core that places on such links reach. Drawing the others would hide what is reached:
        of two roads in a cell the nearer one counts."""
        network = self._network
        aside = [places.take((places.link >= 0) & (network.link_component[places.link] != MAIN)) for places in groups]
        aside = [places for places in aside if places.count]
        if not aside:
            return np.empty(0, np.int64)
        links = np.flatnonzero((np.asarray(network.link_component) != MAIN) & (np.asarray(network.link_kind) != AT_SEA))
        ends = SamplePoints(np.repeat(links, 2).astype(np.int32), np.tile((0.0, 1.0), len(links)))
        places = SnappedPoints(*(np.concatenate(columns) for columns in zip(*aside)))
        cost = self.cost_of(self._router.prepare(_at(ends)), places)
        return links[np.isfinite(cost).reshape(-1, 2).any(axis=1)]

    def window(self, places: SnappedPoints, grown: float) -> Rectangle:
        """A rectangle that most likely holds all that is reached; ``grown`` metres larger than at first sight."""
        extent = _extent(self._network).grown(self._chosen.margin)
        if places.count > _FEW and extent.cells(self._chosen.cell) <= MOST_CELLS:
            return extent
        landmarks = self._landmarks()
        cost = self.cost_of(landmarks, places)
        xy = np.concatenate([places.xy, landmarks.snapped.xy[np.isfinite(cost)]])
        low, high = xy.min(axis=0), xy.max(axis=0)
        more = self._chosen.margin + grown + _BETWEEN_LANDMARKS * float((high - low).max())
        return Rectangle(*low, *high).grown(more).within(extent)

    def around(self, tile: Rectangle) -> Ground | None:
        """The ground of ``tile``, without ways out of it; None where no road comes near."""
        window = tile.grown(self._chosen.margin)
        meets, _ = self._links_in(window)
        if not (meets & self._shown).any():
            return None
        cells, roads = self._roads(window, self._chosen.cell)
        return Ground(cells, self._router.prepare(_at(roads)))

    def leaves(self, places: SnappedPoints, window: Rectangle) -> bool:
        """Whether one comes beyond ``window`` from ``places``."""
        exits = _at(self._exits_of(window))
        return bool((self.cost_of(self._router.prepare(exits), places) <= self._chosen.cutoffs[-1]).any())

    def cost_of(self, points: PreparedPoints, places: SnappedPoints) -> np.ndarray:
        """(n,) the lowest cost of each of ``points`` from (or to) one of ``places``; NaN beyond the limit."""
        towards = "departure" if self._chosen.direction == "arrival" else "arrival"
        return self._router.nearest(points, places, direction=towards, limit=self.limit).cost[:, 0]

    def ground(self, window: Rectangle, cell: float) -> Ground:
        """The ground of ``window``: the last one made, where it is large enough."""
        key = ("ground", self._chosen.metric, cell, self._chosen.reach, self._more.tobytes())
        known = self._network.derived.get(key)
        if known is None or not known.cells.window.holds(window):
            self._network.derived.pop(key, None)
            known = self._map(window, cell)
            self._network.derived[key] = known
        return known

    def _map(self, window: Rectangle, cell: float) -> Ground:
        cells, roads = self._roads(window, cell)
        points = SamplePoints(*(np.concatenate(columns) for columns in zip(roads, self._exits_of(window))))
        return Ground(cells, self._router.prepare(_at(points)))

    def _roads(self, window: Rectangle, cell: float) -> tuple[CellMap, SamplePoints]:
        meets, _ = self._links_in(window)
        parts = _pieces(self._router, np.flatnonzero(meets & self._shown))
        return map_cells(parts, window, cell, self._chosen.reach)

    def _exits_of(self, window: Rectangle) -> SamplePoints:
        """Where roads leave ``window``."""
        meets, lies = self._links_in(window)
        exits = [_exits(pieces, window) for pieces in _pieces(self._router, np.flatnonzero(meets & ~lies))]
        nowhere = SamplePoints(np.empty(0, np.int32), np.empty(0))
        return SamplePoints(*(np.concatenate(columns) for columns in zip(nowhere, *exits)))

    def _links_in(self, window: Rectangle) -> tuple[np.ndarray, np.ndarray]:
        """(M,) whether the box of each link meets ``window``, and whether it lies inside."""
        link_west, link_south, link_east, link_north = _boxes(self._network).T
        west, south, east, north = window
        meets = (link_west <= east) & (link_south <= north) & (link_east >= west) & (link_north >= south)
        lies = (link_west >= west) & (link_south >= south) & (link_east <= east) & (link_north <= north)
        return meets, lies

    def _landmarks(self) -> PreparedPoints:
        """Junctions here and there, by which to tell quickly how far one comes."""
        nodes = self._router.landmarks()
        key = ("landmarks", self._chosen.metric, len(nodes))
        if key not in self._network.derived:
            self._network.derived[key] = self._router.prepare(self._router.points_at_nodes(nodes))
        return self._network.derived[key]


def _at(points: SamplePoints) -> SnappedPoints:
    # Where they are matters no more: nothing is held for it.
    nowhere = np.broadcast_to(np.nan, (len(points.link), 2))
    return SnappedPoints(points.link, points.fraction, nowhere[:, 0], nowhere)


def _high_slope(router: Router) -> float:
    """The cost of a metre on slow links: 95 in 100 are quicker."""
    network = router.network
    key = ("high slope", router.metric)
    if key not in network.derived:
        some = slice(None, None, max(1, network.link_count // 50_000))
        length = np.maximum(network.length[some], 1.0)
        cost = _easier(router, some) / length
        network.derived[key] = float(np.quantile(cost[np.isfinite(cost)], 0.95)) if np.isfinite(cost).any() else 0.0
    return network.derived[key]


def _easier(router: Router, links: np.ndarray | slice) -> np.ndarray:
    """The cost of whole links, in their easier direction."""
    network = router.network
    if router.metric == "distance":
        return np.asarray(network.length[links])
    return np.minimum(network.minutes_forward[links], network.minutes_backward[links])


def _boxes(network: Network) -> np.ndarray:
    """(M, 4) f4 west, south, east, north of each link, and a metre more for what single precision rounds away."""
    if "boxes" not in network.derived:
        start = network.vertex_offset[:-1]
        low, high = np.minimum.reduceat(network.vertices, start), np.maximum.reduceat(network.vertices, start)
        network.derived["boxes"] = np.hstack([low - 1, high + 1]).astype(np.float32)
    return network.derived["boxes"]


def _extent(network: Network) -> Rectangle:
    if "extent" not in network.derived:
        all_ = _boxes(network)
        network.derived["extent"] = Rectangle(*all_[:, :2].min(axis=0).tolist(), *all_[:, 2:].max(axis=0).tolist())
    return network.derived["extent"]


def _exits(pieces: RoadPieces, window: Rectangle) -> SamplePoints:
    """Where roads leave ``window``: who comes beyond it comes through one of these points."""
    way = pieces.end - pieces.start
    with np.errstate(divide="ignore", invalid="ignore"):
        sides = [(np.array(edge) - pieces.start) / way for edge in (window[:2], window[2:])]
    # Along a side (0/0) a piece counts as inside.
    enters = np.nan_to_num(np.minimum(*sides), nan=-np.inf).max(axis=1)
    leaves = np.nan_to_num(np.maximum(*sides), nan=np.inf).min(axis=1)
    through = (enters <= leaves) & (enters <= 1) & (leaves >= 0)
    link, fraction = [], []
    for share in (enters, leaves):
        here = np.flatnonzero(through & (share >= 0) & (share <= 1))
        first, last = pieces.fraction_start[here], pieces.fraction_end[here]
        link.append(pieces.link[here].astype(np.int32))
        fraction.append(first + share[here] * (last - first))
    return SamplePoints(np.concatenate(link), np.concatenate(fraction))


def _pieces(router: Router, links: np.ndarray) -> Iterator[RoadPieces]:
    """The straight pieces of ``links``, some links at a time."""
    network = router.network
    for start in range(0, len(links), _LINKS_A_PART):
        part = links[start : start + _LINKS_A_PART]
        first = network.vertex_offset[part]
        count = network.vertex_offset[part + 1] - first
        position = np.cumsum(count) - count
        owner = owners(count)
        xy = network.vertices[ranges(first, count)]
        step = np.hypot(*(xy[1:] - xy[:-1]).T)
        step[position[1:] - 1] = 0
        walked = np.concatenate(([0.0], np.cumsum(step)))
        walked -= walked[position][owner]
        length = np.maximum(walked[position + count - 1], 1e-2)
        fraction = walked / length[owner]
        slope = _easier(router, part) / length
        begin = np.flatnonzero(step > 0)
        whose = owner[begin]
        one_way = np.isinf(network.minutes_forward[part]) | np.isinf(network.minutes_backward[part])
        yield RoadPieces(
            start=xy[begin],
            end=xy[begin + 1],
            link=part[whose],
            fraction_start=fraction[begin],
            fraction_end=np.minimum(fraction[begin + 1], 1.0),
            slope=slope[whose],
            one_way=one_way[whose],
        )
