"""The feeds of a territory: those of the catalogue that cover it, chosen with their licence seen, kept on disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingFeedback, QgsSettings
from qgis.PyQt.QtCore import QLocale, Qt
from qgis.PyQt.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..core.transit.catalogue import Feed, is_kept
from ..i18n import tr
from ..processing.base import FeedbackProgress
from ..processing.connections import data_folder
from ..processing.transit_catalogue import FOLDER, ask_catalogue, brought, of_territory
from .answer_label import Sentence
from .background import FunctionTask, in_background
from .looks import open_at_size, to_be_read
from .plain import as_plain
from .territory_picker import REMEMBERED, TerritoryPicker

_CHECKED, _UNCHECKED = Qt.CheckState.Checked, Qt.CheckState.Unchecked


class FeedChooser(QDialog):
    """Accepted once the chosen feeds are in the profile, as `paths`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Public transport feeds of my territory"))
        open_at_size(self, 120, 30)
        self.paths: list[Path] = []
        self._all: list[Feed] = []
        self._shown: list[Feed] = []
        self._task: FunctionTask | None = None
        self.territory = TerritoryPicker()
        self.territory.set_codes(QgsSettings().value(REMEMBERED, []) or [])
        self.table = _FeedTable()
        self.word = Sentence()
        self.use = QPushButton(tr("Keep and use"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        buttons.addButton(self.use, QDialogButtonBox.ButtonRole.ActionRole)
        column = QVBoxLayout(self)
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(tr("Cancel"))
        for widget, share in ((self.territory, 0), (self.table, 1), (self.word, 0), (buttons, 0)):
            column.addWidget(widget, share)
        self.territory.changed.connect(self._show_feeds)
        self.table.itemChanged.connect(self._count)
        self.use.clicked.connect(self._bring)
        buttons.rejected.connect(self.reject)
        self.use.setEnabled(False)
        self._work(tr("Reading the catalogue of public transport…"), _asked, self._take_catalogue)

    def done(self, result: int) -> None:
        """Nothing goes on once the window is closed."""
        if self._task is not None:
            self._task.drop()
            self._task = None
        super().done(result)

    def _work(self, words: str, work: Any, then: Any) -> None:
        self.word.setText(words)
        self.use.setEnabled(False)
        self._task = in_background(words, work, then, self._fail, self)

    def _fail(self, sentence: str) -> None:
        self._task = None
        self.word.setText(sentence)
        self.use.setEnabled(bool(self.table.chosen()))

    def _take_catalogue(self, feeds: list[Feed]) -> None:
        self._task, self._all = None, feeds
        self._show_feeds()

    def _show_feeds(self) -> None:
        if self._task is None and self._all:
            self._shown = of_territory(self._all, self.territory.codes())
            self.table.show_feeds(self._shown)
            self._count()

    def _count(self) -> None:
        chosen = [self._shown[row] for row in self.table.chosen()]
        self.use.setEnabled(bool(chosen))
        licences = sorted({feed.licence or tr("licence not said") for feed in chosen})
        words = tr("{count} of {total} feeds chosen.").format(count=len(chosen), total=len(self._shown))
        if licences:
            words += " " + tr("To be cited: {licences}.").format(licences=", ".join(licences))
        self.word.setText(words)

    def _bring(self) -> None:
        chosen = [self._shown[row] for row in self.table.chosen()]

        def work(feedback: QgsProcessingFeedback) -> list[Path]:
            return brought(chosen, FeedbackProgress(feedback))

        self._work(tr("Fetching the feeds…"), work, self._take_feeds)

    def _take_feeds(self, paths: list[Path]) -> None:
        self._task, self.paths = None, paths
        self.accept()


def _asked(feedback: QgsProcessingFeedback) -> list[Feed]:
    return ask_catalogue(FeedbackProgress(feedback))


class _FeedTable(QTableWidget):
    """A row a feed, with a box to tick."""

    def __init__(self) -> None:
        super().__init__(0, 5)
        self.setAccessibleName(tr("Feeds"))
        self.setHorizontalHeaderLabels([tr("Feed"), tr("Producer"), tr("Licence"), tr("Valid"), tr("State")])
        to_be_read(self)
        self.verticalHeader().hide()

    def show_feeds(self, feeds: list[Feed]) -> None:
        """List ``feeds``, none ticked but those kept already."""
        folder = data_folder(FOLDER)
        self.blockSignals(True)
        self.setRowCount(len(feeds))
        for row, feed in enumerate(feeds):
            kept = is_kept(feed, folder)
            valid = f"{feed.start} – {feed.end}" if feed.start or feed.end else ""
            state = tr("kept") if kept else QLocale().formattedDataSize(feed.size) if feed.size else ""
            for column, text in enumerate((feed.title, feed.publisher, feed.licence, valid, state)):
                cell = QTableWidgetItem(text)
                cell.setToolTip(as_plain("\n".join(filter(None, (text, feed.page if column == 0 else "")))))
                self.setItem(row, column, cell)
            self.item(row, 0).setCheckState(_CHECKED if kept else _UNCHECKED)
        self.blockSignals(False)

    def chosen(self) -> list[int]:
        """The rows that are ticked."""
        return [row for row in range(self.rowCount()) if self.item(row, 0).checkState() == _CHECKED]
