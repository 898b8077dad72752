"""Click on the map: the isochrones of the place within a second; drag it to compare."""

from __future__ import annotations

import time

import pytest
from carto_services_publics.core.access.local_engine import LocalEngine
from carto_services_publics.core.network import BuildOptions, build_network, open_network
from carto_services_publics.core.network.lines import RoadLines
from carto_services_publics.core.routing.engines import TravelMode
from carto_services_publics.ui.isochrone_tool import IsochroneTool, Wanted
from qgis.core import QgsCoordinateReferenceSystem, QgsPointXY, QgsRectangle
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent
from qgis.PyQt.QtCore import QEvent, QPoint, Qt


@pytest.fixture
def tool(qgis_app, tmp_path):
    lines = [[(x, 0.0), (x + 1000.0, 0.0)] for x in range(0, 40_000, 1000)]
    path = tmp_path / "road.network"
    options = BuildOptions(preset="generic", cost_field="minutes")
    build_network(RoadLines.of(lines, {"minutes": [1.0] * 40}), options, path)
    canvas = QgsMapCanvas()
    canvas.resize(400, 400)
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:2154"))
    canvas.setExtent(QgsRectangle(0, -20_000, 40_000, 20_000))
    made = IsochroneTool(canvas, lambda: LocalEngine(open_network(path), 1000), Wanted((5.0, 10.0), TravelMode()))
    canvas.setMapTool(made)
    yield made
    canvas.unsetMapTool(made)


def _mouse(tool, kind, at):
    pixel = tool.toCanvasCoordinates(QgsPointXY(*at))
    button = Qt.MouseButton.LeftButton
    return QgsMapMouseEvent(tool.canvas(), kind, QPoint(pixel.x(), pixel.y()), button, button)


def _shown(tool):
    return [not band.asGeometry().isEmpty() for band in tool._fills], [
        not band.asGeometry().isEmpty() for band in tool._outlines
    ]


def test_a_click_shows_the_areas_of_the_place_within_a_second(tool, qtbot):
    start = time.monotonic()
    with qtbot.waitSignal(tool.drawn, timeout=5000) as drawn:
        tool.canvasPressEvent(_mouse(tool, QEvent.Type.MouseButtonPress, (20_000, 0)))
    assert time.monotonic() - start < 1
    tool.canvasReleaseEvent(_mouse(tool, QEvent.Type.MouseButtonRelease, (20_000, 0)))
    (areas,) = drawn.args
    box = areas[5.0].boundingBox()
    assert box.width() == pytest.approx(10_000, rel=0.05) and box.center().x() == pytest.approx(20_000, abs=200)
    assert areas[10.0].contains(areas[5.0])
    assert _shown(tool)[0] == [True, True]


def test_dragging_keeps_the_outline_of_the_first_place_and_ends_with_the_last(tool, qtbot):
    with qtbot.waitSignal(tool.drawn, timeout=5000):
        tool.look_from(QgsPointXY(10_000, 0))
    tool.canvasPressEvent(_mouse(tool, QEvent.Type.MouseButtonPress, (10_000, 0)))
    for x in range(11_000, 30_001, 1_000):
        tool.canvasMoveEvent(_mouse(tool, QEvent.Type.MouseMove, (x, 0)))
    assert _shown(tool)[1] == [True, True]
    seen = []
    tool.drawn.connect(seen.append)
    tool.canvasReleaseEvent(_mouse(tool, QEvent.Type.MouseButtonRelease, (30_000, 0)))
    qtbot.waitUntil(lambda: tool._task is None, timeout=5000)
    assert seen[-1][5.0].boundingBox().center().x() == pytest.approx(30_000, abs=200)
    assert len(seen) < 20  # places passed while one was computed are skipped
    assert _shown(tool)[1] == [False, False]


def test_a_place_far_from_any_road_is_said_and_nothing_stays_on_the_map(tool, qtbot):
    with qtbot.waitSignal(tool.failed, timeout=5000) as failed:
        tool.look_from(QgsPointXY(20_000, 15_000))
    assert "m" in failed.args[0]
    assert _shown(tool)[0] == [False, False]


def test_leaving_the_tool_takes_everything_off_the_map(tool, qtbot):
    with qtbot.waitSignal(tool.drawn, timeout=5000):
        tool.look_from(QgsPointXY(20_000, 0))
    tool.deactivate()
    assert _shown(tool) == ([False, False], [False, False])


def test_a_click_while_the_tool_makes_itself_ready_is_answered(tool, qtbot):
    assert tool._task is not None  # the roads are being opened
    with qtbot.waitSignal(tool.drawn, timeout=5000) as drawn:
        tool.look_from(QgsPointXY(20_000, 0))
    (areas,) = drawn.args
    assert areas[5.0].boundingBox().center().x() == pytest.approx(20_000, abs=200)


def test_nothing_is_shown_before_a_place_is_asked_for(tool, qtbot):
    qtbot.waitUntil(lambda: tool._task is None, timeout=5000)
    assert tool._engine is not None
    assert _shown(tool)[0] == [False, False]


def test_a_server_is_asked_for_nothing_before_the_user_clicks(tool, qtbot):
    class Server:
        name, crs = "server", "EPSG:4326"

        def isochrones(self, requests, travel, progress=None):
            asked.append(requests)
            return iter(())

    asked: list = []
    qtbot.waitUntil(lambda: tool._task is None, timeout=5000)
    other = IsochroneTool(tool.canvas(), Server, Wanted((5.0,), TravelMode()))
    tool.canvas().setMapTool(other)
    qtbot.waitUntil(lambda: other._task is None, timeout=5000)
    assert other._engine is not None and not asked
    tool.canvas().setMapTool(tool)
