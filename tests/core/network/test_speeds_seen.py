"""Speeds, directions and costs: what the fields gave is counted; what they cannot mean is told."""

from __future__ import annotations

import numpy as np
import pytest
from carto_services_publics.core.errors import InvalidInput
from carto_services_publics.core.network import BuildOptions, RoadLines, build_network, open_network
from carto_services_publics.core.network.build import BuildReport, fields_to_read
from carto_services_publics.core.network.lines import Column, ColumnReader
from carto_services_publics.core.network.wording import fields_in_words
from hypothesis import given, settings
from hypothesis import strategies as st


def kilometres(count):
    """Lines of 1 km that meet nowhere."""
    return [[(0, 50 * i), (1000, 50 * i)] for i in range(count)]


def built(tmp_path, fields, preset="generic", **options):
    count = len(next(iter(fields.values())))
    columns = {name.replace("__", ":"): values for name, values in fields.items()}
    options = BuildOptions(preset=preset, **options)
    report = build_network(RoadLines.of(kilometres(count), columns), options, tmp_path / "a.network")
    return open_network(tmp_path / "a.network"), report


def said(report):
    return " ".join(map(str, (*report.warnings, *fields_in_words(report))))


def kmh(network):
    """Speeds of the lines in their order, along and against."""
    order = np.argsort(network.node_xy[network.link_from, 1])
    eastwards = network.vertices[network.vertex_offset[:-1], 0] == 0
    both = np.column_stack((network.minutes_forward, network.minutes_backward))
    both[~eastwards] = both[~eastwards, ::-1]
    return (60 / both[order]).round(6)


def test_texts_numbers_and_absurd_speeds(tmp_path):
    speeds = ["50,5", "30 mph", "60 km/h", "0", "-5", "999", None, "1 e3", "inf"]
    network, report = built(tmp_path, {"v": speeds}, speed_field="v")
    assert kmh(network)[:, 0] == pytest.approx([50.5, 48.28032, 60, 50, 50, 50, 50, 50, 50])
    assert (report.fields.with_speed, report.fields.default_speed) == (3, 6)
    assert "-5" in said(report) and "1 e3" in said(report)
    assert "“v” on 3 lines" in said(report)


@pytest.mark.parametrize("closed", [-1, -0.5, np.inf, 1e6])
def test_a_cost_below_zero_or_without_end_closes_the_road(tmp_path, closed):
    network, report = built(tmp_path, {"c": [closed, 2.0, None]}, cost_field="c")
    assert network.link_count == 2
    assert sorted(network.minutes_forward.tolist()) == pytest.approx([1.2, 2.0])
    assert "it is closed" in said(report)
    assert (report.fields.with_minutes, report.fields.default_speed) == (1, 1)


def test_costs_that_are_texts_are_read_too(tmp_path):
    network, _ = built(tmp_path, {"c": ["-1", "2,5"]}, cost_field="c")
    assert network.minutes_forward.tolist() == [2.5]


ONE_WAY = {"FT": (True, False), "TF": (False, True), "B": (True, True)}


@given(st.lists(st.sampled_from(list(ONE_WAY)), min_size=1, max_size=6), st.data())
@settings(max_examples=25)
def test_values_of_directions_are_found_whatever_their_case(tmp_path_factory, values, data):
    folder = tmp_path_factory.mktemp("case")

    def any_case(text):
        return "".join(data.draw(st.sampled_from([c.lower(), c.upper()])) for c in text)

    fields = {"dir": [any_case(value) for value in values]}
    given_values = {f"value_{name}": any_case(value) for name, value in (("forward", "FT"), ("backward", "TF"))}
    for options in (given_values, {}):  # named, and by their usual meaning
        network, _ = built(folder, fields, direction_field="dir", **options)
        assert (kmh(network) > 0).tolist() == [list(ONE_WAY[value]) for value in values]


