"""How unequally a cost or a score is shared out among people, by zone and group."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
)

from ..core.access.equity import Equity, concentration_curve, equity, lorenz_curve
from ..core.access.groups import PopulationGroup
from ..core.errors import InvalidInput
from ..core.messages import msg
from ..core.population_columns import group_label
from ..core.progress import Progress
from ..core.report.charts import share_curves_chart
from ..i18n import tr, translate_message
from .access_base import AccessAlgorithm, Zones
from .access_inputs import Rows, as_number, fields_with, or_null, put, read_rows, row_of
from .base import make_fields
from .population_groups import add_groups, in_words, read_groups
from .qgis_enums import NumberType, SourceType, WkbType

FIGURES = make_fields(
    ("zone_id", "text"),
    ("groupe", "text"),
    ("population", "float"),
    ("moyenne", "float"),
    ("mediane", "float"),
    ("gini", "float"),
    ("palma", "float"),
    ("concentration", "float"),
    ("theil_t", "float"),
    ("fgt0", "float"),
    ("fgt1", "float"),
    ("fgt2", "float"),
    ("pop_non_calculee", "float"),
    ("pop_sans_rang", "float"),
    ("raison", "text"),
)


class AccessEquity(AccessAlgorithm):
    """`cartoservices:accessequity`"""

    ID = "accessequity"

    def displayName(self) -> str:
        return tr("Equity of access")

    def initAlgorithm(self, configuration=None) -> None:
        self.add_layer("DEMAND", tr("Demand (places where people live)"), or_table=True)
        self.add_field("VALUE", tr("Cost or score of each place"), "DEMAND", number=True, optional=False)
        self.addParameter(QgsProcessingParameterBoolean("HIGH_IS_GOOD", tr("A high value is good (a score)"), False))
        self.add_field("DEMAND_WEIGHT", tr("Population of each place"), "DEMAND", number=True)
        add_groups(self, output=False)
        self.add_field("SES_FIELD", tr("Wealth of the people (from poor to rich)"), "DEMAND", number=True)
        self.addParameter(
            QgsProcessingParameterNumber(
                "LINE", tr("Poverty line, in the unit of the value"), NumberType.Double, optional=True, minValue=0
            )
        )
        self.addParameter(
            QgsProcessingParameterFeatureSource("ZONES", tr("Zones"), [SourceType.VectorPolygon], optional=True)
        )
        self.add_field("ZONE_ID", tr("Identifier of each zone"), "ZONES")
        self.add_output("OUTPUT", tr("Equity by zone and group"))
        self.addParameter(
            QgsProcessingParameterFileDestination(
                "CURVES", tr("Curves (SVG)"), tr("SVG (*.svg)"), optional=True, createByDefault=False
            )
        )
        self.add_failed()

    def execute(self, parameters: dict[str, Any], context: QgsProcessingContext, progress: Progress) -> dict[str, Any]:
        demand, zones = self._read(parameters, context, progress.part(0.0, 0.3))
        value = _column(demand, self.parameterAsString(parameters, "VALUE", context))
        if not np.isfinite(value).any():
            raise InvalidInput("The column {name} holds no number.", name="VALUE")
        ses = self.parameterAsString(parameters, "SES_FIELD", context)
        rank = _column(demand, ses) if ses else None
        line = self._line(parameters, context)
        high_is_good = self.parameterAsBool(parameters, "HIGH_IS_GOOD", context)
        groups = read_groups(self, parameters, demand, context, progress)

        def figures(group: PopulationGroup, rows: np.ndarray) -> Equity:
            own_rank = rank[rows] if rank is not None else None
            return equity(value[rows], group.weight[rows], own_rank, line, high_is_good=high_is_good)

        _tell(progress, figures(groups[0], np.arange(len(value))), rank is not None)
        fields, kept = fields_with(zones.source.fields() if zones.source else make_fields(), FIGURES)
        sink = self.add_sink(
            parameters,
            "OUTPUT",
            context,
            fields,
            zones.source.wkbType() if zones.source else WkbType.NoGeometry,
            zones.source.sourceCrs() if zones.source else None,
        )
        for number, rows in enumerate(_rows_by_zone(zones)):
            progress.advance(0.3 + 0.7 * number / len(zones.ids))
            put(sink, [_row(fields, kept, zones, number, group.name, figures(group, rows)) for group in groups])
        self.report_failures(parameters, context, progress, DEMAND=demand)
        path = self.parameterAsFileOutput(parameters, "CURVES", context)
        return self._draw(path, value, rank, groups) if path else {}

    def _draw(
        self, path: str, value: np.ndarray, rank: np.ndarray | None, groups: list[PopulationGroup]
    ) -> dict[str, Any]:
        """The picture of the Lorenz curve of each group over all zones, and of the concentration curve with a rank."""
        curves = {}
        for group in groups:
            name = in_words(group_label(group.name)) if group.name else tr("all")
            curves[tr("Lorenz: {group}").format(group=name)] = lorenz_curve(value, group.weight)
            if rank is not None:
                words = tr("Concentration: {group}").format(group=name)
                curves[words] = concentration_curve(value, group.weight, rank)
        picture = share_curves_chart({name: curve for name, curve in curves.items() if len(curve.people)})
        Path(path).write_text(picture, encoding="utf-8")
        return {"CURVES": path}

    def _read(self, parameters, context, progress: Progress) -> tuple[Rows, Zones]:
        """The places of demand, which need a position only where there are zones, and the zones."""
        source = self.source(parameters, "DEMAND", context)
        by_zone = self.parameterAsSource(parameters, "ZONES", context)
        crs = by_zone.sourceCrs() if by_zone is not None else None
        weight = self.parameterAsString(parameters, "DEMAND_WEIGHT", context)
        demand = read_rows(source, "DEMAND", crs, context, progress, weight_field=weight)
        if not weight:
            progress.warn(msg("No population was given: every place of demand counts for 1."))
        return demand, self.zones(parameters, demand, crs, context, progress)

    def _line(self, parameters, context) -> float | None:
        """LINE, None where none was given."""
        return None if parameters.get("LINE") is None else self.parameterAsDouble(parameters, "LINE", context)


def _column(demand: Rows, column: str) -> np.ndarray:
    """The numbers (n,) of a column, NaN where there is none."""
    index = demand.features[0].fields().lookupField(column)
    numbers = np.array([as_number(feature.attribute(index)) for feature in demand.features])
    return np.where(np.isfinite(numbers), numbers, np.nan)


def _rows_by_zone(zones: Zones) -> list[np.ndarray]:
    """For each zone, the rows of the demand in it."""
    order = np.argsort(zones.of_demand, kind="stable")
    counts = np.bincount(zones.of_demand, minlength=len(zones.ids))
    return np.split(order, np.cumsum(counts)[:-1])


def _row(fields, kept: list[int], zones: Zones, number: int, group: str | None, found: Equity):
    zone = zones.features[number] if number < len(zones.features) else None
    outside = zone is None and zones.source is not None
    attributes = [
        *(zone.attribute(index) if zone else None for index in kept),
        zones.ids[number] or None,
        group,
        found.population,
        *map(or_null, (found.mean, found.median, found.gini, found.palma, found.concentration, found.theil_t)),
        *map(or_null, found.fgt),
        found.not_computed,
        found.without_rank,
        translate_message(msg("Outside every zone.")) if outside else None,
    ]
    return row_of(fields, attributes, zone.geometry() if zone else None)


def _tell(progress: Progress, whole: Equity, ranked: bool) -> None:
    """The figures of all, and who is in none of them."""
    progress.info(
        msg(
            "All together: mean {mean}, median {median}, Gini {gini} (0: the same for all; towards 1: all for one).",
            mean=round(whole.mean, 2),
            median=round(whole.median, 2),
            gini=round(whole.gini, 3),
        )
    )
    if ranked and np.isfinite(whole.concentration):
        progress.info(
            msg(
                "Palma {palma}; concentration {concentration} (above 0: the value is more with the rich).",
                palma=round(whole.palma, 3),
                concentration=round(whole.concentration, 3),
            )
        )
    if round(whole.not_computed):
        progress.warn(
            msg(
                "{count} person lives where there is no value and is in no figure."
                "|{count} people live where there is no value and are in no figure.",
                count=round(whole.not_computed),
            )
        )
    if round(whole.without_rank):
        progress.warn(
            msg(
                "{count} person of unknown wealth is in neither Palma nor concentration."
                "|{count} people of unknown wealth are in neither Palma nor concentration.",
                count=round(whole.without_rank),
            )
        )
