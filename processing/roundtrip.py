"""There and back without a car, to a counter that is open."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ..core.access.day_hours import open_intervals
from ..core.access.nearest import members_by_category
from ..core.errors import InvalidInput
from ..core.messages import msg
from ..core.progress import Progress
from ..core.transit.round_trip import REASONS, BestTrips, Outing, RoundTrips
from ..core.transit.timetable import open_timetable
from ..i18n import tr, translate_message
from .access_base import WALKING, AccessAlgorithm, Supply, Zones, require_walking
from .access_inputs import Rows, fields_with, put, row_of
from .base import make_fields
from .buildtransit import clock
from .population_groups import GroupsOutput, add_groups
from .qgis_enums import NumberType, SourceType, WkbType
from .styling.renderers import category_label, trip_reasons

_BATCH = 1000


class Figures(NamedTuple):
    """People of one category by zone (z,)."""

    population: np.ndarray
    possible: np.ndarray
    not_computed: np.ndarray

    @property
    def share(self) -> np.ndarray:
        """Of those computed, NaN where there is none."""
        computed = self.population - self.not_computed
        return np.divide(self.possible, computed, out=np.full(len(computed), np.nan), where=computed > 0)


class RoundTrip(AccessAlgorithm):
    """`cartoservices:roundtrip`"""

    ID = "roundtrip"

    def displayName(self) -> str:
        return tr("Round trip without a car, counter open")

    def initAlgorithm(self, configuration=None) -> None:
        self.add_demand()
        self.add_field("DEMAND_ID", tr("Identifier of each place"), "DEMAND")
        self.add_services()
        self.add_field("SERVICE_ID", tr("Identifier of each service"), "SERVICES")
        self.add_network(profile=WALKING)
        self.addParameter(
            QgsProcessingParameterFile(
                "TRANSIT",
                tr("Public transport (the file made by “Build the public transport timetable”)"),
                fileFilter=tr("Timetable (*.transit);;All files (*)"),
            )
        )
        self.addParameter(QgsProcessingParameterString("LEAVE", tr("Leaving home at the earliest"), "07:00"))
        self.addParameter(QgsProcessingParameterString("HOME", tr("Home again at the latest"), "20:00"))
        self.addParameter(
            QgsProcessingParameterNumber(
                "STAY", tr("Minutes at the counter"), NumberType.Double, 30, minValue=0, maxValue=1440
            )
        )
        self.addParameter(
            QgsProcessingParameterFeatureSource("ZONES", tr("Zones"), [SourceType.VectorPolygon], optional=True)
        )
        self.add_field("ZONE_ID", tr("Identifier of each zone"), "ZONES")
        self.add_hours_field()
        add_groups(self)
        self.add_output("OUTPUT", tr("Round trips"))
        self.add_output("ZONES_OUT", tr("Round trips by zone"), optional=True)
        self.add_failed()

    def execute(self, parameters: dict[str, Any], context: QgsProcessingContext, progress: Progress) -> dict[str, Any]:
        outing = self._outing(parameters, context)
        timetable = open_timetable(self.parameterAsFile(parameters, "TRANSIT", context))
        router = self.router(parameters, context, progress.part(0.0, 0.1))
        require_walking(router)
        demand = self.read_layer(
            parameters, "DEMAND", router, context, progress.part(0.1, 0.15), "DEMAND_ID", "DEMAND_WEIGHT"
        )
        zones = self.zones(parameters, demand, self.crs_of(router), context, progress.part(0.15, 0.2))
        places, placed = self.place_demand(parameters, demand, router, context, progress.part(0.2, 0.25))
        supply = self.supply(parameters, router, context, progress.part(0.25, 0.3), "SERVICE_ID")
        self.require_services(supply)
        hours = self.hours(parameters, supply.rows, supply.row, context)
        trips = RoundTrips(
            router,
            timetable,
            places,
            supply.places,
            open_intervals(hours, date.fromisoformat(timetable.day), outing.home),
            outing,
            snap_distance=self.parameterAsDouble(parameters, "SNAP_DISTANCE", context),
            progress=progress.part(0.3, 0.5),
        )
        outputs = _Outputs(self, parameters, context, demand, placed, supply, zones)
        groups = GroupsOutput(self, parameters, context, demand, progress, "min")
        members = members_by_category(supply.category, len(supply.categories))
        for number, rows in enumerate(members):
            step = progress.part(0.5 + 0.5 * number / len(members), 0.5 + 0.5 * (number + 1) / len(members))
            found = trips.best(rows, step)
            figures = outputs.write(number, found, progress)
            away = np.full(len(demand.features), np.nan)
            away[placed] = np.where(found.reason == 0, found.away / 60.0, np.nan)
            known = demand.usable() & ~supply.lost[number]
            groups.write(supply.categories[number], (np.inf,), groups.figures(away, (np.inf,), known))
            _tell(progress, supply.categories[number], figures, timetable.day)
        self.report_failures(parameters, context, progress, DEMAND=demand, SERVICES=supply.rows)
        return {}

    def _outing(self, parameters, context) -> Outing:
        leave, home = (_seconds(self.parameterAsString(parameters, name, context), name) for name in ("LEAVE", "HOME"))
        if home <= leave:
            raise InvalidInput("HOME must be later than LEAVE; after midnight go on counting: 25:30.")
        return Outing(leave, home, 60.0 * self.parameterAsDouble(parameters, "STAY", context))


class _Outputs:
    """The two layers of the result."""

    def __init__(self, algorithm, parameters, context, demand: Rows, placed, supply: Supply, zones: Zones) -> None:
        self._demand, self._placed, self._supply, self._zones = demand, placed, supply, zones
        source = algorithm.source(parameters, "DEMAND", context)
        self._fields, self._kept = fields_with(
            source.fields(),
            make_fields(
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
            ),
        )
        self._trips = algorithm.add_sink(
            parameters, "OUTPUT", context, self._fields, source.wkbType(), source.sourceCrs(), style="roundtrip"
        )
        zone_fields = zones.source.fields() if zones.source else make_fields()
        self._zone_fields, self._zone_kept = fields_with(
            zone_fields,
            make_fields(
                ("zone_id", "text"),
                ("categorie", "text"),
                ("population", "float"),
                ("pop_possible", "float"),
                ("part_possible", "float"),
                ("pop_non_calculee", "float"),
            ),
        )
        self._by_zone = algorithm.add_sink(
            parameters,
            "ZONES_OUT",
            context,
            self._zone_fields,
            zones.source.wkbType() if zones.source else WkbType.NoGeometry,
            zones.source.sourceCrs() if zones.source else None,
            style="roundtrip_zones",
        )

    def write(self, number: int, found: BestTrips, progress: Progress) -> Figures:
        """The trips of one category, and its people by zone."""
        category = self._supply.categories[number] or None
        trip_of = np.full(len(self._demand.features), -1)
        trip_of[self._placed] = np.arange(len(self._placed))
        computed = (trip_of >= 0) & (not self._supply.lost[number])
        batch = []
        for row, feature in enumerate(self._demand.features):
            own = [feature.attribute(index) for index in self._kept]
            trip = self._trip(found, trip_of[row]) if computed[row] else self._not_computed(row)
            values = [*own, self._demand.ids[row], category, *trip]
            batch.append(row_of(self._fields, values, feature.geometry()))
            if len(batch) == _BATCH:
                put(self._trips, batch)
                batch = []
                progress.check()
        put(self._trips, batch)
        possible = np.zeros(len(computed), bool)
        possible[self._placed] = found.reason == 0
        return self._write_zones(category, computed, possible & computed)

    def _trip(self, found: BestTrips, row: int) -> list[Any]:
        code = REASONS[found.reason[row]]
        if code:
            return [False, *[None] * 6, code, trip_reasons()[code]]
        service = self._supply.rows.ids[self._supply.row[found.service[row]]]
        times = (found.leaves[row], found.arrives[row], found.served[row], found.returns[row])
        return [True, service, *map(clock, times), float(found.away[row]) / 60.0, None, None]

    def _not_computed(self, row: int) -> list[Any]:
        why = self._demand.reasons.get(row) or msg("No place of this category could be put on the network.")
        return [None, *[None] * 7, translate_message(why)]

    def _write_zones(self, category: str | None, computed: np.ndarray, possible: np.ndarray) -> Figures:
        weight = np.nan_to_num(self._demand.weight)
        zones = self._zones
        figures = Figures(
            *(
                np.bincount(zones.of_demand, np.where(mask, weight, 0.0), len(zones.ids))
                for mask in (np.ones(len(weight), bool), possible, ~computed)
            )
        )
        features = []
        for row, zone_id in enumerate(zones.ids):
            zone = zones.features[row] if row < len(zones.features) else None
            own = [zone.attribute(index) if zone else None for index in self._zone_kept]
            share = float(figures.share[row])
            counts = [float(figures.population[row]), float(figures.possible[row])]
            share_or_null = share if np.isfinite(share) else None
            values = [*own, zone_id or None, category, *counts, share_or_null, float(figures.not_computed[row])]
            features.append(row_of(self._zone_fields, values, zone.geometry() if zone else None))
        put(self._by_zone, features)
        return figures


def _seconds(text: str, name: str) -> float:
    found = re.fullmatch(r"\s*(\d{1,2})\s*[:hH]\s*(\d{2})?\s*", text)
    if not found or int(found[2] or 0) > 59 or int(found[1]) > 47:
        raise InvalidInput("{name} “{text}” is no time: write it as 07:00.", name=name, text=text)
    return 3600.0 * int(found[1]) + 60.0 * int(found[2] or 0)


def _tell(progress: Progress, category: str, figures: Figures, day: str) -> None:
    computed = float((figures.population - figures.not_computed).sum())
    progress.info(
        msg(
            "{count} person ({share} %) can go and be back, by public transport or on foot, on {day}: {category}."
            "|{count} people ({share} %) can go and be back, by public transport or on foot, on {day}: {category}.",
            count=round(float(figures.possible.sum())),
            share=round(100.0 * float(figures.possible.sum()) / computed, 1) if computed else 0.0,
            day=day,
            category=category_label(category) if category else msg("a service"),
        )
    )
