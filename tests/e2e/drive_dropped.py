"""From files dropped on QGIS to the report, on Corse, by mouse and keyboard; every window is looked at.

`CSP_CORSE` is the folder of the data, `CSP_REPORT` where the report goes; what was found goes to `CSP_FIGURES`.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

from drive_path import tick
from qgis.core import QgsCoordinateReferenceSystem, QgsProject
from qgis.PyQt.QtCore import QMimeData, QPoint, QPointF, QRect, Qt, QUrl
from qgis.PyQt.QtGui import QDragEnterEvent, QDropEvent
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QDockWidget

CORSE, REPORT = Path(os.environ["CSP_CORSE"]), Path(os.environ["CSP_REPORT"])
DROPPED = ("corse_communes.geojson", "corse_routes_osm.gpkg", "corse_france-services.csv")
SIZE = 1280, 720


def drive(stage):
    from carto_services_publics.ui import diagnostic_dialog

    opened = []
    diagnostic_dialog.QDesktopServices.openUrl = opened.append
    window = stage.iface.mainWindow()
    window.resize(*SIZE)
    QTest.qWait(4000)  # QGIS stands, and what it need not wait for has come
    drop(window, [CORSE / name for name in DROPPED])
    name = "CartoServicesPublicsDock"
    stage.wait(lambda: window.findChild(QDockWidget, name), 20, "the panel, which a list of services opens")
    dock = window.findChild(QDockWidget, name)
    stage.wait(lambda: dock.referential.source.currentText() == Path(DROPPED[2]).stem, 20, "the list dropped")
    stage.wait(lambda: len(QgsProject.instance().mapLayers()) == 2, 20, "the layers dropped")
    QgsProject.instance().setCrs(QgsCoordinateReferenceSystem("EPSG:2154"))
    stage.click(dock.welcome.own_button)
    dock.my_territory.hide()
    load(stage, dock)
    figures = {"seconds": ask(stage, dock)}
    figures |= week(stage, dock)
    figures["report"] = report(stage, dock, opened)
    access = dock.access
    figures |= {
        "clicks": stage.clicks,
        "words": " ".join(access.answer.text().split()),
        "first_row": [access.communes.model.index(0, column).data() for column in range(4)],
        "question": access.folding.line.text(),
    }
    Path(os.environ["CSP_FIGURES"]).write_text(json.dumps(figures), encoding="utf-8")


def drop(window, files):
    """As a file manager does, on the middle of the window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in files])
    middle = QPoint(*SIZE) / 2
    how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    # Qt drops on what the drag has entered.
    for event in (QDragEnterEvent(middle, *how), QDropEvent(QPointF(middle), *how)):
        QApplication.sendEvent(window, event)
    QTest.qWait(500)


def load(stage, dock):
    """The services of the list that was dropped."""
    page = dock.referential
    tick(stage, page.categories, "France services")
    assert page.load.isEnabled(), page.load.text()
    stage.click(page.load)
    stage.wait(lambda: page.progress.run is None and len(QgsProject.instance().mapLayers()) == 3, 60, "the services")


def ask(stage, dock):
    """Who is badly served: the button is whole in sight in a window of 1280 × 720, before and after."""
    access = dock.access
    stage.click_tab(dock.pages, "Accès")
    QTest.qWait(300)
    access.thresholds.setFocus()
    access.thresholds.selectAll()
    QTest.keyClicks(access.thresholds, "10,20")
    is_in_sight(stage, access.gaps)
    stage.look("corse-question", access)
    start = time.monotonic()
    stage.click(access.gaps)
    stage.wait(lambda: access.progress.run is None and access.answer.text(), 120, "the gaps")
    spent = time.monotonic() - start
    assert access._found, access.answer.text() + access.progress.word.text()
    is_in_sight(stage, access.gaps)
    stage.iface.setActiveLayer(QgsProject.instance().mapLayersByName("corse_communes")[0])
    stage.iface.zoomToActiveLayer()
    stage.wait_for_map()
    stage.shot("corse-reponse")
    stage.look("corse-reponse-panneau", access)
    a_commune(stage, access)
    beside(stage, access)
    return spent


