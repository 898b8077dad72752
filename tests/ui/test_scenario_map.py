"""Minutes gained and lost, drawn pixel by pixel, and the table by zone."""

from __future__ import annotations

import math

import numpy as np
import pytest
from carto_services_publics.core.siting.scenarios import ZoneChanges
from carto_services_publics.processing.styling.palette import CHANGES
from carto_services_publics.processing.styling.renderers import change_classes
from carto_services_publics.ui.scenario_map import HARDLY_ANY, draw_changes, rank_of
from carto_services_publics.ui.scenario_zones import Zones, ZonesTable, changed_zones
from hypothesis import given
from hypothesis import strategies as st
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor

SIZE = st.integers(1, 30)


@pytest.mark.parametrize("change", [-math.inf, -20, -15, -14, -5, -4, -1, -0.9, 0, 0.9, 1, 4, 5, 14, 15, 20, math.inf])
def test_each_change_is_in_the_class_that_the_legend_says(qgis_app, change):
    """Bounds belong to the class farther from no change, as in the rules of the layers."""
    classes = [step for _label, step in change_classes(distance=False)]
    (rank,) = rank_of(np.array([float(change)]))
    low, high = classes[rank].low, classes[rank].high
    assert low <= change <= high
    if rank != HARDLY_ANY:
        assert change not in (low, high) or math.isinf(change) or abs(change) == min(abs(low), abs(high))


def test_what_nobody_knows_is_not_drawn():
    assert rank_of(np.array([np.nan])).tolist() == [HARDLY_ANY]
    drawn = draw_changes(np.array([[5.0, 5.0], [np.nan, 2.0]]), np.array([HARDLY_ANY, 0]), 10, 10, 4)
    assert not drawn.any()


@given(
    SIZE, SIZE, st.integers(1, 6), st.lists(st.tuples(st.integers(-40, 70), st.integers(-40, 70), st.integers(0, 6)))
)
def test_every_place_is_where_it_is_and_none_is_wrapped_around(width, height, radius, places):
    places = [(x, y, rank) for x, y, rank in places if rank != HARDLY_ANY]
    pixels = np.array([place[:2] for place in places], float).reshape(-1, 2)
    drawn = draw_changes(pixels, np.array([place[2] for place in places], int), width, height, radius)
    assert drawn.shape == (height, width, 4)
    y, x = np.mgrid[:height, :width]
    for lost in (False, True):
        near = np.zeros((height, width), bool)
        for east, south, rank in places:
            away = abs(x - east), abs(y - south)
            if (rank > HARDLY_ANY) == lost:
                near |= (np.maximum(*away) < radius) if lost else (away[0] ** 2 + away[1] ** 2 < radius**2)
        assert (drawn[near][:, 3] == 255).all()
        drawn[near] = 0
    assert not drawn.any()


def test_the_largest_change_is_on_top_and_those_who_lose_have_an_edge():
    drawn = draw_changes(np.full((2, 2), 6.0), np.array([0, 2]), 13, 13, 4)
    assert tuple(drawn[6, 6]) == QColor(CHANGES[0]).getRgb()
    lost = draw_changes(np.full((1, 2), 6.0), np.array([6]), 13, 13, 4)
    assert tuple(lost[6, 6]) == QColor(CHANGES[6]).getRgb() != tuple(lost[6, 9])
    assert lost[3, 3, 3] == 255 and drawn[3, 3, 3] == 0  # a square has corners


def changes():
    """Four zones, the last one for those who live in none."""
    figures = [(10, 10, 10, 10), (5, 0, 0, 0), (0, 2, 0, 0), (0, 0, 9, 0), (0, 0, 0, 7), (20, 0, 0, 0), (0, 4, 0, 0)]
    return ZoneChanges(*(np.array(each, float) for each in figures))


def test_zones_that_change_are_listed_those_with_most_people_first():
    assert [zone[:3] for zone in changed_zones(changes())] == [
        (2, 9.0, 0.0),
        (3, 0.0, 7.0),
        (0, 5.0, 0.0),
        (1, 0.0, 2.0),
    ]
    assert [zone.minutes for zone in changed_zones(changes())] == pytest.approx([np.nan, np.nan, -4, 2], nan_ok=True)


def test_the_table_sorts_by_number_and_names_those_outside(qgis_app, qtbot):
    table = ZonesTable()
    qtbot.addWidget(table)
    table.follow(Zones(["Èze", "=Peille", "Sospel"], [(0, 0, 1, 1), (), (2, 2, 3, 3)], np.array([0, 1, 2])))
    table.show_changes(changes())
    assert [table.item(row, 0).text() for row in range(4)] == ["Sospel", "outside the zones", "Èze", "=Peille"]
    assert "'=Peille\t0\t2\t+2.0" in table.as_text()
    table.sortItems(1, Qt.SortOrder.AscendingOrder)
    assert [table.item(row, 1).text() for row in range(4)] == ["0", "0", "5", "9"]
    asked = []
    table.zone_asked.connect(asked.append)
    for row in range(4):
        table.cellActivated.emit(row, 0)
    assert sorted(box.xMinimum() for box in asked) == [0, 2], "zones without bounds are not shown"
    table.show_changes(None)
    assert table.isHidden()
