"""Thresholds as people write them, and what « within » one means, everywhere."""

from __future__ import annotations

import numpy as np

from .errors import InvalidInput
from .lists import items_of

MOST_THRESHOLDS = 50

NOISE = 4 * float(np.finfo(np.float32).eps)
"""Relative noise of a cost that was held in single precision: 0.6 ms in 20 minutes."""


def within(cost: np.ndarray, limit: float) -> np.ndarray:
    """Whether each cost is within the limit. A cost equal to the limit is within it, to the noise of single precision.

    NaN (unreachable, or not computed) is never within.
    """
    return cost <= limit * (1 + NOISE)


def parse_thresholds(text: str) -> tuple[float, ...]:
    """Read ``"10,20"`` (see `items_of`) into growing thresholds. Raises `InvalidInput`."""
    try:
        thresholds = sorted({float(item) for item in items_of(text)})
    except ValueError:
        thresholds = []
    if len(thresholds) > MOST_THRESHOLDS:
        raise InvalidInput(
            "{count} thresholds are asked for; {most} are the most.", count=len(thresholds), most=MOST_THRESHOLDS
        )
    if not thresholds or thresholds[0] < 0 or not np.isfinite(thresholds).all():
        raise InvalidInput("The thresholds “{text}” cannot be read; expected numbers such as 10,20.", text=text)
    return tuple(thresholds)
