"""The table of costs between two layers."""

from __future__ import annotations

import pytest

ORIGINS = [("POINT(0 0)", "a"), ("POINT(30000 0)", "b"), ("POINT(0 90000)", "far")]
DESTINATIONS = [("POINT(10000 0)", "x"), ("POINT(50000 0)", "y")]


@pytest.fixture
def layers(draw, road):
    return {
        "ORIGINS": draw("Point", "code:string", ORIGINS),
        "ORIGIN_ID": "code",
        "DESTINATIONS": draw("Point", "code:string", DESTINATIONS),
        "DESTINATION_ID": "code",
        "NETWORK": road,
    }


def costs(rows, layer):
    return {(row["origin_id"], row["destination_id"]): row["cout"] for row in rows(layer)}


def test_every_pair_within_the_limit_and_no_other(run, rows, layers):
    found, said = run("odmatrix", MAX_COST=20, **layers)
    assert costs(rows, found["OUTPUT"]) == pytest.approx({("a", "x"): 10, ("b", "x"): 20, ("b", "y"): 20})
    assert "3 pairs were written" in said
    assert [row["identifiant"] for row in rows(found["FAILED"])] == ["far"]


def test_without_limit_all_pairs_come(run, rows, layers):
    found, _ = run("odmatrix", **layers)
    assert len(costs(rows, found["OUTPUT"])) == 4


def test_searching_from_the_smaller_side_gives_the_same_table(run, rows, layers):
    forth, _ = run("odmatrix", **layers)
    turned = {
        "ORIGINS": layers["DESTINATIONS"],
        "DESTINATIONS": layers["ORIGINS"],
        "ORIGIN_ID": "code",
        "DESTINATION_ID": "code",
        "NETWORK": layers["NETWORK"],
    }
    back, _ = run("odmatrix", **turned)
    turned_back = {(b, a): cost for (a, b), cost in costs(rows, back["OUTPUT"]).items()}
    assert costs(rows, forth["OUTPUT"]) == pytest.approx(turned_back)


def test_identifiers_given_twice_are_said(run, layers, draw):
    layers["ORIGINS"] = draw("Point", "code:string", [("POINT(0 0)", "a"), ("POINT(1000 0)", "a")])
    assert "same identifier" in run("odmatrix", **layers)[1]
