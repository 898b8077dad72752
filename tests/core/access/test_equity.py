"""Indices of equity: cases worked by hand, and an independent plain implementation on random tables."""

from __future__ import annotations

import math

import numpy as np
import pytest
from carto_services_publics.core.access.equity import (
    NegativeValues,
    concentration,
    concentration_curve,
    equity,
    fgt,
    gini,
    lorenz_curve,
    palma,
    quantile,
    theil_t,
)
from carto_services_publics.core.errors import InvalidInput
from hypothesis import given
from hypothesis import strategies as st

ONE = np.ones(4)


def array(*numbers):
    return np.array(numbers, dtype=float)


# -- by hand ----------------------------------------------------------------------------------------------------------


def test_gini_by_hand():
    assert gini(array(1, 2, 3, 4), ONE) == pytest.approx(0.25)  # Σ|xi - xj| / (2 n² μ) = 20 / (2 × 16 × 2.5)
    assert gini(array(0, 0, 0, 8), ONE) == pytest.approx(0.75)  # 1 - 1/n
    assert gini(array(5, 5, 5, 5), ONE) == pytest.approx(0)
    assert gini(array(0, 8), array(3, 1)) == pytest.approx(0.75)  # three people are three rows
    assert math.isnan(gini(array(0, 0), array(1, 1)))


def test_theil_by_hand():
    # Shares of the mean 2: 1/2 and 3/2.
    assert theil_t(array(1, 3), array(1, 1)) == pytest.approx((0.5 * math.log(0.5) + 1.5 * math.log(1.5)) / 2)
    assert theil_t(array(0, 1, 3), array(9, 1, 1)) == pytest.approx(theil_t(array(1, 3), array(1, 1)))
    assert theil_t(array(7, 7), array(2, 5)) == pytest.approx(0)


def test_palma_by_hand():
    # Ten people in the order of their income: the last has 30, the first four 10 on average.
    value, income = array(4, 8, 12, 16, 20, 20, 20, 20, 20, 30), np.arange(10.0)
    assert palma(value, np.ones(10), income) == pytest.approx(3.0)
    assert palma(array(10, 20, 30), array(4, 5, 1), array(1, 2, 3)) == pytest.approx(3.0)
    assert math.isnan(palma(array(1, 2), array(1, 1), array(5, 5)))  # nobody is above


def test_quantiles_by_hand():
    assert quantile(array(1, 2, 3, 4, 5), np.ones(5), 0.5) == 3
    assert quantile(array(1, 2, 3, 4), ONE, 0.5) == 2.5
    assert quantile(array(1, 2), array(3, 1), 0.9) == pytest.approx(1.7)  # the place 3.7 of 1, 1, 1, 2
    assert quantile(array(1, 2, 3), array(0.4, 0.5, 0.1), 0.4) == 1  # shares of one


def test_concentration_by_hand():
    # Two people, ranks 1/4 and 3/4: 2 × ((0 - 1)(-1/4) + (2 - 1)(1/4)) / 2 / 1
    assert concentration(array(0, 2), array(1, 1), array(1, 2)) == pytest.approx(0.5)
    assert concentration(array(2, 0), array(1, 1), array(1, 2)) == pytest.approx(-0.5)
    assert concentration(array(2, 0), array(1, 1), array(1, 1)) == pytest.approx(0)  # equal ranks: no order
    curve = concentration_curve(array(0, 2), array(1, 1), array(1, 2))
    assert (curve.people.tolist(), curve.value.tolist()) == ([0, 0.5, 1], [0, 0, 1])


def test_fgt_by_hand():
    # A score, line 4: people at 1 and 3 are short of 3/4 and 1/4; the one at 4 is not poor.
    assert fgt(array(1, 3, 4, 9), ONE, 4, high_is_good=True) == pytest.approx((0.5, 0.25, 0.15625))
    # Minutes, line 20: the one at 30 is 1/2 too far.
    assert fgt(array(10, 20, 30), array(1, 2, 1), 20) == pytest.approx((0.25, 0.125, 0.0625))
    with pytest.raises(InvalidInput, match="above 0"):
        fgt(array(1), array(1), 0)


