"""Where the links of a network are, for a few questions: boxes of blocks of links, then of the links of the blocks met.

Links follow their lower node and nodes are in Morton order, so that the links of a block are neighbours.
"""

from __future__ import annotations

import numpy as np
from shapely.geometry import LineString, Point

from ..ragged import ranges
from .network import Network

_BLOCK = 64
"""Links in a block."""

Bounds = tuple[float, float, float, float]
"""West, south, east, north."""


class LinkBoxes:
    """The boxes of the links of a network, and of links added to them."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._low, self._high = _boxes(network.vertices, np.asarray(network.vertex_offset)[:-1:_BLOCK])
        self._new: list[np.ndarray] = []

    def add(self, line: np.ndarray) -> None:
        """One more link."""
        self._new.append(np.array((line.min(axis=0), line.max(axis=0))))

    def near(self, bounds: Bounds, margin: float) -> np.ndarray:
        """The links whose box meets ``bounds`` widened by ``margin`` metres, ascending."""
        low, high = np.array(bounds[:2]) - margin, np.array(bounds[2:]) + margin
        first = np.flatnonzero(_meet(self._low, self._high, low, high)) * _BLOCK
        known = self._network.link_count
        links = ranges(first, np.minimum(first + _BLOCK, known) - first)
        if len(links):
            begin = self._network.vertex_offset[links]
            count = self._network.vertex_offset[links + 1] - begin
            vertices = self._network.vertices[ranges(begin, count)]
            links = links[_meet(*_boxes(vertices, np.cumsum(count) - count), low, high)]
        if not self._new:
            return links
        new = np.array(self._new)
        return np.concatenate((links, known + np.flatnonzero(_meet(new[:, 0], new[:, 1], low, high))))


def nearest_link(network: Network, x: float, y: float, within: float) -> float:
    """Metres from a place to the nearest link, infinite where none is ``within`` that many."""
    links, place = LinkBoxes(network).near((x, y, x, y), within), Point(x, y)
    return min((LineString(network.line(link)).distance(place) for link in links.tolist()), default=np.inf)


def _boxes(vertices: np.ndarray, start: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(n, 2) the lowest and (n, 2) the highest coordinates of runs of vertices."""
    return np.minimum.reduceat(vertices, start), np.maximum.reduceat(vertices, start)


def _meet(lows: np.ndarray, highs: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """(n,) which boxes meet one."""
    return ((lows <= high) & (highs >= low)).all(axis=1)
