"""What makes a covering model smaller without changing its best value."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from .problem import Costs

MAX_MERGED = 20_000_000
"""Pairs beyond which points of equal cover are not looked for: it would take more memory than it saves."""
MAX_OVERLAPS = 60_000_000
"""Pairs of candidates sharing a point beyond which dominated candidates are not looked for."""


def merge_rows(size: int, demand: np.ndarray, column: np.ndarray, columns: int) -> np.ndarray:
    """(n,) for every point the first point that has exactly the same columns; points without any stay themselves.

    Sets are compared by a random 128-bit sum (fixed seed), equal for equal sets; two different sets among a million
    agree with a probability of about 10⁻²⁷.
    """
    keys = np.random.default_rng(38).integers(0, 2**63, size=(2, columns), dtype=np.uint64)
    order = np.argsort(demand, kind="stable")
    demand, column = demand[order], column[order]
    starts = np.flatnonzero(np.concatenate([[True], demand[1:] != demand[:-1]])) if len(demand) else np.empty(0, int)
    first = np.arange(size)
    if len(starts) == 0:
        return first
    sums = np.stack([np.add.reduceat(key[column], starts) for key in keys], axis=1)
    _, where, group = np.unique(sums, axis=0, return_index=True, return_inverse=True)
    points = demand[starts]
    first[points] = points[where][group.reshape(-1)]
    return first


def merged_demand(cover: Costs, weight: np.ndarray) -> tuple[Costs, np.ndarray]:
    """The cover where points with the same candidates are one point of their total weight, and the weights."""
    if len(cover.demand) > MAX_MERGED:
        return cover, weight
    first = merge_rows(cover.size, cover.demand, cover.owner(), cover.candidates)
    total = np.bincount(first, weight, cover.size)
    kept = first == np.arange(cover.size)
    return cover.subset(np.arange(cover.candidates), kept), total[kept]


def undominated(cover: Costs) -> np.ndarray:
    """Indices of candidates whose points are not all within another candidate's; of equals the first is kept."""
    per_point = np.bincount(cover.demand, minlength=cover.size).astype(float)
    if float(per_point @ per_point) > MAX_OVERLAPS:
        return np.arange(cover.candidates)
    ones = np.ones(len(cover.demand), np.float32)
    matrix = sparse.csr_matrix((ones, cover.demand, cover.offset), shape=(cover.candidates, cover.size))
    shared = (matrix @ matrix.T).tocoo()
    size = np.diff(cover.offset)
    inside = (shared.data == size[shared.row]) & (shared.row != shared.col)
    small, large = shared.row[inside], shared.col[inside]
    beaten = (size[small] < size[large]) | (small > large)
    dominated = size == 0
    dominated[small[beaten]] = True
    return np.flatnonzero(~dominated)


def undominated_points(cover: Costs) -> np.ndarray:
    """(n,) mask of the points to look at: one whose candidates include all of another's is covered with it."""
    per_candidate = np.diff(cover.offset).astype(float)
    if float(per_candidate @ per_candidate) > MAX_OVERLAPS:
        return np.ones(cover.size, bool)
    ones = np.ones(len(cover.demand), np.float32)
    matrix = sparse.csr_matrix((ones, cover.demand, cover.offset), shape=(cover.candidates, cover.size)).T.tocsr()
    shared = (matrix @ matrix.T).tocoo()
    size = np.diff(matrix.indptr)
    inside = (shared.data == size[shared.row]) & (shared.row != shared.col)
    small, large = shared.row[inside], shared.col[inside]
    implied = (size[small] < size[large]) | (small < large)
    needed = np.ones(cover.size, bool)
    needed[large[implied]] = False
    return needed
