"""Accessibility scores: supply shared out among the people who can reach it."""

from __future__ import annotations

from array import array
from typing import Any, NamedTuple

import numpy as np
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ..core.access.costs import CostTableError, KeptBlocks, block_from_pairs
from ..core.access.scores import (
    DECAYS,
    METHODS,
    Decay,
    ScoreError,
    Scores,
    accessibility,
    cut_steps,
    parse_steps,
    power_decay,
    smooth_decay,
    step_decay,
)
from ..core.messages import msg
from ..core.progress import Progress
from ..i18n import tr
from .access_base import AccessAlgorithm
from .access_inputs import Rows, as_number, as_text, fields_with, rows_or_null, write_rows
from .base import expected_rows, make_fields
from .population_groups import GroupsOutput, add_groups
from .qgis_enums import NumberType, SourceType

NEAREST = {"time": 1.0, "distance": 100.0}
"""Gravity has no value at a cost of 0: costs below one minute, or 100 metres, count as that."""


class _Friction(NamedTuple):
    """How the weight falls with the cost, and the cost beyond which it is 0."""

    decay: Decay
    limit: float
    choice: bool


class AccessibilityScore(AccessAlgorithm):
    """`cartoservices:accessibilityscore`"""

    ID = "accessibilityscore"

    def displayName(self) -> str:
        return tr("Accessibility score")

    def initAlgorithm(self, configuration=None) -> None:
        number = NumberType.Double
        self.add_layer("DEMAND", tr("Demand (places where people live)"), or_table=True)
        self.add_field("DEMAND_ID", tr("Identifier of each place"), "DEMAND")
        self.add_field("DEMAND_WEIGHT", tr("Population of each place"), "DEMAND", number=True)
        self.add_layer("SUPPLY", tr("Supply (places of service)"), or_table=True)
        self.add_field("SUPPLY_ID", tr("Identifier of each supply"), "SUPPLY")
        self.add_field("SUPPLY_CAPACITY", tr("Capacity of each supply"), "SUPPLY", number=True)
        self.add_network(optional=True)
        self.add_transit()
        self.addParameter(
            QgsProcessingParameterFeatureSource(
                "MATRIX",
                tr("Table of costs (instead of the network: origin_id, destination_id, cout)"),
                [SourceType.Vector],
                optional=True,
            )
        )
        self.add_metric()
        self.add_direction()
        self.add_enum("METHOD", tr("Method"), list(METHODS), "e2sfca")
        self.add_max_cost()
        steps = QgsProcessingParameterString(
            "STEPS", tr("Steps of weight (cost:weight, …)"), "5:1,10:0.3,15:0.1", optional=True
        )
        steps.setHelp(tr("With decimal commas, parted by semicolons: 5:1;10:0,3;15:0,1."))
        self.addParameter(steps)
        self.add_advanced(
            QgsProcessingParameterNumber("BETA", tr("Friction of the gravity method"), number, 2.0, minValue=0)
        )
        self.add_enum("DECAY", tr("How the weight falls with the cost"), list(DECAYS), "steps", optional=True)
        self.addParameter(
            QgsProcessingParameterNumber(
                "HALF",
                tr("Cost at which the weight is one half (minutes or metres)"),
                number,
                optional=True,
                minValue=0,
            )
        )
        add_groups(self)
        self.add_output("OUTPUT", tr("Accessibility score"))
        self.add_output("SUPPLY_OUT", tr("Supply with its ratio"), by_default=False)
        self.add_failed()

    def execute(self, parameters: dict[str, Any], context: QgsProcessingContext, progress: Progress) -> dict[str, Any]:
        friction = self._friction(parameters, context)
        by_table = self.parameterAsSource(parameters, "MATRIX", context) is not None
        if not by_table and not parameters.get("NETWORK"):
            raise ScoreError("Give either NETWORK or MATRIX.")
        demand, supply, blocks = (self._from_table if by_table else self._from_network)(
            parameters, friction, context, progress
        )
        counted = [rows.usable() for rows in (demand, supply)]
        scores = accessibility(
            blocks, demand.weight[counted[0]], supply.weight[counted[1]], friction.decay, choice=friction.choice
        )
        deserted = int(scores.deserted.sum())
        if deserted:
            progress.warn(
                msg(
                    "{count} place of supply is reached by nobody: its capacity is shared by no one."
                    "|{count} places of supply are reached by nobody: their capacity is shared by no one.",
                    count=deserted,
                )
            )
        self._write_demand(parameters, context, demand, scores)
        self._write_groups(parameters, context, demand, scores, friction.limit, progress)
        self._write_supply(parameters, context, supply, scores)
        self.report_failures(parameters, context, progress, DEMAND=demand, SUPPLY=supply)
        return {}

    def _friction(self, parameters, context) -> _Friction:
        """What METHOD, STEPS, MAX_COST and BETA ask for."""
        method = self.choice(parameters, "METHOD", context, "e2sfca")
        limit = self.max_cost(parameters, context)
        if method in ("2sfca", "gravity") and not np.isfinite(limit):
            raise ScoreError("The method {method} needs MAX_COST, the edge of the catchment.", method=method)
        curve = self.choice(parameters, "DECAY", context, "steps")
        if curve != "steps":
            return self._smooth(parameters, context, method, curve, limit)
        if method == "2sfca":
            return _Friction(step_decay(((limit, 1.0),)), limit, False)
        if method == "gravity":
            beta = self.parameterAsDouble(parameters, "BETA", context)
            nearest = NEAREST[self.choice(parameters, "METRIC", context, "time")]
            return _Friction(power_decay(beta, nearest, limit), limit, False)
        steps = parse_steps(self.parameterAsString(parameters, "STEPS", context))
        steps = cut_steps(steps, limit)
        return _Friction(step_decay(steps), steps[-1][0], method == "3sfca")

    def _smooth(self, parameters, context, method: str, curve: str, limit: float) -> _Friction:
        """The weight of DECAY and HALF, in the place of STEPS or of the power of the gravity method."""
        if method == "2sfca":
            raise ScoreError("The method 2sfca has no DECAY: all within MAX_COST counts the same. Choose e2sfca.")
        half = self.parameterAsDouble(parameters, "HALF", context) if parameters.get("HALF") is not None else 0.0
        if curve == "linear":
            limit = min(limit, 2 * half)
        return _Friction(smooth_decay(curve, half, limit), limit, method == "3sfca")

    def _from_network(self, parameters, friction: _Friction, context, progress: Progress):
        router = self.router(parameters, context, progress.part(0.0, 0.1))
        demand = self.read_layer(
            parameters, "DEMAND", router, context, progress.part(0.1, 0.2), "DEMAND_ID", "DEMAND_WEIGHT"
        )
        supply = self.read_layer(
            parameters, "SUPPLY", router, context, progress.part(0.2, 0.25), "SUPPLY_ID", "SUPPLY_CAPACITY"
        )
        demand_places, _ = self.place_demand(parameters, demand, router, context, progress.part(0.25, 0.28))
        supply_places, _ = self.place(parameters, supply, router, context, progress.part(0.28, 0.3))
        found = self.travel(parameters, context, router).blocks(
            demand_places,
            supply_places,
            friction.limit,
            direction=self.choice(parameters, "DIRECTION", context, "departure"),
            progress=progress.part(0.3, 0.9),
        )
        return demand, supply, KeptBlocks(found)

    def _from_table(self, parameters, friction: _Friction, context, progress: Progress):
        demand = self.read_rows_without_place(parameters, "DEMAND", context, "DEMAND_ID", "DEMAND_WEIGHT")
        supply = self.read_rows_without_place(parameters, "SUPPLY", context, "SUPPLY_ID", "SUPPLY_CAPACITY")
        table = self.parameterAsSource(parameters, "MATRIX", context)
        columns = [table.fields().lookupField(name) for name in ("origin_id", "destination_id", "cout")]
        if min(columns) < 0:
            raise CostTableError("MATRIX must have the columns origin_id, destination_id and cout.")
        demand_row, supply_row = _numbers("DEMAND", demand), _numbers("SUPPLY", supply)
        origins, destinations, costs = array("q"), array("q"), array("d")
        total = expected_rows(table)
        for number, row in enumerate(table.getFeatures()):
            if number % 10_000 == 0:
                progress.advance(min(0.9, 0.9 * number / total))
            origin = demand_row.get(as_text(row[columns[0]]), -1)
            destination = supply_row.get(as_text(row[columns[1]]), -1)
            origins.append(origin)
            destinations.append(destination)
            costs.append(as_number(row[columns[2]]))
        table_of_pairs = [np.array(column) for column in (origins, destinations, costs)]
        known = (table_of_pairs[0] >= 0) & (table_of_pairs[1] >= 0)
        if not known.all():
            count = int((~known).sum())
            progress.warn(
                msg(
                    "{count} row of MATRIX is left out: it names no usable place."
                    "|{count} rows of MATRIX are left out: they name no usable place.",
                    count=count,
                )
            )
        block = block_from_pairs(*(column[known] for column in table_of_pairs), (len(demand_row), len(supply_row)))
        return demand, supply, lambda: [block]

    def _write_demand(self, parameters, context, demand: Rows, scores: Scores) -> None:
        facts = {"weight": self.parameterAsString(parameters, "DEMAND_WEIGHT", context)}
        columns = {"score": scores.score, "offre": scores.reached}
        self._write(parameters, context, "OUTPUT", "DEMAND", demand, columns, "score", facts)

    def _write_groups(self, parameters, context, demand: Rows, scores: Scores, limit: float, progress) -> None:
        """GROUPS_OUT: costs are scores there, and people beyond are those with no supply within the catchment."""
        computed = demand.usable()
        score = np.full(len(computed), np.nan)
        score[computed] = scores.score
        output = GroupsOutput(self, parameters, context, demand, progress, "")
        means = output.figures(score, (), computed)
        served = output.figures(np.where(score > 0, 0.0, np.nan), (0.0,), computed)
        rows = [mean._replace(served=part.served, gaps=part.gaps) for mean, part in zip(means, served)]
        output.write("", (limit,), rows)

    def _write_supply(self, parameters, context, supply: Rows, scores: Scores) -> None:
        self._write(parameters, context, "SUPPLY_OUT", "SUPPLY", supply, {"ratio": scores.ratio}, "table", {})

    def _write(self, parameters, context, output, layer, rows: Rows, columns, style, facts) -> None:
        """The rows of a layer with more columns; NULL and the reason where they could not be computed."""
        source = self.source(parameters, layer, context)
        added = make_fields(*((column, "float") for column in columns), ("raison", "text"))
        fields, kept = fields_with(source.fields(), added)
        sink = self.add_sink(
            parameters, output, context, fields, source.wkbType(), source.sourceCrs(), style=style, facts=facts
        )
        values = np.full((len(rows.features), len(columns)), np.nan)
        values[rows.usable()] = np.column_stack(list(columns.values()))
        write_rows(sink, fields, kept, rows, rows_or_null(values), Progress())


def _numbers(layer: str, rows: Rows) -> dict[str, int]:
    """The place of each identifier among the rows that can be used. Raises `CostTableError` when one is given twice."""
    ids = [rows.ids[row] for row in np.flatnonzero(rows.usable())]
    numbers = {identifier: number for number, identifier in enumerate(ids)}
    if len(numbers) < len(ids):
        raise CostTableError(
            "{count} rows of {layer} share their identifier with another row: MATRIX cannot tell them apart.",
            count=len(ids) - len(numbers),
            layer=layer,
        )
    return numbers
