"""From a layer of roads to the network file that the other algorithms travel on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from qgis.core import (
    QgsGeometry,
    QgsPoint,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterFile,
    QgsProcessingParameterVectorLayer,
)

from ..core.errors import InvalidInput
from ..core.network import BuildOptions, Network, RoadLines, RoadSource, open_network
from ..core.network.build import read_roads
from ..core.network.components import OUTSIDE
from ..core.network.errors import FieldMissing
from ..core.network.file import is_network_file
from ..core.network.lines import TurnRules
from ..core.network.presets import PRESET_NAMES
from ..core.network.presets.rules import own_speeds
from ..core.network.stress import ANY, CALMEST
from ..core.network.wording import doubts_in_words, report_in_words
from ..core.progress import Progress
from ..core.travel_modes import CAR, PROFILES
from ..i18n import tr
from .asked import Asked
from .base import CartoAlgorithm
from .coordinates import line_of
from .hour import add_hour, hour_asked
from .network_input import build_and_log
from .qgis_enums import SourceType, WkbType
from .roads import LayerRoads, Roads, given_roads
from .table import BATCH
from .turn_layers import given_turns, text_of_turns

NODES = (("noeud", "int"), ("troncons", "int"))
EDGES = (
    ("troncon", "int"),
    ("noeud_debut", "int"),
    ("noeud_fin", "int"),
    ("longueur_m", "float"),
    ("minutes_direct", "float"),
    ("minutes_inverse", "float"),
    ("accroche", "bool"),
)


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

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_layer("INPUT", tr("Roads"), SourceType.VectorLine)
        self.add_enum("PRESET", tr("The roads are from"), list(PRESET_NAMES), "auto")
        self.add_enum("PROFILE", tr("Travelling by"), list(PROFILES), CAR)
        self.add_field("SPEED_FIELD", tr("Speed (km/h)"), "INPUT")
        self.add_field("COST_FIELD", tr("Minutes for the whole line (comes before any speed)"), "INPUT")
        self.add_field("DIRECTION_FIELD", tr("Direction"), "INPUT")
        for name, label in (
            ("VALUE_FORWARD", tr("Values for one-way as drawn (several: a;b)")),
            ("VALUE_BACKWARD", tr("Values for one-way against the drawing")),
            ("VALUE_BOTH", tr("Values for both ways")),
        ):
            self.add_text(name, label, optional=True, advanced=True)
        self.add_number("DEFAULT_SPEED", tr("Speed when nothing says it (km/h)"), 50, least=0.1, advanced=True)
        self.add_number("TOLERANCE", tr("Line ends this near are joined (metres)"), 0, advanced=True)
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
        ign_cost = tr("IGN's own cost of cars (5 s more for each section in a town)")
        self.add_flag("IGN_COST", ign_cost, advanced=True)
        slopes = tr("Slower up and down slopes, on foot or by bike (heights of the lines)")
        self.add_flag("SLOPES", slopes, advanced=True)
        label = tr("By bike, the most stressful road accepted: 1 (children) to 4 (all); one walks along others")
        self.add_number("MAX_STRESS", label, ANY, least=CALMEST, most=ANY, whole=True, advanced=True)
        add_hour(self)
        self.add_file_output("OUTPUT", tr("Road network"), tr("Road network (*.network)"))
        self.add_output("NODES", tr("Junctions"), SourceType.VectorPoint, by_default=False)
        self.add_output("EDGES", tr("Links"), SourceType.VectorLine, by_default=False)
        self.add_number_outputs(
            ("NODE_COUNT", tr("Number of junctions")),
            ("EDGE_COUNT", tr("Number of links")),
            ("COMPONENTS", tr("Parts that no road joins")),
        )

    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        # On the main thread: the only place where a project's layer may be looked at.
        self._roads = given_roads(parameters.get("INPUT"), context)
        try:
            self._turns = given_turns(parameters.get("TURN_BANS"), context)
        except FieldMissing as error:
            raise QgsProcessingException(self.words(error)) from error
        return super().prepareAlgorithm(parameters, context, feedback)

    def compute(self, asked: Asked) -> dict[str, Any]:
        options = self._options(asked)
        path = asked.destination("OUTPUT", ".network")
        refuse_other_files(Path(path))
        report = build_and_log(self._lines(options, asked.upto(0.3)), options, path, asked.upto(0.8))
        for message in report_in_words(report):
            asked.progress.info(message)
        for message in doubts_in_words(report):
            asked.progress.warn(message)
        network = open_network(path)
        _write_nodes(asked, network)
        _write_links(asked, network)
        answer = (path, report.nodes, report.links, report.components)
        return dict(zip(("OUTPUT", "NODE_COUNT", "EDGE_COUNT", "COMPONENTS"), answer))

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

    def _options(self, asked: Asked) -> BuildOptions:
        table = asked.file("SPEEDS")
        hour = hour_asked(asked)
        return BuildOptions(
            preset=asked.choice("PRESET"),
            profile=asked.choice("PROFILE"),
            speed_field=asked.column("SPEED_FIELD"),
            cost_field=asked.column("COST_FIELD"),
            direction_field=asked.column("DIRECTION_FIELD"),
            value_forward=asked.column("VALUE_FORWARD"),
            value_backward=asked.column("VALUE_BACKWARD"),
            value_both=asked.column("VALUE_BOTH"),
            default_speed=asked.number("DEFAULT_SPEED"),
            tolerance=asked.number("TOLERANCE"),
            speeds=own_speeds(table) if table else (),
            ign_cost=asked.flag("IGN_COST"),
            slopes=asked.flag("SLOPES"),
            max_stress=asked.integer("MAX_STRESS"),
            when=hour.when,
            factors=hour.factors,
            factors_source=hour.source,
            turn_bans=text_of_turns(self._turns),
        )


def _write_nodes(asked: Asked, network: Network) -> None:
    table = asked.table("NODES", NODES, geometry=WkbType.Point, crs=network.crs, style="network")
    if not table.wanted:
        return
    progress, ends = asked.upto(0.9), np.concatenate((network.link_from, network.link_to))
    degree = np.bincount(ends, minlength=network.node_count).tolist()
    for number, (xy, links) in enumerate(zip(network.node_xy.tolist(), degree)):
        table.add([number, links], geometry=QgsGeometry(QgsPoint(*xy)))
        _show(progress, number, network.node_count)


def _write_links(asked: Asked, network: Network) -> None:
    table = asked.table("EDGES", EDGES, geometry=WkbType.LineString, crs=network.crs, style="network")
    if not table.wanted:
        return
    progress = asked.upto(1.0)
    for link in range(network.link_count):
        values = (
            link,
            network.link_from[link],
            network.link_to[link],
            network.length[link],
            network.minutes_forward[link],
            network.minutes_backward[link],
            network.link_component[link] != OUTSIDE,
        )
        table.add(values, geometry=line_of(network.line(link)))
        _show(progress, link, network.link_count)


def _show(progress: Progress, number: int, total: int) -> None:
    if number % BATCH == 0:
        progress.advance(number / total)


def refuse_other_files(path: Path) -> None:
    """Raise `InvalidInput` where something else than a network would be overwritten. An empty file holds nothing."""
    if path.is_dir():
        raise InvalidInput("{path} is a folder: give the name of a file.", path=str(path))
    if path.is_file() and path.stat().st_size and not is_network_file(path):
        raise InvalidInput(
            "{path} holds something else than a network, and is left as it is: choose another file.", path=str(path)
        )
