"""The parameter NETWORK: a network file, or a layer of roads whose network is made and kept in the user's profile."""

from __future__ import annotations

import time
from contextlib import suppress
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingFeedback,
    QgsProcessingParameterFile,
    QgsProcessingParameterVectorLayer,
)

from ..core import network as networks
from ..core.access.travel import ByRoad, Travel
from ..core.errors import InvalidInput
from ..core.messages import Message, msg
from ..core.network import BuildOptions, BuildReport, Network, RoadLines, RoadSource
from ..core.network.apart import build_apart
from ..core.network.errors import NetworkFileInvalid
from ..core.network.file import read_header
from ..core.network.hourly import NO_HOUR, HourFactors
from ..core.network.wording import fields_in_words
from ..core.progress import Progress
from ..core.routing.local import Router
from ..core.transit.by_transit import ByTransit
from ..core.transit.ride import Ride
from ..core.transit.timetable import open_timetable
from ..core.transit.window import DepartureWindow
from ..core.travel_modes import CAR, FOOT, PROFILES, UNITS
from ..i18n import number, tr
from . import log
from .asked import Asked
from .base import CartoAlgorithm
from .cache import networks_folder
from .coordinates import keep_crs
from .hour import add_hour, hour_asked
from .qgis_enums import ParameterFlag, SourceType
from .roads import LayerRoads, Roads, given_roads, network_file

FIELDS_REPORT = "_fields_report"
"""Parameter of the panel alone, and key of the answer to it: what the fields of the roads gave, in words."""


ROAD_FIELDS = ("SPEED_FIELD", "DIRECTION_FIELD")


class NetworkParameter(QgsProcessingParameterVectorLayer):
    """A layer of roads of the project, or a file: of roads, or the network made of them.

    QGIS's own widget for layers does both, in dialogs and in the Modeler.
    """

    def checkValueIsAcceptable(self, value: Any, context: QgsProcessingContext | None = None) -> bool:
        if isinstance(value, (Path, QgsProcessingFeatureSourceDefinition)) or network_file(str(value or "")):
            return True
        return super().checkValueIsAcceptable(value, context)

    def clone(self) -> NetworkParameter:
        return NetworkParameter(
            self.name(), self.description(), self.dataTypes(), self.defaultValue(), bool(self.flags() & _OPTIONAL)
        )


_OPTIONAL = ParameterFlag.Optional


class NetworkAsked(Asked):
    """One run of an algorithm that travels on a road network."""

    _router: Router | None = None

    def network(self, upto: float, name: str = "NETWORK") -> Network:
        """The open network given for ``name``, made first where that is a layer of roads.

        A network made for another profile than PROFILE is warned of. Raises `InvalidInput` where none was given.
        """
        network = self.algorithm.open_network(
            self.profile, *map(self.column, ROAD_FIELDS), self.upto(upto), name, hour_asked(self)
        )
        if network is None:
            raise InvalidInput("Give a road network.")
        return network

    @property
    def profile(self) -> str:
        """On foot with a timetable, else PROFILE; by car where it was left empty."""
        return FOOT if self.file("TRANSIT") else self.choice("PROFILE", CAR)

    def router(self, upto: float = 0.0) -> Router:
        """The network with the costs asked for by METRIC, opened at the first call."""
        if self._router is None:
            self._router = Router(self.network(upto), self.choice("METRIC", "time"))
        return self._router

    @property
    def crs(self) -> QgsCoordinateReferenceSystem:
        """Of the network."""
        return QgsCoordinateReferenceSystem(self.router().network.crs)

    @property
    def cost_facts(self) -> dict[str, Any]:
        """What the legend of a layer of costs must say."""
        metric = self.router().metric
        return {"metric": metric, "unit": UNITS[metric]}

    def travel(self) -> Travel:
        """By the network's roads, or by the timetable given for TRANSIT.

        Raises `InvalidInput` when a timetable is given with a network that is not on foot, or with METRIC distance.
        """
        ride = self.ride()
        if ride is None:
            return ByRoad(self.router())
        require_walking(self.router())
        return ByTransit(self.router(), *ride, self.number("SNAP_DISTANCE"))

    def ride(self) -> Ride | None:
        """The timetable given for TRANSIT and the minutes of WINDOW; None without a timetable."""
        path = self.file("TRANSIT")
        if not path:
            return None
        window = DepartureWindow.parse(self.column("WINDOW"), self.number("PERCENTILE"), self.flag("ARRIVE_BY"))
        return Ride(open_timetable(path), window)


