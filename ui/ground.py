"""The quiet ground of the panel's maps: a group under the results, from the layers of the question."""

from __future__ import annotations

from qgis.core import QgsLayerTreeGroup, QgsLayerTreeLayer, QgsMapLayer, QgsProject, QgsVectorLayer
from qgis.PyQt.QtGui import QPainter

from ..i18n import tr
from ..processing.basemap import basemap_uri
from ..processing.qgis_enums import GeometryType
from ..processing.quiet_ground import quiet_land, quiet_roads
from ..processing.styling import STYLE_PROPERTY
from .result_groups import raise_services, result_groups

GROUND_OF = "carto_services_publics/ground_of"
"""Property of the group: the layers that it was made of."""


def lay_ground(zones: QgsMapLayer | None, roads: QgsMapLayer | None) -> None:
    """Put land, limits, names and roads in grey under the results; areas let them be seen.

    Plan IGN, where the user has chosen it, is ground enough. A ground of the same layers stays as the user has it.
    """
    project = QgsProject.instance()
    given = [layer for layer in (zones, roads) if isinstance(layer, QgsVectorLayer)]
    of = "" if _has_basemap() else " ".join(layer.id() for layer in given)
    group = _ground()
    if group is not None and group.customProperty(GROUND_OF) != of:
        layers = group.findLayerIds()
        project.layerTreeRoot().removeChildNode(group)
        project.removeMapLayers(layers)
        group = None
    if group is None and of:
        group = project.layerTreeRoot().insertGroup(_under_results(), tr("Ground"))
        group.setCustomProperty(GROUND_OF, of)
        group.setExpanded(False)
        for layer in given:
            _add(group, quiet_land(layer) if layer is zones else quiet_roads(layer))
    for layer in _areas_of_results():
        layer.setBlendMode(QPainter.CompositionMode.CompositionMode_Multiply)


def _ground() -> QgsLayerTreeGroup | None:
    groups = QgsProject.instance().layerTreeRoot().findGroups()
    return next((group for group in groups if group.customProperty(GROUND_OF)), None)


def _add(group: QgsLayerTreeGroup, layer: QgsVectorLayer) -> None:
    QgsProject.instance().addMapLayer(layer, False)
    node = QgsLayerTreeLayer(layer)
    node.setExpanded(False)
    group.insertChildNode(0, node)


def _under_results() -> int:
    """The place in the tree below the services and every group of results at its first level."""
    root = QgsProject.instance().layerTreeRoot()
    places = [root.children().index(group) + 1 for group in result_groups() if group in root.children()]
    return max(places, default=raise_services(root))


def _areas_of_results() -> list[QgsVectorLayer]:
    """Those with a plain colour: hatched gaps are seen through already, and would darken what they lie on."""
    layers = (node.layer() for group in result_groups() for node in group.findLayers())
    return [
        layer
        for layer in layers
        if isinstance(layer, QgsVectorLayer)
        and layer.geometryType() == GeometryType.Polygon
        and layer.customProperty(STYLE_PROPERTY) != "gaps"
    ]


def _has_basemap() -> bool:
    uri, root = basemap_uri(), QgsProject.instance().layerTreeRoot()
    return any(
        node.layer() is not None and node.layer().source() == uri and node.isVisible() for node in root.findLayers()
    )
