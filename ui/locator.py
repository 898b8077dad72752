"""A service by its name or commune, from QGIS's locator bar (prefix `csp`; QGIS wants three letters)."""

from __future__ import annotations

import re
import unicodedata

from qgis.core import (
    QgsFeature,
    QgsFeatureRequest,
    QgsLocatorFilter,
    QgsLocatorResult,
    QgsProject,
    QgsVectorLayerFeatureSource,
)

from ..i18n import tr
from ..processing.attributes import as_text
from ..processing.coordinates import project_mover
from ..processing.garbage import collected_by_the_main_thread
from ..processing.qgis_enums import FeatureRequestFlag
from .map_tools import map_crs, services_layers

MOST = 30
SHORTEST = 2
SCALE = 5000


class ServiceLocator(QgsLocatorFilter):
    """Searches the project's layers of services; choosing a result shows it on the map."""

    def __init__(self, iface) -> None:
        super().__init__()
        self._iface = iface
        self._sources: list[tuple[str, QgsVectorLayerFeatureSource]] = []

    def clone(self) -> QgsLocatorFilter:
        return ServiceLocator(self._iface)

    def name(self) -> str:
        return "carto_services_publics"

    def displayName(self) -> str:
        return tr("Public services")

    def prefix(self) -> str:
        return "csp"

    def prepare(self, string, context) -> list[str]:
        # On the main thread: the search itself reads from these in another.
        self._sources = [(layer.id(), QgsVectorLayerFeatureSource(layer)) for layer in services_layers()]
        return []

    @collected_by_the_main_thread()
    def fetchResults(self, string, context, feedback) -> None:
        wanted = plain_words(string)
        if len("".join(wanted)) < SHORTEST:
            return
        found = 0
        for layer_id, source in self._sources:
            for feature in source.getFeatures(QgsFeatureRequest().setFlags(FeatureRequestFlag.NoGeometry)):
                if feedback.isCanceled() or found == MOST:
                    return
                words = " ".join(plain_words(f"{_text(feature, 'nom')} {_text(feature, 'commune')}"))
                if all(word in words for word in wanted):
                    found += 1
                    self.resultFetched.emit(self._result(layer_id, feature))

    def triggerResult(self, result) -> None:
        # From QGIS 3.40 on `userData` is the way; read from Python in QGIS 3.22 it crashes, now and then.
        layer_id, feature_id = result.getUserData() if hasattr(result, "getUserData") else result.userData
        layer = QgsProject.instance().mapLayer(layer_id)
        if layer is None:
            return
        feature = layer.getFeature(feature_id)
        canvas = self._iface.mapCanvas()
        if not feature.geometry().isNull():
            to_map = project_mover(layer.crs(), map_crs(canvas, layer.crs()))
            place = to_map.point(feature.geometry().pointOnSurface().asPoint())
            if place is not None:
                canvas.setCenter(place)
                canvas.zoomScale(min(canvas.scale(), SCALE))
        canvas.flashFeatureIds(layer, [feature_id])

    def _result(self, layer_id: str, feature: QgsFeature) -> QgsLocatorResult:
        result = QgsLocatorResult()
        result.filter = self
        result.displayString = _text(feature, "nom")
        result.description = _text(feature, "commune")
        result.userData = (layer_id, feature.id())
        return result


def plain_words(text: str) -> list[str]:
    """The words of a text in small letters without accents nor hyphens: « Saint-Étienne » is saint, etienne."""
    apart = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe"))
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return re.findall(r"\w+", bare.casefold())


def _text(feature: QgsFeature, column: str) -> str:
    return as_text(feature[column])
