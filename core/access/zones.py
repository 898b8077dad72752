"""Which zone each point lies in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from ..progress import Progress


def zone_of_points(
    xy: np.ndarray, zones: Sequence[BaseGeometry | None], progress: Progress = Progress(), edges: bool = True
) -> np.ndarray:
    """Row (n,) of the first zone that holds each point of ``xy`` (n, 2), -1 where none does.

    A zone's edge is its own where ``edges`` says so. Zones and points are in the same CRS; zones without geometry hold
    nothing.
    """
    result = np.full(len(xy), -1, dtype=np.int64)
    points = PointIndex(xy)
    for row, zone in enumerate(zones):
        if row % 50 == 0:
            progress.advance(row / len(zones))
        if zone is None or zone.is_empty:
            continue
        candidates = points.near(zone)
        result[points.held(zone, candidates[result[candidates] < 0], edges)] = row
    return result


def also_in_later_zones(xy: np.ndarray, zones: Sequence[BaseGeometry | None], zone: np.ndarray) -> np.ndarray:
    """(n,) bool: where zones overlap, the points that one after their own ``zone`` (n,) holds too, off its edge."""
    result = np.zeros(len(xy), dtype=bool)
    points = PointIndex(xy)
    for row, shape in enumerate(zones):
        if shape is not None and not shape.is_empty:
            rows = points.near(shape)
            result[points.held(shape, rows[(zone[rows] >= 0) & (zone[rows] < row)], edges=False)] = True
    return result


class PointIndex:
    """Points (n, 2) that zones are looked for in; a point whose position is NaN is in none."""

    def __init__(self, xy: np.ndarray) -> None:
        self._xy, self._order = xy, np.argsort(xy[:, 0], kind="stable")
        self._x, self._y = xy[self._order].T

    def near(self, zone: BaseGeometry) -> np.ndarray:
        """Rows of the points in the bounds of a zone, from west to east."""
        west, south, east, north = zone.bounds
        near = slice(np.searchsorted(self._x, west, "left"), np.searchsorted(self._x, east, "right"))
        return self._order[near][(self._y[near] >= south) & (self._y[near] <= north)]

    def held(self, zone: BaseGeometry, rows: np.ndarray, edges: bool = True) -> np.ndarray:
        """Those of the rows that a zone holds, its edge included or not."""
        return rows[(covered if edges else inside)(zone, self._xy[rows])]

    def within(self, zone: BaseGeometry) -> np.ndarray:
        """Rows of all the points that a zone holds, its edge included, in growing order; none of an empty zone."""
        if zone.is_empty:
            return np.empty(0, np.int64)
        return np.sort(self.held(zone, self.near(zone)))


def covered(zone: BaseGeometry, xy: np.ndarray) -> np.ndarray:
    """(n,) bool: the points of ``xy`` (n, 2) that a zone holds, its edge included."""
    return _meets(zone, xy[:, 0], xy[:, 1])


def inside(zone: BaseGeometry, xy: np.ndarray) -> np.ndarray:
    """(n,) bool: the points of ``xy`` (n, 2) that a zone holds, its edge left out: far faster with shapely 1.8."""
    return _contains(zone, xy[:, 0], xy[:, 1])


if shapely.__version__ < "2":
    from shapely import vectorized
    from shapely.geometry import Point
    from shapely.prepared import prep

    def _meets(zone: BaseGeometry, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        held = vectorized.contains(zone, x, y)
        others, whole = np.flatnonzero(~held), prep(zone)
        # One by one, yet a thousand times faster than `vectorized.touches`, which is not prepared.
        held[others] = [whole.intersects(Point(place)) for place in zip(x[others].tolist(), y[others].tolist())]
        return held

    def _contains(zone: BaseGeometry, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return vectorized.contains(zone, x, y)

else:

    def _meets(zone: BaseGeometry, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        shapely.prepare(zone)
        return shapely.intersects_xy(zone, x, y)

    def _contains(zone: BaseGeometry, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        shapely.prepare(zone)
        return shapely.contains_xy(zone, x, y)
