"""Opening hours: read, evaluated, written."""

from __future__ import annotations

import datetime as dt

import pytest
from carto_services_publics.core import holidays
from carto_services_publics.core.hours import (
    HoursError,
    OpeningHours,
    State,
    WeekTable,
    normal_week,
    parse,
    quoted,
    write_week,
)
from hypothesis import given
from hypothesis import strategies as st

# 2026: 1 June is a Monday; 14 July a Tuesday; Easter Sunday is 5 April; 1 January is in ISO week 1.
LOZERE = holidays.calendar_of("48")


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("hours", "moment", "is_open"),
    [
        # Opening time is within, closing time is not.
        ("Mo-Fr 09:00-12:00,14:00-17:00", "2026-06-01 09:00", True),
        ("Mo-Fr 09:00-12:00,14:00-17:00", "2026-06-01 08:59", False),
        ("Mo-Fr 09:00-12:00,14:00-17:00", "2026-06-01 11:59", True),
        ("Mo-Fr 09:00-12:00,14:00-17:00", "2026-06-01 12:00", False),
        ("Mo-Fr 09:00-12:00,14:00-17:00", "2026-06-06 10:00", False),
        # Lists, ranges and a range around the end of the week.
        ("Mo,We-Fr 10:00-11:00", "2026-06-02 10:30", False),
        ("Mo,We-Fr 10:00-11:00", "2026-06-04 10:30", True),
        ("Sa-Mo 10:00-11:00", "2026-06-07 10:30", True),
        ("Sa-Mo 10:00-11:00", "2026-06-01 10:30", True),
        ("Sa-Mo 10:00-11:00", "2026-06-02 10:30", False),
        ("Mo We Fr 10:00-11:00", "2026-06-03 10:30", True),
        ("Mo We Fr 10:00-11:00", "2026-06-02 10:30", False),
        ("Mo Tu-Th,Sa 10:00-11:00", "2026-06-06 10:30", True),
        # A second rule without days is of every day, and takes the place of the first.
        ("Mo-Fr 09:00-12:00; 14:00-16:00", "2026-06-01 10:00", False),
        ("Mo-Fr 09:00-12:00; 14:00-16:00", "2026-06-01 15:00", True),
        ("Mo-Fr 09:00-12:00; 14:00-16:00", "2026-06-07 15:00", True),
        # Always, and hours without any day.
        ("24/7", "2026-12-25 03:00", True),
        ("10:00-12:00", "2026-06-07 11:00", True),
        # The rule that comes later replaces the days that it names, whole.
        ("Mo-Fr 08:00-18:00; We 14:00-18:00", "2026-06-03 09:00", False),
        ("Mo-Fr 08:00-18:00; We 14:00-18:00", "2026-06-03 15:00", True),
        ("Mo-Fr 08:00-18:00; We off", "2026-06-03 09:00", False),
        # `off` with hours takes them away and leaves the rest.
        ("Mo-Fr 08:00-18:00; Mo-Fr 12:00-13:00 off", "2026-06-03 12:30", False),
        ("Mo-Fr 08:00-18:00; Mo-Fr 12:00-13:00 off", "2026-06-03 13:00", True),
        # A rule without days speaks of them all.
        ("Mo-Fr 09:00-12:00; 14:00-17:00", "2026-06-01 10:00", False),
        ("Mo-Fr 09:00-12:00; 14:00-17:00", "2026-06-01 15:00", True),
        ("Mo-Fr 09:00-12:00; 14:00-17:00", "2026-06-06 15:00", True),
        # A comma adds.
        ("Mo-Fr 09:00-12:00, We 14:00-18:00", "2026-06-03 10:00", True),
        ("Mo-Fr 09:00-12:00, We 14:00-18:00", "2026-06-03 15:00", True),
        ("Mo-Fr 09:00-12:00, We 14:00-18:00", "2026-06-04 15:00", False),
        # A fallback speaks where nothing else does.
        ('Mo-Fr 09:00-12:00 || Mo 14:00-15:00 open "permanence"', "2026-06-01 14:30", True),
        ('Mo-Fr 09:00-12:00 || "sur rendez-vous"', "2026-06-01 15:00", False),
        ("Mo-Fr 09:00-12:00 || off", "2026-06-01 10:00", True),
        ('Mo 09:00-12:00 "rdv" || Tu 09:00-12:00, Mo 09:00-12:00', "2026-06-01 10:00", False),
        # Past midnight, and a rule of the next day that takes the night away as it takes all that day had.
        ("Fr 22:00-02:00", "2026-06-06 01:59", True),
        ("Fr 22:00-02:00", "2026-06-06 02:00", False),
        ("Fr 22:00-02:00", "2026-06-05 01:00", False),
        ("Fr 22:00-26:00", "2026-06-06 01:59", True),
        ("Fr 22:00-02:00; Sa off", "2026-06-06 01:00", False),
        ("Fr 22:00-02:00; Sa off", "2026-06-05 23:00", True),
        ("Fr 22:00-02:00; Sa 10:00-12:00", "2026-06-06 01:00", False),
        ("Fr 22:00-02:00, Sa 10:00-12:00", "2026-06-06 01:00", True),
        ("Sa 10:00-12:00; Fr 22:00-02:00", "2026-06-06 01:00", True),
        ("Su 20:00-04:00", "2026-06-08 03:00", True),
        ("Mo 08:00-08:00", "2026-06-02 07:59", True),
        ("Mo 00:00-24:00", "2026-06-01 23:59", True),
        # The n-th of a month.
        ("Tu[1,3] 14:00-17:00", "2026-06-02 15:00", True),
        ("Tu[1,3] 14:00-17:00", "2026-06-09 15:00", False),
        ("Tu[1,3] 14:00-17:00", "2026-06-16 15:00", True),
        ("Fr[-1] 14:00-17:00", "2026-06-26 15:00", True),
        ("Fr[-1] 14:00-17:00", "2026-06-19 15:00", False),
        ("Mo[2-4] 14:00-17:00", "2026-06-01 15:00", False),
        ("Mo[2-4] 14:00-17:00", "2026-06-22 15:00", True),
        ("Mo[5] 14:00-17:00", "2026-06-29 15:00", True),
        # Months and dates, and a winter around the end of the year.
        ("Jul-Aug Mo-Fr 10:00-12:00", "2026-07-01 11:00", True),
        ("Jul-Aug Mo-Fr 10:00-12:00", "2026-06-30 11:00", False),
        ("Nov-Feb 10:00-12:00", "2026-01-15 11:00", True),
        ("Nov-Feb 10:00-12:00", "2026-03-01 11:00", False),
        ("Dec 24-Jan 02 off; Mo-Su 10:00-12:00; Dec 24-Jan 02 off", "2026-12-31 11:00", False),
        ("Mo-Su 10:00-12:00; Dec 24-26,31 off", "2026-12-25 11:00", False),
        ("Mo-Su 10:00-12:00; Dec 24-26,31 off", "2026-12-27 11:00", True),
        ("Mo-Su 10:00-12:00; Dec 24-26,31 off", "2026-12-31 11:00", False),
        ("Jul 14 10:00-12:00", "2026-07-14 11:00", True),
        ("Jul 14: 10:00-12:00", "2027-07-14 11:00", True),
        ("Mar 15-Jun 15 Mo 10:00-12:00", "2026-06-15 11:00", True),
        ("Mar 15-Jun 15 Mo 10:00-12:00", "2026-06-22 11:00", False),
        # Ranges whose ends are the n-th weekday of a month (the last Sunday of March 2026 is the 29th).
        ("Mar Su[-1]-Oct Su[-1] 10:00-12:00", "2026-03-28 11:00", False),
        ("Mar Su[-1]-Oct Su[-1] 10:00-12:00", "2026-03-29 11:00", True),
        ("Mar Su[-1]-Oct Su[-1] 10:00-12:00", "2026-10-26 11:00", False),
        ("Mar Su[2]-Oct Su[2] 10:00-12:00", "2026-03-07 11:00", False),
        ("Mar Su[2]-Oct Su[2] 10:00-12:00", "2026-03-08 11:00", True),
        ("Mar Su[2]-Oct Su[2] 10:00-12:00", "2026-10-11 11:00", True),
        ("Mar Su[2]-Oct Su[2] 10:00-12:00", "2026-10-12 11:00", False),
        ("Mar 15-Oct Su[-1] 10:00-12:00", "2026-06-03 11:00", True),
        ("Mar 15-Oct Su[-1] 10:00-12:00", "2026-10-25 11:00", True),
        ("Oct Su[-1]-Mar Su[-1] 10:00-12:00", "2026-01-15 11:00", True),
        ("Mar-Oct Su[-1] 10:00-12:00", "2026-06-03 11:00", False),
        ("Mar-Oct Su[-1] 10:00-12:00", "2026-06-28 11:00", True),
        ("Mar Su[-1] 10:00-12:00", "2026-03-29 11:00", True),
        ("Mar Su[-1],Mo 10:00-12:00", "2026-03-16 11:00", True),
        # Years.
        ("2026 Mo 10:00-12:00", "2026-06-01 11:00", True),
        ("2026 Mo 10:00-12:00", "2027-06-07 11:00", False),
        ("2025-2026 Mo 10:00-12:00", "2026-06-01 11:00", True),
        ("2027+ Mo 10:00-12:00", "2026-06-01 11:00", False),
        ("2027+ Mo 10:00-12:00", "2030-06-03 11:00", True),
        ("2024-2030/2 Mo 10:00-12:00", "2026-06-01 11:00", True),
        ("2025-2031/2 Mo 10:00-12:00", "2026-06-01 11:00", False),
        ("2026 Jul 14 10:00-12:00", "2027-07-14 11:00", False),
        ("2026 Dec 24-2027 Jan 02 10:00-12:00", "2027-01-02 11:00", True),
        ("2026 Dec 24-2027 Jan 02 10:00-12:00", "2026-01-02 11:00", False),
        ("2026 Dec 24-Jan 02 10:00-12:00", "2027-01-02 11:00", True),
        # Weeks and their parity (2026-06-01 is in week 23).
        ("week 01-53/2 Mo 10:00-12:00", "2026-06-01 11:00", True),
        ("week 02-52/2 Mo 10:00-12:00", "2026-06-01 11:00", False),
        ("week 02-52/2 Mo 10:00-12:00", "2026-06-08 11:00", True),
        ("week 22,23 Mo 10:00-12:00", "2026-06-01 11:00", True),
        # Easter, public and school holidays.
        ("easter 10:00-12:00", "2026-04-05 11:00", True),
        ("easter +1 day 10:00-12:00", "2026-04-06 11:00", True),
        ("easter -2 days 10:00-12:00", "2026-04-03 11:00", True),
        ("Mo-Fr 09:00-17:00", "2026-07-14 11:00", True),
        ("Mo-Fr 09:00-17:00; PH off", "2026-07-14 11:00", False),
        ("Mo-Fr 09:00-17:00; PH off", "2026-07-15 11:00", True),
        ("PH,Su 10:00-12:00", "2026-07-14 11:00", True),
        ("PH,Su 10:00-12:00", "2026-07-19 11:00", True),
        ("SH Mo-Fr 10:00-12:00", "2026-07-15 11:00", True),
        ("SH Mo-Fr 10:00-12:00", "2026-06-15 11:00", False),
        ("Mo-Fr 09:00-17:00; SH off", "2026-02-24 11:00", False),
        # Case, spaces and a last semicolon do not matter.
        ("mo-fr 9:00-12:00 ;", "2026-06-01 09:30", True),
        ("Mo - Fr 09:00 - 12:00", "2026-06-01 09:30", True),
        # Closed, and closed with a word.
        ("off", "2026-06-01 11:00", False),
        ('closed "travaux"', "2026-06-01 11:00", False),
        ('Mo 09:00-12:00 open "sans rendez-vous"', "2026-06-01 10:00", True),
    ],
)
def test_a_place_is_open_as_the_specification_says(hours, moment, is_open):
    assert parse(hours).is_open(at(moment), LOZERE) is is_open


