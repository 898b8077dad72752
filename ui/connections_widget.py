"""Connections: add, edit, test, remove."""

from __future__ import annotations

from contextlib import suppress
from html import escape

from qgis.gui import QgsAuthConfigSelect
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ..core.corrections import OutboxError
from ..core.errors import CartoError
from ..core.http import check_connection_url
from ..core.registry import Connection, Query, guess_connection
from ..i18n import counted, tr, translate_message
from ..processing.address_parameter import without_key
from ..processing.connections import READY, all_connections, open_connection, remove_connection, save_connection
from ..processing.outbox import outbox_path, user_outbox
from .background import in_background
from .looks import ok_and_cancel, still_wheel
from .plain import PlainLabel

LIST_HEIGHT = 100
"""Pixels: a few connections; more are scrolled."""


def kind_labels() -> dict[str, str]:
    """What each kind of registry is called on the screen."""
    return {
        "ogcapi": tr("Shared registry (OGC API – Features)"),
        "annuaire": tr("Annuaire de l'administration (DILA)"),
        "fichier": tr("File of a producer"),
    }


class ConnectionsWidget(QWidget):
    """The list of connections with its buttons; changes are saved at once."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Connections"))
        self.list.itemDoubleClicked.connect(lambda _item: self._edit())
        self.list.setMaximumHeight(LIST_HEIGHT)
        self.list.currentItemChanged.connect(self._show_what_can_be_done)
        self.add_button, self.edit_button = QPushButton(tr("Add…")), QPushButton(tr("Edit…"))
        self.remove_button = QPushButton(tr("Remove"))
        self.remove_button.setToolTip(tr("Those that come with the plugin stay; edit them, and yours replaces them."))
        buttons = QVBoxLayout()
        for button, called in (
            (self.add_button, self._add),
            (self.edit_button, self._edit),
            (self.remove_button, self._remove),
        ):
            button.clicked.connect(called)
            buttons.addWidget(button)
        buttons.addStretch()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.list)
        row.addLayout(buttons)
        self._fill()

    def _fill(self) -> None:
        self.list.clear()
        for connection in all_connections():
            item = QListWidgetItem(connection.name)
            item.setToolTip(
                f"{kind_labels().get(connection.kind, connection.kind)}<br>{escape(without_key(connection.url))}"
            )
            item.setData(Qt.ItemDataRole.UserRole, connection)
            self.list.addItem(item)
        self._show_what_can_be_done()

    def _show_what_can_be_done(self, *_: object) -> None:
        item = self.list.currentItem()
        self.edit_button.setEnabled(item is not None)
        self.remove_button.setEnabled(item is not None and item.data(Qt.ItemDataRole.UserRole) not in READY)

    def _add(self) -> None:
        self._open_dialog(Connection("", "ogcapi", ""))

    def _edit(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self._open_dialog(item.data(Qt.ItemDataRole.UserRole))

    def _open_dialog(self, connection: Connection) -> None:
        dialog = ConnectionDialog(connection, self)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            if connection.name and dialog.connection().name != connection.name:
                remove_connection(connection.name)
            save_connection(dialog.connection())
            _readdress(connection.url, dialog.connection().url)
            self._fill()

    def _remove(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            remove_connection(item.data(Qt.ItemDataRole.UserRole).name)
            self._fill()


def _readdress(old: str, new: str) -> None:
    """Corrections that wait follow their connection to its new address, not to stay at a wrong one for ever."""
    if old in ("", new) or not outbox_path().exists():
        return
    with suppress(OutboxError):  # the page of corrections says what is wrong with them
        user_outbox().readdress(old, new)


class ConnectionDialog(QDialog):
    """Name, kind, address, authentication; « Test » says what the registry answers."""

    def __init__(self, connection: Connection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Connection to a registry"))
        self._called, self._mapping = connection.name, connection.mapping
        self.name = QLineEdit(connection.name)
        self.kind = QComboBox()
        for kind, label in kind_labels().items():
            self.kind.addItem(label, kind)
        self.kind.setCurrentIndex(max(self.kind.findData(connection.kind), 0))
        self.url = QLineEdit(connection.url)
        self.url.setMinimumWidth(50 * self.url.fontMetrics().averageCharWidth())
        self.url.editingFinished.connect(self._guess_kind)
        browse = QPushButton(tr("File…"))
        browse.clicked.connect(self._browse)
        self.auth = QgsAuthConfigSelect()
        self.auth.setConfigId(connection.authcfg)
        self.answer = PlainLabel()
        self.answer.setWordWrap(True)
        self.answer.setTextFormat(Qt.TextFormat.PlainText)
        test = QPushButton(tr("Test"))
        test.clicked.connect(self._test)
        self.buttons = ok_and_cancel()
        self.buttons.addButton(test, QDialogButtonBox.ButtonRole.ActionRole)
        self.buttons.accepted.connect(self._accept_when_valid)
        self.buttons.rejected.connect(self.reject)
        address = QHBoxLayout()
        address.addWidget(self.url)
        address.addWidget(browse)
        form = QFormLayout(self)
        form.addRow(tr("Name"), self.name)
        form.addRow(tr("Kind"), self.kind)
        form.addRow(tr("Address"), address)
        form.addRow(tr("Authentication"), self.auth)
        form.addRow(self.answer)
        form.addRow(self.buttons)
        still_wheel(self)

    def connection(self) -> Connection:
        """What the fields say."""
        return Connection(
            self.name.text().strip(),
            self.kind.currentData(),
            self.url.text().strip(),
            self.auth.configId(),
            self._mapping,
        )

    def _guess_kind(self) -> None:
        if self.url.text().strip():
            self.kind.setCurrentIndex(self.kind.findData(guess_connection(self.url.text()).kind))

    def _browse(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, tr("File of a producer"))
        if path:
            self.url.setText(path)
            self._guess_kind()

    def _accept_when_valid(self) -> None:
        connection = self.connection()
        try:
            if connection.kind != "fichier":
                check_connection_url(connection.url, has_auth=bool(connection.authcfg))
        except CartoError as error:
            self.answer.setText(translate_message(error))
            return
        if not connection.name or not connection.url:
            self.answer.setText(tr("Give a name and an address."))
            return
        if connection.name != self._called and connection.name in {one.name for one in all_connections()}:
            self.answer.setText(tr("Another connection has this name: choose one of its own."))
            return
        self.accept()

    def _test(self) -> None:
        connection = self.connection()
        self.answer.setText(tr("Asking…"))
        in_background(
            tr("Testing {name}").format(name=connection.name),
            lambda feedback: open_connection(connection, feedback).count(Query()),
            self._show_count,
            self.answer.setText,
            self,
        )

    def _show_count(self, count: int | None) -> None:
        if count is None:
            self.answer.setText(tr("The registry answers."))
        else:
            self.answer.setText(
                counted(tr("The registry answers: {count} service.|The registry answers: {count} services."), count)
            )
