"""Travelling by public transport: which timetable, and when people leave or arrive."""

from __future__ import annotations

from typing import Any

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QWidget

from ..core.errors import CartoError
from ..core.transit.window import DepartureWindow
from ..i18n import tr

DEFAULT_WINDOW = "07:00-09:00"


class TransitFields(QWidget):
    """Shown where one travels by public transport."""

    build_asked = pyqtSignal()
    """The user wants a timetable made from feeds."""

    def __init__(self) -> None:
        super().__init__()
        self.file = QgsFileWidget()
        self.file.setFilter(tr("Timetable (*.transit);;All files (*)"))
        self.file.lineEdit().setPlaceholderText(tr("timetable of the day"))
        self.file.lineEdit().setAccessibleName(tr("Timetable"))
        self.build = QPushButton(tr("Make it…"))
        self.build.setToolTip(tr("From GTFS feeds, for one day: opens “Build the public transport timetable”."))
        self.build.clicked.connect(self.build_asked)
        self.departures = QLineEdit(DEFAULT_WINDOW)
        self.departures.setAccessibleName(tr("Leaving between"))
        self.arrive = QCheckBox(tr("these are times of arrival"))
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        for label, widgets in (
            (tr("Timetable"), (self.file, self.build)),
            (tr("Leaving between"), (self.departures, self.arrive)),
        ):
            row = QHBoxLayout()
            for widget in widgets:
                row.addWidget(widget)
            form.addRow(label, row)
        self.hide()

    def lacking(self) -> str:
        """What must be filled in first; empty when all is there."""
        if not self.file.filePath():
            return tr("Timetable")
        try:
            DepartureWindow.parse(self.departures.text(), 50, self.arrive.isChecked())
        except CartoError:
            return self.departures.accessibleName()
        return ""

    def chosen(self) -> dict[str, Any]:
        """The parameters of the algorithms."""
        return {
            "TRANSIT": self.file.filePath(),
            "WINDOW": self.departures.text(),
            "ARRIVE_BY": self.arrive.isChecked(),
        }
