"""Which parts of a network no road joins, whatever the directions: why nobody gets from one to another."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from ..network import Network
from .snapped_points import SnappedPoints


def part_of_links(network: Network) -> np.ndarray:
    """(M,) i4: the number of the part each link is in; worked out once a network."""
    if "part_of_links" not in network.derived:
        size, links = len(network.node_xy), len(network.link_from)
        ends = (np.asarray(network.link_from), np.asarray(network.link_to))
        joined = coo_matrix((np.ones(links, np.int8), ends), shape=(size, size))
        _, part = connected_components(joined, directed=False)
        network.derived["part_of_links"] = part[ends[0]]
    return network.derived["part_of_links"]


def apart(network: Network, snapped: SnappedPoints, others: SnappedPoints) -> np.ndarray:
    """(n,) bool: the points on a part of the network where none of the ``others`` is."""
    part = part_of_links(network)
    return ~np.isin(part[snapped.link], part[others.link])
