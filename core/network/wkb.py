"""Lines out of WKB, all at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..ragged import offsets, ranges, ranks
from .wkb_any import lines_in

_LINE, _MULTILINE = 2, 5
_HEADER = 9
_UNKNOWN_Z = np.nan
_SRID = 0x20000000


class DecodedLines(NamedTuple):
    """L lines with V vertices, out of R geometries."""

    row: np.ndarray
    """(L,) i8: the geometry each line comes from; parts of a multi-line follow each other."""
    vertices: np.ndarray
    """(V, 2) f8."""
    offset: np.ndarray
    """(L + 1,) i8."""
    z_ends: np.ndarray
    """(L, 2) f8: height of the first and last vertex, NaN where there is none."""


def decode_lines(geometries: np.ndarray) -> DecodedLines:
    """Read an array of WKB values (bytes objects, None, or a fixed width void array).

    Lines, multi-lines, curves (made of straight pieces) and collections of these; with or without Z and M, ISO or
    extended WKB, either byte order. Others, and what is cut short, give no line; lines have two vertices at least.
    """
    return _of_one_kind(geometries) or _of_any_kind(geometries)


def _of_one_kind(geometries: np.ndarray) -> DecodedLines | None:
    """As most layers are: bytes objects that are single lines with the same dimensions. None for others.

    Python cuts the coordinates out of 1 000 objects faster than numpy leaves out what lies between them.
    """
    if geometries.dtype.kind != "O" or len(geometries) == 0 or None in (values := geometries.tolist()):
        return None
    heads = np.frombuffer(b"".join([value[:_HEADER] for value in values]), np.uint8)
    if len(heads) != _HEADER * len(values):
        return None
    heads = heads.reshape(-1, _HEADER)
    (kind,), (width,) = _kinds(heads[0], np.zeros(1, np.int64), np.full(1, _HEADER))
    if kind != _LINE or (heads[:, :5] != heads[0, :5]).any():
        return None
    count = np.ascontiguousarray(heads[:, 5:]).view("<u4")[:, 0].astype(np.int64)
    size = np.fromiter(map(len, values), np.int64, len(values))
    if (count < 2).any() or (size != _HEADER + 8 * width * count).any():
        return None
    coordinates = np.frombuffer(b"".join([value[_HEADER:] for value in values]), "<f8").reshape(-1, width)
    offset = offsets(count)
    z_ends = np.full((len(values), 2), _UNKNOWN_Z)
    if _has_z(heads[0]):
        z_ends[:, 0], z_ends[:, 1] = coordinates[offset[:-1], 2], coordinates[offset[1:] - 1, 2]
    return DecodedLines(np.arange(len(values)), coordinates[:, :2], offset, z_ends)


def _of_any_kind(geometries: np.ndarray) -> DecodedLines:
    """Lines and multi-lines in the usual form all at once; the others one by one."""
    buffer, start, size = _one_buffer(geometries)
    kind, width = _kinds(buffer, start, size)
    head, row, usual = _part_heads(buffer, start, size, kind, width)
    plain = _gathered(buffer, head, row, width)
    odd = np.flatnonzero(~usual & (size > 0))
    if len(odd) == 0:
        return plain
    return _merged(plain, _one_by_one(buffer, start[odd], size[odd], odd))


def _gathered(buffer: np.ndarray, head: np.ndarray, row: np.ndarray, width: np.ndarray) -> DecodedLines:
    """The lines whose headers begin at ``head``, those with fewer than two vertices left out."""
    count = _read_u4(buffer, head + 5).astype(np.int64)
    long = count >= 2
    head, row, count = head[long], row[long], count[long]
    wide = width[row]
    has_z = _flags(_read_u4(buffer, head + 1))[1]
    z_ends = np.full((len(head), 2), _UNKNOWN_Z)
    offset = offsets(count)
    vertices = np.empty((offset[-1], 2))
    for dimensions in np.unique(wide):
        mine = wide == dimensions
        values = _coordinates(buffer, head[mine] + _HEADER, count[mine], int(dimensions))
        here = slice(None) if mine.all() else np.repeat(mine, count)
        vertices[here] = values[:, :2]
        if dimensions > 2 and len(values):
            last = np.cumsum(count[mine])
            z_ends[mine, 0] = values[last - count[mine], 2]
            z_ends[mine, 1] = values[last - 1, 2]
    z_ends[~has_z] = _UNKNOWN_Z
    return DecodedLines(row, vertices, offset, z_ends)


def _one_by_one(buffer: np.ndarray, start: np.ndarray, size: np.ndarray, rows: np.ndarray) -> DecodedLines:
    raw = buffer.tobytes()
    found, of_row = [], []
    for begin, length, row in zip(start.tolist(), size.tolist(), rows.tolist()):
        lines = lines_in(raw[begin : begin + length])
        found += lines
        of_row += [row] * len(lines)
    offset = offsets([len(line.xy) for line in found])
    vertices = np.concatenate([line.xy for line in found]) if found else np.empty((0, 2))
    z_ends = np.array([line.z_ends for line in found], float).reshape(-1, 2)
    return DecodedLines(np.array(of_row, np.int64), vertices, offset, z_ends)


def _merged(one: DecodedLines, other: DecodedLines) -> DecodedLines:
    """The lines of both, in the order of their rows (no row is in both)."""
    order = np.argsort(np.concatenate((one.row, other.row)), kind="stable")
    count = np.concatenate((np.diff(one.offset), np.diff(other.offset)))
    begin = np.concatenate((one.offset[:-1], one.offset[-1] + other.offset[:-1]))[order]
    count = count[order]
    index = ranges(begin, count)
    return DecodedLines(
        np.concatenate((one.row, other.row))[order],
        np.concatenate((one.vertices, other.vertices))[index],
        offsets(count),
        np.concatenate((one.z_ends, other.z_ends))[order],
    )


def _one_buffer(geometries: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if geometries.dtype.kind == "V":
        size = np.full(len(geometries), geometries.dtype.itemsize, np.int64)
        buffer = np.frombuffer(geometries.tobytes(), np.uint8)
    else:
        chunks = [value if value is not None else b"" for value in geometries.tolist()]
        size = np.fromiter(map(len, chunks), np.int64, len(chunks))
        buffer = np.frombuffer(b"".join(chunks), np.uint8)
    return buffer, np.cumsum(size) - size, size


def _kinds(buffer: np.ndarray, start: np.ndarray, size: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Geometry type (0 = not in the usual form) and number of dimensions of each geometry."""
    kind = np.zeros(len(start), np.int64)
    width = np.full(len(start), 2, np.int64)
    full = np.flatnonzero(size >= _HEADER)
    full = full[buffer[start[full]] == 1]
    code = _read_u4(buffer, start[full] + 1)
    kind[full], has_z, has_m = _flags(code)
    kind[full[code & _SRID != 0]] = 0
    width[full] += has_z.astype(np.int64) + has_m
    return kind, width


