"""The complete diagnosis on the demo territory, to the report on the disk."""

from __future__ import annotations

import tempfile
from pathlib import Path

from qgis.core import QgsProject
from qgis.PyQt.QtWidgets import QAction, QDockWidget


def drive(stage):
    from carto_services_publics.ui import diagnostic_dialog

    opened = []
    diagnostic_dialog.QDesktopServices.openUrl = opened.append
    window = stage.iface.mainWindow()
    window.resize(1480, 920)
    window.findChild(QAction, "carto_services_publics_plugin").trigger()
    dock = window.findChild(QDockWidget, "CartoServicesPublicsDock")
    dock.try_demo()
    stage.wait(lambda: dock.access.answer.text() and dock.access.progress.run is None, 120, "the gaps")
    dock.pages.setCurrentIndex(2)
    with stage.film("rapport"):
        _report(stage, dock, opened)


def _report(stage, dock, opened):
    stage.click(dock.action.diagnostic_button)
    dialog = dock.action.diagnostic
    folder = Path(tempfile.mkdtemp())
    dialog.folder.setFilePath(str(folder))
    dialog.territory.setText("Autour de Monaco")
    dialog.basket.setCurrentIndex(dialog.basket.findData("vie_courante"))
    stage.start_heartbeat()
    stage.click(dialog.run_button)
    stage.wait(lambda: opened or (dialog.progress.run is None and dialog.run_button.isEnabled()), 120, "the report")
    stage.wait(lambda: opened, 60, dialog.progress.word.text())
    print("longest silence", round(stage.longest_silence, 3))
    page = (folder / "rapport.html").read_text(encoding="utf-8")
    assert "Autour de Monaco" in page and "Services manquants du panier" in page
    assert (folder / "atlas.pdf").stat().st_size > 10_000
    assert QgsProject.instance().layerTreeRoot().findGroup(dialog.windowTitle()) is not None
    stage.shot("diagnostic", dialog)
    stage.shot("diagnostic-carte")
    _the_layout_opens(stage, dialog)


def _the_layout_opens(stage, dialog):
    """In QGIS's own window, to be changed."""
    from carto_services_publics.processing.atlas_layout import MAP, layout_in_project

    stage.click(dialog.layout_button)
    stage.wait(stage.iface.openLayoutDesigners, 30, "the layout")
    (designer,) = stage.iface.openLayoutDesigners()
    layout = layout_in_project(QgsProject.instance())
    assert designer.layout().name() == layout.name() and layout.itemById(MAP) is not None
    designer.window().resize(1300, 900)
    designer.view().zoomFull()
    stage.shot("mise-en-page", designer.window())
    designer.close()
    stage.wait(lambda: not stage.iface.openLayoutDesigners(), 10, "the end of the layout's window")
