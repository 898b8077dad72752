"""Where the badly served live: contiguous areas, the most populated first.

Demand given as points (grid cells' centres, addresses, buildings): the map is cut into square cells; a cell that holds
demand is badly served when most of its weight is; an empty cell is as well served as the nearest cell with demand,
up to a reach. What is so said of cells is smoothed, and an area is what its zero line bounds: it follows where people
live rather than the sides of cells. A badly served place among well served neighbours keeps the ground around it, which
does not spread: nobody is lost. Demand given as polygons: touching badly served polygons are merged.

Either way areas end where the land does (`land`: the zones together, and the ground of the demand outside them), what
is cut apart there is two areas, and the population of an area is that of the badly served demand in it. Areas together
hold all the badly served demand; none is empty of people where people are counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy import ndimage
from shapely import wkb
from shapely.geometry import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points, unary_union
from shapely.prepared import prep

from ..progress import Progress
from .contours import inside as area_inside
from .cost_surface import Field
from .weights import exact_weights
from .zones import inside, zone_of_points

DEFAULT_CELL = 200.0
"""Metres: the side of the cells of Insee's population grid."""
REACH_IN_CELLS = 2
SMOOTHING = 1.0
"""Standard deviation, in cells, of the Gaussian that rounds the areas."""
SURE = 0.5
"""Least value, of at most 1, in the middle of a cell that holds demand: smoothing never turns it."""
CLEAR = 1e-3
"""Values this far below zero are inside an area whatever the noise of the arithmetic."""
MARGIN = REACH_IN_CELLS + 3
MOST_CELLS = 30_000_000
"""A larger grid would need over 1 GB: cells are then made larger."""
MERGED_AT_ONCE = 2_000
FINEST = 1 / 50
"""Share of a cell within which the land's edge is followed."""


class Gap(NamedTuple):
    """One contiguous badly served area.

    Attributes:
        rank: 1 for the most populated.
        geometry: a Polygon, in the CRS of the demand.
        population: weight of the badly served demand in it.
        members: rows of that demand.
    """

    rank: int
    geometry: BaseGeometry
    population: float
    members: np.ndarray


