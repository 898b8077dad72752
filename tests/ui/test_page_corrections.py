"""The page Corrections: what is shown, what can be done, and a real registry at the other end."""

from __future__ import annotations

import json
import time

import pytest
from carto_services_publics.core.corrections import Change, new_correction
from carto_services_publics.core.corrections.outbox import OutboxError
from carto_services_publics.core.messages import msg
from carto_services_publics.core.services import Service
from carto_services_publics.scripts.registry import CannotServe
from carto_services_publics.tests.pace import SLOWER, crowd
from carto_services_publics.tests.servers import ogcapi
from carto_services_publics.ui import page_corrections
from qgis.core import QgsSettings
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QFileDialog

NOWHERE = "http://127.0.0.1:9/registre"
MAIRIE = Service(
    "s1",
    "Mairie <b>d'Èze</b>",
    "mairie",
    producteur="dila",
    telephone="04 93 41 71 71",
    version="1",
    lon=7.36,
    lat=43.72,
)


@pytest.fixture
def outbox(qgis_app, tmp_path, monkeypatch):
    from carto_services_publics.processing import outbox as kept

    QgsSettings().remove("carto_services_publics/corrections")
    monkeypatch.setattr(kept, "outbox_path", lambda: tmp_path / "corrections.sqlite")
    yield kept.user_outbox()


@pytest.fixture
def page(outbox, qgis_iface, qtbot, monkeypatch):
    from carto_services_publics.ui import page_corrections

    monkeypatch.setattr(page_corrections, "FIRST_ASK_MS", 3_600_000)
    page = page_corrections.CorrectionsPage(qgis_iface)
    qtbot.addWidget(page)
    page.resize(390, 700)
    page.show()
    yield page
    for form in _forms(page):
        form._leave()


def a_change(telephone="04 93 41 71 72", **words):
    changes = {"telephone": Change(MAIRIE.telephone, telephone), "nom": Change(MAIRIE.nom, MAIRIE.nom + "!")}
    return new_correction("modification", MAIRIE, changes, **words)


def answer_yes(monkeypatch):

    monkeypatch.setattr(page_corrections, "is_agreed", lambda *_: True)


def test_an_empty_page_says_what_to_do(page):
    assert "New correction" in page.summary.text()
    assert not any(b.isEnabled() for b in (page.edit_button, page.withdraw_button, page.send_button, page.map_button))


def test_what_needs_me_comes_first_with_its_reason(page, outbox):
    waiting, refused = a_change(), a_change("04 93 00 00 00")
    outbox.add_all([waiting, refused], NOWHERE)
    outbox.failed(
        refused.uuid, msg("The registry refuses it: {words}", words="<i>non</i>"), {"telephone": "non attribué"}
    )
    page.refresh()
    assert is_bold(page, 0) and not is_bold(page, 1)
    page.choose(refused.uuid)
    assert "<i>non</i>" in page.reason.text() and "Telephone: non attribué" in page.reason.text()
    assert page.reason.textFormat() == Qt.TextFormat.PlainText
    assert page.edit_button.isEnabled() and page.retry_button.isEnabled()


def test_the_form_opens_again_on_a_refused_one_and_what_is_proposed_replaces_it(page, outbox):
    refused = a_change("04 93 00 00 00")
    outbox.add(refused, NOWHERE)
    outbox.failed(refused.uuid, msg("No."), {"telephone": "non attribué"})
    page.refresh()
    page.choose(refused.uuid)
    QgsSettings().setValue("carto_services_publics/corrections/send_at_once", False)
    QTest.mouseClick(page.edit_button, Qt.MouseButton.LeftButton)
    form = _form(page)
    assert form.rows["telephone"].error.text() == "non attribué"
    form.rows["telephone"].editor.setText("04 93 41 71 73")
    QTest.mouseClick(form.send, Qt.MouseButton.LeftButton)
    entry = outbox.get(refused.uuid)
    assert entry.state == "en_attente" and entry.correction.changes["telephone"].new == "04 93 41 71 73"
    assert entry.correction.service_id == "s1" and len(outbox.entries()) == 1
    assert shown(page, 0, 1) == "to be sent"


def test_a_draft_is_opened_again_and_proposed(page, outbox):
    draft = a_change()
    outbox.add(draft, NOWHERE, draft=True)
    page.refresh()
    page.choose(draft.uuid)
    QgsSettings().setValue("carto_services_publics/corrections/send_at_once", False)
    page.edit()
    QTest.mouseClick(_form(page).send, Qt.MouseButton.LeftButton)
    assert outbox.get(draft.uuid).state == "en_attente"


def test_a_rejected_one_is_proposed_anew_under_another_number(page, outbox):
    rejected = a_change()
    outbox.add(rejected, NOWHERE)
    outbox.sent(rejected.uuid, f"{NOWHERE}/collections/corrections/items/1")
    outbox.answered(rejected.uuid, "rejetee", msg("No."))
    page.refresh()
    page.choose(rejected.uuid)
    QgsSettings().setValue("carto_services_publics/corrections/send_at_once", False)
    page.edit()
    QTest.mouseClick(_form(page).send, Qt.MouseButton.LeftButton)
    assert sorted(entry.state for entry in outbox.entries()) == ["en_attente", "rejetee"]


