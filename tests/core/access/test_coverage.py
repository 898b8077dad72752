"""What a zone's figures mean: who is beyond, what is counted, and totals that add up."""

from __future__ import annotations

import numpy as np
import pytest
from carto_services_publics.core.access.coverage import (
    Served,
    coverage_by_zone,
    mean_cost,
    quantile_classes,
    weighted_median,
)
from carto_services_publics.core.access.weights import exact_weights
from hypothesis import given
from hypothesis import strategies as st

PEOPLE = st.floats(0, 1e6, allow_nan=False)


def test_cost_equal_to_the_threshold_is_within():
    figures = coverage_by_zone(
        np.zeros(3, int), np.array([1.0, 10, 100]), np.array([20.0, 20.001, 0.1 * 200]), (20.0,), 1
    )
    assert figures.beyond[0, 0] == 10


def test_sums_of_tenths_that_reach_the_threshold_are_within():
    assert coverage_by_zone(np.zeros(1, int), np.ones(1), np.array([0.1 + 0.2]), (0.3,), 1).beyond[0, 0] == 0


def test_unreached_people_are_beyond_every_threshold_and_out_of_mean_and_median():
    cost = np.array([10.0, np.nan, 30.0])
    figures = coverage_by_zone(np.zeros(3, int), np.array([1.0, 5.0, 3.0]), cost, (5.0, 15.0, 100.0), 1)
    assert figures.beyond.tolist() == [[9.0, 8.0, 5.0]]
    assert figures.unreached[0] == 5
    assert figures.mean[0] == pytest.approx(25.0)
    assert figures.median[0] == 30


def test_empty_zone_has_no_share_no_mean_and_no_division_warning(recwarn):
    figures = coverage_by_zone(np.array([1]), np.array([2.0]), np.array([3.0]), (5.0,), 2)
    assert figures.population.tolist() == [0, 2]
    assert np.isnan(figures.share[0, 0])
    assert np.isnan(figures.mean[0])
    assert np.isnan(figures.median[0])
    assert not recwarn.list


def test_without_threshold_the_other_figures_still_come():
    figures = coverage_by_zone(np.array([0]), np.array([2.0]), np.array([3.0]), (), 1)
    assert figures.beyond.shape == (1, 0)
    assert figures.mean[0] == 3


@given(st.lists(st.tuples(st.integers(0, 6), PEOPLE, st.one_of(st.just(np.nan), st.floats(0, 60))), max_size=60))
def test_sums_over_zones_equal_the_totals_exactly(rows):
    zone = np.array([row[0] for row in rows], dtype=int)
    weight = np.array([row[1] for row in rows])
    cost = np.array([row[2] for row in rows])
    by_zone = coverage_by_zone(zone, weight, cost, (5.0, 20.0), 7)
    at_once = coverage_by_zone(np.zeros(len(rows), int), weight, cost, (5.0, 20.0), 1)
    assert by_zone.population.sum() == at_once.population[0] == exact_weights(weight).sum()
    assert by_zone.population[::-1].sum() == at_once.population[0]
    assert by_zone.beyond.sum(axis=0).tolist() == at_once.beyond[0].tolist()
    assert by_zone.unreached.sum() == at_once.unreached[0]
    assert (np.diff(by_zone.beyond, axis=1) <= 0).all()
    assert weight.sum() == pytest.approx(at_once.population[0], rel=1e-12)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=50))
def test_whole_weights_are_left_as_they_are(weights):
    assert exact_weights(np.array(weights, dtype=float)).tolist() == weights


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5), st.floats(0, 100)), max_size=40))
def test_weighted_median_is_the_median_of_the_repeated_values(rows):
    group, weight, value = (np.array([row[i] for row in rows]) for i in range(3))
    found = weighted_median(group.astype(int), weight.astype(float), value.astype(float), 4)
    for wanted in range(4):
        mine = group == wanted
        people = np.repeat(value[mine], weight[mine].astype(int)) if len(rows) else np.empty(0)
        expected = np.median(people) if len(people) else np.nan
        assert found[wanted] == pytest.approx(expected, nan_ok=True)


def test_classes_hold_about_the_same_number_of_people():
    value = np.arange(1.0, 101.0)
    weight = np.where(value <= 10, 90.0, 10.0)
    assert quantile_classes(weight, value, 2).tolist() == [10.0, 100.0]
    assert quantile_classes(np.ones(3), np.full(3, np.nan), 5).tolist() == []
    assert quantile_classes(np.ones(4), np.full(4, 7.0), 3).tolist() == [7.0]


def test_shares_are_of_the_people_computed_and_of_the_longest_threshold_unless_another_is_named():
    served = Served(population=12.0, not_computed=2.0, unreached=1.0, beyond=(6.0, 4.0, 2.5))
    assert served.computed == 10.0
    assert served.share() == 0.25
    assert [served.share(rank) for rank in range(3)] == [0.6, 0.4, 0.25]
    assert Served(3.0, 3.0, 0.0, (0.0,)).share() is None


def test_figures_of_less_than_one_person_are_figures():
    figures = coverage_by_zone(np.zeros(2, int), np.array([0.25, 0.25]), np.array([4.0, 8.0]), (1.0, 6.0), 1)
    assert figures.mean[0] == 6.0
    assert figures.share[0].tolist() == [1.0, 0.5]
    assert mean_cost(np.array([0.25, 0.5]), np.array([4.0, np.nan])) == (4.0, 0.5)
