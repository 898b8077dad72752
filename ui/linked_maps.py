"""Two maps that show the same ground at the same scale: side by side, or one over the other behind a line to drag."""

from __future__ import annotations

from functools import partial

from qgis.core import QgsMapLayer, QgsPointXY, QgsProject
from qgis.gui import QgsMapCanvas, QgsMapToolPan, QgsVertexMarker
from qgis.PyQt.QtCore import QPointF, QRect, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QRegion, QResizeEvent
from qgis.PyQt.QtWidgets import QFrame, QWidget

from ..i18n import tr
from ..processing.styling.palette import INK, PAPER

GAP = 4
"""Pixels between two maps side by side."""
GRIP = 22
"""Pixels of the line's width that the mouse takes it by."""
STEP, PAGE = 0.02, 0.1
"""Of the width, that a key moves the line by."""
HERE = QColor("#d55e00")


class LineOfMaps(QWidget):
    """What parts two maps that lie on each other: it is dragged, or moved by the arrows, Page keys, Home and End."""

    moved = pyqtSignal(float)
    """The part of the width, 0 to 1, that is on its left."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.part = 0.5
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Line between the two answers"))
        self.setToolTip(tr("Drag the line, or move it with the arrow keys."))

    def move_to(self, part: float) -> None:
        """So much of the width is on the left from now on."""
        self.part = min(max(part, 0.0), 1.0)
        self.setAccessibleDescription(f"{round(100 * self.part)} %")
        self.moved.emit(self.part)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton and self.parentWidget().width():
            self.move_to(self.mapToParent(event.pos()).x() / self.parentWidget().width())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: self.part - STEP,
            Qt.Key.Key_Right: self.part + STEP,
            Qt.Key.Key_PageDown: self.part - PAGE,
            Qt.Key.Key_PageUp: self.part + PAGE,
            Qt.Key.Key_Home: 0.0,
            Qt.Key.Key_End: 1.0,
        }
        if event.key() in steps:
            self.move_to(steps[event.key()])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Dark between light edges, on any map; the knob is of the colour of what has the keyboard."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, height = self.width() / 2, self.height()
        painter.fillRect(QRect(round(middle) - 2, 0, 5, height), QColor(PAPER))
        painter.fillRect(QRect(round(middle) - 1, 0, 3, height), QColor(INK))
        painter.setPen(QColor(INK))
        painter.setBrush(self.palette().highlight() if self.hasFocus() else QColor(PAPER))
        painter.drawEllipse(QPointF(middle, height / 2), GRIP / 2 - 2, GRIP / 2 - 2)


class LinkedMaps(QFrame):
    """What is done on one of two maps happens on the other: moving, zooming, pointing."""

    def __init__(self, parent: QWidget, names: tuple[str, str]) -> None:
        super().__init__(parent)
        self.left, self.right = self.canvases = tuple(self._canvas(name) for name in names)
        self._following = self._over = False
        self._marks = [self._mark(canvas) for canvas in self.canvases]
        for mine, other, mark in ((self.left, self.right, self._marks[1]), (self.right, self.left, self._marks[0])):
            mine.extentsChanged.connect(partial(self._follow, mine, other))
            mine.xyCoordinates.connect(partial(self._point, mark))
        self.line = LineOfMaps(self)
        self.line.moved.connect(self._lay_out)
        self.line.hide()

    def sizeHint(self) -> QSize:
        letters = self.fontMetrics()
        return QSize(100 * letters.averageCharWidth(), 22 * letters.lineSpacing())

    def show_layers(self, left: list[QgsMapLayer], right: list[QgsMapLayer]) -> None:
        """What each map shows, from the top."""
        for canvas, layers in zip(self.canvases, (left, right)):
            if canvas.layers() != layers:
                canvas.setLayers(layers)
                canvas.refresh()

    def look_as(self, canvas: QgsMapCanvas) -> None:
        """The same ground as another map, in the same projection and turned alike."""
        for mine in self.canvases:
            mine.setDestinationCrs(canvas.mapSettings().destinationCrs())
            mine.setCanvasColor(canvas.canvasColor())
            mine.setRotation(canvas.rotation())
        self.left.setExtent(canvas.extent())
        self._follow(self.left, self.right)
        self.left.refresh()

    def lie_over(self, over: bool) -> None:
        """One over the other, parted by the line; else side by side."""
        self._over = over
        self.line.setVisible(over)
        for mark in self._marks:
            mark.hide()
        self._lay_out()

    def leave(self) -> None:
        """Draw nothing any more."""
        for canvas in self.canvases:
            canvas.stopRendering()
            canvas.setLayers([])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self, _part: float = 0.0) -> None:
        width, height = self.width(), self.height()
        half = max((width - GAP) // 2, 1)
        left, right = QRect(0, 0, half, height), QRect(half + GAP, 0, half, height)
        if self._over:
            left = right = QRect(0, 0, width, height)
        if self.left.geometry() != left or self.right.geometry() != right:
            self.left.setGeometry(left)
            self.right.setGeometry(right)
            self._follow(self.left, self.right)
        at = round(self.line.part * width)
        if self._over:
            self.right.setMask(QRegion(at, 0, max(width - at, 1), max(height, 1)))
        else:
            self.right.clearMask()
        self.line.setGeometry(at - GRIP // 2, 0, GRIP, height)
        self.line.raise_()

    def _follow(self, mine: QgsMapCanvas, other: QgsMapCanvas) -> None:
        """Maps of one size: the same ground is the same scale."""
        if not self._following:
            self._following = True
            other.setExtent(mine.extent())
            other.refresh()
            self._following = False

    def _point(self, mark: QgsVertexMarker, place: QgsPointXY) -> None:
        """Where the mouse is, shown on the other map; maps that lie on each other show it themselves."""
        if not self._over:
            mark.setCenter(place)
            mark.show()

    def _canvas(self, name: str) -> QgsMapCanvas:
        canvas = QgsMapCanvas(self)
        canvas.setAccessibleName(name)
        canvas.setFrameShape(QFrame.Shape.NoFrame)
        canvas.enableAntiAliasing(True)
        # Without a cache: a drawing given up still ends in it once the map is gone, which ends QGIS (3.22).
        canvas.setParallelRenderingEnabled(True)
        canvas.setDestinationCrs(QgsProject.instance().crs())
        canvas.setMapTool(QgsMapToolPan(canvas))
        return canvas

    @staticmethod
    def _mark(canvas: QgsMapCanvas) -> QgsVertexMarker:
        """Where the mouse is on the other map."""
        mark = QgsVertexMarker(canvas)
        mark.setColor(HERE)
        mark.setIconType(QgsVertexMarker.IconType.ICON_CROSS)
        mark.setIconSize(14)
        mark.setPenWidth(2)
        mark.hide()
        return mark
