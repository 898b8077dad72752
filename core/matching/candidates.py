"""Pairs worth comparing: near one another, in one commune, or with a phone, a name or an identifier in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from ..progress import Progress
from ..ragged import owners, ranges
from .table import ANY, Table, Words

_NEIGHBOURS = 8
_FARTHEST = 4.0
"""Neighbours are looked for within this many radii of the category: positions are often wrong."""

_MOST_PAIRS = 400
"""A key that makes more pairs than this tells too little; other keys join its rows."""


class Keyed(NamedTuple):
    """Rows by key: several rows may have one key, a row several."""

    key: np.ndarray
    row: np.ndarray


class Key(NamedTuple):
    """What pairs may have in common.

    Attributes:
        any_category: whether their categories may differ.
        most: a value that makes more pairs than this makes none.
        nowhere: whether one of the two must lie in no known département.
    """

    keyed: Keyed
    any_category: bool = False
    most: int = _MOST_PAIRS
    nowhere: bool = False


def candidate_pairs(
    table: Table,
    progress: Progress = Progress(),
    lists: tuple[int, int] = (0, 1),
    keys: Sequence[Key] = (),
) -> tuple[np.ndarray, np.ndarray]:
    """(p,) rows of one list and (p,) rows of another, numbered as in the table; each pair once.

    ``lists``: their numbers; of one list with itself, the first row of a pair is the lesser. ``keys`` are those of
    `keys_of`, where several pairs of lists are asked for.
    """
    rows = len(table.category)
    here, there = (table.source == number for number in lists)
    found: list[tuple[np.ndarray, np.ndarray]] = []
    keys = keys or keys_of(table)
    for number, key in enumerate(keys):
        progress.advance(0.5 * number / len(keys))
        found.extend(_joined(key, table, here, there))
    found.extend(_neighbours(table, here, there, progress.part(0.5, 1.0)))
    if lists[0] == lists[1]:
        found = [(np.minimum(a, b)[a != b], np.maximum(a, b)[a != b]) for a, b in found]
    pairs = np.unique(np.concatenate([left * rows + right for left, right in found] or [np.zeros(0, np.int64)]))
    return pairs // rows, pairs % rows


def keys_of(table: Table) -> list[Key]:
    """What the rows of a table may have in common."""
    return list(_keys(table))


def _keys(table: Table) -> Iterator[Key]:
    rows = np.arange(len(table.category))
    in_commune = table.commune != ANY
    yield Key(_of_words(table.strong), any_category=True)
    yield Key(_of_words(table.siret))
    yield Key(_of_words(table.contacts))
    yield Key(Keyed(table.commune[in_commune], rows[in_commune]))
    by_word = _of_words(table.names)
    yield Key(_within(by_word, table.commune))
    named = table.names.text > 0
    by_name = Keyed(table.names.text[named], rows[named])
    yield Key(_within(by_name, table.departement), most=_MOST_PAIRS // 4)
    yield Key(by_name, most=_MOST_PAIRS // 4, nowhere=True)
    with_street = table.streets.text > 0
    yield Key(_within(Keyed(table.streets.text[with_street], rows[with_street]), table.commune))


def _of_words(words: Words) -> Keyed:
    matrix = words.matrix
    return Keyed(matrix.indices.astype(np.int64), owners(np.diff(matrix.indptr)))


def _within(keyed: Keyed, area: np.ndarray) -> Keyed:
    """The keys distinguished by the area of each row; rows of no known area have none."""
    inside = area[keyed.row] != ANY
    key, row = keyed.key[inside], keyed.row[inside]
    return Keyed(key * (area.max(initial=0) + 1) + area[row], row)


def _joined(key: Key, table: Table, here: np.ndarray, there: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Pairs of rows with one key and one category; a row of unknown category goes with all."""
    value, row = key.keyed
    left, right = here[row], there[row]
    if key.nowhere:
        unknown = table.departement[row] == ANY
        sides = [(left & unknown, right), (left & ~unknown, right & unknown)]
    else:
        sides = [(left, right)]
    known = table.category[row] != ANY
    both = value * (table.category.max(initial=0) + 1) + table.category[row]
    for a, b in sides:
        if key.any_category:
            yield _product(value[a], row[a], value[b], row[b], key.most)
            continue
        yield _product(both[a & known], row[a & known], both[b & known], row[b & known], key.most)
        for some, others in ((a & ~known, b), (a & known, b & ~known)):
            if some.any() and others.any():
                yield _product(value[some], row[some], value[others], row[others], key.most)


def _product(
    left_key: np.ndarray, left_row: np.ndarray, right_key: np.ndarray, right_row: np.ndarray, most: int
) -> tuple[np.ndarray, np.ndarray]:
    """Every left row with every right row of its key, unless a key makes more than ``most`` pairs."""
    order = np.argsort(right_key, kind="stable")
    right_key, right_row = right_key[order], right_row[order]
    start = np.searchsorted(right_key, left_key, "left")
    count = np.searchsorted(right_key, left_key, "right") - start
    _, position, mates = np.unique(left_key, return_inverse=True, return_counts=True)
    count = np.where(count * mates[position] <= most, count, 0) if len(left_key) else count
    left = np.repeat(left_row, count)
    return left, right_row[ranges(start, count)]


def _neighbours(
    table: Table, here: np.ndarray, there: np.ndarray, progress: Progress
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The nearest of one category, seen from both lists."""
    placed = np.isfinite(table.xyz).all(axis=1)
    local, reference = here & placed, there & placed
    codes = np.unique(table.category[local | reference])
    for number, code in enumerate(codes):
        progress.advance(number / len(codes))
        for some, mates, is_local in ((local, reference, True), (reference, local, False)):
            mates = mates if code == ANY else mates & np.isin(table.category, (code, ANY))
            rows, others = np.flatnonzero(some & (table.category == code)), np.flatnonzero(mates)
            if len(rows) and len(others):
                a, b = _nearest(table, rows, others)
                yield (a, b) if is_local else (b, a)


def _nearest(table: Table, rows: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    reach = _FARTHEST * table.radius[rows]
    count = min(_NEIGHBOURS, len(others))
    distance, index = cKDTree(table.xyz[others]).query(
        table.xyz[rows], k=list(range(1, count + 1)), distance_upper_bound=float(reach.max())
    )
    near = distance <= reach[:, None]
    return np.repeat(rows, near.sum(axis=1)), others[index[near]]
