"""From the map to the form: the click, the keyboard, the drag, the address of a new place."""

from __future__ import annotations

import gc

import pytest
from carto_services_publics.core.corrections import Change, new_correction
from carto_services_publics.core.messages import msg
from carto_services_publics.core.services import SERVICE_COLUMNS, Service
from carto_services_publics.processing import outbox as kept
from carto_services_publics.processing import settings
from carto_services_publics.processing.connections import CONNECTION_PROPERTY
from carto_services_publics.tests.servers.faults import as_json, stub
from carto_services_publics.ui import correction_tool
from carto_services_publics.ui.correction_words import in_words
from carto_services_publics.ui.map_tools import ServicePicker
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsSettings,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtTest import QTest

MAIRIE = Service("s1", "Mairie d'Èze", "mairie", producteur="dila", version="1", lon=7.36, lat=43.72)
LEFT = Qt.MouseButton.LeftButton
NO_KEY = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def canvas(qgis_iface, qtbot, tmp_path, monkeypatch):
    """A map with one service in its middle, that came from the Annuaire."""
    monkeypatch.setattr(kept, "outbox_path", lambda: tmp_path / "corrections.sqlite")
    for group in ("corrections", "geocoder"):
        QgsSettings().remove(f"carto_services_publics/{group}")
    fields = "&".join(f"field={name}:string" for name in SERVICE_COLUMNS)
    layer = QgsVectorLayer(f"Point?crs=EPSG:4326&{fields}", "Services", "memory")
    layer.setCustomProperty(CONNECTION_PROPERTY, "Annuaire (DILA)")
    feature = QgsFeature(layer.fields())
    for name in SERVICE_COLUMNS:
        feature[name] = getattr(MAIRIE, name)
    feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(MAIRIE.lon, MAIRIE.lat)))
    layer.dataProvider().addFeature(feature)
    QgsProject.instance().addMapLayer(layer)
    canvas = qgis_iface.mapCanvas()
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    canvas.setLayers([layer])
    canvas.resize(400, 400)
    # A hidden canvas is not told its size: its map and its viewport would disagree on where a pixel is.
    canvas.window().show()
    qtbot.waitUntil(lambda: canvas.mapSettings().outputSize() == canvas.viewport().size())
    canvas.setExtent(QgsRectangle(7.35, 43.71, 7.37, 43.73))
    yield canvas
    canvas.window().hide()
    for session in list(correction_tool._OPEN):
        session.form._leave()
    QgsProject.instance().removeAllMapLayers()


def the_form():
    (session,) = correction_tool._OPEN
    return session.form


def middle(canvas):
    return canvas.viewport().rect().center()


def test_a_click_on_the_service_opens_its_form(canvas, qgis_iface):
    correction_tool.start_correction_tool(qgis_iface)
    gc.collect()
    assert isinstance(canvas.mapTool(), ServicePicker), "the tool stays on the map"
    QTest.mouseClick(canvas.viewport(), LEFT, NO_KEY, middle(canvas))
    assert the_form().service["nom"] == "Mairie d'Èze"


def test_enter_takes_the_middle_of_the_map(canvas, qgis_iface):
    correction_tool.start_correction_tool(qgis_iface)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    form = the_form()
    assert form.service["id"] == "s1"
    QTest.mouseClick(form.move_button, LEFT)
    canvas.setCenter(QgsPointXY(7.365, 43.72))
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert form.position == pytest.approx((7.365, 43.72))


def test_two_places_under_one_click_ask_which(canvas, qgis_iface):
    """A town hall and the post office in the same building: the menu names both, and the one chosen opens."""
    (layer,) = QgsProject.instance().mapLayers().values()
    other = QgsFeature(next(layer.getFeatures()))
    for name, value in (("id", "s2"), ("nom", "La Poste & Cie"), ("categorie", "la_poste")):
        other[name] = value
    layer.dataProvider().addFeatures([other])
    correction_tool.start_correction_tool(qgis_iface)
    QTest.mouseClick(canvas.viewport(), LEFT, NO_KEY, middle(canvas))
    assert not list(correction_tool._OPEN), "nothing opens before one is chosen"
    entries = canvas.mapTool().menu.actions()
    assert {entry.text().partition(" – ")[0] for entry in entries} == {"Mairie d'Èze", "La Poste && Cie"}
    next(entry for entry in entries if "Poste" in entry.text()).trigger()
    assert the_form().service["id"] == "s2"


