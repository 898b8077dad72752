"""Page « Corrections »: mine, their state, what needs me."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from qgis.core import QgsProcessingFeedback, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QCoreApplication, Qt, QTimer
from qgis.PyQt.QtGui import QKeySequence
from qgis.PyQt.QtWidgets import (
    QAction,
    QCheckBox,
    QFileDialog,
    QGridLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ..core.corrections import Correction, Entry
from ..core.corrections.model import renewed
from ..core.corrections.outbox import EDITABLE, Standing
from ..core.errors import CartoError
from ..i18n import counted, tr, translate_message
from ..processing import settings
from ..processing.connections import find_connection
from ..processing.outbox import user_outbox
from ..processing.styling import apply_style
from .answer_label import AnswerLabel, Sentence
from .background import in_background
from .bulk_dialog import BulkDialog
from .conflict_dialog import ConflictDialog
from .correction_tool import edit_correction, service_name, service_names, start_correction_tool
from .correction_words import about, field_label, in_words
from .corrections_model import CorrectionsTable
from .editions_dialog import EditionsDialog
from .field_dialogs import FieldPackageDialog, FieldReadDialog
from .handover_dialog import HandoverDialog
from .looks import give_keys, is_agreed
from .moderation_button import ModerationButton
from .outbox import desk, exchange, sends_at_once

ASK_EVERY_MS = 5 * 60 * 1000
FIRST_ASK_MS = 2000


class CorrectionsPage(QWidget):
    """The outbox as a table; sending and asking run in the background, and politely."""

    def __init__(self, iface) -> None:
        super().__init__()
        self._iface = iface
        self._standings: dict[Standing, int] = {}
        """How many corrections stand alike, as shown."""
        self.summary = AnswerLabel("CartoServicesPublicsCorrections")
        self.table = CorrectionsTable()
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_chosen())
        self.table.doubleClicked.connect(lambda _index: self.edit_button.click())
        self.reason = Sentence()
        self.news = Sentence()
        self.at_once = QCheckBox(tr("Send as soon as proposed"))
        self._show_send_at_once()
        self.at_once.toggled.connect(settings.SEND_AT_ONCE.set)
        column = QVBoxLayout(self)
        column.addWidget(self.summary)
        column.addLayout(self._row(self._make_buttons_for_all(), 2))
        column.addWidget(self.table, 1)
        column.addWidget(self.reason)
        column.addLayout(self._row(self._make_buttons_for_chosen(), 3))
        column.addWidget(self.news)
        exchange_row = self._row(self._make_buttons_for_exchange(), 2)
        exchange_row.addWidget(self.at_once, 1, 1)
        column.addLayout(exchange_row)
        self.moderate_button = ModerationButton(iface)
        column.addWidget(self.moderate_button)
        self._let_delete_withdraw()
        give_keys(self, self.new_button)
        desk().changed.connect(self.refresh_safely)
        desk().said.connect(self.news.setText)
        self._ask_later = QTimer(self)
        self._ask_later.setInterval(ASK_EVERY_MS)
        self._ask_later.timeout.connect(self.follow)
        self._ask_later.start()
        QTimer.singleShot(FIRST_ASK_MS, self.follow)

    def showEvent(self, event) -> None:
        super().showEvent(event)
        self.refresh_safely()

    # -- what is shown ------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Take the outbox as it is now; what was chosen stays chosen. Only the rows on the screen are read."""
        self._show_send_at_once()
        chosen = self.table.chosen()
        self._standings = user_outbox().standings()
        self.table.corrections.reload()
        self.summary.setText(_counted(self._standings))
        self.table.choose(chosen)
        if not self.table.selectionModel().hasSelection():
            self._show_chosen()

    def refresh_safely(self) -> None:
        """`refresh`; an outbox that cannot be read is said in words."""
        self._safely(self.refresh)

    def choose(self, uuid: str) -> None:
        """Select one correction."""
        rank = user_outbox().rank(uuid)
        self.table.choose([] if rank is None else [rank])

    # -- what the buttons do ------------------------------------------------------------------------------------------

    def send(self) -> None:
        """Send what waits; says which registries it must be handed over to instead."""
        waiting = {standing.connection for standing in self._by_hand() if standing.state == "en_attente"}
        by_hand = sorted({find_connection(url).name for url in waiting})
        self.news.setText("")
        if by_hand:
            self.news.setText(
                tr("{names}: takes no corrections over the network. Choose “Hand over…”.").format(
                    names=", ".join(by_hand)
                )
            )
        desk().send_now()

    def ask(self) -> None:
        """Ask what became of what was sent."""
        desk().ask()

    def follow(self) -> None:
        """In the background: ask about those whose turn it is, send what was to be tried again."""
        self._safely(self._follow)

    def edit(self) -> None:
        """Open the form on the chosen correction, or the comparison when the service has changed meanwhile."""
        chosen = self._chosen
        if len(chosen) != 1:
            return
        entry = chosen[0]
        if entry.state == "conflit":
            self.compare(entry)
            return
        edit_correction(self._iface, entry)

    def compare(self, entry: Entry) -> None:
        """What was read, what the registry has now, and mine: choose; asks the registry when it is not known yet."""
        if entry.theirs is not None:
            self._open_comparison(entry, entry.theirs)
            return
        self.news.setText(tr("Asking for the service as it is now…"))
        connection, service = find_connection(entry.connection), entry.correction.service_id
        exchange(
            tr("Reading the service"),
            connection,
            lambda sender, _progress: sender.service(service),
            partial(self._open_comparison, entry),
            self.news.setText,
            self,
        )

    def hand_over(self) -> None:
        """Messages ready for the producers that take no corrections over the network."""
        by_hand = self._by_hand()

        def read(_feedback: QgsProcessingFeedback) -> list[Entry]:
            states, urls = {standing.state for standing in by_hand}, {standing.connection for standing in by_hand}
            entries = [entry for url in sorted(urls) for entry in user_outbox().entries(*states, connection=url)]
            return [entry for entry in entries if entry.standing in by_hand]

        in_background(tr("Reading my corrections"), read, self._open_handover, self.news.setText, self)

    def _open_handover(self, waiting: list[Entry]) -> None:
        HandoverDialog(waiting, service_names(entry.correction for entry in waiting), self).open()

    def open_bulk(self) -> None:
        """Many corrections at once: from a layer of corrections, or an edited copy of the services."""
        BulkDialog(self).open()

    def open_quality(self) -> None:
        """What the producers of a consolidated referential should correct."""
        from .quality_dialog import QualityDialog  # with matplotlib, which few need

        QualityDialog(self).open()

    def open_field(self) -> None:
        """The territory in a folder for the field."""
        dialog = FieldPackageDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def open_field_back(self) -> None:
        """Copies that come back from the field."""
        dialog = FieldReadDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.kept.connect(self.news.setText)
        dialog.open()

    def open_editions(self) -> None:
        """What changed between two editions of a consolidated referential."""
        EditionsDialog(self._iface.mapCanvas(), self).open()

    def retry(self) -> None:
        """Put the chosen ones back in line; where the first attempt may have arrived, ask the user first."""
        for entry in self._chosen:
            sure = entry.outcome_unknown and is_agreed(
                self,
                tr("Send again"),
                tr("The registry may already have this correction. Have you checked that it has not?"),
            )
            user_outbox().retry(entry.uuid, surely_not_received=sure)
        self.refresh()
        desk().send_now()

    def withdraw(self) -> None:
        """Forget the chosen ones that have not left."""
        chosen = [entry for entry in self._chosen if entry.standing.may_be_withdrawn]
        question = tr(
            "Forget {count} correction? What was typed is lost.|Forget {count} corrections? What was typed is lost."
        )
        if not chosen or not is_agreed(self, tr("Withdraw"), counted(question, len(chosen))):
            return
        desk().withdraw(*(entry.uuid for entry in chosen))

    def show_on_map(self) -> None:
        """All corrections as a layer, made in the background."""
        title = tr("My corrections")

        def make(_feedback: QgsProcessingFeedback) -> QgsVectorLayer:
            layer = QgsVectorLayer(json.dumps(user_outbox().as_geojson()), title, "ogr")
            layer.moveToThread(QCoreApplication.instance().thread())
            return layer

        in_background(tr("Reading my corrections"), make, _add_layer, self.news.setText, self)

    def export(self) -> None:
        """All corrections as a GeoJSON file, the user's own copy: comments and e-mail are in it."""
        path, _ = QFileDialog.getSaveFileName(
            self, tr("Export my corrections"), "corrections.geojson", "GeoJSON (*.geojson)"
        )
        if not path:
            return
        exported = tr(
            "{count} correction written to {path}, with your comments and e-mail."
            "|{count} corrections written to {path}, with your comments and e-mail."
        )
        in_background(
            tr("Export my corrections"),
            lambda _feedback: user_outbox().write_copy(path),
            lambda count: self.news.setText(counted(exported, count, path=path)),
            self.news.setText,
            self,
        )

    # -- inside -------------------------------------------------------------------------------------------------------

    def _open_comparison(self, entry: Entry, theirs: dict[str, Any] | None) -> None:
        self.news.setText("")
        if theirs is None:
            self.news.setText(tr("The registry does not have this service any more: withdraw the correction."))
            return
        dialog = ConflictDialog(entry.correction, theirs, service_name(entry.correction), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._safely(partial(self._resolve, entry, dialog.outcome)))
        dialog.open()

    def _resolve(self, entry: Entry, outcome: Correction | None) -> None:
        """Send what was chosen. One that the registry had already decided on leaves under another number."""
        reached = bool(entry.correction.ref_serveur)
        if outcome is not None and not reached:
            desk().replace(outcome)
            return
        if outcome is not None:
            desk().add(renewed(outcome), entry.connection, service_name(entry.correction))
        desk().withdraw(entry.uuid)

    def _make_buttons_for_all(self) -> list[QPushButton]:
        self.new_button = self._button(tr("New correction"), lambda: start_correction_tool(self._iface))
        self.bulk_button = self._button(tr("From a layer…"), self.open_bulk)
        self.map_button = self._button(tr("Show on the map"), self.show_on_map)
        self.export_button = self._button(tr("Export…"), self.export)
        self.quality_button = self._button(tr("Quality…"), self.open_quality)
        self.quality_button.setToolTip(tr("What the producers of a consolidated referential should correct, in bulk."))
        self.field_button = self._button(tr("For the field…"), self.open_field)
        self.field_button.setToolTip(tr("The territory in a folder for QField or Lizmap, corrections included."))
        self.back_button = self._button(tr("Read the field back…"), self.open_field_back)
        self.back_button.setToolTip(tr("The folders that agents bring back, into this list."))
        self.editions_button = self._button(tr("Editions…"), self.open_editions)
        self.editions_button.setToolTip(
            tr("What changed between two editions of a referential, on the map and as a note.")
        )
        return [
            *(self.new_button, self.bulk_button, self.map_button, self.export_button, self.quality_button),
            *(self.editions_button, self.field_button, self.back_button),
        ]

    def _make_buttons_for_chosen(self) -> list[QPushButton]:
        self.edit_button = self._button(tr("Edit…"), self.edit)
        self.retry_button = self._button(tr("Send again"), self.retry)
        self.withdraw_button = self._button(tr("Withdraw"), self.withdraw)
        return [self.edit_button, self.retry_button, self.withdraw_button]

    def _make_buttons_for_exchange(self) -> list[QPushButton]:
        self.send_button = self._button(tr("Send now"), self.send)
        self.ask_button = self._button(tr("Ask for answers"), self.ask)
        self.hand_button = self._button(tr("Hand over…"), self.hand_over)
        return [self.send_button, self.ask_button, self.hand_button]

    def _button(self, text: str, called: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.clicked.connect(lambda _checked: self._safely(called))
        return button

    @staticmethod
    def _row(buttons: list[QPushButton], columns: int) -> QGridLayout:
        row = QGridLayout()
        for rank, button in enumerate(buttons):
            row.addWidget(button, rank // columns, rank % columns)
        return row

    def _let_delete_withdraw(self) -> None:
        action = QAction(tr("Withdraw"), self.table)
        action.setShortcut(QKeySequence(QKeySequence.StandardKey.Delete))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda _checked: self._safely(self.withdraw))
        self.table.addAction(action)

    @property
    def _chosen(self) -> list[Entry]:
        """As they are in the outbox now, in the order shown."""
        ranks = self.table.chosen()
        entries = user_outbox().at(ranks)
        return [entries[rank] for rank in ranks if rank in entries]

    def _show_chosen(self) -> None:
        self._safely(self._describe_chosen)

    def _describe_chosen(self) -> None:
        ranks = self.table.chosen()
        standings = self._standings_of(ranks)
        one = next(iter(standings)) if len(ranks) == 1 and standings else None
        self.reason.setText("\n".join(_reasons(self._chosen[0])) if one else "")
        self.edit_button.setEnabled(one is not None and _can_edit(one))
        self.edit_button.setText(tr("Compare…") if one is not None and one.state == "conflit" else tr("Edit…"))
        self.retry_button.setEnabled(bool(standings) and all(map(_can_retry, standings)))
        self.withdraw_button.setEnabled(any(standing.may_be_withdrawn for standing in standings))
        states = {standing.state for standing in self._standings}
        self.send_button.setEnabled("en_attente" in states)
        self.hand_button.setEnabled(bool(self._by_hand()))
        self.ask_button.setEnabled("envoyee" in states)
        for button in (self.map_button, self.export_button):
            button.setEnabled(bool(self._standings))

    def _standings_of(self, ranks: list[int]) -> dict[Standing, int]:
        """How those of some ranks stand."""
        if len(ranks) == len(self.table.corrections.ranks):
            return self._standings
        return user_outbox().standings(ranks) if ranks else {}

    def _by_hand(self) -> set[Standing]:
        """Those whose producer takes nothing over the network: not handed over yet, or to be reminded of."""
        to_do = {
            standing
            for standing in self._standings
            if standing.state == "en_attente" or (standing.state == "transmise" and standing.needs_user)
        }
        kinds = {url: find_connection(url).kind for url in {standing.connection for standing in to_do}}
        return {standing for standing in to_do if kinds[standing.connection] != "ogcapi"}

    def _follow(self) -> None:
        self.moderate_button.find_rights()
        desk().ask(due_only=True)
        if sends_at_once():
            for url in user_outbox().connections("en_attente"):
                desk().send(url)

    def _show_send_at_once(self) -> None:
        """As QGIS's options have it, where it may have changed."""
        self.at_once.setChecked(sends_at_once())
        self.at_once.setEnabled(settings.SEND_AT_ONCE.imposed() is None)

    def _safely(self, work: Callable[[], object]) -> None:
        try:
            work()
        except CartoError as error:
            self.news.setText(translate_message(error))


def _add_layer(layer: QgsVectorLayer) -> None:
    if layer.isValid():
        apply_style(layer, "corrections", {})
        QgsProject.instance().addMapLayer(layer)


def _can_edit(entry: Standing) -> bool:
    """Whether a form opens on it: on a new one where it was decided on, on the comparison in a conflict."""
    return entry.state in ("rejetee", "conflit") or (entry.state in EDITABLE and not entry.outcome_unknown)


def _can_retry(entry: Standing) -> bool:
    return entry.state in ("en_attente", "erreur") and entry.may_be_retried


def _reasons(entry: Entry) -> list[str]:
    lines = [in_words(entry.reason)] if entry.reason else []
    return lines + [about(field_label(field), words) for field, words in entry.field_reasons.items()]


def _counted(standings: dict[Standing, int]) -> str:
    if not standings:
        return tr("No correction yet. Click “New correction”, then the service on the map.")

    def count_of(*states: str) -> int:
        return sum(count for standing, count in standings.items() if standing.state in states)

    counts = (
        (sum(n for standing, n in standings.items() if standing.needs_user), tr("{count} needs you|{count} need you")),
        (count_of("en_attente"), tr("{count} to be sent")),
        (count_of("envoyee", "transmise"), tr("{count} without answer yet")),
        (count_of("acceptee"), tr("{count} accepted")),
        (count_of("rejetee"), tr("{count} rejected")),
    )
    words = ", ".join(counted(text, count) for count, text in counts if count)
    return tr("Corrections: {counts}.").format(counts=words)
