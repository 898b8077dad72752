"""A share over the dates, a line a zone and a thick one for all; drawn by hand: no wait for matplotlib."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from qgis.PyQt.QtCore import QDate, QLocale, QPointF, QRectF, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from qgis.PyQt.QtWidgets import QSizePolicy, QToolTip, QWidget

from ..core.observatory import DatePoint
from ..i18n import number, percent, tr
from ..processing.styling.palette import GAP, ink_on
from .plain import as_plain

_STEPS = (0.05, 0.1, 0.25, 0.5, 1.0)
"""Where the axis of shares may end."""


class Line(NamedTuple):
    """What is drawn: a zone (None: all together), what it is called, its points of known share by date."""

    zone_id: str | None
    name: str
    points: tuple[DatePoint, ...]


class SeriesChart(QWidget):
    """Every zone faintly, one put forward, and all together; the pointer reads, a click puts a zone forward."""

    zone_chosen = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Share of people beyond the threshold over the dates"))
        self.lines: list[Line] = []
        self._forward: str | None = None
        self._span, self._top = (date.today(), date.today()), 1.0
        """First and last date; the share at the upper end of the axis."""
        self.hide()

    def show_lines(self, lines: list[Line], forward: str | None, words: str) -> None:
        """Draw the lines, the zone ``forward`` (None: none) in colour; ``words`` say it to who cannot see."""
        self.lines = [line._replace(points=_known(line.points)) for line in lines]
        self._forward = forward
        points = [point for line in self.lines for point in line.points]
        days = [date.fromisoformat(point.date) for point in points]
        self._span = (min(days), max(days)) if days else (date.today(), date.today())
        most = max((point.served.share() or 0.0 for point in points), default=1.0)
        self._top = next((step for step in _STEPS if most <= step), 1.0)
        self.setAccessibleDescription(words)
        self.setVisible(any(len(line.points) > 1 for line in self.lines))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, 12 * self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.lines:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # Not the palette's ink: themes made of style sheets leave it unread on their own background.
        ink = QColor(ink_on(self.palette().color(QPalette.ColorRole.Window).name()))
        faint = QColor(ink)
        faint.setAlpha(50)
        self._draw_axes(painter, ink, faint)
        for line in self.lines:
            if line.zone_id not in (None, self._forward):
                self._draw(painter, line, QPen(faint, 1))
        for line in self.lines:
            if line.zone_id is None:
                self._draw(painter, line, QPen(ink, 3))
            elif line.zone_id == self._forward:
                self._draw(painter, line, QPen(QColor(GAP), 2))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self._nearest(QPointF(event.pos()))
        if found is not None:
            line, point = found
            share = number(100 * (point.served.share() or 0.0), 1)
            words = tr("{zone}, {date}: {share} %").format(zone=line.name, date=shown_date(point.date), share=share)
            QToolTip.showText(self.mapToGlobal(event.pos()), as_plain(words), self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        found = self._nearest(QPointF(event.pos()))
        if found is not None and found[0].zone_id is not None:
            self.zone_chosen.emit(found[0].zone_id)

    def _nearest(self, pointer: QPointF) -> tuple[Line, DatePoint] | None:
        """The line and point closest to the pointer, within a few letters of it."""
        near = [
            ((self.place(point) - pointer).manhattanLength(), rank, line, point)
            for rank, line in enumerate(self.lines)
            for point in line.points
        ]
        distance, _rank, line, point = min(near, key=lambda each: each[:2], default=(float("inf"), 0, None, None))
        return (line, point) if line and point and distance < 2 * self.fontMetrics().height() else None

    def _draw(self, painter: QPainter, line: Line, pen: QPen) -> None:
        places = [self.place(point) for point in line.points]
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF(places))
        painter.setBrush(pen.color())
        for place in places if pen.width() > 1 else ():
            painter.drawEllipse(place, 2, 2)

    def _draw_axes(self, painter: QPainter, ink: QColor, faint: QColor) -> None:
        area, height = self._area(), self.fontMetrics().height()
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for part in (0.0, 0.5, 1.0):
            y = area.bottom() - part * area.height()
            painter.setPen(QPen(faint, 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(ink)
            label = QRectF(0, y - height / 2, area.left() - 4, height)
            painter.drawText(label, right, _percent(part * self._top))
        first, last = self._span
        below = QRectF(area.left(), area.bottom() + 2, area.width(), height)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, shown_date(first.isoformat()))
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, shown_date(last.isoformat()))

    def _area(self) -> QRectF:
        metrics = self.fontMetrics()
        left = metrics.horizontalAdvance(_percent(1.0)) + 12
        return QRectF(left, metrics.height() / 2, self.width() - left - 8, self.height() - 2 * metrics.height())

    def place(self, point: DatePoint) -> QPointF:
        """Where a point is drawn."""
        area, (first, last) = self._area(), self._span
        along = (date.fromisoformat(point.date) - first).days / max((last - first).days, 1)
        return QPointF(
            area.left() + along * area.width(),
            area.bottom() - (point.served.share() or 0.0) / self._top * area.height(),
        )


def shown_date(text: str) -> str:
    """An ISO date as people of the user's country write it."""
    return QLocale().toString(QDate.fromString(text, Qt.DateFormat.ISODate), QLocale.FormatType.ShortFormat)


def _known(points: tuple[DatePoint, ...]) -> tuple[DatePoint, ...]:
    return tuple(point for point in points if point.served.share() is not None)


def _percent(share: float) -> str:
    return percent(100 * share, 1 if 100 * share % 1 else 0)
