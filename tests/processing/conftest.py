"""Layers drawn by hand, a straight road with round travel times, and a way to run an algorithm as QGIS does."""

from __future__ import annotations

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterFeatureSink,
    QgsVectorLayer,
)


class Heard(QgsProcessingFeedback):
    """Keeps what the user would read."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def pushInfo(self, info):
        self.said.append(info)

    def pushWarning(self, warning):
        self.said.append(warning)

    def text(self) -> str:
        return "\n".join(self.said)


def drawn(kind: str, fields: str, rows: list[tuple], crs: str = "EPSG:2154") -> QgsVectorLayer:
    """A memory layer: ``rows`` are (WKT or None, attributes …); ``fields`` such as ``id:string,population:double``."""
    layer = QgsVectorLayer("&".join([f"{kind}?", *(f"field={f}" for f in fields.split(","))]), "drawn", "memory")
    assert layer.isValid()
    layer.setCrs(QgsCoordinateReferenceSystem(crs))
    features = []
    for wkt, *attributes in rows:
        feature = QgsFeature(layer.fields())
        if wkt:
            feature.setGeometry(QgsGeometry.fromWkt(wkt))
        feature.setAttributes(attributes)
        features.append(feature)
    accepted, _ = layer.dataProvider().addFeatures(features)
    assert accepted
    return layer


def run_new(algorithm, parameters, feedback=None):
    """Run an algorithm that was just made, as QGIS does; its results, and the context that keeps their layers."""
    algorithm.initAlgorithm()
    context = QgsProcessingContext()
    accepted, why = algorithm.checkParameterValues(parameters, context)
    assert accepted, why
    results, done = algorithm.run(parameters, context, feedback or Heard(), catchExceptions=False)
    assert done
    return results, context


@pytest.fixture
def draw(qgis_app):
    return drawn


@pytest.fixture
def road(qgis_app, tmp_path):
    """A two-way road of 60 km along y = 0, a junction every kilometre, one minute a kilometre."""
    from carto_services_publics.core.network import BuildOptions, build_network
    from qgis.core import QgsVectorFileWriter

    lines = [(f"LINESTRING({x} 0, {x + 1000} 0)", 1.0) for x in range(0, 60_000, 1000)]
    layer = drawn("LineString", "minutes:double", lines)
    options = QgsVectorFileWriter.SaveVectorOptions()
    source = str(tmp_path / "roads.gpkg")
    QgsVectorFileWriter.writeAsVectorFormatV3(layer, source, layer.transformContext(), options)
    path = tmp_path / "road.network"
    build_network(source, BuildOptions(preset="generic", cost_field="minutes"), path)
    return str(path)


@pytest.fixture
def run(provider):
    """Run ``cartoservices:NAME``: answers the result layers by name, and what the user read."""

    def run_algorithm(name: str, **parameters):
        from qgis.core import QgsApplication, QgsProject

        algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"cartoservices:{name}")
        context = QgsProcessingContext()
        context.setProject(QgsProject.instance())
        for output in algorithm.destinationParameterDefinitions():
            if isinstance(output, QgsProcessingParameterFeatureSink):
                parameters.setdefault(output.name(), "memory:")
        accepted, why = algorithm.checkParameterValues(parameters, context)
        assert accepted, why
        heard = Heard()
        results, done = algorithm.run(parameters, context, heard, catchExceptions=False)
        assert done, heard.text()
        layers = {key: context.takeResultLayer(value) for key, value in results.items() if isinstance(value, str)}
        return layers, heard.text()

    return run_algorithm


@pytest.fixture
def rows():
    """The attributes of all rows of a layer, as dictionaries, NULL as None."""

    def all_rows(layer) -> list[dict]:
        from carto_services_publics.processing.attributes import is_null

        names = [field.name() for field in layer.fields()]
        return [
            {name: None if is_null(value) else value for name, value in zip(names, feature.attributes())}
            for feature in layer.getFeatures()
        ]

    return all_rows
