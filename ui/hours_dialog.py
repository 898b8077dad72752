"""A week of opening hours in a window of its own."""

from __future__ import annotations

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from ..i18n import tr
from .answer_label import Sentence, WarningLabel
from .looks import ok_and_cancel
from .week_grid import WeekGrid


class HoursDialog(QDialog):
    """The hours of a place; OK only while they can be read."""

    chosen = pyqtSignal(str)
    """The `opening_hours` text."""

    def __init__(self, name: str, hours: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Opening hours"))
        self.grid = WeekGrid()
        self.grid.set_text(hours)
        self.grid.changed.connect(self._check)
        self.problem = WarningLabel()
        self.buttons = ok_and_cancel()
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for part in (Sentence(name), self.grid, self.problem, self.buttons):
            column.addWidget(part)

    def accept(self) -> None:
        if not self.grid.problem:
            self.chosen.emit(self.grid.text())
            super().accept()

    def _check(self) -> None:
        self.problem.setText(self.grid.problem)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(not self.grid.problem)
