"""The editions of a referential: what changed between two, on the map and as a note; the services of any date."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsDateTimeRange, QgsProcessingFeedback, QgsProject
from qgis.gui import QgsFileWidget, QgsMapCanvas
from qgis.PyQt.QtCore import QDateTime, Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ..core.consolidation import editions
from ..i18n import counted, tr
from ..processing.editions import Compared, changes_layer, compare, history_layer
from .answer_label import Sentence
from .background import in_background
from .layer_boxes import Given, add_results
from .looks import open_at_size, still_wheel


class EditionsDialog(QDialog):
    """Choose a referential and two of its dates."""

    def __init__(self, canvas: QgsMapCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Editions of a referential"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._canvas = canvas
        self._note: Path | None = None
        self._make_widgets()
        self._lay_out()
        self._turn_buttons()

    # -- what the buttons do ------------------------------------------------------------------------------------------

    def read(self) -> None:
        """Offer the dates of the editions of the file chosen."""
        for box in (self.before, self.after):
            box.clear()
        self._note = None
        self._turn_buttons()
        path = self._path()
        if path.is_file():
            self.news.setText(tr("Reading the referential…"))

            def done(dates: list[str]) -> None:
                if path == self._path():  # another was chosen while this one was read
                    self._show_dates(dates)

            in_background(tr("Editions of a referential"), lambda _feedback: editions(path), done, self._fail, self)
        else:
            self.news.setText(tr("Choose the GeoPackage of a consolidated referential."))

    def compare(self) -> None:
        """Put what changed on the map, and write the note."""
        path, before, after = self._path(), self.before.currentText(), self.after.currentText()
        self._busy(tr("Comparing the editions…"))

        def work(_feedback: QgsProcessingFeedback) -> Compared:
            return compare(path, before, after)

        def done(made: Compared) -> None:
            self._show(made, f"{path.stem} · {before} → {after}")

        in_background(tr("Editions of a referential"), work, done, self._fail, self)

    def show_date(self) -> None:
        """Put the services of the later date on the map; QGIS's temporal controller goes through the others."""
        day = self.after.currentText()
        layer = history_layer(self._path(), tr("Services in time"))
        add_results(Given(tr("Services in time"), {"OUTPUT": layer}), ("OUTPUT",), circumstances=self._path().stem)
        QgsProject.instance().timeSettings().setTemporalRange(
            QgsDateTimeRange(_noon(self.before.itemText(0)), QDateTime.currentDateTime())
        )
        self._canvas.setTemporalRange(QgsDateTimeRange(_noon(day), _noon(day)))
        words = tr("On the map: the services on {day}. QGIS's temporal controller goes through the dates.")
        self.news.setText(words.format(day=day))

    def open_note(self) -> None:
        """Show the note in the program that opens such files."""
        if self._note is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._note)))

    # -- inside -------------------------------------------------------------------------------------------------------

    def _path(self) -> Path:
        return Path(self.referential.filePath())

    def _show_dates(self, dates: list[str]) -> None:
        for box in (self.before, self.after):
            box.clear()
            box.addItems(dates)
        self.before.setCurrentIndex(max(len(dates) - 2, 0))
        self.after.setCurrentIndex(len(dates) - 1)
        alone = tr("The referential has one edition: what changed is seen with the next.")
        self.news.setText(alone if len(dates) == 1 else "")
        self._turn_buttons()

    def _show(self, made: Compared, circumstances: str) -> None:
        self._note = made.note
        if made.changes:
            layer = changes_layer(made.layer, tr("What changed"))
            add_results(Given(tr("What changed"), {"OUTPUT": layer}), ("OUTPUT",), circumstances=circumstances)
        changed = tr("{count} place changed; the note is {path}.|{count} places changed; the note is {path}.")
        said = [counted(changed, len(made.changes), path=str(made.note))]
        if made.without_position:
            nowhere = tr("{count} of them has no position.|{count} of them have no position.")
            said.append(counted(nowhere, made.without_position))
        self.news.setText(" ".join(said))
        self._turn_buttons()

    def _busy(self, words: str) -> None:
        self._note = None
        self._turn_buttons()
        self.compare_button.setEnabled(False)
        self.news.setText(words)

    def _fail(self, sentence: str) -> None:
        self.news.setText(sentence)
        self._turn_buttons()

    def _turn_buttons(self) -> None:
        dates = self.before.count()
        self.compare_button.setEnabled(dates > 1 and self.before.currentText() < self.after.currentText())
        self.date_button.setEnabled(dates > 0)
        self.note_button.setEnabled(self._note is not None)

    def _make_widgets(self) -> None:
        self.referential = QgsFileWidget()
        self.referential.setFilter("GeoPackage (*.gpkg)")
        self.referential.setAccessibleName(tr("Referential"))
        self.referential.fileChanged.connect(lambda _path: self.read())
        self.before, self.after = QComboBox(), QComboBox()
        for box, name in ((self.before, tr("From the edition of")), (self.after, tr("To the edition of"))):
            box.setAccessibleName(name)
            box.currentIndexChanged.connect(lambda _row: self._turn_buttons())
        self.compare_button = QPushButton(tr("See what changed"))
        self.compare_button.setToolTip(
            tr("Added, changed, moved, merged and closed places: a layer, and a note to read.")
        )
        self.compare_button.clicked.connect(lambda _checked: self.compare())
        self.note_button = QPushButton(tr("Read the note"))
        self.note_button.clicked.connect(lambda _checked: self.open_note())
        self.date_button = QPushButton(tr("Services on this date"))
        self.date_button.setToolTip(tr("Every state of every service, for QGIS's temporal controller"))
        self.date_button.clicked.connect(lambda _checked: self.show_date())
        self.news = Sentence()
        self.buttons = QDialogButtonBox()
        self.buttons.addButton(tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        self.buttons.rejected.connect(self.reject)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        for button in (self.compare_button, self.note_button, self.date_button):
            row.addWidget(button)
        row.addStretch()
        form = QFormLayout()
        form.addRow(tr("Referential"), self.referential)
        form.addRow(tr("From the edition of"), self.before)
        form.addRow(tr("To the edition of"), self.after)
        form.addRow(row)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.news)
        column.addStretch()
        column.addWidget(self.buttons)
        open_at_size(self, 80, 14)
        still_wheel(self)


def _noon(day: str) -> QDateTime:
    return QDateTime.fromString(f"{day}T12:00:00", Qt.DateFormat.ISODate)
