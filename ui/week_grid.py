"""Opening hours as people write them: a week, two openings a day, public holidays."""

from __future__ import annotations

import re

from qgis.PyQt.QtCore import QLocale, Qt, pyqtSignal
from qgis.PyQt.QtGui import QBrush, QColor, QShowEvent
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..core.hours import HoursError, WeekTable, parse, write_week
from ..i18n import tr
from .answer_label import WRONG, WRONG_BEHIND, Sentence
from .looks import show_rows

_TIME = re.compile(r"\s*(\d{1,2})(?:\s*[:hH.]\s*(\d{2})?|(\d{2}))?\s*$")


class _Week(QTableWidget):
    """Tab goes from cell to cell, and out after the last as before the first."""

    def focusNextPrevChild(self, forward: bool) -> bool:
        here = (self.currentRow(), self.currentColumn())
        ends = (self.rowCount() - 1, self.columnCount() - 1) if forward else (0, 0)
        if here == ends and self.state() != QAbstractItemView.State.EditingState:
            return QWidget.focusNextPrevChild(self, forward)
        return super().focusNextPrevChild(forward)


class WeekGrid(QWidget):
    """Edits an `opening_hours` text as a table; a text that no table can hold stays as it is until replaced."""

    changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept_text: str | None = None
        self._filling = False
        self.table = _Week(7, 4)
        self.table.setAccessibleName(tr("Opening hours"))
        self.table.setHorizontalHeaderLabels([tr("opens"), tr("closes"), tr("reopens"), tr("closes")])
        self.table.setVerticalHeaderLabels([QLocale().dayName(day) for day in range(1, 8)])
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._fit()
        self.table.itemChanged.connect(self._cell_changed)
        self.holidays = QCheckBox(tr("Closed on public holidays"))
        self.holidays.toggled.connect(lambda _on: self._edited())
        copy_down = QPushButton(tr("Same hours until Friday"))
        copy_down.setToolTip(tr("Copies the hours of the chosen day to the following ones, until Friday."))
        copy_down.clicked.connect(self._copy_down)
        self.note = Sentence()
        row = QHBoxLayout()
        row.addWidget(self.holidays)
        row.addStretch()
        row.addWidget(copy_down)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)
        column.addLayout(row)
        column.addWidget(self.note)

    def showEvent(self, event: QShowEvent) -> None:
        """A theme gives titles and letters their size once they are to be shown."""
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As high as the week: every day is whole in sight."""
        self.table.verticalHeader().setDefaultSectionSize(self.table.fontMetrics().lineSpacing() * 3 // 2)
        show_rows(self.table, 7)

    def set_text(self, text: str) -> None:
        """Show an `opening_hours` text."""
        table = _week_table(text)
        self._kept_text = text if table is None else None
        self._fill(table or WeekTable(((),) * 7))
        self.note.setText("" if table else tr("These hours do not fit in a week: {text}").format(text=text))

    def text(self) -> str:
        """The `opening_hours` text of the grid, empty when nothing is filled in. Raises `ValueError` while wrong."""
        if self._kept_text is not None:
            return self._kept_text
        days = tuple(self._day(row) for row in range(7))
        if not any(days) and not self.holidays.isChecked():
            return ""
        return write_week(WeekTable(days, self.holidays.isChecked()))

    @property
    def problem(self) -> str:
        """What is wrong with the cells, or nothing."""
        try:
            self.text()
        except ValueError as error:
            return str(error)
        return ""

    def _fill(self, table: WeekTable) -> None:
        self._filling = True
        for row, intervals in enumerate(table.days):
            shown = [minute for interval in intervals[:2] for minute in interval]
            for column in range(4):
                text = shown_time(shown[column]) if column < len(shown) else ""
                self.table.setItem(row, column, QTableWidgetItem(text))
        self.holidays.setChecked(table.closed_on_public_holidays)
        self._filling = False

    def _cell_changed(self, item: QTableWidgetItem) -> None:
        if self._filling:
            return
        minute = _read_time(item.text())
        self._filling = True
        if minute is not None:
            item.setText(shown_time(minute))
        wrong = minute is None and item.text().strip()
        item.setData(Qt.ItemDataRole.BackgroundRole, QBrush(QColor(WRONG_BEHIND)) if wrong else None)
        item.setData(Qt.ItemDataRole.ForegroundRole, QBrush(QColor(WRONG)) if wrong else None)
        self._filling = False
        self._edited()

    def _edited(self) -> None:
        if self._filling:
            return
        self._kept_text = None
        self.note.clear()
        self.changed.emit()

    def _day(self, row: int) -> tuple[tuple[int, int], ...]:
        cells = [self.table.item(row, column).text().strip() for column in range(4)]
        day = self.table.verticalHeaderItem(row).text()
        minutes = [_read_time(cell) if cell else None for cell in cells]
        if any(cell and minute is None for cell, minute in zip(cells, minutes)):
            raise ValueError(tr("{day}: write times as 9:00 or 9h30.").format(day=day))
        intervals = []
        for start, end in (minutes[:2], minutes[2:]):
            if (start is None) != (end is None):
                raise ValueError(tr("{day}: an opening needs its closing.").format(day=day))
            if start is not None:
                intervals.append((start, end if end > start else end + 24 * 60))
        if len(intervals) == 2 and intervals[1][0] < intervals[0][1]:
            raise ValueError(tr("{day}: the second opening begins before the first ends.").format(day=day))
        return tuple(intervals)

    def _copy_down(self) -> None:
        row = max(self.table.currentRow(), 0)
        self._filling = True
        for target in range(row + 1, 5):
            for column in range(4):
                self.table.item(target, column).setText(self.table.item(row, column).text())
        self._filling = False
        self._edited()


def _week_table(text: str) -> WeekTable | None:
    """The text as a grid of at most two openings a day, None when it holds more."""
    if not text.strip():
        return WeekTable(((),) * 7)
    try:
        table = parse(text).week_table()
    except HoursError:
        return None
    if table is None or any(len(day) > 2 for day in table.days):
        return None
    return table


def _read_time(text: str) -> int | None:
    """Minutes from `9`, `9:30`, `9h30`, `09.30`, `930` or `0930`; None for anything else."""
    match = _TIME.match(text)
    if not match:
        return None
    hour, minute = int(match[1]), int(match[2] or match[3] or 0)
    return hour * 60 + minute if hour <= 24 and minute < 60 and hour * 60 + minute <= 24 * 60 else None


def shown_time(minute: int) -> str:
    """Minutes since midnight as `09:30`; those after midnight as the next day's."""
    minute = minute if minute <= 24 * 60 else minute - 24 * 60
    return f"{minute // 60:02d}:{minute % 60:02d}"
