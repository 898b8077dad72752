"""Axes hold what they show, closely, and their figures are round."""

from __future__ import annotations

import math

import pytest
from carto_services_publics.core.report.scales import round_axis
from hypothesis import given
from hypothesis import strategies as st

figures = st.floats(-1e9, 1e9)


@given(low=figures, width=st.floats(1e-3, 1e9), most=st.integers(2, 8))
def test_an_axis_holds_its_figures_and_little_more(low, width, most):
    high = low + width
    axis = round_axis(low, high, most)
    step = axis[1] - axis[0]
    noise = 1e-6 * step
    assert 2 <= len(axis) <= most
    assert axis[0] <= low + noise and high - noise <= axis[-1]
    assert low - axis[0] < step + noise and axis[-1] - high < step + noise
    mantissa = step / 10 ** math.floor(math.log10(step) + 1e-9)
    assert min(abs(mantissa - round_one) for round_one in (1.0, 2.0, 2.5, 5.0, 10.0)) < 1e-3


@pytest.mark.parametrize("ends", [(0.0, 0.0), (3.0, 3.0), (math.nan, 1.0), (0.0, math.inf)])
def test_an_axis_without_width_begins_at_nought(ends):
    axis = round_axis(*ends)
    assert axis[0] == 0.0 and axis[-1] >= 1.0


def test_a_curve_between_80_and_84_percent_fills_its_chart():
    assert round_axis(80.3, 83.9) == [80.0, 81.0, 82.0, 83.0, 84.0]
    assert round_axis(0.0, 1234.0, 4) == [0.0, 500.0, 1000.0, 1500.0]
