"""The contract, as an outside program meets it: names, types, what may be left out, and figures worked by hand."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
import time
from pathlib import Path

import pytest
from carto_services_publics.processing import outbox
from carto_services_publics.processing.base import FIELD_TYPES
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsField,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingDestinationParameter,
    QgsProcessingException,
    QgsProcessingFeedback,
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
        written = SIGNATURES[name].partition(">")[2].split()
        if parameter.name() in ("FAILED", "REJECTED", "CHANGES") and parameter.name() in written:
            assert isinstance(parameter, QgsProcessingParameterFeatureSink)
            assert parameter.createByDefault()
            assert parameter.flags() & OPTIONAL


@pytest.mark.parametrize("name", ENUMS)
def test_choices_are_the_words_of_the_contract(algorithm, name):
    found = algorithm(name)
    for parameter, words in ENUMS[name].items():
        assert found.parameterDefinition(parameter).options() == words.split(), parameter


FIRST_OUTPUT_ONLY = ("nearestservice", "coveragegaps", "comparescenarios", "proposesites")


@pytest.mark.parametrize("name", FIRST_OUTPUT_ONLY)
def test_layers_beside_the_main_one_may_be_left_out(algorithm, name):
    found = algorithm(name)
    sinks = [p for p in found.parameterDefinitions() if isinstance(p, QgsProcessingParameterFeatureSink)]
    assert [p.name() for p in sinks if not p.flags() & OPTIONAL] in ([], ["OUTPUT"])


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
        f"pop_au_dela_{threshold}{end}" for threshold in ("4", "7_5") for end in ("", "_min", "_max")
    }


# -- meanings ---------------------------------------------------------------------------------------------------------

MEMORY = "memory:"


@pytest.mark.parametrize(("direction", "minutes"), [("departure", 5.0), ("arrival", 15.0)])
def test_where_demand_and_services_meet_departure_is_from_the_demand(
    call, rows, one_way, places, draw, direction, minutes
):
    given = {**places, "NETWORK": one_way["OUTPUT"], "DIRECTION": direction}
    found = call("nearestservice", **given, K=2, OUTPUT=MEMORY)
    assert [(row["rang"], row["cout"]) for row in rows(found["OUTPUT"])] == [(1, minutes)]
    found = call("coveragegaps", **given, THRESHOLDS="5", OUTPUT=MEMORY, GAPS=MEMORY, DEMAND_OUT=MEMORY)
    assert [row["cout_moyen"] for row in rows(found["OUTPUT"])] == [minutes]
    found = call("servicebasket", **given, CATEGORY_FIELD="categorie", OUTPUT=MEMORY)
    assert [row["cout_mairie"] for row in rows(found["OUTPUT"])] == [minutes]

    demand, service = given.pop("DEMAND"), given.pop("SERVICES")
    given["DEMAND"], given["DEMAND_WEIGHT"] = demand, "population"
    found = call("comparescenarios", **given, BEFORE=service, AFTER=service, OUTPUT=MEMORY, SUMMARY=MEMORY)
    assert [(row["cout_avant"], row["ecart"]) for row in rows(found["OUTPUT"])] == [(minutes, 0.0)]
    found = call("accessibilityscore", **given, SUPPLY=service, SUPPLY_CAPACITY="places", STEPS="14:1", OUTPUT=MEMORY)
    assert [row["score"] for row in rows(found["OUTPUT"])] == [2.0 if minutes < 14 else 0.0]
    found = call("proposesites", **given, CANDIDATES=service, MODEL="pmedian", OUTPUT=MEMORY, ASSIGNMENT=MEMORY)
    assert (found["OBJECTIVE"], found["STATUS"]) == (10.0 * minutes, "optimal")


def test_a_table_of_costs_goes_from_origins_to_destinations(call, rows, one_way, places):
    def costs(origins, destinations):
        given = {"ORIGINS": origins, "ORIGIN_ID": "code", "DESTINATIONS": destinations, "DESTINATION_ID": "code"}
        return rows(call("odmatrix", **given, NETWORK=one_way["OUTPUT"], OUTPUT=MEMORY)["OUTPUT"])

    there = costs(places["DEMAND"], places["SERVICES"])
    assert there == [{"origin_id": "A", "destination_id": "B", "cout": 5.0}]
    back = costs(places["SERVICES"], places["DEMAND"])
    assert back == [{"origin_id": "B", "destination_id": "A", "cout": 15.0}]


@pytest.mark.parametrize(("direction", "inside"), [("arrival", "2500 0"), ("departure", "5000 2500")])
def test_isochrones_arrive_at_the_point_or_depart_from_it(call, one_way, places, direction, inside):
    found = call(
        "isochrones",
        INPUT=places["SERVICES"],
        NETWORK=one_way["OUTPUT"],
        CUTOFFS="4",
        DIRECTION=direction,
        OUTPUT=MEMORY,
    )
    area = next(found["OUTPUT"].getFeatures()).geometry()
    there = {at: area.contains(QgsGeometry.fromWkt(f"POINT({at})")) for at in ("2500 0", "5000 2500")}
    assert [at for at, is_inside in there.items() if is_inside] == [inside]


@pytest.fixture
def at(tmp_path, call):
    """A road on which the first place of demand is ``total`` minutes from the service, over seven links."""

    def build(total: float):
        layer = QgsVectorLayer("LineString?crs=EPSG:2154", "roads", "memory")
        layer.dataProvider().addAttributes([QgsField("minutes", FIELD_TYPES["float"])])
        layer.updateFields()
        for number, minutes in enumerate([total / 7] * 7 + [1.0, 1.0]):
            feature = QgsFeature(layer.fields())
            feature.setAttributes([minutes])
            feature.setGeometry(QgsGeometry.fromWkt(f"LINESTRING({number}000 0, {number + 1}000 0)"))
            layer.dataProvider().addFeatures([feature])
        return call(
            "buildnetwork", INPUT=layer, PRESET="generic", COST_FIELD="minutes", OUTPUT=str(tmp_path / "r.network")
        )["OUTPUT"]

    return build


@pytest.mark.parametrize("total", [20.0, 7.5, 10.1, 7.3, 33.3, 19.99])
def test_a_cost_equal_to_a_threshold_is_within_it_by_every_way(call, rows, draw, at, total):
    network = at(total)
    demand = draw("Point", "code:string,population:double", [("POINT(0 0)", "a", 10.0), ("POINT(8000 0)", "b", 1.0)])
    service = draw("Point", "code:string,places:double", [("POINT(7000 0)", "s", 11.0)])
    far = draw("Point", "code:string", [("POINT(9000 0)", "x")])
    people = {"DEMAND": demand, "DEMAND_WEIGHT": "population"}

    ids = {"ORIGIN_ID": "code", "DESTINATION_ID": "code"}
    ends = {"ORIGINS": demand, "DESTINATIONS": service}
    matrix = call("odmatrix", **ends, **ids, NETWORK=network, MAX_COST=total, OUTPUT=MEMORY)["OUTPUT"]
    assert sorted(row["cout"] for row in rows(matrix)) == sorted([total, 1.0])
    for several in (1, 2):
        found = call(
            "nearestservice", DEMAND=demand, SERVICES=service, K=several, MAX_COST=total, NETWORK=network, OUTPUT=MEMORY
        )
        assert [row["cout"] for row in rows(found["OUTPUT"])] == [pytest.approx(total, rel=1e-12), 1.0]
    found = call(
        "coveragegaps",
        **people,
        SERVICES=service,
        NETWORK=network,
        THRESHOLDS=total,
        UNKNOWN_HOURS="open",
        UNCERTAINTY=0,
        **dict.fromkeys(("OUTPUT", "GAPS", "DEMAND_OUT", "TIMETABLE"), MEMORY),
    )
    (figures,) = rows(found["OUTPUT"])
    assert {value for name, value in figures.items() if name.startswith(("pop_au", "part_au"))} == {0.0}
    assert {row["population"] for row in rows(found["TIMETABLE"])} == {11.0}
    found = call(
        "comparescenarios",
        **people,
        BEFORE=service,
        AFTER=far,
        NETWORK=network,
        THRESHOLDS=[total],
        OUTPUT=MEMORY,
        SUMMARY=MEMORY,
    )
    beyond = {name: value for name, value in rows(found["SUMMARY"])[0].items() if name.startswith("pop_au")}
    assert list(beyond.values()) == [0.0, 10.0]

    keyed = {**people, "DEMAND_ID": "code"}
    for costs in ({"NETWORK": network}, {"MATRIX": matrix}):
        found = call(
            "accessibilityscore",
            **keyed,
            SUPPLY=service,
            SUPPLY_ID="code",
            SUPPLY_CAPACITY="places",
            STEPS=f"{total}:1",
            OUTPUT=MEMORY,
            **costs,
        )
        assert [row["score"] for row in rows(found["OUTPUT"])] == [pytest.approx(1.0)] * 2
        siting = {**keyed, "CANDIDATES": service, "CANDIDATE_ID": "code", "THRESHOLD": total, **costs}
        sinks = {"OUTPUT": MEMORY, "ASSIGNMENT": MEMORY}
        found = call("proposesites", **siting, MODEL="mclp", **sinks)
        assert (found["OBJECTIVE"], found["GAIN"], found["GAP"]) == (11.0, 11.0, 0.0)
        assert [row["cout"] for row in rows(found["ASSIGNMENT"])] == [total, 1.0]
        found = call("proposesites", **siting, MODEL="lscp", **sinks)
        assert (found["OBJECTIVE"], found["STATUS"]) == (1.0, "optimal")
    opened = {**keyed, "CANDIDATES": far, "CANDIDATE_ID": "code", "EXISTING": service, "EXISTING_ID": "code"}
    found = call("proposesites", **opened, MODEL="mclp", THRESHOLD=total, NETWORK=network, CURVE=MEMORY, **sinks)
    assert (found["OBJECTIVE"], found["GAIN"]) == (11.0, 0.0)
    assert [row["couverts"] for row in rows(found["CURVE"])][0] == 11.0


# -- scores and sites on a table of costs, worked by hand -------------------------------------------------------------


@pytest.fixture
def table(draw):
    """a is at s; b is 10 from s and 5 from t; c reaches nothing (one pair without cost, one absent)."""
    demand = [("POINT(0 0)", "a", 10.0), ("POINT(10000 0)", "b", 20.0), ("POINT(20000 0)", "c", 5.0)]
    supply = [("POINT(0 0)", "s", 6.0), ("POINT(12000 0)", "t", 4.0)]
    pairs = [("a", "s", 0.0), ("a", "t", 12.0), ("b", "s", 10.0), ("b", "t", 5.0), ("c", "t", None)]
    return {
        "demand": draw("Point", "code:string,population:double", demand),
        "supply": draw("Point", "code:string,places:double", supply),
        "pairs": draw(
            "NoGeometry", "origin_id:string,destination_id:string,cout:double", [(None, *pair) for pair in pairs]
        ),
    }


# Choices of 3SFCA: b goes to s by 0.3 / 1.3 and to t by 1 / 1.3.
TO_S, TO_T = 0.3 / 1.3, 1 / 1.3
R_S, R_T = 6 / (10 + 20 * TO_S * 0.3), 4 / (20 * TO_T)
# Gravity with weights 1 / cost: a to s counts as 1 minute.
G_S, G_T = 6 / (10 + 20 / 10), 4 / (10 / 12 + 20 / 5)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"METHOD": "2sfca", "MAX_COST": 10}, (6 / 30, 6 / 30 + 4 / 20)),
        ({"METHOD": 0, "MAX_COST": 9.999}, (6 / 10, 4 / 20)),
        ({"METHOD": "e2sfca", "STEPS": "5:1,10:0.3"}, (6 / 16, 0.3 * 6 / 16 + 4 / 20)),
        ({"METHOD": "1", "STEPS": "4.999:1,9.999:0.3"}, (6 / 10, 0.3 * 4 / 6)),
        ({"METHOD": "3sfca", "STEPS": "5:1,10:0.3"}, (R_S, TO_S * 0.3 * R_S + TO_T * R_T)),
        ({"METHOD": "gravity", "BETA": 1, "MAX_COST": 12}, (G_S + G_T / 12, G_S / 10 + G_T / 5)),
    ],
)
def test_a_score_is_capacity_per_unit_of_demand(call, rows, table, asked, expected):
    found = call(
        "accessibilityscore",
        DEMAND=table["demand"],
        DEMAND_ID="code",
        DEMAND_WEIGHT="population",
        SUPPLY=table["supply"],
        SUPPLY_ID="code",
        SUPPLY_CAPACITY="places",
        MATRIX=table["pairs"],
        OUTPUT=MEMORY,
        **asked,
    )
    assert [row["score"] for row in rows(found["OUTPUT"])] == [pytest.approx(score) for score in (*expected, 0.0)]


@pytest.mark.parametrize(
    ("model", "threshold", "objective", "gain"),
    [
        # s is open already and t is chosen; c is out of reach of both.
        ("mclp", 5, 30.0, 20.0),  # a and b are covered; t adds b
        ("lscp", 5, 1.0, 1.0),  # one site is chosen
        ("pmedian", 5, 100.0, 100.0),  # 20 × 5 instead of 20 × 10
        ("pcenter", 5, 5.0, 5.0),  # 5 instead of 10
    ],
)
def test_objective_and_gain_are_in_the_unit_of_the_model(call, rows, table, draw, model, threshold, objective, gain):
    found = call(
        "proposesites",
        DEMAND=table["demand"],
        DEMAND_ID="code",
        DEMAND_WEIGHT="population",
        CANDIDATES=draw("Point", "code:string", [("POINT(12000 0)", "t")]),
        CANDIDATE_ID="code",
        EXISTING=draw("Point", "code:string", [("POINT(0 0)", "s")]),
        EXISTING_ID="code",
        MATRIX=table["pairs"],
        MODEL=model,
        SITES=1,
        THRESHOLD=threshold,
        OUTPUT=MEMORY,
        ASSIGNMENT=MEMORY,
        FAILED=MEMORY,
    )
    assert (found["OBJECTIVE"], found["GAIN"]) == (objective, gain)
    assert found["GAP"] == abs(found["BOUND"] - found["OBJECTIVE"]) / max(1, abs(found["OBJECTIVE"])) == 0
    trips = [(row["origin_id"], row["site_id"], row["cout"]) for row in rows(found["ASSIGNMENT"])]
    assert trips == [("a", "s", 0.0), ("b", "t", 5.0)]
    assert [row["identifiant"] for row in rows(found["FAILED"])] == ["c"]


# -- layers as they are -----------------------------------------------------------------------------------------------


def moved(wkt, crs):
    geometry = QgsGeometry.fromWkt(wkt)
    there = QgsCoordinateReferenceSystem(crs)
    geometry.transform(QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:2154"), there, QgsProject.instance()))
    return geometry.asWkt(12)


@pytest.fixture
def as_they_come(draw, at):
    """Three CRS, row numbers that repeat, codes of Corse, accents, multipoints, and rows that cannot be used."""
    people = [
        ("POINT(0 0)", 7, "2A004", "Évêché", 10.0),
        ("POINT(5000 0)", 7, "2B033", "œuvre", 20.0),
        (None, 7, "01001", "sans lieu", 5.0),
        ("POINT(5000 0)", 8, "01002", "négatif", -3.0),
        ("POINT(5000 0)", 8, "01003", "inconnu", None),
    ]
    services = [
        ("MULTIPOINT((7000 0), (0 0))", 1, "s", "mairie", 5.0),
        ("MULTIPOINT((9000 0))", 1, "s", "France services", 5.0),
        (None, 1, None, None, None),
    ]
    return {
        "DEMAND": draw(
            "Point",
            "fid:integer,id:string,nom:string,population:double",
            [(wkt and moved(wkt, "EPSG:4326"), *rest) for wkt, *rest in people],
            "EPSG:4326",
        ),
        "SERVICES": draw(
            "MultiPoint",
            "fid:integer,id:string,categorie:string,places:double",
            [(wkt and moved(wkt, "EPSG:3857"), *rest) for wkt, *rest in services],
            "EPSG:3857",
        ),
        "NETWORK": at(7.0),
    }


def stored(path):
    return QgsVectorLayer(str(path), "stored", "ogr")


def test_no_row_is_lost_in_a_geopackage(call, rows, as_they_come, tmp_path):
    names = iter(range(100))

    def into(*sinks):
        return {sink: str(tmp_path / f"{next(names)}.gpkg") for sink in sinks}

    def made(name, sinks, **parameters):
        call(name, **parameters, **sinks)
        return [rows(stored(path)) for path in sinks.values()]

    given = as_they_come
    demand, services, network = given["DEMAND"], given["SERVICES"], given["NETWORK"]
    people = {"DEMAND": demand, "DEMAND_WEIGHT": "population", "NETWORK": network}

    table, wide, failed = made(
        "nearestservice", into("OUTPUT", "WIDE", "FAILED"), **given, CATEGORY_FIELD="categorie", K=2
    )
    assert [row["id"] for row in wide] == ["2A004", "2B033", "01001", "01002", "01003"]
    assert [row["nom"] for row in wide][:2] == ["Évêché", "œuvre"]
    assert [round(row["cout_mairie"] or -1, 3) for row in wide] == [7.0, 2.0, -1, 2.0, 2.0]
    assert [round(row["cout_france_services"] or -1, 3) for row in wide] == [9.0, 4.0, -1, 4.0, 4.0]
    assert [row["identifiant"] or None for row in failed] == ["01001", None]
    assert len(table) == 12
    (scores,) = made("accessibilityscore", into("OUTPUT"), **people, SUPPLY=services, SUPPLY_CAPACITY="places")
    assert [row["score"] is None for row in scores] == [False, False, True, True, True]
    assert all(row["raison"] for row in scores[2:])
    assert sum(row["score"] * row["population"] for row in scores[:2]) == pytest.approx(10.0)  # all capacity is shared
    figures, reached = made("coveragegaps", into("OUTPUT", "DEMAND_OUT"), **people, SERVICES=services, THRESHOLDS="5")
    assert [row["population"] for row in figures] == [35.0]
    assert [row["pop_au_dela_5"] for row in figures] == [10.0]  # 10 people at 7 minutes
    assert [row["pop_non_calculee"] for row in figures] == [5.0]  # 5 without a place: nobody knows where they are
    assert len(reached) == 5
    for name, more in (
        ("servicebasket", {"SERVICES": services}),
        ("comparescenarios", {"BEFORE": services, "AFTER": services}),
    ):
        (found,) = made(name, into("OUTPUT"), **people, **more)
        assert [row["id"] for row in found] == ["2A004", "2B033", "01001", "01002", "01003"]
    sites, trips = made("proposesites", into("OUTPUT", "ASSIGNMENT"), **people, CANDIDATES=services, SITES=2)
    assert (len(sites), len(trips)) == (2, 2)
    (pairs,) = made("odmatrix", into("OUTPUT"), ORIGINS=demand, DESTINATIONS=services, NETWORK=network)
    assert len(pairs) == 4 * 2
    areas, failed = made("isochrones", into("OUTPUT", "FAILED"), INPUT=services, NETWORK=network, CUTOFFS="1,2")
    assert (len(areas), len(failed)) == (4, 1)


CURVED = "CURVEPOLYGON(CIRCULARSTRING(-1000 0, 3000 4000, 7500 0, 3000 -4000, -1000 0))"
BOW_TIE = "POLYGON((-1000 -500, 7500 500, 7500 -500, -1000 500, -1000 -500))"


@pytest.mark.parametrize(("kind", "shape"), [("CurvePolygon", CURVED), ("Polygon", BOW_TIE)])
def test_zones_may_have_arcs_or_cross_themselves(call, rows, draw, places, at, kind, shape):
    zones = draw(kind, "nom:string", [(shape, "z")])
    given = {**places, "NETWORK": at(7.0), "THRESHOLDS": "1"}
    found = call("coveragegaps", **given, ZONES=zones, OUTPUT=MEMORY)
    assert [(row["nom"], row["population"]) for row in rows(found["OUTPUT"])] == [("z", 1.0)]
    found = call("coveragegaps", **{**given, "DEMAND": zones}, OUTPUT=MEMORY, GAPS=MEMORY)
    assert sum(row["population"] for row in rows(found["GAPS"])) == 1.0


def test_nothing_may_be_open_before(call, rows, draw, places, one_way):
    nothing = draw("Point", "id:string", [])
    found = call(
        "comparescenarios",
        DEMAND=places["DEMAND"],
        BEFORE=nothing,
        AFTER=places["SERVICES"],
        NETWORK=one_way["OUTPUT"],
        OUTPUT=MEMORY,
    )
    assert [(row["cout_avant"], row["effet"]) for row in rows(found["OUTPUT"])] == [(None, "gagne_acces")]


# -- corrections ------------------------------------------------------------------------------------------------------


@pytest.fixture
def own_outbox(tmp_path, monkeypatch):
    monkeypatch.setattr(outbox, "outbox_path", lambda: tmp_path / "corrections.sqlite")


def corrections(path, form):
    """Two corrections whose columns of dates are dates for QGIS, as a file of the form."""
    properties = {
        "type": "fermeture",
        "service_id": "s1",
        "changes": "",
        "version": "2026-01-02",
        "cree_le": "2026-11-23T01:24:00",
    }
    document = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "geometry": None, "properties": properties}],
    }
    geojson = path / "corrections.geojson"
    geojson.write_text(json.dumps(document), encoding="utf-8")
    if form == "geojson":
        return str(geojson)
    layer = QgsVectorLayer(str(geojson), "corrections", "ogr")
    target = str(path / "corrections.gpkg")
    saving = QgsVectorFileWriter.SaveVectorOptions()
    QgsVectorFileWriter.writeAsVectorFormatV3(layer, target, layer.transformContext(), saving)
    return target


@pytest.mark.parametrize("form", ["geojson", "gpkg"])
def test_dates_of_corrections_are_texts(call, rows, own_outbox, tmp_path, form):
    path = corrections(tmp_path, form)
    assert {field.typeName() for field in QgsVectorLayer(path, "c", "ogr").fields()} >= {"Date", "DateTime"}
    found = call("submitcorrections", INPUT=path, REGISTRY="Annuaire (DILA)", DRY_RUN=True, OUTPUT=MEMORY)
    (row,) = rows(found["OUTPUT"])
    assert (row["cree_le"][:19], row["version"]) == ("2026-11-23T01:24:00", "2026-01-02")


# -- the command line -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def qgis_process(tmp_path_factory):
    """`qgis_process` with the plugin in a profile of its own."""
    program = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
    if program is None:
        pytest.skip("qgis_process is not installed")
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "QGIS_CUSTOM_CONFIG_PATH": str(tmp_path_factory.mktemp("profile")),
        "QGIS_PLUGINPATH": os.environ["PYTHONPATH"].split(os.pathsep)[0],
    }

    def run(*arguments):
        done = subprocess.run([program, *arguments], env=environment, capture_output=True, encoding="utf-8", timeout=60)
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    run("plugins", "enable", "carto_services_publics")
    return run


def test_the_command_line_needs_only_what_matters(qgis_process, rows, one_way, places, tmp_path):
    given = {"NETWORK": one_way["OUTPUT"], "DIRECTION": "1", "METRIC": "time", "OUTPUT": tmp_path / "cost.gpkg"}
    for name, layer in places.items():
        given[name] = tmp_path / f"{name}.gpkg"
        saving = QgsVectorFileWriter.SaveVectorOptions()
        QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(given[name]), layer.transformContext(), saving)
    told = qgis_process(
        "--json", "run", "cartoservices:nearestservice", "--", *(f"{key}={value}" for key, value in given.items())
    )
    assert set(json.loads(told)["results"]) == {"OUTPUT"}
    assert [row["cout"] for row in rows(stored(given["OUTPUT"]))] == [15.0]


# -- cancel -----------------------------------------------------------------------------------------------------------


def test_a_cancel_ends_within_about_a_second_and_keeps_what_was_found(algorithm, draw, road):
    many = draw("Point", "code:string", [(f"POINT({40 * number} 0)", f"p{number}") for number in range(1500)])
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback()
    asked = []

    def cancel():
        asked.append(time.monotonic())
        feedback.cancel()

    timer = threading.Timer(1.5, cancel)
    timer.start()
    parameters = {"ORIGINS": many, "DESTINATIONS": many, "NETWORK": road, "OUTPUT": MEMORY, "FAILED": MEMORY}
    results, done = algorithm("odmatrix").run(parameters, context, feedback, catchExceptions=False)
    ended = time.monotonic()
    timer.cancel()
    assert asked, "it ended before it could be cancelled"
    assert done
    assert ended - asked[0] < 2.0  # a second, on a machine that does other things too
    kept = context.takeResultLayer(results["OUTPUT"]).featureCount()
    assert 0 < kept < 1500 * 1500
    assert kept % 1500 == 0  # whole rows of the table


def test_an_objective_counts_only_what_capacity_serves(call, rows, draw, at):
    # 12 + 20 places for 35 people: a is at x, b 10 minutes from x and 2 from y, c 3 from y.
    people = [("POINT(0 0)", "a", 10.0), ("POINT(7000 0)", "b", 20.0), ("POINT(9000 0)", "c", 5.0)]
    sites = [("POINT(0 0)", "x", 12.0), ("POINT(8000 0)", "y", 20.0)]
    found = call(
        "proposesites",
        DEMAND=draw("Point", "code:string,population:double", people),
        DEMAND_WEIGHT="population",
        CANDIDATES=draw("Point", "code:string,places:double", sites),
        CAPACITY_FIELD="places",
        NETWORK=at(10.0),
        MODEL="pmedian",
        SITES=2,
        OUTPUT=MEMORY,
        ASSIGNMENT=MEMORY,
    )
    trips = rows(found["ASSIGNMENT"])
    assert found["STATUS"] == "infeasible"
    assert sum(trip["poids"] for trip in trips) == pytest.approx(32.0)
    assert found["OBJECTIVE"] == pytest.approx(sum(trip["poids"] * trip["cout"] for trip in trips))
