"""Agents, places and half-days of a week."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from carto_services_publics.core.siting import highs
from carto_services_publics.core.siting.permanences import SLOTS, ScheduleError, Week, parse_half_days, plan
from carto_services_publics.core.siting.problem import Costs
from hypothesis import given, settings
from hypothesis import strategies as st


def _week(text, agents=1):
    table = np.zeros((agents, SLOTS), bool)
    table[:, list(parse_half_days(text))] = True
    return table


def test_half_days_are_read_as_written():
    assert parse_half_days("lun-mar, Samedi matin:2") == {0: 1, 1: 1, 2: 1, 3: 1, 10: 2}
    assert parse_half_days("mercredi après-midi") == {5: 1}
    assert parse_half_days("sam-lun matin") == {10: 1, 12: 1, 0: 1}, "over the end of the week"
    assert parse_half_days("lun matin:.5, mar matin:2.") == {0: 0.5, 2: 2}
    for text in ("someday", "lun:1.2.3", "lun:."):
        with pytest.raises(ScheduleError):
            parse_half_days(text)


def _best(table, weight, available, value, wanted, near):
    slots = np.flatnonzero(available.any(axis=0))
    best = 0.0
    for places in product(range(-1, table.shape[1]), repeat=len(slots) * len(available)):
        grid = np.array(places).reshape(len(available), len(slots))
        if np.any((grid >= 0) & ~available[:, slots]):
            continue
        if any(
            slots[t] % 2 == 0 and slots[t + 1] == slots[t] + 1 and row[t] >= 0 and row[t + 1] >= 0
            and row[t] != row[t + 1] and not near[row[t], row[t + 1]]
            for row in grid for t in range(len(slots) - 1)
        ):  # fmt: skip
            continue
        offered = np.array(
            [[any(table[i, j] for j in grid[:, t] if j >= 0) for t in range(len(slots))] for i in range(len(table))]
        )
        values = -np.sort(-(offered * value[slots]), axis=1)
        share = np.clip(wanted - np.arange(len(slots)), 0, 1)
        best = max(best, float(weight @ (values @ share)))
    return best


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_no_other_plan_serves_more(seed):
    generator = np.random.default_rng(seed)
    n, m, agents = generator.integers(1, 5), generator.integers(1, 4), generator.integers(1, 3)
    table = generator.random((n, m)) < 0.5
    weight = generator.integers(0, 9, n).astype(float)
    available = np.zeros((agents, SLOTS), bool)
    available[:, :3] = generator.random((agents, 3)) < 0.7
    value = generator.integers(1, 4, SLOTS).astype(float)
    travel = generator.integers(0, 60, (m, m)).astype(float)
    wanted = float(generator.integers(1, 4))
    cover = Costs.from_dense(np.where(table, 1.0, np.inf))
    found = plan(cover, weight, Week(available, value, wanted, travel <= 30))
    best = _best(table, weight, available, value, wanted, travel <= 30)
    assert found.objective == pytest.approx(best)
    assert found.status in ("optimal", "no_demand")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(highs, "available", lambda: False)
        plain = plan(cover, weight, Week(available, value, wanted, travel <= 30))
    assert plain.objective <= best + 1e-9 <= plain.bound + 2e-9


def test_an_agent_does_not_cross_the_territory_at_noon():
    cover = Costs.from_dense(np.array([[1.0, np.inf], [np.inf, 1.0]]))
    travel = np.array([[0.0, 90.0], [90.0, 0.0]])
    far = plan(cover, np.array([10.0, 10.0]), Week(_week("lun"), np.ones(SLOTS), 1.0, travel <= 45))
    assert far.objective == 10
    near = plan(cover, np.array([10.0, 10.0]), Week(_week("lun"), np.ones(SLOTS), 1.0, travel / 3 <= 45))
    assert near.objective == 20
    assert near.received.tolist() == [1, 1]


def test_the_half_days_people_prefer_come_first():
    value = np.ones(SLOTS)
    value[10] = 3
    cover = Costs.from_dense(np.ones((1, 1)))
    found = plan(cover, np.array([5.0]), Week(_week("lun-sam"), value, 1.0, np.ones((1, 1), bool)))
    assert [(p.slot, p.gain) for p in found.permanences] == [(10, 15.0)]