@pytest.mark.parametrize(
    ("hours", "moment", "state", "comment"),
    [
        ('Mo 09:00-12:00 "sur rendez-vous"', "2026-06-01 10:00", State.UNKNOWN, "sur rendez-vous"),
        ('Mo 09:00-12:00 || "appeler"', "2026-06-01 15:00", State.UNKNOWN, "appeler"),
        ("Mo unknown", "2026-06-01 15:00", State.UNKNOWN, ""),
        ('Mo 09:00-12:00 open "entrée B"', "2026-06-01 10:00", State.OPEN, "entrée B"),
        ("Mo 17:00+", "2026-06-01 20:00", State.UNKNOWN, ""),
        ("Mo 08:00-12:00+", "2026-06-01 10:00", State.OPEN, ""),
        ("Mo 08:00-12:00+", "2026-06-01 15:00", State.UNKNOWN, ""),
        ("Mo 08:00-12:00", "2026-06-01 15:00", State.CLOSED, ""),
        # Told only when it is closed: of the rest nothing is known.
        ("PH off", "2026-06-01 10:00", State.UNKNOWN, ""),
        ("PH off", "2026-07-14 10:00", State.CLOSED, ""),
        ("Sa,Su off", "2026-06-01 10:00", State.UNKNOWN, ""),
        ("Sa,Su off", "2026-06-06 10:00", State.CLOSED, ""),
        ("Mo 12:00-14:00 off; PH off", "2026-06-01 13:00", State.CLOSED, ""),
        ("Mo 12:00-14:00 off; PH off", "2026-06-01 15:00", State.UNKNOWN, ""),
        ("off; PH off", "2026-06-01 10:00", State.CLOSED, ""),
        ("Mo 09:00-10:00; PH off", "2026-06-02 10:00", State.CLOSED, ""),
    ],
)
def test_what_is_only_perhaps_open_says_so(hours, moment, state, comment):
    span = parse(hours).state(at(moment))
    assert (span.state, span.comment) == (state, comment)


