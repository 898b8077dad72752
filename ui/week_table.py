"""The week without a car as a table: zone by zone, the share of people who can go and be back on each day."""

from __future__ import annotations

from qgis.core import QgsFeature, QgsFeatureRequest, QgsVectorLayer
from qgis.PyQt.QtCore import QLocale, Qt
from qgis.PyQt.QtGui import QBrush, QColor
from qgis.PyQt.QtWidgets import QComboBox, QDialog, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from ..core.report.page import heat
from ..core.report.without_car import DAYS
from ..i18n import number, percent, tr
from ..processing.attributes import as_number, as_text, or_null
from ..processing.qgis_enums import FeatureRequestFlag
from ..processing.report_inputs import name_of
from ..processing.styling.renderers import category_label
from .looks import open_at_size, to_be_read

_INK = QColor("#1c1c1c")


class WeekTable(QDialog):
    """Result `WEEK` of `withoutcar`, one category at a time, the zones with the fewest days first."""

    def __init__(self, layer: QgsVectorLayer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("The week without a car"))
        open_at_size(self, 110, 32)
        request = QgsFeatureRequest().setFlags(FeatureRequestFlag.NoGeometry)
        self._rows = list(layer.getFeatures(request))
        self.category = QComboBox()
        self.category.setAccessibleName(tr("Category"))
        for code in sorted({as_text(row["categorie"]) for row in self._rows}):
            self.category.addItem(category_label(code), code)
        self.table = _table()
        column = QVBoxLayout(self)
        column.addWidget(self.category)
        column.addWidget(self.table, 1)
        self.category.currentIndexChanged.connect(self._fill)
        self.category.setVisible(self.category.count() > 1)
        self._fill()

    def _fill(self) -> None:
        code = self.category.currentData()
        rows = [row for row in self._rows if as_text(row["categorie"]) == code]
        rows.sort(key=lambda row: (*_days(row), -as_number(row["population"])))
        self.table.setRowCount(len(rows))
        for number_of, row in enumerate(rows):
            self._write(number_of, row)

    def _write(self, place: int, row: QgsFeature) -> None:
        name = name_of(row) or as_text(row["zone_id"]) or tr("Outside every zone.")
        self.table.setItem(place, 0, QTableWidgetItem(name))
        self.table.setItem(place, 1, _cell(number(round(as_number(row["population"])))))
        for column, day in enumerate(DAYS, 2):
            share = or_null(as_number(row[f"part_{day}"]))
            cell = _cell("" if share is None else percent(100 * share))
            if share is not None:
                cell.setBackground(QBrush(QColor(heat(share))))
                cell.setForeground(QBrush(_INK))
            self.table.setItem(place, column, cell)


def _days(row: QgsFeature) -> tuple[bool, float]:
    """Whether nothing is known of a zone, and the days that are known to be possible."""
    known = [share for share in (or_null(as_number(row[f"part_{day}"])) for day in DAYS) if share is not None]
    return not known, sum(known)


def _cell(text: str) -> QTableWidgetItem:
    cell = QTableWidgetItem(text)
    cell.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return cell


def _table() -> QTableWidget:
    table = QTableWidget(0, 2 + len(DAYS))
    table.setAccessibleName(tr("The week without a car"))
    days = [QLocale().dayName(number_of, QLocale.FormatType.ShortFormat) for number_of in range(1, len(DAYS) + 1)]
    table.setHorizontalHeaderLabels([tr("Zone"), tr("Inhabitants"), *days])
    to_be_read(table)
    table.verticalHeader().hide()
    return table
