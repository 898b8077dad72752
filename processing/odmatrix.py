"""Costs from many origins to many destinations, written as they are found."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.access.costs import CostBlock, decimals
from ..core.messages import msg
from ..core.progress import Progress
from ..i18n import tr
from .access_asked import AccessAsked, Placed
from .access_base import AccessAlgorithm
from .qgis_enums import SourceType
from .table import ResultTable

COSTS = (("origin_id", "text"), ("destination_id", "text"), ("cout", "float"))


class OdMatrix(AccessAlgorithm):
    """`cartoservices:odmatrix`"""

    ID = "odmatrix"

    def displayName(self) -> str:
        return tr("Origin–destination matrix")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_layer("ORIGINS", tr("Origins"))
        self.add_field("ORIGIN_ID", tr("Identifier of each origin"), "ORIGINS")
        self.add_layer("DESTINATIONS", tr("Destinations"))
        self.add_field("DESTINATION_ID", tr("Identifier of each destination"), "DESTINATIONS")
        self.add_network()
        self.add_transit()
        self.add_cluster()
        self.add_metric()
        self.add_max_cost()
        self.add_output("OUTPUT", tr("Costs"), SourceType.Vector)
        self.add_failed()

    def compute(self, asked: AccessAsked) -> None:
        asked.router(0.1)
        origins = asked.places("ORIGINS", 0.2, id="ORIGIN_ID")
        destinations = asked.places("DESTINATIONS", 0.3, id="DESTINATION_ID")
        table = asked.table("OUTPUT", COSTS, style="costs", facts=asked.cost_facts, always=True)
        limit = asked.number("MAX_COST", empty=np.inf)
        travel, pairs = asked.travel(), 0
        for block in travel.blocks(origins.places, destinations.places, limit, progress=asked.upto(1.0)):
            pairs += _write(table, block, origins, destinations, asked.progress)
        asked.progress.info(msg("{pairs} pairs were written; a pair that is absent is unreachable.", pairs=pairs))


def _write(table: ResultTable, block: CostBlock, origins: Placed, destinations: Placed, progress: Progress) -> int:
    """The pairs that a block reaches, and how many these are; a cancel cuts no origin short."""
    written = 0
    origin_ids, destination_ids = ([side.rows.ids[row] for row in side.row] for side in (origins, destinations))
    for origin, costs in zip(block.origins, block.cost):
        progress.check()
        reached = np.flatnonzero(np.isfinite(costs))
        ids = [destination_ids[destination] for destination in block.destinations[reached].tolist()]
        table.add_columns(([origin_ids[origin]] * len(reached), ids, decimals(costs[reached])))
        written += len(reached)
    return written
