"""The table of categories."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from carto_services_publics.core import categories as table

ROOT = Path(__file__).resolve().parents[2]


def test_a_code_gives_its_labels_and_the_colour_of_its_theme():
    pharmacy = table.by_code("pharmacie")
    assert pharmacy.label("fr_FR") == "Pharmacie"
    assert pharmacy.label("en") == "Pharmacy"
    assert pharmacy.couleur == table.GROUPS["sante"].couleur


def test_an_unknown_code_is_named():
    with pytest.raises(table.UnknownCategory, match="« ?|“poney”"):
        table.by_code("poney")


@pytest.mark.parametrize(
    ("producer", "code", "expected"),
    [
        ("dila", "mairie", "mairie"),
        ("dila", "paris_mairie_arrondissement", "mairie"),
        ("dila", "sous_pref", "sous_prefecture"),
        ("dila", "commissariat_police", "police"),
        ("dila", "cg", "departement"),
        ("dila", "pole_emploi", "france_travail"),
        ("finess", "620", "pharmacie"),
        ("finess", "500", "ehpad"),
        ("finess", "603", "maison_sante"),
        ("finess", "355", "hopital"),
        ("data_inclusion", "ML", "mission_locale"),
        ("data_inclusion", "france-travail", "france_travail"),
        ("mediation_numerique", "BIB", "mediatheque"),
        ("osm", "amenity=post_office", "la_poste"),
        ("osm", "school:FR=collège", "college"),
        ("anct", "france_services", "france_services"),
    ],
)
def test_a_producer_s_own_code_finds_the_category(producer, code, expected):
    assert table.from_producer(producer, code).code == expected


def test_a_producer_s_code_that_the_table_does_not_know_gives_none():
    assert table.from_producer("dila", "poney_club") is None


def test_a_producer_that_nobody_knows_is_an_error():
    with pytest.raises(table.UnknownCategory):
        table.from_producer("oracle", "1")


def test_a_filter_at_the_source_takes_the_producer_s_codes():
    assert set(table.producer_codes("finess", ("pharmacie", "ehpad"))) >= {"620", "500"}
    assert table.producer_codes("finess", ("mairie",)) == ()


@pytest.mark.parametrize(
    "producer", ["dila", "finess", "data_inclusion", "mediation_numerique", "osm", "education", "la_poste"]
)
def test_no_producer_s_code_stands_for_two_categories(producer):
    seen = Counter(code for category in table.categories().values() for code in category.codes[producer])
    assert [code for code, times in seen.items() if times > 1] == []


def test_every_category_is_complete():
    for code, category in table.categories().items():
        assert re.fullmatch(r"[a-z][a-z_]*", code)
        assert category.libelle_fr and category.libelle_en and category.icone
        assert category.groupe in table.GROUPS
    assert {category.groupe for category in table.categories().values()} == set(table.GROUPS)


def test_every_icon_is_drawn():
    drawn = {path.stem for path in (ROOT / "resources" / "icons" / "categories").glob("*.svg")}
    assert {category.icone for category in table.categories().values()} <= drawn