def _flags(code: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Type, whether it has Z, whether it has M, of each type code of ISO or extended WKB."""
    low = code & 0xFFFF
    iso = low // 1000
    has_z = (code & 0x80000000 != 0) | (iso == 1) | (iso == 3)
    has_m = (code & 0x40000000 != 0) | (iso == 2) | (iso == 3)
    return (low % 1000).astype(np.int64), has_z, has_m


def _has_z(head: np.ndarray) -> bool:
    return bool(_flags(_read_u4(head, np.ones(1, np.int64)))[1][0])


def _part_heads(
    buffer: np.ndarray, start: np.ndarray, size: np.ndarray, kind: np.ndarray, width: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where the header of each line begins, the geometry it belongs to, in order; and (R,) which geometries are in the
    usual form throughout: their lines alone are given."""
    end = start + size
    usual = np.zeros(len(start), bool)
    simple = np.flatnonzero(kind == _LINE)
    usual[simple] = _end_of_line(buffer, start[simple], width[simple]) == end[simple]
    simple = simple[usual[simple]]
    heads, rows, ranks = [start[simple]], [simple], [np.zeros(len(simple), np.int64)]
    multi = np.flatnonzero(kind == _MULTILINE)
    usual[multi] = True
    left = _read_u4(buffer, start[multi] + 5).astype(np.int64)
    head, rank = start[multi] + _HEADER, 0
    while len(multi):
        over = left == rank
        usual[multi[over & (head != end[multi])]] = False
        fits = ~over & (head + _HEADER <= end[multi])
        usual[multi[~over & ~fits]] = False
        multi, left, head = multi[fits], left[fits], head[fits]
        part_kind, part_width = _kinds(buffer, head, np.full(len(head), _HEADER))
        after = _end_of_line(buffer, head, width[multi])
        good = (part_kind == _LINE) & (part_width == width[multi]) & (after <= end[multi])
        usual[multi[~good]] = False
        multi, left, head, after = multi[good], left[good], head[good], after[good]
        heads.append(head)
        rows.append(multi)
        ranks.append(np.full(len(multi), rank, np.int64))
        head, rank = after, rank + 1
    row = np.concatenate(rows)
    order = np.lexsort((np.concatenate(ranks), row)) if len(rows) > 1 else np.arange(len(row))
    order = order[usual[row[order]]]
    return np.concatenate(heads)[order], row[order], usual


def _end_of_line(buffer: np.ndarray, head: np.ndarray, width: np.ndarray) -> np.ndarray:
    """Where the line whose header begins at ``head`` says that it ends."""
    return head + _HEADER + _read_u4(buffer, head + 5).astype(np.int64) * 8 * width


def _coordinates(buffer: np.ndarray, start: np.ndarray, count: np.ndarray, dimensions: int) -> np.ndarray:
    """(sum of count, dimensions) f8, gathered from runs of bytes."""
    size = count * 8 * dimensions
    gaps = start[1:] - (start[:-1] + size[:-1])
    if len(start) and gaps.size and (gaps <= 120).all() and (gaps >= 0).all():
        return _without_gaps(buffer, start, size, gaps, dimensions)
    index = ranges(start, size)
    return buffer[index].view("<f8").reshape(-1, dimensions)


def _without_gaps(
    buffer: np.ndarray, start: np.ndarray, size: np.ndarray, gaps: np.ndarray, dimensions: int
) -> np.ndarray:
    """As `_coordinates`, for runs close together: drop the bytes between them."""
    keep = np.ones(int(start[-1] + size[-1] - start[0]), bool)
    between = np.repeat(start[1:] - start[0] - gaps, gaps) + ranks(gaps)
    keep[between] = False
    return buffer[start[0] : start[0] + len(keep)][keep].view("<f8").reshape(-1, dimensions)


def _read_u4(buffer: np.ndarray, position: np.ndarray) -> np.ndarray:
    if len(position) == 0:
        return np.empty(0, np.uint32)
    return np.ascontiguousarray(buffer[position[:, None] + np.arange(4)]).view("<u4")[:, 0]
