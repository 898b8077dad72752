"""Numbers as French and English technicians type them."""

from __future__ import annotations

import pytest
from carto_services_publics.core.access.scores import ScoreError, parse_steps
from carto_services_publics.core.lists import items_of


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("5,10,20", [5, 10, 20]),
        (" 5, 10 ,20 ", [5, 10, 20]),
        ("5 10 20", [5, 10, 20]),
        ("5\u00a010\u202f20", [5, 10, 20]),
        ("5 7.5 10", [5, 7.5, 10]),
        ("5;7,5;10", [5, 7.5, 10]),
        ("5 ; 7,5 ; 10", [5, 7.5, 10]),
        ("5;7.5;10", [5, 7.5, 10]),
        ("7,5;", [7.5]),
        ("7,5", [7, 5]),
        ("20", [20]),
        ("", []),
        (" ; ", []),
    ],
)
def test_a_semicolon_leaves_the_comma_to_decimals(text, numbers):
    assert [float(item) for item in items_of(text)] == numbers


@pytest.mark.parametrize("text", ["7,5 10", "1 000;2 000", "5;10 20"])
def test_what_could_be_read_in_two_ways_is_no_number(text):
    with pytest.raises(ValueError, match="could not convert"):
        [float(item) for item in items_of(text)]


def test_steps_may_have_decimal_commas():
    assert parse_steps("5:1;7,5:0,3;15:0,1") == parse_steps("5:1,7.5:0.3,15:0.1")
    with pytest.raises(ScoreError):
        parse_steps("")
