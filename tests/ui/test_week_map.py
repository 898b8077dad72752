"""Day and hour as sliders: the map follows at once, with the figures that the week's table has."""

from __future__ import annotations

import time

import pytest
from carto_services_publics.core.report.page import heat
from carto_services_publics.processing.week_by_zone import read_week
from carto_services_publics.tests.pace import SLOWER, crowd
from carto_services_publics.ui.result_groups import RESULT_OF, result_groups
from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication


@pytest.fixture
def answered(access, qtbot):
    layer = access.services.currentLayer()
    hours = layer.fields().indexOf("horaires")
    known = {"mairie": "Mo-Fr 09:00-12:00", "la_poste": "Mo-Sa 09:00-17:00", "pharmacie": "Mo-Su 08:00-20:00"}
    changes = {row.id(): {hours: known[row["categorie"]]} for row in layer.getFeatures()}
    layer.dataProvider().changeAttributeValues(changes)
    access.only_open.setChecked(False)
    access.choose_service("la_poste")
    access.show()
    access.run_gaps()
    qtbot.waitUntil(lambda: access.progress.run is None, timeout=60_000)
    yield access
    QgsProject.instance().clear()


@pytest.fixture
def week(answered, qtbot):
    answered.week.button.click()
    qtbot.waitUntil(lambda: answered.progress.run is None, timeout=60_000)
    assert answered.week.sliders.isVisible(), answered.week.words.text()
    return answered.week


def turn(week, day, hour):
    week.day.setValue(day)
    week.hour.setValue(hour)
    QTest.qWait(60)


def the_layer(week):
    return QgsProject.instance().mapLayer(week._layer)


def the_column(week):
    rules = the_layer(week).renderer().rootRule().children()
    return next(rule.filterExpression().split('"')[1] for rule in rules if '"' in rule.filterExpression())


def test_the_map_turns_to_the_hour_and_its_figures_are_those_of_the_algorithm(answered, week, qtbot):
    """Closed on Sunday: everybody is far. On Saturday at ten: as `coveragegaps` says of that moment."""
    turn(week, 6, 10)
    assert "100" in week.words.text() and the_column(week) == f"h{6 * 24 + 10:03d}"
    turn(week, 5, 10)
    column = the_column(week)
    shares = {row["zone_id"]: row[column] for row in the_layer(week).getFeatures()}
    answered.only_open.setChecked(True)
    answered.weekday.setCurrentIndex(answered.weekday.findData("Sa"))
    answered.hour.setCurrentText("10:00")
    answered.run_gaps()
    qtbot.waitUntil(lambda: answered.progress.run is None, timeout=60_000)
    coverage = QgsProject.instance().mapLayer(answered._layers["OUTPUT"])
    rows = [row for row in coverage.getFeatures() if row["categorie"] == "la_poste" and row["population"]]
    expected = {row["zone_id"]: row["part_au_dela_20"] for row in rows if row.hasGeometry()}
    assert expected and {zone: shares[zone] for zone in expected} == pytest.approx(expected, abs=1e-9)


def test_the_whole_is_the_answer_of_that_moment(answered, week):
    turn(week, 5, 10)
    figures = answered._answered()
    assert f"{figures.percent('20'):.1f} %" in week.words.text(), "open on Saturday at ten, all of them"


def test_the_words_say_how_one_travels(week):
    assert ", on foot)" in week.words.text()


def test_a_move_is_followed_within_200_ms(week):
    turn(week, 0, 9)
    for hour in (10, 11, 18):
        start = time.perf_counter()
        week.hour.setValue(hour)
        while f"h{hour:03d}" != the_column(week):
            QApplication.processEvents()
            assert time.perf_counter() - start < 2
        assert time.perf_counter() - start < 0.2 * crowd() * SLOWER


def test_a_click_on_an_hour_turns_the_map_to_it_and_its_colour_is_that_of_the_report(answered, week, qtbot):
    chart = week.chart
    chart.resize(chart.sizeHint())
    tuesday_at_nine = next(mark for mark in range(chart.count()) if chart.when(mark) == (1, 9))
    cell = chart.place_of(tuesday_at_nine).center().toPoint()
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=cell)
    QTest.qWait(60)
    assert (week.day.value(), week.hour.value()) == (1, 9) and the_column(week) == "h033"
    assert chart.words_of(tuesday_at_nine) == week.words.text()
    near = 1 - week._week.whole(24 + 9)
    assert 0 < near < 1 and chart.grab().toImage().pixelColor(cell).name() == heat(near)
    qtbot.keyClick(chart, Qt.Key.Key_Down)
    qtbot.keyClick(chart, Qt.Key.Key_Return)
    assert (week.day.value(), week.hour.value()) == (2, 9)


