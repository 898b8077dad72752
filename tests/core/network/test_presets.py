"""One-way, level, access and speed rules of each source, each on a small drawn case."""

from __future__ import annotations

import numpy as np
import pytest
from carto_services_publics.core.errors import InvalidInput
from carto_services_publics.core.network import BuildOptions, build_network, open_network
from carto_services_publics.core.network.errors import FieldMissing, NoRoads
from carto_services_publics.core.network.lines import RoadLines
from carto_services_publics.core.network.presets import detect, osm
from carto_services_publics.core.network.presets.rules import own_speeds

STREET = [(0, 0), (1000, 0)]
CROSS = [[(-100, 0), (0, 0), (100, 0)], [(0, -100), (0, 0), (0, 100)]]  # both pass through (0, 0)


def built(tmp_path, lines, options=None, **fields):
    count = len(lines)
    columns = {name.replace("__", ":"): ([v] * count if not isinstance(v, list) else v) for name, v in fields.items()}
    report = build_network(RoadLines.of(lines, columns), options or BuildOptions(), tmp_path / "a.network")
    return open_network(tmp_path / "a.network"), report


def minutes(network):
    """Minutes of a one-link network, as drawn and against (whichever way the file keeps the link)."""
    assert network.link_count == 1
    pair = [float(network.minutes_forward[0]), float(network.minutes_backward[0])]
    return pair if network.line(0)[0, 0] < network.line(0)[-1, 0] else pair[::-1]


def bdtopo(tmp_path, profile="car", lines=(STREET,), **fields):
    known = {"nature": "Route à 1 chaussée", "sens_de_circulation": "Double sens", "vitesse_moyenne_vl": 60}
    known["acces_vehicule_leger"] = "Libre"
    return built(tmp_path, list(lines), BuildOptions(profile=profile), **{**known, **fields})


def osm_network(tmp_path, profile="car", lines=(STREET,), **fields):
    options = BuildOptions(preset="osm", profile=profile)
    return built(tmp_path, list(lines), options, **{"highway": "residential", "oneway": None, **fields})


def geofabrik(tmp_path, profile="car", lines=(STREET,), **fields):
    options = BuildOptions(profile=profile)
    return built(tmp_path, list(lines), options, **{"fclass": "residential", "oneway": "B", "maxspeed": 60, **fields})


# -- which source is it -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "preset"),
    [
        (("cleabs", "nature", "sens_de_circulation", "vitesse_moyenne_vl"), "bdtopo"),
        (("ID", "NATURE", "SENS", "VIT_MOY_VL", "ACCES_VL"), "bdtopo"),
        (("osm_id", "highway", "other_tags"), "osm"),
        (("osm_id", "fclass", "oneway", "maxspeed"), "geofabrik"),
        (("link_id", "highway", "freespeed_kmh", "sens"), "generic"),
    ],
)
def test_a_source_is_known_by_its_fields(names, preset):
    assert detect(names) == preset


# -- BD TOPO ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("direction", "expected"),
    [
        ("Double sens", [1, 1]),
        ("Sens direct", [1, np.inf]),
        ("Sens inverse", [np.inf, 1]),
        ("Sans objet", [1, 1]),
        (None, [1, 1]),
    ],
)
def test_bdtopo_one_way(tmp_path, direction, expected):
    network, _ = bdtopo(tmp_path, sens_de_circulation=direction)
    assert minutes(network) == pytest.approx(expected)


def test_bdtopo_one_way_does_not_bind_people_on_foot(tmp_path):
    network, _ = bdtopo(tmp_path, "foot", sens_de_circulation="Sens direct")
    assert minutes(network) == pytest.approx([12, 12])  # 5 km/h


def test_bdtopo_roads_meet_at_their_ends_only(tmp_path):
    network, report = bdtopo(tmp_path, lines=CROSS)
    assert (report.links, report.nodes, report.components) == (2, 4, 2)


