"""How far one comes from some places, or to them, by public transport: the costs that isochrones are drawn from.

Costs are exact at the junctions of the walking network. Inside a link they follow from those of its ends: by the better
end and the walk from there, evenly between the ends where these differ by more than the walk; and those on foot.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from ..access.local_engine import Drawing, LocalEngine
from ..access.resolution import Settings, settings
from ..network import Network
from ..progress import Hearing, Progress
from ..routing.engines import TravelMode
from ..routing.local import Block, PreparedPoints, Router
from ..routing.snapped_points import Nearest, SnappedPoints
from ..thresholds import within
from ..travel_modes import TRANSIT
from .journeys import BothWays
from .ride import Ride
from .timetable import Timetable, require_time
from .window import DepartureWindow

_PLACES_AT_ONCE = 12
"""Whose costs at every junction are held."""


class TransitRouter(Router):
    """A router whose costs, from and to few places, are by the vehicles of a timetable and on foot."""

    def __init__(
        self, network: Network, timetable: Timetable, window: DepartureWindow, snap_distance: float = np.inf
    ) -> None:
        super().__init__(network, "time")
        self._nodes = self.points_at_nodes(np.arange(network.node_count))
        self._journeys = BothWays(Router(network), timetable, window, snap_distance)
        self._known: dict[tuple[str, int, float], np.ndarray] = {}

    def landmarks(self) -> np.ndarray:
        """Every node: what vehicles reach may lie anywhere."""
        return np.arange(self.network.node_count)

    def nearest(
        self,
        demand: SnappedPoints | PreparedPoints,
        services: SnappedPoints | PreparedPoints,
        *,
        direction: str = "departure",
        k: int = 1,
        limit: float = np.inf,
        progress: Progress | None = None,
    ) -> Nearest:
        """See `Router.nearest`, for ``k`` = 1."""
        demand, services = self.prepare(demand), self.prepare(services)
        walked = super().nearest(demand, services, direction=direction, limit=limit, progress=progress)
        index, cost = walked.index[:, 0].copy(), np.where(walked.index[:, 0] >= 0, walked.cost[:, 0], np.inf)
        (found,) = self._journeys.towards(direction).nearest(
            self._nodes, services.snapped, [np.arange(services.count)], progress=_heard(progress)
        )
        at_nodes = np.where(found.service[:, 0] >= 0, found.cost[:, 0], np.inf)
        by_end, end = self._along_links(demand.snapped, at_nodes, direction)
        better = (by_end < cost) & within(by_end, limit)
        index[better], cost[better] = found.service[end[better], 0], by_end[better]
        return Nearest(index[:, None], np.where(index >= 0, cost, np.nan)[:, None])

    def matrix(
        self,
        origins: SnappedPoints | PreparedPoints,
        destinations: SnappedPoints | PreparedPoints,
        *,
        limit: float = np.inf,
        reverse: bool = False,
        progress: Progress | None = None,
    ) -> Iterator[Block]:
        """See `Router.matrix`; searches start from the origins, each of which is in one block."""
        origins, destinations = self.prepare(origins), self.prepare(destinations)
        direction = "departure" if reverse else "arrival"
        everywhere = np.arange(destinations.count, dtype=np.int32)
        for start in range(0, origins.count, _PLACES_AT_ONCE):
            rows = np.arange(start, min(start + _PLACES_AT_ONCE, origins.count))
            some = origins.snapped.take(rows)
            cost = np.full((len(rows), destinations.count), np.inf, np.float32)
            for block in super().matrix(some, destinations, limit=limit, reverse=reverse, progress=progress):
                cost[block.origins[:, None], block.destinations[None, :]] = block.cost
            for line, at_nodes in zip(cost, self._at_nodes(some, direction, _heard(progress))):
                np.minimum(line, self._along_links(destinations.snapped, at_nodes, direction)[0], out=line)
            cost[~within(cost, limit)] = np.inf
            yield Block(rows.astype(np.int32), everywhere, cost)

    def _at_nodes(self, places: SnappedPoints, direction: str, progress: Progress) -> list[np.ndarray]:
        """Of each place the (V,) minutes to it from every junction (``departure``), or from it to them."""
        keys = [(direction, *where) for where in zip(places.link.tolist(), places.fraction.tolist())]
        known = {key: self._known[key] for key in keys if key in self._known}
        new = np.array([number for number, key in enumerate(keys) if key not in known])
        if len(new):
            groups = [np.array([number]) for number in new]
            for found in self._journeys.towards(direction).nearest(self._nodes, places, groups, progress=progress):
                cost = found.cost[:, 0].astype(np.float32)
                known[keys[new[found.group]]] = np.where(np.isnan(cost), np.float32(np.inf), cost)
        self._known = known
        return [known[key] for key in keys]

    def _along_links(
        self, points: SnappedPoints, at_nodes: np.ndarray, direction: str
    ) -> tuple[np.ndarray, np.ndarray]:
        """(p,) minutes of each of ``points`` from those of the ends of its link, and the end that is nearer in time."""
        network, link, share = self.network, points.link, points.fraction
        forward, backward = network.minutes_forward[link], network.minutes_backward[link]
        if direction == "departure":
            forward, backward = backward, forward
        start, end = network.link_from[link], network.link_to[link]
        at_start, at_end = at_nodes[start], at_nodes[end]
        by_start, by_end = at_start + _walk(forward, share), at_end + _walk(backward, 1.0 - share)
        cost = np.minimum(by_start, by_end)
        # One who walks a link is at its end at other minutes than those of the window: the end may then be better
        # than the walk to it would have it.
        steep = (at_end > at_start + forward) | (at_start > at_end + backward)
        steep &= np.isfinite(at_start) & np.isfinite(at_end)
        cost[steep] = (at_start + share * (at_end - at_start))[steep]
        cost = np.where(share == 0, at_start, np.where(share == 1, at_end, cost))
        return np.where(link >= 0, cost, np.inf), np.where(by_start <= by_end, start, end)


def _walk(minutes: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Minutes for a ``share`` of a link; none of one that is closed takes none."""
    return np.where(share > 0, minutes * np.where(share > 0, share, 1.0), 0.0)


def _heard(progress: Progress | None) -> Progress:
    return Hearing(progress) if progress else Progress()


class TransitEngine(LocalEngine):
    """The embedded engine by public transport: what is reached in each minute of a window, by its percentile."""

    def __init__(self, network: Network, ride: Ride, snap_distance: float, reach: float | None = None) -> None:
        super().__init__(network, snap_distance, reach)
        self._by_transit = TransitRouter(network, ride.timetable, ride.window, snap_distance)

    def router(self, travel: TravelMode) -> Router:
        """See `LocalEngine.router`."""
        require_time(travel.metric)
        return self._by_transit

    def _settings(self, cutoffs: Iterable[float], travel: TravelMode) -> Settings:
        return settings(TRANSIT, tuple(cutoffs), direction=travel.direction, reach=self._reach, cell=self._cell)

    def _worked(self, drawing: Drawing, payloads: list, travel: TravelMode, progress: Progress) -> Iterator:
        # The searches of many places share their timetable; they go to worker processes by themselves.
        for payload in payloads:
            progress.check()
            yield drawing.here(self.router(travel), payload, progress)
