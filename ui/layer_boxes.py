"""Choosing layers, and putting results on the map."""

from __future__ import annotations

from qgis.core import QgsCoordinateReferenceSystem, QgsMapLayer, QgsProject, QgsVectorLayer
from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtCore import QTimer

from .chain import ChainRun
from .runner import Run


def layer_box(name: str, kinds) -> QgsMapLayerComboBox:
    """A choice among the project's layers of some kinds, named for screen readers."""
    box = QgsMapLayerComboBox()
    box.setFilters(kinds)
    box.setAccessibleName(name)
    return box


def project_map(crs: QgsCoordinateReferenceSystem) -> None:
    """Show the map in ``crs``. QGIS takes that of a project's first layer a moment after it is added: this is later."""
    QTimer.singleShot(0, lambda: QgsProject.instance().setCrs(crs))


def has_field(layer: QgsMapLayer | None, name: str) -> bool:
    """Whether a layer has a column of that name."""
    return isinstance(layer, QgsVectorLayer) and layer.fields().lookupField(name) >= 0


def add_results(run: Run | ChainRun, names: tuple[str, ...], hidden: tuple[str, ...] = ()) -> None:
    """Add results in a group above the map, the last named on top; what failed only when something did.

    ``hidden`` ones are there but not drawn.
    """
    failed = run.layers.get("FAILED")
    if failed is not None and failed.featureCount():
        names = ("FAILED", *names)
    shown = [name for name in names if name in run.layers]
    if not shown:
        return
    group = QgsProject.instance().layerTreeRoot().insertGroup(0, run.title)
    for name in shown:
        QgsProject.instance().addMapLayer(run.layers[name], False)
        group.insertLayer(0, run.layers[name]).setItemVisibilityChecked(name not in hidden)
