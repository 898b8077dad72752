"""Candidates made where none were given."""

from __future__ import annotations

import numpy as np


def spread_candidates(xy: np.ndarray, weight: np.ndarray, count: int) -> np.ndarray:
    """About ``count`` (never more) of the points (n, 2): the heaviest of each square of a grid, heaviest squares first.

    The squares are as small as the count allows, so that candidates lie wherever people live.
    """
    if len(xy) <= count:
        return np.arange(len(xy))
    corner, far = xy.min(axis=0), xy.max(axis=0)
    low, high = 0.0, float(max(far - corner)) + 1.0
    for _ in range(40):
        size = (low + high) / 2
        squares = _squares(xy, corner, size)
        if len(np.unique(squares)) > count:
            low = size
        else:
            high = size
    squares = _squares(xy, corner, high)
    order = np.lexsort((np.arange(len(xy)), -weight, squares))
    return np.sort(order[np.unique(squares[order], return_index=True)[1]])


def _squares(xy: np.ndarray, corner: np.ndarray, size: float) -> np.ndarray:
    column, row = np.floor((xy - corner) / size).astype(np.int64).T
    return row * (column.max() + 1) + column
