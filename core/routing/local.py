"""The embedded engine: exact costs on a network file, with numpy and scipy alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ..errors import InvalidInput
from ..messages import Message
from ..network import Network
from ..progress import Progress
from ..ragged import owners, ranges
from ..thresholds import NOISE, within
from ..travel_modes import DIRECTIONS, METRICS
from .access_arcs import AccessArcs, access_arcs, direct_costs
from .compiled import loops
from .kernels import Arrive
from .search import SearchGraph, VirtualSources, search, search_nearest
from .snapped_points import Block, Nearest, SnappedPoints
from .snapping import Snapper

__all__ = ["Block", "Nearest", "PreparedPoints", "Router", "SnappedPoints"]

_GROUP = 25
"""Neighbouring origins searched together."""
_MANY_MORE = 4
"""How many times more origins than destinations it takes to search from the destinations instead."""
_ORIGINS_A_BLOCK = 4000
_LANDMARKS = 20_000
_WORTH_KEEPING = 0.8
"""Part of a block's destinations that some origin must reach for the others to be left in: copying it costs more."""
_MOST_TOGETHER, _NODES_TOGETHER = 8, 8_000_000
"""Groups of services whose nearest are searched together, and groups × nodes: each of these takes 12 bytes."""
_WIDENINGS = 5
"""Times the searches for several nearest services are widened before they go as far as they may."""


class PreparedPoints(NamedTuple):
    """Snapped points made ready for many searches by `Router.prepare`."""

    snapped: SnappedPoints
    arcs: AccessArcs
    by_chain: np.ndarray
    """(P,) rows in the order of their chain."""
    chains: np.ndarray
    """(P,) those chains, ascending."""

    @property
    def count(self) -> int:  # type: ignore[override]
        return self.snapped.count


class _Pairs(NamedTuple):
    """Snapped points of one set and of another that a chain or a dead end joins directly."""

    left: np.ndarray
    right: np.ndarray


class _Wanted(NamedTuple):
    """The ``k`` nearest within ``limit``, travelling in ``direction``."""

    direction: str
    k: int
    limit: float


