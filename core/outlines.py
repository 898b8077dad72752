"""Outlines of the communes: how far a position lies outside the commune that it is said to be in.

The outlines are data: `data/outlines.npz`, made by `scripts/build_outlines.py` (IGN Admin Express, Licence Ouverte).
They lie within `OFF_BY` metres of their source's.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache, reduce
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
from shapely.affinity import scale
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from .ragged import offsets
from .territories import UnknownTerritory, departement_of, present_commune

OUTLINES = Path(__file__).parent / "data" / "outlines.npz"
STEPS_A_DEGREE = 10_000
OFF_BY = 50.0
FARTHEST_OUTSIDE = 500.0
"""Metres outside its commune up to which a place may be."""
METRES_A_DEGREE = 111_195.0
"""Of latitude, on the sphere of 6 371 km: within 0.6 % of the ellipsoid's."""

_Found = TypeVar("_Found")


class _Flat(NamedTuple):
    """An outline in metres, on a plane that fits around it: ``east`` and ``north`` are metres a degree."""

    shape: BaseGeometry
    east: float
    north: float
    off_by: float


class Outlines:
    """Where communes are. ``own``: outlines in degrees by INSEE code that are used before those of the table."""

    def __init__(self, own: Mapping[str, BaseGeometry] | None = None) -> None:
        self._own = own or {}
        self._flat: dict[str, _Flat | None] = {}

    def metres_outside(self, code_insee: str, lon: float, lat: float) -> float | None:
        """How far a position in degrees lies outside a commune for certain, 0 inside; None when nothing is known of it.

        An arrondissement of Paris, Lyon or Marseille has its own outline, a former commune that of the present one;
        a code of no known commune stands for its département's bounds. Near the commune the length is right within 1 %.
        """
        try:
            flat = self._flat[code_insee]
        except KeyError:
            flat = self._flat[code_insee] = self._flattened(code_insee)
        if flat is None:
            return None
        distance = flat.shape.distance(Point(lon * flat.east, lat * flat.north))
        return max(distance - flat.off_by, 0.0)

    def area(self, code_insee: str) -> BaseGeometry | None:
        """The outline of a commune in degrees, within `OFF_BY` metres; None when it is not known."""
        own = _of_code_or_present(self._own.get, code_insee)
        if own is not None:
            return own
        rings = _of_code_or_present(_table().rings, code_insee)
        return _area(rings) if rings is not None else None

    def _flattened(self, code: str) -> _Flat | None:
        shape = _of_code_or_present(self._own.get, code)
        if shape is not None:
            east = _metres_a_degree_east(shape.bounds[1], shape.bounds[3])
            return _Flat(scale(shape, east, METRES_A_DEGREE, origin=(0.0, 0.0)), east, METRES_A_DEGREE, 0.0)
        rings, off_by = _of_code_or_present(_table().rings, code), OFF_BY
        if rings is None:
            rings, off_by = _table().bounds(code), 0.0
        if rings is None:
            return None
        east = _metres_a_degree_east(rings[0][:, 1].min(), rings[0][:, 1].max())
        return _Flat(_area([ring * (east, METRES_A_DEGREE) for ring in rings]), east, METRES_A_DEGREE, off_by)


@lru_cache(maxsize=1)
def shipped() -> Outlines:
    """The outlines that come with the plugin."""
    return Outlines()


def shipped_rings(code_insee: str) -> list[np.ndarray]:
    """The outline of a commune that comes with the plugin: points in degrees (n, 2) of each ring, none if unknown."""
    return _table().rings(code_insee) or []


def _of_code_or_present(known: Callable[[str], _Found | None], code: str) -> _Found | None:
    found = known(code)
    if found is not None:
        return found
    try:
        return known(present_commune(code))
    except UnknownTerritory:
        return None


def _metres_a_degree_east(south: float, north: float) -> float:
    return METRES_A_DEGREE * math.cos(math.radians((south + north) / 2.0))


def _area(rings: list[np.ndarray]) -> BaseGeometry:
    """What lies in an odd number of rings."""
    if len(rings) == 1:
        return Polygon(rings[0])
    areas = [Polygon(ring).buffer(0) for ring in rings]
    return reduce(BaseGeometry.symmetric_difference, areas)


class _Table:
    """The file. A ring's points are the sums of its moves; outlines are made when asked for."""

    def __init__(self) -> None:
        with np.load(OUTLINES) as arrays:
            codes, rings, points = arrays["codes"], arrays["rings"], arrays["points"].astype(int)
            first, moves = arrays["first"].astype(int), arrays["moves"]
        self._row = {code: number for number, code in enumerate(codes.astype(str).tolist())}
        self._rings = offsets(rings)
        self._ends = offsets(points)
        steps = np.zeros((self._ends[-1], 2), int)
        is_first = np.zeros(len(steps), bool)
        is_first[self._ends[:-1]] = True
        steps[~is_first] = moves.T
        steps[is_first] = first
        walked = np.cumsum(steps, axis=0)
        before = np.vstack(([0, 0], walked[self._ends[1:-1] - 1]))  # what was walked in the rings before
        self._xy = (walked - np.repeat(before, points, axis=0)) / STEPS_A_DEGREE

    def rings(self, code: str) -> list[np.ndarray] | None:
        """Points in degrees of each ring of a commune, (n, 2); None for a commune that is not here."""
        number = self._row.get(code)
        if number is None:
            return None
        ends = self._ends[self._rings[number] : self._rings[number + 1] + 1]
        return [self._xy[start:end] for start, end in zip(ends, ends[1:])]

    def bounds(self, code: str) -> list[np.ndarray] | None:
        """The corners, in degrees, of the bounds of the communes of the code's département."""
        try:
            departement = departement_of(code)
        except UnknownTerritory:
            return None
        rings = [ring for known in self._row if known.startswith(departement) for ring in self.rings(known) or ()]
        if not rings:
            return None
        (west, south), (east, north) = (edge(np.vstack(rings), axis=0) for edge in (np.min, np.max))
        return [np.array([[west, south], [east, south], [east, north], [west, north]])]


@lru_cache(maxsize=1)
def _table() -> _Table:
    return _Table()
