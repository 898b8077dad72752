"""The zones where most people are far, as bars: a click shows one on the map."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.PyQt.QtCore import QPointF, QRectF, QSize, Qt
from qgis.PyQt.QtGui import QColor, QPainter, QPaintEvent, QPen
from qgis.PyQt.QtWidgets import QWidget

from ..core.report.figures import MOST_BARS
from ..core.report.scales import round_axis
from ..i18n import number, percent, tr
from .chart import Chart
from .communes_model import Zone

NAME_PART = 0.36
"""Of the width, for the names."""


class BarChart(Chart):
    """A bar a zone, those with the most people beyond a threshold first; a mark is a bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Zones where most people are far"), parent)
        self.zones: list[Zone] = []
        self._rank, self._title, self._axis = -1, "", [0.0, 1.0]
        self._selected: set[int] = set()

    def show_zones(self, zones: Sequence[Zone], rank: int, title: str) -> None:
        """The first of some zones beyond the threshold of that rank; hidden when nobody is."""
        far = [zone for zone in zones if zone.served.beyond[rank] > 0]
        self.zones = sorted(far, key=lambda zone: (-zone.served.beyond[rank], zone.name))[:MOST_BARS]
        self._rank, self._title, self._current = rank, title, -1
        self._axis = round_axis(0.0, max((zone.served.beyond[rank] for zone in self.zones), default=0.0), 4)
        self.setVisible(len(self.zones) > 1)
        self.updateGeometry()
        self.update()

    def show_selected(self, features: set[int]) -> None:
        """Those that are selected on the map stand out."""
        self._selected = features
        self.update()

    def count(self) -> int:
        return len(self.zones)

    def words_of(self, mark: int) -> str:
        return tr("{name}: {value}").format(name=self.zones[mark].name, value=self._figure(mark))

    def place_of(self, mark: int) -> QRectF:
        """The whole row: names are clicked as bars are."""
        line = self._line()
        return QRectF(0, (mark + 1) * line, self.width() - 2, line)

    def sizeHint(self) -> QSize:
        return QSize(300, round((len(self.zones) + 2.2) * self._line()))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ink, _blue, gap, faint = self.inks()
        painter.setPen(ink)
        painter.drawText(QRectF(0, 0, self.width(), self._line()), Qt.AlignmentFlag.AlignLeft, self._title)
        self._draw_axis(painter, ink, faint)
        for mark in range(self.count()):
            self._draw_bar(painter, mark, ink, gap)
        self.draw_focus(painter)

    def _draw_axis(self, painter: QPainter, ink: QColor, faint: QColor) -> None:
        top, bottom, free = self._line(), (self.count() + 1) * self._line(), 0.0
        for value in self._axis:
            x = self._x(value)
            painter.setPen(QPen(faint, 1))
            painter.drawLine(QPointF(x, top), QPointF(x, bottom))
            wide = self.fontMetrics().horizontalAdvance(number(value)) + 2
            left = min(x - wide / 2, self.width() - wide)
            if left >= free:
                painter.setPen(ink)
                label = QRectF(left, bottom, wide, self._line())
                painter.drawText(label, Qt.AlignmentFlag.AlignHCenter, number(value))
                free = left + wide

    def _draw_bar(self, painter: QPainter, mark: int, ink: QColor, gap: QColor) -> None:
        zone, row, left = self.zones[mark], self.place_of(mark), self._x(0.0)
        bar = QRectF(left, row.top() + 2, self._x(zone.served.beyond[self._rank]) - left, row.height() - 4)
        painter.fillRect(bar, gap)
        painter.setPen(ink)
        if zone.feature in self._selected:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(row.adjusted(0, 0, -1, -1))
        name = self.fontMetrics().elidedText(zone.name, Qt.TextElideMode.ElideRight, int(left) - 6)
        start = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(2, row.top(), left - 6, row.height()), start, name)
        right = QRectF(bar.right() + 4, row.top(), self.width() - bar.right() - 4, row.height())
        painter.drawText(right, start, self._figure(mark))

    def _figure(self, mark: int) -> str:
        """« 1 234 (45.6 %) »: people beyond, and their share."""
        served = self.zones[mark].served
        share = served.share(self._rank)
        people = number(served.beyond[self._rank])
        return people if share is None else f"{people} ({percent(100 * share, 1)})"

    def _line(self) -> float:
        return 1.4 * self.fontMetrics().height()

    def _x(self, value: float) -> float:
        """Where so many people end; the figure of the longest bar has its room."""
        left = NAME_PART * self.width()
        widths = (self.fontMetrics().horizontalAdvance(self._figure(mark)) for mark in range(self.count()))
        figures = max(widths, default=0)
        return left + max(self.width() - left - figures - 8, 20) * value / self._axis[-1]