def test_bdtopo_ends_one_above_the_other_are_not_a_junction(tmp_path):
    bridge = [[(-100, 0, 50), (0, 0, 50)], [(0, 0, 50), (100, 0, 50)]]
    under = [[(0, -100, 42), (0, 0, 42)], [(0, 0, 42.4), (0, 100, 42)]]
    _, report = bdtopo(tmp_path, lines=bridge + under)
    assert (report.nodes, report.components) == (6, 2)
    _, report = bdtopo(tmp_path, lines=[[(x, y, 42) for x, y, _ in line] for line in bridge + under])
    assert (report.nodes, report.components) == (5, 1)


@pytest.mark.parametrize("access", ["Physiquement impossible", "Restreint aux ayants droit"])
def test_bdtopo_closed_to_cars(tmp_path, access):
    with pytest.raises(NoRoads):
        bdtopo(tmp_path, acces_vehicule_leger=access)
    network, _ = bdtopo(tmp_path, "foot", acces_vehicule_leger=access)
    assert network.link_count == 1


def test_bdtopo_toll_roads_are_open(tmp_path):
    network, _ = bdtopo(tmp_path, acces_vehicule_leger="A péage")
    assert network.link_count == 1


@pytest.mark.parametrize("state", ["En projet", "En construction", "Abandonné"])
def test_bdtopo_only_roads_in_service_are_open(tmp_path, state):
    with pytest.raises(NoRoads):
        bdtopo(tmp_path, etat_de_l_objet=state)
    for known in ("En service", "en service", None):
        assert bdtopo(tmp_path, etat_de_l_objet=known)[0].link_count == 1


def test_bdtopo_cost_of_ign(tmp_path):
    ign = BuildOptions(ign_cost=True)
    known = {"nature": "Route à 1 chaussée", "sens_de_circulation": "Double sens", "acces_vehicule_leger": "Libre"}
    network, _ = built(tmp_path, [STREET], ign, vitesse_moyenne_vl=60, urbain=True, **known)
    assert minutes(network) == pytest.approx([1 + 5 / 60, 1 + 5 / 60])
    network, _ = built(tmp_path, [STREET], ign, vitesse_moyenne_vl=60, urbain=False, **known)
    assert minutes(network) == pytest.approx([1, 1])
    for speed in (0, 1, None):
        with pytest.raises(NoRoads):
            built(tmp_path, [STREET], ign, vitesse_moyenne_vl=speed, urbain=True, **known)
    with pytest.raises(InvalidInput, match="IGN"):
        built(tmp_path, [STREET], BuildOptions(ign_cost=True, profile="foot"), vitesse_moyenne_vl=60, **known)


@pytest.mark.parametrize(
    ("nature", "car", "foot", "bike"),
    [("Escalier", False, True, False), ("Type autoroutier", True, False, False), ("Piste cyclable", False, True, True)],
)
def test_bdtopo_natures_for_each_profile(tmp_path, nature, car, foot, bike):
    for profile, open_ in (("car", car), ("foot", foot), ("bike", bike)):
        if open_:
            assert bdtopo(tmp_path, profile, nature=nature)[0].link_count == 1
        else:
            with pytest.raises(NoRoads):
                bdtopo(tmp_path, profile, nature=nature)


@pytest.mark.parametrize("speed", [0, 1, None])
def test_bdtopo_speed_missing_takes_that_of_its_nature_and_is_counted(tmp_path, speed):
    network, report = bdtopo(tmp_path, vitesse_moyenne_vl=speed)
    assert minutes(network) == pytest.approx([1.2, 1.2])  # 50 km/h
    assert report.default_speed_used == {"Route à 1 chaussée": 1}


# -- OpenStreetMap ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kmh"),
    [
        ("50", 50),
        ("30 mph", 48.28032),
        ("60 km/h", 60),
        ("10 knots", 18.52),
        ("none", 130),
        ("walk", 6),
        ("FR:urban", 50),
        ("FR:rural", 80),
        ("FR:motorway", 130),
        ("fr:zone30", 30),
        ("50; 30", 30),
        ("signals", np.nan),
        ("DE:urban", np.nan),
        ("", np.nan),
        ("0", np.nan),
    ],
)
def test_osm_maxspeed(text, kmh):
    assert osm.parse_speed(text) == pytest.approx(kmh, nan_ok=True)


