"""Why more or fewer people are far from services than before: the part of services, of roads and of population."""

from __future__ import annotations

from itertools import product
from typing import Any, NamedTuple

import numpy as np
from qgis.core import QgsCoordinateReferenceSystem

from ..core.access.coverage import coverage_by_zone
from ..core.access.explain import FigureChange, common_unit, explained, rounded
from ..core.access.nearest import nearest_in_groups
from ..core.columns import threshold_text
from ..core.messages import msg
from ..core.progress import Progress
from ..core.routing.local import Router
from ..i18n import tr, translate_message
from .access_asked import AccessAsked, DemandZones, Placed
from .access_base import AccessAlgorithm
from .access_inputs import Rows, categories_of, require_some
from .network_input import require_one_profile
from .styling.renderers import category_label

MOMENTS = ("BEFORE", "AFTER")
_PARTS = {"avant": "before", "apres": "after", "services": "services", "routes": "roads", "population": "population"}
"""What each column ends with, and the field of `FigureChange` it holds."""


class _Services(NamedTuple):
    """The services of one date on one network; ``groups``: those of each category, None where none could be placed."""

    placed: Placed
    groups: list[np.ndarray | None]

    @property
    def lost(self) -> list[bool]:
        """Of which categories nothing is known."""
        return [group is None for group in self.groups]


class ExplainChange(AccessAlgorithm):
    """`cartoservices:explainchange`"""

    ID = "explainchange"
    NETWORKS = tuple(f"NETWORK_{moment}" for moment in MOMENTS)

    def displayName(self) -> str:
        return tr("Explain a change")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_layer("DEMAND_BEFORE", tr("Demand before (places where people live)"))
        self.add_layer("DEMAND_AFTER", tr("Demand after (empty: as before)"), optional=True)
        self.add_field("DEMAND_WEIGHT", tr("Population of each place"), "DEMAND_BEFORE", number=True)
        self.add_layer("SERVICES_BEFORE", tr("Services before"))
        self.add_layer("SERVICES_AFTER", tr("Services after (empty: as before)"), optional=True)
        self.add_field("CATEGORY_FIELD", tr("Category of each service"), "SERVICES_BEFORE")
        self.add_roads(False, "NETWORK_BEFORE", tr("Road network before"))
        self.add_roads(True, "NETWORK_AFTER", tr("Road network after (empty: as before)"))
        self.add_going()
        self.add_cluster()
        self.add_direction()
        self.add_thresholds(tr("Thresholds (minutes)"), "10,20,30")
        self.add_zones()
        self.add_output("OUTPUT", tr("Change by zone and what it is due to"))
        self.add_failed()

    def compute(self, asked: AccessAsked) -> None:
        thresholds = asked.thresholds()
        asked.warn_without_population()
        dates = _Dates(asked)
        demand, zones, services, names = dates.read(0.4)
        _say_not_computed(asked, *(placed.rows.not_computed() for placed in demand[0]))
        unit = common_unit(*(rows.weight[np.isfinite(rows.weight)] for rows in dates.people))
        figures = np.zeros((2, 2, 2, len(names), max(len(each.ids) for each in zones), len(thresholds)))
        for number, (s, r, p) in enumerate(product(range(2), repeat=3), start=1):
            step = asked.upto(0.4 + 0.55 * number / 8)
            costs = _costs(dates.routers[r], demand[r][p], services[r][s], asked.direction, step)
            for row, group in enumerate(services[r][s].groups):
                known = demand[r][p].rows.usable() & (group is not None)
                figures[s, r, p, row, : len(zones[p].ids)] = _beyond(
                    demand[r][p].rows, zones[p], costs[row], known, thresholds, unit
                )
        change = _where_known(explained(figures, unit), [each.lost for each in services[0]])
        most = zones[int(len(zones[1].ids) > len(zones[0].ids))]
        _write(asked, most, names, thresholds, change)
        for row, name in enumerate(names):
            _say(
                name, thresholds[-1], [getattr(change, part)[row, :, -1].sum() for part in FigureChange._fields], asked
            )


class _Dates:
    """What was before and after: a date whose layer was left empty is as the other."""

    def __init__(self, asked: AccessAsked) -> None:
        self._asked = asked
        self._name = {
            (kind, moment): f"{kind}_{moment if asked.is_given(f'{kind}_{moment}') else MOMENTS[0]}"
            for kind in ("DEMAND", "SERVICES", "NETWORK")
            for moment in MOMENTS
        }
        names = [self._name["NETWORK", moment] for moment in MOMENTS]
        first = Router(asked.network(0.05, names[0]))
        self.routers = [first, first if names[1] == names[0] else Router(asked.network(0.1, names[1]))]
        require_one_profile(*(router.network for router in self.routers))
        self.people: list[Rows] = []

    def read(self, upto: float) -> tuple[list[list[Placed]], list[DemandZones], list[list[_Services]], list[str]]:
        """Demand and services by network and date, the zones of the demand of each date, the categories."""
        asked, demand, services = self._asked, [], []
        for router in dict.fromkeys(self.routers):
            demand.append([self._placed(router, "DEMAND", moment) for moment in MOMENTS])
            for each in demand[-1]:
                require_some(each.rows)
            services.append([self._placed(router, "SERVICES", moment) for moment in MOMENTS])
        demand, services = [demand[0], demand[-1]], [services[0], services[-1]]
        for date in zip(*demand):
            _computed_together([placed.rows for placed in date])
        crs = QgsCoordinateReferenceSystem(self.routers[0].network.crs)
        self.people = [placed.rows for placed in demand[0]]
        zones = [asked.zones(rows, crs, upto) for rows in self.people]
        field = asked.column("CATEGORY_FIELD")
        coded = [categories_of(placed.rows.features, field) for placed in services[0]]
        names = sorted({name for each, _ in coded for name in each})
        grouped = [[_grouped(p, *each, names) for p, each in zip(both, coded)] for both in services]
        for one, other in zip(*grouped):
            _known_together(one.groups, other.groups)
        return demand, zones, grouped, names

    def _placed(self, router: Router, kind: str, moment: str) -> Placed:
        """A layer on a network. What cannot be used is listed for the network of its own date."""
        asked, name = self._asked, self._name[kind, moment]
        crs = QgsCoordinateReferenceSystem(router.network.crs)
        own = router is self.routers[MOMENTS.index(moment)] and name.endswith(moment)
        weight = "DEMAND_WEIGHT" if kind == "DEMAND" else ""
        rows = asked.rows(name, crs, weight=weight, may_be_empty=kind == "SERVICES", listed=own)
        return asked.placed(rows, Progress(), router)


