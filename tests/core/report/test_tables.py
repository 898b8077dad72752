"""The workbook of a report: every figure of the page, as numbers that a spreadsheet adds up."""

from __future__ import annotations

import math

import pytest
from carto_services_publics.core.report import CategoryFigures, Report, ZoneFigures
from carto_services_publics.core.report.tables import Sheet, sheets_of, workbook
from hypothesis import given
from hypothesis import strategies as st
from osgeo import gdal, ogr

TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF), min_size=1, max_size=12).map(str.strip)
NUMBERS = st.one_of(st.none(), st.floats(-1e9, 1e9, allow_nan=False))


def read(content: bytes) -> dict[str, list[list]]:
    """The sheets as GDAL reads them back."""
    gdal.FileFromMemBuffer("/vsimem/lu.ods", content)
    source = ogr.Open("/vsimem/lu.ods")
    found = {}
    for layer in source:
        titles = [field.GetName() for field in layer.schema]
        rows = [[row.GetField(column) for column in range(len(titles))] for row in layer]
        found[layer.GetName()] = [titles, *rows]
    return found


@given(st.lists(st.tuples(TEXTS.filter(bool), NUMBERS), min_size=1, max_size=6))
def test_what_is_written_is_read_back_and_no_text_runs(rows):
    kept = [("nom", 1.5), *rows]
    (titles, *back), *_others = read(workbook([Sheet("Chiffres", ["Nom", "valeur"], kept)])).values()
    assert titles == ["Nom", "valeur"] and len(back) == len(kept)
    for (text, value), (said, number) in zip(kept, back):
        assert str(said).lstrip("'") == text.lstrip("'") or str(said) == text
        assert not str(said).startswith("=")
        assert (number is None) if value is None else math.isclose(number, value, rel_tol=1e-9, abs_tol=1e-9)


def test_the_zones_of_the_workbook_add_up_to_its_services():
    zones = [
        ZoneFigures("2A004", "Ajaccio", "mairie", 100.0, (40.0, 10.0), 7.0, 0.0),
        ZoneFigures("2B096", "Corte", "mairie", 50.0, (30.0, 20.0), None, 5.0, 2.0),
    ]
    whole = CategoryFigures("mairie", 150.0, (70.0, 30.0), 7.0, 6.0, 5.0, 2.0)
    report = Report("t", "Corse", "1", (10.0, 20.0), {"mairie": "Mairie"}, [whole], zones, {})
    found = read(workbook(sheets_of(report)))
    assert set(found) == {"Services", "Zones"}
    (titles, service), (_titles, *rows) = found["Services"], found["Zones"]
    assert service[0] == "Mairie" and service[1:6] == pytest.approx([150, 70, 70 / 148, 30, 30 / 148])
    assert [sum(row[column] for row in rows) for column in (3, 4, 6)] == [150, 70, 30]
    assert "à plus de 20\u00a0min" in titles and rows[1][8] is None
