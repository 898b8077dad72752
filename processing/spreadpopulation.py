"""The population of zones put where people live, to the last person."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from qgis.core import (
    QgsDistanceArea,
    QgsFeature,
    QgsFeatureSource,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFeatureSource,
    QgsWkbTypes,
)

from ..core.access.demand import spread
from ..core.access.zones import zone_of_points
from ..core.messages import msg
from ..core.progress import Progress
from ..i18n import tr, translate_message
from .access_base import AccessAlgorithm
from .access_inputs import Rows, as_number, put, read_rows, row_of, shapes
from .base import expected_rows, make_fields, transform_points
from .qgis_enums import GeometryType, SourceType, WkbType


class Support(NamedTuple):
    """Places (n) that people may live at, in the CRS of the zones, and the weight of each (NaN = unusable)."""

    xy: np.ndarray
    weight: np.ndarray


class SpreadPopulation(AccessAlgorithm):
    """`cartoservices:spreadpopulation`"""

    ID = "spreadpopulation"

    def displayName(self) -> str:
        return tr("Spread population")

    def initAlgorithm(self, configuration=None) -> None:
        self.addParameter(
            QgsProcessingParameterFeatureSource("ZONES", tr("Zones with a population"), [SourceType.VectorPolygon])
        )
        self.add_field("WEIGHT", tr("Population of each zone"), "ZONES", number=True, optional=False)
        self.add_field("ZONE_ID", tr("Identifier of each zone"), "ZONES")
        self.add_layer("SUPPORT", tr("Where people live: buildings, addresses, or roads (their junctions)"))
        self.add_field("SUPPORT_WEIGHT", tr("Weight of each place (dwellings …)"), "SUPPORT", number=True)
        self.addParameter(QgsProcessingParameterBoolean("WHOLE", tr("Whole numbers of people"), False))
        self.add_output("OUTPUT", tr("Population spread"), SourceType.VectorPoint)
        self.add_failed()

    def execute(self, parameters: dict[str, Any], context: QgsProcessingContext, progress: Progress) -> dict[str, Any]:
        zone_source = self.source(parameters, "ZONES", context)
        crs = zone_source.sourceCrs()
        weight_field = self.parameterAsString(parameters, "WEIGHT", context)
        zones = read_rows(
            zone_source,
            "ZONES",
            crs,
            context,
            progress.part(0.0, 0.1),
            self.parameterAsString(parameters, "ZONE_ID", context),
            weight_field,
        )
        support = self._support(parameters, crs, context, progress.part(0.1, 0.5))
        zone_of = zone_of_points(support.xy, shapes(zones.features, crs, crs, context), progress.part(0.5, 0.7))
        outside = int((zone_of < 0).sum())
        if outside:
            progress.warn(
                msg(
                    "{count} place of SUPPORT lies in no zone: nobody is put there."
                    "|{count} places of SUPPORT lie in no zone: nobody is put there.",
                    count=outside,
                )
            )
        self._write(parameters, context, zones, support, zone_of, crs, progress.part(0.7, 1.0))
        self.report_failures(parameters, context, progress, ZONES=zones)
        return {}

    def _support(self, parameters, crs, context, progress: Progress) -> Support:
        """The places of SUPPORT that can be used; the others are told."""
        source = self.source(parameters, "SUPPORT", context)
        weight_field = self.parameterAsString(parameters, "SUPPORT_WEIGHT", context)
        kind = QgsWkbTypes.geometryType(source.wkbType())
        if kind == GeometryType.Line:
            xy = transform_points(_junctions(source, progress), source.sourceCrs(), crs, context)
            return Support(xy, np.ones(len(xy)))
        rows = read_rows(source, "SUPPORT", crs, context, progress)
        if weight_field:
            weight = np.array([as_number(feature[weight_field]) for feature in rows.features])
        elif kind == GeometryType.Polygon:
            weight = _floor_areas(rows, source, context)
        else:
            weight = rows.weight
        usable = rows.usable() & np.isfinite(weight) & (weight >= 0)
        if not usable.all():
            progress.warn(
                msg(
                    "{count} place of SUPPORT has no geometry, or no weight that can be used: nobody is put there."
                    "|{count} places of SUPPORT have no geometry, or no weight that can be used: nobody is put there.",
                    count=int((~usable).sum()),
                )
            )
        return Support(rows.xy[usable], weight[usable])

    def _write(self, parameters, context, zones: Rows, support: Support, zone_of, crs, progress: Progress) -> None:
        fields = make_fields(("id", "text"), ("zone_id", "text"), ("population", "float"), ("raison", "text"))
        sink = self.add_sink(parameters, "OUTPUT", context, fields, WkbType.Point, crs)
        whole = self.parameterAsBool(parameters, "WHOLE", context)
        order = np.argsort(zone_of, kind="stable")
        bounds = np.searchsorted(zone_of[order], np.arange(len(zones.features) + 1))
        without_support = 0
        batch: list[QgsFeature] = []

        def write(identifier: str, zone: int, x: float, y: float, people: float, reason: str | None) -> None:
            attributes = [identifier, zones.ids[zone] or None, people, reason]
            batch.append(row_of(fields, attributes, QgsGeometry.fromPointXY(QgsPointXY(x, y))))

        for zone in np.flatnonzero(zones.usable()).tolist():
            put(sink, batch)
            batch.clear()
            progress.advance(zone / len(zones.features))
            places = order[bounds[zone] : bounds[zone + 1]]
            total = float(zones.weight[zone])
            if whole and total != int(total):
                zones.reasons[zone] = msg("The population {total} is not a whole number.", total=total)
                continue
            if not len(places) and total:
                without_support += 1
                reason = msg("No support in the zone: its whole population is put at its inner point.")
                write(f"zone-{zones.ids[zone]}", zone, *zones.xy[zone].tolist(), total, translate_message(reason))
                continue
            parts = spread(total, support.weight[places], whole=whole) if total else np.zeros(len(places))
            for place, people in zip(places.tolist(), parts.tolist()):
                if people:
                    write(str(place), zone, *support.xy[place].tolist(), people, None)
        put(sink, batch)
        if without_support:
            count = without_support
            progress.warn(
                msg(
                    "{count} zone has no support: its people are put at its inner point."
                    "|{count} zones have no support: their people are put at their inner point.",
                    count=count,
                )
            )


def _junctions(source: QgsFeatureSource, progress: Progress) -> np.ndarray:
    """(n, 2) the different end points of the lines, in the order in which they are met."""
    ends: dict[tuple[float, float], None] = {}
    for number, feature in enumerate(source.getFeatures()):
        if number % 1000 == 0:
            progress.advance(min(1.0, number / expected_rows(source)))
        for part in feature.geometry().constParts():
            for vertex in (part.startPoint(), part.endPoint()):
                ends.setdefault((round(vertex.x(), 9), round(vertex.y(), 9)))
    return np.array(list(ends), dtype=float).reshape(-1, 2)


def _floor_areas(rows: Rows, source: QgsFeatureSource, context: QgsProcessingContext) -> np.ndarray:
    """Areas on the ground (m²) of the footprints, on the ellipsoid."""
    measure = QgsDistanceArea()
    measure.setSourceCrs(source.sourceCrs(), context.transformContext())
    measure.setEllipsoid(source.sourceCrs().ellipsoidAcronym() or "EPSG:7030")
    return np.array([measure.measureArea(feature.geometry()) for feature in rows.features])
