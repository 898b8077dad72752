"""The innermost loops of searches and of drawing, one number at a time: for a compiler (`compiled`), slow without.

Each does what a few lines of numpy and scipy do elsewhere, with the same additions and comparisons in an order that
does not matter: the costs are the same to the last bit.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .arcs import Arcs

Arrive = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
"""(d,) each: the first and the last column, and what it costs to come from them."""


SHORTEST = 1e-2
"""Metres that a link has at least."""
_SOME = 1024


class Crossings(NamedTuple):
    """Where the values of a row change their sign, row after row: between ``column`` and the next of ``row``.

    ``start`` (rows + 1,) says which are a row's; ``ring`` (x,) is the ring through each, -1 before it is known.
    """

    start: np.ndarray
    row: np.ndarray
    column: np.ndarray
    ring: np.ndarray


class LinkLines(NamedTuple):
    """The M links of a network: all their ``vertices`` (V, 2), where those of each begin (M + 1,), the ``cost`` (M,) of
    each in its easier direction, and whether it is open one way only (M,)."""

    vertices: np.ndarray
    vertex_offset: np.ndarray
    cost: np.ndarray
    one_way: np.ndarray


class Grid(NamedTuple):
    """A grid whose lines are whole multiples of the cell, so that all grids of one cell size share them."""

    first_row: int
    first_column: int
    rows: int
    columns: int
    cell: float


class Queue(NamedTuple):
    """``buckets`` buckets, ``width`` of cost each, together wider than the longest arc; how far a search goes."""

    width: float
    buckets: int
    bound: float


def spread(arcs: Arcs, queue: Queue, cost: np.ndarray, origin: np.ndarray, seeds: np.ndarray) -> None:
    """Costs of all nodes within the bound from the nodes ``seeds``, in place.

    ``cost`` (n,) at least: inf, and at the seeds what they cost. ``origin`` (n,) at least: at the seeds a number, which
    nodes take from whom they are reached by, the lowest of those that cost the same; empty where nobody asks.

    What is in a bucket costs about the same (Dial, 1969; Meyer & Sanders, 2003): a node whose cost falls once more is
    gone through once more, until nothing falls.
    """
    start, head, arc_cost = arcs.start, arcs.head, arcs.cost
    width, buckets = queue.width, queue.buckets
    first = np.full(buckets, -1, np.int32)
    links = np.full((len(start) - 1, 3), -1, np.int32)
    waiting, named = 0, len(origin) > 0
    for row in range(len(seeds)):
        waiting += _put(seeds[row], int(cost[seeds[row]] / width) % buckets, first, links)
    bucket = 0
    while waiting > 0:
        node = first[bucket]
        if node < 0:
            bucket = (bucket + 1) % buckets
            continue
        _take_out(node, first, links)
        waiting -= 1
        here = cost[node]
        for arc in range(start[node], start[node + 1]):
            to, there = head[arc], here + arc_cost[arc]
            if there > cost[to] or there > queue.bound:
                continue
            if there < cost[to] or (named and origin[node] < origin[to]):
                cost[to] = there
                if named:
                    origin[to] = origin[node]
                waiting += _put(to, int(there / width) % buckets, first, links)


def _put(node: int, bucket: int, first: np.ndarray, links: np.ndarray) -> int:
    """Put ``node`` into a bucket, out of any other; how many more wait. ``links``: next, previous, bucket, or -1."""
    more = 1
    if links[node, 2] >= 0:
        if links[node, 2] == bucket:
            return 0
        _take_out(node, first, links)
        more = 0
    after = first[bucket]
    links[node, 0], links[node, 1], links[node, 2] = after, -1, bucket
    if after >= 0:
        links[after, 1] = node
    first[bucket] = node
    return more


def _take_out(node: int, first: np.ndarray, links: np.ndarray) -> None:
    after, before, bucket = links[node, 0], links[node, 1], links[node, 2]
    if before >= 0:
        links[before, 0] = after
    else:
        first[bucket] = after
    if after >= 0:
        links[after, 1] = before
    links[node, 2] = -1


def hang(up_start: np.ndarray, up_node: np.ndarray, begin: int, present: np.ndarray) -> None:
    """Mark the nodes from ``begin`` on of whose higher nodes one is ``present``, in place."""
    for place in range(len(up_start) - 1):
        for arc in range(up_start[place], up_start[place + 1]):
            if present[up_node[arc]]:
                present[begin + place] = True


def sweep(up_start: np.ndarray, up_column: np.ndarray, down_cost: np.ndarray, begin: int, cost: np.ndarray) -> None:
    """Costs of the nodes under the core, in place: from those above each and the downward arcs.

    ``up_start`` (m + 1,), ``up_column``, ``down_cost`` (u,): the upward arcs of the columns from ``begin`` on, by the
    columns of their higher nodes. ``cost`` (S, n + 1): of the core, and under it where a search begins; inf elsewhere.
    """
    for row in range(len(cost)):
        line = cost[row]
        for place in range(len(up_start) - 1):
            best = line[begin + place]
            for arc in range(up_start[place], up_start[place + 1]):
                best = min(best, line[up_column[arc]] + down_cost[arc])
            line[begin + place] = best


def sweep_nearest(
    up_start: np.ndarray, up_node: np.ndarray, down_cost: np.ndarray, begin: int, cost: np.ndarray, which: np.ndarray
) -> None:
    """As `sweep` for G groups of sources: ``cost`` (K + 1, G), and which of them it is from, the first of equals."""
    for place in range(len(up_start) - 1):
        node = begin + place
        for arc in range(up_start[place], up_start[place + 1]):
            above, down = up_node[arc], down_cost[arc]
            for group in range(cost.shape[1]):
                there = cost[above, group] + down
                if there > cost[node, group]:
                    continue
                if there < cost[node, group] or which[above, group] < which[node, group]:
                    cost[node, group], which[node, group] = there, which[above, group]


def lines(reached: np.ndarray, arrive: Arrive, bound: float, cost: np.ndarray) -> None:
    """Costs (S, d) f4 of d places by two columns each of ``reached`` (S, n + 1), inf beyond ``bound``."""
    first, last, from_first, from_last = arrive
    for row in range(len(cost)):
        line = reached[row]
        for place in range(len(first)):
            best = min(line[first[place]] + from_first[place], line[last[place]] + from_last[place])
            cost[row, place] = best if best <= bound else np.inf


def road_cells(lines: LinkLines, links: np.ndarray, grid: Grid) -> tuple[np.ndarray, ...]:
    """The cells of ``grid`` that ``links`` pass through, each with the point of them nearest to its centre.

    Points are tried every half cell or closer; of the straight piece with the nearest of them (the last of equals) the
    point nearest to the centre is taken. Gives (r,) number i4, squared distance f4, link i4, fraction f8, cost of a
    metre f4, and (r, 2) position.
    """
    vertices, offset, cost = lines.vertices, lines.vertex_offset, lines.cost
    top, left, rows, columns = _passed(lines, links, grid)
    where = np.full(rows * columns, -1, np.int32)
    best, found, count = np.empty((_SOME, 4)), np.empty((_SOME, 3), np.int64), 0
    walked = 0.0
    for link in links:
        base = walked
        for vertex in range(offset[link], offset[link + 1] - 1):
            walked += _step(vertices, vertex)
        length = max(walked - base, SHORTEST)
        walked = base
        for vertex in range(offset[link], offset[link + 1] - 1):
            step = _step(vertices, vertex)
            if step <= 0:
                continue
            from_share, to_share = (walked - base) / length, min((walked + step - base) / length, 1.0)
            walked += step
            points = max(1, int(np.ceil(step / (grid.cell / 2))))
            for rank in range(points):
                along = (rank + 0.5) / points
                x = vertices[vertex, 0] * (1 - along) + vertices[vertex + 1, 0] * along
                y = vertices[vertex, 1] * (1 - along) + vertices[vertex + 1, 1] * along
                row, column = int(np.floor(y / grid.cell)), int(np.floor(x / grid.cell))
                if not (top <= row < top + rows and left <= column < left + columns):
                    continue
                apart = _squared(x - (column + 0.5) * grid.cell, y - (row + 0.5) * grid.cell)
                place = (row - top) * columns + column - left
                here = where[place]
                if here < 0:
                    if count == len(found):
                        best, found = _doubled(best), _doubled(found)
                    here = where[place] = count
                    count += 1
                    found[here, 0] = (row - grid.first_row) * grid.columns + column - grid.first_column
                elif apart > best[here, 0]:
                    continue
                best[here, 0], best[here, 1], best[here, 2] = apart, from_share, to_share
                best[here, 3] = cost[link] / length
                found[here, 1], found[here, 2] = link, vertex
    return _points_of(lines, grid, best[:count], found[:count])


def _passed(lines: LinkLines, links: np.ndarray, grid: Grid) -> tuple[int, int, int, int]:
    """The part of the grid that links pass through: first row and column, counted from 0, how many rows and columns."""
    low_row, low_column = grid.first_row + grid.rows, grid.first_column + grid.columns
    high_row, high_column = grid.first_row - 1, grid.first_column - 1
    for link in links:
        for vertex in range(lines.vertex_offset[link], lines.vertex_offset[link + 1]):
            row = int(np.floor(lines.vertices[vertex, 1] / grid.cell))
            column = int(np.floor(lines.vertices[vertex, 0] / grid.cell))
            low_row, high_row = min(low_row, row), max(high_row, row)
            low_column, high_column = min(low_column, column), max(high_column, column)
    # One more on each side: rounded, a point between two others may lie a hair beyond both.
    low_row, low_column = max(low_row - 1, grid.first_row), max(low_column - 1, grid.first_column)
    rows = min(high_row + 2, grid.first_row + grid.rows) - low_row
    columns = min(high_column + 2, grid.first_column + grid.columns) - low_column
    return low_row, low_column, max(rows, 0), max(columns, 0)


def _step(vertices: np.ndarray, vertex: int) -> float:
    """From a vertex to the next, metres."""
    return np.hypot(vertices[vertex + 1, 0] - vertices[vertex, 0], vertices[vertex + 1, 1] - vertices[vertex, 1])


def _squared(x: float, y: float) -> float:
    """The square of a length, as numpy has it of arrays: a power may be rounded otherwise."""
    return x * x + y * y


def _doubled(rows: np.ndarray) -> np.ndarray:
    """Rows, and as many more."""
    longer = np.empty((2 * len(rows), rows.shape[1]), rows.dtype)
    longer[: len(rows)] = rows
    return longer


def _points_of(lines: LinkLines, grid: Grid, best: np.ndarray, found: np.ndarray) -> tuple[np.ndarray, ...]:
    """What `road_cells` gives. ``best``: shares of the link at both ends of the piece, cost of a metre, after another;
    ``found``: number of the cell, link, first vertex of the piece."""
    count, cell = len(found), grid.cell
    distance, slope = np.empty(count, np.float32), np.empty(count, np.float32)
    fraction, position = np.empty(count), np.empty((count, 2))
    for place in range(count):
        number, link, vertex = found[place, 0], found[place, 1], found[place, 2]
        x = (number % grid.columns + grid.first_column + 0.5) * cell
        y = (number // grid.columns + grid.first_row + 0.5) * cell
        start_x, start_y = lines.vertices[vertex, 0], lines.vertices[vertex, 1]
        end_x, end_y = lines.vertices[vertex + 1, 0], lines.vertices[vertex + 1, 1]
        way_x, way_y = end_x - start_x, end_y - start_y
        along = ((x - start_x) * way_x + (y - start_y) * way_y) / max(_squared(way_x, way_y), 1e-12)
        along = min(max(along, 0.0), 1.0)
        near_x, near_y = start_x + way_x * along, start_y + way_y * along
        first, last = best[place, 1], best[place, 2]
        share = first + along * (last - first)
        if lines.one_way[link]:  # as `access.cost_surface._ends_of_one_ways`
            begins = first <= 0 and np.hypot(start_x - near_x, start_y - near_y) < cell
            ends = last > 1 - 1e-9 and np.hypot(end_x - near_x, end_y - near_y) < cell
            if ends and (not begins or share > 0.5):
                share = 1.0
            elif begins:
                share = 0.0
        position[place, 0], position[place, 1] = near_x, near_y
        distance[place], fraction[place] = _squared(near_x - x, near_y - y), share
        slope[place] = best[place, 3]
    return found[:, 0].astype(np.int32), distance, found[:, 1].astype(np.int32), fraction, slope, position


def fill(of_road: np.ndarray, owner: np.ndarray, beyond: np.ndarray, values: np.ndarray) -> np.floating:
    """Fill ``values`` (rows, columns) with those of the owners of cells, no less than ``beyond``; the lowest of all."""
    lowest = np.float32(np.inf)
    for row in range(values.shape[0]):
        for column in range(values.shape[1]):
            value = max(of_road[owner[row, column]], beyond[row, column])
            values[row, column] = value
            lowest = min(lowest, value)
    return lowest


def trace(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The rings around where ``values`` (rows, columns) are negative, which is to their left.

    No value at the edge is negative, and none is 0.
    Gives points (n, 2), column and row, each ring's last as its first; where each ring of R begins, (R + 1,); and
    (R,) i8 -1 for an outer ring, for a hole the ring around it, which comes before.
    """
    crossings = _crossings(values)
    points, count = np.empty((1024, 2)), 0
    begins, around = [0], [np.int64(-1)]
    last, before = -1, np.int64(-1)
    for crossing in range(len(crossings.row)):
        row = crossings.row[crossing]
        if row != last:
            last, before = row, np.int64(-1)
        if crossings.ring[crossing] < 0:
            # Where one enters from the west an outer ring begins, else a hole in what was entered.
            parent = before
            if values[row, crossings.column[crossing] + 1] < 0:
                parent = np.int64(-1)
            elif around[before + 1] >= 0:
                parent = around[before + 1]
            crossings.ring[crossing] = len(around) - 1
            around.append(parent)
            points, count = _follow(values, crossings, crossing, points, count)
            begins.append(count)
        before = crossings.ring[crossing]
    return points[:count], np.array(begins), np.array(around[1:])


