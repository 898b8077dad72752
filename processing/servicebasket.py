"""Access to a basket of services: the mean time to the nearest of each, and what is missing."""

from __future__ import annotations

from itertools import compress
from typing import Any

import numpy as np

from ..core.access.baskets import Basket, BasketAccess, basket_access, built_in, places_by_need, read_basket
from ..core.columns import column_names, distinct_names
from ..core.messages import msg
from ..core.progress import Progress
from ..i18n import tr
from .access_asked import AccessAsked, Supply
from .access_base import AccessAlgorithm
from .access_inputs import Rows
from .population_groups import GroupsOutput, add_groups


class ServiceBasket(AccessAlgorithm):
    """`cartoservices:servicebasket`"""

    ID = "servicebasket"

    def displayName(self) -> str:
        return tr("Basket of services")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_demand()
        self.add_services()
        label = tr("Basket: a JSON file, or one of {names}").format(names=", ".join(built_in()))
        self.add_text("BASKET", label, "vie_courante")
        self.add_number("THRESHOLD", tr("A service farther than this is missing (minutes)"), 20)
        self.add_network()
        self.add_transit()
        self.add_cluster()
        self.add_direction()
        self.add_opening()
        add_groups(self)
        self.add_output("OUTPUT", tr("Access to the basket"))
        self.add_failed()

    def compute(self, asked: AccessAsked) -> None:
        basket = read_basket(asked.column("BASKET"))
        threshold = asked.number("THRESHOLD")
        asked.router(0.1)
        demand = asked.demand(0.25)
        supply = asked.supply(0.3)
        supply.require_some()
        needs = places_by_need(basket, supply.categories, supply.category)
        absent = [service.label for service, members in zip(basket.services, needs) if not len(members)]
        if absent:
            asked.progress.warn(
                msg("The layer of services has no place for: {names}. The mean is then NULL.", names=", ".join(absent))
            )
        cost = np.full((len(demand.rows.features), len(needs)), np.nan)
        for found in asked.travel().nearest(
            demand.places, supply.places, needs, direction=asked.direction, progress=asked.upto(0.9)
        ):
            cost[demand.row, found.group] = found.cost[:, 0]
        access = basket_access(cost, threshold)
        lost = _unknown_needs(basket, supply, needs)
        access.missing[:, lost] = False
        _write(asked, demand.rows, basket, cost, access)
        _say(asked.progress, demand.rows, access, [need.label for need, left in zip(basket.services, lost) if left])
        _write_groups(asked, demand.rows, basket, cost, access.mean, lost)


def _unknown_needs(basket: Basket, supply: Supply, needs: list[np.ndarray]) -> np.ndarray:
    """(s,) bool: services of the basket whose places could not be put on the network: nobody knows if they lack."""
    lost = {supply.categories[row] for row in np.flatnonzero(supply.lost)}
    met = [bool(len(members)) for members in needs]
    return np.array([not found and bool(lost & set(need.categories)) for need, found in zip(basket.services, met)])


def _write_groups(
    asked: AccessAsked,
    demand: Rows,
    basket: Basket,
    cost: np.ndarray,
    mean: np.ndarray,
    lost: np.ndarray,
) -> None:
    """GROUPS_OUT: the mean time to the basket, without category, then each service of it."""
    output, threshold = GroupsOutput(asked, demand, "min"), asked.number("THRESHOLD")
    computed = demand.usable()
    whole = output.figures(mean, (threshold,), computed & ~lost.any())
    output.write("", (threshold,), whole)
    output.say(basket.name, threshold, whole)
    for number, service in enumerate(basket.services):
        known = computed & ~lost[number]
        output.write(service.code, (threshold,), output.figures(cost[:, number], (threshold,), known))


def _write(asked: AccessAsked, demand: Rows, basket: Basket, cost: np.ndarray, access: BasketAccess) -> None:
    codes = [service.code for service in basket.services]
    columns = (
        ("cout_panier", "float"),
        ("manquants", "text"),
        ("nb_manquants", "int"),
        *((name, "float") for name in distinct_names(column_names("cout", codes), ["cout_panier"])),
    )
    facts = {"weight": asked.column("DEMAND_WEIGHT"), "unit": "min"}
    table = asked.rows_table("OUTPUT", demand, columns, style="basket", facts=facts)
    known, count = demand.usable().tolist(), access.missing.sum(axis=1).tolist()
    rows = zip(known, access.missing.tolist())
    which = [", ".join(compress(codes, lacking)) if computed else None for computed, lacking in rows]
    how_many = [number if computed else None for computed, number in zip(known, count)]
    asked.write_rows(table, demand, (access.mean, which, how_many, *cost.T), 1.0)


def _say(progress: Progress, demand: Rows, access: BasketAccess, unknown: list[str]) -> None:
    """The share of people who have the whole basket within the threshold, and the services ``unknown`` to all."""
    counted = np.isfinite(demand.weight) & demand.usable()
    total = float(demand.weight[counted].sum())
    lacking = float(demand.weight[counted & access.missing.any(axis=1)].sum())
    if total:
        progress.info(
            msg(
                "{count} person ({share} %) lacks a service of the basket."
                "|{count} people ({share} %) lack a service of the basket.",
                count=round(lacking),
                share=100 * lacking / total,
            )
        )
    if unknown:
        progress.warn(msg("Nobody knows who lacks: {names}. The mean is then NULL.", names=", ".join(unknown)))
