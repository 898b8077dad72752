"""The page in QGIS's options, as a technician fills it in, and as an administrator has prepared it."""

from __future__ import annotations

import time

import pytest
from carto_services_publics.core.corrections import Outbox, new_correction
from carto_services_publics.core.network import BuildOptions, build_network, open_network
from carto_services_publics.core.network.lines import RoadLines
from carto_services_publics.processing import cache, settings
from carto_services_publics.processing import outbox as kept
from carto_services_publics.processing.connections import READY, all_connections, save_connection
from carto_services_publics.ui import connections_widget, settings_boxes
from carto_services_publics.ui.connections_widget import Connection, ConnectionDialog
from carto_services_publics.ui.correction_form import CorrectionForm
from carto_services_publics.ui.options import CartoOptionsFactory
from carto_services_publics.ui.setting_field import SettingField
from qgis.core import QgsApplication, QgsSettings
from qgis.PyQt.QtCore import QEvent, QPoint, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QMessageBox, QScrollArea, QWidget
from routing_fakes import RoutingServer

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def own_profile(qgis_app, tmp_path, monkeypatch):
    """A user who has changed nothing yet, with a cache and an outbox of the test's own."""

    def forget():
        for setting in settings.ALL:
            QgsSettings().remove(f"carto_services_publics/{setting.key}")
        QgsSettings().remove("carto_services_publics/connections")

    for setting in settings.ALL:
        monkeypatch.delenv(setting.variable, raising=False)
    for module in (kept, settings_boxes):
        monkeypatch.setattr(module, "outbox_path", lambda: tmp_path / "corrections.sqlite")
    for module in (cache, settings_boxes):
        monkeypatch.setattr(module, "data_folder", lambda: tmp_path)
    forget()
    yield
    forget()


@pytest.fixture
def open_page(qgis_app):
    """Opens the page as QGIS does, in a window of the size of QGIS's options."""
    pages = []

    def open_one():
        parent = QWidget()
        parent.resize(760, 620)
        page = CartoOptionsFactory().createWidget(parent)
        page.resize(parent.size())
        parent.show()
        pages.append(parent)
        return page

    yield open_one
    for parent in pages:
        parent.close()
        parent.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def written():
    """Keys of the settings that the user's own file holds."""
    return {setting.key for setting in settings.ALL if QgsSettings().contains(f"carto_services_publics/{setting.key}")}


def fill_in(page):
    """Change one thing of each kind."""
    page.engines.engine.editor.setCurrentIndex(page.engines.engine.editor.findData("valhalla"))
    page.engines.rows["valhalla"].address.setText(" https://valhalla.exemple.fr ")
    page.corrections.organisation.editor.setText("Département de la Lozère")
    page.corrections.at_once.editor.setChecked(False)
    page.log.level.editor.setCurrentIndex(page.log.level.editor.findData("everything"))


# -- kept or not ------------------------------------------------------------------------------------------------------


def test_every_setting_is_on_the_page_once(open_page):
    shown = [field.setting for field in open_page().findChildren(SettingField)]
    assert sorted(setting.key for setting in shown) == sorted(setting.key for setting in settings.ALL)


def test_nothing_is_kept_before_ok(open_page):
    fill_in(open_page())
    assert written() == set()


def test_ok_keeps_what_was_changed_and_nothing_else(open_page):
    page = open_page()
    fill_in(page)
    page.apply()
    assert written() == {"isochrones/engine", "valhalla/server", "corrections/organisation",
                         "corrections/send_at_once", "log/level"}  # fmt: skip
    assert settings.SERVER["valhalla"].value() == "https://valhalla.exemple.fr"
    again = open_page()
    assert again.engines.engine.editor.currentText() == "Valhalla"
    assert again.corrections.organisation.editor.text() == "Département de la Lozère"
    assert not again.corrections.at_once.editor.isChecked()


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("valhalla.exemple.fr", "not an http or https address"),
        ("https://me:secret@valhalla.exemple.fr", "user name or password"),
    ],
)
def test_an_address_that_cannot_be_used_is_told_at_once_and_not_kept(open_page, address, why):
    page = open_page()
    row = page.engines.rows["valhalla"]
    row.address.setText(address)
    assert why in row.address_field.wrong.text() and "secret" not in row.address_field.wrong.text()
    assert not page.isValid()
    fill_in(page)
    row.address.setText(address)
    page.apply()
    assert settings.SERVER["valhalla"].value() == "" and settings.LOG_LEVEL.value() == "everything"


