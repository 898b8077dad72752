"""The week by hours, the more people within reach the deeper, as the report shows it: a click turns the map to one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from qgis.PyQt.QtCore import QLocale, QRectF, QSize, Qt
from qgis.PyQt.QtGui import QColor, QPainter, QPaintEvent, QPen
from qgis.PyQt.QtWidgets import QWidget

from ..core.report.page import heat
from ..i18n import number, tr
from .chart import Chart

DAYS = 7


class HourChart(Chart):
    """A cell an hour, a row a day; a mark is a cell, row after row."""

    def __init__(self, hours: range, words: Callable[[int, int], str], parent: QWidget | None = None) -> None:
        """``hours`` shown; ``words`` says a day (Monday 0) and an hour."""
        super().__init__(tr("Share of people near an open place, by day and hour"), parent)
        self._hours, self._words = hours, words
        self._near = np.full(DAYS * 24, np.nan)
        self._shown = -1, -1

    def show_week(self, near: np.ndarray) -> None:
        """(168,) share 0 to 1 of the people who are near an open place; NaN where nobody knows."""
        self._near = near
        self.show()
        self.update()

    def show_hour(self, day: int, hour: int) -> None:
        """Mark the hour that the map shows."""
        self._shown = day, hour
        self.update()

    def when(self, mark: int) -> tuple[int, int]:
        """Day and hour of a mark."""
        day, column = divmod(mark, len(self._hours))
        return day, self._hours[column]

    def count(self) -> int:
        return DAYS * len(self._hours)

    def across(self) -> int:
        return len(self._hours)

    def words_of(self, mark: int) -> str:
        return self._words(*self.when(mark))

    def place_of(self, mark: int) -> QRectF:
        day, column = divmod(mark, len(self._hours))
        left, line = self._left(), self._line()
        wide = (self.width() - left - 1) / len(self._hours)
        return QRectF(left + column * wide, (day + 1) * line, wide, line)

    def sizeHint(self) -> QSize:
        return QSize(300, round((DAYS + 1) * self._line()) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        inks = self.inks()
        painter.setPen(inks.ink)
        centre = Qt.AlignmentFlag.AlignCenter
        needed = self.fontMetrics().horizontalAdvance("00") + 4
        each = max(1, int(np.ceil(needed / self.place_of(0).width())))
        for column, hour in enumerate(self._hours):
            if column % each == 0:
                cell = self.place_of(column)
                painter.drawText(QRectF(cell.left(), 0, cell.width(), self._line()), centre, number(hour))
        for day in range(DAYS):
            row = self.place_of(day * len(self._hours))
            label = QRectF(0, row.top(), self._left() - 4, row.height())
            painter.drawText(label, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, _day(day))
        for mark in range(self.count()):
            self._draw_cell(painter, mark, inks.faint)
        self._draw_shown(painter)
        self.draw_focus(painter)

    def _draw_cell(self, painter: QPainter, mark: int, faint: QColor) -> None:
        day, hour = self.when(mark)
        near = float(self._near[24 * day + hour])
        cell = self.place_of(mark).adjusted(0, 0, -1, -1)
        if near == near:
            painter.fillRect(cell, QColor(heat(near)))
        else:
            painter.fillRect(cell, faint)

    def _draw_shown(self, painter: QPainter) -> None:
        day, hour = self._shown
        if hour in self._hours:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor("#1c1c1c"), 2))
            painter.drawRect(self.place_of(day * len(self._hours) + self._hours.index(hour)))

    def _line(self) -> float:
        return 1.3 * self.fontMetrics().height()

    def _left(self) -> float:
        return max(self.fontMetrics().horizontalAdvance(_day(day)) for day in range(DAYS)) + 6


def _day(day: int) -> str:
    return QLocale().dayName(day + 1, QLocale.FormatType.ShortFormat)
