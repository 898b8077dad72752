"""Axes of charts, the same in the report and in the panel: round figures around what they show."""

from __future__ import annotations

import math

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def round_axis(low: float, high: float, most: int = 5) -> list[float]:
    """Round values, equally far apart, ``most`` at most: the first not above ``low``, the last not below ``high``.

    Ends that are equal, or not finite, give an axis from 0 to what is above ``high``, and at least 1.
    """
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low:
        low, high = 0.0, max(high, 1.0) if math.isfinite(high) else 1.0
    size = 10.0 ** math.floor(math.log10((high - low) / most))
    while True:
        for step in (size * each for each in STEPS):
            first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
            if last - first < most:
                return [rank * step for rank in range(first, last + 1)]
        size *= 10.0
