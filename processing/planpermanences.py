"""Permanences over a week: where, when and by whom."""

from __future__ import annotations

from typing import Any

import numpy as np
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ..core.access.matrix import cost_blocks
from ..core.messages import msg
from ..core.progress import Progress
from ..core.siting.permanences import DAYS, HALVES, OSM_DAYS, SLOTS, Plan, ScheduleError, parse_half_days, plan
from ..core.siting.problem import Costs
from ..i18n import tr
from .access_base import AccessAlgorithm
from .access_inputs import Rows, fields_with, put, row_of
from .base import make_fields
from .qgis_enums import NumberType


class PlanPermanences(AccessAlgorithm):
    """`cartoservices:planpermanences`"""

    ID = "planpermanences"
    GROUP = "siting"

    def displayName(self) -> str:
        return tr("Plan permanences over a week")

    def initAlgorithm(self, configuration=None) -> None:
        double = NumberType.Double
        self.add_demand()
        self.add_layer("PLACES", tr("Places where a permanence could be held"))
        self.add_field("PLACE_ID", tr("Identifier of each place"), "PLACES")
        self.addParameter(
            QgsProcessingParameterString(
                "AGENTS", tr("When each agent is available; agents are separated by “;”"), "lun-ven"
            )
        )
        self.addParameter(
            QgsProcessingParameterString(
                "PREFERENCES", tr("Half-days the population prefers, with their value"), "lun-sam:1", optional=True
            )
        )
        for name, label, default in (
            ("WANTED", tr("Half-days a week that each person wants"), 1.0),
            ("THRESHOLD", tr("Farthest cost that serves (minutes)"), 20.0),
            ("MAX_TRAVEL", tr("Longest way of an agent between morning and afternoon (minutes)"), 45.0),
            ("TIME_LIMIT", tr("Time limit (seconds)"), 60.0),
        ):
            self.addParameter(QgsProcessingParameterNumber(name, label, double, default, minValue=0))
        for name, label, default in (
            ("MORNING", tr("Hours of a morning"), "09:00-12:00"),
            ("AFTERNOON", tr("Hours of an afternoon"), "14:00-17:00"),
        ):
            self.add_advanced(QgsProcessingParameterString(name, label, default))
        self.add_network()
        self.add_output("OUTPUT", tr("Permanences"))
        self.add_output("DEMAND_OUT", tr("Half-days each place of demand has"), optional=True)
        self.add_failed()
        for name, label in (
            ("OBJECTIVE", tr("Person-half-days served")),
            ("BOUND", tr("Proven bound on the objective")),
            ("GAP", tr("Gap between bound and objective (0: proven best)")),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, label))
        self.addOutput(QgsProcessingOutputString("STATUS", tr("Status")))

    def execute(self, parameters: dict[str, Any], context: QgsProcessingContext, progress: Progress) -> dict[str, Any]:
        available = _availability(self.parameterAsString(parameters, "AGENTS", context))
        preferred = parse_half_days(self.parameterAsString(parameters, "PREFERENCES", context) or "lun-dim")
        value = np.array([preferred.get(slot, 0.0) for slot in range(SLOTS)])
        router = self.router(parameters, context, progress.part(0.0, 0.2))
        demand = self.read_layer(parameters, "DEMAND", router, context, progress.part(0.2, 0.3), weight="DEMAND_WEIGHT")
        sites = self.read_layer(parameters, "PLACES", router, context, progress.part(0.3, 0.35), "PLACE_ID")
        people, person_row = self.place(parameters, demand, router, context, progress.part(0.35, 0.4))
        places, place_row = self.place(parameters, sites, router, context, progress.part(0.4, 0.4))
        threshold = self.parameterAsDouble(parameters, "THRESHOLD", context)
        longest = self.parameterAsDouble(parameters, "MAX_TRAVEL", context)
        cover = Costs.from_blocks(
            cost_blocks(router, people, places, threshold, progress=progress.part(0.4, 0.6)), people.count, places.count
        )
        travel = np.full((places.count, places.count), np.inf)
        for block in router.matrix(places, places, limit=longest, progress=progress.part(0.6, 0.65)):
            # What the router reaches is within the limit, whatever the noise of single precision.
            reached = np.isfinite(block.cost)
            travel[np.ix_(block.origins, block.destinations)] = np.where(reached, 0.0, np.inf)
        found = plan(
            cover,
            demand.weight[person_row],
            available,
            value,
            self.parameterAsDouble(parameters, "WANTED", context),
            travel,
            0.0,
            self.parameterAsDouble(parameters, "TIME_LIMIT", context),
            progress.part(0.65, 1.0),
        )
        hours = [self.parameterAsString(parameters, name, context) for name in ("MORNING", "AFTERNOON")]
        self._write_permanences(parameters, context, sites, place_row, found, hours)
        self._write_demand(parameters, context, demand, person_row, found)
        progress.info(
            msg(
                "{count} permanence, {served} person-half-days, proven bound {bound} ({status})."
                "|{count} permanences, {served} person-half-days, proven bound {bound} ({status}).",
                count=len(found.permanences),
                served=found.objective,
                bound=found.bound,
                status=found.status,
            )
        )
        self.report_failures(parameters, context, progress, DEMAND=demand, PLACES=sites)
        return {"OBJECTIVE": found.objective, "BOUND": found.bound, "GAP": found.gap, "STATUS": found.status}

    def _write_permanences(self, parameters, context, sites: Rows, place_row, found: Plan, hours: list[str]) -> None:
        source = self.source(parameters, "PLACES", context)
        added = make_fields(
            ("rang", "int"),
            ("agent", "int"),
            ("jour", "text"),
            ("demi_journee", "text"),
            ("horaires", "text"),
            ("modalite", "text"),
            ("gain", "float"),
        )
        fields, kept = fields_with(source.fields(), added)
        sink = self.add_sink(parameters, "OUTPUT", context, fields, source.wkbType(), source.sourceCrs(), "permanences")
        for rank, one in enumerate(found.permanences, start=1):
            place = sites.features[place_row[one.place]]
            day, half = divmod(one.slot, 2)
            own = [place.attribute(index) for index in kept]
            when = f"{OSM_DAYS[day]} {hours[half]}"
            attributes = [*own, rank, one.agent + 1, DAYS[day], HALVES[half], when, "permanence", one.gain]
            put(sink, [row_of(fields, attributes, place.geometry())])

    def _write_demand(self, parameters, context, demand: Rows, person_row, found: Plan) -> None:
        source = self.source(parameters, "DEMAND", context)
        fields, kept = fields_with(source.fields(), make_fields(("demi_journees", "float")))
        sink = self.add_sink(parameters, "DEMAND_OUT", context, fields, source.wkbType(), source.sourceCrs())
        received = dict(zip(person_row.tolist(), found.received.tolist()))
        for row, place in enumerate(demand.features):
            attributes = [*(place.attribute(index) for index in kept), received.get(row)]
            put(sink, [row_of(fields, attributes, place.geometry())])


def _availability(text: str) -> np.ndarray:
    """(agents, SLOTS) bool from ``"lun-ven; mar, jeu matin"``. Raises `ScheduleError`."""
    rows = [parse_half_days(part) for part in text.split(";") if part.strip()]
    if not rows:
        raise ScheduleError("Say when each agent is available, for example “lun-ven; mar, jeu matin”.")
    return np.array([[slot in row for slot in range(SLOTS)] for row in rows])
