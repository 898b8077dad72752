"""Which parts of a network people can both reach and leave."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from .topology import Topology

CORE_LENGTH = 10_000.0
"""Metres of road that make a part of the network (an island) count as a place of its own, besides the largest part."""


class Components(NamedTuple):
    count: int
    """Parts that no link joins."""
    link_core: np.ndarray
    """(M,) u1: 1 where the link is in a strongly connected part that is the largest or has 10 km of roads."""


def find_components(
    nodes: int, topology: Topology, forward: np.ndarray, backward: np.ndarray, length: np.ndarray
) -> Components:
    """The parts of a graph of ``nodes`` nodes whose links cost ``forward`` and ``backward`` (M,), inf = forbidden."""
    along, against = np.isfinite(forward), np.isfinite(backward)
    tail = np.concatenate((topology.link_from[along], topology.link_to[against]))
    head = np.concatenate((topology.link_to[along], topology.link_from[against]))
    graph = coo_matrix((np.ones(len(tail), np.int8), (tail, head)), shape=(nodes, nodes)).tocsr()
    count, _ = connected_components(graph, directed=False)
    strong, part = connected_components(graph, directed=True, connection="strong")
    inside = part[topology.link_from] == part[topology.link_to]
    metres = np.bincount(part[topology.link_from[inside]], length[inside], strong)
    core = metres >= CORE_LENGTH
    core[np.bincount(part, minlength=strong).argmax()] = True
    return Components(int(count), (inside & core[part[topology.link_from]]).astype(np.uint8))
