"""Itinerant rounds: which stops in which order."""

from __future__ import annotations

from typing import Any

import numpy as np
from qgis.core import QgsGeometry, QgsPointXY

from ..core.errors import InvalidInput
from ..core.messages import msg
from ..core.progress import Progress
from ..core.routing.local import Router
from ..core.routing.snapped_points import SnappedPoints
from ..core.siting.rounds import Rounds, plan
from ..i18n import tr
from .access_asked import AccessAsked, Placed
from .access_base import AccessAlgorithm
from .attributes import numbers_of
from .qgis_enums import WkbType

STOPS = (("tournee", "int"), ("rang", "int"), ("arrivee", "text"))
ROUNDS = (("tournee", "int"), ("arrets", "int"), ("trajet", "float"), ("duree", "float"))


class RoundError(InvalidInput):
    """A round that cannot be planned from what was given."""


class PlanRound(AccessAlgorithm):
    """`cartoservices:planround`"""

    ID = "planround"
    GROUP = "siting"

    def displayName(self) -> str:
        return tr("Plan itinerant rounds")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_layer("DEPOT", tr("Depot (the first row is used)"))
        self.add_layer("STOPS", tr("Stops"))
        self.add_field("STOP_ID", tr("Identifier of each stop"), "STOPS")
        self.add_field("STOP_WEIGHT", tr("Population served by each stop"), "STOPS", number=True)
        self.add_field("DURATION_FIELD", tr("Minutes at each stop"), "STOPS", number=True)
        self.add_number("DURATION", tr("Minutes at a stop where the column says nothing"), 60)
        self.add_number("WORKING_TIME", tr("Working time of a day, travel included (minutes)"), 420)
        self.add_number("DAYS", tr("Rounds (one a day)"), 1, least=1, whole=True)
        self.add_number("TIME_LIMIT", tr("Time limit (seconds)"), 10)
        self.add_text("START", tr("Leaving the depot at"), "08:30")
        self.add_network()
        self.add_output("OUTPUT", tr("Stops in order"))
        self.add_output("ROUNDS", tr("Rounds"), optional=True)
        self.add_failed()
        self.add_number_outputs(("TRAVEL", tr("Minutes of travel in all")), ("SERVED", tr("Population served")))
        self.add_text_outputs(("STATUS", tr("Status")), ("METHOD", tr("Method")))

    def compute(self, asked: AccessAsked) -> dict[str, Any]:
        start = _minutes(asked.column("START"))
        router = asked.router(0.3)
        depot = asked.places("DEPOT", 0.3)
        if len(depot.row) == 0 or depot.row[0] != 0:
            raise RoundError("The depot has no place on the network; raise SNAP_DISTANCE.")
        stops = asked.places("STOPS", 0.45, id="STOP_ID", weight="STOP_WEIGHT")
        travel = _travel(router, depot.places.take(np.array([0])), stops.places, asked.upto(0.7))
        rounds = plan(
            travel,
            _durations(asked, stops),
            asked.number("WORKING_TIME"),
            asked.integer("DAYS"),
            stops.rows.weight[stops.row],
            time_limit=asked.number("TIME_LIMIT"),
            progress=asked.upto(1.0),
        )
        for stop in rounds.left_out:
            stops.rows.reasons[int(stops.row[stop])] = msg("No round has time for it.")
        _write_stops(asked, stops, rounds, start)
        _write_rounds(asked, depot, stops, rounds)
        asked.progress.info(
            msg(
                "{count} of {total} stops in {days} rounds, {travel} min of travel ({status}, {method}).",
                count=len(stops.row) - len(rounds.left_out),
                total=len(stops.row),
                days=len(rounds.rounds),
                travel=rounds.travel,
                status=rounds.status,
                method=rounds.method,
            )
        )
        answer = (rounds.travel, rounds.weight, rounds.status, rounds.method)
        return dict(zip(("TRAVEL", "SERVED", "STATUS", "METHOD"), answer))


def _durations(asked: AccessAsked, stops: Placed) -> np.ndarray:
    """(s,) minutes at each stop."""
    usual, field = asked.number("DURATION"), asked.column("DURATION_FIELD")
    if not field:
        return np.full(len(stops.row), usual)
    own = numbers_of(stops.rows.features, field)[stops.row]
    return np.where(np.isnan(own), usual, own)


def _write_stops(asked: AccessAsked, stops: Placed, rounds: Rounds, start: float) -> None:
    table = asked.table("OUTPUT", STOPS, like=stops.rows.source, style="sites", facts={"unit": "min"})
    for day, one in enumerate(rounds.rounds, start=1):
        for rank, (stop, arrival) in enumerate(zip(one.stops, one.arrival), start=1):
            table.add([day, rank, _clock(start + arrival)], stops.rows.features[stops.row[stop]])


def _write_rounds(asked: AccessAsked, depot: Placed, stops: Placed, rounds: Rounds) -> None:
    table = asked.table("ROUNDS", ROUNDS, geometry=WkbType.LineString, crs=asked.crs, style="rounds")
    home = QgsPointXY(*depot.rows.xy[0])
    for day, one in enumerate(rounds.rounds, start=1):
        way = [home, *(QgsPointXY(*stops.rows.xy[stops.row[stop]]) for stop in one.stops), home]
        table.add([day, len(one.stops), one.travel, one.length], geometry=QgsGeometry.fromPolylineXY(way))


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
