"""My list against the referential, pair by pair: side by side, on the map, by the keyboard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QFont
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QDockWidget,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ..core.corrections import Correction
from ..core.errors import CartoError
from ..core.matching import SURE, TO_CHECK
from ..core.matching.proposals import says_no_more
from ..core.matching.review import NEW, Review
from ..core.services import Service
from ..i18n import counted, number, tr, translate_message
from ..processing import settings
from ..processing.attributes import as_text
from ..processing.connections import find_connection
from ..processing.matchservices import in_words
from ..processing.outbox import user_outbox
from .answer_label import AnswerLabel
from .background import in_background
from .correction_tool import connection_of
from .correction_words import column_labels
from .looks import still_wheel
from .map_tools import ServicePicker
from .outbox import desk
from .pair_marks import PairMarks
from .plain import PlainLabel
from .proposal_preview import ProposalPreview
from .review_cases import CaseModel, CaseTable, ZoneFilter
from .review_lists import ListsPage, matching_work

_SHOWN = (
    "nom",
    "categorie",
    "adresse",
    "code_postal",
    "commune",
    "telephone",
    "courriel",
    "site_web",
    "horaires",
    "siret",
)
_OPEN: list[ReviewDock] = []


def open_review(iface) -> ReviewDock:
    """Show the panel; there is one."""
    if not _OPEN:
        _OPEN.append(ReviewDock(iface))
        iface.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, _OPEN[0])
    _OPEN[0].show()
    return _OPEN[0]


def close_review(iface) -> None:
    """Take the panel away, when there is one."""
    while _OPEN:
        dock = _OPEN.pop()
        dock.clear_map()
        iface.removeDockWidget(dock)
        dock.deleteLater()


class ReviewDock(QDockWidget):
    """Choose two layers, match, go through the pairs, put what differs in the outbox."""

    def __init__(self, iface) -> None:
        super().__init__(tr("My list against the referential"), iface.mainWindow())
        self.setObjectName("CartoServicesPublicsReview")
        self._iface = iface
        self._canvas = iface.mapCanvas()
        self._marks = PairMarks(self._canvas)
        self._picker: ServicePicker | None = None
        self._task = None
        self.review: Review | None = None
        self.connection = ""
        self._make_widgets()
        self._lay_out()
        self._show_case()
        still_wheel(self)

    # -- matching -----------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Match the two layers in the background."""
        asked = self.lists.asked()
        if asked is None:
            self.summary.setText(tr("Choose your list and a layer of services."))
            return
        registry = connection_of(self.lists.reference_box.currentLayer())
        self.lists.run_button.setEnabled(False)
        self.summary.setText(tr("Matching…"))
        start = partial(self.start, connection=registry)
        self._task = in_background(tr("Match services"), matching_work(asked), start, self._fail, self)
        self._task.taskTerminated.connect(self._may_run_again)

    def start(self, review: Review, connection: str) -> None:
        """Go through a review, of the records of a registry; what is proposed goes there."""
        self.review, self.connection = review, connection
        self._may_run_again()
        self.model.start(review)
        self.pages.setCurrentIndex(1)
        self.table.setFocus()
        self._show_counts()
        self._select(max(review.next_open(0), 0))

    # -- deciding -----------------------------------------------------------------------------------------------------

    def accept(self) -> None:
        """The pair shown is one service."""
        self._decide(lambda position: self.review.accept(position))

    def refuse(self) -> None:
        """The pair shown is two services."""
        self._decide(lambda position: self.review.refuse(position))

    def link(self) -> None:
        """Pick on the map the service of the referential that the row shown is."""
        if self.position() < 0:
            return
        self._put_away_picker()
        self._picker = ServicePicker(self._canvas)
        self._picker.picked.connect(lambda _layer, feature: self.link_to(as_text(feature["id"])))
        self._canvas.setMapTool(self._picker)
        self.reasons.setText(tr("Click the same service of the referential on the map."))

    def link_to(self, identifier: str) -> None:
        """The row shown is the service of that identifier."""
        self._put_away_picker()
        row = next((row for row, service in enumerate(self.review.reference) if service.id == identifier), -1)
        if row < 0:
            self.reasons.setText(tr("This service is not in the layer that your list was matched with."))
            return
        self._decide(lambda position: self.review.link(position, row))

    def undo(self) -> None:
        """Take back the last decision."""
        undone: list[int] = []
        if self.review is None or not self._safely(lambda: undone.append(self.review.undo())):
            return
        self.model.refresh()
        self._show_counts()
        if undone[0] >= 0:
            self._select(undone[0])
            self._show_case()

    def position(self) -> int:
        """The case shown, -1 without any."""
        index = self.table.currentIndex()
        return self.zones.mapToSource(index).row() if index.isValid() else -1

    # -- proposing ----------------------------------------------------------------------------------------------------

    def propose(self) -> None:
        """Show what would be proposed, and put it in the outbox when the user agrees."""
        if self.review is None:
            return
        proposed = self.review.proposals()
        names = {service.id: service.nom for service in self.review.reference}
        preview = ProposalPreview(proposed, names, self)
        if preview.exec() == QDialog.DialogCode.Accepted:
            self.keep(proposed)

    def keep(self, proposed: list[Correction]) -> None:
        """Put corrections in the outbox, to be sent from the page of corrections."""

        def add() -> None:
            by = settings.ORGANISATION.value()
            signed = [replace(correction, auteur_organisation=by) for correction in proposed]
            added = user_outbox().add_all(signed, find_connection(self.connection).url)
            desk().changed.emit()
            self.summary.setText(
                counted(
                    tr(
                        "{count} correction is in your outbox; send it from the page Corrections."
                        "|{count} corrections are in your outbox; send them from the page Corrections."
                    ),
                    added,
                )
            )

        self._safely(add)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _decide(self, say: Callable[[int], None]) -> None:
        position = self.position()
        if self.review is None or position < 0 or not self._safely(lambda: say(position)):
            return
        self.model.refresh()
        self._show_counts()
        following = self.review.next_open(position + 1)
        self._select(following if following >= 0 else position)
        self._show_case()

    def _safely(self, work: Callable[[], object]) -> bool:
        try:
            work()
        except CartoError as error:
            self.reasons.setText(translate_message(error))
            return False
        return True

    def _may_run_again(self) -> None:
        self.lists.run_button.setEnabled(True)

    def _fail(self, sentence: str) -> None:
        self._may_run_again()
        self.summary.setText(sentence)

    def _show_counts(self) -> None:
        """The answer first: counts in a sentence."""
        zones = Counter(case.zone for case in self.review.cases)
        left = sum(case.zone == TO_CHECK and case.same is None for case in self.review.cases)
        self.summary.setText(
            tr("{sure} sure pairs, {check} to check ({left} left), {new} only in your list.").format(
                sure=number(zones[SURE]), check=number(zones[TO_CHECK]), left=number(left), new=number(zones[NEW])
            )
        )

    def _select(self, position: int) -> None:
        index = self.zones.mapFromSource(self.model.index(position, 0))
        if index.isValid():
            self.table.setCurrentIndex(index)
            self.table.scrollTo(index)
        else:
            self._show_case()

    def _show_case(self, *_changed: Any) -> None:
        position = self.position()
        case = self.review.cases[position] if self.review is not None and position >= 0 else None
        for button in (self.accept_button, self.refuse_button):
            button.setEnabled(case is not None and case.reference >= 0)
        self.link_button.setEnabled(case is not None)
        self.clear_map()
        if case is None:
            self.side.setRowCount(0)
            self.reasons.clear()
            return
        own = self.review.local[case.local]
        partner = case.reference if case.reference >= 0 else case.resembles
        theirs = self.review.reference[partner] if partner >= 0 else None
        self._show_side_by_side(own, theirs)
        self.reasons.setText(in_words(case.reasons))
        self._marks.show(own, theirs)

    def _show_side_by_side(self, own: Service, theirs: Service | None) -> None:
        labels = column_labels()
        rows = [(name, getattr(own, name), getattr(theirs, name, "")) for name in _SHOWN]
        rows = [row for row in rows if row[1] or row[2]]
        self.side.setRowCount(len(rows))
        for row, (name, mine, other) in enumerate(rows):
            differs = bool(mine and other) and not says_no_more(name, mine, other)
            for column, text in enumerate((labels[name], mine, other)):
                item = QTableWidgetItem(text)
                font = QFont(item.font())
                font.setBold(differs)
                item.setFont(font)
                self.side.setItem(row, column, item)
        self.side.resizeRowsToContents()

    # -- map ----------------------------------------------------------------------------------------------------------

    def clear_map(self) -> None:
        """Take the marks off the map."""
        self._marks.clear()

    def _put_away_picker(self) -> None:
        if self._picker is not None:
            self._canvas.unsetMapTool(self._picker)
            self._picker = None

    def hideEvent(self, event) -> None:
        self.clear_map()
        self._put_away_picker()
        super().hideEvent(event)

    # -- widgets ------------------------------------------------------------------------------------------------------

    def _make_widgets(self) -> None:
        self.lists = ListsPage()
        self.lists.match_asked.connect(self.run)
        choose = tr("Choose your list and a layer of services, then match them.")
        self.summary = AnswerLabel("CartoServicesPublicsMatching", choose)
        self._make_case_widgets()

    def _make_case_widgets(self) -> None:
        """The pairs, the two records side by side, and what may be decided."""
        self.zone = QComboBox()
        self.zone.setAccessibleName(tr("Shown"))
        self.zone.addItem(tr("All"), "")
        for zone, text in ((TO_CHECK, tr("To check")), (NEW, tr("Only in my list")), (SURE, tr("Sure"))):
            self.zone.addItem(text, zone)
        self.model, self.zones = CaseModel(), ZoneFilter()
        self.zones.setSourceModel(self.model)
        self.zone.currentIndexChanged.connect(lambda _row: self.zones.show_zone(self.zone.currentData()))
        keys = {Qt.Key.Key_A: self.accept, Qt.Key.Key_R: self.refuse, Qt.Key.Key_L: self.link, Qt.Key.Key_Z: self.undo}
        self.table = CaseTable(keys)
        self.table.setAccessibleName(tr("Pairs"))
        self.table.setModel(self.zones)
        for column in range(4):
            mode = QHeaderView.ResizeMode.ResizeToContents if column == 2 else QHeaderView.ResizeMode.Stretch
            self.table.horizontalHeader().setSectionResizeMode(column, mode)
        self.table.selectionModel().currentRowChanged.connect(self._show_case)
        self.side = QTableWidget(0, 3)
        self.side.setAccessibleName(tr("Side by side"))
        self.side.setHorizontalHeaderLabels(["", tr("My list"), tr("Referential")])
        self.side.setTabKeyNavigation(False)
        self.side.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.side.verticalHeader().hide()
        for column in (1, 2):
            self.side.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self.reasons = PlainLabel()
        self.reasons.setWordWrap(True)
        self.reasons.setTextFormat(Qt.TextFormat.PlainText)
        self.accept_button = _button(tr("Same service (A)"), self.accept)
        self.refuse_button = _button(tr("Not the same (R)"), self.refuse)
        self.link_button = _button(tr("Link on the map (L)"), self.link)
        self.undo_button = _button(tr("Undo (Z)"), self.undo)
        self.propose_button = _button(tr("Propose corrections…"), self.propose)

    def _lay_out(self) -> None:
        self.pages = QTabWidget()
        self.pages.addTab(self.lists, tr("Lists"))
        self.pages.addTab(self._pairs_page(), tr("Pairs"))
        content = QWidget()
        column = QVBoxLayout(content)
        column.addWidget(self.summary)
        column.addWidget(self.pages, 1)
        self.setWidget(content)

    def _pairs_page(self) -> QWidget:
        buttons = QGridLayout()
        for rank, button in enumerate((self.accept_button, self.refuse_button, self.link_button, self.undo_button)):
            buttons.addWidget(button, rank // 2, rank % 2)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addWidget(self.zone)
        left.addWidget(self.table, 1)
        left.addWidget(self.propose_button)
        right.addWidget(self.side, 1)
        right.addWidget(self.reasons)
        right.addLayout(buttons)
        page = QWidget()
        row = QHBoxLayout(page)
        row.addLayout(left, 1)
        row.addLayout(right, 1)
        return page


def _button(text: str, called: Callable[[], None]) -> QPushButton:
    button = QPushButton(text)
    button.clicked.connect(lambda _checked: called())
    return button
