"""Click on the map: the isochrones of the place within a second; drag it to compare."""

from __future__ import annotations

import threading
import time

import pytest
from carto_services_publics.core.access.local_engine import LocalEngine
from carto_services_publics.core.network import BuildOptions, build_network, open_network
from carto_services_publics.core.network.lines import RoadLines
from carto_services_publics.core.routing.engines import TravelMode
from carto_services_publics.ui.isochrone_contents import ground_reader
from carto_services_publics.ui.isochrone_tool import IsochroneTool, Wanted
from carto_services_publics.ui.result_groups import PINNED, result_groups
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent
from qgis.PyQt.QtCore import QEvent, QPoint, Qt
from qgis.PyQt.QtGui import QKeyEvent


@pytest.fixture
def roads_may_open():
    """Cleared, the roads of the tool wait for it."""
    allowed = threading.Event()
    allowed.set()
    yield allowed
    allowed.set()


@pytest.fixture
def tool(qgis_app, tmp_path, roads_may_open):
    def opened():
        roads_may_open.wait(5)
        return LocalEngine(open_network(path), 1000)

    lines = [[(x, 0.0), (x + 1000.0, 0.0)] for x in range(0, 40_000, 1000)]
    path = tmp_path / "road.network"
    options = BuildOptions(preset="generic", cost_field="minutes")
    build_network(RoadLines.of(lines, {"minutes": [1.0] * 40}), options, path)
    canvas = QgsMapCanvas()
    canvas.resize(400, 400)
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:2154"))
    canvas.setExtent(QgsRectangle(0, -20_000, 40_000, 20_000))
    made = IsochroneTool(canvas, opened, Wanted((5.0, 10.0), TravelMode()))
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
    _pass_over(other, (20_000, 0))
    assert other._engine is not None and not asked and not other._soon.isActive()
    tool.canvas().setMapTool(tool)


# -- under the pointer ------------------------------------------------------------------------------------------------


def _pass_over(tool, *places):
    for place in places:
        pixel = tool.toCanvasCoordinates(QgsPointXY(*place))
        kind, none = QEvent.Type.MouseMove, Qt.MouseButton.NoButton
        tool.canvasMoveEvent(QgsMapMouseEvent(tool.canvas(), kind, QPoint(pixel.x(), pixel.y()), none, none))


@pytest.fixture
def ready(tool, qtbot):
    qtbot.waitUntil(lambda: tool._task is None, timeout=5000)
    return tool


def test_the_place_where_the_pointer_rests_is_previewed_and_a_click_keeps_it(ready, qtbot):
    seen = []
    ready.previewed.connect(lambda areas: seen.append(areas[5.0].boundingBox().center().x()))
    start = time.perf_counter()
    _pass_over(ready, *((x, 0) for x in range(10_000, 25_000, 100)))
    passing = time.perf_counter() - start
    assert not seen and passing < 1.0, "moves compute nothing"
    qtbot.waitUntil(lambda: bool(seen), timeout=5000)
    assert seen == [pytest.approx(24_900, abs=300)] and _shown(ready)[0] == [True, True]
    assert ready.keep() is None and not ready.contents.keep_button.isVisibleTo(ready.contents)
    assert ready.contents.text().split("\n") == ["5\u00a0min", "10\u00a0min"], "a legend without people says how far"
    _pass_over(ready, (12_000, 0))
    with qtbot.waitSignal(ready.drawn, timeout=5000) as drawn:
        ready.canvasPressEvent(_mouse(ready, QEvent.Type.MouseButtonPress, (15_000, 0)))
        ready.canvasReleaseEvent(_mouse(ready, QEvent.Type.MouseButtonRelease, (15_000, 0)))
    _pass_over(ready, (30_000, 0))
    assert not ready._soon.isActive(), "what was clicked stays"
    assert drawn.args[0][5.0].boundingBox().center().x() == pytest.approx(15_000, abs=300)


def _right_click(tool):
    right = Qt.MouseButton.RightButton
    tool.canvasReleaseEvent(QgsMapMouseEvent(tool.canvas(), QEvent.Type.MouseButtonRelease, QPoint(5, 5), right, right))


