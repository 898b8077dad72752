"""Who is badly served: figures by zone and category, and the areas where they live."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from shapely.geometry.base import BaseGeometry

from ..core.access.costs import KeptBlocks
from ..core.access.coverage import Coverage, Served, coverage_by_zone, mean_cost
from ..core.access.gaps import DEFAULT_CELL, Gap, PointGaps, PolygonGaps
from ..core.access.nearest import members_by_category
from ..core.access.opening import heat_table, open_hours
from ..core.access.sentences import Width, beyond_sentence, circumstances
from ..core.access.travel import Travel
from ..core.access.uncertainty import Interval
from ..core.columns import column_names, threshold_text
from ..core.messages import Message, msg
from ..core.network.reading import reading_of
from ..core.progress import Hearing, Progress
from ..core.thresholds import within
from ..i18n import tr
from .access_asked import AccessAsked, DemandZones, Placed, Supply
from .access_base import AccessAlgorithm
from .access_inputs import Rows, is_polygon_layer, moment_in_words
from .coordinates import to_qgis
from .coverage_layer import ROADS_READ
from .garbage import beside
from .need import add_need, by_need
from .population_groups import GroupsOutput, add_groups
from .qgis_enums import SourceType, WkbType
from .styling.renderers import service_in_sentences
from .uncertainty import WIDTH, Uncertainty
from .week_by_zone import WEEK_BY_ZONE, week_by_zone

MOST_MERGED = 20_000
"""More polygons than this would take minutes to merge, once a category and threshold."""
GAPS = (
    ("rang", "int"),
    ("categorie", "text"),
    ("seuil", "float"),
    ("population", "float"),
    ("part", "float"),
    ("nb_lieux", "int"),
    ("cout_moyen", "float"),
    ("pop_non_atteinte", "float"),
)
TIMETABLE = (
    ("categorie", "text"),
    ("seuil", "float"),
    ("jour", "int"),
    ("heure", "int"),
    ("population", "float"),
    ("part", "float"),
)


class CoverageGaps(AccessAlgorithm):
    """`cartoservices:coveragegaps`"""

    ID = "coveragegaps"

    def displayName(self) -> str:
        return tr("Coverage gaps")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_demand()
        self.add_services()
        self.add_network()
        self.add_transit()
        self.add_cluster()
        self.add_direction()
        self.add_thresholds(tr("Thresholds (minutes)"), "10,20,30")
        self.add_zones()
        self.add_opening()
        self.add_number("UNCERTAINTY", tr("Uncertainty of travel times (%)"), 10, most=100)
        add_groups(self)
        add_need(self)
        self.add_number(
            "CELL", tr("Cell of the gap areas (metres)"), DEFAULT_CELL, least=1, most=100_000, advanced=True
        )
        self.add_output("OUTPUT", tr("Coverage by zone"))
        self.add_output("GAPS", tr("Gap areas"), SourceType.VectorPolygon, optional=True)
        self.add_output("DEMAND_OUT", tr("Demand with its costs"), optional=True)
        self.add_output("TIMETABLE", tr("Coverage by weekday and hour"), SourceType.Vector, by_default=False)
        self.add_failed()

    def compute(self, asked: AccessAsked) -> dict[str, Any] | None:
        thresholds = asked.thresholds()
        asked.router(0.1)
        demand = asked.demand(0.25)
        demand = demand._replace(rows=by_need(asked, demand.rows))
        _say_population(asked, demand.rows)
        zones = asked.zones(demand.rows, asked.crs, 0.27)
        if asked.parameters.get(WEEK_BY_ZONE):
            return {WEEK_BY_ZONE: week_by_zone(asked, demand, zones, thresholds[-1])}
        supply = asked.supply(0.3)
        supply.require_some()
        names, travel, rows = supply.categories, asked.travel(), demand.rows

        outputs = _Outputs(asked, names, thresholds, demand, zones, supply.lost)
        gaps = _Gaps(asked, rows, zones)
        how = circumstances(travel.mode, moment_in_words(asked.text("OPEN_AT")))
        groups = GroupsOutput(asked, rows, "min")
        costs = np.full((len(names), len(rows.features)), np.nan)
        doubts = Uncertainty(asked, travel, demand, supply, zones, thresholds)
        # Each category is drawn while the workers search the next ones.
        for row, extremes in enumerate(doubts.search(_searched(asked, travel, demand, supply, costs))):
            name, known = names[row], rows.usable() & ~supply.lost[row]
            with beside(partial(_by_zone, rows, zones, costs[row], thresholds, known)) as counted:
                drawn = [gaps.beyond(costs[row], each, Hearing(asked.progress)) for each in thresholds if known.any()]
            figures, interval = counted.result(), doubts.by_zone(row, extremes)
            whole = figures.whole()
            outputs.write_zones(name, figures, interval, doubts.width(row))
            _say(asked.progress, name, whole, thresholds, how, doubts.sentences(row, whole, interval))
            by_group = groups.figures(costs[row], thresholds, known)
            groups.write(name, thresholds, by_group)
            groups.say(service_in_sentences(name), thresholds[-1], by_group)
            for threshold, areas in zip(thresholds, drawn):
                outputs.write_gaps(name, threshold, areas, whole.computed, costs[row])
        outputs.write_demand(costs, 1.0)
        outputs.show_worst_served()
        _write_timetable(asked, travel, demand, thresholds)
        return None


def _say_population(asked: AccessAsked, demand: Rows) -> None:
    asked.warn_without_population()
    if not np.nansum(demand.weight) > 0:
        asked.progress.warn(msg("The demand has no population: there is no share, mean nor median to give."))


def _searched(
    asked: AccessAsked, travel: Travel, demand: Placed, supply: Supply, costs: np.ndarray
) -> Iterator[np.ndarray]:
    """The row of ``costs`` (c, n) of each category, once it is filled with those to the nearest service."""
    for found in travel.nearest(
        demand.places,
        supply.places,
        members_by_category(supply.category, len(costs)),
        direction=asked.direction,
        progress=asked.upto(0.9),
    ):
        costs[found.group, demand.row] = found.cost[:, 0]
        yield costs[found.group]


def _by_zone(
    demand: Rows, zones: DemandZones, cost: np.ndarray, thresholds: tuple[float, ...], known: np.ndarray
) -> Coverage:
    """The figures of one category."""
    weighed = np.isfinite(demand.weight)
    of_demand, weight = zones.of_demand[weighed], demand.weight[weighed]
    return coverage_by_zone(of_demand, weight, cost[weighed], thresholds, len(zones.ids), known[weighed])


def _write_timetable(asked: AccessAsked, travel: Travel, demand: Placed, thresholds: tuple[float, ...]) -> None:
    """TIMETABLE, when asked for: for each weekday and hour, the people who have an open place within reach."""
    table = asked.table("TIMETABLE", TIMETABLE, style="coverage")
    if not table.wanted:
        return
    supply: Supply = asked.supply(1.0, at_any_time=True)
    week = open_hours(asked.hours(supply.rows, supply.row))
    how_many = {"unknown": int(week.unknown.sum()), "total": len(week.unknown)}
    if asked.choice("UNKNOWN_HOURS", "closed") == "open":
        week.open[week.unknown] = True
        said = msg(
            "By weekday and hour, {unknown} of {total} places of unknown hours count as always open.", **how_many
        )
    else:
        said = msg("By weekday and hour, {unknown} of {total} places of unknown hours count as closed.", **how_many)
    if how_many["unknown"]:
        asked.progress.warn(said)
    weight = demand.rows.weight
    total = float(np.nansum(weight[demand.rows.usable()]))
    by_category = members_by_category(supply.category, len(supply.categories))
    for name, members, lost in zip(supply.categories, by_category, supply.lost.tolist()):
        blocks = KeptBlocks(
            travel.blocks(demand.places, supply.places.take(members), max(thresholds), direction=asked.direction)
        )
        for threshold in thresholds:
            asked.progress.check()
            people_then = heat_table(blocks(), weight[demand.row], week.open[members], threshold)
            for (day, hour), people in np.ndenumerate(people_then):
                figures = (None, None) if lost else (people, people / total if total else None)
                table.add([name or None, threshold, day + 1, hour, *figures])


class _Gaps:
    """Areas of the badly served among the demand that could be computed."""

    def __init__(self, asked: AccessAsked, demand: Rows, zones: DemandZones) -> None:
        self._rows = np.flatnonzero(demand.usable())
        self._areas: PointGaps | PolygonGaps | None = None
        if not len(self._rows):
            return
        weight, cell = demand.weight[self._rows], asked.number("CELL")
        shapes: list[BaseGeometry] = []
        if is_polygon_layer(demand.source):
            shapes = asked.shapes([demand.features[row] for row in self._rows], demand.source, asked.crs)
        if shapes and len(shapes) <= MOST_MERGED:
            self._areas = PolygonGaps(shapes, weight)
            return
        warn = asked.progress.warn
        if shapes:
            cell = max(cell, float(np.sqrt(np.median([polygon.area for polygon in shapes]))))
            warn(msg("So many polygons are not merged: gaps are made of cells of {cell} m.", cell=cell))
        self._areas = PointGaps(demand.xy[self._rows], weight, cell, zones.polygons)
        if self._areas.cell > cell:
            warn(msg("The demand is spread so wide that gaps use cells of {cell} m.", cell=self._areas.cell))

    def beyond(self, cost: np.ndarray, threshold: float, progress: Progress) -> list[Gap]:
        if self._areas is None:
            return []
        found = self._areas.areas(~within(cost[self._rows], threshold), progress)
        return [gap._replace(members=self._rows[gap.members]) for gap in found]


def _say(
    progress: Progress,
    category: str,
    served: Served,
    thresholds: tuple[float, ...],
    how: Message,
    intervals: list[Message],
) -> None:
    label = service_in_sentences(category)
    for rank, threshold in enumerate(thresholds):
        progress.info(beyond_sentence(served, rank, threshold, label, how))
        if served.computed > 0:
            progress.info(intervals[rank])
    unreached = served.unreached
    if unreached:
        progress.warn(
            msg(
                "{count} person cannot reach at all: {category}; that is beyond every threshold."
                "|{count} people cannot reach at all: {category}; that is beyond every threshold.",
                count=round(unreached),
                category=label,
            )
        )


class _Outputs:
    """The layers of the result, and how their rows are written."""

    def __init__(
        self,
        asked: AccessAsked,
        names: list[str],
        thresholds: tuple[float, ...],
        demand: Placed,
        zones: DemandZones,
        lost: np.ndarray,
    ) -> None:
        self._asked, self._demand, self._zones = asked, demand.rows, zones
        network = asked.router().network
        self._roads = reading_of(network.report, network.options) or None
        texts = [threshold_text(threshold) for threshold in thresholds]
        costs = column_names("cout", names)
        # Read when the layers are styled: what is learned on the way counts.
        self._facts = facts = {
            "thresholds": list(thresholds),
            "threshold": thresholds[-1],
            "unit": "min",
            "categories": names,
            "not_computed": [column for column, is_lost in zip(costs, lost) if is_lost],
        }
        self._beyond: dict[str, float] = {}
        columns = (
            ("zone_id", "text"),
            ("categorie", "text"),
            ("population", "float"),
            *((f"pop_au_dela_{text}", "float") for text in texts),
            *((f"part_au_dela_{text}", "float") for text in texts),
            ("cout_moyen", "float"),
            ("cout_median", "float"),
            ("pop_non_atteinte", "float"),
            ("pop_non_calculee", "float"),
            *((f"pop_au_dela_{text}_{end}", "float") for text in texts for end in ("min", "max")),
            *WIDTH,
            (ROADS_READ, "text"),
            ("raison", "text"),
        )
        self._by_zone = asked.table("OUTPUT", columns, like=zones.source, style="coverage", facts=facts)
        self._gaps = asked.table("GAPS", GAPS, geometry=WkbType.Polygon, crs=asked.crs, style="gaps", facts=facts)
        columns = (("zone_id", "text"), *((name, "float") for name in costs))
        self._costs = asked.rows_table("DEMAND_OUT", demand.rows, columns, style="costs", facts=facts)

    def show_worst_served(self) -> None:
        """Open the maps on the category that the most people are too far from."""
        self._facts["category"] = max(self._beyond, key=lambda category: self._beyond[category], default="")

    def write_zones(self, category: str, figures: Coverage, interval: Interval, width: Width) -> None:
        self._beyond[category] = float(figures.beyond[:, -1].sum())
        zones = list(self._zones.each())
        columns = (
            [zone.id for zone in zones],
            [category or None] * len(zones),
            figures.population,
            *figures.beyond.T,
            *figures.share.T,
            figures.mean,
            figures.median,
            figures.unreached,
            figures.not_computed,
            *(end for ends in zip(interval.least.T, interval.most.T) for end in ends),
            *([value] * len(zones) for value in (100 * width.share, width.unknown, width.vague, self._roads)),
            [zone.reason for zone in zones],
        )
        self._by_zone.add_columns(columns, [zone.feature for zone in zones])

    def write_gaps(self, category: str, threshold: float, gaps: list[Gap], total: float, cost: np.ndarray) -> None:
        for gap in gaps:
            mean, unreached = mean_cost(self._demand.weight[gap.members], cost[gap.members])
            share = gap.population / total if total else None
            people = (gap.population, share, len(gap.members), mean, unreached)
            self._gaps.add([gap.rank, category or None, threshold, *people], geometry=to_qgis(gap.geometry))

    def write_demand(self, costs: np.ndarray, upto: float) -> None:
        zone_ids = [zone_id or None for zone_id in self._zones.ids]
        of_demand = [zone_ids[zone] for zone in self._zones.of_demand.tolist()]
        self._asked.write_rows(self._costs, self._demand, (of_demand, *costs), upto)
