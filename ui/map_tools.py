"""Pointing at a service on the map, and showing where it should be."""

from __future__ import annotations

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsMapLayer,
    QgsPointXY,
    QgsProject,
    QgsVectorLayer,
)
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsMapTool, QgsMapToolIdentify, QgsRubberBand, QgsVertexMarker
from qgis.PyQt.QtCore import QPoint, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QKeyEvent
from qgis.PyQt.QtWidgets import QMenu

from ..i18n import tr
from ..processing.attributes import as_text
from ..processing.qgis_enums import GeometryType
from ..processing.styling import STYLE_PROPERTY
from ..processing.styling.renderers import category_label
from .plain import as_plain

SERVICE_COLUMNS = {"id", "nom", "categorie", "producteur", "version"}
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
MOVED, GHOST = QColor("#d55e00"), QColor("#666666")
SHOWN_SECONDS = 8


def is_services_layer(layer: QgsMapLayer) -> bool:
    """Whether a layer holds services as the plugin loads them."""
    own = isinstance(layer, QgsVectorLayer) and set(layer.fields().names()) >= SERVICE_COLUMNS
    return own and not is_result(layer)


def is_result(layer: QgsMapLayer) -> bool:
    """Whether a layer is what a computation gave, services themselves apart."""
    return layer.customProperty(STYLE_PROPERTY, "services") != "services"


def services_layers() -> list[QgsVectorLayer]:
    """The project's layers of services."""
    return [layer for layer in QgsProject.instance().mapLayers().values() if is_services_layer(layer)]


def map_crs(canvas: QgsMapCanvas, drawn: QgsCoordinateReferenceSystem) -> QgsCoordinateReferenceSystem:
    """The map's reference system; in a project without one, that of the layer ``drawn``, shown as it is."""
    crs = canvas.mapSettings().destinationCrs()
    return crs if crs.isValid() else drawn


def tell_what_to_do(iface, tool: QgsMapTool, sentence: str) -> None:
    """Above the map while the tool is active. Without a title: the sentence needs the whole width."""
    bar = iface.messageBar()
    shown = bar.createMessage(as_plain(sentence))
    bar.pushWidget(shown, Qgis.MessageLevel.Info, SHOWN_SECONDS)
    # From Qt to Qt, so that it is undone with either: a tool that dies with its window finds no bar.
    tool.deactivated.connect(shown.dismiss)


class ServicePicker(QgsMapToolIdentify):
    """One click: the service under it, or the empty place."""

    picked = pyqtSignal(object, object)
    """(layer, feature)"""
    missed = pyqtSignal(QgsPointXY)
    """Where there is no service, in the map's CRS."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self.setCursor(Qt.CursorShape.CrossCursor)

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        self._pick(event.pos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is a click in the middle of the map, which the arrow keys move; Escape puts the tool down."""
        if event.key() in ENTER:
            event.accept()
            self._pick(self.canvas().viewport().rect().center())
        elif event.key() == Qt.Key.Key_Escape:
            self.canvas().unsetMapTool(self)

    def _pick(self, point: QPoint) -> None:
        found = self.identify(point.x(), point.y(), services_layers(), QgsMapToolIdentify.IdentifyMode.TopDownAll)
        # What identify gives has no column names on QGIS 3.40.
        places = {(each.mLayer.id(), each.mFeature.id()): each.mLayer for each in found}
        services = _each_once([(layer, layer.getFeature(number)) for (_, number), layer in places.items()])
        if not services:
            self.missed.emit(self.toMapCoordinates(point))
        elif len(services) == 1:
            self.picked.emit(*services[0])
        else:
            self._ask_which(services, point)

    def _ask_which(self, services: list[tuple[QgsVectorLayer, QgsFeature]], point: QPoint) -> None:
        """Several under one click: their names, to choose from."""
        self.menu = QMenu(self.canvas())
        for layer, service in services:
            words = [as_text(service["nom"]), category_label(as_text(service["categorie"]))]
            entry = self.menu.addAction(tr("{name} – {kind}").format(name=words[0], kind=words[1]).replace("&", "&&"))
            entry.triggered.connect(lambda _on, chosen=(layer, service): self.picked.emit(*chosen))
        self.menu.popup(self.canvas().viewport().mapToGlobal(point))


def _each_once(services: list[tuple[QgsVectorLayer, QgsFeature]]) -> list[tuple[QgsVectorLayer, QgsFeature]]:
    """A service that several layers show counts in the topmost of them."""
    by_id = {}
    for layer, service in services:
        known = layer.fields().lookupField("id") >= 0 and as_text(service["id"])
        by_id.setdefault(known or (layer.id(), service.id()), (layer, service))
    return list(by_id.values())


class Trail:
    """A place while it is moved: rings where it is and, pale, where it was, and a dashed line between the two."""

    def __init__(self, canvas: QgsMapCanvas, old: QgsPointXY | None) -> None:
        """``old`` is where it was, in the map's CRS; None where there was no such place."""
        self._canvas, self._old = canvas, old
        self._ghost, self._marker = _ring(canvas, GHOST, 2), _ring(canvas, MOVED, 3)
        self._line = QgsRubberBand(canvas, GeometryType.Line)
        self._line.setColor(MOVED)
        self._line.setWidth(2)
        self._line.setLineStyle(Qt.PenStyle.DashLine)
        if old is not None:
            self._ghost.setCenter(old)
            self._ghost.show()
            self.lead_to(old)

    def lead_to(self, point: QgsPointXY) -> None:
        """The place is there now."""
        self._marker.setCenter(point)
        self._marker.show()
        if self._old is not None:
            self._line.setToGeometry(QgsGeometry.fromPolylineXY([self._old, point]), None)

    def remove(self) -> None:
        """Take the marks off the map."""
        for item in (self._ghost, self._marker, self._line):
            self._canvas.scene().removeItem(item)


def _ring(canvas: QgsMapCanvas, colour: QColor, pen: int) -> QgsVertexMarker:
    ring = QgsVertexMarker(canvas)
    ring.setIconType(QgsVertexMarker.IconType.ICON_CIRCLE)
    ring.setIconSize(16)
    ring.setPenWidth(pen)
    ring.setColor(colour)
    ring.hide()
    return ring


class PlaceTool(QgsMapTool):
    """Drag the service, or click, to where it should be; a line joins the old place and the new one."""

    placed = pyqtSignal(QgsPointXY)
    """The new place, in the map's CRS."""

    def __init__(self, canvas: QgsMapCanvas, old: QgsPointXY | None) -> None:
        super().__init__(canvas)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._dragging = False
        self._trail = Trail(canvas, old)

    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        self._dragging = True
        self._trail.lead_to(event.mapPoint())

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        if self._dragging:
            self._trail.lead_to(event.mapPoint())

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        self._dragging = False
        self._trail.lead_to(event.mapPoint())
        self.placed.emit(event.mapPoint())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter puts it in the middle of the map, which the arrow keys move; Escape puts the tool down."""
        if event.key() in ENTER:
            event.accept()
            self._trail.lead_to(self.canvas().center())
            self.placed.emit(self.canvas().center())
        elif event.key() == Qt.Key.Key_Escape:
            self.canvas().unsetMapTool(self)

    def clear(self) -> None:
        """Take the marks off the map."""
        self._trail.remove()
