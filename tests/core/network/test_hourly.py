"""Speeds of cars by the hour: as a network built from roads whose speeds are scaled by hand."""

from __future__ import annotations

import numpy as np
import pytest
from carto_services_publics.core.errors import InvalidInput
from carto_services_publics.core.network import BuildOptions, build_network, open_network, refresh_network
from carto_services_publics.core.network.hourly import NEUTRAL, class_factors, factors_at
from carto_services_publics.core.network.lines import Column, RoadLines
from hypothesis import given, settings
from hypothesis import strategies as st

HEAD = "classe;jours;de;a;facteur;source\n"
TABLE = """primary;lun-ven;07:00;09:30;0.6;comptages 2025
*;lun-ven;7h30;9h;0,8;comptages 2025
primary;sam;22:00;02:00;1.1;enquête
"""
MONDAY, TUESDAY, SATURDAY, SUNDAY = 0, 1, 5, 6


@pytest.fixture
def table(tmp_path):
    def written(text):
        path = tmp_path / "f.csv"
        path.write_text(HEAD + text, encoding="utf-8")
        return path

    return written


@pytest.mark.parametrize(
    ("weekday", "minute", "expected"),
    [
        (TUESDAY, 8 * 60, {"primary": 0.6, "*": 0.8}),
        (TUESDAY, 7 * 60, {"primary": 0.6}),
        (TUESDAY, 9 * 60, {"primary": 0.6}),  # the end of a period is not in it
        (TUESDAY, 9 * 60 + 30, {}),
        (SATURDAY, 23 * 60, {"primary": 1.1}),
        (SUNDAY, 60, {"primary": 1.1}),  # Saturday's night
        (SATURDAY, 60, {}),
        (MONDAY, 60, {}),
    ],
)
def test_the_factors_of_an_hour(table, weekday, minute, expected):
    assert dict(factors_at(table(TABLE), weekday, minute).factors) == expected


@pytest.mark.parametrize(
    "row",
    [
        "primary;lun-ven;07:00;09:00;0;x",
        "primary;lun-ven;07:00;09:00;;x",
        "primary;lun-ven;07:00;09:00;80;x",  # a percentage
        "primary;lun-ven;07:00;25:00;1;x",
        "primary;lun-ven;07:61;09:00;1;x",
        "primary;lun-xyz;07:00;09:00;1;x",
        "primary;lun-ven;07:00;09:00;1;",
        "primary;lun;08:00;08:00;1;x",
        TABLE + "Primary;mardi;8:00;8:30;0.5;x",
        "Rocade inte\u0301rieure;mar;;;0.5;x\nrocade  intérieure;mar;;;0.6;x",
    ],
)
def test_a_row_that_cannot_be_read_or_says_it_twice_is_named(table, row):
    with pytest.raises(InvalidInput) as refused:
        factors_at(table(row), TUESDAY, 8 * 60)
    assert "ow" in str(refused.value)


def test_a_decimal_comma_among_commas_is_not_cut_in_two(tmp_path):
    path = tmp_path / "f.csv"
    head = HEAD.replace(";", ",")
    path.write_text(head + '*,lun-ven,07:00,09:00,"1,2",x\n', encoding="utf-8")
    assert factors_at(path, TUESDAY, 8 * 60).factors == (("*", 1.2),)
    path.write_text(head + "*,lun-ven,07:00,09:00,1,2,x\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match="2"):
        factors_at(path, TUESDAY, 8 * 60)


def test_classes_are_known_whatever_their_accents_and_what_is_said_of_roads_is_not_of_ferries():
    labels = ["Route à 1 chaussée", "Bretelle", None, "Bac ou liaison maritime"]
    at_sea = np.array([False, False, False, True])
    factors = (("ROUTE  a\u0300 1 CHAUSSE\u0301E", 0.5), ("*", 0.8))
    found, absent = class_factors(Column.of(labels), factors, at_sea)
    assert found.tolist() == [0.5, 0.8, 0.8, 1.0] and not absent
    found, absent = class_factors(
        Column.of(labels), (*factors, ("bac ou liaison maritime", 0.9), ("Quai", 2.0)), at_sea
    )
    assert found.tolist() == [0.5, 0.8, 0.8, 0.9] and absent == ["Quai"]


@pytest.mark.parametrize("minute", range(0, 24 * 60, 30))
@pytest.mark.parametrize("weekday", [MONDAY, SUNDAY])
def test_the_neutral_table_says_something_and_changes_nothing_at_every_hour(weekday, minute):
    assert factors_at(NEUTRAL, weekday, minute).factors == (("*", 1.0),)


def roads(rng, factor=None):
    """Twenty roads of three classes around a ring; ``factor`` by class scales their speeds."""
    angle = np.linspace(0, 2 * np.pi, 21)
    ring = 1000 * np.column_stack((np.cos(angle), np.sin(angle)))
    names = rng.choice(["primary", "tertiary", "residential"], 20)
    speed = rng.integers(10, 120, 20).astype(float)
    if factor is not None:
        speed = speed * np.array([factor.get(name, factor["*"]) for name in names])
    return RoadLines.of([ring[i : i + 2] for i in range(20)], {"highway": names.tolist(), "kmh": speed.tolist()})


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**9), primary=st.floats(0.1, 2.0), others=st.floats(0.1, 2.0))
def test_an_hour_costs_what_scaled_speeds_cost(tmp_path_factory, seed, primary, others):
    folder = tmp_path_factory.mktemp("h")
    factor = {"primary": primary, "*": others}
    options = BuildOptions(preset="generic", speed_field="kmh")
    build_network(roads(np.random.default_rng(seed), factor), options, folder / "a.network")
    hourly = BuildOptions(
        preset="generic", speed_field="kmh", when="mardi 08:00", factors=tuple(factor.items()), factors_source="x"
    )
    report = build_network(roads(np.random.default_rng(seed)), hourly, folder / "b.network")
    anew, made = open_network(folder / "a.network"), open_network(folder / "b.network")
    np.testing.assert_allclose(made.minutes_forward, anew.minutes_forward, rtol=1e-12)
    np.testing.assert_allclose(made.minutes_backward, anew.minutes_backward, rtol=1e-12)
    assert (report.fields.when, report.fields.factors_source) == ("mardi 08:00", "x")


def test_the_hour_outlives_a_road_layer_that_changes(tmp_path):
    """A network that is built again by itself has the same hour."""
    layer, path = tmp_path / "r.geojson", tmp_path / "a.network"
    text = (
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"highway":"primary","kmh":60},'
        '"geometry":{"type":"LineString","coordinates":[[2,47],[2.1,47]]}}]}'
    )
    layer.write_text(text)
    options = BuildOptions(preset="generic", speed_field="kmh", when="mardi 08:00", factors=(("primary", 0.5),))
    build_network(str(layer), options, path)
    before = open_network(path).minutes_forward[0]
    layer.write_text(text.replace("60", "120"))
    assert refresh_network(path).minutes_forward[0] == pytest.approx(before / 2)


def test_the_hour_is_that_of_cars():
    with pytest.raises(InvalidInput):
        BuildOptions(profile="foot", factors=(("primary", 0.5),))
