"""What the engine must equal: a textbook Dijkstra on every link, with places as nodes. Slow and obvious."""

from __future__ import annotations

import heapq

import numpy as np


def link_costs(network, metric):
    forward, backward = np.array(network.minutes_forward), np.array(network.minutes_backward)
    if metric == "distance":
        length = np.array(network.length)
        return np.where(np.isinf(forward), np.inf, length), np.where(np.isinf(backward), np.inf, length)
    return forward, backward


def plain_costs(network, origins, destinations, metric="time"):
    """(n, m) costs from each origin to each destination; inf where there is no way."""
    forward, backward = link_costs(network, metric)
    points = {}
    for kind, places in (("o", origins), ("d", destinations)):
        for i in range(places.count):
            if places.link[i] >= 0:
                points.setdefault(int(places.link[i]), []).append((float(places.fraction[i]), (kind, i)))
    arcs = {}
    for link in range(network.link_count):
        tail, head = ("n", int(network.link_from[link])), ("n", int(network.link_to[link]))
        stops = [(0.0, tail), *sorted(points.get(link, []), key=lambda p: p[0]), (1.0, head)]
        for (f, a), (g, b) in zip(stops[:-1], stops[1:]):
            if g == f:
                if {a[0], b[0]} != {"n"}:  # at the same spot: no cost, whatever the direction
                    arcs.setdefault(a, []).append((b, 0.0))
                    arcs.setdefault(b, []).append((a, 0.0))
                continue
            if np.isfinite(forward[link]):
                arcs.setdefault(a, []).append((b, (g - f) * forward[link]))
            if np.isfinite(backward[link]):
                arcs.setdefault(b, []).append((a, (g - f) * backward[link]))
    result = np.full((origins.count, destinations.count), np.inf)
    for i in range(origins.count):
        if origins.link[i] < 0:
            continue
        best = {("o", i): 0.0}
        heap = [(0.0, ("o", i))]
        while heap:
            cost, node = heapq.heappop(heap)
            if cost > best[node]:
                continue
            if node[0] == "d":
                result[i, node[1]] = cost
            for other, step in arcs.get(node, []):
                if cost + step < best.get(other, np.inf):
                    best[other] = cost + step
                    heapq.heappush(heap, (cost + step, other))
    return result


def whole(blocks, n, m):
    """The dense (n, m) matrix of blocks, checking that every origin comes once and destinations ascend."""
    cost = np.full((n, m), np.inf)
    seen = []
    for block in blocks:
        assert (np.diff(block.destinations) > 0).all()
        assert block.cost.shape == (len(block.origins), len(block.destinations))
        cost[np.ix_(block.origins, block.destinations)] = block.cost
        seen.extend(block.origins.tolist())
    assert sorted(seen) == list(range(n))
    return cost
