"""What becomes of areas that overlap: united, or cut into rings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce

from shapely import wkb
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from ..routing.polygons import multipolygon

_TOGETHER = 64


class Union:
    """The union of many areas (WKB MultiPolygons), a few held at a time."""

    def __init__(self, polygons: Iterable[bytes] = ()) -> None:
        self._areas: list[BaseGeometry] = []
        self._alone = b""
        for polygon in polygons:
            self.add(polygon)

    def add(self, polygon: bytes) -> None:
        """One more area."""
        self._alone = b"" if self._areas else polygon
        self._areas.append(wkb.loads(polygon))
        if len(self._areas) >= _TOGETHER:
            self._areas = [unary_union(self._areas)]

    @property
    def wkb(self) -> bytes:
        """The union as a WKB MultiPolygon; a single area as it came."""
        if self._alone:
            return self._alone
        self._areas = [unary_union(self._areas)]
        return multipolygon(self._areas[0]).wkb


def joined(neighbours: Sequence[bytes]) -> bytes:
    """The union of a few areas that lie side by side: one after the other, far faster than all at once."""
    if len(neighbours) == 1:
        return neighbours[0]
    return multipolygon(reduce(lambda whole, area: whole.union(area), map(wkb.loads, neighbours))).wkb


def rings(areas: dict[float, bytes]) -> dict[float, bytes]:
    """Each area without that of the next smaller cutoff. A cutoff that adds nothing is left out."""
    cut = {}
    smaller = None
    for cutoff in sorted(areas):
        area = wkb.loads(areas[cutoff])
        ring = multipolygon(area if smaller is None else area.difference(smaller))
        if not ring.is_empty:
            cut[cutoff] = ring.wkb
        smaller = area
    return cut
