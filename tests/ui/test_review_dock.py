"""Going through pairs in the panel, as a person does."""

from __future__ import annotations

import json

import pytest
from carto_services_publics.core.corrections import Outbox
from carto_services_publics.core.matching import TO_CHECK
from carto_services_publics.core.matching.review import NEW
from carto_services_publics.processing import matching_inputs, settings
from carto_services_publics.processing.connections import CONNECTION_PROPERTY
from carto_services_publics.ui import review_dock as module
from carto_services_publics.ui.review_dock import ProposalPreview, ReviewDock
from qgis.core import QgsCoordinateReferenceSystem, QgsPointXY, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import Qt

REGISTRY = "http://127.0.0.1:9/registre"


def layer(name, rows):
    features = [
        {"type": "Feature", "properties": properties, "geometry": at and {"type": "Point", "coordinates": at}}
        for properties, at in rows
    ]
    made = QgsVectorLayer(json.dumps({"type": "FeatureCollection", "features": features}), name, "ogr")
    assert made.isValid()
    return made


def theirs(identifier, nom, commune, code, at, **values):
    blank = dict.fromkeys(("producteur", "version", "adresse", "telephone"), "")
    row = {"id": identifier, "nom": nom, "categorie": "mairie", "commune": commune, "code_insee": code}
    return {**blank, **row, "producteur": "dila", "version": "v", **values}, at


