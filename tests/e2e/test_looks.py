"""What looks at the windows sees the faults it is meant to see."""

from __future__ import annotations

import pytest
from looks import faults
from qgis.PyQt.QtWidgets import QLabel, QLineEdit, QListWidget, QVBoxLayout, QWidget


@pytest.fixture
def window(qgis_app, qtbot):
    window = QWidget()
    window.setStyleSheet("background: #323232; color: #e0e0e0;")
    window.setLayout(QVBoxLayout())
    qtbot.addWidget(window)
    return window


def seen(window) -> list[str]:
    window.show()
    return faults(window)


def test_a_sound_window_has_none(window):
    window.layout().addWidget(QLabel("Services"))
    assert seen(window) == []


def test_dark_red_on_dark_grey_is_pale(window):
    label = QLabel("Ce n'est pas un numéro")
    label.setStyleSheet("color: #a40000;")
    window.layout().addWidget(label)
    (fault,) = seen(window)
    assert fault.startswith("pale") and "numéro" in fault


def test_letters_that_the_edge_of_a_page_cuts_are_not_judged(window):
    page = QWidget()
    label = QLabel("Ce n'est pas un numéro", page)
    label.setStyleSheet("color: #a40000;")
    label.adjustSize()
    page.setFixedSize(300, 60)
    window.layout().addWidget(page)
    label.move(0, 58)
    assert seen(window) == []
    label.move(0, 60 - label.height())
    assert len(seen(window)) == 1


def test_a_label_in_too_little_room_is_cut(window):
    label = QLabel("Accessibilité des services au public")
    label.setFixedWidth(40)
    window.layout().addWidget(label)
    assert seen(window) == ["cut: Accessibilité des services au public"]


def test_a_list_of_long_names_scrolls_sideways(window):
    names = QListWidget()
    names.setAccessibleName("Territoires")
    names.addItem("Métropole d'Aix-Marseille-Provence " * 5)
    names.setFixedWidth(120)
    window.layout().addWidget(names)
    assert seen(window) == ["scrolls sideways: Territoires"]


def test_tab_against_the_order_of_reading_is_told(window):
    fields = QLineEdit("un"), QLineEdit("deux"), QLineEdit("trois")
    for field in fields:
        window.layout().addWidget(field)
    QWidget.setTabOrder(fields[0], fields[2])
    QWidget.setTabOrder(fields[2], fields[1])
    assert seen(window) == ["Tab goes from QLineEdit trois back to QLineEdit deux"]
