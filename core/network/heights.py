"""Which heights of line ends are heights, and which fill a place where none was known."""

from __future__ import annotations

import numpy as np

from .merging import SAME_FLOOR

_LOWEST, _HIGHEST = -90.0, 9000.0
"""Metres: no road lies outside, and -99, -1000, -9999 … fill."""
_STEEPEST = 0.3
"""Metres of height a metre of road: a line that climbs more has a filler at one end."""
_TALLEST = 50.0
"""Metres: of two roads at one place, one of them at exactly 0, the other is a bridge at most so high; else 0 fills."""


def known_heights(z_ends: np.ndarray, first: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, int]:
    """``z_ends`` (L, 2) with NaN for what is no height, and how many of its values were taken for fillers.

    ``first``, ``last`` (L, 2): the ends of the lines in metres. Outside -90 … 9 000 m nothing is a height. Exactly 0
    fills when it stands among heights that it cannot belong to: see `_zero_fills`.
    """
    if not np.isfinite(z_ends).any():
        return z_ends, 0
    z = np.where((z_ends > _LOWEST) & (z_ends < _HIGHEST), z_ends, np.nan)
    zero = z == 0
    if zero.any() and (np.isfinite(z) & ~zero).any():
        climb, span = np.abs(z[:, 1] - z[:, 0]), np.hypot(*(last - first).T)
        z[zero & (climb > np.maximum(_STEEPEST * span, SAME_FLOOR))[:, None]] = np.nan
        z[_zero_fills(z, z == 0, first, last)] = np.nan
    return z, int((np.isfinite(z_ends) & np.isnan(z)).sum())


def _zero_fills(z: np.ndarray, zero: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """(L, 2) which of the zeros of ``z`` fill.

    A crossing has two ends on each floor. Where zeros end alone among higher roads, or higher roads among zeros, more
    often than a road comes down to 0 by a slope, all zeros fill. Else those do that a road passes over by more than
    50 m.
    """
    corners = np.round(np.concatenate((first, last)), 2)
    place = np.unique(corners, axis=0, return_inverse=True)[1].reshape(-1)
    of_end, at_zero = z.T.reshape(-1), zero.T.reshape(-1)
    places = int(place.max()) + 1
    above = np.zeros(places)
    known = np.isfinite(of_end)
    np.maximum.at(above, place[known], of_end[known])
    low = np.bincount(place[at_zero], minlength=places)
    high = np.bincount(place[known & (of_end > SAME_FLOOR)], minlength=places)
    alone = np.count_nonzero((low > 0) & (high > 0) & ((low == 1) | (high == 1)))
    reached = (at_zero & (above[place] <= SAME_FLOOR)).reshape(2, -1).T
    slopes = np.count_nonzero((reached & ~zero[:, ::-1] & np.isfinite(z[:, ::-1])).any(axis=1))
    fills = at_zero if alone > slopes else at_zero & (above[place] > _TALLEST)
    return fills.reshape(2, -1).T
