"""How much of the demand is beyond each threshold, by zone, and how far it has to go.

« Not computed » is not « far »: people whose place could not be put on the network are beyond nothing, in no mean, and
shares are of the others. « No way leads there » is beyond every threshold.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from ..errors import CartoError
from ..thresholds import within
from .weights import exact_weights


class NothingComputed(CartoError):
    """Nobody's journey could be computed: there is no figure to give."""


class Served(NamedTuple):
    """People of a place and one service: the figures behind every sentence, map, table and report.

    Attributes:
        population: all of them.
        not_computed: those whose journey could not be computed.
        unreached: those from whom no way leads to the service; beyond every threshold.
        beyond: those farther than each threshold, ``unreached`` included and ``not_computed`` left out.
    """

    population: float
    not_computed: float
    unreached: float
    beyond: tuple[float, ...]

    @property
    def computed(self) -> float:
        """Those of whom shares are."""
        return self.population - self.not_computed

    def share(self, threshold: int = -1) -> float | None:
        """Share (0 to 1) of the people computed who are beyond the threshold of that rank; None where none is."""
        return self.beyond[threshold] / self.computed if self.computed > 0 else None


def together(parts: Iterable[Served]) -> Served:
    """The figures of several places as one; of none: nobody, and no threshold."""
    parts = list(parts)
    sums = (float(sum(column)) for column in list(zip(*parts))[:3]) if parts else (0.0, 0.0, 0.0)
    return Served._make((*sums, tuple(map(float, map(sum, zip(*(part.beyond for part in parts)))))))


def mean_together(parts: Iterable[tuple[Served, float]]) -> float:
    """The mean cost of those who reach the service, from that of several places (NaN: nobody does)."""
    reached = [(served.computed - served.unreached, mean) for served, mean in parts if mean == mean]
    people = sum(weight for weight, _mean in reached)
    return sum(weight * mean for weight, mean in reached) / people if people > 0 else float("nan")


class Coverage(NamedTuple):
    """Figures by zone (z zones, t thresholds). NaN where there is nothing to divide by or nothing reached.

    Attributes:
        population: (z,) weight of all the demand of the zone.
        not_computed: (z,) weight of the demand whose cost could not be computed: in none of the others.
        beyond: (z, t) weight farther than each threshold; the unreached is beyond every threshold.
        share: (z, t) ``beyond`` / (``population`` - ``not_computed``), 0 to 1.
        mean: (z,) mean cost weighted by the demand that is reached.
        median: (z,) weighted median cost of the demand that is reached.
        unreached: (z,) weight that reaches nothing.
    """

    population: np.ndarray
    not_computed: np.ndarray
    beyond: np.ndarray
    share: np.ndarray
    mean: np.ndarray
    median: np.ndarray
    unreached: np.ndarray

    def whole(self) -> Served:
        """All zones together."""
        beyond = tuple(self.beyond.sum(axis=0).tolist())
        return Served(float(self.population.sum()), float(self.not_computed.sum()), float(self.unreached.sum()), beyond)


def share_of(people: np.ndarray, computed: np.ndarray) -> np.ndarray:
    """``people`` (…, z) as a part of those ``computed`` (z,), NaN where there is none."""
    return np.divide(people, computed, out=np.full(people.shape, np.nan), where=computed > 0)


def coverage_by_zone(
    zone: np.ndarray,
    weight: np.ndarray,
    cost: np.ndarray,
    thresholds: tuple[float, ...],
    zones: int,
    computed: np.ndarray | None = None,
) -> Coverage:
    """Statistics of ``cost`` (n,) by zone; ``zone`` (n,) in 0 … zones - 1, ``weight`` (n,) ≥ 0.

    ``computed`` (n,) bool, None for all: where it holds, a NaN cost means that no way leads there.
    A cost equal to a threshold is within it. Sums over zones equal the total exactly (`exact_weights`).
    """
    weight = exact_weights(weight)
    computed = np.ones(len(zone), dtype=bool) if computed is None else computed
    reached = np.isfinite(cost) & computed

    def sum_by_zone(chosen: np.ndarray) -> np.ndarray:
        return np.bincount(zone[chosen], weights=weight[chosen], minlength=zones)

    population = sum_by_zone(np.ones(len(zone), dtype=bool))
    beyond = np.column_stack(
        [sum_by_zone(computed & ~within(cost, threshold)) for threshold in thresholds] or [np.empty((zones, 0))]
    )
    counted = sum_by_zone(computed)
    reached_weight = sum_by_zone(reached)
    travelled = np.bincount(zone[reached], weights=weight[reached] * cost[reached], minlength=zones)
    with np.errstate(invalid="ignore"):
        return Coverage(
            population=population,
            not_computed=sum_by_zone(~computed),
            beyond=beyond,
            share=np.where(counted[:, None] > 0, beyond / counted[:, None], np.nan),
            mean=np.where(reached_weight > 0, travelled / reached_weight, np.nan),
            median=weighted_median(zone[reached], weight[reached], cost[reached], zones),
            unreached=sum_by_zone(computed & ~reached),
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
    order = np.argsort(value, kind="stable")
    # Integers this small are sorted without comparing them.
    order = order[np.argsort(group.astype(np.min_scalar_type(groups))[order], kind="stable")]
    group, value = group[order], value[order]
    cumulated = np.cumsum(weight[order])
    median = np.full(groups, np.nan)
    if not len(group):
        return median
    first = np.flatnonzero(np.concatenate(([True], group[1:] != group[:-1])))
    present = group[first]
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
