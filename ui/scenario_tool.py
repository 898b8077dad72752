"""The tool of a scenario on the map: add, move, close a place or change its hours, by the mouse or by the keyboard."""

from __future__ import annotations

from qgis.core import QgsFeatureRequest, QgsPointXY, QgsRectangle, QgsVectorLayer
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsMapTool
from qgis.PyQt.QtCore import QEvent, QObject, QPoint, Qt, pyqtSignal
from qgis.PyQt.QtGui import QKeyEvent, QKeySequence
from qgis.PyQt.QtWidgets import QApplication

from ..core.coordinates import UnknownCrs
from ..i18n import tr
from ..processing.coordinates import project_mover
from .map_tools import ENTER, Trail, map_crs

ADD, MOVE, CLOSE, HOURS = "add", "move", "close", "hours"
REACH = 14
"""Pixels between a click and the place that is meant, at most."""


def what_to_do(act: str) -> str:
    """What one does on the map for an act."""
    return {
        ADD: tr("Each click on the map adds a place of the current service; Escape to leave."),
        MOVE: tr("Drag a place, or click it and then where it goes; Escape to leave."),
        CLOSE: tr("Each click on a place closes it; Escape to leave."),
        HOURS: tr("Click a place to change its hours; Escape to leave."),
    }[act]


class ScenarioTool(QgsMapTool):
    """One act on the places of a layer. Positions are in the map's CRS, places are numbers of rows."""

    added = pyqtSignal(QgsPointXY)
    carried = pyqtSignal(object, QgsPointXY)
    """(place, where it is held), again and again until it is put down or let go."""
    moved = pyqtSignal(object, QgsPointXY)
    let_go = pyqtSignal()
    """The place that was held stays where it was."""
    closed = pyqtSignal(object)
    hours_asked = pyqtSignal(object)
    missed = pyqtSignal()
    """There is no place where one clicked."""
    undo_asked, redo_asked = pyqtSignal(), pyqtSignal()

    def __init__(self, canvas: QgsMapCanvas, layer: QgsVectorLayer, act: str) -> None:
        super().__init__(canvas)
        self._layer, self._act = layer, act
        self._held: int | None = None
        self._trail: Trail | None = None
        self._pressed = QPoint()
        self._by_keys = False
        self.setCursor(Qt.CursorShape.CrossCursor)

    def activate(self) -> None:
        super().activate()
        self.canvas().installEventFilter(self)
        self.canvas().extentsChanged.connect(self._map_moved)

    def deactivate(self) -> None:
        self.canvas().removeEventFilter(self)
        self.canvas().extentsChanged.disconnect(self._map_moved)
        self._let_go()
        super().deactivate()

    # -- the mouse ----------------------------------------------------------------------------------------------------

    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        if event.button() == Qt.MouseButton.RightButton:
            self._let_go()
        elif self._held is not None:
            self._put_down(event.mapPoint())
        else:
            self._pressed = event.pos()
            self._do_at(event.pos(), by_keys=False)

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        if self._held is not None and not self._by_keys:
            self._carry(event.mapPoint())

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        """A place that was dragged is put down; one that was only clicked follows the mouse to the next click."""
        far = (event.pos() - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        if self._held is not None and far and not self._by_keys:
            self._put_down(event.mapPoint())

    # -- the keyboard -------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is a click in the middle of the map, which the arrow keys move, a place that is held with it.

        Escape lets go of the place, then puts the tool down.
        """
        event.accept()
        if event.key() in ENTER:
            if self._held is not None:
                self._put_down(self.canvas().center())
            else:
                self._do_at(self.canvas().viewport().rect().center(), by_keys=True)
        elif event.key() == Qt.Key.Key_Escape:
            if self._held is not None:
                self._let_go()
            else:
                self.canvas().unsetMapTool(self)
        elif event.matches(QKeySequence.StandardKey.Undo):
            self._let_go()
            self.undo_asked.emit()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self._let_go()
            self.redo_asked.emit()
        else:
            event.ignore()

    def eventFilter(self, canvas: QObject, event: QEvent) -> bool:
        """Ctrl+Z on the map is the scenario's, whatever layer QGIS would undo."""
        if event.type() == QEvent.Type.ShortcutOverride and is_undo_or_redo(event):
            event.accept()
        return False

    def _map_moved(self) -> None:
        if self._held is not None and self._by_keys:
            self._carry(self.canvas().center())

    # -- what it does -------------------------------------------------------------------------------------------------

    def _do_at(self, pixel: QPoint, *, by_keys: bool) -> None:
        if self._act == ADD:
            self.added.emit(self.toMapCoordinates(pixel))
            return
        found = self._place_at(pixel)
        if found is None:
            self.missed.emit()
        elif self._act == MOVE:
            self._held, self._by_keys = found[0], by_keys
            self._trail = Trail(self.canvas(), found[1])
        elif self._act == CLOSE:
            self.closed.emit(found[0])
        else:
            self.hours_asked.emit(found[0])

    def _carry(self, point: QgsPointXY) -> None:
        self._trail.lead_to(point)
        self.carried.emit(self._held, point)

    def _put_down(self, point: QgsPointXY) -> None:
        held = self._held
        self._drop()
        self.moved.emit(held, point)

    def _let_go(self) -> None:
        if self._held is not None:
            self._drop()
            self.let_go.emit()

    def _drop(self) -> None:
        self._held = None
        if self._trail is not None:
            self._trail.remove()
            self._trail = None

    def _place_at(self, pixel: QPoint) -> tuple[int, QgsPointXY] | None:
        """The nearest place within reach of a pixel, and where it is on the map."""
        layer, centre = self._layer, self.toMapCoordinates(pixel)
        to_map = project_mover(layer.crs(), map_crs(self.canvas(), layer.crs()))
        reach = REACH * self.canvas().mapUnitsPerPixel()
        around = QgsRectangle.fromCenterAndSize(centre, 2 * reach, 2 * reach)
        try:
            box = to_map.back().box(around)
        except UnknownCrs:
            return None
        best, nearest = None, reach
        for feature in layer.getFeatures(QgsFeatureRequest().setFilterRect(box)):
            vertex = feature.geometry().vertexAt(0)
            place = to_map.point(QgsPointXY(vertex.x(), vertex.y()))
            if place is not None and place.distance(centre) <= nearest:
                best, nearest = (feature.id(), place), place.distance(centre)
        return best


def is_undo_or_redo(event: QKeyEvent) -> bool:
    """Whether the keys are those by which one undoes, or does again."""
    return event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