def test_osm_maxspeed_is_the_speed_of_cars_and_the_class_gives_it_otherwise(tmp_path):
    assert minutes(osm_network(tmp_path, maxspeed="60")[0]) == pytest.approx([1, 1])
    assert minutes(osm_network(tmp_path, maxspeed="variable")[0]) == pytest.approx([2, 2])  # residential: 30 km/h
    assert minutes(osm_network(tmp_path, source__maxspeed="FR:urban")[0]) == pytest.approx([1.2, 1.2])
    assert minutes(osm_network(tmp_path, "bike", maxspeed="60")[0]) == pytest.approx([3.75, 3.75])


@pytest.mark.parametrize(
    ("tags", "forward", "backward"),
    [
        ({"oneway": "yes"}, True, False),
        ({"oneway": "-1"}, False, True),
        ({"oneway": "no"}, True, True),
        ({"junction": "roundabout"}, True, False),
        ({"junction": "roundabout", "oneway": "-1"}, False, True),
        ({"highway": "motorway"}, True, False),
        ({"highway": "motorway", "oneway": "no"}, True, True),
    ],
)
def test_osm_one_way(tmp_path, tags, forward, backward):
    network, _ = osm_network(tmp_path, **tags)
    assert np.isfinite(minutes(network)).tolist() == [forward, backward]


@pytest.mark.parametrize(
    ("profile", "tags", "backward"),
    [
        ("foot", {"oneway": "yes"}, True),
        ("foot", {"oneway:foot": "yes"}, False),
        ("bike", {"oneway": "yes"}, False),
        ("bike", {"oneway": "yes", "oneway:bicycle": "no"}, True),
        ("bike", {"oneway": "yes", "cycleway": "opposite_lane"}, True),
    ],
)
def test_osm_one_way_by_profile(tmp_path, profile, tags, backward):
    network, _ = osm_network(tmp_path, profile, **tags)
    assert np.isfinite(minutes(network)).tolist() == [True, backward]


@pytest.mark.parametrize(
    ("profile", "tags", "open_"),
    [
        ("car", {"access": "private"}, False),
        ("car", {"access": "no", "motor_vehicle": "yes"}, True),
        ("car", {"motor_vehicle": "no"}, False),
        ("car", {"access": "destination"}, True),
        ("car", {"vehicle": "no", "motorcar": "permissive"}, True),
        ("car", {"highway": "footway"}, False),
        ("car", {"highway": "construction"}, False),
        ("car", {"area": "yes"}, False),
        ("foot", {"motor_vehicle": "no"}, True),
        ("foot", {"foot": "use_sidepath"}, False),
        ("foot", {"highway": "motorway"}, False),
        ("foot", {"highway": "trunk", "motorroad": "yes"}, False),
        ("bike", {"bicycle": "no"}, False),
        ("bike", {"access": "no", "bicycle": "yes"}, True),
        ("bike", {"highway": "steps"}, False),
    ],
)
def test_osm_access(tmp_path, profile, tags, open_):
    if open_:
        assert osm_network(tmp_path, profile, **tags)[0].link_count == 1
    else:
        with pytest.raises(NoRoads):
            osm_network(tmp_path, profile, **tags)


def test_osm_ways_meet_at_every_shared_vertex(tmp_path):
    _, report = osm_network(tmp_path, lines=CROSS)
    assert (report.links, report.nodes, report.components) == (4, 5, 1)


@pytest.mark.parametrize(
    "level", [{"layer": [None, "1"]}, {"bridge": [None, "yes"]}, {"tunnel": ["yes", None]}, {"layer": ["-1", "0"]}]
)
def test_osm_ways_at_two_levels_only_cross(tmp_path, level):
    _, report = osm_network(tmp_path, lines=CROSS, **level)
    assert (report.links, report.components) == (2, 2)


