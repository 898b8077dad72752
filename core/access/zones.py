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
    holds = covered if edges else inside
    result = np.full(len(xy), -1, dtype=np.int64)
    order = np.argsort(xy[:, 0], kind="stable")
    sorted_x, sorted_y = xy[order, 0], xy[order, 1]
    for row, zone in enumerate(zones):
        if row % 50 == 0:
            progress.advance(row / len(zones))
        if zone is None or zone.is_empty:
            continue
        west, south, east, north = zone.bounds
        near = slice(np.searchsorted(sorted_x, west, "left"), np.searchsorted(sorted_x, east, "right"))
        candidates = order[near][(sorted_y[near] >= south) & (sorted_y[near] <= north)]
        candidates = candidates[result[candidates] < 0]
        result[candidates[holds(zone, xy[candidates])]] = row
    return result


def covered(zone: BaseGeometry, xy: np.ndarray) -> np.ndarray:
    """(n,) bool: the points of ``xy`` (n, 2) that a zone holds, its edge included."""
    return _meets(zone, xy[:, 0], xy[:, 1])


def inside(zone: BaseGeometry, xy: np.ndarray) -> np.ndarray:
    """(n,) bool: the points of ``xy`` (n, 2) that a zone holds, its edge left out: far faster with shapely 1.8."""
    return _contains(zone, xy[:, 0], xy[:, 1])


if shapely.__version__ < "2":
    from shapely import vectorized

    def _meets(zone: BaseGeometry, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return vectorized.contains(zone, x, y) | vectorized.touches(zone, x, y)

    def _contains(zone: BaseGeometry, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return vectorized.contains(zone, x, y)

else:

    def _meets(zone: BaseGeometry, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        shapely.prepare(zone)
        return shapely.intersects_xy(zone, x, y)

    def _contains(zone: BaseGeometry, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        shapely.prepare(zone)
        return shapely.contains_xy(zone, x, y)
