"""The timetable of a day, made from GTFS feeds and a network on foot."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ..core.messages import msg
from ..core.progress import Progress
from ..core.routing.local import Router
from ..core.transit.gtfs import NetworkDay
from ..core.transit.timetable import Built, build_timetable, write_timetable
from ..i18n import tr, translate_message
from .access_inputs import put, row_of
from .address_parameter import AddressParameter
from .base import make_fields
from .network_input import NetworkAlgorithm
from .qgis_enums import NumberType, SourceType, WkbType
from .transit_input import day_of, feed_paths

SUFFIX = ".transit"


class BuildTransit(NetworkAlgorithm):
    """`cartoservices:buildtransit`"""

    ID = "buildtransit"
    GROUP = "network"

    def displayName(self) -> str:
        return tr("Build the public transport timetable")

    def initAlgorithm(self, configuration=None) -> None:
        self.addParameter(AddressParameter("FEEDS", tr("GTFS feeds: zips, folders or addresses (several: a;b)")))
        self.add_network(profile="foot")
        self.addParameter(
            QgsProcessingParameterString(
                "DATE", tr("Day (as 2026-12-08; empty: a Tuesday of term time)"), optional=True
            )
        )
        self.addParameter(
            QgsProcessingParameterNumber(
                "MAX_WALK", tr("Longest walk (minutes)"), NumberType.Double, 20, minValue=0.1, maxValue=240
            )
        )
        self.addParameter(
            QgsProcessingParameterNumber(
                "CHANGE_TIME", tr("Least time to change (seconds)"), NumberType.Integer, 60, minValue=0, maxValue=7200
            )
        )
        self.addParameter(QgsProcessingParameterFileDestination("OUTPUT", tr("Timetable"), tr("Timetable (*.transit)")))
        self.add_output("REPORT", tr("What runs on that day"), SourceType.Vector)
        self.add_output("STOPS", tr("Stops"), SourceType.VectorPoint, optional=True)
        self.addOutput(QgsProcessingOutputNumber("STOP_COUNT", tr("Number of stops")))
        self.addOutput(QgsProcessingOutputNumber("TRIP_COUNT", tr("Number of trips")))

    def execute(self, parameters: dict[str, Any], context: QgsProcessingContext, progress: Progress) -> dict[str, Any]:
        router = Router(self.network(parameters, context, progress.part(0.0, 0.1)))
        path = self.parameterAsFileOutput(parameters, "OUTPUT", context)
        if not Path(path).suffix:
            path += SUFFIX
        with tempfile.TemporaryDirectory() as folder:
            feeds = feed_paths(
                self.parameterAsString(parameters, "FEEDS", context), Path(folder), progress.part(0.1, 0.3)
            )
            day = day_of(self.parameterAsString(parameters, "DATE", context), feeds, date.today())
            built = build_timetable(
                feeds,
                router,
                day,
                max_walk=self.parameterAsDouble(parameters, "MAX_WALK", context),
                change_time=self.parameterAsInt(parameters, "CHANGE_TIME", context),
                snap_distance=self.parameterAsDouble(parameters, "SNAP_DISTANCE", context),
                progress=progress.part(0.3, 0.9),
            )
        self._write_report(parameters, context, built.report)
        write_timetable(path, built.timetable)
        self._write_stops(parameters, context, built)
        _tell(built, progress)
        return {"OUTPUT": path, "STOP_COUNT": len(built.timetable.stops), "TRIP_COUNT": built.trips}

    def _write_report(self, parameters, context, report: list[NetworkDay]) -> None:
        fields = make_fields(
            ("reseau", "text"),
            ("lignes", "int"),
            ("courses", "int"),
            ("premier_depart", "text"),
            ("dernier_depart", "text"),
            ("anomalies", "text"),
        )
        sink = self.add_sink(parameters, "REPORT", context, fields)
        rows = [
            [
                network.name,
                network.lines,
                network.trips,
                clock(network.first_departure),
                clock(network.last_departure),
                " ".join(translate_message(anomaly) for anomaly in network.anomalies) or None,
            ]
            for network in report
        ]
        put(sink, [row_of(fields, row) for row in rows])

    def _write_stops(self, parameters, context, built: Built) -> None:
        fields = make_fields(("stop_id", "text"), ("nom", "text"), ("jeu", "text"), ("departs", "int"))
        wgs84 = QgsCoordinateReferenceSystem("EPSG:4326")
        sink = self.add_sink(parameters, "STOPS", context, fields, WkbType.Point, wgs84)
        if sink is None:
            return
        table = built.timetable
        features: list[QgsFeature] = []
        for stop, lonlat, departures in zip(table.stops, table.stop_lonlat, built.departures.tolist()):
            shape = QgsGeometry.fromPointXY(QgsPointXY(*lonlat)) if np.isfinite(lonlat).all() else None
            features.append(row_of(fields, [stop.id, stop.name, stop.feed, departures], shape))
        put(sink, features)


def clock(seconds: float | None) -> str | None:
    """``HH:MM`` of a moment of the day, hours passing 24 for the night after; the minute under way. None stays None."""
    if seconds is None or not np.isfinite(seconds):
        return None
    minutes = int(np.floor(seconds / 60 + 1e-6))
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _tell(built: Built, progress: Progress) -> None:
    progress.info(
        msg(
            "{count} trip on {day}, {stops} stops.|{count} trips on {day}, {stops} stops.",
            count=built.trips,
            day=built.timetable.day,
            stops=len(built.timetable.stops),
        )
    )
    for network in built.report:
        if network.trips == 0:
            progress.warn(msg("{network}: nothing runs on that day.", network=network.name))
        for anomaly in network.anomalies:
            progress.warn(anomaly)
    if built.unlinked:
        progress.warn(
            msg(
                "{count} stop is too far from the network on foot: nobody gets on or off there."
                "|{count} stops are too far from the network on foot: nobody gets on or off there.",
                count=built.unlinked,
            )
        )
