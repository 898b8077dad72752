"""The embedded engine behind the interface of all isochrone engines: snapping, worker processes, reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import NamedTuple

import numpy as np

from ..messages import Message, msg
from ..network import Network
from ..network.topology import morton_order
from ..progress import Progress
from ..routing import workers
from ..routing.engines import Answer, Request, Travel
from ..routing.local import Router
from ..routing.places import Places
from ..routing.snapping import Snapper
from .isochrones import TOGETHER, Settings, isochrones, settings

_FIRST = 2
_NEAR = 150.0


class LocalEngine:
    """The embedded engine as an isochrone engine. Costs start at the point of the network nearest to the point given.

    They are those of the network, whatever the profile asked for: a network is made for one profile.
    ``snap_distance``, ``reach`` and ``cell`` are in metres; None takes the profile's default.
    """

    name = "local"

    def __init__(
        self, network: Network, snap_distance: float, reach: float | None = None, cell: float | None = None
    ) -> None:
        self.crs = network.crs
        self._network, self._snap_distance, self._reach, self._cell = network, snap_distance, reach, cell

    def isochrones(
        self, requests: Iterable[Request], travel: Travel, progress: Progress | None = None
    ) -> Iterator[Answer]:
        """See `routing.engines.Engine`. Many points are shared out over worker processes."""
        progress = progress or Progress()
        requests = list(requests)
        router = Router(self._network, travel.metric)
        places = _snapped(router, np.array([(r.x, r.y) for r in requests], dtype=float).reshape(-1, 2))
        near = places.distance <= self._snap_distance
        for number in np.flatnonzero(~near):
            yield _not_snapped(requests[number], places.distance[number], self._snap_distance)
        done = int((~near).sum())
        for answer in self._searched(requests, places, near, travel, progress):
            done += 1
            progress.advance(done / len(requests))
            yield answer

    def _searched(self, requests, places, near, travel, progress):
        payloads = []
        for cutoffs in sorted({requests[number].cutoffs for number in np.flatnonzero(near)}):
            rows = np.array([n for n in np.flatnonzero(near) if requests[n].cutoffs == cutoffs])
            rows = rows[morton_order(places.xy[rows])]
            chosen = settings(
                self._network.profile,
                cutoffs,
                metric=travel.metric,
                direction=travel.direction,
                reach=self._reach,
                cell=self._cell,
            )
            payloads += [Payload(part, places.take(part), chosen) for part in _parts(rows)]
        if len(payloads) <= 1:
            results = (work(self._network, payload) for payload in payloads)
        else:
            results = workers.run(
                "access.local_engine:work", payloads, network_path=self._network.path, progress=_Quiet(progress)
            )
        for cell, made in results:
            for number, polygons in made:
                yield _answer(requests[number], polygons, cell)


class Payload(NamedTuple):
    """Points for one worker: their numbers, their places, what is wanted."""

    numbers: np.ndarray
    places: Places
    chosen: Settings


def work(network: Network, payload: Payload) -> tuple[float, list[tuple[int, tuple[bytes | None, ...]]]]:
    """The cell size, and the number and polygons of each point of a payload."""
    router = Router(network, payload.chosen.metric)
    made = isochrones(router, payload.places, payload.chosen)
    return payload.chosen.cell, [(int(payload.numbers[origin]), polygons) for origin, polygons in made]


def _parts(rows: np.ndarray) -> list[np.ndarray]:
    """Neighbouring points together; very few in the first part, so that something is seen at once."""
    cuts = range(_FIRST, len(rows), TOGETHER)
    return [part for part in np.split(rows, cuts) if len(part)]


def _snapped(router: Router, xy: np.ndarray) -> Places:
    """Places of (n, 2) points. Most lie near a road: looking around them spares reading the whole network at once."""
    network = router.network
    if "snapper" in network.derived:
        return router.snap(xy)
    around = _links_around(network, xy, _NEAR)
    snapper = Snapper(network.vertices, network.vertex_offset, around & (network.link_core == 1))
    places = snapper.snap(xy, _NEAR, Progress())
    far = np.flatnonzero((places.link < 0) & np.isfinite(xy).all(axis=1))
    if len(far):
        found = router.snap(xy[far])
        for column, value in zip(places, found):
            column[far] = value
    return places


def _links_around(network: Network, xy: np.ndarray, distance: float) -> np.ndarray:
    """(M,) bool: at least the links within ``distance`` of one of the points.

    The nearer end of a link that passes within the distance is no farther than that and half its length.
    """
    short = 2 * distance
    origin = np.asarray(network.node_xy).min(axis=0)
    square = np.floor((np.asarray(network.node_xy) - origin) / short).astype(np.int32)
    marked = np.zeros(square.max(axis=0) + 1, dtype=bool)
    known = np.floor((xy[np.isfinite(xy).all(axis=1)] - origin) / short).astype(int)
    for step in product((-1, 0, 1), repeat=2):
        around = known + step
        inside = ((around >= 0) & (around < marked.shape)).all(axis=1)
        marked[around[inside, 0], around[inside, 1]] = True
    near = marked[square[:, 0], square[:, 1]]
    return near[network.link_from] | near[network.link_to] | (network.length > short)


class _Quiet(Progress):
    """Hears the cancel and passes words on; the engine itself shows how much is done, point by point."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def cancelled(self) -> bool:
        return self._progress.cancelled()

    def info(self, message: Message) -> None:
        self._progress.info(message)

    def warn(self, message: Message) -> None:
        self._progress.warn(message)


def _not_snapped(request: Request, distance: float, allowed: float) -> Answer:
    if np.isfinite(distance):
        reason = msg(
            "The point is {distance} m from the network, farther than the {allowed} m allowed (SNAP_DISTANCE).",
            distance=round(distance),
            allowed=round(allowed),
        )
    else:
        reason = msg("The point has no position, or the network has no road to put it on.")
    return Answer(request.key, {}, dict.fromkeys(request.cutoffs, reason))


def _answer(request: Request, polygons: tuple[bytes | None, ...], cell: float) -> Answer:
    by_cutoff = dict(zip(sorted(set(request.cutoffs)), polygons))
    small = msg("What is reached within this cutoff is smaller than a cell of {cell} m.", cell=cell)
    return Answer(
        request.key,
        {cutoff: polygon for cutoff, polygon in by_cutoff.items() if polygon},
        {cutoff: small for cutoff, polygon in by_cutoff.items() if not polygon},
    )
