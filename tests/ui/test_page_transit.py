"""By public transport from the panel: the timetable, the answer, what follows roads alone."""

from __future__ import annotations

import re
import zipfile

import pytest
from carto_services_publics.core.report.without_car import DAYS
from carto_services_publics.ui.isochrone_tool import start_isochrone_tool
from carto_services_publics.ui.page_access import AccessPage
from carto_services_publics.ui.page_action import ActionPage
from qgis.core import (
    QgsApplication,
    QgsFeature,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtWidgets import QAction

STOPS = {"ouest": (43.7264, 7.4135), "milieu": (43.7384, 7.4246), "est": (43.7580, 7.4740)}


@pytest.fixture
def timetable(provider, walkways, tmp_path) -> str:
    """A bus every ten minutes, both ways, from one end of the demonstration to the other."""
    trips, times = [], []
    for number in range(36):
        for way, stops in (("a", ("ouest", "milieu", "est")), ("r", ("est", "milieu", "ouest"))):
            trips.append(f"l1,jour,{way}{number}")
            for rank, stop in enumerate(stops):
                minute = 6 * 60 + 10 * number + 4 * rank
                clock = f"{minute // 60:02d}:{minute % 60:02d}:00"
                times.append(f"{way}{number},{clock},{clock},{stop},{rank}")
    tables = {
        "agency.txt": ["agency_name,agency_url,agency_timezone", "Bus,http://x.example,Europe/Paris"],
        "stops.txt": ["stop_id,stop_name,stop_lat,stop_lon", *(f"{s},{s},{y},{x}" for s, (y, x) in STOPS.items())],
        "routes.txt": ["route_id,route_short_name,route_type", "l1,1,3"],
        "trips.txt": ["route_id,service_id,trip_id", *trips],
        "stop_times.txt": ["trip_id,arrival_time,departure_time,stop_id,stop_sequence", *times],
        "calendar_dates.txt": ["service_id,date,exception_type", "jour,20261124,1"],
    }
    with zipfile.ZipFile(tmp_path / "bus.zip", "w") as feed:
        for name, rows in tables.items():
            feed.writestr(name, "\n".join(rows) + "\n")
    path = str(tmp_path / "jour.transit")
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("cartoservices:buildtransit")
    asked = {"FEEDS": str(tmp_path / "bus.zip"), "NETWORK": walkways, "DATE": "2026-11-24", "OUTPUT": path}
    asked.update(REPORT="TEMPORARY_OUTPUT", STOPS="TEMPORARY_OUTPUT")
    feedback = QgsProcessingFeedback()
    _results, succeeded = algorithm.run(asked, QgsProcessingContext(), feedback)
    assert succeeded, feedback.textLog()
    return path


@pytest.fixture
def page(access):
    access.resize(390, 800)
    access.show()
    yield access
    QgsProject.instance().clear()


def by_transit(page, timetable=""):
    page.profile.setCurrentIndex(page.profile.findData("transit"))
    page.transit.file.setFilePath(timetable)
    page.transit.departures.setText("07:00-09:00")
    page.transit.arrive.setChecked(False)


def ask(page, qtbot) -> int:
    """People beyond the longest threshold, as the answer says."""
    page.run_gaps()
    qtbot.waitUntil(lambda: page.progress.run is None, timeout=60_000)
    return int(re.sub(r"\D", "", page.answer.text().split("people")[0]))


def test_the_bus_brings_people_nearer_and_the_answer_names_it(page, qtbot, timetable):
    on_foot = ask(page, qtbot)
    page.folding.turn()  # the question folded under its answer
    assert not page.transit.isVisible()
    by_transit(page, timetable)
    assert page.transit.isVisible()
    assert 0 < ask(page, qtbot) < on_foot
    assert page.answer.text().endswith("by public transport")


def test_a_timetable_is_asked_for_first(page):
    by_transit(page)
    page.run_gaps()
    assert page.progress.run is None and "Timetable" in page.answer.text()
    page.transit.file.setFilePath("/somewhere.transit")
    page.transit.departures.setText("in the morning")
    page.run_gaps()
    assert page.progress.run is None and "Leaving between" in page.answer.text()


def test_isochrones_are_by_the_timetable_whatever_the_server_of_the_options(page, qtbot, timetable, monkeypatch):
    monkeypatch.setenv("CARTO_SP_ENGINE", "geoplateforme")
    by_transit(page, timetable)
    asked = page.isochrone_parameters()
    assert (asked["ENGINE"], asked["TRANSIT"], asked["PROFILE"]) == ("local", timetable, "foot")
    page.run_isochrones()
    qtbot.waitUntil(lambda: page.progress.run is None, timeout=60_000)
    assert QgsProject.instance().mapLayersByName("Isochrones")


def test_what_follows_roads_alone_says_so(page, qtbot, qgis_iface, timetable, monkeypatch):
    by_transit(page, timetable)
    action = ActionPage(qgis_iface, page, lambda: "")
    qtbot.addWidget(action)
    action.open_diagnostic()
    assert "roads alone" in action.answer.text()
    said = []
    monkeypatch.setattr(qgis_iface.messageBar(), "pushMessage", lambda *words: said.append(words[1]), raising=False)
    assert start_isochrone_tool(qgis_iface, page, QAction()) is None
    assert "roads alone" in said[0]
    assert action.parameters()["TRANSIT"] == timetable


def test_where_to_open_by_public_transport_is_not_answered_on_foot_for_want_of_a_timetable(page, qtbot, qgis_iface):
    by_transit(page, "")
    action = ActionPage(qgis_iface, page, lambda: "")
    qtbot.addWidget(action)
    action.run()
    assert "Timetable" in action.answer.text() and action.progress.run is None


def test_choices_are_found_again(page, qtbot, qgis_iface, timetable):
    by_transit(page, timetable)
    page.transit.departures.setText("16:00-18:00")
    page.transit.arrive.setChecked(True)
    ask(page, qtbot)
    again = AccessPage(qgis_iface)
    qtbot.addWidget(again)
    assert again.transit.chosen() == {"TRANSIT": timetable, "WINDOW": "16:00-18:00", "ARRIVE_BY": True}
    assert again.by_transit()


def test_the_same_hours_are_the_same_question_however_they_are_written(page, timetable):
    by_transit(page, timetable)
    page.transit.departures.setText("7:00 – 9h00")
    assert page.terms().departures == "07:00-09:00"
    page.transit.arrive.setChecked(True)
    assert page.terms().departures == "→ 07:00-09:00"


def test_the_window_of_the_algorithm_makes_it(page, timetable, monkeypatch):
    import processing

    given = {}
    monkeypatch.setattr(
        processing, "execAlgorithmDialog", lambda name, asked: given.update(asked, name=name) or {"OUTPUT": timetable}
    )
    by_transit(page)
    page.transit.build.click()
    assert given == {"NETWORK": page.roads_path(), "name": "cartoservices:buildtransit"}
    assert page.transit.file.filePath() == timetable


def test_the_week_is_asked_with_what_the_page_knows_and_shown_as_a_table(page, qtbot, timetable, monkeypatch):
    import processing

    days = "".join(f"&field=part_{day}:double" for day in DAYS)
    fields = f"field=zone_id:string&field=categorie:string&field=population:double&field=jours_par_semaine:double{days}"
    week = QgsVectorLayer(f"None?{fields}", "semaine", "memory")
    for zone, category, shares in (("a", "mairie", [1, 0.5, 0, 0, 0, 0, None]), ("b", "mairie", [0.2] + [0] * 6)):
        row = QgsFeature(week.fields())
        row.setAttributes([zone, category, 100.0, sum(share or 0 for share in shares), *shares])
        week.dataProvider().addFeatures([row])
    QgsProject.instance().addMapLayer(week)
    given = {}
    monkeypatch.setattr(
        processing, "execAlgorithmDialog", lambda name, asked: given.update(asked, name=name) or {"WEEK": week.id()}
    )
    by_transit(page, timetable)
    page.transit.feeds = "a.zip;b.zip"
    page.transit.week.click()
    assert given["name"] == "cartoservices:withoutcar" and given["FEEDS"] == "a.zip;b.zip"
    assert given["DEMAND"] == page.people() and given["NETWORK"] == page.roads_path()
    table = page.week_table.table
    shown = [[table.item(row, column).text() for column in (0, 2, 3, 8)] for row in range(table.rowCount())]
    assert shown == [["b", "20\u202f%", "0\u202f%", "0\u202f%"], ["a", "100\u202f%", "50\u202f%", ""]]
    page.week_table.close()
