"""Plan IGN under the map: tiles of the Géoplateforme's WMTS, asked for as they are seen."""

from __future__ import annotations

from urllib.parse import quote

from qgis.core import QgsLayerMetadata, QgsProject, QgsRasterLayer

from ..i18n import tr
from ..processing import settings

SERVER = "https://data.geopf.fr/wmts"
ATTRIBUTION = "© IGN"
LAYER = "GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2"
_TILE = (
    "SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}&STYLE=normal&FORMAT=image/png"
    "&TILEMATRIXSET=PM&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}"
)


def basemap_uri() -> str:
    """The source of the tiles, as QGIS reads it. No capabilities are read: nothing waits where there is no network."""
    server = settings.BASEMAP.value() or SERVER
    tiles = f"{server}{'&' if '?' in server else '?'}{_TILE.format(layer=LAYER)}"
    return f"type=xyz&zmin=0&zmax=19&url={quote(tiles, safe='{}:/')}"


def add_basemap() -> QgsRasterLayer:
    """Plan IGN at the bottom of the project, signed; the one that is there already is taken."""
    uri = basemap_uri()
    for layer in QgsProject.instance().mapLayers().values():
        if layer.source() == uri:
            return layer
    layer = QgsRasterLayer(uri, tr("Plan IGN"), "wms")
    metadata = QgsLayerMetadata(layer.metadata())
    metadata.setRights([ATTRIBUTION])
    metadata.setLicenses(["Licence Ouverte 2.0"])
    layer.setMetadata(metadata)
    QgsProject.instance().addMapLayer(layer, False)
    QgsProject.instance().layerTreeRoot().insertLayer(-1, layer)
    return layer
