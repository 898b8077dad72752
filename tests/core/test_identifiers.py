"""What a form checks as it is typed."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from carto_services_publics.core import identifiers as form
from carto_services_publics.core.services import SERVICE_COLUMNS
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    "siret", ["732 829 320 00074", "73282932000074", "12002701600563", "26010004500012", "552.081.317-66522"]
)
def test_a_right_siret(siret):
    assert form.check_siret(siret) is None


@pytest.mark.parametrize("siret", ["35600000000048", "35600000049837", "356 000 000 00001"])
def test_la_poste_s_sites_follow_their_own_sum_or_the_common_one(siret):
    assert form.check_siret(siret) is None


@pytest.mark.parametrize("siret", ["73282932000075", "35600000049838", "35600000012345", "12002701600572"])
def test_a_siret_with_a_wrong_digit(siret):
    assert "wrong digit" in str(form.check_siret(siret))


@pytest.mark.parametrize(
    ("siret", "count"), [("7328293200007", 13), ("732829320000740", 15), ("7328293200007X", 13), ("abc", 0)]
)
def test_a_siret_too_short_or_too_long_says_how_many_digits_it_has(siret, count):
    assert form.check_siret(siret).values == {"count": count}


@given(st.text(alphabet="0123456789", min_size=13, max_size=13), st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_never_passes(start, place, shift):
    right = next(start + key for key in "0123456789" if form._luhn(start + key))
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]
    assert not form._luhn(wrong)


@pytest.mark.parametrize("finess", ["010780054", "010000024", "970100103", "2A0000014", "2b0000012"])
def test_a_right_finess(finess):
    assert form.check_finess(finess) is None


@pytest.mark.parametrize("finess", ["010780055", "01078005", "2C0000014"])
def test_a_wrong_finess(finess):
    assert form.check_finess(finess)


def test_a_siren():
    assert form.check_siren("732 829 320") is None
    assert form.check_siren("732829321")
    assert form.check_siren("73282932").values == {"count": 8}


@pytest.mark.parametrize("code", ["48095", "2a004", "01004", "97411", "75112"])
def test_a_right_insee_code(code):
    assert form.check_insee(code) is None


@pytest.mark.parametrize(("code", "why"), [("1004", "5 characters"), ("48999", "No commune"), ("48", "5 characters")])
def test_a_wrong_insee_code_says_why(code, why):
    assert why in str(form.check_insee(code))


@pytest.mark.parametrize(
    ("code", "right"), [("48000", True), ("01000", True), ("97400", True), ("4800", False), ("00100", False)]
)
def test_postcodes(code, right):
    assert (form.check_postcode(code) is None) is right


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0466490000", "04 66 49 00 00"),
        ("04.66.49.00.00", "04 66 49 00 00"),
        ("+33 4 66 49 00 00", "04 66 49 00 00"),
        ("+33 (0)4 66 49 00 00", "04 66 49 00 00"),
        ("0033466490000", "04 66 49 00 00"),
        ("0262 40 48 48", "02 62 40 48 48"),
        ("+262 262 40 48 48", "02 62 40 48 48"),
        ("+590 590 82 19 63", "05 90 82 19 63"),
        ("3939", "3939"),
        ("15", "15"),
        ("115", "115"),
        ("118 712", "118712"),
        ("116 117", "116117"),
        ("116 000", "116000"),
        ("+687 25 12 34", "+687251234"),
        ("25 12 34", "251234"),
        ("+689 40 46 50 00", "+68940465000"),
        ("40 46 50 00", "40465000"),
        ("00 681 72 25 25", "+681722525"),
        ("+508 41 10 00", "05 08 41 10 00"),
        ("+594 594 29 70 00", "05 94 29 70 00"),
        ("+596 596 59 55 00", "05 96 59 55 00"),
        ("+262 269 61 12 12", "02 69 61 12 12"),
        ("0 800 12 34 56", "08 00 12 34 56"),
        ("+41 22 123 45 67", "+41221234567"),
        ("00377 93 15 28 00", "+37793152800"),
    ],
)
def test_a_phone_number_is_kept_in_one_form(typed, kept):
    assert form.check_phone(typed) is None
    assert form.normal_phone(typed) == kept
    assert form.normal_phone(kept) == kept


@pytest.mark.parametrize(
    "typed", ["04 66 49 00", "466490000", "04 66 49 00 00 00", "accueil", "+33 4", "00 01 22 33 44 5"]
)
def test_what_is_no_phone_number(typed):
    assert form.check_phone(typed)


@pytest.mark.parametrize("typed", ["accueil@commune.fr", "a.b+c@sous.domaine.gouv.fr", "mairie@saint-étienne.fr"])
def test_a_right_e_mail_address(typed):
    assert form.check_email(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        "accueil",
        "accueil@",
        "@commune.fr",
        "a@b",
        "a b@commune.fr",
        "a@commune..fr",
        "a@-b.fr",
        "a@b.fr, c@d.fr",
        "a..b@c.fr",
    ],
)
def test_a_wrong_e_mail_address(typed):
    assert form.check_email(typed)


def test_the_domain_of_an_e_mail_address_is_kept_in_lower_case():
    assert form.normal_email(" Accueil@Commune.FR ") == "Accueil@commune.fr"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://www.commune.fr/accueil?x=1#y", "https://www.commune.fr/accueil?x=1#y"),
        ("www.commune.fr", "https://www.commune.fr"),
        ("commune.fr:8080/a", "https://commune.fr:8080/a"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000/"),
        ("http://localhost/a", "http://localhost/a"),
        ("https://mairie-éze.fr", "https://mairie-éze.fr"),
    ],
)
def test_a_web_address_is_kept_with_its_scheme(typed, kept):
    assert form.check_url(typed) is None
    assert form.normal_url(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "javascript:alert(1)",
        "ftp://commune.fr",
        "https://",
        "commune",
        "https://user:secret@commune.fr",
        "https://commune.fr/<b>",
        "https://com mune.fr",
        "http://[::1",
        "https://commune.fr:99999",
    ],
)
def test_what_is_no_web_address_or_a_risky_one(typed):
    assert form.check_url(typed)


def test_categories_and_hours_are_checked_by_their_own_tables():
    assert form.check_category("mairie") is None
    assert "poney" in str(form.check_category("poney"))
    assert form.check_hours("Mo-Fr 09:00-12:00") is None
    assert "character 1" in str(form.check_hours("lundi 9h"))


@pytest.mark.parametrize("column", sorted(form.CHECKS))
def test_an_empty_field_is_never_wrong(column):
    assert form.CHECKS[column]("") is None
    assert form.CHECKS[column]("   ") is None
    assert form.NORMAL_FORMS.get(column, str.strip)("  ") == ""


def test_every_check_is_of_a_column():
    assert set(form.CHECKS) <= {*SERVICE_COLUMNS, "preuve_url"}
    assert set(form.NORMAL_FORMS) <= set(form.CHECKS)


@pytest.mark.parametrize("column", sorted(form.CHECKS))
@given(text=st.text(max_size=60))
def test_any_text_gets_an_answer(column, text):
    problem = form.CHECKS[column](text)
    assert problem is None or len(str(problem)) > 10, "a sentence"


@pytest.mark.parametrize("column", sorted(form.NORMAL_FORMS))
@given(text=st.text(alphabet="0123456789 +.-()aAhtps:/@", max_size=25))
def test_a_normal_form_stays_and_stays_right(column, text):
    kept = form.NORMAL_FORMS[column](text)
    assert form.NORMAL_FORMS[column](kept) == kept
    if form.CHECKS[column](text) is None:
        assert form.CHECKS[column](kept) is None


def test_the_list_of_france_services_passes_but_for_its_real_faults(shared_data: Path):
    path = shared_data / "services" / "france-services_liste-fs-20240801.csv"
    checks = {"mail": "courriel", "telephone": "telephone", "insee_com": "code_insee", "code_postal": "code_postal"}
    faults = Counter()
    with path.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            faults.update(theirs for theirs, ours in checks.items() if form.CHECKS[ours](row[theirs] or ""))
    assert faults == {"mail": 2}  # two cells hold several addresses
