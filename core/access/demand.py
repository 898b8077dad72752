"""Spread the population of zones over the places where people live, to the last unit.

Method: dasymetric spreading. Each zone's weight is shared among its support places in proportion to their own weight
(dwellings, floor area, or equal shares), and rounded by the largest remainder, so that the places of a zone sum
exactly to the zone. Ties go to the first place in the order of the support layer, so the same input gives the
same output.
"""

from __future__ import annotations

import math

import numpy as np

from ..errors import InvalidInput


class SpreadError(InvalidInput):
    """A weight that cannot be spread."""


def spread(total: float, shares: np.ndarray, *, whole: bool = False) -> np.ndarray:
    """Split ``total`` in proportion to ``shares`` (n,), exactly: any order of summation gives back ``total``.

    ``whole``: each part is a whole number (``total`` must be one). Otherwise parts are multiples of the last binary
    digit of ``total``. Places with a share of zero get nothing; when all shares are zero, they count as equal.

    Raises `SpreadError` when there is no place, when a share is negative or not a number, or when ``total`` is.
    """
    shares = np.asarray(shares, dtype=float)
    if not len(shares):
        raise SpreadError("There is no place to spread the weight over.")
    if not (np.isfinite(shares) & (shares >= 0)).all():
        raise SpreadError("Weights of the support must be numbers that are not negative.")
    if not (math.isfinite(total) and total >= 0):
        raise SpreadError("The weight {total} cannot be spread.", total=total)
    if whole and total != int(total):
        raise SpreadError("The weight {total} cannot be spread in whole numbers: it is not one.", total=total)
    if total == 0:
        return np.zeros(len(shares))
    if not shares.any():
        shares = np.ones(len(shares))
    unit = 1.0 if whole else _last_digit(total)
    return _largest_remainder(round(total / unit), shares) * unit


def _last_digit(value: float) -> float:
    """The weight of the last of the 53 binary digits of ``value``."""
    return max(math.ldexp(1.0, math.frexp(value)[1] - 53), math.ulp(0.0))


def _largest_remainder(units: int, shares: np.ndarray) -> np.ndarray:
    """Whole parts (n,) of ``units`` in proportion to ``shares``, summing to it exactly (Hamilton's method)."""
    quota = units * (shares / math.fsum(shares))
    # A quota that is whole but for float noise is whole.
    parts = np.floor(quota * (1 + 1e-15) + 1e-9).astype(np.int64)
    missing = units - int(parts.sum())
    receivers = np.flatnonzero(shares > 0)
    ranked = receivers[np.argsort(-(quota - parts)[receivers], kind="stable")]
    # With as many units as float64 has digits, the quotas' own noise may leave more units than places, or too few.
    each, rest = divmod(abs(missing), len(ranked))
    if missing >= 0:
        parts[ranked] += each
        parts[ranked[:rest]] += 1
        return parts
    return _take_back(parts, -missing)


def _take_back(parts: np.ndarray, excess: int) -> np.ndarray:
    for place in np.argsort(-parts, kind="stable"):
        taken = min(excess, int(parts[place]))
        parts[place] -= taken
        excess -= taken
        if not excess:
            break
    return parts


def spread_by_zone(
    zone_weight: np.ndarray, support_zone: np.ndarray, support_weight: np.ndarray, *, whole: bool = False
) -> np.ndarray:
    """Weight (n,) of each support place; ``support_zone`` (n,) is its zone's row in ``zone_weight`` (z,), -1 = none.

    Zones without support keep their weight to themselves: see `zones_without_support`. Errors as in `spread`.
    """
    result = np.zeros(len(support_zone))
    order = np.argsort(support_zone, kind="stable")
    zones, first = np.unique(support_zone[order], return_index=True)
    for zone, places in zip(zones, np.split(order, first[1:])):
        if zone >= 0:
            result[places] = spread(float(zone_weight[zone]), support_weight[places], whole=whole)
    return result


def zones_without_support(zones: int, support_zone: np.ndarray) -> np.ndarray:
    """Rows of the zones in which no support place lies."""
    return np.setdiff1d(np.arange(zones), support_zone)
