"""Access to a basket of services: the mean time to the nearest of each, and what is missing."""

from __future__ import annotations

from typing import Any

import numpy as np
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ..core.access.baskets import Basket, BasketAccess, basket_access, built_in, places_by_need, read_basket
from ..core.columns import column_names
from ..core.messages import msg
from ..core.progress import Progress
from ..i18n import tr
from .access_base import AccessAlgorithm, Supply
from .access_inputs import Rows, fields_with, rows_or_null, write_rows
from .base import make_fields
from .population_groups import GroupsOutput, add_groups
from .qgis_enums import NumberType


class ServiceBasket(AccessAlgorithm):
    """`cartoservices:servicebasket`"""

    ID = "servicebasket"

    def displayName(self) -> str:
        return tr("Basket of services")

    def initAlgorithm(self, configuration=None) -> None:
        self.add_demand()
        self.add_services()
        self.addParameter(
            QgsProcessingParameterString(
                "BASKET",
                tr("Basket: a JSON file, or one of {names}").format(names=", ".join(built_in())),
                "vie_courante",
            )
        )
        self.addParameter(
            QgsProcessingParameterNumber(
                "THRESHOLD",
                tr("A service farther than this is missing (minutes)"),
                NumberType.Double,
                20.0,
                minValue=0,
            )
        )
        self.add_network()
        self.add_transit()
        self.add_direction()
        self.add_opening()
        add_groups(self)
        self.add_output("OUTPUT", tr("Access to the basket"))
        self.add_failed()

    def execute(self, parameters: dict[str, Any], context: QgsProcessingContext, progress: Progress) -> dict[str, Any]:
        basket = read_basket(self.parameterAsString(parameters, "BASKET", context))
        threshold = self.parameterAsDouble(parameters, "THRESHOLD", context)
        router = self.router(parameters, context, progress.part(0.0, 0.1))
        demand = self.read_layer(parameters, "DEMAND", router, context, progress.part(0.1, 0.2), weight="DEMAND_WEIGHT")
        places, placed = self.place_demand(parameters, demand, router, context, progress.part(0.2, 0.25))
        supply = self.supply(parameters, router, context, progress.part(0.25, 0.3))
        self.require_services(supply)
        needs = places_by_need(basket, supply.categories, supply.category)
        absent = [service.label for service, members in zip(basket.services, needs) if not len(members)]
        if absent:
            progress.warn(
                msg("The layer of services has no place for: {names}. The mean is then NULL.", names=", ".join(absent))
            )
        cost = np.full((len(demand.features), len(needs)), np.nan)
        travel = self.travel(parameters, context, router)
        for found in travel.nearest(
            places,
            supply.places,
            needs,
            direction=self.choice(parameters, "DIRECTION", context, "departure"),
            progress=progress.part(0.3, 0.9),
        ):
            cost[placed, found.group] = found.cost[:, 0]
        access = basket_access(cost, threshold)
        lost = self._unknown_needs(basket, supply, needs)
        access.missing[:, lost] = False
        self._write(parameters, context, demand, basket, cost, access, progress)
        self._write_groups(parameters, context, demand, basket, cost, access.mean, threshold, lost, progress)
        self.report_failures(parameters, context, progress, DEMAND=demand, SERVICES=supply.rows)
        return {}

    def _unknown_needs(self, basket: Basket, supply: Supply, needs: list[np.ndarray]) -> np.ndarray:
        """(s,) bool: services of the basket whose places could not be put on the network: nobody knows if they lack."""
        lost = {supply.categories[row] for row in np.flatnonzero(supply.lost)}
        met = [bool(len(members)) for members in needs]
        return np.array([not found and bool(lost & set(need.categories)) for need, found in zip(basket.services, met)])

    def _write_groups(
        self, parameters, context, demand: Rows, basket: Basket, cost, mean, threshold: float, lost, progress
    ) -> None:
        """GROUPS_OUT: the mean time to the basket, without category, then each service of it."""
        output = GroupsOutput(self, parameters, context, demand, progress, "min")
        computed = demand.usable()
        whole = output.figures(mean, (threshold,), computed & ~lost.any())
        output.write("", (threshold,), whole)
        output.tell(basket.name, threshold, whole)
        for number, service in enumerate(basket.services):
            known = computed & ~lost[number]
            output.write(service.code, (threshold,), output.figures(cost[:, number], (threshold,), known))

    def _write(self, parameters, context, demand: Rows, basket: Basket, cost, access: BasketAccess, progress) -> None:
        source = self.source(parameters, "DEMAND", context)
        codes = np.array([service.code for service in basket.services])
        fields, kept = fields_with(
            source.fields(),
            make_fields(
                ("cout_panier", "float"),
                ("manquants", "text"),
                ("nb_manquants", "int"),
                *((name, "float") for name in column_names("cout", codes)),
                ("raison", "text"),
            ),
        )
        facts = {"weight": self.parameterAsString(parameters, "DEMAND_WEIGHT", context), "unit": "min"}
        sink = self.add_sink(
            parameters, "OUTPUT", context, fields, source.wkbType(), source.sourceCrs(), style="basket", facts=facts
        )
        means = rows_or_null(access.mean[:, None])
        missing = (codes[lacking].tolist() for lacking in access.missing)
        added = (
            [*mean, *((None, None) if row in demand.reasons else (", ".join(lacks), len(lacks))), *costs]
            for row, (mean, lacks, costs) in enumerate(zip(means, missing, rows_or_null(cost)))
        )
        write_rows(sink, fields, kept, demand, added, progress.part(0.9, 1.0))
        _tell(progress, demand, access)


def _tell(progress: Progress, demand: Rows, access: BasketAccess) -> None:
    """The share of people who have the whole basket within the threshold."""
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
