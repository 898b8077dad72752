"""Before and after: who gains, who loses, how many minutes."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from qgis.core import QgsFeature, QgsProcessingParameterFeatureSource

from ..core.access.travel import ByRoad, Travel
from ..core.columns import threshold_text
from ..core.errors import InvalidInput
from ..core.messages import msg
from ..core.progress import Progress
from ..core.routing.local import Router
from ..core.routing.snapped_points import SnappedPoints
from ..core.siting.changes import place_changes, roads_changed
from ..core.siting.scenarios import Comparison, Summary, compare, summarise
from ..i18n import tr
from .access_asked import AccessAsked, DemandZones, Placed
from .access_base import AccessAlgorithm
from .access_inputs import Rows, numbered, texts_of
from .attributes import as_text
from .network_input import NetworkParameter, require_one_profile
from .population_groups import GroupsOutput, add_groups
from .qgis_enums import SourceType
from .report_inputs import name_of
from .scenario_changes import COLUMNS as COLUMNS_OF_CHANGES
from .scenario_changes import MINUTES, link_of, place_of, road_changes, rows_of, zone_names

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
    NETWORKS = ("NETWORK", "NETWORK_AFTER")

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
        label = tr("Roads after (file of “Change the road network”; empty: the same)")
        self.add_advanced(NetworkParameter("NETWORK_AFTER", label, [SourceType.VectorLine], None, True))
        label = tr("Roads that change (of “Change the road network”), to be listed")
        self.add_advanced(QgsProcessingParameterFeatureSource("ROADS", label, [SourceType.VectorLine], optional=True))
        self.add_transit()
        self.add_cluster()
        self.add_metric()
        self.add_direction()
        self.add_thresholds(tr("Thresholds"), "10,20,30")
        self.add_zones()
        self.add_open_at()
        add_groups(self)
        self.add_output("OUTPUT", tr("Who gains, who loses"))
        self.add_output("SUMMARY", tr("Summary by zone and group"), optional=True)
        self.add_output("CHANGES", tr("What the scenario changes"), by_default=False)
        self.add_failed()

    def compute(self, asked: AccessAsked) -> None:
        thresholds = asked.thresholds()
        asked.router(0.2)
        demand = asked.demand(0.45)
        rows = demand.rows
        zones = asked.zones(rows, asked.crs, 0.5)
        splits = _splits(asked, rows, zones)
        before, after = _Roads(asked.travel(), demand), _roads_after(asked, rows)
        sides = [_side(asked, "BEFORE", before, 0.7), _side(asked, "AFTER", after or before, 0.9)]
        costs = [side.cost for side in sides]
        found = compare(*costs)
        facts = {**asked.cost_facts, "thresholds": list(thresholds)}
        _write_demand(asked, rows, found, {**facts, "column": "ecart"})
        whole = _write_summary(asked, rows, found, splits, thresholds, facts)
        _say(whole, facts["unit"], asked.progress)
        _write_changes(asked, [side.sites for side in sides], zones)
        groups = GroupsOutput(asked, rows, facts["unit"])
        for moment, cost in zip(("avant", "apres"), costs):
            groups.write(moment, thresholds, groups.figures(cost, thresholds, rows.usable()))


class _Roads(NamedTuple):
    """What is travelled on, the people there, and the router of other roads than NETWORK."""

    travel: Travel
    people: Placed
    router: Router | None = None


class _Side(NamedTuple):
    """The sites before or after, all rows, and what they cost each row of the demand."""

    sites: Rows
    cost: np.ndarray


def _roads_after(asked: AccessAsked, people: Rows) -> _Roads | None:
    """The roads of the scenario after; None where they are the same. Raises `InvalidInput` for what does not fit.

    Who is on NETWORK and has no road there any more loses all access, and is no less computed.
    """
    if not asked.is_given("NETWORK_AFTER"):
        return None
    if asked.ride() is not None:
        raise InvalidInput("With TRANSIT, roads do not change: leave NETWORK_AFTER empty.")
    router = asked.router()
    network = asked.network(0.2, "NETWORK_AFTER")
    if network.crs != router.network.crs:
        raise InvalidInput("NETWORK_AFTER must be made of NETWORK, by “Change the road network”.")
    require_one_profile(router.network, network)
    then = Router(network, router.metric)
    return _Roads(ByRoad(then), asked.placed(people._replace(reasons=dict(people.reasons)), Progress(), then), then)


def _side(asked: AccessAsked, name: str, roads: _Roads, upto: float) -> _Side:
    """What the sites of a layer cost everybody on some roads."""
    sites, places = _sites(asked, name, upto - 0.1, roads.router)
    every, progress = [np.arange(places.count)], asked.upto(upto)
    found = roads.travel.nearest(roads.people.places, places, every, direction=asked.direction, progress=progress)
    return _Side(sites, roads.people.by_row(next(found).cost[:, 0]))


def _splits(asked: AccessAsked, demand: Rows, zones: DemandZones) -> list[_Groups]:
    """The demand as a whole, by zone and by group, as far as these were given."""
    splits = [_Groups("total", [""], np.zeros(len(demand.features), np.int64))]
    if zones.source is not None:
        splits.append(_Groups("zone", zones.ids, zones.of_demand))
    field = asked.column("GROUP_FIELD")
    if field:
        splits.append(_Groups("groupe", *numbered(texts_of(demand.features, field))))
    return splits


def _sites(asked: AccessAsked, name: str, upto: float, on: Router | None) -> tuple[Rows, SnappedPoints]:
    """The rows of a layer that belong to the scenario, and the places of those that are open, ``on`` other roads."""
    wanted = asked.text(f"SCENARIO_{name}")
    if wanted and asked.source(name).fields().lookupField("scenario") < 0:
        asked.progress.warn(msg("{name} has no column “scenario”: all its rows count.", name=name))
        wanted = ""

    there: set[str] = set()

    def of_scenario(feature: QgsFeature) -> bool:
        if not wanted:
            return True
        own = as_text(feature["scenario"]).strip()
        there.add(own)
        return own in ("", wanted)

    every = asked.rows(name, asked.crs, progress=asked.upto(upto), may_be_empty=True, wanted=of_scenario)
    if wanted and wanted not in there:
        others = ", ".join(sorted(filter(None, there))) or "–"
        asked.progress.warn(
            msg(
                "No row of {name} is of the scenario “{wanted}”; there are: {others}.",
                name=name,
                wanted=wanted,
                others=others,
            )
        )
    sites = asked.placed(every, asked.upto(upto), on)
    asked.require_placed(sites)
    rows, places, row = sites
    counted, _ = asked.open_then(rows, row)
    if not counted.any():
        asked.progress.warn(msg("No site of {name} counts: nobody reaches any.", name=name))
    return rows, places.take(counted)


def _write_changes(asked: AccessAsked, sides: list[Rows], zones: DemandZones) -> None:
    """The places that open, close, move or have other hours, and the roads of ROADS."""
    table = asked.table("CHANGES", COLUMNS_OF_CHANGES, style="changes")
    if not table.wanted:
        return
    names = [name_of(feature) or zone_id for feature, zone_id in zip(zones.features, zones.ids)]
    where = zone_names(names, zones.polygons)
    today, then = ([place_of(feature, *xy) for feature, xy in zip(rows.features, rows.xy.tolist())] for rows in sides)
    roads = asked.optional_source("ROADS")
    links = []
    if roads is not None:
        lacking = [name for name in ("action", "valeur", *MINUTES) if roads.fields().lookupField(name) < 0]
        if lacking:
            raise InvalidInput("The layer {name} has no column “{field}”.", name="ROADS", field=lacking[0])
        mover = asked.mover(roads.sourceCrs(), asked.crs)
        moved = ((feature, mover.geometry(feature.geometry())) for feature in roads.getFeatures())
        links = [link_of(feature, line) for feature, line in moved if line is not None and not line.isEmpty()]
    for row in rows_of(place_changes(today, then), roads_changed(road_changes(links, where)), where):
        table.add(row)


def _write_demand(asked: AccessAsked, demand: Rows, found: Comparison, facts: dict[str, Any]) -> None:
    table = asked.rows_table("OUTPUT", demand, EFFECT, style="scenario", facts=facts)
    effects = [effect if counted else None for effect, counted in zip(found.effect.tolist(), demand.usable())]
    asked.write_rows(table, demand, (found.before, found.after, found.change, effects), 1.0)


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
    gaining, losing = figures.gaining + figures.getting_access, figures.losing + figures.losing_access
    if figures.getting_access or figures.losing_access:  # the means before and after are of other people
        progress.info(
            msg(
                "{gaining} people come nearer, {losing} get farther; of these {new} reach a site that they did not "
                "reach, {cut} do not reach any more.",
                gaining=gaining,
                losing=losing,
                new=figures.getting_access,
                cut=figures.losing_access,
            )
        )
        if np.isfinite(figures.mean_change):
            progress.info(
                msg(
                    "For those who reach a site before and after, the mean difference is {change} {unit}.",
                    change=figures.mean_change,
                    unit=unit,
                )
            )
        return
    progress.info(
        msg(
            "{gaining} people come nearer, {losing} get farther; mean {before} {unit} before, {after} {unit} after.",
            gaining=gaining,
            losing=losing,
            before=figures.mean_before,
            after=figures.mean_after,
            unit=unit,
        )
    )
