"""Charts drawn by hand, as the panel must not wait for matplotlib: the pointer reads them, a click chooses."""

from __future__ import annotations

from typing import NamedTuple

from qgis.PyQt.QtCore import QPoint, QPointF, QRectF, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPalette, QPen
from qgis.PyQt.QtWidgets import QSizePolicy, QToolTip, QWidget

from ..processing.styling.palette import BETTER, GAP, INK, MINUTES, ink_on
from .plain import as_plain

BETTER_ON_DARK, GAP_ON_DARK = MINUTES[3].colour, "#df65b0"
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class Inks(NamedTuple):
    """Colours that are read on the panel, whatever its theme."""

    ink: QColor
    blue: QColor
    gap: QColor
    faint: QColor


class Chart(QWidget):
    """Marks by number: the pointer and the arrow keys read them, a click and Enter choose one.

    A chart says how many there are, where each is and what it says.
    """

    chosen = pyqtSignal(int)
    """A mark was chosen."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_choosable = True
        self._current = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self.hide()

    # -- what a chart says of itself ----------------------------------------------------------------------------------

    def count(self) -> int:
        raise NotImplementedError

    def words_of(self, mark: int) -> str:
        """What a mark says."""
        raise NotImplementedError

    def place_of(self, mark: int) -> QRectF:
        """Where a mark is."""
        raise NotImplementedError

    def mark_at(self, point: QPointF) -> int:
        """The mark under the pointer, -1 for none."""
        return next((mark for mark in range(self.count()) if self.place_of(mark).contains(point)), -1)

    def across(self) -> int:
        """How many marks there are from one row to the next."""
        return 1

    # -- pointer and keys ---------------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        mark = self.mark_at(QPointF(event.pos()))
        leads = mark >= 0 and self.is_choosable
        self.setCursor(Qt.CursorShape.PointingHandCursor if leads else Qt.CursorShape.ArrowCursor)
        self._say(mark, event.pos())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose(self.mark_at(QPointF(event.pos())))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self.across(),
            Qt.Key.Key_Down: self.across(),
        }
        if event.key() in steps and self.count():
            self.read(min(max(self._current + steps[Qt.Key(event.key())], 0), self.count() - 1))
        elif event.key() in _ENTER and self._current >= 0:
            self._choose(self._current)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def read(self, mark: int) -> None:
        """Say a mark, and put the keyboard on it."""
        self._current = mark
        self.setAccessibleDescription(self.words_of(mark))
        self._say(mark, self.place_of(mark).center().toPoint())
        self.update()

    def _say(self, mark: int, at: QPoint) -> None:
        words = as_plain(self.words_of(mark)) if 0 <= mark < self.count() else ""
        QToolTip.showText(self.mapToGlobal(at), words, self)

    def _choose(self, mark: int) -> None:
        if self.is_choosable and 0 <= mark < self.count():
            self._current = mark
            self.chosen.emit(mark)
            self.update()

    # -- drawing ------------------------------------------------------------------------------------------------------

    def inks(self) -> Inks:
        """Not the palette's own ink: themes made of style sheets leave it unread on their background."""
        ink = QColor(ink_on(self.palette().color(QPalette.ColorRole.Window).name()))
        faint = QColor(ink)
        faint.setAlpha(60)
        better, gap = (BETTER, GAP) if ink == QColor(INK) else (BETTER_ON_DARK, GAP_ON_DARK)
        return Inks(ink, QColor(better), QColor(gap), faint)

    def draw_focus(self, painter: QPainter) -> None:
        """Around the mark that the keyboard is on."""
        if self.hasFocus() and 0 <= self._current < self.count():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self.inks().ink, 1, Qt.PenStyle.DotLine))
            painter.drawRect(self.place_of(self._current).adjusted(-2, -1, 2, 1))
