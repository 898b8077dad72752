"""What the sites of a scenario change, asked of a worker that keeps roads and people open."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

import numpy as np
from qgis.core import QgsCoordinateReferenceSystem, QgsProcessingContext

from ..core.access.sentences import not_computed_sentence
from ..core.network import Network
from ..core.processes.pool import LongLivedWorker
from ..core.progress import Progress
from ..core.siting.changes import ServiceSite, place_changes, roads_changed
from ..core.siting.live import Effect, SiteChange
from ..i18n import counted, number, tr, translate_message
from ..processing.positions import transform_points
from ..processing.scenario_changes import Link, road_changes, rows_of, zone_names
from ..processing.styling.renderers import category_label
from .scenario_zones import Zones

SNAP_DISTANCE = 1000.0
"""Metres, as the algorithms' own default."""
Position = tuple[float, float]


class Site(NamedTuple):
    """A service as far as it changes journeys: what it is, where (in its layer's CRS), whether it counts."""

    category: str
    x: float
    y: float
    counts: bool
    identifier: str = ""
    name: str = ""
    hours: str = ""


class Displaced(NamedTuple):
    """Where places were that are elsewhere now, and where those are; where places were that are closed."""

    moved: list[tuple[Position, Position]]
    closed: list[Position]


Sites = tuple[np.ndarray, np.ndarray]
"""Positions (m, 2) of today, and now."""


class Following(NamedTuple):
    """What effects are worked out with: a threshold in minutes, the file of the changed roads (empty: as they are)."""

    threshold: float
    roads: str = ""


class LiveScenario(NamedTuple):
    """What stays open while a scenario is followed."""

    asked: LongLivedWorker
    services_crs: QgsCoordinateReferenceSystem
    network_crs: QgsCoordinateReferenceSystem
    context: QgsProcessingContext
    people: np.ndarray
    """(n, 2) where people are, in the roads' CRS."""
    zones: Zones
    network: Network

    def effect_of(self, category: str, sites: Sites, terms: Following, progress: Progress) -> Effect:
        """What it does that the sites of a category, (m, 2) in their layer's CRS, or the roads, are now others."""
        today, now = map(self._moved, sites)
        return self.asked.ask(SiteChange(category, today, now, (terms.threshold,), terms.roads), progress)

    def changes(self, today: dict[int, Site], now: dict[int, Site], links: list[Link]) -> list[list[Any]]:
        """The rows of what changes itself: places, and links of roads in the roads' CRS."""
        mine, its = (Counter(site._replace(counts=True) for site in sites.values()) for sites in (today, now))
        sides = [self._places(list((one - other).elements())) for one, other in ((mine, its), (its, mine))]
        where = zone_names(self.zones.names, self.zones.polygons)
        return rows_of(place_changes(*sides), roads_changed(road_changes(links, where)), where)

    def _places(self, sites: list[Site]) -> list[ServiceSite]:
        moved = self._moved(np.array([(site.x, site.y) for site in sites], float).reshape(-1, 2))
        return [
            ServiceSite(site.identifier, site.name, site.category, site.hours, *xy)
            for site, xy in zip(sites, moved.tolist())
        ]

    def _moved(self, xy: np.ndarray) -> np.ndarray:
        return transform_points(xy, self.services_crs, self.network_crs, self.context)


def changed_categories(today: dict[int, Site], now: dict[int, Site], every: bool = False) -> dict[str, Sites]:
    """The categories whose sites are not those of today (``every``: all of them), with both sets of positions."""
    sets = []
    for sites in (today, now):
        positions: dict[str, list[tuple[float, float]]] = {}
        for site in sites.values():
            if site.counts:
                positions.setdefault(site.category, []).append((site.x, site.y))
        sets.append({category: np.array(sorted(xy), float).reshape(-1, 2) for category, xy in positions.items()})
    nowhere = np.empty((0, 2))
    pairs = {
        category: (sets[0].get(category, nowhere), sets[1].get(category, nowhere))
        for category in sorted({*sets[0], *sets[1]})
    }
    return {category: pair for category, pair in pairs.items() if every or not np.array_equal(*pair, equal_nan=True)}


def displaced(today: dict[int, Site], now: dict[int, Site]) -> Displaced:
    """What became of the places of today: known by their identifiers, or by service and position where those fail."""
    named = Counter(site.identifier for site in now.values())
    by_name = {site.identifier: site for site in now.values() if site.identifier and named[site.identifier] == 1}
    left = Counter((site.category, site.x, site.y) for site in now.values() if site.identifier not in by_name)
    twice = Counter(site.identifier for site in today.values())
    found = Displaced([], [])
    for site in today.values():
        if np.isnan(site.x) or np.isnan(site.y):
            continue
        here, what = (site.x, site.y), (site.category, site.x, site.y)
        same = by_name.get(site.identifier) if twice[site.identifier] == 1 else None
        if same is not None:
            if (same.x, same.y) != here and not np.isnan(same.x):
                found.moved.append((here, (same.x, same.y)))
        elif left[what]:
            left[what] -= 1
        else:
            found.closed.append(here)
    return found


def effect_sentence(category: str, effect: Effect, threshold: float) -> str:
    """« La Poste: 1 240 inhabitants nearer, by 4.2 min on average; 310 farther, by 2.0 min on average. … »"""
    people, parts = effect.people, []
    if people.gaining:
        words = tr(
            "{count} inhabitant nearer, by {minutes} min on average"
            "|{count} inhabitants nearer, by {minutes} min on average"
        )
        parts.append(counted(words, people.gaining, minutes=number(people.saved / people.gaining, 1)))
    if people.losing:
        words = tr("{count} farther, by {minutes} min on average")
        parts.append(counted(words, people.losing, minutes=number(people.lost / people.losing, 1)))
    if people.getting_access:
        parts.append(counted(tr("{count} gets access|{count} get access"), people.getting_access))
    if people.losing_access:
        parts.append(counted(tr("{count} loses all access|{count} lose all access"), people.losing_access))
    sentence = tr("{service}: {changes}.").format(
        service=category_label(category) if category else tr("Sites without a category"),
        changes=tr("; ").join(parts) or tr("nobody's journey changes"),
    )
    more = float(people.beyond_before[0] - people.beyond_after[0])
    if abs(more) >= 0.5:
        within = (
            tr("Within {threshold} min: {people} more.") if more > 0 else tr("Within {threshold} min: {people} fewer.")
        )
        sentence += " " + within.format(threshold=number(threshold), people=number(abs(more)))
    lacking = not_computed_sentence(effect.not_computed)
    if lacking is not None:
        sentence += " " + translate_message(lacking)
    if effect.off_network:
        far = tr("Sites farther than {distance} m from any road, that serve nobody: {count}.")
        sentence += " " + far.format(distance=number(SNAP_DISTANCE), count=number(effect.off_network))
    return sentence
