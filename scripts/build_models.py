"""Writes ``resources/models/*.model3``: the chains of the plugin that users can open, run and change in the Modeler.

python3 scripts/build_models.py
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["QT_HASH_SEED"] = "0"  # XML attributes always in the same order

from project import ROOT
from qgis.analysis import QgsNativeAlgorithms
from qgis.core import (
    QgsApplication,
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterField,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorLayer,
)
from qgis.PyQt.QtCore import QPointF

# isort: split
from carto_services_publics.processing.provider import CartoProvider

Source = QgsProcessingModelChildParameterSource
COLUMN_WIDTH, ROW_HEIGHT = 260, 90


class Input(str):
    """The value of an input of the model."""


class Output(tuple):
    """An output of an earlier step: (step, output)."""


def diagnosis() -> QgsProcessingModelAlgorithm:
    """Services of a registry → isochrones by category → who is badly served, commune by commune."""
    model = QgsProcessingModelAlgorithm("Diagnostic d'accès aux services", "Carto Services Publics", "diagnostic_acces")
    polygon, points = QgsProcessing.SourceType.TypeVectorPolygon, QgsProcessing.SourceType.TypeVectorAnyGeometry
    number = QgsProcessingParameterField.DataType.Numeric
    add_inputs(
        model,
        QgsProcessingParameterString("referentiel", "Référentiel (nom de connexion, adresse ou fichier)"),
        QgsProcessingParameterString(
            "categories", "Catégories (codes, séparés par des virgules)", "la_poste,pharmacie"
        ),
        QgsProcessingParameterFile("reseau", "Réseau routier (fichier .network ou couche de voies)"),
        QgsProcessingParameterEnum("mode", "Déplacement", ["car", "foot", "bike"], False, "car", False, True),
        QgsProcessingParameterVectorLayer("habitants", "Habitants (points ou polygones)", [points]),
        QgsProcessingParameterField("population", "Colonne de la population", "population", "habitants", number),
        QgsProcessingParameterVectorLayer("communes", "Communes ou autres zones", [polygon]),
        QgsProcessingParameterField("code", "Identifiant des zones", "code_insee", "communes"),
        QgsProcessingParameterString("limites", "Isochrones (minutes)", "5,10,15"),
        QgsProcessingParameterNumber("seuil", "Seuil des manques (minutes)", defaultValue=10, minValue=1),
    )
    steps: tuple[tuple[str, str, dict[str, Any]], ...] = (
        (
            "services",
            "cartoservices:loadservices",
            {"REGISTRY": Input("referentiel"), "CATEGORIES": Input("categories")},
        ),
        (
            "fixes",
            "native:extractbyexpression",
            {"INPUT": Output(("services", "OUTPUT")), "EXPRESSION": "\"modalite\" <> 'itinerant'"},
        ),
        (
            "isochrones",
            "cartoservices:isochrones",
            {
                "INPUT": Output(("fixes", "OUTPUT")),
                "ENGINE": "local",
                "NETWORK": Input("reseau"),
                "PROFILE": Input("mode"),
                "CUTOFFS": Input("limites"),
                "DIRECTION": "arrival",
                "OVERLAP": "dissolved",
                "DISSOLVE_FIELD": "categorie",
            },
        ),
        (
            "manques",
            "cartoservices:coveragegaps",
            {
                "DEMAND": Input("habitants"),
                "DEMAND_WEIGHT": Input("population"),
                "SERVICES": Output(("fixes", "OUTPUT")),
                "CATEGORY_FIELD": "categorie",
                "NETWORK": Input("reseau"),
                "PROFILE": Input("mode"),
                "THRESHOLDS": Input("seuil"),
                "ZONES": Input("communes"),
                "ZONE_ID": Input("code"),
            },
        ),
        (
            "avec_lieux",
            "native:countpointsinpolygon",
            {"POLYGONS": Output(("manques", "OUTPUT")), "POINTS": Output(("fixes", "OUTPUT")), "FIELD": "nb_services"},
        ),
    )
    results = {
        "services": {"OUTPUT": "Services"},
        "isochrones": {"OUTPUT": "Isochrones"},
        "manques": {"GAPS": "Secteurs mal desservis", "DEMAND_OUT": "Habitants"},
        "avec_lieux": {"OUTPUT": "Accès par commune"},
    }
    for row, (step, algorithm, parameters) in enumerate(steps):
        add_step(model, row, step, algorithm, parameters, results.get(step, {}))
    return model


def add_inputs(model: QgsProcessingModelAlgorithm, *definitions: QgsProcessingParameterDefinition) -> None:
    for row, definition in enumerate(definitions):
        place = QgsProcessingModelParameter(definition.name())
        place.setPosition(QPointF(120, 60 + ROW_HEIGHT * row))
        model.addModelParameter(definition, place)


def add_step(model, row: int, step: str, algorithm: str, parameters: dict[str, Any], results: dict[str, str]) -> None:
    """Add a child algorithm; ``results`` are its outputs that the model gives, with their titles."""
    child = QgsProcessingModelChildAlgorithm(algorithm)
    child.setChildId(step)
    child.setDescription(child.algorithm().displayName())
    for name, value in {**defaults(child.algorithm()), **parameters}.items():
        child.addParameterSources(name, [source_of(value)])
    outputs = {}
    for name, title in results.items():
        output = QgsProcessingModelOutput(title, title)
        output.setChildId(step)
        output.setChildOutputName(name)
        output.setPosition(QPointF(120 + 3 * COLUMN_WIDTH, 60 + ROW_HEIGHT * (2 * row + len(outputs))))
        outputs[title] = output
    child.setModelOutputs(outputs)
    child.setPosition(QPointF(120 + 1.5 * COLUMN_WIDTH, 60 + 2 * ROW_HEIGHT * row))
    model.addChildAlgorithm(child)


def defaults(algorithm: QgsProcessingAlgorithm) -> dict[str, Any]:
    """What the algorithm's dialog would propose: a model leaves nothing out."""
    return {
        definition.name(): definition.defaultValue()
        for definition in algorithm.parameterDefinitions()
        if definition.defaultValue() is not None and not definition.isDestination()
    }


def source_of(value: Any) -> Source:
    if isinstance(value, Input):
        return Source.fromModelParameter(str(value))
    if isinstance(value, Output):
        return Source.fromChildOutput(*value)
    return Source.fromStaticValue(value)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, build in (("diagnostic_acces", diagnosis),):
        model = build()
        problems = [text for step in model.childAlgorithms() for text in model.validateChildAlgorithm(step)[1]]
        path = folder / f"{name}.model3"
        if problems or not model.toFile(str(path)):
            sys.exit(f"{path}: {problems or 'not written'}")
        print(path)


if __name__ == "__main__":
    application = QgsApplication([], True)
    application.initQgis()
    registry = QgsApplication.processingRegistry()
    registry.addProvider(QgsNativeAlgorithms())
    registry.addProvider(CartoProvider())
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=ROOT / "resources" / "models")
    main(parser.parse_args().folder)
    sys.stdout.flush()
    os._exit(0)  # models that outlive the application crash QGIS 3.22 when it ends
