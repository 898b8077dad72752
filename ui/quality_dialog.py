"""The quality of a consolidated referential: its page, and what its producers should correct, in bulk to the outbox."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from qgis.core import QgsProcessingFeedback
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ..core.consolidation import write_bridge
from ..core.consolidation.quality_page import write_quality
from ..core.consolidation.to_correct import CLOSED, EMPTY, KINDS, OTHER, PLACE, TWICE, ToCorrect, counts, to_correct
from ..core.corrections import Correction
from ..core.errors import CartoError
from ..i18n import counted, number, tr, translate_message
from ..processing import settings
from ..processing.base import FeedbackProgress
from ..processing.connections import ANNUAIRE, all_connections, find_connection
from ..processing.outbox import user_outbox
from .answer_label import Sentence
from .background import in_background
from .correction_words import about
from .looks import open_at_size, still_wheel
from .outbox import desk
from .proposal_preview import ProposalPreview


class QualityLook(NamedTuple):
    """What was found of a referential: its page, what each producer has to correct, what Sirene has as closed."""

    path: Path
    page: Path
    found: Counter[tuple[str, str]]
    closed: Mapping[str, str] | None


class QualityDialog(QDialog):
    """Looked at first; what is chosen of one producer goes to the outbox after a preview."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Quality of a referential"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._look: QualityLook | None = None
        self._make_widgets()
        self._lay_out()
        self._show_producer()

    # -- what the buttons do ------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Make the page, and count what is to be corrected."""
        path, sirene = Path(self.referential.filePath()), self.sirene.filePath()
        if not path.is_file():
            self.news.setText(tr("Choose the GeoPackage of a consolidated referential."))
            return
        self._forget()
        self.news.setText(tr("Reading the referential…"))
        self.look_button.setEnabled(False)

        def work(feedback: QgsProcessingFeedback) -> QualityLook:
            progress = FeedbackProgress(feedback)
            page = path.with_name(f"{path.stem}-qualite.html")
            closed = write_quality(path, page, path.stem, Path(sirene) if sirene else None, progress.part(0.0, 0.8))
            found = counts(to_correct(path, closed=closed, progress=progress.part(0.8, 1.0)))
            return QualityLook(path, page, found, closed)

        in_background(tr("Quality of a referential"), work, self._show_look, self._fail, self)

    def open_page(self) -> None:
        """Show the page in the browser."""
        if self._look is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._look.page)))

    def export_bridge(self) -> None:
        """Write which identifier stands for which record of which producer."""
        path, kinds = Path(self.referential.filePath()), "CSV (*.csv);;Parquet (*.parquet)"
        chosen, _kind = QFileDialog.getSaveFileName(self, tr("Bridge…"), str(path.with_name("passerelle.csv")), kinds)
        if not chosen:
            return
        written = tr("{count} link written to {path}.|{count} links written to {path}.")
        in_background(
            tr("Bridge…"),
            lambda _feedback: write_bridge(path, Path(chosen)),
            lambda count: self.news.setText(counted(written, count, path=chosen)),
            self._fail,
            self,
        )

    def propose(self) -> None:
        """Make the corrections chosen, and show them before they go to the outbox."""
        look, producer = self._look, self.producer.currentData()
        kinds = {kind for kind, box in self.kinds.items() if box.isChecked() and box.isEnabled()}
        if look is None or not producer or not kinds or not self.registry.currentData():
            self.news.setText(tr("Choose a producer, what it should correct, and the registry it goes to."))
            return
        self.propose_button.setEnabled(False)

        def work(feedback: QgsProcessingFeedback) -> list[ToCorrect]:
            progress = FeedbackProgress(feedback)
            return list(to_correct(look.path, kinds, producers={producer}, closed=look.closed, progress=progress))

        in_background(tr("Corrections to propose"), work, self._preview, self._fail, self)

    def keep(self, proposed: list[Correction]) -> None:
        """Put corrections in the outbox, addressed to the registry chosen."""
        try:
            added = user_outbox().add_all(proposed, find_connection(self.registry.currentData()).url)
        except CartoError as error:
            self.news.setText(translate_message(error))
            return
        desk().changed.emit()
        words = tr(
            "{count} correction is in your outbox; send it from the page Corrections."
            "|{count} corrections are in your outbox; send them from the page Corrections."
        )
        known = tr("{count} was there already.|{count} were there already.")
        said = [counted(words, added)]
        if added < len(proposed):
            said.append(counted(known, len(proposed) - added))
        self.news.setText(" ".join(said))

    # -- inside -------------------------------------------------------------------------------------------------------

    def _show_look(self, look: QualityLook) -> None:
        self.look_button.setEnabled(True)
        self._look = look
        for name in sorted({producer for producer, _kind in look.found}):
            self.producer.addItem(name, name)
        self.page_button.setEnabled(True)
        self.bridge_button.setEnabled(True)
        self.news.setText(about(tr("The page is written"), str(look.page)))
        self._show_producer()

    def _show_producer(self) -> None:
        producer = self.producer.currentData() or ""
        found = self._look.found if self._look else Counter()
        for kind, box in self.kinds.items():
            count = found[producer, kind]
            box.setText(about(kind_labels()[kind], number(count)))
            box.setEnabled(count > 0)
        self.propose_button.setEnabled(any(box.isEnabled() for box in self.kinds.values()))
        names = [ANNUAIRE] if producer == "dila" else []
        self.registry.setCurrentIndex(max(self.registry.findText(name) for name in names) if names else 0)

    def _preview(self, found: list[ToCorrect]) -> None:
        self.propose_button.setEnabled(True)
        by = settings.ORGANISATION.value()
        proposed = [replace(one.correction, auteur_organisation=by) for one in found]
        preview = ProposalPreview(proposed, {one.correction.service_id: one.name for one in found}, self)
        preview.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        preview.accepted.connect(lambda: self.keep(proposed))
        preview.open()

    def _forget(self) -> None:
        self._look = None
        self.producer.clear()
        for button in (self.page_button, self.bridge_button):
            button.setEnabled(False)
        self._show_producer()

    def _fail(self, sentence: str) -> None:
        self.look_button.setEnabled(True)
        self.propose_button.setEnabled(self._look is not None)
        self.news.setText(sentence)

    def _make_widgets(self) -> None:
        self.referential = _file(tr("Referential"), "GeoPackage (*.gpkg)")
        self.sirene = _file(tr("Establishments of Sirene (optional)"), "CSV (*.csv *.csv.gz *.gz *.zip)")
        self.look_button = QPushButton(tr("Look"))
        self.look_button.clicked.connect(lambda _checked: self.look())
        self.page_button = QPushButton(tr("See the page"))
        self.page_button.clicked.connect(lambda _checked: self.open_page())
        self.bridge_button = QPushButton(tr("Bridge…"))
        self.bridge_button.setToolTip(tr("Which identifier stands for which record of which producer: CSV or Parquet."))
        self.bridge_button.clicked.connect(lambda _checked: self.export_bridge())
        for button in (self.page_button, self.bridge_button):
            button.setEnabled(False)
        self.producer, self.registry = QComboBox(), QComboBox()
        self.producer.setAccessibleName(tr("Producer"))
        self.producer.currentIndexChanged.connect(lambda _row: self._show_producer())
        self.registry.setAccessibleName(tr("Registry"))
        self.registry.addItem(tr("Choose…"), "")
        for connection in all_connections():
            self.registry.addItem(connection.name, connection.name)
        self.kinds = {kind: QCheckBox() for kind in KINDS}
        for kind, box in self.kinds.items():
            box.setChecked(kind != OTHER)  # who is right is not known by the hundred
        self.news = Sentence()
        self.buttons = QDialogButtonBox()
        self.buttons.addButton(tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        text = tr("Put in my outbox…")
        self.propose_button = self.buttons.addButton(text, QDialogButtonBox.ButtonRole.ActionRole)
        self.propose_button.clicked.connect(lambda _checked: self.propose())
        self.buttons.rejected.connect(self.reject)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.look_button)
        row.addWidget(self.page_button)
        row.addWidget(self.bridge_button)
        row.addStretch()
        form = QFormLayout()
        form.addRow(tr("Referential"), self.referential)
        form.addRow(tr("Establishments of Sirene (optional)"), self.sirene)
        form.addRow(row)
        form.addRow(tr("Producer"), self.producer)
        for box in self.kinds.values():
            form.addRow(box)
        form.addRow(tr("Registry"), self.registry)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.news)
        column.addStretch()
        column.addWidget(self.buttons)
        open_at_size(self, 80, 24)
        still_wheel(self)


def kind_labels() -> dict[str, str]:
    """What there is to correct."""
    return {
        EMPTY: tr("Empty fields that others fill"),
        OTHER: tr("Values that the referential does not show"),
        PLACE: tr("Positions in doubt that another has to the address"),
        TWICE: tr("Records of the same place"),
        CLOSED: tr("Establishments closed by Sirene"),
    }


def _file(name: str, kinds: str) -> QgsFileWidget:
    field = QgsFileWidget()
    field.setFilter(kinds)
    field.setAccessibleName(name)
    return field
