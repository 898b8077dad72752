"""A change is the sum of its parts, exactly, and reads the same backwards."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from carto_services_publics.core.access.explain import common_unit, explained, rounded
from hypothesis import given
from hypothesis import strategies as st

weights = st.lists(st.floats(0, 1e9, allow_subnormal=False), min_size=1, max_size=12)
seeds = st.integers(0, 10**9)


def drawn(values, seed):
    """Figures (2, 2, 2, 3): sums of some of the weights, whose total is theirs."""
    rng = np.random.default_rng(seed)
    values = np.array(values)
    unit = common_unit(values, values)
    exact = rounded(values, unit)
    return (rng.random((2, 2, 2, 3, len(values))) < 0.5) @ exact, unit


@given(values=weights, seed=seeds)
def test_parts_sum_to_the_whole_in_any_order(values, seed):
    change = explained(*drawn(values, seed))
    for one, two, three in permutations((change.services, change.roads, change.population)):
        assert ((one + two) + three == change.after - change.before).all()
        assert (change.before + one + two + three == change.after).all()


@given(values=weights, seed=seeds)
def test_backwards_all_signs_change(values, seed):
    figures, unit = drawn(values, seed)
    there, back = explained(figures, unit), explained(figures[::-1, ::-1, ::-1], unit)
    assert (there.before == back.after).all() and (there.after == back.before).all()
    for part in ("services", "roads", "population"):
        assert (getattr(there, part) == -getattr(back, part)).all()


@given(values=weights, seed=seeds)
def test_each_part_is_the_mean_over_the_six_orders(values, seed):
    figures, unit = drawn(values, seed)
    change = explained(figures, unit)
    expected = np.zeros((3, 3))
    for order in permutations(range(3)):
        state = [0, 0, 0]
        for axis in order:
            was = figures[tuple(state)]
            state[axis] = 1
            expected[axis] += (figures[tuple(state)] - was) / 6
    for part, mean in zip((change.services, change.roads, change.population), expected):
        np.testing.assert_allclose(part, mean, rtol=1e-12, atol=1e-12 * max(1.0, sum(values)))


def test_what_only_one_thing_changes_is_its_part():
    figures = np.zeros((2, 2, 2))
    figures[:, 1, :] = 12.0
    change = explained(figures, common_unit(np.array([12.0])))
    assert change == pytest.approx((0.0, 12.0, 0.0, 12.0, 0.0))
