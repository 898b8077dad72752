"""The figures of a report, from what the gap analysis gave."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..access.coverage import Served, mean_cost, mean_together, together, weighted_median
from ..access.sentences import Width


class ZoneFigures(NamedTuple):
    """One zone and one category, as a row of the coverage table.

    ``beyond``: people farther than each threshold, in the order of the report's thresholds. ``mean``: minutes, None
    when nobody reaches the service. ``ends``: fewest and most of ``beyond``, empty where that is not known.
    """

    zone_id: str
    name: str
    category: str
    population: float
    beyond: tuple[float, ...]
    mean: float | None
    unreached: float
    not_computed: float = 0.0
    ends: tuple[tuple[float, float], ...] = ()

    @property
    def served(self) -> Served:
        """The people, as all pages count them."""
        return Served(self.population, self.not_computed, self.unreached, self.beyond)

    def share(self, threshold: int) -> float | None:
        """Share (0 to 1) of the zone's people computed who are beyond the threshold of that rank; None without any."""
        return self.served.share(threshold)

    def shares(self, threshold: int) -> tuple[float, float] | None:
        """Between what and what that share is; None where it is not known."""
        computed = self.served.computed
        if not self.ends or computed <= 0:
            return None
        least, most = self.ends[threshold]
        return least / computed, most / computed


class CategoryFigures(NamedTuple):
    """One category over the whole territory."""

    category: str
    population: float
    beyond: tuple[float, ...]
    mean: float | None
    median: float | None
    unreached: float
    not_computed: float = 0.0

    def share(self, threshold: int) -> float | None:
        """Share (0 to 1) of the people computed who are beyond the threshold of that rank; None without any."""
        return Served(self.population, self.not_computed, self.unreached, self.beyond).share(threshold)


class GroupShare(NamedTuple):
    """A group of people beyond the last threshold; ``share`` of it and ``everyone`` of all are 0 to 1.

    ``median``: minutes of those who reach the service, None where nobody does.
    """

    label: str
    population: float
    beyond: float
    share: float
    everyone: float
    median: float | None = None


class Doubt(NamedTuple):
    """Fewest and most people beyond the last threshold, and what the figure says.

    ``computed`` are those of whom shares are, ``not_computed`` the others. ``unsure``: zones whose class of share
    changes within the interval. ``width``: what makes it wide.
    """

    category: str
    beyond: float
    least: float
    most: float
    computed: float
    not_computed: float
    unsure: int
    width: Width


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
    whole = together(row.served for row in rows if row.category == category)
    reached = np.isfinite(costs) & (weights > 0)
    mean, _ = mean_cost(weights, costs)
    (median,) = weighted_median(np.zeros(int(reached.sum()), int), weights[reached], costs[reached], 1)
    return CategoryFigures(
        category,
        whole.population,
        whole.beyond,
        mean if np.isfinite(mean) else None,
        float(median) if np.isfinite(median) else None,
        whole.unreached,
        whole.not_computed,
    )


def figures_together(rows: Sequence[ZoneFigures], zone_id: str, name: str) -> list[ZoneFigures]:
    """The figures of several zones as one, called so: a row for each category, in the order they are met."""
    parts: dict[str, list[ZoneFigures]] = {}
    for row in rows:
        parts.setdefault(row.category, []).append(row)
    return [_as_one(own, zone_id, name) for own in parts.values()]


def _as_one(rows: Sequence[ZoneFigures], zone_id: str, name: str) -> ZoneFigures:
    """Rows of one category; the interval is that of sums, known where it is of all of them."""
    whole = together(row.served for row in rows)
    mean = mean_together((row.served, np.nan if row.mean is None else row.mean) for row in rows)
    ends: list[tuple[float, float]] = []
    if all(row.ends for row in rows):
        ends = [(sum(low for low, _ in each), sum(high for _, high in each)) for each in zip(*(r.ends for r in rows))]
    return ZoneFigures(
        zone_id,
        name,
        rows[0].category,
        whole.population,
        whole.beyond,
        mean if np.isfinite(mean) else None,
        whole.unreached,
        whole.not_computed,
        tuple(ends),
    )


def cumulative_curve(costs: np.ndarray, weights: np.ndarray, computed: np.ndarray | None = None) -> Curve:
    """Share of the people ``computed`` (n,) bool (None: all), those who get nowhere included, within each time."""
    if computed is not None:
        costs, weights = costs[computed], weights[computed]
    total = float(weights.sum())
    reached = np.isfinite(costs)
    order = np.argsort(costs[reached], kind="stable")
    minutes = costs[reached][order]
    share = np.cumsum(weights[reached][order]) / total if total else np.zeros(len(minutes))
    last = np.append(minutes[1:] != minutes[:-1], True) if len(minutes) else np.zeros(0, bool)
    return Curve(np.concatenate([[0.0], minutes[last]]), np.concatenate([[0.0], share[last]]))


def is_unsure(zone: ZoneFigures, threshold: int, bounds: Sequence[float]) -> bool:
    """Whether the share is of one class at one end of its interval, of another at the other.

    A class ends at each of the growing ``bounds`` (0 to 1), which belong to it.
    """
    shares = zone.shares(threshold)
    return shares is not None and bisect_left(bounds, shares[0]) != bisect_left(bounds, shares[1])


def unsure_zones(
    rows: Sequence[ZoneFigures], category: str, threshold: int, bounds: Sequence[float]
) -> list[ZoneFigures]:
    """Zones of one category that are unsure (`is_unsure`), the widest interval in people first."""
    found = [row for row in rows if row.category == category and is_unsure(row, threshold, bounds)]
    return sorted(found, key=lambda row: (row.ends[threshold][0] - row.ends[threshold][1], row.name))


MOST_BARS = 8
"""Zones that a chart of them shows."""


def worst_zones(rows: Sequence[ZoneFigures], category: str, threshold: int, most: int = 20) -> list[ZoneFigures]:
    """Zones of one category with the most people beyond the threshold of that rank."""
    own = [row for row in rows if row.category == category and row.population > 0]
    return sorted(own, key=lambda row: (-row.beyond[threshold], row.name))[:most]
