"""Positions from one coordinate reference system to another, in a way that cannot fail in silence.

QGIS's own transforms share PROJ objects between threads: once the thread that made them has ended, another one may get
its input back unchanged and hear of no error. Here pyproj does it, whose objects belong to the thread that uses them,
and what should have moved and did not is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.enums import TransformDirection
from pyproj.exceptions import CRSError, ProjError
from shapely.geometry.base import BaseGeometry

from .errors import CartoError, InvalidInput
from .proj_threads import hold_proj

EDGE_POINTS = 21
"""Along each side of a box that is transformed: straight edges become curves."""
Box = tuple[float, float, float, float]
"""West, south, east, north."""


class UnknownCrs(InvalidInput):
    """A coordinate reference system, or a way between two, that nobody knows."""


class NotMoved(CartoError):
    """Positions that came back as they were from a transform that should have moved them."""


class Transform:
    """From one CRS to another; x (or longitude) comes first in both.

    Args:
        source: the CRS as an authority's code (``EPSG:4326``) or WKT. ``target`` likewise.
        pipeline: the PROJ operation to use from ``source`` to ``target``, empty for PROJ's own choice.
        backwards: whether ``pipeline`` goes from ``target`` to ``source``.

    Raises `UnknownCrs`.
    """

    def __init__(self, source: str, target: str, pipeline: str = "", *, backwards: bool = False) -> None:
        self.source, self.target, self.pipeline, self.backwards = source, target, pipeline, backwards
        is_same, has_same_coordinates = _compared(source, target)
        self._stays = source == target or (not pipeline and is_same)
        self._moves = not self._stays and not has_same_coordinates
        self._direction = TransformDirection.INVERSE if backwards else TransformDirection.FORWARD
        self._transformer = None if self._stays else _transformer(source, target, pipeline)

    def inverse(self) -> Transform:
        """The way back."""
        return Transform(self.target, self.source, self.pipeline, backwards=bool(self.pipeline) and not self.backwards)

    def points(self, xy: np.ndarray) -> np.ndarray:
        """Positions (n, 2) in the other CRS; NaN where they are NaN or have no place there.

        Raises `NotMoved`.
        """
        xy = np.asarray(xy, dtype=float).reshape(-1, 2)
        if self._transformer is None or not len(xy):
            return xy
        hold_proj()
        x, y = self._transformer.transform(xy[:, 0], xy[:, 1], direction=self._direction)
        moved = np.column_stack((x, y))
        moved[~(np.isfinite(moved) & np.isfinite(xy)).all(axis=1)] = np.nan
        self._check(xy, moved)
        return moved

    def point(self, x: float, y: float) -> tuple[float, float] | None:
        """One position; None where it has no place."""
        ((east, north),) = self.points(np.array([[x, y]])).tolist()
        return (east, north) if np.isfinite(east) else None

    def shapes(self, shapes: Sequence[BaseGeometry | None]) -> list[BaseGeometry | None]:
        """Geometries, heights left out; None where there is none or where a part of it has no place."""
        known = [row for row, shape in enumerate(shapes) if shape is not None]
        result: list[BaseGeometry | None] = [None] * len(shapes)
        for row, moved in zip(known, _each_moved([shapes[row] for row in known], self.points)):
            result[row] = moved
        return result

    def box(self, west: float, south: float, east: float, north: float) -> Box:
        """The box around a box. Raises `UnknownCrs` when no part of it has a place."""
        along = np.linspace(0.0, 1.0, EDGE_POINTS)
        x, y = west + (east - west) * along, south + (north - south) * along
        sides = [(x, np.full_like(x, edge)) for edge in (south, north)] + [
            (np.full_like(y, e), y) for e in (west, east)
        ]
        edge = self.points(np.concatenate([np.column_stack(side) for side in sides]))
        edge = edge[np.isfinite(edge).all(axis=1)]
        if not len(edge):
            raise UnknownCrs("The extent has no place in the coordinate reference system {crs}.", crs=self.target)
        (west, south), (east, north) = edge.min(axis=0), edge.max(axis=0)
        return float(west), float(south), float(east), float(north)

    def _check(self, xy: np.ndarray, moved: np.ndarray) -> None:
        """Degrees and metres, or two projections, have hardly a point in common: nothing moved is nothing done."""
        placed = np.isfinite(moved).all(axis=1)
        if self._moves and placed.any() and np.array_equal(xy[placed], moved[placed]) and xy[placed].any():
            raise NotMoved(
                "Positions could not be brought from {source} to {target}: they came back unchanged.",
                source=_short(self.source),
                target=_short(self.target),
            )


def read_crs(text: str) -> CRS:
    """A CRS by its code or WKT. Raises `UnknownCrs`."""
    hold_proj()
    try:
        return CRS.from_user_input(text)
    except CRSError as error:
        raise UnknownCrs("The coordinate reference system “{crs}” is not understood.", crs=_short(text)) from error


def geocentric(degrees: np.ndarray) -> np.ndarray:
    """(n, 3) metres from the centre of the Earth (WGS 84) of longitudes and latitudes (n, 2); NaN where they are."""
    hold_proj()
    lon, lat = np.asarray(degrees, dtype=float).reshape(-1, 2).T
    placed = np.column_stack(_transformer("EPSG:4979", "EPSG:4978", "").transform(lon, lat, np.zeros(len(lon))))
    placed[~np.isfinite(placed).all(axis=1)] = np.nan
    return placed


@lru_cache(maxsize=64)
def _compared(source: str, target: str) -> tuple[bool, bool]:
    """Whether two CRS are the same, and `_same_coordinates`: reading them takes milliseconds, and layers have few."""
    systems = read_crs(source), read_crs(target)
    return systems[0] == systems[1], _same_coordinates(*systems)


@lru_cache(maxsize=64)
def _transformer(source: str, target: str, pipeline: str) -> Transformer:
    """pyproj keeps PROJ's objects apart for each thread that uses it."""
    try:
        if pipeline:
            return Transformer.from_pipeline(pipeline)
        return Transformer.from_crs(source, target, always_xy=True)
    except (CRSError, ProjError) as error:
        raise UnknownCrs(
            "No way is known from {source} to {target}; see Project ▸ Properties ▸ Transformations.",
            source=_short(source),
            target=_short(target),
        ) from error


