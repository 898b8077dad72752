"""Runs of different lengths, against the same said with loops."""

from __future__ import annotations

import numpy as np
from carto_services_publics.core.ragged import offsets, owners, ranges, ranks, runs
from hypothesis import given
from hypothesis import strategies as st

RUNS = st.lists(st.tuples(st.integers(0, 1_000_000), st.integers(0, 5)), max_size=20)


@given(RUNS)
def test_runs_one_after_the_other(runs):
    start, count = np.array(runs, np.int32).reshape(-1, 2).T
    assert ranges(start, count).tolist() == [first + rank for first, size in runs for rank in range(size)]
    assert ranks(count).tolist() == [rank for _, size in runs for rank in range(size)]


@given(st.lists(st.integers(0, 5), max_size=20))
def test_where_runs_begin_and_whose_each_row_is(count):
    rows = [number for number, size in enumerate(count) for _ in range(size)]
    assert owners(np.array(count, np.int32)).tolist() == rows == owners(count).tolist()
    assert offsets(count).tolist() == [sum(count[:number]) for number in range(len(count) + 1)]
    assert runs(np.array(rows, np.int64), len(count)).tolist() == offsets(count).tolist()
