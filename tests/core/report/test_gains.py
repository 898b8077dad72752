"""What a place proposed brings is told in the unit of the model that chose it, on the page and in the workbook."""

from __future__ import annotations

import re

import pytest
from carto_services_publics.core.report import Report, render_page
from carto_services_publics.core.report.charts import gain_chart
from carto_services_publics.core.report.content import ProposedSite
from carto_services_publics.core.report.gains import gain_words, unit_of_gain
from carto_services_publics.core.report.tables import sheets_of
from carto_services_publics.core.siting.models import MODELS

UNITS = {
    "mclp": ("habitants", "habitants"),
    "lscp": ("habitants", "habitants"),
    "pmedian": ("minutes × habitants", "mètres × habitants"),
    "pcenter": ("minutes", "mètres"),
}


def test_each_model_counts_in_its_unit_and_the_words_agree_with_what_the_table_says():
    for model in MODELS:
        for metric, unit in zip(("time", "distance"), UNITS[model]):
            assert unit_of_gain(model, metric) == gain_words(model, unit).unit == unit


@pytest.mark.parametrize(
    ("model", "unit", "places", "total", "sentence"),
    [
        ("", "", 2, 140.0, "2 lieux rapprochent 140 habitants."),
        ("", "", 1, 1.0, "1 lieu rapproche 1 habitant."),
        ("Renault", "euros", 2, 140.0, "2 lieux rapprochent 140 habitants."),
        ("lscp", "habitants", 1, 0.0, "1 lieu rapproche 0 habitant."),
        ("pmedian", "", 1, 12300.4, "1 lieu fait gagner 12\u202f300 minutes × habitants."),
        ("pcenter", "minutes", 2, 12.54, "2 lieux raccourcissent le trajet le plus long de 12,5 minutes."),
        ("pcenter", "mètres", 2, 1250.0, "2 lieux raccourcissent le trajet le plus long de 1\u202f250 mètres."),
    ],
)
def test_what_places_bring_in_a_sentence(model, unit, places, total, sentence):
    assert gain_words(model, unit).sentence(places, total) == sentence


def test_a_gain_that_is_not_known_is_a_dash_on_the_page_and_an_empty_cell_of_the_workbook():
    sites = [ProposedSite(1, "Corte", None), ProposedSite(2, "Bastia", 8.25)]
    report = Report("t", "Corse", "1", (20.0,), {}, [], [], {}, sites=sites, gains=gain_words("pcenter", "minutes"))
    page = render_page(report)
    for table in re.findall(r"<table>(?:(?!</table>).)*Corte.*?</table>", page, re.S):
        assert "gain (minutes)" in table and "habitants" not in table
        assert re.findall(r"<td>([^<]*)</td>", table) == ["1", "–", "2", "8,3"]
    assert page.count("gain (minutes)") == 2, "the page and its summary"
    assert "« – »" in page
    (sheet,) = (sheet for sheet in sheets_of(report) if sheet.name == "Lieux")
    assert sheet.titles[2] == "gain (minutes)" and [row[2] for row in sheet.rows] == [None, 8.25]


def test_the_chart_names_its_unit_and_tells_small_gains_apart():
    drawn = gain_chart([0.0, 0.6, 1.1], gain_words("pcenter"), 1, "#225ea8", "#8e0152")
    said = [text.strip() for text in re.findall(r"<!--(.*?)-->", drawn)]
    assert "minutes de moins au trajet le plus long" in said and {"0,6", "1,1", "0,50"} <= set(said)
    people = gain_chart([0.0, 600.0], gain_words(), 1, "#225ea8", "#8e0152")
    assert "habitants rapprochés" in [text.strip() for text in re.findall(r"<!--(.*?)-->", people)]
