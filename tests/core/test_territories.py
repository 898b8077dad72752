"""Territories found by code and by name."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from carto_services_publics.core import territories


@pytest.mark.parametrize(
    ("code", "kind", "name", "count"),
    [
        ("48", "departement", "Lozère", 152),
        ("2A", "departement", "Corse-du-Sud", 124),
        ("2a004", "commune", "Ajaccio", 1),
        ("01", "departement", "Ain", 391),
        ("R01", "region", "Guadeloupe", 32),
        ("R94", "region", "Corse", 360),
        ("974", "departement", "La Réunion", 24),
        ("200069193", "epci", "CC de la Dombes", 36),
        (" 97411 ", "commune", "Saint-Denis", 1),
        ("75112", "arrondissement", "Paris 12e Arrondissement", 1),
    ],
)
def test_a_code_finds_its_territory(code, kind, name, count):
    found = territories.find(code)
    assert (found.kind, found.name, len(found.communes)) == (kind, name, count)


@pytest.mark.parametrize("code", ["", "99999", "20", "R00", "1001", "Mende", "975056"])
def test_a_code_that_stands_for_nothing_is_refused_by_name(code):
    with pytest.raises(territories.UnknownTerritory, match=f"“{code}”"):
        territories.find(code)
    assert not territories.is_known(code)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("mend", "48095"),
        ("MENDE", "48095"),
        ("lozere", "48"),
        ("ajaccio", "2A004"),
        ("2A004", "2A004"),
        ("48", "48"),
        ("st etienne", "42218"),
        ("Saint-Étienne", "42218"),
        ("l isle d abeau", "38193"),
        ("L'Isle-d'Abeau", "38193"),
        ("haÿ les roses", "94038"),
        ("saint pierre de boeuf", "42272"),
        ("200069193", "200069193"),
        ("ile de france", "R11"),
        ("paris", "75"),
        ("grand paris", "200054781"),
    ],
)
def test_what_is_typed_proposes_the_likeliest_first(typed, first):
    assert territories.search(typed)[0].code == first


def test_a_postcode_proposes_its_communes_from_the_most_peopled():
    found = [t.name for t in territories.search("48100", limit=30)]
    assert found[0] == "Montbel"  # whose INSEE code it is
    assert found[1:3] == ["Marvejols", "Bourgs sur Colagne"]
    assert [t.code for t in territories.search("75012")] == ["75056", "75112"]
    assert territories.search("48000", kinds=["departement"]) == []


def test_of_namesakes_the_most_peopled_comes_first():
    assert [t.code for t in territories.search("saint denis", kinds=["commune"])][:2] == ["97411", "93066"]


def test_completion_keeps_to_the_kinds_and_the_number_asked_for():
    found = territories.search("a", limit=7, kinds=["departement"])
    assert len(found) == 7
    assert {t.kind for t in found} == {"departement"}


@pytest.mark.parametrize(
    ("typed", "meant"), [("Marseile", "13055"), ("mendee", "48095"), ("Lozerre", "48"), ("Guadelupe", "R01")]
)
def test_a_name_that_is_nearly_right_is_proposed(typed, meant):
    assert not territories.search(typed)
    assert meant in {found.code for found in territories.alike(typed)}
    with pytest.raises(territories.UnknownTerritory, match=territories.find(meant).name):
        territories.codes_in(typed)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Lozère et Cantal", ("48", "15")),
        ("Mende, Marvejols ; 2a", ("48095", "48092", "2A")),
        ("CC de la Dombes et Mende", ("200069193", "48095")),
        ("Mende (48095), Marvejols (48092)", ("48095", "48092")),
        ("Saint-Denis (93066) et Mende", ("93066", "48095")),
        ("48, 2A", ("48", "2A")),
        ("48 2a;", ("48", "2A")),
    ],
)
def test_several_territories_are_typed_as_one_says_them(text, codes):
    assert territories.codes_in(text) == codes


@pytest.mark.parametrize("code", ["200069193", "48"])
def test_a_name_with_the_word_and_in_it_is_one_name(code):
    with_and = [t for t in territories.search(" et ", limit=400) if " et " in t.name and t.kind == "epci"][:30]
    assert with_and
    for each in with_and:
        assert territories.codes_in(f"{each.name} ({each.code})") == (each.code,)
        assert set(territories.codes_in(f"{code}, {each.code}")) == {code, each.code}


@pytest.mark.parametrize("typed", ["", "   ", "-", "zzzz"])
def test_nothing_typed_or_nothing_alike_proposes_nothing(typed):
    assert territories.search(typed) == []


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("2A004", "d'Ajaccio"),
        ("72181", "du Mans"),
        ("48", "de la Lozère"),
        ("01", "de l'Ain"),
        ("38193", "de l'Isle-d'Abeau"),
        ("66136", "de Perpignan"),
        ("85194", "des Sables-d'Olonne"),
        ("R11", "d'Île-de-France"),
        ("200069193", "de la CC de la Dombes"),
    ],
)
def test_the_name_is_written_with_its_article(code, words):
    assert territories.find(code).of_name == words


def test_records_inside_paris_may_carry_the_code_of_an_arrondissement():
    inside = territories.communes_of(["75"])
    assert {"75056", "75101", "75112", "75120"} <= inside
    assert territories.communes_of(["75112"]) == {"75112"}
    assert territories.communes_of(["75112", "75"]) == inside
    assert territories.communes_of([]) == frozenset()


def test_a_former_commune_leads_to_the_present_one():
    assert territories.present_commune("75112") == "75056"
    assert territories.present_commune("01120") == "01262"
    assert territories.present_commune("48095") == "48095"
    with pytest.raises(territories.UnknownTerritory):
        territories.present_commune("48")


@pytest.mark.parametrize(
    ("code", "departement"),
    [
        ("48095", "48"),
        ("01004", "01"),
        ("2A004", "2A"),
        ("2b033", "2B"),
        ("97411", "974"),
        ("97701", "977"),
        ("98818", "988"),
    ],
)
def test_an_insee_code_tells_its_departement(code, departement):
    assert territories.departement_of(code) == departement


@pytest.mark.parametrize("code", ["1004", "2C004", "", "ABCDE", "480950", "2A04"])
def test_what_is_no_insee_code_tells_no_departement(code):
    with pytest.raises(territories.UnknownTerritory):
        territories.departement_of(code)


def test_populations_add_up_from_communes_to_regions():
    regions = [territories.find(f"R{code}") for code in ("94", "84", "11")]
    for region in regions:
        assert region.population == sum(territories.find(code).population or 0 for code in region.communes)
    assert territories.find("48").population == 76486
    assert territories.find("98411").population is None


def test_the_table_is_the_public_file_s(shared_data: Path):
    with (shared_data / "admin" / "communes-cog2026.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    members = Counter()
    for row in rows:
        found = territories.find(row["code_insee"])
        assert (found.kind, found.name) == ("commune", row["nom"])
        assert found.population == (int(row["population"]) if row["population"] else None)
        assert territories.departement_of(found.code) == row["departement"]
        members[row["epci_siren"]] += 1
    every = len(rows) > 30_000
    for siren, count in members.items():
        if siren:
            known = territories.find(siren).communes
            assert len(known) == count if every else len(known) >= count


def test_the_table_stays_small():
    assert territories._TABLE.stat().st_size < 600_000