def test_the_answer_comes_back_when_the_week_is_left(answered, week):
    answers = [group for group in result_groups() if group.customProperty(RESULT_OF) != "Through the week"]
    assert not any(group.itemVisibilityChecked() for group in answers)
    layer = week._layer
    week.button.click()
    assert QgsProject.instance().mapLayer(layer) is None and not week.sliders.isVisible()
    assert answers[0].itemVisibilityChecked()


def test_another_service_leaves_the_week_of_the_first(answered, week):
    layer = week._layer
    answered.choose_service("mairie")
    assert QgsProject.instance().mapLayer(layer) is None and not week.button.isChecked()


def test_where_no_hours_are_known_it_says_so(answered, qtbot):
    layer = answered.services.currentLayer()
    hours = layer.fields().indexOf("horaires")
    layer.dataProvider().changeAttributeValues({row.id(): {hours: None} for row in layer.getFeatures()})
    answered.week.button.click()
    qtbot.waitUntil(lambda: answered.progress.run is None, timeout=60_000)
    assert "The hours of no place are known" in answered.week.words.text()
    assert not answered.week.sliders.isVisible() and not answered.week.button.isChecked()


def test_a_week_is_read_as_it_was_written():
    import numpy as np
    from carto_services_publics.processing.week_by_zone import WeekByZone

    written = WeekByZone(["2A004", ""], np.arange(336.0).reshape(2, 168), np.array([400.0, 0.0]), 1, 3)
    read = read_week(written.as_text())
    assert read.zone_ids == written.zone_ids and (read.beyond == written.beyond).all()
    assert read.share(10)[0] == 10 / 400 and np.isnan(read.share(10)[1]) and (read.unknown, read.places) == (1, 3)


def test_a_question_changed_since_the_answer_gives_no_week(answered, qtbot):
    """Its figures would be of other people than the answer above them."""
    answered.weight.setField("")
    answered.week.button.click()
    assert answered.progress.run is None and not answered.week.button.isChecked()
    assert "ask who is badly served again" in answered.week.words.text()


def test_a_new_answer_takes_the_week_of_the_one_before_off_the_map(answered, week, qtbot):
    layer = week._layer
    answered.run_gaps()
    qtbot.waitUntil(lambda: answered.progress.run is None, timeout=60_000)
    assert QgsProject.instance().mapLayer(layer) is None and not week.button.isChecked()


def test_zones_of_one_identifier_have_each_their_own_figures(qgis_app):
    import numpy as np
    from carto_services_publics.processing.week_by_zone import WeekByZone
    from carto_services_publics.ui.week_map import _layer_of
    from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

    coverage = QgsVectorLayer("Polygon?crs=EPSG:2154&field=zone_id:string&field=categorie:string", "c", "memory")
    rows = []
    for category in ("mairie", "la_poste"):
        for place, zone_id in enumerate(("z", "y", "z", None)):
            row = QgsFeature(coverage.fields())
            row.setAttributes([zone_id, category])
            row.setGeometry(QgsGeometry.fromWkt(f"POLYGON(({place} 0, {place + 1} 0, {place} 1, {place} 0))"))
            rows.append(row)
    coverage.dataProvider().addFeatures(rows)
    shares = np.array([0.1, 0.2, 0.3, 0.4])
    week = WeekByZone(["z", "y", "z", ""], np.repeat(shares[:, None], 168, axis=1), np.ones(4), 0, 1)
    found = [
        (row["zone_id"], row.geometry().boundingBox().xMinimum(), row["h005"])
        for row in _layer_of(week, coverage).getFeatures()
    ]
    assert found == [("z", 0, 0.1), ("y", 1, 0.2), ("z", 2, 0.3), ("", 3, 0.4)]


def test_services_of_a_category_are_those_that_the_algorithms_count(qgis_app):
    from carto_services_publics.ui.service_sites import sites_that_count
    from qgis.core import QgsFeature, QgsVectorLayer

    services = QgsVectorLayer("Point?crs=EPSG:2154&field=categorie:string", "services", "memory")
    rows = []
    for code in ("mairie", " mairie ", "Mairie", None, ""):
        row = QgsFeature(services.fields())
        row.setAttributes([code])
        rows.append(row)
    services.dataProvider().addFeatures(rows)
    counts = {code: sites_that_count(services, "", code).featureCount() for code in ("mairie", "", None)}
    assert counts == {"mairie": 2, "": 2, None: 5}
