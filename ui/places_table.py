"""The places proposed, as a list: rank, name, what each adds; a click shows one on the map."""

from __future__ import annotations

from qgis.core import (
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsMapLayer,
    QgsVectorLayer,
)
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QTableWidget, QTableWidgetItem, QWidget

from ..i18n import number, tr
from ..processing.attributes import is_null
from ..processing.coordinates import project_mover
from .looks import show_rows, to_be_read
from .map_tools import map_crs

CLOSE = 20_000
"""The scale's denominator at which a place is shown, unless the map is closer already."""
NAMES = ("nom", "name", "libelle", "nom_com", "nom_commune", "intitule", "adresse")
SHOWN = 8
"""Rows seen without scrolling."""


class PlacesTable(QTableWidget):
    """Result `OUTPUT` of `proposesites`, best place first."""

    def __init__(self, canvas: QgsMapCanvas, parent: QWidget | None = None) -> None:
        super().__init__(0, 3, parent)
        self._canvas = canvas
        self._layer: QgsVectorLayer | None = None
        self.setAccessibleName(tr("Places proposed"))
        to_be_read(self)
        self.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.cellClicked.connect(self._go_to)
        self.cellActivated.connect(self._go_to)
        self.hide()

    def show_places(self, layer: QgsVectorLayer | None, zones: QgsMapLayer | None, gain_title: str) -> None:
        """List a layer of places (hidden when empty); those without a name take that of the zone they are in."""
        self._forget()
        self._layer = layer
        places = sorted(layer.getFeatures(), key=lambda place: place["rang"]) if layer is not None else []
        for column, (title, tip) in enumerate(
            ((tr("Place"), ""), (tr("Gain"), gain_title), (tr("Served"), tr("People served")))
        ):
            header = QTableWidgetItem(title)
            header.setToolTip(tip)
            self.setHorizontalHeaderItem(column, header)
        self.setRowCount(len(places))
        for row, place in enumerate(places):
            self.setVerticalHeaderItem(row, QTableWidgetItem(number(place["rang"])))
            name = QTableWidgetItem(_name(place) or _zone_name(place, layer, zones) or tr("Place on the network"))
            name.setData(Qt.ItemDataRole.UserRole, place.id())
            self.setItem(row, 0, name)
            for column, field in ((1, "gain"), (2, "poids_servi")):
                cell = QTableWidgetItem("–" if is_null(place[field]) else number(place[field]))
                cell.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.setItem(row, column, cell)
        self.setVisible(bool(places))
        show_rows(self, SHOWN)
        if layer is not None:
            layer.willBeDeleted.connect(self._layer_gone)

    def _go_to(self, row: int, _column: int = 0) -> None:
        """Show one place on the map."""
        if self._layer is None:
            return
        number_ = self.item(row, 0).data(Qt.ItemDataRole.UserRole)
        shape = QgsGeometry(self._layer.getFeature(number_).geometry())
        if shape.isNull():
            return
        crs = self._layer.crs()
        shape = project_mover(crs, map_crs(self._canvas, crs)).geometry(shape)
        if shape is None:
            return
        self._canvas.setCenter(shape.boundingBox().center())
        if self._canvas.scale() > CLOSE:
            self._canvas.zoomScale(CLOSE)
        self._canvas.refresh()
        self._canvas.flashFeatureIds(self._layer, [number_])

    def _layer_gone(self) -> None:
        self._layer = None
        self.setRowCount(0)
        self.hide()

    def _forget(self) -> None:
        if self._layer is not None:
            self._layer.willBeDeleted.disconnect(self._layer_gone)
            self._layer = None


def _name(place: QgsFeature) -> str:
    columns = {name.lower(): name for name in place.fields().names()}
    for name in NAMES:
        if name in columns and not is_null(place[columns[name]]):
            return str(place[columns[name]])
    return ""


def _zone_name(place: QgsFeature, layer: QgsVectorLayer, zones: QgsMapLayer | None) -> str:
    if not isinstance(zones, QgsVectorLayer) or not place.hasGeometry():
        return ""
    point = project_mover(layer.crs(), zones.crs()).geometry(place.geometry().pointOnSurface())
    if point is None:
        return ""
    for zone in zones.getFeatures(QgsFeatureRequest().setFilterRect(point.boundingBox().buffered(1e-6))):
        if zone.geometry().contains(point):
            return _name(zone)
    return ""
