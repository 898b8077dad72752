"""Hours edited as a week."""

from __future__ import annotations

import pytest
from carto_services_publics.ui.week_grid import WeekGrid
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QApplication, QVBoxLayout, QWidget


@pytest.fixture
def grid(qgis_app, qtbot):
    grid = WeekGrid()
    qtbot.addWidget(grid)
    return grid


@pytest.mark.parametrize(
    "text",
    ["", "Mo-Fr 09:00-12:00,14:00-17:00", "Mo,We 09:30-12:00; Sa 10:00-12:00; PH off", "24/7", "Fr 22:00-02:00", "off"],
)
def test_hours_that_fit_a_week_come_out_as_they_went_in(grid, text):
    grid.set_text(text)
    assert grid.text() == (text if text != "off" else "")


def test_hours_that_fit_no_week_are_kept_and_shown_until_replaced(grid):
    grid.set_text("Mo[1] 09:00-12:00")
    assert grid.text() == "Mo[1] 09:00-12:00"
    assert "Mo[1]" in grid.note.text()
    grid.table.item(0, 0).setText("9h")
    grid.table.item(0, 1).setText("12h30")
    assert grid.text() == "Mo 09:00-12:30"


@pytest.mark.parametrize("typed", ["9", "9h", "9:00", "09.00", " 9 h 00 "])
def test_times_are_read_as_people_type_them(grid, typed):
    grid.set_text("")
    grid.table.item(5, 0).setText(typed)
    grid.table.item(5, 1).setText("12")
    assert grid.text() == "Sa 09:00-12:00"


@pytest.mark.parametrize(("column", "typed"), [(0, "neuf"), (0, "25:00"), (1, "12:00"), (2, "14:00")])
def test_a_wrong_or_half_filled_day_is_said(grid, column, typed):
    grid.set_text("")
    grid.table.item(0, column).setText(typed)
    assert grid.problem
    assert not grid.note.text(), "the form says it, once"


def test_tab_leaves_the_grid_after_its_last_cell(grid, qtbot):
    grid.show()
    grid.table.setFocus()
    grid.table.setCurrentCell(6, 2)
    qtbot.keyClick(grid.table, Qt.Key.Key_Tab)
    assert (grid.table.currentRow(), grid.table.currentColumn()) == (6, 3)
    qtbot.keyClick(grid.table, Qt.Key.Key_Tab)
    assert grid.window().focusWidget() is grid.holidays
    grid.table.setFocus()
    grid.table.setCurrentCell(0, 0)
    qtbot.keyClick(grid.table, Qt.Key.Key_Backtab)
    assert grid.window().focusWidget() is not grid.table


def test_one_day_is_copied_until_friday(grid):
    grid.set_text("Mo 09:00-12:00,13:30-17:00")
    grid.table.setCurrentCell(0, 0)
    grid._copy_down()
    assert grid.text() == "Mo-Fr 09:00-12:00,13:30-17:00"


@pytest.mark.parametrize(
    ("typed", "shown"), [("1430", "14:30"), ("930", "09:30"), ("0930", "09:30"), ("9", "09:00"), ("14h30", "14:30")]
)
def test_times_without_a_mark_are_read_too(qgis_app, qtbot, typed, shown):
    grid = WeekGrid()
    qtbot.addWidget(grid)
    grid.set_text("")
    grid.table.item(0, 0).setText(typed)
    assert grid.table.item(0, 0).text() == shown


@pytest.mark.parametrize("typed", ["1475", "2530", "12345"])
def test_what_is_no_time_stays_and_is_said(qgis_app, qtbot, typed):
    grid = WeekGrid()
    qtbot.addWidget(grid)
    grid.set_text("")
    grid.table.item(0, 0).setText(typed)
    assert grid.table.item(0, 0).text() == typed and grid.problem


def test_every_day_is_whole_in_sight_whatever_the_theme(qgis_app, qtbot):
    """A theme gives titles, borders and letters other sizes once the grid is shown in a window."""
    window = QWidget()
    qtbot.addWidget(window)
    window.setStyleSheet(
        "QTableView { border: 3px solid; font-size: 15pt; } QHeaderView::section { padding: 6px; font-size: 15pt; }"
    )
    grid = WeekGrid()
    grid.set_text("Mo-Su 09:00-12:00")
    QVBoxLayout(window).addWidget(grid)
    window.show()
    QApplication.processEvents()
    table = grid.table
    sunday = table.visualItemRect(table.item(6, 0))
    assert table.viewport().rect().contains(sunday), (table.viewport().rect(), sunday)
