"""Population spread over places: nobody lost, nobody made up."""

from __future__ import annotations

import math

import numpy as np
import pytest
from carto_services_publics.core.access.demand import SpreadError, spread, spread_by_zone, zones_without_support
from hypothesis import example, given
from hypothesis import strategies as st

SHARES = st.lists(st.floats(0, 1e6), min_size=1, max_size=60).map(np.array)


@given(st.integers(0, 10**9), SHARES)
def test_whole_parts_sum_to_the_total(total, shares):
    parts = spread(total, shares, whole=True)
    assert parts.sum() == total
    assert (parts >= 0).all()
    assert (parts == np.floor(parts)).all()
    if shares.any() and shares.sum() > 1e-6:
        assert (np.abs(parts - total * (shares / shares.sum())) < 1 + 1e-6).all()
        assert not parts[shares == 0].any()


@given(st.floats(0, 1e9), SHARES, st.randoms())
@example(123.4, np.ones(7), None)
@example(5e-324, np.ones(3), None)
@example(0.1, np.array([1e6, 1e-9, 0.0]), None)
def test_parts_sum_to_the_total_in_any_order(total, shares, random):
    parts = spread(total, shares).tolist()
    if random:
        random.shuffle(parts)
    assert sum(parts) == total == math.fsum(parts)
    assert min(parts) >= 0


def test_parts_follow_the_shares():
    assert spread(10, np.array([1.0, 1.0, 2.0]), whole=True).tolist() == [3, 2, 5]
    assert spread(0.3, np.array([1.0, 2.0])) == pytest.approx([0.1, 0.2])


def test_a_share_of_zero_gets_nobody_but_all_zero_means_equal():
    assert spread(3, np.array([0.0, 5.0, 0.0]), whole=True).tolist() == [0, 3, 0]
    assert spread(4, np.zeros(2), whole=True).tolist() == [2, 2]


def test_the_same_input_gives_the_same_output():
    assert spread(2, np.ones(4), whole=True).tolist() == [1, 1, 0, 0]


@pytest.mark.parametrize(
    ("total", "shares", "whole"),
    [
        (1, [], False),
        (1, [np.nan], False),
        (1, [-1.0], False),
        (-1, [1.0], False),
        (np.nan, [1.0], False),
        (1.5, [1], True),
    ],
)
def test_what_cannot_be_spread_is_refused(total, shares, whole):
    with pytest.raises(SpreadError):
        spread(total, np.array(shares), whole=whole)


def test_each_zone_keeps_its_own_people_and_empty_zones_are_told():
    zone = np.array([1, 0, 1, -1])
    weight = spread_by_zone(np.array([5.0, 7.0, 9.0]), zone, np.ones(4), whole=True)
    assert weight.tolist() == [4, 5, 3, 0]
    assert zones_without_support(3, zone).tolist() == [2]
