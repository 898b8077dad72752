"""Isochrone polygons from the embedded engine: one search for all cutoffs of a point, polygons that nest exactly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ..network import Network
from ..network.topology import morton_order
from ..progress import Progress
from ..routing.local import Router
from ..routing.places import Places
from .contours import inside
from .cost_surface import CellMap, RoadPieces, Window, level, map_cells

REACH = {"car": 200.0, "bike": 150.0, "foot": 100.0}
"""Default of how far from a road a place still counts, metres, by profile: about the width of the built strip along
roads; less on foot, where the way to the road is part of the effort."""

USUAL_SPEED = {"car": 700.0, "bike": 250.0, "foot": 80.0}
"""Metres a minute, roughly, by profile: only to choose how fine the grid is."""

_CELLS_ACROSS_SMALLEST = 260
_CELLS_ACROSS_LARGEST = 500
_ROUND_SIZES = (1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8)
_MOST_CELLS = 4_000_000
TOGETHER = 32
"""Neighbouring points that share one map of the ground."""


class Settings(NamedTuple):
    """What the polygons of one run have in common. ``cutoffs`` ascend, in minutes or metres; lengths are in metres."""

    cutoffs: tuple[float, ...]
    metric: str
    direction: str
    reach: float
    cell: float


class Isochrone(NamedTuple):
    """The polygons of one point, one for each cutoff: WKB MultiPolygon, network CRS; None where no cell is inside."""

    origin: int
    polygons: tuple[bytes | None, ...]


def settings(
    profile: str,
    cutoffs: Sequence[float],
    *,
    metric: str = "time",
    direction: str = "departure",
    reach: float | None = None,
    cell: float | None = None,
) -> Settings:
    """The settings of a run, with this profile's defaults for what is not given."""
    ascending = tuple(sorted({float(cutoff) for cutoff in cutoffs}))
    reach = REACH.get(profile, REACH["car"]) if reach is None else float(reach)
    return Settings(ascending, metric, direction, reach, cell or cell_size(profile, ascending, metric, reach))


def cell_size(profile: str, cutoffs: Sequence[float], metric: str, reach: float) -> float:
    """Width of the grid's cells in metres, a round figure.

    As many cells lie between a point and the edge of its smallest isochrone whatever the cutoff and the profile, unless
    the largest cutoff would then need too many; and the strip of ``reach`` along a road is two cells at least.
    """
    metres = USUAL_SPEED.get(profile, USUAL_SPEED["car"]) if metric == "time" else 1.0
    wanted = max(min(cutoffs) * metres / _CELLS_ACROSS_SMALLEST, max(cutoffs) * metres / _CELLS_ACROSS_LARGEST)
    wanted = max(1.0, min(wanted, reach / 2))
    power = 10.0 ** np.floor(np.log10(wanted))
    return float(power * max(size for size in _ROUND_SIZES if size * power <= wanted * (1 + 1e-9)))


