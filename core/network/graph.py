"""The graph on its way to the file: links with costs, twins joined, everything in spatial order."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..ragged import offsets, ranges
from .crs import ground_lengths
from .links import LinkCosts
from .ordering import order_of
from .topology import Topology, morton_order
from .travel import LineCosts

_ONE_CARRIAGEWAY = 4.0
"""Metres between two lines that are one road: lanes side by side are 3.5 m apart, separate carriageways more."""
_SAMPLES = 8
"""Points of a line by which it is compared with another one."""


class Graph(NamedTuple):
    """M links and what they cost."""

    topology: Topology
    length: np.ndarray
    """(M,) metres."""
    forward: np.ndarray
    """(M,) minutes, inf where forbidden."""
    backward: np.ndarray
    """(M,)."""
    ban: np.ndarray
    """(B, 3) forbidden turns: link, node, link."""

    def links(self) -> LinkCosts:
        """The links as the contraction takes them."""
        nodes, ends = len(self.topology.node_xy), (self.topology.link_from, self.topology.link_to)
        return LinkCosts(nodes, *ends, forward=self.forward, backward=self.backward, length=self.length)


def with_costs(topology: Topology, travel: LineCosts, measured_in: str = "", ban: np.ndarray | None = None) -> Graph:
    """Links cost what their lines do; those that are one road drawn several times are joined; all in spatial order.

    ``ban`` (B, 3): turns that are forbidden, by the links and nodes of ``topology``.
    ``measured_in``: the CRS of a topology whose metres are not those of the ground, which are then taken instead.
    """
    steps = ground_lengths(topology.vertices, measured_in) if measured_in else None
    length = line_lengths(topology.vertices, topology.offset, steps)
    ban = np.empty((0, 3), np.int64) if ban is None else ban
    graph = Graph(topology, length, *_minutes(topology, length, travel), ban)
    return _in_order(_join_doubles(graph))


def line_lengths(vertices: np.ndarray, offset: np.ndarray, step: np.ndarray | None = None) -> np.ndarray:
    """(M,) metres of each line of ``vertices`` (V, 2) parted by ``offset`` (M + 1,).

    ``step`` (V - 1,): the metres from each vertex to the next, where they are not those of the plane; overwritten.
    """
    if len(offset) == 1:
        return np.empty(0)
    if step is None:
        step, across = np.diff(vertices[:, 0]), np.diff(vertices[:, 1])
        step *= step
        across *= across
        step += across
        np.sqrt(step, out=step)
    step[offset[1:-1] - 1] = 0.0
    return np.add.reduceat(step, offset[:-1])


def _minutes(topology: Topology, length: np.ndarray, travel: LineCosts) -> tuple[np.ndarray, np.ndarray]:
    """(M,) minutes each way. A line's own minutes are shared between its links by length."""
    line = topology.link_line
    minutes = length * (0.06 / travel.speed[line])
    fixed = np.isfinite(travel.minutes)[line]
    shared = fixed.any() or travel.delay is not None
    share = _shares(line, length, len(travel.speed)) if shared else np.ones(1)
    if fixed.any():
        minutes = np.where(fixed, travel.minutes[line] * share, minutes)
    back = minutes
    if travel.against is not None:
        other = np.isfinite(travel.against)[line] & ~fixed
        back = np.where(other, length * (0.06 / travel.against[line]), minutes)
    if travel.delay is not None:
        delay = np.where(fixed, 0.0, travel.delay[line] * share)
        minutes, back = minutes + delay, back + delay
    return np.where(travel.forward[line], minutes, np.inf), np.where(travel.backward[line], back, np.inf)


def _shares(line: np.ndarray, length: np.ndarray, lines: int) -> np.ndarray:
    """(M,) the part of its line that each link is: by length, or each alike where the line has none."""
    whole = np.bincount(line, length, lines)[line]
    pieces = np.bincount(line, minlength=lines)[line]
    return np.divide(length, whole, out=1.0 / pieces, where=whole > 0)


def _join_doubles(graph: Graph) -> Graph:
    """Make one link of all that run side by side between the same two junctions, open each way as the quickest is.

    Some sources draw each direction on its own, some draw a street twice: a place put on one of the lines must be left
    and reached by all of them.
    """
    links, key = _between_same_ends(graph.topology)
    if len(links) == 0:
        return graph
    forward, backward = graph.forward.copy(), graph.backward.copy()
    keep = np.ones(len(forward), bool)
    same = np.arange(len(forward))
    order = np.lexsort((graph.length[links], key))
    links, key = links[order], key[order]
    while len(links):
        # The shortest of each pair of ends stays, those beside it go, the others are looked at again.
        first = np.append(True, key[1:] != key[:-1])
        leader = links[np.flatnonzero(first)[np.cumsum(first) - 1]]
        rest = np.flatnonzero(~first)
        links, key, leader = links[rest], key[rest], leader[rest]
        beside, turned = _beside(graph, leader, links)
        stays, goes, turned = leader[beside], links[beside], turned[beside]
        np.minimum.at(forward, stays, np.where(turned, graph.backward[goes], graph.forward[goes]))
        np.minimum.at(backward, stays, np.where(turned, graph.forward[goes], graph.backward[goes]))
        keep[goes] = False
        same[goes] = stays
        links, key = links[~beside], key[~beside]
        again = _repeated(key)
        links, key = links[again], key[again]
    if keep.all():
        return graph
    ban = np.column_stack((same[graph.ban[:, 0]], graph.ban[:, 1], same[graph.ban[:, 2]]))
    return _pick(graph._replace(forward=forward, backward=backward, ban=ban), np.flatnonzero(keep))


