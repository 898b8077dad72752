"""Insee's columns of people, by readable words."""

from __future__ import annotations

from carto_services_publics.core.population_columns import (
    Rest,
    counts_inhabitants,
    group_label,
    known_groups,
    of_any_year,
    proposed_groups,
    rest_groups,
)


def test_columns_of_the_cells_and_of_the_census():
    columns = ["idcar_200m", "ind", "ind_65_79", "ind_80p", "men_pauv", "ind_snv", "P21_POP80P", "pop_0_19", "mine"]
    words = {column: str(words) for column, words in known_groups(columns).items()}
    assert words == {
        "ind": "people",
        "ind_65_79": "people from 65 to 79",
        "ind_80p": "people of 80 and more",
        "men_pauv": "poor households",
        "P21_POP80P": "people of 80 and more",
        "pop_0_19": "people from 0 to 19",
    }
    assert group_label("mine") == "mine"
    assert proposed_groups(columns) == ["ind_80p", "P21_POP80P", "men_pauv"]


def test_those_whom_insee_gives_by_their_contrary():
    columns = ["Men", "men_prop", "P21_RP", "P21_RP_VOIT1P", "P20_RP_VOIT1P"]
    found = rest_groups(columns)
    assert found == {"men_loc": Rest("Men", "men_prop"), "p21_rp_voit0": Rest("P21_RP", "P21_RP_VOIT1P")}
    words = {column: str(words) for column, words in known_groups(found).items()}
    assert words == {"men_loc": "tenants", "p21_rp_voit0": "households without a car"}
    assert proposed_groups(found) == ["p21_rp_voit0"]
    assert rest_groups([*columns, "MEN_LOC"]) == {"p21_rp_voit0": Rest("P21_RP", "P21_RP_VOIT1P")}


def test_columns_of_everyone_need_no_other_word_than_inhabitants():
    everyone = ["population", "Pop", "PMUN", "ind", "P21_POP", "p.._pop"]
    others = ["men", "ind_80p", "P21_POP80P", "poids", "batiments", "", "*"]
    assert [name for name in (*everyone, *others) if counts_inhabitants(name)] == everyone


def test_a_census_of_another_year_has_the_same_columns():
    assert {of_any_year(name) for name in ("P21_POP80P", "p20_pop80p")} == {"p.._pop80p"}
    assert [of_any_year(name) for name in ("pop_2021", "ind_18_24", "C21_POP15P")] == [
        "pop_2021",
        "ind_18_24",
        "c.._pop15p",
    ]
