"""Isochrone polygons from the embedded engine: one search for all cutoffs of a point, polygons that nest exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ..network import Network
from ..network.components import MAIN
from ..network.presets.rules import AT_SEA
from ..network.topology import morton_order
from ..progress import Hearing, Progress
from ..ragged import ranges
from ..routing.local import PreparedPoints, Router
from ..routing.snapped_points import SnappedPoints
from .contours import inside
from .cost_surface import CellMap, Rectangle, RoadPieces, SamplePoints, level, map_cells
from .overlap import joined

REACH = {"car": 200.0, "bike": 150.0, "foot": 100.0, "transit": 100.0}
"""Default of how far from a road a place still counts, metres, by profile: about the width of the built strip along
roads; less on foot, where the way to the road is part of the effort."""

USUAL_SPEED = {"car": 700.0, "bike": 250.0, "foot": 80.0, "transit": 300.0}
"""Metres a minute, roughly, by profile: only to choose how fine the grid is."""

_CELLS_ACROSS_SMALLEST = 260
_CELLS_ACROSS_OTHERS = 180
_CELLS_ACROSS_LARGEST = 400
_ROUND_SIZES = (1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8)
_MOST_CELLS = 4_000_000
_MOST_CELLS_NEAR = 2_000_000
_MOST_CELLS_OF_ALL = 2_000_000
_BETWEEN_LANDMARKS = 0.05
"""What lies beyond the last landmark reached, as a part of the width of all that is reached."""
_LINKS_A_PART = 50_000
_FEW = 4
"""Points for which a map of the whole network would be too much."""
TOGETHER = 12
"""Neighbouring points that share one map of the ground."""


class Settings(NamedTuple):
    """What the polygons of one run have in common. ``cutoffs`` ascend, in minutes or metres; lengths are in metres.

    Cells are ``cell`` wide; around each place, as far as the cutoff ``near``, they are ``fine`` wide, of which ``cell``
    is a multiple: both are the same where one grid does for all cutoffs.
    """

    cutoffs: tuple[float, ...]
    metric: str
    direction: str
    reach: float
    cell: float
    fine: float
    near: float


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
    """The settings of a run, with this profile's defaults for what is not given.

    As many fine cells lie between a point and the edge of its smallest isochrone whatever the cutoff and the profile;
    cells are wider where the largest cutoff would need too many of them. The strip of ``reach`` along a road is two
    cells at least.
    """
    ascending = tuple(sorted({float(cutoff) for cutoff in cutoffs}))
    reach = REACH.get(profile, REACH["car"]) if reach is None else float(reach)
    if cell is not None:
        return Settings(ascending, metric, direction, reach, cell, cell, 0.0)
    metres = USUAL_SPEED.get(profile, USUAL_SPEED["car"]) if metric == "time" else 1.0
    fine = _round_size(max(1.0, min(ascending[0] * metres / _CELLS_ACROSS_SMALLEST, reach / 2)))
    times = np.ceil(ascending[-1] * metres / _CELLS_ACROSS_LARGEST / fine)
    wide = fine * max(1.0, min(times, np.floor(reach / 2 / fine)))
    # What is far enough away is as well drawn with wide cells.
    far = min(_CELLS_ACROSS_OTHERS * wide, np.sqrt(_MOST_CELLS_NEAR) * fine / 2)
    near = max(cutoff for cutoff in ascending if cutoff == ascending[0] or cutoff * metres < far)
    return Settings(ascending, metric, direction, reach, wide, fine, near)


def _round_size(wanted: float) -> float:
    """The largest round figure up to ``wanted``."""
    power = 10.0 ** np.floor(np.log10(wanted))
    return float(power * max(size for size in _ROUND_SIZES if size * power <= wanted * (1 + 1e-9)))


def isochrones(
    router: Router, places: SnappedPoints, chosen: Settings, progress: Progress | None = None
) -> Iterator[Isochrone]:
    """The isochrones of ``places`` on the router's network, as they become ready, every place once.

    Places without a link (not snapped) are left out.
    """
    progress = progress or Progress()
    snapped = np.flatnonzero(places.link >= 0)
    land = _Land(router, chosen, [places])
    order = snapped[morton_order(places.xy[snapped])]
    waiting = [(order[start : start + TOGETHER], 0.0) for start in range(0, len(order), TOGETHER)][::-1]
    done = 0
    while waiting:
        rows, grown = waiting.pop()
        window = land.window(places.take(rows), grown)
        if window.cells(chosen.cell) > _MOST_CELLS and len(rows) > 1:
            waiting += [(rows[len(rows) // 2 :], grown), (rows[: len(rows) // 2], grown)]
            continue
        outside = []
        for origin, polygons in land.polygons(places.take(rows), window, progress):
            if polygons is None:
                outside.append(rows[origin])
                continue
            yield Isochrone(int(rows[origin]), polygons)
            done += 1
            progress.advance(done / len(order))
        if outside:
            waiting.append((np.array(outside), 2 * grown + max(window.east - window.west, window.north - window.south)))


def for_all_of(router: Router, places: SnappedPoints, chosen: Settings) -> Settings:
    """Settings for one area of many places: one grid, as fine as may be, up to twice as wide as for one place."""
    cells = _Land(router, chosen).window(places, 0.0).cells(chosen.fine)
    wider = max(1.0, min(np.sqrt(cells / _MOST_CELLS_OF_ALL), 2 * chosen.cell / chosen.fine))
    cell = _round_size(chosen.fine * wider)
    return chosen._replace(cell=cell, fine=cell)


def tiles_of(router: Router, places: SnappedPoints, chosen: Settings) -> list[Rectangle]:
    """Rectangles, side by side, that together hold all that is reached from any of ``places``."""
    land = _Land(router, chosen)
    grown = 0.0
    while True:
        window = land.window(places, grown).on_lines(chosen.cell)
        if not land.leaves(places, window):
            return window.tiles(chosen.cell, _MOST_CELLS)
        grown = 2 * grown + max(window.east - window.west, window.north - window.south)


def merged(
    router: Router, groups: Iterable[SnappedPoints], chosen: Settings, tile: Rectangle
) -> Iterator[tuple[bytes | None, ...]]:
    """For each group what is reached inside ``tile`` from at least one of its places, one polygon a cutoff.

    One pass over the network a group. Areas of tiles side by side meet along their common side exactly, and those of
    larger cutoffs hold those of smaller ones in each: so does the union of the tiles.
    """
    groups = list(groups)
    land = _Land(router, chosen, groups)
    around = land.around(tile)
    for places in groups:
        if around is None:
            yield (None,) * len(chosen.cutoffs)
            continue
        cost = land.cost_of(around.points, places)
        reached = np.flatnonzero(np.isfinite(cost))
        cost = cost[reached].astype(np.float32)
        fields = (level(around.cells, reached, cost, cutoff, tile) for cutoff in chosen.cutoffs)
        yield tuple(None if field is None else inside(field) for field in fields)


class _Ground(NamedTuple):
    """A map of the ground; its points of the network, then any where roads leave it, prepared."""

    cells: CellMap
    points: PreparedPoints


class _Reached(NamedTuple):
    """What one place reaches: road cells, their cost, and the cost at each way out of the ground reached by some."""

    origin: int
    road: np.ndarray
    cost: np.ndarray
    at_exits: np.ndarray


class _Land:
    """What lies around one router's network, as these settings see it."""

    def __init__(self, router: Router, chosen: Settings, groups: Sequence[SnappedPoints] = ()) -> None:
        """``groups``: the places from which what is reached will be drawn."""
        self._router, self._network, self._chosen = router, router.network, chosen
        # Costs a little beyond the cutoff are needed to place the edge between the centres of two cells.
        self._limit = chosen.cutoffs[-1] + 2 * chosen.cell * _high_slope(router)
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
        cost = self.cost_of(self._router.prepare(_places(ends)), places)
        return links[np.isfinite(cost).reshape(-1, 2).any(axis=1)]

    def window(self, places: SnappedPoints, grown: float) -> Rectangle:
        """A rectangle that most likely holds all that is reached; ``grown`` metres larger than at first sight."""
        extent = _extent(self._network).grown(_margin(self._chosen))
        if places.count > _FEW and extent.cells(self._chosen.cell) <= _MOST_CELLS:
            return extent
        landmarks = self._landmarks()
        cost = self.cost_of(landmarks, places)
        xy = np.concatenate([places.xy, landmarks.snapped.xy[np.isfinite(cost)]])
        low, high = xy.min(axis=0), xy.max(axis=0)
        more = _margin(self._chosen) + grown + _BETWEEN_LANDMARKS * float((high - low).max())
        return Rectangle(*low, *high).grown(more).within(extent)

    def around(self, tile: Rectangle) -> _Ground | None:
        """The ground of ``tile``, without ways out of it; None where no road comes near."""
        window = tile.grown(_margin(self._chosen))
        meets, _ = self._links_in(window)
        if not (meets & self._shown).any():
            return None
        cells, roads = self._roads(window, self._chosen.cell)
        return _Ground(cells, self._router.prepare(_places(roads)))

    def leaves(self, places: SnappedPoints, window: Rectangle) -> bool:
        """Whether one comes beyond ``window`` from ``places``."""
        exits = _places(self._exits_of(window))
        return bool((self.cost_of(self._router.prepare(exits), places) <= self._chosen.cutoffs[-1]).any())

    def cost_of(self, points: PreparedPoints, places: SnappedPoints) -> np.ndarray:
        """(n,) the lowest cost of each of ``points`` from (or to) one of ``places``; NaN beyond the limit."""
        towards = "departure" if self._chosen.direction == "arrival" else "arrival"
        return self._router.nearest(points, places, direction=towards, limit=self._limit).cost[:, 0]

    def polygons(
        self, places: SnappedPoints, window: Rectangle, progress: Progress
    ) -> Iterator[tuple[int, tuple[bytes | None, ...] | None]]:
        """Position among ``places`` and polygons, for each place; None instead where they would leave ``window``."""
        ground = self._ground(window, self._chosen.cell)
        for seen in self._costs(ground, places, progress):
            progress.check()
            near = self._reached_near(ground.cells, seen, places, progress)
            for found in seen:
                if (found.at_exits <= self._chosen.cutoffs[-1]).any():
                    yield found.origin, None
                else:
                    yield found.origin, self._drawn(ground.cells, found, near.get(found.origin))

    def _costs(self, ground: _Ground, places: SnappedPoints, progress: Progress) -> Iterator[list[_Reached]]:
        """What each place reaches, some places at a time."""
        count = len(ground.cells.pace)
        reverse, quiet = self._chosen.direction == "arrival", Hearing(progress)
        for block in self._router.matrix(places, ground.points, limit=self._limit, reverse=reverse, progress=quiet):
            inner = int(np.searchsorted(block.destinations, count))
            seen = []
            for origin, cost in zip(block.origins.tolist(), block.cost):
                reached = np.flatnonzero(np.isfinite(cost[:inner]))
                seen.append(_Reached(origin, block.destinations[reached], cost[reached], cost[inner:]))
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
        if together and together.cells(self._chosen.fine) <= _MOST_CELLS:
            windows = dict.fromkeys(windows, together)
        near = {}
        for window in set(windows.values()):
            origins = [origin for origin in windows if windows[origin] == window]
            ground = self._ground(window.grown(_margin(self._chosen)), self._chosen.fine)
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

    def _ground(self, window: Rectangle, cell: float) -> _Ground:
        """The ground of ``window``: the last one made, where it is large enough."""
        key = ("ground", self._chosen.metric, cell, self._chosen.reach, self._more.tobytes())
        known = self._network.derived.get(key)
        if known is None or not known.cells.window.holds(window):
            self._network.derived.pop(key, None)
            known = self._map(window, cell)
            self._network.derived[key] = known
        return known

    def _map(self, window: Rectangle, cell: float) -> _Ground:
        cells, roads = self._roads(window, cell)
        points = SamplePoints(*(np.concatenate(columns) for columns in zip(roads, self._exits_of(window))))
        return _Ground(cells, self._router.prepare(_places(points)))

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


def _hull(windows: Iterable[Rectangle]) -> Rectangle:
    west, south, east, north = zip(*windows)
    return Rectangle(min(west), min(south), max(east), max(north))


def _places(points: SamplePoints) -> SnappedPoints:
    # Where they are matters no more: nothing is held for it.
    nowhere = np.broadcast_to(np.nan, (len(points.link), 2))
    return SnappedPoints(points.link, points.fraction, nowhere[:, 0], nowhere)


def _margin(chosen: Settings) -> float:
    return chosen.reach + 3 * chosen.cell


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
    all_ = _boxes(network)
    return Rectangle(*all_[:, :2].min(axis=0).tolist(), *all_[:, 2:].max(axis=0).tolist())


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
        owner = np.repeat(np.arange(len(part)), count)
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
