"""A saved project says which of its results would be lost, and keeps them when asked."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from carto_services_publics.processing.styling import apply_style
from carto_services_publics.ui.results_keeper import ResultsKeeper, temporary_results
from qgis.core import QgsFeature, QgsGeometry, QgsProject, QgsVectorLayer
from qgis.gui import QgsMessageBar
from qgis.PyQt.QtWidgets import QPushButton, QWidget

HALF = "POLYGON((0 0, 1 0, 1 1, 0 1, 0 0))"


def result(share):
    """As `coveragegaps` gives it, in memory."""
    layer = QgsVectorLayer("Polygon?crs=EPSG:2154&field=zone_id:string&field=part_au_dela_20:double", "Accès", "memory")
    feature = QgsFeature(layer.fields())
    feature.setGeometry(QgsGeometry.fromWkt(HALF))
    feature.setAttributes(["2A004", share])
    layer.dataProvider().addFeature(feature)
    apply_style(layer, "coverage")
    return QgsProject.instance().addMapLayer(layer)


@pytest.fixture
def bar(qgis_app, qtbot):
    bar = QgsMessageBar()
    qtbot.addWidget(bar)
    yield bar
    QgsProject.instance().clear()


@pytest.fixture
def keeper(bar, qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    yield ResultsKeeper(SimpleNamespace(messageBar=lambda: bar), parent)


def test_what_would_be_lost_is_said_and_kept_on_a_click(bar, keeper, qtbot, tmp_path):
    layers = [result(0.3), result(0.6)]
    own = QgsVectorLayer("Point?field=a:int", "à moi", "memory")
    QgsProject.instance().addMapLayer(own)
    path = tmp_path / "diagnostic 2026.qgs"
    assert QgsProject.instance().write(str(path))
    assert "2" in bar.currentItem().text()
    next(button for button in bar.currentItem().findChildren(QPushButton) if button.text()).click()
    qtbot.waitUntil(lambda: not temporary_results() and keeper._task is None, timeout=20_000)
    assert len(bar.items()) == 0
    QgsProject.instance().clear()
    assert QgsProject.instance().read(str(path))
    found = [QgsProject.instance().mapLayer(layer_id) for layer_id in QgsProject.instance().mapLayers()]
    kept = sorted((layer for layer in found if layer.name() == "Accès"), key=lambda layer: layer.source())
    assert len(kept) == len(layers) == 2
    assert sorted(next(layer.getFeatures())["part_au_dela_20"] for layer in kept) == [0.3, 0.6]
    assert all(layer.source().startswith(str(tmp_path / "diagnostic 2026_resultats.gpkg")) for layer in kept)
    position = kept[0].fields().lookupField("part_au_dela_20")
    assert "20" in kept[0].attributeAlias(position), "titles are kept"
    assert kept[0].renderer().rootRule().children(), "and so is the style"


def test_a_project_opened_while_results_are_kept_is_not_saved_unasked(bar, keeper, qtbot, tmp_path):
    result(0.3)
    assert QgsProject.instance().write(str(tmp_path / "projet.qgs"))
    keeper.keep()
    QgsProject.instance().clear()
    QgsProject.instance().setFileName(str(tmp_path / "autre.qgs"))
    qtbot.waitUntil(lambda: keeper._task is None, timeout=20_000)
    assert not (tmp_path / "autre.qgs").exists()


def test_a_project_without_temporary_result_is_saved_in_silence(bar, keeper, tmp_path):
    QgsProject.instance().addMapLayer(QgsVectorLayer("Point?field=a:int", "à moi", "memory"))
    assert QgsProject.instance().write(str(tmp_path / "projet.qgs"))
    assert bar.items() == []


def test_a_folder_that_takes_no_file_is_said(bar, keeper, qtbot, tmp_path, monkeypatch):
    result(0.3)
    assert QgsProject.instance().write(str(tmp_path / "projet.qgs"))
    monkeypatch.setattr(QgsProject, "absoluteFilePath", lambda _self: "/nowhere/projet.qgs")
    keeper.keep()
    qtbot.waitUntil(lambda: keeper._task is None, timeout=20_000)
    assert bar.items() and temporary_results()
