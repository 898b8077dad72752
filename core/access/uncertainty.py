"""Between how many and how many people are beyond a threshold, when the threshold, hours and positions are doubtful.

At best, the threshold is larger by a share, places of unknown hours are open, and each place whose position is known
to the commune only is where in it most people gain. At worst, the threshold is smaller by the same share, places of
unknown hours are closed and vague places are left out. What is in between is between the two figures.

Where one vague place serves most is found link by link of its commune: a place on a link serves nobody farther than
both ends, but for those who live on that link. Of several, the bound is the sum of what each may add, or all that they
may add wherever they are, if that is less.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy import sparse
from shapely.geometry.base import BaseGeometry

from ..network import Network
from ..routing.local import Router
from ..routing.snapped_points import SnappedPoints
from ..routing.snapping import AT_JUNCTION, ISLAND_APART
from ..thresholds import within
from .costs import Costs
from .travel import Travel
from .zones import zone_of_points

MOST_NODES = 400
"""Of the communes of a category's vague places: with more, where each serves most is not sought one by one."""
MOST_COSTS = 40_000_000
SAMPLES_A_SIDE = 40
"""Points of a grid over a commune, from whose nearest roads those of any place in it are bounded."""
_AT_ONCE = 2_000_000
_BEYOND_NOISE = 1 + 1e-6
_ROUNDER = 1.05
"""A buffer is a polygon inside the true one."""
_BOXES = "access.link_boxes"


class Doubts(NamedTuple):
    """The places that count or may count (p).

    Attributes:
        places: where they are on the network.
        category: (p,) number of each one's category.
        unknown: (p,) bool: nobody knows whether it is open.
        areas: what is known of the position of each vague place, by its number, in the network's CRS.
        lost: the category and area of each vague place that is nowhere on the network as it is recorded.
    """

    places: SnappedPoints
    category: np.ndarray
    unknown: np.ndarray
    areas: Mapping[int, BaseGeometry]
    lost: Sequence[tuple[int, BaseGeometry]] = ()

    @property
    def vague(self) -> np.ndarray:
        """(p,) bool."""
        return np.isin(np.arange(len(self.category)), list(self.areas))


class Extremes(NamedTuple):
    """Costs from the demand (n) to one category; NaN where nothing is reached.

    Attributes:
        best: (n,) to the nearest place that is or may be open and whose position is known.
        worst: (n,) to the nearest place that is open for certain and whose position is known.
        anywhere: (n,) at least to the nearest vague place, wherever it is.
        spots: for each vague place, (n, l) at least to it if it is on each of l links; none where that is not sought.
    """

    best: np.ndarray
    worst: np.ndarray
    anywhere: np.ndarray
    spots: list[np.ndarray]


class Interval(NamedTuple):
    """Fewest and most people (z, t) beyond each threshold, by zone."""

    least: np.ndarray
    most: np.ndarray


def extremes(
    travel: Travel,
    router: Router,
    demand: SnappedPoints,
    doubts: Doubts,
    base: Iterable[tuple[np.ndarray, np.ndarray]],
    limit: float,
    *,
    direction: str = "departure",
) -> Iterator[Extremes]:
    """For each category, in order, as ``base`` comes: its places that were searched, and the costs (n,) found.

    ``limit``: the largest threshold at best; farther vague places do not matter.
    """
    links = {number: links_in(router, area, doubts.places.link[number]) for number, area in doubts.areas.items()}
    nowhere = [(category, links_in(router, area, -1)) for category, area in doubts.lost]
    for category, (members, cost) in enumerate(base):
        mine = doubts.category == category

        def nearest(chosen: np.ndarray, members: np.ndarray = members, cost: np.ndarray = cost) -> np.ndarray:
            numbers = np.flatnonzero(chosen)
            if np.array_equal(numbers, np.sort(members)):
                return cost
            return next(travel.nearest(demand, doubts.places, [numbers], direction=direction)).cost[:, 0]

        sure = mine & ~doubts.vague
        own = [links[number] for number in np.flatnonzero(mine & doubts.vague)]
        own += [ways for of, ways in nowhere if of == category]
        anywhere, spots = _wherever(travel, router, demand, own, limit * _BEYOND_NOISE, direction)
        yield Extremes(nearest(sure), nearest(sure & ~doubts.unknown), anywhere, spots)


def interval(
    found: Extremes, zone: np.ndarray, weight: np.ndarray, thresholds: tuple[float, ...], share: float, zones: int
) -> Interval:
    """People beyond each threshold at best and at worst, the threshold moved by ± ``share`` (0 to 1).

    ``zone`` (n,) in 0 … zones - 1; ``weight`` (n,), exact (`exact_weights`), of people who could be computed. The
    vague places are where they count most for each zone: put all in one zone for the figure of all.
    """

    def people(chosen: np.ndarray) -> np.ndarray:
        return np.bincount(zone[chosen], weights=weight[chosen], minlength=zones)

    least, most = [], []
    some_vague = bool(np.isfinite(found.anywhere).any())
    for threshold in thresholds:
        wide = threshold * (1 + share)
        beyond = ~within(found.best, wide)
        reach = people(beyond & within(found.anywhere, wide)) if some_vague else 0.0
        if found.spots:
            reach = np.minimum(reach, sum(_most_added(spot, beyond, wide, zone, weight, zones) for spot in found.spots))
        least.append(people(beyond) - reach)
        most.append(people(~within(found.worst, threshold * (1 - share))))
    return Interval(np.column_stack(least), np.column_stack(most))


