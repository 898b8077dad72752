"""Page « Corrections »: mine, their state, what needs me."""

from __future__ import annotations

import json
from collections.abc import Callable

from qgis.core import QgsFeedback, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QDateTime, QLocale, Qt, QTimer
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QGridLayout,
    QHeaderView,
    QLabel,
    QMessageBox,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..core.corrections import Entry, OutboxError, Sender
from ..core.registry import Connection
from ..i18n import number, tr, translate_message
from ..processing.base import FeedbackProgress
from ..processing.connections import find_connection
from ..processing.outbox import user_outbox
from ..processing.styling import apply_style
from ..processing.transport import open_session
from .background import in_background
from .correction_form import type_labels
from .correction_tool import start_correction_tool

UUID = Qt.ItemDataRole.UserRole
ASK_EVERY_MS = 15 * 60 * 1000
NEEDS_ME = ("conflit", "erreur", "brouillon")


def state_labels() -> dict[str, str]:
    """What each state is called on the screen."""
    return {
        "brouillon": tr("draft"),
        "en_attente": tr("to be sent"),
        "envoyee": tr("sent"),
        "transmise": tr("handed over"),
        "acceptee": tr("accepted"),
        "rejetee": tr("rejected"),
        "conflit": tr("changed meanwhile"),
        "erreur": tr("needs you"),
    }