def test_school_holidays_hold_by_zone():
    winter_of_zone_a = at("2026-02-10 11:00")
    hours = parse("Mo-Fr 09:00-17:00; SH off")
    assert not hours.is_open(winter_of_zone_a, holidays.calendar_of("69"))
    assert hours.is_open(winter_of_zone_a, holidays.calendar_of("75"))


def test_good_friday_closes_in_alsace_alone():
    hours = parse("Mo-Fr 09:00-17:00; PH off")
    assert not hours.is_open(at("2026-04-03 10:00"), holidays.calendar_of("67"))
    assert hours.is_open(at("2026-04-03 10:00"), holidays.calendar_of("54"))


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("Mo-Fr 9h-12h", 7),
        ("Mo-Fr 09:00", 12),
        ("Mo-Fr 09:00-", 13),
        ("Lundi 09:00-12:00", 1),
        ("Mo 09:00-12:00 Tu", 16),
        ("Mo 09:00-12:60", 10),
        ("Mo 25:00-26:00", 4),
        ("Mo 09:00-49:00", 10),
        ("Mo[6] 09:00-12:00", 4),
        ("Mo[1 09:00-12:00", 6),
        ("Feb 30 off", 5),
        ("Jun 31 off", 5),
        ("week 54 Mo 09:00-12:00", 6),
        ("week 1-53/0 Mo 09:00-12:00", 11),
        ("Mo sunrise-12:00", 4),
        ('Mo 09:00-12:00 "oubli', 16),
        ("Mo 0900-1200", 4),
        ("Mo 1900-2100", 4),
        ("Mo 09:00–12:00", 9),
        ("|| Mo", 1),
        ("Mo-", 3),
        ("easter +1", 10),
        ("easter +99999 days", 9),
        ("week " + "1" * 5000, 6),
        ("week 1-52/" + "9" * 5000, 17),
        ("Mo 09:00-12:00 on", 16),
        ("Mo[4-2] 09:00-12:00", 6),
        ("Mo-Tu[1] 09:00-12:00", 6),
        ("week 50-02 Mo 09:00-12:00", 9),
        ("2027-2026 Mo 09:00-12:00", 6),
        ("Jan 20-10 09:00-12:00", 8),
        ("2026 Dec 24-2026 Jan 02 off", 13),
        ("Mo-Fr SH 09:00-12:00", 7),
        ("Mo PH 09:00-12:00", 4),
    ],
)
def test_a_text_that_is_wrong_is_refused_with_the_place_of_the_fault(text, position):
    with pytest.raises(HoursError) as caught:
        parse(text)
    assert caught.value.message.values["position"] == position
    assert str(position) in str(caught.value)


