"""« Observatoire » on the page Access: an answer is kept, the next years' stand beside it, the map follows time."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from carto_services_publics.core.observatory import figures_of, kept_measures
from carto_services_publics.processing.coverage_layer import served_by_category
from carto_services_publics.ui import observatory as module
from carto_services_publics.ui.observatory import _points
from carto_services_publics.ui.result_groups import result_groups
from carto_services_publics.ui.series_chart import shown_date
from qgis.core import QgsDateTimeRange, QgsFeatureRequest, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QDate, QDateTime, QPointF, Qt


@pytest.fixture
def page(access, tmp_path, qtbot):
    access.resize(390, 1200)
    access.show()
    access.only_open.setChecked(False)
    access.run_gaps()
    qtbot.waitUntil(lambda: access.progress.run is None, timeout=60_000)
    access.observatory.file.setFilePath(str(tmp_path / "mesures.gpkg"))
    access.observatory.button.setChecked(True)
    yield access
    QgsProject.instance().clear()


def keep(page, qtbot, day):
    observatory = page.observatory
    observatory.date.setDate(QDate.fromString(day, Qt.DateFormat.ISODate))
    observatory.keep_button.click()
    qtbot.waitUntil(lambda: not observatory._busy, timeout=10_000)


def closer(path, day, factor):
    """Fewer people beyond at a date, as if services had opened."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "UPDATE chiffres SET pop_au_dela = pop_au_dela * ?"
            " WHERE mesure IN (SELECT fid FROM mesures WHERE date = ?)",
            (factor, day),
        )


def coverage_of(page):
    return QgsProject.instance().mapLayer(page._layers["OUTPUT"])


def test_an_answer_is_kept_with_its_question_and_every_figure_and_can_be_removed(page, qtbot, tmp_path, monkeypatch):
    keep(page, qtbot, "2025-11-20")
    observatory = page.observatory
    (row,) = kept_measures(tmp_path / "mesures.gpkg")
    assert observatory.list.rowCount() == 1 and observatory.list.item(0, 0).text() == row.words
    assert row.words == "on foot · 10, 20 min" and any(line.startswith("Routes : ") for line in row.inputs)
    for category, served in served_by_category(coverage_of(page)).items():
        for rank, threshold in enumerate((10.0, 20.0)):
            figures = figures_of(tmp_path / "mesures.gpkg", page._terms, category, threshold)
            assert sum(each.served.beyond[0] for each in figures) == pytest.approx(served.beyond[rank])
    assert "Only one date" in observatory.trend.text() and not observatory.chart.isVisible()
    observatory.list.selectRow(0)
    asked = []
    for agreed in (False, True):
        monkeypatch.setattr(module, "is_agreed", lambda *words, agreed=agreed: asked.append(words[2]) or agreed)
        observatory.forget_button.click()
        assert observatory.list.rowCount() == (0 if agreed else 1), "it is for ever: it is asked first"
    assert asked == ["Remove 1 measure from the file for ever?"] * 2
    assert kept_measures(tmp_path / "mesures.gpkg") == []
    observatory.file.setFilePath("")
    observatory._take_up_project()
    assert observatory.file.filePath() == str(tmp_path / "mesures.gpkg"), "the project remembers it"


def test_a_new_project_keeps_nothing_in_the_file_of_the_last_one(page, qtbot):
    keep(page, qtbot, "2025-11-20")
    QgsProject.instance().clear()
    assert page.observatory.file.filePath() == "" and page.observatory.list.rowCount() == 0


def test_a_qgis_open_since_yesterday_measures_today_unless_a_day_was_chosen(page):
    date, yesterday = page.observatory.date, QDate.currentDate().addDays(-1)
    date.setDate(yesterday)
    page.observatory.button.setChecked(False)
    page.observatory.button.setChecked(True)
    assert date.date() == yesterday
    date.setMaximumDate(yesterday)  # as when the panel was made yesterday
    page.observatory.button.setChecked(False)
    page.observatory.button.setChecked(True)
    assert date.date() == QDate.currentDate()


def test_points_are_counted_as_a_person_counts_them():
    assert [_points(value) for value in (1.0, -1.0, 24.94, -0.04)] == [
        "+1.0 point",
        "−1.0 point",
        "+24.9 points",
        "0.0 points",
    ]


