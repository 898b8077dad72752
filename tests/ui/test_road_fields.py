"""Speeds and directions of a layer of roads: proposed, shown, changed, and the same for every page."""

from __future__ import annotations

import pytest
from carto_services_publics.processing.diagnostic import diagnostic_steps
from carto_services_publics.processing.network_input import ROAD_FIELDS
from qgis.core import QgsFeature, QgsGeometry, QgsProject, QgsVectorLayer


@pytest.fixture
def roads(qgis_app):
    """A road of 10 km at 30 km/h, one way, of no known source."""
    layer = QgsVectorLayer(
        "LineString?crs=EPSG:2154&field=vitesse:double&field=sens:string&field=nom:string", "r", "memory"
    )
    feature = QgsFeature(layer.fields())
    feature.setAttributes([30.0, "direct", "rue"])
    feature.setGeometry(QgsGeometry.fromWkt("LINESTRING(0 0, 10000 0)"))
    layer.dataProvider().addFeatures([feature])
    QgsProject.instance().addMapLayer(layer)
    yield layer
    QgsProject.instance().clear()


def test_fields_are_proposed_for_a_layer_and_given_to_every_page(access, roads, qgis_iface, qtbot):
    from carto_services_publics.ui.page_action import ActionPage

    action = ActionPage(qgis_iface, access, lambda: "")
    qtbot.addWidget(action)
    access.profile.setCurrentIndex(access.profile.findData("car"))
    access.network_file.setFilePath("")
    access.roads.setLayer(roads)
    expected = {"SPEED_FIELD": "vitesse", "DIRECTION_FIELD": "sens"}
    assert not access.road_fields.isHidden()
    for parameters in (
        access.gap_parameters(),
        access.isochrone_parameters(),
        action.parameters(),
    ):
        assert {name: parameters[name] for name in ROAD_FIELDS} == expected
    action.open_diagnostic()
    qtbot.addWidget(action.diagnostic)
    for step in diagnostic_steps(action.diagnostic.choices()):
        assert {name: step.parameters[name] for name in ROAD_FIELDS} == expected
    access.road_fields.speed.setField("")
    assert action.parameters()["SPEED_FIELD"] is None, "what is proposed can be refused"
    access.network_file.setFilePath("/roads.network")
    assert access.road_fields.isHidden()
    assert {access.gap_parameters()[name] for name in ROAD_FIELDS} == {None}, "a file has its own"


def test_nothing_is_proposed_on_foot_nor_for_known_sources(access, roads, demo_gpkg):
    access.network_file.setFilePath("")
    access.roads.setLayer(roads)
    access.profile.setCurrentIndex(access.profile.findData("foot"))
    assert access.road_fields.isHidden() and access.gap_parameters()["SPEED_FIELD"] is None
    access.profile.setCurrentIndex(access.profile.findData("car"))
    assert access.gap_parameters()["SPEED_FIELD"] == "vitesse"
    known = QgsVectorLayer(f"{demo_gpkg}|layername=routes", "routes", "ogr")
    QgsProject.instance().addMapLayer(known)
    access.roads.setLayer(known)
    assert access.road_fields.isHidden() and access.gap_parameters()["SPEED_FIELD"] is None


def test_what_the_fields_gave_is_the_time_of_travel(access, roads, qtbot):
    """Ten kilometres at the 30 km/h of the field last 20 minutes, there only."""
    people = QgsVectorLayer("Point?crs=EPSG:2154&field=population:double", "people", "memory")
    places = QgsVectorLayer("Point?crs=EPSG:2154&field=categorie:string", "services", "memory")
    for layer, wkt, value in (
        (people, "POINT(0 0)", 5.0),
        (people, "POINT(10000 0)", 7.0),
        (places, "POINT(10000 0)", "mairie"),
    ):
        feature = QgsFeature(layer.fields())
        feature.setAttributes([value])
        feature.setGeometry(QgsGeometry.fromWkt(wkt))
        layer.dataProvider().addFeatures([feature])
    QgsProject.instance().addMapLayers([people, places])
    access.choose(places, people, None, roads, "car", "19,20")
    assert access.gap_parameters()["SPEED_FIELD"] == "vitesse"
    access.run_gaps()
    qtbot.waitUntil(lambda: access.progress.run is None, timeout=60_000)
    assert access._found, access.progress.word.text()
    assert access._found[0].served.beyond == (5.0, 0.0)
    assert "vitesse" in access.fields_report.text() and "sens" in access.fields_report.text()


def test_one_travels_on_a_network_file_as_it_was_built_for(access, walkways, qgis_iface, qtbot):
    """The headline never says a way of travelling whose times these are not."""
    from carto_services_publics.ui.page_action import ActionPage

    action = ActionPage(qgis_iface, access, lambda: "")
    qtbot.addWidget(action)
    access.network_file.setFilePath("")
    access.profile.setCurrentIndex(access.profile.findData("car"))
    access.network_file.setFilePath(walkways)
    assert access.profile.currentData() == "foot" and "on foot" in access.in_one_line()
    assert not access.contradiction()
    access.profile.setCurrentIndex(access.profile.findData("bike"))
    refused = access.contradiction()
    assert "on foot" in refused and "by bicycle" in refused
    for ask, words in (
        (access.run_gaps, access.answer),
        (access.run_isochrones, access.answer),
        (action.run, action.answer),
        (action.open_diagnostic, action.answer),
        (action.scenario.start, action.scenario.words),
    ):
        words.clear()
        ask()
        assert words.text() == refused and access.progress.run is None and action.progress.run is None
    access.profile.setCurrentIndex(access.profile.findData("transit"))
    assert not access.contradiction(), "one walks to the stops"
    access.network_file.setFilePath("/gone.network")
    assert not access.contradiction(), "what is wrong with that file is said when it is opened"
