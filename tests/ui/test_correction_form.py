"""The correction form, filled in as a person does."""

from __future__ import annotations

import pytest
from carto_services_publics.core.corrections import Change, new_correction
from carto_services_publics.core.messages import msg
from carto_services_publics.core.services import Service
from carto_services_publics.ui.correction_form import CorrectionForm
from carto_services_publics.ui.correction_words import in_words
from qgis.core import QgsSettings
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QLabel

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
    form.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)  # qtbot looks at it once more; Qt 6 deletes it before
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
    shown = [label for label in form.findChildren(QLabel) if "<b>" in label.text()]
    assert shown and all(label.textFormat() == Qt.TextFormat.PlainText for label in shown)


def test_every_editor_has_a_name_for_screen_readers(form):
    assert all(row.editor.accessibleName() for row in form.rows.values())


def test_what_is_proposed_is_a_whole_correction_and_the_organisation_is_remembered(form):
    form.organisation.setText("Département de la Lozère")
    type_in(form, "nom", "Mairie d'Èze-Village")
    form.move_to(7.37, 43.73, 1370.4)
    correction = form.correction()
    assert (correction.type, correction.service_id, correction.version) == ("modification", "s1", "abc")
    assert correction.changes["nom"] == Change("Mairie <b>d'Èze</b>", "Mairie d'Èze-Village")
    assert correction.changes["position"] == Change([7.36, 43.72], [7.37, 43.73])
    assert (correction.lon, correction.lat) == (7.37, 43.73)
    form._propose()
    again = CorrectionForm(SERVICE, None)
    assert again.organisation.text() == "Département de la Lozère"


def test_a_form_opened_again_shows_what_was_proposed_and_the_registrys_words_beside_it(qgis_app, qtbot):
    changes = {"telephone": Change("04 93 41 71 71", "04 00 00 00 00")}
    sent = new_correction("modification", Service(**SERVICE), changes, commentaire="Vu sur place")
    refused = {"telephone": "Numéro non attribué", "commentaire": "Trop vague"}
    form = CorrectionForm(SERVICE, (7.36, 43.72), None, sent, refused)
    qtbot.addWidget(form)
    form.show()
    assert form.comment.toPlainText() == "Vu sur place"
    row = form.rows["telephone"]
    assert row.editor.text() == "04 00 00 00 00" and row.error.text() == "Numéro non attribué"
    assert "Trop vague" in form.refused.text() and form.refused.isVisible()
    type_in(form, "telephone", "04 93 41 71 72")
    assert not row.error.isVisible()
    again = form.correction()
    assert again.uuid == sent.uuid and again.changes["telephone"] == Change("04 93 41 71 71", "04 93 41 71 72")


def test_a_form_that_knows_only_part_of_the_record_asks_only_about_that_part(qgis_app, qtbot):
    changes = {"telephone": Change("04 93 41 71 71", "04 00 00 00 00")}
    sent = new_correction("modification", Service("s1", "", "", version="abc"), changes)
    form = CorrectionForm({"id": "s1", "version": "abc", "telephone": "04 93 41 71 71"}, None, None, sent)
    qtbot.addWidget(form)
    form.show()
    assert form.rows["telephone"].editor.isVisible() and not form.rows["adresse"].editor.isVisible()


def test_closing_the_window_keeps_what_was_typed_as_a_draft(form, qtbot):
    type_in(form, "siret", "123")
    with qtbot.waitSignal(form.kept_for_later, timeout=1000):
        form.close()
    assert form.isVisible(), "it closes once the draft is kept"
    assert form.correction(draft=True).changes["siret"].new == "123"
    QTest.mouseClick(form.discard, Qt.MouseButton.LeftButton)
    assert not form.isVisible()


def test_escape_leaves_an_untouched_form_without_a_draft(form, qtbot):
    with qtbot.assertNotEmitted(form.kept_for_later):
        QTest.keyClick(form, Qt.Key.Key_Escape)
    assert not form.isVisible()


def test_enter_proposes_from_a_field_but_not_from_the_hours(form, qtbot):
    type_in(form, "telephone", "04 93 41 71 72")
    table = form.rows["horaires"].editor.table
    table.setFocus()
    with qtbot.assertNotEmitted(form.proposed):
        QTest.keyClick(table, Qt.Key.Key_Return)
    form.rows["telephone"].editor.setFocus()
    with qtbot.waitSignal(form.proposed, timeout=1000):
        QTest.keyClick(form.rows["telephone"].editor, Qt.Key.Key_Return)


def test_the_tab_key_goes_through_the_form_in_its_order(form):
    form.activateWindow()
    form.kind.setFocus()
    order = []
    for _ in range(12):
        QTest.keyClick(form.focusWidget(), Qt.Key.Key_Tab)
        order.append(form.focusWidget())
    editors = [form.rows[column].editor for column in ("nom", "categorie", "adresse", "code_postal", "commune")]
    places = [order.index(editor) for editor in editors]
    assert places == sorted(places)


def test_an_address_found_fills_only_what_is_empty(qgis_app, qtbot):
    form = CorrectionForm({}, None)
    qtbot.addWidget(form)
    type_in(form, "commune", "Èze")
    form.suggest({"adresse": "1 Place de la Colette", "commune": "Nice", "code_insee": "06059"})
    assert form.rows["adresse"].editor.text() == "1 Place de la Colette"
    assert form.rows["commune"].editor.text() == "Èze"


def test_a_missing_service_needs_its_name_category_and_place(qgis_app, qtbot):
    form = CorrectionForm({}, None)
    qtbot.addWidget(form)
    assert form.type == "creation" and not form.send.isEnabled()
    type_in(form, "nom", "France services d'Èze")
    form.rows["categorie"].editor.setCurrentIndex(form.rows["categorie"].editor.findData("france_services"))
    form.move_to(7.36, 43.72, 0)
    assert form.send.isEnabled(), form.summary.text()


def test_hours_in_a_message_are_told_as_people_say_them(qgis_app):
    line = msg("    {field}: “{old}” → “{new}”", field="horaires", old="Mo-Fr 09:00-12:00", new="24/7 by appointment")
    told = in_words(line)
    assert "Mo-Fr" not in told and "09:00" in told
    assert "24/7 by appointment" in told, "what is no plain week stays as it is written"