class CorrectionsPage(QWidget):
    """The outbox as a table; sending and asking run in the background, and politely."""

    def __init__(self, iface) -> None:
        super().__init__()
        self._iface = iface
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self.summary.setStyleSheet("font-size: 12pt; font-weight: bold;")
        self.table = QTableWidget(0, 4)
        self.table.setAccessibleName(tr("My corrections"))
        self.table.setHorizontalHeaderLabels([tr("Service"), tr("Correction"), tr("State"), tr("Since")])
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.verticalHeader().hide()
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.itemSelectionChanged.connect(self._show_reason)
        self.reason = QLabel()
        self.reason.setWordWrap(True)
        self.reason.setTextFormat(Qt.TextFormat.PlainText)
        buttons = QGridLayout()
        for rank, (text, called) in enumerate(
            (
                (tr("New correction"), lambda: start_correction_tool(self._iface)),
                (tr("Send now"), self.send),
                (tr("Ask for answers"), self.ask),
                (tr("Try again"), self.retry),
                (tr("Withdraw"), self.withdraw),
                (tr("Show on the map"), self.show_on_map),
                (tr("Export…"), self.export),
            )
        ):
            button = QPushButton(text)
            button.clicked.connect(lambda _checked, run=called: self._safely(run))
            buttons.addWidget(button, rank // 3, rank % 3)
        column = QVBoxLayout(self)
        column.addWidget(self.summary)
        column.addWidget(self.table, 1)
        column.addWidget(self.reason)
        column.addLayout(buttons)
        self._ask_later = QTimer(self)
        self._ask_later.setInterval(ASK_EVERY_MS)
        self._ask_later.timeout.connect(lambda: self.isVisible() and self._safely(self.ask))
        self._ask_later.start()

    def showEvent(self, event) -> None:
        super().showEvent(event)
        self._safely(self.refresh)

    def refresh(self) -> None:
        """Read the outbox again."""
        entries = user_outbox().entries()
        self.table.setRowCount(len(entries))
        for row, entry in enumerate(entries):
            self._fill(row, entry)
        self.summary.setText(_in_words(entries))
        self._show_reason()

    def send(self) -> None:
        """Send what waits, connection by connection."""
        self._for_each_connection(
            "en_attente", tr("Sending corrections"), lambda sender, progress: sender.send_all(progress=progress)
        )

    def ask(self) -> None:
        """Ask what became of what was sent."""
        self._for_each_connection(
            "envoyee", tr("Asking for answers"), lambda sender, progress: sender.ask_all(progress=progress)
        )

    def retry(self) -> None:
        """Put the selected ones back in line; where the first attempt may have arrived, ask the user first."""
        for entry in self._selected():
            sure = False
            if entry.outcome_unknown:
                asked = QMessageBox.question(
                    self,
                    tr("Send again?"),
                    tr("The registry may already have this correction. Have you checked that it has not?"),
                )
                sure = asked == QMessageBox.StandardButton.Yes
            user_outbox().retry(entry.uuid, surely_not_received=sure)
        self.refresh()

    def withdraw(self) -> None:
        """Forget the selected ones that have not left."""
        for entry in self._selected():
            user_outbox().withdraw(entry.uuid)
        self.refresh()

    def show_on_map(self) -> None:
        """All corrections as a layer."""
        layer = QgsVectorLayer(json.dumps(user_outbox().as_geojson()), tr("My corrections"), "ogr")
        if layer.isValid():
            apply_style(layer, "corrections", {})
            QgsProject.instance().addMapLayer(layer)

    def export(self) -> None:
        """All corrections as a GeoJSON file."""
        path, _ = QFileDialog.getSaveFileName(
            self, tr("Export my corrections"), "corrections.geojson", "GeoJSON (*.geojson)"
        )
        if path:
            with open(path, "w", encoding="utf-8") as file:
                json.dump(user_outbox().as_geojson(), file, ensure_ascii=False)

    def _for_each_connection(self, state: str, title: str, work: Callable) -> None:
        for url in sorted({entry.connection for entry in user_outbox().entries(state)}):
            connection = find_connection(url)
            if connection.kind != "ogcapi":
                self.reason.setText(
                    tr("{name} takes no corrections over the network: export them and hand them over.").format(
                        name=connection.name
                    )
                )
                continue
            in_background(
                title, _exchange(connection, work), lambda _entries: self.refresh(), self.reason.setText, self
            )

    def _selected(self) -> list[Entry]:
        rows = sorted({index.row() for index in self.table.selectedIndexes()})
        return [user_outbox().get(self.table.item(row, 0).data(UUID)) for row in rows]

    def _fill(self, row: int, entry: Entry) -> None:
        correction = entry.correction
        name = correction.changes["nom"].new if "nom" in correction.changes else correction.service_id
        since = QDateTime.fromSecsSinceEpoch(int(entry.changed_at))
        cells = (
            str(name or correction.service_id),
            type_labels().get(correction.type, correction.type),
            state_labels().get(entry.state, entry.state),
            QLocale().toString(since, QLocale.FormatType.ShortFormat),
        )
        for position, text in enumerate(cells):
            item = QTableWidgetItem(text)
            item.setData(UUID, entry.uuid)
            if entry.state in NEEDS_ME:
                font = item.font()
                font.setBold(True)
                item.setFont(font)
            self.table.setItem(row, position, item)

    def _show_reason(self) -> None:
        try:
            chosen = self._selected()
        except OutboxError:
            chosen = []
        lines = [translate_message(entry.reason) for entry in chosen[:1] if entry.reason]
        lines += [f"{field}: {words}" for entry in chosen[:1] for field, words in entry.field_reasons.items()]
        self.reason.setText("\n".join(lines))

    def _safely(self, work: Callable[[], object]) -> None:
        try:
            work()
        except OutboxError as error:
            self.reason.setText(translate_message(error))


def _exchange(connection: Connection, work: Callable) -> Callable[[QgsFeedback], object]:
    def run(feedback: QgsFeedback):
        session = open_session(connection.url, connection.authcfg, feedback)
        return work(Sender(session, connection, user_outbox()), FeedbackProgress(feedback))

    return run


def _in_words(entries: list[Entry]) -> str:
    if not entries:
        return tr("No correction yet. Click “New correction”, then the service on the map.")
    waiting = sum(entry.state == "en_attente" for entry in entries)
    mine = sum(entry.state in NEEDS_ME for entry in entries)
    answered = sum(entry.state in ("acceptee", "rejetee") for entry in entries)
    return tr("{all} corrections: {waiting} to be sent, {answered} answered, {mine} need you.").format(
        all=number(len(entries)), waiting=number(waiting), answered=number(answered), mine=number(mine)
    )
