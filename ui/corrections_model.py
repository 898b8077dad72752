"""The corrections as a table that reads only the rows on the screen."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from qgis.PyQt.QtCore import (
    QAbstractTableModel,
    QDateTime,
    QItemSelection,
    QItemSelectionModel,
    QLocale,
    QModelIndex,
    Qt,
)
from qgis.PyQt.QtGui import QFont
from qgis.PyQt.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from ..core.corrections import Entry
from ..core.corrections.outbox import OutboxError
from ..i18n import tr
from ..processing.outbox import user_outbox
from .correction_tool import service_names
from .correction_words import about, field_label, short_type_labels
from .plain import as_plain

PAGE = 100
"""Rows read at once."""


def state_labels() -> dict[str, str]:
    """What each state is called on the screen."""
    return {
        "brouillon": tr("draft"),
        "en_attente": tr("to be sent"),
        "envoyee": tr("sent"),
        "transmise": tr("handed over"),
        "acceptee": tr("accepted"),
        "rejetee": tr("rejected"),
        "conflit": tr("conflict"),
        "erreur": tr("refused"),
    }


class CorrectionsModel(QAbstractTableModel):
    """The outbox, what needs the user first, as it was at the last `reload`."""

    def __init__(self) -> None:
        super().__init__()
        self.ranks: list[int] = []
        self._read: dict[int, tuple[Entry, str]] = {}
        """Entries by rank, and what their services are called: those of the pages seen since the last `reload`."""

    def reload(self) -> None:
        """Take the outbox as it is now. Raises `OutboxError`."""
        ranks = user_outbox().ranks()
        self.beginResetModel()
        self.ranks = ranks
        self._read.clear()
        self.endResetModel()

    def entry(self, row: int) -> tuple[Entry, str] | None:
        """The entry of a row and its service's name; None where it was withdrawn elsewhere since."""
        rank = self.ranks[row]
        if rank not in self._read:
            first = row // PAGE * PAGE
            entries = user_outbox().at(self.ranks[first : first + PAGE])
            names = service_names(entry.correction for entry in entries.values())
            self._read.update((rank, (entry, names[entry.uuid])) for rank, entry in entries.items())
        return self._read.get(rank)

    # -- what Qt asks -------------------------------------------------------------------------------------------------

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.ranks)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:
        return 0 if parent.isValid() else 3

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole):
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        return (tr("Correction"), tr("State"), tr("Since"))[section]

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole):
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.FontRole):
            return None
        try:
            known = self.entry(index.row())
        except OutboxError:
            return None  # said by what asked for the rows
        if known is None:
            return None
        entry, name = known
        if role == Qt.ItemDataRole.FontRole:
            return _bold() if entry.needs_user else None
        text = _cells(entry, name)[index.column()]
        return text if role == Qt.ItemDataRole.DisplayRole else as_plain(text)


class CorrectionsTable(QTableView):
    """The table; rows are chosen whole, and named by rank."""

    def __init__(self) -> None:
        super().__init__()
        self.corrections = CorrectionsModel()
        self.setModel(self.corrections)
        self._none_chosen = QItemSelectionModel(self.corrections)
        self.horizontalHeader().setSelectionModel(self._none_chosen)  # else it asks of each row whether it is chosen
        self.setAccessibleName(tr("My corrections"))
        self._dress()

    def _dress(self) -> None:
        header = self.horizontalHeader()
        header.setResizeContentsPrecision(0)  # as wide as the rows on the screen ask for
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        self.verticalHeader().hide()
        self.setWordWrap(False)
        self.verticalHeader().setDefaultSectionSize(2 * self.fontMetrics().lineSpacing() + 6)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)

    def chosen(self) -> list[int]:
        """The ranks of the chosen rows, in the order shown."""
        return [self.corrections.ranks[row] for row in sorted(set(self._chosen_rows()))]

    def choose(self, ranks: Collection[int]) -> None:
        """Choose these, and no others; those that are not there are left out."""
        wanted, chosen, first = set(ranks), QItemSelection(), None
        rows = self.corrections.ranks if wanted else []
        for row, rank in enumerate([*rows, None]):
            if rank in wanted:
                first = row if first is None else first
            elif first is not None:
                last = self.corrections.index(row - 1, self.corrections.columnCount() - 1)
                chosen.select(self.corrections.index(first, 0), last)
                first = None
        self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if len(wanted) == 1 and not chosen.isEmpty():
            self.setCurrentIndex(self.corrections.index(chosen.first().top(), 0))

    def _chosen_rows(self) -> Iterator[int]:
        for block in self.selectionModel().selection():
            yield from range(block.top(), block.bottom() + 1)


def _bold() -> QFont:
    font = QFont()
    font.setBold(True)
    return font


def _cells(entry: Entry, name: str) -> tuple[str, str, str]:
    since = QDateTime.fromSecsSinceEpoch(int(entry.changed_at)).date()
    return (
        f"{name or tr('A service that the referential lacks')}\n{_about(entry)}",
        state_labels().get(entry.state, entry.state),
        QLocale().toString(since, QLocale.FormatType.ShortFormat),
    )


def _about(entry: Entry) -> str:
    """What is proposed, in a few words."""
    fields = ", ".join(map(field_label, entry.correction.changes))
    kind = short_type_labels().get(entry.correction.type, entry.correction.type)
    return about(kind, fields) if fields and entry.correction.type == "modification" else kind
