"""Before and after: who gains, who loses, how many minutes."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from qgis.core import QgsFeature

from ..core.columns import threshold_text
from ..core.messages import msg
from ..core.progress import Progress
from ..core.routing.snapped_points import SnappedPoints
from ..core.siting.scenarios import Comparison, Summary, compare, summarise
from ..i18n import tr
from .access_asked import AccessAsked
from .access_base import AccessAlgorithm
from .access_inputs import Rows, numbered, texts_of
from .attributes import as_text, rows_or_null
from .population_groups import GroupsOutput, add_groups

COLUMNS = (
    "population",
    "pop_gagne",
    "pop_perd",
    "pop_inchange",
    "pop_gagne_acces",
    "pop_perd_acces",
    "pop_sans_acces",
    "gain_total",
    "perte_totale",
    "cout_moyen_avant",
    "cout_moyen_apres",
)
EFFECT = (("cout_avant", "float"), ("cout_apres", "float"), ("ecart", "float"), ("effet", "text"))


class _Groups(NamedTuple):
    """One way to split the demand: its kind, the names of its groups and (n,) the group of each row (-1: none)."""

    kind: str
    names: list[str]
    of_row: np.ndarray


class CompareScenarios(AccessAlgorithm):
    """`cartoservices:comparescenarios`"""

    ID = "comparescenarios"
    GROUP = "siting"

    def displayName(self) -> str:
        return tr("Compare two scenarios")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_demand()
        self.add_field("GROUP_FIELD", tr("Group of each place (such as an age)"), "DEMAND")
        for name, label in (("BEFORE", tr("Sites before")), ("AFTER", tr("Sites after"))):
            self.add_layer(name, label)
            scenario = tr("Only the rows of this scenario (column “scenario”)")
            self.add_text(f"SCENARIO_{name}", scenario, optional=True)
        self.add_network()
        self.add_transit()
        self.add_metric()
        self.add_direction()
        self.add_thresholds(tr("Thresholds"), "10,20,30")
        self.add_zones()
        self.add_open_at()
        add_groups(self)
        self.add_output("OUTPUT", tr("Who gains, who loses"))
        self.add_output("SUMMARY", tr("Summary by zone and group"), optional=True)
        self.add_failed()

    def compute(self, asked: AccessAsked) -> None:
        thresholds = asked.thresholds()
        asked.router(0.2)
        demand = asked.demand(0.45)
        rows = demand.rows
        splits = _splits(asked, rows)
        travel, costs = asked.travel(), []
        for name, upto in (("BEFORE", 0.7), ("AFTER", 0.9)):
            sites = _sites(asked, name, upto - 0.1)
            every = [np.arange(sites.count)]
            progress = asked.upto(upto)
            nearest = next(travel.nearest(demand.places, sites, every, direction=asked.direction, progress=progress))
            costs.append(demand.by_row(nearest.cost[:, 0]))
        found = compare(*costs)
        facts = {**asked.cost_facts, "thresholds": list(thresholds)}
        _write_demand(asked, rows, found, {**facts, "column": "ecart"})
        whole = _write_summary(asked, rows, found, splits, thresholds, facts)
        _say(whole, facts["unit"], asked.progress)
        groups = GroupsOutput(asked, rows, facts["unit"])
        for moment, cost in zip(("avant", "apres"), costs):
            groups.write(moment, thresholds, groups.figures(cost, thresholds, rows.usable()))


def _splits(asked: AccessAsked, demand: Rows) -> list[_Groups]:
    """The demand as a whole, by zone and by group, as far as these were given."""
    splits = [_Groups("total", [""], np.zeros(len(demand.features), np.int64))]
    zones = asked.zones(demand, asked.crs, 0.5)
    if zones.source is not None:
        splits.append(_Groups("zone", zones.ids, zones.of_demand))
    field = asked.column("GROUP_FIELD")
    if field:
        splits.append(_Groups("groupe", *numbered(texts_of(demand.features, field))))
    return splits


def _sites(asked: AccessAsked, name: str, upto: float) -> SnappedPoints:
    """The places of the rows of a layer that belong to the scenario and are open."""
    wanted = asked.text(f"SCENARIO_{name}")
    if wanted and asked.source(name).fields().lookupField("scenario") < 0:
        asked.progress.warn(msg("{name} has no column “scenario”: all its rows count.", name=name))
        wanted = ""

    def of_scenario(feature: QgsFeature) -> bool:
        return not wanted or as_text(feature["scenario"]).strip() in ("", wanted)

    sites = asked.places(name, upto, may_be_empty=True, wanted=of_scenario)
    asked.require_placed(sites)
    rows, places, row = sites
    counted, _ = asked.open_then(rows, row)
    if not counted.any():
        asked.progress.warn(msg("No site of {name} counts: nobody reaches any.", name=name))
    return places.take(counted)


def _write_demand(asked: AccessAsked, demand: Rows, found: Comparison, facts: dict[str, Any]) -> None:
    table = asked.rows_table("OUTPUT", demand, EFFECT, style="scenario", facts=facts)
    costs = rows_or_null(np.column_stack((found.before, found.after, found.change)))
    effects = zip(found.effect.tolist(), demand.usable())
    values = ([*cost, effect if counted else None] for cost, (effect, counted) in zip(costs, effects))
    asked.write_rows(table, demand, values, 1.0)


def _write_summary(
    asked: AccessAsked,
    demand: Rows,
    found: Comparison,
    splits: list[_Groups],
    thresholds: tuple[float, ...],
    facts: dict[str, Any],
) -> Summary:
    """One row for all, one a zone, one a group; answers the first."""
    texts = [threshold_text(threshold) for threshold in thresholds]
    columns = (
        ("type", "text"),
        ("identifiant", "text"),
        ("metric", "text"),
        *((name, "float") for name in COLUMNS),
        ("pop_non_calculee", "float"),
        *((f"pop_au_dela_{text}_avant", "float") for text in texts),
        *((f"pop_au_dela_{text}_apres", "float") for text in texts),
    )
    table = asked.table("SUMMARY", columns, style="summary", facts=facts)
    counted, summaries = demand.usable(), []
    for split in splits:
        for number, name in enumerate(split.names):
            mine = split.of_row == number
            figures = summarise(found, np.nan_to_num(demand.weight), thresholds, counted & mine)
            summaries.append(figures)
            unknown = float(np.nansum(demand.weight[mine & ~counted]))
            # As in every other result, the population is everyone, those who could not be computed included.
            people = (figures.population + unknown, *figures[1 : len(COLUMNS)], unknown)
            table.add(
                [split.kind, name or None, facts["metric"], *people, *figures.beyond_before, *figures.beyond_after]
            )
    return summaries[0]


def _say(figures: Summary, unit: str, progress: Progress) -> None:
    progress.info(
        msg(
            "{gaining} people come nearer, {losing} get farther; mean {before} {unit} before, {after} {unit} after.",
            gaining=figures.gaining + figures.getting_access,
            losing=figures.losing + figures.losing_access,
            before=figures.mean_before,
            after=figures.mean_after,
            unit=unit,
        )
    )
