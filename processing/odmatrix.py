"""Costs from many origins to many destinations, written as they are found."""

from __future__ import annotations

from typing import Any

import numpy as np
from qgis.core import QgsFields, QgsProcessingContext

from ..core.access.costs import decimals
from ..core.messages import msg
from ..core.progress import Progress
from ..i18n import tr
from .access_base import UNITS, AccessAlgorithm
from .access_inputs import put, row_of
from .base import make_fields
from .qgis_enums import SourceType


class OdMatrix(AccessAlgorithm):
    """`cartoservices:odmatrix`"""

    ID = "odmatrix"

    def displayName(self) -> str:
        return tr("Origin–destination matrix")

    def initAlgorithm(self, configuration=None) -> None:
        self.add_layer("ORIGINS", tr("Origins"))
        self.add_field("ORIGIN_ID", tr("Identifier of each origin"), "ORIGINS")
        self.add_layer("DESTINATIONS", tr("Destinations"))
        self.add_field("DESTINATION_ID", tr("Identifier of each destination"), "DESTINATIONS")
        self.add_network()
        self.add_transit()
        self.add_metric()
        self.add_max_cost()
        self.add_output("OUTPUT", tr("Costs"), SourceType.Vector)
        self.add_failed()

    def execute(self, parameters: dict[str, Any], context: QgsProcessingContext, progress: Progress) -> dict[str, Any]:
        router = self.router(parameters, context, progress.part(0.0, 0.1))
        sides = []
        for name, id_field, part in (
            ("ORIGINS", "ORIGIN_ID", progress.part(0.1, 0.2)),
            ("DESTINATIONS", "DESTINATION_ID", progress.part(0.2, 0.3)),
        ):
            rows = self.read_layer(parameters, name, router, context, part, id_field)
            places, placed = self.place(parameters, rows, router, context, part)
            sides.append((rows, places, [rows.ids[row] for row in placed]))
        (origins, origin_places, origin_ids), (destinations, destination_places, destination_ids) = sides

        fields = make_fields(("origin_id", "text"), ("destination_id", "text"), ("cout", "float"))
        facts = {"metric": router.metric, "unit": UNITS[router.metric]}
        sink = self.add_sink(parameters, "OUTPUT", context, fields, style="costs", facts=facts)
        limit = self.max_cost(parameters, context)
        pairs = 0
        travel = self.travel(parameters, context, router)
        for block in travel.blocks(origin_places, destination_places, limit, progress=progress.part(0.3, 1.0)):
            pairs += _write(sink, fields, block, origin_ids, destination_ids, progress)
        progress.info(msg("{pairs} pairs were written; a pair that is absent is unreachable.", pairs=pairs))
        self.report_failures(parameters, context, progress, ORIGINS=origins, DESTINATIONS=destinations)
        return {}


def _write(
    sink, fields: QgsFields, block, origin_ids: list[str], destination_ids: list[str], progress: Progress
) -> int:
    written = 0
    for origin, costs in zip(block.origins, block.cost):
        progress.check()
        reached = np.flatnonzero(np.isfinite(costs))
        found = decimals(costs[reached]).tolist()
        destinations = block.destinations[reached].tolist()
        put(sink, [row_of(fields, [origin_ids[origin], destination_ids[d], c]) for d, c in zip(destinations, found)])
        written += len(found)
    return written
