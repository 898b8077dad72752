"""A quiet ground for maps, from the user's own layers: land and its limits, roads, names, all in light greys."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsFillSymbol,
    QgsLineSymbol,
    QgsPalLayerSettings,
    QgsProperty,
    QgsRuleBasedRenderer,
    QgsSingleSymbolRenderer,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtGui import QColor

from ..core.network import RoadSource
from ..i18n import tr
from .lasting import lasting, make_lasting
from .qgis_enums import GeometryType, RenderUnit
from .report_inputs import NAME_COLUMNS
from .roads import Roads, source_of_network
from .styling import STYLE_PROPERTY
from .styling.renderers import first_column
from .styling.rules import new_rule

GROUND = "ground"
"""The kind of these layers, as results have theirs."""
LAND, LIMIT, ROAD, NAME = "#f6f5f2", "#b9b9b9", "#9c9c9c", "#5f5f5f"
DISTRICT, REGION, ISLAND = 60_000, 250_000, 1_500_000
"""Denominators of the scales beyond which small roads, all roads of a layer without classes, and names are left out."""
MAIN_ROADS = {
    "importance": "\"importance\" IN ('1', '2', '3')",
    "highway": "\"highway\" IN ('motorway', 'trunk', 'primary', 'secondary')",
    "fclass": "\"fclass\" IN ('motorway', 'trunk', 'primary', 'secondary')",
}
"""By the column that a layer of roads tells its classes in (BD TOPO, OpenStreetMap, Geofabrik): those between towns."""


def quiet_land(zones: QgsVectorLayer) -> QgsVectorLayer:
    """The zones as pale land, with their limits and names."""
    layer = _copy(zones, tr("Land and limits"))
    symbol = QgsFillSymbol.createSimple({"color": LAND, "outline_color": LIMIT, "outline_width": "0.15"})
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))
    name_quietly(layer)
    return layer


def quiet_roads(roads: QgsVectorLayer) -> QgsVectorLayer:
    """Roads in grey: those between towns always, the others on maps of a few communes."""
    layer = _copy(roads, tr("Roads"))
    columns = {name.lower(): name for name in layer.fields().names()}
    main = next((condition for column, condition in MAIN_ROADS.items() if column in columns), "")
    root = new_rule()
    most = DISTRICT if main else REGION
    root.appendChild(new_rule(_road(0.15, 0.4), "ELSE" if main else "", scales=(0, most)))
    if main:
        root.appendChild(new_rule(_road(0.2, 0.7), main))
    renderer = QgsRuleBasedRenderer(root)
    make_lasting(renderer)
    layer.setRenderer(renderer)
    layer.setLabelsEnabled(False)
    return layer


def name_quietly(layer: QgsVectorLayer) -> None:
    """The names of the zones: the most peopled first where there is no room for all, none where a map is too small."""
    column = next((name for name in NAME_COLUMNS if layer.fields().lookupField(name) >= 0), "")
    layer.setLabelsEnabled(bool(column))
    if not column:
        return
    halo = QgsTextBufferSettings()
    halo.setEnabled(True)
    halo.setSize(0.6)
    halo.setColor(QColor(255, 255, 255, 200))
    text = QgsTextFormat()
    text.setSize(7)
    text.setSizeUnit(RenderUnit.Points)
    text.setColor(QColor(NAME))
    text.setBuffer(halo)
    settings = QgsPalLayerSettings()
    settings.fieldName = column
    settings.setFormat(text)
    settings.scaleVisibility = True
    settings.minimumScale = ISLAND
    settings.priority = 1
    people = first_column(layer, "population")
    if layer.fields().lookupField(people) >= 0:
        rank = f'5 * min(1, ln(1 + coalesce("{people}", 0)) / ln(100000))'
        priority = lasting(QgsProperty.fromExpression(rank))
        settings.dataDefinedProperties().setProperty(QgsPalLayerSettings.Property.Priority, priority)
    layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))


def layer_of_roads(roads: Roads | None) -> QgsVectorLayer | None:
    """The lines that roads are, or that a network file was made of, where they can be drawn."""
    source = source_of_network(roads) if isinstance(roads, Path) else roads
    if not isinstance(source, RoadSource):
        return None
    layer = QgsVectorLayer(f"{source.path}|layername={source.layer}" if source.layer else source.path, "", "ogr")
    is_drawn = layer.isValid() and layer.geometryType() == GeometryType.Line
    return layer if is_drawn else None


def _copy(layer: QgsVectorLayer, name: str) -> QgsVectorLayer:
    copy = layer.clone()
    copy.setName(name)
    copy.setCustomProperty(STYLE_PROPERTY, GROUND)
    copy.setOpacity(1.0)
    return copy


def _road(far: float, near: float) -> QgsLineSymbol:
    """A line of so many millimetres on maps of a département, and so many on those of a town."""
    symbol = QgsLineSymbol.createSimple({"line_color": ROAD, "line_width": str(far), "capstyle": "round"})
    width = f"scale_linear(max(min(@map_scale, {REGION}), 5000), 5000, {REGION}, {near}, {far})"
    symbol.setDataDefinedWidth(QgsProperty.fromExpression(width))
    return symbol
