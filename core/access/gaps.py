"""Where the badly served live: contiguous areas, the most populated first.

Demand given as points (grid cells' centres, addresses, buildings): the map is cut into square cells; a cell that holds
demand is badly served when most of its weight is; an empty cell is as well served as the nearest cell with demand,
up to a reach. Badly served cells that share a side are one area. A badly served place among well served neighbours
keeps its own cell, which does not spread: nobody is lost. Demand given as polygons: touching badly served
polygons are merged. Either way, the population of an area is that of the badly served demand in it, and areas
together hold all the badly served demand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import ndimage
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from ..progress import Progress
from .cells import outlines
from .weights import exact_weights
from .zones import zone_of_points

DEFAULT_CELL = 200.0
"""Metres: the side of the cells of Insee's population grid."""
REACH_IN_CELLS = 2
MARGIN = REACH_IN_CELLS + 1
MOST_CELLS = 30_000_000
"""A larger grid would need over 1 GB: cells are then made larger."""
MERGED_AT_ONCE = 2_000


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
    """

    def __init__(self, xy: np.ndarray, weight: np.ndarray, cell: float = DEFAULT_CELL) -> None:
        self.weight = exact_weights(weight)
        low, high = xy.min(axis=0), xy.max(axis=0)
        self.cell = cell
        while np.prod(np.ceil((high - low) / self.cell) + 2 * MARGIN + 1) > MOST_CELLS:
            self.cell *= 2
        corner = np.floor(low / self.cell) - MARGIN
        columns, rows = (np.floor(high / self.cell) - corner).astype(np.int64) + MARGIN + 1
        self._corner, self._shape = corner * self.cell, (int(rows), int(columns))
        column, row = (np.floor(xy / self.cell) - corner).astype(np.int64).T
        self._cell_of = row * columns + column
        self._prepare_reach()

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
        labels, count = ndimage.label(self._badly_served_cells(badly_served))
        progress.advance(0.3)
        polygons = outlines(labels, count, self._corner[0], self._corner[1], self.cell)
        progress.advance(0.9)
        return _ranked(polygons, labels.ravel()[self._cell_of[members]] - 1, members, self.weight)

    def _badly_served_cells(self, badly_served: np.ndarray) -> np.ndarray:
        """Bool grid: inhabited cells mostly badly served, the empty ones near them, and the cell of everyone else."""
        # Demand of weight 0 still tells how its place is served: it counts for a trifle.
        trifle = float(self.weight.max()) * 1e-9 or 1.0
        signed = np.where(badly_served, self.weight + trifle, -self.weight - trifle)
        balance = np.bincount(self._cell_of, weights=signed, minlength=self._shape[0] * self._shape[1])
        areas = np.zeros(self._shape, dtype=bool)
        areas.ravel()[self._in_reach] = balance[self._nearest] >= 0
        areas.ravel()[self._cell_of[badly_served]] = True
        return areas


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
        return _ranked(areas, _area_of(xy, areas, progress.part(0.8, 1.0)), members, self.weight)


def _merged(polygons: list[BaseGeometry], xy: np.ndarray, progress: Progress) -> list[BaseGeometry]:
    """The polygons of their union, made strip by strip so that a cancel is seen in time."""
    order = np.argsort(xy[:, 0], kind="stable")
    strips = np.array_split(order, len(order) // MERGED_AT_ONCE + 1)
    parts = []
    for done, strip in enumerate(strips, start=1):
        parts.append(unary_union([_valid(polygons[row]) for row in strip]))
        progress.advance(done / (len(strips) + 1))
    union = unary_union(parts)
    return [part for part in getattr(union, "geoms", [union]) if isinstance(part, Polygon)]


def _valid(polygon: BaseGeometry) -> BaseGeometry:
    return polygon if polygon.is_valid else polygon.buffer(0)


def _area_of(xy: np.ndarray, areas: list[BaseGeometry], progress: Progress) -> np.ndarray:
    """Row of the area of each point; the nearest one for the inner points of slivers that the union has lost."""
    rows = zone_of_points(xy, areas, progress)
    for stray in np.flatnonzero(rows < 0):
        rows[stray] = int(np.argmin([area.distance(Point(xy[stray])) for area in areas]))
    return rows


def _ranked(areas: list[BaseGeometry], area_of: np.ndarray, members: np.ndarray, weight: np.ndarray) -> list[Gap]:
    """Gaps from the areas and, for each member, the row of its area; equal populations keep the order of the map."""
    population = np.bincount(area_of, weights=weight[members], minlength=len(areas))
    by_area = np.split(
        members[np.argsort(area_of, kind="stable")], np.bincount(area_of, minlength=len(areas)).cumsum()[:-1]
    )
    order = np.argsort(-population, kind="stable")
    return [Gap(rank, areas[row], float(population[row]), by_area[row]) for rank, row in enumerate(order, start=1)]
