"""The groups of the options page, from top to bottom. Each has `fields`, kept when the user accepts."""

from __future__ import annotations

import re
from functools import partial

from qgis.core import QgsFeedback
from qgis.gui import QgsAuthConfigSelect, QgsFileWidget
from qgis.PyQt.QtCore import QLocale, Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ..core.corrections.addresses import GEOCODER
from ..core.errors import Cancelled, CartoError
from ..core.http import check_connection_url
from ..core.routing.online import Trial
from ..core.territory.inhabitants import GEOAPI, MELODI
from ..core.transit.catalogue import SERVER as TRANSPORT_SERVER
from ..core.wfs.service import SERVER as WFS_SERVER
from ..i18n import number, tr, translate_message
from ..processing import settings
from ..processing.basemap import SERVER as BASEMAP_SERVER
from ..processing.cache import Emptied, cache_folder, cache_parts, empty_cache, let_go_of_networks
from ..processing.connections import data_folder
from ..processing.isochrones import PUBLIC_SERVERS, open_engine
from ..processing.outbox import outbox_path, user_outbox
from .answer_label import Sentence
from .background import in_background
from .looks import let_shrink
from .outbox import desk
from .plain import as_plain
from .setting_field import SettingField


def engine_labels() -> dict[str, str]:
    """What each engine is called on the screen."""
    return {
        "local": tr("This computer, on the roads given"),
        "geoplateforme": "IGN Géoplateforme",
        "valhalla": "Valhalla",
        "openrouteservice": "openrouteservice",
    }


class EnginesBox(QGroupBox):
    """Who computes isochrones where nothing else is said, and the servers that may."""

    def __init__(self) -> None:
        super().__init__(tr("Isochrones"))
        chosen = _list(engine_labels())
        self.engine = SettingField(settings.ENGINE, chosen, tr("Computed by default by"))
        self.rows = {name: ServerRow(name) for name in settings.SERVERS}
        form = _form(self)
        form.addRow(tr("Computed by default by"), self.engine)
        for name, row in self.rows.items():
            form.addRow(engine_labels()[name], row)
        self.fields = [self.engine, *(field for row in self.rows.values() for field in row.fields)]