def _between_same_ends(topology: Topology) -> tuple[np.ndarray, np.ndarray]:
    """The links whose two ends another link has too, and a number for each such pair of ends."""
    begin, end = topology.link_from.astype(np.int64), topology.link_to.astype(np.int64)
    key = np.minimum(begin, end) * len(topology.node_xy) + np.maximum(begin, end)
    several = _repeated(key)
    return several, key[several]


def _beside(graph: Graph, one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(n,) whether links ``one`` and ``other``, of the same ends, run side by side; whether in opposite directions."""
    topology = graph.topology
    same, apart = (_samples(topology, links) for links in (one, other))
    straight, turned = (np.hypot(*(same - points).T).max(axis=0) for points in (apart, apart[:, ::-1]))
    loop = topology.link_from[one] == topology.link_to[one]
    against = np.where(loop, turned < straight, topology.link_from[one] != topology.link_from[other])
    return np.where(against, turned, straight) <= _ONE_CARRIAGEWAY, against


def _samples(topology: Topology, links: np.ndarray) -> np.ndarray:
    """(n, s, 2) points at equal steps along each of ``links``, its ends left out."""
    begin, count = topology.offset[links], topology.offset[links + 1] - topology.offset[links]
    start = np.cumsum(count) - count
    line = topology.vertices[ranges(begin, count)]
    step = np.append(0.0, np.hypot(*(line[1:] - line[:-1]).T))
    step[start] = 0.0
    walked = np.cumsum(step)
    whole = walked[start + count - 1] - walked[start]
    wanted = walked[start][:, None] + whole[:, None] * np.arange(1, _SAMPLES + 1) / (_SAMPLES + 1)
    after = np.searchsorted(walked, wanted)
    after = np.clip(after, start[:, None] + 1, (start + count - 1)[:, None])
    part = np.divide(wanted - walked[after - 1], step[after], out=np.zeros(wanted.shape), where=step[after] > 0)
    return line[after - 1] + (line[after] - line[after - 1]) * np.clip(part, 0.0, 1.0)[..., None]


def _repeated(key: np.ndarray) -> np.ndarray:
    """The rows whose key another row has too."""
    order = np.argsort(key, kind="stable")
    again = np.append(False, np.diff(key[order]) == 0)[: len(key)]
    return order[again | np.append(again[1:], False)[: len(key)]]


def _in_order(graph: Graph) -> Graph:
    """Nodes in Morton order, links by their lower node; nodes that no link uses are dropped."""
    topology = graph.topology
    used = np.zeros(len(topology.node_xy), bool)
    used[topology.link_from] = True
    used[topology.link_to] = True
    kept = np.flatnonzero(used)
    order = kept[morton_order(topology.node_xy[kept])]
    new = np.full(len(used), -1, np.int32)
    new[order] = np.arange(len(order), dtype=np.int32)
    renamed = topology._replace(
        node_xy=topology.node_xy.take(order, axis=0), link_from=new[topology.link_from], link_to=new[topology.link_to]
    )
    links = order_of(np.minimum(renamed.link_from, renamed.link_to), len(order))
    ban = np.column_stack((graph.ban[:, 0], new[graph.ban[:, 1]], graph.ban[:, 2]))
    return _pick(graph._replace(topology=renamed, ban=ban), links)


def _pick(graph: Graph, links: np.ndarray) -> Graph:
    """The links named, in that order; every link of a ban is among them."""
    topology = graph.topology
    count = np.diff(topology.offset)[links]
    offset = offsets(count)
    index = ranges(topology.offset[:-1][links], count)
    picked = topology._replace(
        link_from=topology.link_from[links],
        link_to=topology.link_to[links],
        link_line=topology.link_line[links],
        vertices=topology.vertices.take(index, axis=0),
        offset=offset,
    )
    number = np.empty(len(graph.length), np.int64)
    number[links] = np.arange(len(links))
    ban = np.column_stack((number[graph.ban[:, 0]], graph.ban[:, 1], number[graph.ban[:, 2]]))
    return Graph(picked, graph.length[links], graph.forward[links], graph.backward[links], ban)
