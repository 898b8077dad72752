"""Areas made of square cells of a grid, and the polygons that bound them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry import LinearRing, Polygon

# The four ways along the sides of cells, each a quarter turn to the left of the one before it.
EAST, NORTH, WEST, SOUTH = range(4)
COLUMN_STEP = np.array([1, 0, -1, 0])
ROW_STEP = np.array([0, 1, 0, -1])


def outlines(labels: np.ndarray, count: int, west: float, south: float, cell: float) -> list[Polygon]:
    """One polygon, holes included, for each label 1 … count of ``labels`` (rows from the south, columns from the west).

    The cells of one label hang together by their sides; the outermost rows and columns are 0. ``west`` and ``south``
    are the corner of the grid and ``cell`` the side of a cell, in metres.
    """
    if not count:
        return []
    corners = labels.shape[1] + 1
    start, way, label = _sides(labels)
    following = _following(start, way, label, corners)
    sides, first = _rings(following, way)
    xy = np.column_stack([west + start[sides] % corners * cell, south + start[sides] // corners * cell])
    shell = _doubled_areas(xy, first) > 0
    area = label[sides[first]] - 1
    # One shell an area; shells, then holes, in the order of the areas.
    order = np.lexsort((~shell, area))
    rings = _linear_rings(xy, first)
    return _polygons([rings[ring] for ring in order], area[order], shell[order], count)


def _sides(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sides of cells where the label changes, walked with the label's cell on the left: corner they start from, way
    they go, label. Corners are numbered row by row.
    """
    corners = labels.shape[1] + 1
    starts, ways, owners = [], [], []

    def add(
        cells: np.ndarray, neighbours: np.ndarray, row: int, column: int, way: int, corner: tuple[int, int]
    ) -> None:
        rows, columns = np.nonzero((cells > 0) & (cells != neighbours))
        starts.append((rows + row + corner[0]) * corners + columns + column + corner[1])
        ways.append(np.full(len(rows), way))
        owners.append(cells[rows, columns])

    add(labels[1:], labels[:-1], 1, 0, EAST, (0, 0))  # the neighbour is to the south
    add(labels[:-1], labels[1:], 0, 0, WEST, (1, 1))  # to the north
    add(labels[:, 1:], labels[:, :-1], 0, 1, SOUTH, (1, 0))  # to the west
    add(labels[:, :-1], labels[:, 1:], 0, 0, NORTH, (0, 1))  # to the east
    return np.concatenate(starts), np.concatenate(ways), np.concatenate(owners)


def _following(start: np.ndarray, way: np.ndarray, label: np.ndarray, corners: int) -> np.ndarray:
    """For each side the next one of its ring.

    Where two cells of a label meet by a corner only, turning right keeps what lies outside them apart: rings may then
    touch at a point, but none crosses itself.
    """
    end = start + COLUMN_STEP[way] + ROW_STEP[way] * corners
    keys = start * 4 + way  # a corner has one side at most in each way
    order = np.argsort(keys)
    sorted_keys = keys[order]
    following = np.full(len(start), -1)
    for turn in (-1, 0, 1):
        wanted = end * 4 + (way + turn) % 4
        place = np.minimum(np.searchsorted(sorted_keys, wanted), len(keys) - 1)
        candidate = order[place]
        fits = (following < 0) & (sorted_keys[place] == wanted) & (label[candidate] == label)
        following[fits] = candidate[fits]
    return following


def _rings(following: np.ndarray, way: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sides that start where a ring turns, ring after ring, and the place of the first one of each ring."""
    turns = np.zeros(len(following), dtype=bool)
    turns[following] = way[following] != way
    onward, is_turn = following.tolist(), turns.tolist()
    seen = bytearray(len(onward))
    sides: list[int] = []
    first: list[int] = []
    for beginning in np.flatnonzero(turns).tolist():
        if seen[beginning]:
            continue
        first.append(len(sides))
        side = beginning
        while not seen[side]:
            seen[side] = 1
            if is_turn[side]:
                sides.append(side)
            side = onward[side]
    return np.array(sides, dtype=np.int64), np.array(first, dtype=np.int64)


def _doubled_areas(xy: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Twice the signed area of each ring, positive when it turns to the left."""
    onward = np.arange(1, len(xy) + 1)
    onward[np.append(first[1:], len(xy)) - 1] = first
    x, y = (xy - xy[0]).T
    return np.add.reduceat(x * y[onward] - x[onward] * y, first)


if shapely.__version__ < "2":

    def _linear_rings(xy: np.ndarray, first: np.ndarray) -> Sequence[LinearRing]:
        return [LinearRing(ring) for ring in np.split(xy, first[1:])]

    def _polygons(rings: Sequence[LinearRing], area: np.ndarray, shell: np.ndarray, count: int) -> list[Polygon]:
        holes: list[list[LinearRing]] = [[] for _ in range(count)]
        for ring in np.flatnonzero(~shell):
            holes[area[ring]].append(rings[ring])
        return [Polygon(rings[ring], holes[area[ring]]) for ring in np.flatnonzero(shell)]

else:

    def _linear_rings(xy: np.ndarray, first: np.ndarray) -> Sequence[LinearRing]:
        sizes = np.diff(np.append(first, len(xy)))
        return shapely.linearrings(xy, indices=np.repeat(np.arange(len(first)), sizes))

    def _polygons(rings: Sequence[LinearRing], area: np.ndarray, shell: np.ndarray, count: int) -> list[Polygon]:
        return list(shapely.polygons(rings, indices=area))
