"""Orders of many small numbers, found by counting: several times faster than comparing them."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix


def order_of(numbers: np.ndarray, size: int) -> np.ndarray:
    """Indices that sort (n,) integers, all under ``size``; equal ones stay in their order. i4."""
    count = len(numbers)
    # One entry a row, in the column of its number: turned by columns, the rows come in the order looked for.
    rows = csr_matrix((np.ones(count, np.int8), numbers, np.arange(count + 1)), shape=(count, size))
    return rows.tocsc().indices
