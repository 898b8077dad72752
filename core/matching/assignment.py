"""Who goes with whom: each row once at most, the sum of points as large as can be."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components, min_weight_full_bipartite_matching

from ..progress import Progress

_LARGEST_DENSE = 250_000
"""Cells of the largest block that is solved as a table."""


def assign(left: np.ndarray, right: np.ndarray, gain: np.ndarray, progress: Progress = Progress()) -> np.ndarray:
    """Indices of the chosen pairs, ascending. ``left``, ``right``: (p,) rows, below 0 never; ``gain``: (p,) above 0.

    Pairs that share rows, directly or through others, form a block; blocks do not touch each other, and each is solved
    for the largest sum (`scipy.optimize.linear_sum_assignment`, or its sparse sister for the largest).
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
    solve = _solve_dense if len(lefts) * len(rights) <= _LARGEST_DENSE else _solve_sparse
    return pairs[solve(a, b, gain[pairs])]


def _solve_dense(a: np.ndarray, b: np.ndarray, gain: np.ndarray) -> np.ndarray:
    """Indices of the chosen among pairs of rows numbered from 0."""
    gains = np.zeros((a.max() + 1, b.max() + 1))
    number = np.zeros(gains.shape, dtype=np.int64)
    gains[a, b], number[a, b] = gain, np.arange(len(gain))
    row, column = linear_sum_assignment(gains, maximize=True)
    kept = gains[row, column] > 0
    return number[row[kept], column[kept]]


def _solve_sparse(a: np.ndarray, b: np.ndarray, gain: np.ndarray) -> np.ndarray:
    """The same for blocks too large for a table: each row may also go to a partner of its own, that gains nothing."""
    rows, columns = a.max() + 1, b.max() + 1
    own = np.arange(rows)
    places = (np.concatenate([a, own]), np.concatenate([b, columns + own]))
    # All rows find a partner, so that one more for each changes no choice; explicit zeros are not allowed.
    graph = csr_matrix((np.concatenate([gain, np.zeros(rows)]) + 1.0, places), shape=(rows, columns + rows))
    number = csr_matrix((np.arange(1, len(gain) + 1), (a, b)), shape=(rows, columns))
    row, column = min_weight_full_bipartite_matching(graph, maximize=True)
    real = column < columns
    return np.asarray(number[row[real], column[real]]).ravel() - 1