def beside(stage, access):
    """The answer at 20 minutes is kept, the page turned to 10 by the keyboard: both maps, then one over the other."""
    access.area.ensureWidgetVisible(access.kept)
    QTest.qWait(100)
    stage.click(access.kept.keep_button)
    access.table.setCurrentCell(0, 1)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Return):
        QTest.keyClick(access.table, key)
    access.area.ensureWidgetVisible(access.kept)
    QTest.qWait(100)
    stage.click(access.kept.beside_button)
    window = access.kept.two_answers
    for name, over in (("corse-cote-a-cote", False), ("corse-glissiere", True)):
        window.over.setFocus()
        if window.over.isChecked() != over:
            QTest.keyClick(window.over, Qt.Key.Key_Space)
        QTest.qWait(600)  # a canvas draws again half a second after it has another size
        stage.wait(lambda: not any(canvas.isDrawing() for canvas in window.maps.canvases), 60, "both maps")
        stage.look(name, window)
    said = [" ".join(side.question.text().split()) for side in window.sides]
    assert said == [f"{letter} · France services · en voiture · {time} min" for letter, time in (("A", 20), ("B", 10))]
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Return):
        QTest.keyClick(access.table, key)


def is_in_sight(stage, button):
    """Whole, and inside the window."""
    assert button.visibleRegion().boundingRect() == QRect(QPoint(), button.size())
    corner = button.mapTo(stage.iface.mainWindow(), button.rect().bottomRight())
    assert stage.iface.mainWindow().rect().contains(corner) and stage.iface.mainWindow().height() <= SIZE[1], corner


def a_commune(stage, access):
    """A row leads the map there, and one key copies the table."""
    view = access.communes.view
    access.area.ensureWidgetVisible(view)
    QTest.qWait(100)
    index = view.model().index(1, 0)
    stage.click(view.viewport(), view.visualRect(index).center())
    stage.wait_for_map()
    stage.shot("corse-commune")
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QApplication.clipboard().text().splitlines()
    assert len(lines) == 1 + view.model().rowCount()
    whole = lines[1].split("\t")
    assert f"({whole[3]} %)" in " ".join(access.answer.text().split()), whole


def week(stage, dock):
    """Tuesday at ten, by the sliders."""
    access, canvas = dock.access, stage.iface.mapCanvas()
    access.area.ensureWidgetVisible(access.week)
    stage.click(access.week.button)
    stage.wait(access.week.sliders.isVisible, 60, access.week.words.text() or "the week")
    stage.iface.zoomToActiveLayer()
    stage.wait_for_map()
    access.week.day.setFocus()
    for _ in range(4):
        QTest.keyClick(access.week.day, Qt.Key.Key_Left)
    stage.wait_for_map()
    drawn = []
    canvas.mapCanvasRefreshed.connect(lambda: drawn.append(time.perf_counter()))
    times = []
    for _ in range(5):
        drawn.clear()
        start, work = time.perf_counter(), time.process_time()
        QTest.keyClick(access.week.hour, Qt.Key.Key_Right)
        while not drawn or canvas.isDrawing():
            QApplication.processEvents()
        times.append((drawn[-1] - start, time.process_time() - work))
        QTest.qWait(300)
    stage.shot("corse-semaine")
    return {"map_follows": times, "week": access.week.words.text()}


def report(stage, dock, opened):
    stage.click_tab(dock.pages, "Agir")
    QTest.qWait(300)
    is_in_sight(stage, dock.action.run_button)
    dock.action.area.ensureWidgetVisible(dock.action.diagnostic_button)
    QTest.qWait(100)
    stage.click(dock.action.diagnostic_button)
    dialog = dock.action.diagnostic
    stage.wait(dialog.isVisible, 10, "the window")
    dialog.folder.lineEdit().setFocus()
    dialog.folder.lineEdit().selectAll()
    QTest.keyClicks(dialog.folder.lineEdit(), str(REPORT))
    stage.look("corse-diagnostic", dialog)
    stage.click(dialog.run_button)
    stage.wait(lambda: opened, 600, dialog.progress.word.text() or "the report")
    return sorted(path.name for path in REPORT.iterdir())
