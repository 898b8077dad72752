"""The timetable of a day, made from GTFS feeds and a network on foot."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from qgis.core import QgsGeometry, QgsPointXY

from ..core.messages import msg
from ..core.progress import Progress
from ..core.transit.feed_report import NetworkDay
from ..core.transit.timetable import Built, build_timetable, write_timetable
from ..core.travel_modes import FOOT
from ..i18n import tr, translate_message
from .address_parameter import AddressParameter
from .coordinates import WGS84
from .network_input import NetworkAlgorithm, NetworkAsked
from .qgis_enums import SourceType, WkbType
from .transit_input import day_of, feed_paths

SUFFIX = ".transit"
REPORT = (
    ("reseau", "text"),
    ("lignes", "int"),
    ("courses", "int"),
    ("premier_depart", "text"),
    ("dernier_depart", "text"),
    ("anomalies", "text"),
)
STOPS = (("stop_id", "text"), ("nom", "text"), ("jeu", "text"), ("departs", "int"))


class BuildTransit(NetworkAlgorithm):
    """`cartoservices:buildtransit`"""

    ID = "buildtransit"
    GROUP = "network"

    def displayName(self) -> str:
        return tr("Build the public transport timetable")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.addParameter(AddressParameter("FEEDS", tr("GTFS feeds: zips, folders or addresses (several: a;b)")))
        self.add_network(profile=FOOT)
        self.add_text("DATE", tr("Day (as 2026-12-08; empty: a Tuesday of term time)"), optional=True)
        self.add_number("MAX_WALK", tr("Longest walk (minutes)"), 20, least=0.1, most=240)
        self.add_number("CHANGE_TIME", tr("Least time to change (seconds)"), 60, most=7200, whole=True)
        self.add_file_output("OUTPUT", tr("Timetable"), tr("Timetable (*.transit)"))
        self.add_output("REPORT", tr("What runs on that day"), SourceType.Vector)
        self.add_output("STOPS", tr("Stops"), SourceType.VectorPoint, optional=True)
        self.add_number_outputs(("STOP_COUNT", tr("Number of stops")), ("TRIP_COUNT", tr("Number of trips")))

    def compute(self, asked: NetworkAsked) -> dict[str, Any]:
        router = asked.router(0.1)
        path = asked.destination("OUTPUT", SUFFIX)
        with tempfile.TemporaryDirectory() as folder:
            feeds = feed_paths(asked.column("FEEDS"), Path(folder), asked.upto(0.3))
            built = build_timetable(
                feeds,
                router,
                day_of(asked.column("DATE"), feeds, date.today()),
                max_walk=asked.number("MAX_WALK"),
                change_time=asked.integer("CHANGE_TIME"),
                snap_distance=asked.number("SNAP_DISTANCE"),
                progress=asked.upto(0.9),
            )
        _write_report(asked, built.report)
        write_timetable(path, built.timetable)
        _write_stops(asked, built)
        _say(built, asked.progress)
        return {"OUTPUT": path, "STOP_COUNT": len(built.timetable.stops), "TRIP_COUNT": built.trips}


def _write_report(asked: NetworkAsked, report: list[NetworkDay]) -> None:
    table = asked.table("REPORT", REPORT)
    for network in report:
        hours = (clock(network.first_departure), clock(network.last_departure))
        anomalies = " ".join(map(translate_message, network.anomalies)) or None
        table.add([network.name, network.lines, network.trips, *hours, anomalies])


def _write_stops(asked: NetworkAsked, built: Built) -> None:
    table, found = asked.table("STOPS", STOPS, geometry=WkbType.Point, crs=WGS84), built.timetable
    for stop, lonlat, departures in zip(found.stops, found.stop_lonlat, built.departures.tolist()):
        shape = QgsGeometry.fromPointXY(QgsPointXY(*lonlat)) if np.isfinite(lonlat).all() else None
        table.add([stop.id, stop.name, stop.feed, departures], geometry=shape)


def clock(seconds: float | None) -> str | None:
    """``HH:MM`` of a moment of the day, hours passing 24 for the night after; the minute under way. None stays None."""
    if seconds is None or not np.isfinite(seconds):
        return None
    minutes = int(np.floor(seconds / 60 + 1e-6))
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _say(built: Built, progress: Progress) -> None:
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