@pytest.fixture
def dock(qgis_iface, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(matching_inputs, "data_folder", lambda: tmp_path)
    outbox = Outbox(tmp_path / "corrections.sqlite")
    monkeypatch.setattr(module, "user_outbox", lambda: outbox)
    reference = layer(
        "Services",
        [
            theirs("dila-1", "Mairie - Mende", "Mende", "48095", [3.499, 44.518], telephone="04 66 49 40 00"),
            theirs("dila-2", "Mairie - Florac", "Florac Trois Rivières", "48061", [3.593, 44.325]),
        ],
    )
    reference.setCustomProperty(CONNECTION_PROPERTY, REGISTRY)
    mine = layer(
        "Ma liste",
        [
            ({"NOM": "Mairie de Mende", "VILLE": "Mende", "TEL": "0466490000", "CP": "48000"}, [3.4991, 44.5181]),
            ({"NOM": "Mairie annexe", "VILLE": "Florac Trois Rivières", "TEL": "", "CP": "48400"}, [3.5931, 44.3251]),
            ({"NOM": "Mairie de Nulle Part <b>", "VILLE": "Paris", "TEL": "", "CP": "75001"}, [2.35, 48.85]),
        ],
    )
    QgsProject.instance().addMapLayers([mine, reference])
    qgis_iface.mapCanvas().setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    dock = ReviewDock(qgis_iface)
    qtbot.addWidget(dock)
    qgis_iface.mainWindow().show()
    dock.show()
    qtbot.waitUntil(dock.isVisible)
    dock.activateWindow()
    dock.lists.local_box.setLayer(mine)
    dock.lists.reference_box.setLayer(reference)
    dock.lists.geocode.setChecked(False)
    dock.outbox = outbox
    yield dock
    dock.close()
    qgis_iface.mainWindow().hide()
    QgsProject.instance().removeAllMapLayers()


@pytest.fixture
def matched(dock, qtbot):
    dock.run()
    qtbot.waitUntil(lambda: dock.review is not None, timeout=20_000)
    return dock


def shown(dock):
    return [[dock.side.item(row, column).text() for column in range(3)] for row in range(dock.side.rowCount())]


def test_it_says_what_to_do_first_and_shows_the_guessed_fields(dock):
    assert dock.summary.text() and not dock.accept_button.isEnabled()
    assert (
        dock.lists.field_boxes["nom"].currentField() == "NOM"
        and dock.lists.field_boxes["telephone"].currentField() == "TEL"
    )
    assert dock.lists.given_fields() == {}
    dock.lists.field_boxes["telephone"].setField("")
    assert dock.lists.given_fields() == {"telephone": []}


def test_the_pairs_come_with_the_answer_in_a_sentence(matched):
    assert [case.zone for case in matched.review.cases] == [TO_CHECK, NEW, "sur"]
    assert "1 sure pairs, 1 to check (1 left), 1 only" in matched.summary.text()
    assert matched.position() == 0
    assert shown(matched)[0][1:] == ["Mairie annexe", "Mairie - Florac"]
    assert "a word sets the names apart" in matched.reasons.text()


def test_what_is_only_written_otherwise_does_not_stand_out(matched):
    matched.table.selectRow(2)
    side = matched.side
    bold = {side.item(row, 0).text(): side.item(row, 1).font().bold() for row in range(side.rowCount())}
    assert bold["Telephone"] and not bold["Name"]


def test_the_keyboard_accepts_and_undoes(matched, qtbot):
    qtbot.keyClick(matched.table, Qt.Key.Key_A)
    assert matched.review.cases[0].same is True
    assert "(0 left)" in matched.summary.text()
    qtbot.keyClick(matched.table, Qt.Key.Key_Z)
    assert matched.review.cases[0].same is None
    qtbot.keyClick(matched.table, Qt.Key.Key_R)
    assert matched.review.cases[0].same is False
    assert matched.accept_button.text().endswith("(A)") and matched.undo_button.text().endswith("(Z)")


def test_decisions_hold_when_the_lists_are_matched_again(matched, qtbot):
    matched.refuse()
    matched.review = None
    matched.run()
    qtbot.waitUntil(lambda: matched.review is not None, timeout=20_000)
    assert TO_CHECK not in {case.zone for case in matched.review.cases}


def test_a_row_is_linked_by_hand(matched):
    matched.table.selectRow(1)
    matched.link()
    assert matched._iface.mapCanvas().mapTool() is matched._picker
    matched.link_to("dila-2")
    assert (matched.review.cases[1].reference, matched.review.cases[1].same) == (1, True)
    assert matched.review.cases[0].reference == -1
    matched.link_to("unknown")
    assert "not in the layer" in matched.reasons.text()


def test_both_places_are_marked_on_the_map(matched):
    assert len(matched._marks) == 3
    matched.table.selectRow(1)
    assert len(matched._marks) == 1
    matched.hide()
    assert len(matched._marks) == 0


def test_a_project_without_a_reference_system_shows_the_pairs_in_degrees(matched, qgis_iface):
    qgis_iface.mapCanvas().setDestinationCrs(QgsCoordinateReferenceSystem())
    matched.table.selectRow(1)
    assert len(matched._marks) == 1
    assert qgis_iface.mapCanvas().extent().contains(QgsPointXY(2.35, 48.85))
    assert matched.side.item(0, 1).text() == "Mairie de Nulle Part <b>"


def test_only_the_zone_asked_for_is_listed(matched):
    matched.zone.setCurrentIndex(matched.zone.findData(NEW))
    assert matched.zones.rowCount() == 1
    assert matched.zones.index(0, 0).data() == "Mairie de Nulle Part <b>"


def test_proposals_are_previewed_then_go_to_the_outbox_once(matched, monkeypatch):
    monkeypatch.setenv(settings.ORGANISATION.variable, "CC du Mont Lozère")
    proposed = matched.review.proposals()
    preview = ProposalPreview(proposed, {"dila-1": "Mairie - Mende"}, matched)
    words = preview.words.toPlainText()
    assert preview.keep.isEnabled() and "Mairie - Mende · " in words and "04 66 49 40 00 → 04 66 49 00 00" in words
    assert "+ Mairie de Nulle Part <b> · Paris" in words
    matched.keep(proposed)
    matched.keep(matched.review.proposals())
    entries = matched.outbox.entries()
    assert sorted(entry.correction.type for entry in entries) == ["creation", "modification"]
    assert {entry.correction.auteur_organisation for entry in entries} == {"CC du Mont Lozère"}
    assert {entry.connection for entry in entries} == {REGISTRY} and {entry.state for entry in entries} == {
        "en_attente"
    }


def test_nothing_to_propose_cannot_be_kept(matched):
    preview = ProposalPreview([], {}, matched)
    assert not preview.keep.isEnabled() and preview.summary.text()


def test_a_list_that_cannot_be_read_is_said(dock, qtbot):
    dock.lists.field_boxes["nom"].setField("")
    dock.run()
    qtbot.waitUntil(lambda: "looks like the name" in dock.summary.text(), timeout=20_000)
    assert dock.lists.run_button.isEnabled()


def test_a_matching_that_fails_leaves_the_pairs_to_the_registry_they_are_of(matched, qtbot):
    """Choosing another referential changes where corrections go once its own pairs are shown, not before."""
    other = QgsVectorLayer("Point?field=rien:string", "Autre", "memory")
    other.setCustomProperty(CONNECTION_PROPERTY, "http://127.0.0.1:9/autre")
    QgsProject.instance().addMapLayer(other)
    matched.lists.reference_box.setLayer(other)
    matched.run()
    qtbot.waitUntil(matched.lists.run_button.isEnabled, timeout=20_000)
    assert len(matched.review.cases) == 3, "the pairs of before are still there"
    matched.accept()
    matched.keep(matched.review.proposals())
    assert matched.outbox.connections("en_attente") == [REGISTRY]
