"""From the roads to the ground around them: which point of the network answers for each cell of a grid.

A place belongs to an isochrone when the nearest point of the network is reached within the cutoff and lies no further
than ``reach`` metres. It is the rule by which every other tool of the plugin attaches a place to the network, so that
the people inside a polygon are those whose cost is within the cutoff. A `CellMap` holds what does not depend on the
facility (the nearest point of the network of each cell); `level` turns costs at these points into a field whose zero
line is the edge of the isochrone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Callable, NamedTuple, TypeVar

import numpy as np
from scipy.ndimage import distance_transform_edt

from ..processes.threads import in_threads, meanwhile
from ..ragged import owners, ranges, ranks
from ..routing import kernels
from ..routing.compiled import loops

Prepared = TypeVar("Prepared")


class Rectangle(NamedTuple):
    """A rectangle in the network's CRS, metres."""

    west: float
    south: float
    east: float
    north: float

    def grown(self, by: float) -> Rectangle:
        """This rectangle with ``by`` metres more on each side."""
        return Rectangle(self.west - by, self.south - by, self.east + by, self.north + by)

    def holds(self, other: Rectangle) -> bool:
        """Whether ``other`` lies wholly inside."""
        return (
            self.west <= other.west
            and self.south <= other.south
            and self.east >= other.east
            and self.north >= other.north
        )

    def within(self, other: Rectangle) -> Rectangle:
        """The part of this rectangle inside ``other``."""
        low = (max(a, b) for a, b in zip(self[:2], other[:2]))
        return Rectangle(*low, *(min(a, b) for a, b in zip(self[2:], other[2:])))

    def cells(self, cell: float) -> float:
        """How many cells of ``cell`` metres cover it."""
        return (self.east - self.west) / cell * ((self.north - self.south) / cell)

    def on_lines(self, cell: float) -> Rectangle:
        """The smallest rectangle around this one whose sides are lines of the grid of ``cell`` metres."""
        low, high = (np.floor(np.array(edges) / cell) * cell for edges in (self[:2], (-self.east, -self.north)))
        return Rectangle(*low.tolist(), *(-high).tolist())

    def around(self, hole: Rectangle) -> list[Rectangle]:
        """This rectangle without ``hole``, which lies inside: strips south and north of it, pieces west and east."""
        return [
            self._replace(north=hole.south),
            hole._replace(west=self.west, east=hole.west),
            hole._replace(west=hole.east, east=self.east),
            self._replace(south=hole.north),
        ]

    def tiles(self, cell: float, most: int) -> list[Rectangle]:
        """Rectangles of at most ``most`` cells or so that make up this one, cut along lines of the grid."""
        side = int(np.sqrt(most))
        columns, rows = (round((high - low) / cell) for low, high in zip(self[:2], self[2:]))
        across, along = (np.linspace(0, count, -(-count // side) + 1).astype(int) for count in (columns, rows))
        return [
            Rectangle(
                *(self.west + c0 * cell, self.south + r0 * cell), *(self.west + c1 * cell, self.south + r1 * cell)
            )
            for r0, r1 in zip(along[:-1], along[1:])
            for c0, c1 in zip(across[:-1], across[1:])
        ]


@dataclass(frozen=True)
class CellMap:
    """The nearest point of the network of each cell of a grid whose rows go north and columns east.

    Road cells are the cells a road passes through; each stands for one point of the network (`SamplePoints`). ``pace``
    (r,) f4 is the cost of one cell's width along its link, ``row``, ``column`` (r,) i4 say which cell it is.
    ``owner`` (rows, columns) i4 names for each cell the nearest road cell, r where none is near. ``beyond``
    (rows, columns) f4 is how far the cell lies beyond ``reach``, in cells, kept within -1 and 1, in steps (`_stepped`).
    ``west`` and ``south`` are the centre of cell (0, 0).
    """

    window: Rectangle
    west: float
    south: float
    cell: float
    reach: float
    pace: np.ndarray
    row: np.ndarray
    column: np.ndarray
    owner: np.ndarray
    beyond: np.ndarray

    @property
    def ground(self) -> Rectangle:
        """The rectangle all cells make up; its sides are lines of the grid."""
        rows, columns = self.owner.shape
        west, south = self.west - self.cell / 2, self.south - self.cell / 2
        return Rectangle(west, south, west + columns * self.cell, south + rows * self.cell)

    def around(self, road: np.ndarray) -> Rectangle:
        """A rectangle with all that is within ``reach`` of some road cells; its sides are lines of the grid."""
        row, column, margin = self.row[road], self.column[road], int(np.ceil(self.reach / self.cell)) + 1
        west, south = self.ground[:2]
        low, high = (int(column.min()), int(row.min())), (int(column.max()), int(row.max()))
        return Rectangle(
            west + (low[0] - margin) * self.cell,
            south + (low[1] - margin) * self.cell,
            west + (high[0] + 1 + margin) * self.cell,
            south + (high[1] + 1 + margin) * self.cell,
        ).within(self.ground)


class SamplePoints(NamedTuple):
    """For each road cell the point of the network nearest to its centre: ``link`` (r,) i4, ``fraction`` (r,) f8."""

    link: np.ndarray
    fraction: np.ndarray


class Roads(kernels.LinkLines):
    """The links of a network, as they are drawn."""

    def pieces(self, links: np.ndarray) -> RoadPieces:
        """The straight pieces of some links."""
        first = self.vertex_offset[links]
        count = self.vertex_offset[links + 1] - first
        position = np.cumsum(count) - count
        owner = owners(count)
        xy = self.vertices[ranges(first, count)]
        step = np.hypot(*(xy[1:] - xy[:-1]).T)
        step[position[1:] - 1] = 0
        walked = np.concatenate(([0.0], np.cumsum(step)))
        walked -= walked[position][owner]
        length = np.maximum(walked[position + count - 1], kernels.SHORTEST)
        fraction = walked / length[owner]
        begin = np.flatnonzero(step > 0)
        whose = owner[begin]
        return RoadPieces(
            start=xy[begin],
            end=xy[begin + 1],
            link=links[whose],
            fraction_start=fraction[begin],
            fraction_end=np.minimum(fraction[begin + 1], 1.0),
            slope=(self.cost[links] / length)[whose],
            one_way=self.one_way[links][whose],
        )


class RoadPieces(NamedTuple):
    """Straight pieces of links: their ends (s, 2), the link of each (s,), the fractions along it at both ends (s,).

    ``slope`` (s,) is the cost of a metre along them, ``one_way`` (s,) bool whether they are open one way only.
    """

    start: np.ndarray
    end: np.ndarray
    link: np.ndarray
    fraction_start: np.ndarray
    fraction_end: np.ndarray
    slope: np.ndarray
    one_way: np.ndarray


class _Grid(kernels.Grid):
    @property
    def cells(self) -> int:
        return self.rows * self.columns

    def centre(self, row: np.ndarray, column: np.ndarray) -> np.ndarray:
        """(n, 2) coordinates of the centres of cells."""
        return np.column_stack([self.first_column + column + 0.5, self.first_row + row + 0.5]) * self.cell


class _RoadCells(NamedTuple):
    """The point found for each of r road cells; ``slope`` is the cost of a metre there."""

    number: np.ndarray
    distance: np.ndarray
    link: np.ndarray
    fraction: np.ndarray
    slope: np.ndarray
    xy: np.ndarray

    def best(self, cells: int) -> _RoadCells:
        """For each cell (of ``cells``) the point nearest to its centre, ascending by cell."""
        chosen = _nearest_of_each_cell(self.number, self.distance, cells)
        return _RoadCells(*(column[chosen] for column in self))


def map_cells(
    parts: Iterable[np.ndarray],
    lines: Roads,
    window: Rectangle,
    cell: float,
    reach: float,
    prepare: Callable[[SamplePoints], Prepared],
) -> tuple[CellMap, Prepared]:
    """Find the nearest point of the network of each cell of ``window``. ``prepare`` works on these points in a thread.

    ``parts`` are links of ``lines``, some at a time; together they must hold every usable link that comes within
    ``reach`` of the window. A few parts are worked on at once, each by a thread: memory grows with
    the largest part and with the window. The same place gets the same answer in each window.
    """
    west, south, east, north = (int(np.floor(edge / cell)) for edge in window)
    grid = _Grid(south, west, north - south + 1, east - west + 1, float(cell))
    compiled = loops()  # here: they are made ready once
    found = list(in_threads(lambda links: _road_cells(lines, links, grid, compiled), parts))
    roads = _joined(found).best(grid.cells)
    row, column = roads.number // grid.columns, roads.number % grid.columns
    with meanwhile(lambda: prepare(SamplePoints(roads.link, roads.fraction))) as prepared:
        owner, beyond = _spread(row, column, roads.xy, grid, reach)
    cells = CellMap(
        window=window,
        west=(west + 0.5) * cell,
        south=(south + 0.5) * cell,
        cell=cell,
        reach=reach,
        pace=np.maximum(roads.slope * cell, 1e-6).astype(np.float32),
        row=row.astype(np.int32),
        column=column.astype(np.int32),
        owner=owner,
        beyond=beyond,
    )
    return cells, prepared.result()


def _joined(parts: list[_RoadCells]) -> _RoadCells:
    """All of ``parts``, which are emptied on the way: this is where memory is short."""
    columns = [list(column) for column in zip(*parts)]
    parts.clear()
    joined = []
    while columns:
        joined.append(np.concatenate(columns.pop(0)))
    return _RoadCells(*joined)


def _road_cells(lines: Roads, links: np.ndarray, grid: _Grid, compiled: Any) -> _RoadCells:
    """The cells these links pass through, each with the point of them nearest to its centre."""
    if compiled:
        return _RoadCells(*compiled.road_cells(kernels.LinkLines(*lines), links, kernels.Grid(*grid)))
    pieces = lines.pieces(links)
    xy, piece = _points_along(pieces, grid.cell / 2)
    column = np.floor(xy[:, 0] / grid.cell).astype(np.int64) - grid.first_column
    row = np.floor(xy[:, 1] / grid.cell).astype(np.int64) - grid.first_row
    inside = (column >= 0) & (column < grid.columns) & (row >= 0) & (row < grid.rows)
    xy, piece, column, row = xy[inside], piece[inside], column[inside], row[inside]
    number = row * grid.columns + column
    centre = grid.centre(row, column)
    best = _nearest_of_each_cell(number, ((xy - centre) ** 2).sum(axis=1), grid.cells)
    piece, centre = piece[best], centre[best]
    nearest, along = _project(centre, pieces.start[piece], pieces.end[piece])
    fraction = pieces.fraction_start[piece] + along * (pieces.fraction_end - pieces.fraction_start)[piece]
    fraction = _ends_of_one_ways(pieces, piece, nearest, fraction, grid.cell)
    return _RoadCells(
        number=number[best].astype(np.int32),
        distance=((nearest - centre) ** 2).sum(axis=1).astype(np.float32),
        link=pieces.link[piece].astype(np.int32),
        fraction=fraction,
        slope=pieces.slope[piece].astype(np.float32),
        xy=nearest,
    )


class Field(NamedTuple):
    """Values (rows, columns) f4 on the part of a grid that begins at cell (``row``, ``column``), negative inside.

    ``west`` and ``south`` are the centre of the grid's cell (0, 0).
    """

    values: np.ndarray
    row: int
    column: int
    west: float
    south: float
    cell: float

    def positions(self, points: np.ndarray) -> np.ndarray:
        """(n, 2) columns and rows of this part to coordinates.

        The same place gives the very same coordinates from any part of the grid: fractions of a cell are rounded
        before whole cells are added.
        """
        exact = np.round(points * _FINENESS) / _FINENESS + (self.column, self.row)
        return exact * self.cell + (self.west, self.south)


_FINENESS = 2.0**20
_STEPS = np.float32(1024)
_OUT_OF_REACH = (_STEPS - np.float32(0.5)) / _STEPS
"""What a cell of whose road nothing is reached has in a field: 1 in steps."""
_ROWS_AT_ONCE = 16
"""Rows of a field filled together: what they need stays in the processor's own memory."""


def _stepped(values: np.ndarray) -> np.ndarray:
    """Single precision ``values``, in place, rounded up to steps, half a step off zero.

    Lines of two cutoffs are then the same or clearly apart, and no line passes through the very centre of a cell, where
    it would touch itself. Order is kept: the larger of two values in steps is the larger of both, in steps.
    """
    values *= _STEPS
    np.ceil(values, out=values)
    values -= np.float32(0.5)
    values /= _STEPS
    return values


def level(
    cells: CellMap, reached: np.ndarray, cost: np.ndarray, cutoff: float, tile: Rectangle | None = None
) -> Field | None:
    """The field whose zero line is the edge of the isochrone: how many cells further one must go to come to it.

    ``reached`` (n,), ascending, indexes road cells and ``cost`` (n,) f4 is their cost, inf where out of reach as the
    others are. A cell
    takes the value of its nearest point of the network: along a road the field is the (signed) way left, in cells, to
    the point where the cost reaches the cutoff, so that the line crosses the road just there. It falls, or stays, in
    every cell when the cutoff rises: polygons of larger cutoffs hold those of smaller ones. ``tile``, whose sides are
    lines of the grid, keeps the cells inside it. Returns None where not one cell is inside the isochrone.
    """
    ahead = (cost - np.float32(cutoff)) / cells.pace.take(reached)
    inside = reached[ahead <= 0]
    if len(inside) == 0:
        return None
    margin = int(np.ceil(cells.reach / cells.cell)) + 2
    row, column = cells.row[inside[[0, -1]]], cells.column.take(inside)  # road cells ascend row by row
    first_row, end_row, first_column, end_column = _cells_of(cells, tile)
    top, left = max(int(row[0]) - margin, first_row), max(int(column.min()) - margin, first_column)
    bottom, right = min(int(row[1]) + margin + 1, end_row), min(int(column.max()) + margin + 1, end_column)
    if top >= bottom or left >= right:
        return None
    of_road = np.full(len(cells.pace) + 1, _OUT_OF_REACH)
    of_road[reached] = _stepped(np.clip(ahead, -1, 1, out=ahead))
    values, lowest = _of_cells(of_road, cells.owner[top:bottom, left:right], cells.beyond[top:bottom, left:right])
    if lowest >= 0:
        return None
    return Field(values, top, left, cells.west, cells.south, cells.cell)


def _of_cells(of_road: np.ndarray, owner: np.ndarray, beyond: np.ndarray) -> tuple[np.ndarray, float]:
    """The values (rows, columns) of cells: those of their road cells, and no less than ``beyond``; and the lowest."""
    values = np.empty(owner.shape, np.float32)
    if loops():
        return values, loops().fill(of_road, owner, beyond, values)
    for top in range(0, len(owner), _ROWS_AT_ONCE):
        rows = slice(top, top + _ROWS_AT_ONCE)
        of_road.take(owner[rows], out=values[rows], mode="clip")
        np.maximum(values[rows], beyond[rows], out=values[rows])
    return values, values.min()


def _cells_of(cells: CellMap, tile: Rectangle | None) -> tuple[int, int, int, int]:
    """First row, row after the last, first column, column after the last."""
    rows, columns = cells.owner.shape
    if tile is None:
        return 0, rows, 0, columns
    west, south = cells.ground[:2]
    first, end = ([round((x - west) / cells.cell), round((y - south) / cells.cell)] for x, y in (tile[:2], tile[2:]))
    return max(first[1], 0), min(end[1], rows), max(first[0], 0), min(end[0], columns)


def _ends_of_one_ways(
    pieces: RoadPieces, piece: np.ndarray, nearest: np.ndarray, fraction: np.ndarray, cell: float
) -> np.ndarray:
    """Fractions, moved to the end of a one-way link where that is less than a cell away.

    To stand just before the end of a one-way street one may have to drive all around, while the junction itself is
    reached: which of the streets that meet there is nearest to a cell's centre is chance, and must not decide.
    """
    one_way = pieces.one_way[piece]
    begins = (pieces.fraction_start[piece] <= 0) & (np.hypot(*(pieces.start[piece] - nearest).T) < cell)
    ends = (pieces.fraction_end[piece] > 1 - 1e-9) & (np.hypot(*(pieces.end[piece] - nearest).T) < cell)
    moved = np.where(ends & (~begins | (fraction > 0.5)), 1.0, np.where(begins, 0.0, fraction))
    return np.where(one_way, moved, fraction)


def _points_along(pieces: RoadPieces, spacing: float) -> tuple[np.ndarray, np.ndarray]:
    """Points evenly set along each piece, at most ``spacing`` apart, at least one, and the piece of each."""
    length = np.hypot(*(pieces.end - pieces.start).T)
    count = np.maximum(1, np.ceil(length / spacing)).astype(np.int64)
    piece = owners(count)
    rank = ranks(count)
    along = ((rank + 0.5) / count[piece])[:, None]
    return pieces.start[piece] * (1 - along) + pieces.end[piece] * along, piece


def _nearest_of_each_cell(cell: np.ndarray, distance: np.ndarray, cell_count: int) -> np.ndarray:
    """For each cell that holds points, the index of the one at the smallest distance; ascending by cell.

    Each round writes one candidate in every cell and keeps those that are better than what was written: a few rounds
    over fewer and fewer points, faster than sorting them all.
    """
    best = np.full(cell_count, -1, dtype=np.int64)
    candidates = np.arange(len(cell))
    while len(candidates):
        best[cell[candidates]] = candidates
        candidates = candidates[distance[candidates] < distance[best[cell[candidates]]]]
    return best[best >= 0]


def _project(point: np.ndarray, start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The nearest point (n, 2) of each straight piece, and where it lies along it (0 to 1)."""
    direction = end - start
    squared = np.maximum((direction**2).sum(axis=1), 1e-12)
    along = np.clip(((point - start) * direction).sum(axis=1) / squared, 0, 1)
    return start + direction * along[:, None], along


def _spread(
    row: np.ndarray, column: np.ndarray, nearest: np.ndarray, grid: _Grid, reach: float
) -> tuple[np.ndarray, np.ndarray]:
    """Give every cell the road cell nearest to it, and how far beyond ``reach`` of its point it lies (in cells)."""
    count, shape = len(row), (grid.rows, grid.columns)
    number = np.full(shape, count, dtype=np.int32)
    if count == 0:
        return number, np.full(shape, _OUT_OF_REACH)
    number[row, column] = np.arange(count, dtype=np.int32)
    near_row, near_column = distance_transform_edt(number == count, return_distances=False, return_indices=True)
    owner = number[near_row, near_column]
    del near_row, near_column
    west, south = (grid.first_column + 0.5) * grid.cell, (grid.first_row + 0.5) * grid.cell
    # Relative to the grid's corner, single precision is a millimetre.
    along = (nearest - (west, south)).astype(np.float32)
    cell = np.float32(grid.cell)
    east = along[:, 0][owner] - (np.arange(grid.columns, dtype=np.float32) * cell)[None, :]
    north = along[:, 1][owner] - (np.arange(grid.rows, dtype=np.float32) * cell)[:, None]
    beyond = np.clip((np.hypot(east, north) - np.float32(reach)) / cell, -1, 1)
    owner[beyond >= 1] = count
    return owner, _stepped(beyond)