def test_the_series_is_said_drawn_and_followed_zone_by_zone(page, qtbot, tmp_path):
    keep(page, qtbot, "2024-11-20")
    keep(page, qtbot, "2025-11-20")
    closer(tmp_path / "mesures.gpkg", "2025-11-20", 0.5)
    observatory = page.observatory
    observatory.file.fileChanged.emit("")
    whole = page._answered().served
    half = 100 * whole.share() / 2
    assert (
        f"−{half:.1f} points" in observatory.trend.text()
        and f"−{whole.beyond[-1] / 2:,.0f} " in observatory.trend.text()
    )
    assert observatory.trend.text().count(" since ") == 1, "of two dates there is one change to say"
    chart = observatory.chart
    assert chart.isVisible() and chart.lines[-1].zone_id is None
    line = max(chart.lines[:-1], key=lambda each: each.points[0].served.share())
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=chart.place(line.points[0]).toPoint())
    assert observatory.zone.currentText() in {each.name for each in chart.lines[:-1]}
    assert observatory.trend.text().startswith(observatory.zone.currentText())
    assert chart._nearest(QPointF(-500, -500)) is None
    page.table.cellClicked.emit(2, 0)  # another service and threshold
    other = page.table.verticalHeaderItem(2).text()
    assert other in observatory.trend.text() and "10 min" in observatory.trend.text()
    page.table.cellClicked.emit(0, 1)
    follow_time(page)


def follow_time(page):
    """The map has each zone at each date, and the temporal controller parts them."""
    page.observatory.map_button.click()
    layer = next(node.layer() for node in result_groups()[0].findLayers())
    assert isinstance(layer, QgsVectorLayer) and layer.temporalProperties().isActive()
    zones = coverage_of(page)
    names = {row["zone_id"] for row in zones.getFeatures() if row.hasGeometry()}
    assert layer.featureCount() == 2 * len(names)
    for month, day in (("2025-03-01", "2024-11-20"), ("2025-12-01", "2025-11-20")):
        begin = QDateTime.fromString(f"{month}T00:00:00", Qt.DateFormat.ISODate)
        shown = QgsDateTimeRange(begin, begin.addDays(1))
        chosen = layer.temporalProperties().createFilterString(_context(layer), shown)
        rows = list(layer.getFeatures(QgsFeatureRequest().setFilterExpression(chosen)))
        assert {row["du"] for row in rows} == {day} and len(rows) == len(names)
    extent = QgsProject.instance().timeSettings().temporalRange()
    assert extent.begin().date() == QDate(2024, 11, 20)
    drawn = [group.itemVisibilityChecked() for group in result_groups()]
    assert len(drawn) > 1 and drawn == [True] + [False] * (len(drawn) - 1), "today's figures are not those of a date"


def _context(layer):
    from qgis.core import QgsVectorLayerTemporalContext

    context = QgsVectorLayerTemporalContext()
    context.setLayer(layer)
    return context


def test_what_cannot_be_kept_is_said_and_nothing_is_written(page, qtbot, tmp_path):
    page.thresholds.setText("5")
    page.observatory.keep_button.click()
    assert "changed" in page.observatory.word.text()
    page.thresholds.setText("10,20")
    page.observatory.file.setFilePath("")
    page.observatory.keep_button.click()
    assert "file" in page.observatory.word.text()
    assert not list(tmp_path.iterdir())
    path = tmp_path / "autre.gpkg"
    path.write_bytes(b"notes")
    page.observatory.file.setFilePath(str(path))
    assert "autre.gpkg" in page.observatory.word.text()
    keep(page, qtbot, "2025-11-20")
    assert "autre.gpkg" in page.observatory.word.text() and path.read_bytes() == b"notes"


def ask_again(page, qtbot, column):
    """Who is badly served, counted by another column."""
    page.weight.setField(column)
    page.run_gaps()
    qtbot.waitUntil(lambda: page.progress.run is None, timeout=60_000)


def show_people(observatory, words):
    """As a person chooses in the list."""
    row = observatory.people.findText(words)
    observatory.people.setCurrentIndex(row)
    observatory.people.activated.emit(row)