def _computed_together(rows: list[Rows]) -> None:
    """Who is on one of the networks and has no road on the other has no access there, and is no less computed.

    ``rows``: those of one layer, on each network.
    """
    somewhere = set(np.flatnonzero(np.logical_or.reduce([each.usable() for each in rows])).tolist())
    for each in rows:
        for row in somewhere & set(each.reasons):
            del each.reasons[row]


def _grouped(placed: Placed, own: list[str], category: np.ndarray, names: list[str]) -> _Services:
    """The services of each of ``names``; None where there are some and none could be placed."""
    groups: list[np.ndarray | None] = []
    for name in names:
        every = category == own.index(name) if name in own else np.zeros(len(category), bool)
        members = np.flatnonzero(every[placed.row])
        groups.append(None if every.any() and not len(members) else members)
    return _Services(placed, groups)


def _known_together(one: list[np.ndarray | None], other: list[np.ndarray | None]) -> None:
    """Services of a category that are on one of the networks and have no road on the other serve nobody there."""
    for row, groups in enumerate(zip(one, other)):
        if any(group is not None for group in groups):
            one[row], other[row] = (np.empty(0, np.int64) if group is None else group for group in groups)


def _costs(router: Router, demand: Placed, services: _Services, direction: str, progress: Progress) -> np.ndarray:
    """(c, n) minutes to the nearest service of each category."""
    groups = [np.empty(0, np.int64) if group is None else group for group in services.groups]
    found = nearest_in_groups(
        router, demand.places, services.placed.places, groups, direction=direction, progress=progress
    )
    return np.array([demand.by_row(each.cost[:, 0]) for each in found])


def _beyond(
    rows: Rows, zones: DemandZones, cost: np.ndarray, known: np.ndarray, thresholds: tuple[float, ...], unit: float
) -> np.ndarray:
    """(z, t) the people beyond each threshold, in multiples of ``unit``."""
    weighed = np.isfinite(rows.weight)
    weight = rounded(rows.weight[weighed], unit)
    of_demand = zones.of_demand[weighed]
    return coverage_by_zone(of_demand, weight, cost[weighed], thresholds, len(zones.ids), known[weighed]).beyond


def _where_known(change: FigureChange, lost: list[list[bool]]) -> FigureChange:
    """The figures (c, z, t), NaN where no place of the category could be put on the network: before, after, or both."""
    before, after = (np.array(each)[:, None, None] for each in lost)
    unknown = (before, after, *[before | after] * 3)
    return FigureChange._make(np.where(mask, np.nan, part) for mask, part in zip(unknown, change))


def _write(
    asked: AccessAsked, zones: DemandZones, names: list[str], thresholds: tuple[float, ...], change: FigureChange
) -> None:
    columns = tuple(
        (f"pop_au_dela_{threshold_text(threshold)}_{ending}", "float") for threshold in thresholds for ending in _PARTS
    )
    table = asked.table(
        "OUTPUT",
        (("zone_id", "text"), ("categorie", "text"), *columns, ("raison", "text")),
        like=zones.source,
        facts={"unit": "min"},
    )
    for row, name in enumerate(names):
        for number, zone in enumerate(zones.each()):
            figures = [
                float(getattr(change, part)[row, number, rank])
                for rank in range(len(thresholds))
                for part in _PARTS.values()
            ]
            lost = msg("No place of this category could be put on the network.")
            reason = zone.reason if np.isfinite(figures).all() else translate_message(lost)
            table.add([zone.id, name or None, *figures, reason], of=zone.feature)


def _say_not_computed(asked: AccessAsked, before: float, after: float) -> None:
    if round(before) or round(after):
        asked.progress.warn(
            msg(
                "People who could not be computed: {before} before, {after} after. They are beyond no threshold: what "
                "differs between the two is in the part of the population.",
                before=round(before),
                after=round(after),
            )
        )


def _say(category: str, threshold: float, figures: list[float], asked: AccessAsked) -> None:
    name = category_label(category) if category else msg("a service")
    if not np.isfinite(figures).all():
        words = msg(
            "{category}: before or after, no place could be put on the network; what changed is not known.",
            category=name,
        )
        asked.progress.warn(words)
        return
    before, after, services, roads, population = (round(figure) for figure in figures)
    asked.progress.info(
        msg(
            "{category}: {before} people beyond {threshold} min before, {after} after; due to services: {services}, "
            "to roads: {roads}, to population: {population}.",
            category=name,
            threshold=threshold,
            before=before,
            after=after,
            services=f"{services:+d}",
            roads=f"{roads:+d}",
            population=f"{population:+d}",
        )
    )
