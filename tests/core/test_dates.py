"""Dates of any form, as ISO 8601."""

from __future__ import annotations

import datetime as dt

import pytest
from carto_services_publics.core.dates import Date, iso_date
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2025-12-31", "2025-12-31"),
        ("2025-12-31T10:00:00+01:00", "2025-12-31T10:00:00+01:00"),
        ("2025-12-31T10:00:00.123Z", "2025-12-31T10:00:00.123Z"),
        ("2025-12-31 10:00:00", "2025-12-31T10:00:00"),
        ("2025-12-31 10:00:00+00", "2025-12-31T10:00:00+00:00"),
        ("2025/12/31", "2025-12-31"),
        ("31/12/2025", "2025-12-31"),
        ("09/08/2023 13:30:19", "2023-08-09T13:30:19"),
        ("31.12.2025", "2025-12-31"),
        ("31-12-2025 9h30", "2025-12-31T09:30:00"),
        ("1er janvier 2026", "2026-01-01"),
        ("Mercredi 31 décembre 2025 à 10h00", "2025-12-31T10:00:00"),
        ("5 févr. 2024", "2024-02-05"),
        ("15 juil. 2024", "2024-07-15"),
        ("12 JUIN 2024", "2024-06-12"),
        ("août 2024", "2024-08"),
        ("12/2025", "2025-12"),
        ("2025", "2025"),
        ("Dec 31, 2025", "2025-12-31"),
        ("Wed, 31 Dec 2025 10:00:00 GMT", "2025-12-31T10:00:00Z"),
        ("46022", "2025-12-31"),
        ("46022.4166667", "2025-12-31T10:00:00"),
        ("46022,5", "2025-12-31T12:00:00"),
        ("20251231", "2025-12-31"),
        ("20251231T100000Z", "2025-12-31T10:00:00Z"),
        ("1772409600000", "2026-03-02"),
        (1772409600, "2026-03-02"),
        ("1772409601000", "2026-03-02T00:00:01Z"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_date_that_has_one_reading(written, iso):
    assert iso_date(written) == Date(iso, True)


@pytest.mark.parametrize(
    ("written", "iso"), [("31/12/25", "2025-12-31"), ("31-déc-99", "1999-12-31"), ("12/31/2025", "2025-12-31")]
)
def test_a_date_that_could_be_another_is_said(written, iso):
    assert iso_date(written) == Date(iso, False)


@pytest.mark.parametrize(
    "written",
    ["31/02/2025", "00/00/0000", "0000-00-00", "2025-13-01", "n.c.", "12", "1,77241E+12", "10:00", "3 bad 2025"],
)
def test_what_is_no_date_stays_out_and_is_said(written):
    assert iso_date(written) == Date("", False)


@given(
    st.datetimes(dt.datetime(1955, 1, 1), dt.datetime(2118, 1, 1)).map(lambda moment: moment.replace(microsecond=0)),
    st.sampled_from(
        ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%d.%m.%Y %Hh%M:%S", "%Y%m%dT%H%M%S"]
    ),
)
def test_a_moment_written_in_any_form_is_that_moment(moment, form):
    assert iso_date(moment.strftime(form)) == Date(moment.isoformat(), True)


@given(st.dates(dt.date(1955, 1, 1), dt.date(2118, 12, 31)))
def test_a_spreadsheet_s_day_is_that_day(day):
    assert iso_date(str((day - dt.date(1899, 12, 30)).days)) == Date(day.isoformat(), True)


@given(st.text(max_size=20) | st.text(alphabet="0123456789/-:. Thdecjuin+Z", max_size=22))
def test_a_date_read_twice_is_the_same(text):
    once = iso_date(text).text
    assert iso_date(once) == Date(once, True)
