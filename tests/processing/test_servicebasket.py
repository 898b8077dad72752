"""Access to a basket of services."""

from __future__ import annotations

import json

import pytest
from qgis.core import QgsProcessingException

SERVICES = [
    ("POINT(10000 0)", "s1", "mairie"),
    ("POINT(30000 0)", "s2", "gendarmerie"),
    ("POINT(0 0)", "s3", "police"),
    ("POINT(50000 0)", "s4", "mairie"),
]
PEOPLE = [("POINT(0 0)", "a", 5.0), ("POINT(45000 0)", "b", 3.0)]
BASKET = {
    "nom": "Essai",
    "source": "moi",
    "services": [
        {"code": "mairie", "libelle": "Mairie", "categories": ["mairie"]},
        {"code": "securite", "libelle": "Police ou gendarmerie", "categories": ["police", "gendarmerie"]},
    ],
}


@pytest.fixture
def layers(draw, road, tmp_path):
    basket = tmp_path / "panier.json"
    basket.write_text(json.dumps(BASKET), encoding="utf-8")
    return {
        "DEMAND": draw(
            "Point", "id:string,population:double", [("POINT(0 0)", "a", 5.0), ("POINT(45000 0)", "b", 3.0)]
        ),
        "DEMAND_WEIGHT": "population",
        "SERVICES": draw("Point", "id:string,categorie:string", SERVICES),
        "CATEGORY_FIELD": "categorie",
        "BASKET": str(basket),
        "THRESHOLD": 10,
        "NETWORK": road,
    }


def test_mean_over_the_basket_of_the_time_to_the_nearest(run, rows, layers):
    found, said = run("servicebasket", **layers)
    a, b = rows(found["OUTPUT"])
    assert a["cout_panier"] == pytest.approx((10 + 0) / 2)
    assert (a["manquants"], a["nb_manquants"]) == ("", 0)  # ten minutes is within ten minutes
    assert b["cout_panier"] == pytest.approx((5 + 15) / 2)
    assert (b["manquants"], b["nb_manquants"]) == ("securite", 1)
    assert b["cout_securite"] == pytest.approx(15)
    assert "3 people (37.5 %) lack a service" in said


def test_a_service_may_have_the_name_of_the_mean(run, rows, layers, tmp_path):
    again = json.loads(json.dumps(BASKET).replace('"securite"', '"panier"', 1))
    path = tmp_path / "autre.json"
    path.write_text(json.dumps(again), encoding="utf-8")
    plain = rows(run("servicebasket", **layers)[0]["OUTPUT"])
    named = rows(run("servicebasket", **{**layers, "BASKET": str(path)})[0]["OUTPUT"])
    for one, other in zip(plain, named):
        assert (other["cout_panier"], other["cout_panier__2"]) == (one["cout_panier"], one["cout_securite"])


def test_a_service_that_is_nowhere_makes_the_mean_null_and_is_said(run, rows, layers, draw):
    layers["SERVICES"] = draw("Point", "id:string,categorie:string", SERVICES[:1])
    found, said = run("servicebasket", **layers)
    a = rows(found["OUTPUT"])[0]
    assert a["cout_panier"] is None
    assert a["cout_mairie"] == pytest.approx(10)
    assert a["manquants"] == "securite"
    assert "no place for: Police ou gendarmerie" in said


def test_who_lacks_a_service_that_is_not_on_the_network_is_not_known(run, rows, layers, draw):
    far = [(wkt if code == "mairie" else "POINT(0 90000)", name, code) for wkt, name, code in SERVICES]
    layers["SERVICES"] = draw("Point", "id:string,categorie:string", far)
    found, said = run("servicebasket", **layers)
    assert [row["cout_panier"] for row in rows(found["OUTPUT"])] == [None, None]
    assert "Nobody knows who lacks: Police ou gendarmerie" in said


@pytest.mark.parametrize("name", ["france_services", "vie_courante", "sante"])
def test_built_in_baskets_are_known_by_name(run, rows, layers, name):
    layers["BASKET"] = name
    found, _ = run("servicebasket", **layers)
    assert rows(found["OUTPUT"])[0]["nb_manquants"] > 0


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "not JSON"),
        ("[]", "not a basket"),
        ('{"nom": "x", "services": [{"code": "a"}]}', "not a basket"),
        ('{"nom": "x", "services": [{"code": "a", "categories": "mairie"}]}', "not a basket"),
        ('{"nom": "x", "services": []}', "at least one"),
        ('{"nom": "x", "services": [{"code": "a", "categories": []}]}', "at least one"),
    ],
)
def test_baskets_that_cannot_be_read_are_refused(run, layers, tmp_path, content, sentence):
    (tmp_path / "bad.json").write_text(content, encoding="utf-8")
    with pytest.raises(QgsProcessingException, match=sentence):
        run("servicebasket", **{**layers, "BASKET": str(tmp_path / "bad.json")})


def test_an_unknown_basket_lists_the_known_ones(run, layers):
    with pytest.raises(QgsProcessingException, match="vie_courante"):
        run("servicebasket", **{**layers, "BASKET": "panier"})