class PointGaps:
    """Areas around the badly served among points. Made once, asked for each category and threshold.

    Args:
        xy: (n, 2) metres, all finite.
        weight: (n,) ≥ 0.
        cell: side of the cells in metres; `PointGaps.cell` is larger when the grid would exceed `MOST_CELLS`.
        land: the polygons that the areas must not leave, such as the zones; none for no bound.
    """

    def __init__(
        self, xy: np.ndarray, weight: np.ndarray, cell: float = DEFAULT_CELL, land: Sequence[BaseGeometry | None] = ()
    ) -> None:
        self.weight = exact_weights(weight)
        self._xy = xy
        low, high = xy.min(axis=0), xy.max(axis=0)
        self.cell = cell
        while np.prod(np.ceil((high - low) / self.cell) + 2 * MARGIN + 1) > MOST_CELLS:
            self.cell *= 2
        corner = np.floor(low / self.cell) - MARGIN
        columns, rows = (np.floor(high / self.cell) - corner).astype(np.int64) + MARGIN + 1
        self._corner, self._shape = corner * self.cell, (int(rows), int(columns))
        column, row = (np.floor(xy / self.cell) - corner).astype(np.int64).T
        self._cell_of = row * columns + column
        column, row = (np.floor(xy / self.cell - 0.5) - corner).astype(np.int64).T
        self._south_west = row * columns + column
        """(n,) of the four cells whose middles are around each place, the first."""
        self._prepare_reach()
        zones = [zone for zone in land if zone is not None and not zone.is_empty]
        self._land = _Land(zones, xy, self.cell) if zones else None

    def _prepare_reach(self) -> None:
        """The cells in reach of demand, and for each the nearest cell that holds demand."""
        empty = np.ones(self._shape, dtype=bool)
        empty.ravel()[self._cell_of] = False
        distance, nearest = ndimage.distance_transform_edt(empty, return_indices=True)
        in_reach = distance <= REACH_IN_CELLS
        self._in_reach = np.flatnonzero(in_reach)
        self._nearest = nearest[0][in_reach] * self._shape[1] + nearest[1][in_reach]

    def areas(self, badly_served: np.ndarray, progress: Progress = Progress()) -> list[Gap]:
        """The areas of the ``badly_served`` (n,) bool, the most populated first."""
        members = np.flatnonzero(badly_served)
        if not len(members):
            return []
        field = self._field(badly_served)
        progress.advance(0.3)
        polygons = list(wkb.loads(area_inside(field)).geoms)
        area_of = self._area_of(field, members, polygons, progress.part(0.3, 0.6))
        near_edge = self._near_edge(field, members)
        polygons = self._holding(polygons, area_of, members, near_edge)
        demand = _Demand(self._xy, self.weight, np.zeros(len(self._xy), dtype=bool))
        demand.near_edge[members] = near_edge
        return _ranked(polygons, area_of, members, demand, self._land, progress.part(0.6, 1.0))

    def _field(self, badly_served: np.ndarray) -> Field:
        """Negative where people are badly served; each cell's value stands at its middle."""
        # Demand of weight 0 still tells how its place is served: it counts for a trifle.
        trifle = float(self.weight.max()) * 1e-9 or 1.0
        signed = np.where(badly_served, self.weight + trifle, -self.weight - trifle)
        balance = np.bincount(self._cell_of, weights=signed, minlength=self._shape[0] * self._shape[1])
        sides = np.ones(self._shape, dtype=np.float32)
        sides.ravel()[self._in_reach[balance[self._nearest] >= 0]] = -1
        values = ndimage.gaussian_filter(sides, SMOOTHING, truncate=2.0)
        flat = values.ravel()
        for chosen, push, sign in ((~badly_served, np.maximum, SURE), (badly_served, np.minimum, -SURE)):
            cells = self._cell_of[chosen]  # the badly served last: their own cell is theirs
            flat[cells] = push(flat[cells], sign)
        west, south = self._corner + self.cell / 2
        return Field(values, 0, 0, float(west), float(south), self.cell)

    def _centres(self, cells: np.ndarray) -> np.ndarray:
        row, column = np.divmod(cells, self._shape[1])
        return self._corner + (np.column_stack((column, row)) + 0.5) * self.cell

    def _area_of(
        self, field: Field, members: np.ndarray, polygons: list[BaseGeometry], progress: Progress
    ) -> np.ndarray:
        """(m,) the polygon that holds the middle of each member's cell.

        Cells that touch by their sides and are clearly badly served are in one polygon: one of them is looked for.
        """
        pieces, count = ndimage.label(field.values < -CLEAR)
        piece = pieces.ravel()[self._cell_of[members]]
        one = np.full(count + 1, -1)
        one[piece] = members
        holding = np.flatnonzero(one >= 0)
        area_of_piece = np.empty(count + 1, np.int64)
        area_of_piece[holding] = _area_of(self._centres(self._cell_of[one[holding]]), polygons, progress)
        return area_of_piece[piece]

    def _near_edge(self, field: Field, members: np.ndarray) -> np.ndarray:
        """(m,) bool: the members who have an edge, or nearly, among the four middles around them."""
        outside, first = field.values.ravel() >= -CLEAR, self._south_west[members]
        around = (first, first + 1, first + self._shape[1], first + self._shape[1] + 1)
        return np.logical_or.reduce([outside[cells] for cells in around])

    def _holding(
        self, polygons: list[BaseGeometry], area_of: np.ndarray, members: np.ndarray, near_edge: np.ndarray
    ) -> list[BaseGeometry]:
        """The polygons, each with a strip to those of its members that rounding has left out, in their own cell."""
        strips: dict[int, list[BaseGeometry]] = {}
        edge = np.flatnonzero(near_edge)
        for area, places in _by_area(area_of[edge], len(polygons)):
            rows = members[edge[places]]
            for row in rows[~inside(polygons[area], self._xy[rows])]:
                strips.setdefault(area, []).append(self._strip(row))
        return [
            unary_union([polygon, *strips[area]]).normalize() if area in strips else polygon
            for area, polygon in enumerate(polygons)
        ]

    def _strip(self, row: int) -> BaseGeometry:
        (centre,) = self._centres(self._cell_of[row : row + 1])
        around = box(*(centre - self.cell / 2), *(centre + self.cell / 2))
        return LineString([centre, self._xy[row]]).buffer(self.cell / 8).intersection(around)


