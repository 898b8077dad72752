"""The parameter NETWORK: a network file, or a layer of roads whose network is made and kept in the user's profile."""

from __future__ import annotations

import time
from contextlib import suppress
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterFile,
    QgsProcessingUtils,
    QgsVectorLayer,
)

from ..core import network as networks
from ..core.messages import msg
from ..core.network import BuildOptions, BuildReport, Network, Source
from ..core.network.errors import NetworkFileInvalid
from ..core.network.file import is_network_file, read_header
from ..core.progress import Progress
from ..core.routing import building
from ..i18n import number, tr
from . import log
from .base import CartoAlgorithm
from .cache import networks_folder
from .coordinates import keep_crs

PROFILES = ("car", "foot", "bike")


class NetworkAlgorithm(CartoAlgorithm):
    """An algorithm that travels on a road network; `network` opens what was given for NETWORK."""

    def __init__(self) -> None:
        super().__init__()
        self._roads = ""

    def add_network(self, optional: bool = False) -> None:
        """NETWORK, PROFILE and SNAP_DISTANCE."""
        self.addParameter(
            QgsProcessingParameterFile(
                "NETWORK",
                tr("Road network (the file made by “Build the road network”, or a layer of roads)"),
                optional=optional,
                fileFilter=tr("Road network (*.network);;All files (*)"),
            )
        )
        self.add_enum("PROFILE", tr("Travelling by"), list(PROFILES), "car")
        self.add_snap_distance()

    def checkParameterValues(self, parameters, context):
        return super().checkParameterValues(_with_text(parameters), context)

    def prepareAlgorithm(self, parameters, context, feedback) -> bool:
        # On the main thread: the only place where a project's layer may be looked at.
        self._roads = source_text(parameters.get("NETWORK"), context, feedback)
        if is_network_file(self._roads):
            with suppress(NetworkFileInvalid):  # what is wrong with it is said when it is opened
                keep_crs(read_header(self._roads)["network"]["crs"])
        return super().prepareAlgorithm(parameters, context, feedback)

    def network(self, parameters: dict[str, Any], context: QgsProcessingContext, progress: Progress) -> Network | None:
        """The open network, None when none was given. A network made for another profile than PROFILE is told."""
        if not self._roads:
            return None
        return open_roads(self._roads, self.parameterAsEnumString(parameters, "PROFILE", context) or "car", progress)


def open_roads(roads: str, profile: str, progress: Progress) -> Network:
    """The network in a file, or made of roads (see `source_text`). One made for another profile is told."""
    if not (is_network_file(roads) or roads.endswith(".network")):
        options = BuildOptions(profile=profile)
        return networks.network_for(roads, options, networks_folder(), progress, build=build_network)
    network = networks.refresh_network(roads, progress, build=build_network)
    if network.profile != profile:
        progress.warn(
            msg(
                "The network was built for the profile “{built}”: travel times are those, not of “{asked}”.",
                built=network.profile,
                asked=profile,
            )
        )
    return network


def build_network(
    source: Source | str, options: BuildOptions, path: str | PathLike, progress: Progress | None = None
) -> BuildReport:
    """Build in a process of its own (`core.routing.building`), and log it."""
    started = time.monotonic()
    report = building.build_network(source, options, path, progress)
    words = tr("Network built in {seconds} s: {links} links, profile {profile}, {path}")
    seconds = number(time.monotonic() - started, 1)
    log.told(words.format(seconds=seconds, links=number(report.links), profile=report.profile, path=fspath(path)))
    return report


def _with_text(parameters: dict[str, Any]) -> dict[str, Any]:
    """NETWORK as text, for a check that knows files only."""
    value = parameters.get("NETWORK")
    if isinstance(value, QgsVectorLayer):
        return {**parameters, "NETWORK": value.source() or value.id()}
    return {**parameters, "NETWORK": str(value)} if isinstance(value, Path) else parameters


def source_text(value: Any, context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> str:
    """The path of the network file or of the roads, as GDAL and QGIS write it (``path|layername=…``)."""
    if not isinstance(value, QgsVectorLayer):
        value = str(value or "").strip()
        if not value or Path(value.split("|", 1)[0]).is_file():
            return value
        layer = QgsProcessingUtils.mapLayerFromString(value, context)
        if not isinstance(layer, QgsVectorLayer):
            raise QgsProcessingException(
                tr("“{value}” is neither a network file nor a layer of roads.").format(value=value)
            )
        value = layer
    if value.providerType() == "ogr":
        return value.source()
    return QgsProcessingUtils.convertToCompatibleFormat(value, False, "roads", ["gpkg"], "gpkg", context, feedback)
