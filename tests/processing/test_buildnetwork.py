"""buildnetwork: what a technician gives, and what the other algorithms then find."""

from __future__ import annotations

import pytest
from carto_services_publics.core.errors import InvalidInput
from carto_services_publics.core.network import open_network
from carto_services_publics.core.network.hourly import HourFactors
from carto_services_publics.core.progress import Progress
from carto_services_publics.processing.base import FeedbackProgress
from carto_services_publics.processing.buildnetwork import BuildNetwork
from carto_services_publics.processing.network_input import open_roads
from qgis.core import (
    QgsCoordinateTransformContext,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingUtils,
    QgsVectorFileWriter,
)

from .conftest import Heard, run_new


def run(parameters, feedback=None):
    return run_new(BuildNetwork(), parameters, feedback)


@pytest.fixture
def roads(draw):
    return draw(
        "LineString",
        "sens:string,kmh:double,minutes:double",
        [
            ("LINESTRING(700000 6600000, 701000 6600000)", "F", 60.0, 5.0),
            ("LINESTRING(701000 6600000, 702000 6600000)", "X", 30.0, 7.0),
            ("LINESTRING(800000 6600000, 801000 6600000)", "B", None, None),
        ],
    )


def test_a_layer_of_the_project_becomes_a_network_file(roads, tmp_path):
    parameters = {
        "INPUT": roads,
        "SPEED_FIELD": "kmh",
        "DIRECTION_FIELD": "sens",
        "VALUE_FORWARD": "F",
        "VALUE_BACKWARD": "B",
        "OUTPUT": str(tmp_path / "a"),
    }
    heard = Heard()
    results, _ = run(parameters, heard)
    network = open_network(results["OUTPUT"])
    assert (results["NODE_COUNT"], results["EDGE_COUNT"], results["COMPONENTS"]) == (5, 3, 2)
    forward = sorted(round(m, 6) for m in network.minutes_forward.tolist())
    assert forward == [1.0, 2.0, float("inf")]  # 1 km at 60 and 30 km/h; the third is open the other way
    assert "X" in heard.text()  # a value that means nothing is told


def test_minutes_come_before_speeds(roads, tmp_path):
    results, _ = run(
        {"INPUT": roads, "SPEED_FIELD": "kmh", "COST_FIELD": "minutes", "OUTPUT": str(tmp_path / "a.network")}
    )
    network = open_network(results["OUTPUT"])
    assert sorted(network.minutes_forward.round(6).tolist()) == [1.2, 5.0, 7.0]  # the last at 50 km/h


def test_junctions_and_links_come_as_layers_when_asked_for(roads, tmp_path):
    results, context = run(
        {"INPUT": roads, "OUTPUT": str(tmp_path / "a.network"), "NODES": "memory:", "EDGES": "memory:"}
    )
    nodes = QgsProcessingUtils.mapLayerFromString(results["NODES"], context)
    edges = QgsProcessingUtils.mapLayerFromString(results["EDGES"], context)
    assert nodes.featureCount() == results["NODE_COUNT"] == 5
    assert edges.featureCount() == results["EDGE_COUNT"] == 3
    assert edges.crs().authid() == "EPSG:2154"
    assert sorted(f["longueur_m"] for f in edges.getFeatures()) == [1000.0, 1000.0, 1000.0]


@pytest.mark.parametrize("preset", ["generic", 4])
def test_openstreetmap_extract_by_its_path(qgis_app, shared_data, tmp_path, preset):
    """A preset by name or position; the extract's lines are found without naming its layer."""
    source = str(shared_data / "osm" / "monaco.osm.pbf")
    results, _ = run({"INPUT": source, "PRESET": "osm", "OUTPUT": str(tmp_path / "m.network")})
    assert results["EDGE_COUNT"] > 1500
    generic, _ = run({"INPUT": source, "PRESET": preset, "OUTPUT": str(tmp_path / "g.network")})
    assert generic["EDGE_COUNT"] > results["EDGE_COUNT"]  # everything that is a line


def test_own_speeds_replace_those_of_a_class(draw, tmp_path):
    layer = draw("LineString", "fclass:string,oneway:string", [("LINESTRING(0 0, 1000 0)", "residential", "B")])
    table = tmp_path / "speeds.csv"
    table.write_text("classe;kmh\nresidential;12\n", encoding="utf-8")
    results, _ = run({"INPUT": layer, "SPEEDS": str(table), "OUTPUT": str(tmp_path / "a.network")})
    assert open_network(results["OUTPUT"]).minutes_forward.tolist() == [pytest.approx(5.0)]


def test_a_field_that_is_empty_is_said_aloud(draw, tmp_path):
    layer = draw("LineString", "kmh:double", [("LINESTRING(0 0, 1000 0)", None)])
    heard = Heard()
    run({"INPUT": layer, "SPEED_FIELD": "kmh", "OUTPUT": str(tmp_path / "a.network")}, heard)
    assert "kmh" in heard.text()


def test_roads_that_the_profile_cannot_use_end_with_a_clear_message(draw, tmp_path):
    layer = draw("LineString", "fclass:string,oneway:string", [("LINESTRING(0 0, 1000 0)", "steps", "B")])
    with pytest.raises(QgsProcessingException, match="car"):
        run({"INPUT": layer, "OUTPUT": str(tmp_path / "a.network")})


CROSSROADS = {
    "west": "LINESTRING(700000 6600000, 701000 6600000)",
    "east": "LINESTRING(701000 6600000, 702000 6600000)",
    "north": "LINESTRING(701000 6600000, 701000 6601000)",
}