def test_osm_a_bridge_is_joined_at_its_ends(tmp_path):
    lines = [[(-200, 0), (-100, 0)], [(-100, 0), (0, 0), (100, 0)], [(100, 0), (200, 0)], CROSS[1]]
    _, report = osm_network(tmp_path, lines=lines, layer=[None, "1", None, None])
    assert (report.nodes, report.components) == (6, 2)


def test_osm_a_stair_that_ends_on_a_bridge_joins_the_bridge(tmp_path):
    stair = [(0, 0), (50, 50)]
    lines = [*CROSS, stair]
    _, report = osm_network(tmp_path, "foot", lines, layer=["1", None, "1"])
    assert report.components == 2
    assert report.links == 4  # the bridge is cut where the stair ends, the road under it is not


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"duration": "00:45"}, 45),
        ({"duration": "PT1H30M"}, 90),
        ({"duration": "20"}, 20),
        ({}, 4),  # 15 km/h
        ({"foot": "yes"}, None),
        ({"foot": "yes", "motor_vehicle": "yes"}, 4),
    ],
)
def test_osm_ferries(tmp_path, tags, expected):
    fields = {"highway": None, "route": "ferry", **tags}
    if expected is None:
        with pytest.raises(NoRoads):
            osm_network(tmp_path, **fields)
    else:
        assert minutes(osm_network(tmp_path, **fields)[0]) == pytest.approx([expected] * 2)


def test_osm_keys_are_found_in_other_tags(tmp_path):
    network, _ = osm_network(tmp_path, other_tags='"maxspeed"=>"60","oneway"=>"yes","name"=>"Rue \\"A\\""')
    assert minutes(network) == pytest.approx([1, np.inf])
    assert osm.parse_hstore('"a"=>"b \\"c\\"","d"=>""') == {"a": 'b "c"', "d": ""}


# -- Geofabrik --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("oneway", "expected"), [("B", [1, 1]), ("F", [1, np.inf]), ("T", [np.inf, 1])])
def test_geofabrik_one_way(tmp_path, oneway, expected):
    assert minutes(geofabrik(tmp_path, oneway=oneway)[0]) == pytest.approx(expected)


def test_geofabrik_unknown_speed_levels_and_closed_classes(tmp_path):
    assert minutes(geofabrik(tmp_path, maxspeed=0)[0]) == pytest.approx([2, 2])
    assert geofabrik(tmp_path, lines=CROSS)[1].components == 1
    assert geofabrik(tmp_path, lines=CROSS, bridge=["T", "F"], layer=[1, 0])[1].components == 2
    assert geofabrik(tmp_path, lines=CROSS, bridge=["F", "F"], tunnel=["F", "T"])[1].components == 2
    with pytest.raises(NoRoads):
        geofabrik(tmp_path, fclass="steps")


# -- any layer, the user's own fields ---------------------------------------------------------------------------------


def generic(tmp_path, lines, fields, **options):
    return built(tmp_path, lines, BuildOptions(preset="generic", **options), **fields)


def test_minutes_of_a_line_are_shared_between_its_links(tmp_path):
    lines = [[(0, 0), (300, 0), (1000, 0)], [(300, 0), (300, 100)]]
    network, _ = generic(tmp_path, lines, {"m": [10.0, 1.0]}, cost_field="m")
    assert sorted(network.minutes_forward.tolist()) == pytest.approx([1, 3, 7])


def test_two_one_way_lines_drawn_each_its_way_become_one_two_way_link(tmp_path):
    there, back, aside = [(0, 0), (1000, 0)], [(1000, 0), (0, 0)], [(1000, 0), (500, -9), (0, 0)]
    fields = {"s": ["F"] * 2, "m": [5.0, 8.0]}
    mapped = {"cost_field": "m", "direction_field": "s", "value_forward": "F"}
    network, _ = generic(tmp_path, [there, back], fields, **mapped)
    assert minutes(network) == pytest.approx([5, 8])
    network, _ = generic(tmp_path, [there, aside], fields, **mapped)
    assert network.link_count == 2  # two carriageways are two links


