"""How fast things can be here: what bounds of time are multiplied by."""

from __future__ import annotations

import os

SLOWER = float(os.environ.get("CSP_QGIS_SLOWER", "1"))
"""How many times as slow as a distribution's this QGIS is built: the qt6 lane's has no optimisation."""


def crowd() -> float:
    """How many programs want each processor, 1 at least."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
