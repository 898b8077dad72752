"""What lies in the corner of the map is seen whole, whatever the size of the map, and hides nothing of its kind."""

from __future__ import annotations

from itertools import combinations

import pytest
from carto_services_publics.ui.isochrone_legend import IsochroneLegend, Row
from carto_services_publics.ui.scenario_map import ChangesLegend
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtGui import QColor

LONG = "10 min – " + "1 200 habitants (80 ans et plus 30) · " * 3


@pytest.fixture
def canvas(qgis_app, qtbot):
    canvas = QgsMapCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(900, 700)
    canvas.show()
    return canvas


def seen_whole(canvas, *legends):
    places = [legend.geometry() for legend in legends if not legend.isHidden()]
    assert places and all(canvas.rect().contains(place) for place in places), (canvas.rect(), places)
    assert not any(one.intersects(other) for one, other in combinations(places, 2)), places


def test_legends_stand_on_each_other_and_follow_the_size_of_the_map(canvas):
    changes, isochrones = ChangesLegend(canvas), IsochroneLegend(canvas, "en voiture")
    changes.tell("La Poste : minutes, par rapport à aujourd'hui")
    isochrones.show_rows([Row(QColor("red"), LONG), Row(QColor("blue"), "20 min")], "", True)
    seen_whole(canvas, changes, isochrones)
    for width, height in ((900, 450), (420, 700), (1200, 900)):
        canvas.resize(width, height)
        seen_whole(canvas, changes, isochrones)
    (line, _other) = isochrones._lines
    assert line.height() >= line.heightForWidth(line.width()) or not line.wordWrap()
    above = isochrones.y()
    changes.stand(False)
    assert isochrones.y() > above, "it comes down where the other stood"
    canvas.resize(900, 600)
    assert changes.isHidden(), "what is hidden stays so"
    seen_whole(canvas, isochrones)
