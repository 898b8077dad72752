"""Filters applied here."""

from __future__ import annotations

import pytest
from carto_services_publics.core.registry.cql2 import FilterError, compile_filter, quoted
from carto_services_publics.core.services import Service
from hypothesis import given
from hypothesis import strategies as st

MENDE = Service(
    id="1",
    nom="Mairie de Mende",
    categorie="mairie",
    code_insee="48095",
    code_postal="48000",
    date_maj="2026-03-01",
    lon=3.5,
    lat=44.5,
)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("categorie = 'mairie'", True),
        ("categorie <> 'mairie'", False),
        ("categorie = 'mairie' AND nom LIKE 'Mairie%'", True),
        ("categorie = 'x' OR nom LIKE '%Mende'", True),
        ("NOT categorie = 'x'", True),
        ("nom LIKE 'Mairie de M_nde'", True),
        ("nom NOT LIKE 'Mairie%'", False),
        ("categorie IN ('la_poste', 'mairie')", True),
        ("categorie NOT IN ('la_poste', 'mairie')", False),
        ("code_postal BETWEEN '47999' AND '48001'", True),
        ("code_postal >= 48000", True),
        ("horaires IS NULL", True),
        ("horaires IS NOT NULL", False),
        ("horaires = ''", False),
        ("NOT horaires = 'Mo-Fr'", False),
        ("CASEI(nom) = CASEI('MAIRIE DE MENDE')", True),
        ("ACCENTI(nom) = ACCENTI('Mairie dé Ménde')", True),
        ("date_maj >= DATE('2026-01-01')", True),
        ("S_INTERSECTS(geometry, BBOX(3, 44, 4, 45))", True),
        ("S_INTERSECTS(geometry, BBOX(4, 44, 5, 45))", False),
        ("S_INTERSECTS(geom, POLYGON((3 44, 4 44, 4 45, 3 45, 3 44)))", True),
        ("S_WITHIN(geometry, POLYGON((0 0, 1 0, 1 1, 0 0)))", False),
        ("(categorie = 'x' OR categorie = 'mairie') AND (\"code_insee\" = '48095')", True),
        ("true AND NOT false", True),
        ("categorie = 'x' and nom = 'y' or id = '1'", True),
    ],
)
def test_a_filter_holds_or_not(text, holds):
    assert compile_filter(text)(MENDE) is holds


@pytest.mark.parametrize(
    "text",
    ["", "categorie =", "categorie = 'mairie", "inconnue = 1", "categorie LIKE", "categorie = 'a' 'b'", "nom ~ 'x'",
     "S_INTERSECTS(geometry, CIRCLE(1,2))", "(categorie = 'a'", "S_INTERSECTS(geometry, POLYGON((0 0, x)))",
     "UPPER(nom) = 'A'"],
)  # fmt: skip
def test_what_is_not_understood_is_said_with_its_place(text):
    with pytest.raises(FilterError, match="not understood"):
        compile_filter(text)


@given(st.text(min_size=1))
def test_any_text_can_be_compared_once_quoted(text):
    service = Service(id="1", nom=text, categorie="")
    assert compile_filter(f"nom = {quoted(text)}")(service)


@given(st.text(max_size=40))
def test_any_text_is_a_filter_or_is_refused_in_words(text):
    try:
        compile_filter(text)(MENDE)
    except FilterError as error:
        assert str(error)


@pytest.mark.parametrize("text", ["nom < TRUE", "nom = TRUE", "categorie BETWEEN TRUE AND 'x'", "nom IN (FALSE)"])
def test_a_text_compared_with_a_truth_is_unknown(text):
    assert compile_filter(text)(MENDE) is False
    assert compile_filter(f"NOT {text}")(MENDE) is False


@pytest.mark.parametrize("text", ["(" * 5000 + "nom = 'a'" + ")" * 5000, "NOT " * 5000 + "nom = 'a'"])
def test_a_filter_deeper_than_can_be_read_is_refused_in_words(text):
    with pytest.raises(FilterError):
        compile_filter(text)
