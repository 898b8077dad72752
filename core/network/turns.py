"""Turn bans: junctions where who comes by one link may not leave by another, and what the search makes of them.

Only those junctions are expanded: each of their link ends becomes an arrival and a departure of its own, joined by the
turns that are permitted (node splitting, as in Winter, 2002). Everything else of the network stays as it is, so that a
network without bans is the same, and searched as fast, as if there were no such thing.

A U-turn is permitted at every junction, as everywhere in the network, unless a ban says that it is not. Whoever starts
at a junction leaves it by any link; whoever ends there comes by any.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..ragged import owners, ranges
from .links import LinkCosts


class Turns(NamedTuple):
    """B bans, and the S links that end at one of their junctions."""

    ban: np.ndarray
    """(B, 3) i4: the link by which one comes, the node, the link by which one may not leave."""
    link: np.ndarray
    """(S,) i4 ascending: links with an expanded end."""
    ends: np.ndarray
    """(S, 4) i4 nodes of the expanded graph: where one arrives at `link_from`, at `link_to`, whence one leaves them."""

    @classmethod
    def none(cls) -> Turns:
        return cls(np.empty((0, 3), np.int32), np.empty(0, np.int32), np.empty((0, 4), np.int32))

    def row_of(self, link: np.ndarray) -> np.ndarray:
        """(n,) the row of each link among those with an expanded end, -1 for others."""
        if len(self.link) == 0:
            return np.full(len(link), -1)
        row = np.minimum(np.searchsorted(self.link, link), len(self.link) - 1)
        return np.where(self.link[row] == link, row, -1)

    def expanded(self, nodes: int) -> np.ndarray:
        """(nodes,) bool: the junctions that have bans."""
        expanded = np.zeros(nodes, bool)
        expanded[self.ban[:, 1]] = True
        return expanded

    def end_of(self, junction: np.ndarray, nodes: int) -> np.ndarray:
        """(n,) the node of whoever ends at each expanded ``junction``, of an expanded graph of ``nodes`` nodes."""
        junctions = np.unique(self.ban[:, 1])
        return nodes - len(junctions) + np.searchsorted(junctions, junction)


class ExpandedGraph(NamedTuple):
    """A graph whose junctions with bans are expanded. Its first N nodes and M links are those of the network.

    The number of an expanded junction stands for whoever starts there; whoever ends there has a node of his own.
    """

    links: LinkCosts
    own: np.ndarray
    """(M',) bool: links of the network that are as they were."""
    kept: np.ndarray
    """(N',) bool: nodes at the ends of links that are not."""
    twin: np.ndarray
    """(S,) the link that goes against each expanded link, -1 where it is one-way."""
    turns: Turns


class _LinkEnds(NamedTuple):
    """The S links with an expanded end: at their tail and head, the node, and whether one comes and goes there."""

    link: np.ndarray
    """(S,)."""
    at: np.ndarray
    """(S, 2) node."""
    arrives: np.ndarray
    """(S, 2) bool: one comes to an expanded junction there."""
    leaves: np.ndarray
    """(S, 2) bool."""


def expand(links: LinkCosts, ban: np.ndarray) -> ExpandedGraph:
    """Expand the junctions of ``ban`` (B, 3) in a graph of N nodes and M links."""
    nodes, tail, head, forward, backward, length = links
    count = len(tail)
    if len(ban) == 0:
        return ExpandedGraph(links, np.ones(count, bool), np.zeros(nodes, bool), np.empty(0, np.int64), Turns.none())
    ban = np.unique(ban, axis=0).astype(np.int32)
    expanded = np.zeros(nodes, bool)
    expanded[ban[:, 1]] = True
    link = np.flatnonzero(expanded[tail] | expanded[head])
    going, coming = np.isfinite(forward[link]), np.isfinite(backward[link])
    at = np.column_stack((tail[link], head[link]))
    beside = _LinkEnds(
        link,
        at,
        arrives=np.column_stack((coming, going)) & expanded[at],
        leaves=np.column_stack((going, coming)) & expanded[at],
    )
    ends, size = _numbered(beside, nodes)
    end_of = np.full(nodes, -1, np.int64)
    junctions = np.flatnonzero(expanded)
    end_of[junctions] = size + np.arange(len(junctions))
    turn_arcs = _turn_arcs(beside, ends, ban, end_of)

    twice = going & coming
    twin = np.where(twice, count + np.cumsum(twice) - 1, -1)
    new_tail, new_head, back = tail.astype(np.int64), head.astype(np.int64), backward.copy()
    new_tail[link] = np.where(going, ends[:, 2], ends[:, 0])
    new_head[link] = np.where(going, ends[:, 1], ends[:, 3])
    back[link[going]] = np.inf
    zeros, closed = np.zeros(len(turn_arcs)), np.full(len(turn_arcs) + int(twice.sum()), np.inf)
    own = np.ones(count + len(closed), bool)
    own[count:] = False
    own[link] = False
    new_tail = np.concatenate((new_tail, ends[twice, 3], turn_arcs[:, 0]))
    new_head = np.concatenate((new_head, ends[twice, 0], turn_arcs[:, 1]))
    kept = np.zeros(size + len(junctions), bool)
    kept[new_tail[~own]] = True
    kept[new_head[~own]] = True
    return ExpandedGraph(
        LinkCosts(
            nodes=len(kept),
            tail=new_tail,
            head=new_head,
            forward=np.concatenate((forward, backward[link[twice]], zeros)),
            backward=np.concatenate((back, closed)),
            length=np.concatenate((length, length[link[twice]], zeros)),
        ),
        own,
        kept,
        twin,
        Turns(ban, link.astype(np.int32), ends.astype(np.int32)),
    )


def _numbered(beside: _LinkEnds, nodes: int) -> tuple[np.ndarray, int]:
    """(S, 4) the arrivals and departures of each link end, numbered from ``nodes`` on; the node itself elsewhere."""
    ends = np.column_stack((beside.at, beside.at)).astype(np.int64)
    expanded = np.column_stack((beside.arrives, beside.leaves))
    ends[expanded] = nodes + np.arange(int(expanded.sum()))
    return ends, nodes + int(expanded.sum())


def _turn_arcs(beside: _LinkEnds, ends: np.ndarray, ban: np.ndarray, end_of: np.ndarray) -> np.ndarray:
    """(J, 2) from node to node, at no cost: the permitted turns, from a start to every departure, to an end from every
    arrival, and from each start to the end at the same junction.

    ``end_of`` (N,): the node of whoever ends at each expanded junction, -1 for other nodes.
    """
    link, at, arrives, leaves = beside
    junctions = np.flatnonzero(end_of >= 0)
    both = np.column_stack((link, link))
    come, come_link, come_at = ends[:, :2][arrives], both[arrives], at[arrives]
    go, go_link, go_at = ends[:, 2:][leaves], both[leaves], at[leaves]
    order = np.argsort(go_at, kind="stable")
    first = np.searchsorted(go_at[order], come_at, side="left")
    many = np.searchsorted(go_at[order], come_at, side="right") - first
    one = owners(many)
    other = order[ranges(first, many)]
    turn = np.column_stack((come_link[one], come_at[one], go_link[other]))
    free = ~_among(turn, ban)
    return np.concatenate(
        (
            np.column_stack((come[one[free]], go[other[free]])),
            np.column_stack((go_at, go)),
            np.column_stack((come, end_of[come_at])),
            np.column_stack((junctions, end_of[junctions])),
        )
    ).astype(np.int64)


def _among(rows: np.ndarray, others: np.ndarray) -> np.ndarray:
    """(n,) bool: which of ``rows`` (n, 3) are among ``others`` (m, 3)."""
    _, number = np.unique(np.concatenate((others, rows)).astype(np.int64), axis=0, return_inverse=True)
    number = number.reshape(-1)
    return np.isin(number[len(others) :], number[: len(others)])
