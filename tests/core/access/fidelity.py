"""How well a polygon says what is reached: junctions and points every 50 m along links, against their exact costs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from carto_services_publics.core.network import BuildOptions
from carto_services_publics.core.routing.local import SnappedPoints
from matplotlib.path import Path as Outline
from shapely import wkb


def options_for(roads: str, profile: str) -> BuildOptions:
    """How to read a layer of the real data: Corse has a line a direction, and speeds along its straight lines."""
    if not roads.startswith("corse"):
        return BuildOptions(profile=profile)
    return BuildOptions("generic", profile, "speed_chord_kmh", direction_field="sens", value_forward="direct")


class Fidelity(NamedTuple):
    """Points whose cost is at most twice the cutoff: how many, how many of them within it are left out, and so on."""

    points: int
    left_out: int
    wrongly_in: int

    @property
    def share(self) -> float:
        """Part of the points that lie inside if and only if their cost is within the cutoff."""
        return 1 - (self.left_out + self.wrongly_in) / self.points

    def __add__(self, other: Fidelity) -> Fidelity:
        return Fidelity(*(a + b for a, b in zip(self, other)))


NOTHING = Fidelity(0, 0, 0)


def points_of(network, spacing: float = 50.0) -> SnappedPoints:
    """Both ends of every link and points every ``spacing`` metres along its line."""
    vertices, offset = np.asarray(network.vertices), np.asarray(network.vertex_offset)
    step = np.hypot(*(vertices[1:] - vertices[:-1]).T)
    step[offset[1:-1] - 1] = 0
    walked = np.concatenate(([0.0], np.cumsum(step)))
    length = walked[offset[1:] - 1] - walked[offset[:-1]]
    count = np.ceil(length / spacing).astype(np.int64) + 1
    link = np.repeat(np.arange(len(length)), count)
    rank = np.arange(len(link)) - np.repeat(np.cumsum(count) - count, count)
    at = np.minimum(rank * spacing, length[link])
    place = walked[offset[link]] + at
    start = np.clip(np.searchsorted(walked, place, "right") - 1, offset[link], offset[link + 1] - 2)
    along = np.clip((place - walked[start]) / np.maximum(step[start], 1e-9), 0, 1)[:, None]
    xy = vertices[start] * (1 - along) + vertices[start + 1] * along
    return SnappedPoints(link.astype(np.int32), at / np.maximum(length[link], 1e-9), np.zeros(len(link)), xy)


def costs_of(router, origins: SnappedPoints, points: SnappedPoints, limit: float, reverse: bool = False) -> np.ndarray:
    """(origins, points) f4 exact costs, inf beyond ``limit``."""
    cost = np.full((origins.count, points.count), np.inf, np.float32)
    for block in router.matrix(origins, points, limit=limit, reverse=reverse):
        cost[np.ix_(block.origins, block.destinations)] = block.cost
    return cost


def compare(polygon: bytes | None, xy: np.ndarray, cost: np.ndarray, cutoff: float) -> Fidelity:
    """The fidelity of one polygon (WKB) to the costs (n,) of points (n, 2)."""
    near = cost <= 2 * cutoff
    within = cost[near] <= cutoff
    inside = contains(polygon, xy[near])
    return Fidelity(int(near.sum()), int((within & ~inside).sum()), int((inside & ~within).sum()))


def contains(polygon: bytes | None, xy: np.ndarray) -> np.ndarray:
    """(n,) whether points lie inside, one ring after the other: works with any version of shapely."""
    inside = np.zeros(len(xy), dtype=bool)
    for part in wkb.loads(polygon).geoms if polygon else ():
        west, south, east, north = part.bounds
        rows = np.flatnonzero((xy[:, 0] >= west) & (xy[:, 0] <= east) & (xy[:, 1] >= south) & (xy[:, 1] <= north))
        of_part = _in_ring(part.exterior, xy[rows])
        for hole in part.interiors:
            west, south, east, north = hole.bounds
            some = (xy[rows, 0] >= west) & (xy[rows, 0] <= east) & (xy[rows, 1] >= south) & (xy[rows, 1] <= north)
            of_part[some] &= ~_in_ring(hole, xy[rows[some]])
        inside[rows] |= of_part
    return inside


def _in_ring(ring, xy: np.ndarray) -> np.ndarray:
    return Outline(np.asarray(ring.coords)).contains_points(xy) if len(xy) else np.zeros(0, dtype=bool)
