"""A service is found by its words in any order, with or without their accents."""

from __future__ import annotations

import pytest
from carto_services_publics.ui.locator import ServiceLocator
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeedback,
    QgsLocatorContext,
    QgsLocatorResult,
    QgsProject,
    QgsRectangle,
)


@pytest.fixture
def found(access, qgis_iface):
    locator = ServiceLocator(qgis_iface)
    layer = access.services.currentLayer()
    name = layer.fields().indexOf("nom")
    first = next(layer.getFeatures()).id()
    layer.dataProvider().changeAttributeValues({first: {name: "Mairie de Saint-Étienne-d'Œuvre"}})

    def search(text):
        locator.prepare(text, QgsLocatorContext())
        results = []
        locator.resultFetched.connect(results.append)
        locator.fetchResults(text, QgsLocatorContext(), QgsFeedback())
        locator.resultFetched.disconnect(results.append)
        return [result.displayString for result in results]

    yield search
    QgsProject.instance().clear()


def test_the_prefix_is_one_that_qgis_gives_to_plugins(qgis_iface):
    assert len(ServiceLocator(qgis_iface).prefix()) >= 3


@pytest.mark.parametrize("text", ["saint etienne", "etienne mairie", "SAINT-ÉTIENNE", "oeuvre", "étienne  œuvre"])
def test_words_in_any_order_without_accents(found, text):
    assert "Mairie de Saint-Étienne-d'Œuvre" in found(text)


@pytest.mark.parametrize("text", ["", "a", "etienne pharmacie"])
def test_what_is_too_short_or_not_there_finds_nothing(found, text):
    assert found(text) == []


def test_a_result_is_shown_in_a_project_without_reference_system(access, qgis_iface):
    layer = access.services.currentLayer()
    feature = next(layer.getFeatures())
    canvas = qgis_iface.mapCanvas()
    before = canvas.mapSettings().destinationCrs()
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem())
    canvas.setExtent(QgsRectangle(0, 0, 1, 1))
    result = QgsLocatorResult()
    result.userData = (layer.id(), feature.id())
    ServiceLocator(qgis_iface).triggerResult(result)
    place = feature.geometry().asPoint()
    assert (canvas.center().x(), canvas.center().y()) == pytest.approx((place.x(), place.y()), rel=1e-3)
    canvas.setDestinationCrs(before)
    QgsProject.instance().clear()
