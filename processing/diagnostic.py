"""« Diagnostic complet »: the whole chain from services to the report, as one model."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessingModelAlgorithm,
    QgsProcessingParameterField,
    QgsProcessingParameterFile,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorLayer,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

from ..core.thresholds import parse_thresholds
from ..i18n import tr
from .model_building import Input, ModelInvalid, Output, Step, build_model
from .network_input import ROAD_FIELDS
from .qgis_enums import FieldType, SourceType

TITLE = "Accessibilité des services au public"


@dataclass(frozen=True)
class Choices:
    """What the user chose. Layers are project layers; ``basket`` is a built-in name, a path, or empty for none.

    ``category``: the service that the report puts forward, empty for the worst served. ``groups``: columns of people.
    ``road_fields``: the columns of the roads that are speeds and directions, where they are a layer.
    ``scenario``, ``scenario_changes``: the tables of a comparison, for the report.
    """

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
    category: str = ""
    groups: tuple[str, ...] = ()
    title: str = TITLE
    territory: str = ""
    road_fields: tuple[str, str] = ("", "")
    scenario: QgsVectorLayer | None = None
    scenario_changes: QgsVectorLayer | None = None


RESULTS = {
    "isochrones": {"OUTPUT": "Isochrones"},
    "manques": {
        "DEMAND_OUT": "Habitants",
        "OUTPUT": "Couverture",
        "GAPS": "Secteurs",
        "TIMETABLE": "Semaine",
        "GROUPS_OUT": "Groupes",
    },
    "panier": {"OUTPUT": "Panier"},
    "rapport": {"HTML": "Rapport", "PDF": "Atlas"},
}
"""Outputs of each step and what the model calls them."""
SCENARIO_PARAMETERS = {"scenario": "SCENARIO", "changements": "CHANGES"}
"""Inputs of the model, and what the report calls them."""
FORMATS = {"HTML": "html", "PDF": "pdf"}
"""Of the results that are not layers."""


def diagnostic_model(choices: Choices) -> QgsProcessingModelAlgorithm:
    """The chain as a model whose inputs are the user's layers."""
    polygon, point, any_vector = (
        SourceType.VectorPolygon,
        SourceType.VectorPoint,
        SourceType.VectorAnyGeometry,
    )
    number = FieldType.Numeric
    inputs = [
        QgsProcessingParameterVectorLayer("services", tr("Services"), [point]),
        QgsProcessingParameterVectorLayer("habitants", tr("People"), [any_vector]),
        QgsProcessingParameterField("population", tr("Population column"), choices.weight, "habitants", number),
        QgsProcessingParameterVectorLayer("zones", tr("Zones"), [polygon]),
        QgsProcessingParameterField("code", tr("Identifier of the zones"), choices.zone_id, "zones"),
        QgsProcessingParameterFile("reseau", tr("Roads")),
        QgsProcessingParameterString("seuils", tr("Thresholds (minutes)"), choices.thresholds),
        QgsProcessingParameterString("titre", tr("Title"), choices.title),
        QgsProcessingParameterString("territoire", tr("Name of the territory"), choices.territory, optional=True),
    ]
    labels = {"scenario": tr("Summary of a scenario"), "changements": tr("What the scenario changes")}
    for name in _of_scenario(choices):
        inputs.append(QgsProcessingParameterVectorLayer(name, labels[name], [SourceType.Vector], optional=True))
    steps = [*diagnostic_steps(choices), report_step(choices)]
    return build_model("Diagnostic complet", "diagnostic_complet", inputs, steps)


def _of_scenario(choices: Choices) -> dict[str, QgsVectorLayer]:
    """The inputs of the model that are tables of a scenario, where one is chosen."""
    tables = {"scenario": choices.scenario, "changements": choices.scenario_changes}
    return {name: layer for name, layer in tables.items() if layer is not None}


def diagnostic_steps(choices: Choices) -> list[Step]:
    """Isochrones, gaps and, when asked for, the basket."""
    fields = {name: field for name, field in zip(ROAD_FIELDS, choices.road_fields) if field}
    travel = {"NETWORK": Input("reseau"), "PROFILE": choices.profile, **fields}
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
    by_zone = {"ZONES": Input("zones"), "ZONE_ID": Input("code"), "GROUPS": list(choices.groups)}
    gaps = {**people, **by_zone, "THRESHOLDS": Input("seuils")}
    steps = [
        Step("isochrones", "cartoservices:isochrones", isochrones, RESULTS["isochrones"]),
        Step("manques", "cartoservices:coveragegaps", gaps, RESULTS["manques"]),
    ]
    if choices.basket:
        longest = parse_thresholds(choices.thresholds)[-1]
        basket = {**people, "BASKET": choices.basket, "THRESHOLD": longest}
        steps.append(Step("panier", "cartoservices:servicebasket", basket, RESULTS["panier"]))
    return steps


