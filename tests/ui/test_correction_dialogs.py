"""What the user decides about a correction: against someone else's change, and towards a producer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from carto_services_publics.core.corrections import Change, Outbox, new_correction
from carto_services_publics.core.corrections.bulk import Proposal
from carto_services_publics.core.messages import msg
from carto_services_publics.core.registry import Connection
from carto_services_publics.core.services import SERVICE_COLUMNS, Service
from carto_services_publics.processing import outbox as kept
from carto_services_publics.processing.connections import CONNECTION_PROPERTY
from carto_services_publics.scripts.registry import CannotServe
from carto_services_publics.tests.servers import ogcapi
from carto_services_publics.ui import bulk_dialog
from carto_services_publics.ui.bulk_dialog import BulkDialog
from carto_services_publics.ui.conflict_dialog import MINE, THEIRS, ConflictDialog
from carto_services_publics.ui.handover_dialog import HandoverDialog
from qgis.core import QgsFeature, QgsGeometry, QgsPointXY, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QFileDialog, QLabel

MAIRIE = Service("s1", "Mairie", "mairie", producteur="dila", telephone="01", adresse="1 rue A", lon=7.36, lat=43.72)
MAIRIE = replace(MAIRIE, modalite="fixe", version="1")
POSTE = Service("p1", "La Poste", "la_poste", producteur="la_poste", lon=7.35, lat=43.71, modalite="fixe", version="1")
MINE_CHANGES = {
    "telephone": Change("01", "02"),
    "adresse": Change("1 rue A", "2 rue B"),
    "site_web": Change("", "https://example.org"),
}
THEIRS_NOW = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [7.36, 43.72]},
    "properties": {"id": "s1", "nom": "Mairie", "telephone": "<b>03</b>", "adresse": "2 rue B", "version": "2"},
}


@pytest.fixture
def dialog(qgis_app, qtbot):
    dialog = ConflictDialog(new_correction("modification", MAIRIE, MINE_CHANGES), THEIRS_NOW, "Mairie")
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_only_what_both_changed_is_to_be_chosen(dialog):
    checked = {field: group.checkedId() for field, group in dialog.choices.items()}
    assert checked == {"telephone": -1, "adresse": THEIRS, "site_web": MINE}
    assert not dialog.ok.isEnabled()


def test_what_is_chosen_leaves_against_the_record_as_it_is_now(dialog):
    dialog.choose("telephone", MINE)
    QTest.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    assert dialog.outcome.version == "2"
    assert dialog.outcome.changes == {
        "telephone": Change("<b>03</b>", "02"),
        "site_web": Change(None, "https://example.org"),
    }


def test_all_theirs_leaves_nothing_to_propose(dialog):
    for field in dialog.choices:
        dialog.choose(field, THEIRS)
    dialog.accept()
    assert dialog.outcome is None


def test_the_keyboard_alone_chooses(dialog):
    dialog.activateWindow()
    group = dialog.choices["telephone"]
    group.button(THEIRS).setFocus()
    QTest.keyClick(group.button(THEIRS), Qt.Key.Key_Space)
    assert group.checkedId() == THEIRS
    QTest.keyClick(group.button(THEIRS), Qt.Key.Key_Right)
    assert group.checkedId() == MINE
    QTest.keyClick(group.button(MINE), Qt.Key.Key_Return)
    assert dialog.outcome.changes["telephone"] == Change("<b>03</b>", "02")


def test_every_choice_is_spoken_and_markup_is_text(dialog):
    assert all(group.button(side).accessibleName() for group in dialog.choices.values() for side in (THEIRS, MINE))
    labels = [label for label in dialog.findChildren(QLabel) if "<b>" in label.text()]
    assert labels and all(label.textFormat() == Qt.TextFormat.PlainText for label in labels)


def test_a_confirmation_shows_the_record_as_it_is_now(qgis_app, qtbot):
    dialog = ConflictDialog(new_correction("confirmation", MAIRIE), THEIRS_NOW, "Mairie")
    qtbot.addWidget(dialog)
    assert any("2 rue B" in label.text() for label in dialog.findChildren(QLabel))
    dialog.accept()
    assert dialog.outcome.version == "2" and dialog.outcome.type == "confirmation"


@pytest.fixture
def outbox(qgis_app, tmp_path, monkeypatch):
    box = Outbox(tmp_path / "corrections.sqlite")
    monkeypatch.setattr("carto_services_publics.ui.outbox.user_outbox", lambda: box)
    return box


def test_each_producer_has_its_message_and_what_was_handed_over_is_marked(outbox, qtbot, tmp_path, monkeypatch):
    corrections = [
        new_correction("modification", MAIRIE, MINE_CHANGES, commentaire="=1+1"),
        new_correction("fermeture", POSTE),
    ]
    outbox.add_all(corrections, "https://example.org")
    dialog = HandoverDialog(outbox.entries(), {corrections[1].uuid: "La Poste de la gare"})
    qtbot.addWidget(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    dialog.show()
    assert dialog.producer.count() == 2 and "“01” → “02”" in dialog.text.toPlainText()
    QTest.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() == dialog.text.toPlainText()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "out"))
    QTest.mouseClick(dialog.write_button, Qt.MouseButton.LeftButton)
    assert {path.suffix for path in (tmp_path / "out").iterdir()} == {".txt", ".csv", ".geojson"}
    QTest.mouseClick(dialog.mark_button, Qt.MouseButton.LeftButton)
    assert [entry.state for entry in outbox.entries()] == ["transmise", "en_attente"]
    assert dialog.producer.count() == 1 and "La Poste de la gare" in dialog.text.toPlainText()
    QTest.mouseClick(dialog.mark_button, Qt.MouseButton.LeftButton)
    assert {entry.state for entry in outbox.entries()} == {"transmise"} and not dialog.isVisible()


def test_a_reminder_says_since_when_the_old_value_is_still_there(outbox, qtbot):
    correction = new_correction("modification", MAIRIE, MINE_CHANGES)
    outbox.add(correction, "https://example.org")
    outbox.handed_over([correction.uuid])
    outbox.answered(correction.uuid, "transmise", msg("The reading of {date} still shows it.", date="2026-11-23"))
    dialog = HandoverDialog(outbox.entries(), {})
    qtbot.addWidget(dialog)
    dialog.show()
    assert "2026-11-23" in dialog.reminder.text() and dialog.reminder.isVisible()


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    path = ogcapi.make_geopackage(tmp_path_factory.mktemp("registry") / "registry.gpkg", [MAIRIE, POSTE])
    try:
        with ogcapi.registry(path) as url:
            yield url, path
    except CannotServe as why:
        pytest.skip(str(why))


@pytest.fixture
def edited_copy(qgis_app, registry):
    """The services as they were loaded, one of them edited."""
    from carto_services_publics.processing.connections import remove_connection, save_connection

    save_connection(Connection("Registre d'essai", "ogcapi", registry[0]))
    fields = "&".join(f"field={name}:string" for name in SERVICE_COLUMNS)
    layer = QgsVectorLayer(f"Point?crs=EPSG:4326&{fields}", "Copie", "memory")
    layer.setCustomProperty(CONNECTION_PROPERTY, "Registre d'essai")
    for service in (replace(MAIRIE, telephone="04 93 41 71 72"), POSTE):
        feature = QgsFeature(layer.fields())
        for name in SERVICE_COLUMNS:
            feature[name] = getattr(service, name)
        feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(service.lon, service.lat)))
        layer.dataProvider().addFeature(feature)
    QgsProject.instance().addMapLayer(layer)
    yield layer
    QgsProject.instance().removeMapLayer(layer)
    remove_connection("Registre d'essai")


def test_an_edited_copy_is_previewed_then_sent(edited_copy, registry, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "outbox_path", lambda: tmp_path / "corrections.sqlite")
    dialog = BulkDialog()
    qtbot.addWidget(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    dialog.show()
    dialog.layer.setLayer(edited_copy)
    assert dialog.registry.currentText() == "Registre d'essai" and not dialog.send_button.isEnabled()
    QTest.mouseClick(dialog.look_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialog.send_button.isEnabled, timeout=20_000)
    assert dialog.table.rowCount() == 1 and "01 → 04 93 41 71 72" in dialog.table.item(0, 1).text()
    assert not ogcapi.correction_rows(registry[1]), "looking sends nothing"
    assert not kept.user_outbox().entries()
    QTest.mouseClick(dialog.send_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(kept.user_outbox().entries("envoyee")) == 1, timeout=20_000)
    (row,) = ogcapi.correction_rows(registry[1])
    assert row["service_id"] == "s1" and "04 93 41 71 72" in row["changes"]


def test_a_registry_that_cannot_be_asked_is_said_in_words(edited_copy, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "outbox_path", lambda: tmp_path / "corrections.sqlite")
    dialog = BulkDialog()
    qtbot.addWidget(dialog)
    dialog.layer.setLayer(edited_copy)
    dialog.registry.setCurrentText("Annuaire (DILA)")
    dialog.look()
    qtbot.waitUntil(lambda: "cannot be asked" in dialog.counts.text(), timeout=10_000)
    assert not dialog.send_button.isEnabled() and dialog.look_button.isEnabled()


def test_an_answer_about_the_registry_chosen_before_is_not_sent_to_the_one_chosen_now(edited_copy, qtbot, monkeypatch):
    answers = []
    monkeypatch.setattr(bulk_dialog, "in_background", lambda _title, _work, done, failed, _owner: answers.append(done))
    dialog = BulkDialog()
    qtbot.addWidget(dialog)
    dialog.layer.setLayer(edited_copy)
    dialog.look()
    dialog.registry.setCurrentText("Annuaire (DILA)")
    answers[0](bulk_dialog.Look([Proposal(new_correction("fermeture", MAIRIE))], []))
    assert not dialog.send_button.isEnabled()
