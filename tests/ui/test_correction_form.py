"""The correction form, filled in as a person does."""

from __future__ import annotations

import pytest
from carto_services_publics.core.corrections import Outbox
from carto_services_publics.ui import outbox as kept
from carto_services_publics.ui.correction_form import CorrectionForm
from qgis.core import QgsSettings

SERVICE = {
    "id": "s1",
    "nom": "Mairie <b>d'Èze</b>",
    "categorie": "mairie",
    "producteur": "dila",
    "telephone": "04 93 41 71 71",
    "horaires": "Mo-Fr 09:00-12:00",
    "version": "abc",
}


@pytest.fixture
def form(qgis_app, qtbot):
    QgsSettings().remove("carto_services_publics/corrections")
    form = CorrectionForm(SERVICE, (7.36, 43.72))
    qtbot.addWidget(form)
    form.show()
    return form


def type_in(form, column, text):
    form.rows[column].editor.setText(text)


def test_nothing_changed_is_nothing_to_send(form):
    assert not form.send.isEnabled() and form.changes == {}


def test_a_changed_field_shows_old_and_new_and_stands_out(form):
    type_in(form, "telephone", "0493417172")
    assert form.changes == {"telephone": {"old": "04 93 41 71 71", "new": "04 93 41 71 72"}}
    assert "bold" in form.rows["telephone"].label.styleSheet()
    assert form.send.isEnabled()


@pytest.mark.parametrize(
    ("column", "typed"),
    [("siret", "12345678901234"), ("code_insee", "999"), ("courriel", "a@"), ("site_web", "javascript:alert(1)")],
)
def test_what_is_wrong_is_said_beside_its_field(form, column, typed):
    type_in(form, column, typed)
    assert form.rows[column].error.text() and form.rows[column].error.isVisible()
    assert not form.send.isEnabled()


def test_hours_are_compared_as_a_week(form):
    form.rows["horaires"].editor.table.item(5, 0).setText("9h")
    assert not form.send.isEnabled()
    form.rows["horaires"].editor.table.item(5, 1).setText("12h")
    assert form.changes["horaires"]["new"] == "Mo-Sa 09:00-12:00"


def test_moving_it_on_the_map_makes_it_a_move(form):
    form.set_type("deplacement")
    assert not form.send.isEnabled()
    form.move_to(7.37, 43.73, 1370.4)
    assert form.send.isEnabled() and form.position == (7.37, 43.73)
    assert form.moved.text()


def test_a_closing_needs_nothing_more_an_alert_needs_words_a_duplicate_needs_the_other(form):
    form.set_type("fermeture")
    assert form.send.isEnabled() and not form.fields_box.isVisible()
    form.set_type("alerte")
    assert not form.send.isEnabled()
    form.comment.setPlainText("La plaque manque.")
    assert form.send.isEnabled()
    form.set_type("doublon")
    assert not form.send.isEnabled()
    form.set_duplicate("s2", "Mairie annexe")
    assert form.send.isEnabled()


def test_an_email_leaves_only_when_agreed(form):
    form.email.setText("agent@example.org")
    assert form.details["courriel"] == ""
    form.email_agreed.setChecked(True)
    assert form.details["courriel"] == "agent@example.org"


def test_markup_from_a_server_is_shown_as_text(form):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtWidgets import QLabel

    shown = [label for label in form.findChildren(QLabel) if "<b>" in label.text()]
    assert shown and all(label.textFormat() == Qt.TextFormat.PlainText for label in shown)


def test_every_editor_has_a_name_for_screen_readers(form):
    assert all(row.editor.accessibleName() for row in form.rows.values())


def test_what_was_proposed_is_in_the_outbox_and_the_organisation_is_remembered(form, tmp_path, monkeypatch):
    outbox = Outbox(tmp_path / "corrections.sqlite")
    monkeypatch.setattr(kept, "user_outbox", lambda: outbox)
    form.organisation.setText("Département de la Lozère")
    type_in(form, "nom", "Mairie d'Èze-Village")
    form.move_to(7.37, 43.73, 1370.4)
    uuid = kept.keep_correction(form, "http://127.0.0.1:1/registre")
    entry = outbox.get(uuid)
    assert entry.state == "en_attente" and entry.connection == "http://127.0.0.1:1/registre"
    assert (entry.correction.service_id, entry.correction.version) == ("s1", "abc")
    assert entry.correction.changes["nom"].new == "Mairie d'Èze-Village"
    assert (entry.correction.lon, entry.correction.lat) == (7.37, 43.73)
    form._propose()
    again = CorrectionForm(SERVICE, None)
    assert again.organisation.text() == "Département de la Lozère"


def test_a_missing_service_needs_its_name_category_and_place(qgis_app, qtbot):
    form = CorrectionForm({}, None)
    qtbot.addWidget(form)
    assert form.type == "creation" and not form.send.isEnabled()
    type_in(form, "nom", "France services d'Èze")
    form.rows["categorie"].editor.setCurrentIndex(form.rows["categorie"].editor.findData("france_services"))
    form.move_to(7.36, 43.72, 0)
    assert form.send.isEnabled(), form.summary.text()
