"""The tools that change the roads of a scenario on the map: a road is clicked, a new one or an area is drawn."""

from __future__ import annotations

from qgis.core import QgsGeometry, QgsPointXY
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsMapTool, QgsMapToolEmitPoint, QgsRubberBand
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QKeyEvent

from ..processing.qgis_enums import GeometryType
from .map_tools import ENTER

LINE, AREA = 2, 3
"""What is drawn, by the corners that it needs."""


class RoadTool(QgsMapToolEmitPoint):
    """Each click on the map is a road; Enter is a click in the middle of the map, Escape puts the tool down."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER:
            self.canvasClicked.emit(self.canvas().center(), Qt.MouseButton.LeftButton)
        elif event.key() == Qt.Key.Key_Escape:
            self.canvas().unsetMapTool(self)
        else:
            event.ignore()


class ShapeTool(QgsMapTool):
    """Each click is one more corner of a line or an area; a right click ends it.

    By the keyboard Enter is a click in the middle of the map, and ends it when pressed there again; Backspace takes the
    last corner back; Escape gives up what is drawn, then puts the tool down.
    """

    drawn = pyqtSignal(QgsGeometry, bool)
    """(shape in the map's CRS, whether it is ended); a null shape when what was drawn is given up."""

    def __init__(self, canvas: QgsMapCanvas, corners: int, colour: str) -> None:
        super().__init__(canvas)
        self._least = corners
        self._corners: list[QgsPointXY] = []
        self._band = QgsRubberBand(canvas, GeometryType.Line if corners == LINE else GeometryType.Polygon)
        pen = QColor(colour)
        self._band.setStrokeColor(pen)
        pen.setAlpha(60)
        self._band.setFillColor(pen)
        self._band.setWidth(3)
        self._band.setLineStyle(Qt.PenStyle.DashLine)
        self.setCursor(Qt.CursorShape.CrossCursor)

    def deactivate(self) -> None:
        self._give_up()
        super().deactivate()

    def remove(self) -> None:
        """Take what it drew off the map."""
        self.canvas().scene().removeItem(self._band)

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        if event.button() == Qt.MouseButton.RightButton:
            self._end()
        else:
            self._add(event.mapPoint())

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        if self._corners:
            self._show([*self._corners, event.mapPoint()])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()
        if event.key() in ENTER:
            centre = self.canvas().center()
            if self._corners and self._corners[-1] == centre:
                self._end()
            else:
                self._add(centre)
        elif event.key() == Qt.Key.Key_Backspace and self._corners:
            self._corners.pop()
            self._show(self._corners)
            self._say(False)
        elif event.key() == Qt.Key.Key_Escape and self._corners:
            self._give_up()
        elif event.key() == Qt.Key.Key_Escape:
            self.canvas().unsetMapTool(self)
        else:
            event.ignore()

    def _add(self, corner: QgsPointXY) -> None:
        if self._corners and self._corners[-1] == corner:
            return
        self._corners.append(corner)
        self._show(self._corners)
        self._say(False)

    def _end(self) -> None:
        if len(self._corners) < self._least:
            self._give_up()
            return
        self._say(True)
        self._corners = []
        self._show([])

    def _give_up(self) -> None:
        if self._corners:
            self._corners = []
            self._show([])
            self.drawn.emit(QgsGeometry(), False)

    def _say(self, ended: bool) -> None:
        enough = len(self._corners) >= self._least
        self.drawn.emit(self._shape(self._corners) if enough else QgsGeometry(), ended)

    def _shape(self, corners: list[QgsPointXY]) -> QgsGeometry:
        return QgsGeometry.fromPolylineXY(corners) if self._least == LINE else QgsGeometry.fromPolygonXY([corners])

    def _show(self, corners: list[QgsPointXY]) -> None:
        self._band.setToGeometry(self._shape(corners) if len(corners) > 1 else QgsGeometry(), None)
