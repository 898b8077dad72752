"""The expression functions, as a user's style or filter calls them."""

from __future__ import annotations

import pytest
from carto_services_publics.processing import expressions
from qgis.core import NULL, QgsExpression, QgsExpressionContext, QgsFeature, QgsVectorLayer

WEEKDAYS = "'Mo-Fr 09:00-12:00; PH off'"


@pytest.fixture(autouse=True)
def functions(qgis_app):
    expressions.register()
    yield
    expressions.unregister()


def value_of(text):
    expression = QgsExpression(text)
    assert not expression.hasParserError(), expression.parserErrorString()
    value = expression.evaluate(QgsExpressionContext())
    assert not expression.hasEvalError(), expression.evalErrorString()
    return None if value == NULL else value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (f"service_ouvert({WEEKDAYS}, to_datetime('2026-06-01 10:00:00'))", True),
        (f"service_ouvert({WEEKDAYS}, to_datetime('2026-06-01 12:00:00'))", False),
        (f"service_ouvert({WEEKDAYS}, to_datetime('2026-07-14 10:00:00'))", False),
        (f"service_ouvert({WEEKDAYS}, '2026-06-01T10:00')", True),
        (f"service_ouvert({WEEKDAYS}, 'samedi 10:00')", False),
        (f"service_ouvert({WEEKDAYS}, 'lundi 10:00')", True),
        (f"service_ouvert({WEEKDAYS}, to_datetime('2026-12-26 10:00:00'))", False),
        # Good Friday: a holiday in Strasbourg, not in Mende; a code that is wrong counts as not given.
        (f"service_ouvert({WEEKDAYS}, to_datetime('2026-04-03 10:00:00'), '67482')", False),
        (f"service_ouvert({WEEKDAYS}, to_datetime('2026-04-03 10:00:00'), '48095')", True),
        (f"service_ouvert({WEEKDAYS}, to_datetime('2026-04-03 10:00:00'), 'Mende')", True),
        (f"service_ouvert({WEEKDAYS}, to_datetime('2026-04-03 10:00:00'), '')", True),
        ("service_ouvert('24/7', to_date('2026-06-01'))", True),
        ("service_ouvert('Mo \"sur rendez-vous\"', to_datetime('2026-06-01 10:00:00'))", None),
        ("service_ouvert('', to_datetime('2026-06-01 10:00:00'))", None),
        ("service_ouvert('lundi 9h', to_datetime('2026-06-01 10:00:00'))", None),
        ("service_ouvert('', 'lundi 10:00')", None),
        ("service_ouvert(NULL, to_datetime('2026-06-01 10:00:00'))", None),
        ("service_ouvert('24/7', NULL)", None),
    ],
)
def test_whether_a_service_is_open(expression, value):
    assert value_of(expression) is value


def test_a_moment_that_cannot_be_read_is_an_error_of_the_expression():
    expression = QgsExpression("service_ouvert('24/7', 'demain matin')")
    expression.evaluate(QgsExpressionContext())
    assert "demain matin" in expression.evalErrorString()


@pytest.mark.parametrize(
    ("hours", "value"),
    [
        ("'Mo-Fr 09:00-12:00,14:00-17:00'", 30.0),
        ("'24/7'", 168.0),
        ("'off'", 0.0),
        ("''", None),
        ("'?'", None),
        ("NULL", None),
    ],
)
def test_open_hours_a_week(hours, value):
    assert value_of(f"service_heures_par_semaine({hours})") == value


@pytest.mark.parametrize(
    ("expression", "label"),
    [
        ("libelle_categorie('mairie', 'fr')", "Mairie"),
        ("libelle_categorie('mairie', 'en')", "Town hall"),
        ("libelle_categorie('poney')", None),
        ("libelle_categorie(NULL)", None),
    ],
)
def test_the_label_of_a_category(expression, label):
    assert value_of(expression) == label


def test_a_layer_is_filtered_by_what_is_open():
    layer = QgsVectorLayer("Point?field=horaires:string", "services", "memory")
    rows = ["Mo-Fr 09:00-17:00", "Sa 09:00-12:00", "", None, "24/7"]
    features = []
    for row in rows:
        feature = QgsFeature(layer.fields())
        feature.setAttributes([row])
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    found = layer.getFeatures("service_ouvert(\"horaires\", 'samedi 10:00')")
    assert [feature["horaires"] for feature in found] == ["Sa 09:00-12:00", "24/7"]


def test_the_functions_have_help_and_leave_with_the_plugin():
    names = ["service_ouvert", "service_heures_par_semaine", "libelle_categorie"]
    for name in names:
        assert QgsExpression.isFunctionName(name)
        assert name in QgsExpression.helpText(name)
    expressions.unregister()
    assert not any(QgsExpression.isFunctionName(name) for name in names)
    expressions.register()
