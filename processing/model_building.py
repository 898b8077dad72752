"""Chains of algorithms as models: what the Modeler opens, `qgis_process` runs, and the panel runs and saves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterDefinition,
)
from qgis.PyQt.QtCore import QPointF

from ..core.errors import CartoError

Source = QgsProcessingModelChildParameterSource
COLUMN_WIDTH, ROW_HEIGHT = 260, 90


class ModelInvalid(CartoError):
    """A chain whose steps do not fit together."""


class Input(str):
    """The value of an input of the model."""


class Output(NamedTuple):
    """What an earlier step gives."""

    step: str
    output: str


class Step(NamedTuple):
    """One algorithm of a chain. ``results``: its outputs that the model gives, with their titles."""

    name: str
    algorithm: str
    parameters: Mapping[str, Any]
    results: Mapping[str, str] = {}


def build_model(
    title: str, name: str, inputs: list[QgsProcessingParameterDefinition], steps: list[Step]
) -> QgsProcessingModelAlgorithm:
    """A model of the steps, one after the other. Raises `ModelInvalid` when a step lacks something."""
    model = QgsProcessingModelAlgorithm(title, "Carto Services Publics", name)
    for row, definition in enumerate(inputs):
        place = QgsProcessingModelParameter(definition.name())
        place.setPosition(QPointF(120, 60 + ROW_HEIGHT * row))
        model.addModelParameter(definition, place)
    for row, step in enumerate(steps):
        model.addChildAlgorithm(_child(step, row))
    problems = [text for child in model.childAlgorithms() for text in model.validateChildAlgorithm(child)[1]]
    if problems:
        raise ModelInvalid("The chain “{title}” does not hold together: {problems}", title=title, problems=problems[0])
    return _with_plain_names(model)


def _with_plain_names(model: QgsProcessingModelAlgorithm) -> QgsProcessingModelAlgorithm:
    """The same model, whose outputs are called ``step:title`` in every QGIS.

    QGIS 3.40 and 3.44 call those of a new model by the title alone, and lose one called as an input is; a model that
    says nothing of its version is taken for one of before.
    """
    stored = model.toVariant()
    if stored.pop("internal_version", None):
        model.loadVariant(stored)
    return model


def _child(step: Step, row: int) -> QgsProcessingModelChildAlgorithm:
    child = QgsProcessingModelChildAlgorithm(step.algorithm)
    child.setChildId(step.name)
    if child.algorithm() is None:
        raise ModelInvalid("There is no algorithm “{algorithm}”.", algorithm=step.algorithm)
    child.setDescription(child.algorithm().displayName())
    for name, value in {**_defaults(child.algorithm()), **step.parameters}.items():
        child.addParameterSources(name, [_source_of(value)])
    outputs: dict[str, QgsProcessingModelOutput] = {}
    for name, title in step.results.items():
        output = QgsProcessingModelOutput(title, title)
        output.setChildId(step.name)
        output.setChildOutputName(name)
        output.setPosition(QPointF(120 + 3 * COLUMN_WIDTH, 60 + ROW_HEIGHT * (2 * row + len(outputs))))
        outputs[title] = output
    child.setModelOutputs(outputs)
    child.setPosition(QPointF(120 + 1.5 * COLUMN_WIDTH, 60 + 2 * ROW_HEIGHT * row))
    return child


def _defaults(algorithm: QgsProcessingAlgorithm) -> dict[str, Any]:
    """What the algorithm's dialog would propose: a model leaves nothing out."""
    return {
        definition.name(): definition.defaultValue()
        for definition in algorithm.parameterDefinitions()
        if definition.defaultValue() is not None and not definition.isDestination()
    }


def _source_of(value: Any) -> QgsProcessingModelChildParameterSource:
    if isinstance(value, Input):
        return Source.fromModelParameter(str(value))
    if isinstance(value, Output):
        return Source.fromChildOutput(*value)
    return Source.fromStaticValue(value)