def _same_coordinates(source: CRS, target: CRS) -> bool:
    """Whether a position may have the same coordinates in both: systems that differ by their datum only."""
    if source.is_geographic and target.is_geographic:
        return True
    conversions = source.coordinate_operation, target.coordinate_operation
    return None not in conversions and conversions[0].params == conversions[1].params


if shapely.__version__ < "2":
    from shapely.ops import transform as _transform_one

    def _each_moved(shapes: list[BaseGeometry], move: Callable[[np.ndarray], np.ndarray]) -> list[BaseGeometry | None]:
        def one(x: Sequence[float], y: Sequence[float], _z: object = None) -> tuple[np.ndarray, np.ndarray]:
            placed = move(np.column_stack((x, y)))
            if not np.isfinite(placed).all():
                raise OverflowError
            return placed[:, 0], placed[:, 1]

        moved = []
        for shape in shapes:
            try:
                moved.append(_transform_one(one, shape) if not shape.is_empty else shape)
            except OverflowError:
                moved.append(None)
        return moved

else:

    def _each_moved(shapes: list[BaseGeometry], move: Callable[[np.ndarray], np.ndarray]) -> list[BaseGeometry | None]:
        _, owner = shapely.get_coordinates(shapes, return_index=True)
        nowhere: set[int] = set()

        def all_at_once(xy: np.ndarray) -> np.ndarray:
            placed = move(xy)
            nowhere.update(owner[~np.isfinite(placed).all(axis=1)].tolist())
            return np.nan_to_num(placed)

        moved = shapely.transform(np.array(shapes, dtype=object), all_at_once) if shapes else []
        return [None if row in nowhere else shape for row, shape in enumerate(moved)]


def _short(crs: str) -> str:
    """A CRS as one may read it: its code, or the name inside its WKT."""
    return crs if len(crs) < 40 else crs.partition('"')[2].partition('"')[0] or crs[:40]
