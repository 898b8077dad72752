"""From a layer of roads to the network file that the other algorithms travel on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureSink,
    QgsGeometry,
    QgsLineString,
    QgsPoint,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorLayer,
)

from ..core.errors import InvalidInput
from ..core.messages import msg
from ..core.network import BuildOptions, BuildReport, Network, RoadLines, RoadSource, open_network
from ..core.network.build import read_roads
from ..core.network.components import OUTSIDE
from ..core.network.errors import FieldMissing
from ..core.network.file import is_network_file
from ..core.network.lines import TurnRules
from ..core.network.presets import PRESET_NAMES
from ..core.network.presets.rules import PROFILES, own_speeds
from ..core.network.wording import fields_in_words
from ..core.progress import Progress
from ..i18n import tr
from .base import CartoAlgorithm, make_fields
from .network_input import build_network
from .qgis_enums import NumberType, SourceType, WkbType
from .roads import LayerRoads, Roads, given_roads
from .turn_layers import given_turns, text_of_turns

_BATCH = 5000
_MOST_CLASSES = 12


class BuildNetwork(CartoAlgorithm):
    """`cartoservices:buildnetwork`"""

    ID = "buildnetwork"
    GROUP = "network"

    def __init__(self) -> None:
        super().__init__()
        self._roads: Roads | None = None
        self._turns: RoadSource | TurnRules | None = None

    def displayName(self) -> str:
        return tr("Build the road network")

    def initAlgorithm(self, configuration=None) -> None:
        self.addParameter(QgsProcessingParameterFeatureSource("INPUT", tr("Roads"), [SourceType.VectorLine]))
        self.add_enum("PRESET", tr("The roads are from"), list(PRESET_NAMES), "auto")
        self.add_enum("PROFILE", tr("Travelling by"), list(PROFILES), "car")
        self._add_field("SPEED_FIELD", tr("Speed (km/h)"))
        self._add_field("COST_FIELD", tr("Minutes for the whole line (comes before any speed)"))
        self._add_field("DIRECTION_FIELD", tr("Direction"))
        for name, label in (
            ("VALUE_FORWARD", tr("Values for one-way as drawn (several: a;b)")),
            ("VALUE_BACKWARD", tr("Values for one-way against the drawing")),
            ("VALUE_BOTH", tr("Values for both ways")),
        ):
            self.add_advanced(QgsProcessingParameterString(name, label, optional=True))
        kind = NumberType.Double
        self.add_advanced(
            QgsProcessingParameterNumber(
                "DEFAULT_SPEED", tr("Speed when nothing says it (km/h)"), kind, 50, minValue=0.1
            )
        )
        self.add_advanced(
            QgsProcessingParameterNumber(
                "TOLERANCE", tr("Line ends this near are joined (metres)"), kind, 0, minValue=0
            )
        )
        self.add_advanced(
            QgsProcessingParameterFile(
                "SPEEDS", tr("Your own speeds: a CSV with columns classe, kmh"), extension="csv", optional=True
            )
        )
        self.add_advanced(
            QgsProcessingParameterVectorLayer(
                "TURN_BANS",
                tr("Forbidden turns (BD TOPO's non_communication; found by itself beside the roads)"),
                [SourceType.Vector],
                optional=True,
            )
        )
        self.add_advanced(
            QgsProcessingParameterBoolean(
                "IGN_COST", tr("IGN's own cost of cars (5 s more for each section in a town)"), False
            )
        )
        self.addParameter(
            QgsProcessingParameterFileDestination("OUTPUT", tr("Road network"), tr("Road network (*.network)"))
        )
        self.add_output("NODES", tr("Junctions"), SourceType.VectorPoint, by_default=False)
        self.add_output("EDGES", tr("Links"), SourceType.VectorLine, by_default=False)
        self.addOutput(QgsProcessingOutputNumber("NODE_COUNT", tr("Number of junctions")))
        self.addOutput(QgsProcessingOutputNumber("EDGE_COUNT", tr("Number of links")))
        self.addOutput(QgsProcessingOutputNumber("COMPONENTS", tr("Parts that no road joins")))

    def prepareAlgorithm(self, parameters, context, feedback) -> bool:
        # On the main thread: the only place where a project's layer may be looked at.
        self._roads = given_roads(parameters.get("INPUT"), context)
        try:
            self._turns = given_turns(parameters.get("TURN_BANS"), context)
        except FieldMissing as error:
            raise QgsProcessingException(self.words(error)) from error
        return super().prepareAlgorithm(parameters, context, feedback)

    def execute(self, parameters: dict[str, Any], context: QgsProcessingContext, progress: Progress) -> dict[str, Any]:
        options = self._options(parameters, context)
        path = self.parameterAsFileOutput(parameters, "OUTPUT", context)
        if not Path(path).suffix:
            path += ".network"
        refuse_other_files(Path(path))
        report = build_network(self._lines(options, progress.part(0.0, 0.3)), options, path, progress.part(0.3, 0.8))
        _tell(report, progress)
        network = open_network(path)
        self._write_nodes(parameters, context, network, progress.part(0.8, 0.9))
        self._write_links(parameters, context, network, progress.part(0.9, 1.0))
        return {
            "OUTPUT": path,
            "NODE_COUNT": report.nodes,
            "EDGE_COUNT": report.links,
            "COMPONENTS": report.components,
        }

    def _lines(self, options: BuildOptions, progress: Progress) -> RoadSource | RoadLines:
        roads = self._roads
        if isinstance(roads, RoadSource) and isinstance(self._turns, TurnRules):
            return read_roads(roads, options, progress, self._turns)
        if isinstance(roads, LayerRoads):
            rules = self._turns if isinstance(self._turns, TurnRules) else None
            return roads.read(options, progress)._replace(rules=rules)
        if isinstance(roads, RoadSource):
            return roads
        raise InvalidInput("Give a layer of roads: a network file is made already.")

    def _add_field(self, name: str, label: str) -> None:
        self.addParameter(QgsProcessingParameterField(name, label, parentLayerParameterName="INPUT", optional=True))

    def _options(self, parameters: dict[str, Any], context: QgsProcessingContext) -> BuildOptions:
        def text(name: str) -> str:
            return self.parameterAsString(parameters, name, context) or ""

        table = self.parameterAsFile(parameters, "SPEEDS", context)
        return BuildOptions(
            preset=self.parameterAsEnumString(parameters, "PRESET", context),
            profile=self.parameterAsEnumString(parameters, "PROFILE", context),
            speed_field=text("SPEED_FIELD"),
            cost_field=text("COST_FIELD"),
            direction_field=text("DIRECTION_FIELD"),
            value_forward=text("VALUE_FORWARD"),
            value_backward=text("VALUE_BACKWARD"),
            value_both=text("VALUE_BOTH"),
            default_speed=self.parameterAsDouble(parameters, "DEFAULT_SPEED", context),
            tolerance=self.parameterAsDouble(parameters, "TOLERANCE", context),
            speeds=own_speeds(table) if table else (),
            ign_cost=self.parameterAsBool(parameters, "IGN_COST", context),
            turn_bans=text_of_turns(self._turns),
        )

    def _write_nodes(self, parameters, context, network: Network, progress: Progress) -> None:
        fields = make_fields(("noeud", "int"), ("troncons", "int"))
        crs = QgsCoordinateReferenceSystem(network.crs)
        sink = self.add_sink(parameters, "NODES", context, fields, WkbType.Point, crs, style="network")
        if sink is None:
            return
        ends = np.concatenate((network.link_from, network.link_to))
        degree = np.bincount(ends, minlength=network.node_count).tolist()
        points = zip(network.node_xy.tolist(), degree)
        rows = ((QgsGeometry(QgsPoint(*xy)), [number, links]) for number, (xy, links) in enumerate(points))
        _write(sink, fields, rows, network.node_count, progress)

    def _write_links(self, parameters, context, network: Network, progress: Progress) -> None:
        fields = make_fields(
            ("troncon", "int"),
            ("noeud_debut", "int"),
            ("noeud_fin", "int"),
            ("longueur_m", "float"),
            ("minutes_direct", "float"),
            ("minutes_inverse", "float"),
            ("accroche", "bool"),
        )
        crs = QgsCoordinateReferenceSystem(network.crs)
        sink = self.add_sink(parameters, "EDGES", context, fields, WkbType.LineString, crs, style="network")
        if sink is not None:
            _write(sink, fields, _link_rows(network), network.link_count, progress)


def refuse_other_files(path: Path) -> None:
    """Raise `InvalidInput` where something else than a network would be overwritten. An empty file holds nothing."""
    if path.is_dir():
        raise InvalidInput("{path} is a folder: give the name of a file.", path=str(path))
    if path.is_file() and path.stat().st_size and not is_network_file(path):
        raise InvalidInput(
            "{path} holds something else than a network, and is left as it is: choose another file.", path=str(path)
        )


def _link_rows(network: Network) -> Iterator[tuple[QgsGeometry, list[Any]]]:
    for link in range(network.link_count):
        line = network.line(link)
        minutes = (float(network.minutes_forward[link]), float(network.minutes_backward[link]))
        yield (
            QgsGeometry(QgsLineString(line[:, 0].tolist(), line[:, 1].tolist())),
            [
                link,
                int(network.link_from[link]),
                int(network.link_to[link]),
                float(network.length[link]),
                *(value if np.isfinite(value) else None for value in minutes),
                bool(network.link_component[link] != OUTSIDE),
            ],
        )


def _write(sink: QgsFeatureSink, fields, rows: Iterator[tuple[QgsGeometry, list[Any]]], total: int, progress) -> None:
    batch = []
    for number, (geometry, attributes) in enumerate(rows, start=1):
        feature = QgsFeature(fields)
        feature.setGeometry(geometry)
        feature.setAttributes(attributes)
        batch.append(feature)
        if len(batch) == _BATCH or number == total:
            sink.addFeatures(batch, QgsFeatureSink.Flag.FastInsert)
            batch = []
            progress.advance(number / total)


def _tell(report: BuildReport, progress: Progress) -> None:
    """What was read, in words."""
    progress.info(
        msg(
            "Preset “{preset}”, profile “{profile}”: {lines} lines of {rows} may be used.",
            preset=report.preset,
            profile=report.profile,
            lines=report.lines,
            rows=report.rows,
        )
    )
    progress.info(
        msg(
            "{nodes} junctions, {links} links ({one_way} one-way), {length} km.",
            nodes=report.nodes,
            links=report.links,
            one_way=report.one_way,
            length=report.length_km,
        )
    )
    for message in fields_in_words(report):
        progress.info(message)
    if report.components > 1 or report.outside_core:
        progress.info(
            msg(
                "The network is in {parts} parts; {links} links cannot be both reached and left.",
                parts=report.components,
                links=report.outside_core,
            )
        )
    if report.doubled:
        progress.info(
            msg(
                "{count} link runs beside another one between the same junctions: they are one road, open each way."
                "|{count} links run beside another one between the same junctions: they are one road, open each way.",
                count=report.doubled,
            )
        )
    for name, count in list(report.classes.items())[:_MOST_CLASSES]:
        missing = report.default_speed_used.get(name, 0)
        progress.info(
            msg(
                "{name}: {count} links; {missing} lines take the default speed of their class.",
                name=name or "–",
                count=count,
                missing=missing,
            )
        )
    if report.zero_length or report.very_long:
        progress.warn(
            msg(
                "Suspicious lengths: {zero} links of 0 m, {long} links over 30 km.",
                zero=report.zero_length,
                long=report.very_long,
            )
        )
