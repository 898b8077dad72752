"""A layer may be removed, or drawn otherwise, while its map is being drawn in a thread."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest
from carto_services_publics.processing import lasting
from carto_services_publics.processing.styling import apply_style
from qgis.core import (
    QgsMarkerSymbol,
    QgsPalLayerSettings,
    QgsProject,
    QgsProperty,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)

SERVICES = "Point?crs=EPSG:2154&field=id:string&field=nom:string&field=categorie:string&field=horaires:string"
DRAWN_WHILE_REMOVED = textwrap.dedent(
    """
    import random, time
    from qgis.core import *
    from qgis.PyQt.QtCore import QSize
    from carto_services_publics.processing.lasting import make_lasting

    app = QgsApplication([], False)
    app.initQgis()
    layer = QgsVectorLayer("Point?crs=EPSG:2154&field=a:double", "", "memory")
    feature = QgsFeature(layer.fields())
    feature.setGeometry(QgsGeometry.fromWkt("POINT(1 1)"))
    feature.setAttributes([3.0])
    layer.dataProvider().addFeature(feature)
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setExtent(QgsRectangle(0, 0, 2, 2))
    settings.setOutputSize(QSize(20, 20))
    draw, size = random.Random(7), "+".join(['coalesce(scale_linear(sqrt(abs("a")), 0, 10, 2, 8), 1)'] * 40)
    end = time.monotonic() + 4
    while time.monotonic() < end:
        symbol = QgsMarkerSymbol.createSimple({})
        symbol.setDataDefinedSize(QgsProperty.fromExpression(size))
        renderer = QgsSingleSymbolRenderer(symbol)
        make_lasting(renderer)
        layer.setRenderer(renderer)
        jobs = [QgsMapRendererParallelJob(settings) for _ in range(2)]
        for job in jobs:
            job.start()
        time.sleep(draw.random() * 0.001)
        layer.setRenderer(QgsNullSymbolRenderer())
        for job in jobs:
            job.waitForFinished()
    """
)


def expressions(layer):
    each = [pair for part in lasting._symbol_layers(layer.renderer()) for pair in lasting._expressions(part)]
    return {given.expressionString() for _key, given in each}


def test_qgis_goes_on_when_what_it_draws_with_is_replaced():
    done = subprocess.run([sys.executable, "-c", DRAWN_WHILE_REMOVED], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def services(qgis_app):
    layer = QgsVectorLayer(SERVICES, "Services", "memory")
    apply_style(layer, "services")
    return layer


def test_the_expressions_of_our_styles_are_held_once(services):
    held = expressions(services)
    assert held and held <= set(lasting._BY_TEXT)
    count = len(lasting._BY_TEXT)
    apply_style(QgsVectorLayer(SERVICES, "The same", "memory"), "services")
    assert len(lasting._BY_TEXT) == count


def test_those_of_a_layer_styled_elsewhere_outlive_its_removal(qgis_app):
    project = QgsProject()
    end = lasting.outlive_removals(project)
    symbol = QgsMarkerSymbol.createSimple({})
    symbol.setDataDefinedSize(QgsProperty.fromExpression("1 + 2 + 3"))
    layer = QgsVectorLayer("Point", "Own", "memory")
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))
    settings = QgsPalLayerSettings()
    settings.dataDefinedProperties().setProperty(
        QgsPalLayerSettings.Property.Priority, QgsProperty.fromExpression("4 + 5 + 6")
    )
    layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    project.addMapLayer(layer)
    project.clear()
    assert {"1 + 2 + 3", "4 + 5 + 6"} <= {given.expressionString() for given in lasting._OF_OTHERS}
    end()
    project.addMapLayer(QgsVectorLayer("Point", "Later", "memory"))
    project.clear()
