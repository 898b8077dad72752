"""Which parts of a network people can both reach and leave."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components

from .contraction import Contraction

OUTSIDE, MAIN, ISLAND = 0, 1, 2
MAIN_LENGTH = 10_000.0
"""Metres of road that make a part of the network (an island) count as a place of its own, besides the largest part."""


class Components(NamedTuple):
    count: int  # type: ignore[assignment]
    """Parts that no link joins."""
    link_component: np.ndarray
    """(M,) u1: `MAIN` where the link is in a strongly connected part that is the largest or has 10 km of roads,
    `ISLAND` in the largest one of roads that nothing joins to such a part, else `OUTSIDE`."""


def find_components(contracted: Contraction, length: np.ndarray) -> Components:
    """The parts of a network whose links measure ``length`` (M,), found on its contraction."""
    tail, head = _arcs(contracted)
    strong, part = connected_components(_graph(tail, head, contracted.kept_count), connection="strong")
    between = np.flatnonzero(part[tail] != part[head])
    joined, whole = connected_components(_graph(part[tail[between]], part[head[between]], strong), directed=False)
    chain_part = np.where(part[contracted.chain_first] == part[contracted.chain_last], part[contracted.chain_first], -1)
    link_part = _part_of_links(contracted, part, chain_part)
    metres = np.bincount(link_part[link_part >= 0], length[link_part >= 0], strong)
    if metres.max() == 0:
        # No part can be both reached and left (a lone one-way road): every link is as good as another.
        return Components(int(joined), np.full(len(length), MAIN, np.uint8))
    kind = np.where(metres >= MAIN_LENGTH, MAIN, OUTSIDE).astype(np.uint8)
    kind[metres.argmax()] = MAIN
    on_island = np.bincount(whole, kind == MAIN, joined) == 0
    largest = np.lexsort((-metres, whole))
    largest = largest[np.append(True, np.diff(whole[largest]) > 0)]
    kind[largest[on_island[whole[largest]] & (metres[largest] > 0)]] = ISLAND
    link_component = np.where(link_part >= 0, kind[link_part], OUTSIDE)
    # Of one-way roads that nobody can both reach and leave, and that lead nowhere else, each is as good as another.
    lost = np.bincount(whole, kind != OUTSIDE, joined) == 0
    on_chain = np.flatnonzero(contracted.link_chain >= 0)
    whole_of_chain = whole[part[contracted.chain_first]]
    link_component[on_chain[lost[whole_of_chain[contracted.link_chain[on_chain]]]]] = ISLAND
    return Components(int(joined), link_component.astype(np.uint8))


def _arcs(contracted: Contraction) -> tuple[np.ndarray, np.ndarray]:
    """Tail and head of each open direction of each chain."""
    first, last = contracted.chain_first, contracted.chain_last
    going, coming = np.isfinite(contracted.chain_minutes_along), np.isfinite(contracted.chain_minutes_against)
    return np.concatenate((first[going], last[coming])), np.concatenate((last[going], first[coming]))


def _graph(tail: np.ndarray, head: np.ndarray, size: int) -> csr_matrix:
    return coo_matrix((np.ones(len(tail), np.int8), (tail, head)), shape=(size, size)).tocsr()


def _part_of_links(contracted: Contraction, part: np.ndarray, chain_part: np.ndarray) -> np.ndarray:
    """(M,) the strongly connected part of each link, -1 for those between two parts. Dead ends go with their root."""
    in_tree = np.flatnonzero(contracted.link_chain < 0)
    link_part = np.full(len(contracted.link_chain), -1, np.int64)
    on_chain = contracted.link_chain >= 0
    link_part[on_chain] = chain_part[contracted.link_chain[on_chain]]
    if len(in_tree) == 0:
        return link_part
    below = np.flatnonzero(contracted.node_parent >= 0)
    root = contracted.node_root[below]
    kept, link = contracted.node_kept[root], contracted.node_link[root]
    of_node = np.where(kept >= 0, part[kept], link_part[np.maximum(link, 0)])
    link_part[contracted.node_parent_link[below]] = of_node
    return link_part