def _crossings(values: np.ndarray) -> Crossings:
    """Those of ``values`` (rows, columns)."""
    rows, columns = values.shape
    start = np.zeros(rows + 1, np.int64)
    for row in range(rows):
        line, count = values[row], 0
        for column in range(columns - 1):
            count += (line[column] < 0) != (line[column + 1] < 0)
        start[row + 1] = start[row] + count
    row_of, column_of = np.empty(start[rows], np.int32), np.empty(start[rows], np.int32)
    for row in range(rows):
        at, column, line = start[row], 0, values[row]
        while at < start[row + 1]:
            if (line[column] < 0) != (line[column + 1] < 0):
                row_of[at], column_of[at] = row, column
                at += 1
            column += 1
    return Crossings(start, row_of, column_of, np.full(len(row_of), -1, np.int64))


def _place(columns: np.ndarray, low: int, high: int, column: int) -> int:
    """Where ``column`` is among ``columns[low:high]``, which ascend and have it."""
    while high - low > 1:
        middle = (low + high) // 2
        if columns[middle] <= column:
            low = middle
        else:
            high = middle
    return low


def _follow(
    values: np.ndarray, crossings: Crossings, crossing: int, points: np.ndarray, count: int
) -> tuple[np.ndarray, int]:
    """The ring through a crossing, into ``points`` from ``count`` on; all its crossings are marked."""
    row, column, first = crossings.row[crossing], crossings.column[crossing], count
    heading = 2 if values[row, column + 1] < 0 else 0  # north, east, south, west
    row -= heading // 2  # the square ahead, by its lowest row and column
    while True:
        if count == len(points):
            longer = np.empty((2 * count, 2))
            longer[:count] = points
            points = longer
        # The edge between the square ahead and the one behind: where it begins, and where its other end is.
        r, c, upright = row + (heading == 2), column + (heading == 3), heading % 2
        near, far = np.float64(values[r, c]), np.float64(values[r + upright, c + 1 - upright])
        share = far / (far - near)
        points[count, 0] = c if upright else c * share + (c + 1) * (1 - share)
        points[count, 1] = r * share + (r + 1) * (1 - share) if upright else r
        count += 1
        if not upright:
            here = _place(crossings.column, crossings.start[r], crossings.start[r + 1], c)
            if here == crossing and count > first + 1:
                points[count - 1] = points[first]
                return points, count
            crossings.ring[here] = crossings.ring[crossing]
        heading = _turned(values, row, column, heading)
        row += (heading == 0) - (heading == 2)
        column += (heading == 1) - (heading == 3)


def _turned(values: np.ndarray, row: int, column: int, heading: int) -> int:
    """Where a line that enters a square leaves it; through the middle the sides of what the four corners mean do."""
    # The corners ahead to the left and to the right, seen from the edge entered.
    left_row, left_column = row + (heading == 0 or heading == 1), column + (heading == 1 or heading == 2)
    right_row, right_column = row + (heading == 0 or heading == 3), column + (heading == 0 or heading == 1)
    left, right = values[left_row, left_column] < 0, values[right_row, right_column] < 0
    if left:
        return (heading + 1) % 4 if right else heading
    if right:
        middle = 0.25 * (
            np.float64(values[row, column])
            + np.float64(values[row, column + 1])
            + np.float64(values[row + 1, column])
            + np.float64(values[row + 1, column + 1])
        )
        if middle <= 0:
            return (heading + 1) % 4
    return (heading + 3) % 4
