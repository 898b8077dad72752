"""Accessibility scores from a network or from a table of costs."""

from __future__ import annotations

import pytest
from qgis.core import QgsProcessingException

DEMAND = [("POINT(0 0)", "a", 100.0), ("POINT(20000 0)", "b", 300.0), ("POINT(59000 0)", "c", 50.0)]
SUPPLY = [("POINT(10000 0)", "x", 4.0), ("POINT(25000 0)", "y", 2.0), ("POINT(45000 0)", "z", 9.0)]


@pytest.fixture
def layers(draw, road):
    return {
        "DEMAND": draw("Point", "code:string,population:double", DEMAND),
        "DEMAND_ID": "code",
        "DEMAND_WEIGHT": "population",
        "SUPPLY": draw("Point", "code:string,places:double", SUPPLY),
        "SUPPLY_ID": "code",
        "SUPPLY_CAPACITY": "places",
        "NETWORK": road,
    }


def scores(rows, layer):
    return {row["code"]: row["score"] for row in rows(layer)}


# a – x 10 min, b – x 10, b – y 5, c – z 14, the rest is farther
E2SFCA = {
    "a": 0.3 * 4 / (0.3 * 100 + 0.3 * 300),
    "b": 0.3 * 4 / (0.3 * 100 + 0.3 * 300) + 2 / 300,
    "c": 9 / 50,
}


def test_e2sfca_on_the_road(run, rows, layers):
    found, said = run("accessibilityscore", METHOD="e2sfca", STEPS="5:1,10:0.3,15:0.1", **layers)
    assert scores(rows, found["OUTPUT"]) == pytest.approx(E2SFCA)
    assert "reached by nobody" not in said


def test_2sfca_shares_supply_evenly_up_to_the_edge(run, rows, layers):
    found, said = run("accessibilityscore", METHOD="2sfca", MAX_COST=10, **layers)
    assert scores(rows, found["OUTPUT"]) == pytest.approx({"a": 4 / 400, "b": 4 / 400 + 2 / 300, "c": 0})
    assert "1 place of supply is reached by nobody" in said
    assert [row["ratio"] for row in rows(found["SUPPLY_OUT"])] == pytest.approx([4 / 400, 2 / 300, 0])


def test_a_curve_with_its_half_in_the_place_of_steps(run, rows, layers):
    found, _ = run("accessibilityscore", DECAY="linear", HALF=10, **layers)
    # Weights: a – x 1/2, b – x 1/2, b – y 3/4, c – z 0.3; a – y 25 minutes and b – z 25 weigh nothing.
    expected = {"a": 0.5 * 4 / 200, "b": 0.5 * 4 / 200 + 0.75 * 2 / 225, "c": 9 / 50}
    assert scores(rows, found["OUTPUT"]) == pytest.approx(expected)
    reached = {row["code"]: row["offre"] for row in rows(found["OUTPUT"])}
    assert reached == pytest.approx({"a": 2, "b": 2 + 0.75 * 2, "c": 0.3 * 9})


def test_the_score_of_groups(run, rows, layers, draw):
    people = [(*row, old) for row, old in zip(DEMAND, (10.0, 0.0, 30.0))]
    layers["DEMAND"] = draw("Point", "code:string,population:double,ind_80p:double", people)
    found, _ = run("accessibilityscore", METHOD="2sfca", MAX_COST=10, GROUPS=["ind_80p"], **layers)
    everyone, old = rows(found["GROUPS_OUT"])
    assert (everyone["groupe"], everyone["seuil"], everyone["pop_au_dela"], everyone["population"]) == (
        None,
        10,
        50,
        450,
    )
    assert everyone["cout_moyen"] == pytest.approx(6 / 450)  # what is reached, shared by all
    assert (old["groupe"], old["pop_au_dela"], old["part_au_dela"]) == ("ind_80p", 30, 0.75)
    assert old["ecart"] == pytest.approx(0.75 - 50 / 450)
    assert old["cout_moyen"] == pytest.approx(10 * 0.01 / 40)


@pytest.mark.parametrize("method", ["2sfca", "e2sfca", "3sfca", "gravity"])
def test_a_table_of_costs_gives_what_the_network_gives(run, rows, layers, method):
    on_road, _ = run("accessibilityscore", METHOD=method, MAX_COST=30, **layers)
    matrix, _ = run(
        "odmatrix",
        ORIGINS=layers["DEMAND"],
        ORIGIN_ID="code",
        DESTINATIONS=layers["SUPPLY"],
        DESTINATION_ID="code",
        NETWORK=layers["NETWORK"],
    )
    del layers["NETWORK"]
    on_table, _ = run("accessibilityscore", METHOD=method, MAX_COST=30, MATRIX=matrix["OUTPUT"], **layers)
    assert scores(rows, on_table["OUTPUT"]) == pytest.approx(scores(rows, on_road["OUTPUT"]), rel=1e-5)


def test_what_has_no_population_or_no_place_gets_a_reason_and_no_score(run, rows, layers, draw):
    odd = [("POINT(0 0)", "null", None), ("POINT(0 0)", "minus", -1.0), ("POINT(0 90000)", "far", 5.0)]
    layers["DEMAND"] = draw("Point", "code:string,population:double", [*DEMAND, *odd])
    found, _ = run("accessibilityscore", METHOD="e2sfca", **layers)
    by = {row["code"]: row for row in rows(found["OUTPUT"])}
    assert {code: by[code]["score"] for code in E2SFCA} == pytest.approx(E2SFCA)
    assert [by[code]["score"] for code in ("null", "minus", "far")] == [None, None, None]
    assert all(by[code]["raison"] for code in ("null", "minus", "far"))
    assert len(rows(found["FAILED"])) == 3


