"""A network arc by arc, each arc with its link: for questions about links, which the contracted graph cannot answer."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix

from ..network import Network
from ..network.links import LinkCosts
from ..network.turns import expand
from ..ragged import runs
from .snapped_points import SnappedPoints


class LinkArcs(NamedTuple):
    """Open arcs between N nodes, those that leave node i being ``start[i]:start[i + 1]``."""

    start: np.ndarray
    """(N + 1,) i4."""
    tail: np.ndarray
    """(A,) i4."""
    head: np.ndarray
    """(A,) i4."""
    cost: np.ndarray
    """(A,) f8 minutes."""
    link: np.ndarray
    """(A,) i4 the link of the network, -1 for turns at a junction with bans."""

    @classmethod
    def of(cls, nodes: int, tail: np.ndarray, head: np.ndarray, cost: np.ndarray, link: np.ndarray) -> LinkArcs:
        """The same arcs by the node they leave."""
        order = np.argsort(tail, kind="stable")
        start = runs(tail, nodes).astype(np.int32)
        columns = (tail.astype(np.int32), head.astype(np.int32), cost, link.astype(np.int32))
        return cls(start, *(column[order] for column in columns))

    @property
    def size(self) -> int:
        """N."""
        return len(self.start) - 1

    def turned(self) -> LinkArcs:
        """The same arcs, each from its head to its tail."""
        return LinkArcs.of(self.size, self.head, self.tail, self.cost, self.link)

    def matrix(self, extra: int, head: np.ndarray, cost: np.ndarray) -> csr_matrix:
        """For scipy, with ``extra`` more nodes, the last of which leads to each ``head`` at its ``cost``."""
        ends = np.full(extra, self.start[-1], np.int32)
        ends[-1] += len(head)
        heads, costs = np.concatenate((self.head, head)).astype(np.int32), np.concatenate((self.cost, cost))
        return csr_matrix((costs, heads, np.concatenate((self.start, ends))), shape=(self.size + extra,) * 2)


class NodeAccess(NamedTuple):
    """By which two nodes P places are left, or reached, and at what cost (inf: not by this one).

    A place within a link has its two ends; a place at a junction has that junction, twice.
    """

    node: np.ndarray
    """(P, 2) i8."""
    cost: np.ndarray
    """(P, 2) f8 minutes."""


def arcs_of(network: Network) -> LinkArcs:
    """The arcs of a network; junctions with turn bans are expanded as in `network.turns`."""
    whole = LinkCosts(
        nodes=network.node_count,
        tail=np.asarray(network.link_from),
        head=np.asarray(network.link_to),
        forward=np.asarray(network.minutes_forward),
        backward=np.asarray(network.minutes_backward),
        length=np.asarray(network.length),
    )
    expanded = expand(whole, np.asarray(network.turns.ban))
    links = expanded.links
    link = np.full(len(links.tail), -1, np.int64)
    link[: network.link_count] = np.arange(network.link_count)
    twins = expanded.twin >= 0
    link[expanded.twin[twins]] = expanded.turns.link[twins]
    going, coming = np.isfinite(links.forward), np.isfinite(links.backward)
    return LinkArcs.of(
        links.nodes,
        np.concatenate((links.tail[going], links.head[coming])),
        np.concatenate((links.head[going], links.tail[coming])),
        np.concatenate((links.forward[going], links.backward[coming])),
        np.concatenate((link[going], link[coming])),
    )


def access_of(network: Network, places: SnappedPoints, nodes: int, leaving: bool) -> NodeAccess:
    """How ``places``, which all have a link, are left (else reached), in a graph of ``nodes`` nodes (`arcs_of`)."""
    turns, link, part_of = network.turns, places.link, places.fraction
    node = np.column_stack((network.link_from[link], network.link_to[link])).astype(np.int64)
    forward, backward = network.minutes_forward[link], network.minutes_backward[link]
    to_tail, to_head = (backward, forward) if leaving else (forward, backward)
    share = np.column_stack((part_of, 1.0 - part_of))
    minutes = np.column_stack((to_tail, to_head))
    cost = np.where(np.isfinite(minutes), share * np.where(np.isfinite(minutes), minutes, 0.0), np.inf)
    at = np.flatnonzero((part_of == 0) | (part_of == 1))
    junction = np.where(part_of[at] == 0, node[at, 0], node[at, 1])
    row = turns.row_of(link)
    beside = np.flatnonzero(row >= 0)
    node[beside] = turns.ends[row[beside]][:, :2] if leaving else turns.ends[row[beside]][:, 2:]
    banned = turns.expanded(network.node_count)[junction]
    if not leaving and banned.any():
        junction[banned] = turns.end_of(junction[banned], nodes)
    node[at], cost[at] = junction[:, None], 0.0
    return NodeAccess(node, cost)


def along_link(network: Network, link: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """(n,) minutes from fraction ``start`` to fraction ``end`` of each link, without leaving it; inf where closed."""
    step = end - start
    minutes = np.where(step > 0, network.minutes_forward[link], network.minutes_backward[link])
    return np.where(step == 0, 0.0, np.abs(step) * np.where(step == 0, 0.0, minutes))
