"""How much of the demand is beyond each threshold, by zone, and how far it has to go."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..thresholds import within
from .weights import exact_weights


class Coverage(NamedTuple):
    """Figures by zone (z zones, t thresholds). NaN where there is nothing to divide by or nothing reached.

    Attributes:
        population: (z,) weight of all the demand of the zone.
        beyond: (z, t) weight farther than each threshold; the unreached is beyond every threshold.
        share: (z, t) ``beyond`` / ``population``, 0 to 1.
        mean: (z,) mean cost weighted by the demand that is reached.
        median: (z,) weighted median cost of the demand that is reached.
        unreached: (z,) weight that reaches nothing.
    """

    population: np.ndarray
    beyond: np.ndarray
    share: np.ndarray
    mean: np.ndarray
    median: np.ndarray
    unreached: np.ndarray


def coverage_by_zone(
    zone: np.ndarray, weight: np.ndarray, cost: np.ndarray, thresholds: tuple[float, ...], zones: int
) -> Coverage:
    """Statistics of ``cost`` (n,) by zone; ``zone`` (n,) in 0 … zones - 1, ``weight`` (n,) ≥ 0, NaN cost = unreached.

    A cost equal to a threshold is within it. Sums over zones equal the total exactly (`exact_weights`).
    """
    weight = exact_weights(weight)
    reached = np.isfinite(cost)

    def sum_by_zone(chosen: np.ndarray) -> np.ndarray:
        return np.bincount(zone[chosen], weights=weight[chosen], minlength=zones)

    population = sum_by_zone(np.ones(len(zone), dtype=bool))
    beyond = np.column_stack(
        [sum_by_zone(~within(cost, threshold)) for threshold in thresholds] or [np.empty((zones, 0))]
    )
    reached_weight = sum_by_zone(reached)
    travelled = np.bincount(zone[reached], weights=weight[reached] * cost[reached], minlength=zones)
    with np.errstate(invalid="ignore"):
        return Coverage(
            population=population,
            beyond=beyond,
            share=np.where(population[:, None] > 0, beyond / population[:, None], np.nan),
            mean=np.where(reached_weight > 0, travelled / reached_weight, np.nan),
            median=weighted_median(zone[reached], weight[reached], cost[reached], zones),
            unreached=sum_by_zone(~reached),
        )


def mean_cost(weight: np.ndarray, cost: np.ndarray) -> tuple[float, float]:
    """Mean of ``cost`` (n,) weighted by those who reach something (NaN if nobody does), and the others' weight."""
    reached = np.isfinite(cost)
    total = float(weight[reached].sum())
    mean = float(weight[reached] @ cost[reached]) / total if total > 0 else np.nan
    return mean, float(weight[~reached].sum())


def weighted_median(group: np.ndarray, weight: np.ndarray, value: np.ndarray, groups: int) -> np.ndarray:
    """Median of ``value`` (n,) in each group, each value counted ``weight`` times; NaN for a group without weight.

    Where exactly half of the weight lies on each side, the mean of the two middle values, as usual for counts.
    """
    weight = exact_weights(weight)
    counted = weight > 0
    group, weight, value = group[counted], weight[counted], value[counted]
    order = np.lexsort((value, group))
    group, value = group[order], value[order]
    cumulated = np.cumsum(weight[order])
    median = np.full(groups, np.nan)
    present, first = np.unique(group, return_index=True)
    if not len(present):
        return median
    last = np.append(first[1:], len(group)) - 1
    before = np.concatenate(([0.0], cumulated))[first]
    half = before + (cumulated[last] - before) / 2
    lower = np.searchsorted(cumulated, half, side="left")
    upper = np.searchsorted(cumulated, half, side="right")
    median[present] = (value[lower] + value[upper]) / 2
    return median


def quantile_classes(weight: np.ndarray, value: np.ndarray, classes: int) -> np.ndarray:
    """Upper bounds of ``classes`` classes of ``value`` that each hold about the same weight; NaN values are left out.

    Bounds that fall together are given once, so fewer than ``classes`` may come back.
    """
    known = np.isfinite(value) & (weight > 0)
    if not known.any():
        return np.empty(0)
    order = np.argsort(value[known], kind="stable")
    value, cumulated = value[known][order], np.cumsum(weight[known][order])
    wanted = cumulated[-1] * np.arange(1, classes + 1) / classes
    place = np.minimum(np.searchsorted(cumulated, wanted * (1 - 1e-12)), len(value) - 1)
    return np.unique(value[place])
