"""The population of zones put where people live, to the last person."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsDistanceArea,
    QgsFeatureSource,
    QgsGeometry,
    QgsPointXY,
    QgsWkbTypes,
)

from ..core.access.demand import spread
from ..core.access.zones import zone_of_points
from ..core.messages import Message, msg
from ..core.progress import Progress
from ..i18n import tr, translate_message
from .access_asked import AccessAsked
from .access_base import AccessAlgorithm
from .access_inputs import Rows
from .attributes import numbers_of
from .positions import expected_rows, transform_points
from .qgis_enums import GeometryType, SourceType, WkbType

SPREAD = (("id", "text"), ("zone_id", "text"), ("population", "float"), ("raison", "text"))


class Support(NamedTuple):
    """Places (n) that people may live at, in the CRS of the zones, and the weight of each (NaN = unusable)."""

    xy: np.ndarray
    weight: np.ndarray


class SpreadPopulation(AccessAlgorithm):
    """`cartoservices:spreadpopulation`"""

    ID = "spreadpopulation"

    def displayName(self) -> str:
        return tr("Spread population")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_layer("ZONES", tr("Zones with a population"), SourceType.VectorPolygon)
        self.add_field("WEIGHT", tr("Population of each zone"), "ZONES", number=True, optional=False)
        self.add_field("ZONE_ID", tr("Identifier of each zone"), "ZONES")
        self.add_layer("SUPPORT", tr("Where people live: buildings, addresses, or roads (their junctions)"))
        self.add_field("SUPPORT_WEIGHT", tr("Weight of each place (dwellings …)"), "SUPPORT", number=True)
        self.add_flag("WHOLE", tr("Whole numbers of people"))
        self.add_output("OUTPUT", tr("Population spread"), SourceType.VectorPoint)
        self.add_failed()

    def compute(self, asked: AccessAsked) -> None:
        source = asked.source("ZONES")
        crs = source.sourceCrs()
        zones = asked.rows("ZONES", crs, id="ZONE_ID", weight="WEIGHT", progress=asked.upto(0.1))
        support = _support(asked, crs, asked.upto(0.5))
        zone_of = zone_of_points(support.xy, asked.shapes(zones.features, source, crs), asked.upto(0.7))
        asked.warn_of_some(
            msg(
                "{count} place of SUPPORT lies in no zone: nobody is put there."
                "|{count} places of SUPPORT lie in no zone: nobody is put there.",
                count=int((zone_of < 0).sum()),
            )
        )
        _write(asked, zones, support, zone_of, crs)


def _support(asked: AccessAsked, crs: QgsCoordinateReferenceSystem, progress: Progress) -> Support:
    """The places of SUPPORT that can be used; the others are counted."""
    source = asked.source("SUPPORT")
    weight_field = asked.column("SUPPORT_WEIGHT")
    kind = QgsWkbTypes.geometryType(source.wkbType())
    if kind == GeometryType.Line:
        xy = transform_points(_junctions(source, progress), source.sourceCrs(), crs, asked.context)
        return Support(xy, np.ones(len(xy)))
    rows = asked.rows("SUPPORT", crs, progress=progress, listed=False)
    if weight_field:
        weight = numbers_of(rows.features, weight_field)
    elif kind == GeometryType.Polygon:
        weight = _floor_areas(rows, source, asked)
    else:
        weight = rows.weight
    usable = rows.usable() & np.isfinite(weight) & (weight >= 0)
    asked.warn_of_some(
        msg(
            "{count} place of SUPPORT has no geometry, or no weight that can be used: nobody is put there."
            "|{count} places of SUPPORT have no geometry, or no weight that can be used: nobody is put there.",
            count=int((~usable).sum()),
        )
    )
    return Support(rows.xy[usable], weight[usable])


def _write(
    asked: AccessAsked, zones: Rows, support: Support, zone_of: np.ndarray, crs: QgsCoordinateReferenceSystem
) -> None:
    table = asked.table("OUTPUT", SPREAD, geometry=WkbType.Point, crs=crs)
    whole, progress = asked.flag("WHOLE"), asked.upto(1.0)
    order = np.argsort(zone_of, kind="stable")
    bounds = np.searchsorted(zone_of[order], np.arange(len(zones.features) + 1))
    without_support = 0

    def write(identifier: str, zone: int, xy: np.ndarray, people: float, reason: Message | None) -> None:
        words = None if reason is None else translate_message(reason)
        shape = QgsGeometry.fromPointXY(QgsPointXY(*xy.tolist()))
        table.add([identifier, zones.ids[zone] or None, people, words], geometry=shape)

    for zone in np.flatnonzero(zones.usable()).tolist():
        progress.advance(zone / len(zones.features))
        places = order[bounds[zone] : bounds[zone + 1]]
        total = float(zones.weight[zone])
        if whole and total != int(total):
            zones.reasons[zone] = msg("The population {total} is not a whole number.", total=total)
            continue
        if not len(places) and total:
            without_support += 1
            reason = msg("No support in the zone: its whole population is put at its inner point.")
            write(f"zone-{zones.ids[zone]}", zone, zones.xy[zone], total, reason)
            continue
        parts = spread(total, support.weight[places], whole=whole) if total else np.zeros(len(places))
        for place, people in zip(places.tolist(), parts.tolist()):
            if people:
                write(str(place), zone, support.xy[place], people, None)
    asked.warn_of_some(
        msg(
            "{count} zone has no support: its people are put at its inner point."
            "|{count} zones have no support: their people are put at their inner point.",
            count=without_support,
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


def _floor_areas(rows: Rows, source: QgsFeatureSource, asked: AccessAsked) -> np.ndarray:
    """Areas on the ground (m²) of the footprints, on the ellipsoid."""
    measure = QgsDistanceArea()
    measure.setSourceCrs(source.sourceCrs(), asked.context.transformContext())
    measure.setEllipsoid(source.sourceCrs().ellipsoidAcronym() or "EPSG:7030")
    return np.array([measure.measureArea(feature.geometry()) for feature in rows.features])
