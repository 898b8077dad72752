"""What changed between two editions comes on the map from the panel; so do the services of a date."""

from __future__ import annotations

from dataclasses import replace

import pytest
from carto_services_publics.core.consolidation import consolidate, read_priorities
from carto_services_publics.core.services import Service
from carto_services_publics.ui.editions_dialog import EditionsDialog
from qgis.core import QgsProject
from qgis.gui import QgsMapCanvas

HALL = Service("", "Mairie de Corte", "mairie", "dila", "d1", commune="Corte", code_insee="2B096", lon=9.15, lat=42.3)


@pytest.fixture
def dialog(qgis_app, qtbot, tmp_path):
    QgsProject.instance().clear()
    path = tmp_path / "corse.gpkg"
    other = replace(HALL, id_producteur="d2", nom="Mairie de Calvi", commune="Calvi", code_insee="2B050", lon=8.75)
    for date, records in (("2026-01-01", [HALL]), ("2026-06-01", [replace(HALL, lon=9.16), other])):
        consolidate(path, [("", record) for record in records], date, read_priorities())
    canvas = QgsMapCanvas()
    qtbot.addWidget(canvas)
    dialog = EditionsDialog(canvas)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.canvas, dialog.path = canvas, path
    yield dialog
    QgsProject.instance().clear()


def layers():
    return {layer.name(): layer for layer in QgsProject.instance().mapLayers().values()}


def test_what_changed_is_on_the_map_and_in_a_note(dialog, qtbot, tmp_path):
    assert not dialog.compare_button.isEnabled()
    dialog.referential.setFilePath(str(dialog.path))
    qtbot.waitUntil(dialog.compare_button.isEnabled, timeout=10_000)
    assert (dialog.before.currentText(), dialog.after.currentText()) == ("2026-01-01", "2026-06-01")
    dialog.compare()
    qtbot.waitUntil(dialog.note_button.isEnabled, timeout=10_000)
    assert "2 places changed" in dialog.news.text()
    [layer] = layers().values()
    assert {row["nature"] for row in layer.getFeatures()} == {"ajout", "deplacement"}
    assert (tmp_path / "corse-changements-2026-01-01-2026-06-01.md").is_file()
    dialog.after.setCurrentIndex(0)
    assert not dialog.compare_button.isEnabled()


def test_the_services_of_a_date_are_on_the_map(dialog, qtbot):
    dialog.referential.setFilePath(str(dialog.path))
    qtbot.waitUntil(dialog.date_button.isEnabled, timeout=10_000)
    dialog.after.setCurrentIndex(0)
    dialog.show_date()
    [layer] = layers().values()
    assert layer.temporalProperties().isActive() and layer.featureCount() == 3
    assert dialog.canvas.temporalRange().begin().toString("yyyy-MM-dd") == "2026-01-01"


def test_what_is_no_referential_is_said(dialog, qtbot, tmp_path):
    (tmp_path / "other.gpkg").touch()
    dialog.referential.setFilePath(str(tmp_path / "other.gpkg"))
    qtbot.waitUntil(lambda: "no referential" in dialog.news.text(), timeout=10_000)
    assert not dialog.compare_button.isEnabled() and not dialog.date_button.isEnabled()


def test_the_dates_are_those_of_the_file_that_is_chosen_however_often_it_was_changed(dialog, qtbot, tmp_path):
    other = tmp_path / "autre.gpkg"
    consolidate(other, [("", HALL)], "2025-05-05", read_priorities())
    for path in (other, dialog.path, other, dialog.path):
        dialog.referential.setFilePath(str(path))
    qtbot.waitUntil(lambda: dialog.before.count() > 0, timeout=10_000)
    qtbot.wait(300)
    assert [dialog.before.itemText(row) for row in range(dialog.before.count())] == ["2026-01-01", "2026-06-01"]