def isochrones(
    router: Router, places: Places, chosen: Settings, progress: Progress | None = None
) -> Iterator[Isochrone]:
    """The isochrones of ``places`` on the router's network, as they become ready, every place once.

    Places without a link (not snapped) are left out.
    """
    progress = progress or Progress()
    ground = _Ground(router, chosen)
    snapped = np.flatnonzero(places.link >= 0)
    order = snapped[morton_order(places.xy[snapped])]
    waiting = [order[start : start + TOGETHER] for start in range(0, len(order), TOGETHER)][::-1]
    done = 0
    while waiting:
        rows = waiting.pop()
        window = ground.reached(places.take(rows))
        if window.cells(chosen.cell) > _MOST_CELLS and len(rows) > 1:
            waiting += [rows[len(rows) // 2 :], rows[: len(rows) // 2]]
            continue
        for origin, polygons in ground.polygons(places.take(rows), window, progress):
            yield Isochrone(int(rows[origin]), polygons)
            done += 1
            progress.advance(done / len(order))


class _Ground:
    """The land around one router's network, as these settings see it."""

    def __init__(self, router: Router, chosen: Settings) -> None:
        self._router, self._network, self._chosen = router, router.network, chosen
        self._per_metre = _cost_per_metre(router)
        # Costs a cell beyond the cutoff are needed to place the edge between two centres.
        slow = float(np.quantile(self._per_metre[np.isfinite(self._per_metre)], 0.95))
        self._limit = chosen.cutoffs[-1] + 2 * slow * chosen.cell

    def reached(self, places: Places) -> Window:
        """A rectangle that holds all that is reached from ``places``, and what ``reach`` adds."""
        network = self._network
        nodes = self._router.places_at_nodes(np.arange(network.node_count))
        towards = "departure" if self._chosen.direction == "arrival" else "arrival"
        cost = self._router.nearest(nodes, places, direction=towards, limit=self._limit).cost[:, 0]
        own = np.concatenate([network.link_from[places.link], network.link_to[places.link]])
        touched = np.isfinite(cost)
        touched[own] = True
        # A link leaves the last node reached by at most the cost that is left.
        xy = np.concatenate([np.asarray(network.node_xy)[touched], _farthest_corners(network, touched)])
        return Window(*xy.min(axis=0), *xy.max(axis=0)).grown(self._chosen.reach + 3 * self._chosen.cell)

    def polygons(
        self, places: Places, window: Window, progress: Progress
    ) -> Iterator[tuple[int, tuple[bytes | None, ...]]]:
        """Position among ``places`` and polygons, for each place."""
        cells = self._cells(window)
        ends = Places(cells.link, cells.fraction, np.zeros(len(cells.link)), cells.xy)
        reverse = self._chosen.direction == "arrival"
        for block in self._router.matrix(places, ends, limit=self._limit, reverse=reverse):
            for row, origin in enumerate(block.origins):
                progress.check()
                near = np.isfinite(block.cost[row])
                reached, cost = block.destinations[near], block.cost[row][near]
                fields = (level(cells, reached, cost, cutoff) for cutoff in self._chosen.cutoffs)
                yield int(origin), tuple(None if field is None else inside(field) for field in fields)

    def _cells(self, window: Window) -> CellMap:
        """The map of ``window``, the last one made where it is large enough."""
        key = ("cells", self._chosen.metric, self._chosen.cell, self._chosen.reach)
        known = self._network.derived.get(key)
        if known is None or not known.window.holds(window):
            pieces = _pieces_in(self._network, window)
            known = map_cells(pieces, self._per_metre, window, self._chosen.cell, self._chosen.reach)
            self._network.derived[key] = known
        return known


def _cost_per_metre(router: Router) -> np.ndarray:
    """(M,) the slope of cost along each link, in its easier direction; metres are those of its line."""
    network = router.network
    drawn = _drawn_length(network)
    minutes = np.minimum(network.minutes_forward, network.minutes_backward)
    return (minutes if router.metric == "time" else np.asarray(network.length)) / np.maximum(drawn, 0.01)


def _drawn_length(network: Network) -> np.ndarray:
    """(M,) metres along the line of each link, which its stated length may differ from."""
    if "drawn length" not in network.derived:
        vertices, offset = np.asarray(network.vertices), np.asarray(network.vertex_offset)
        step = np.hypot(*(vertices[1:] - vertices[:-1]).T)
        step[offset[1:-1] - 1] = 0
        walked = np.concatenate(([0.0], np.cumsum(step)))
        network.derived["drawn length"] = walked[offset[1:] - 1] - walked[offset[:-1]]
    return network.derived["drawn length"]


def _boxes(network: Network) -> np.ndarray:
    """(M, 4) west, south, east, north of each link."""
    if "boxes" not in network.derived:
        vertices, start = np.asarray(network.vertices), np.asarray(network.vertex_offset[:-1])
        low, high = np.minimum.reduceat(vertices, start), np.maximum.reduceat(vertices, start)
        network.derived["boxes"] = np.hstack([low, high])
    return network.derived["boxes"]


def _farthest_corners(network: Network, touched: np.ndarray) -> np.ndarray:
    """Corners of the boxes of all links at the nodes of mask ``touched``."""
    links = touched[network.link_from] | touched[network.link_to]
    boxes = _boxes(network)[links]
    return np.concatenate([boxes[:, :2], boxes[:, 2:]])


def _pieces_in(network: Network, window: Window) -> RoadPieces:
    """The straight pieces of the links that people can reach and leave and that come into ``window``."""
    boxes = _boxes(network)
    west, south, east, north = window
    meets = (boxes[:, 0] <= east) & (boxes[:, 1] <= north) & (boxes[:, 2] >= west) & (boxes[:, 3] >= south)
    links = np.flatnonzero(meets & (np.asarray(network.link_core) > 0))
    first = np.asarray(network.vertex_offset)[links]
    count = np.asarray(network.vertex_offset)[links + 1] - first
    position = np.cumsum(count) - count
    vertex = np.repeat(first - position, count) + np.arange(int(count.sum()))
    owner = np.repeat(links, count)
    xy = np.asarray(network.vertices)[vertex]
    step = np.hypot(*(xy[1:] - xy[:-1]).T)
    same = owner[1:] == owner[:-1]
    walked = np.concatenate(([0.0], np.cumsum(np.where(same, step, 0.0))))
    walked -= np.repeat(walked[position], count)
    fraction = walked / np.maximum(_drawn_length(network)[owner], 1e-9)
    start = np.flatnonzero(same & (step > 0))
    return RoadPieces(xy[start], xy[start + 1], owner[start], fraction[start], fraction[start + 1])
