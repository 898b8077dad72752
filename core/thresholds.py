"""What « within » means, everywhere."""

from __future__ import annotations

import numpy as np

NOISE = 4 * float(np.finfo(np.float32).eps)
"""Relative noise of a cost that was held in single precision: 0.6 ms in 20 minutes."""


def within(cost: np.ndarray, limit: float) -> np.ndarray:
    """Whether each cost is within the limit. A cost equal to the limit is within it, to the noise of single precision.

    NaN (unreachable, or not computed) is never within.
    """
    return cost <= limit * (1 + NOISE)
