"""What a change of sites does, said while the user drags: only the category that changed is searched again."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..network import Network
from ..progress import Progress
from ..routing.local import Router
from .scenarios import Summary, compare, summarise


class Effect(NamedTuple):
    """What a change does to the people computed; how many of the sites are too far from the network to serve anyone;
    and how many people could not be computed.
    """

    people: Summary
    off_network: int
    not_computed: float


class People(NamedTuple):
    """Where people are, (n, 2) in the network's CRS, how many (n,), and how far from the network at most, in metres."""

    xy: np.ndarray
    weight: np.ndarray
    snap_distance: float


class SiteChange(NamedTuple):
    """The sites of a category as they are today and as they would be, each (m, 2) in the network's CRS."""

    category: str
    today: np.ndarray
    then: np.ndarray
    thresholds: tuple[float, ...] = ()


def answer(network: Network, question: SiteChange | None, people: People) -> Effect | None:
    """What a change does, in a process that follows these people; without a question it gets ready."""
    known, live = network.derived.get("live effect", (None, None))
    if known is not people:
        live = LiveEffect(Router(network), people.xy, people.weight, snap_distance=people.snap_distance)
        network.derived["live effect"] = people, live
    return None if question is None else live.of(question)


class LiveEffect:
    """Demand put on the network once; then one search a change, and one for each category's sites as they are today.

    ``demand_xy`` (n, 2) and the sites are in the network's CRS; positions that are NaN, weights that are NaN or
    negative and what lies farther than ``snap_distance`` metres from the network do not count.
    """

    def __init__(
        self,
        router: Router,
        demand_xy: np.ndarray,
        weight: np.ndarray,
        *,
        direction: str = "departure",
        snap_distance: float = np.inf,
        progress: Progress = Progress(),
    ) -> None:
        self._router, self._direction, self._snap_distance = router, direction, snap_distance
        weighed = np.isfinite(weight) & (weight >= 0)
        usable = np.isfinite(demand_xy).all(axis=1) & weighed
        places = router.snap(demand_xy[usable], snap_distance, progress)
        placed = places.link >= 0
        self._demand = router.prepare(places.take(placed))
        self.weight = weight[usable][placed]
        self.not_computed = float(weight[weighed & ~usable].sum() + weight[usable][~placed].sum())
        self._today: dict[str, np.ndarray] = {}

    def of(self, question: SiteChange) -> Effect:
        """What it does that the sites of a category are others; those of today are searched the first time."""
        if question.category not in self._today:
            self._today[question.category] = self._costs(question.today)[0]
        costs, off_network = self._costs(question.then)
        found = compare(self._today[question.category], costs)
        people = summarise(found, self.weight, question.thresholds, np.ones(len(self.weight), bool))
        return Effect(people, off_network, self.not_computed)

    def _costs(self, sites_xy: np.ndarray) -> tuple[np.ndarray, int]:
        """(n,) cost to the nearest site, NaN where there is none; the number of sites that could not be placed."""
        sites = self._router.snap(sites_xy[np.isfinite(sites_xy).all(axis=1)], self._snap_distance)
        sites = sites.take(sites.link >= 0)
        off_network = len(sites_xy) - sites.count
        if not sites.count:
            return np.full(len(self.weight), np.nan), off_network
        return self._router.nearest(self._demand, sites, direction=self._direction).cost[:, 0], off_network
