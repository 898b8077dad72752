"""What is ready first waits for what was asked first, and is not lost when the work stops."""

from __future__ import annotations

import pytest
from carto_services_publics.core.errors import Cancelled
from carto_services_publics.core.processes.in_order import in_order


def test_results_are_given_in_the_order_asked_as_soon_as_those_before_are_there():
    given = in_order(iter([(1, "b"), (0, "a"), (3, "d"), (2, "c")]))
    assert list(given) == ["a", "b", "c", "d"]


def test_a_number_that_never_comes_keeps_nothing_back():
    assert list(in_order(iter([(2, "c"), (0, "a")]))) == ["a", "c"]


def test_what_is_finished_is_given_before_the_cancel_goes_on():
    def cancelled():
        yield from [(3, "d"), (0, "a"), (2, "c")]
        raise Cancelled

    given = []
    with pytest.raises(Cancelled):
        given.extend(result for result in in_order(cancelled()) if given.append(result))
    assert given == ["a", "c", "d"]