class ServerRow(QWidget):
    """Address and authentication of one engine's server; « Try » says whether it answers."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        label = engine_labels()[name]
        self.address = _address_edit(PUBLIC_SERVERS[name] or "https://")
        self.try_button = QPushButton(tr("Try"))
        self.try_button.setAccessibleName(tr("Try {server}").format(server=label))
        self.try_button.clicked.connect(self.try_out)
        self.auth = QgsAuthConfigSelect()
        self.answer = Sentence()
        words = tr("Address of {server}").format(server=label)
        self.address_field = SettingField(
            settings.SERVER[name], self.address, words, self._unfit_address, (self.try_button,)
        )
        words = tr("Authentication of {server}").format(server=label)
        self.auth_field = SettingField(settings.AUTHCFG[name], self.auth, words)
        self.fields = [self.address_field, self.auth_field]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 8)
        for widget in (self.address_field, self.auth_field, self.answer):
            column.addWidget(widget)
        self.address.textChanged.connect(self.address_field.check)
        self.auth.selectedConfigIdChanged.connect(self.address_field.check)

    def try_out(self) -> None:
        """Ask the server as it is written here for one small area; closing the options ends it."""
        server, authcfg = self._address(), self.auth.configId()
        if not server:
            self.answer.setText(tr("Give the address of the server first."))
            return
        if not self.address_field.check():
            return
        self.try_button.setEnabled(False)
        self.answer.setText(tr("Asking…"))
        title = tr("Try {server}").format(server=engine_labels()[self._name])
        work = partial(_try_out, self._name, server, authcfg)
        in_background(title, work, self._show_trial, self._show_failure, self)

    def _address(self) -> str:
        return self.address_field.value() or PUBLIC_SERVERS[self._name]

    def _unfit_address(self, address: str) -> str:
        return _unfit_address(address, bool(self.auth.configId()))

    def _show_trial(self, trial: Trial) -> None:
        self._show_failure(translate_message(trial.words))

    def _show_failure(self, sentence: str) -> None:
        self.try_button.setEnabled(True)
        self.answer.setText(sentence)


class TerritoryBox(QGroupBox):
    """Where a territory's data come from: public servers, or a mirror of one's own."""

    def __init__(self) -> None:
        super().__init__(tr("My territory"))
        form = _form(self)
        self.fields = []
        for setting, public, label in (
            (settings.WFS, WFS_SERVER, tr("Roads, outlines and inhabitants (WFS)")),
            (settings.GEOAPI, GEOAPI, tr("Populations of communes")),
            (settings.MELODI, MELODI, tr("Populations of communes, else")),
            (settings.TRANSPORT, TRANSPORT_SERVER, tr("Catalogue of public transport")),
            (settings.BASEMAP, BASEMAP_SERVER, tr("Base map (WMTS)")),
        ):
            address = _address_edit(public)
            field = SettingField(setting, address, label, lambda text: _unfit_address(text, False))
            address.textChanged.connect(field.check)
            form.addRow(label, field)
            self.fields.append(field)


class ClusterBox(QGroupBox):
    """Where heavy work goes: this machine, or the cluster of an organisation."""

    def __init__(self) -> None:
        super().__init__(tr("Computing elsewhere"))
        address, label = _address_edit("tcp://…:8786"), tr("Dask scheduler (empty: this computer)")
        self.address = SettingField(settings.CLUSTER, address, label, _unfit_scheduler)
        address.textChanged.connect(self.address.check)
        _form(self).addRow(label, self.address)
        self.fields = [self.address]


def _unfit_scheduler(address: str) -> str:
    """Why an address is none of a Dask scheduler; empty when it may be."""
    if not address or re.fullmatch(r"(tcp|tls|ws|wss)://[^/\s]+", address):
        return ""
    return tr("A scheduler's address begins with tcp:// or tls://, and names a machine and its port.")


class CacheBox(QGroupBox):
    """What the plugin keeps to work faster: where, how much, and to be rid of it."""

    def __init__(self) -> None:
        super().__init__(tr("Kept to work faster"))
        folder = QgsFileWidget()
        folder.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        folder.lineEdit().setPlaceholderText(str(data_folder()))
        self.folder = SettingField(settings.CACHE_FOLDER, folder, tr("Folder"))
        self.content = Sentence()
        self.empty_button = QPushButton(tr("Empty…"))
        self.empty_button.setAccessibleName(tr("Empty what is kept"))
        self.empty_button.clicked.connect(self.ask_and_empty)
        self.answer = Sentence()
        content = QHBoxLayout()
        content.addWidget(self.content, 1)
        content.addWidget(self.empty_button, 0, Qt.AlignmentFlag.AlignTop)
        form = _form(self)
        form.addRow(tr("Folder"), self.folder)
        form.addRow(tr("Content"), content)
        form.addRow("", self.answer)
        self.fields = [self.folder]
        folder.fileChanged.connect(self._say_what_stays)
        self.show_content()

    def show_content(self) -> None:
        """Where it is, and how large."""
        try:
            parts, place = cache_parts(), str(cache_folder())
        except CartoError as error:
            self.content.setText(translate_message(error))
            self.empty_button.setEnabled(False)
            return
        each = ", ".join(f"{part.name} {data_size(part.size)}" for part in parts)
        total = data_size(sum(part.size for part in parts))
        self.content.setText(tr("{size}: {parts}.").format(size=total, parts=each) if parts else tr("Nothing yet."))
        self.content.setToolTip(as_plain(place))
        self.empty_button.setEnabled(bool(parts))

    def ask_and_empty(self) -> None:
        """Say what would go; then let it go."""
        parts = "\n".join(f"– {part.name} {data_size(part.size)}" for part in cache_parts())
        question = tr(
            "This will be deleted from {folder}, and made again when it is needed:\n\n{parts}\n\nServices, scenarios, "
            "decisions and corrections stay. Delete?"
        ).format(folder=cache_folder(), parts=parts)
        if QMessageBox.question(self, tr("Empty what is kept"), question) == QMessageBox.StandardButton.Yes:
            self.empty()

    def empty(self) -> None:
        """Delete what may be, in the background."""
        self.empty_button.setEnabled(False)
        self.answer.setText(tr("Deleting…"))
        let_go_of_networks()
        title = tr("Empty what is kept")
        in_background(title, lambda _feedback: empty_cache(), self._was_emptied, self._is_done, self)

    def _is_done(self, sentence: str) -> None:
        self.show_content()
        self.answer.setText(sentence)

    def _was_emptied(self, emptied: Emptied) -> None:
        freed = tr("{size} free again.").format(size=data_size(emptied.freed))
        stays = tr("Stays, because a computation or a tool works with it: {what}. End it, then empty again.")
        self._is_done(f"{freed} {stays.format(what=', '.join(emptied.in_use))}" if emptied.in_use else freed)

    def _say_what_stays(self, _path: str) -> None:
        words = tr("What is kept in the folder of now stays there: empty it first to have its room back.")
        self.answer.setText(words if self.folder.value() != settings.CACHE_FOLDER.value() else "")


class ReportBox(QGroupBox):
    """How the report's atlas looks where no project says it."""

    def __init__(self) -> None:
        super().__init__(tr("Report"))
        template, label = QgsFileWidget(), tr("Layout of the atlas (.qpt)")
        template.setFilter(tr("Template of a print layout (*.qpt)"))
        template.lineEdit().setPlaceholderText(tr("the plugin's own"))
        self.template = SettingField(settings.REPORT_TEMPLATE, template, label)
        _form(self).addRow(label, self.template)
        self.fields = [self.template]


