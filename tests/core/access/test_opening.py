"""« Open on Saturday at ten »: who counts, who does not, and who is not known."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest
from carto_services_publics.core.access.costs import CostBlock
from carto_services_publics.core.access.opening import (
    MomentError,
    WeekMoment,
    heat_by_zone,
    heat_table,
    open_hours,
    opening_at,
    parse_moment,
)
from carto_services_publics.core.thresholds import within
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

SATURDAY_TEN = WeekMoment(5, 600)


@pytest.mark.parametrize(
    "text", ["samedi 10:00", "sa 10:00", "Sa 10:00", "sam. 10h", "SAMEDI 10 h 00", "saturday 10", " Sa  10h00 "]
)
def test_saturday_at_ten_in_every_usual_writing(text):
    assert parse_moment(text) == SATURDAY_TEN


def test_all_days_in_french_english_and_opening_hours_letters():
    assert [parse_moment(f"{day} 8:30").weekday for day in ("lu", "ma", "me", "je", "ve", "sa", "di")] == list(range(7))
    assert [parse_moment(f"{day} 8:30").weekday for day in ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")] == list(range(7))


@pytest.mark.parametrize("text", ["2026-11-28T10:00", "2026-11-28 10:00:00"])
def test_a_date_is_that_very_day(text):
    assert parse_moment(text) == datetime(2026, 11, 28, 10)


@pytest.mark.parametrize("text", ["", "samedi", "10:00", "samedi 25:00", "samedi 10:75", "s 10:00", "2026-13-01T10:00"])
def test_a_moment_that_cannot_be_read_is_refused(text):
    with pytest.raises(MomentError, match="OPEN_AT"):
        parse_moment(text)


def test_open_closed_and_unknown_are_three_things():
    found = opening_at(
        ["Sa 09:00-12:00", "Mo-Fr 09:00-17:00", "", "rendez-vous ?!", 'Sa "sur rendez-vous"'], SATURDAY_TEN
    )
    assert found.open.tolist() == [True, False, False, False, False]
    assert found.unknown.tolist() == [False, False, True, True, True]


def test_closing_time_is_no_longer_open_and_opening_time_is():
    hours = ["Sa 10:00-12:00", "Sa 08:00-10:00"]
    assert opening_at(hours, SATURDAY_TEN).open.tolist() == [True, False]


def test_night_hours_belong_to_the_next_day():
    assert opening_at(["Fr 22:00-26:00"], WeekMoment(5, 60)).open.all()
    assert opening_at(["Su 22:00-26:00"], WeekMoment(0, 60)).open.all()


def test_public_holiday_counts_only_with_a_date():
    hours = ["Mo-Su 08:00-20:00; PH off"]
    assert opening_at(hours, parse_moment("2026-12-25T10:00")).open.tolist() == [False]
    assert opening_at(hours, parse_moment("vendredi 10:00")).open.tolist() == [True]


def test_a_place_counts_for_an_hour_when_open_half_of_it():
    week = open_hours(["Mo 08:30-12:15", ""])
    assert np.flatnonzero(week.open[0]).tolist() == [8, 9, 10, 11]
    assert week.unknown.tolist() == [False, True]
    assert open_hours([]).open.shape == (0, 168)


def test_heat_table_by_hand():
    # the village of 30 reaches the first place only, the town of 70 both; the second opens on Tuesday afternoon
    blocks = [CostBlock(np.array([0, 1]), np.array([0, 1]), np.array([[5.0, np.inf], [10.0, 3.0]]))]
    week = open_hours(["Mo 09:00-11:00", "Tu 14:00-15:00"]).open
    table = heat_table(blocks, np.array([30.0, 70.0]), week, 10.0)
    assert table.shape == (7, 24)
    assert table[0, 9] == table[0, 10] == 100
    assert table[1, 14] == 70
    assert table.sum() == 270


@given(
    arrays(float, (6, 4), elements=st.sampled_from([5.0, 10.0, 15.0, np.inf])),
    arrays(bool, (4, 168)),
    arrays(float, 6, elements=st.integers(0, 100)),
)
def test_heat_table_equals_the_hour_by_hour_count(cost, week, weight):
    by_demand = (CostBlock(np.array([row]), np.arange(4), cost[row : row + 1]) for row in range(6))
    by_place = (CostBlock(np.arange(6), np.array([place]), cost[:, place : place + 1]) for place in range(4))
    found = heat_table(by_demand, weight, week, 10.0).ravel()
    assert (heat_table(by_place, weight, week, 10.0).ravel() == found).all()
    for hour in range(168):
        near = cost[:, week[:, hour]]
        assert found[hour] == weight[(near <= 10).any(axis=1)].sum()


@given(st.data())
def test_the_week_of_zones_adds_up_to_the_week_of_all(data):
    places, people = 3, 8
    costs = np.array(data.draw(st.lists(st.floats(0, 40), min_size=places * people, max_size=places * people)))
    block = CostBlock(np.arange(people), np.arange(places), costs.reshape(people, places))
    week = data.draw(arrays(bool, (places, 168)))
    zone = np.array(data.draw(st.lists(st.integers(0, 2), min_size=people, max_size=people)))
    weight = np.array(data.draw(st.lists(st.integers(0, 50), min_size=people, max_size=people)), float)
    by_zone = heat_by_zone([block], weight, zone, 3, week, 20.0)
    assert (by_zone.sum(axis=0).reshape(7, 24) == heat_table([block], weight, week, 20.0)).all()
    for hour in (0, 77, 167):
        near = (within(block.cost, 20.0) & week[:, hour]).any(axis=1)
        assert by_zone[:, hour].tolist() == [weight[(zone == number) & near].sum() for number in range(3)]
