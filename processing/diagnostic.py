"""« Diagnostic complet »: the whole chain from services to the report's layers, as one model."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingModelAlgorithm,
    QgsProcessingParameterField,
    QgsProcessingParameterFile,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorLayer,
    QgsVectorLayer,
)

from ..i18n import tr
from .access_inputs import parse_thresholds
from .model_building import Input, Step, build_model


@dataclass(frozen=True)
class Choices:
    """What the user chose. Layers are project layers; ``basket`` is a built-in name, a path, or empty for none."""

    services: QgsVectorLayer
    demand: QgsVectorLayer
    weight: str
    zones: QgsVectorLayer
    zone_id: str
    roads: str | QgsVectorLayer
    profile: str
    thresholds: str
    open_at: str = ""
    basket: str = ""


RESULTS = {
    "isochrones": {"OUTPUT": "Isochrones"},
    "manques": {"DEMAND_OUT": "Habitants", "OUTPUT": "Couverture", "GAPS": "Secteurs", "TIMETABLE": "Semaine"},
    "panier": {"OUTPUT": "Panier"},
}
"""Outputs of each step and what the model calls them."""


def diagnostic_model(choices: Choices) -> QgsProcessingModelAlgorithm:
    """The chain as a model whose inputs are the user's layers."""
    polygon, point, any_vector = (
        QgsProcessing.SourceType.TypeVectorPolygon,
        QgsProcessing.SourceType.TypeVectorPoint,
        QgsProcessing.SourceType.TypeVectorAnyGeometry,
    )
    number = QgsProcessingParameterField.DataType.Numeric
    inputs = [
        QgsProcessingParameterVectorLayer("services", tr("Services"), [point]),
        QgsProcessingParameterVectorLayer("habitants", tr("People"), [any_vector]),
        QgsProcessingParameterField("population", tr("Population column"), choices.weight, "habitants", number),
        QgsProcessingParameterVectorLayer("zones", tr("Zones"), [polygon]),
        QgsProcessingParameterField("code", tr("Identifier of the zones"), choices.zone_id, "zones"),
        QgsProcessingParameterFile("reseau", tr("Roads")),
        QgsProcessingParameterString("seuils", tr("Thresholds (minutes)"), choices.thresholds),
    ]
    return build_model("Diagnostic complet", "diagnostic_complet", inputs, diagnostic_steps(choices))


def diagnostic_steps(choices: Choices) -> list[Step]:
    """Isochrones, gaps and, when asked for, the basket."""
    travel = {"NETWORK": Input("reseau"), "PROFILE": choices.profile}
    people = {
        **travel,
        "DEMAND": Input("habitants"),
        "DEMAND_WEIGHT": Input("population"),
        "SERVICES": Input("services"),
        "CATEGORY_FIELD": "categorie",
        "OPEN_AT": choices.open_at,
    }
    isochrones = {
        **travel,
        "INPUT": Input("services"),
        "ENGINE": "local",
        "CUTOFFS": Input("seuils"),
        "DIRECTION": "arrival",
        "OVERLAP": "dissolved",
        "DISSOLVE_FIELD": "categorie",
    }
    gaps = {**people, "THRESHOLDS": Input("seuils"), "ZONES": Input("zones"), "ZONE_ID": Input("code")}
    steps = [
        Step("isochrones", "cartoservices:isochrones", isochrones, RESULTS["isochrones"]),
        Step("manques", "cartoservices:coveragegaps", gaps, RESULTS["manques"]),
    ]
    if choices.basket:
        longest = parse_thresholds(choices.thresholds)[-1]
        basket = {**people, "BASKET": choices.basket, "THRESHOLD": longest}
        steps.append(Step("panier", "cartoservices:servicebasket", basket, RESULTS["panier"]))
    return steps


def model_inputs(choices: Choices) -> dict[str, Any]:
    """The values of the model's inputs."""
    roads = choices.roads
    return {
        "services": choices.services,
        "habitants": choices.demand,
        "population": choices.weight,
        "zones": choices.zones,
        "code": choices.zone_id,
        "reseau": roads if isinstance(roads, str) else roads.source(),
        "seuils": choices.thresholds,
    }


def model_parameters(choices: Choices) -> dict[str, Any]:
    """What to run the model with; results are temporary layers."""
    return {
        **model_inputs(choices),
        **dict.fromkeys(_outputs(choices), "TEMPORARY_OUTPUT"),
    }


def report_parameters(choices: Choices, layers: dict[str, QgsVectorLayer]) -> dict[str, Any]:
    """What `accessreport` is given from the model's results, named as `output_name` says."""
    return {
        "COVERAGE": layers[output_name("manques", "OUTPUT")],
        "DEMAND": layers[output_name("manques", "DEMAND_OUT")],
        "DEMAND_WEIGHT": choices.weight,
        "GAPS": layers.get(output_name("manques", "GAPS")),
        "BASKET": layers.get(output_name("panier", "OUTPUT")),
        "TIMETABLE": layers.get(output_name("manques", "TIMETABLE")),
        "SERVICES": choices.services,
        "PROFILE": choices.profile,
        "OPEN_AT": choices.open_at,
    }


def command(choices: Choices, model_path: str) -> str:
    """The `qgis_process` command that runs the saved model on the same layers."""
    values = {
        name: value.source() if isinstance(value, QgsVectorLayer) else value
        for name, value in model_parameters(choices).items()
    }
    words = ["qgis_process", "run", _quoted(model_path), "--"]
    return " ".join([*words, *(f"{_quoted(name)}={_quoted(str(value))}" for name, value in values.items())])


def output_name(step: str, output: str) -> str:
    """How QGIS names the output of a model's step."""
    return f"{step}:{RESULTS[step][output]}"


def _outputs(choices: Choices) -> list[str]:
    steps = [step for step in RESULTS if step != "panier" or choices.basket]
    return [output_name(step, output) for step in steps for output in RESULTS[step]]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False) if any(mark in text for mark in " |:'\"()&;") else text
