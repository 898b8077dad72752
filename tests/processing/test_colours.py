"""Colours are told apart by those who lack a kind of cone too, and in grey; computed, not believed."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from carto_services_publics.processing.styling import palette

from .colour_vision import SEEN_BY, ciede2000, distance, lightness

RAMPS = {
    "minutes": [step.colour for step in palette.MINUTES],
    "metres": [step.colour for step in palette.METRES],
    "shares": [step.colour for step in palette.SHARES],
    "scores": list(palette.SCORES),
}
NEIGHBOURS = 7.0
"""CIEDE2000 between two classes in a row, for everybody: 1 is just noticed side by side, 5 seen at a glance."""
APART = 10.0
"""Between any two colours of things that have no order."""
GREY = 6.0
"""L* between two classes in a row."""


@pytest.mark.parametrize(
    "one, other, expected",
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((50, 2.5, 0), (61, -5, 29), 22.8977),
        ((50, 2.5, 0), (56, -27, -3), 31.9030),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_distance_is_that_of_sharma_and_others(one, other, expected):
    assert ciede2000(np.array(one), np.array(other)) == pytest.approx(expected, abs=1e-4)
    assert ciede2000(np.array(other), np.array(one)) == pytest.approx(expected, abs=1e-4)


def test_greys_are_seen_alike_by_all_and_red_and_green_are_not():
    for eyes, matrix in SEEN_BY.items():
        assert matrix.sum(axis=1) == pytest.approx(np.ones(3), abs=1e-4), eyes
    assert distance("#d7301f", "#5b7a1e", "deuteranopes") < distance("#d7301f", "#5b7a1e") / 2


@pytest.mark.parametrize("eyes", SEEN_BY)
@pytest.mark.parametrize("ramp", RAMPS)
def test_classes_in_a_row_differ(ramp, eyes):
    found = [round(distance(one, other, eyes), 1) for one, other in zip(RAMPS[ramp], RAMPS[ramp][1:])]
    print(ramp, eyes, found)
    assert min(found) >= NEIGHBOURS


@pytest.mark.parametrize("ramp", RAMPS)
def test_ramps_are_read_in_grey(ramp):
    steps = np.diff([lightness(colour) for colour in RAMPS[ramp]])
    assert (np.sign(steps) == np.sign(steps[0])).all()
    assert np.abs(steps).min() >= GREY


@pytest.mark.parametrize("eyes", SEEN_BY)
def test_gained_and_lost_are_never_taken_for_one_another(eyes):
    assert min(distance(one, other, eyes) for one, other in combinations(palette.CHANGES, 2)) >= APART
    half = len(palette.CHANGES) // 2
    light = [lightness(colour) for colour in palette.CHANGES]
    assert min(np.diff(light[: half + 1])) >= GREY and max(np.diff(light[half:])) <= -GREY


@pytest.mark.parametrize("eyes", SEEN_BY)
def test_what_has_no_order_is_told_apart(eyes):
    for colours in (palette.ROUNDS, [palette.BETTER, *palette.REASONS.values()]):
        assert min(distance(one, other, eyes) for one, other in combinations(colours, 2)) >= APART


@pytest.mark.parametrize("eyes", SEEN_BY)
def test_gaps_stand_out_on_what_lies_under_them(eyes):
    far = [step.colour for step in palette.MINUTES if step.low >= 20]
    assert min(distance(palette.GAP, colour, eyes) for colour in [*far, *RAMPS["shares"]]) >= 20