def test_people_counted_by_another_column_are_another_series(page, qtbot, tmp_path):
    keep(page, qtbot, "2024-11-20")
    inhabitants = page._answered().served
    observatory = page.observatory
    assert observatory.list.item(0, 0).text() == "on foot · 10, 20 min" and "series:" not in observatory.trend.text()
    assert not observatory.people.isVisible() and not observatory.say_button.isVisible()
    ask_again(page, qtbot, "batiments")
    buildings = page._answered().served
    assert inhabitants.beyond != buildings.beyond
    assert "No measure of this answer is kept yet. This series: batiments. Another series" in observatory.trend.text()
    keep(page, qtbot, "2024-11-20")
    assert "take the place" not in observatory.word.text()
    keep(page, qtbot, "2025-11-20")
    words = observatory.trend.text()
    assert " beyond)" in words and "inhabitant" not in words and "of this question: population; choose it" in words
    assert {observatory.list.item(row, 0).text() for row in range(3)} == {
        "on foot · 10, 20 min\npopulation",
        "on foot · 10, 20 min\nbatiments",
    }
    last = observatory._series.points[-1].served
    assert (last.population, last.beyond[0]) == pytest.approx((buildings.population, buildings.beyond[-1]))
    show_people(observatory, "population")
    (only,) = observatory._series.points
    assert only.served.beyond[0] == pytest.approx(inhabitants.beyond[-1])
    assert "Only one date is kept of this series. This series: population." in observatory.trend.text()
    ask_again(page, qtbot, "")
    assert page.terms().population == "*" and "This series: places, each of them for 1." in observatory.trend.text()


def test_an_older_file_keeps_its_series_in_sight_and_can_be_told_whom_it_counted(page, qtbot, tmp_path):
    keep(page, qtbot, "2023-11-20")
    keep(page, qtbot, "2024-11-20")
    path, observatory = tmp_path / "mesures.gpkg", page.observatory
    closer(path, "2024-11-20", 0.5)
    with closing(sqlite3.connect(path)) as database, database:
        for column in ("population", "lecture_routes"):
            database.execute(f"ALTER TABLE mesures DROP COLUMN {column}")
    observatory.file.fileChanged.emit("")
    assert observatory.list.item(0, 0).text().endswith("\npopulation not said")
    assert "Another series of this question: population not said; choose it above." in observatory.trend.text()
    assert observatory.series.isVisible() and "“Say whom they count”" in observatory.trend.text()
    show_people(observatory, "population not said")
    assert " beyond)" in observatory.trend.text() and observatory.chart.isVisible()
    observatory.map_button.click()
    assert "population not said" in result_groups()[0].name()
    keep(page, qtbot, "2024-11-20")
    assert "take the place" not in observatory.word.text() and observatory.people.currentText() == "population"
    assert not observatory.say_button.isEnabled()
    observatory.list.selectAll()
    observatory.say_button.click()
    assert observatory.word.text() == (
        "1 measure now counts: population. 1 stays as it was: the same day has a measure of these people."
    )
    dates = [(row.date, row.question.population) for row in kept_measures(path)]
    assert sorted(dates) == [("2023-11-20", "population"), ("2024-11-20", ""), ("2024-11-20", "population")]
    assert (
        "inhabitants)" in observatory.trend.text() and f"since {shown_date('2023-11-20')}" in observatory.trend.text()
    )


DOUBT = "not say how the roads were read: part of the change may come from that."


def test_roads_read_otherwise_are_another_series_and_an_older_measure_goes_on_with_a_word(page, qtbot, tmp_path):
    path, observatory = tmp_path / "mesures.gpkg", page.observatory
    keep(page, qtbot, "2023-11-20")
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("ALTER TABLE mesures DROP COLUMN lecture_routes")
    keep(page, qtbot, "2024-11-20")
    own = page._terms.roads
    assert own.startswith(("bdtopo", "osm", "generic"))
    assert (
        f"since {shown_date('2023-11-20')}" in observatory.trend.text()
        and f"1 date of this series does {DOUBT}" in (observatory.trend.text())
    )
    assert not observatory.people.isVisible(), "it is one series"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE mesures SET lecture_routes = 'generic; speed=vma' WHERE date = '2024-11-20'")
    keep(page, qtbot, "2025-11-20")
    words = observatory.trend.text()
    assert f"{shown_date('2025-11-20')}" in words and shown_date("2024-11-20") not in words
    assert "Another series of this question: speeds of the column vma; choose it" in words
    rows = [observatory.list.item(row, 0).text() for row in range(3)]
    assert rows[1].endswith("speeds of the column vma") and rows[2].endswith("\nway of reading the roads not said")
    show_people(observatory, "speeds of the column vma")
    assert f"on {shown_date('2024-11-20')}" in observatory.trend.text() and DOUBT in observatory.trend.text()
    observatory.map_button.click()
    assert "speeds of the column vma" in result_groups()[0].name()


def test_a_series_of_roads_that_are_said_has_no_doubt(page, qtbot):
    keep(page, qtbot, "2024-11-20")
    keep(page, qtbot, "2025-11-20")
    assert DOUBT not in page.observatory.trend.text() and "eries:" not in page.observatory.trend.text()
