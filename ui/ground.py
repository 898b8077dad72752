"""The quiet ground of the panel's maps: a group under the results, from the layers of the question."""

from __future__ import annotations

from qgis.core import QgsLayerTreeGroup, QgsLayerTreeLayer, QgsMapLayer, QgsProject, QgsVectorLayer
from qgis.PyQt.QtGui import QPainter

from ..i18n import tr
from ..processing.basemap import basemap_uri
from ..processing.qgis_enums import GeometryType
from ..processing.quiet_ground import GROUND, quiet_land, quiet_roads
from ..processing.styling import STYLE_PROPERTY
from .result_groups import result_groups

GROUND_OF = "carto_services_publics/ground_of"
"""Property of the group: the layers that it was made of."""


def lay_ground(zones: QgsMapLayer | None, roads: QgsMapLayer | None) -> None:
    """Put land, limits, names and roads in grey under the results; areas let them be seen.

    They are at the foot of the lowest results, and go with them: on top of others they would hide these. Plan IGN,
    where the user has chosen it, is ground enough.
    """
    given = [layer for layer in (zones, roads) if isinstance(layer, QgsVectorLayer)]
    of = "" if _has_basemap() else " ".join(layer.id() for layer in given)
    is_there = False
    for group in _grounds():
        if group.customProperty(GROUND_OF) == of:
            is_there |= group.isVisible()
        elif not of or group.isVisible():
            _take_away(group)
    shown = [group for group in result_groups() if group.itemVisibilityChecked()]
    if of and shown and not is_there:
        group = shown[-1].addGroup(tr("Ground"))
        group.setCustomProperty(GROUND_OF, of)
        group.setExpanded(False)
        for layer in given:
            _add(group, quiet_land(layer) if layer is zones else quiet_roads(layer))
    for layer in _areas_of_results():
        layer.setBlendMode(QPainter.CompositionMode.CompositionMode_Multiply)


def is_ground(layer: QgsMapLayer | None) -> bool:
    """Whether a layer is part of the quiet ground."""
    return layer is not None and layer.customProperty(STYLE_PROPERTY) == GROUND


def drawn_by_ground() -> set[str]:
    """The layers, by their identifiers, that a ground draws in grey: under it they are seen by nobody."""
    return {layer for group in _grounds() for layer in str(group.customProperty(GROUND_OF)).split()}


def _grounds() -> list[QgsLayerTreeGroup]:
    parts = (part for results in result_groups() for part in results.findGroups())
    return [group for group in parts if group.customProperty(GROUND_OF)]


def _take_away(group: QgsLayerTreeGroup) -> None:
    layers = group.findLayerIds()
    group.parent().removeChildNode(group)
    QgsProject.instance().removeMapLayers(layers)


def _add(group: QgsLayerTreeGroup, layer: QgsVectorLayer) -> None:
    QgsProject.instance().addMapLayer(layer, False)
    node = QgsLayerTreeLayer(layer)
    node.setExpanded(False)
    group.insertChildNode(0, node)


def _areas_of_results() -> list[QgsVectorLayer]:
    """Those with a plain colour: hatched gaps are seen through already, and would darken what they lie on."""
    layers = (node.layer() for group in result_groups() for node in group.findLayers())
    return [
        layer
        for layer in layers
        if isinstance(layer, QgsVectorLayer)
        and layer.geometryType() == GeometryType.Polygon
        and layer.customProperty(STYLE_PROPERTY) not in ("gaps", GROUND)
    ]


def _has_basemap() -> bool:
    uri, root = basemap_uri(), QgsProject.instance().layerTreeRoot()
    return any(
        node.layer() is not None and node.layer().source() == uri and node.isVisible() for node in root.findLayers()
    )
