"""Scores of the floating catchment family: worked by hand, against pysal/access, on tables that cannot be scored."""

from __future__ import annotations

import numpy as np
import pytest
from carto_services_publics.core.access.costs import CostBlock, CostTableError, block_from_pairs
from carto_services_publics.core.access.scores import (
    APL_STEPS,
    ScoreError,
    accessibility,
    parse_steps,
    power_decay,
    smooth_decay,
    step_decay,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

INF = np.inf


def dense(cost):
    cost = np.array(cost, dtype=float)
    return lambda: [CostBlock(np.arange(cost.shape[0]), np.arange(cost.shape[1]), cost)]


def sparse_of(cost):
    origins, destinations = np.nonzero(np.isfinite(cost))
    return lambda: [block_from_pairs(origins, destinations, cost[origins, destinations], cost.shape)]


def by_rows(cost):
    """One block an origin, with only the destinations it reaches, as a bounded search gives them."""

    def blocks():
        for row in range(cost.shape[0]):
            reached = np.flatnonzero(np.isfinite(cost[row]))
            yield CostBlock(np.array([row]), reached, cost[row : row + 1, reached].astype(np.float32))

    return blocks


# Two villages of 100 and 300 people. One doctor is 5 minutes from the first village and 10 from the second; two more
# are 10 minutes from the second.
HAND = [[5.0, INF], [10.0, 10.0]]
PEOPLE = np.array([100.0, 300.0])
DOCTORS = np.array([1.0, 2.0])


def test_2sfca_by_hand():
    found = accessibility(dense(HAND), PEOPLE, DOCTORS, step_decay(((10.0, 1.0),)))
    assert found.ratio == pytest.approx([1 / 400, 2 / 300])
    assert found.score == pytest.approx([1 / 400, 1 / 400 + 2 / 300])
    assert found.reached == pytest.approx([1, 3])  # cumulative opportunities


def test_e2sfca_by_hand():
    found = accessibility(dense(HAND), PEOPLE, DOCTORS, step_decay(((5.0, 1.0), (10.0, 0.3))))
    assert found.ratio == pytest.approx([1 / (100 + 0.3 * 300), 2 / (0.3 * 300)])
    assert found.score == pytest.approx([1 / 190, 0.3 / 190 + 0.3 * 2 / 90])


def test_3sfca_by_hand():
    found = accessibility(dense(HAND), PEOPLE, DOCTORS, step_decay(((5.0, 1.0), (10.0, 0.3))), choice=True)
    first = 1 / (100 + 0.5 * 0.3 * 300)
    second = 2 / (0.5 * 0.3 * 300)
    assert found.ratio == pytest.approx([first, second])
    assert found.score == pytest.approx([first, 0.15 * first + 0.15 * second])


def test_gravity_by_hand():
    found = accessibility(dense(HAND), PEOPLE, DOCTORS, power_decay(2.0, nearest=1.0, limit=10.0))
    first = 1 / (100 / 25 + 300 / 100)
    second = 2 / (300 / 100)
    assert found.score == pytest.approx([first / 25, first / 100 + second / 100])


def test_gravity_at_no_distance_is_finite():
    found = accessibility(dense([[0.0]]), np.array([10.0]), np.array([1.0]), power_decay(2.0, 1.0, 30.0))
    assert found.score == pytest.approx([0.1])


def test_cost_equal_to_a_step_is_within_it_also_in_single_precision():
    decay = step_decay(APL_STEPS)
    assert decay(np.array([0.0, 5.0, 5.01, 10.0, 15.0, 15.01, INF])).tolist() == [1, 1, 0.3, 0.3, 0.1, 0, 0]
    assert step_decay(((0.3, 1.0),))(np.array([0.1 + 0.2], dtype=np.float32)).tolist() == [1]


def test_supply_that_nobody_reaches_scores_nothing_and_is_told():
    found = accessibility(dense([[5.0, INF]]), np.array([0.0]), np.array([3.0, 4.0]), step_decay(((10.0, 1.0),)))
    assert found.deserted.tolist() == [True, True]
    assert found.score.tolist() == [0.0]
    assert found.ratio.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("bad", [np.nan, -1.0, INF])
def test_weights_and_capacities_that_are_no_quantities_are_refused(bad):
    with pytest.raises(ScoreError):
        accessibility(dense([[1.0]]), np.array([bad]), np.ones(1), step_decay(APL_STEPS))
    with pytest.raises(ScoreError):
        accessibility(dense([[1.0]]), np.ones(1), np.array([bad]), step_decay(APL_STEPS))


def test_steps_are_read_as_the_contract_writes_them():
    assert parse_steps("5:1,10:0.3,15:0.1") == APL_STEPS
    assert parse_steps(" 5 : 1 , 10:0.3") == ((5, 1), (10, 0.3))


@pytest.mark.parametrize("text", ["", "5", "5:1,5:0.3", "10:1,5:0.3", "5:-1", "5:a", "nan:1", "5:1|10:2"])
def test_steps_that_mean_nothing_are_refused(text):
    with pytest.raises(ScoreError, match="STEPS"):
        parse_steps(text)


def test_table_of_costs_with_a_pair_twice_or_a_negative_cost_is_refused():
    with pytest.raises(CostTableError, match="more than once"):
        block_from_pairs([0, 0], [1, 1], [2.0, 3.0], (1, 2))
    with pytest.raises(CostTableError, match="negative"):
        block_from_pairs([0], [1], [-2.0], (1, 2))


def test_null_cost_in_a_table_is_unreachable_and_zero_is_a_cost():
    block = block_from_pairs([0, 0], [0, 1], [np.nan, 0.0], (1, 2))
    found = accessibility(lambda: [block], np.ones(1), np.ones(2), step_decay(((5.0, 1.0),)))
    assert found.deserted.tolist() == [True, False]
    assert found.score.tolist() == [1.0]


COSTS = arrays(
    float,
    st.tuples(st.integers(1, 8), st.integers(1, 6)),
    elements=st.one_of(st.just(INF), st.sampled_from([0.0, 5.0, 10.0, 15.0]), st.floats(0, 40, width=32)),
)


@st.composite
def tables(draw):
    cost = draw(COSTS)
    people = draw(arrays(float, cost.shape[0], elements=st.integers(1, 10_000)))
    capacity = draw(arrays(float, cost.shape[1], elements=st.integers(0, 100)))
    return cost, people, capacity


@given(tables(), st.booleans())
def test_all_forms_of_the_same_costs_give_the_same_scores(table, choice):
    cost, people, capacity = table
    decay = step_decay(APL_STEPS)
    expected = accessibility(dense(cost), people, capacity, decay, choice=choice).score
    for form in (sparse_of(cost), by_rows(cost)):
        assert accessibility(form, people, capacity, decay, choice=choice).score == pytest.approx(expected, rel=1e-12)


@given(tables(), st.booleans())
def test_all_the_supply_that_can_be_reached_is_shared_out(table, choice):
    cost, people, capacity = table
    found = accessibility(dense(cost), people, capacity, step_decay(APL_STEPS), choice=choice)
    assert (found.score * people).sum() == pytest.approx(capacity[~found.deserted].sum(), rel=1e-9)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(tables(), st.sampled_from(["2sfca", "e2sfca", "3sfca", "gravity"]))
def test_scores_equal_those_of_pysal_access(table, method):
    pytest.importorskip("access", reason="pysal/access is not installed: pip install access")
    import pandas as pd
    from access import fca, weights

    cost, people, capacity = table
    origins, destinations = np.nonzero(np.isfinite(cost))
    pairs = pd.DataFrame({"origin": origins, "dest": destinations, "cost": cost[origins, destinations]})
    demand = pd.DataFrame({"demand": people}, index=pd.RangeIndex(len(people), name="geoid"))
    supply = pd.DataFrame({"supply": capacity}, index=pd.RangeIndex(len(capacity), name="geoid"))
    theirs_decay, decay = {
        "2sfca": (None, step_decay(((15.0, 1.0),))),
        "e2sfca": (weights.step_fn({5: 1, 10: 0.3, 15: 0.1}), step_decay(APL_STEPS)),
        "3sfca": (weights.step_fn({5: 1, 10: 0.3, 15: 0.1}), step_decay(APL_STEPS)),
        "gravity": (weights.gravity(scale=1, alpha=-2, min_dist=1), power_decay(2.0, 1.0, 15.0)),
    }[method]
    # theirs leaves out a cost equal to the maximum
    limit = np.nextafter(15.0, 16.0)
    run = fca.three_stage_fca if method == "3sfca" else fca.two_stage_fca
    theirs = run(demand, supply, pairs, limit, demand_index=True, supply_index=True, weight_fn=theirs_decay)
    theirs = theirs.reindex(range(len(people))).fillna(0.0).to_numpy() if len(pairs) else np.zeros(len(people))
    found = accessibility(dense(cost), people, capacity, decay, choice=method == "3sfca").score
    assert found == pytest.approx(theirs, rel=1e-9, abs=1e-12)


# -- curves of decay --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["linear", "exponential", "gaussian", "logistic"])
@pytest.mark.parametrize("half", [0.5, 12.0, 3000.0])
def test_the_weight_is_one_at_home_one_half_at_the_half_and_falls(kind, half):
    decay = smooth_decay(kind, half)
    assert decay(np.array([0.0, half, np.inf, np.nan])) == pytest.approx([1.0, 0.5, 0.0, 0.0])
    weights = decay(np.linspace(0, 500 * half, 2000))
    assert (np.diff(weights) <= 0).all() and weights.min() >= 0
    assert smooth_decay(kind, half, limit=half)(np.array([half, 1.001 * half])) == pytest.approx([0.5, 0.0])


def test_curves_of_decay_by_hand():
    cost = np.array([10.0, 30.0])
    assert smooth_decay("linear", 20)(cost) == pytest.approx([0.75, 0.25])
    assert smooth_decay("exponential", 10)(cost) == pytest.approx([0.5, 0.125])
    assert smooth_decay("gaussian", 10)(cost) == pytest.approx([0.5, 2**-9])
    with pytest.raises(ScoreError, match="needs HALF"):
        smooth_decay("gaussian", 0)
