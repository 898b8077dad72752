"""What a report says of the measures kept before."""

from __future__ import annotations

import pytest
from carto_services_publics.core.access.coverage import Served
from carto_services_publics.core.observatory import Figure
from carto_services_publics.core.report.evolution import ZoneChange, evolution_of
from carto_services_publics.core.report.french import points

NAMES = {"a": "Afa", "b": "Bastia"}


def figure(day, zone, beyond, people=100.0):
    return Figure(day, zone, "mairie", 20.0, Served(people, 0.0, 0.0, (beyond,)))


BEFORE = [figure("2024-11-27", "a", 40.0), figure("2024-11-27", "b", 10.0)]
NOW = [figure("2026-11-27", "a", 20.0), figure("2026-11-27", "b", 15.0)]


def test_before_and_now_by_hand_the_largest_change_first():
    found = evolution_of(BEFORE, NOW, NAMES)
    assert (found.trend.change, found.trend.people, found.word) == (pytest.approx(-0.075), -15.0, "en baisse")
    assert found.zones == [ZoneChange("Afa", 0.4, 0.2, -20.0), ZoneChange("Bastia", 0.1, 0.15, 5.0)]
    assert [point.date for point in found.points] == ["2024-11-27", "2026-11-27"]


def test_a_measure_of_the_day_itself_or_later_gives_way_to_the_reports_own_figures():
    later = [figure("2026-11-27", "a", 99.0), figure("2027-01-01", "a", 99.0)]
    assert evolution_of([*BEFORE, *later], NOW, NAMES) == evolution_of(BEFORE, NOW, NAMES)


def test_the_trend_by_the_year_goes_before_the_first_and_last_dates():
    kept = [figure("2023-11-27", "a", 20.0), figure("2024-11-27", "a", 30.0), figure("2025-11-27", "a", 30.0)]
    found = evolution_of(kept, [figure("2026-11-27", "a", 20.02)], NAMES)
    assert found.trend.yearly == pytest.approx(0.0, abs=1e-4) and found.word == "stable"


def test_zones_measured_once_only_are_counted_and_other_territories_say_nothing():
    assert evolution_of(BEFORE, NOW[:1], NAMES).aside == 1
    assert evolution_of([figure("2024-11-27", "x", 1.0)], NOW, NAMES) is None
    assert evolution_of([], NOW, NAMES) is None


def test_points_are_plural_from_two_as_french_counts():
    said = [points(change) for change in (24.94, -2.0, 1.94, -0.3, 0.0)]
    assert said == ["+24,9 points", "−2,0 points", "+1,9 point", "−0,3 point", "0,0 point"]


def test_a_zone_of_which_nobody_is_computed_now_has_not_come_nearer():
    kept = [figure("2024-01-01", zone, 50.0) for zone in "ab"]
    b = figure("2026-11-27", "b", 0.0)
    b = b._replace(served=b.served._replace(not_computed=b.served.population))
    found = evolution_of(kept, [figure("2026-11-27", "a", 50.0), b], NAMES)
    assert (found.aside, found.zones, found.trend.people, found.trend.change) == (1, [], 0.0, 0.0)
