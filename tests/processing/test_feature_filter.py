"""An input with a feature filter (QGIS 3.32) gives what a layer with those rows only gives."""

from __future__ import annotations

import math

import pytest
from carto_services_publics.processing.positions import expected_rows
from qgis.core import QgsProcessingFeatureSourceDefinition, QgsProject, QgsVectorLayer

pytestmark = pytest.mark.skipif(
    not hasattr(QgsProcessingFeatureSourceDefinition(), "filterExpression"), reason="this QGIS has no filters on inputs"
)

PEOPLE = [(f"POINT({x} 0)", f"d{x}", float(x % 7 + 1)) for x in range(0, 30_000, 2_500)]
PLACES = [(f"POINT({x} 0)", f"s{x}", category) for x in (1_000, 21_000) for category in ("mairie", "poste")]
KEPT = {"demand": '"id" <> \'d5000\' and "population" > 1', "services": "\"categorie\" = 'mairie'"}


@pytest.fixture
def layers(draw):
    made = {
        "demand": draw("Point", "id:string,population:double", PEOPLE),
        "services": draw("Point", "id:string,categorie:string", PLACES),
    }
    QgsProject.instance().addMapLayers(made.values(), False)
    yield made
    QgsProject.instance().removeMapLayers([layer.id() for layer in made.values()])


def filtered(layer: QgsVectorLayer, expression: str) -> QgsProcessingFeatureSourceDefinition:
    given = QgsProcessingFeatureSourceDefinition(layer.id())
    given.filterExpression = expression
    return given


def narrowed(layer: QgsVectorLayer, expression: str) -> QgsVectorLayer:
    copy = layer.clone()
    copy.setSubsetString(expression)
    return copy


QUESTIONS = {
    "nearestservice": {"CATEGORY_FIELD": "categorie"},
    "coveragegaps": {"CATEGORY_FIELD": "categorie", "DEMAND_WEIGHT": "population", "THRESHOLDS": "5,10"},
    "servicebasket": {"CATEGORY_FIELD": "categorie", "BASKET": "vie_courante", "THRESHOLD": 10},
    "odmatrix": {"ORIGIN_ID": "id", "DESTINATION_ID": "id"},
    "isochrones": {"CUTOFFS": "5", "ENGINE": "local"},
}
INPUTS = {"odmatrix": ("ORIGINS", "DESTINATIONS"), "isochrones": (None, "INPUT")}


@pytest.mark.parametrize("algorithm", QUESTIONS)
def test_a_filter_on_an_input_is_obeyed(algorithm, layers, road, run):
    demand_name, services_name = INPUTS.get(algorithm, ("DEMAND", "SERVICES"))

    def answer(choose):
        given = {services_name: choose(layers["services"], KEPT["services"])}
        if demand_name:
            given[demand_name] = choose(layers["demand"], KEPT["demand"])
        results, said = run(algorithm, NETWORK=road, **given, **QUESTIONS[algorithm])
        return {
            name: sorted(str(row.attributes()) + row.geometry().asWkt(1) for row in layer.getFeatures())
            for name, layer in results.items()
            if isinstance(layer, QgsVectorLayer)
        }

    by_filter = answer(filtered)
    assert by_filter == answer(narrowed)
    assert any(by_filter.values())


def test_progress_waits_where_a_filter_hides_how_many_rows_come(layers):
    from qgis.core import QgsProcessingContext, QgsProcessingUtils

    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    source = QgsProcessingUtils.variantToSource(filtered(layers["demand"], KEPT["demand"]), context)
    assert expected_rows(source) == math.inf
    assert expected_rows(layers["demand"]) == len(PEOPLE)
