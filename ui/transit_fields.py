"""Travelling by public transport: which timetable, and when people leave or arrive."""

from __future__ import annotations

from typing import Any

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QWidget

from ..core.errors import CartoError
from ..core.transit.window import DepartureWindow
from ..i18n import tr
from .feed_chooser import FeedChooser

DEFAULT_WINDOW = "07:00-09:00"


class TransitFields(QWidget):
    """Shown where one travels by public transport."""

    build_asked = pyqtSignal(str)
    """The user wants a timetable made from feeds: those chosen already, parted by “;”."""
    week_asked = pyqtSignal(str)
    """The user wants the week without a car, from feeds as above."""

    def __init__(self) -> None:
        super().__init__()
        self.file = QgsFileWidget()
        self.file.setFilter(tr("Timetable (*.transit);;All files (*)"))
        self.file.lineEdit().setPlaceholderText(tr("timetable of the day"))
        self.file.lineEdit().setAccessibleName(tr("Timetable"))
        self.build = QPushButton(tr("Make it…"))
        self.build.setToolTip(tr("From GTFS feeds, for one day: opens “Build the public transport timetable”."))
        self.build.clicked.connect(lambda: self.build_asked.emit(self.feeds))
        self.choose = QPushButton(tr("Feeds of my territory…"))
        self.choose.setToolTip(tr("From transport.data.gouv.fr: chosen, kept on this computer, brought up to date."))
        self.choose.clicked.connect(self._choose_feeds)
        self.week = QPushButton(tr("The week…"))
        self.week.setToolTip(
            tr("Who can go and be back on each day, who depends on the car, which places have no stop.")
        )
        self.week.clicked.connect(lambda: self.week_asked.emit(self.feeds))
        self.feeds = ""
        self.departures = QLineEdit(DEFAULT_WINDOW)
        self.departures.setAccessibleName(tr("Leaving between"))
        self.arrive = QCheckBox(tr("these are times of arrival"))
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        for label, widgets in (
            (tr("Feeds"), (self.choose, self.week)),
            (tr("Timetable"), (self.file, self.build)),
            (tr("Leaving between"), (self.departures, self.arrive)),
        ):
            row = QHBoxLayout()
            for widget in widgets:
                row.addWidget(widget)
            form.addRow(label, row)
        self.hide()

    def _choose_feeds(self) -> None:
        chooser = FeedChooser(self)
        if chooser.exec():
            self.feeds = ";".join(map(str, chooser.paths))
            self.build_asked.emit(self.feeds)

    def lacking(self) -> str:
        """What must be filled in first; empty when all is there."""
        if not self.file.filePath():
            return tr("Timetable")
        try:
            DepartureWindow.parse(self.departures.text(), 50, self.arrive.isChecked())
        except CartoError:
            return self.departures.accessibleName()
        return ""

    def as_typed(self) -> str:
        """When one leaves or is there, right or wrong as yet: « 07:00-09:00 », « → 07:00-09:00 »."""
        return f"{'→ ' if self.arrive.isChecked() else ''}{self.departures.text().strip()}"

    def words(self) -> str:
        """When one leaves or is there, whatever the timetable, as `DepartureWindow.words`. Raises `InvalidInput`."""
        return DepartureWindow.parse(self.departures.text(), arrive_by=self.arrive.isChecked()).words

    def chosen(self) -> dict[str, Any]:
        """The parameters of the algorithms."""
        return {
            "TRANSIT": self.file.filePath(),
            "WINDOW": self.departures.text(),
            "ARRIVE_BY": self.arrive.isChecked(),
        }
