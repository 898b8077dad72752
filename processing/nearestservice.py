"""The nearest services of each category for each place of demand."""

from __future__ import annotations

from typing import Any

import numpy as np
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingParameterNumber,
)

from ..core.access.costs import decimals
from ..core.access.nearest import GroupNearest, members_by_category
from ..core.columns import column_names
from ..core.errors import InvalidInput
from ..core.messages import Message, msg
from ..core.network import Network
from ..core.progress import Progress
from ..core.routing.parts import apart
from ..core.routing.snapping import SnappedPoints
from ..i18n import tr, translate_message
from .access_base import UNITS, AccessAlgorithm, Supply
from .access_inputs import Rows, fields_with, put, row_of, rows_or_null, write_rows
from .base import make_fields
from .network_input import PROFILES
from .qgis_enums import NumberType

_MOST_COSTS = 200_000_000
"""Costs held for one category: 2.4 GB."""


class NearestService(AccessAlgorithm):
    """`cartoservices:nearestservice`"""

    ID = "nearestservice"

    def displayName(self) -> str:
        return tr("Nearest service")

    def initAlgorithm(self, configuration=None) -> None:
        self.add_demand(weight=False)
        self.add_field("DEMAND_ID", tr("Identifier of each place"), "DEMAND")
        self.add_services()
        self.add_field("SERVICE_ID", tr("Identifier of each service"), "SERVICES")
        self.add_network()
        self.add_transit()
        self.add_metric()
        self.add_direction()
        self.addParameter(
            QgsProcessingParameterNumber("K", tr("How many of each category"), NumberType.Integer, 1, minValue=1)
        )
        self.add_max_cost()
        self.add_opening()
        # A long table of many people and categories takes longer to write than to find: it may be left out.
        self.add_output("OUTPUT", tr("Nearest services"), optional=True)
        self.add_output("WIDE", tr("Demand with its costs"), optional=True)
        self.add_failed()

    def execute(self, parameters: dict[str, Any], context: QgsProcessingContext, progress: Progress) -> dict[str, Any]:
        router = self.router(parameters, context, progress.part(0.0, 0.1))
        demand = self.read_layer(parameters, "DEMAND", router, context, progress.part(0.1, 0.2), "DEMAND_ID")
        places, placed = self.place_demand(parameters, demand, router, context, progress.part(0.2, 0.25))
        supply = self.supply(parameters, router, context, progress.part(0.25, 0.3), "SERVICE_ID")
        fields = make_fields(
            ("demand_id", "text"), ("categorie", "text"), ("rang", "int"), ("service_id", "text"), ("cout", "float"),
            ("raison", "text"),
        )  # fmt: skip
        facts = {"metric": router.metric, "unit": UNITS[router.metric]}
        table = self.add_sink(parameters, "OUTPUT", context, fields, style="costs", facts=facts)
        several = self._several(parameters, context, supply, len(demand.features))
        asked = self.parameterAsInt(parameters, "K", context)
        costs, farther = (np.full((len(supply.categories), len(demand.features)), np.nan) for _ in range(2))
        travel = self.travel(parameters, context, router)
        members = members_by_category(supply.category, len(supply.categories))
        why = _WhyUnreached(router.network, places, supply, members, self.max_cost(parameters, context), travel.mode)
        for found in travel.nearest(
            places,
            supply.places,
            members,
            direction=self.choice(parameters, "DIRECTION", context, "departure"),
            k=several,
            limit=self.max_cost(parameters, context),
            progress=progress.part(0.3, 0.8),
        ):
            # Several are found among costs in single precision.
            found = found if several == 1 else found._replace(cost=decimals(found.cost))
            costs[found.group, placed] = found.cost[:, 0]
            if several == asked:
                farther[found.group, placed] = found.cost[:, -1]
            if table is not None:
                _write_pairs(table, fields, demand, placed, supply, found, why.of(found), progress)
        names = column_names("cout", supply.categories)
        if asked > 1:
            names += [f"{name}_{asked}" for name in names]
            costs = np.vstack((costs, farther))
        self._write_demand(parameters, context, demand, names, costs, facts, progress.part(0.8, 1.0))
        self.report_failures(parameters, context, progress, DEMAND=demand, SERVICES=supply.rows)
        return {}

    def _several(self, parameters, context, supply: Supply, people: int) -> int:
        """How many of each category are searched: no more than there are. Raises `InvalidInput` for too many."""
        asked = self.parameterAsInt(parameters, "K", context)
        there = int(np.bincount(supply.category).max()) if len(supply.category) else 1
        several = max(1, min(asked, there))
        if several * people > _MOST_COSTS:
            raise InvalidInput(
                "{k} services for each of {count} places are too many at once: ask for {most} at most.",
                k=several,
                count=people,
                most=max(1, _MOST_COSTS // people),
            )
        return several

    def _write_demand(self, parameters, context, demand: Rows, names: list[str], costs, facts, progress) -> None:
        """WIDE: the costs (c, n) of each column, to the nearest, and to the last where several are asked for."""
        source = self.source(parameters, "DEMAND", context)
        columns = [(name, "float") for name in names]
        fields, kept = fields_with(source.fields(), make_fields(*columns, ("raison", "text")))
        sink = self.add_sink(
            parameters, "WIDE", context, fields, source.wkbType(), source.sourceCrs(), style="costs", facts=facts
        )
        write_rows(sink, fields, kept, demand, rows_or_null(costs.T), progress)


class _WhyUnreached:
    """Why places reach no service of a category, where the truth is known."""

    def __init__(
        self,
        network: Network,
        places: SnappedPoints,
        supply: Supply,
        members: list[np.ndarray],
        limit: float,
        mode: str,
    ) -> None:
        self._network, self._places, self._supply = network, places, supply
        self._members, self._limit, self._mode = members, limit, mode

    def of(self, found: GroupNearest) -> dict[int, str]:
        """A sentence for each place (its number) without a service of the category."""
        left = np.flatnonzero(found.service[:, 0] < 0)
        if not len(left):
            return {}
        members = self._members[found.group]
        if self._supply.lost[found.group]:
            return self._all(left, msg("None of the services of this category could be put on the network."))
        if not len(members):
            return self._all(left, msg("No service of this category is open then."))
        away = np.zeros(len(left), bool)
        if self._mode in PROFILES:
            away = apart(self._network, self._places.take(left), self._supply.places.take(members))
        island = msg("No service of this category is on this part of the roads, which nothing joins to the others.")
        other = msg("No way leads to a service of this category.")
        if np.isfinite(self._limit):
            other = msg("No service of this category within {threshold}.", threshold=self._limit)
        return {**self._all(left[away], island), **self._all(left[~away], other)}

    @staticmethod
    def _all(numbers: np.ndarray, reason: Message) -> dict[int, str]:
        return dict.fromkeys(numbers.tolist(), translate_message(reason))


def _write_pairs(
    sink, fields, demand: Rows, placed, supply: Supply, found: GroupNearest, reasons: dict[int, str], progress: Progress
) -> None:
    """One row a place and rank; a place that reaches no service of the category has one row, without cost, with the
    one of ``reasons`` (by number of the place) why.
    """
    category = supply.categories[found.group] or None
    service_ids = [supply.rows.ids[row] for row in supply.row]
    batch = []
    rows = zip(placed.tolist(), found.service.tolist(), rows_or_null(found.cost))
    for number, (row, services, costs) in enumerate(rows):
        for rank, (service, cost) in enumerate(zip(services, costs), start=1):
            if service < 0 and rank > 1:
                break
            service_id = service_ids[service] if service >= 0 else None
            reason = reasons.get(number) if service < 0 else None
            batch.append(row_of(fields, [demand.ids[row], category, rank, service_id, cost, reason]))
        if len(batch) >= 1000:
            put(sink, batch)
            batch = []
            progress.check()
    put(sink, batch)
