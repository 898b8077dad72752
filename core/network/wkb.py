"""Lines out of WKB, all at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

_LINE, _MULTILINE = 2, 5
_HEADER = 9
_UNKNOWN_Z = np.nan


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

    Lines and multi-lines, with or without Z and M, ISO or extended WKB, little endian. Others give no line.
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
    numbers = b"".join([value[_HEADER:] for value in values])
    if not count.all() or len(numbers) != 8 * width * count.sum():
        return None
    coordinates = np.frombuffer(numbers, "<f8").reshape(-1, width)
    offset = np.concatenate(([0], np.cumsum(count)))
    z_ends = np.full((len(values), 2), _UNKNOWN_Z)
    if width > 2:
        z_ends[:, 0], z_ends[:, 1] = coordinates[offset[:-1], 2], coordinates[offset[1:] - 1, 2]
    return DecodedLines(np.arange(len(values)), coordinates[:, :2], offset, z_ends)


def _of_any_kind(geometries: np.ndarray) -> DecodedLines:
    buffer, start, size = _one_buffer(geometries)
    kind, width = _kinds(buffer, start, size)
    head, part_row = _part_heads(buffer, start, kind, width)
    count = _read_u4(buffer, head + 5).astype(np.int64)
    wide = width[part_row]
    z_ends = np.full((len(head), 2), _UNKNOWN_Z)
    offset = np.concatenate(([0], np.cumsum(count)))
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
    return DecodedLines(part_row, vertices, offset, z_ends)


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
    """Geometry type (0 = nothing to read) and number of dimensions of each geometry."""
    kind = np.zeros(len(start), np.int64)
    width = np.full(len(start), 2, np.int64)
    full = np.flatnonzero(size >= _HEADER)
    full = full[buffer[start[full]] == 1]
    code = _read_u4(buffer, start[full] + 1)
    iso = (code & 0xFFFF) // 1000
    has_z = (code & 0x80000000 != 0) | (iso == 1) | (iso == 3)
    has_m = (code & 0x40000000 != 0) | (iso == 2) | (iso == 3)
    kind[full] = (code & 0xFFFF) % 1000
    width[full] += has_z.astype(np.int64) + has_m
    return kind, width


def _part_heads(
    buffer: np.ndarray, start: np.ndarray, kind: np.ndarray, width: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Where the header of each line begins, and the geometry it belongs to, in order."""
    simple = np.flatnonzero(kind == _LINE)
    heads, rows, ranks = [start[simple]], [simple], [np.zeros(len(simple), np.int64)]
    multi = np.flatnonzero(kind == _MULTILINE)
    left = _read_u4(buffer, start[multi] + 5).astype(np.int64)
    head, rank = start[multi] + _HEADER, 0
    while len(multi):
        open_ = left > rank
        multi, left, head = multi[open_], left[open_], head[open_]
        heads.append(head)
        rows.append(multi)
        ranks.append(np.full(len(multi), rank, np.int64))
        head = head + _HEADER + _read_u4(buffer, head + 5).astype(np.int64) * 8 * width[multi]
        rank += 1
    row = np.concatenate(rows)
    order = np.lexsort((np.concatenate(ranks), row)) if len(rows) > 1 else slice(None)
    return np.concatenate(heads)[order], row[order]


def _coordinates(buffer: np.ndarray, start: np.ndarray, count: np.ndarray, dimensions: int) -> np.ndarray:
    """(sum of count, dimensions) f8, gathered from runs of bytes."""
    size = count * 8 * dimensions
    gaps = start[1:] - (start[:-1] + size[:-1])
    if len(start) and gaps.size and (gaps <= 120).all() and (gaps >= 0).all():
        return _without_gaps(buffer, start, size, gaps, dimensions)
    index = np.repeat(start - (np.cumsum(size) - size), size) + np.arange(int(size.sum()))
    return buffer[index].view("<f8").reshape(-1, dimensions)


def _without_gaps(
    buffer: np.ndarray, start: np.ndarray, size: np.ndarray, gaps: np.ndarray, dimensions: int
) -> np.ndarray:
    """As `_coordinates`, for runs close together: drop the bytes between them."""
    keep = np.ones(int(start[-1] + size[-1] - start[0]), bool)
    between = np.repeat(start[1:] - start[0] - gaps, gaps) + _ranks(gaps)
    keep[between] = False
    return buffer[start[0] : start[0] + len(keep)][keep].view("<f8").reshape(-1, dimensions)


def _ranks(count: np.ndarray) -> np.ndarray:
    """0, 1, … count[i] - 1 for each i in turn."""
    return np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)


def _read_u4(buffer: np.ndarray, position: np.ndarray) -> np.ndarray:
    if len(position) == 0:
        return np.empty(0, np.uint32)
    return np.ascontiguousarray(buffer[position[:, None] + np.arange(4)]).view("<u4")[:, 0]