def test_a_right_click_lets_go_of_the_place(ready, qtbot):
    with qtbot.waitSignal(ready.drawn, timeout=5000):
        ready.look_from(QgsPointXY(20_000, 0))
    _right_click(ready)
    assert _shown(ready)[0] == [False, False] and not ready.contents.isVisibleTo(ready.canvas())
    with qtbot.waitSignal(ready.previewed, timeout=5000):
        _pass_over(ready, (20_000, 0))


@pytest.fixture
def roads_wait(roads_may_open):
    roads_may_open.clear()
    return roads_may_open


def test_a_right_click_while_the_roads_are_being_opened_does_not_stop_the_preview(roads_wait, tool, qtbot):
    assert tool._task is not None and tool._engine is None
    tool.look_from(QgsPointXY(10_000, 0))
    _right_click(tool)
    assert tool._task is not None, "the roads are still wanted"
    drawn = []
    tool.drawn.connect(drawn.append)
    roads_wait.set()
    qtbot.waitUntil(lambda: tool._task is None, timeout=5000)
    assert not drawn and _shown(tool)[0] == [False, False], "the place clicked before is not wanted any more"
    with qtbot.waitSignal(tool.previewed, timeout=5000):
        _pass_over(tool, (20_000, 0))


def test_putting_the_tool_down_while_the_roads_are_being_opened_waits_for_nothing(tool, qtbot):
    opening = tool._task
    tool.canvas().unsetMapTool(tool)
    assert tool._task is None and opening.feedback.isCanceled()
    tool.canvas().setMapTool(tool)
    qtbot.waitUntil(lambda: tool._task is None and tool._engine is not None, timeout=5000)


def test_where_no_road_is_near_the_pointer_the_legend_says_so_and_no_message_comes(ready, qtbot):
    said = []
    ready.failed.connect(said.append)
    _pass_over(ready, (20_000, 15_000))
    qtbot.waitUntil(lambda: bool(ready.contents.hint.text()), timeout=5000)
    assert "m" in ready.contents.hint.text() and not said and _shown(ready)[0] == [False, False]


def test_the_keyboard_asks_for_the_middle_of_the_map(ready, qtbot):
    with qtbot.waitSignal(ready.drawn, timeout=5000) as drawn:
        ready.keyPressEvent(QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier))
    assert drawn.args[0][5.0].boundingBox().center().x() == pytest.approx(20_000, abs=300)


# -- what the areas hold ----------------------------------------------------------------------------------------------


class Page:
    """The choices of the page « Accès » that matter here."""

    def __init__(self, demand, services, moment=""):
        self._moment = moment
        self.demand, self.services = Box(demand), Box(services)
        self.weight, self.groups = Box("population"), Box(["ind_80p"])

    def open_at(self):
        return self._moment

    def people(self):
        return self.demand.currentLayer()


class Box:
    def __init__(self, chosen):
        self.currentLayer = self.currentField = self.checkedItemsData = lambda: chosen


def drawn_layer(fields, *rows):
    layer = QgsVectorLayer("Point?crs=EPSG:2154&" + "&".join(f"field={field}" for field in fields), "drawn", "memory")
    for (x, y), *attributes in rows:
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(x, y)))
        feature.setAttributes(attributes)
        layer.dataProvider().addFeature(feature)
    return layer


def _rows(layer):
    names = [name for name in layer.fields().names() if name != "id"]
    return {row["cutoff"]: ({name: row[name] for name in names}, row.geometry()) for row in layer.getFeatures()}


