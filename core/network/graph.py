"""The graph on its way to the file: links with costs, twins joined, everything in spatial order."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .crs import ground_lengths
from .ordering import order_of
from .topology import Topology, morton_order
from .travel import Travel


class Graph(NamedTuple):
    """M links and what they cost."""

    topology: Topology
    length: np.ndarray
    """(M,) metres."""
    forward: np.ndarray
    """(M,) minutes, inf where forbidden."""
    backward: np.ndarray
    """(M,)."""


def with_costs(topology: Topology, travel: Travel, measured_in: str = "") -> Graph:
    """Links cost what their lines do; two links that are one road drawn each way are joined; all in spatial order.

    ``measured_in``: the CRS of a topology whose metres are not those of the ground, which are then taken instead.
    """
    steps = ground_lengths(topology.vertices, measured_in) if measured_in else None
    length = line_lengths(topology.vertices, topology.offset, steps)
    graph = Graph(topology, length, *_minutes(topology, length, travel))
    return _in_order(_join_opposites(graph))


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


def _minutes(topology: Topology, length: np.ndarray, travel: Travel) -> tuple[np.ndarray, np.ndarray]:
    """(M,) minutes each way. A line's own minutes are shared between its links by length."""
    line = topology.link_line
    minutes = length * (0.06 / travel.speed[line])
    fixed = np.isfinite(travel.minutes)[line]
    if fixed.any():
        whole = np.bincount(line, length, len(travel.speed))[line]
        pieces = np.bincount(line, minlength=len(travel.speed))[line]
        share = np.divide(length, whole, out=1.0 / pieces, where=whole > 0)
        minutes = np.where(fixed, travel.minutes[line] * share, minutes)
    back = minutes
    if travel.against is not None:
        other = np.isfinite(travel.against)[line] & ~fixed
        back = np.where(other, length * (0.06 / travel.against[line]), minutes)
    return np.where(travel.forward[line], minutes, np.inf), np.where(travel.backward[line], back, np.inf)


def _join_opposites(graph: Graph) -> Graph:
    """Make one two-way link of two one-way links that run the same line in opposite directions.

    Some sources draw each direction on its own; a place snapped to one of the two lines must be left both ways.
    """
    topology = graph.topology
    along = np.flatnonzero(np.isfinite(graph.forward) & np.isinf(graph.backward))
    against = np.flatnonzero(np.isinf(graph.forward) & np.isfinite(graph.backward))
    one_way = np.concatenate((along, against))
    if len(one_way) < 2:
        return graph
    begin = np.concatenate((topology.link_from[along], topology.link_to[against])).astype(np.int64)
    end = np.concatenate((topology.link_to[along], topology.link_from[against])).astype(np.int64)
    size = len(topology.node_xy)
    key = np.minimum(begin, end) * size + np.maximum(begin, end)
    several = _repeated(key)
    if len(several) == 0:
        return graph
    one_way, begin, end, key = one_way[several], begin[several], end[several], key[several]
    middle = _middles(topology.vertices, topology.offset, one_way)
    shape = np.round(np.column_stack((middle, graph.length[one_way])), 2)
    order = np.lexsort((begin > end, shape[:, 2], shape[:, 1], shape[:, 0], key))
    a, b = order[:-1], order[1:]
    pair = (key[a] == key[b]) & (shape[a] == shape[b]).all(axis=1) & (begin[a] == end[b]) & (begin[a] != end[a])
    pair[1:] &= ~pair[:-1]
    stays, goes = one_way[a[pair]], one_way[b[pair]]
    if len(stays) == 0:
        return graph
    forward, backward = graph.forward.copy(), graph.backward.copy()
    same_way = topology.link_from[stays] == topology.link_from[goes]
    other_forward = np.where(same_way, forward[goes], backward[goes])
    other_backward = np.where(same_way, backward[goes], forward[goes])
    forward[stays] = np.minimum(forward[stays], other_forward)
    backward[stays] = np.minimum(backward[stays], other_backward)
    keep = np.ones(len(forward), bool)
    keep[goes] = False
    return _pick(graph._replace(forward=forward, backward=backward), np.flatnonzero(keep))


def _repeated(key: np.ndarray) -> np.ndarray:
    """The rows whose key another row has too."""
    order = np.argsort(key, kind="stable")
    again = np.diff(key[order]) == 0
    return order[np.append(again, False) | np.append(False, again)]


def _middles(vertices: np.ndarray, offset: np.ndarray, links: np.ndarray) -> np.ndarray:
    """(n, 2) the mean of the vertices of each of ``links``: the same whichever way it is drawn."""
    begin, count = offset[links], offset[links + 1] - offset[links]
    start = np.cumsum(count) - count
    index = np.repeat(begin - start, count) + np.arange(int(count.sum()))
    return np.add.reduceat(vertices[index], start, axis=0) / count[:, None]


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
    return _pick(graph._replace(topology=renamed), links)


def _pick(graph: Graph, links: np.ndarray) -> Graph:
    """The links named, in that order."""
    topology = graph.topology
    count = np.diff(topology.offset)[links]
    offset = np.concatenate(([0], np.cumsum(count)))
    index = np.repeat(topology.offset[:-1][links] - offset[:-1], count) + np.arange(offset[-1])
    picked = topology._replace(
        link_from=topology.link_from[links],
        link_to=topology.link_to[links],
        link_line=topology.link_line[links],
        vertices=topology.vertices.take(index, axis=0),
        offset=offset,
    )
    return Graph(picked, graph.length[links], graph.forward[links], graph.backward[links])
