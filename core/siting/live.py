"""What a change of sites does, said while the user drags: only the category that changed is searched again."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..network import Network, open_network
from ..progress import Progress
from ..routing.local import Router
from .scenarios import (
    GETS_ACCESS,
    LOSES_ACCESS,
    Comparison,
    Summary,
    ZoneChanges,
    compare,
    summarise,
    summarise_zones,
)


class Effect(NamedTuple):
    """What a change does to the people computed; how many of the sites are too far from the network to serve anyone;
    how many people could not be computed; what changes where each of the people given are, and in each zone.

    ``change`` (n,) is the cost after − the cost before: −∞ for those who get access, ∞ for those who lose it, NaN for
    those not computed, or without access before and after. The last row of ``zones`` is what lies in none.
    """

    people: Summary
    off_network: int
    not_computed: float
    change: np.ndarray
    zones: ZoneChanges

    def matters(self) -> bool:
        """Whether anybody's journey changes, or a site serves nobody."""
        people = self.people
        counts = (people.gaining, people.losing, people.getting_access, people.losing_access, self.off_network)
        return any(count > 0 for count in counts)


class People(NamedTuple):
    """Where people are, (n, 2) in the network's CRS, how many (n,), and how far from the network at most, in metres.

    ``zone`` (n,) is the row of the zone each lives in, of ``zones`` zones, -1 where in none.
    """

    xy: np.ndarray
    weight: np.ndarray
    snap_distance: float
    zone: np.ndarray | None = None
    zones: int = 0


class SiteChange(NamedTuple):
    """The sites of a category as they are today and as they would be, each (m, 2) in the network's CRS.

    ``roads``: the file of the network as it would be (`core.network.change`); empty where it stays as it is.
    """

    category: str
    today: np.ndarray
    then: np.ndarray
    thresholds: tuple[float, ...] = ()
    roads: str = ""


def answer(network: Network, question: SiteChange | None, people: People) -> Effect | None:
    """What a change does, in a process that follows these people; without a question it gets ready."""
    known, live = network.derived.get("live effect", (None, None))
    if known is not people:
        live = LiveEffect(Router(network), people)
        network.derived["live effect"] = people, live
    return None if question is None else live.of(question, _on(question.roads, network, people))


def _on(roads: str, network: Network, people: People) -> LiveEffect | None:
    """The same people on roads that changed; those of the last question are kept open."""
    if not roads:
        return None
    known, followed, then = network.derived.get("live roads", ("", None, None))
    if known != roads or followed is not people:
        then = LiveEffect(Router(open_network(roads)), people)
        network.derived["live roads"] = roads, people, then
    return then


class LiveEffect:
    """Demand put on the network once; then one search a change, and one for each category's sites as they are today.

    Positions that are NaN, weights that are NaN or negative and what lies too far from the network do not count.
    """

    def __init__(
        self, router: Router, people: People, *, direction: str = "departure", progress: Progress = Progress()
    ) -> None:
        self._router, self._direction, self._snap_distance = router, direction, people.snap_distance
        weighed = np.isfinite(people.weight) & (people.weight >= 0)
        usable = np.flatnonzero(np.isfinite(people.xy).all(axis=1) & weighed)
        places = router.snap(people.xy[usable], people.snap_distance, progress)
        placed = places.link >= 0
        self._demand = router.prepare(places.take(placed))
        self._row, self._given = usable[placed], len(people.weight)
        self.weight = people.weight[self._row]
        zone = np.full(self._given, -1) if people.zone is None else people.zone
        self._zone, self._zones = np.where(zone < 0, people.zones, zone)[self._row], people.zones + 1
        self.not_computed = float(people.weight[weighed].sum() - self.weight.sum())
        self._today: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        """By category, the sites of today and what they cost."""

    def of(self, question: SiteChange, on: LiveEffect | None = None) -> Effect:
        """What it does that the sites of a category are others; those of today are searched once while they stay.

        ``on``: the same people on the roads as they would be. Who was placed and has no road there any more loses all
        access.
        """
        today, before = self._today.get(question.category, (None, None))
        if today is None or before is None or not np.array_equal(today, question.today, equal_nan=True):
            before = self._costs(question.today)[0]
            self._today[question.category] = question.today, before
        costs, off_network = (on or self)._costs(question.then)
        if on is not None:
            given = np.full(self._given, np.nan)
            given[on._row] = costs
            costs = given[self._row]
        found = compare(before, costs)
        people = summarise(found, self.weight, question.thresholds, np.ones(len(self.weight), bool))
        zones = summarise_zones(found, self.weight, self._zone, self._zones)
        change = np.full(self._given, np.nan)
        change[self._row] = _signed(found)
        return Effect(people, off_network, self.not_computed, change, zones)

    def _costs(self, sites_xy: np.ndarray) -> tuple[np.ndarray, int]:
        """(n,) cost to the nearest site, NaN where there is none; the number of sites that could not be placed."""
        sites = self._router.snap(sites_xy[np.isfinite(sites_xy).all(axis=1)], self._snap_distance)
        sites = sites.take(sites.link >= 0)
        off_network = len(sites_xy) - sites.count
        if not sites.count:
            return np.full(len(self.weight), np.nan), off_network
        return self._router.nearest(self._demand, sites, direction=self._direction).cost[:, 0], off_network


def _signed(found: Comparison) -> np.ndarray:
    """(n,) the change, infinite where access is gained (−) or lost (+)."""
    change = np.where(found.effect == GETS_ACCESS, -np.inf, found.change)
    return np.where(found.effect == LOSES_ACCESS, np.inf, change)