class PolygonGaps:
    """Areas made of the badly served among polygons, merged where they share a side.

    Args:
        polygons: (n) valid or not.
        weight: (n,) ≥ 0.
    """

    def __init__(self, polygons: Sequence[BaseGeometry], weight: np.ndarray) -> None:
        self.weight = exact_weights(weight)
        self._polygons = polygons
        points = [polygon.representative_point() for polygon in polygons]
        self._inner = np.array([(point.x, point.y) for point in points]).reshape(-1, 2)

    def areas(self, badly_served: np.ndarray, progress: Progress = Progress()) -> list[Gap]:
        """The areas of the ``badly_served`` (n,) bool, the most populated first."""
        members = np.flatnonzero(badly_served)
        if not len(members):
            return []
        xy = self._inner[members]
        areas = _merged([self._polygons[row] for row in members], xy, progress.part(0.0, 0.8))
        area_of = _area_of(xy, areas, progress.part(0.8, 1.0))
        nowhere = np.zeros(len(self._inner), dtype=bool)
        return _ranked(areas, area_of, members, _Demand(self._inner, self.weight, nowhere), None, Progress())


class _Demand(NamedTuple):
    """(n, 2) where people are, (n,) how many, and (n,) bool who may be at the edge of an area drawn from cells."""

    xy: np.ndarray
    weight: np.ndarray
    near_edge: np.ndarray


class _Land:
    """What areas may cover: the zones together, and around them the ground of the demand that lies in none."""

    def __init__(self, zones: Sequence[BaseGeometry], xy: np.ndarray, cell: float) -> None:
        whole = unary_union([_valid(zone) for zone in zones])
        astray = np.unique(np.floor(xy[~inside(whole, xy)] / cell), axis=0) * cell + cell / 2
        if len(astray):  # places of the shore that lie in the sea stay small; people elsewhere keep their whole area
            near = inside(whole.buffer(1.5 * cell), astray)
            reach = np.where(near, 0.75, REACH_IN_CELLS + 2 * SMOOTHING) * cell
            whole = unary_union([whole, *(Point(place).buffer(by) for place, by in zip(astray, reach))])
        self._whole = _thinned(whole, cell * FINEST)
        self._prepared = prep(self._whole)
        self._strip = cell / 8
        self._xy = xy

    @cached_property
    def _near_edge(self) -> np.ndarray:
        """(n,) bool: the demand that is not well inside the land."""
        return ~inside(self._whole.buffer(-self._strip), self._xy)

    def parts(self, area: BaseGeometry, rows: np.ndarray, near_edge: np.ndarray) -> list[BaseGeometry]:
        """The pieces of an area that are on land; with a strip to the members ``rows`` that lie just off it.

        ``near_edge`` (m,) bool: those of them who may be at the edge of the area.
        """
        if self._prepared.contains(area):
            return [area]
        cut = area.intersection(self._whole)
        xy = self._xy[rows[near_edge | self._near_edge[rows]]]
        lost = xy[~inside(cut, xy)]
        strips = [_to_nearest(place, cut, self._strip).intersection(area) for place in lost]
        return list(_polygons_of(unary_union([cut, *strips]).normalize()))


def _to_nearest(place: np.ndarray, area: BaseGeometry, width: float) -> BaseGeometry:
    """A strip from a place to an area; a disc where there is none."""
    point = Point(place)
    end = point if area.is_empty else nearest_points(area, point)[0]
    return (LineString([end, point]) if not end.equals(point) else point).buffer(width)


def _thinned(shape: BaseGeometry, by: float) -> BaseGeometry:
    """Polygons without the corners that lie within ``by`` metres of the edge that is left.

    GEOS's own `simplify` leaves other corners from one version to the next: the areas would differ with the QGIS.
    """
    polygons = []
    for polygon in _polygons_of(shape.normalize()):
        shell, *holes = (_corners(np.array(ring.coords)[:, :2], by) for ring in (polygon.exterior, *polygon.interiors))
        polygons.append(_valid(Polygon(shell, holes)))
    return unary_union(polygons)


