"""« Modérer »: what came in at a registry that one keeps, against its records; accepted, refused or asked about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from qgis.core import QgsPointXY, QgsProcessingFeedback
from qgis.gui import QgsMapToolEmitPoint
from qgis.PyQt.QtCore import Qt, QTimer, QUrl, pyqtSignal
from qgis.PyQt.QtGui import QDesktopServices, QStandardItem, QStandardItemModel
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDockWidget,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..core.corrections.moderation import Incoming, Received, Ruling, Verdict
from ..core.registry import Connection
from ..i18n import counted, tr
from ..processing.base import FeedbackProgress
from ..processing.moderation import ModerationCase, open_moderator, read_case
from .answer_label import AnswerLabel, Sentence, WarningLabel
from .background import FunctionTask, in_background
from .looks import still_wheel, to_be_read
from .moderation_marks import ModerationMarks
from .moderation_words import (
    answers_in_words,
    evidence_of,
    field_label,
    incoming_in_words,
    kind_of,
    neighbour_in_words,
    title_of,
    value_in_words,
    warnings_of,
)
from .review_cases import CaseTable

SETTLE_MS = 150
"""Going through the list by the arrows, only where one stops is asked for."""

_OPEN: list[ModerationDock] = []


def open_moderation(iface, connections: Sequence[Connection]) -> ModerationDock:
    """Show the panel, on the registries where one may decide; there is one."""
    if not _OPEN:
        _OPEN.append(ModerationDock(iface))
        iface.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, _OPEN[0])
    _OPEN[0].show()
    _OPEN[0].start(connections)
    return _OPEN[0]


def close_moderation(iface) -> None:
    """Take the panel away, when there is one."""
    while _OPEN:
        dock = _OPEN.pop()
        dock.marks.remove()
        iface.removeDockWidget(dock)
        dock.deleteLater()


class ModerationDock(QDockWidget):
    """The list, the correction chosen beside the record, and what may be said of it. Letters decide: A, R, D."""

    decided = pyqtSignal()
    """Something was decided."""

    def __init__(self, iface) -> None:
        super().__init__(tr("Moderate"), iface.mainWindow())
        self.setObjectName("CartoServicesPublicsModeration")
        self._canvas = iface.mapCanvas()
        self.marks = ModerationMarks(self._canvas)
        self._picker = QgsMapToolEmitPoint(self._canvas)
        self._picker.canvasClicked.connect(lambda point, _button: self.choose_at(point))
        self.incoming = Incoming([])
        self.case: ModerationCase | None = None
        self._wanted: Verdict | None = None
        self._deciding = False
        self._listing: FunctionTask | None = None
        self._reading: FunctionTask | None = None
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._read_chosen)
        self._make_widgets()
        self._lay_out()
        self._show_chosen()
        still_wheel(self)

    # -- what comes in ------------------------------------------------------------------------------------------------

    def start(self, connections: Sequence[Connection]) -> None:
        """The registries where one may decide; the one shown stays where it is among them."""
        shown = self.connection()
        self.registry.blockSignals(True)
        self.registry.clear()
        for connection in connections:
            self.registry.addItem(connection.name, connection)
        kept = self.registry.findText(shown.name) if shown else -1
        self.registry.setCurrentIndex(max(kept, 0))
        self.registry.setVisible(len(connections) > 1)
        self.registry.blockSignals(False)
        if self.connection() != shown:
            self._forget_incoming()
        self.reload()

    def connection(self) -> Connection | None:
        """The registry shown."""
        return self.registry.currentData()

    def reload(self) -> None:
        """Read what waits now."""
        connection = self.connection()
        self._stop_listing()
        if connection is None:
            return
        self.summary.setText(tr("Reading what came in…"))
        self.reload_button.setEnabled(False)

        def read(feedback: QgsProcessingFeedback) -> Incoming:
            return open_moderator(connection, feedback).incoming(FeedbackProgress(feedback))

        self._listing = in_background(tr("Reading what came in"), read, self._show_incoming, self._fail, self)

    def chosen(self) -> list[Received]:
        """Those chosen, in the order shown."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [self.incoming.received[row] for row in rows]

    # -- deciding -----------------------------------------------------------------------------------------------------

    def accept(self) -> None:
        """Those chosen are right: the registry takes them over."""
        self._decide(Verdict.ACCEPT)

    def refuse(self) -> None:
        """Those chosen are not; the reason is asked for first."""
        self._decide(Verdict.REFUSE)

    def ask(self) -> None:
        """Ask the authors of those chosen; they stay undecided."""
        self._decide(Verdict.ASK)

    def open_proof(self) -> None:
        """The page that the author gives as proof, in the browser."""
        chosen = self.chosen()
        if len(chosen) == 1 and _is_page(chosen[0].correction.preuve_url):
            QDesktopServices.openUrl(QUrl(chosen[0].correction.preuve_url))

    def pick(self) -> None:
        """Choose on the map: a click on a dot shows its correction."""
        self._canvas.setMapTool(self._picker)
        self.news.setText(tr("Click the dot of a correction on the map."))

    def choose_at(self, point: QgsPointXY) -> None:
        """The correction under a place of the map, in the map's CRS."""
        row = self.marks.row_at(point, self.incoming.received)
        if row < 0:
            self.news.setText(tr("No correction that waits is there."))
            return
        self.news.clear()
        self.table.selectRow(row)
        self.table.scrollTo(self.model.index(row, 0))

    # -- inside -------------------------------------------------------------------------------------------------------

    def _decide(self, verdict: Verdict) -> None:
        chosen, connection, words = self.chosen(), self.connection(), self.reason.text().strip()
        if not chosen or connection is None or not self.accept_button.isEnabled():
            return
        if verdict is not Verdict.ACCEPT and not words:
            self._wanted = verdict
            self.reason.setFocus()
            self.news.setText(tr("Say why, then press Enter: the author reads it."))
            return
        self._wanted, self._deciding = None, True
        self._let_decide(False)
        self.news.setText(tr("Deciding…"))

        def decide(feedback: QgsProcessingFeedback) -> list[tuple[Received, Ruling]]:
            moderator = open_moderator(connection, feedback)
            return moderator.decide_all(chosen, verdict, words, FeedbackProgress(feedback))

        in_background(tr("Deciding"), decide, partial(self._was_decided, len(chosen)), self._not_decided, self)

    def _was_decided(self, asked: int, answers: list[tuple[Received, Ruling]]) -> None:
        self._deciding = False
        self.news.setText(answers_in_words([answer for _received, answer in answers], asked))
        self.reason.clear()
        self.table.setFocus()
        self.decided.emit()
        self.reload()

    def _not_decided(self, sentence: str) -> None:
        self._deciding = False
        self.news.setText(sentence)
        self.reload()  # some may have been

    def _reason_given(self) -> None:
        if self._wanted is not None:
            self._decide(self._wanted)

    def _turn_to_registry(self, _row: int = 0) -> None:
        """Show what came in at the one chosen."""
        self._forget_incoming()
        self.reload()

    def _forget_incoming(self) -> None:
        """What came in at one registry must not be decided on at another."""
        self._stop_listing()
        self.news.clear()
        self._show_incoming(Incoming([]))

    def _stop_listing(self) -> None:
        if self._listing is not None:
            self._listing.drop()
            self._listing = None

    def _fail(self, sentence: str) -> None:
        self._listing = None
        self.reload_button.setEnabled(True)
        self.summary.setText(sentence)

    def _show_incoming(self, incoming: Incoming) -> None:
        row = max(self.table.currentIndex().row(), 0)
        self._listing = None
        self.reload_button.setEnabled(True)
        self.incoming = incoming
        self.summary.setText(incoming_in_words(incoming))
        self.model.setRowCount(0)
        for received in incoming.received:
            correction = received.correction
            texts = (title_of(correction), kind_of(correction), correction.auteur_organisation, correction.cree_le[:10])
            self.model.appendRow(list(map(_cell, texts)))
        if self.isVisible():
            self.marks.show_waiting(incoming.received)
        if incoming.received:
            self.table.selectRow(min(row, len(incoming.received) - 1))
        self._show_chosen()

    def _show_chosen(self, *_changed: object) -> None:
        """At once what is known of the correction chosen; the rest is read when one stays on it."""
        chosen = self.chosen()
        self.case = None
        self._stop_reading()
        self._let_decide(bool(chosen))
        self.warning.clear()
        self.side.setRowCount(0)
        self.around.setRowCount(0)
        self.marks.clear_case()
        one = chosen[0].correction if len(chosen) == 1 else None
        self.evidence.setText(evidence_of(one) if one else "")
        self.proof_button.setVisible(one is not None and _is_page(one.preuve_url))
        if len(chosen) > 1:
            many = tr("{count} correction is chosen.|{count} corrections are chosen: one decision for all.")
            self.evidence.setText(counted(many, len(chosen)))
        if one:
            self._settle.start()

    def _read_chosen(self) -> None:
        chosen, connection = self.chosen(), self.connection()
        if len(chosen) != 1 or connection is None:
            return

        def read(feedback: QgsProcessingFeedback) -> ModerationCase:
            return read_case(connection, chosen[0], FeedbackProgress(feedback), feedback)

        self._stop_reading()
        self._reading = in_background(tr("Reading the service"), read, self._show_case, self.warning.setText, self)

    def _stop_reading(self) -> None:
        self._settle.stop()
        if self._reading is not None:
            self._reading.drop()
            self._reading = None

    def _show_case(self, case: ModerationCase) -> None:
        if [case.received] != self.chosen():
            return
        self._reading, self.case = None, case
        if case.sight.proposed.nom:
            self.model.item(self.table.currentIndex().row(), 0).setText(case.sight.proposed.nom)
        self.warning.setText(warnings_of(case))
        ways = case.sight.ways
        self.side.setRowCount(len(ways))
        for row, way in enumerate(ways):
            values = (way.read, way.theirs, way.mine)
            cells = (field_label(way.field), *(value_in_words(way.field, value) for value in values))
            for column, text in enumerate(cells):
                self.side.setItem(row, column, QTableWidgetItem(text))
        self.side.resizeRowsToContents()
        self.around.setRowCount(len(case.neighbours))
        for row, neighbour in enumerate(case.neighbours):
            for column, text in enumerate(neighbour_in_words(neighbour)):
                self.around.setItem(row, column, QTableWidgetItem(text))
        if self.isVisible():
            self.marks.show_case(case)

    def _point_at(self, row: int) -> None:
        """Show on the map which of the services around is meant."""
        if self.case is not None and 0 <= row < len(self.case.neighbours):
            self.marks.point_at(self.case, self.case.neighbours[row].service)

    def _let_decide(self, allowed: bool) -> None:
        for button in (self.accept_button, self.refuse_button, self.ask_button):
            button.setEnabled(allowed and not self._deciding)

    def hideEvent(self, event) -> None:
        self._stop_reading()
        self.marks.clear()
        self._canvas.unsetMapTool(self._picker)
        super().hideEvent(event)

    # -- widgets ------------------------------------------------------------------------------------------------------

    def _make_widgets(self) -> None:
        self.summary = AnswerLabel("CartoServicesPublicsIncoming")
        self.registry = QComboBox()
        self.registry.setAccessibleName(tr("Registry"))
        self.registry.currentIndexChanged.connect(self._turn_to_registry)
        self.model = QStandardItemModel(0, 4)
        self.model.setHorizontalHeaderLabels([tr("Service"), tr("Correction"), tr("By"), tr("On")])
        keys = {Qt.Key.Key_A: self.accept, Qt.Key.Key_R: self.refuse, Qt.Key.Key_D: self.ask}
        self.table = CaseTable(
            {**keys, Qt.Key.Key_P: self.open_proof, Qt.Key.Key_M: self.pick, Qt.Key.Key_F5: self.reload}
        )
        self.table.setModel(self.model)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.setAccessibleName(tr("Corrections that wait"))
        for column in range(4):
            mode = QHeaderView.ResizeMode.Stretch if column < 2 else QHeaderView.ResizeMode.ResizeToContents
            self.table.horizontalHeader().setSectionResizeMode(column, mode)
        self.table.selectionModel().selectionChanged.connect(self._show_chosen)
        sides = [tr("Field"), tr("As its author read it"), tr("As it is now"), tr("As proposed")]
        self.side = _table(tr("Side by side"), sides)
        self.side.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        around = [tr("Perhaps the same place"), tr("Category"), tr("Likeness"), tr("Distance")]
        self.around = _table(tr("Services around"), around)
        self.around.currentCellChanged.connect(lambda row, *_: self._point_at(row))
        self.evidence, self.news, self.warning = Sentence(), Sentence(), WarningLabel()
        self.reason = QLineEdit()
        self.reason.setAccessibleName(tr("Reason or question"))
        self.reason.setPlaceholderText(tr("Why it is refused, or what you ask: its author reads it"))
        self.reason.setMaxLength(2000)
        self.reason.returnPressed.connect(self._reason_given)
        self.accept_button = _button(tr("Accept (A)"), self.accept)
        self.refuse_button = _button(tr("Refuse (R)"), self.refuse)
        self.ask_button = _button(tr("Ask (D)"), self.ask)
        self.proof_button = _button(tr("See the proof (P)"), self.open_proof)
        self.pick_button = _button(tr("On the map (M)"), self.pick)
        self.reload_button = _button(tr("Read again (F5)"), self.reload)

    def _lay_out(self) -> None:
        left, right = QVBoxLayout(), QVBoxLayout()
        above, buttons = QHBoxLayout(), QHBoxLayout()
        above.addWidget(self.registry, 1)
        above.addWidget(self.pick_button)
        above.addWidget(self.reload_button)
        for widget in (self.accept_button, self.refuse_button, self.ask_button):
            buttons.addWidget(widget)
        left.addLayout(above)
        left.addWidget(self.table, 1)
        for shown in (self.warning, self.side, self.evidence, self.proof_button, self.around, self.reason):
            right.addWidget(shown, 1 if isinstance(shown, QTableWidget) else 0)
        right.addLayout(buttons)
        content, sides = QWidget(), QHBoxLayout()
        sides.addLayout(left, 1)
        sides.addLayout(right, 1)
        column = QVBoxLayout(content)
        column.addWidget(self.summary)
        column.addLayout(sides, 1)
        column.addWidget(self.news)
        self.setWidget(content)


def _is_page(address: str) -> bool:
    return address.lower().startswith(("http://", "https://"))


def _cell(text: str) -> QStandardItem:
    return QStandardItem(text)


def _table(name: str, headings: list[str]) -> QTableWidget:
    table = QTableWidget(0, len(headings))
    table.setAccessibleName(name)
    table.setHorizontalHeaderLabels(headings)
    table.verticalHeader().hide()
    table.setWordWrap(True)
    to_be_read(table)
    return table


def _button(text: str, called: Callable[[], None]) -> QPushButton:
    button = QPushButton(text)
    button.clicked.connect(lambda _checked: called())
    return button
