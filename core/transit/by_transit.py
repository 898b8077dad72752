"""Public transport behind the interface that roads have: see `core.access.travel.Travel`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..access.costs import CostBlock
from ..access.nearest import GroupNearest
from ..progress import Progress
from ..routing.local import Router
from ..routing.snapped_points import SnappedPoints
from ..travel_modes import TRANSIT
from .journeys import BothWays
from .timetable import Timetable
from .window import DepartureWindow

_TURNED = {"departure": "arrival", "arrival": "departure"}


class ByTransit:
    """By the vehicles of a timetable and on foot, leaving (or arriving) at the minutes of a window."""

    mode = TRANSIT

    def __init__(
        self, router: Router, timetable: Timetable, window: DepartureWindow, snap_distance: float = np.inf
    ) -> None:
        self._journeys = BothWays(router, timetable, window, snap_distance)

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
        return self._journeys.towards(direction).nearest(demand, services, groups, k=k, limit=limit, progress=progress)

    def blocks(
        self,
        origins: SnappedPoints,
        destinations: SnappedPoints,
        limit: float = np.inf,
        *,
        direction: str = "departure",
        progress: Progress = Progress(),
    ) -> Iterator[CostBlock]:
        """See `Travel.blocks`. One search a place of the side that has fewer."""
        if destinations.count <= origins.count:
            yield from self._journeys.towards(direction).matrix(origins, destinations, limit=limit, progress=progress)
            return
        turned = self._journeys.towards(_TURNED[direction])
        for block in turned.matrix(destinations, origins, limit=limit, progress=progress):
            yield CostBlock(block.destinations, block.origins, block.cost.T)
