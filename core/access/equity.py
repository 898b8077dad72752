"""How unequally access is shared out among people: indices of inequality and of poverty, each value weighted by people.

The formulas are those of the R package `accessibility` (Pereira and Herszenhut, Ipea), from:

    Gini           Gini 1912; the area under the Lorenz curve by trapezes.
    Palma          Palma 2011, Development and Change 42(1); means instead of shares, as in studies of transport.
    concentration  Wagstaff, Paci & van Doorslaer 1991, Social Science & Medicine 33(5); fractional rank of van
                   Doorslaer & Koolman 2004, Health Economics 13(7), eq. 4; people of equal rank share their mean.
    Theil T        Theil 1967, Economics and Information Theory.
    FGT            Foster, Greer & Thorbecke 1984, Econometrica 52(3).

All functions take values (n,) and weights (n,), people at that value. A row whose value (or rank) is NaN, or whose
weight is not above 0, is left out. The answer is NaN where there is nothing to compute from.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..errors import InvalidInput
from ..thresholds import within
from .coverage import mean_cost, weighted_median
from .weights import exact_weights

POOREST, WEALTHIEST = 0.4, 0.9
"""Palma compares the people above the second share of the ranking with those up to the first."""


class NegativeValues(InvalidInput):
    """Indices of inequality have no meaning for values below 0."""


class Share(NamedTuple):
    """A Lorenz or concentration curve: cumulated share (k,) of the people, and of the value they have, from 0 to 1."""

    people: np.ndarray
    value: np.ndarray


class Equity(NamedTuple):
    """Indices of the people of one place. NaN where there is nothing to compute from, or nothing was asked for.

    Attributes:
        population: weight of all.
        not_computed: weight of those without value: in none of the others.
        without_rank: weight of those with a value and without rank: in neither ``palma`` nor ``concentration``.
        fgt: of orders 0, 1 and 2.
    """

    population: float
    not_computed: float
    without_rank: float
    mean: float
    median: float
    gini: float
    palma: float
    concentration: float
    theil_t: float
    fgt: tuple[float, float, float]


def equity(
    value: np.ndarray,
    weight: np.ndarray,
    rank: np.ndarray | None = None,
    line: float | None = None,
    *,
    high_is_good: bool = False,
) -> Equity:
    """All indices of ``value`` (n,). ``rank`` (n,) orders people from the poorest; ``line`` is the poverty line.

    Raises `NegativeValues`.
    """
    if (value < 0).any():
        raise NegativeValues("Indices of inequality need values that are not negative: choose a cost or a score.")
    weight = exact_weights(weight)
    known = np.isfinite(value)
    ranked = known if rank is None else known & np.isfinite(rank)
    mean, not_computed = mean_cost(weight, np.where(known, value, np.nan))
    (median,) = weighted_median(np.zeros(int(known.sum()), int), weight[known], value[known], 1)
    return Equity(
        float(weight.sum()),
        not_computed,
        float(weight[known & ~ranked].sum()),
        mean,
        float(median),
        gini(value, weight),
        np.nan if rank is None else palma(value, weight, rank),
        np.nan if rank is None else concentration(value, weight, rank),
        theil_t(value, weight),
        (np.nan, np.nan, np.nan) if line is None else fgt(value, weight, line, high_is_good=high_is_good),
    )


def gini(value: np.ndarray, weight: np.ndarray) -> float:
    """1 - 2 × the area under the Lorenz curve: 0 when all have the same, towards 1 when one has all."""
    curve = lorenz_curve(value, weight)
    area = float(np.diff(curve.people) @ (curve.value[1:] + curve.value[:-1])) / 2 if len(curve.people) > 1 else np.nan
    return 1 - 2 * area


def lorenz_curve(value: np.ndarray, weight: np.ndarray) -> Share:
    """People in the order of their own value; empty when nobody has anything."""
    return concentration_curve(value, weight, value)


def concentration_curve(value: np.ndarray, weight: np.ndarray, rank: np.ndarray) -> Share:
    """People from the poorest by ``rank`` to the richest; those of equal rank are one step. Empty as `lorenz_curve`."""
    value, weight, rank = _counted(value, weight, rank)
    total = float(weight @ value)
    if not total > 0:
        return Share(np.empty(0), np.empty(0))
    _, step = np.unique(rank, return_inverse=True)
    people, had = np.bincount(step, weights=weight), np.bincount(step, weights=weight * value)
    return Share(*(np.concatenate(([0.0], np.cumsum(part) / part.sum())) for part in (people, had)))


def concentration(value: np.ndarray, weight: np.ndarray, rank: np.ndarray) -> float:
    """The standard concentration index, 2 × cov(value, fractional rank) / mean, from -1 to 1.

    Above 0 the value is more with those of high ``rank``. It is also 1 - 2 × the area under `concentration_curve`.
    """
    value, weight, rank = _counted(value, weight, rank)
    mean = _mean(value, weight)
    if not mean > 0:
        return np.nan
    share = weight / weight.sum()
    _, step = np.unique(rank, return_inverse=True)
    of_step = np.bincount(step, weights=share)
    fractional = (np.cumsum(of_step) - of_step / 2)[step]
    return float(2 * np.sum(share * (value - mean) * (fractional - 0.5)) / mean)


def palma(value: np.ndarray, weight: np.ndarray, rank: np.ndarray) -> float:
    """Mean of the people above 90 % of ``rank`` over that of the people up to 40 % (`quantile`).

    NaN when nobody is above, or those below have nothing.
    """
    value, weight, rank = _counted(value, weight, rank)
    if not len(value):
        return np.nan
    low, high = quantile(rank, weight, POOREST), quantile(rank, weight, WEALTHIEST)
    poor, rich = rank <= low, rank > high
    below = _mean(value[poor], weight[poor])
    return _mean(value[rich], weight[rich]) / below if below > 0 else np.nan


def quantile(value: np.ndarray, weight: np.ndarray, share: float) -> float:
    """Weighted quantile: of W people in a row, the value at the place 1 + (W - 1) × ``share``, between two of them
    in proportion (type 7 of Hyndman & Fan 1996, weights as counts). Weights that are shares of one person give the
    first value that ``share`` of the weight does not exceed.
    """
    value, weight, _ = _counted(value, weight, value)
    if not len(value):
        return np.nan
    order = np.argsort(value, kind="stable")
    value, cumulated = value[order], np.cumsum(weight[order])
    total = float(cumulated[-1])
    # Without the rounding, the noise of 0.4 × (W - 1) could leave out the person at a whole place.
    place = round(1 + (total - 1) * share, 9) if total >= 2 else total * share
    low = max(np.floor(place), 1.0) if total >= 2 else place
    last = len(value) - 1
    below, above = (value[min(int(np.searchsorted(cumulated, at)), last)] for at in (low, min(low + 1, total)))
    return float(below + (place % 1) * (above - below)) if total >= 2 else float(below)


def theil_t(value: np.ndarray, weight: np.ndarray) -> float:
    """Mean of (x / μ) ln(x / μ) over the people whose value x is above 0: 0 when all have the same."""
    value, weight, _ = _counted(value, weight, value)
    some = value > 0
    value, weight = value[some], weight[some]
    if not len(value):
        return np.nan
    relative = value / _mean(value, weight)
    return _mean(relative * np.log(relative), weight)


def fgt(
    value: np.ndarray, weight: np.ndarray, line: float, *, high_is_good: bool = False
) -> tuple[float, float, float]:
    """Share of the poor, mean shortfall, and mean of its square; the shortfall is |value - line| / line of the poor.

    Poor: below ``line`` with ``high_is_good`` (a score), above it otherwise (a cost: then there is no limit of 1). A
    value equal to the line is not poor. Raises `InvalidInput` unless ``line`` is above 0.
    """
    if not 0 < line < np.inf:
        raise InvalidInput("The poverty line must be above 0.")
    value, weight, _ = _counted(value, weight, value)
    if not len(value):
        return (np.nan, np.nan, np.nan)
    poor = value < line if high_is_good else ~within(value, line)
    shortfall = np.where(poor, np.abs(value - line) / line, 0.0)
    return (_mean(poor.astype(float), weight), _mean(shortfall, weight), _mean(shortfall**2, weight))


def _counted(value: np.ndarray, weight: np.ndarray, rank: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The rows that count: with a value, a rank and somebody there."""
    kept = np.isfinite(value) & np.isfinite(rank) & (weight > 0)
    return value[kept], weight[kept], rank[kept]


def _mean(value: np.ndarray, weight: np.ndarray) -> float:
    total = float(weight.sum())
    return float(weight @ value) / total if total > 0 else np.nan
