"""Which weights can be used, one by one and all together."""

from __future__ import annotations

import numpy as np
from carto_services_publics.core.access.weights import MOST_WEIGHT, are_usable, unusable_weight
from hypothesis import example, given
from hypothesis import strategies as st


@given(st.lists(st.floats()))
@example([np.nan, np.inf, -np.inf, -1.0, -0.0, 0.0, MOST_WEIGHT, np.nextafter(MOST_WEIGHT, np.inf)])
def test_weights_are_usable_together_as_one_by_one(weights):
    assert are_usable(np.array(weights)).tolist() == [unusable_weight(weight) is None for weight in weights]
