"""Who goes with whom: each row once at most, the sum of points as large as can be."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from ..progress import Progress

_LARGEST_BLOCK = 4_000_000
"""Cells of the largest matrix that is solved; a block beyond loses its weakest pairs first."""


def assign(left: np.ndarray, right: np.ndarray, gain: np.ndarray, progress: Progress = Progress()) -> np.ndarray:
    """Indices of the chosen pairs, ascending. ``left``, ``right``: (p,) rows, below 0 never; ``gain``: (p,) above 0.

    Pairs that share rows, directly or through others, form a block; blocks do not touch each other, and each is solved
    for the largest sum (`scipy.optimize.linear_sum_assignment`).
    """
    if not len(left):
        return np.zeros(0, np.int64)
    lefts, a = np.unique(left, return_inverse=True)
    rights, b = np.unique(right, return_inverse=True)
    graph = coo_matrix((np.ones(len(a)), (a, b + len(lefts))), shape=(len(lefts) + len(rights),) * 2)
    _, label = connected_components(graph, directed=False)
    block = label[a]
    order = np.argsort(block, kind="stable")
    edges = np.flatnonzero(np.diff(block[order], prepend=-1))
    size = np.diff(np.append(edges, len(order)))
    chosen = [order[edges[size == 1]]]
    for number, (start, count) in enumerate(zip(edges[size > 1], size[size > 1])):
        if number % 1000 == 0:
            progress.advance(start / len(order))
        chosen.append(_solve(order[start : start + count], left, right, gain))
    return np.sort(np.concatenate(chosen))


def _solve(pairs: np.ndarray, left: np.ndarray, right: np.ndarray, gain: np.ndarray) -> np.ndarray:
    lefts, a = np.unique(left[pairs], return_inverse=True)
    rights, b = np.unique(right[pairs], return_inverse=True)
    if len(lefts) * len(rights) > _LARGEST_BLOCK:
        strongest = pairs[gain[pairs] > np.quantile(gain[pairs], 0.25)]
        return strongest[assign(left[strongest], right[strongest], gain[strongest])]
    gains = np.zeros((len(lefts), len(rights)))
    number = np.zeros((len(lefts), len(rights)), dtype=np.int64)
    gains[a, b], number[a, b] = gain[pairs], pairs
    row, column = linear_sum_assignment(gains, maximize=True)
    kept = gains[row, column] > 0
    return number[row[kept], column[kept]]
