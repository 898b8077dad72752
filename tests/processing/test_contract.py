"""The contract, as an outside program meets it: names, types, what may be left out, and figures worked by hand."""

from __future__ import annotations

import pytest
from qgis.core import (
    QgsApplication,
    QgsProcessingDestinationParameter,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSink,
)

from .contract_cases import ENUMS, MUST_BE_GIVEN, SIGNATURES

OPTIONAL = QgsProcessingParameterDefinition.Flag.FlagOptional


@pytest.fixture
def algorithm(provider):
    """An algorithm by its name."""
    return lambda name: QgsApplication.processingRegistry().createAlgorithmById(f"cartoservices:{name}")


@pytest.fixture
def call(provider):
    """`processing.run`, with only what the caller names; layers come back as their rows, NULL as None."""
    import processing

    def run(name, **parameters):
        return processing.run(f"cartoservices:{name}", parameters)

    return run


# -- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SIGNATURES)
def test_every_algorithm_has_the_parameters_and_outputs_of_the_contract(algorithm, name):
    found = algorithm(name)
    assert found is not None
    given, made = (part.split() for part in SIGNATURES[name].split(">"))
    parameters = {p.name(): p for p in found.parameterDefinitions()}
    outputs = {o.name(): o for o in found.outputDefinitions()}
    assert [p for p in given if p not in parameters] == []
    assert [o for o in made if o.strip("#") not in outputs] == []
    for output in made:
        is_figure = isinstance(outputs[output.strip("#")], (QgsProcessingOutputNumber, QgsProcessingOutputString))
        assert is_figure == output.startswith("#"), output


@pytest.mark.parametrize("name", SIGNATURES)
def test_a_caller_gives_only_what_the_algorithm_cannot_do_without(algorithm, name):
    found = algorithm(name)
    required = {
        p.name()
        for p in found.parameterDefinitions()
        if not p.flags() & OPTIONAL
        and p.defaultValue() is None
        and not isinstance(p, QgsProcessingDestinationParameter)
    }
    assert required == set(MUST_BE_GIVEN[name].split())


@pytest.mark.parametrize("name", SIGNATURES)
def test_what_could_not_be_computed_is_made_by_default_but_need_not_be_named(algorithm, name):
    found = algorithm(name)
    for parameter in found.parameterDefinitions():
        if parameter.name() in ("FAILED", "REJECTED", "CHANGES"):
            assert isinstance(parameter, QgsProcessingParameterFeatureSink)
            assert parameter.createByDefault()
            assert parameter.flags() & OPTIONAL


@pytest.mark.parametrize("name", ENUMS)
def test_choices_are_the_words_of_the_contract(algorithm, name):
    found = algorithm(name)
    for parameter, words in ENUMS[name].items():
        assert found.parameterDefinition(parameter).options() == words.split(), parameter
