"""GROUPS wherever people are counted: one run, one table of figures by group."""

from __future__ import annotations

import json

import pytest

FIELDS = "id:string,population:double,femmes:double,hommes:double,ind_80p:double"
DEMAND = [
    ("POINT(0 10)", "a", 100.0, 60.0, 40.0, 5.0),  # at the first service
    ("POINT(30000 10)", "b", 30.0, 10.0, 20.0, 9.0),  # 20 minutes from both
    ("POINT(59000 10)", "c", 7.0, 4.0, 3.0, None),  # 9 minutes from the second
    ("POINT(59000 90000)", "d", 5.0, 2.0, 3.0, 4.0),  # off the network
]


@pytest.fixture
def people(draw):
    groups = {"GROUPS": ["femmes", "hommes", "ind_80p"]}
    return {"DEMAND": draw("Point", FIELDS, DEMAND), "DEMAND_WEIGHT": "population", **groups}


@pytest.fixture
def services(draw):
    rows = [("POINT(10000 0)", "mairie"), ("POINT(50000 0)", "mairie")]
    return draw("Point", "categorie:string", rows)


def by_group(table, **wanted):
    return {row["groupe"]: row for row in table if all(row[key] == value for key, value in wanted.items())}


def check_sums(found):
    """Women and men are all, exactly."""
    for column in ("population", "pop_au_dela", "pop_non_atteinte", "pop_non_calculee"):
        assert found["femmes"][column] + found["hommes"][column] == found[None][column]


def test_who_is_beyond_each_threshold(run, rows, people, services, road):
    found, said = run(
        "coveragegaps", SERVICES=services, CATEGORY_FIELD="categorie", NETWORK=road, THRESHOLDS="10,15", **people
    )
    table = rows(found["GROUPS_OUT"])
    assert len(table) == 4 * 2
    at_15 = by_group(table, seuil=15.0, categorie="mairie")
    check_sums(at_15)
    old = at_15["ind_80p"]
    assert (old["population"], old["pop_non_calculee"], old["pop_au_dela"]) == (18, 4, 9)
    assert old["part_au_dela"] == pytest.approx(9 / 14)
    assert old["ecart"] == pytest.approx(9 / 14 - 30 / 137)
    assert old["cout_moyen"] == pytest.approx((50 + 180) / 14)
    whole = rows(found["OUTPUT"])
    assert sum(row["pop_au_dela_15"] for row in whole) == at_15[None]["pop_au_dela"]
    assert "64.3 % of “people of 80 and more” are more than 15 min from: Town hall – against 21.9 % of all." in said
    assert "1 row has no number of people in “ind_80p”" in said


def test_the_basket_and_each_service_of_it(run, rows, people, services, road, tmp_path):
    basket = tmp_path / "panier.json"
    needs = [{"code": "mairie", "categories": ["mairie"]}]
    basket.write_text(json.dumps({"nom": "Panier", "services": needs}), encoding="utf-8")
    given = {"SERVICES": services, "CATEGORY_FIELD": "categorie", "NETWORK": road, "BASKET": str(basket)}
    found, _ = run("servicebasket", THRESHOLD=15, **given, **people)
    table = rows(found["GROUPS_OUT"])
    for category in (None, "mairie"):
        groups = by_group(table, categorie=category)
        check_sums(groups)
        assert groups["ind_80p"]["pop_au_dela"] == 9


def test_before_and_after(run, rows, people, services, draw, road):
    after = draw("Point", "id:string", [("POINT(30000 0)", "new"), ("POINT(0 0)", "old")])
    found, _ = run("comparescenarios", BEFORE=services, AFTER=after, NETWORK=road, THRESHOLDS="15", **people)
    before, later = (by_group(rows(found["GROUPS_OUT"]), categorie=moment) for moment in ("avant", "apres"))
    check_sums(before)
    check_sums(later)
    assert (before["ind_80p"]["pop_au_dela"], later["ind_80p"]["pop_au_dela"]) == (9, 0)
    assert (before[None]["pop_au_dela"], later[None]["pop_au_dela"]) == (30, 7)


def test_without_groups_the_table_has_all_the_people(run, rows, people, services, road):
    del people["GROUPS"]
    found, _ = run("coveragegaps", SERVICES=services, NETWORK=road, THRESHOLDS="15", **people)
    assert [(row["groupe"], row["population"]) for row in rows(found["GROUPS_OUT"])] == [(None, 142)]
