"""Access arcs: what it costs to go between each snapped point and the kept nodes of the contracted network around it.

A point lies on a chain, or in a dead end that hangs from a point of a chain. Either way two kept nodes (the chain's
ends) lead to it and away from it. Two points on one chain, or in one dead end, are also joined directly.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..network import Network
from .snapped_points import SnappedPoints

_AT_ONCE = 100_000
"""Snapped points anchored together: what is computed on the way takes several times the memory of the answer."""


class AccessArcs(NamedTuple):
    """P points. Costs are minutes or metres, inf where no permitted way exists. Points without a link have first -1."""

    first: np.ndarray
    """(P,) i4 the kept node at the first end of the chain."""
    last: np.ndarray
    """(P,) i4 the kept node at its last end."""
    to_first: np.ndarray
    """(P,) f8 from the point to `first`, without leaving the chain."""
    to_last: np.ndarray
    from_first: np.ndarray
    """(P,) f8 from `first` to the point."""
    from_last: np.ndarray
    chain: np.ndarray
    """(P,) i4; numbers from C on stand for dead ends that hang from no chain."""
    position: np.ndarray
    """(P,) f8 links passed along the chain, with the fraction of the current one."""
    along: np.ndarray
    """(P,) f8 cost from the first end to the point of the chain, inf where the chain is closed that way."""
    against: np.ndarray
    """(P,) f8 cost from the point of the chain back to the first end, inf where closed."""
    up: np.ndarray
    """(P,) f8 from the point to the point of the chain its dead end hangs from; 0 on the chain."""
    down: np.ndarray
    """(P,) f8 from that point to the point."""
    node: np.ndarray
    """(P,) i4 the far end of the dead end's link the point is on; -1 on the chain."""
    height: np.ndarray
    """(P,) f8 how far the point is from the root of its dead end, in links."""
    first_in: np.ndarray | None = None
    """(P,) i4 the kept node that `from_first` is from; None where it is `first` everywhere (no turn bans)."""
    last_in: np.ndarray | None = None
    """(P,) i4 the one that `from_last` is from."""

    @property
    def count(self) -> int:  # type: ignore[override]
        return len(self.first)

    def take(self, rows: np.ndarray) -> AccessArcs:
        """The arcs at ``rows``."""
        return AccessArcs._make(None if column is None else column[rows] for column in self)

    def out(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """The two kept nodes that the points lead to, and the costs to them."""
        return self.first, self.last, self.to_first, self.to_last

    def into(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """The two kept nodes that lead to the points, and the costs from them."""
        first = self.first if self.first_in is None else self.first_in
        last = self.last if self.last_in is None else self.last_in
        return first, last, self.from_first, self.from_last


class _ChainPoints(NamedTuple):
    """Q points of chains, the chain's own way: costs as in `AccessArcs`."""

    first: np.ndarray
    last: np.ndarray
    to_first: np.ndarray
    to_last: np.ndarray
    from_first: np.ndarray
    from_last: np.ndarray
    chain: np.ndarray
    position: np.ndarray
    along: np.ndarray
    against: np.ndarray


class _DeadEndPoints(NamedTuple):
    """Q points of links, seen from the root of the dead end they are in."""

    node: np.ndarray
    height: np.ndarray
    up: np.ndarray
    down: np.ndarray
    root: np.ndarray
    """(Q,) the root, -1 for points on chains."""


def access_arcs(network: Network, snapped: SnappedPoints, metric: str) -> AccessArcs:
    """Find the kept nodes around each point and the costs between them; ``metric`` is ``time`` or ``distance``."""
    if snapped.count <= _AT_ONCE:
        return _access_arcs(network, snapped, metric)
    runs = range(0, snapped.count, _AT_ONCE)
    parts = [_access_arcs(network, snapped.take(slice(start, start + _AT_ONCE)), metric) for start in runs]
    return AccessArcs._make(None if column[0] is None else np.concatenate(column) for column in zip(*parts))


def _access_arcs(network: Network, snapped: SnappedPoints, metric: str) -> AccessArcs:
    found = np.flatnonzero(snapped.link >= 0)
    link = snapped.link[found].astype(np.int64)
    fraction = snapped.fraction[found]
    dead_end = _in_dead_ends(network, link, fraction, metric)
    rooted = dead_end.root >= 0
    at_root = network.contraction.node_link[dead_end.root]
    link = np.where(rooted, at_root, link)
    fraction = np.where(rooted, network.link_to[np.maximum(link, 0)] == dead_end.root, fraction)
    point = _on_chains(network, link, fraction, dead_end.root, metric)
    up, down = dead_end.up, dead_end.down
    arcs = AccessArcs(
        point.first,
        point.last,
        point.to_first + up,
        point.to_last + up,
        point.from_first + down,
        point.from_last + down,
        point.chain,
        point.position,
        point.along,
        point.against,
        up,
        down,
        dead_end.node,
        dead_end.height,
    )
    if len(network.turns.link):
        arcs = _beside_bans(network, arcs, snapped.link[found], snapped.fraction[found], metric)
    return arcs if len(found) == snapped.count else _spread(arcs, found, snapped.count)


def _beside_bans(network: Network, arcs: AccessArcs, link: np.ndarray, fraction: np.ndarray, metric: str) -> AccessArcs:
    """``arcs`` of points at ``fraction`` of ``link``, where those on links that end at a junction with bans arrive
    there and leave from there by the nodes that turns are made of."""
    turns, number = network.turns, network.contraction.node_kept
    first_in, last_in = arcs.first.copy(), arcs.last.copy()
    arcs = arcs._replace(first_in=first_in, last_in=last_in)
    row = turns.row_of(link)
    at = np.flatnonzero(row >= 0)
    part, ends = fraction[at], number[turns.ends[row[at]]]
    forward, backward = link_costs(network, link[at], metric)
    going, coming = np.isfinite(forward), np.isfinite(backward)
    forward, backward = np.where(going, forward, 0.0), np.where(coming, backward, 0.0)
    along, against = part * forward, part * backward
    at_first, at_last = part == 0, part == 1
    arcs.first[at], arcs.last[at], first_in[at], last_in[at] = ends.T
    arcs.to_first[at] = np.where(at_first, 0.0, np.where(coming, against, np.inf))
    arcs.from_first[at] = np.where(at_first, 0.0, np.where(going, along, np.inf))
    arcs.to_last[at] = np.where(at_last, 0.0, np.where(going, (1.0 - part) * forward, np.inf))
    arcs.from_last[at] = np.where(at_last, 0.0, np.where(coming, (1.0 - part) * backward, np.inf))
    arcs.chain[at], arcs.position[at] = network.contraction.link_chain[link[at]], part
    arcs.along[at] = np.where(going, along, np.inf)
    arcs.against[at] = np.where(coming, against, np.inf)

    junction = np.where(at_first, network.link_from[link[at]], network.link_to[link[at]])
    here = (at_first | at_last) & turns.expanded(network.node_count)[junction]
    _at_junctions(network, arcs, at[here], junction[here])
    return arcs


def _at_junctions(network: Network, arcs: AccessArcs, at: np.ndarray, junction: np.ndarray) -> None:
    """Points at junctions with bans: they are left by any link, reached by any, and passed by nobody (in place)."""
    contracted = network.contraction
    start, end = (
        contracted.node_kept[junction],
        contracted.node_kept[network.turns.end_of(junction, len(contracted.node_kept))],
    )
    arcs.first[at] = arcs.last[at] = start
    for column in (arcs.first_in, arcs.last_in):
        if column is not None:
            column[at] = end
    for column in (arcs.to_first, arcs.to_last, arcs.from_first, arcs.from_last):
        column[at] = 0.0
    arcs.chain[at] = len(contracted.chain_first) + start
    for column in (arcs.position, arcs.along, arcs.against):
        column[at] = 0.0


def link_costs(network: Network, link: np.ndarray, metric: str) -> tuple[np.ndarray, np.ndarray]:
    """Costs of whole links as drawn and against; inf where closed."""
    forward, backward = network.minutes_forward[link], network.minutes_backward[link]
    if metric == "time":
        return forward, backward
    length = network.length[link]
    return np.where(np.isinf(forward), np.inf, length), np.where(np.isinf(backward), np.inf, length)


def direct_costs(network: Network, start: AccessArcs, end: AccessArcs, metric: str) -> np.ndarray:
    """(P,) costs from ``start`` to ``end``, pairwise, without passing a kept node; both must be on the same chain."""
    ahead, behind = end.position >= start.position, end.position <= start.position
    along = np.where(np.isinf(end.along), np.inf, end.along - np.where(np.isinf(start.along), 0.0, start.along))
    against = np.where(np.isinf(end.against), np.inf, start.against - np.where(np.isinf(end.against), 0.0, end.against))
    base = np.minimum(np.where(ahead, along, np.inf), np.where(behind, against, np.inf))
    base = np.where(ahead & behind, 0.0, np.maximum(base, 0.0))
    cost = start.up + base + end.down
    root = network.contraction.node_root
    both = np.flatnonzero((start.node >= 0) & (end.node >= 0))
    both = both[root[start.node[both]] == root[end.node[both]]]
    if len(both):
        cost[both] = _within_dead_end(network, start.take(both), end.take(both), metric)
    return cost


def _on_chains(network: Network, link: np.ndarray, fraction: np.ndarray, root: np.ndarray, metric: str) -> _ChainPoints:
    """Points at ``fraction`` of chain ``link``; where link is -1, the kept node ``root`` itself, which has no chain."""
    contracted = network.contraction
    count, chains = len(link), len(contracted.chain_first)
    alone = np.flatnonzero(link < 0)
    node = contracted.node_kept[root[alone]]
    of_nodes = {"first": np.full(count, -1, np.int32), "last": np.full(count, -1, np.int32)}
    costs = {name: np.zeros(count) for name in _ChainPoints._fields if name not in (*of_nodes, "chain")}
    point = _ChainPoints(chain=np.zeros(count, np.int32), **of_nodes, **costs)
    point.first[alone] = point.last[alone] = node
    point.chain[alone] = chains + node
    on = np.flatnonzero(link >= 0)
    if len(on) == 0:
        return point

    link, fraction = link[on], fraction[on]
    chain = contracted.link_chain[link]
    drawn_along = contracted.link_along[link] == 1
    forward, backward = link_costs(network, link, metric)
    passed = np.where(drawn_along, fraction, 1.0 - fraction)
    open_along = np.isfinite(contracted.chain_minutes_along[chain])
    open_against = np.isfinite(contracted.chain_minutes_against[chain])
    going, coming = np.where(drawn_along, forward, backward), np.where(drawn_along, backward, forward)
    by_time = metric == "time"
    start_along = contracted.link_minutes_along[link] if by_time else contracted.link_metres[link]
    start_against = contracted.link_minutes_against[link] if by_time else contracted.link_metres[link]
    whole_along = contracted.chain_minutes_along[chain] if by_time else contracted.chain_metres[chain]
    whole_against = contracted.chain_minutes_against[chain] if by_time else contracted.chain_metres[chain]
    along = start_along + passed * np.where(open_along, going, 0.0)
    against = start_against + passed * np.where(open_against, coming, 0.0)
    position = contracted.link_rank[link] + passed
    at_first, at_last = position == 0, position == contracted.chain_size[chain]

    point.first[on], point.last[on] = contracted.chain_first[chain], contracted.chain_last[chain]
    point.chain[on], point.position[on] = chain, position
    point.along[on] = np.where(open_along, along, np.inf)
    point.against[on] = np.where(open_against, against, np.inf)
    # A point at an end of a chain is a kept node: it is left and reached freely, one-way or not.
    point.from_first[on] = np.where(at_first, 0.0, np.where(open_along, along, np.inf))
    point.to_first[on] = np.where(at_first, 0.0, np.where(open_against, against, np.inf))
    point.to_last[on] = np.where(at_last, 0.0, np.where(open_along, np.maximum(whole_along - along, 0.0), np.inf))
    point.from_last[on] = np.where(
        at_last, 0.0, np.where(open_against, np.maximum(whole_against - against, 0.0), np.inf)
    )
    return point


def _in_dead_ends(network: Network, link: np.ndarray, fraction: np.ndarray, metric: str) -> _DeadEndPoints:
    contracted = network.contraction
    count = len(link)
    points = _DeadEndPoints(
        np.full(count, -1, np.int32), np.zeros(count), np.zeros(count), np.zeros(count), np.full(count, -1, np.int32)
    )
    inside = np.flatnonzero(contracted.link_chain[link] < 0)
    if len(inside) == 0:
        return points
    link, fraction = link[inside], fraction[inside]
    tail, head = network.link_from[link], network.link_to[link]
    drawn_up = contracted.node_parent[tail] == head
    far, near = np.where(drawn_up, tail, head), np.where(drawn_up, head, tail)
    away = np.where(drawn_up, 1.0 - fraction, fraction)
    forward, backward = link_costs(network, link, metric)
    up = contracted.node_minutes_up if metric == "time" else contracted.node_metres
    down = contracted.node_minutes_down if metric == "time" else contracted.node_metres
    points.node[inside] = far
    points.height[inside] = contracted.node_depth[near] + away
    points.up[inside] = up[near] + away * np.where(drawn_up, forward, backward)
    points.down[inside] = down[near] + away * np.where(drawn_up, backward, forward)
    points.root[inside] = contracted.node_root[far]
    return points


def _within_dead_end(network: Network, start: AccessArcs, end: AccessArcs, metric: str) -> np.ndarray:
    """Up to the last node both have in common on their way to the root, and down again."""
    contracted = network.contraction
    meeting = _meeting_node(contracted.node_parent, contracted.node_depth, start.node, end.node)
    up = (contracted.node_minutes_up if metric == "time" else contracted.node_metres)[meeting]
    down = (contracted.node_minutes_down if metric == "time" else contracted.node_metres)[meeting]
    through = start.up - up + end.down - down
    one_way_up = (meeting == start.node) | (meeting == end.node)
    straight = np.where(start.height >= end.height, start.up - end.up, end.down - start.down)
    return np.maximum(np.where(one_way_up, straight, through), 0.0)


def _meeting_node(parent: np.ndarray, depth: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The lowest node that is on the way to the root from both ``a`` and ``b`` (each counts itself)."""
    a, b = np.array(a), np.array(b)
    apart = np.flatnonzero(a != b)
    while len(apart):
        x, y = a[apart], b[apart]
        a[apart] = np.where(depth[x] >= depth[y], parent[x], x)
        b[apart] = np.where(depth[y] >= depth[x], parent[y], y)
        apart = apart[a[apart] != b[apart]]
    return a


def _spread(arcs: AccessArcs, found: np.ndarray, count: int) -> AccessArcs:
    """Put the arcs of points that have a link back among those that have none."""
    missing = {"first": -1, "last": -1, "chain": -1, "node": -1, "first_in": -1, "last_in": -1}
    columns: list[np.ndarray | None] = []
    for name, column in zip(AccessArcs._fields, arcs):
        if column is None:
            columns.append(None)
            continue
        whole = np.full(count, missing.get(name, np.inf), column.dtype)
        whole[found] = column
        columns.append(whole)
    return AccessArcs._make(columns)