def test_what_left_meanwhile_is_said_and_the_form_stays(page, outbox):
    waiting = a_change()
    outbox.add(waiting, NOWHERE)
    page.refresh()
    page.choose(waiting.uuid)
    page.edit()
    form = _form(page)
    form.rows["telephone"].editor.setText("04 93 41 71 74")
    outbox.sent(waiting.uuid, f"{NOWHERE}/collections/corrections/items/1")
    QTest.mouseClick(form.send, Qt.MouseButton.LeftButton)
    assert form.isVisible() and "left meanwhile" in form.summary.text()
    assert len(outbox.entries()) == 1, "nothing goes before the user has read that"
    QTest.mouseClick(form.send, Qt.MouseButton.LeftButton)
    sent, another = (outbox.get(entry.uuid) for entry in outbox.entries())
    assert (sent.uuid, sent.state) == (waiting.uuid, "envoyee")
    assert another.correction.changes["telephone"].new == "04 93 41 71 74"


def test_delete_withdraws_what_has_not_left_once_the_user_agrees(page, outbox, monkeypatch):
    waiting, sent = a_change(), a_change("04 93 41 71 75")
    outbox.add_all([waiting, sent], NOWHERE)
    outbox.sent(sent.uuid, f"{NOWHERE}/collections/corrections/items/1")
    page.refresh()
    page.choose(sent.uuid)
    assert not page.withdraw_button.isEnabled()
    page.table.selectAll()
    answer_yes(monkeypatch)
    page.activateWindow()
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Delete)
    assert [entry.uuid for entry in outbox.entries()] == [sent.uuid]
    assert page.table.model().rowCount() == 1


def test_a_no_keeps_it(page, outbox, monkeypatch):
    outbox.add(a_change(), NOWHERE)
    page.refresh()
    page.table.selectAll()
    monkeypatch.setattr(page_corrections, "is_agreed", lambda *_: False)
    page.withdraw()
    assert len(outbox.entries()) == 1


def test_two_thousand_corrections_are_shown_at_once_and_chosen_at_once(page, outbox):
    outbox.add_all((new_correction("fermeture", MAIRIE) for _ in range(2000)), NOWHERE)
    start = time.perf_counter()
    page.refresh()
    page.table.grab()
    drawn = time.perf_counter() - start
    page.table.selectAll()
    chosen = time.perf_counter() - start - drawn
    assert page.table.model().rowCount() == 2000 and page.withdraw_button.isEnabled()
    most = 0.5 * crowd() * SLOWER
    assert drawn < most and chosen < most, (drawn, chosen, most)


def test_only_the_rows_on_the_screen_are_read(page, outbox, monkeypatch):
    """However many wait: opening, scrolling to the end, choosing all, refreshing."""
    outbox.add_all((new_correction("fermeture", MAIRIE) for _ in range(3000)), NOWHERE)
    read = []
    at = type(outbox).at
    monkeypatch.setattr(type(outbox), "at", lambda self, ranks: read.extend(ranks) or at(self, ranks))
    monkeypatch.setattr(type(outbox), "entries", lambda *_, **__: pytest.fail("reads every correction"))
    page.refresh()
    page.table.scrollToBottom()
    page.table.grab()
    page.table.selectAll()
    page.refresh()
    page.table.grab()
    assert 0 < len(read) <= 800
    assert len(page.table.chosen()) == 3000 and page.summary.text() == "Corrections: 3,000 to be sent."


def test_what_is_chosen_stays_chosen_where_others_go(page, outbox):
    corrections = [a_change() for _ in range(5)]
    outbox.add_all(corrections, NOWHERE)
    page.refresh()
    wanted = [outbox.rank(corrections[number].uuid) for number in (0, 2, 3)]
    page.table.choose(wanted)
    assert sorted(page.table.chosen()) == sorted(wanted)
    outbox.withdraw(corrections[2].uuid)
    page.refresh()
    assert sorted(page.table.chosen()) == sorted([wanted[0], wanted[2]])
    outbox.withdraw(corrections[0].uuid)
    assert shown(page, 0, 1) == "to be sent"
    page.table.selectAll()
    page.withdraw_button.setEnabled(True)
    assert len(page._chosen) == 3, "one that another QGIS withdrew meanwhile is no more"


def test_an_outbox_that_cannot_be_read_is_said_when_a_row_is_chosen(page, outbox, monkeypatch):
    corrections = [a_change() for _ in range(2)]
    outbox.add_all(corrections, NOWHERE)
    page.refresh()

    def refuse(_outbox, _ranks=None):
        raise OutboxError("The outbox is broken.")

    monkeypatch.setattr(type(outbox), "standings", refuse)
    page.table.choose([outbox.rank(corrections[0].uuid)])
    assert "The outbox is broken." in page.news.text()


