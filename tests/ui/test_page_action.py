"""The page Act: places proposed in words, and what moving a site changes while it is moved."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from carto_services_publics.core.network.change import DIRECT, OPEN, REVERSE, SPEED, WAY
from carto_services_publics.i18n import number
from carto_services_publics.processing.attributes import as_text
from carto_services_publics.processing.coordinates import project_mover
from carto_services_publics.processing.styling import STYLE_PROPERTY
from carto_services_publics.processing.styling.palette import CHANGES
from carto_services_publics.tests.pace import SLOWER, crowd
from carto_services_publics.ui import page_action, scenario_layers
from carto_services_publics.ui.hours_dialog import HoursDialog
from carto_services_publics.ui.live_scenario import Site, displaced
from carto_services_publics.ui.places_table import CLOSE as CLOSE_UP
from carto_services_publics.ui.result_groups import RESULT_OF, result_groups
from carto_services_publics.ui.scenario_layers import ORIGIN, SERVICE
from carto_services_publics.ui.scenario_map import HARDLY_ANY
from carto_services_publics.ui.scenario_roads import CLOSE_AREA
from carto_services_publics.ui.scenario_tool import ADD, CLOSE, HOURS, MOVE
from carto_services_publics.ui.scenario_view import ScenarioView
from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsSettings,
)
from qgis.gui import QgsMapMouseEvent
from qgis.PyQt.QtCore import QEvent, QLocale, QPoint, Qt
from qgis.PyQt.QtGui import QKeyEvent
from qgis.PyQt.QtTest import QTest

LAMBERT = QgsCoordinateReferenceSystem("EPSG:2154")


@pytest.fixture
def page(access, qgis_iface, qtbot, tmp_path, monkeypatch):
    """The page Act, on what is chosen on the page Access."""
    monkeypatch.setattr(scenario_layers, "data_folder", lambda *_inside: tmp_path)
    QgsSettings().remove(page_action.SETTINGS)
    page = page_action.ActionPage(qgis_iface, access, lambda: "")
    qtbot.addWidget(page)
    page.resize(390, 800)
    page.show()
    yield page
    page.scenario.leave()
    QgsProject.instance().clear()


@pytest.mark.parametrize(("status", "said"), [("infeasible", "can be served"), ("undecided", "was not found out")])
def test_what_time_did_not_decide_is_not_called_impossible(status, said):
    assert said in page_action._proof_sentence({"STATUS": status})


def run(page, qtbot):
    page.run()
    qtbot.waitUntil(lambda: page.progress.run is None, timeout=60_000)


def started(page, qtbot):
    page.scenario.start()
    qtbot.waitUntil(lambda: page.scenario._task is None, timeout=30_000)
    return page.scenario.layer


def first(layer, category):
    return next(layer.getFeatures(QgsFeatureRequest().setFilterExpression(f"categorie = '{category}'")))


def move(layer, site, east, north):
    """Move a site by metres."""
    shape = QgsGeometry(site.geometry())
    there = QgsCoordinateTransform(layer.crs(), LAMBERT, QgsProject.instance())
    shape.transform(there)
    shape.translate(east, north)
    shape.transform(there, Qgis.TransformDirection.Reverse)
    layer.changeGeometry(site.id(), shape)


def test_where_no_candidates_are_chosen_the_page_says_what_is_taken(page):
    assert page.candidates.currentLayer() is None and page.candidates.currentText() == "anywhere people live"


def test_three_places_are_proposed_in_words_as_a_list_and_as_a_curve(page, qtbot):
    page.category.setCurrentIndex(page.category.findData("pharmacie"))
    page.threshold.setValue(10)
    run(page, qtbot)
    assert page.answer.text().startswith("3 places: ") and "within 10 min (from" in page.answer.text()
    assert page.proof.text().startswith("Proven: no other choice does better")
    assert page.places.rowCount() == 3
    gains = [float(page.places.item(row, 1).text().replace(",", "")) for row in range(3)]
    assert gains == sorted(gains, reverse=True) and gains[0] > 0
    communes = {feature["nom"] for feature in page._access.zones.currentLayer().getFeatures()}
    assert {page.places.item(row, 0).text() for row in range(3)} <= communes
    assert len(page.chart.curve.points) > 3 and page.chart.isVisible()
    assert page.bend.text() == page.chart.accessibleDescription() != ""
    assert not page.chart.grab().toImage().isNull()
    # The drawing is as high as what the curve covers; a click on a number asks for it.
    heights = [page.chart._at(point).y() for point in page.chart.curve.points]
    assert max(heights) - min(heights) > 0.5 * page.chart._area().height()
    qtbot.mouseClick(page.chart, Qt.MouseButton.LeftButton, pos=page.chart.place_of(2).center().toPoint())
    qtbot.waitUntil(lambda: page.progress.run is None, timeout=60_000)
    assert page.sites.value() == 2 == page.places.rowCount() and page.answer.text().startswith("2 places: ")
    gained = page.chart.curve.points[2].covered - page.chart.curve.points[0].covered
    assert f": {number(gained)} more" in page.answer.text()
    page.chart.read(0)
    qtbot.keyClick(page.chart, Qt.Key.Key_Right)
    qtbot.keyClick(page.chart, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.progress.run is None, timeout=60_000)
    assert page.places.rowCount() == 1


def test_a_click_on_a_place_shows_it(page, qtbot, qgis_iface):
    page.category.setCurrentIndex(page.category.findData("pharmacie"))
    run(page, qtbot)
    canvas = qgis_iface.mapCanvas()
    canvas.setDestinationCrs(LAMBERT)
    canvas.resize(400, 400)
    canvas.setExtent(QgsRectangle(1_000_000, 6_000_000, 1_100_000, 6_100_000))
    page.places.cellClicked.emit(1, 0)
    assert canvas.scale() == pytest.approx(CLOSE_UP, rel=0.05)
    (proposed,) = QgsProject.instance().mapLayersByName("Proposed sites")
    second = next(place for place in proposed.getFeatures() if place["rang"] == 2)
    assert canvas.center().distance(second.geometry().asPoint()) < 50


@pytest.mark.parametrize(
    ("model", "says", "gain"),
    [
        ("lscp", "to reach everyone within 60 min", "People gained"),
        ("pmedian", "min on average, ", "Minutes × inhabitants saved"),
        ("pcenter", "the longest journey", "Minutes off the longest journey"),
    ],
)
def test_each_model_has_its_words(page, qtbot, model, says, gain):
    page.category.setCurrentIndex(page.category.findData("pharmacie"))
    page.model.setCurrentIndex(page.model.findData(model))
    page.threshold.setValue(60)
    run(page, qtbot)
    assert says in page.answer.text(), (page.answer.text(), page.progress.word.text())
    assert page.places.horizontalHeaderItem(1).toolTip() == gain
    assert page.chart.is_choosable == (model != "lscp"), "which says itself how many"


def test_choices_are_remembered(page, qtbot, qgis_iface):
    page.category.setCurrentIndex(page.category.findData("mairie"))
    page.sites.setValue(2)
    page.threshold.setValue(15)
    page._remember_choices()
    again = page_action.ActionPage(qgis_iface, page._access, lambda: "")
    qtbot.addWidget(again)
    assert (again.category.currentData(), again.sites.value(), again.threshold.value()) == ("mairie", 2, 15)


def test_what_is_lacking_is_named(page):
    page._access.demand.setLayer(None)
    page.run()
    assert page.answer.text() == "Choose first: People."
    page.scenario.start()
    assert page.scenario.words.text() == "Choose first: People."


def test_moving_a_site_says_who_comes_nearer_within_two_seconds(page, qtbot):
    layer = started(page, qtbot)
    assert layer.isEditable() and {f["scenario"] for f in layer.getFeatures()} == {"Scenario 1"}
    site = first(layer, "la_poste")
    with qtbot.waitSignal(page.scenario.updated, timeout=10_000) as told:
        move(layer, site, 400, 200)
    assert told.args[0] < 2.0
    words = page.scenario.words.text()
    assert words.startswith("Post office: ") and "inhabitants nearer" in words and "farther" in words
    assert "min on average" in words and "Pharmacy" not in words
    layer.undoStack().undo()
    qtbot.waitUntil(lambda: "changes nothing" in page.scenario.words.text(), timeout=5_000)


def test_a_comparison_of_the_places_open_at_an_hour_says_which(page, qtbot):
    access = page._access
    access.only_open.setChecked(True)
    access.weekday.setCurrentIndex(access.weekday.findData("Tu"))
    access.hour.setCurrentText("10:00")
    layer = started(page, qtbot)
    with qtbot.waitSignal(page.scenario.updated, timeout=10_000):
        for site in list(layer.getFeatures(QgsFeatureRequest().setFilterExpression("categorie = 'mairie'"))):
            layer.deleteFeature(site.id())
    page.scenario.compare()
    access.only_open.setChecked(False)  # another question since
    qtbot.waitUntil(lambda: page.scenario.progress.run is None, timeout=60_000)
    (group,) = (group for group in result_groups() if group.customProperty(RESULT_OF) == "Scenario 1")
    assert group.name() == f"Scenario 1 – on {QLocale().dayName(2)} at 10:00"


def test_the_words_agree_with_the_comparison(page, qtbot):
    layer = started(page, qtbot)
    with qtbot.waitSignal(page.scenario.updated, timeout=10_000):
        layer.deleteFeature(first(layer, "pharmacie").id())
    words = page.scenario.words.text()
    page.scenario.compare()
    qtbot.waitUntil(lambda: page.scenario.progress.run is None, timeout=60_000)
    table = next(
        layer
        for layer in QgsProject.instance().mapLayers().values()
        if layer.fields().lookupField("pop_perd") >= 0 and layer.fields().lookupField("type") >= 0
    )
    total = next(row for row in table.getFeatures() if row["type"] == "total")
    assert f"{number(total['pop_perd'])} farther" in words
    assert f"by {number(total['perte_totale'] / total['pop_perd'], 1)} min" in words
    assert sum(row["type"] == "zone" for row in table.getFeatures()) == 5
    access, live = page._access, page.scenario.view.table
    names = {zone[access.zone_id.currentField()]: zone["nom"] for zone in access.zones.currentLayer().getFeatures()}
    compared = {names[row["identifiant"]]: row["pop_perd"] for row in table.getFeatures() if row["type"] == "zone"}
    followed = {
        live.item(row, 0).text(): live.item(row, 2).data(Qt.ItemDataRole.UserRole) for row in range(live.rowCount())
    }
    assert followed == pytest.approx({name: lost for name, lost in compared.items() if lost})
    (zones,) = (
        layer
        for layer in QgsProject.instance().mapLayers().values()
        if layer.fields().lookupField("ecart") >= 0 and layer.fields().lookupField("pop_perd") >= 0
    )
    assert sum(zone["pop_perd"] for zone in zones.getFeatures()) == pytest.approx(total["pop_perd"], rel=0.02)
    worst = max(zones.getFeatures(), key=lambda zone: zone["pop_perd"])
    assert worst["ecart"] > 0


def test_closing_the_last_site_is_said_and_compared(page, qtbot):
    layer = started(page, qtbot)
    with qtbot.waitSignal(page.scenario.updated, timeout=10_000):
        for site in layer.getFeatures(QgsFeatureRequest().setFilterExpression("categorie = 'pharmacie'")):
            layer.deleteFeature(site.id())
    assert "lose all access" in page.scenario.words.text()
    page.scenario.compare()
    qtbot.waitUntil(lambda: page.scenario.progress.run is None, timeout=60_000)
    assert QgsProject.instance().layerTreeRoot().findGroup("Scenario 1") is not None


def test_a_site_put_far_from_every_road_is_said(page, qtbot):
    layer = started(page, qtbot)
    with qtbot.waitSignal(page.scenario.updated, timeout=10_000):
        move(layer, first(layer, "pharmacie"), 0, -30_000)
    assert "that serve nobody: 1." in page.scenario.words.text()


def test_a_site_added_counts_and_saving_keeps_the_words(page, qtbot):
    layer = started(page, qtbot)
    site = QgsFeature(layer.fields())
    people = page._access.demand.currentLayer()
    homes = [home.geometry() for home in people.getFeatures()]
    home = QgsGeometry(max(homes, key=lambda shape: shape.asPoint().y()))
    home.transform(QgsCoordinateTransform(people.crs(), layer.crs(), QgsProject.instance()))
    site.setGeometry(home)
    site["categorie"] = "mairie"
    with qtbot.waitSignal(page.scenario.updated, timeout=10_000):
        layer.addFeature(site)
    words = page.scenario.words.text()
    assert "nearer" in words and "farther" not in words
    with qtbot.waitSignal(page.scenario.updated, timeout=10_000):
        assert layer.commitChanges()
    assert page.scenario.words.text() == words


@pytest.fixture
def canvas(qgis_iface):
    """The map, on the whole demonstration territory, without a tool in hand at the end."""
    canvas = qgis_iface.mapCanvas()
    canvas.setDestinationCrs(LAMBERT)
    canvas.window().resize(600, 600)
    canvas.resize(600, 600)
    canvas.window().show()
    canvas.window().grab()  # lays out
    yield canvas
    canvas.unsetMapTool(canvas.mapTool())
    canvas.window().hide()


def on_map(canvas, layer, site):
    """Where a site is on the map, which shows two kilometres around it."""
    shape = QgsGeometry(site.geometry())
    shape.transform(QgsCoordinateTransform(layer.crs(), LAMBERT, QgsProject.instance()))
    place = shape.asPoint()
    canvas.setExtent(QgsRectangle.fromCenterAndSize(place, 2000, 2000))
    return place


def mouse(canvas, kind, place):
    pixel = canvas.mapTool().toCanvasCoordinates(place)
    button = Qt.MouseButton.LeftButton
    event = QgsMapMouseEvent(canvas, kind, QPoint(pixel.x(), pixel.y()), button, button)
    tool = canvas.mapTool()
    {
        QEvent.Type.MouseButtonPress: tool.canvasPressEvent,
        QEvent.Type.MouseMove: tool.canvasMoveEvent,
        QEvent.Type.MouseButtonRelease: tool.canvasReleaseEvent,
    }[kind](event)


def click(canvas, place):
    mouse(canvas, QEvent.Type.MouseButtonPress, place)
    mouse(canvas, QEvent.Type.MouseButtonRelease, place)


def key(canvas, code, modifier=Qt.KeyboardModifier.NoModifier):
    canvas.mapTool().keyPressEvent(QKeyEvent(QEvent.Type.KeyPress, code, modifier))


def told_by(page, qtbot):
    return qtbot.waitSignal(page.scenario.updated, timeout=10_000)


def test_a_click_on_the_map_adds_a_place_of_the_current_service(page, qtbot, canvas):
    layer = started(page, qtbot)
    qtbot.waitUntil(lambda: page.scenario.bar.acts[ADD].isEnabled(), timeout=20_000)
    page._access.choose_service("pharmacie")
    known = {row.id() for row in layer.getFeatures()}
    page.scenario.bar.acts[ADD].click()
    assert page.scenario.bar.acts[ADD].isChecked()
    place = on_map(canvas, layer, first(layer, "mairie"))
    click(canvas, place)
    (added,) = (row for row in layer.getFeatures() if row.id() not in known)
    assert (added["categorie"], added["scenario"]) == ("pharmacie", "Scenario 1") and added["id"]
    assert added.geometry().asPoint().distance(first(layer, "mairie").geometry().asPoint()) < 1e-4
    key(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert {row.id() for row in layer.getFeatures()} == known
    page.scenario.bar.redo_button.click()
    assert len(list(layer.getFeatures())) == len(known) + 1
    page.scenario.bar.acts[ADD].click()
    assert not page.scenario.bar.acts[ADD].isChecked() and canvas.mapTool() is None


def test_a_place_that_is_dragged_says_its_effect_before_it_is_put_down(page, qtbot, canvas):
    layer = started(page, qtbot)
    page.scenario.take_tool(MOVE)
    site = first(layer, "la_poste")
    here = on_map(canvas, layer, site)
    there = QgsPointXY(here.x() + 400, here.y() + 200)
    mouse(canvas, QEvent.Type.MouseButtonPress, here)
    with told_by(page, qtbot):
        mouse(canvas, QEvent.Type.MouseMove, there)
    words = page.scenario.words.text()
    assert words.startswith("Post office: ") and "nearer" in words
    assert layer.getFeature(site.id()).geometry().equals(site.geometry()), "it is not put down yet"
    with told_by(page, qtbot):
        mouse(canvas, QEvent.Type.MouseButtonRelease, there)
    assert page.scenario.words.text() == words
    ghosts = page.scenario._ghosts
    (ghost,) = ghosts.rings.asGeometry().asMultiPoint()
    assert ghost.distance(here) < 5  # pixels are some metres wide
    assert ghosts.lines.asGeometry().asPolyline()[-1].distance(there) < 5
    page.scenario.bar.undo_button.click()
    qtbot.waitUntil(lambda: "changes nothing" in page.scenario.words.text(), timeout=5_000)
    assert layer.getFeature(site.id()).geometry().equals(site.geometry())
    assert ghosts.rings.asGeometry().isEmpty()


def test_roads_that_are_clicked_change_how_services_are_reached(page, qtbot, canvas):
    layer, roads = started(page, qtbot), page.scenario.roads
    live = page.scenario._live
    site = on_map(canvas, layer, first(layer, "la_poste"))
    place = project_mover(LAMBERT, live.network_crs).point(site)
    middle = [live.network.line(link)[[0, -1]].mean(axis=0) for link in range(live.network.link_count)]
    road = min(middle, key=lambda xy: np.hypot(xy[0] - place.x(), xy[1] - place.y()))
    clicked = project_mover(live.network_crs, LAMBERT).point(QgsPointXY(*road))
    roads.speed.setValue(1)
    roads.acts[SPEED].click()
    assert roads.acts[SPEED].isChecked()
    with told_by(page, qtbot):
        canvas.mapTool().canvasClicked.emit(clicked, Qt.MouseButton.LeftButton)
    assert "Post office: " in page.scenario.words.text() and "farther" in page.scenario.words.text()
    (band,) = roads._bands
    assert band.asGeometry().distance(QgsGeometry.fromPointXY(clicked)) < 1
    slowed = Path(roads.path)
    canvas.mapTool().canvasClicked.emit(QgsPointXY(site.x() + 90_000, site.y()), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: roads._task is None, timeout=10_000)
    assert roads.words.text() == "There is no road here." and len(roads.changes) == 1
    roads.back_button.click()
    qtbot.waitUntil(lambda: "changes nothing" in page.scenario.words.text(), timeout=10_000)
    assert roads.path == "" and not roads._bands and not roads.back_button.isEnabled()
    assert slowed.exists()
    page.scenario.leave()
    assert not slowed.parent.exists() and canvas.mapTool() is None


def test_the_comparison_is_on_the_roads_of_the_scenario_and_says_what_changes(page, qtbot, canvas):
    """A road slowed down and a pharmacy closed: who gets farther is what the panel said, and both acts are listed."""
    layer, scenario = started(page, qtbot), page.scenario
    clicked = road_at(scenario._live, on_map(canvas, layer, first(layer, "la_poste")))
    scenario.roads.speed.setValue(1)
    with told_by(page, qtbot):
        scenario.roads.change_road(SPEED, clicked)
    pharmacy = first(layer, "pharmacie")
    with told_by(page, qtbot):
        layer.deleteFeature(pharmacy.id())
    words, listed = scenario.words.text(), scenario.changes
    shown = [[listed.item(row, column).text() for column in range(3)] for row in range(listed.rowCount())]
    assert shown[0][0].startswith("Closes: ") and pharmacy["nom"] in shown[0][0]
    assert shown[1][0].startswith("Other speed: ") and shown[1][2].endswith("1 km/h")
    scenario.compare()
    qtbot.waitUntil(lambda: scenario.progress.run is None, timeout=60_000)
    layers = QgsProject.instance().mapLayers().values()
    tables = {each.customProperty(SERVICE): each for each in layers if each.customProperty(SERVICE)}
    assert {"la_poste", "pharmacie"} <= set(tables)
    for code, label in (("la_poste", "Post office"), ("pharmacie", "Pharmacy")):
        total = next(row for row in tables[code].getFeatures() if row["type"] == "total")
        said = next(line for line in words.splitlines() if line.startswith(label))
        assert f"{number(total['pop_perd'])} farther" in said
    (table,) = (each for each in layers if each.customProperty(STYLE_PROPERTY) == "changes")
    rows = [(row["objet"], row["changement"], row["valeur"]) for row in table.getFeatures()]
    assert rows == [("lieu", "fermeture", None), ("route", "vitesse", "1")]
    road = list(table.getFeatures())[1]
    assert road["distance_m"] > 0 and road["minutes_apres"] > road["minutes_avant"] > 0


SEVERAL = ("la_poste", "pharmacie")


def road_at(live, place):
    """The middle of the road nearest to a place of the map, there."""
    there = project_mover(LAMBERT, live.network_crs).point(place)
    lines = [live.network.line(link) for link in range(live.network.link_count)]
    line = min(lines, key=lambda line: np.hypot(*(line[[0, -1]].mean(axis=0) - (there.x(), there.y()))))
    middle = QgsGeometry.fromPolylineXY([QgsPointXY(*xy) for xy in line])
    return project_mover(live.network_crs, LAMBERT).point(middle.interpolate(middle.length() / 2).asPoint())


def test_a_click_makes_one_way_the_nearest_road_and_turns_no_other(page, qtbot, canvas, monkeypatch):
    """One-way roads within reach are turned only where none is nearer, and then the nearest of them."""
    layer, roads = started(page, qtbot), page.scenario.roads
    monkeypatch.setattr(type(roads), "_reach", lambda *_: 50_000.0)
    places = [road_at(page.scenario._live, on_map(canvas, layer, first(layer, each))) for each in SEVERAL]
    assert places[0].distance(places[1]) > 100
    roads.acts[WAY].click()
    for place, values in ((places[0], [DIRECT]), (places[1], [DIRECT, DIRECT]), (places[1], [DIRECT, REVERSE])):
        canvas.mapTool().canvasClicked.emit(place, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: roads._task is None, timeout=10_000)
        assert [change.value for change in roads.changes] == values


def test_a_road_is_made_one_way_turned_round_and_given_back(page, qtbot, canvas):
    layer, roads = started(page, qtbot), page.scenario.roads
    clicked = road_at(page.scenario._live, on_map(canvas, layer, first(layer, "la_poste")))
    roads.acts[WAY].click()
    for value in (DIRECT, REVERSE):
        with told_by(page, qtbot):
            canvas.mapTool().canvasClicked.emit(clicked, Qt.MouseButton.LeftButton)
        assert [change.value for change in roads.changes] == [value]
        open_ = np.isfinite(roads._affected.after[0]).tolist()
        assert open_ == [value == DIRECT, value == REVERSE]
        (band,) = roads._bands
        assert band.asGeometry().isMultipart(), "an arrow says which way"
    roads.back_button.click()
    qtbot.waitUntil(lambda: [change.value for change in roads.changes] == [DIRECT], timeout=10_000)
    roads.back_button.click()
    qtbot.waitUntil(lambda: not roads.changes and roads._task is None, timeout=10_000)
    assert roads.path == "" and not roads._bands


def test_minutes_follow_while_an_area_is_drawn_and_stay_once_it_is_ended(page, qtbot, canvas):
    layer, roads = started(page, qtbot), page.scenario.roads
    place = on_map(canvas, layer, first(layer, "la_poste"))
    roads.acts[CLOSE_AREA].click()
    corners = [QgsPointXY(place.x() + x, place.y() + y) for x, y in ((-300, -300), (300, -300), (300, 300))]
    click(canvas, corners[0])
    click(canvas, corners[1])
    assert roads._task is None, "two corners are no area"
    with told_by(page, qtbot):
        click(canvas, corners[2])
    assert len(roads._bands) > 1 and not roads.changes and "Post office: " in page.scenario.words.text()
    key(canvas, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not roads._bands and roads._task is None, timeout=10_000)
    for corner in corners:
        click(canvas, corner)
    canvas.mapTool()._end()
    qtbot.waitUntil(lambda: bool(roads.changes) and roads._task is None, timeout=10_000)
    closed = len(roads._bands)
    assert closed > 1 and not roads.reset_button.isHidden()
    roads.reset_button.click()
    qtbot.waitUntil(lambda: not roads.changes and roads._task is None, timeout=10_000)
    roads.back_button.click()
    qtbot.waitUntil(lambda: len(roads._bands) == closed, timeout=10_000)


def test_nothing_stays_of_a_drawing_that_ends_as_no_change(page, qtbot, canvas):
    """An area whose last corner leaves all roads out: what its first corners closed is open again."""
    layer, roads = started(page, qtbot), page.scenario.roads
    place = on_map(canvas, layer, first(layer, "la_poste"))
    area = QgsGeometry.fromRect(QgsRectangle(place.x() - 300, place.y() - 300, place.x() + 300, place.y() + 300))
    with told_by(page, qtbot):
        roads.draw(CLOSE_AREA, area, False)
    assert roads.path and roads._bands and not roads.changes
    area.translate(90_000, 0)
    roads.draw(CLOSE_AREA, area, True)
    qtbot.waitUntil(lambda: roads._task is None, timeout=10_000)
    assert roads.words.text() == "There is no road here."
    assert (roads.path, roads.changes, roads._bands) == ("", [], [])


def test_a_new_road_is_drawn_by_the_keyboard(page, qtbot, canvas):
    layer, roads = started(page, qtbot), page.scenario.roads
    place = on_map(canvas, layer, first(layer, "la_poste"))
    roads.speed.setValue(50)
    roads.acts[OPEN].click()
    for x in (0, 400, 400):
        canvas.setCenter(QgsPointXY(place.x() + x, place.y()))
        key(canvas, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(roads.changes) and roads._task is None, timeout=10_000)
    (change,) = roads.changes
    assert (change.action, change.value) == (OPEN, "50") and len(roads._bands) == 1
    key(canvas, Qt.Key.Key_Escape)
    assert canvas.mapTool() is None


def test_minutes_and_zones_follow_the_place_that_is_dragged(page, qtbot, canvas):
    layer = started(page, qtbot)
    view, site = page.scenario.view, first(layer, "la_poste")
    view.on_map.setChecked(True)
    here = on_map(canvas, layer, site)
    took = []
    page.scenario.take_tool(MOVE)
    mouse(canvas, QEvent.Type.MouseButtonPress, here)
    page.scenario.updated.connect(took.append)
    for step in range(1, 8):
        mouse(canvas, QEvent.Type.MouseMove, QgsPointXY(here.x() + 60 * step, here.y() + 30 * step))
        qtbot.waitUntil(lambda step=step: len(took) == step, timeout=5_000)
    assert min(took) < 0.2 * SLOWER, took  # the others wait for a loaded machine
    effect = page.scenario._effects["la_poste"].effect
    drawn = view._changes._rank
    assert np.array_equal(drawn < HARDLY_ANY, effect.change <= -1) and (drawn < HARDLY_ANY).any()
    assert np.array_equal(drawn > HARDLY_ANY, effect.change >= 1) and (drawn > HARDLY_ANY).any()
    picture = canvas.grab().toImage()
    colours = {picture.pixelColor(x, y).name() for x in range(0, 600, 3) for y in range(0, 600, 3)}
    assert colours & set(CHANGES[:HARDLY_ANY]) and colours & set(CHANGES[HARDLY_ANY + 1 :])
    table = view.table
    assert table.isVisibleTo(page) and view._legend.title.text() == "Post office: minutes, against today"
    figures = [
        [table.item(row, column).data(Qt.ItemDataRole.UserRole) for column in (1, 2)] for row in range(table.rowCount())
    ]
    assert 0 < table.rowCount() <= 5
    people = effect.people
    assert np.sum(figures, axis=0) == pytest.approx([people.gaining, people.losing])
    assert table.as_text().startswith("Zone\tgain\tlose\tmin\n")
    key(canvas, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not table.isVisibleTo(page), timeout=5_000)
    assert not view._changes.isVisible() and view._legend.isHidden()


def test_a_zone_of_the_table_is_shown_and_the_choice_of_the_map_is_remembered(page, qtbot, canvas):
    layer = started(page, qtbot)
    with told_by(page, qtbot):
        layer.deleteFeature(first(layer, "pharmacie").id())
    view = page.scenario.view
    view.table.cellClicked.emit(0, 0)
    (zone,) = (
        zone for zone in page._access.zones.currentLayer().getFeatures() if zone["nom"] == view.table.item(0, 0).text()
    )
    box = zone.geometry()
    box.transform(QgsCoordinateTransform(page._access.zones.currentLayer().crs(), LAMBERT, QgsProject.instance()))
    assert canvas.extent().contains(box.boundingBox())
    view.on_map.setChecked(False)
    assert not view._changes.isVisible()
    again = ScenarioView(canvas)
    qtbot.addWidget(again)
    assert not again.on_map.isChecked()
    view.on_map.setChecked(True)
    assert view._changes.isVisible()
    shown, legend = view._changes, view._legend
    page.scenario.leave()
    assert shown.scene() is None and legend.isHidden()


def test_a_place_is_moved_by_the_keyboard_alone_or_let_go(page, qtbot, canvas):
    layer = started(page, qtbot)
    page.scenario.take_tool(MOVE)
    site = first(layer, "pharmacie")
    here = on_map(canvas, layer, site)
    key(canvas, Qt.Key.Key_Return)
    canvas.setCenter(QgsPointXY(here.x() + 300, here.y()))
    qtbot.waitUntil(lambda: bool(page.scenario._carried), timeout=5_000)
    key(canvas, Qt.Key.Key_Escape)
    assert not page.scenario._carried and layer.getFeature(site.id()).geometry().equals(site.geometry())
    on_map(canvas, layer, site)
    key(canvas, Qt.Key.Key_Return)
    canvas.setCenter(QgsPointXY(here.x() + 300, here.y()))
    key(canvas, Qt.Key.Key_Return)
    moved = on_map(canvas, layer, layer.getFeature(site.id()))
    assert moved.x() - here.x() == pytest.approx(300, abs=5)
    key(canvas, Qt.Key.Key_Escape)
    assert canvas.mapTool() is None


def test_a_click_closes_a_place_and_a_cross_stays(page, qtbot, canvas):
    layer = started(page, qtbot)
    site = first(layer, "pharmacie")
    page.scenario.take_tool(CLOSE)
    place = on_map(canvas, layer, site)
    click(canvas, QgsPointXY(place.x() + 500, place.y() + 500))
    assert page.scenario.note.text() == "There is no place of the scenario here."
    with told_by(page, qtbot):
        click(canvas, place)
    assert "farther" in page.scenario.words.text() and not page.scenario.note.text()
    (cross,) = page.scenario._ghosts.crosses.asGeometry().asMultiPoint()
    assert cross.distance(place) < 5
    ghosts = page.scenario._ghosts
    page.scenario.leave()
    assert ghosts.crosses.scene() is None, "what was drawn for the scenario goes with it"


def test_hours_of_a_place_are_changed_and_undone(page, qtbot, canvas):
    """A town hall that opens on Sunday, when the page Access asks about a Sunday."""
    access = page._access
    access.only_open.setChecked(True)
    access.weekday.setCurrentIndex(access.weekday.findData("Su"))
    layer = started(page, qtbot)
    site = first(layer, "mairie")
    page.scenario.take_tool(HOURS)
    click(canvas, on_map(canvas, layer, site))
    dialog = page.scenario.hours_dialog
    dialog.grid.set_text("Mo-Su 00:00-24:00")
    with told_by(page, qtbot):
        dialog.accept()
    assert page.scenario.words.text().startswith("Town hall: ")
    assert layer.getFeature(site.id())["horaires"] == dialog.grid.text()
    page.scenario.bar.undo()
    qtbot.waitUntil(lambda: "changes nothing" in page.scenario.words.text(), timeout=5_000)
    assert as_text(layer.getFeature(site.id())["horaires"]) == as_text(site["horaires"])


def test_hours_that_cannot_be_read_are_not_taken(qgis_app, qtbot):
    dialog = HoursDialog("Mairie d'Èze", "Mo-Fr 09:00-12:00", None)
    qtbot.addWidget(dialog)
    chosen = []
    dialog.chosen.connect(chosen.append)
    dialog.grid.table.item(0, 1).setText("midi")
    dialog.accept()
    assert not chosen and "write times as" in dialog.problem.text()
    dialog.grid.table.item(0, 1).setText("13h")
    dialog.accept()
    assert chosen == ["Mo 09:00-13:00; Tu-Fr 09:00-12:00"]


def test_places_are_known_again_by_name_else_by_where_they_are():
    post, other, here, there = "la_poste", "mairie", (0.0, 0.0), (5.0, 5.0)
    today = {1: Site(post, *here, True, "a"), 2: Site(post, 1.0, 1.0, True, ""), 3: Site(other, 2.0, 2.0, True, "c")}
    now = {7: Site(post, *there, True, "a"), 8: Site(post, 1.0, 1.0, True, ""), 9: Site(other, 9.0, 9.0, True, "new")}
    assert displaced(today, now) == ([(here, there)], [(2.0, 2.0)])
    twice = {**today, 4: Site(post, 3.0, 3.0, True, "a")}  # an identifier given to two places says nothing
    assert displaced(twice, twice) == ([], [])
    assert displaced(twice, now) == ([], [here, (2.0, 2.0), (3.0, 3.0)])


def test_a_scenario_goes_on_later(page, qtbot):
    layer = started(page, qtbot)
    with qtbot.waitSignal(page.scenario.updated, timeout=10_000):
        layer.deleteFeature(first(layer, "pharmacie").id())
    layer.commitChanges()
    words = page.scenario.words.text()
    page.scenario.leave()
    page._access.services.setLayer(layer)
    with qtbot.waitSignal(page.scenario.updated, timeout=20_000):
        page.scenario.start()
    assert page.scenario.layer is layer and page.scenario.words.text() == words


def test_one_that_was_stopped_before_it_was_ready_is_offered_again(page, qtbot):
    page.scenario.start()
    page.scenario._task.cancel()
    qtbot.waitUntil(lambda: page.scenario._task is None, timeout=30_000)
    assert page.scenario.words.text() == "Stopped." and page.scenario.layer is None
    assert page.scenario.go_on_button.isVisibleTo(page), "its edits would be followed by nobody"
    page.scenario.go_on()
    qtbot.waitUntil(lambda: page.scenario._task is None, timeout=30_000)
    assert page.scenario.words.text().startswith("Ready.")
    assert len([layer for layer in QgsProject.instance().mapLayers().values() if layer.customProperty(ORIGIN)]) == 1


def test_a_scenario_of_the_services_is_offered_again(page, qtbot):
    panel = page.scenario
    assert panel.go_on_button.isHidden()
    layer = started(page, qtbot)
    with qtbot.waitSignal(panel.updated, timeout=10_000):
        layer.deleteFeature(first(layer, "pharmacie").id())
    assert panel.go_on_button.isHidden(), "it is followed already"
    layer.commitChanges()
    words = panel.words.text()
    panel.leave()
    assert panel.go_on_button.text() == "Go on with “Scenario 1”" and not panel.go_on_button.isHidden()
    with qtbot.waitSignal(panel.updated, timeout=20_000):
        panel.go_on_button.click()
    assert panel.layer is layer and panel.words.text() == words
    panel.leave()
    QgsProject.instance().removeMapLayer(layer.id())
    assert panel.go_on_button.isHidden()


def test_another_time_within_is_said_at_once(page, qtbot):
    layer = started(page, qtbot)
    with told_by(page, qtbot):
        page.scenario.close_place(first(layer, "mairie").id())
    assert "Within 20 min" in page.scenario.words.text()
    with qtbot.waitSignal(page.scenario.updated, timeout=10_000):
        page.threshold.setValue(10)
    assert "Within 10 min" in page.scenario.words.text() and "Within 20 min" not in page.scenario.words.text()


def test_services_that_were_brought_up_to_date_are_those_the_scenario_starts_from(page, qtbot):
    layer, services = started(page, qtbot), page._access.services.currentLayer()
    closed = first(layer, "pharmacie")["id"]
    with told_by(page, qtbot):
        page.scenario.close_place(first(layer, "pharmacie").id())
    [gone] = [service.id() for service in services.getFeatures() if service["id"] == closed]
    services.dataProvider().deleteFeatures([gone])
    page.scenario.follow_new_data()
    qtbot.waitUntil(lambda: page.scenario.words.text() == "The scenario changes nothing so far.", timeout=30_000)
    assert page.scenario.layer is layer and layer.isEditable(), "the same scenario goes on"


def test_a_disk_without_room_is_said_and_the_scenario_followed_stays(page, qtbot, tmp_path):
    """The room that is left for a file is what the system allows this process: writing fails as on a full disk."""
    resource = pytest.importorskip("resource")
    kept = started(page, qtbot)
    before, layers = sorted(tmp_path.iterdir()), len(QgsProject.instance().mapLayers())
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, limits[1]))
    try:
        page.scenario.start()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    said = page.scenario.words.text()
    assert str(tmp_path) in said and " cannot be written: " in said and "\n" not in said
    assert page.scenario.layer is kept and len(QgsProject.instance().mapLayers()) == layers
    assert sorted(tmp_path.iterdir()) == before, "nothing half written stays"


def test_another_moment_on_the_page_access_is_followed(page, qtbot):
    """A town hall closed at all hours changes nothing at any hour, and much on a weekday."""
    layer = started(page, qtbot)
    site = first(layer, "mairie")
    page.scenario.set_hours(site.id(), "off")
    assert page.scenario.note.text() == "Hours count once the page Access asks for a day and an hour."
    qtbot.waitUntil(lambda: "changes nothing" in page.scenario.words.text(), timeout=5_000)
    access = page._access
    access.weekday.setCurrentIndex(access.weekday.findData("Tu"))
    with told_by(page, qtbot):
        access.only_open.setChecked(True)
    assert page.scenario.words.text().startswith("Town hall: ") and "farther" in page.scenario.words.text()
    assert not page.scenario.note.text()
    access.only_open.setChecked(False)
    qtbot.waitUntil(lambda: "changes nothing" in page.scenario.words.text(), timeout=5_000)


def test_the_layer_removed_or_the_page_closed_leaves_no_trace(page, qtbot):
    layer = started(page, qtbot)
    qtbot.waitUntil(lambda: page.scenario._live is not None, timeout=20_000)
    (follower,) = page.scenario._live.asked._workers.present
    layer.deleteFeature(first(layer, "pharmacie").id())
    QgsProject.instance().removeMapLayer(layer.id())
    QTest.qWait(500)
    assert page.scenario.layer is None and not page.scenario.compare_button.isEnabled()
    qtbot.waitUntil(lambda: follower._process.poll() is not None, timeout=5_000)


def test_the_interface_goes_on_while_the_effect_is_worked_out(page, qtbot):
    layer = started(page, qtbot)
    site = first(layer, "la_poste")
    said, longest, last = [], 0.0, time.monotonic()
    page.scenario.updated.connect(said.append)
    for step in range(20):
        move(layer, site, 10 * step, 0)
        QTest.qWait(20)
        longest, last = max(longest, time.monotonic() - last), time.monotonic()
    qtbot.waitUntil(lambda: bool(said), timeout=5_000)
    assert len(said) == 1 and longest < 0.5 * crowd() * SLOWER


def test_on_a_sunday_what_is_closed_serves_nobody(page, qtbot):
    """Where to open is asked of the moment that the page Access asks of."""
    access = page._access
    page.category.setCurrentIndex(page.category.findData("la_poste"))
    open_any_day = page.parameters()["EXISTING"].featureCount()
    access.only_open.setChecked(True)
    access.weekday.setCurrentIndex(access.weekday.findData("Su"))
    closed = page.parameters()["EXISTING"]
    assert open_any_day > (0 if closed is None else closed.featureCount())
    run(page, qtbot)
    assert access.moment_in_words() in page.answer.text()


def test_another_question_on_the_page_access_is_followed_and_no_figure_of_the_former_stays(page, qtbot):
    layer, scenario, access = started(page, qtbot), page.scenario, page._access
    with told_by(page, qtbot):
        scenario.close_place(first(layer, "pharmacie").id())
    former = scenario.words.text()
    assert "Pharmacy: " in former
    access.weight.setField("")
    qtbot.waitUntil(lambda: "Pharmacy: " in scenario.words.text() and scenario.words.text() != former, timeout=30_000)
    qtbot.waitUntil(lambda: scenario._task is None, timeout=10_000)
    assert scenario.layer is layer and layer.isEditable(), "the same scenario goes on"
    figures = scenario._effects["pharmacie"].effect.people
    assert figures.losing == round(figures.losing) and f"{number(figures.losing)} farther" in scenario.words.text()
    access.demand.setLayer(None)
    qtbot.waitUntil(lambda: scenario.words.text().startswith("Choose first: "), timeout=5_000)
    assert scenario.layer is None and not scenario.compare_button.isEnabled() and scenario.start_button.isEnabled()
    assert scenario.go_on_button.isVisibleTo(page), "the way back to it is offered"
