"""How roads were read, as a short text: the same for the same choices, whatever the edition."""

from __future__ import annotations

from dataclasses import replace

import pytest
from carto_services_publics.core.network import BuildOptions, build_network, open_network
from carto_services_publics.core.network.change import NetworkChange, change_network
from carto_services_publics.core.network.file import read_arrays, write_arrays
from carto_services_publics.core.network.lines import RoadLines
from carto_services_publics.core.network.reading import reading_in_words, reading_of
from carto_services_publics.core.progress import Progress
from shapely import wkb
from shapely.geometry import Point

ROADS = RoadLines.of([[(0, 0), (1000, 0)], [(1000, 0), (1000, 500)]], {"Kmh": [30.0, 60.0], "sens": ["F", "B"]})
OPTIONS = BuildOptions(preset="generic", speed_field="Kmh", direction_field="sens")


def reading(path):
    network = open_network(path)
    return reading_of(network.report, network.options)


def built(tmp_path, options, roads=ROADS, name="a.network"):
    build_network(roads, options, tmp_path / name)
    return reading(tmp_path / name)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (OPTIONS, "generic; speed=kmh; direction=sens"),
        (BuildOptions(), "generic; speed=-; direction=-"),
        (BuildOptions(profile="foot"), "generic"),
        (replace(OPTIONS, value_forward="F", value_both="B"), "generic; speed=kmh; direction=sens"),
        (replace(OPTIONS, value_backward="F"), "generic; speed=kmh; direction=sens; values=- / F / -"),
        (BuildOptions(cost_field="Kmh"), "generic; minutes=kmh; direction=-"),
        (BuildOptions(default_speed=30, tolerance=1.5), "generic; speed=-; direction=-; default=30; tolerance=1.5"),
        (BuildOptions(speeds=(("b", 2.5), ("a", 1))), "generic; speed=-; direction=-; classes=a 1, b 2.5"),
        (replace(OPTIONS, when="mardi 08:00", factors=(("*", 1.0),)), "generic; speed=kmh; direction=sens"),
        (
            replace(OPTIONS, when="mardi 08:00", factors=(("*", 0.5),), factors_source="ville, 2025"),
            "generic; speed=kmh; direction=sens; hour=mardi 08:00 (* 0.5)",
        ),
    ],
)
def test_what_is_chosen_is_in_the_text_and_nothing_else(tmp_path, options, text):
    assert built(tmp_path, options) == text
    assert reading_in_words(text) and all(map(str, reading_in_words(text)))


def test_an_edition_of_other_roads_read_the_same_way_has_the_same_text(tmp_path, shared_data):
    corse = str(shared_data / "corse" / "corse_routes_osm.gpkg")
    options = BuildOptions(speed_field="freespeed_kmh", direction_field="sens")
    text = built(tmp_path, options, corse)
    assert text == "generic; speed=freespeed_kmh; direction=sens"
    assert built(tmp_path, options, f"{corse}|subset=link_id < 5000", "part.network") == text
    assert built(tmp_path, BuildOptions(), corse, "plain.network") != text


def test_roads_changed_by_a_drawing_were_read_as_before(tmp_path):
    text = built(tmp_path, OPTIONS)
    close = NetworkChange(wkb.dumps(Point(1000, 250)), "fermer")
    change_network(open_network(tmp_path / "a.network"), [close], tmp_path / "b.network", 1.0, Progress())
    assert reading(tmp_path / "b.network") == text


def test_files_of_earlier_versions_say_it_where_they_keep_the_options_beside_the_source(tmp_path):
    text = built(tmp_path, OPTIONS)
    header, arrays = read_arrays(tmp_path / "a.network")
    options = {name: value for name, value in header["options"].items() if name != "max_stress"}
    for name, recorded, expected in (("with", {"options": options}, text), ("without", None, "")):
        write_arrays(tmp_path / name, {"network": header["network"], "recorded": recorded}, arrays)
        assert reading(tmp_path / name) == expected


def test_the_text_in_words():
    text = "generic; speed=kmh; direction=-; default=30; later=7"
    assert list(map(str, reading_in_words(text))) == [
        "speeds of the column kmh",
        "no column of directions",
        "30 km/h where nothing says the speed",
        "later=7",
    ]
    assert list(map(str, reading_in_words("generic"))) == ["roads of no known model"]
    assert str(reading_in_words("bdtopo; slopes=yes")[0]) == "roads of BD TOPO"
    assert list(map(str, reading_in_words(""))) == ["way of reading the roads not said"]
