"""Which layers of the project can be services, people, zones, roads or candidate places; the others are not offered."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import QgsMapLayer, QgsProject, QgsRectangle, QgsVectorLayer
from qgis.gui import QgsMapLayerComboBox

from ..core.coordinates import UnknownCrs
from ..processing.coordinates import WGS84, project_mover
from ..processing.qgis_enums import GeometryType
from .map_tools import is_result, is_services_layer

POPULATION_NAMES = ("population", "pop", "pmun", "poids", "ind", "p21_pop")
_SERVERS = ("WFS", "OAPIF", "arcgisfeatureserver")
"""Providers that are not asked where their layer lies: it may take a while."""


def offer(box: QgsMapLayerComboBox, fits: Callable[[QgsVectorLayer], bool]) -> None:
    """Let a box offer only the layers that fit, and the one chosen in it."""
    chosen = box.currentLayer()
    unfit = [
        layer
        for layer in QgsProject.instance().mapLayers().values()
        if layer is not chosen and not (isinstance(layer, QgsVectorLayer) and fits(layer))
    ]
    box.setExceptedLayerList(unfit)


def can_be_services(layer: QgsVectorLayer) -> bool:
    """Points that no computation gave."""
    return layer.geometryType() == GeometryType.Point and not is_result(layer)


def can_be_people(layer: QgsVectorLayer) -> bool:
    """Places or areas where people live: areas have a number of them, and services are no people."""
    if is_result(layer) or is_services_layer(layer):
        return False
    is_area = layer.geometryType() == GeometryType.Polygon
    return _has_number(layer) if is_area else layer.geometryType() == GeometryType.Point


def can_be_zones(layer: QgsVectorLayer) -> bool:
    """Areas that no computation gave, with a column to tell one from another."""
    return layer.geometryType() == GeometryType.Polygon and not is_result(layer) and layer.fields().count() > 0


def can_be_roads(layer: QgsVectorLayer) -> bool:
    """Lines that no computation gave."""
    return layer.geometryType() == GeometryType.Line and not is_result(layer)


def can_be_candidates(layer: QgsVectorLayer) -> bool:
    """Places where a service could open: points or areas that no computation gave, what is proposed apart."""
    return layer.geometryType() in (GeometryType.Point, GeometryType.Polygon) and not is_result(layer)


def population_field(layer: QgsMapLayer | None) -> str:
    """The column of a layer that counts people; empty where none is obvious."""
    if not isinstance(layer, QgsVectorLayer):
        return ""
    return next((name for name in layer.fields().names() if name.lower() in POPULATION_NAMES), "")


def world_extent(layer: QgsVectorLayer) -> QgsRectangle:
    """Where a layer lies, in degrees; an empty box when it holds nothing or nobody knows where that is."""
    if layer.featureCount() == 0:
        return QgsRectangle()
    try:
        return project_mover(layer.crs(), WGS84).box(layer.extent())
    except UnknownCrs:
        return QgsRectangle()


def lie_together(layer: QgsVectorLayer, other: QgsVectorLayer | None) -> bool:
    """Whether two layers lie on the same ground, as far as is known at once."""
    if other is None or layer.providerType() in _SERVERS or other.providerType() in _SERVERS:
        return False
    return world_extent(layer).intersects(world_extent(other))


def _has_number(layer: QgsVectorLayer) -> bool:
    return any(field.isNumeric() for field in layer.fields())
