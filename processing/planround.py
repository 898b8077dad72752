"""Itinerant rounds: which stops in which order."""

from __future__ import annotations

from typing import Any

import numpy as np
from qgis.core import (
    QgsGeometry,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ..core.errors import InvalidInput
from ..core.messages import msg
from ..core.progress import Progress
from ..core.routing.local import Router
from ..core.routing.snapped_points import SnappedPoints
from ..core.siting.rounds import Rounds, plan
from ..i18n import tr
from .access_base import AccessAlgorithm
from .access_inputs import Rows, as_number, fields_with, put, row_of
from .base import make_fields
from .qgis_enums import NumberType, WkbType


class RoundError(InvalidInput):
    """A round that cannot be planned from what was given."""


class PlanRound(AccessAlgorithm):
    """`cartoservices:planround`"""

    ID = "planround"
    GROUP = "siting"

    def displayName(self) -> str:
        return tr("Plan itinerant rounds")

    def initAlgorithm(self, configuration=None) -> None:
        self.add_layer("DEPOT", tr("Depot (the first row is used)"))
        self.add_layer("STOPS", tr("Stops"))
        self.add_field("STOP_ID", tr("Identifier of each stop"), "STOPS")
        self.add_field("STOP_WEIGHT", tr("Population served by each stop"), "STOPS", number=True)
        self.add_field("DURATION_FIELD", tr("Minutes at each stop"), "STOPS", number=True)
        for name, label, kind, default in (
            ("DURATION", tr("Minutes at a stop where the column says nothing"), NumberType.Double, 60.0),
            ("WORKING_TIME", tr("Working time of a day, travel included (minutes)"), NumberType.Double, 420.0),
            ("DAYS", tr("Rounds (one a day)"), NumberType.Integer, 1),
            ("TIME_LIMIT", tr("Time limit (seconds)"), NumberType.Double, 10.0),
        ):
            least = 1 if name == "DAYS" else 0
            self.addParameter(QgsProcessingParameterNumber(name, label, kind, default, minValue=least))
        self.addParameter(QgsProcessingParameterString("START", tr("Leaving the depot at"), "08:30"))
        self.add_network()
        self.add_output("OUTPUT", tr("Stops in order"))
        self.add_output("ROUNDS", tr("Rounds"), optional=True)
        self.add_failed()
        self.addOutput(QgsProcessingOutputNumber("TRAVEL", tr("Minutes of travel in all")))
        self.addOutput(QgsProcessingOutputNumber("SERVED", tr("Population served")))
        self.addOutput(QgsProcessingOutputString("STATUS", tr("Status")))
        self.addOutput(QgsProcessingOutputString("METHOD", tr("Method")))

    def execute(self, parameters: dict[str, Any], context: QgsProcessingContext, progress: Progress) -> dict[str, Any]:
        start = _minutes(self.parameterAsString(parameters, "START", context))
        router = self.router(parameters, context, progress.part(0.0, 0.3))
        depot = self.read_layer(parameters, "DEPOT", router, context, progress.part(0.3, 0.3))
        stops = self.read_layer(parameters, "STOPS", router, context, progress.part(0.3, 0.4), "STOP_ID", "STOP_WEIGHT")
        depot_places, depot_row = self.place(parameters, depot, router, context, progress.part(0.4, 0.4))
        if len(depot_row) == 0 or depot_row[0] != 0:
            raise RoundError("The depot has no place on the network; raise SNAP_DISTANCE.")
        places, placed = self.place(parameters, stops, router, context, progress.part(0.4, 0.45))
        travel = _travel(router, depot_places.take(np.array([0])), places, progress.part(0.45, 0.7))
        rounds = plan(
            travel,
            self._durations(parameters, stops, placed, context),
            self.parameterAsDouble(parameters, "WORKING_TIME", context),
            self.parameterAsInt(parameters, "DAYS", context),
            stops.weight[placed],
            self.parameterAsDouble(parameters, "TIME_LIMIT", context),
            progress.part(0.7, 1.0),
        )
        for stop in rounds.left_out:
            stops.reasons[int(placed[stop])] = msg("No round has time for it.")
        self._write_stops(parameters, context, stops, placed, rounds, start)
        self._write_rounds(parameters, context, depot, stops, placed, rounds, router)
        progress.info(
            msg(
                "{count} of {total} stops in {days} rounds, {travel} min of travel ({status}, {method}).",
                count=len(placed) - len(rounds.left_out),
                total=len(placed),
                days=len(rounds.rounds),
                travel=rounds.travel,
                status=rounds.status,
                method=rounds.method,
            )
        )
        self.report_failures(parameters, context, progress, DEPOT=depot, STOPS=stops)
        return {
            "TRAVEL": rounds.travel,
            "SERVED": rounds.weight,
            "STATUS": rounds.status,
            "METHOD": rounds.method,
        }

    def _durations(self, parameters, stops: Rows, placed: np.ndarray, context) -> np.ndarray:
        usual = self.parameterAsDouble(parameters, "DURATION", context)
        field = self.parameterAsString(parameters, "DURATION_FIELD", context)
        own = [as_number(stops.features[row][field]) if field else np.nan for row in placed]
        return np.where(np.isnan(own), usual, own)

    def _write_stops(self, parameters, context, stops: Rows, placed, rounds: Rounds, start: float) -> None:
        source = self.source(parameters, "STOPS", context)
        added = make_fields(("tournee", "int"), ("rang", "int"), ("arrivee", "text"))
        fields, kept = fields_with(source.fields(), added)
        sink = self.add_sink(
            parameters, "OUTPUT", context, fields, source.wkbType(), source.sourceCrs(), "sites", {"unit": "min"}
        )
        for day, one in enumerate(rounds.rounds, start=1):
            for rank, (stop, arrival) in enumerate(zip(one.stops, one.arrival), start=1):
                place = stops.features[placed[stop]]
                own = [place.attribute(index) for index in kept]
                put(sink, [row_of(fields, [*own, day, rank, _clock(start + arrival)], place.geometry())])

    def _write_rounds(self, parameters, context, depot: Rows, stops: Rows, placed, rounds: Rounds, router) -> None:
        fields = make_fields(("tournee", "int"), ("arrets", "int"), ("trajet", "float"), ("duree", "float"))
        sink = self.add_sink(parameters, "ROUNDS", context, fields, WkbType.LineString, self.crs_of(router), "rounds")
        home = QgsPointXY(*depot.xy[0])
        for day, one in enumerate(rounds.rounds, start=1):
            way = [home, *(QgsPointXY(*stops.xy[placed[stop]]) for stop in one.stops), home]
            attributes = [day, len(one.stops), one.travel, one.length]
            put(sink, [row_of(fields, attributes, QgsGeometry.fromPolylineXY(way))])


def _travel(router: Router, depot: SnappedPoints, stops: SnappedPoints, progress: Progress) -> np.ndarray:
    """(s + 1, s + 1) costs between the depot, which comes first, and the stops."""
    places = SnappedPoints(*(np.concatenate([ours, theirs]) for ours, theirs in zip(depot, stops)))
    table = np.full((places.count, places.count), np.inf)
    for block in router.matrix(places, places, progress=progress):
        table[np.ix_(block.origins, block.destinations)] = block.cost
    return table


def _minutes(text: str) -> float:
    hour, _, minute = text.strip().partition(":")
    if not (hour.isdigit() and minute.isdigit() and int(hour) < 24 and int(minute) < 60):
        raise RoundError("“{text}” is not an hour; write for example 08:30.", text=text)
    return 60.0 * int(hour) + int(minute)


def _clock(minutes: float) -> str:
    whole = round(minutes)
    return f"{whole // 60 % 24:02d}:{whole % 60:02d}"
