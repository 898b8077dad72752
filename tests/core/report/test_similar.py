"""A territory beside others of the same density."""

from __future__ import annotations

import pytest
from carto_services_publics.core.access.coverage import Served
from carto_services_publics.core.report.similar import ZoneOfDensity, likenesses
from hypothesis import given
from hypothesis import strategies as st


def place(zone, density, people, beyond, lost=0.0, category="mairie"):
    return ZoneOfDensity(zone, category, density, Served(people, lost, 0.0, (beyond,)))


HERE = [place("a", "4", 100, 20), place("b", "7", 60, 40, lost=10), place("c", "", 5, 5)]


def test_classes_by_hand_and_all_of_them_at_equal_density():
    there = [*HERE, place("x", "4", 300, 30), place("y", "4", 100, 10), place("z", "7", 50, 10), place("w", "1", 9, 9)]
    everyone, four, seven = likenesses(HERE, there)["mairie"]
    assert four == ("4", 100, 0.2, 400, 2, 0.1, 0.0)
    assert seven == ("7", 50, 0.8, 50, 1, 0.2, 0.0)
    assert everyone[:2] == ("", 150) and everyone.share == pytest.approx(60 / 150)
    assert everyone.other == pytest.approx((100 * 0.1 + 50 * 0.2) / 150)
    assert (everyone.others, everyone.zones) == (450, 3)
    assert everyone.aside == 5, "the people of « c », whose zone has no class"
    assert likenesses(HERE, there[:-2])["mairie"][0].aside == 55, "nor is there any 7 elsewhere"


def test_without_a_class_or_service_in_common_there_is_nothing_to_say():
    assert likenesses(HERE, [place("x", "2", 10, 1)]) == {}
    assert likenesses(HERE, [place("x", "4", 10, 1, category="la_poste")]) == {}
    assert likenesses(HERE, HERE) == {}  # a territory is not similar to itself
    assert likenesses(HERE, [place("x", "4", 10, 0, lost=10)]) == {}  # nobody computed


SHARES = st.lists(st.tuples(st.sampled_from("123"), st.integers(1, 99), st.integers(0, 99)), min_size=1, max_size=9)


@given(SHARES)
def test_territories_that_are_alike_have_the_same_share(rows):
    here = [place(f"h{n}", density, people, min(beyond, people)) for n, (density, people, beyond) in enumerate(rows)]
    there = [each._replace(zone_id=f"t{n}") for n, each in enumerate(here)]
    everyone, *classes = likenesses(here, there)["mairie"]
    assert everyone.share == pytest.approx(everyone.other)
    assert [row.share for row in classes] == [row.other for row in classes]
    assert everyone.people == sum(row.people for row in classes)
