"""What a change of sites does: who comes nearer, who gets farther, by how much."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..thresholds import within

GAINS, LOSES, SAME = "gagne", "perd", "inchange"
GETS_ACCESS, LOSES_ACCESS, NO_ACCESS = "gagne_acces", "perd_acces", "sans_acces"
NOISE = 1e-6
"""Minutes (or metres) below which two costs are the same journey."""


class Comparison(NamedTuple):
    """``change`` (n,) cost after − cost before, NaN where either is unreachable; ``effect`` (n,) in words."""

    before: np.ndarray
    after: np.ndarray
    change: np.ndarray
    effect: np.ndarray


class Summary(NamedTuple):
    """Figures of one group of demand; means over those who reach a site (NaN when nobody does).

    ``saved`` and ``lost`` are weight × cost (person-minutes) of those who gain and of those who lose among people who
    reach a site both before and after. ``beyond_before``, ``beyond_after`` (t,) are weights farther than each
    threshold, the unreached included.
    """

    population: float
    gaining: float
    losing: float
    unchanged: float
    getting_access: float
    losing_access: float
    without_access: float
    saved: float
    lost: float
    mean_before: float
    mean_after: float
    beyond_before: np.ndarray
    beyond_after: np.ndarray

    @property
    def mean_change(self) -> float:
        """Of those who reach a site both before and after; NaN without any. The two means are of other people."""
        return mean_change(self.gaining + self.losing + self.unchanged, self.saved, self.lost)


def mean_change(people: float, saved: float, lost: float) -> float:
    """What ``people`` who reach a site both before and after spend more on average; NaN without any."""
    return (lost - saved) / people if people > 0 else np.nan


def compare(before: np.ndarray, after: np.ndarray) -> Comparison:
    """Compare the costs (n,) to the nearest site of two scenarios; NaN = unreachable."""
    change = after - before
    change[np.abs(change) <= NOISE] = 0.0
    had, has = np.isfinite(before), np.isfinite(after)
    effect = np.select(
        [~had & ~has, ~had, ~has, change < 0, change > 0],
        [NO_ACCESS, GETS_ACCESS, LOSES_ACCESS, GAINS, LOSES],
        SAME,
    )
    return Comparison(before, after, change, effect)


def summarise(found: Comparison, weight: np.ndarray, thresholds: tuple[float, ...], chosen: np.ndarray) -> Summary:
    """The figures of the points of the mask ``chosen`` (n,); a cost equal to a threshold is within it."""
    weight = np.where(chosen, weight, 0.0)
    effect = {
        name: float(weight[found.effect == name].sum())
        for name in (GAINS, LOSES, SAME, GETS_ACCESS, LOSES_ACCESS, NO_ACCESS)
    }
    moved = weight * np.nan_to_num(found.change)
    return Summary(
        float(weight.sum()),
        effect[GAINS],
        effect[LOSES],
        effect[SAME],
        effect[GETS_ACCESS],
        effect[LOSES_ACCESS],
        effect[NO_ACCESS],
        float(-moved[moved < 0].sum()),
        float(moved[moved > 0].sum()),
        _mean(found.before, weight),
        _mean(found.after, weight),
        *(
            np.array([float(weight[~within(cost, t)].sum()) for t in thresholds])
            for cost in (found.before, found.after)
        ),
    )


class ZoneChanges(NamedTuple):
    """What changes in each zone, (z,) each: weights, and weight × cost as in `Summary`."""

    population: np.ndarray
    gaining: np.ndarray
    losing: np.ndarray
    getting_access: np.ndarray
    losing_access: np.ndarray
    saved: np.ndarray
    lost: np.ndarray


def summarise_zones(found: Comparison, weight: np.ndarray, zone: np.ndarray, count: int) -> ZoneChanges:
    """The figures of each of ``count`` zones at once; ``zone`` (n,) is the row of each point's zone."""

    def total(amount: np.ndarray) -> np.ndarray:
        return np.bincount(zone, amount, count)

    moved = weight * np.nan_to_num(found.change)
    gaining, losing, getting, lost_access = (
        total(np.where(found.effect == name, weight, 0.0)) for name in (GAINS, LOSES, GETS_ACCESS, LOSES_ACCESS)
    )
    saved, lost = total(-np.minimum(moved, 0.0)), total(np.maximum(moved, 0.0))
    return ZoneChanges(total(weight), gaining, losing, getting, lost_access, saved, lost)


def _mean(cost: np.ndarray, weight: np.ndarray) -> float:
    reached = np.isfinite(cost)
    total = float(weight[reached].sum())
    return float(weight[reached] @ cost[reached]) / total if total > 0 else np.nan
