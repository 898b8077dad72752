"""Demand weights (people, dwellings, …) whose sums do not depend on the order of the terms."""

from __future__ import annotations

import math

import numpy as np

from ..messages import Message, msg

MOST_WEIGHT = 1e12
"""More than all that there is to count on Earth; sums and products of such weights stay finite."""


def exact_weights(weights: np.ndarray) -> np.ndarray:
    """The weights (n,) rounded to the finest power of two that keeps every partial sum exact in float64.

    Sums by zone then add up exactly to the total, whatever the zones. Whole numbers are unchanged; others change by
    less than 1.2e-16 of the total.
    """
    weights = np.asarray(weights, dtype=float)
    unit = unit_of(float(weights.sum()))
    return np.round(weights / unit) * unit if unit else weights


def unit_of(total: float) -> float:
    """The finest power of two whose multiples up to ``total`` have exact sums; 0 where there is nothing to add."""
    if total <= 0:
        return 0.0
    # The unit is such that twice the total holds in 53 bits: the margin is for the rounding itself.
    return max(2.0 ** (np.ceil(np.log2(total)) + 1 - 53), math.ulp(0.0))


def are_usable(weight: np.ndarray) -> np.ndarray:
    """Whether (n,) `unusable_weight` has nothing to say of each."""
    return (weight >= 0) & (weight <= MOST_WEIGHT)


def unusable_weight(weight: float) -> Message | None:
    """Why this weight cannot be used, or None. NaN stands for NULL; zero is a good weight."""
    if np.isnan(weight):
        return msg("The weight is NULL.")
    if weight < 0:
        return msg("The weight is negative ({weight}).", weight=float(weight))
    if np.isinf(weight):
        return msg("The weight is infinite.")
    if weight > MOST_WEIGHT:
        return msg("The weight is too large ({weight}).", weight=float(weight))
    return None
