"""Plan IGN under maps: tiles of the Géoplateforme's WMTS, or of a mirror, asked for as they are drawn."""

from __future__ import annotations

from functools import partial
from urllib.parse import quote

import requests
from qgis.core import QgsLayerMetadata, QgsRasterLayer

from ..core.errors import CartoError
from ..core.messages import msg
from ..core.progress import Progress
from ..i18n import tr
from . import settings
from .meanwhile import worked_out
from .transport import open_session

SERVER = "https://data.geopf.fr/wmts"
ATTRIBUTION = "© IGN"
LAYER = "GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2"
CITED = f"Fond de carte : Plan IGN, {ATTRIBUTION}, Licence Ouverte 2.0"
_TILE = (
    "SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}&STYLE=normal&FORMAT=image/png"
    "&TILEMATRIXSET=PM&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}"
)
_PATIENCE = (3.0, 3.0)
"""Seconds for the first tile: a report does not wait for a network that is not there."""


def basemap_layer() -> QgsRasterLayer:
    """Plan IGN, signed. Nothing is asked of the server before it is drawn."""
    layer = QgsRasterLayer(basemap_uri(), tr("Plan IGN"), "wms")
    metadata = QgsLayerMetadata(layer.metadata())
    metadata.setRights([ATTRIBUTION])
    metadata.setLicenses(["Licence Ouverte 2.0"])
    layer.setMetadata(metadata)
    return layer


def basemap_uri() -> str:
    """How QGIS is given the tiles. No capabilities are read: nothing waits where there is no network."""
    return f"type=xyz&zmin=0&zmax=19&url={quote(_tile_address(), safe='{}:/')}"


def basemap_for_report(progress: Progress) -> QgsRasterLayer | None:
    """Plan IGN where its server answers at once; else a warning, and none."""
    problem = worked_out(partial(_problem_of_a_tile, _tile_address().format(z=0, x=0, y=0)))
    if problem:
        warning = msg("The maps are drawn without the base map: its server does not answer ({cause}).", cause=problem)
        progress.warn(warning)
        return None
    return basemap_layer()


def _tile_address() -> str:
    server = settings.BASEMAP.value() or SERVER
    return f"{server}{'&' if '?' in server else '?'}{_TILE.format(layer=LAYER)}"


def _problem_of_a_tile(address: str) -> str:
    """Why no tile comes; empty where one does."""
    try:
        answer = open_session(address).get(address, timeout=_PATIENCE)
    except (requests.RequestException, CartoError) as error:
        return str(error)[:200] or type(error).__name__
    kind = answer.headers.get("Content-Type", "")
    return "" if answer.status_code == 200 and kind.startswith("image/") else f"HTTP {answer.status_code}, {kind}"
