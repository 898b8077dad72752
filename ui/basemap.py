"""« Ajouter le fond de plan »: Plan IGN at the bottom of the project."""

from __future__ import annotations

from qgis.core import QgsProject, QgsRasterLayer

from ..processing.basemap import basemap_layer, basemap_uri


def add_basemap() -> QgsRasterLayer:
    """Plan IGN at the bottom of the project; the one that is there already is taken."""
    uri = basemap_uri()
    for layer in QgsProject.instance().mapLayers().values():
        if layer.source() == uri:
            return layer
    layer = basemap_layer()
    QgsProject.instance().addMapLayer(layer, False)
    QgsProject.instance().layerTreeRoot().insertLayer(-1, layer)
    return layer