def test_a_service_without_a_name_is_called_by_its_identifier(canvas, qgis_iface):
    layer, feature = correction_tool.find_service("s1")
    layer.dataProvider().changeAttributeValues({feature.id(): {layer.fields().lookupField("nom"): None}})
    form = correction_tool.correct_service(qgis_iface, layer, layer.getFeature(feature.id()))
    form.duplicate_asked.emit()
    QTest.mouseClick(canvas.viewport(), LEFT, NO_KEY, middle(canvas))
    assert form.duplicate_of == "s1" and form.duplicate.text() == "Same as: s1"
    closed = new_correction("fermeture", Service("s1", "", ""))
    assert correction_tool.service_names([closed]) == {closed.uuid: "s1"}


def test_the_service_is_dragged_and_the_form_says_how_far(canvas, qgis_iface):
    correction_tool.start_correction_tool(qgis_iface)
    start = middle(canvas)
    QTest.mouseClick(canvas.viewport(), LEFT, NO_KEY, start)
    form = the_form()
    QTest.mouseClick(form.move_button, LEFT)
    QTest.mousePress(canvas.viewport(), LEFT, NO_KEY, start)
    QTest.mouseRelease(canvas.viewport(), LEFT, NO_KEY, start + QPoint(50, 0))
    assert form.position[0] > MAIRIE.lon and form.position[1] == pytest.approx(MAIRIE.lat, abs=2e-3)
    assert form.moved.text() and "Place" in form.summary.text()


@pytest.fixture
def geocoder():
    """What the Géoplateforme's geocoder answers, on this machine."""
    found = {"name": "1 Rue du Brec", "postcode": "06360", "city": "Èze", "citycode": "06059", "type": "housenumber"}

    with stub(lambda *_: as_json({"type": "FeatureCollection", "features": [{"properties": found}]})) as url:
        yield url


def test_an_empty_place_is_a_missing_service_with_its_address(canvas, qgis_iface, geocoder, qtbot):
    settings.GEOCODER.set(geocoder)
    correction_tool.start_correction_tool(qgis_iface)
    QTest.mouseClick(canvas.viewport(), LEFT, NO_KEY, QPoint(40, 40))
    form = the_form()
    assert form.type == "creation" and form.correction().producteur == "dila"
    qtbot.waitUntil(lambda: form.rows["adresse"].editor.text() == "1 Rue du Brec", timeout=10_000)
    assert form.rows["code_insee"].editor.text() == "06059"


def test_offline_nothing_is_filled_in_and_nothing_is_said(canvas, qgis_iface, qtbot):
    settings.GEOCODER.set("http://127.0.0.1:9")
    correction_tool.start_correction_tool(qgis_iface)
    QTest.mouseClick(canvas.viewport(), LEFT, NO_KEY, QPoint(40, 40))
    QTest.qWait(1500)
    assert the_form().rows["adresse"].editor.text() == ""


def test_what_is_proposed_is_in_the_outbox_and_a_closed_window_leaves_a_draft(canvas, qgis_iface):
    layer, feature = correction_tool.find_service("s1")
    form = correction_tool.correct_service(qgis_iface, layer, feature)
    form.rows["telephone"].editor.setText("04 93 41 71 72")
    QTest.mouseClick(form.send, LEFT)
    (entry,) = kept.user_outbox().entries()
    assert entry.state == "en_attente" and entry.correction.changes["telephone"] == Change("", "04 93 41 71 72")
    assert not correction_tool._OPEN
    form = correction_tool.correct_service(qgis_iface, layer, feature)
    form.rows["site_web"].editor.setText("https://www.eze.fr")
    form.close()
    assert kept.user_outbox().entries("brouillon")[0].correction.changes["site_web"].new == "https://www.eze.fr"
    assert not correction_tool._OPEN


def test_a_service_outside_its_commune_is_offered_to_be_moved(canvas, qgis_iface, monkeypatch):
    layer, feature = correction_tool.find_service("s1")
    read = correction_tool._read

    def flagged(layer, feature):
        values, position = read(layer, feature)
        return {**values, "anomalie": "horaires_douteux;hors_commune"}, position

    monkeypatch.setattr(correction_tool, "_read", flagged)
    form = correction_tool.correct_service(qgis_iface, layer, feature)
    assert form.type == "deplacement" and not form.is_touched and not form.send.isEnabled()
    form.close()
    assert not kept.user_outbox().entries()


