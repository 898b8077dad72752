"""What a scenario changes itself, place by place and road by road, while it is changed."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from qgis.PyQt.QtWidgets import QApplication, QHeaderView, QTableWidget, QTableWidgetItem

from ..core.spreadsheets import as_cell
from ..i18n import tr
from ..processing.scenario_changes import in_words
from .looks import show_rows, to_be_read
from .plain import as_plain

SHOWN = 6
"""Rows seen without scrolling."""


class ChangesTable(QTableWidget):
    """Hidden while nothing changes."""

    def __init__(self) -> None:
        super().__init__(0, 3)
        self.setAccessibleName(tr("What the scenario changes"))
        to_be_read(self)
        self.verticalHeader().hide()
        self.setHorizontalHeaderLabels([tr("Change"), tr("From"), tr("To")])
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.setWordWrap(True)
        self.hide()

    def show_rows(self, rows: list[list[Any]]) -> None:
        """The rows of the table of changes."""
        self.setRowCount(len(rows))
        for place, row in enumerate(rows):
            for column, text in enumerate(in_words(row)):
                cell = QTableWidgetItem(text or "–")
                cell.setToolTip(as_plain(text))
                cell.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
                self.setItem(place, column, cell)
        self.setVisible(bool(rows))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Texts are broken where the panel is narrow."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def _fit(self) -> None:
        self.resizeRowsToContents()
        show_rows(self, SHOWN)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C gives the whole table to a spreadsheet."""
        if event.matches(QKeySequence.StandardKey.Copy):
            columns = range(self.columnCount())
            lines = [[self.horizontalHeaderItem(column).text() for column in columns]]
            lines += [[as_cell(self.item(row, column).text()) for column in columns] for row in range(self.rowCount())]
            QApplication.clipboard().setText("\n".join("\t".join(line) for line in lines) + "\n")
            event.accept()
        else:
            super().keyPressEvent(event)
