"""What the user decides about a correction: against someone else's change, and towards a producer."""

from __future__ import annotations

import pytest
from carto_services_publics.core.corrections import Change, Outbox, new_correction
from carto_services_publics.core.messages import msg
from carto_services_publics.core.services import Service
from carto_services_publics.ui.conflict_dialog import MINE, THEIRS, ConflictDialog
from carto_services_publics.ui.handover_dialog import HandoverDialog
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QFileDialog, QLabel

MAIRIE = Service("s1", "Mairie", "mairie", producteur="dila", telephone="01", adresse="1 rue A", version="1")
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
    assert dialog.outcome is not None


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
    poste = Service("p1", "La Poste", "la_poste", producteur="la_poste")
    corrections = [
        new_correction("modification", MAIRIE, MINE_CHANGES, commentaire="=1+1"),
        new_correction("fermeture", poste),
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