# -- what the administrator has imposed -------------------------------------------------------------------------------


def test_what_the_environment_imposes_is_shown_and_cannot_be_changed(open_page, monkeypatch):
    monkeypatch.setenv("CARTO_SP_LOG_LEVEL", "errors")
    monkeypatch.setenv("CARTO_SP_CORRECTIONS_SEND_AT_ONCE", "false")
    monkeypatch.setenv("CARTO_SP_VALHALLA_SERVER", "https://valhalla.departement.fr")
    page = open_page()
    for field, shown in (
        (page.log.level, "errors"),
        (page.corrections.at_once, False),
        (page.engines.rows["valhalla"].address_field, "https://valhalla.departement.fr"),
    ):
        assert not field.editor.isEnabled() and field.value() == shown
        assert field.note.isVisible() and field.setting.variable in field.note.text()
        assert "administrator" in field.note.text()
    page.apply()
    assert written() == set()


def test_a_variable_that_means_nothing_is_told_and_does_not_count(open_page, monkeypatch):
    monkeypatch.setenv("CARTO_SP_LOG_LEVEL", "loud")
    field = open_page().log.level
    assert field.editor.isEnabled() and field.value() == "warnings"
    assert "CARTO_SP_LOG_LEVEL" in field.note.text() and "loud" in field.note.text()


# -- servers ----------------------------------------------------------------------------------------------------------


def tried(row, qtbot):
    """What « Try » says in the end."""
    QTest.mouseClick(row.try_button, LEFT)
    qtbot.waitUntil(row.try_button.isEnabled, timeout=20_000)
    return row.answer.text()


@pytest.mark.parametrize("name", settings.SERVERS)
def test_a_server_that_works_says_so_before_anything_is_kept(open_page, qtbot, name):
    row = open_page().engines.rows[name]
    with RoutingServer() as server:
        row.address.setText(server.url)
        assert tried(row, qtbot).startswith("It answers: an area of 5 minutes")
    assert row.answer.isVisible() and written() == set()


def test_a_server_that_does_not_work_says_why_in_words(open_page, qtbot):
    rows = open_page().engines.rows
    row = rows["openrouteservice"]
    with RoutingServer(refuse=401) as server:
        row.address.setText(server.url)
        assert "refuses the key" in tried(row, qtbot)
    row.address.setText("http://127.0.0.1:9")
    assert "cannot be reached" in tried(row, qtbot)
    QTest.mouseClick(rows["valhalla"].try_button, LEFT)
    assert "Give the address" in rows["valhalla"].answer.text()


def test_closing_the_options_ends_what_is_being_asked(open_page, qtbot):
    page = open_page()
    row = page.engines.rows["valhalla"]
    tasks = QgsApplication.taskManager()
    with RoutingServer(delay=8) as server:
        row.address.setText(server.url)
        QTest.mouseClick(row.try_button, LEFT)
        qtbot.waitUntil(lambda: bool(server.requests), timeout=5000)
        started = time.monotonic()
        page.deleteLater()
        QApplication.sendPostedEvents(page, QEvent.Type.DeferredDelete)
        qtbot.waitUntil(lambda: tasks.countActiveTasks() == 0, timeout=5000)
        assert time.monotonic() - started < 2


# -- cache ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def network(tmp_path):
    """A network that the plugin has made from a layer."""
    path = tmp_path / "networks" / f"{'a' * 24}-{'b' * 12}.network"
    path.parent.mkdir()
    lines = [[(x, 0.0), (x + 1000.0, 0.0)] for x in range(0, 40_000, 1000)]
    build_network(RoadLines.of(lines, {"minutes": [1.0] * 40}), BuildOptions("generic", cost_field="minutes"), path)
    return path