class CorrectionsBox(QGroupBox):
    """Who proposes corrections, and where they wait."""

    def __init__(self) -> None:
        super().__init__(tr("Corrections"))
        name, mail, asked = tr("My organisation"), tr("My e-mail"), tr("Addresses are asked of")
        self.organisation = SettingField(settings.ORGANISATION, QLineEdit(), name)
        self.email = SettingField(settings.EMAIL, QLineEdit(), mail)
        at_once = QCheckBox(tr("Send as soon as proposed"))
        self.at_once = SettingField(settings.SEND_AT_ONCE, at_once, at_once.text())
        geocoder = _address_edit(GEOCODER)
        self.geocoder = SettingField(settings.GEOCODER, geocoder, asked, partial(_unfit_address, has_auth=False))
        geocoder.textChanged.connect(self.geocoder.check)
        self.outbox = QLineEdit(str(outbox_path()))
        self.outbox.setReadOnly(True)
        self.outbox.setCursorPosition(0)
        self.outbox.setToolTip(as_plain(self.outbox.text()))
        self.outbox.setAccessibleName(tr("Outbox"))
        self.waiting = Sentence(_waiting_in_words())
        open_folder = QPushButton(tr("Open the folder"))
        open_folder.setAccessibleName(tr("Open the folder of the outbox"))
        open_folder.clicked.connect(self.open_folder)
        place = QHBoxLayout()
        place.addWidget(self.outbox, 1)
        place.addWidget(open_folder)
        outbox = QVBoxLayout()
        outbox.addLayout(place)
        outbox.addWidget(self.waiting)
        outbox.addWidget(self.at_once)
        form = _form(self)
        form.addRow(name, self.organisation)
        form.addRow(mail, self.email)
        form.addRow(asked, self.geocoder)
        form.addRow(tr("Outbox"), outbox)
        self.fields = [self.organisation, self.email, self.geocoder, self.at_once]

    def open_folder(self) -> None:
        """Show where the outbox is, in the system's own window."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(outbox_path().parent)))

    def tell_the_panel(self) -> None:
        """The panel shows some of this too."""
        desk().changed.emit()


class LogBox(QGroupBox):
    """How much the plugin says in QGIS's message log."""

    def __init__(self) -> None:
        super().__init__(tr("Message log of QGIS"))
        levels = _list(
            {
                "errors": tr("errors only"),
                "warnings": tr("errors and warnings"),
                "everything": tr("everything: requests, networks built, corrections sent"),
            }
        )
        name = tr("What it says there")
        self.level = SettingField(settings.LOG_LEVEL, levels, name)
        _form(self).addRow(name, self.level)
        self.fields = [self.level]


def data_size(size: int) -> str:
    """Bytes as people of the user's country write them."""
    return QLocale().formattedDataSize(size, 1 if size >= 1_000_000 else 0, QLocale.DataSizeFormat.DataSizeSIFormat)


def _try_out(name: str, server: str, authcfg: str, feedback: QgsFeedback) -> Trial:
    def check() -> None:
        if feedback.isCanceled():
            raise Cancelled

    return open_engine(name, server, authcfg, feedback).try_out(check)


def _unfit_address(address: str, has_auth: bool) -> str:
    """Why an address cannot be that of a server; empty is fit, it means the usual one."""
    try:
        if address:
            check_connection_url(address, has_auth)
    except CartoError as error:
        return translate_message(error)
    return ""


def _waiting_in_words() -> str:
    try:
        waiting = user_outbox().counts().get("en_attente", 0) if outbox_path().is_file() else 0
    except CartoError as error:
        return translate_message(error)
    if not waiting:
        return tr("No correction waits to be sent.")
    return tr("Corrections waiting to be sent: {count}.").format(count=number(waiting))


def _address_edit(usual: str) -> QLineEdit:
    edit = QLineEdit()
    edit.setPlaceholderText(usual)
    return edit


def _list(labels: dict[str, str]) -> QComboBox:
    """Choices by code; a long label does not widen the page."""
    box = QComboBox()
    let_shrink(box)
    for code, label in labels.items():
        box.addItem(label, code)
    return box


def _form(box: QGroupBox) -> QFormLayout:
    form = QFormLayout(box)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
    return form