def test_supply_without_demand_scores_zero_and_is_said(run, rows, layers, draw):
    layers["DEMAND"] = draw("Point", "code:string,population:double", [(wkt, code, 0.0) for wkt, code, _ in DEMAND])
    found, said = run("accessibilityscore", METHOD="e2sfca", **layers)
    assert set(scores(rows, found["OUTPUT"]).values()) == {0.0}
    assert "3 places of supply are reached by nobody" in said


def test_steps_end_at_the_farthest_cost(run, rows, layers):
    found, _ = run("accessibilityscore", METHOD="e2sfca", STEPS="5:1,15:0.3", MAX_COST=10, **layers)
    assert scores(rows, found["OUTPUT"])["c"] == 0
    assert scores(rows, found["OUTPUT"])["a"] == pytest.approx(E2SFCA["a"])


TABLE = "origin_id:string,destination_id:string,cout:double"


@pytest.mark.parametrize(
    ("fields", "pairs", "sentence"),
    [
        (TABLE, [(None, "a", "x", 5.0), (None, "a", "x", 6.0)], "more than once"),
        (TABLE, [(None, "a", "x", -5.0)], "negative"),
        ("de:string,vers:string,cout:double", [(None, "a", "x", 5.0)], "must have the columns"),
    ],
)
def test_tables_that_cannot_be_used_are_refused(run, layers, draw, fields, pairs, sentence):
    del layers["NETWORK"]
    with pytest.raises(QgsProcessingException, match=sentence):
        run("accessibilityscore", MATRIX=draw("NoGeometry", fields, pairs), METHOD="e2sfca", **layers)


def test_rows_of_the_table_that_name_nobody_are_counted(run, rows, layers, draw):
    del layers["NETWORK"]
    table = draw("NoGeometry", TABLE, [(None, "a", "x", 5.0), (None, "nobody", "x", 1.0), (None, "b", "y", None)])
    found, said = run("accessibilityscore", MATRIX=table, METHOD="e2sfca", **layers)
    assert scores(rows, found["OUTPUT"]) == pytest.approx({"a": 0.04, "b": 0, "c": 0})
    assert "1 row of “Table of costs” is left out" in said


def test_plain_tables_are_enough_with_a_table_of_costs(run, rows, draw):
    found, _ = run(
        "accessibilityscore",
        DEMAND=draw("NoGeometry", "id:integer,population:double", [(None, 1, 100.0), (None, 2, 300.0)]),
        DEMAND_WEIGHT="population",
        SUPPLY=draw("NoGeometry", "id:integer,places:integer", [(None, 7, 4)]),
        SUPPLY_CAPACITY="places",
        MATRIX=draw(
            "NoGeometry",
            "origin_id:integer,destination_id:integer,cout:double",
            [(None, 1, 7, 10.0), (None, 2, 7, 11.0)],
        ),
        METHOD="2sfca",
        MAX_COST=10,
    )
    assert [row["score"] for row in rows(found["OUTPUT"])] == pytest.approx([0.04, 0])


def test_a_table_of_minutes_has_no_hour(run, layers, draw):
    del layers["NETWORK"]
    with pytest.raises(QgsProcessingException, match="hour"):
        run("accessibilityscore", MATRIX=draw("NoGeometry", TABLE, [(None, "a", "x", 5.0)]), WHEN="mardi 8h", **layers)


def test_identifiers_given_twice_cannot_be_joined_to_a_table(run, layers, draw):
    del layers["NETWORK"]
    layers["DEMAND"] = draw("Point", "code:string,population:double", [DEMAND[0], DEMAND[0]])
    with pytest.raises(QgsProcessingException, match="share their identifier"):
        run("accessibilityscore", MATRIX=draw("NoGeometry", TABLE, [(None, "a", "x", 5.0)]), **layers)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"METHOD": "2sfca"}, "needs “Farthest cost”"),
        ({"METHOD": "gravity"}, "needs “Farthest cost”"),
        ({"STEPS": "10:1,5:1"}, "“Steps of weight”"),
        ({"METHOD": "2sfca", "MAX_COST": 9, "DECAY": "linear", "HALF": 5}, "has no “How the weight falls"),
        ({"DECAY": "linear"}, "needs “Cost at which the weight"),
        ({"NETWORK": None}, "either “Road network” or “Table of costs”"),
    ],
)
def test_what_is_missing_is_said(run, layers, change, sentence):
    with pytest.raises(QgsProcessingException, match=sentence):
        run("accessibilityscore", **{**layers, **change})


def test_people_weigh_what_they_need(run, rows, layers, draw, tmp_path):
    table = tmp_path / "besoin.csv"
    table.write_text("colonne;poids;source\nvieux;4;une étude\nreste;1;\n", encoding="utf-8")
    layers["DEMAND"] = draw(
        "Point", "code:string,population:double,vieux:double", [(*row, old) for row, old in zip(DEMAND, (50, 0, 50))]
    )
    found, said = run("accessibilityscore", METHOD="2sfca", MAX_COST=14, NEED=str(table), **layers)
    # 450 people need 750: a 250, b 300, c 200, each times 0.6; c alone reaches z.
    assert scores(rows, found["OUTPUT"])["c"] == pytest.approx(9 / 120)
    assert scores(rows, found["OUTPUT"])["a"] == pytest.approx(4 / (0.6 * 550))
    assert "une étude" in said
    with pytest.raises(QgsProcessingException, match="vieux"):
        run(
            "accessibilityscore",
            NEED=str(table),
            **{**layers, "DEMAND": draw("Point", "code:string,population:double", DEMAND)},
        )