def report_step(choices: Choices) -> Step:
    """The report on what `diagnostic_steps` give."""
    layers = {
        "COVERAGE": Output("manques", "OUTPUT"),
        "DEMAND": Output("manques", "DEMAND_OUT"),
        "GAPS": Output("manques", "GAPS"),
        "TIMETABLE": Output("manques", "TIMETABLE"),
        "GROUPS": Output("manques", "GROUPS_OUT"),
        "SERVICES": Input("services"),
        "NETWORK": Input("reseau"),
        **{parameter: Input(name) for name, parameter in SCENARIO_PARAMETERS.items() if name in _of_scenario(choices)},
    }
    if choices.basket:
        layers["BASKET"] = Output("panier", "OUTPUT")
    said = {"TITLE": Input("titre"), "TERRITORY_NAME": Input("territoire"), "DEMAND_WEIGHT": Input("population")}
    how = {"PROFILE": choices.profile, "OPEN_AT": choices.open_at, "CATEGORY": choices.category}
    return Step("rapport", "cartoservices:accessreport", {**layers, **said, **how}, RESULTS["rapport"])


def model_inputs(choices: Choices) -> dict[str, Any]:
    """The values of the model's inputs."""
    return {
        "services": choices.services,
        "habitants": choices.demand,
        "population": choices.weight,
        "zones": choices.zones,
        "code": choices.zone_id,
        "reseau": choices.roads,
        "seuils": choices.thresholds,
    }


def model_parameters(choices: Choices, folder: Path) -> dict[str, Any]:
    """What to run the saved model with: each result is a file of ``folder``, replaced the next time."""
    steps = [step for step in RESULTS if step != "panier" or choices.basket]
    files = {
        output_name(step, output): str(folder / f"{RESULTS[step][output].lower()}.{FORMATS.get(output, 'gpkg')}")
        for step in steps
        for output in RESULTS[step]
    }
    roads = choices.roads if isinstance(choices.roads, str) else choices.roads.source()
    said = {"titre": choices.title, "territoire": choices.territory}
    return {**model_inputs(choices), "reseau": roads, **said, **_of_scenario(choices), **files}


def report_parameters(choices: Choices, layers: dict[str, QgsVectorLayer]) -> dict[str, Any]:
    """What `accessreport` is given from the model's results, named as `output_name` says."""
    return {
        "COVERAGE": layers[output_name("manques", "OUTPUT")],
        "DEMAND": layers[output_name("manques", "DEMAND_OUT")],
        "DEMAND_WEIGHT": choices.weight,
        "GAPS": layers.get(output_name("manques", "GAPS")),
        "BASKET": layers.get(output_name("panier", "OUTPUT")),
        "TIMETABLE": layers.get(output_name("manques", "TIMETABLE")),
        "GROUPS": layers.get(output_name("manques", "GROUPS_OUT")),
        "SERVICES": choices.services,
        "NETWORK": choices.roads,
        "PROFILE": choices.profile,
        "OPEN_AT": choices.open_at,
        "CATEGORY": choices.category,
        "SCENARIO": choices.scenario,
        "CHANGES": choices.scenario_changes,
    }


def command(choices: Choices, model_path: str, folder: Path) -> str:
    """The `qgis_process` command that runs the saved model on the same layers, results into ``folder``.

    What is in memory alone is written beside the model, in a GeoPackage of its name. From QGIS 3.24 the values are
    JSON, in a file beside the model: any shell takes the command as it is, and the file can be read and changed.
    Before, they are in the command. Raises `ModelInvalid` for a layer that cannot be written.
    """
    store = Path(model_path).with_suffix(".gpkg")
    values = {
        name: _stored(name, value, store) if isinstance(value, QgsVectorLayer) else value
        for name, value in model_parameters(choices, folder).items()
    }
    words = ["qgis_process", "run", _quoted(model_path)]
    if Qgis.QGIS_VERSION_INT < 32400:
        return " ".join([*words, "--", *(f"{_quoted(name)}={_quoted(str(value))}" for name, value in values.items())])
    given = Path(model_path).with_suffix(".json")
    given.write_text(json.dumps({"inputs": values}, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return " ".join([*words, "-", "<", _quoted(str(given))])


def _stored(name: str, layer: QgsVectorLayer, store: Path) -> str:
    """Where another QGIS finds a layer; in a table of ``store`` where it is in memory. Raises `ModelInvalid`."""
    if layer.providerType() != "memory":
        return layer.source()
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName, options.layerName = "GPKG", name
    if store.exists():
        options.actionOnExistingFile = QgsVectorFileWriter.ActionOnExistingFile.CreateOrOverwriteLayer
    transforms = QgsProject.instance().transformContext()
    error, words, *_ = QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(store), transforms, options)
    if error != QgsVectorFileWriter.WriterError.NoError:
        raise ModelInvalid("The layer “{name}” could not be written beside the model: {error}", name=name, error=words)
    return f"{store}|layername={name}"


def output_name(step: str, output: str) -> str:
    """How QGIS names the output of a model's step."""
    return f"{step}:{RESULTS[step][output]}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False) if any(mark in text for mark in " |:'\"()&;") else text
