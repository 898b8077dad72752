"""The cases of a review in a table, decided by the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qgis.PyQt.QtCore import QAbstractTableModel, QEvent, QModelIndex, QSortFilterProxyModel, Qt
from qgis.PyQt.QtWidgets import QAbstractItemView, QTableView

from ..core.matching import SURE, TO_CHECK
from ..core.matching.review import NEW, Case, Review
from ..i18n import percent, tr

ZONE = Qt.ItemDataRole.UserRole


class CaseModel(QAbstractTableModel):
    """The cases of a review: mine, theirs, how sure, what was said."""

    def __init__(self, review: Review | None = None) -> None:
        super().__init__()
        self.review = review

    def start(self, review: Review) -> None:
        """Show another review."""
        self.beginResetModel()
        self.review = review
        self.endResetModel()

    def refresh(self) -> None:
        """Decisions have been made."""
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, 3))

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:
        return 0 if parent.isValid() or self.review is None else len(self.review.cases)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:
        return 0 if parent.isValid() else 4

    def headerData(self, section: int, orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        return (tr("My list"), tr("Referential"), tr("Likeness"), tr("Decision"))[section]

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        case = self.review.cases[index.row()]
        if role == ZONE:
            return case.zone
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if index.column() == 0:
            return self.review.local[case.local].nom
        if index.column() == 1:
            return self.review.reference[case.reference].nom if case.reference >= 0 else "—"
        if index.column() == 2:
            return percent(100 * case.score) if case.reference >= 0 else ""
        return decision_in_words(case)


class ZoneFilter(QSortFilterProxyModel):
    """Only the cases of a zone; all when it is empty."""

    zone = ""

    def show_zone(self, zone: str) -> None:
        self.zone = zone
        self.invalidateFilter()

    def filterAcceptsRow(self, row: int, parent: QModelIndex) -> bool:
        return not self.zone or self.sourceModel().index(row, 0).data(ZONE) == self.zone


class CaseTable(QTableView):
    """Letters decide (A, R, L, Z) instead of searching; arrows go through the cases."""

    def __init__(self, keys: dict[int, Callable[[], None]]) -> None:
        super().__init__()
        self._keys = keys
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.verticalHeader().hide()

    def event(self, event) -> bool:
        # Before a shortcut of the main window takes the key.
        if event.type() == QEvent.Type.ShortcutOverride and self._called(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event) -> None:
        called = self._called(event)
        if called:
            called()
        else:
            super().keyPressEvent(event)

    def _called(self, event) -> Callable[[], None] | None:
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        return self._keys.get(event.key()) if plain else None


def decision_in_words(case: Case) -> str:
    """What was said of a case, else its zone."""
    if case.same is not None:
        return tr("same service") if case.same else tr("not the same")
    return {SURE: tr("sure"), TO_CHECK: tr("to check"), NEW: tr("only in my list")}[case.zone]
