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


def _mean(cost: np.ndarray, weight: np.ndarray) -> float:
    reached = np.isfinite(cost)
    total = float(weight[reached].sum())
    return float(weight[reached] @ cost[reached]) / total if total > 0 else np.nan