@pytest.mark.parametrize("text", ["", "   ", ";", " ; ;"])
def test_no_text_is_no_hours(text):
    with pytest.raises(HoursError, match="empty"):
        parse(text)


@given(st.text(alphabet='MoTuPHweek0123456789:-,;|/[]+" JanSHoffeaster', max_size=40))
def test_any_text_is_read_or_refused_never_worse(text):
    try:
        hours = parse(text)
    except HoursError:
        return
    assert 0 <= hours.minutes_per_week(2026) <= 7 * 1440


@pytest.mark.parametrize(
    ("hours", "minutes"),
    [
        ("Mo-Fr 09:00-12:00,14:00-17:00", 5 * 360),
        ("24/7", 7 * 1440),
        ("off", 0),
        ("Fr 22:00-02:00", 240),
        ("Su 22:00-02:00; Mo 00:00-03:00", 300),  # Sunday night and Monday morning share two hours
        ("Mo-Su 20:00-08:00", 7 * 720),
        ("Mo 09:00-12:00; PH off", 180),
        ('Mo 09:00-12:00; Tu 09:00-12:00 "sur rendez-vous"', 180),
        ("week 01-51/2 Mo 09:00-12:00", 90.0),
        ("Tu[1] 14:00-17:00", 12 * 180 / 52),
    ],
)
def test_open_minutes_a_week(hours, minutes):
    assert parse(hours).minutes_per_week(2026) == pytest.approx(minutes)


