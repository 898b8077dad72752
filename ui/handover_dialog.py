"""Corrections for producers that take none over the network: a message each, to copy or to write to files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QFont
from qgis.PyQt.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ..core.corrections import Entry
from ..core.corrections.handover import ProducerMessage, messages_by_producer, write_message
from ..core.errors import CartoError
from ..i18n import counted, tr, translate_message
from .answer_label import Sentence
from .correction_words import in_words
from .looks import open_at_size, still_wheel
from .outbox import desk


class HandoverDialog(QDialog):
    """One message a producer. ``names``: what the service of each correction (uuid) is called."""

    def __init__(self, entries: Sequence[Entry], names: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Hand over corrections"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._entries = {entry.uuid: entry for entry in entries}
        called = {entry.correction.service_id: names.get(entry.uuid, "") for entry in entries}
        self.messages = messages_by_producer((entry.correction for entry in entries), called)
        self._make_widgets()
        self._lay_out()
        self._fill()

    # -- what the buttons do ------------------------------------------------------------------------------------------

    def copy(self) -> None:
        """The text, to the clipboard."""
        QApplication.clipboard().setText(self.text.toPlainText())
        self.status.setText(tr("Copied. Paste it into a message to the producer."))

    def write(self) -> None:
        """Text, CSV and GeoJSON into a folder that the user chooses."""
        folder = QFileDialog.getExistingDirectory(self, tr("Folder for the message and its attachments"))
        if not folder:
            return
        try:
            files = write_message(self.message, Path(folder), in_words)
        except OSError as error:
            self.status.setText(tr("{path} cannot be written: {reason}").format(path=folder, reason=error.strerror))
            return
        names = ", ".join(path.name for path in files)
        self.status.setText(tr("Written to {folder}: {names}").format(folder=folder, names=names))

    def mark(self) -> None:
        """The user says that the producer has it."""
        try:
            desk().handed_over(self.message.uuids)
        except CartoError as error:
            self.status.setText(translate_message(error))
            return
        del self.messages[self.producer.currentIndex()]
        if self.messages:
            self._fill()
        else:
            self.accept()

    # -- inside -------------------------------------------------------------------------------------------------------

    @property
    def message(self) -> ProducerMessage:
        """The one that is shown."""
        return self.messages[self.producer.currentIndex()]

    def _make_widgets(self) -> None:
        self.producer = QComboBox()
        self.producer.setAccessibleName(tr("Producer"))
        self.producer.currentIndexChanged.connect(self._show)
        self.reminder = Sentence()
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(tr("Message"))
        self.text.setTabChangesFocus(True)
        font = QFont("monospace")
        font.setStyleHint(QFont.StyleHint.Monospace)
        self.text.setFont(font)
        self.status = Sentence()
        self.copy_button = QPushButton(tr("Copy the text"))
        self.copy_button.clicked.connect(self.copy)
        self.write_button = QPushButton(tr("Write text, CSV and GeoJSON…"))
        self.write_button.clicked.connect(self.write)
        self.buttons = QDialogButtonBox()
        self.buttons.addButton(tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        self.mark_button = self.buttons.addButton(tr("I have handed it over"), QDialogButtonBox.ButtonRole.ActionRole)
        self.mark_button.clicked.connect(self.mark)
        self.buttons.rejected.connect(self.reject)

    def _lay_out(self) -> None:
        explained = Sentence(
            tr(
                "These producers take no corrections over the network. Send each its message, by its own form or by"
                " e-mail, then say so here: the next reading of its records tells whether it was heard."
            )
        )
        row = QHBoxLayout()
        row.addWidget(self.copy_button)
        row.addWidget(self.write_button)
        row.addStretch()
        column = QVBoxLayout(self)
        for widget in (explained, self.producer, self.reminder, self.text):
            column.addWidget(widget)
        column.addLayout(row)
        column.addWidget(self.status)
        column.addWidget(self.buttons)
        open_at_size(self, 100, 36)
        still_wheel(self)

    def _fill(self) -> None:
        self.producer.blockSignals(True)
        self.producer.clear()
        for message in self.messages:
            named = message.producteur or tr("producer not known")
            corrections = tr("{producer}: {count} correction|{producer}: {count} corrections")
            self.producer.addItem(counted(corrections, len(message.uuids), producer=named))
        self.producer.blockSignals(False)
        self._show()

    def _show(self) -> None:
        if not self.messages:
            return
        self.text.setPlainText("\n".join(map(in_words, self.message.sentences)))
        entries = [self._entries[uuid] for uuid in self.message.uuids]
        reminders = [
            translate_message(entry.reason) for entry in entries if entry.state == "transmise" and entry.reason
        ]
        self.reminder.setText("\n".join(dict.fromkeys(reminders)))
        self.status.setText("")