def _corners(ring: np.ndarray, by: float) -> np.ndarray:
    """The corners of a closed ring (n, 2) by which it stays within ``by`` (Douglas and Peucker); all if under three."""
    far = int(np.argmax(((ring - ring[0]) ** 2).sum(axis=1)))
    kept = np.zeros(len(ring), dtype=bool)
    kept[[0, far, -1]] = True
    stretches = [(0, far), (far, len(ring) - 1)]
    while stretches:
        first, last = stretches.pop()
        if last - first < 2:
            continue
        distance = _from_segment(ring[first + 1 : last], ring[first], ring[last])
        corner = first + 1 + int(np.argmax(distance))
        if distance.max() > by:
            kept[corner] = True
            stretches += [(first, corner), (corner, last)]
    return ring[kept] if kept.sum() > 3 else ring


def _from_segment(xy: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Distance (n,) of points (n, 2) from a segment."""
    along, away = end - start, xy - start
    share = np.clip((away * along).sum(axis=1) / max((along * along).sum(), 1e-12), 0, 1)
    return np.hypot(*(away - share[:, None] * along).T)


def _polygons_of(shape: BaseGeometry) -> Iterator[Polygon]:
    for part in getattr(shape, "geoms", [shape]):
        if isinstance(part, Polygon) and not part.is_empty:
            yield part
        elif hasattr(part, "geoms"):
            yield from _polygons_of(part)


def _merged(polygons: list[BaseGeometry], xy: np.ndarray, progress: Progress) -> list[BaseGeometry]:
    """The polygons of their union, made strip by strip so that a cancel is seen in time."""
    order = np.argsort(xy[:, 0], kind="stable")
    strips = np.array_split(order, len(order) // MERGED_AT_ONCE + 1)
    parts = []
    for done, strip in enumerate(strips, start=1):
        parts.append(unary_union([_valid(polygons[row]) for row in strip]))
        progress.advance(done / (len(strips) + 1))
    return list(_polygons_of(unary_union(parts).normalize()))


def _valid(polygon: BaseGeometry) -> BaseGeometry:
    return polygon if polygon.is_valid else polygon.buffer(0)


def _area_of(xy: np.ndarray, areas: list[BaseGeometry], progress: Progress) -> np.ndarray:
    """Row of the area that each point lies in; the nearest one for those on an edge, or of slivers that were lost."""
    rows = zone_of_points(xy, areas, progress, edges=False)
    for stray in np.flatnonzero(rows < 0):
        rows[stray] = int(np.argmin([area.distance(Point(xy[stray])) for area in areas]))
    return rows


def _by_area(area_of: np.ndarray, areas: int) -> Iterator[tuple[int, np.ndarray]]:
    """Each area that has members, with their places in ``area_of``, in order."""
    order = np.argsort(area_of, kind="stable")
    ends = np.bincount(area_of, minlength=areas).cumsum()[:-1]
    return ((area, places) for area, places in enumerate(np.split(order, ends)) if len(places))


def _ranked(
    areas: list[BaseGeometry],
    area_of: np.ndarray,
    members: np.ndarray,
    demand: _Demand,
    land: _Land | None,
    progress: Progress,
) -> list[Gap]:
    """Gaps from the areas and, for each member, the row of its area; equal populations keep the order of the map.

    Where people are counted an area without any is left out.
    """
    xy, weight, near_edge = demand
    pieces: list[tuple[BaseGeometry, np.ndarray]] = []
    for area, places in _by_area(area_of, len(areas)):
        progress.advance(area / len(areas))
        rows = members[places]
        parts = land.parts(areas[area], rows, near_edge[rows]) if land is not None else [areas[area]]
        if len(parts) == 1:
            pieces.append((parts[0], rows))
            continue
        part_of = _area_of(xy[rows], parts, Progress())
        pieces += [(parts[part], rows[inner]) for part, inner in _by_area(part_of, len(parts))]
    population = np.array([weight[rows].sum() for _, rows in pieces])
    counted = population > 0 if weight.sum() > 0 else np.ones(len(pieces), bool)
    order = [row for row in np.argsort(-population, kind="stable") if counted[row]]
    return [
        Gap(rank, pieces[row][0], float(population[row]), pieces[row][1]) for rank, row in enumerate(order, start=1)
    ]
