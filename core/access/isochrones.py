"""Isochrone polygons from the embedded engine: one search for all cutoffs of a point, polygons that nest exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from ..network.topology import morton_order
from ..progress import Hearing, Progress
from ..routing.local import Router
from ..routing.snapped_points import SnappedPoints
from .contours import inside
from .cost_surface import CellMap, Rectangle, level
from .overlap import joined
from .resolution import Settings, for_one_area
from .service_territory import MOST_CELLS, Ground, ServiceTerritory

TOGETHER = 16
"""Neighbouring points that share one map of the ground."""


class Isochrone(NamedTuple):
    """The polygons of one point, one for each cutoff: WKB MultiPolygon, network CRS; None where no cell is inside."""

    origin: int
    polygons: tuple[bytes | None, ...]


def isochrones(
    router: Router, places: SnappedPoints, chosen: Settings, progress: Progress | None = None
) -> Iterator[Isochrone]:
    """The isochrones of ``places`` on the router's network, as they become ready, every place once.

    Places without a link (not snapped) are left out.
    """
    progress = progress or Progress()
    snapped = np.flatnonzero(places.link >= 0)
    territory = ServiceTerritory(router, chosen, [places])
    drawing = _Drawing(router, chosen, territory)
    order = snapped[morton_order(places.xy[snapped])]
    waiting = [(order[start : start + TOGETHER], 0.0) for start in range(0, len(order), TOGETHER)][::-1]
    done = 0
    while waiting:
        rows, grown = waiting.pop()
        window = territory.window(places.take(rows), grown)
        if window.cells(chosen.cell) > MOST_CELLS and len(rows) > 1:
            waiting += [(rows[len(rows) // 2 :], grown), (rows[: len(rows) // 2], grown)]
            continue
        outside = []
        for origin, polygons in drawing.polygons(places.take(rows), window, progress):
            if polygons is None:
                outside.append(rows[origin])
                continue
            yield Isochrone(int(rows[origin]), polygons)
            done += 1
            progress.advance(done / len(order))
        if outside:
            waiting.append((np.array(outside), 2 * grown + max(window.east - window.west, window.north - window.south)))


def for_all_of(router: Router, places: SnappedPoints, chosen: Settings) -> Settings:
    """Settings for one area of many places: one grid, as fine as may be."""
    return for_one_area(chosen, ServiceTerritory(router, chosen).window(places, 0.0).cells(chosen.fine))


def tiles_of(router: Router, places: SnappedPoints, chosen: Settings) -> list[Rectangle]:
    """Rectangles, side by side, that together hold all that is reached from any of ``places``."""
    territory = ServiceTerritory(router, chosen)
    grown = 0.0
    while True:
        window = territory.window(places, grown).on_lines(chosen.cell)
        if not territory.leaves(places, window):
            return window.tiles(chosen.cell, MOST_CELLS)
        grown = 2 * grown + max(window.east - window.west, window.north - window.south)


def merged(
    router: Router, groups: Iterable[SnappedPoints], chosen: Settings, tile: Rectangle
) -> Iterator[tuple[bytes | None, ...]]:
    """For each group what is reached inside ``tile`` from at least one of its places, one polygon a cutoff.

    One pass over the network a group. Areas of tiles side by side meet along their common side exactly, and those of
    larger cutoffs hold those of smaller ones in each: so does the union of the tiles.
    """
    groups = list(groups)
    territory = ServiceTerritory(router, chosen, groups)
    around = territory.around(tile)
    for places in groups:
        if around is None:
            yield (None,) * len(chosen.cutoffs)
            continue
        cost = territory.cost_of(around.points, places)
        reached = np.flatnonzero(np.isfinite(cost))
        cost = cost[reached].astype(np.float32)
        fields = (level(around.cells, reached, cost, cutoff, tile) for cutoff in chosen.cutoffs)
        yield tuple(None if field is None else inside(field) for field in fields)


class _Reached(NamedTuple):
    """What one place reaches: road cells, their cost, and the cost at each way out of the ground reached by some."""

    origin: int
    road: np.ndarray
    cost: np.ndarray
    at_exits: np.ndarray


class _Drawing:
    """Draws what places reach on a territory."""

    def __init__(self, router: Router, chosen: Settings, territory: ServiceTerritory) -> None:
        self._router, self._chosen, self._territory = router, chosen, territory

    def polygons(
        self, places: SnappedPoints, window: Rectangle, progress: Progress
    ) -> Iterator[tuple[int, tuple[bytes | None, ...] | None]]:
        """Position among ``places`` and polygons, for each place; None instead where they would leave ``window``."""
        ground = self._territory.ground(window, self._chosen.cell)
        for seen in self._costs(ground, places, progress):
            progress.check()
            near = self._reached_near(ground.cells, seen, places, progress)
            for found in seen:
                if (found.at_exits <= self._chosen.cutoffs[-1]).any():
                    yield found.origin, None
                else:
                    yield found.origin, self._drawn(ground.cells, found, near.get(found.origin))

    def _costs(self, ground: Ground, places: SnappedPoints, progress: Progress) -> Iterator[list[_Reached]]:
        """What each place reaches, some places at a time."""
        count = len(ground.cells.pace)
        reverse, limit = self._chosen.direction == "arrival", self._territory.limit
        quiet = Hearing(progress)
        for block in self._router.matrix(places, ground.points, limit=limit, reverse=reverse, progress=quiet):
            inner = int(np.searchsorted(block.destinations, count))
            seen = []
            for origin, cost in zip(block.origins.tolist(), block.cost):
                reached = np.flatnonzero(cost[:inner] < np.inf)
                seen.append(_Reached(origin, block.destinations.take(reached), cost.take(reached), cost[inner:]))
            yield seen

    def _reached_near(
        self, cells: CellMap, seen: list[_Reached], places: SnappedPoints, progress: Progress
    ) -> dict[int, tuple[CellMap, Rectangle, _Reached]]:
        """For each place that has one: the finer ground around it, the part of it to draw, and what is reached there.

        Places that are close to each other share it.
        """
        if self._chosen.fine == self._chosen.cell:
            return {}
        windows = {}
        for found in seen:
            close = found.road[found.cost <= self._chosen.near]
            if len(close):
                windows[found.origin] = cells.around(close)
        together = _hull(windows.values()) if windows else None
        if together and together.cells(self._chosen.fine) <= MOST_CELLS:
            windows = dict.fromkeys(windows, together)
        near = {}
        for window in set(windows.values()):
            origins = [origin for origin in windows if windows[origin] == window]
            ground = self._territory.ground(window.grown(self._chosen.margin), self._chosen.fine)
            for some in self._costs(ground, places.take(np.array(origins)), progress):
                for found in some:
                    near[origins[found.origin]] = ground.cells, window, found
        return near

    def _drawn(
        self, cells: CellMap, seen: _Reached, near: tuple[CellMap, Rectangle, _Reached] | None
    ) -> tuple[bytes | None, ...]:
        """The polygons of one place: fine cells near it, wider ones around. Each part nests: so does their union."""
        parts: list[tuple[CellMap, _Reached, Rectangle | None]] = [(cells, seen, None)]
        if near:
            parts = [(cells, seen, tile) for tile in cells.ground.around(near[1])]
            parts.append((near[0], near[2], near[1]))
        drawn = []
        for cutoff in self._chosen.cutoffs:
            fields = (level(ground, found.road, found.cost, cutoff, tile) for ground, found, tile in parts)
            polygons = [inside(field) for field in fields if field is not None]
            drawn.append(joined(polygons) if polygons else None)
        return tuple(drawn)


def _hull(windows: Iterable[Rectangle]) -> Rectangle:
    west, south, east, north = zip(*windows)
    return Rectangle(min(west), min(south), max(east), max(north))