@pytest.mark.parametrize(
    ("values", "forward"),
    [
        ([True, False, None], "true"),
        ([1, 0, None], "True"),
        (["True", "False", None], "1"),
        (["T", "F", None], "t"),
        (["oui", "non", None], "1"),
        ([1.0, 0.0, None], ""),
        (["yes", "no", None], ""),
    ],
)
def test_booleans_are_directions_in_any_writing(tmp_path, values, forward):
    network, _ = built(tmp_path, {"unique": values}, direction_field="unique", value_forward=forward)
    assert (kmh(network) > 0).tolist() == [[True, False], [True, True], [True, True]]


def test_directions_that_may_mean_two_things_are_refused_with_the_way_out(tmp_path):
    with pytest.raises(InvalidInput, match="VALUE_FORWARD"):
        built(tmp_path, {"oneway": ["T", "F"]}, direction_field="oneway")
    network, _ = built(tmp_path, {"oneway": ["T", "F", "B"]}, direction_field="oneway")
    assert (kmh(network) > 0).tolist() == [[False, True], [True, False], [True, True]]
    _, report = built(tmp_path, {"oneway": ["N", "FT"]}, direction_field="oneway")
    assert "“N”" in said(report)  # closed both ways in that usage: not taken for no


def test_openstreetmap_speeds_by_direction_and_roads_that_turn_with_the_hour(tmp_path):
    fields = {
        "highway": ["residential"] * 4,
        "oneway": [None, "reversible", "alternating", "Yes"],
        "maxspeed": ["50", "50", "50", None],
        "maxspeed__forward": ["60", None, None, "90"],
        "maxspeed__backward": ["30", None, None, None],
    }
    network, report = built(tmp_path, fields, preset="osm")
    assert kmh(network).tolist() == [[60, 30], [50, 50], [90, 0]]
    assert "oneway=reversible" in said(report)
    _, report = built(tmp_path, {"highway": ["residential"], "oneway": ["parfois"]}, preset="osm")
    assert "parfois" in said(report)


def test_fields_that_look_right_are_proposed_and_not_used(tmp_path):
    fields = {"Vitesse": [80.0, 90.0], "sens": ["direct", "double sens"], "classe": ["a", "b"]}
    network, report = built(tmp_path, fields, preset="auto")
    assert (kmh(network) == 50).all()
    assert (report.fields.speed_proposed, report.fields.direction_proposed) == ("Vitesse", "sens")
    assert "“Vitesse”" in said(report) and "“sens”" in said(report)
    network, report = built(tmp_path, fields, preset="auto", speed_field="Vitesse", direction_field="sens")
    assert kmh(network).tolist() == [[80, 0], [90, 90]]
    assert (report.fields.speed, report.fields.direction, report.fields.one_way) == ("Vitesse", "sens", 1)
    for name, values in (("vitesse", [1800.0, 2]), ("vmax", [None, None]), ("largeur", [50.0, 50])):
        assert built(tmp_path, {name: values})[1].fields.speed_proposed == ""
    assert fields_to_read(("fid", "Vitesse", "largeur", "classe"), BuildOptions()) == ("Vitesse", "classe")


def test_the_report_comes_back_from_the_file_as_it_was(tmp_path):
    network, report = built(tmp_path, {"v": [50.0, -3.0]}, speed_field="v")
    assert BuildReport.from_dict(network.report) == report


@given(st.lists(st.lists(st.one_of(st.none(), st.integers(-9, 9), st.sampled_from(["a", "b", "7"])), max_size=4)))
def test_a_column_is_read_whatever_its_batches_hold(batches):
    reader = ColumnReader()
    for batch in batches:
        array = np.empty(len(batch), object)
        array[:] = batch
        reader.add(array)
    column = reader.column()
    flat = [value for batch in batches for value in batch]
    if isinstance(column, Column):
        assert [column.labels[c] if c >= 0 else None for c in column.code] == [
            None if value is None else str(value) for value in flat
        ]
    else:
        assert [None if np.isnan(v) else int(v) for v in column] == flat
