"""Where to open sites, from a network or from a table of costs, as a user runs it."""

from __future__ import annotations

import pytest
from qgis.core import QgsProcessingException

# On a straight road of one minute a kilometre.
DEMAND = [
    ("POINT(0 0)", "a", 100.0),
    ("POINT(12000 0)", "b", 40.0),
    ("POINT(30000 0)", "c", 70.0),
    ("POINT(55000 0)", "d", 20.0),
]
CANDIDATES = [("POINT(5000 0)", "x", "", 60.0), ("POINT(30000 0)", "y", "", 60.0), ("POINT(50000 0)", "z", "", 60.0)]
FIELDS = "code:string,role:string,places:double"


@pytest.fixture
def layers(draw, road):
    return {
        "DEMAND": draw("Point", "code:string,population:double", DEMAND),
        "DEMAND_ID": "code",
        "DEMAND_WEIGHT": "population",
        "CANDIDATES": draw("Point", FIELDS, CANDIDATES),
        "CANDIDATE_ID": "code",
        "NETWORK": road,
        "THRESHOLD": 10,
    }


@pytest.fixture
def propose(provider):
    """Results by name, numbers included, and what the user reads."""
    from qgis.core import QgsApplication, QgsProcessingContext

    from .conftest import Heard

    def run_algorithm(**parameters):
        algorithm = QgsApplication.processingRegistry().createAlgorithmById("cartoservices:proposesites")
        context, heard = QgsProcessingContext(), Heard()
        for output in algorithm.destinationParameterDefinitions():
            parameters.setdefault(output.name(), "memory:")
        results, done = algorithm.run(parameters, context, heard, catchExceptions=False)
        assert done, heard.text()
        for output in algorithm.destinationParameterDefinitions():
            results[output.name()] = context.takeResultLayer(results[output.name()])
        return results, heard.text()

    return run_algorithm


def test_the_two_sites_that_cover_most(propose, rows, layers):
    found, said = propose(MODEL="mclp", SITES=2, **layers)
    sites = rows(found["OUTPUT"])
    assert [(site["code"], site["rang"], site["gain"]) for site in sites] == [("x", 1, 140), ("y", 2, 70)]
    assert (found["OBJECTIVE"], found["GAIN"], found["BOUND"], found["GAP"]) == (210, 210, 210, 0)
    assert found["STATUS"] == "optimal"
    assert [site["cout_moyen"] for site in sites] == [pytest.approx((500 + 280) / 140), pytest.approx(0)]
    lines = {row["origin_id"]: (row["site_id"], row["cout"]) for row in rows(found["ASSIGNMENT"])}
    assert lines == {"a": ("x", pytest.approx(5)), "b": ("x", pytest.approx(7)), "c": ("y", pytest.approx(0))}
    assert "optimal: 2 sites" in said


def test_sites_already_open_count_and_are_not_proposed(propose, rows, layers, draw):
    layers["EXISTING"] = draw("Point", "id:string", [("POINT(1000 0)", "open")])
    found, _ = propose(MODEL="mclp", SITES=1, **layers)
    assert [site["code"] for site in rows(found["OUTPUT"])] == ["y"]
    assert (found["OBJECTIVE"], found["GAIN"]) == (170, 70)
    by = {row["origin_id"]: (row["site_id"], row["site_type"]) for row in rows(found["ASSIGNMENT"])}
    assert by == {"a": ("open", "existant"), "c": ("y", "nouveau")}


def test_fewest_sites_within_reach_of_all(propose, rows, layers):
    found, _ = propose(MODEL="lscp", **layers)
    assert sorted(site["code"] for site in rows(found["OUTPUT"])) == ["x", "y", "z"]
    assert (found["OBJECTIVE"], found["STATUS"]) == (3, "optimal")


def test_who_cannot_be_covered_is_said_with_the_reason(propose, rows, layers):
    layers["THRESHOLD"] = 5
    found, said = propose(MODEL="lscp", **layers)
    assert found["STATUS"] == "infeasible"
    failed = {row["identifiant"]: row["raison"] for row in rows(found["FAILED"])}
    assert set(failed) == {"b"}
    assert "within 5" in failed["b"]
    assert "1 demand point (" in said


