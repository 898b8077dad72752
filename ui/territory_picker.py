"""Which part of the country: type a name or a code, choose, and it joins the list."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from functools import lru_cache

from qgis.PyQt.QtCore import Qt, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QStandardItem, QStandardItemModel
from qgis.PyQt.QtWidgets import QCompleter, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ..core.territories import Territory, UnknownTerritory, alike, find, search
from ..i18n import number, tr
from ..processing.garbage import collected_by_the_main_thread
from .plain import as_plain

CODE = Qt.ItemDataRole.UserRole
REMEMBERED = "carto_services_publics/my_territory"
"""Where QGIS's settings keep the codes of the user's territory."""
SEEN = 4
"""Chosen territories that are seen without scrolling."""


def kind_label(kind: str) -> str:
    """What a kind of territory is called on the screen."""
    return {
        "region": tr("region"),
        "departement": tr("département"),
        "epci": tr("intercommunality"),
        "commune": tr("commune"),
        "arrondissement": tr("municipal arrondissement"),
        "ancienne": tr("former commune"),
    }[kind]


@lru_cache(maxsize=1)
def _read_names_ahead() -> None:
    """Read the table of territories beside the interface, once: the first letter typed finds it ready."""
    threading.Thread(target=collected_by_the_main_thread()(search), args=("a", 1), daemon=True).start()


class TerritoryPicker(QWidget):
    """A field with completion above the chosen territories; Delete takes the selected one away."""

    changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _read_names_ahead()
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("Commune, intercommunality, département or region…"))
        self.field.setAccessibleName(tr("Territory"))
        self.field.setClearButtonEnabled(True)
        self._proposals = QStandardItemModel(self)
        completer = QCompleter(self._proposals, self)
        # The list is already what fits the text, accents or not.
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.activated.connect(self._choose_proposal)
        self.field.setCompleter(completer)
        self.field.textEdited.connect(self._propose)
        self.field.returnPressed.connect(self._choose_first)
        self.chosen = QListWidget()
        self.chosen.setAccessibleName(tr("Chosen territories"))
        self.chosen.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.chosen.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.chosen.itemDoubleClicked.connect(self._remove)
        self.chosen.hide()
        self.chosen.installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.field)
        column.addWidget(self.chosen)

    def codes(self) -> list[str]:
        """Codes of the chosen territories; empty means everywhere."""
        return [self.chosen.item(row).data(CODE) for row in range(self.chosen.count())]

    def name(self) -> str:
        """The chosen territories, as a title says them."""
        return ", ".join(find(code).name for code in self.codes())

    def set_codes(self, codes: Iterable[str]) -> None:
        """Choose these and no others; unknown ones (an older session's) are left out."""
        self.chosen.clear()
        for code in codes:
            try:
                self._add(find(code))
            except UnknownTerritory:
                continue
        self._show_chosen()

    def eventFilter(self, watched, event):
        if event.type() == event.Type.KeyPress and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._remove(self.chosen.currentItem())
            return True
        return super().eventFilter(watched, event)

    def _propose(self, text: str) -> None:
        self._proposals.clear()
        for territory in search(text, limit=12) or alike(text):
            item = QStandardItem(_proposal(territory))
            item.setData(territory.code, CODE)
            self._proposals.appendRow(item)
        if self._proposals.rowCount():
            self.field.completer().complete()

    def _choose_proposal(self, text: str) -> None:
        for row in range(self._proposals.rowCount()):
            if self._proposals.item(row).text() == text:
                self._choose(find(self._proposals.item(row).data(CODE)))

    def _choose_first(self) -> None:
        found = search(self.field.text(), limit=1)
        if found:
            self._choose(found[0])

    def _choose(self, territory: Territory) -> None:
        if territory.code not in self.codes():
            self._add(territory)
            self._show_chosen()
        # The completer writes the proposal into the field after this.
        QTimer.singleShot(0, self.field.clear)

    def _add(self, territory: Territory) -> None:
        item = QListWidgetItem(_proposal(territory))
        item.setData(CODE, territory.code)
        how = tr("Delete or a double click removes the territory; none chosen means everywhere.")
        item.setToolTip(as_plain(f"{item.text()}\n{how}"))
        self.chosen.addItem(item)

    def _remove(self, item: QListWidgetItem) -> None:
        self.chosen.takeItem(self.chosen.row(item))
        self._show_chosen()

    def _show_chosen(self) -> None:
        self.chosen.setVisible(self.chosen.count() > 0)
        seen = min(self.chosen.count(), SEEN)
        self.chosen.setFixedHeight(seen * max(self.chosen.sizeHintForRow(0), 0) + 2 * self.chosen.frameWidth())
        self.changed.emit()


def _proposal(territory: Territory) -> str:
    if territory.population is None:
        return f"{territory.label} — {kind_label(territory.kind)}"
    return tr("{label} — {kind}, {population} inhabitants").format(
        label=territory.label, kind=kind_label(territory.kind), population=number(territory.population)
    )
