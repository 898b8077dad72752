"""The nearest services of each category for each place of demand."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.access.costs import decimals
from ..core.access.nearest import GroupNearest, members_by_category
from ..core.columns import column_names, distinct_names
from ..core.errors import InvalidInput
from ..core.messages import Message, msg
from ..core.network import Network
from ..core.routing.parts import apart
from ..core.routing.snapped_points import SnappedPoints
from ..core.travel_modes import PROFILES
from ..i18n import tr, translate_message
from .access_asked import AccessAsked, Placed, Supply
from .access_base import AccessAlgorithm
from .table import ResultTable

_MOST_COSTS = 200_000_000
"""Costs held for one category: 2.4 GB."""
PAIR_COLUMNS = (
    ("demand_id", "text"),
    ("categorie", "text"),
    ("rang", "int"),
    ("service_id", "text"),
    ("cout", "float"),
    ("raison", "text"),
)


class NearestService(AccessAlgorithm):
    """`cartoservices:nearestservice`"""

    ID = "nearestservice"

    def displayName(self) -> str:
        return tr("Nearest service")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_demand(weight=False, identified=True)
        self.add_services(identified=True)
        self.add_network()
        self.add_transit()
        self.add_cluster()
        self.add_metric()
        self.add_direction()
        self.add_number("K", tr("How many of each category"), 1, least=1, whole=True)
        self.add_max_cost()
        self.add_opening()
        # A long table of many people and categories takes longer to write than to find: it may be left out.
        self.add_output("OUTPUT", tr("Nearest services"), optional=True)
        self.add_output("WIDE", tr("Demand with its costs"), optional=True)
        self.add_failed()

    def compute(self, asked: AccessAsked) -> None:
        router = asked.router(0.1)
        demand = asked.demand(0.25)
        supply = asked.supply(0.3)
        table = asked.table("OUTPUT", PAIR_COLUMNS, style="costs", facts=asked.cost_facts)
        k = asked.integer("K")
        searched = _searched(k, supply, len(demand.rows.features))
        costs, farther = (np.full((len(supply.categories), len(demand.rows.features)), np.nan) for _ in range(2))
        travel, limit = asked.travel(), asked.number("MAX_COST", empty=np.inf)
        members = members_by_category(supply.category, len(supply.categories))
        why = _WhyUnreached(router.network, demand.places, supply, members, limit, travel.mode)
        for found in travel.nearest(
            demand.places,
            supply.places,
            members,
            direction=asked.direction,
            k=searched,
            limit=limit,
            progress=asked.upto(0.8),
        ):
            # Several are found among costs in single precision.
            found = found if searched == 1 else found._replace(cost=decimals(found.cost))
            costs[found.group, demand.row] = found.cost[:, 0]
            if searched == k:
                farther[found.group, demand.row] = found.cost[:, -1]
            if table.wanted:
                _write_pairs(table, demand, supply, found, why.of(found))
        names = column_names("cout", supply.categories)
        if k > 1:
            names += distinct_names([f"{name}_{k}" for name in names], names)
            costs = np.vstack((costs, farther))
        columns = tuple((name, "float") for name in names)
        wide = asked.rows_table("WIDE", demand.rows, columns, style="costs", facts=asked.cost_facts)
        asked.write_rows(wide, demand.rows, costs, 1.0)


def _searched(k: int, supply: Supply, people: int) -> int:
    """How many of each category are searched: no more than there are. Raises `InvalidInput` for too many."""
    there = int(np.bincount(supply.category).max()) if len(supply.category) else 1
    searched = max(1, min(k, there))
    if searched * people > _MOST_COSTS:
        raise InvalidInput(
            "{k} services for each of {count} places are too many at once: ask for {most} at most.",
            k=searched,
            count=people,
            most=max(1, _MOST_COSTS // people),
        )
    return searched


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
    table: ResultTable, demand: Placed, supply: Supply, found: GroupNearest, reasons: dict[int, str]
) -> None:
    """One row a place and rank; a place that reaches no service of the category has one row, without cost, with the
    one of ``reasons`` (by number of the place) why.
    """
    service_ids = [*(supply.rows.ids[row] for row in supply.row.tolist()), None]
    reached = found.service >= 0
    reached[:, 0] = True
    number, rank = np.nonzero(reached)
    service = found.service[number, rank]
    table.add_columns(
        (
            [demand.rows.ids[row] for row in demand.row[number].tolist()],
            [supply.categories[found.group] or None] * len(number),
            rank + 1,
            [service_ids[row] for row in np.maximum(service, -1).tolist()],
            found.cost[number, rank],
            [reasons.get(row) if nobody else None for row, nobody in zip(number.tolist(), (service < 0).tolist())],
        )
    )