def test_what_is_being_typed_outlives_a_crash_and_is_dropped_when_discarded(canvas, qgis_iface, qtbot, monkeypatch):
    monkeypatch.setattr(correction_tool, "SAVE_EVERY_MS", 50)
    outbox = kept.user_outbox()
    layer, feature = correction_tool.find_service("s1")
    form = correction_tool.correct_service(qgis_iface, layer, feature)
    QTest.qWait(200)
    assert not outbox.entries(), "nothing typed, nothing kept"
    form.rows["telephone"].editor.setText("04 93")
    qtbot.waitUntil(lambda: len(outbox.entries("brouillon")) == 1, timeout=5000)
    form.rows["telephone"].editor.setText("04 93 41 71 72")
    qtbot.waitUntil(lambda: outbox.entries()[0].correction.changes["telephone"].new == "04 93 41 71 72", timeout=5000)
    QTest.mouseClick(form.discard, LEFT)
    assert not outbox.entries()
    form = correction_tool.correct_service(qgis_iface, layer, feature)
    form.rows["telephone"].editor.setText("04 93 41 71 73")
    qtbot.waitUntil(lambda: len(outbox.entries("brouillon")) == 1, timeout=5000)
    QTest.mouseClick(form.send, LEFT)
    assert [entry.state for entry in outbox.entries()] == ["en_attente"]


def test_a_place_clicked_by_mistake_leaves_no_draft(canvas, qgis_iface):
    settings.GEOCODER.set("http://127.0.0.1:9")
    correction_tool.start_correction_tool(qgis_iface)
    QTest.mouseClick(canvas.viewport(), LEFT, NO_KEY, QPoint(40, 40))
    the_form().close()
    assert not kept.user_outbox().entries() and not correction_tool._OPEN


def test_columns_are_named_as_on_the_form(qgis_app):
    reason = msg("Someone changed this meanwhile: {fields}.", fields="telephone, position")
    assert in_words(reason) == "Someone changed this meanwhile: Telephone, Place."


def test_a_correction_is_called_by_the_name_of_its_service(canvas):
    closing = new_correction("fermeture", MAIRIE)
    assert correction_tool.service_name(closing) == "Mairie d'Èze"
    unknown = new_correction("fermeture", Service("s9", "", ""))
    assert correction_tool.service_name(unknown) == "s9"


@pytest.mark.parametrize("beside", [QgsPointXY(190.0, 43.7), QgsPointXY(7.3, 95.0)])
def test_a_click_beside_the_world_is_said_and_kept_nowhere(canvas, qgis_iface, beside):
    layer, feature = correction_tool.find_service("s1")
    form = correction_tool.correct_service(qgis_iface, layer, feature)
    (session,) = correction_tool._OPEN
    session.place(beside)
    assert form.position is None and form.summary.text().startswith("This is beside the map")
    form.close()
    assert kept.user_outbox().entries() == []


def test_what_is_typed_about_one_that_has_left_meanwhile_goes_as_another(canvas, qgis_iface):
    correction = new_correction("alerte", MAIRIE, commentaire="Fermé ?")
    outbox = kept.user_outbox()
    outbox.add(correction, "http://127.0.0.1:9/registry")
    form = correction_tool.edit_correction(qgis_iface, outbox.get(correction.uuid))
    outbox.sent(correction.uuid, "http://127.0.0.1:9/registry/1")
    form.comment.setPlainText("Fermé le samedi.")
    form.close()
    assert not correction_tool._OPEN
    states = {entry.correction.commentaire: entry.state for entry in outbox.entries()}
    assert states == {"Fermé ?": "envoyee", "Fermé le samedi.": "brouillon"}


def test_an_empty_place_may_be_clicked_after_the_layers_have_gone(canvas, qgis_iface):
    settings.GEOCODER.set("http://127.0.0.1:9")
    tool = correction_tool.start_correction_tool(qgis_iface)
    for layer in list(QgsProject.instance().mapLayers()):
        QgsProject.instance().removeMapLayer(layer)
    tool.missed.emit(QgsPointXY(7.36, 43.72))
    assert the_form().type == "creation"
