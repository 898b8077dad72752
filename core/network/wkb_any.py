"""The lines of one WKB value of any kind: either byte order, curves, collections, extended codes."""

from __future__ import annotations

import struct
from typing import NamedTuple

import numpy as np

_POINT, _LINE, _CIRCULAR, _COMPOUND = 1, 2, 8, 9
_RINGS = (3, 17)
"""Polygon and triangle."""
_LINEAR = (5, 7, 9, 11)
"""Multi-line, collection, compound curve, multi-curve: the lines among their parts are roads."""
_NOT_LINEAR = (4, 6, 10, 12, 15, 16)
"""Multi-point, multi-polygon, polygons of curves, surfaces: the rings among their parts are none."""
_SRID = 0x20000000
_STEP = np.radians(1.0)
"""Most angle of arc that one straight piece stands for: 0.0013 % of its length is lost."""
_DEEPEST = 32


class WkbLine(NamedTuple):
    """One line with two vertices at least."""

    xy: np.ndarray
    """(n, 2) f8."""
    z_ends: tuple[float, float]
    """Heights of its ends, NaN where there are none."""


class _CutShort(Exception):
    """The bytes end before the geometry does, or mean nothing."""


def lines_in(wkb: bytes) -> list[WkbLine]:
    """The lines of ``wkb``; none when it is of another kind, or cut short."""
    try:
        return [line for line in _geometry(_Bytes(wkb), 0) if len(line.xy) >= 2]
    except _CutShort:
        return []


class _Bytes:
    """What is left to read."""

    def __init__(self, wkb: bytes) -> None:
        self._wkb, self._at = wkb, 0
        self._order = "<"

    def head(self) -> int:
        """The type code of the geometry that begins here; its byte order holds until the next."""
        (order,) = self._take("B")
        if order > 1:
            raise _CutShort
        self._order = "<" if order else ">"
        code = self.count()
        if code & _SRID:
            self.count()
        return code

    def count(self) -> int:
        return self._take("I")[0]

    def vertices(self, count: int, width: int) -> np.ndarray:
        """(count, width) f8."""
        begin, self._at = self._at, self._at + 8 * count * width
        if self._at > len(self._wkb):
            raise _CutShort
        return np.frombuffer(self._wkb, f"{self._order}f8", count * width, begin).astype(float).reshape(-1, width)

    def _take(self, layout: str) -> tuple:
        try:
            values = struct.unpack_from(self._order + layout, self._wkb, self._at)
        except struct.error as error:
            raise _CutShort from error
        self._at += struct.calcsize(self._order + layout)
        return values


def _geometry(source: _Bytes, depth: int) -> list[WkbLine]:
    code = source.head()
    kind, has_z, width = _meaning(code)
    if kind in (_LINE, _CIRCULAR):
        values = source.vertices(source.count(), width)
        return [_line(values, has_z, kind == _CIRCULAR)]
    if kind == _POINT:
        source.vertices(1, width)
        return []
    if kind in _RINGS:
        for _ in range(source.count()):
            source.vertices(source.count(), width)
        return []
    if kind not in _LINEAR + _NOT_LINEAR or depth > _DEEPEST:
        raise _CutShort
    parts: list[WkbLine] = []
    for _ in range(source.count()):
        parts += _geometry(source, depth + 1)
    if kind == _COMPOUND:
        return _joined([part for part in parts if len(part.xy)])
    return parts if kind in _LINEAR else []


def _meaning(code: int) -> tuple[int, bool, int]:
    """Kind, whether it has heights, and number of dimensions of a type code of ISO or extended WKB."""
    iso = (code & 0xFFFF) // 1000
    has_z = bool(code & 0x80000000) or iso in (1, 3)
    has_m = bool(code & 0x40000000) or iso in (2, 3)
    return (code & 0xFFFF) % 1000, has_z, 2 + has_z + has_m


def _line(values: np.ndarray, has_z: bool, curved: bool) -> WkbLine:
    z_ends = (float(values[0, 2]), float(values[-1, 2])) if has_z and len(values) else (np.nan, np.nan)
    xy = values[:, :2]
    return WkbLine(_straightened(xy) if curved and len(xy) >= 3 else xy, z_ends)


def _joined(parts: list[WkbLine]) -> list[WkbLine]:
    """One line of pieces that follow each other."""
    if not parts:
        return []
    xy = np.concatenate([parts[0].xy] + [part.xy[1:] for part in parts[1:]])
    return [WkbLine(xy, (parts[0].z_ends[0], parts[-1].z_ends[1]))]


def _straightened(xy: np.ndarray) -> np.ndarray:
    """A circular string (start, any point, end, any point, end …) as straight pieces through all its points."""
    pieces = [xy[:1]]
    for begin in range(0, len(xy) - 2, 2):
        pieces.append(_arc(*xy[begin : begin + 3]))
    return np.concatenate(pieces)


def _arc(start: np.ndarray, middle: np.ndarray, end: np.ndarray) -> np.ndarray:
    """(n, 2) the vertices after ``start`` of the arc through ``middle``; a whole circle where it ends at its start."""
    centre = (start + middle) / 2 if (start == end).all() else _centre(start, middle, end)
    if not np.isfinite(centre).all():  # three points in line
        return np.stack((middle, end))
    radius = float(np.hypot(*(start - centre)))
    angles = [float(np.arctan2(y, x)) for x, y in (start - centre, middle - centre, end - centre)]
    turn = (angles[1] - angles[0]) % (2 * np.pi)
    whole = (angles[2] - angles[0]) % (2 * np.pi) or 2 * np.pi
    forth = turn if turn <= whole else turn - 2 * np.pi
    back = (whole if turn <= whole else whole - 2 * np.pi) - forth
    first = _swept(centre, radius, angles[0], forth)
    second = _swept(centre, radius, angles[1], back)
    return np.concatenate((first, [middle], second, [end]))


def _swept(centre: np.ndarray, radius: float, begin: float, turn: float) -> np.ndarray:
    """(n, 2) what lies between the ends of one piece of arc, both left out."""
    count = int(np.ceil(abs(turn) / _STEP))
    angle = begin + turn * np.arange(1, count) / max(count, 1)
    return centre + radius * np.column_stack((np.cos(angle), np.sin(angle)))


def _centre(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    """The centre of the circle through three points; infinite when they are in line."""
    p, q = b - a, c - a
    twice = 2 * (p[0] * q[1] - p[1] * q[0])
    if abs(twice) <= 1e-12 * float(np.hypot(*p) * np.hypot(*q)):
        return np.full(2, np.inf)
    pp, qq = p @ p, q @ q
    return a + np.array([q[1] * pp - p[1] * qq, p[0] * qq - q[0] * pp]) / twice
