"""The roads whose cut would take the most people away from the services, ranked."""

from __future__ import annotations

from typing import Any

import numpy as np
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsGeometry,
    QgsLineString,
    QgsProcessingContext,
    QgsProcessingParameterNumber,
)

from ..core.access.critical import Effect, Order, critical_in_groups
from ..core.access.nearest import members_by_category
from ..core.messages import msg
from ..core.network import Network
from ..core.progress import Progress
from ..i18n import tr
from .access_base import AccessAlgorithm
from .access_inputs import put, row_of
from .base import make_fields
from .qgis_enums import NumberType, SourceType, WkbType
from .styling.renderers import category_label

_FIELDS = (
    ("rang", "int"),
    ("categorie", "text"),
    ("personnes_isolees", "float"),
    ("personnes_au_dela", "float"),
    ("minutes_personnes", "float"),
)


class CriticalLinks(AccessAlgorithm):
    """`cartoservices:criticallinks`"""

    ID = "criticallinks"

    def displayName(self) -> str:
        return tr("Critical roads")

    def initAlgorithm(self, configuration=None) -> None:
        self.add_demand()
        self.add_services()
        self.add_network()
        self.add_direction()
        label = tr("Threshold (minutes)")
        self.addParameter(QgsProcessingParameterNumber("THRESHOLD", label, NumberType.Double, 20.0, minValue=0))
        label = tr("How many roads of each category at most")
        self.addParameter(
            QgsProcessingParameterNumber("MOST", label, NumberType.Integer, 50, minValue=1, maxValue=10_000)
        )
        self.add_output("OUTPUT", tr("Critical roads"), SourceType.VectorLine)
        self.add_failed()

    def execute(self, parameters: dict[str, Any], context: QgsProcessingContext, progress: Progress) -> dict[str, Any]:
        router = self.router(parameters, context, progress.part(0.0, 0.05))
        demand = self.read_layer(parameters, "DEMAND", router, context, progress.part(0.05, 0.1), weight="DEMAND_WEIGHT")
        if not self.parameterAsString(parameters, "DEMAND_WEIGHT", context):
            progress.warn(msg("No population was given: every place of demand counts for 1."))
        people, placed = self.place_demand(parameters, demand, router, context, progress.part(0.1, 0.15))
        supply = self.supply(parameters, router, context, progress.part(0.15, 0.2))
        self.require_services(supply)
        threshold = self.parameterAsDouble(parameters, "THRESHOLD", context)
        order = Order(
            router.network.path,
            demand.xy[placed],
            people,
            demand.weight[placed],
            supply.rows.xy[supply.row],
            supply.places,
            members_by_category(supply.category, len(supply.categories)),
            threshold,
            self.parameterAsInt(parameters, "MOST", context),
            self.choice(parameters, "DIRECTION", context, "departure"),
            self.parameterAsDouble(parameters, "SNAP_DISTANCE", context),
        )
        ranked = critical_in_groups(order, progress.part(0.2, 0.95))
        self._write(parameters, context, router.network, dict(zip(supply.categories, ranked)))
        for category, effects in zip(supply.categories, ranked):
            _tell(category, effects, threshold, progress)
        self.report_failures(parameters, context, progress, DEMAND=demand, SERVICES=supply.rows)
        return {}

    def _write(self, parameters, context, network: Network, ranked: dict[str, list[Effect]]) -> None:
        fields = make_fields(*_FIELDS)
        crs = QgsCoordinateReferenceSystem(network.crs)
        sink = self.add_sink(parameters, "OUTPUT", context, fields, WkbType.LineString, crs, style="critical")
        for category, effects in ranked.items():
            rows = []
            for rank, effect in enumerate(effects, start=1):
                line = np.asarray(network.line(effect.link))
                shape = QgsGeometry(QgsLineString(line[:, 0].tolist(), line[:, 1].tolist()))
                figures = [effect.isolated, effect.beyond, effect.minutes]
                rows.append(row_of(fields, [rank, category or None, *figures], shape))
            put(sink, rows)


def _tell(category: str, effects: list[Effect], threshold: float, progress: Progress) -> None:
    """The worst cut, in words."""
    label = category_label(category) if category else msg("a service")
    if not effects:
        progress.info(msg("{category}: no cut of a single road changes anybody's way.", category=label))
        return
    progress.info(
        msg(
            "{category}: the worst cut isolates {isolated} people and puts {beyond} more beyond {threshold} min.",
            category=label,
            isolated=round(effects[0].isolated),
            beyond=round(effects[0].beyond),
            threshold=threshold,
        )
    )
