"""The figures of a report, from what the gap analysis gave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np


class ZoneFigures(NamedTuple):
    """One zone and one category, as a row of the coverage table.

    ``beyond``: people farther than each threshold, in the order of the report's thresholds. ``mean``: minutes, None
    when nobody reaches the service.
    """

    zone_id: str
    name: str
    category: str
    population: float
    beyond: tuple[float, ...]
    mean: float | None
    unreached: float

    def share(self, threshold: int) -> float | None:
        """Share (0 to 1) of the zone's people beyond the threshold of that rank; None without people."""
        return self.beyond[threshold] / self.population if self.population else None


class CategoryFigures(NamedTuple):
    """One category over the whole territory."""

    category: str
    population: float
    beyond: tuple[float, ...]
    mean: float | None
    median: float | None
    unreached: float

    def share(self, threshold: int) -> float | None:
        """Share (0 to 1) of the people beyond the threshold of that rank; None without people."""
        return self.beyond[threshold] / self.population if self.population else None


class Curve(NamedTuple):
    """Share of the population (0 to 1) within so many minutes; both (n,), growing."""

    minutes: np.ndarray
    share: np.ndarray


def category_figures(
    rows: Sequence[ZoneFigures], category: str, costs: np.ndarray, weights: np.ndarray
) -> CategoryFigures:
    """Sums over the zones of one category; mean and median from the demand itself.

    ``costs`` (n,) minutes, NaN where nobody gets there; ``weights`` (n,) people.
    """
    own = [row for row in rows if row.category == category]
    thresholds = len(own[0].beyond) if own else 0
    beyond = tuple(float(sum(row.beyond[rank] for row in own)) for rank in range(thresholds))
    reached = np.isfinite(costs) & (weights > 0)
    mean = float(np.average(costs[reached], weights=weights[reached])) if reached.any() else None
    return CategoryFigures(
        category,
        float(sum(row.population for row in own)),
        beyond,
        mean,
        weighted_median(costs[reached], weights[reached]),
        float(sum(row.unreached for row in own)),
    )


def weighted_median(values: np.ndarray, weights: np.ndarray) -> float | None:
    """The value at which half of the weight is reached (the lower one when it falls between two)."""
    if not len(values):
        return None
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, reached[-1] / 2)])


def cumulative_curve(costs: np.ndarray, weights: np.ndarray) -> Curve:
    """Share of all the people, those who get nowhere included, within each number of minutes."""
    total = float(weights.sum())
    reached = np.isfinite(costs)
    order = np.argsort(costs[reached], kind="stable")
    minutes = costs[reached][order]
    share = np.cumsum(weights[reached][order]) / total if total else np.zeros(len(minutes))
    last = np.append(minutes[1:] != minutes[:-1], True) if len(minutes) else np.zeros(0, bool)
    return Curve(np.concatenate([[0.0], minutes[last]]), np.concatenate([[0.0], share[last]]))


def worst_zones(rows: Sequence[ZoneFigures], category: str, threshold: int, most: int = 20) -> list[ZoneFigures]:
    """Zones of one category with the most people beyond the threshold of that rank."""
    own = [row for row in rows if row.category == category and row.population > 0]
    return sorted(own, key=lambda row: (-row.beyond[threshold], row.name))[:most]
