"""The table by commune: sorts, follows the map and leads it, and is copied to a spreadsheet by one key."""

from __future__ import annotations

from qgis.core import QgsFeatureRequest, QgsMapLayer, QgsProject, QgsVectorLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QItemSelection, QItemSelectionModel, QObject, Qt, pyqtSignal
from qgis.PyQt.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ..core.coordinates import UnknownCrs
from ..i18n import counted, tr
from ..processing.attributes import as_text
from ..processing.coordinates import project_mover
from ..processing.coverage_layer import thresholds_of
from ..processing.qgis_enums import FeatureRequestFlag
from .access_figures import shown_threshold
from .answer_label import Sentence
from .bar_chart import BarChart
from .communes_model import BEYOND, NAME, NOT_COMPUTED, PEOPLE, CommunesModel, Zone, read_zones
from .layer_boxes import has_field

SHOWN = 10
"""Rows seen without scrolling."""
NAME_LETTERS = 18
"""Of a zone's name that are seen at least."""
AROUND = 1.6
"""How many times as wide as the zones the map that shows them is."""


class _View(QTableView):
    """Ctrl+C gives the rows selected, or everything when that is none or one."""

    def __init__(self, model: CommunesModel) -> None:
        super().__init__()
        self._communes = model
        self.setModel(model)
        self.setAccessibleName(tr("Figures by zone"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().lineSpacing() * 3 // 2)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setResizeContentsPrecision(0)  # what is seen, totals first: every row is slow to ask
        self.horizontalHeader().setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setMinimumSectionSize(4 * self.fontMetrics().averageCharWidth())
        self.horizontalHeader().setSortIndicator(BEYOND, Qt.SortOrder.DescendingOrder)
        self.setSortingEnabled(True)

    def fit(self) -> None:
        """Show as many columns as the width holds, the last ones left out first; what is copied has them all."""
        header = self.horizontalHeader()
        for column in range(PEOPLE, NOT_COMPUTED + 1):
            self.setColumnHidden(column, False)  # one that is hidden says no width
        left = self.viewport().width() - NAME_LETTERS * self.fontMetrics().averageCharWidth()
        for column in range(PEOPLE, NOT_COMPUTED + 1):
            left -= max(self.sizeHintForColumn(column), header.sectionSizeHint(column))
            is_idle = column == NOT_COMPUTED and self._communes.lacks_nobody()
            self.setColumnHidden(column, left < 0 or is_idle)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            event.accept()
        else:
            super().keyPressEvent(event)

    def copy(self) -> int:
        """Into the clipboard; how many rows."""
        chosen = sorted(index.row() for index in self.selectionModel().selectedRows())
        rows = chosen if len(chosen) > 1 else list(range(self._communes.rowCount()))
        QApplication.clipboard().setText(self._communes.as_text(rows))
        return len(rows)


class _Selected(QObject):
    """Says which zones are selected in a layer that names them in a column."""

    zones = pyqtSignal(object)

    def __init__(self, layer: QgsVectorLayer, column: str, parent: QObject) -> None:
        super().__init__(parent)
        self._layer, self._column = layer, column
        layer.selectionChanged.connect(self._say)

    def _say(self, *_rows: object) -> None:
        if not has_field(self._layer, self._column):
            return  # it was taken away, or named anew, since the answer
        request = QgsFeatureRequest().setFilterFids(self._layer.selectedFeatureIds())
        request.setFlags(FeatureRequestFlag.NoGeometry)
        self.zones.emit({as_text(row[self._column]) for row in self._layer.getFeatures(request)})


class CommunesTable(QWidget):
    """Result `OUTPUT` of `coveragegaps`, the zones of one service; hidden while there is but one."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__()
        self._canvas = canvas
        self._zones: dict[str, list[Zone]] = {}
        self._thresholds: list[str] = []
        self._coverage = ""
        self._selected: list[_Selected] = []
        self._leads = True
        """Whether a selection in the table is the user's, to be shown on the map."""
        self.model = CommunesModel()
        self.view = _View(self.model)
        self.view.selectionModel().selectionChanged.connect(self._lead)
        self.bars = BarChart()
        self.bars.chosen.connect(self._choose_bar)
        self.copy_button = QPushButton(tr("Copy for a spreadsheet"))
        self.copy_button.setToolTip(tr("All rows, or those selected (Ctrl+C in the table)"))
        self.copy_button.clicked.connect(self._copy)
        self.word = Sentence()
        row = QHBoxLayout()
        row.addWidget(self.word, 1)
        row.addWidget(self.copy_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.bars)
        column.addWidget(self.view)
        column.addLayout(row)
        self.hide()

    def show_zones(self, coverage: QgsVectorLayer, zones: QgsMapLayer | None, zone_column: str) -> None:
        """Read an answer; ``zones`` is the user's own layer, whose selection is followed too."""
        self.clear()
        self._zones = read_zones(coverage)
        self._thresholds = [shown_threshold(text) for text in thresholds_of(coverage)]
        self._coverage = coverage.id()
        followed = [(coverage, "zone_id")]
        if has_field(zones, zone_column):
            followed.append((zones, zone_column))
        self._selected = [_Selected(layer, column, self) for layer, column in followed]
        for each in self._selected:
            each.zones.connect(self._follow)

    def show_service(self, category: str, rank: int) -> None:
        """The zones of one service, beyond the threshold of that rank."""
        zones = self._zones.get(category, [])
        self.setVisible(len(zones) > 1)  # first: a table that is not seen is measured on all its rows
        self._leads = False
        self.model.show_zones(zones, rank, self._thresholds[rank])
        self._leads = True
        words = tr("Inhabitants more than {threshold} min away, by zone").format(threshold=self._thresholds[rank])
        self.bars.show_zones(zones, rank, words)
        self._be_high(min(self.model.rowCount(), SHOWN))
        self.view.fit()
        self.word.clear()

    def clear(self) -> None:
        """No answer any more."""
        for each in self._selected:
            each.zones.disconnect(self._follow)
            each.deleteLater()
        self._zones, self._coverage, self._selected = {}, "", []
        self.model.show_zones([], -1, "")
        self.hide()

    def _be_high(self, rows: int) -> None:
        """As high as its titles and so many rows."""
        view = self.view
        view.horizontalHeader().ensurePolished()
        height = view.horizontalHeader().sizeHint().height() + rows * view.verticalHeader().defaultSectionSize()
        view.setFixedHeight(height + 2 * view.frameWidth())

    def _copy(self) -> None:
        """The zones into the clipboard, and how many they are said."""
        rows = self.view.copy()
        self.word.setText(counted(tr("{count} row copied.|{count} rows copied."), rows))

    # -- the map ------------------------------------------------------------------------------------------------------

    def _choose_bar(self, bar: int) -> None:
        """The zone of a bar, in the table and on the map."""
        row = self.model.row_of(self.bars.zones[bar].feature)
        if row > 0:
            self.view.selectRow(row)
            self.view.scrollTo(self.model.index(row, NAME))

    def _lead(self, _now: QItemSelection, _before: QItemSelection) -> None:
        """Select on the map what is selected in the table, and show it; the whole is everything, nothing selected."""
        layer = QgsProject.instance().mapLayer(self._coverage)
        rows = [index.row() for index in self.view.selectionModel().selectedRows()]
        chosen = [self.model.zone(row).feature for row in rows if row]
        self.bars.show_selected(set(chosen))
        if not self._leads or layer is None:
            return
        self._leads = False
        layer.selectByIds(chosen)
        self._leads = True
        if rows:
            self._show(layer, chosen)

    def _show(self, layer: QgsVectorLayer, chosen: list[int]) -> None:
        """Put zones in the middle of the map; everything when none is chosen."""
        box = layer.boundingBoxOfSelected() if chosen else layer.extent()
        if box.isNull() or not layer.isSpatial():
            return
        try:
            box = project_mover(layer.crs(), self._canvas.mapSettings().destinationCrs()).box(box)
        except UnknownCrs:
            return
        box.scale(AROUND)
        self._canvas.setExtent(box)
        self._canvas.refresh()

    def _follow(self, zone_ids: set[str]) -> None:
        """Select in the table the zones that were selected on the map."""
        if not self._leads:
            return
        rows = self.model.rows_of(zone_ids)
        selection = QItemSelection()
        for row in rows:
            selection.select(self.model.index(row, NAME), self.model.index(row, NOT_COMPUTED))
        self._leads = False
        self.view.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._leads = True
        if rows:
            self.view.scrollTo(self.model.index(rows[0], NAME), QAbstractItemView.ScrollHint.PositionAtCenter)
