"""The wheel scrolls the page; it changes a choice or a number only where one has clicked into it."""

from __future__ import annotations

import pytest
from carto_services_publics.processing.diagnostic import Choices
from carto_services_publics.ui.correction_form import CorrectionForm
from carto_services_publics.ui.diagnostic_dialog import DiagnosticDialog
from carto_services_publics.ui.dock import CartoDock
from carto_services_publics.ui.looks import still_wheel
from qgis.core import QgsProject
from qgis.PyQt.QtCore import QPoint, QPointF, Qt
from qgis.PyQt.QtGui import QWheelEvent
from qgis.PyQt.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QSpinBox, QVBoxLayout, QWidget


def turn(box):
    middle = QPointF(box.rect().center())
    turned = QWheelEvent(
        middle,
        QPointF(box.mapToGlobal(box.rect().center())),
        QPoint(0, -120),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, turned)


def value(box):
    return box.currentIndex() if isinstance(box, QComboBox) else box.text()


def test_the_wheel_changes_nothing_in_the_panel(provider, qgis_iface, qtbot):
    dock = CartoDock(qgis_iface)
    qtbot.addWidget(dock)
    dock.show()
    boxes = [*dock.findChildren(QComboBox), *dock.findChildren(QAbstractSpinBox)]
    assert len(boxes) > 10
    before = [value(box) for box in boxes]
    for box in boxes:
        turn(box)
    assert [value(box) for box in boxes] == before
    assert all(box.focusPolicy() != Qt.FocusPolicy.WheelFocus for box in boxes)
    QgsProject.instance().clear()


def still(window, qtbot, least):
    qtbot.addWidget(window)
    window.show()
    boxes = [*window.findChildren(QComboBox), *window.findChildren(QAbstractSpinBox)]
    assert len(boxes) >= least
    for box in boxes:
        if isinstance(box, QComboBox) and box.count() > 1:
            box.setCurrentIndex(0)
    window.setFocus()
    before = [value(box) for box in boxes]
    for box in boxes:
        turn(box)
    assert [value(box) for box in boxes] == before
    assert all(box.focusPolicy() != Qt.FocusPolicy.WheelFocus for box in boxes)


def test_the_wheel_changes_nothing_in_the_diagnosis(provider, qtbot):
    choices = Choices(None, None, "", None, "", "roads.network", "car", "20")
    still(DiagnosticDialog(choices, ""), qtbot, 2)


def test_the_wheel_changes_nothing_in_the_correction_form(provider, qtbot):
    still(CorrectionForm({"id": "s1", "nom": "Mairie", "categorie": "mairie"}, None), qtbot, 2)


@pytest.mark.parametrize("focused", [False, True])
def test_the_wheel_changes_a_number_that_one_has_clicked_into(qgis_app, qtbot, focused):
    window = QWidget()
    column, number = QVBoxLayout(window), QSpinBox()
    number.setValue(3)
    column.addWidget(number)
    still_wheel(window)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    if focused:
        number.setFocus()
        qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    turn(number)
    assert (number.value() != 3) == focused
