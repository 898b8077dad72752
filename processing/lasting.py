"""Expressions of symbols and labels that outlive the layers they draw, for QGIS copies them after letting go of them.

A map is drawn in a thread from a copy of the layer's symbols, which shares their expressions. `QgsExpression::detach`
gives up its share of one, then copies it. When the layer is removed, or drawn otherwise, at that moment, what is being
copied is freed and QGIS crashes (from 3.22 to 4 at least). An expression that somebody else holds is never freed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator

from qgis.core import (
    QgsFeatureRenderer,
    QgsPalLayerSettings,
    QgsProject,
    QgsProperty,
    QgsRenderContext,
    QgsSymbol,
    QgsSymbolLayer,
    QgsVectorLayer,
)

_BY_TEXT: dict[str, QgsProperty] = {}
"""One for all symbols of the same expression; there are a few dozen."""
_OF_OTHERS: deque[QgsProperty] = deque(maxlen=2000)
"""Those of layers that go or change: held until long after the last map drawn by them."""


def lasting(property_: QgsProperty) -> QgsProperty:
    """The property with this expression that is never freed."""
    return _BY_TEXT.setdefault(property_.expressionString(), property_)


def make_lasting(renderer: QgsFeatureRenderer) -> None:
    """Let the symbols of a renderer that nothing has drawn with yet share expressions that are never freed."""
    for layer in _symbol_layers(renderer):
        properties = layer.dataDefinedProperties()
        for key, given in _expressions(layer):
            properties.setProperty(key, lasting(given))
        layer.setDataDefinedProperties(properties)


def outlive(layer: QgsVectorLayer) -> None:
    """To be called before a layer is removed or drawn otherwise: no expression by which it is drawn now is freed."""
    parts: list[QgsSymbolLayer | QgsPalLayerSettings] = []
    if layer.renderer() is not None:
        parts += _symbol_layers(layer.renderer())
    if layer.labeling() is not None:
        parts += map(layer.labeling().settings, layer.labeling().subProviders())
    _OF_OTHERS.extend(given for part in parts for _key, given in _expressions(part))


def outlive_removals(project: QgsProject) -> Callable[[], object]:
    """Let what layers of the project are drawn with outlive them, whoever removes them; what ends that."""

    def look(layer_ids: list[str]) -> None:
        for layer in map(project.mapLayer, layer_ids):
            if isinstance(layer, QgsVectorLayer):
                outlive(layer)

    removed = project.layersWillBeRemoved["QStringList"]
    removed.connect(look)
    return lambda: removed.disconnect(look)


def _symbol_layers(renderer: QgsFeatureRenderer) -> Iterator[QgsSymbolLayer]:
    for symbol in renderer.symbols(QgsRenderContext()):
        yield from _layers_of(symbol)


def _layers_of(symbol: QgsSymbol) -> Iterator[QgsSymbolLayer]:
    for layer in symbol.symbolLayers():
        yield layer
        if layer.subSymbol() is not None:
            yield from _layers_of(layer.subSymbol())


def _expressions(part: QgsSymbolLayer | QgsPalLayerSettings) -> list[tuple[int, QgsProperty]]:
    properties = part.dataDefinedProperties()
    found = [(key, QgsProperty(properties.property(key))) for key in properties.propertyKeys()]
    return [(key, given) for key, given in found if given.expressionString()]