def require_walking(router: Router) -> None:
    """Raises `InvalidInput` for a network that is not on foot: people walk to the stops."""
    if router.network.profile != FOOT:
        raise InvalidInput("With TRANSIT, NETWORK must be one on foot: this one was built for another profile.")


def require_one_profile(before: Network, after: Network) -> None:
    """Raises `InvalidInput` where the networks before and after are of two ways of travelling."""
    if before.profile != after.profile:
        raise InvalidInput(
            "The roads before are a network for the profile “{before}”, the roads after one for “{after}”: give two of "
            "the same profile.",
            before=before.profile,
            after=after.profile,
        )


class NetworkAlgorithm(CartoAlgorithm):
    """An algorithm that travels on a road network."""

    ASKED: type[Asked] = NetworkAsked
    NETWORKS: tuple[str, ...] = ("NETWORK",)
    """The parameters that take a network."""

    def __init__(self) -> None:
        super().__init__()
        self._roads: dict[str, Roads | None] = {}
        self._fields_report = ""

    def add_network(self, optional: bool = False, profile: str = CAR) -> None:
        """NETWORK, PROFILE, SNAP_DISTANCE, and the fields that matter where NETWORK is a layer of roads."""
        self.add_roads(optional)
        self.add_going(profile)

    def add_going(self, profile: str = CAR) -> None:
        """PROFILE, SNAP_DISTANCE, and the fields that matter where the first network is a layer of roads."""
        self.add_enum("PROFILE", tr("Travelling by"), list(PROFILES), profile)
        self.add_number("SNAP_DISTANCE", tr("Farthest from the network (metres)"), 1000, advanced=True)
        for name, label in (
            ("SPEED_FIELD", tr("Speed (km/h), where the network is a layer of roads")),
            ("DIRECTION_FIELD", tr("Direction, where the network is a layer of roads")),
        ):
            self.add_field(name, label, self.NETWORKS[0], advanced=True)
        if profile == CAR:
            add_hour(self)

    def add_roads(self, optional: bool = False, name: str = "NETWORK", label: str = "") -> None:
        """NETWORK alone."""
        label = label or tr("Road network (the file made by “Build the road network”, or a layer of roads)")
        self.addParameter(NetworkParameter(name, label, [SourceType.VectorLine], None, optional))

    def add_timetable(self, optional: bool = True) -> None:
        """TRANSIT alone."""
        label = tr("Public transport (the file made by “Build the public transport timetable”)")
        files = tr("Timetable (*.transit);;All files (*)")
        self.addParameter(QgsProcessingParameterFile("TRANSIT", label, optional=optional, fileFilter=files))

    def add_transit(self) -> None:
        """TRANSIT, WINDOW, PERCENTILE and ARRIVE_BY."""
        self.add_timetable()
        label = tr("Leaving between (public transport)")
        self.add_text("WINDOW", label, "07:00-09:00", optional=True, advanced=True)
        label = tr("Percentile of the minutes of that time (public transport)")
        self.add_number("PERCENTILE", label, 50, most=100, advanced=True)
        self.add_flag("ARRIVE_BY", tr("These are times of arrival (public transport)"), advanced=True)

    def add_cluster(self) -> None:
        """CLUSTER."""
        label = tr("Dask scheduler that the heavy work goes to (tcp://…; empty: that of the settings)")
        self.add_text("CLUSTER", label, optional=True, advanced=True)

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        results = super().processAlgorithm(parameters, context, feedback)
        return {**results, FIELDS_REPORT: self._fields_report} if parameters.get(FIELDS_REPORT) else results

    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        # On the main thread: the only place where a project's layer may be looked at.
        for name in self.NETWORKS:
            self._roads[name] = roads = given_roads(parameters.get(name), context)
            if isinstance(roads, Path):
                with suppress(NetworkFileInvalid):  # what is wrong with it is said when it is opened
                    keep_crs(read_header(roads)["network"]["crs"])
            elif roads is not None and roads.crs:
                keep_crs(roads.crs)
        return super().prepareAlgorithm(parameters, context, feedback)

    def open_network(
        self,
        profile: str,
        speed_field: str,
        direction_field: str,
        progress: Progress,
        name: str = "NETWORK",
        hour: HourFactors = NO_HOUR,
    ) -> Network | None:
        """The network of what was given for ``name``, None for nothing; what its fields gave is kept for the panel."""
        roads = self._roads.get(name)
        if roads is None:
            return None
        network = open_roads(roads, profile, progress, speed_field, direction_field, hour)
        self._fields_report = " ".join(map(self.words, fields_in_words(BuildReport.from_dict(network.report))))
        return network


