"""Groups of people counted at the same places."""

from __future__ import annotations

import numpy as np
import pytest
from carto_services_publics.core.access.coverage import coverage_by_zone
from carto_services_publics.core.access.groups import group_figures, groups_of
from hypothesis import given
from hypothesis import strategies as st

COST = np.array([5.0, 25.0, np.nan, np.nan])
COMPUTED = np.array([True, True, True, False])


def test_old_people_by_hand():
    people = np.array([70.0, 20.0, 10.0, 50.0])
    old = np.array([10.0, 15.0, 5.0, 3.0])
    everyone, over_80 = group_figures(groups_of(people, {"ind_80p": old}), COST, (20.0,), COMPUTED)
    assert (everyone.name, everyone.served.beyond, everyone.served.not_computed) == (None, (30.0,), 50.0)
    assert everyone.gaps.tolist() == [0.0]
    assert (over_80.name, over_80.served.population, over_80.served.unreached) == ("ind_80p", 33.0, 5.0)
    assert over_80.served.share() == pytest.approx(20 / 30)
    assert over_80.gaps[0] == pytest.approx(20 / 30 - 30 / 100)
    assert over_80.mean == pytest.approx((50 + 375) / 25)
    assert over_80.median == 25


PLACES = st.lists(
    st.tuples(
        st.floats(0, 1e4),  # women
        st.floats(0, 1e4),  # men
        st.one_of(st.floats(0, 60), st.just(np.nan)),  # minutes
        st.booleans(),  # computed
    ),
    min_size=1,
    max_size=30,
)


@given(PLACES)
def test_sums_over_disjoint_groups_equal_all_exactly(rows):
    women, men, cost, computed = (np.array(column) for column in zip(*rows))
    everyone, *two = group_figures(groups_of(women + men, {"f": women, "h": men}), cost, (10.0, 30.0), computed)
    for rank in (0, 1):
        assert sum(group.served.beyond[rank] for group in two) == everyone.served.beyond[rank]
    for figure in ("population", "not_computed", "unreached"):
        assert sum(getattr(group.served, figure) for group in two) == getattr(everyone.served, figure)


@given(PLACES)
def test_all_are_those_of_the_coverage_by_zone(rows):
    women, men, cost, computed = (np.array(column) for column in zip(*rows))
    everyone = group_figures(groups_of(women, {"h": men}), cost, (10.0,), computed)[0]
    zone = np.arange(len(rows)) % 3
    assert everyone.served == coverage_by_zone(zone, women, cost, (10.0,), 3, computed).whole()
