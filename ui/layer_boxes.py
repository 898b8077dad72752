"""Choosing layers, and putting results on the map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeatureRequest,
    QgsFieldProxyModel,
    QgsLayerTreeLayer,
    QgsMapLayer,
    QgsProject,
    QgsRuleBasedRenderer,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
)
from qgis.gui import QgsFieldComboBox, QgsMapLayerComboBox
from qgis.PyQt.QtCore import QTimer

from ..processing.attributes import is_null
from ..processing.qgis_enums import LayerFilters
from ..processing.styling.renderers import category_label
from .looks import let_shrink
from .result_groups import RESULT_OF, make_room, raise_services


class Snapshot:
    """A layer as it is now, to be read by a thread: what `read_points` asks of a source."""

    def __init__(self, layer: QgsVectorLayer) -> None:
        self._source = QgsVectorLayerFeatureSource(layer)
        self._fields, self._crs, self._count = layer.fields(), layer.crs(), layer.featureCount()
        self._kind = layer.wkbType()

    def fields(self):
        return self._fields

    def sourceCrs(self):
        return self._crs

    def wkbType(self):
        return self._kind

    def featureCount(self) -> int:
        return self._count

    def getFeatures(self, request: QgsFeatureRequest):
        return self._source.getFeatures(request)


def layer_box(name: str, kinds) -> QgsMapLayerComboBox:
    """A choice among the project's layers of some kinds, named for screen readers."""
    box = QgsMapLayerComboBox()
    box.setFilters(LayerFilters(kinds))
    box.setAccessibleName(name)
    let_shrink(box)
    return box


def may_be_none(box: QgsMapLayerComboBox, words: str) -> None:
    """Offer to choose no layer, which ``words`` say; that is what is chosen. `setLayer(None)` would show nothing."""
    box.setAllowEmptyLayer(True, words)
    box.setCurrentIndex(0)


def field_box(name: str, kinds=QgsFieldProxyModel.Filter.AllTypes) -> QgsFieldComboBox:
    """A choice among a layer's columns of some kinds, or none; named for screen readers."""
    box = QgsFieldComboBox()
    box.setFilters(kinds)
    box.setAllowEmptyFieldName(True)
    box.setAccessibleName(name)
    let_shrink(box)
    return box


def project_map(crs: QgsCoordinateReferenceSystem) -> None:
    """Show the map in ``crs``. QGIS takes that of a project's first layer a moment after it is added: this is later."""
    QTimer.singleShot(0, lambda: QgsProject.instance().setCrs(crs))


def has_field(layer: QgsMapLayer | None, name: str) -> bool:
    """Whether a layer has a column of that name."""
    return isinstance(layer, QgsVectorLayer) and layer.fields().lookupField(name) >= 0


def categories_of(layer: QgsMapLayer | None) -> list[str]:
    """The codes of the services in a layer, in the order of their labels."""
    if not has_field(layer, "categorie"):
        return []
    values = layer.uniqueValues(layer.fields().lookupField("categorie"))
    return sorted((str(value) for value in values if not is_null(value) and value), key=category_label)


class Results(Protocol):
    """What gave layers: a run, or a page of the panel."""

    @property
    def title(self) -> str: ...

    @property
    def layers(self) -> Mapping[str, QgsMapLayer]: ...

    @property
    def project_gone(self) -> bool: ...


class Given(NamedTuple):
    """A result that no algorithm gave, as `add_results` takes it."""

    title: str
    layers: dict[str, QgsMapLayer]
    project_gone: bool = False


def add_results(run: Results, names: tuple[str, ...], hidden: tuple[str, ...] = (), circumstances: str = "") -> None:
    """Add results in a group above the map and under the services, the last named on top.

    What failed joins them only when something did; ``hidden`` ones are there but not drawn. Earlier results of the same
    kind go, unless they are pinned: two answers on top of each other would be read as one. ``circumstances`` tell them
    apart in the group's title. A project opened meanwhile gets none of them.
    """
    if run.project_gone:
        return
    failed = run.layers.get("FAILED")
    if failed is not None and failed.featureCount():
        names = ("FAILED", *names)
    shown = [name for name in names if name in run.layers]
    if not shown:
        return
    make_room(run.title)
    root = QgsProject.instance().layerTreeRoot()
    title = f"{run.title} – {circumstances}" if circumstances else run.title
    group = root.insertGroup(raise_services(root), title)
    group.setCustomProperty(RESULT_OF, run.title)
    for name in shown:
        QgsProject.instance().addMapLayer(run.layers[name], False)
        node = QgsLayerTreeLayer(run.layers[name])
        node.setItemVisibilityChecked(name not in hidden)
        node.setCustomProperty("expandedLegendNodes", _shown_branches(run.layers[name]))
        group.insertChildNode(0, node)


def _shown_branches(layer: QgsMapLayer) -> list[str]:
    """The branches of the legend to unfold: those that are drawn."""
    renderer = layer.renderer() if isinstance(layer, QgsVectorLayer) else None
    if not isinstance(renderer, QgsRuleBasedRenderer):
        return []
    return [rule.ruleKey() for rule in renderer.rootRule().children() if rule.children() and rule.active()]
