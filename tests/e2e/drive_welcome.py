"""A newcomer: the panel, one click, a map of gaps."""

from __future__ import annotations

from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAction, QDockWidget


def drive(stage):
    from carto_services_publics.i18n import tr

    window = stage.iface.mainWindow()
    window.resize(1480, 920)
    window.findChild(QAction, "carto_services_publics_plugin").trigger()
    dock = window.findChild(QDockWidget, "CartoServicesPublicsDock")
    stage.wait(dock.isVisible, 10, "the panel")
    stage.shot("accueil")
    stage.start_heartbeat()
    QTest.mouseClick(dock.welcome.try_button, Qt.MouseButton.LeftButton)
    stage.wait(lambda: dock.access.answer.text() and dock.access.progress.run is None, 120, "the gaps")
    print("longest silence", round(stage.longest_silence, 3))
    assert not dock.welcome.isVisible()
    assert QgsProject.instance().mapLayersByName(tr("Gap areas"))
    QTest.qWait(1500)
    stage.shot("premiere-carte")
