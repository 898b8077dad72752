"""A territory is found as people type it."""

from __future__ import annotations

import pytest
from carto_services_publics.ui.territory_picker import TerritoryPicker
from qgis.PyQt.QtCore import Qt


@pytest.fixture
def picker(qgis_app, qtbot):
    picker = TerritoryPicker()
    qtbot.addWidget(picker)
    return picker


def test_typing_a_name_and_return_chooses_it(picker, qtbot):
    qtbot.keyClicks(picker.field, "lozere")
    qtbot.keyClick(picker.field, Qt.Key.Key_Return)
    assert picker.codes() == ["48"]
    assert picker.name() == "Lozère"
    qtbot.waitUntil(lambda: picker.field.text() == "")


def test_a_territory_is_chosen_once_and_can_be_taken_away(picker, qtbot):
    picker.set_codes(["48", "2A", "nowhere"])
    assert picker.codes() == ["48", "2A"]
    picker.chosen.setCurrentRow(0)
    qtbot.keyClick(picker.chosen, Qt.Key.Key_Delete)
    assert picker.codes() == ["2A"]


def test_what_is_proposed_tells_namesakes_apart(picker, qtbot):
    qtbot.keyClicks(picker.field, "saint denis")
    shown = [picker._proposals.item(row).text() for row in range(picker._proposals.rowCount())]
    assert any("93066" in text for text in shown) and any("97411" in text for text in shown)


def test_what_is_nowhere_chooses_nothing(picker, qtbot):
    qtbot.keyClicks(picker.field, "xyzzy")
    qtbot.keyClick(picker.field, Qt.Key.Key_Return)
    assert picker.codes() == []
