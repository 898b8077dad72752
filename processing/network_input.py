"""The parameter NETWORK: a network file, or a layer of roads whose network is made and kept in the user's profile."""

from __future__ import annotations

import time
from contextlib import suppress
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingParameterField,
    QgsProcessingParameterVectorLayer,
)

from ..core import network as networks
from ..core.messages import msg
from ..core.network import BuildOptions, BuildReport, Network, RoadLines, RoadSource
from ..core.network.building import build_apart
from ..core.network.errors import NetworkFileInvalid
from ..core.network.file import read_header
from ..core.network.wording import fields_in_words
from ..core.progress import Progress
from ..i18n import number, tr
from . import log
from .base import CartoAlgorithm
from .cache import networks_folder
from .coordinates import keep_crs
from .qgis_enums import ParameterFlag, SourceType
from .roads import LayerRoads, Roads, given_roads, network_file

PROFILES = ("car", "foot", "bike")
ROADS_TOLD = "_roads_told"
"""Parameter of the panel alone, and key of the answer to it: what the fields of the roads gave, in words."""


ROAD_FIELDS = ("SPEED_FIELD", "DIRECTION_FIELD")


class NetworkParameter(QgsProcessingParameterVectorLayer):
    """A layer of roads of the project, or a file: of roads, or the network made of them.

    QGIS's own widget for layers does both, in dialogs and in the Modeler.
    """

    def checkValueIsAcceptable(self, value, context=None) -> bool:
        if isinstance(value, (Path, QgsProcessingFeatureSourceDefinition)) or network_file(str(value or "")):
            return True
        return super().checkValueIsAcceptable(value, context)

    def clone(self):
        return NetworkParameter(
            self.name(), self.description(), self.dataTypes(), self.defaultValue(), bool(self.flags() & _OPTIONAL)
        )


_OPTIONAL = ParameterFlag.Optional


class NetworkAlgorithm(CartoAlgorithm):
    """An algorithm that travels on a road network; `network` opens what was given for NETWORK."""

    def __init__(self) -> None:
        super().__init__()
        self._roads: Roads | None = None
        self._told = ""

    def add_network(self, optional: bool = False, profile: str = "car") -> None:
        """NETWORK, PROFILE, SNAP_DISTANCE, and the fields that matter where NETWORK is a layer of roads."""
        kinds = [SourceType.VectorLine]
        label = tr("Road network (the file made by “Build the road network”, or a layer of roads)")
        self.addParameter(NetworkParameter("NETWORK", label, kinds, None, optional))
        self.add_enum("PROFILE", tr("Travelling by"), list(PROFILES), profile)
        self.add_snap_distance()
        for name, label in (
            ("SPEED_FIELD", tr("Speed (km/h), where the network is a layer of roads")),
            ("DIRECTION_FIELD", tr("Direction, where the network is a layer of roads")),
        ):
            self.add_advanced(
                QgsProcessingParameterField(name, label, parentLayerParameterName="NETWORK", optional=True)
            )

    def processAlgorithm(self, parameters, context, feedback) -> dict[str, Any]:
        results = super().processAlgorithm(parameters, context, feedback)
        return {**results, ROADS_TOLD: self._told} if parameters.get(ROADS_TOLD) else results

    def prepareAlgorithm(self, parameters, context, feedback) -> bool:
        # On the main thread: the only place where a project's layer may be looked at.
        self._roads = given_roads(parameters.get("NETWORK"), context)
        if isinstance(self._roads, Path):
            with suppress(NetworkFileInvalid):  # what is wrong with it is said when it is opened
                keep_crs(read_header(self._roads)["network"]["crs"])
        elif self._roads is not None and self._roads.crs:
            keep_crs(self._roads.crs)
        return super().prepareAlgorithm(parameters, context, feedback)

    def network(self, parameters: dict[str, Any], context: QgsProcessingContext, progress: Progress) -> Network | None:
        """The open network, None when none was given. A network made for another profile than PROFILE is told."""
        if self._roads is None:
            return None
        profile = self.profile(parameters, context)
        fields = (self.parameterAsString(parameters, name, context) for name in ROAD_FIELDS)
        network = open_roads(self._roads, profile, progress, *fields)
        self._told = " ".join(map(self.words, fields_in_words(BuildReport.from_dict(network.report))))
        return network

    def profile(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        """PROFILE, by car where it was left empty."""
        return self.parameterAsEnumString(parameters, "PROFILE", context) or "car"


def open_roads(
    roads: Roads | str, profile: str, progress: Progress, speed_field: str = "", direction_field: str = ""
) -> Network:
    """The network in a file, or made of roads (see `given_roads`) with their fields of speeds and directions.

    What the fields gave is told each time, and that it was made for another profile.
    """
    if isinstance(roads, str):
        roads = network_file(roads) or RoadSource.parse(roads)
    built = _Builder()
    if isinstance(roads, Path):
        network = networks.refresh_network(roads, progress, build=built)
    else:
        options = BuildOptions(profile=profile, speed_field=speed_field, direction_field=direction_field)
        lines = roads.read(options, progress) if isinstance(roads, LayerRoads) else roads
        network = networks.network_for(lines, options, networks_folder(), progress, build=built)
    _tell(BuildReport.from_dict(network.report), progress, again=not built.ran)
    if network.profile != profile:
        progress.warn(
            msg(
                "The network was built for the profile “{built}”: travel times are those, not of “{asked}”.",
                built=network.profile,
                asked=profile,
            )
        )
    return network


def _tell(report: BuildReport, progress: Progress, again: bool) -> None:
    """What the roads gave, and what was said when the network was made, if that was not now."""
    for message in fields_in_words(report):
        progress.info(message)
    for warning in report.warnings if again else ():
        progress.warn(warning)


class _Builder:
    """`build_network`, and whether it was called."""

    def __init__(self) -> None:
        self.ran = False

    def __call__(self, *arguments: Any) -> BuildReport:
        self.ran = True
        return build_network(*arguments)


def build_network(
    source: RoadSource | RoadLines | str, options: BuildOptions, path: str | PathLike, progress: Progress | None = None
) -> BuildReport:
    """Build in a process of its own (`core.network.building`), and log it."""
    started = time.monotonic()
    report = build_apart(source, options, path, progress)
    words = tr("Network built in {seconds} s: {links} links, profile {profile}, {path}")
    seconds = number(time.monotonic() - started, 1)
    log.told(words.format(seconds=seconds, links=number(report.links), profile=report.profile, path=fspath(path)))
    return report