def test_median_and_center(propose, rows, layers):
    median, _ = propose(MODEL="pmedian", SITES=1, **layers)
    assert [site["code"] for site in rows(median["OUTPUT"])] == ["x"]
    assert median["OBJECTIVE"] == pytest.approx(100 * 5 + 40 * 7 + 70 * 25 + 20 * 50)
    assert median["GAIN"] is None
    center, _ = propose(MODEL="pcenter", SITES=2, **layers)
    assert center["OBJECTIVE"] == pytest.approx(20)


def test_each_place_says_its_model_and_the_unit_of_its_gain(propose, rows, layers):
    for model, unit in (
        ("mclp", "habitants"),
        ("lscp", "habitants"),
        ("pmedian", "minutes × habitants"),
        ("pcenter", "minutes"),
    ):
        output = propose(MODEL=model, SITES=2, **layers)[0]["OUTPUT"]
        assert [field.name() for field in output.fields()][-2:] == ["modele", "unite"]
        assert {(site["modele"], site["unite"]) for site in rows(output)} == {(model, unit)}
    in_metres = {"METRIC": "distance", "THRESHOLD": 10_000, **{k: v for k, v in layers.items() if k != "THRESHOLD"}}
    found, _ = propose(MODEL="pmedian", SITES=1, **in_metres)
    assert [site["unite"] for site in rows(found["OUTPUT"])] == ["mètres × habitants"]


def test_enumerations_also_by_position(propose, layers):
    by_name, _ = propose(MODEL="pcenter", SITES=1, **layers)
    by_position, _ = propose(MODEL=3, SITES=1, **layers)
    assert by_name["OBJECTIVE"] == by_position["OBJECTIVE"]


def test_roles_and_capacities(propose, rows, layers, draw):
    roles = [(wkt, code, {"x": "exclu", "z": "obligatoire"}.get(code, ""), 60.0) for wkt, code, _, _ in CANDIDATES]
    layers["CANDIDATES"] = draw("Point", FIELDS, roles)
    found, _ = propose(MODEL="mclp", SITES=2, ROLE_FIELD="role", **layers)
    assert sorted(site["code"] for site in rows(found["OUTPUT"])) == ["y", "z"]
    layers["CANDIDATES"] = draw("Point", FIELDS, CANDIDATES)
    found, _ = propose(MODEL="mclp", SITES=2, CAPACITY_FIELD="places", **layers)
    assert found["OBJECTIVE"] == pytest.approx(120)
    assert [site["poids_servi"] for site in rows(found["OUTPUT"])] == pytest.approx([60, 60])


def test_a_table_of_costs_gives_what_the_network_gives(propose, run, rows, layers, draw):
    on_road, _ = propose(MODEL="pmedian", SITES=2, **layers)
    matrix, _ = run(
        "odmatrix",
        ORIGINS=layers["DEMAND"],
        ORIGIN_ID="code",
        DESTINATIONS=layers["CANDIDATES"],
        DESTINATION_ID="code",
        NETWORK=layers.pop("NETWORK"),
    )
    on_table, _ = propose(MODEL="pmedian", SITES=2, MATRIX=matrix["OUTPUT"], **layers)
    assert on_table["OBJECTIVE"] == pytest.approx(on_road["OBJECTIVE"], abs=1e-3)


def test_the_curve_says_where_more_sites_pay_little(propose, rows, layers):
    found, said = propose(MODEL="mclp", SITES=1, **layers)
    curve = rows(found["CURVE"])
    assert [row["couverts"] for row in curve] == [0, 140, 210, 230]
    assert [row["sites"] for row in curve if row["coude"]] == [1]
    assert "bends at 1 sites" in said


