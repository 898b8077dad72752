"""Who is badly served: figures by zone and category, and the areas where they live."""

from __future__ import annotations

from typing import Any

import numpy as np
from qgis.core import (
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterNumber,
)
from shapely import wkb
from shapely.geometry.base import BaseGeometry

from ..core.access.costs import KeptBlocks
from ..core.access.coverage import Coverage, Served, coverage_by_zone, mean_cost
from ..core.access.gaps import DEFAULT_CELL, Gap, PointGaps, PolygonGaps
from ..core.access.nearest import members_by_category
from ..core.access.opening import heat_table, open_hours
from ..core.access.sentences import beyond_sentence, circumstances
from ..core.access.travel import Travel
from ..core.access.uncertainty import Interval
from ..core.columns import column_names, threshold_text
from ..core.messages import Message, msg
from ..core.progress import Progress
from ..core.thresholds import parse_thresholds, within
from ..i18n import tr, translate_message
from .access_base import AccessAlgorithm, Zones
from .access_inputs import (
    Rows,
    fields_with,
    is_polygon_layer,
    moment_in_words,
    or_null,
    put,
    row_of,
    rows_or_null,
    shapes,
    thresholds_parameter,
    write_rows,
)
from .base import make_fields
from .population_groups import GroupsOutput, add_groups
from .qgis_enums import NumberType, SourceType, WkbType
from .styling.renderers import category_label
from .uncertainty import Uncertainty