def test_my_own_copy_has_my_comment_and_the_map_has_not(page, outbox, qtbot, tmp_path, monkeypatch):
    from qgis.core import QgsProject

    outbox.add(a_change(commentaire="Vu avec Mme X", courriel="agent@example.org"), NOWHERE)
    page.refresh()
    path = tmp_path / "copie.geojson"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    page.export()
    qtbot.waitUntil(lambda: str(path) in page.news.text(), timeout=10_000)
    properties = json.loads(path.read_text(encoding="utf-8"))["features"][0]["properties"]
    assert properties["commentaire"] == "Vu avec Mme X" and properties["courriel"] == "agent@example.org"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path), ""))
    page.export()
    refused = f"{tmp_path} cannot be written"
    qtbot.waitUntil(lambda: refused in page.news.text(), timeout=10_000)
    page.show_on_map()
    qtbot.waitUntil(lambda: bool(QgsProject.instance().mapLayersByName("My corrections")), timeout=10_000)
    layer = QgsProject.instance().mapLayersByName("My corrections")[0]
    assert "commentaire" not in layer.fields().names() and "Mme X" not in layer.source()
    QgsProject.instance().removeMapLayer(layer)


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    path = ogcapi.make_geopackage(tmp_path_factory.mktemp("registry") / "registry.gpkg", [MAIRIE])
    try:
        with ogcapi.registry(path) as url:
            yield url, path
    except CannotServe as why:
        pytest.skip(str(why))


def test_what_is_proposed_leaves_at_once_arrives_and_its_answer_is_shown(page, outbox, registry, qtbot):
    from carto_services_publics.scripts.registry import moderate
    from carto_services_publics.ui.outbox import desk

    url, path = registry
    proposed = [a_change(), a_change("04 93 41 71 76")]
    for correction in proposed:
        desk().add(correction, url)
    qtbot.waitUntil(lambda: not outbox.entries("en_attente"), timeout=20_000)
    rows = {row["uuid"] for row in ogcapi.correction_rows(path)}
    assert rows == {correction.uuid for correction in proposed}
    qtbot.waitUntil(lambda: shown(page, 0, 1) == "sent", timeout=5000)
    moderate(url, proposed[0].uuid, "acceptee", "Merci")
    QTest.mouseClick(page.ask_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "accepted" in _states(page), timeout=20_000)
    page.choose(proposed[0].uuid)
    assert "Merci" in page.reason.text()


def test_someone_elses_change_is_compared_and_mine_leaves_against_it(page, outbox, registry, qtbot):
    from carto_services_publics.ui.conflict_dialog import MINE, THEIRS, ConflictDialog
    from carto_services_publics.ui.outbox import desk

    url, path = registry
    correction = a_change()
    ogcapi.change_service(path, "s1", {"telephone": "04 99 99 99 99", "version": "2"})
    desk().add(correction, url, "Mairie")
    qtbot.waitUntil(lambda: outbox.get(correction.uuid).state == "conflit", timeout=20_000)
    qtbot.waitUntil(lambda: _states(page) == ["conflict"], timeout=5000)
    page.choose(correction.uuid)
    QTest.mouseClick(page.edit_button, Qt.MouseButton.LeftButton)
    (dialog,) = page.findChildren(ConflictDialog)
    assert not dialog.ok.isEnabled()
    dialog.choose("telephone", MINE)
    dialog.choose("nom", THEIRS)
    QTest.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: outbox.get(correction.uuid).state == "envoyee", timeout=20_000)
    (row,) = [row for row in ogcapi.correction_rows(path) if row["uuid"] == correction.uuid]
    assert json.loads(row["changes"]) == {"telephone": {"old": "04 99 99 99 99", "new": "04 93 41 71 72"}}
    assert row["version"] == "2"


def test_a_registry_out_of_reach_leaves_it_waiting_and_says_why(page, outbox, qtbot):
    from carto_services_publics.ui.outbox import desk

    correction = a_change()
    desk().add(correction, f"{NOWHERE}/collections/services")
    qtbot.waitUntil(lambda: outbox.get(correction.uuid).reason is not None, timeout=20_000)
    assert outbox.get(correction.uuid).state == "en_attente"


def shown(page, row, column):
    model = page.table.model()
    return model.data(model.index(row, column)) if row < model.rowCount() else ""


def is_bold(page, row):
    model = page.table.model()
    font = model.data(model.index(row, 0), Qt.ItemDataRole.FontRole)
    return font is not None and font.bold()


def _states(page):
    return [shown(page, row, 1) for row in range(page.table.model().rowCount())]


def _forms(page):
    from carto_services_publics.ui.correction_form import CorrectionForm

    return [form for form in page._iface.mainWindow().findChildren(CorrectionForm) if form.isVisible()]


def _form(page):
    (form,) = _forms(page)
    return form