def _most_added(
    spot: np.ndarray, beyond: np.ndarray, limit: float, zone: np.ndarray, weight: np.ndarray, zones: int
) -> np.ndarray:
    """(z,) people that one vague place brings within the limit, where it brings most of each zone."""
    rows = np.flatnonzero(beyond)
    near = sparse.csr_matrix(within(spot[rows], limit), dtype=float)
    by_zone = sparse.csr_matrix((weight[rows], (np.arange(len(rows)), zone[rows])), shape=(len(rows), zones))
    return np.asarray((near.T @ by_zone).todense()).max(axis=0)


def _wherever(
    travel: Travel, router: Router, demand: SnappedPoints, links: list[np.ndarray], limit: float, direction: str
) -> tuple[np.ndarray, list[np.ndarray]]:
    """`Extremes.anywhere` and `Extremes.spots` of vague places that are on one of these links each."""
    if not any(len(own) for own in links):
        return np.full(demand.count, np.nan), []
    network = router.network
    every = np.unique(np.concatenate(links))
    nodes, end = np.unique(
        np.concatenate((np.asarray(network.link_from)[every], np.asarray(network.link_to)[every])), return_inverse=True
    )
    ends = end.reshape(2, -1)
    places = router.points_at_nodes(nodes)
    if len(nodes) > MOST_NODES or len(nodes) * demand.count > MOST_COSTS:
        found = travel.nearest(demand, places, [np.arange(len(nodes))], direction=direction, limit=limit)
        anywhere = next(found).cost[:, 0].copy()
        anywhere[np.isin(demand.link, every)] = 0.0
        return anywhere, []
    cost = np.full((demand.count, len(nodes)), np.inf, dtype=np.float32)
    for block in travel.blocks(demand, places, limit, direction=direction):
        cost[np.ix_(block.origins, block.destinations)] = _dense(block.cost)
    by_link = np.minimum(cost[:, ends[0]], cost[:, ends[1]])
    row = np.flatnonzero(np.isin(demand.link, every))
    by_link[row, np.searchsorted(every, demand.link[row])] = 0.0
    return by_link.min(axis=1), [by_link[:, np.searchsorted(every, own)] for own in links]


def _dense(cost: Costs) -> np.ndarray:
    if isinstance(cost, np.ndarray):
        return cost
    full = np.full(cost.shape, np.inf)
    table = cost.tocoo()
    full[table.row, table.col] = table.data
    return full


def links_in(router: Router, area: BaseGeometry, recorded: int) -> np.ndarray:
    """Links on which a place of the ``area`` may be put, that where it is ``recorded`` among them, in growing order.

    None is missed: a place is within half a diagonal of a point of a grid, so its own road is no farther from that
    point than the point's road is and a whole diagonal, plus what an island's road must be nearer than another. Links
    go by their bounding boxes, so that some are too many.
    """
    network = router.network
    west, south, east, north = area.bounds
    axes = np.linspace(west, east, SAMPLES_A_SIDE), np.linspace(south, north, SAMPLES_A_SIDE)
    half = max(float(np.hypot(*(axis[1] - axis[0] for axis in axes))) / 2, AT_JUNCTION)
    grid = np.column_stack([axis.ravel() for axis in np.meshgrid(*axes)])
    samples = grid[zone_of_points(grid, [area.buffer(half * _ROUNDER)]) == 0]
    reach = router.snap(samples).distance + 2 * half * _BEYOND_NOISE + ISLAND_APART + AT_JUNCTION
    samples, reach = samples[np.isfinite(reach)], reach[np.isfinite(reach)]
    found = [np.array([recorded], np.int64)]
    if len(samples):
        low, high = _boxes(network)
        corners = (samples - reach[:, None]).min(axis=0), (samples + reach[:, None]).max(axis=0)
        near = np.flatnonzero((low <= corners[1]).all(axis=1) & (high >= corners[0]).all(axis=1) & network.link_stop)
        for block in np.array_split(near, max(1, len(near) * len(samples) // _AT_ONCE)):
            apart = np.maximum(low[block, None] - samples, samples - high[block, None]).clip(0.0)
            found.append(block[(np.hypot(apart[..., 0], apart[..., 1]) <= reach).any(axis=1)])
    links = np.unique(np.concatenate(found))
    return links[links >= 0]


def _boxes(network: Network) -> tuple[np.ndarray, np.ndarray]:
    """South-west and north-east corners (M, 2) of all links, found once for a network."""
    if _BOXES not in network.derived:
        vertices, first = np.asarray(network.vertices), np.asarray(network.vertex_offset)[:-1]
        network.derived[_BOXES] = tuple(edge.reduceat(vertices, first, axis=0) for edge in (np.minimum, np.maximum))
    return network.derived[_BOXES]
