"""The panel on the demo territory: open, load, who is badly served, correct a service."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from qgis.core import QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAction, QDockWidget
from qgis.utils import plugins

# A copy: QGIS leaves its mark in the GeoPackages it opens.
DEMO = shutil.copy(Path(__file__).resolve().parents[2] / "resources" / "demo" / "demo.gpkg", tempfile.mkdtemp())


def drive(stage):
    window = stage.iface.mainWindow()
    assert "carto_services_publics" in plugins, "the plugin did not load"
    window.findChild(QAction, "carto_services_publics_plugin").trigger()
    dock = window.findChild(QDockWidget, "CartoServicesPublicsDock")
    stage.wait(dock.isVisible, 10, "the panel")
    window.resize(1480, 920)

    page = dock.referential
    page.source.setCurrentText("Démonstration")
    page.categories.tick(["mairie", "la_poste", "pharmacie"])
    stage.wait(lambda: page.load.isEnabled(), 10, "the button")
    stage.start_heartbeat()
    QTest.mouseClick(page.load, Qt.MouseButton.LeftButton)
    stage.wait(lambda: page.progress.run is None, 60, "the services")
    stage.shot("referentiel")
    print("longest silence while loading", round(stage.longest_silence, 3))
    services = [layer for layer in QgsProject.instance().mapLayers().values() if layer.name().startswith("Services")]
    assert services and services[0].featureCount() > 0, page.progress.word.text()

    for name in ("communes", "routes", "demande"):
        layer = QgsVectorLayer(f"{DEMO}|layername={name}", name, "ogr")
        assert layer.isValid(), name
        QgsProject.instance().addMapLayer(layer)
    dock.pages.setCurrentIndex(1)
    access = dock.access
    access.services.setLayer(services[0])
    access.demand.setLayer(QgsProject.instance().mapLayersByName("demande")[0])
    access.zones.setLayer(QgsProject.instance().mapLayersByName("communes")[0])
    access.roads.setLayer(QgsProject.instance().mapLayersByName("routes")[0])
    access.profile.setCurrentIndex(access.profile.findData("foot"))
    access.thresholds.setText("10,20")
    stage.start_heartbeat()
    QTest.mouseClick(access.gaps, Qt.MouseButton.LeftButton)
    stage.wait(lambda: access.progress.run is None, 120, "the gaps")
    print("longest silence while computing", round(stage.longest_silence, 3))
    assert access.answer.text(), access.progress.word.text()
    print(access.answer.text())
    stage.iface.zoomFull()
    stage.shot("acces")

    from carto_services_publics.ui.correction_tool import correct_service

    form = correct_service(stage.iface, services[0], next(services[0].getFeatures()))
    form.rows["telephone"].editor.setText("0493")
    assert not form.send.isEnabled()
    form.rows["telephone"].editor.setText("04 93 41 71 71")
    assert form.send.isEnabled(), form.summary.text()
    stage.shot("correction", form)
    form.buttons.accepted.emit()
    dock.pages.setCurrentIndex(3)
    stage.wait(lambda: dock.corrections.table.rowCount() == 1, 10, "the correction in the panel")
    stage.shot("corrections")
