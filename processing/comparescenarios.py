"""Before and after: who gains, who loses, how many minutes."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterString,
)

from ..core.access.opening import opening_at, parse_moment
from ..core.columns import threshold_text
from ..core.messages import msg
from ..core.progress import Progress
from ..core.siting.scenarios import Comparison, Summary, compare, summarise
from ..core.thresholds import parse_thresholds
from ..i18n import tr
from .access_base import UNITS, AccessAlgorithm
from .access_inputs import (
    Rows,
    as_text,
    fields_with,
    numbered,
    or_null,
    put,
    row_of,
    rows_or_null,
    texts_of,
    thresholds_parameter,
    write_rows,
)
from .base import make_fields
from .population_groups import GroupsOutput, add_groups
from .qgis_enums import SourceType


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

    def initAlgorithm(self, configuration=None) -> None:
        polygons = SourceType.VectorPolygon
        self.add_demand()
        self.add_field("GROUP_FIELD", tr("Group of each place (such as an age)"), "DEMAND")
        for name, label in (("BEFORE", tr("Sites before")), ("AFTER", tr("Sites after"))):
            self.add_layer(name, label)
            self.addParameter(
                QgsProcessingParameterString(
                    f"SCENARIO_{name}", tr("Only the rows of this scenario (column “scenario”)"), optional=True
                )
            )
        self.add_network()
        self.add_transit()
        self.add_metric()
        self.add_direction()
        self.addParameter(thresholds_parameter("THRESHOLDS", tr("Thresholds"), "10,20,30"))
        self.addParameter(QgsProcessingParameterFeatureSource("ZONES", tr("Zones"), [polygons], optional=True))
        self.add_field("ZONE_ID", tr("Identifier of each zone"), "ZONES")
        self.addParameter(
            QgsProcessingParameterString("OPEN_AT", tr("Only places open at (such as “samedi 10:00”)"), optional=True)
        )
        add_groups(self)
        self.add_output("OUTPUT", tr("Who gains, who loses"))
        self.add_output("SUMMARY", tr("Summary by zone and group"), optional=True)
        self.add_failed()

    def execute(self, parameters: dict[str, Any], context: QgsProcessingContext, progress: Progress) -> dict[str, Any]:
        thresholds = parse_thresholds(self.parameterAsString(parameters, "THRESHOLDS", context))
        router = self.router(parameters, context, progress.part(0.0, 0.2))
        demand = self.read_layer(parameters, "DEMAND", router, context, progress.part(0.2, 0.4), weight="DEMAND_WEIGHT")
        splits = [_Groups("total", [""], np.zeros(len(demand.features), np.int64))]
        if self.parameterAsSource(parameters, "ZONES", context) is not None:
            zones = self.zones(parameters, demand, self.crs_of(router), context, progress.part(0.4, 0.45))
            splits.append(_Groups("zone", zones.ids, zones.of_demand))
        splits += self._groups(parameters, demand, context)
        places, placed = self.place_demand(parameters, demand, router, context, progress.part(0.45, 0.5))
        travel = self.travel(parameters, context, router)
        costs, layers = [], {"DEMAND": demand}
        for name, part in (("BEFORE", progress.part(0.5, 0.7)), ("AFTER", progress.part(0.7, 0.9))):
            rows, sites = self._sites(parameters, name, router, context, part)
            layers[name] = rows
            direction = self.choice(parameters, "DIRECTION", context, "departure")
            found = next(travel.nearest(places, sites, [np.arange(sites.count)], direction=direction, progress=part))
            cost = np.full(len(demand.features), np.nan)
            cost[placed] = found.cost[:, 0]
            costs.append(cost)
        counted = np.zeros(len(demand.features), bool)
        counted[placed] = True
        found = compare(*costs)
        facts = {"metric": router.metric, "unit": UNITS[router.metric], "thresholds": list(thresholds)}
        self._write_demand(parameters, context, demand, found, counted, facts, progress.part(0.9, 1.0))
        whole = self._write_summary(parameters, context, demand, found, counted, splits, thresholds, facts)
        _tell(whole, UNITS[router.metric], progress)
        groups = GroupsOutput(self, parameters, context, demand, progress, UNITS[router.metric])
        for moment, cost in zip(("avant", "apres"), costs):
            groups.write(moment, thresholds, groups.figures(cost, thresholds, counted))
        self.report_failures(parameters, context, progress, **layers)
        return {}

    def _sites(self, parameters, name: str, router, context, progress: Progress):
        """All rows of the layer, and the places of those that belong to the scenario and are open."""
        source = self.source(parameters, name, context)
        nothing = Rows([], [], np.empty((0, 2)), np.empty(0), {})
        rows = self.read_layer(parameters, name, router, context, progress) if source.featureCount() else nothing
        places, row = self.place(parameters, rows, router, context, progress)
        self.require_placed(rows)
        kept = np.ones(len(row), bool)
        fields = source.fields()
        wanted = self.parameterAsString(parameters, f"SCENARIO_{name}", context).strip()
        if wanted and fields.lookupField("scenario") < 0:
            progress.warn(msg("{name} has no column “scenario”: all its rows count.", name=name))
        elif wanted:
            kept &= [as_text(rows.features[number]["scenario"]).strip() in ("", wanted) for number in row]
        moment = self.parameterAsString(parameters, "OPEN_AT", context).strip()
        if moment:
            places, row = places.take(kept), row[kept]
            known = fields.lookupField("horaires") >= 0
            hours = [as_text(rows.features[number]["horaires"]) if known else "" for number in row]
            opening = opening_at(hours, parse_moment(moment))
            counts = {"open": int(opening.open.sum()), "unknown": int(opening.unknown.sum()), "total": len(row)}
            progress.warn(msg("{open} of {total} places are open; {unknown} of unknown hours do not count.", **counts))
            kept = opening.open
        if not kept.any():
            progress.warn(msg("No site of {name} counts: nobody reaches any.", name=name))
        return rows, places.take(kept)

    def _groups(self, parameters, demand: Rows, context) -> list[_Groups]:
        field = self.parameterAsString(parameters, "GROUP_FIELD", context)
        if not field:
            return []
        return [_Groups("groupe", *numbered(texts_of(demand.features, field)))]

    def _write_demand(
        self, parameters, context, demand: Rows, found: Comparison, counted, facts, progress: Progress
    ) -> None:
        source = self.source(parameters, "DEMAND", context)
        added = make_fields(
            ("cout_avant", "float"), ("cout_apres", "float"), ("ecart", "float"), ("effet", "text"), ("raison", "text")
        )
        fields, kept = fields_with(source.fields(), added)
        facts = {**facts, "column": "ecart"}
        sink = self.add_sink(
            parameters, "OUTPUT", context, fields, source.wkbType(), source.sourceCrs(), "scenario", facts
        )
        costs = rows_or_null(np.column_stack((found.before, found.after, found.change)))
        effects = np.where(counted, found.effect, None).tolist()
        added = ([*cost, effect] for cost, effect in zip(costs, effects))
        write_rows(sink, fields, kept, demand, added, progress)

    def _write_summary(self, parameters, context, demand: Rows, found, counted, splits, thresholds, facts) -> Summary:
        """One row for all, one a zone, one a group; answers the first."""
        texts = [threshold_text(threshold) for threshold in thresholds]
        fields = make_fields(
            ("type", "text"),
            ("identifiant", "text"),
            *((name, "float") for name in COLUMNS),
            ("pop_non_calculee", "float"),
            *((f"pop_au_dela_{text}_avant", "float") for text in texts),
            *((f"pop_au_dela_{text}_apres", "float") for text in texts),
        )
        sink = self.add_sink(parameters, "SUMMARY", context, fields, style="summary", facts=facts)
        whole = None
        for split in splits:
            for number, name in enumerate(split.names):
                mine = split.of_row == number
                figures = summarise(found, np.nan_to_num(demand.weight), thresholds, counted & mine)
                whole = whole or figures
                unknown = float(np.nansum(demand.weight[mine & ~counted]))
                # As in every other result, the population is everyone, those who could not be computed included.
                plain = [or_null(value) for value in (figures.population + unknown, *figures[1 : len(COLUMNS)])]
                more = [float(value) for value in (*figures.beyond_before, *figures.beyond_after)]
                put(sink, [row_of(fields, [split.kind, name or None, *plain, unknown, *more])])
        return whole


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


def _tell(figures: Summary, unit: str, progress: Progress) -> None:
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