def open_roads(
    roads: Roads | str,
    profile: str,
    progress: Progress,
    speed_field: str = "",
    direction_field: str = "",
    hour: HourFactors = NO_HOUR,
) -> Network:
    """The network in a file, or made of roads (see `given_roads`) with their fields of speeds and directions.

    ``hour``: that of their speeds. Raises `InvalidInput` for a file that was made for another one.

    Reports what the fields gave each time, and warns of a network made for another profile.
    """
    if isinstance(roads, str):
        roads = network_file(roads) or RoadSource.parse(roads)
    built = _Builder()
    if isinstance(roads, Path):
        network = networks.refresh_network(roads, progress, build=built)
    else:
        options = BuildOptions(
            profile=profile,
            speed_field=speed_field,
            direction_field=direction_field,
            when=hour.when,
            factors=hour.factors,
            factors_source=hour.source,
        )
        lines = roads.read(options, progress) if isinstance(roads, LayerRoads) else roads
        network = networks.network_for(lines, options, networks_folder(), progress, build=built)
    report = BuildReport.from_dict(network.report)
    if hour.when and report.fields.when != hour.when:
        raise InvalidInput(
            "The network file is not of that hour ({when}): give the layer of roads, or build the network for it.",
            when=hour.when,
        )
    if hour.when and hour.given and report.fields.factors != hour.factors:
        raise InvalidInput(
            "The network file was built for {when} with other factors: leave SPEED_FACTORS empty, give the layer of "
            "roads, or build the network with this table.",
            when=hour.when,
        )
    for message in fields_in_words(report):
        progress.info(message)
    for warning in report.warnings if not built.ran else ():  # said when it was built
        progress.warn(warning)
    if network.profile != profile:
        progress.warn(another_profile(network.profile, profile))
    return network


def another_profile(built: str, asked: str) -> Message:
    """What is warned of where times are not of the profile that was asked for."""
    return msg(
        "The network was built for the profile “{built}”: travel times are those, not of “{asked}”.",
        built=built,
        asked=asked,
    )


class _Builder:
    """`build_and_log`, and whether it was called."""

    def __init__(self) -> None:
        self.ran = False

    def __call__(self, *arguments: Any) -> BuildReport:
        self.ran = True
        return build_and_log(*arguments)


def build_and_log(
    source: RoadSource | RoadLines | str, options: BuildOptions, path: str | PathLike, progress: Progress | None = None
) -> BuildReport:
    """Build in a process of its own (`core.network.build_apart`), and log it."""
    started = time.monotonic()
    report = build_apart(source, options, path, progress)
    words = tr("Network built in {seconds} s: {links} links, profile {profile}, {path}")
    seconds = number(time.monotonic() - started, 1)
    log.done(words.format(seconds=seconds, links=number(report.links), profile=report.profile, path=fspath(path)))
    return report
