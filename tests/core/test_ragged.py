"""Runs of different lengths, against the same said with loops."""

from __future__ import annotations

import numpy as np
from carto_services_publics.core.ragged import ranges, ranks
from hypothesis import given
from hypothesis import strategies as st

RUNS = st.lists(st.tuples(st.integers(0, 1_000_000), st.integers(0, 5)), max_size=20)


@given(RUNS)
def test_runs_one_after_the_other(runs):
    start, count = np.array(runs, np.int32).reshape(-1, 2).T
    assert ranges(start, count).tolist() == [first + rank for first, size in runs for rank in range(size)]
    assert ranks(count).tolist() == [rank for _, size in runs for rank in range(size)]
