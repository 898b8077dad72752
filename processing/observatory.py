"""An answer of `coveragegaps` as a measure of the observatory, and the dates of one as a layer in time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from qgis.core import QgsFeature, QgsField, QgsGeometry, QgsVectorLayer

from ..core.access.coverage import Served, mean_together, together
from ..core.messages import Message, msg
from ..core.network.reading import reading_in_words
from ..core.observatory import Figure, Series, Zone
from ..i18n import tr
from .attributes import as_number, as_text, or_null
from .coverage_layer import served_of, thresholds_of
from .population_groups import in_words
from .qgis_enums import FIELD_TYPES, GeometryType
from .report_inputs import name_of
from .styling import STYLE_PROPERTY
from .styling.renderers import zones_by
from .temporal import put_in_time


def figures_in(coverage: QgsVectorLayer, day: str) -> list[Figure]:
    """The figures of each zone, service and threshold of a coverage by zone; rows of one zone are put together."""
    thresholds = thresholds_of(coverage)
    parts: dict[tuple[str, str], list[tuple[Served, float]]] = {}
    for row in coverage.getFeatures():
        key = as_text(row["zone_id"]), as_text(row["categorie"])
        parts.setdefault(key, []).append((served_of(row, thresholds), as_number(row["cout_moyen"])))
    found = []
    for (zone_id, category), rows in parts.items():
        whole, mean = together(served for served, _mean in rows), or_null(mean_together(rows))
        for beyond, threshold in zip(whole.beyond, thresholds.values()):
            found.append(Figure(day, zone_id, category, threshold, whole._replace(beyond=(beyond,)), mean))
    return found


def roads_in_words(roads: str) -> str:
    """How the roads were read (`Terms.roads`), in the user's language."""
    return ", ".join(map(in_words, reading_in_words(roads)))


def roads_doubt(dates: int) -> Message:
    """What is said of a series with so many dates of which nobody knows how the roads were read."""
    return msg(
        "{count} date of this series does not say how the roads were read: part of the change may come from that."
        "|{count} dates of this series do not say how the roads were read: part of the change may come from that.",
        count=dates,
    )


def zones_in(coverage: QgsVectorLayer) -> list[Zone]:
    """The zones of a coverage, each once, with the outline of all its parts."""
    names: dict[str, str] = {}
    outlines: dict[str, dict[bytes, QgsGeometry]] = {}
    for row in coverage.getFeatures():
        zone_id = as_text(row["zone_id"])
        names.setdefault(zone_id, name_of(row) or zone_id or tr("outside the zones"))
        shape = row.geometry()
        if shape.type() == GeometryType.Polygon and not shape.isEmpty():
            shape.convertToMultiType()
            outlines.setdefault(zone_id, {})[bytes(shape.asWkb())] = shape
    return [Zone(zone_id, name, _outline(outlines.get(zone_id, {}))) for zone_id, name in names.items()]


def _outline(parts: Mapping[bytes, QgsGeometry]) -> bytes:
    """One multipolygon of several, each of which is there once; empty of none."""
    if len(parts) < 2:
        return next(iter(parts), b"")
    whole = QgsGeometry.unaryUnion(list(parts.values()))
    whole.convertToMultiType()
    return bytes(whole.asWkb()) if whole.type() == GeometryType.Polygon else b""


def in_time(path: Path, series: Series, title: str) -> QgsVectorLayer:
    """In memory: each zone at each date, from that date until the next, for QGIS's temporal controller."""
    stored = QgsVectorLayer(f"{path}|layername=zones", "zones", "ogr")
    layer = QgsVectorLayer("MultiPolygon", title, "memory")
    layer.setCrs(stored.crs())
    texts, numbers = ("zone_id", "nom", "du", "au"), ("population", "pop_au_dela", "part_au_dela")
    columns = [QgsField(name, FIELD_TYPES["text"]) for name in texts]
    layer.dataProvider().addAttributes([*columns, *(QgsField(name, FIELD_TYPES["float"]) for name in numbers)])
    layer.updateFields()
    rows = []
    for zone in stored.getFeatures():
        points = series.zones.get(as_text(zone["zone_id"]), ())
        ends = [*(point.date for point in points[1:]), None]
        for (day, served), end in zip(points, ends) if zone.hasGeometry() else ():
            row = QgsFeature(layer.fields())
            row.setGeometry(zone.geometry())
            people = (served.population, served.beyond[0], served.share())
            row.setAttributes([as_text(zone["zone_id"]), as_text(zone["nom"]), day, end, *people])
            rows.append((day, row))
    # The latest is drawn on top where nothing controls the time.
    layer.dataProvider().addFeatures([row for _day, row in sorted(rows, key=lambda each: each[0])])
    put_in_time(layer)
    layer.setRenderer(zones_by("part_au_dela"))
    layer.setCustomProperty(STYLE_PROPERTY, "coverage")
    layer.setDisplayExpression('"nom"')
    layer.setOpacity(0.9)
    return layer
