"""How demand and services are brought together: one interface for roads and for public transport."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np

from ..progress import Progress
from ..routing.local import Router
from ..routing.snapped_points import SnappedPoints
from .costs import CostBlock
from .matrix import cost_blocks
from .nearest import GroupNearest, nearest_in_groups


class Travel(Protocol):
    """Costs between places, in minutes or metres.

    ``direction``: ``departure`` = from the demand (origins) to the services (destinations), ``arrival`` = back. A cost
    equal to ``limit`` is within it.
    """

    mode: str
    """A key of `travel_modes.MODES`."""

    def nearest(
        self,
        demand: SnappedPoints,
        services: SnappedPoints,
        groups: Sequence[np.ndarray],
        *,
        direction: str = "departure",
        k: int = 1,
        limit: float = np.inf,
        progress: Progress = Progress(),
    ) -> Iterator[GroupNearest]:
        """For each group of services (their numbers), in order, the ``k`` nearest to each place of demand."""

    def blocks(
        self,
        origins: SnappedPoints,
        destinations: SnappedPoints,
        limit: float = np.inf,
        *,
        direction: str = "departure",
        progress: Progress = Progress(),
    ) -> Iterator[CostBlock]:
        """Costs within ``limit`` between all origins (rows) and destinations (columns), block by block."""


class ByRoad:
    """On a road network, with one way of going."""

    def __init__(self, router: Router) -> None:
        self._router = router
        self.mode = router.network.profile

    def nearest(
        self,
        demand: SnappedPoints,
        services: SnappedPoints,
        groups: Sequence[np.ndarray],
        *,
        direction: str = "departure",
        k: int = 1,
        limit: float = np.inf,
        progress: Progress = Progress(),
    ) -> Iterator[GroupNearest]:
        """See `Travel.nearest`."""
        return nearest_in_groups(
            self._router, demand, services, groups, direction=direction, k=k, limit=limit, progress=progress
        )

    def blocks(
        self,
        origins: SnappedPoints,
        destinations: SnappedPoints,
        limit: float = np.inf,
        *,
        direction: str = "departure",
        progress: Progress = Progress(),
    ) -> Iterator[CostBlock]:
        """See `Travel.blocks`."""
        return cost_blocks(self._router, origins, destinations, limit, direction=direction, progress=progress)
