"""Who has how much of it, by zone and group."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from qgis.core import QgsProcessingException

# (place, minutes, people, over 80, income): west has 10 people, east 5, one place lies in no zone.
PLACES = [
    ("POINT(1 1)", 10.0, 4.0, 1.0, 10.0),
    ("POINT(2 1)", 20.0, 5.0, 0.0, 20.0),
    ("POINT(3 1)", 30.0, 1.0, 1.0, 30.0),
    ("POINT(15 1)", 40.0, 3.0, 2.0, 5.0),
    ("POINT(16 1)", None, 2.0, 2.0, 6.0),
    ("POINT(99 1)", 7.0, 1.0, 0.0, None),
]
ZONES = [("POLYGON((0 0, 10 0, 10 9, 0 9, 0 0))", "w"), ("POLYGON((10 0, 20 0, 20 9, 10 9, 10 0))", "e")]


@pytest.fixture
def given(draw):
    return {
        "DEMAND": draw("Point", "minutes:double,habitants:double,ind_80p:double,revenu:double", PLACES),
        "VALUE": "minutes",
        "DEMAND_WEIGHT": "habitants",
        "GROUPS": ["ind_80p"],
        "SES_FIELD": "revenu",
        "LINE": 20.0,
        "ZONES": draw("Polygon", "code:string", ZONES),
        "ZONE_ID": "code",
    }


def test_indices_by_zone_and_group(run, rows, given):
    found, said = run("accessequity", **given)
    by = {(row["zone_id"], row["groupe"]): row for row in rows(found["OUTPUT"])}
    assert set(by) == {(zone, group) for zone in ("w", "e", None) for group in (None, "ind_80p")}
    west = by["w", None]
    assert (west["population"], west["moyenne"], west["mediane"]) == (10, 17, 20)
    assert west["palma"] == pytest.approx(3)  # 30 minutes for the richest tenth, 10 for the four poorest
    assert west["gini"] == pytest.approx(1 - (0.4 * 40 / 170 + 0.5 * 180 / 170 + 0.1 * 310 / 170))
    assert west["concentration"] == pytest.approx(west["gini"])  # the order of the incomes is that of the minutes
    assert [west[f"fgt{order}"] for order in (0, 1, 2)] == pytest.approx([0.1, 0.05, 0.025])
    old = by["w", "ind_80p"]
    assert (old["population"], old["moyenne"], old["fgt0"]) == (2, 20, 0.5)
    east = by["e", None]
    assert (east["population"], east["pop_non_calculee"], east["moyenne"]) == (5, 2, 40)
    assert (east["gini"], east["palma"]) == (0, None)
    assert by[None, None]["raison"] == "Outside every zone."
    assert by[None, None]["pop_sans_rang"] == 1
    assert "2 people live where there is no value" in said
    assert "1 person of unknown wealth" in said


def test_a_table_without_positions_is_one_zone(run, rows, given, draw):
    del given["ZONES"], given["ZONE_ID"], given["SES_FIELD"], given["LINE"]
    table = [(None, *row[1:]) for row in PLACES]
    given["DEMAND"] = draw("NoGeometry", "minutes:double,habitants:double,ind_80p:double,revenu:double", table)
    found, _ = run("accessequity", **{**given, "GROUPS": []})
    (row,) = rows(found["OUTPUT"])
    assert (row["zone_id"], row["groupe"], row["population"], row["pop_non_calculee"]) == (None, None, 16, 2)
    assert row["palma"] is row["concentration"] is row["fgt0"] is None
    assert row["gini"] > 0


def test_curves_are_a_picture(provider, given, tmp_path):
    import processing

    path = tmp_path / "curves.svg"
    processing.run("cartoservices:accessequity", {**given, "OUTPUT": "memory:", "CURVES": str(path)})
    root = ElementTree.parse(path).getroot()
    assert root.tag.endswith("svg")
    found = {element.get("id") for element in root.iter() if (element.get("id") or "").startswith("line2d")}
    assert len(found) >= 5  # the diagonal, and two curves of all and of the oldest


def test_with_a_score_the_poor_are_below_the_line(run, rows, given):
    found, _ = run("accessequity", **{**given, "HIGH_IS_GOOD": True})
    west = next(row for row in rows(found["OUTPUT"]) if (row["zone_id"], row["groupe"]) == ("w", None))
    assert [west[f"fgt{order}"] for order in (0, 1, 2)] == pytest.approx([0.4, 0.2, 0.1])


def test_a_column_without_figures_or_with_differences_is_refused(run, given, draw):
    fields = "minutes:double,habitants:double,ind_80p:double,revenu:double"
    given["DEMAND"] = draw("Point", fields, [("POINT(1 1)", None, 1.0, 1.0, 1.0)])
    with pytest.raises(QgsProcessingException, match="holds no number"):
        run("accessequity", **given)
    given["DEMAND"] = draw("Point", fields, [("POINT(1 1)", -3.0, 1.0, 1.0, 1.0)])
    with pytest.raises(QgsProcessingException, match="not negative"):
        run("accessequity", **given)
