"""The roads whose cut would take the most people away from the services, ranked."""

from __future__ import annotations

from typing import Any

from ..core.access.critical import CutEffect, Order, critical_in_groups
from ..core.access.nearest import members_by_category
from ..core.messages import msg
from ..core.progress import Progress
from ..i18n import tr
from .access_asked import AccessAsked, Placed, Supply
from .access_base import AccessAlgorithm
from .coordinates import line_of
from .qgis_enums import SourceType, WkbType
from .styling.renderers import service_in_sentences

_COLUMNS = (
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

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_demand()
        self.add_services()
        self.add_network()
        self.add_direction()
        self.add_number("THRESHOLD", tr("Threshold (minutes)"), 20)
        self.add_number("MOST", tr("How many roads of each category at most"), 50, least=1, most=10_000, whole=True)
        self.add_output("OUTPUT", tr("Critical roads"), SourceType.VectorLine)
        self.add_failed()

    def compute(self, asked: AccessAsked) -> None:
        network = asked.router(0.05).network
        asked.warn_without_population()
        demand = asked.demand(0.15)
        supply = asked.supply(0.2)
        supply.require_some()
        order = _order(asked, network.path, demand, supply)
        ranked = critical_in_groups(order, asked.upto(0.95))
        table = asked.table("OUTPUT", _COLUMNS, geometry=WkbType.LineString, crs=asked.crs, style="critical")
        for category, effects, lost in zip(supply.categories, ranked, supply.lost.tolist()):
            for rank, effect in enumerate(effects, start=1):
                figures = [effect.isolated, effect.beyond, effect.minutes]
                table.add([rank, category or None, *figures], geometry=line_of(network.line(effect.link)))
            if not lost:  # said when the services were read
                _say(category, effects, order.threshold, asked.progress)


def _order(asked: AccessAsked, path: str, demand: Placed, supply: Supply) -> Order:
    return Order(
        path,
        demand.rows.xy[demand.row],
        demand.places,
        demand.rows.weight[demand.row],
        supply.rows.xy[supply.row],
        supply.places,
        members_by_category(supply.category, len(supply.categories)),
        asked.number("THRESHOLD"),
        asked.integer("MOST"),
        asked.direction,
        asked.number("SNAP_DISTANCE"),
    )


def _say(category: str, effects: list[CutEffect], threshold: float, progress: Progress) -> None:
    """The worst cut, in words."""
    label = service_in_sentences(category)
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