class Router:
    """Costs between points of one network, in minutes (``time``) or metres (``distance``).

    A snapped point lies on a link: costs start and end there, along permitted directions. The distance from a point
    to where it is snapped is not counted. A cost equal to a limit is within it.

    Making a router costs next to nothing; what it needs is read from the network's file once and kept with the network.
    """

    def __init__(self, network: Network, metric: str = "time") -> None:
        if metric not in METRICS:
            raise InvalidInput("There is no metric “{name}”.", name=metric)
        self.network = network
        self.metric = metric

    def snap(
        self,
        xy: np.ndarray,
        max_distance: float = np.inf,
        progress: Progress | None = None,
        without: np.ndarray | None = None,
    ) -> SnappedPoints:
        """Put (n, 2) points, in the network's CRS, on its nearest road where one may stop (see `snapping`).

        ``without`` (n,): a link that each point is not put on (-1: none).
        """
        return self._snapper().snap(np.asarray(xy, float).reshape(-1, 2), max_distance, progress or Progress(), without)

    def prepare_to_snap(self) -> None:
        """Do beforehand what the first `snap` of many points would: in another thread, while the points are read."""
        self._snapper().prepare()

    def why_not(self, xy: np.ndarray, max_distance: float = np.inf) -> list[Message]:
        """Why each of (n, 2) points that `snap` put nowhere is not on the network."""
        return self._snapper().why_not(np.asarray(xy, float).reshape(-1, 2), max_distance)

    def points_at_nodes(self, nodes: np.ndarray) -> SnappedPoints:
        """Snapped points at nodes: each at an end of one of its links."""
        nodes = np.asarray(nodes)
        link = self._link_of_nodes()[nodes]
        fraction = (self.network.link_from[link] != nodes).astype(float)
        return SnappedPoints(link, fraction, np.zeros(len(nodes)), np.asarray(self.network.node_xy[nodes]))

    def landmarks(self) -> np.ndarray:
        """Nodes by which to tell quickly how far one comes: one who comes far passes near one of them."""
        nodes = np.flatnonzero(self.network.contraction.node_kept[: self.network.node_count] >= 0)
        return nodes[:: max(1, len(nodes) // _LANDMARKS)]

    def prepare(self, snapped: SnappedPoints | PreparedPoints) -> PreparedPoints:
        """Make ``snapped`` ready once, to serve as origins or destinations of many calls.

        `matrix` and `nearest` prepare what is not: do it yourself for a large set used again (the samples of a map).
        Linear in the number of points.
        """
        if isinstance(snapped, PreparedPoints):
            return snapped
        arcs = access_arcs(self.network, snapped, self.metric)
        by_chain = np.argsort(arcs.chain, kind="stable")
        return PreparedPoints(snapped, arcs, by_chain, arcs.chain[by_chain])

    def nearest(
        self,
        demand: SnappedPoints | PreparedPoints,
        services: SnappedPoints | PreparedPoints,
        *,
        direction: str = "departure",
        k: int = 1,
        limit: float = np.inf,
        progress: Progress | None = None,
    ) -> Nearest:
        """The ``k`` services of lowest cost for each demand point, within ``limit``.

        ``departure``: from the demand to the service; ``arrival``: from the service to the demand. For ``k`` = 1 one
        pass over the network, however many points. For more, searches from the services that widen until every point
        has its ``k``.
        """
        (found,) = self.nearest_of_each(demand, [services], direction=direction, k=k, limit=limit, progress=progress)
        return found

    def nearest_of_each(
        self,
        demand: SnappedPoints | PreparedPoints,
        groups: Sequence[SnappedPoints | PreparedPoints],
        *,
        direction: str = "departure",
        k: int = 1,
        limit: float = np.inf,
        progress: Progress | None = None,
    ) -> Iterator[Nearest]:
        """`nearest` for each group of services, faster than one after the other for ``k`` = 1."""
        if direction not in DIRECTIONS:
            raise InvalidInput("There is no direction “{name}”.", name=direction)
        progress = progress or Progress()
        demand, wanted = self.prepare(demand), _Wanted(direction, k, limit)
        progress.check()
        if k > 1:
            for services in groups:
                yield self._several_nearest(demand, self.prepare(services), wanted, progress)
            return
        together = max(1, min(_MOST_TOGETHER, _NODES_TOGETHER // (self._graph(False).size + demand.count)))
        for start in range(0, len(groups), together):
            yield from self._one_nearest(demand, [self.prepare(s) for s in groups[start : start + together]], wanted)
            progress.check()

    def matrix(
        self,
        origins: SnappedPoints | PreparedPoints,
        destinations: SnappedPoints | PreparedPoints,
        *,
        limit: float = np.inf,
        reverse: bool = False,
        progress: Progress | None = None,
    ) -> Iterator[Block]:
        """Costs from each origin to each destination within ``limit``, as dense blocks of neighbouring origins.

        With ``reverse`` the costs are those from the destination to the origin, in the same blocks. Every origin is in
        exactly one block (which may be empty); destinations ascend. Where there are many more origins than
        destinations the search starts from the destinations; the answer is the same, but is then held in memory.
        """
        origins, destinations = self.prepare(origins), self.prepare(destinations)
        progress = progress or Progress()
        if origins.count > _MANY_MORE * destinations.count and origins.count > _GROUP:
            yield from self._turned(origins, destinations, limit, reverse, progress)
            return
        order = np.argsort(origins.snapped.link, kind="stable")
        for start in range(0, len(order), _GROUP):
            group = order[start : start + _GROUP]
            yield self._block(group, origins.arcs.take(group), destinations, limit, reverse, progress)
            progress.advance(min(1.0, (start + _GROUP) / len(order)))

    # -- one block ----------------------------------------------------------------------------------------------------

    def _block(
        self,
        group: np.ndarray,
        origins: AccessArcs,
        destinations: PreparedPoints,
        limit: float,
        reverse: bool,
        progress: Progress,
    ) -> Block:
        graph = self._graph(reverse)
        leave = origins.into() if reverse else origins.out()
        arrive = destinations.arcs.out() if reverse else destinations.arcs.into()
        reached = search(graph, VirtualSources(*leave), limit, progress)
        outside, column = reached.cost.shape[1] - 1, reached.column
        first, last = column[arrive[0]], column[arrive[1]]
        pairs = self._pairs(origins.chain, destinations)
        touched = (first < outside) | (last < outside)
        touched[pairs.right] = True
        rows = np.flatnonzero(touched)
        first, last = first[rows], last[rows]
        from_first, from_last = arrive[2][rows], arrive[3][rows]
        direct = self._direct(origins, destinations.arcs, pairs, reverse)
        bound = limit * (1 + NOISE)
        cost = _lines(reached.cost, (first, last, from_first, from_last), bound)
        near = direct <= bound
        at = pairs.left[near], np.searchsorted(rows, pairs.right[near])
        cost[at] = np.minimum(cost[at], direct[near].astype(np.float32))
        some = cost.min(axis=0, initial=np.inf) < np.inf
        if some.sum() < _WORTH_KEEPING * len(rows):
            rows, cost = rows[some], cost[:, some]
        return Block(group.astype(np.int32), rows.astype(np.int32), cost)

    def _pairs(self, chain: np.ndarray, snapped: PreparedPoints) -> _Pairs:
        """For each left point on ``chain`` (n,), the points on the same chain."""
        low = np.searchsorted(snapped.chains, chain, side="left")
        high = np.where(chain >= 0, np.searchsorted(snapped.chains, chain, side="right"), low)
        count = high - low
        left = owners(count)
        return _Pairs(left, snapped.by_chain[ranges(low, count)])

    def _direct(self, left: AccessArcs, right: AccessArcs, pairs: _Pairs, reverse: bool) -> np.ndarray:
        """Costs from left to right (the other way with ``reverse``) of pairs that share a chain."""
        a, b = left.take(pairs.left), right.take(pairs.right)
        return direct_costs(self.network, *((b, a) if reverse else (a, b)), self.metric)

    def _turned(
        self, origins: PreparedPoints, destinations: PreparedPoints, limit: float, reverse: bool, progress: Progress
    ) -> Iterator[Block]:
        """Blocks by origins out of searches from the destinations."""
        order = np.argsort(origins.snapped.link, kind="stable")
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        held = []
        searched = self.matrix(
            destinations, origins, limit=limit, reverse=not reverse, progress=progress.part(0.0, 0.8)
        )
        for block in searched:
            ranks = rank[block.destinations]
            ascending = np.argsort(ranks)
            held.append((block.origins, ranks[ascending], block.cost[:, ascending]))
        for start in range(0, len(order), _ORIGINS_A_BLOCK):
            end = min(start + _ORIGINS_A_BLOCK, len(order))
            yield _assembled(order[start:end], start, end, held)
            progress.advance(0.8 + 0.2 * end / len(order))

    # -- the nearest --------------------------------------------------------------------------------------------------

    def _one_nearest(self, demand: PreparedPoints, groups: list[PreparedPoints], wanted: _Wanted) -> Iterator[Nearest]:
        """The nearest of each group, all searched together; of services that cost the same, the first."""
        departing = wanted.direction == "departure"
        seeds = [VirtualSources(*(each.arcs.into() if departing else each.arcs.out())) for each in groups]
        first, last, to_first, to_last = demand.arcs.out() if departing else demand.arcs.into()
        at_node, which = search_nearest(self._graph(reverse=departing), seeds, wanted.limit)
        costs, by_last = at_node.take(first, axis=0), at_node.take(last, axis=0)
        costs += to_first[:, None]
        by_last += to_last[:, None]
        indices, named = which.take(first, axis=0), which.take(last, axis=0)
        nearer = (by_last < costs) | ((by_last == costs) & (named < indices))
        np.copyto(costs, by_last, where=nearer)
        np.copyto(indices, named, where=nearer)
        for services, cost, index in zip(groups, costs.T, indices.T):
            who, direct, service = self._nearest_on_chains(demand, services, departing)
            better = (direct < cost[who]) | ((direct == cost[who]) & (service < index[who]))
            cost[who[better]], index[who[better]] = direct[better], service[better]
            near = within(cost, wanted.limit) & np.isfinite(cost)
            yield Nearest(np.where(near, index, -1)[:, None], np.where(near, cost, np.nan)[:, None])

    def _nearest_on_chains(
        self, demand: PreparedPoints, services: PreparedPoints, departing: bool
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The places of demand that share a chain with services, the cost to the nearest of these, and which it is."""
        pairs = self._pairs(services.arcs.chain, demand)
        direct = self._direct(services.arcs, demand.arcs, pairs, reverse=departing)
        best = np.lexsort((pairs.left, direct, pairs.right))
        best = best[np.unique(pairs.right[best], return_index=True)[1]]
        return pairs.right[best], direct[best], pairs.left[best]

    def _several_nearest(
        self, demand: PreparedPoints, services: PreparedPoints, wanted: _Wanted, progress: Progress
    ) -> Nearest:
        """Search every service as far as ``reach``; a demand point with ``k`` services within it is settled."""
        index = np.full((demand.count, wanted.k), -1, np.int32)
        cost = np.full((demand.count, wanted.k), np.nan)
        open_ = np.arange(demand.count)
        closest = next(self._one_nearest(demand, [services], wanted)).cost[:, 0]
        open_ = open_[np.isfinite(closest)]
        reach = 2.0 * float(np.median(closest[open_])) if len(open_) else 0.0
        for widening in range(_WIDENINGS + 1):
            if len(open_) == 0:
                break
            few = len(open_) < services.count
            last = few or widening == _WIDENINGS or not 0 < reach < wanted.limit
            some = self.prepare(demand.snapped.take(open_))
            now = wanted if last else wanted._replace(limit=reach)
            index[open_], cost[open_] = self._best(some, services, now, few, progress)
            if last:
                break
            open_ = open_[index[open_, -1] < 0]
            reach *= 2.0
        return Nearest(index, cost)

    def _best(
        self, demand: PreparedPoints, services: PreparedPoints, wanted: _Wanted, from_demand: bool, progress: Progress
    ) -> tuple[np.ndarray, np.ndarray]:
        """The ``k`` best services of each demand point, by searches from one side."""
        direction, k, limit = wanted
        departing = direction == "departure"
        best = np.full((demand.count, k), np.inf)
        index = np.full((demand.count, k), -1, np.int32)
        left, right = (demand, services) if from_demand else (services, demand)
        order = np.argsort(left.snapped.link, kind="stable")
        for start in range(0, len(order), _GROUP):
            group = order[start : start + _GROUP]
            block = self._block(group, left.arcs.take(group), right, limit, departing != from_demand, progress)
            rows, cost, who = (
                (block.origins, block.cost, block.destinations)
                if from_demand
                else (block.destinations, block.cost.T, block.origins)
            )
            _keep_best(best, index, rows, cost, who)
        reached = np.isfinite(best)
        return np.where(reached, index, -1), np.where(reached, best, np.nan)

    # -- what is kept with the network --------------------------------------------------------------------------------

    def _graph(self, reverse: bool) -> SearchGraph:
        """The contracted graph by the arcs that leave each node, or with ``reverse`` by those that reach it."""
        key = ("graph", self.metric, reverse)
        if key not in self.network.derived:
            graph = self._graph(False).turned() if reverse else SearchGraph.of(self.network.contraction, self.metric)
            self.network.derived[key] = graph
        return self.network.derived[key]

    def _snapper(self) -> Snapper:
        if "snapper" not in self.network.derived:
            self.network.derived["snapper"] = Snapper(self.network)
        return self.network.derived["snapper"]

    def _link_of_nodes(self) -> np.ndarray:
        if "link_of_nodes" not in self.network.derived:
            link = np.full(self.network.node_count, -1, np.int32)
            numbers = np.arange(self.network.link_count, dtype=np.int32)
            link[self.network.link_to] = numbers
            link[self.network.link_from] = numbers
            self.network.derived["link_of_nodes"] = link
        return self.network.derived["link_of_nodes"]


def _lines(reached: np.ndarray, arrive: Arrive, bound: float) -> np.ndarray:
    """(S, d) f4 costs of d places by two columns each of ``reached`` (S, n + 1), inf beyond ``bound``."""
    first, last, from_first, from_last = arrive
    cost = np.empty((len(reached), len(first)), np.float32)
    if loops():
        loops().lines(reached, arrive, bound, cost)
        return cost
    line, by_last = np.empty(len(first)), np.empty(len(first))
    for row, found in enumerate(reached):
        found.take(first, out=line, mode="clip")
        found.take(last, out=by_last, mode="clip")
        line += from_first
        by_last += from_last
        np.minimum(line, by_last, out=line)
        np.copyto(line, np.inf, where=line > bound)
        cost[row] = line
    return cost


def _assembled(
    origins: np.ndarray, start: int, end: int, held: list[tuple[np.ndarray, np.ndarray, np.ndarray]]
) -> Block:
    """The block of the origins whose rank is in ``start … end``, out of blocks by destinations."""
    pieces = []
    for destinations, ranks, cost in held:
        low, high = np.searchsorted(ranks, (start, end))
        piece = cost[:, low:high]
        some = np.isfinite(piece).any(axis=1)
        if some.any():
            pieces.append((destinations[some], ranks[low:high] - start, piece[some]))
    reached = np.sort(np.concatenate([piece[0] for piece in pieces])) if pieces else np.empty(0, np.int32)
    block = np.full((len(origins), len(reached)), np.inf, np.float32)
    for destinations, ranks, cost in pieces:
        block[ranks[:, None], np.searchsorted(reached, destinations)[None, :]] = cost.T
    return Block(origins.astype(np.int32), reached.astype(np.int32), block)


def _keep_best(best: np.ndarray, index: np.ndarray, rows: np.ndarray, cost: np.ndarray, who: np.ndarray) -> None:
    """Merge ``cost`` (rows × who) into the k best of each row, in place."""
    k = best.shape[1]
    few = min(k, cost.shape[1])
    chosen = np.argpartition(cost, few - 1, axis=1)[:, :few] if few < cost.shape[1] else np.arange(few)[None, :]
    chosen = np.broadcast_to(chosen, (len(rows), few))
    costs = np.concatenate((best[rows], np.take_along_axis(cost, chosen, 1).astype(float)), axis=1)
    names = np.concatenate((index[rows], who[chosen].astype(np.int32)), axis=1)
    order = np.argsort(costs, axis=1, kind="stable")[:, :k]
    best[rows] = np.take_along_axis(costs, order, 1)
    index[rows] = np.take_along_axis(names, order, 1)