class CoverageGaps(AccessAlgorithm):
    """`cartoservices:coveragegaps`"""

    ID = "coveragegaps"

    def displayName(self) -> str:
        return tr("Coverage gaps")

    def initAlgorithm(self, configuration=None) -> None:
        self.add_demand()
        self.add_services()
        self.add_network()
        self.add_transit()
        self.add_direction()
        self.addParameter(thresholds_parameter("THRESHOLDS", tr("Thresholds (minutes)"), "10,20,30"))
        self.addParameter(
            QgsProcessingParameterFeatureSource("ZONES", tr("Zones"), [SourceType.VectorPolygon], optional=True)
        )
        self.add_field("ZONE_ID", tr("Identifier of each zone"), "ZONES")
        self.add_opening()
        self.addParameter(
            QgsProcessingParameterNumber(
                "UNCERTAINTY",
                tr("Uncertainty of travel times (%)"),
                NumberType.Double,
                10.0,
                minValue=0,
                maxValue=100,
            )
        )
        add_groups(self)
        self.add_advanced(
            QgsProcessingParameterNumber(
                "CELL",
                tr("Cell of the gap areas (metres)"),
                NumberType.Double,
                DEFAULT_CELL,
                minValue=1,
                maxValue=100_000,
            )
        )
        self.add_output("OUTPUT", tr("Coverage by zone"))
        self.add_output("GAPS", tr("Gap areas"), SourceType.VectorPolygon, optional=True)
        self.add_output("DEMAND_OUT", tr("Demand with its costs"), optional=True)
        self.add_output("TIMETABLE", tr("Coverage by weekday and hour"), SourceType.Vector, by_default=False)
        self.add_failed()

    def execute(self, parameters: dict[str, Any], context: QgsProcessingContext, progress: Progress) -> dict[str, Any]:
        thresholds = parse_thresholds(self.parameterAsString(parameters, "THRESHOLDS", context))
        router = self.router(parameters, context, progress.part(0.0, 0.1))
        crs = self.crs_of(router)
        demand = self.read_layer(parameters, "DEMAND", router, context, progress.part(0.1, 0.2), weight="DEMAND_WEIGHT")
        self._tell_of_population(parameters, demand, context, progress)
        zones = self.zones(parameters, demand, crs, context, progress.part(0.2, 0.22))
        places, placed = self.place_demand(parameters, demand, router, context, progress.part(0.22, 0.27))
        supply = self.supply(parameters, router, context, progress.part(0.27, 0.3))
        self.require_services(supply)
        names = supply.categories

        demand_source = self.source(parameters, "DEMAND", context)
        outputs = _Outputs(self, parameters, context, names, thresholds, demand_source, zones, crs, supply.lost)
        polygons = shapes(demand.features, demand_source.sourceCrs(), crs, context) if outputs.by_polygon else None
        computed = demand.usable()
        gaps = _Gaps(demand, polygons, self.parameterAsDouble(parameters, "CELL", context), progress)
        travel = self.travel(parameters, context, router)
        how = circumstances(travel.mode, moment_in_words(self._open_at(parameters, context)))
        weighed = np.isfinite(demand.weight)
        groups = GroupsOutput(self, parameters, context, demand, progress, "min")
        costs = np.full((len(names), len(demand.features)), np.nan)
        for found in travel.nearest(
            places,
            supply.places,
            members_by_category(supply.category, len(names)),
            direction=self.choice(parameters, "DIRECTION", context, "departure"),
            progress=progress.part(0.3, 0.55),
        ):
            costs[found.group, placed] = found.cost[:, 0]
        doubts = Uncertainty(self, parameters, context, router, travel, (places, placed), supply, zones, thresholds)
        doubts.search(costs, demand, progress.part(0.55, 0.6))
        for row, name in enumerate(names):
            known = computed & ~supply.lost[row]
            figures = coverage_by_zone(
                zones.of_demand[weighed],
                demand.weight[weighed],
                costs[row, weighed],
                thresholds,
                len(zones.ids),
                known[weighed],
            )
            outputs.write_zones(name, figures, doubts.by_zone(row))
            _tell(progress, name, figures.whole(), thresholds, how, doubts.sentences(row, figures.whole()))
            by_group = groups.figures(costs[row], thresholds, known)
            groups.write(name, thresholds, by_group)
            groups.tell(category_label(name) if name else msg("a service"), thresholds[-1], by_group)
            total = figures.whole().computed
            part = progress.part(0.6 + 0.3 * row / len(names), 0.6 + 0.3 * (row + 1) / len(names))
            for threshold in thresholds:
                areas = gaps.beyond(costs[row], threshold, part) if known.any() else []
                outputs.write_gaps(name, threshold, areas, total, demand.weight, costs[row])
        outputs.write_demand(demand, costs, progress.part(0.9, 1.0))
        outputs.show_worst_served()
        self._write_timetable(parameters, context, router, travel, demand, places, placed, thresholds, progress)
        self.report_failures(parameters, context, progress, DEMAND=demand, SERVICES=supply.rows)
        return {}

    def _tell_of_population(self, parameters, demand: Rows, context, progress: Progress) -> None:
        if not self.parameterAsString(parameters, "DEMAND_WEIGHT", context):
            progress.warn(msg("No population was given: every place of demand counts for 1."))
        if not np.nansum(demand.weight) > 0:
            progress.warn(msg("The demand has no population: there is no share, mean nor median to give."))

    def _write_timetable(
        self, parameters, context, router, travel: Travel, demand: Rows, places, placed, thresholds, progress
    ) -> None:
        """TIMETABLE, when asked for: for each weekday and hour, the people who have an open place within reach."""
        fields = make_fields(
            ("categorie", "text"),
            ("seuil", "float"),
            ("jour", "int"),
            ("heure", "int"),
            ("population", "float"),
            ("part", "float"),
        )
        sink = self.add_sink(parameters, "TIMETABLE", context, fields, style="coverage")
        if sink is None:
            return
        supply = self.supply(parameters, router, context, Progress(), at_any_time=True)
        week = open_hours(self.hours(parameters, supply.rows, supply.row, context))
        if self.choice(parameters, "UNKNOWN_HOURS", context, "closed") == "open":
            week.open[week.unknown] = True
        direction = self.choice(parameters, "DIRECTION", context, "departure")
        total = float(np.nansum(demand.weight[demand.usable()]))
        for number, members in enumerate(members_by_category(supply.category, len(supply.categories))):
            blocks = KeptBlocks(
                travel.blocks(places, supply.places.take(members), max(thresholds), direction=direction)
            )
            for threshold in thresholds:
                progress.check()
                table = heat_table(blocks(), demand.weight[placed], week.open[members], threshold)
                rows = [
                    [
                        supply.categories[number] or None,
                        threshold,
                        day + 1,
                        hour,
                        float(people),
                        float(people) / total if total else None,
                    ]
                    for (day, hour), people in np.ndenumerate(table)
                ]
                put(sink, [row_of(fields, row) for row in rows])


MOST_MERGED = 20_000
"""More polygons than this would take minutes to merge, once a category and threshold."""


class _Gaps:
    """Areas of the badly served among the demand that could be computed."""

    def __init__(self, demand: Rows, polygons: list[BaseGeometry] | None, cell: float, progress: Progress) -> None:
        self._rows = np.flatnonzero(demand.usable())
        self._areas: PointGaps | PolygonGaps | None = None
        if not len(self._rows):
            return
        weight = demand.weight[self._rows]
        shapes_in_use = [polygons[row] for row in self._rows] if polygons is not None else []
        if shapes_in_use and len(shapes_in_use) <= MOST_MERGED:
            self._areas = PolygonGaps(shapes_in_use, weight)
            return
        if shapes_in_use:
            cell = max(cell, float(np.sqrt(np.median([polygon.area for polygon in shapes_in_use]))))
            progress.warn(msg("So many polygons are not merged: gaps are made of cells of {cell} m.", cell=cell))
        self._areas = PointGaps(demand.xy[self._rows], weight, cell)
        if self._areas.cell > cell:
            progress.warn(msg("The demand is spread so wide that gaps use cells of {cell} m.", cell=self._areas.cell))

    def beyond(self, cost: np.ndarray, threshold: float, progress: Progress) -> list[Gap]:
        if self._areas is None:
            return []
        found = self._areas.areas(~within(cost[self._rows], threshold), progress)
        return [gap._replace(members=self._rows[gap.members]) for gap in found]