@pytest.mark.parametrize(("gap", "parts"), [(0.9, 1), (1.2, 2)])
def test_ends_within_the_tolerance_are_joined(tmp_path, gap, parts):
    lines = [[(0, 0), (500, 0)], [(500 + gap, 0), (1000, 0)]]
    _, report = generic(tmp_path, lines, {}, tolerance=1.0)
    assert report.components == parts


def test_a_named_field_that_is_missing_or_unreadable_is_said_aloud(tmp_path):
    with pytest.raises(FieldMissing, match="vitesse"):
        generic(tmp_path, [STREET], {"kmh": [50]}, speed_field="vitesse")
    _, report = generic(tmp_path, [STREET], {"kmh": [None]}, speed_field="kmh")
    assert "kmh" in str(report.warnings[0])
    far = [(0, 50), (900, 50)]
    _, report = generic(tmp_path, [STREET, far], {"kmh": ["50", "vite"]}, speed_field="kmh")
    assert "vite" in str(report.warnings[0])
    _, report = generic(tmp_path, [STREET], {"sens": ["?"]}, direction_field="sens", value_forward="F")
    assert "sens" in str(report.warnings[0])


def test_values_that_a_preset_does_not_understand_are_said_aloud(tmp_path):
    _, report = bdtopo(tmp_path, sens_de_circulation="Sens unique")
    assert "Sens unique" in str(report.warnings[0])
    _, report = osm_network(tmp_path, maxspeed="vite")
    assert "vite" in str(report.warnings[0])
    _, report = geofabrik(tmp_path, oneway="X")
    assert "oneway" in str(report.warnings[0])
    _, report = bdtopo(tmp_path, vitesse_moyenne_vl=None)
    assert "1 of 1 lines have no speed" in str(report.warnings[0])
    _, report = bdtopo(tmp_path, nature="Voie romaine")
    assert "Voie romaine" in str(report.warnings[0])


def test_a_decimal_comma_is_read(tmp_path):
    network, report = generic(tmp_path, [STREET], {"kmh": ["37,5"]}, speed_field="kmh")
    assert minutes(network) == pytest.approx([1.6, 1.6])
    assert report.warnings == ()


def test_own_speeds_are_read_or_refused_by_row(tmp_path):
    table = tmp_path / "a.csv"
    table.write_text("classe,kmh\nresidential,20.5\nservice,0\n", encoding="utf-8")
    assert own_speeds(table) == (("residential", 20.5), ("service", 0.0))
    table.write_bytes("Classe;Kmh\r\nroute empierrée;20,5\r\n;\r\n".encode("cp1252"))
    assert own_speeds(table) == (("route empierrée", 20.5),)
    with pytest.raises(InvalidInput, match="cannot be read"):
        own_speeds(tmp_path / "absent.csv")
    table.write_text("classe;kmh\nresidential;vite\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match="2"):
        own_speeds(table)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"maxspeed:forward": "30"}, (30, 70)),  # nothing is said against the drawing: the speed of the class
        ({"maxspeed:backward": "30"}, (70, 30)),
        ({"maxspeed:forward": "30", "maxspeed:backward": "50"}, (30, 50)),
        ({"maxspeed": "80", "maxspeed:forward": "30"}, (30, 80)),
        ({"maxspeed": "80"}, (80, 80)),
        ({"maxspeed:forward": "30", "oneway": "-1"}, (np.inf, 70)),
        ({"maxspeed": "80", "maxspeed:backward": "50", "oneway": "-1"}, (np.inf, 50)),
    ],
)
def test_a_limit_of_one_way_says_nothing_of_the_other(tmp_path, tags, expected):
    network, _ = built(tmp_path, [STREET], **{"highway": "primary", "oneway": None, **tags})
    assert [60 / cost for cost in minutes(network)] == pytest.approx([0 if np.isinf(kmh) else kmh for kmh in expected])
