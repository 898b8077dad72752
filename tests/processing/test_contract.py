"""The contract, as an outside program meets it: names, types, what may be left out, and figures worked by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from qgis.core import (
    QgsApplication,
    QgsProcessingDestinationParameter,
    QgsProcessingException,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSink,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
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


# -- what a caller may give -------------------------------------------------------------------------------------------


@pytest.fixture
def one_way(draw, tmp_path):
    """A loop driven one way, one minute a kilometre: 5 km from A to B, 15 km from B to A. Also its layer."""
    corners = ["0 0", "5000 0", "5000 5000", "0 5000", "0 0"]
    lengths = [5.0, 5.0, 5.0, 5.0]
    lines = [(f"LINESTRING({a}, {b})", m, "d") for a, b, m in zip(corners, corners[1:], lengths)]
    layer = draw("LineString", "minutes:double,sens:string", lines)
    import processing

    return processing.run(
        "cartoservices:buildnetwork",
        {
            "INPUT": layer,
            "PRESET": "generic",
            "COST_FIELD": "minutes",
            "DIRECTION_FIELD": "sens",
            "VALUE_FORWARD": "d",
            "OUTPUT": str(tmp_path / "loop.network"),
        },
    )


@pytest.fixture
def places(draw):
    """Demand at A, a service at B."""
    demand = draw("Point", "code:string,population:double", [("POINT(0 0)", "A", 10.0)])
    services = draw("Point", "code:string,categorie:string,places:double", [("POINT(5000 0)", "B", "mairie", 20.0)])
    return {"DEMAND": demand, "SERVICES": services}


def test_a_network_is_built_by_a_caller_who_names_its_file_only(provider, one_way):
    assert set(one_way) == {"OUTPUT", "NODE_COUNT", "EDGE_COUNT", "COMPONENTS"}
    assert (one_way["NODE_COUNT"], one_way["EDGE_COUNT"], one_way["COMPONENTS"]) == (4, 4, 1)


@pytest.fixture
def roads(draw, qgis_new_project, tmp_path):
    """The same road of 60 km in all the forms a caller may name it in."""
    lines = [(f"LINESTRING({x} 0, {x + 1000} 0)",) for x in range(0, 60_000, 1000)]
    memory = draw("LineString", "kmh:double", [(*line, 60.0) for line in lines])
    memory.setName("Les routes d'été")
    saving = QgsVectorFileWriter.SaveVectorOptions()
    saving.layerName = "les routes"
    path = str(tmp_path / "routes d'été.gpkg")
    QgsVectorFileWriter.writeAsVectorFormatV3(memory, path, memory.transformContext(), saving)
    source = f"{path}|layername=les routes"
    stored = QgsVectorLayer(source, "routes", "ogr")
    QgsProject.instance().addMapLayers([memory, stored])
    return {
        "file": path,
        "source": source,
        "memory layer": memory,
        "layer": stored,
        "id of a project's layer": stored.id(),
        "name of a project's layer": "Les routes d'été",
        "id of a memory layer": memory.id(),
    }


@pytest.mark.parametrize(
    "form",
    [
        "file",
        "source",
        "memory layer",
        "layer",
        "id of a project's layer",
        "name of a project's layer",
        "id of a memory layer",
    ],
)
def test_the_network_is_a_layer_in_any_form(call, rows, roads, places, form):
    found = call("nearestservice", **places, NETWORK=roads[form], OUTPUT="memory:", WIDE="memory:")
    assert [row["cout"] for row in rows(found["OUTPUT"])] == [pytest.approx(6.0)]  # 5 km at 50 km/h


@pytest.mark.parametrize("as_path", [str, Path])
def test_the_network_is_a_file(call, rows, one_way, places, as_path):
    found = call("nearestservice", **places, NETWORK=as_path(one_way["OUTPUT"]), OUTPUT="memory:", WIDE="memory:")
    assert [row["cout"] for row in rows(found["OUTPUT"])] == [5.0]


@pytest.mark.parametrize("value", ["distance", 1, "1", 1.0])
def test_a_choice_is_given_by_its_word_or_its_position(call, rows, one_way, places, value):
    found = call("nearestservice", **places, NETWORK=one_way["OUTPUT"], METRIC=value, OUTPUT="memory:", WIDE="memory:")
    assert [row["cout"] for row in rows(found["OUTPUT"])] == [5000.0]


def test_a_choice_that_does_not_exist_is_refused(call, one_way, places):
    for value in (7, "7", "parsecs", "²"):
        with pytest.raises(QgsProcessingException, match="METRIC"):
            call("nearestservice", **places, NETWORK=one_way["OUTPUT"], METRIC=value, OUTPUT="memory:", WIDE="memory:")


def test_codes_and_numbers_may_be_given_as_a_list(call, rows, one_way, places, demo_gpkg, tmp_path):
    found = call(
        "loadservices",
        REGISTRY=f"{demo_gpkg}|layername=services",
        CATEGORIES=["mairie", "pharmacie"],
        OUTPUT="memory:",
    )
    assert {row["categorie"] for row in rows(found["OUTPUT"])} == {"mairie", "pharmacie"}
    assert found["COUNT"] == found["OUTPUT"].featureCount()
    found = call(
        "coveragegaps",
        **places,
        NETWORK=one_way["OUTPUT"],
        THRESHOLDS=[4, 7.5],
        **dict.fromkeys(("OUTPUT", "GAPS", "DEMAND_OUT"), "memory:"),
    )
    assert {name for name in rows(found["OUTPUT"])[0] if name.startswith("pop_au")} == {
        "pop_au_dela_4",
        "pop_au_dela_7_5",
    }
