"""From gaps to action on the demo territory: three places proposed, then a site moved and its effect in words."""

from __future__ import annotations

from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsFeatureRequest, QgsGeometry, QgsProject
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAction, QDockWidget


def drive(stage):
    window = stage.iface.mainWindow()
    window.resize(1480, 920)
    window.findChild(QAction, "carto_services_publics_plugin").trigger()
    dock = window.findChild(QDockWidget, "CartoServicesPublicsDock")
    dock.try_demo()
    stage.wait(lambda: dock.access.answer.text() and dock.access.progress.run is None, 120, "the gaps")
    dock.welcome.hide()
    dock.pages.setCurrentIndex(2)
    action = dock.action
    with stage.film("ou-ouvrir"):
        _three_places(stage, action)
    with stage.film("scenario"):
        _a_site_moved(stage, action)


def _three_places(stage, action):
    action.category.setCurrentIndex(action.category.findData("pharmacie"))
    action.threshold.setValue(10)
    stage.start_heartbeat()
    stage.click(action.run_button)
    stage.wait(lambda: action.progress.run is None and action.answer.text(), 120, "the places")
    print("longest silence while choosing", round(stage.longest_silence, 3))
    assert action.places.rowCount() == 3 and action.chart.isVisible(), action.progress.word.text()
    print(action.answer.text(), "|", action.proof.text(), "|", action.bend.text())
    QTest.qWait(1500)
    stage.shot("agir")
    action.places.cellClicked.emit(0, 0)
    QTest.qWait(1500)
    stage.shot("agir-un-lieu")


def _a_site_moved(stage, action):
    scenario = action.scenario
    stage.click(scenario.start_button)
    stage.wait(lambda: scenario.compare_button.isEnabled(), 60, scenario.words.text())
    layer = scenario.layer
    assert layer.isEditable() and stage.iface.activeLayer() is layer
    site = next(layer.getFeatures(QgsFeatureRequest().setFilterExpression("categorie = 'la_poste'")))
    told = []
    scenario.updated.connect(told.append)
    stage.start_heartbeat()
    layer.beginEditCommand("Déplacer")
    layer.changeGeometry(site.id(), _moved(layer, site.geometry()))
    layer.endEditCommand()
    stage.wait(lambda: told, 20, "the effect in words")
    print("words after", round(told[0], 3), "s; longest silence", round(stage.longest_silence, 3))
    print(scenario.words.text())
    words = scenario.words.text()
    assert told[0] < 2 and "habitants" in scenario.words.text()
    stage.click(scenario.compare_button)
    stage.wait(lambda: scenario.progress.run is None, 60, "the comparison")
    assert layer.commitChanges()
    for group in QgsProject.instance().layerTreeRoot().findGroups():
        group.setItemVisibilityChecked(group.name() == layer.name())
    stage.iface.setActiveLayer(action._access.zones.currentLayer())
    stage.iface.zoomToActiveLayer()
    QTest.qWait(2000)
    action.area.ensureWidgetVisible(scenario)
    stage.shot("scenario")
    assert scenario.words.text() == words, "saving changed what was said"


def _moved(layer, shape):
    """The same point some hundred metres to the north-east."""
    metres = QgsCoordinateReferenceSystem("EPSG:2154")
    moved = QgsGeometry(shape)
    moved.transform(QgsCoordinateTransform(layer.crs(), metres, QgsProject.instance()))
    moved.translate(400, 200)
    moved.transform(QgsCoordinateTransform(metres, layer.crs(), QgsProject.instance()))
    return moved
