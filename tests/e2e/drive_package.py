"""The panel opens from the package."""

from __future__ import annotations

import os

from qgis.PyQt.QtWidgets import QAction, QDockWidget


def drive(stage):
    import carto_services_publics

    assert os.path.realpath(carto_services_publics.__file__).startswith(os.environ["CSP_PACKAGE"])
    window = stage.iface.mainWindow()
    window.findChild(QAction, "carto_services_publics_plugin").trigger()
    dock = window.findChild(QDockWidget, "CartoServicesPublicsDock")
    stage.wait(dock.isVisible, 10, "the panel")
    assert dock.welcome.isVisible()
    assert dock.pages.count() == 4