def empty(box, qtbot, monkeypatch, answer=QMessageBox.StandardButton.Yes):
    """Press « Empty… », answer the question; the question, and what is said in the end."""
    asked = []

    def question(_parent, _title, text):
        asked.append(text)
        return answer

    monkeypatch.setattr(QMessageBox, "question", question)
    QTest.mouseClick(box.empty_button, LEFT)
    qtbot.waitUntil(lambda: box.answer.text() != "Deleting…", timeout=10_000)
    return asked[0], box.answer.text()


def test_an_empty_cache_says_so(open_page, tmp_path):
    box = open_page().cache
    assert box.content.text() == "Nothing yet." and not box.empty_button.isEnabled()
    assert box.content.toolTip() == box.folder.editor.lineEdit().placeholderText() == str(tmp_path)


def test_emptying_says_what_goes_and_what_came_free(open_page, network, tmp_path, qtbot, monkeypatch):
    size = network.stat().st_size
    mine = tmp_path / "networks" / "mine.network"
    mine.write_text("kept")
    box = open_page().cache
    assert "road networks" in box.content.text() and settings_boxes.data_size(size) in box.content.text()
    question, said = empty(box, qtbot, monkeypatch, QMessageBox.StandardButton.No)
    assert "road networks" in question and str(tmp_path) in question and network.is_file() and said == ""
    _, said = empty(box, qtbot, monkeypatch)
    assert said == f"{settings_boxes.data_size(size)} free again." and not network.exists() and mine.is_file()
    assert not box.empty_button.isEnabled()


def test_a_network_in_use_stays_and_the_page_says_so(open_page, network, qtbot, monkeypatch):
    travelled = open_network(network)
    _, said = empty(open_page().cache, qtbot, monkeypatch)
    assert "a road network" in said and "End it" in said and network.is_file() and travelled.link_count == 40


def test_another_folder_is_told_to_leave_the_old_content_and_counts_from_then_on(open_page, network, tmp_path):
    page = open_page()
    page.cache.folder.editor.setFilePath(str(tmp_path / "elsewhere"))
    assert "stays there" in page.cache.answer.text()
    page.apply()
    assert network.is_file() and cache.cache_parts() == []
    assert str(tmp_path / "elsewhere" / "carto_services_publics") in open_page().cache.content.toolTip()


def test_a_folder_that_cannot_be_made_is_told(open_page, monkeypatch):
    monkeypatch.setenv("CARTO_SP_CACHE_FOLDER", "/proc/nowhere")
    box = open_page().cache
    assert "/proc/nowhere" in box.content.text() and not box.empty_button.isEnabled()


def test_sizes_are_written_for_people():
    assert [settings_boxes.data_size(size) for size in (0, 1500, 2_500_000)] == ["0 bytes", "2 kB", "2.5 MB"]


# -- corrections ------------------------------------------------------------------------------------------------------


def test_the_outbox_says_where_it_is_and_how_many_wait(open_page, tmp_path, monkeypatch):
    assert "No correction" in open_page().corrections.waiting.text()
    outbox = Outbox(tmp_path / "corrections.sqlite")
    for _ in range(2):
        outbox.add(new_correction("creation", lon=7.36, lat=43.72), "https://registre.exemple.fr")
    kept._opened.cache_clear()
    box = open_page().corrections
    assert box.outbox.text() == str(tmp_path / "corrections.sqlite") and "2" in box.waiting.text()
    shown = []
    monkeypatch.setattr(settings_boxes.QDesktopServices, "openUrl", lambda url: shown.append(url.toLocalFile()))
    box.open_folder()
    assert shown == [str(tmp_path)]


def test_the_correction_form_begins_with_the_organisation_of_the_page(open_page, qtbot):
    page = open_page()
    page.corrections.organisation.editor.setText("Département de la Lozère")
    page.corrections.email.editor.setText("sig@lozere.example")
    page.apply()
    form = CorrectionForm({"id": "s1", "nom": "Mairie"}, None)
    qtbot.addWidget(form)
    assert form.organisation.text() == "Département de la Lozère" and form.email.text() == "sig@lozere.example"


