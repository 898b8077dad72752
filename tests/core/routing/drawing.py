"""Small networks for tests, drawn by hand or at random."""

from __future__ import annotations

import numpy as np
from carto_services_publics.core.network import BuildOptions, build_network, open_network
from carto_services_publics.core.network.lines import RoadLines
from carto_services_publics.core.routing.local import SnappedPoints

MAPPED = BuildOptions(
    preset="generic", cost_field="minutes", direction_field="way", value_forward="F", value_backward="B"
)


def draw(path, lines, minutes, way=None, options=MAPPED):
    """The network of these lines: vertices in metres, minutes each, F, B or both ways."""
    fields = {"minutes": [float(m) for m in minutes], "way": list(way or [None] * len(lines))}
    build_network(RoadLines.of(lines, fields), options, path)
    return open_network(path)


def random_network(path, seed):
    """A network with chains, dead ends, rings, one-ways, parallel links, self-loops and links that cost nothing."""
    rng = np.random.default_rng(seed)
    nodes = int(rng.integers(2, 30))
    xy = np.round(rng.permutation(10_000)[:nodes, None] // np.array([1, 100]) % 100 * 10.0 + 6_000_000, 1)
    links = int(rng.integers(nodes - 1, 2 * nodes))
    style = rng.integers(0, 3)
    lines, minutes, way = [], [], []
    for i in range(links):
        if i < nodes - 1:  # a tree, or one long path, so that much is joined
            a, b = (i, i + 1) if style == 0 else (int(rng.integers(0, i + 1)), i + 1)
        else:
            a, b = int(rng.integers(0, nodes)), int(rng.integers(0, nodes))
        bend = (xy[a] + xy[b]) / 2 + rng.uniform(0.1, 40, 2)  # of its own, so that no other line shares it
        other = bend + rng.uniform(0.1, 40, 2)
        lines.append([xy[a], bend, other, xy[b]])
        minutes.append(0.0 if rng.random() < 0.15 else float(np.round(rng.uniform(0.1, 9.0), 3)))
        way.append(rng.choice([None, None, None, "F", "B"]) if style else rng.choice([None, "F"], p=[0.9, 0.1]))
    return draw(path, lines, minutes, way)


def random_places(network, count, seed):
    """Snapped points anywhere on the network, some of them exactly at nodes, one nowhere."""
    rng = np.random.default_rng(seed)
    link = rng.integers(0, network.link_count, count).astype(np.int32)
    fraction = np.where(rng.random(count) < 0.3, rng.integers(0, 2, count), rng.random(count)).astype(float)
    fraction[rng.random(count) < 0.2] = 0.5  # several at one spot
    link[0] = -1
    return SnappedPoints(link, fraction, np.zeros(count), np.zeros((count, 2)))
