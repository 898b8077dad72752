"""Pairs worth comparing: near one another, in one commune, or with a phone, a name or an identifier in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from ..progress import Progress
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


def candidate_pairs(table: Table, progress: Progress = Progress()) -> tuple[np.ndarray, np.ndarray]:
    """(p,) rows of the local list and (p,) rows of the reference, numbered as in the table; each pair once."""
    rows = len(table.category)
    found = []
    keys = list(_keys(table))
    for number, (keyed, any_category, most) in enumerate(keys):
        progress.advance(0.5 * number / len(keys))
        found.extend(_joined(keyed, table, any_category, most))
    found.extend(_neighbours(table, progress.part(0.5, 1.0)))
    pairs = np.unique(np.concatenate([left * rows + right for left, right in found] or [np.zeros(0, np.int64)]))
    return pairs // rows, pairs % rows


def _keys(table: Table) -> Iterator[tuple[Keyed, bool, int]]:
    """(keyed rows, whether categories may differ, most pairs a key)."""
    rows = np.arange(len(table.category))
    in_commune = table.commune != ANY
    yield _of_words(table.strong), True, _MOST_PAIRS
    yield _of_words(table.siret), False, _MOST_PAIRS
    yield _of_words(table.contacts), False, _MOST_PAIRS
    yield Keyed(table.commune[in_commune], rows[in_commune]), False, _MOST_PAIRS
    by_word = _of_words(table.names)
    yield _within(by_word, table.commune), False, _MOST_PAIRS
    named = table.names.text > 0
    by_name = Keyed(table.names.text[named], rows[named])
    yield _within(by_name, table.departement), False, _MOST_PAIRS // 4
    nowhere = named & ((table.departement == ANY) | (rows >= table.split))
    yield Keyed(table.names.text[nowhere], rows[nowhere]), False, _MOST_PAIRS // 4
    with_street = table.streets.text > 0
    yield _within(Keyed(table.streets.text[with_street], rows[with_street]), table.commune), False, _MOST_PAIRS


def _of_words(words: Words) -> Keyed:
    matrix = words.matrix
    return Keyed(matrix.indices.astype(np.int64), np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr)))


def _within(keyed: Keyed, area: np.ndarray) -> Keyed:
    """The keys told apart by the area of each row; rows of no known area have none."""
    inside = area[keyed.row] != ANY
    key, row = keyed.key[inside], keyed.row[inside]
    return Keyed(key * (area.max(initial=0) + 1) + area[row], row)


def _joined(keyed: Keyed, table: Table, any_category: bool, most: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Pairs of rows with one key and one category; a row of unknown category goes with all."""
    is_local = keyed.row < table.split
    key, row = keyed
    if any_category:
        yield _product(key[is_local], row[is_local], key[~is_local], row[~is_local], most)
        return
    category = table.category[row]
    told = category != ANY
    kinds = table.category.max(initial=0) + 1
    both = key * kinds + category
    yield _product(both[is_local & told], row[is_local & told], both[~is_local & told], row[~is_local & told], most)
    for left, right in ((is_local & ~told, ~is_local), (is_local & told, ~is_local & ~told)):
        if left.any() and right.any():
            yield _product(key[left], row[left], key[right], row[right], most)


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
    offset = np.arange(len(left)) - np.repeat(np.cumsum(count) - count, count)
    return left, right_row[np.repeat(start, count) + offset]


def _neighbours(table: Table, progress: Progress) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The nearest of one category, seen from both lists."""
    placed = np.isfinite(table.xyz).all(axis=1)
    local = placed & (np.arange(len(placed)) < table.split)
    reference = placed & ~local
    codes = np.unique(table.category[local | reference])
    for number, code in enumerate(codes):
        progress.advance(number / len(codes))
        for here, there, is_local in ((local, reference, True), (reference, local, False)):
            mates = there if code == ANY else there & np.isin(table.category, (code, ANY))
            rows, others = np.flatnonzero(here & (table.category == code)), np.flatnonzero(mates)
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