@pytest.mark.parametrize("kept", ["memory", "files", "one file"])
def test_forbidden_turns_are_given_as_a_layer_or_found_beside_the_roads(draw, tmp_path, kept):
    rows = [(shape, name, 60.0) for name, shape in CROSSROADS.items()]
    roads = draw("LineString", "cleabs:string,kmh:double", [(shape, *values) for shape, *values in rows])
    turns = draw(
        "Point",
        "cleabs:string,lien_vers_troncon_entree:string,liens_vers_troncon_sortie:string",
        [("POINT(701000 6600000)", "a", "west", "north/elsewhere")],
    )
    parameters = {"INPUT": roads, "SPEED_FIELD": "kmh", "TURN_BANS": turns, "OUTPUT": str(tmp_path / "a.network")}
    if kept != "memory":
        options = QgsVectorFileWriter.SaveVectorOptions()
        for layer, name in ((roads, "routes"), (turns, "non_communication")):
            options.layerName = name
            file = tmp_path / ("all.gpkg" if kept == "one file" else f"{name}_.gpkg")
            if file.exists():
                options.actionOnExistingFile = QgsVectorFileWriter.ActionOnExistingFile.CreateOrOverwriteLayer
            QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(file), QgsCoordinateTransformContext(), options)
            parameters["INPUT" if name == "routes" else "TURN_BANS"] = f"{file}|layername={name}"
        if kept == "one file":
            del parameters["TURN_BANS"]
    heard = Heard()
    results, _ = run(parameters, heard)
    network = open_network(results["OUTPUT"])
    assert len(network.turns.ban) == 1
    assert "Forbidden turns: 1" in heard.text()
    again = open_roads(results["OUTPUT"], "car", Progress())
    assert len(again.turns.ban) == 1


def test_a_layer_that_says_nothing_of_turns_is_refused(roads, tmp_path):
    algorithm, heard = BuildNetwork(), Heard()
    algorithm.initAlgorithm()
    parameters = {"INPUT": roads, "TURN_BANS": roads, "OUTPUT": str(tmp_path / "a.network")}
    _, done = algorithm.run(parameters, QgsProcessingContext(), heard)
    assert not done and not (tmp_path / "a.network").exists()


def test_the_cost_of_ign_is_for_bd_topo_alone(roads, tmp_path):
    with pytest.raises(QgsProcessingException, match="IGN"):
        run({"INPUT": roads, "IGN_COST": True, "OUTPUT": str(tmp_path / "a.network")})


def test_the_hour_of_the_speeds_is_told_each_time_with_its_source(roads, tmp_path):
    table = tmp_path / "f.csv"
    table.write_text("classe;jours;de;a;facteur;source\n*;lun-ven;07:00;09:00;0.5;comptages 2025\n", encoding="utf-8")
    parameters = {"INPUT": roads, "SPEED_FIELD": "kmh", "OUTPUT": str(tmp_path / "a.network")}
    without = open_network(run(parameters)[0]["OUTPUT"]).minutes_forward.copy()
    heard = Heard()
    results, _ = run({**parameters, "WHEN": "mardi 8h", "SPEED_FACTORS": str(table)}, heard)
    assert open_network(results["OUTPUT"]).minutes_forward == pytest.approx(2 * without)
    assert "comptages 2025" in heard.text()
    again = Heard()
    open_roads(results["OUTPUT"], "car", FeedbackProgress(again))
    assert "comptages 2025" in again.text()


def test_a_network_of_an_hour_is_that_of_one_table(roads, tmp_path):
    """Another table of the same hour is not taken for the one that it was built with."""
    table = tmp_path / "f.csv"
    row = "classe;jours;de;a;facteur;source\n*;lun-ven;07:00;09:00;{};comptages 2025\n"
    table.write_text(row.format("0.5"), encoding="utf-8")
    file = run(
        {"INPUT": roads, "WHEN": "mardi 8h", "SPEED_FACTORS": str(table), "OUTPUT": str(tmp_path / "a.network")}
    )[0]["OUTPUT"]
    network = open_network(file)
    hour = HourFactors((("*", 0.5),), "comptages 2025", "mardi 08:00")
    for same in (hour, hour._replace(factors=(("*", 1.0),), given=False)):
        assert (open_roads(file, "car", Progress(), hour=same).minutes_forward == network.minutes_forward).all()
    with pytest.raises(InvalidInput, match="factors"):
        open_roads(file, "car", Progress(), hour=hour._replace(factors=(("*", 0.9),)))


def test_an_hour_without_a_table_changes_nothing_and_says_so(roads, tmp_path):
    parameters = {"INPUT": roads, "SPEED_FIELD": "kmh", "OUTPUT": str(tmp_path / "a.network")}
    without = open_network(run(parameters)[0]["OUTPUT"]).minutes_forward.copy()
    heard = Heard()
    results, _ = run({**parameters, "WHEN": "mardi 8h"}, heard)
    assert (open_network(results["OUTPUT"]).minutes_forward == without).all()
    assert "factors.csv" in heard.text()


@pytest.mark.parametrize("asked", [{"WHEN": "demain"}, {"SPEED_FACTORS": "f.csv"}])
def test_an_hour_that_is_none_and_factors_of_no_hour_are_refused(roads, tmp_path, asked):
    (tmp_path / "f.csv").write_text("classe;jours;de;a;facteur;source\n", encoding="utf-8")
    asked = {name: str(tmp_path / value) if value == "f.csv" else value for name, value in asked.items()}
    with pytest.raises(QgsProcessingException, match="hour"):
        run({"INPUT": roads, "OUTPUT": str(tmp_path / "a.network"), **asked})
