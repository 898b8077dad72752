"""The embedded engine: exact costs on a network file, with numpy and scipy alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Union

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from ..errors import InvalidInput
from ..network import Network
from ..progress import Progress
from .places import Block, Nearest, Places
from .snapping import Snapper

METRICS = ("time", "distance")
_GROUP = 16


class Prepared(NamedTuple):
    """Places made ready for many searches (see `Router.prepare`)."""

    places: Places


class Router:
    """Costs between places of one network, in minutes (``time``) or metres (``distance``).

    A place is a point of a link; costs start and end there, along permitted directions. The distance between a point
    and its place is not counted.
    """

    def __init__(self, network: Network, metric: str = "time") -> None:
        if metric not in METRICS:
            raise InvalidInput("There is no metric « {name} ».", name=metric)
        self.network = network
        self.metric = metric
        if metric == "time":
            self._forward, self._backward = network.minutes_forward, network.minutes_backward
        else:
            self._forward = np.where(np.isfinite(network.minutes_forward), network.length, np.inf)
            self._backward = np.where(np.isfinite(network.minutes_backward), network.length, np.inf)

    def snap(self, xy: np.ndarray, max_distance: float = np.inf, progress: Progress | None = None) -> Places:
        """Put (n, 2) points, in the network's CRS, on the nearest link that people can both reach and leave."""
        snapper = self.network.derived.get("snapper")
        if snapper is None:
            links = np.flatnonzero(self.network.link_core)
            snapper = Snapper(np.asarray(self.network.vertices), np.asarray(self.network.vertex_offset), links)
            self.network.derived["snapper"] = snapper
        return snapper.snap(np.asarray(xy, float).reshape(-1, 2), max_distance, progress or Progress())

    def places_at_nodes(self, nodes: np.ndarray) -> Places:
        """Places at nodes: each at the end of one of its links."""
        network = self.network
        first = np.full(network.node_count, -1, np.int64)
        at_end = np.zeros(network.node_count, bool)
        numbers = np.arange(network.link_count)
        first[network.link_to[::-1]] = numbers[::-1]
        at_end[network.link_to] = True
        first[network.link_from[::-1]] = numbers[::-1]
        at_end[network.link_from] = False
        nodes = np.asarray(nodes)
        return Places(
            first[nodes].astype(np.int32),
            at_end[nodes].astype(float),
            np.zeros(len(nodes)),
            np.asarray(network.node_xy[nodes]),
        )

    def prepare(self, places: Places) -> Prepared:
        """Make ``places`` ready once, for use as origins or destinations of many calls."""
        return Prepared(places)

    def nearest(
        self,
        demand: Union[Places, Prepared],
        services: Union[Places, Prepared],
        *,
        direction: str = "departure",
        k: int = 1,
        limit: float = np.inf,
        progress: Progress | None = None,
    ) -> Nearest:
        """The ``k`` services of lowest cost for each demand place, within ``limit``.

        ``departure``: from the demand to the service; ``arrival``: from the service to the demand.
        """
        demand, services = _places(demand), _places(services)
        n, m = demand.count, services.count
        best = np.full((n, k), np.inf)
        index = np.full((n, k), -1, np.int32)
        if direction == "departure":
            blocks = self.matrix(services, demand, limit=limit, progress=progress, reverse=True)
        else:
            blocks = self.matrix(services, demand, limit=limit, progress=progress)
        del m
        for block in blocks:
            rows = block.destinations
            cost = np.concatenate((best[rows], block.cost.T.astype(float)), axis=1)
            who = np.concatenate((index[rows], np.broadcast_to(block.origins, (len(rows), len(block.origins)))), axis=1)
            order = np.lexsort((who, cost), axis=1)[:, :k]
            best[rows] = np.take_along_axis(cost, order, 1)
            index[rows] = np.take_along_axis(who, order, 1)
        reached = np.isfinite(best)
        return Nearest(np.where(reached, index, -1).astype(np.int32), np.where(reached, best, np.nan))

    def matrix(
        self,
        origins: Union[Places, Prepared],
        destinations: Union[Places, Prepared],
        *,
        limit: float = np.inf,
        progress: Progress | None = None,
        reverse: bool = False,
    ) -> Iterator[Block]:
        """Costs from each origin to each destination within ``limit``, a group of neighbouring origins at a time.

        With ``reverse``, costs are from the destinations to the origins. Every origin is in exactly one block.
        """
        origins, destinations = _places(origins), _places(destinations)
        progress = progress or Progress()
        forward, backward = (self._backward, self._forward) if reverse else (self._forward, self._backward)
        graph = self._graph(reverse)
        ends = (self.network.link_from, self.network.link_to)
        order = np.lexsort((origins.link,))
        for start in range(0, len(order), _GROUP):
            group = order[start : start + _GROUP]
            cost = self._costs(graph, ends, forward, backward, origins.take(group), destinations, limit)
            reached = np.flatnonzero(np.isfinite(cost).any(axis=0)).astype(np.int32)
            yield Block(group.astype(np.int32), reached, cost[:, reached].astype(np.float32))
            progress.advance(min(1.0, (start + _GROUP) / max(len(order), 1)))

    def _costs(self, graph, ends, forward, backward, origins, destinations, limit):
        tail, head = ends
        cost = np.full((origins.count, destinations.count), np.inf)
        for i in range(origins.count):
            link, f = origins.link[i], origins.fraction[i]
            if link < 0:
                continue
            rows = dijkstra(graph, indices=[tail[link], head[link]], limit=limit)
            leave = (_share(f, backward[link]), _share(1 - f, forward[link]))
            distance = np.minimum(rows[0] + leave[0], rows[1] + leave[1])
            on = np.flatnonzero(destinations.link >= 0)
            other, g = destinations.link[on], destinations.fraction[on]
            cost[i, on] = np.minimum(
                distance[tail[other]] + _share(g, forward[other]),
                distance[head[other]] + _share(1 - g, backward[other]),
            )
            same = on[other == link]
            h = destinations.fraction[same]
            direct = np.where(h >= f, _share(h - f, forward[link]), _share(f - h, backward[link]))
            cost[i, same] = np.minimum(cost[i, same], direct)
        cost[cost > limit * (1 + 1e-9)] = np.inf
        return cost

    def _graph(self, reverse: bool) -> csr_matrix:
        key = ("graph", self.metric, reverse)
        if key not in self.network.derived:
            tail, head = np.asarray(self.network.link_from), np.asarray(self.network.link_to)
            along, against = np.isfinite(self._forward), np.isfinite(self._backward)
            row = np.concatenate((tail[along], head[against]))
            column = np.concatenate((head[along], tail[against]))
            weight = np.concatenate((self._forward[along], self._backward[against]))
            if reverse:
                row, column = column, row
            self.network.derived[key] = _smallest_arcs(self.network.node_count, row, column, weight)
        return self.network.derived[key]


def _share(part: np.ndarray, cost: np.ndarray) -> np.ndarray:
    """A part (0…1) of the cost of a link; none of a forbidden link costs nothing."""
    part, cost = np.broadcast_arrays(np.asarray(part, float), np.asarray(cost, float))
    return np.where(part == 0, 0.0, np.where(np.isinf(cost), np.inf, part * np.where(np.isinf(cost), 0.0, cost)))


def _smallest_arcs(nodes: int, row: np.ndarray, column: np.ndarray, weight: np.ndarray) -> csr_matrix:
    """A graph with one arc a pair: scipy would add parallel arcs up."""
    order = np.lexsort((weight, column, row))
    row, column, weight = row[order], column[order], weight[order]
    first = np.concatenate(([True], (row[1:] != row[:-1]) | (column[1:] != column[:-1]))) & (row != column)
    row, column, weight = row[first], column[first], weight[first]
    start = np.concatenate(([0], np.cumsum(np.bincount(row, minlength=nodes)))).astype(np.int32)
    return csr_matrix((weight, column.astype(np.int32), start), shape=(nodes, nodes))


def _places(places: Union[Places, Prepared]) -> Places:
    return places.places if isinstance(places, Prepared) else places
