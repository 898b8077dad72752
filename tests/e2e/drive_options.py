"""The page in QGIS's own options: cancelled it keeps nothing, accepted it keeps what was written."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from qgis.core import QgsApplication, QgsSettings
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QDialogButtonBox, QScrollArea, QWidget

PAGE = "CartoServicesPublicsOptions"
DEMO = Path(__file__).resolve().parents[2] / "resources" / "demo" / "demo.gpkg"
OK, CANCEL = QDialogButtonBox.StandardButton.Ok, QDialogButtonBox.StandardButton.Cancel
STILL_MS = 400


def drive(stage):
    from carto_services_publics.processing import settings

    keep_a_network()
    in_options(stage, CANCEL, write)
    assert [key for key in QgsSettings().allKeys() if "organisation" in key or "log/level" in key] == []

    in_options(stage, OK, lambda page: (write(page), try_valhalla(stage, page), take_pictures(stage, page)))
    assert settings.ORGANISATION.value() == "Département de la Lozère"
    assert settings.LOG_LEVEL.value() == "everything"
    assert settings.SERVER["valhalla"].value() == os.environ["CSP_VALHALLA"]

    in_options(stage, CANCEL, ask_a_slow_server)
    closed = time.monotonic()
    stage.wait(lambda: QgsApplication.taskManager().countActiveTasks() == 0, 10, "what was asked to end")
    assert time.monotonic() - closed < 2


def keep_a_network():
    """Something in the cache."""
    from carto_services_publics.core.progress import Progress
    from carto_services_publics.processing.network_input import open_roads

    open_roads(f"{DEMO}|layername=routes", "foot", Progress())


def write(page):
    """What the user changes."""
    page.corrections.organisation.editor.setText("Département de la Lozère")
    page.log.level.editor.setCurrentIndex(page.log.level.editor.findData("everything"))


def try_valhalla(stage, page):
    """« Essayer » says that the server works."""
    row = page.engines.rows["valhalla"]
    row.address.setText(os.environ["CSP_VALHALLA"])
    stage.click(row.try_button)
    stage.wait(row.try_button.isEnabled, 30, "the answer of Valhalla")
    assert "une zone de 5 minutes" in row.answer.text(), row.answer.text()


def take_pictures(stage, page):
    """The page, its end, and in a small window."""
    assert "CARTO_SP_GEOCODER_SERVER" in page.corrections.geocoder.note.text()
    assert "réseaux routiers" in page.cache.content.text(), page.cache.content.text()
    dialog, bars = page.window(), page.findChild(QScrollArea)
    dialog.resize(1000, 860)
    stage.shot("reglages", dialog)
    bars.verticalScrollBar().setValue(bars.verticalScrollBar().maximum())
    stage.shot("reglages-suite", dialog)
    dialog.resize(640, 480)
    bars.verticalScrollBar().setValue(0)
    stage.shot("reglages-petit", dialog)
    assert bars.horizontalScrollBar().maximum() == 0, "the page does not fit in a small window"


def ask_a_slow_server(page):
    """The options are closed before it answers."""
    row = page.engines.rows["valhalla"]
    row.address.setText(os.environ["CSP_SLOW"])
    row.try_button.click()
    QTest.qWait(STILL_MS)
    assert not row.try_button.isEnabled()


def in_options(stage, button: QDialogButtonBox.StandardButton, use: Callable[[QWidget], object]) -> None:
    """Open the options on the page, use it, leave by a button."""
    problems = []

    def fill_in() -> None:
        dialog = QApplication.activeModalWidget()
        try:
            QTest.qWait(STILL_MS)
            # From QGIS 3.40 on the page stands in an area that scrolls, of the same name.
            use(next(found for found in dialog.findChildren(QWidget, PAGE) if not isinstance(found, QScrollArea)))
        except BaseException as error:  # the dialog must close, or nothing goes on
            problems.append(error)
        QTest.mouseClick(dialog.findChild(QDialogButtonBox).button(button), Qt.MouseButton.LeftButton)

    QTimer.singleShot(STILL_MS, fill_in)
    stage.iface.showOptionsDialog(stage.iface.mainWindow(), PAGE)
    if problems:
        raise problems[0]