def test_hours_that_name_dates_are_told_for_the_week_asked_for():
    hours = parse("Mo 09:00-12:00; Jul-Aug Mo 10:00-11:00")
    assert hours.depends_on_date
    assert hours.weekly(dt.date(2026, 6, 3))[0] == [(540, 720)]
    assert hours.weekly(dt.date(2026, 7, 8))[0] == [(600, 660)]


@pytest.mark.parametrize(
    ("days", "text"),
    [
        ([[(540, 720), (840, 1020)]] * 5 + [[(540, 720)], []], "Mo-Fr 09:00-12:00,14:00-17:00; Sa 09:00-12:00"),
        ([[(540, 720)], [], [(540, 720)], [], [(540, 720)], [], []], "Mo,We,Fr 09:00-12:00"),
        ([[(540, 720)], [(540, 720)], [], [], [], [], []], "Mo,Tu 09:00-12:00"),
        ([[(0, 1440)]] * 7, "24/7"),
        ([[(0, 720), (720, 1440)]] * 7, "24/7"),
        ([[]] * 7, "off"),
        ([[(840, 1020), (540, 720)], [], [], [], [], [], []], "Mo 09:00-12:00,14:00-17:00"),
        ([[], [], [], [], [(1320, 1560)], [], []], "Fr 22:00-02:00"),
        ([[], [], [], [], [(600, 1800)], [], []], "Fr 10:00-06:00"),
        ([[], [], [], [], [(1320, 1560)], [(600, 720)], []], "Fr 22:00-02:00, Sa 10:00-12:00"),
        ([[], [], [], [], [(600, 2400)], [], []], "Fr 10:00-24:00; Sa 00:00-16:00"),
        ([[], [], [], [], [(1320, 1440)], [(0, 120)], []], "Fr 22:00-02:00"),
        ([[(0, 120)], [], [], [], [], [], [(1320, 1440)]], "Su 22:00-02:00"),
        ([[], [], [], [], [], [(0, 1440)], [(0, 300)]], "Sa 00:00-24:00; Su 00:00-05:00"),
    ],
)
def test_a_weekly_grid_is_written_short(days, text):
    table = WeekTable(tuple(tuple(day) for day in days))
    assert write_week(table) == text
    assert write_week(table._replace(closed_on_public_holidays=True)) == text + "; PH off"


intervals = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).map(lambda pair: (pair[0], pair[0] + pair[1]))
weeks = st.lists(st.lists(intervals, max_size=4), min_size=7, max_size=7)


@given(weeks, st.booleans())
def test_a_weekly_grid_written_and_read_again_is_the_same(week, closed_on_public_holidays):
    table = WeekTable(tuple(map(tuple, normal_week(week))), closed_on_public_holidays)
    read = parse(write_week(table))
    assert read.week_table() == table
    assert write_week(read.week_table()) == write_week(table)


@given(weeks, st.integers(0, 6), st.integers(0, 1439))
def test_a_written_week_is_open_when_its_grid_is(week, weekday, minute):
    hours = parse(write_week(WeekTable(tuple(map(tuple, week)))))
    monday = dt.datetime(2026, 6, 1)
    moment = monday + dt.timedelta(days=weekday, minutes=minute)
    today = any(start <= minute < end for start, end in week[weekday])
    night = any(start <= minute + 1440 < end for start, end in week[weekday - 1])
    assert hours.is_open(moment) is (today or night)


@pytest.mark.parametrize(
    "text",
    [
        "Jul Mo 09:00-12:00",
        "SH Mo 09:00-12:00",
        "Mo[1] 09:00-12:00",
        'Mo 09:00-12:00 "rdv"',
        "Mo 17:00+",
        "PH 10:00-11:00",
        "PH off",
        "Sa,Su off",
    ],
)
def test_what_a_grid_cannot_hold_is_not_put_in_one(text):
    assert parse(text).week_table() is None


def test_what_overrides_inside_a_plain_week_still_fits_a_grid():
    table = parse("Mo-Fr 09:00-17:00; We off; PH off").week_table()
    assert write_week(table) == "Mo,Tu,Th,Fr 09:00-17:00; PH off"


def test_a_comment_cannot_break_out_of_its_quotes():
    comment = quoted('porte "C"\n2e étage; PH off')
    text = f"Mo 09:00-12:00 open {comment}"
    assert isinstance(parse(text), OpeningHours)
    assert len(parse(text).rules) == 1


def test_the_first_night_of_the_calendar_has_no_day_before_it():
    assert parse("Mo 22:00-02:00").is_open(dt.datetime(1, 1, 1, 23))