@pytest.mark.parametrize("model", ["mclp", "pmedian"])
def test_the_curve_names_the_cost_within_which_it_counts(propose, rows, layers, model):
    found, said = propose(MODEL=model, SITES=1, MAX_COST=6, **layers)
    assert [row["couverts"] for row in rows(found["CURVE"])] == [0, 100, 170, 190]
    assert "of 230 covered within 6" in said
    _, said = propose(MODEL=model, SITES=1, MAX_COST=60, **layers)
    assert "covered within 10" in said


def test_who_is_beyond_the_greatest_cost_is_said_so(propose, rows, layers):
    found, _ = propose(MODEL="mclp", SITES=3, MAX_COST=4, **layers)
    said = {row["identifiant"]: row["raison"] for row in rows(found["FAILED"])}
    assert said == dict.fromkeys("abd", "No candidate and no existing site within 4.")


def test_candidates_are_made_where_none_are_given(propose, rows, layers):
    del layers["CANDIDATES"], layers["CANDIDATE_ID"]
    found, said = propose(MODEL="mclp", SITES=1, **layers)
    assert "4 candidates were made" in said
    assert found["OBJECTIVE"] == 100


def test_all_weights_zero_and_too_many_sites_are_clear(propose, rows, layers, draw):
    found, said = propose(MODEL="mclp", SITES=9, **layers)
    assert len(rows(found["OUTPUT"])) == 3
    assert "only 3 candidates" in said
    layers["DEMAND"] = draw("Point", "code:string,population:double", [(w, c, 0.0) for w, c, _ in DEMAND])
    found, said = propose(MODEL="mclp", SITES=2, **layers)
    assert found["STATUS"] == "no_demand"
    assert "All demand weights are zero" in said


def test_neither_network_nor_table_is_refused(propose, layers):
    del layers["NETWORK"]
    with pytest.raises(QgsProcessingException, match="“Road network” or “Table of costs”"):
        propose(MODEL="mclp", **layers)


def test_places_with_too_little_room_are_said_with_the_people_left_out(propose, rows, layers):
    """x and y have room for 60 people each, of 230."""
    found, said = propose(MODEL="pmedian", SITES=2, CAPACITY_FIELD="places", **layers)
    assert found["STATUS"] == "infeasible" and found["BOUND"] is None
    assert sum(row["poids"] for row in rows(found["ASSIGNMENT"])) == 120
    assert "4 demand points (weight 110) stay unserved" in said
    assert "nan" not in said


def test_roles_that_are_none_are_said(propose, rows, layers, draw):
    with_roles = [(*CANDIDATES[0][:2], "Exclu", 0.0), (*CANDIDATES[1][:2], "interdit", 0.0), CANDIDATES[2]]
    layers["CANDIDATES"] = draw("Point", FIELDS, with_roles)
    found, said = propose(MODEL="mclp", SITES=1, ROLE_FIELD="role", **layers)
    assert [site["code"] for site in rows(found["OUTPUT"])] == ["y"]
    assert "1 candidate has a role that is neither obligatoire nor exclu; it may be chosen: interdit." in said


@pytest.mark.parametrize("layer", ["CANDIDATES", "EXISTING"])
@pytest.mark.parametrize(("capacity", "why"), [("60 places", "“60 places” .* is no number"), ("-5", "is negative")])
def test_a_capacity_that_cannot_be_used_is_not_taken_for_any(propose, layers, draw, layer, capacity, why):
    layers["CANDIDATES"] = draw("Point", "code:string,places:string", [("POINT(5000 0)", "x", None)])
    layers[layer] = draw("Point", "code:string,places:string", [("POINT(4000 0)", "w", capacity)])
    with pytest.raises(QgsProcessingException, match=why):
        propose(MODEL="mclp", SITES=1, CAPACITY_FIELD="places", **layers)


def test_candidates_off_the_roads_are_said_to_be_so(propose, layers, draw):
    layers["CANDIDATES"] = draw("Point", FIELDS, [("POINT(5000 90000)", "x", "", 60.0)])
    with pytest.raises(QgsProcessingException, match="could be put on the network"):
        propose(MODEL="mclp", SITES=1, **layers)
