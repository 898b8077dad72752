"""The spatial index of a GeoPackage's layer, made at once: its leaves filled in order, not row by row.

SQLite's R*-tree inserts a row in about 9 µs, and splits nodes as it goes. Packed as a whole (Leutenegger, Lopez and
Edgington, « STR: a simple and efficient algorithm for R-tree packing », 1997) it takes a tenth, and is better to
search. The form of its nodes is in SQLite's documentation, « The SQLite R*Tree Module », part 6.
"""

from __future__ import annotations

import math
import sqlite3

import numpy as np

from ..registry.geopackage import sql
from .shapes import bounds_in

_BATCH = 20_000
_CELL = np.dtype([("id", ">i8"), ("west", ">f4"), ("east", ">f4"), ("south", ">f4"), ("north", ">f4")])
_HEAD = 4
"""Bytes before a node's cells: the tree's depth (in the root), how many cells it has."""


def index_layer(database: sqlite3.Connection, name: str) -> None:
    """Fill the spatial index of a layer whose geometries `geopackage_blob` wrote, and tell its extent.

    A layer that has no index is left as it is. Inside the caller's transaction.
    """
    index = f"rtree_{name}_geom"
    if not database.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (index,)).fetchone():
        return
    ids, bounds = [np.empty(0, np.int64)], [np.empty((0, 4))]
    shapes = database.execute(sql("SELECT fid, geom FROM", f'"{name}"', "WHERE geom IS NOT NULL"))
    while batch := shapes.fetchmany(_BATCH):
        ids.append(np.array([fid for fid, _shape in batch], np.int64))
        bounds.append(bounds_in([shape for _fid, shape in batch]))
    every = np.concatenate(bounds)
    fill_index(database, index, np.concatenate(ids), every)
    if len(every):
        extent = (*every[:, :2].min(axis=0).tolist(), *every[:, 2:].max(axis=0).tolist())
        change = "UPDATE gpkg_contents SET (min_x, min_y, max_x, max_y) = (?, ?, ?, ?) WHERE table_name = ?"
        database.execute(change, (*extent, name))


def fill_index(database: sqlite3.Connection, table: str, ids: np.ndarray, bounds: np.ndarray) -> None:
    """Make the R*-tree ``table`` anew. ``ids`` (n,); ``bounds`` (n, 4): west, south, east, north.

    Inside the caller's transaction.
    """
    root = sql("SELECT length(data) FROM", _quoted(table, "node"), "WHERE nodeno = 1")
    size = database.execute(root).fetchone()[0]
    for part in ("node", "rowid", "parent"):
        database.execute(sql("DELETE FROM", _quoted(table, part)))
    if not len(ids):
        database.execute(sql("INSERT INTO", _quoted(table, "node"), "VALUES (1, zeroblob(?))"), (size,))
        return
    most = (size - _HEAD) // _CELL.itemsize
    order = _tiled(bounds, most)
    levels = [_cells(ids[order], bounds[order])]
    while len(levels[-1]) > most:
        levels.append(_parents(levels[-1], most))
    first = 2  # nodes are numbered from the leaves up; 1 is the root
    for depth, cells in enumerate(levels):
        count = -(-len(cells) // most)
        is_root = depth == len(levels) - 1
        numbers = np.array([1]) if is_root else np.arange(first, first + count)
        if depth:
            below = np.arange(first - len(cells), first)
            cells["id"] = below
            _insert(database, table, "parent", below, numbers[np.arange(len(cells)) // most])
        else:
            by_id = np.argsort(ids[order], kind="stable")
            _insert(database, table, "rowid", ids[order][by_id], numbers[by_id // most])
        _insert_nodes(database, table, cells, numbers, most=most, size=size, depth=depth if is_root else 0)
        first += count


def _tiled(bounds: np.ndarray, most: int) -> np.ndarray:
    """The order in which neighbours follow one another: strips of equal count from west to east, each by its south."""
    x, y = bounds[:, 0] + bounds[:, 2], bounds[:, 1] + bounds[:, 3]
    strips = math.ceil(math.sqrt(len(bounds) / most))
    ranks = np.empty(len(bounds), np.int64)
    ranks[np.argsort(x, kind="stable")] = np.arange(len(bounds))
    per_strip = most * math.ceil(len(bounds) / most / strips)
    return np.lexsort((y, ranks // per_strip))


def _cells(ids: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    """Cells of a node; bounds rounded outwards, as single precision needs."""
    cells = np.empty(len(ids), _CELL)
    cells["id"] = ids
    for name, column, away in (("west", 0, -np.inf), ("south", 1, -np.inf), ("east", 2, np.inf), ("north", 3, np.inf)):
        exact = bounds[:, column]
        rounded = exact.astype(np.float32)
        is_inside = rounded > exact if away < 0 else rounded < exact
        cells[name] = np.where(is_inside, np.nextafter(rounded, np.float32(away)), rounded)
    return cells


def _parents(cells: np.ndarray, most: int) -> np.ndarray:
    """A cell for each node of the level below; their numbers come later."""
    starts = np.arange(0, len(cells), most)
    parents = np.empty(len(starts), _CELL)
    for name, reduce in (("west", np.minimum), ("south", np.minimum), ("east", np.maximum), ("north", np.maximum)):
        parents[name] = reduce.reduceat(cells[name].astype(np.float32), starts)
    return parents


def _insert_nodes(
    database: sqlite3.Connection,
    table: str,
    cells: np.ndarray,
    numbers: np.ndarray,
    *,
    most: int,
    size: int,
    depth: int,
) -> None:
    rows = []
    for place, number in enumerate(numbers.tolist()):
        inside = cells[place * most : (place + 1) * most]
        head = depth.to_bytes(2, "big") + len(inside).to_bytes(2, "big")
        rows.append((number, (head + inside.tobytes()).ljust(size, b"\0")))
    database.executemany(sql("INSERT INTO", _quoted(table, "node"), "VALUES (?, ?)"), rows)


def _insert(database: sqlite3.Connection, table: str, part: str, keys: np.ndarray, nodes: np.ndarray) -> None:
    place = _quoted(table, part)
    database.executemany(sql("INSERT INTO", place, "VALUES (?, ?)"), zip(keys.tolist(), nodes.tolist()))


def _quoted(table: str, part: str) -> str:
    return f'"{table}_{part}"'