def _tell(
    progress: Progress,
    category: str,
    served: Served,
    thresholds: tuple[float, ...],
    how: Message,
    intervals: list[Message],
) -> None:
    label = category_label(category) if category else msg("a service")
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


_GAP_FIELDS = (
    ("rang", "int"),
    ("categorie", "text"),
    ("seuil", "float"),
    ("population", "float"),
    ("part", "float"),
    ("nb_lieux", "int"),
    ("cout_moyen", "float"),
    ("pop_non_atteinte", "float"),
)


class _Outputs:
    """The layers of the result, and how their rows are written."""

    def __init__(
        self, algorithm, parameters, context, names, thresholds, demand_source, zones: Zones, crs, lost
    ) -> None:
        self._zones, self._names = zones, names
        texts = [threshold_text(threshold) for threshold in thresholds]
        # Read when the layers are dressed: what is learned on the way counts.
        self._facts = facts = {
            "thresholds": list(thresholds),
            "threshold": thresholds[-1],
            "unit": "min",
            "categories": names,
            "not_computed": [column for column, is_lost in zip(column_names("cout", names), lost) if is_lost],
        }
        self._beyond: dict[str, float] = {}
        self._by_zone_fields, self._zone_columns = fields_with(
            zones.source.fields() if zones.source else make_fields(),
            make_fields(
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
                ("raison", "text"),
            ),
        )
        self._by_zone = algorithm.add_sink(
            parameters,
            "OUTPUT",
            context,
            self._by_zone_fields,
            zones.source.wkbType() if zones.source else WkbType.NoGeometry,
            zones.source.sourceCrs() if zones.source else None,
            style="coverage",
            facts=facts,
        )
        self._gap_fields = make_fields(*_GAP_FIELDS)
        self._gaps = algorithm.add_sink(
            parameters, "GAPS", context, self._gap_fields, WkbType.Polygon, crs, style="gaps", facts=facts
        )
        self.by_polygon = is_polygon_layer(demand_source)
        self._demand_fields, self._demand_columns = fields_with(
            demand_source.fields(),
            make_fields(
                ("zone_id", "text"), *((name, "float") for name in column_names("cout", names)), ("raison", "text")
            ),
        )
        self._demand = algorithm.add_sink(
            parameters,
            "DEMAND_OUT",
            context,
            self._demand_fields,
            demand_source.wkbType(),
            demand_source.sourceCrs(),
            style="costs",
            facts=facts,
        )

    def show_worst_served(self) -> None:
        """Open the maps on the category that the most people are too far from."""
        self._facts["category"] = max(self._beyond, key=self._beyond.get, default="")

    def write_zones(self, category: str, figures: Coverage, interval: Interval) -> None:
        self._beyond[category] = float(figures.beyond[:, -1].sum())
        features = []
        for row, zone_id in enumerate(self._zones.ids):
            zone = self._zones.features[row] if row < len(self._zones.features) else None
            own = [zone.attribute(index) if zone else None for index in self._zone_columns]
            outside = zone is None and self._zones.source is not None
            attributes = [
                *own,
                zone_id or None,
                category or None,
                float(figures.population[row]),
                *map(float, figures.beyond[row]),
                *map(or_null, figures.share[row]),
                or_null(figures.mean[row]),
                or_null(figures.median[row]),
                float(figures.unreached[row]),
                float(figures.not_computed[row]),
                *np.column_stack((interval.least[row], interval.most[row])).ravel().tolist(),
                translate_message(msg("Outside every zone.")) if outside else None,
            ]
            features.append(row_of(self._by_zone_fields, attributes, zone.geometry() if zone else None))
        put(self._by_zone, features)

    def write_gaps(self, category: str, threshold: float, gaps: list[Gap], total: float, weight, cost) -> None:
        features = []
        for gap in gaps:
            mean, unreached = mean_cost(weight[gap.members], cost[gap.members])
            geometry = QgsGeometry()
            geometry.fromWkb(wkb.dumps(gap.geometry))
            attributes = [
                gap.rank,
                category or None,
                threshold,
                gap.population,
                gap.population / total if total else None,
                len(gap.members),
                or_null(mean),
                unreached,
            ]
            features.append(row_of(self._gap_fields, attributes, geometry))
        put(self._gaps, features)

    def write_demand(self, demand: Rows, costs: np.ndarray, progress: Progress) -> None:
        zone_ids = (self._zones.ids[zone] or None for zone in self._zones.of_demand)
        added = ([zone_id, *cost] for zone_id, cost in zip(zone_ids, rows_or_null(costs.T)))
        write_rows(self._demand, self._demand_fields, self._demand_columns, demand, added, progress)
