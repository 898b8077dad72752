"""Which parts of a network people can both reach and leave."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components

from .contraction import Contraction

OUTSIDE, CORE, ISLAND = 0, 1, 2
CORE_LENGTH = 10_000.0
"""Metres of road that make a part of the network (an island) count as a place of its own, besides the largest part."""


class Components(NamedTuple):
    count: int  # type: ignore[assignment]
    """Parts that no link joins."""
    link_core: np.ndarray
    """(M,) u1: `CORE` where the link is in a strongly connected part that is the largest or has 10 km of roads,
    `ISLAND` in the largest one of roads that nothing joins to such a part, else `OUTSIDE`."""


def find_components(folded: Contraction, length: np.ndarray) -> Components:
    """The parts of a network whose links measure ``length`` (M,), found on its contraction."""
    tail, head = _arcs(folded)
    strong, part = connected_components(_graph(tail, head, folded.kept_count), connection="strong")
    between = np.flatnonzero(part[tail] != part[head])
    joined, whole = connected_components(_graph(part[tail[between]], part[head[between]], strong), directed=False)
    chain_part = np.where(part[folded.chain_first] == part[folded.chain_last], part[folded.chain_first], -1)
    link_part = _part_of_links(folded, part, chain_part)
    metres = np.bincount(link_part[link_part >= 0], length[link_part >= 0], strong)
    if metres.max() == 0:
        # No part can be both reached and left (a lone one-way road): every link is as good as another.
        return Components(int(joined), np.full(len(length), CORE, np.uint8))
    kind = np.where(metres >= CORE_LENGTH, CORE, OUTSIDE).astype(np.uint8)
    kind[metres.argmax()] = CORE
    on_island = np.bincount(whole, kind == CORE, joined) == 0
    largest = np.lexsort((-metres, whole))
    largest = largest[np.append(True, np.diff(whole[largest]) > 0)]
    kind[largest[on_island[whole[largest]] & (metres[largest] > 0)]] = ISLAND
    link_core = np.where(link_part >= 0, kind[link_part], OUTSIDE)
    # Of one-way roads that nobody can both reach and leave, and that lead nowhere else, each is as good as another.
    lost = np.bincount(whole, kind != OUTSIDE, joined) == 0
    on_chain = np.flatnonzero(folded.link_chain >= 0)
    whole_of_chain = whole[part[folded.chain_first]]
    link_core[on_chain[lost[whole_of_chain[folded.link_chain[on_chain]]]]] = ISLAND
    return Components(int(joined), link_core.astype(np.uint8))


def _arcs(folded: Contraction) -> tuple[np.ndarray, np.ndarray]:
    """Tail and head of each open direction of each chain."""
    first, last = folded.chain_first, folded.chain_last
    going, coming = np.isfinite(folded.chain_minutes_along), np.isfinite(folded.chain_minutes_against)
    return np.concatenate((first[going], last[coming])), np.concatenate((last[going], first[coming]))


def _graph(tail: np.ndarray, head: np.ndarray, size: int) -> csr_matrix:
    return coo_matrix((np.ones(len(tail), np.int8), (tail, head)), shape=(size, size)).tocsr()


def _part_of_links(folded: Contraction, part: np.ndarray, chain_part: np.ndarray) -> np.ndarray:
    """(M,) the strongly connected part of each link, -1 for those between two parts. Dead ends go with their root."""
    in_tree = np.flatnonzero(folded.link_chain < 0)
    link_part = np.full(len(folded.link_chain), -1, np.int64)
    on_chain = folded.link_chain >= 0
    link_part[on_chain] = chain_part[folded.link_chain[on_chain]]
    if len(in_tree) == 0:
        return link_part
    below = np.flatnonzero(folded.node_parent >= 0)
    root = folded.node_root[below]
    kept, link = folded.node_kept[root], folded.node_link[root]
    of_node = np.where(kept >= 0, part[kept], link_part[np.maximum(link, 0)])
    link_part[folded.node_parent_link[below]] = of_node
    return link_part
