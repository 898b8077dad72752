"""The section « Scénario » of the page: what is decided, before and after."""

from __future__ import annotations

import re
from html import unescape

import pytest
from carto_services_publics.core.report import Report, render_page
from carto_services_publics.core.report.scenario import ScenarioFigures, ScenarioRow
from carto_services_publics.core.report.tables import sheets_of


def figures(thresholds=(10.0, 20.0)):
    count = len(thresholds)
    beyond = (40.0, 30.0)[:count], (35.0, 12.0)[:count]
    zones = (
        ScenarioRow("Èze", 60.0, 10.0, 2.0, 8.0, 7.0, *beyond),
        ScenarioRow("<b>Peille</b>", 40.0, 0.0, 30.0, 5.0, None, *beyond),
        ScenarioRow("Sospel", 20.0, 0.0, 0.0, None, None, *beyond),
    )
    whole = ScenarioRow("", 125.0, 10.0, 32.0, 8.0, 7.5, *beyond, 5.0)
    return ScenarioFigures("La Poste : chiffres", thresholds, whole, zones)


def page(scenario):
    return render_page(Report("t", "Riviera", "1", (20.0,), {}, [], [], {}, scenario=scenario))


def test_zones_where_most_journeys_change_are_first_and_the_others_are_not_listed():
    found = figures()
    assert [row.name for row in found.changed] == ["<b>Peille</b>", "Èze"]
    assert found.worse_off == 1
    assert found.whole.fewer_beyond == 18.0


@pytest.mark.parametrize("thresholds", [(10.0, 20.0), ()])
def test_the_page_says_who_gains_and_who_loses(thresholds):
    text = page(figures(thresholds))
    assert 'href="#scenario"' in text and "La Poste : chiffres" in text
    section = text[text.index('<section id="scenario"') : text.index('<section id="methode"')]
    plain = unescape(re.sub(r"<[^>]*>", "", section)).replace("\u202f", " ").replace("\u00a0", " ")
    assert "rapproche 10 habitants et en éloigne 32" in plain
    assert "passe de 8,0 min à 7,5 min" in plain and "1 zone compte plus d'habitants qui s'éloignent" in plain
    assert ("À plus de 20 min : 30 habitants aujourd'hui, 12 dans le scénario (−18)" in plain) == bool(thresholds)
    assert "5 habitants n'ont pas pu être calculés" in plain
    assert "<b>Peille" not in section and "Sospel" not in section


def test_means_of_different_people_are_not_compared():
    """A place that someone far away now reaches raises the mean of all: nobody's journey is longer."""
    found = figures()
    whole = found.whole._replace(before=15.0, after=28.7, newly=4.0, cut_off=0.0, change=-2.0)
    section = page(found._replace(whole=whole)).partition('<section id="scenario"')[2].partition("</section>")[0]
    plain = unescape(re.sub(r"<[^>]*>", "", section)).replace("\u202f", " ").replace("\u00a0", " ")
    assert "4 habitants atteignent un lieu sans en atteindre avant." in plain and "n'en atteignent plus" not in plain
    assert "Qui en atteint un avant et après y gagne en moyenne 2,0 min." in plain and "passe de" not in plain


def test_a_comparison_in_metres_says_metres():
    found = figures((5000.0,))._replace(unit="m")
    section = page(found).partition('<section id="scenario"')[2].partition("</section>")[0]
    plain = unescape(re.sub(r"<[^>]*>", "", section)).replace("\u202f", " ").replace("\u00a0", " ")
    assert "La distance moyenne passe de 8 m à 8 m" in plain and "à plus de 5 000 m" in plain
    assert not re.search(r"\bmin\b|temps", plain)
    (sheet,) = (
        one
        for one in sheets_of(Report("t", "R", "1", (20.0,), {}, [], [], {}, scenario=found))
        if one.name == "Scénario"
    )
    assert "distance moyenne avant (m)" in sheet.titles and not any("min" in title for title in sheet.titles)


def test_a_report_without_a_scenario_does_not_speak_of_it():
    assert "scenario" not in page(None)


def test_the_workbook_has_all_zones_before_and_after():
    report = Report("t", "Riviera", "1", (20.0,), {}, [], [], {}, scenario=figures())
    (sheet,) = (sheet for sheet in sheets_of(report) if sheet.name == "Scénario")
    assert all(len(row) == len(sheet.titles) for row in sheet.rows)
    assert [row[0] for row in sheet.rows] == ["Ensemble", "Èze", "<b>Peille</b>", "Sospel"]
    assert dict(zip(sheet.titles, sheet.rows[0]))["à plus de 20\u00a0min après"] == 12.0
