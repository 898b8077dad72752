"""Codes as spreadsheets leave them."""

from __future__ import annotations

import pytest
from carto_services_publics.core import territories
from carto_services_publics.core.codes import CODES, Code, finess_code, insee_code, postal_code, siret_code
from carto_services_publics.core.identifiers import check_siret
from hypothesis import given
from hypothesis import strategies as st

communes = st.sampled_from(sorted(territories.find("R84").communes | territories.find("R94").communes))
"""Those of Auvergne-Rhône-Alpes (01 to 74) and of Corsica."""


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("1004", "01004"),
        ("1004.0", "01004"),
        ("1.004E+03", "01004"),
        ("48095.0", "48095"),
        ("48095,00", "48095"),
        ("4,8095E+04", "48095"),
        ("4.8095E4", "48095"),
        ("2a004", "2A004"),
        ("02A004", "2A004"),
        ("'01004", "01004"),
        ('="01004"', "01004"),
        ("48 095", "48095"),
        ("48\u202f095", "48095"),
        ("48,095", "48095"),
        ("97411", "97411"),
        ("", ""),
    ],
)
def test_an_insee_code_that_can_be_one_only_is_put_right(cell, code):
    assert insee_code(cell) == Code(code, True)


@pytest.mark.parametrize("cell", ["4,81E+04", "1E+03", "48", "481", "9999", "2A004.5", "48095;48061", "Mende"])
def test_an_insee_code_that_lost_more_is_said(cell):
    assert not insee_code(cell).certain


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("1000", "01000"),
        ("20000.0", "20000"),
        ("F-48000", "48000"),
        ("FR 48000", "48000"),
        ("48 000", "48000"),
        ("48005 CEDEX 1", "48005"),
        ("4,8000E+04", "48000"),
    ],
)
def test_a_postcode_that_can_be_one_only_is_put_right(cell, code):
    assert postal_code(cell) == Code(code, True)


@pytest.mark.parametrize("cell", ["4,8E+04", "L-1234", "2A000", "00100", "480", "480000", "Mende"])
def test_a_postcode_that_is_none_stays_as_written_and_is_said(cell):
    assert postal_code(cell) == Code(cell, False)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("214 800 950 00012", "21480095000012"),
        ("21480095000012.0", "21480095000012"),
        ("2.1480095000012E+13", "21480095000012"),
        ("W482001234", "W482001234"),
        ("732829320", "732829320"),
    ],
)
def test_a_siret_without_its_blanks(cell, code):
    assert siret_code(cell) == Code(code, True)


@pytest.mark.parametrize("cell", ["2,14801E+13", "2E+13", "21480100000000", "2148009500001"])
def test_a_siret_that_lost_digits_is_never_made_up(cell):
    assert siret_code(cell) == Code(cell, False)


def test_a_siret_and_a_finess_get_back_the_zero_that_their_keys_confirm():
    siret = next(f"005880596{number:05d}" for number in range(1, 100) if check_siret(f"005880596{number:05d}") is None)
    assert siret_code(siret.lstrip("0")) == Code(siret, True)
    assert finess_code("10780054") == Code("010780054", True)
    assert not finess_code("1,078E+07").certain


@given(communes, st.sampled_from(["{}", "'{}", "{}.0", '="{}"', " {} ", "{},0"]), st.booleans())
def test_whatever_a_spreadsheet_does_to_a_code_without_rounding_it_comes_back(code, form, as_number):
    cell = code.lstrip("0") if as_number else code
    if code.isdigit() or form in ("{}", "'{}", " {} "):
        assert insee_code(form.format(cell)) == Code(code, True)
        assert insee_code(form.format(cell.lower())) == Code(code, True)


@given(communes.filter(str.isdigit), st.integers(0, 5), st.booleans())
def test_a_rounded_code_is_right_or_said_never_another(code, decimals, comma):
    cell = f"{int(code):.{decimals}E}".replace(".", "," if comma else ".")
    read = insee_code(cell)
    assert read == (Code(code, True) if read.certain else Code(cell, False))


@pytest.mark.parametrize("column", sorted(CODES))
@given(text=st.text(max_size=12) | st.text(alphabet="0123456789AB.,E+' -", max_size=18))
def test_a_code_read_twice_is_the_same(column, text):
    once = CODES[column](text)
    assert CODES[column](once.text).text == once.text
