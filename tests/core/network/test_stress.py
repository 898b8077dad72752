"""Riders who accept less stress get off and walk; others, and everybody by default, ride as before."""

from __future__ import annotations

import numpy as np
import pytest
from carto_services_publics.core.errors import InvalidInput
from carto_services_publics.core.network import BuildOptions, build_network, open_network
from carto_services_publics.core.network.lines import RoadLines
from carto_services_publics.core.network.presets import PRESETS, osm
from carto_services_publics.core.network.source import OSM_SETTINGS


def levels(preset, **fields):
    """The levels as drawn and against of one road."""
    columns = RoadLines.of([np.zeros((2, 2))], {name: [value] for name, value in fields.items()}).fields
    return tuple(PRESETS[preset].levels(columns, 1)[0].tolist())


CONTRAFLOW = {"highway": "tertiary", "maxspeed": "50", "oneway:bicycle": "no"}


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"highway": "cycleway"}, (1, 1)),
        ({"highway": "residential"}, (1, 1)),
        ({"highway": "residential", "maxspeed": "50"}, (2, 2)),
        ({"highway": "tertiary", "maxspeed": "30"}, (2, 2)),
        ({"highway": "tertiary", "maxspeed": "50"}, (3, 3)),
        ({"highway": "tertiary", "maxspeed": "50", "cycleway:right": "lane"}, (2, 3)),
        ({"highway": "secondary", "maxspeed": "70", "cycleway": "lane"}, (3, 3)),
        ({"highway": "secondary", "maxspeed": "80", "cycleway": "lane"}, (4, 4)),
        ({"highway": "secondary", "maxspeed": "80", "cycleway": "track"}, (1, 1)),
        ({"highway": "secondary", "maxspeed": "80", "cycleway:left": "track"}, (4, 1)),
        ({"highway": "secondary", "maxspeed": "80", "cycleway:left": "track", "oneway": "yes"}, (1, 1)),
        ({"highway": "secondary", "maxspeed": "80", "motor_vehicle": "no"}, (1, 1)),
        ({"highway": "tertiary", "maxspeed": "50", "bicycle_road": "yes"}, (1, 1)),
        ({"highway": "primary"}, (4, 4)),
        # Drawn against the cars, a lane is still for who rides with them.
        ({"highway": "tertiary", "maxspeed": "50", "cycleway": "lane", "oneway": "yes"}, (2, 3)),
        ({"highway": "tertiary", "maxspeed": "50", "cycleway": "lane", "oneway": "-1"}, (3, 2)),
        ({"highway": "tertiary", "maxspeed": "50", "cycleway:right": "lane", "oneway": "-1"}, (2, 2)),
        # Contraflow: opposite to the cars, whichever way they go; the left is the other way once bikes go both ways.
        ({"highway": "tertiary", "maxspeed": "50", "cycleway": "opposite_lane", "oneway": "yes"}, (3, 2)),
        ({"highway": "tertiary", "maxspeed": "50", "cycleway": "opposite_lane", "oneway": "-1"}, (2, 3)),
        ({"highway": "tertiary", "maxspeed": "50", "cycleway:left": "opposite_lane", "oneway": "yes"}, (3, 2)),
        ({**CONTRAFLOW, "cycleway:left": "lane", "oneway": "yes"}, (3, 2)),
        ({**CONTRAFLOW, "cycleway:right": "lane", "oneway": "-1"}, (2, 3)),
        ({**CONTRAFLOW, "cycleway": "lane", "oneway": "yes"}, (2, 3)),
        ({**CONTRAFLOW, "cycleway:both": "lane", "oneway": "yes"}, (2, 2)),
        # A track on one side that goes both ways, or the other way.
        ({"highway": "secondary", "maxspeed": "80", "cycleway:left": "track", "cycleway:left:oneway": "no"}, (1, 1)),
        ({"highway": "secondary", "maxspeed": "80", "cycleway:right": "track", "cycleway:right:oneway": "-1"}, (4, 1)),
        # Roundabouts are one-way without saying so.
        ({"highway": "tertiary", "maxspeed": "50", "junction": "roundabout", "cycleway:left": "lane"}, (2, 2)),
        # The limit of the way that cars take, the higher one where both are open.
        ({"highway": "residential", "maxspeed:forward": "70"}, (4, 4)),
        ({"highway": "residential", "maxspeed": "30", "maxspeed:backward": "50"}, (2, 2)),
        ({"highway": "tertiary", "maxspeed:forward": "80", "maxspeed:backward": "50", "oneway": "-1"}, (3, 3)),
    ],
)
def test_ways_of_openstreetmap(tags, expected):
    assert levels("osm", **{"cycleway": None, "oneway": None, **tags}) == expected


