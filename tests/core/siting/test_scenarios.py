"""Who gains and who loses between two scenarios."""

from __future__ import annotations

import numpy as np
import pytest
from carto_services_publics.core.siting.scenarios import compare, summarise, summarise_zones

NOWHERE = np.nan


def test_each_person_is_in_exactly_one_box():
    before = np.array([10.0, 10.0, 10.0, NOWHERE, 10.0, NOWHERE])
    after = np.array([4.0, 16.0, 10.0, 8.0, NOWHERE, NOWHERE])
    found = compare(before, after)
    assert found.effect.tolist() == ["gagne", "perd", "inchange", "gagne_acces", "perd_acces", "sans_acces"]
    weight = np.array([100.0, 10, 20, 5, 3, 2])
    figures = summarise(found, weight, (10.0,), np.ones(6, bool))
    assert sum(figures[1:7]) == figures.population == 140
    assert (figures.saved, figures.lost) == (600, 60)
    assert figures.mean_before == pytest.approx(10)
    assert figures.mean_after == pytest.approx((400 + 160 + 200 + 40) / 135)
    assert figures.mean_change == pytest.approx((60 - 600) / 130), "of those who reach a site both times"
    assert figures.beyond_before.tolist() == [7]
    assert figures.beyond_after.tolist() == [10 + 3 + 2]


def test_the_noise_of_arithmetic_is_no_change():
    assert compare(np.array([0.3]), np.array([0.1 + 0.2])).effect.tolist() == ["inchange"]


def test_groups_add_up_to_the_whole():
    generator = np.random.default_rng(4)
    before, after = generator.uniform(0, 60, (2, 500))
    after[generator.random(500) < 0.1] = NOWHERE
    weight, group = generator.integers(0, 50, 500).astype(float), generator.integers(0, 4, 500)
    found = compare(before, after)
    whole = summarise(found, weight, (10.0, 30.0), np.ones(500, bool))
    parts = [summarise(found, weight, (10.0, 30.0), group == g) for g in range(4)]
    assert sum(part.gaining for part in parts) == whole.gaining
    assert sum(part.saved for part in parts) == pytest.approx(whole.saved)
    assert np.array_equal(sum(part.beyond_after for part in parts), whole.beyond_after)
    zones = summarise_zones(found, weight, group, 5)
    for name in zones._fields:
        assert getattr(zones, name)[:4] == pytest.approx([getattr(part, name) for part in parts]), name
        assert getattr(zones, name)[4] == 0


def test_a_group_without_anybody_has_no_mean():
    figures = summarise(compare(np.ones(2), np.ones(2)), np.ones(2), (1.0,), np.zeros(2, bool))
    assert figures.population == 0
    assert np.isnan(figures.mean_before)
