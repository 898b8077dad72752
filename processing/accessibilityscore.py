"""Accessibility scores: supply shared out among the people who can reach it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np
from qgis.core import QgsProcessingParameterString

from ..core.access.costs import CostBlock, KeptBlocks, block_from_pairs
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
from ..i18n import tr
from .access_asked import AccessAsked
from .access_base import AccessAlgorithm
from .access_inputs import Rows
from .matrix_input import by_table, numbers_by_id, read_pairs
from .need import add_need, by_need
from .population_groups import GroupsOutput, add_groups
from .qgis_enums import SourceType

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

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_demand(identified=True, as_table=True)
        self.add_layer("SUPPLY", tr("Supply (places of service)"), SourceType.Vector)
        self.add_field("SUPPLY_ID", tr("Identifier of each supply"), "SUPPLY")
        self.add_field("SUPPLY_CAPACITY", tr("Capacity of each supply"), "SUPPLY", number=True)
        self.add_network(optional=True)
        self.add_transit()
        self.add_cluster()
        self.add_matrix()
        self.add_metric()
        self.add_direction()
        self.add_enum("METHOD", tr("Method"), list(METHODS), "e2sfca")
        self.add_max_cost()
        steps = QgsProcessingParameterString(
            "STEPS", tr("Steps of weight (cost:weight, …)"), "5:1,10:0.3,15:0.1", optional=True
        )
        steps.setHelp(tr("With decimal commas, parted by semicolons: 5:1;10:0,3;15:0,1."))
        self.addParameter(steps)
        self.add_number("BETA", tr("Friction of the gravity method"), 2, advanced=True)
        self.add_enum("DECAY", tr("How the weight falls with the cost"), list(DECAYS), "steps", optional=True)
        self.add_number("HALF", tr("Cost at which the weight is one half (minutes or metres)"), optional=True)
        add_groups(self)
        add_need(self)
        self.add_output("OUTPUT", tr("Accessibility score"))
        self.add_output("SUPPLY_OUT", tr("Supply with its ratio"), by_default=False)
        self.add_failed()

    def compute(self, asked: AccessAsked) -> None:
        friction = _friction(asked)
        demand, supply, blocks = _from_table(asked) if by_table(asked) else _from_network(asked, friction.limit)
        counted = [rows.usable() for rows in (demand, supply)]
        scores = accessibility(
            blocks, demand.weight[counted[0]], supply.weight[counted[1]], friction.decay, choice=friction.choice
        )
        asked.warn_of_some(
            msg(
                "{count} place of supply is reached by nobody: its capacity is shared by no one."
                "|{count} places of supply are reached by nobody: their capacity is shared by no one.",
                count=int(scores.deserted.sum()),
            )
        )
        facts = {"weight": asked.column("DEMAND_WEIGHT")}
        _write(asked, "OUTPUT", demand, {"score": scores.score, "offre": scores.reached}, "score", facts)
        _write_groups(asked, demand, scores, friction.limit)
        _write(asked, "SUPPLY_OUT", supply, {"ratio": scores.ratio}, "table", {})


def _friction(asked: AccessAsked) -> _Friction:
    """What METHOD, STEPS, MAX_COST and BETA ask for."""
    method = asked.choice("METHOD", "e2sfca")
    limit = asked.number("MAX_COST", empty=np.inf)
    if method in ("2sfca", "gravity") and not np.isfinite(limit):
        raise ScoreError("The method {method} needs MAX_COST, the edge of the catchment.", method=method)
    curve = asked.choice("DECAY", "steps")
    if curve != "steps":
        return _smooth(asked, method, curve, limit)
    if method == "2sfca":
        return _Friction(step_decay(((limit, 1.0),)), limit, False)
    if method == "gravity":
        nearest = NEAREST[asked.choice("METRIC", "time")]
        return _Friction(power_decay(asked.number("BETA"), nearest, limit), limit, False)
    steps = cut_steps(parse_steps(asked.column("STEPS")), limit)
    return _Friction(step_decay(steps), steps[-1][0], method == "3sfca")


def _smooth(asked: AccessAsked, method: str, curve: str, limit: float) -> _Friction:
    """The weight of DECAY and HALF, in the place of STEPS or of the power of the gravity method."""
    if method == "2sfca":
        raise ScoreError("The method 2sfca has no DECAY: all within MAX_COST counts the same. Choose e2sfca.")
    half = asked.number("HALF", empty=0.0)
    if curve == "linear":
        limit = min(limit, 2 * half)
    return _Friction(smooth_decay(curve, half, limit), limit, method == "3sfca")


_Sides = tuple[Rows, Rows, Callable[[], Iterable[CostBlock]]]
"""Demand, supply, and the costs between those of their rows that can be used."""


def _from_network(asked: AccessAsked, limit: float) -> _Sides:
    asked.router(0.1)
    demand = asked.demand(0.22)
    supply = asked.places("SUPPLY", 0.3, id="SUPPLY_ID", weight="SUPPLY_CAPACITY")
    found = asked.travel().blocks(
        demand.places, supply.places, limit, direction=asked.direction, progress=asked.upto(0.9)
    )
    return by_need(asked, demand.rows), supply.rows, KeptBlocks(found)


def _from_table(asked: AccessAsked) -> _Sides:
    demand = by_need(asked, asked.rows("DEMAND", None, id="DEMAND_ID", weight="DEMAND_WEIGHT"))
    supply = asked.rows("SUPPLY", None, id="SUPPLY_ID", weight="SUPPLY_CAPACITY")
    origins, destinations = numbers_by_id(demand), numbers_by_id(supply)
    (pairs,) = read_pairs(asked, 0.9, origins, destinations)
    block = block_from_pairs(*pairs, (len(origins), len(destinations)))
    return demand, supply, lambda: [block]


def _write_groups(asked: AccessAsked, demand: Rows, scores: Scores, limit: float) -> None:
    """GROUPS_OUT: costs are scores there, and people beyond are those with no supply within the catchment."""
    computed = demand.usable()
    score = np.full(len(computed), np.nan)
    score[computed] = scores.score
    output = GroupsOutput(asked, demand, "")
    means = output.figures(score, (), computed)
    served = output.figures(np.where(score > 0, 0.0, np.nan), (0.0,), computed)
    rows = [mean._replace(served=part.served, gaps=part.gaps) for mean, part in zip(means, served)]
    output.write("", (limit,), rows)


def _write(
    asked: AccessAsked, name: str, rows: Rows, columns: dict[str, np.ndarray], style: str, facts: dict[str, str]
) -> None:
    """The rows of a layer with more columns; NULL and the reason where they could not be computed."""
    added = tuple((column, "float") for column in columns)
    table = asked.rows_table(name, rows, added, style=style, facts=facts)
    values = np.full((len(rows.features), len(columns)), np.nan)
    values[rows.usable()] = np.column_stack(list(columns.values()))
    asked.write_rows(table, rows, values.T, 1.0)
