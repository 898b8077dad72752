"""Public and school holidays of France."""

from __future__ import annotations

import datetime as dt

import pytest
from carto_services_publics.core import territories
from carto_services_publics.core.holidays import (
    FRANCE,
    calendar_of,
    easter,
    public_holidays,
    school_holidays,
)
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("year", "sunday"),
    # Bureau des longitudes; 1818 and 2038 are the earliest and the latest possible dates.
    [(1818, "1818-03-22"), (2000, "2000-04-23"), (2024, "2024-03-31"), (2026, "2026-04-05"), (2038, "2038-04-25")],
)
def test_easter(year, sunday):
    assert easter(year).isoformat() == sunday


@given(st.integers(1900, 2199))
def test_easter_is_a_sunday_of_spring(year):
    assert easter(year).weekday() == 6
    assert dt.date(year, 3, 22) <= easter(year) <= dt.date(year, 4, 25)


def test_the_eleven_public_holidays_of_2026():
    assert sorted(day.isoformat() for day in public_holidays(2026)) == [
        "2026-01-01",
        "2026-04-06",
        "2026-05-01",
        "2026-05-08",
        "2026-05-14",
        "2026-05-25",
        "2026-07-14",
        "2026-08-15",
        "2026-11-01",
        "2026-11-11",
        "2026-12-25",
    ]


@pytest.mark.parametrize(
    ("departement", "added"),
    [
        ("57", ["2026-04-03", "2026-12-26"]),
        ("67", ["2026-04-03", "2026-12-26"]),
        ("68", ["2026-04-03", "2026-12-26"]),
        ("971", ["2026-05-27"]),
        ("972", ["2026-05-22"]),
        ("973", ["2026-06-10"]),
        ("974", ["2026-12-20"]),
        ("976", ["2026-04-27"]),
        ("54", []),
        ("2A", []),
    ],
)
def test_where_there_are_more_public_holidays(departement, added):
    assert sorted(day.isoformat() for day in public_holidays(2026, departement) - public_holidays(2026)) == added


def test_every_metropolitan_departement_but_corsica_s_has_a_school_zone():
    codes = [
        code
        for region in ["11", "24", "27", "28", "32", "44", "52", "53", "75", "76", "84", "93"]
        for code in _departements_of("R" + region)
    ]
    assert len(set(codes)) == 94
    assert {calendar_of(code).zone for code in codes} == {"A", "B", "C"}
    assert calendar_of("2A").zone == calendar_of("974").zone == ""


def _departements_of(region):
    return {territories.departement_of(commune) for commune in territories.find(region).communes}


@pytest.mark.parametrize(
    ("departement", "day", "holiday"),
    [
        ("69", "2026-02-07", True),  # zone A: 7 to 22 February 2026
        ("69", "2026-02-22", True),
        ("69", "2026-02-23", False),
        ("35", "2026-02-13", False),  # zone B: from the 14th
        ("35", "2026-02-14", True),
        ("75", "2026-02-20", False),  # zone C: from the 21st
        ("75", "2026-02-21", True),
        ("75", "2026-12-31", True),
        ("75", "2026-11-02", False),
        ("974", "2026-12-31", False),  # not in the table: never said to be a holiday
    ],
)
def test_school_holidays_by_zone(departement, day, holiday):
    assert calendar_of(departement).is_school_holiday(dt.date.fromisoformat(day)) is holiday


def test_the_table_of_school_holidays_holds_what_is_published_without_overlap():
    for zone in "ABC":
        spans = school_holidays()[zone]
        assert spans == tuple(sorted(spans))
        assert all(first <= last for first, last in spans)
        assert all(before[1] < after[0] for before, after in zip(spans, spans[1:]))
        summers = [first.year for first, last in spans if (last - first).days > 45]
        assert summers == [2024, 2025, 2026, 2027, 2028]


def test_where_nothing_more_is_known_the_country_s_holidays_hold():
    assert FRANCE.is_public_holiday(dt.date(2026, 7, 14))
    assert not FRANCE.is_school_holiday(dt.date(2026, 7, 15))
