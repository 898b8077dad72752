"""The territory of isochrones: the part of a network that may be reached from some places, and its grid of cells."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple, cast

import numpy as np

from ..network import Network
from ..network.components import MAIN
from ..network.presets.rules import AT_SEA
from ..processes.mapped import read_mapped, write_mapped
from ..routing.local import PreparedPoints, Router
from ..routing.snapped_points import SnappedPoints
from .cost_surface import CellMap, Rectangle, RoadPieces, Roads, SamplePoints, map_cells
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


class WholeGround(NamedTuple):
    """The ground of a whole network in a file, as these settings see it, for all the processes that draw on it."""

    path: str
    chosen: Settings
    extent: Rectangle
    """Of the network."""


class ServiceTerritory:
    """What lies around one router's network, as these settings see it."""

    def __init__(self, router: Router, chosen: Settings, groups: Sequence[SnappedPoints] = ()) -> None:
        """``groups``: the places from which what is reached will be drawn."""
        self._router, self._network, self._chosen = router, router.network, chosen
        # Costs a little beyond the cutoff are needed to place the edge between the centres of two cells.
        self.limit = chosen.cutoffs[-1] + 2 * chosen.cell * _high_slope(router)
        self._more = self._outside_core(groups)

    def _shown(self) -> np.ndarray:
        """(M,) whether each link is drawn."""
        shown = np.asarray(self._network.link_component) == MAIN
        shown &= np.asarray(self._network.link_kind) != AT_SEA
        shown[self._more] = True
        return shown

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

    def whole(self) -> Rectangle | None:
        """A rectangle around the network and its margin; None where one grid would be too much for it."""
        extent = _extent(self._network).grown(self._chosen.margin)
        return extent if extent.cells(self._chosen.cell) <= MOST_CELLS else None

    def window(self, places: SnappedPoints, grown: float) -> Rectangle:
        """A rectangle that most likely holds all that is reached; ``grown`` metres larger than at first sight."""
        extent = self.whole()
        if extent and (places.count > _FEW or self._mapped(extent, self._chosen.cell)):
            return extent
        extent = _extent(self._network).grown(self._chosen.margin)
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
        if not (meets & self._shown()).any():
            return None
        return self._ground(window, self._chosen.cell, SamplePoints(np.empty(0, np.int32), np.empty(0)))

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
        known = self._mapped(window, cell)
        if known is None:
            key = self._key(cell)
            self._network.derived.pop(key, None)
            known = self._network.derived[key] = self._map(window, cell)
        return known

    def _mapped(self, window: Rectangle, cell: float) -> Ground | None:
        """The last ground made, where it holds ``window``."""
        known = self._network.derived.get(self._key(cell))
        return known if known is not None and known.cells.window.holds(window) else None

    def _key(self, cell: float) -> tuple:
        return "ground", self._chosen.metric, cell, self._chosen.reach, self._more.tobytes()

    def planned(self, path: str) -> WholeGround:
        """The ground of the whole network, for a file at ``path``."""
        return WholeGround(path, self._chosen, _extent(self._network))

    def write(self, path: str) -> None:
        """Put the ground of the whole network, for which there is room in one grid, into a file at ``path``."""
        window = cast(Rectangle, self.whole())
        write_mapped(path, self._mapped(window, self._chosen.cell) or self._map(window, self._chosen.cell))

    def read(self, path: str) -> None:
        """Take as the ground of the whole network what another process has written."""
        key = self._key(self._chosen.cell)
        if key not in self._network.derived:
            self._network.derived[key] = read_mapped(path)

    def held(self) -> Ground | None:
        """The ground of these cells that is kept with the network."""
        return self._network.derived.get(self._key(self._chosen.cell))

    def hold(self, ground: Ground | None) -> None:
        """Keep this ground, or none, with the network."""
        self._network.derived.pop(self._key(self._chosen.cell), None)
        if ground is not None:
            self._network.derived[self._key(self._chosen.cell)] = ground

    def _map(self, window: Rectangle, cell: float) -> Ground:
        return self._ground(window, cell, self._exits_of(window))

    def _ground(self, window: Rectangle, cell: float, more: SamplePoints) -> Ground:
        """The ground of ``window``, and ``more`` points of the network."""

        def prepared(roads: SamplePoints) -> PreparedPoints:
            points = SamplePoints(*(np.concatenate(columns) for columns in zip(roads, more)))
            return self._router.prepare(_at(points))

        meets, _ = self._links_in(window)
        parts = _parts(np.flatnonzero(meets & self._shown()))
        return Ground(*map_cells(parts, _lines(self._router), window, cell, self._chosen.reach, prepared))

    def _exits_of(self, window: Rectangle) -> SamplePoints:
        """Where roads leave ``window``."""
        meets, lies = self._links_in(window)
        parts = _parts(np.flatnonzero(meets & ~lies))
        roads = _lines(self._router) if parts else None
        exits = [_exits(roads.pieces(part), window) for part in parts if roads]
        nowhere = SamplePoints(np.empty(0, np.int32), np.empty(0))
        return SamplePoints(*(np.concatenate(columns) for columns in zip(nowhere, *exits)))

    def _links_in(self, window: Rectangle) -> tuple[np.ndarray, np.ndarray]:
        """(M,) whether the box of each link meets ``window``, and whether it lies inside."""
        if window.holds(_extent(self._network)):
            every = np.ones(self._network.link_count, bool)
            return every, every
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
        x, y = network.vertices.T
        edges = np.array([x.min() - 1, y.min() - 1, x.max() + 1, y.max() + 1], np.float32)  # as of `_boxes`
        network.derived["extent"] = Rectangle(*edges.tolist())
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


def _parts(links: np.ndarray) -> list[np.ndarray]:
    """``links``, some at a time."""
    return [links[start : start + _LINKS_A_PART] for start in range(0, len(links), _LINKS_A_PART)]


def _lines(router: Router) -> Roads:
    """The links of the network, as they are drawn."""
    network = router.network
    return Roads(
        vertices=_read_only(network.vertices),
        vertex_offset=_read_only(network.vertex_offset),
        cost=np.array(_easier(router, slice(None))),
        one_way=np.isinf(network.minutes_forward) | np.isinf(network.minutes_backward),
    )


def _read_only(column: np.ndarray) -> np.ndarray:
    """A column as one of a network's file, wherever it is: what is compiled for the one serves for the other."""
    view = np.asarray(column).view()
    view.flags.writeable = False
    return view


def write_whole(ground: WholeGround, network: Network) -> None:
    """Make a ground for all processes. Without room for the file there is none."""
    begun = ground.path + ".part"
    with suppress(OSError):
        ServiceTerritory(Router(network, ground.chosen.metric), ground.chosen).write(begun)
        os.replace(begun, ground.path)
    network.let_go()


def read_whole(ground: WholeGround, network: Network) -> None:
    """Use a ground that another process has made, if it could."""
    network.derived["extent"] = ground.extent
    if os.path.exists(ground.path):
        ServiceTerritory(Router(network, ground.chosen.metric), ground.chosen).read(ground.path)
