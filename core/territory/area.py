"""Where a territory is: its communes' outlines together, and what lies within the halo around them."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from itertools import chain
from typing import Any

import numpy as np
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union
from shapely.prepared import prep

from ..coordinates import Box, Transform
from ..errors import InvalidInput
from ..outlines import shipped_rings
from ..territories import departement_of, find, present_commune

METROPOLE = "EPSG:2154"
_OVERSEAS = {
    "971": "EPSG:5490",
    "972": "EPSG:5490",
    "973": "EPSG:2972",
    "974": "EPSG:2975",
    "976": "EPSG:4471",
    "977": "EPSG:5490",
    "978": "EPSG:5490",
    "975": "EPSG:4467",
}
"""Legal projections by département (decree 2000-1276 as it stands); Lambert 93 elsewhere."""
_AROUND = 3000.0
"""Metres added to the bounds of shipped outlines: communes change, outlines are rough."""
_QUARTER = 64
"""Points of a quarter of the circle around a corner: 20 km are right within 2 m."""


def projection_of(communes: Iterable[str]) -> str:
    """The legal projection of communes. Raises `InvalidInput` when they have not all the same."""
    found = {_OVERSEAS.get(departement_of(code), METROPOLE) for code in communes}
    if len(found) != 1:
        raise InvalidInput("The territory lies in several parts of the world: prepare one GeoPackage for each.")
    return found.pop()


def rough_shape(communes: Iterable[str], crs: str) -> dict[str, BaseGeometry]:
    """The outlines that come with the plugin, by commune, in ``crs``: where to look for the real ones."""
    to_crs = Transform("EPSG:4326", crs)
    known = {code: rings for code in communes if (rings := shipped_rings(code))}
    return {
        code: unary_union([Polygon(to_crs.points(ring)).buffer(0) for ring in rings]) for code, rings in known.items()
    }


def rough_box(communes: Iterable[str], crs: str) -> Box:
    """Bounds that hold the communes. Raises `InvalidInput` for a territory whose place is not known."""
    shapes = list(rough_shape({present_commune(code) for code in communes}, crs).values())
    if not shapes:
        raise InvalidInput("No outline of this territory is known: it cannot be prepared.")
    west, south, east, north = np.array([each.bounds for each in shapes]).T
    return (west.min() - _AROUND, south.min() - _AROUND, east.max() + _AROUND, north.max() + _AROUND)


class Area:
    """A territory and its halo. ``outlines``: polygons of its communes by INSEE code, in ``crs`` (metres)."""

    def __init__(self, outlines: dict[str, BaseGeometry], crs: str, halo: float) -> None:
        self.crs, self.outlines = crs, outlines
        self.shape = unary_union([each.buffer(0) for each in outlines.values()])
        self.around = self.shape.buffer(halo, _QUARTER) if halo > 0 else self.shape
        self.bounds: Box = self.around.bounds
        self._inside, self._near = _Prepared(self.shape), _Prepared(self.around)

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in the territory itself."""
        return self._inside.intersects(Point(x, y))

    def concerns(self, bounds: Box) -> bool:
        """Whether a box has anything of the territory or its halo."""
        return self._near.intersects(box(*bounds))

    def concerns_inside(self, bounds: Box) -> bool:
        """Whether a box has anything of the territory itself."""
        return self._inside.intersects(box(*bounds))

    def around_of(self, bounds: Box) -> Squares:
        """What is known beforehand, for many small shapes in a box, of whether they touch the territory or its halo."""
        return Squares(self._near, bounds)

    def touches(self, geometry: Any, bounds: Box, squares: Squares | None = None) -> bool:
        """Whether a GeoJSON geometry with these bounds touches the territory or its halo."""
        known = squares.tells(bounds) if squares is not None else None
        if known is not None:
            return known
        if geometry["type"] == "LineString":
            points = [point[:2] for point in geometry["coordinates"]]
            return self._near.intersects(LineString(points) if len(points) > 1 else Point(points[0]))
        return self._near.intersects(shape(geometry))


class Squares:
    """A box in squares, each known to lie wholly inside a shape, wholly outside, or neither.

    What has its bounds in squares of one kind is inside or outside with them: most roads need no other question.
    """

    def __init__(self, prepared: _Prepared, bounds: Box, side: int = 16) -> None:
        self._west, self._south, east, north = bounds
        self._side = side = 1 if prepared.contains(box(*bounds)) else side
        self._wide, self._high = (east - self._west) / side or 1.0, (north - self._south) / side or 1.0
        self._known = [[self._of(prepared, column, row) for column in range(side)] for row in range(side)]

    def _of(self, prepared: _Prepared, column: int, row: int) -> bool | None:
        west, south = self._west + column * self._wide, self._south + row * self._high
        square = box(west, south, west + self._wide, south + self._high)
        if not prepared.intersects(square):
            return False
        return True if prepared.contains(square) else None

    def tells(self, bounds: Box) -> bool | None:
        """Whether what has these bounds is inside; None where it must be looked at."""
        column, last_column = int((bounds[0] - self._west) // self._wide), int((bounds[2] - self._west) // self._wide)
        row, last_row = int((bounds[1] - self._south) // self._high), int((bounds[3] - self._south) // self._high)
        if column < 0 or row < 0 or last_column >= self._side or last_row >= self._side:
            return None
        if column == last_column and row == last_row:
            return self._known[row][column]
        first, *others = (known for line in self._known[row : last_row + 1] for known in line[column : last_column + 1])
        return first if all(known is first for known in others) else None


class _Prepared:
    """A shape prepared for many questions, one at a time: GEOS crashes when threads ask together."""

    def __init__(self, shape_: BaseGeometry) -> None:
        self._shape, self._lock = prep(shape_), threading.Lock()

    def intersects(self, other: BaseGeometry) -> bool:
        with self._lock:
            return self._shape.intersects(other)

    def contains(self, other: BaseGeometry) -> bool:
        with self._lock:
            return self._shape.contains(other)


def polygons(geometry: Any) -> MultiPolygon:
    """A GeoJSON polygon or several as one shape. Raises `ValueError` for anything else."""
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    rings = [[[point[:2] for point in ring] for ring in part] for part in parts if part and part[0]]
    return MultiPolygon([Polygon(part[0], part[1:]) for part in rings])


def as_multipolygon(shape_: BaseGeometry) -> dict[str, Any]:
    """A shape as a GeoJSON MultiPolygon."""
    parts = shape_.geoms if hasattr(shape_, "geoms") else [shape_]
    kept = [part for part in parts if part.geom_type == "Polygon"]
    return {
        "type": "MultiPolygon",
        "coordinates": [
            [[list(point[:2]) for point in ring.coords] for ring in chain([part.exterior], part.interiors)]
            for part in kept
        ],
    }


def names_of(codes: Iterable[str]) -> str:
    """« Lozère, Mende »: territories as a title says them."""
    return ", ".join(find(code).name for code in codes)