# -- connections ------------------------------------------------------------------------------------------------------


def test_connections_are_kept_at_once_and_those_of_the_plugin_cannot_be_removed(open_page, monkeypatch):
    widget = open_page().connections
    assert not widget.edit_button.isEnabled() and not widget.remove_button.isEnabled()
    monkeypatch.setattr(ConnectionDialog, "exec", lambda _dialog: QDialog.DialogCode.Accepted)
    own = Connection("Registre", "ogcapi", "https://registre.exemple.fr")
    monkeypatch.setattr(ConnectionDialog, "connection", lambda _dialog: own)
    widget.add_button.click()
    assert own in all_connections()
    by_name = {widget.list.item(row).text(): row for row in range(widget.list.count())}
    widget.list.setCurrentRow(by_name[READY[0].name])
    assert widget.edit_button.isEnabled() and not widget.remove_button.isEnabled()
    widget.list.setCurrentRow(by_name["Registre"])
    widget.remove_button.click()
    assert own not in all_connections()
    save_connection(own)


# -- the keyboard and the window --------------------------------------------------------------------------------------


def focus_chain(page):
    """What the tab key reaches, in its order."""
    first = page.connections.list
    widget, chain = first, []
    while True:
        by_tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None
        if by_tab and widget.isVisible() and widget.isEnabled() and page.isAncestorOf(widget):
            chain.append(widget)
        widget = widget.nextInFocusChain()
        if widget is first:
            return chain


def test_the_tab_key_goes_down_the_page_and_reaches_everything_by_its_name(open_page):
    page = open_page()
    page.connections.list.setCurrentRow(0)
    chain = [widget for widget in focus_chain(page) if not isinstance(widget, (QScrollArea, QLabel))]
    tops = [widget.mapTo(page, QPoint(0, widget.height() // 2)).y() for widget in chain]
    beside = page.fontMetrics().height() // 4  # centres of one row: a style may round them apart
    steps = zip(tops[1:], tops[2:])  # the first is the list of connections, beside its buttons
    assert all(below >= above - beside for above, below in steps), tops
    assert all(widget.accessibleName() for widget in chain if not isinstance(widget, QAbstractButton))
    assert chain[-1] is page.log.level.editor and len(chain) > 20


def test_the_page_fits_in_a_small_window_by_scrolling_down_only(open_page):
    page = open_page()
    page.parentWidget().resize(560, 300)
    page.resize(560, 300)
    QTest.qWait(50)
    scroll = page.findChild(QScrollArea)
    assert scroll.horizontalScrollBar().maximum() == 0 and scroll.verticalScrollBar().maximum() > 0


def test_a_connection_takes_no_other_one_s_name(qgis_app):
    save_connection(Connection("Mon registre", "ogcapi", "https://registre.example.org"))
    dialog = ConnectionDialog(Connection("", "ogcapi", ""))
    dialog.name.setText("Mon registre")
    dialog.url.setText("https://autre.example.org")
    dialog._accept_when_valid()
    assert dialog.result() != QDialog.DialogCode.Accepted and "this name" in dialog.answer.text()
    edited = ConnectionDialog(next(one for one in all_connections() if one.name == "Mon registre"))
    edited.url.setText("https://autre.example.org")
    edited._accept_when_valid()
    assert edited.result() == QDialog.DialogCode.Accepted


def test_corrections_that_wait_follow_their_connection_to_its_new_address(qgis_app, monkeypatch):
    wrong = Connection("Mon registre", "ogcapi", "https://registre.example.org/faute")
    save_connection(wrong)
    correction = new_correction("alerte", None, commentaire="Fermé ?")
    kept.user_outbox().add(correction, wrong.url)
    monkeypatch.setattr(connections_widget, "outbox_path", kept.outbox_path)

    def corrected(dialog):
        dialog.url.setText("https://registre.example.org/ogc")
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(ConnectionDialog, "exec", corrected)
    widget = connections_widget.ConnectionsWidget()
    widget._open_dialog(wrong)
    assert kept.user_outbox().get(correction.uuid).connection == "https://registre.example.org/ogc"
