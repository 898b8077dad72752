"""The page in QGIS's own options dialog: cancelled it keeps nothing, accepted it keeps what was written."""

from __future__ import annotations

import os

from qgis.core import QgsSettings
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QDialogButtonBox, QScrollArea, QWidget

PAGE = "CartoServicesPublicsOptions"
OK, CANCEL = QDialogButtonBox.StandardButton.Ok, QDialogButtonBox.StandardButton.Cancel
STILL = 400


def drive(stage):
    from carto_services_publics.processing import settings

    def write(page):
        page.corrections.organisation.editor.setText("Département de la Lozère")
        page.log.level.editor.setCurrentIndex(page.log.level.editor.findData("everything"))

    def write_and_try(page):
        write(page)
        row = page.engines.rows["valhalla"]
        row.address.setText(os.environ["CSP_VALHALLA"])
        row.try_button.click()
        stage.wait(row.try_button.isEnabled, 30, "the answer of Valhalla")
        print(row.answer.text())
        assert "5 minutes" in row.answer.text(), row.answer.text()
        dialog = page.window()
        dialog.resize(1000, 860)
        stage.shot("reglages", dialog)
        scroll = page.findChild(QScrollArea)
        scroll.verticalScrollBar().setValue(scroll.verticalScrollBar().maximum())
        stage.shot("reglages-suite", dialog)
        dialog.resize(760, 560)
        scroll.verticalScrollBar().setValue(0)
        stage.shot("reglages-petit", dialog)
        assert scroll.horizontalScrollBar().maximum() == 0, "the page does not fit in a small window"

    in_options(stage, CANCEL, write)
    assert [key for key in QgsSettings().allKeys() if "organisation" in key or "log/level" in key] == []
    in_options(stage, OK, write_and_try)
    assert settings.ORGANISATION.value() == "Département de la Lozère"
    assert settings.LOG_LEVEL.value() == "everything"
    assert settings.SERVER["valhalla"].value() == os.environ["CSP_VALHALLA"]
    in_options(stage, CANCEL, close_while_asking)
    QTest.qWait(STILL)


def close_while_asking(page):
    """What is asked when the options are closed ends with them."""
    row = page.engines.rows["valhalla"]
    row.address.setText(os.environ["CSP_SLOW"])
    row.try_button.click()


def in_options(stage, button, write):
    """Open the options on the page, let ``write(page)`` fill it in, leave by a button."""
    problems = []

    def fill_in():
        dialog = QApplication.activeModalWidget()
        try:
            page = dialog.findChild(QWidget, PAGE)
            QTest.qWait(STILL)
            write(page)
        except BaseException as error:  # the dialog must close, or nothing goes on
            problems.append(error)
        box = dialog.findChild(QDialogButtonBox)
        QTest.mouseClick(box.button(button), Qt.MouseButton.LeftButton)

    QTimer.singleShot(STILL, fill_in)
    stage.iface.showOptionsDialog(stage.iface.mainWindow(), PAGE)
    if problems:
        raise problems[0]
