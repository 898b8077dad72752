"""The roads around some places, and how far an answer found on them is that of all the roads.

Three things could differ from a network of the whole country. A way may leave the box: it then costs at least the
distance to the edge divided by the largest speed in the box, so that answers below that are the country's own. A
service may lie beyond: it is farther still. And a road near the edge may seem to be cut off from the others (nobody is
put on such roads): places are put on the network twice more, with those roads taken and left out, and must stay where
they are.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from pyproj import CRS, Transformer
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from ..messages import Message
from ..network import BuildOptions, Network, RoadSource, build_network, open_network
from ..network.build import read_roads
from ..network.components import ISLAND, MAIN, MAIN_LENGTH, OUTSIDE
from ..network.crs import project
from ..network.errors import NoRoads
from ..network.source import crs_of, opened
from ..progress import Progress
from ..routing.local import Router
from ..routing.snapped_points import SnappedPoints
from ..routing.snapping import AT_JUNCTION, Segments


class Box(NamedTuple):
    """West, south, east, north in metres."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def around(cls, xy: np.ndarray) -> Box:
        """The box of positions (n, 2), n ≥ 1."""
        return cls(*xy.min(axis=0).tolist(), *xy.max(axis=0).tolist())

    def wider(self, metres: float) -> Box:
        """The box with a margin of ``metres``."""
        return Box(self.west - metres, self.south - metres, self.east + metres, self.north + metres)

    def holds(self, xy: np.ndarray) -> np.ndarray:
        """Whether (n,) each position (n, 2) is inside."""
        return ((xy >= self[:2]) & (xy <= self[2:])).all(axis=1)


class Around(NamedTuple):
    """A network of the roads that touch ``box``."""

    network: Network
    box: Box
    whole: bool
    """Whether these are all the roads there are."""
    said: tuple[Message, ...]
    """What was noticed in them: rows without a line, values that mean nothing, missing speeds …"""

    @property
    def largest_speed(self) -> float:
        """Metres per minute; infinite where a road costs nothing."""
        network = self.network
        with np.errstate(divide="ignore", invalid="ignore"):
            fastest = np.fmin(network.minutes_forward, network.minutes_backward)
            return float(np.nanmax(np.where(np.isfinite(fastest), network.length / fastest, 0.0), initial=0.0))


def roads_around(roads: str, options: BuildOptions, crs: str, box: Box, path: Path) -> Around | None:
    """The network of the roads that touch ``box``, made at ``path``; None where no road does."""
    source = RoadSource.parse(roads)
    with opened(source) as layer:
        reference = source.crs or crs_of(layer)
        west, east, south, north = layer.GetExtent()
    limits = _bounds(box, crs, reference)
    whole = limits[0] <= west and limits[1] <= south and limits[2] >= east and limits[3] >= north
    lines = read_roads(source, options, Progress(), box=None if whole else limits)
    lines = lines._replace(vertices=project(lines.vertices, lines.crs, crs), crs=crs)
    try:
        report = build_network(lines, options, path)
    except NoRoads:
        if whole:
            raise
        return None
    return Around(open_network(path), box, whole, report.warnings)


def _bounds(box: Box, crs: str, target: str) -> tuple[float, float, float, float]:
    """A box of another CRS that holds ``box``."""
    if CRS.from_user_input(crs) == CRS.from_user_input(target):
        return box
    west, south, east, north = Transformer.from_crs(crs, target, always_xy=True).transform_bounds(*box, densify_pts=51)
    return west, south, east, north


class Snapped(NamedTuple):
    """Demand and services on a network, and whether they are where all the roads would put them."""

    demand: SnappedPoints
    services: SnappedPoints
    sure: bool


def snapped(around: Around, demand: np.ndarray, services: np.ndarray, distance: float) -> Snapped:
    """Put positions (n, 2) and (m, 2) on the network, at most ``distance`` metres away."""
    router = Router(around.network)
    found = router.snap(demand, distance), router.snap(services, distance)
    sure = True
    if not around.whole:
        doubtful, largest_is_small = _doubtful(around)
        sure = not largest_is_small and all(_stay(around.network, doubtful, xy, distance) for xy in (demand, services))
    return Snapped(*found, sure)


def _stay(network: Network, doubtful: np.ndarray, xy: np.ndarray, distance: float) -> bool:
    """Whether positions (n, 2) stay where they are put with the ``doubtful`` links (M,) taken, and left out.

    A link farther than ``distance`` from a place has no say in where it goes: most places need not be asked again.
    """
    links = Segments(np.asarray(network.vertices), np.asarray(network.vertex_offset), doubtful)
    near = np.flatnonzero(links.nearest(xy, Progress()).distance <= distance + AT_JUNCTION)
    if not len(near):
        return True
    # Put again also as they are, by a router as new as the others: of links equally near, and in the last bit of a
    # fraction, the answer is the same only for the same places searched in the same way.
    found = Router(replace(network, derived={})).snap(xy[near], distance)
    others = (Router(_with_component(network, doubtful, value)) for value in (MAIN, OUTSIDE))
    return all(_same(found, other.snap(xy[near], distance)) for other in others)


def _same(some: SnappedPoints, others: SnappedPoints) -> bool:
    return bool((some.link == others.link).all() and (some.fraction == others.fraction).all())


def _with_component(network: Network, links: np.ndarray, value: int) -> Network:
    component = np.array(network.link_component)
    component[links] = value
    return replace(network, link_component=component, derived={})


def _doubtful(around: Around) -> tuple[np.ndarray, bool]:
    """Links (M,) whose part of the network may be another one where roads go on outside the box; whether the largest
    part is so small that another one may be the largest."""
    network, size = around.network, around.network.node_count
    tail, head = np.asarray(network.link_from), np.asarray(network.link_to)
    edge = np.flatnonzero(~around.box.holds(np.asarray(network.node_xy)))
    outside = np.full(len(edge), size)
    forward, backward = np.isfinite(network.minutes_forward), np.isfinite(network.minutes_backward)
    going = np.concatenate((tail[forward], head[backward], edge, outside))
    coming = np.concatenate((head[forward], tail[backward], outside, edge))
    graph = coo_matrix((np.ones(len(going), np.int8), (going, coming)), shape=(size + 1, size + 1)).tocsr()
    component = np.asarray(network.link_component)
    strong = connected_components(graph, connection="strong")[1]
    joined = connected_components(graph, directed=False)[1]
    may_be_main = (component != MAIN) & (strong[tail] == strong[size]) & (strong[head] == strong[size])
    may_be_no_island = (component == ISLAND) & (joined[tail] == joined[size])
    in_main = np.asarray(network.length)[component == MAIN]
    return may_be_main | may_be_no_island, bool(in_main.sum() < MAIN_LENGTH)
