"""The embedded engine behind the interface of all isochrone engines: snapping, worker processes, reasons."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import product
from typing import Any, Callable, NamedTuple

import numpy as np

from ..messages import Message, msg
from ..network import Network, shared_network
from ..network.components import MAIN
from ..network.topology import morton_order
from ..processes import pool
from ..processes.outcomes import Work
from ..processes.remote import scheduler
from ..progress import Hearing, Progress
from ..routing.engines import Answer, Request, TravelMode
from ..routing.local import Router
from ..routing.snapped_points import SnappedPoints
from ..routing.snapping import Snapper
from .cost_surface import Rectangle
from .isochrones import TOGETHER, for_all_of, isochrones, merged, tiles_of
from .overlap import Union
from .resolution import Settings, settings
from .service_territory import ServiceTerritory, WholeGround, read_whole, write_whole

_FIRST = 2
_OFTEN = 3
"""Payloads from which on a map of the whole network is made once for all of them."""
_NEAR = 150.0


class ServiceArea(NamedTuple):
    """What is reached within ``cutoff`` from at least one point of ``group``: WKB MultiPolygon, network CRS."""

    group: Hashable
    cutoff: float
    polygon: bytes


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
        self.profile = network.profile
        """What the costs are of."""
        self._network, self._snap_distance, self._reach, self._cell = network, snap_distance, reach, cell

    def isochrones(
        self, requests: Iterable[Request], travel: TravelMode, progress: Progress | None = None
    ) -> Iterator[Answer]:
        """See `routing.engines.Engine`. Many points are shared out over worker processes."""
        progress = progress or Progress()
        requests = list(requests)
        places, near = self._places(requests, travel)
        yield from self._not_snapped(requests, near)
        done = int((~near).sum())
        for answer in self._searched(requests, places, near, travel, progress):
            done += 1
            progress.advance(done / len(requests))
            yield answer

    def merged(
        self,
        requests: Sequence[Request],
        groups: Sequence[Hashable],
        travel: TravelMode,
        progress: Progress | None = None,
    ) -> tuple[list[ServiceArea], list[Answer]]:
        """One area for each group of points and cutoff, and answers that say why for points without part in any.

        ``groups`` (one a request) says who belongs together. Not the union of the areas of each point: one pass over
        the network gives the cost from the nearest of them, however many they are.
        """
        progress = progress or Progress()
        places, near = self._places(requests, travel)
        failed = list(self._not_snapped(requests, near))
        jobs = _jobs(requests, groups, near)
        payloads: list[MergedPayload] = []
        for cutoffs in sorted({job.cutoffs for job in jobs}):
            progress.check()
            numbers = [number for number, job in enumerate(jobs) if job.cutoffs == cutoffs]
            payloads += self._tiled(numbers, [places.take(jobs[number].rows) for number in numbers], cutoffs, travel)
        parts: dict[tuple[int, float], list[bytes]] = defaultdict(list)
        for made in self._worked(MERGING, payloads, travel, progress):
            for number, polygons in made:
                for cutoff, polygon in zip(jobs[number].cutoffs, polygons):
                    parts[number, cutoff] += [polygon] if polygon else []
        cells = {number: payload.chosen.cell for payload in payloads for number in payload.numbers}
        areas = []
        for number, job in enumerate(jobs):
            for cutoff in job.cutoffs:
                if parts[number, cutoff]:
                    areas.append(ServiceArea(job.group, cutoff, Union(parts[number, cutoff]).wkb))
                else:
                    small = {cutoff: _too_small(cells[number])}
                    failed += [Answer(requests[row].key, {}, small) for row in job.rows]
        return areas, failed

    def _tiled(
        self, numbers: list[int], groups: list[SnappedPoints], cutoffs: tuple[float, ...], travel: TravelMode
    ) -> Iterator[MergedPayload]:
        """The tiles in which these groups are computed; the ground of each serves all."""
        router, chosen = self.router(travel), self._settings(cutoffs, travel)
        places = SnappedPoints(*(np.concatenate(columns) for columns in zip(*groups)))
        if self._cell is None:
            chosen = for_all_of(router, places, chosen)
        for tile in tiles_of(router, places, chosen):
            yield MergedPayload(numbers, groups, chosen, tile)

    def _places(self, requests: Sequence[Request], travel: TravelMode) -> tuple[SnappedPoints, np.ndarray]:
        """The places of the points, and which have one."""
        router = Router(self._network, travel.metric)
        places = _snapped(router, _positions(requests), self._snap_distance)
        return places, places.link >= 0

    def _not_snapped(self, requests: Sequence[Request], near: np.ndarray) -> Iterator[Answer]:
        """Why the points that are not ``near`` have no place."""
        lost = [request for request, has_place in zip(requests, near.tolist()) if not has_place]
        if lost:
            reasons = Router(self._network).why_not(_positions(lost), self._snap_distance)
            for request, reason in zip(lost, reasons):
                yield Answer(request.key, {}, dict.fromkeys(request.cutoffs, reason))

    def _settings(self, cutoffs: Iterable[float], travel: TravelMode) -> Settings:
        return settings(
            self._network.profile,
            tuple(cutoffs),
            metric=travel.metric,
            direction=travel.direction,
            reach=self._reach,
            cell=self._cell,
        )

    def router(self, travel: TravelMode) -> Router:
        """What costs are asked of."""
        return Router(self._network, travel.metric)

    def _worked(self, drawing: Drawing, payloads: list, travel: TravelMode, progress: Progress) -> Iterator:
        """What is drawn of each payload, by worker processes when there is more than one."""
        router = self.router(travel)
        if len(payloads) <= 1:
            yield from (drawing.here(router, payload, progress) for payload in payloads)
            return
        progress.check()
        with drawing.shared(router, payloads) as (shared, first):
            resource = shared_network(self._network)
            yield from pool.run(
                drawing.away,
                payloads,
                resource=resource,
                shared=shared,
                progress=progress,
                out_of_turn=True,
                first=first,
            )

    def _searched(
        self,
        requests: Sequence[Request],
        places: SnappedPoints,
        near: np.ndarray,
        travel: TravelMode,
        progress: Progress,
    ) -> Iterator[Answer]:
        payloads: list[Payload] = []
        for cutoffs in sorted({requests[number].cutoffs for number in np.flatnonzero(near)}):
            rows = np.array([n for n in np.flatnonzero(near) if requests[n].cutoffs == cutoffs])
            rows = rows[morton_order(places.xy[rows])]
            chosen = self._settings(cutoffs, travel)
            payloads += [Payload(part, places.take(part), chosen) for part in _parts(rows)]
        for cell, made in self._worked(DRAWING, payloads, travel, Hearing(progress)):
            for number, polygons in made:
                yield _answer(requests[number], polygons, cell)


class Payload(NamedTuple):
    """Points for one worker: their numbers, their places, what is wanted."""

    numbers: np.ndarray
    places: SnappedPoints
    chosen: Settings


def drawn(
    router: Router, payload: Payload, progress: Progress
) -> tuple[float, list[tuple[int, tuple[bytes | None, ...]]]]:
    """The cell size, and the number and polygons of each point of a payload."""
    made = isochrones(router, payload.places, payload.chosen, progress)
    return payload.chosen.cell, [(int(payload.numbers[origin]), polygons) for origin, polygons in made]


def work(
    network: Network, payload: Payload | GroundsToMake, grounds: Sequence[WholeGround] = ()
) -> tuple[float, list[tuple[int, tuple[bytes | None, ...]]]] | None:
    """`drawn`, in a worker process; or the ``grounds`` made for all of them."""
    if isinstance(payload, GroundsToMake):
        for ground in grounds:
            write_whole(ground, network)
        return None
    for ground in grounds:
        read_whole(ground, network)
    return drawn(Router(network, payload.chosen.metric), payload, Progress())


class GroundsToMake(NamedTuple):
    """Instead of a payload: make what the others are drawn on."""


@contextmanager
def whole_grounds(
    router: Router, payloads: Sequence[Payload]
) -> Iterator[tuple[list[WholeGround] | None, GroundsToMake | None]]:
    """What many payloads are drawn on, which one worker of this machine makes for all, in files that end with the work.

    Without room for them each worker makes its own, as those of a cluster do.
    """
    often = [chosen for chosen, count in Counter(each.chosen for each in payloads).items() if count >= _OFTEN]
    territories = [] if scheduler() else [ServiceTerritory(router, chosen) for chosen in often]
    fitting = [territory for territory in territories if territory.whole()]
    if not fitting:
        yield None, None
        return
    held = [territory.held() for territory in fitting]
    folder = tempfile.mkdtemp(prefix="carto_ground_")
    try:
        grounds = [territory.planned(os.path.join(folder, str(number))) for number, territory in enumerate(fitting)]
        router.network.let_go()
        yield grounds, GroundsToMake()
    finally:
        for territory, ground in zip(fitting, held):
            territory.hold(ground)  # where no worker could be started the file was mapped here
        shutil.rmtree(folder, ignore_errors=True)


class _Job(NamedTuple):
    """Points (rows) of one group that ask for the same cutoffs: one pass over the network."""

    group: Hashable
    rows: np.ndarray
    cutoffs: tuple[float, ...]


def _jobs(requests: Sequence[Request], groups: Sequence[Hashable], near: np.ndarray) -> list[_Job]:
    """What is to be computed for the points that are ``near``. Within a group any cutoff may be asked by some only."""
    asking = defaultdict(list)
    for row in np.flatnonzero(near).tolist():
        for cutoff in set(requests[row].cutoffs):
            asking[groups[row], cutoff].append(row)
    shared = defaultdict(list)
    for (group, cutoff), rows in asking.items():
        shared[group, tuple(rows)].append(cutoff)
    return [_Job(group, np.array(rows), tuple(sorted(cutoffs))) for (group, rows), cutoffs in shared.items()]


class MergedPayload(NamedTuple):
    """A tile, and the groups of points whose areas in it one worker computes."""

    numbers: list[int]
    groups: list[SnappedPoints]
    chosen: Settings
    tile: Rectangle


def drawn_in_tile(
    router: Router, payload: MergedPayload, progress: Progress
) -> list[tuple[int, tuple[bytes | None, ...]]]:
    """The number and the polygons of each group of a payload."""
    made = []
    for number, polygons in zip(payload.numbers, merged(router, payload.groups, payload.chosen, payload.tile)):
        progress.check()
        made.append((number, polygons))
    return made


def merged_in_tile(network: Network, payload: MergedPayload) -> list[tuple[int, tuple[bytes | None, ...]]]:
    """`drawn_in_tile`, in a worker process."""
    return drawn_in_tile(Router(network, payload.chosen.metric), payload, Progress())


class Drawing(NamedTuple):
    """How payloads are drawn: in this process with a router, in a worker with what it opens and what is shared."""

    here: Callable[[Router, Any, Progress], Any]
    away: Work
    shared: Callable[[Router, list], AbstractContextManager] = lambda router, payloads: nullcontext((None, None))


DRAWING, MERGING = Drawing(drawn, work, whole_grounds), Drawing(drawn_in_tile, merged_in_tile)


def _parts(rows: np.ndarray) -> list[np.ndarray]:
    """Neighbouring points together; very few in the first part, so that something is seen at once."""
    cuts = range(_FIRST, len(rows), TOGETHER)
    return [part for part in np.split(rows, cuts) if len(part)]


def _positions(requests: Sequence[Request]) -> np.ndarray:
    """(n, 2)."""
    return np.array([(request.x, request.y) for request in requests], dtype=float).reshape(-1, 2)


def _snapped(router: Router, xy: np.ndarray, max_distance: float) -> SnappedPoints:
    """Snap (n, 2) points. Most lie near a road: looking around them spares reading the whole network at once."""
    network = router.network
    if "snapper" in network.derived:
        return router.snap(xy, max_distance)
    near = min(max_distance, _NEAR)
    places = Snapper(network, _links_around(network, xy, near)).snap(xy, near, Progress())
    # Beyond what was looked at there may be a road that counts more than that of an island.
    on_core = (places.link >= 0) & (network.link_component[places.link] == MAIN)
    far = np.flatnonzero(~on_core & np.isfinite(xy).all(axis=1) & (near < max_distance))
    if len(far):
        found = router.snap(xy[far], max_distance)
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


def _answer(request: Request, polygons: tuple[bytes | None, ...], cell: float) -> Answer:
    by_cutoff = dict(zip(sorted(set(request.cutoffs)), polygons))
    small = _too_small(cell)
    return Answer(
        request.key,
        {cutoff: polygon for cutoff, polygon in by_cutoff.items() if polygon},
        {cutoff: small for cutoff, polygon in by_cutoff.items() if not polygon},
    )


def _too_small(cell: float) -> Message:
    return msg("What is reached within this cutoff is smaller than a cell of {cell} m.", cell=cell)
