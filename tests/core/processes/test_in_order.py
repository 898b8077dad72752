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


@pytest.mark.parametrize(("out_of_turn", "expected"), [(True, ["a", "c", "d"]), (False, ["a"])])
def test_before_a_cancel_goes_on_what_is_finished_is_given_out_of_turn_only_where_it_is_known_by_itself(
    out_of_turn, expected
):
    def cancelled():
        yield from [(3, "d"), (0, "a"), (2, "c")]
        raise Cancelled

    given = []
    with pytest.raises(Cancelled):
        for result in in_order(cancelled(), out_of_turn=out_of_turn):
            given.append(result)
    assert given == expected
