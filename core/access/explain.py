"""Why a figure changed between two dates: the part of the services, of the roads and of the population.

Each of the three is changed before or after the two others: each part is the mean of what it changes over the six
orders (Shapley, 1953). Parts sum exactly to the whole change, in any order, and change signs when before and after are
swapped.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .weights import unit_of

_ROOM = 16
"""Times the population that sums of figures with their coefficients stay under."""


class FigureChange(NamedTuple):
    """Figures of any one shape, the parts being multiples of one power of two, so that their sums are exact."""

    before: np.ndarray
    after: np.ndarray
    services: np.ndarray
    roads: np.ndarray
    population: np.ndarray


def common_unit(*weights: np.ndarray) -> float:
    """A power of two such that figures made of all these weights, rounded to it, sum exactly (`explained`)."""
    return unit_of(_ROOM * sum(float(np.nansum(each)) for each in weights))


def rounded(values: np.ndarray, unit: float) -> np.ndarray:
    """To the nearest multiple of ``unit``; unchanged where that is 0."""
    return np.round(values / unit) * unit if unit else values


def explained(figures: np.ndarray, unit: float) -> FigureChange:
    """The parts of the change of ``figures`` (2, 2, 2, …), whose first axes are before or after of services, roads and
    population; all multiples of ``unit`` (`common_unit`).
    """
    before, after = figures[0, 0, 0], figures[1, 1, 1]
    services, roads = (rounded(_sixfold(np.moveaxis(figures, axis, 0)) / 6, unit) for axis in (0, 1))
    return FigureChange(before, after, services, roads, after - before - services - roads)


def _sixfold(figures: np.ndarray) -> np.ndarray:
    """Six times the mean, over the six orders, of what the first axis changes."""
    change = figures[1] - figures[0]
    return 2 * change[0, 0] + change[0, 1] + change[1, 0] + 2 * change[1, 1]