def test_rows_without_value_or_rank_are_left_out_and_counted():
    found = equity(
        array(10, np.nan, 30, 40), array(1, 5, 1, 7), rank=array(1, 2, 3, np.nan), line=20, high_is_good=False
    )
    assert (found.population, found.not_computed, found.without_rank) == (14, 5, 7)
    assert found.mean == pytest.approx((10 + 30 + 280) / 9)
    assert found.median == 40
    assert found.concentration == pytest.approx(concentration(array(10, 30), array(1, 1), array(1, 2)))
    assert found.fgt[0] == pytest.approx(8 / 9)
    nothing = equity(array(np.nan), array(3))
    assert (nothing.population, nothing.not_computed) == (3, 3)
    assert all(math.isnan(figure) for figure in (*nothing[3:9], *nothing.fgt))


def test_negative_values_are_refused():
    with pytest.raises(NegativeValues):
        equity(array(-1, 2), array(1, 1))


# -- an independent plain implementation ------------------------------------------------------------------------------

PEOPLE = st.lists(
    st.tuples(
        st.floats(0.01, 100),  # value
        st.integers(1, 30),  # people
        st.integers(0, 10_000),  # income
    ),
    min_size=2,
    max_size=25,
    unique_by=lambda row: row[2],
)


def one_by_one(rows):
    """Each person on its own, in the order of income: values."""
    return [value for value, people, _ in sorted(rows, key=lambda row: row[2]) for _ in range(people)]


def between(ordered, share):
    """numpy's own quantile is type 7."""
    return float(np.quantile(ordered, share))


@given(PEOPLE)
def test_indices_equal_those_of_people_taken_one_by_one(rows):
    value, weight, income = (np.array(column, dtype=float) for column in zip(*rows))
    everyone = one_by_one(rows)
    count, mean = len(everyone), math.fsum(everyone) / len(everyone)
    found = equity(value, weight, rank=income, line=30)
    pairs = math.fsum(abs(a - b) for a in everyone for b in everyone)
    assert found.gini == pytest.approx(pairs / (2 * count**2 * mean), abs=1e-9)
    theil = math.fsum(x / mean * math.log(x / mean) for x in everyone) / count
    assert found.theil_t == pytest.approx(theil, abs=1e-9)
    places = {row[2]: row for row in rows}
    rank, before = {}, 0
    for each in sorted(places):
        rank[each] = (before + places[each][1] / 2) / count
        before += places[each][1]
    covariance = math.fsum(p * (x - mean) * (rank[each] - 0.5) for x, p, each in rows) / count
    assert found.concentration == pytest.approx(2 * covariance / mean, abs=1e-9)
    incomes = sorted(each for _, people, each in rows for _ in range(people))
    low, high = between(incomes, 0.4), between(incomes, 0.9)
    poor = [(x, p) for x, p, each in rows if each <= low]
    rich = [(x, p) for x, p, each in rows if each > high]
    if rich:
        means = [math.fsum(x * p for x, p in some) / sum(p for _, p in some) for some in (rich, poor)]
        assert found.palma == pytest.approx(means[0] / means[1], rel=1e-9)
    else:
        assert math.isnan(found.palma)
    for order, figure in enumerate(found.fgt):
        short = [((x - 30) / 30) ** order for x in everyone if x > 30]
        assert figure == pytest.approx(math.fsum(short) / count, abs=1e-6)  # a value at the line within the noise


@given(PEOPLE)
def test_the_area_under_the_curve_is_the_index(rows):
    value, weight, income = (np.array(column, dtype=float) for column in zip(*rows))
    for curve, index in (
        (lorenz_curve(value, weight), gini(value, weight)),
        (concentration_curve(value, weight, income), concentration(value, weight, income)),
    ):
        trapezes = sum(
            (b - a) * (y + x) / 2 for a, b, x, y in zip(curve.people, curve.people[1:], curve.value, curve.value[1:])
        )
        assert 1 - 2 * trapezes == pytest.approx(index, abs=1e-9)


@given(PEOPLE, st.randoms())
def test_the_order_of_the_rows_does_not_matter(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    one, other = (
        equity(*(np.array(column, dtype=float) for column in zip(*table)), line=30) for table in (rows, shuffled)
    )
    assert np.allclose([*one[:9], *one.fgt], [*other[:9], *other.fgt], rtol=1e-9, atol=1e-12, equal_nan=True)