def test_what_is_kept_is_what_the_algorithm_writes(provider, qgis_new_project, tool, qtbot, tmp_path):
    """Areas, columns and people; another one kept stands beside it, drawn too."""
    import processing

    people = drawn_layer(
        ("population:double", "ind_80p:double"), ((18_000, 50), 1200.0, 30.0), ((27_000, 0), 34.0, 1.0)
    )
    places = drawn_layer(("categorie:string",), ((20_000, 0), "mairie"), ((27_000, 0), "la_poste"))
    other = IsochroneTool(tool.canvas(), tool._open_engine, tool._wanted, ground_reader(Page(people, places)))
    tool.canvas().setMapTool(other)
    with qtbot.waitSignal(other.drawn, timeout=5000):
        other.look_from(QgsPointXY(20_000, 0))
    other.contents.keep_button.click()
    (kept,) = QgsProject.instance().mapLayersByName("Isochrones of a place")
    asked = {
        "INPUT": drawn_layer(("id:string",), ((20_000, 0), "a")),
        "NETWORK": str(tmp_path / "road.network"),
        "CUTOFFS": "5,10",
        "DIRECTION": "departure",
        "DEMAND": people,
        "DEMAND_WEIGHT": "population",
        "GROUPS": ["ind_80p"],
        "SERVICES": places,
        "CATEGORY_FIELD": "categorie",
    }
    written = processing.run("cartoservices:isochrones", {**asked, "OUTPUT": "memory:", "FAILED": "memory:"})["OUTPUT"]
    own, expected = _rows(kept), _rows(written)
    assert {cutoff: values for cutoff, (values, _) in own.items()} == {
        cutoff: values for cutoff, (values, _) in expected.items()
    }
    assert own[10.0][0]["groupe_ind_80p"] == 31 and own[10.0][0]["nb_la_poste"] == 1
    for cutoff, (_, area) in own.items():
        assert area.symDifference(expected[cutoff][1]).area() < 1e-6 * area.area()
    other.keep()
    groups = [group for group in result_groups() if "Isochrones of a place" in group.name()]
    assert len(groups) == 2 and all(group.customProperty(PINNED) and group.itemVisibilityChecked() for group in groups)
    tool.canvas().setMapTool(tool)


@pytest.mark.parametrize("moment, services", [("", "2 services"), ("Sa 10:00", "1 service (Post office 1)")])
def test_the_areas_say_who_lives_in_them_and_what_is_there(tool, qtbot, moment, services):
    people = drawn_layer(
        ("population:double", "ind_80p:double"),
        ((18_000, 50), 1200.0, 30.0),
        ((27_000, 0), 34.0, None),
        ((39_000, 0), 7.0, 1.0),
    )
    places = drawn_layer(
        ("categorie:string", "horaires:string"),
        ((20_000, 0), "mairie", "Mo 09:00-12:00"),
        ((16_000, 0), "la_poste", "Sa 09:00-12:00"),
        ((1_000, 0), "mairie", ""),
    )
    other = IsochroneTool(tool.canvas(), tool._open_engine, tool._wanted, ground_reader(Page(people, places, moment)))
    tool.canvas().setMapTool(other)
    with qtbot.waitSignal(other.drawn, timeout=5000):
        other.look_from(QgsPointXY(20_000, 0))
    near, far = other.contents.text().split("\n")
    assert near.startswith("5\u00a0min – 1,200 inhabitants (people of 80 and more 30) · ")
    assert far.startswith("10\u00a0min – 1,234 inhabitants (people of 80 and more 30) · ")
    assert near.partition(" · ")[2].startswith(services)
    legend = other.contents
    for _again in range(2):  # a legend that is seen already is laid out anew
        other.canvas().show()
        other.look_from(QgsPointXY(20_000, 0))
        qtbot.waitUntil(lambda: other._task is None, timeout=5000)
        lines = [legend._grid.itemAtPosition(row, 1).widget() for row in range(2)]
        assert all(line.height() >= line.heightForWidth(line.width()) > 0 for line in lines if line.wordWrap())
        assert all(line.height() >= line.fontMetrics().height() for line in lines)
        assert legend.rect().contains(legend.keep_button.geometry())
        assert legend.keep_button.height() >= legend.keep_button.sizeHint().height()
    assert not other.contents.isHidden()
    with qtbot.waitSignal(other.failed, timeout=5000):
        other.look_from(QgsPointXY(20_000, 15_000))
    assert other.contents.isHidden()
    tool.canvas().setMapTool(tool)
    assert other.contents.isHidden()
