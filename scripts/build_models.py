"""Writes ``resources/models/*.model3``: the chains of the plugin that users can open, run and change in the Modeler.

python3 scripts/build_models.py
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["QT_HASH_SEED"] = "0"  # XML attributes always in the same order

from project import ROOT
from qgis.analysis import QgsNativeAlgorithms
from qgis.core import (
    QgsApplication,
    QgsProcessingModelAlgorithm,
    QgsProcessingParameterEnum,
    QgsProcessingParameterField,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorLayer,
)

# isort: split
from carto_services_publics.processing.model_building import Input, Output, Step, build_model
from carto_services_publics.processing.provider import CartoProvider
from carto_services_publics.processing.qgis_enums import FieldType, SourceType


def diagnosis() -> QgsProcessingModelAlgorithm:
    """Services of a registry → isochrones by category → who is badly served, commune by commune."""
    polygon, points = SourceType.VectorPolygon, SourceType.VectorAnyGeometry
    number = FieldType.Numeric
    inputs = [
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
    ]
    steps = [
        Step(
            "services",
            "cartoservices:loadservices",
            {"REGISTRY": Input("referentiel"), "CATEGORIES": Input("categories")},
            {"OUTPUT": "Services"},
        ),
        Step(
            "fixes",
            "native:extractbyexpression",
            {"INPUT": Output("services", "OUTPUT"), "EXPRESSION": "\"modalite\" <> 'itinerant'"},
        ),
        Step(
            "isochrones",
            "cartoservices:isochrones",
            {
                "INPUT": Output("fixes", "OUTPUT"),
                "ENGINE": "local",
                "NETWORK": Input("reseau"),
                "PROFILE": Input("mode"),
                "CUTOFFS": Input("limites"),
                "DIRECTION": "arrival",
                "OVERLAP": "dissolved",
                "DISSOLVE_FIELD": "categorie",
            },
            {"OUTPUT": "Isochrones"},
        ),
        Step(
            "manques",
            "cartoservices:coveragegaps",
            {
                "DEMAND": Input("habitants"),
                "DEMAND_WEIGHT": Input("population"),
                "SERVICES": Output("fixes", "OUTPUT"),
                "CATEGORY_FIELD": "categorie",
                "NETWORK": Input("reseau"),
                "PROFILE": Input("mode"),
                "THRESHOLDS": Input("seuil"),
                "ZONES": Input("communes"),
                "ZONE_ID": Input("code"),
            },
            {"GAPS": "Secteurs mal desservis", "DEMAND_OUT": "Habitants"},
        ),
        Step(
            "avec_lieux",
            "native:countpointsinpolygon",
            {"POLYGONS": Output("manques", "OUTPUT"), "POINTS": Output("fixes", "OUTPUT"), "FIELD": "nb_services"},
            {"OUTPUT": "Accès par commune"},
        ),
    ]
    return build_model("Diagnostic d'accès aux services", "diagnostic_acces", inputs, steps)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, build in (("diagnostic_acces", diagnosis),):
        model = build()
        path = folder / f"{name}.model3"
        if not model.toFile(str(path)):
            sys.exit(f"{path} could not be written")
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
