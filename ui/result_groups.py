"""One answer at a time: a group of results takes the place of the last one of its kind, unless that one is pinned."""

from __future__ import annotations

from qgis.core import QgsApplication, QgsLayerTree, QgsLayerTreeGroup, QgsLayerTreeLayer, QgsProject, QgsVectorLayer
from qgis.gui import QgsLayerTreeViewIndicator
from qgis.PyQt.QtCore import QObject, QTimer
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QWidget

from ..i18n import tr
from .map_tools import is_services_layer

RESULT_OF = "carto_services_publics/result_of"
"""Property of a group: the title of what made its layers."""
PINNED = "carto_services_publics/pinned"
"""Property of a group that the next answer leaves in the project."""


def result_groups() -> list[QgsLayerTreeGroup]:
    """The groups of results, from the top of the tree."""
    return [group for group in QgsProject.instance().layerTreeRoot().findGroups() if group.customProperty(RESULT_OF)]


def is_kept(group: QgsLayerTreeGroup) -> bool:
    """Whether a group stays when its kind is asked for again: it is pinned, or somebody is writing in it."""
    layers = (node.layer() for node in group.findLayers())
    return bool(group.customProperty(PINNED)) or any(
        isinstance(layer, QgsVectorLayer) and layer.isEditable() for layer in layers
    )


def make_room(title: str) -> None:
    """Take the earlier results of a kind out of the project; those kept are no longer drawn."""
    for group in result_groups():
        if group.customProperty(RESULT_OF) != title:
            continue
        if is_kept(group):
            group.setItemVisibilityChecked(False)
            group.setExpanded(False)
            continue
        layers = group.findLayerIds()
        group.parent().removeChildNode(group)
        QgsProject.instance().removeMapLayers(layers)


def raise_services(root: QgsLayerTree) -> int:
    """Move the layers of services of the tree's first level above all else; how many there are."""
    nodes = [
        node
        for node in root.children()
        if isinstance(node, QgsLayerTreeLayer) and node.layer() is not None and is_services_layer(node.layer())
    ]
    for place, node in enumerate(nodes):
        if root.children().index(node) != place:
            root.insertChildNode(place, node.clone())  # before the other goes: a layer out of the tree is removed
            root.removeChildNode(node)
    return len(nodes)


def toggle_clean_map() -> None:
    """Draw no result, so that the ground and the services are seen; asked again, the latest answer."""
    groups = result_groups()
    seen = [group for group in groups if group.itemVisibilityChecked()]
    for group in seen:
        group.setItemVisibilityChecked(False)
    if groups and not seen:
        groups[0].setItemVisibilityChecked(True)


class Pins(QObject):
    """A pin beside each group of results: a click keeps it, another lets it go."""

    def __init__(self, iface, parent: QWidget) -> None:
        super().__init__(parent)
        self._view = iface.layerTreeView()
        self._pins: list[QgsLayerTreeViewIndicator] = []
        if self._view is not None:
            root = QgsProject.instance().layerTreeRoot()
            root.addedChildren.connect(self._later)
            root.customPropertyChanged.connect(self._later)  # pinned by the page that gave it
            self._show()

    def leave(self) -> None:
        """Take all pins off the tree, which knows them by their addresses and would draw them after they are freed."""
        if self._view is None:
            return
        root = QgsProject.instance().layerTreeRoot()
        root.addedChildren.disconnect(self._later)
        root.customPropertyChanged.disconnect(self._later)
        for group in result_groups():
            for pin in self._view.indicators(group):
                if pin in self._pins:
                    self._view.removeIndicator(group, pin)
        self._view = None

    def _later(self, *_where: object) -> None:
        """Groups say what they are once they are in the tree."""
        QTimer.singleShot(0, self._show)

    def _show(self) -> None:
        for group in result_groups() if self._view is not None else ():
            own = [pin for pin in self._view.indicators(group) if pin in self._pins]
            for pin in own:
                self._dress(pin, bool(group.customProperty(PINNED)))
            if not own:
                self._add(group)

    def _add(self, group: QgsLayerTreeGroup) -> None:
        pin = QgsLayerTreeViewIndicator(self._view)  # the tree does not forget the pins of a group that is removed
        self._pins.append(pin)
        view = self._view
        pin.clicked.connect(lambda index: self._turn(view.index2node(index), pin))
        self._dress(pin, bool(group.customProperty(PINNED)))
        self._view.addIndicator(group, pin)

    def _turn(self, group: QgsLayerTreeGroup, pin: QgsLayerTreeViewIndicator) -> None:
        pinned = not group.customProperty(PINNED)
        group.setCustomProperty(PINNED, pinned)
        self._dress(pin, pinned)

    def _dress(self, pin: QgsLayerTreeViewIndicator, pinned: bool) -> None:
        icon = "/locked.svg" if pinned else "/unlocked.svg"
        pin.setIcon(QIcon(QgsApplication.getThemeIcon(icon)))
        pin.setToolTip(
            tr("Kept: the next answer stands beside it. A click lets it go.")
            if pinned
            else tr("The next answer of this kind takes its place. A click keeps it.")
        )
