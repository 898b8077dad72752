"""There and back without a car, to a counter that is open."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from ..core.access.coverage import share_of
from ..core.access.day_hours import open_intervals
from ..core.access.nearest import members_by_category
from ..core.errors import InvalidInput
from ..core.messages import msg
from ..core.progress import Progress
from ..core.transit.round_trip import REASONS, UNKNOWN_HOURS, BestTrips, Outing, best_trips
from ..core.transit.timetable import open_timetable
from ..core.travel_modes import FOOT
from ..i18n import tr, translate_message
from .access_asked import AccessAsked, DemandZones, Placed, Supply
from .access_base import AccessAlgorithm
from .buildtransit import clock
from .network_input import require_walking
from .population_groups import GroupsOutput, add_groups
from .styling.renderers import service_in_sentences, trip_reasons

TRIPS = (
    ("demand_id", "text"),
    ("categorie", "text"),
    ("possible", "bool"),
    ("service_id", "text"),
    ("depart", "text"),
    ("arrivee", "text"),
    ("fin", "text"),
    ("retour", "text"),
    ("duree", "float"),
    ("code_raison", "text"),
    ("raison", "text"),
)
BY_ZONE = (
    ("zone_id", "text"),
    ("categorie", "text"),
    ("population", "float"),
    ("pop_possible", "float"),
    ("part_possible", "float"),
    ("pop_non_calculee", "float"),
)


class Figures(NamedTuple):
    """People of one category by zone (z,)."""

    population: np.ndarray
    possible: np.ndarray
    not_computed: np.ndarray

    @property
    def share(self) -> np.ndarray:
        """Of those computed, NaN where there is none."""
        return share_of(self.possible, self.population - self.not_computed)


class RoundTrip(AccessAlgorithm):
    """`cartoservices:roundtrip`"""

    ID = "roundtrip"

    def displayName(self) -> str:
        return tr("Round trip without a car, counter open")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_demand()
        self.add_field("DEMAND_ID", tr("Identifier of each place"), "DEMAND")
        self.add_services(identified=True)
        self.add_network(profile=FOOT)
        self.add_cluster()
        self.add_timetable(optional=False)
        self.add_text("LEAVE", tr("Leaving home at the earliest"), "07:00")
        self.add_text("HOME", tr("Home again at the latest"), "20:00")
        self.add_number("STAY", tr("Minutes at the counter"), 30, most=1440)
        add_most_on_foot(self, None)
        self.add_zones()
        self.add_hours_field()
        add_groups(self)
        self.add_output("OUTPUT", tr("Round trips"))
        self.add_output("ZONES_OUT", tr("Round trips by zone"), optional=True)
        self.add_failed()

    def compute(self, asked: AccessAsked) -> None:
        outing = outing_of(asked)
        timetable = open_timetable(asked.file("TRANSIT"))
        router = asked.router(0.1)
        require_walking(router)
        demand = asked.demand(0.2)
        zones = asked.zones(demand.rows, asked.crs, 0.25)
        supply = asked.supply(0.3)
        supply.require_some()
        members = members_by_category(supply.category, len(supply.categories))
        trips = best_trips(
            router,
            timetable,
            demand.places,
            supply.places,
            open_intervals(asked.hours(supply.rows, supply.row), date.fromisoformat(timetable.day), outing.home),
            outing,
            groups=members,
            snap_distance=asked.number("SNAP_DISTANCE"),
            progress=asked.upto(0.9),
        )
        outputs = _Outputs(asked, demand, supply, zones)
        groups = GroupsOutput(asked, demand.rows, "min")
        for number, found in enumerate(trips):
            asked.upto(0.9 + 0.1 * number / len(trips)).check()
            figures = outputs.write(number, found)
            away = demand.by_row(np.where(found.reason == 0, found.away / 60.0, np.nan))
            known = demand.rows.usable() & ~supply.lost[number]
            groups.write(supply.categories[number], (np.inf,), groups.figures(away, (np.inf,), known))
            unsure = found.reason == REASONS.index(UNKNOWN_HOURS)
            unknown = float(demand.rows.weight[demand.row[unsure]].sum())
            _say(asked.progress, supply.categories[number], figures, timetable.day, unknown)


def add_most_on_foot(algorithm: AccessAlgorithm, default: float | None) -> None:
    """MOST_ON_FOOT; left empty there is no limit."""
    label = tr("Longest walk all the way (minutes one way; empty: none)")
    algorithm.add_number("MOST_ON_FOOT", label, default, least=0.1, optional=True, advanced=True)


def outing_of(asked: AccessAsked) -> Outing:
    leave, home = (_seconds(asked.column(name), name) for name in ("LEAVE", "HOME"))
    if home <= leave:
        raise InvalidInput("HOME must be later than LEAVE; after midnight go on counting: 25:30.")
    most = 60.0 * asked.number("MOST_ON_FOOT", np.inf)
    return Outing(leave, home, 60.0 * asked.number("STAY"), most)


class _Outputs:
    """The two layers of the result."""

    def __init__(self, asked: AccessAsked, demand: Placed, supply: Supply, zones: DemandZones) -> None:
        self._demand, self._supply, self._zones = demand, supply, zones
        self._trips = asked.table("OUTPUT", TRIPS, like=demand.rows.source, style="roundtrip")
        self._by_zone = asked.table("ZONES_OUT", BY_ZONE, like=zones.source, style="roundtrip_zones")

    def write(self, number: int, found: BestTrips) -> Figures:
        """The trips of one category, and its people by zone."""
        category = self._supply.categories[number] or None
        demand = self._demand.rows
        trip_of = np.full(len(demand.features), -1)
        trip_of[self._demand.row] = np.arange(len(self._demand.row))
        computed = (trip_of >= 0) & (not self._supply.lost[number])
        for row, feature in enumerate(demand.features):
            trip = self._trip(found, trip_of[row]) if computed[row] else self._not_computed(row)
            self._trips.add([demand.ids[row], category, *trip], feature)
        possible = np.zeros(len(computed), bool)
        possible[self._demand.row] = found.reason == 0
        return self._write_zones(category, computed, possible & computed)

    def _trip(self, found: BestTrips, row: int) -> list[Any]:
        code = REASONS[found.reason[row]]
        if code:
            return [False, *[None] * 6, code, trip_reasons()[code]]
        service = self._supply.rows.ids[self._supply.row[found.service[row]]]
        times = (found.leaves[row], found.arrives[row], found.served[row], found.returns[row])
        return [True, service, *map(clock, times), float(found.away[row]) / 60.0, None, None]

    def _not_computed(self, row: int) -> list[Any]:
        why = self._demand.rows.reasons.get(row) or msg("No place of this category could be put on the network.")
        return [None, *[None] * 7, translate_message(why)]

    def _write_zones(self, category: str | None, computed: np.ndarray, possible: np.ndarray) -> Figures:
        weight = np.nan_to_num(self._demand.rows.weight)
        zones = self._zones
        figures = Figures(
            *(
                np.bincount(zones.of_demand, np.where(mask, weight, 0.0), len(zones.ids))
                for mask in (np.ones(len(weight), bool), possible, ~computed)
            )
        )
        for row, zone in enumerate(zones.each()):
            counts = (figures.population[row], figures.possible[row], figures.share[row], figures.not_computed[row])
            self._by_zone.add([zone.id, category, *counts], zone.feature)
        return figures


def _seconds(text: str, name: str) -> float:
    found = re.fullmatch(r"\s*(\d{1,2})\s*[:hH]\s*(\d{2})?\s*", text)
    if not found or int(found[2] or 0) > 59 or int(found[1]) > 47:
        raise InvalidInput("{name} “{text}” is no time: write it as 07:00.", name=name, text=text)
    return 3600.0 * int(found[1]) + 60.0 * int(found[2] or 0)


def _say(progress: Progress, category: str, figures: Figures, day: str, unknown: float) -> None:
    """The people who can, and those (``unknown``) who might if places of unknown hours were open."""
    computed = float((figures.population - figures.not_computed).sum())
    service = service_in_sentences(category)
    if not computed:
        progress.info(msg("Nobody's journey could be computed to: {service}.", service=service))
        return
    progress.info(
        msg(
            "{count} person ({share} %) can go and be back, by public transport or on foot, on {day}: {category}."
            "|{count} people ({share} %) can go and be back, by public transport or on foot, on {day}: {category}.",
            count=round(float(figures.possible.sum())),
            share=round(100.0 * float(figures.possible.sum()) / computed, 1),
            day=day,
            category=service,
        )
    )
    if round(unknown):
        progress.warn(
            msg(
                "{count} person more could go and be back if places of unknown hours were open: {category}."
                "|{count} people more could go and be back if places of unknown hours were open: {category}.",
                count=round(unknown),
                category=service,
            )
        )
