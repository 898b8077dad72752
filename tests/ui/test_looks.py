"""Keys that all pages have, choices that end in dots, windows no larger than the screen."""

from __future__ import annotations

import pytest
from carto_services_publics.ui.looks import PageArea, give_keys, let_shrink, open_at_size
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QGuiApplication
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QComboBox, QDialog, QLineEdit, QPushButton, QVBoxLayout, QWidget

LONG = "Métropole d'Aix-Marseille-Provence – demande carroyée à 200 m, ménages de la filosofi 2021"


@pytest.fixture
def page(qgis_app, qtbot):
    page = QWidget()
    page.setLayout(QVBoxLayout())
    qtbot.addWidget(page)
    return page


def test_control_enter_presses_the_main_button_and_escape_the_one_that_stops(page, qtbot):
    field, main, stop = QLineEdit(), QPushButton("Qui est mal desservi"), QPushButton("Annuler")
    for widget in (field, main, stop):
        page.layout().addWidget(widget)
    pressed = []
    main.clicked.connect(lambda: pressed.append("main"))
    stop.clicked.connect(lambda: pressed.append("stop"))
    give_keys(page, main, stop)
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    stop.setEnabled(False)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert pressed == ["main", "stop"]
    assert "Ctrl" in main.toolTip()


def test_a_long_name_does_not_widen_its_page_and_is_whole_in_the_tool_tip(qgis_app, qtbot):
    page, box = QWidget(), QComboBox()
    let_shrink(box)
    QVBoxLayout(page).addWidget(box)
    area = PageArea(page)
    qtbot.addWidget(area)
    before = area.minimumSizeHint().width()
    box.addItem(LONG)
    assert area.minimumSizeHint().width() == before < box.fontMetrics().horizontalAdvance(LONG)
    assert box.toolTip() == LONG


def test_a_window_is_no_larger_than_the_screen(page):
    window = QDialog(page)
    open_at_size(window, 5000, 10)
    screen = QGuiApplication.primaryScreen().availableSize()
    assert window.width() <= screen.width()
    assert window.height() == 10 * window.fontMetrics().lineSpacing()
