"""Who gains and who loses, commune by commune, while a scenario is changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from qgis.core import QgsCoordinateReferenceSystem, QgsFeatureRequest, QgsProcessingContext, QgsRectangle
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QKeyEvent, QKeySequence
from qgis.PyQt.QtWidgets import QApplication, QTableWidget, QTableWidgetItem
from shapely.geometry.base import BaseGeometry

from ..core.access.zones import zone_of_points
from ..core.progress import Progress
from ..core.siting.scenarios import ZoneChanges
from ..core.spreadsheets import as_cell
from ..i18n import number, tr
from ..processing.access_inputs import shapes
from ..processing.report_inputs import name_of
from .layer_boxes import Snapshot
from .looks import show_rows, to_be_read

SHOWN = 8
"""Rows seen without scrolling."""
NAME, GAIN, LOSE, MINUTES = range(4)
_VALUE = Qt.ItemDataRole.UserRole


class Zones(NamedTuple):
    """Zones that people live in: their names, their bounds in the roads' CRS (empty where there are none), and the row
    of each place's zone, -1 where in none."""

    names: list[str]
    boxes: list[tuple[float, ...]]
    of_people: np.ndarray
    polygons: Sequence[BaseGeometry | None] = ()


class ChangedZone(NamedTuple):
    """``minutes`` is the mean change of those whose journey changes and who reach a place before and after."""

    row: int
    gaining: float
    losing: float
    minutes: float


def read_zones(
    source: Snapshot | None,
    people: np.ndarray,
    crs: QgsCoordinateReferenceSystem,
    context: QgsProcessingContext,
    progress: Progress,
) -> Zones:
    """The zones of a layer, and where in them ``people`` (n, 2) live; positions are in ``crs``."""
    of_people = np.full(len(people), -1)
    if source is None or not source.sourceCrs().isValid():
        return Zones([], [], of_people)
    features = list(source.getFeatures(QgsFeatureRequest()))
    polygons = shapes(features, source.sourceCrs(), crs, context)
    located = np.isfinite(people).all(axis=1)
    of_people[located] = zone_of_points(people[located], polygons, progress)
    names = [name_of(feature) or str(feature.id()) for feature in features]
    return Zones(names, [() if shape is None else shape.bounds for shape in polygons], of_people, polygons)


def changed_zones(changes: ZoneChanges) -> list[ChangedZone]:
    """The zones where somebody's journey changes, those with most people first."""
    gaining, losing = changes.gaining + changes.getting_access, changes.losing + changes.losing_access
    compared = changes.gaining + changes.losing
    with np.errstate(invalid="ignore", divide="ignore"):
        minutes = np.where(compared > 0, (changes.lost - changes.saved) / compared, np.nan)
    order = np.argsort(-(gaining + losing), kind="stable")
    rows = [int(row) for row in order if gaining[row] + losing[row] > 0]
    return [ChangedZone(row, float(gaining[row]), float(losing[row]), float(minutes[row])) for row in rows]


class _Cell(QTableWidgetItem):
    """Sorts by its number."""

    def __lt__(self, other: QTableWidgetItem) -> bool:
        mine, its = self.data(_VALUE), other.data(_VALUE)
        return (mine is not None, mine or 0.0) < (its is not None, its or 0.0)


class ZonesTable(QTableWidget):
    """The zones where somebody's journey changes; hidden where there is none."""

    zone_asked = pyqtSignal(QgsRectangle)
    """To be shown on the map; in the roads' CRS."""

    def __init__(self) -> None:
        super().__init__(0, 4)
        self._zones = Zones([], [], np.empty(0, int))
        self.setAccessibleName(tr("Who gains and who loses, by zone"))
        to_be_read(self)
        self.verticalHeader().hide()
        titles = (
            (tr("Zone"), tr("A click on a row shows it on the map.")),
            (tr("gain"), tr("Inhabitants who come nearer, or who get access")),
            (tr("lose"), tr("Inhabitants who get farther, or who lose all access")),
            (tr("min"), tr("Mean change for those whose journey changes (minutes)")),
        )
        for column, (title, tip) in enumerate(titles):
            item = QTableWidgetItem(title)
            item.setToolTip(tip)
            self.setHorizontalHeaderItem(column, item)
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.DescendingOrder)  # as given, until the user chooses
        self.cellClicked.connect(self._ask)
        self.cellActivated.connect(self._ask)
        self.hide()

    def follow(self, zones: Zones) -> None:
        """The zones that changes are of."""
        self._zones = zones

    def show_changes(self, changes: ZoneChanges | None) -> None:
        """List the zones where something changes, in the order that the user last asked for."""
        found = [] if changes is None or not self._zones.names else changed_zones(changes)
        self.setSortingEnabled(False)
        self.setRowCount(len(found))
        for row, zone in enumerate(found):
            names = self._zones.names
            name = QTableWidgetItem(names[zone.row] if zone.row < len(names) else tr("outside the zones"))
            name.setData(_VALUE, zone.row)
            self.setItem(row, NAME, name)
            for column, value in ((GAIN, zone.gaining), (LOSE, zone.losing), (MINUTES, zone.minutes)):
                self.setItem(row, column, _cell(value, column))
        self.setSortingEnabled(True)
        self.setVisible(bool(found))
        show_rows(self, SHOWN)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C gives the whole table to a spreadsheet."""
        if event.matches(QKeySequence.StandardKey.Copy):
            QApplication.clipboard().setText(self.as_text())
            event.accept()
        else:
            super().keyPressEvent(event)

    def as_text(self) -> str:
        """All rows under their titles: tabs between cells."""
        columns = range(self.columnCount())
        lines = [[self.horizontalHeaderItem(column).text() for column in columns]]
        for row in range(self.rowCount()):
            name, *figures = (self.item(row, column).text() for column in columns)
            lines.append([as_cell(name), *figures])
        return "\n".join("\t".join(line) for line in lines) + "\n"

    def _ask(self, row: int, _column: int = 0) -> None:
        zone = self.item(row, NAME).data(_VALUE)
        if zone < len(self._zones.boxes) and self._zones.boxes[zone]:
            self.zone_asked.emit(QgsRectangle(*self._zones.boxes[zone]))


def _cell(value: float, column: int) -> QTableWidgetItem:
    known = value == value
    sign = "+" if known and column == MINUTES and value > 0 else ""
    item = _Cell(sign + number(value, 1 if column == MINUTES else 0) if known else "–")
    item.setData(_VALUE, value if known else None)
    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return item
