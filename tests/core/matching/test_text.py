"""Texts as people write them."""

from __future__ import annotations

import random

import numpy as np
import pytest
from carto_services_publics.core.matching import similarity
from carto_services_publics.core.matching.text import (
    Place,
    Street,
    is_nearly,
    name_words,
    part_address,
    phones_of,
    street_of,
    web_of,
)
from hypothesis import given
from hypothesis import strategies as st

LETTERS = st.text("abcdefghijklmnopqrstuvwxyz0123456789 ", max_size=64)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mairie - Baignes-Ste-Radegonde", "MAIRIE DE BAIGNES SAINTE RADEGONDE"),
        ("Hôtel de Ville d'Ajaccio", "mairie ajaccio"),
        ("Centre Communal d'Action Sociale", "CCAS"),
        ("MSAP de Vico", "France services Vico"),
        ("Collège du Gal de Gaulle", "college Général de Gaulle"),
    ],
)
def test_two_ways_to_write_a_name(one, other):
    assert name_words(one) == name_words(other)


def test_a_town_hall_is_not_its_social_services():
    assert name_words("Mairie de Mende") != name_words("CCAS de Mende")


@pytest.mark.parametrize(
    ("address", "street"),
    [
        ("12 bis, av. du Gal de Gaulle 20000 Ajaccio Cedex 1", Street(12, ("avenue", "general", "gaulle"))),
        ("12 Avenue du Général de Gaulle", Street(12, ("avenue", "general", "gaulle"))),
        ("5-9 Rue des Papetiers", Street(5, ("rue", "papetiers"))),
        ("Place de l'Église, BP 24", Street(-1, ("place", "eglise"))),
        ("5 bd de la 1ère division", Street(5, ("boulevard", "1", "division"))),
        ("1er étage", Street(-1, ("1", "etage"))),
        ("12B rue Neuve", Street(12, ("rue", "neuve"))),
        ("12bis rue Pasteur", Street(12, ("rue", "pasteur"))),
        ("1bis, r. Pasteur", Street(1, ("rue", "pasteur"))),
        ("12TER RUE PASTEUR", Street(12, ("rue", "pasteur"))),
        ("n° 4 quater rue Pasteur", Street(4, ("rue", "pasteur"))),
        ("Bât A 12 rue des Lilas", Street(12, ("rue", "lilas"))),
        ("Résidence Les Pins, 3 avenue Foch", Street(3, ("avenue", "foch"))),
        ("Bâtiment B, 12 bis rue Pasteur", Street(12, ("rue", "pasteur"))),
        ("ZA des Pins 12-14 rue Neuve", Street(12, ("rue", "neuve"))),
        ("Lot 5, 12 rue Neuve", Street(12, ("rue", "neuve"))),
        ("Espace 2000, 12 rue Neuve", Street(12, ("rue", "neuve"))),
        ("2e étage 4bis rue Neuve", Street(4, ("rue", "neuve"))),
        ("Mairie, 2 place de l'Église", Street(2, ("place", "eglise"))),
        ("rue du 8 mai 1945, place X", Street(-1, ("rue", "8", "mai", "1945", "place", "x"))),
        ("Route départementale 12", Street(-1, ("route", "departementale", "12"))),
        ("", Street(-1, ())),
    ],
)
def test_the_street_of_an_address(address, street):
    assert street_of(address) == street


def test_postcode_and_commune_at_the_end_of_an_address():
    assert part_address("785 Strada d'Afà\n20167 Afa") == Place("785 Strada d'Afà", "20167", "Afa")
    assert part_address("\n20166 Albitreccia") == Place("", "20166", "Albitreccia")
    assert part_address("131 route territoriale 40") == Place("131 route territoriale 40", "", "")


def test_phones_and_web_addresses():
    assert phones_of("+33 (0)4 95 10 25 01 / 04.95.10.25.02") == ("0495102501", "0495102502")
    assert web_of("https://www.Afa.corsica/") == web_of("http://afa.corsica")


@given(
    st.integers(1, 9999),
    st.sampled_from(["", "bis", " bis", "ter", " ter", "B", " B", " quater", "T"]),
    st.sampled_from(
        ["", "Bât A ", "Bâtiment C, ", "Résidence du Lac, ", "Immeuble Neuf - ", "1er étage, ", "Lot 7 ", "Porte 3 "]
    ),
    st.sampled_from(["rue", "av.", "Boulevard", "pl.", "Chemin", "r."]),
)
def test_a_house_number_is_found_whatever_stands_around_it(number, suffix, before, way):
    assert street_of(f"{before}{number}{suffix} {way} des Lilas") == street_of(f"{number} {way} des Lilas")
    assert street_of(f"{before}{number}{suffix}, {way} des Lilas").number == number


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("115", ("115",)),
        ("17 ou 112", ("17", "112")),
        ("116 117", ("116117",)),
        ("04 66 49 00 00 ou 115", ("0466490000", "115")),
        ("3939 0466490000", ("3939", "0466490000")),
        ("tél : 3631 (gratuit)", ("3631",)),
        ("0466490000 poste 12", ("0466490000",)),
        ("+508 41 10 00", ("0508411000",)),
        ("+687 25 12 34", ("+687251234",)),
        ("466490000", ("0466490000",)),
    ],
)
def test_short_and_far_phone_numbers(text, numbers):
    assert phones_of(text) == numbers


def test_a_slip_is_forgiven_another_word_is_not():
    assert is_nearly("ajacio", "ajaccio") and not is_nearly("nord", "sud") and not is_nearly("bastia", "corte")


def test_likeness_letter_by_letter():
    texts = ["", "ajaccio", "ajacio", "corte"]
    found = similarity.ratios(texts, np.array([1, 1, 0, 0, 1]), np.array([1, 2, 0, 1, 3]))
    assert found == pytest.approx([1.0, 12 / 13, 1.0, 0.0, 4 / 12])


@given(st.lists(LETTERS, min_size=2, max_size=12), st.randoms())
def test_without_rapidfuzz_the_numbers_are_those_of_the_textbook(texts, rng):
    a = np.array([rng.randrange(len(texts)) for _ in range(20)])
    b = np.array([rng.randrange(len(texts)) for _ in range(20)])
    found = similarity._by_numpy(texts, a, b)
    assert found == pytest.approx([_textbook(texts[i], texts[j]) for i, j in zip(a, b)])


def test_rapidfuzz_and_numpy_agree():
    pytest.importorskip("rapidfuzz")
    rng = random.Random(5)
    texts = ["".join(rng.choice("abcde 12") for _ in range(rng.randint(0, 64))) for _ in range(300)]
    a, b = np.divmod(np.arange(300 * 300), 300)
    assert np.allclose(similarity._by_rapidfuzz(texts, a, b), similarity._by_numpy(texts, a, b), atol=1e-12)


def _textbook(a: str, b: str) -> float:
    """2 LCS / (|a| + |b|), by the quadratic recurrence."""
    row = [0] * (len(b) + 1)
    for letter in a:
        previous = row[:]
        for place, other in enumerate(b):
            row[place + 1] = previous[place] + 1 if letter == other else max(previous[place + 1], row[place])
    return 2 * row[-1] / (len(a) + len(b)) if a or b else 1.0
