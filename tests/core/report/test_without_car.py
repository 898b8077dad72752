"""The week without a car in the report: days of which nothing is known are no days without a bus."""

from __future__ import annotations

import pytest
from carto_services_publics.core.report.without_car import ZoneWeek, whole_week, worst_weeks


def test_unknown_days_stay_unknown_and_known_ones_are_of_the_people_computed():
    rows = [
        ZoneWeek("a", "mairie", 30.0, (None, 1.0, *[0.5] * 5)),
        ZoneWeek("b", "mairie", 10.0, (None, 0.0, *[0.5] * 5)),
        ZoneWeek("nobody", "mairie", 0.0, (None,) * 7),
    ]
    (whole,) = whole_week(rows)
    assert whole.computed == 40 and whole.shares[0] is None and whole.shares[1:3] == pytest.approx((0.75, 0.5))
    assert whole.days is None
    assert whole_week([row._replace(shares=(1.0, *row.shares[1:])) for row in rows[:2]])[0].days == pytest.approx(4.25)
    assert [row.name for row in worst_weeks(rows, "mairie")] == ["b", "a"]
