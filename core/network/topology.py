"""From lines to nodes and links: where roads meet, and where they only cross."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..progress import Progress
from ..ragged import offsets, owners, ranges, ranks
from .merging import SAME_FLOOR, Floors, merge_close

_MILLIMETRE = 1e-3


class Topology(NamedTuple):
    """M links between N nodes, cut out of L lines."""

    node_xy: np.ndarray
    """(N, 2) f8."""
    link_from: np.ndarray
    """(M,) i4."""
    link_to: np.ndarray
    """(M,) i4."""
    link_line: np.ndarray
    """(M,) i4: the line each link is a piece of."""
    vertices: np.ndarray
    """(V, 2) f8."""
    offset: np.ndarray
    """(M + 1,) i8."""


def connect(
    vertices: np.ndarray,
    offset: np.ndarray,
    *,
    at_vertices: bool,
    level: np.ndarray | None = None,
    z_ends: np.ndarray | None = None,
    tolerance: float = 0.0,
    progress: Progress | None = None,
) -> Topology:
    """Cut lines into links at junctions.

    ``vertices`` (V, 2) in metres, ``offset`` (L + 1,). With ``at_vertices`` lines meet wherever they share a vertex
    (OpenStreetMap), else only where their ends coincide (BD TOPO). Lines that pass through one shared vertex at
    different ``level`` (L,) do not meet there; ends whose heights ``z_ends`` (L, 2) differ by more than 3 m neither.
    Ends within ``tolerance`` metres of each other (directly or through others) are one node, unless their heights or
    the levels of the lines that pass there part them. ``vertices`` is not to be used afterwards: where it can serve as
    the vertices of the links, its ends are moved onto their nodes.
    """
    progress = progress or Progress()
    first, last = offset[:-1], offset[1:] - 1
    is_end = np.zeros(len(vertices), bool)
    is_end[first] = True
    is_end[last] = True
    line_level = level if level is not None and level.any() else None
    if not at_vertices:
        cut = np.flatnonzero(is_end)
        node, places = _places(vertices[cut])
        node = _apart_by_height(node, places, first, last, z_ends)
    else:
        cut, node = _junctions(vertices, offset, is_end, line_level)
    progress.advance(0.5)
    node_xy = np.empty((int(node.max(initial=-1)) + 1, 2))
    node_xy[node] = vertices[cut]
    if tolerance > 0:
        floors = _floors(node, cut, is_end, offset, z_ends, line_level)
        node, node_xy = merge_close(node, node_xy, is_end[cut], tolerance, floors)
    return _links(vertices, offset, cut, node, node_xy)


def _junctions(
    vertices: np.ndarray, offset: np.ndarray, is_end: np.ndarray, level: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """The vertices where lines are cut, and the number of the place of each, where lines meet at shared vertices."""
    place, places = _places(vertices)
    again = _repeats(place, offset)
    counted = np.bincount(place, minlength=places)
    if again is not None:
        counted -= np.bincount(place[again], minlength=places)
    copies = _of_copies(place, offset)
    counted -= np.bincount(place[copies if again is None else copies[~again[copies]]], minlength=places)
    met = counted[place] > 1
    if again is not None:
        met &= ~again
    cut = np.flatnonzero(is_end | met)
    place = place[cut]
    if level is not None:
        line = owners(np.diff(offset))
        place, places = _numbered(_apart_by_level(place, level[line[cut]], is_end[cut]))
        met = is_end[cut] | (np.bincount(place, minlength=places)[place] > 1)
        cut, place = cut[met], place[met]
    return cut, _numbered(place)[0]


def _of_copies(place: np.ndarray, offset: np.ndarray) -> np.ndarray:
    """Vertices of lines that run through the same places as an earlier line, in the same order or the opposite one.

    A road drawn again (each direction on its own) meets nothing at the vertices that both have.
    """
    ends = place[offset[:-1]], place[offset[1:] - 1]
    count = np.diff(offset)
    like = np.column_stack((np.minimum(*ends), np.maximum(*ends), count))
    order = np.lexsort(like.T)
    same = (like[order][1:] == like[order][:-1]).all(axis=1)
    lines = np.sort(order[np.append(same, False) | np.append(False, same)]) if len(order) > 1 else order[:0]
    if len(lines) == 0:
        return np.empty(0, np.int64)
    count = count[lines]
    start = np.cumsum(count) - count
    rank = ranks(count)
    index = np.repeat(offset[:-1][lines], count) + rank
    back = np.repeat(count, count) - 1 - rank
    # Sequences are compared by random 64-bit sums of fixed seed, equal for equal sequences.
    random = np.random.default_rng(0)
    name = random.integers(0, 2**63, int(place.max()) + 1, np.uint64)[place[index]]
    of_rank = random.integers(0, 2**63, int(count.max()), np.uint64) * np.uint64(2) + np.uint64(1)
    there, here = (np.add.reduceat(name * of_rank[order], start) for order in (rank, back))
    first = np.unique(np.column_stack((np.minimum(there, here), np.maximum(there, here))), axis=0, return_index=True)[1]
    copy = np.ones(len(lines), bool)
    copy[first] = False
    return index[np.repeat(copy, count)]


def _repeats(place: np.ndarray, offset: np.ndarray) -> np.ndarray | None:
    """(V,) whether a vertex stands where its neighbour on the line does, and is no more a meeting for that.

    The ends of a line always count; None when no vertex is repeated.
    """
    same = place[1:] == place[:-1]
    same[offset[1:-1] - 1] = False
    if not same.any():
        return None
    again = np.concatenate(([False], same))
    # Of a run that reaches the end of its line, the end is the one that counts, not the first.
    first, last = offset[:-1], offset[1:] - 1
    begins = np.maximum.accumulate(np.where(again, 0, np.arange(len(place))))
    again[begins[last[again[last]]]] = True
    again[last] = False
    again[first] = False
    return again


def _links(
    vertices: np.ndarray, offset: np.ndarray, cut: np.ndarray, node: np.ndarray, node_xy: np.ndarray
) -> Topology:
    """Each link runs from one cut vertex to the next on the same line."""
    is_last = np.zeros(len(vertices), bool)
    is_last[offset[1:] - 1] = True
    head = np.flatnonzero(~is_last[cut])
    begin, end = cut[head], cut[head + 1]
    line = np.cumsum(is_last[cut], dtype=np.int32)[head]
    count = end - begin + 1
    new_offset = offsets(count)
    if new_offset[-1] == len(vertices):
        pieces = vertices
    else:
        index = ranges(begin, count)
        pieces = vertices.take(index, axis=0)
    link_from, link_to = node[head].astype(np.int32), node[head + 1].astype(np.int32)
    pieces[new_offset[:-1]] = node_xy[link_from]
    pieces[new_offset[1:] - 1] = node_xy[link_to]
    return Topology(node_xy, link_from, link_to, line, pieces, new_offset)


def _places(vertices: np.ndarray) -> tuple[np.ndarray, int]:
    """A number for each distinct position (to the millimetre)."""
    if len(vertices) == 0:
        return np.empty(0, np.int64), 0
    x, y = (_steps(vertices[:, axis], float(vertices[:, axis].min())) for axis in (0, 1))
    if max(int(x.max()), int(y.max())) >= 2**31:  # wider than 2 147 km: too many millimetres for half a number
        x, y = _numbered(x)[0], _numbered(y)[0]
    x <<= 32
    x |= y
    return _numbered(x)


def _steps(values: np.ndarray, low: float) -> np.ndarray:
    count = values - low
    count /= _MILLIMETRE
    return np.rint(count, out=count).astype(np.int64)


def _numbered(key: np.ndarray) -> tuple[np.ndarray, int]:
    """(0-based number of each distinct key, how many there are)."""
    order = np.argsort(key)
    sorted_ = key.take(order)
    new = np.zeros(len(key), np.int64)
    np.not_equal(sorted_[1:], sorted_[:-1], out=new[1:], casting="unsafe")
    rank = np.cumsum(new, out=new)
    number = np.empty(len(key), np.int64)
    number[order] = rank
    return number, int(rank[-1]) + 1 if len(key) else 0


def _apart_by_height(
    place: np.ndarray, places: int, first: np.ndarray, last: np.ndarray, z_ends: np.ndarray | None
) -> np.ndarray:
    """Split the places where line ends lie one above the other. An end of unknown height joins the lowest floor."""
    if z_ends is None or not np.isfinite(z_ends).any():
        return place
    z = _heights_of_ends(first, last, z_ends)
    low = np.full(places, np.inf)
    high = np.full(places, -np.inf)
    known = np.isfinite(z)
    np.minimum.at(low, place[known], z[known])
    np.maximum.at(high, place[known], z[known])
    split = np.flatnonzero((high - low)[place] > SAME_FLOOR)
    if len(split) == 0:
        return place
    z = np.where(known, z, low[place])
    split = split[np.lexsort((z[split], place[split]))]
    step = np.concatenate(
        ([False], (place[split][1:] == place[split][:-1]) & (z[split][1:] - z[split][:-1] > SAME_FLOOR))
    )
    start = np.concatenate(([True], place[split][1:] != place[split][:-1]))
    floor = np.cumsum(step)
    floor = floor - floor[np.flatnonzero(start)][np.cumsum(start) - 1]
    result = place * (int(floor.max()) + 1)
    result[split] += floor
    return _numbered(result)[0]


def _heights_of_ends(first: np.ndarray, last: np.ndarray, z_ends: np.ndarray) -> np.ndarray:
    """(2 L,) the height of each end in the order of the vertices; that of the other end of the line, where unknown."""
    filled = np.where(np.isfinite(z_ends), z_ends, z_ends[:, ::-1])
    return np.concatenate((filled[:, 0], filled[:, 1]))[np.argsort(np.concatenate((first, last)), kind="stable")]


def _floors(
    node: np.ndarray,
    cut: np.ndarray,
    is_end: np.ndarray,
    offset: np.ndarray,
    z_ends: np.ndarray | None,
    level: np.ndarray | None,
) -> Floors:
    """Heights and levels of the nodes (N) where the vertices ``cut`` lie."""
    size = int(node.max(initial=-1)) + 1
    low, high = np.full(size, np.inf), np.full(size, -np.inf)
    if z_ends is not None:
        z = _heights_of_ends(offset[:-1], offset[1:] - 1, z_ends)
        known = np.isfinite(z)
        ends = node[is_end[cut]][known]
        np.minimum.at(low, ends, z[known])
        np.maximum.at(high, ends, z[known])
    passing = np.full(size, np.nan)
    if level is not None:
        line = np.searchsorted(offset, cut, side="right") - 1
        lowest, highest, count = np.full(size, np.inf), np.full(size, -np.inf), np.zeros(size)
        np.minimum.at(lowest, node, level[line])
        np.maximum.at(highest, node, level[line])
        np.add.at(count, node, np.where(is_end[cut], 1, 2))
        passing = np.where((lowest == highest) & (count >= 2), lowest, np.nan)
    return Floors(low, high, passing)


def _apart_by_level(place: np.ndarray, level: np.ndarray, is_end: np.ndarray) -> np.ndarray:
    """Split the places that lines pass through at several levels. An end there joins the nearest of those levels."""
    level = level.astype(np.int64)
    through = np.flatnonzero(~is_end)
    places = int(place.max()) + 1
    low = np.full(places, np.iinfo(np.int64).max)
    high = np.full(places, np.iinfo(np.int64).min)
    np.minimum.at(low, place[through], level[through])
    np.maximum.at(high, place[through], level[through])
    several = low < high
    if not several.any():
        return place
    base = int(level.min())
    span = int(level.max()) - base + 1
    joined = np.full(len(place), 0, np.int64)
    for i in np.flatnonzero(several[place]).tolist():
        here = through[place[through] == place[i]]
        levels = np.unique(level[here])
        joined[i] = levels[np.argmin(np.abs(levels - level[i]))] - base
    return place * span + joined


def morton_order(xy: np.ndarray) -> np.ndarray:
    """Indices that sort (N, 2) positions along a Z curve, so that neighbours in space are neighbours in memory."""
    if len(xy) == 0:
        return np.empty(0, np.int64)
    span = float(np.ptp(xy, axis=0).max()) or 1.0
    cell = ((xy - xy.min(axis=0)) * ((2**16 - 1) / span)).astype(np.uint32)
    key = _spread(cell[:, 0]) | (_spread(cell[:, 1]) << np.uint32(1))
    # numpy sorts 16 bits by counting: the low half first, then the high one.
    order = np.argsort(key.astype(np.uint16), kind="stable")
    return order.take(np.argsort((key >> np.uint32(16)).astype(np.uint16).take(order), kind="stable"))


def _spread(value: np.ndarray) -> np.ndarray:
    """Put a zero bit between the 16 bits of each number."""
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        value = (value | (value << np.uint32(shift))) & np.uint32(mask)
    return value