TOWN = {"importance": "3", "vitesse_moyenne_vl": 45.0}
LANE_ON_THE_LEFT = {**TOWN, "amenagement_cyclable_gauche": "Bande cyclable"}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"nature": "Chemin"}, (1, 1)),
        ({"importance": "5", "vitesse_moyenne_vl": 30.0}, (1, 1)),
        ({"importance": "4", "vitesse_moyenne_vl": 30.0}, (2, 2)),
        ({"importance": "3", "vitesse_moyenne_vl": 70.0}, (4, 4)),
        ({"importance": "3", "vitesse_moyenne_vl": 1.0}, (3, 3)),  # nobody knows: the speed of the class
        ({"importance": "3", "vitesse_moyenne_vl": 45.0, "amenagement_cyclable_droit": "Bande cyclable"}, (2, 3)),
        ({"vitesse_moyenne_vl": 80.0, "amenagement_cyclable_gauche": "Piste cyclable"}, (4, 1)),
        (
            {
                "vitesse_moyenne_vl": 80.0,
                "amenagement_cyclable_gauche": "Piste cyclable",
                "sens_amenagement_cyclable_gauche": "Double sens",
            },
            (1, 1),
        ),
        ({**LANE_ON_THE_LEFT, "sens_amenagement_cyclable_gauche": "Sens direct"}, (2, 3)),
        ({**LANE_ON_THE_LEFT, "sens_amenagement_cyclable_gauche": "Sens inverse"}, (3, 2)),
        ({**LANE_ON_THE_LEFT, "sens_de_circulation": "Sens direct"}, (2, 2)),  # who may ride there has it
        (
            {
                **LANE_ON_THE_LEFT,
                "sens_de_circulation": "Sens direct",
                "sens_amenagement_cyclable_gauche": "Sens inverse",
            },
            (3, 2),
        ),
        ({**TOWN, "bande_cyclable": "Sens direct"}, (2, 3)),
        ({**TOWN, "bande_cyclable": "Sens inverse"}, (3, 2)),
        ({**TOWN, "bande_cyclable": "Double sens"}, (2, 2)),
        ({**TOWN, "bande_cyclable": "Sans objet"}, (3, 3)),
    ],
)
def test_sections_of_bdtopo(fields, expected):
    assert levels("bdtopo", **{"nature": "Route à 1 chaussée", "acces_vehicule_leger": "Libre", **fields}) == expected


def test_every_key_of_openstreetmap_is_asked_of_gdal():
    """What GDAL is not asked for, no file of OpenStreetMap has."""
    line = next(line for line in OSM_SETTINGS.read_text().splitlines() if line.startswith("attributes="))
    assert set(line.partition("=")[2].split(",")) == set(osm._KEYS)


ROADS = {
    "highway": ["tertiary", "secondary", None],
    "oneway": [None, None, None],
    "maxspeed": ["30", "80", None],
    "route": [None, None, "ferry"],
}
LINES = [np.array([(0.0, 0), (1000, 0)]), np.array([(1000.0, 0), (2000, 0)]), np.array([(2000.0, 0), (3000, 0)])]


def minutes(tmp_path, **options):
    """Minutes of each of ROADS from west to east."""
    report = build_network(
        RoadLines.of(LINES, ROADS), BuildOptions(preset="osm", profile="bike", **options), tmp_path / "a.network"
    )
    network = open_network(tmp_path / "a.network")
    order = np.argsort([network.line(link)[:, 0].min() for link in range(3)])
    return network.minutes_forward[order].tolist(), report


def test_one_walks_where_it_is_too_stressful_and_never_on_a_ferry(tmp_path):
    riding, _ = minutes(tmp_path)
    assert riding == pytest.approx([60 / 16, 60 / 16, 60 / 15])
    assert minutes(tmp_path, max_stress=4)[0] == riding
    walking, report = minutes(tmp_path, max_stress=2)
    assert walking == pytest.approx([60 / 16, 60 / 5, 60 / 15])
    assert report.fields.respeeded == 1
    assert minutes(tmp_path, max_stress=1)[0] == pytest.approx([60 / 5, 60 / 5, 60 / 15])


def test_stress_is_that_of_riders_on_roads_that_say_it():
    with pytest.raises(InvalidInput):
        BuildOptions(profile="car", max_stress=2)
    with pytest.raises(InvalidInput):
        BuildOptions(profile="bike", max_stress=0)


def test_roads_that_say_nothing_are_refused(tmp_path):
    with pytest.raises(InvalidInput):
        build_network(
            RoadLines.of(LINES, {}), BuildOptions(preset="generic", profile="bike", max_stress=2), tmp_path / "a"
        )


def test_roads_where_one_rides_are_not_counted_for_a_way_that_is_closed(tmp_path):
    """A one-way street with a lane: nobody rides against the cars, and nobody gets off."""
    roads = {"highway": ["tertiary"], "maxspeed": ["50"], "oneway": ["yes"], "cycleway": ["lane"]}
    options = BuildOptions(preset="osm", profile="bike", max_stress=2)
    report = build_network(RoadLines.of(LINES[:1], roads), options, tmp_path / "a.network")
    assert open_network(tmp_path / "a.network").minutes_forward[0] == pytest.approx(60 / 16)
    assert report.fields.respeeded == 0
