"""Which zone each point lies in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from ..progress import Progress


def zone_of_points(xy: np.ndarray, zones: Sequence[BaseGeometry | None], progress: Progress = Progress()) -> np.ndarray:
    """Row (n,) of the first zone that holds each point of ``xy`` (n, 2), its edge included; -1 where none does.

    Zones and points are in the same CRS; zones without geometry hold nothing.
    """
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
        result[candidates[_covered(zone, xy[candidates])]] = row
    return result


if shapely.__version__ < "2":
    from shapely import vectorized

    def _covered(zone: BaseGeometry, xy: np.ndarray) -> np.ndarray:
        x, y = xy[:, 0], xy[:, 1]
        return vectorized.contains(zone, x, y) | vectorized.touches(zone, x, y)

else:

    def _covered(zone: BaseGeometry, xy: np.ndarray) -> np.ndarray:
        shapely.prepare(zone)
        return shapely.intersects_xy(zone, xy[:, 0], xy[:, 1])
