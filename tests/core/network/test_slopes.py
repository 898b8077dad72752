"""Those on foot go slower up and down, as Tobler says; nothing else changes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from carto_services_publics.core.errors import InvalidInput
from carto_services_publics.core.network import BuildOptions, build_network, open_network
from carto_services_publics.core.network.lines import RoadLines
from carto_services_publics.core.network.slopes import ridden, tobler


def built(tmp_path, *lines, **options):
    report = build_network(
        RoadLines.of([np.array(line, float) for line in lines], {}),
        BuildOptions(preset="generic", profile="foot", **options),
        tmp_path / "a.network",
    )
    return open_network(tmp_path / "a.network"), report


CLIMB = [(0, 0, 100), (500, 0, 300), (1000, 0, 200)]  # 100 m up in 1 km, whatever is between


def ways(network, link=0):
    """Minutes to the east and to the west."""
    pair = float(network.minutes_forward[link]), float(network.minutes_backward[link])
    first, last = network.line(link)[[0, -1], 0]
    return pair if first < last else pair[::-1]


def test_a_climb_is_slower_than_its_descent(tmp_path):
    flat, _ = built(tmp_path, CLIMB)
    even = ways(flat)
    sloped, report = built(tmp_path, CLIMB, slopes=True)
    up, down = ways(sloped)
    assert even[0] == even[1]
    # 6·exp(-3.5·0.15) and 6·exp(-3.5·0.05) km/h, where the flat has 6·exp(-3.5·0.05)
    assert up == pytest.approx(even[0] * math.exp(3.5 * 0.15) / math.exp(3.5 * 0.05))
    assert down == pytest.approx(even[0])
    assert not report.warnings


def test_lines_without_heights_are_flat_and_counted(tmp_path):
    network, report = built(tmp_path, CLIMB, [(1000, 0, np.nan), (2000, 0, np.nan)], slopes=True)
    level = [pair for pair in (ways(network, link) for link in range(2)) if pair[0] == pair[1]]
    assert len(level) == 1
    assert [message.values["count"] for message in report.warnings if "count" in message.values] == [1]


def test_heights_that_are_all_0_are_none(tmp_path):
    with pytest.raises(InvalidInput, match="0"):
        built(tmp_path, [(0, 0, 0), (500, 0, 0)], [(500, 0, 0), (1000, 0, 0)], slopes=True)


def test_slopes_are_of_metres_on_the_ground_where_territories_share_a_projection(tmp_path):
    """Metropolitan France and La Réunion in one network, whose projection stretches."""
    lines = [np.array([(lon, lat, 100), (lon + 0.01, lat, 200)]) for lon, lat in ((2.0, 47.0), (55.5, -21.1))]
    found = []
    for slopes in (False, True):
        roads = RoadLines.of(lines, {}, "EPSG:4326")
        build_network(roads, BuildOptions(preset="generic", profile="foot", slopes=slopes), tmp_path / "a.network")
        network = open_network(tmp_path / "a.network")
        found.append((np.array(network.length), np.maximum(network.minutes_forward, network.minutes_backward)))
    (length, flat), (_, up) = found
    assert up / flat == pytest.approx(1 / tobler(100 / length))


@pytest.mark.parametrize("profile", ["foot", "bike"])
def test_a_ferry_climbs_nothing(tmp_path, profile):
    lines = [np.array(line, float) for line in ([(0, 0, 1), (600, 0, 4)], [(600, 0, 4), (1000, 0, 40)])]
    found = []
    for slopes in (False, True):
        build_network(
            RoadLines.of(lines, {"nature": ["Bac ou liaison maritime", "Route à 1 chaussée"]}),
            BuildOptions(preset="bdtopo", profile=profile, slopes=slopes),
            tmp_path / "a.network",
        )
        network = open_network(tmp_path / "a.network")
        found.append({round(float(network.length[link])): ways(network, link) for link in range(2)})
    flat, sloped = found
    assert sloped[600] == flat[600] and sloped[400] != flat[400]


def test_slopes_need_heights_and_feet(tmp_path):
    with pytest.raises(InvalidInput):
        built(tmp_path, [(0, 0), (1000, 0)], slopes=True)
    with pytest.raises(InvalidInput):
        BuildOptions(profile="car", slopes=True)


def test_the_easiest_slope_goes_down_by_5_percent():
    slopes = np.linspace(-1, 1, 2001)
    assert slopes[tobler(slopes).argmax()] == pytest.approx(-0.05)
    assert tobler(np.array([0.0, np.nan])).tolist() == [1.0, 1.0]
    assert tobler(np.array([0.6])) == tobler(np.array([40.0])) > 0.1  # a lift is no climb of hours


def test_riders_climb_slowly_and_walk_where_that_is_quicker():
    slope = np.array([np.nan, 0.0, 0.02, -0.02, -0.2, 0.12])
    found = ridden(np.full(6, 16.0), slope)
    expected = [
        16,
        16,
        16 * (1 - 0.8004 / 6.01),
        16 * (1 + 0.4758 / 6.01),
        16 * (1 + 2.379 / 6.01),
        5 * tobler(slope)[5],
    ]
    assert found == pytest.approx(expected)
    assert ridden(np.full(6, 5.0), slope)[1:] == pytest.approx(5 * tobler(slope)[1:])


def test_slopes_by_bike(tmp_path):
    report = build_network(
        RoadLines.of([np.array([(0, 0, 100), (1000, 0, 120)], float)], {}),
        BuildOptions(preset="generic", profile="bike", slopes=True),
        tmp_path / "a.network",
    )
    up, down = ways(open_network(tmp_path / "a.network"))
    assert up > down and not report.warnings
