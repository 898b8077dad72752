"""Figures, French numbers and the page, on hand-worked cases."""

from __future__ import annotations

import re

import numpy as np
import pytest
from carto_services_publics.core.access.sentences import Width
from carto_services_publics.core.report import (
    Doubt,
    Picture,
    Report,
    ZoneFigures,
    category_figures,
    cumulative_curve,
    render_page,
    unsure_zones,
    worst_zones,
)
from carto_services_publics.core.report.charts import cumulative_chart, gain_chart, people_chart, share_chart
from carto_services_publics.core.report.content import ProposedSite, TimetableRow
from carto_services_publics.core.report.french import compte, minutes, nombre, pourcent, seuil
from carto_services_publics.core.report.gains import gain_words
from carto_services_publics.core.report.page import between, heat
from carto_services_publics.core.report.sources import source_by_preset, source_line

ZONES = [
    ZoneFigures("48001", "Albaret", "mairie", 100.0, (40.0, 10.0), 8.0, 0.0),
    ZoneFigures("48002", "Allenc", "mairie", 200.0, (60.0, 50.0), 12.0, 5.0),
    ZoneFigures("48003", "Altier", "mairie", 0.0, (0.0, 0.0), None, 0.0),
]


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1234567.89, 1, "1\u202f234\u202f567,9"),
        (0.5, 0, "1"),
        (2.5, 0, "3"),
        (-12.34, 1, "−12,3"),
        (-0.2, 0, "0"),
        (None, 0, "–"),
        (float("nan"), 0, "–"),
    ],
)
def test_numbers_are_written_as_in_french(value, decimals, text):
    assert nombre(value, decimals) == text


def test_shares_times_and_thresholds_have_their_units():
    assert pourcent(0.1074) == "10,7\u202f%"
    assert minutes(12.34) == "12,3\u00a0min" and minutes(float("nan")) == "–"
    assert seuil(20.0) == "20\u00a0min" and seuil(7.5) == "7,5\u00a0min"


def test_sums_are_over_the_zones_mean_and_median_over_the_people():
    costs, weights = np.array([5.0, 10.0, np.nan]), np.array([1.0, 3.0, 2.0])
    figures = category_figures(ZONES, "mairie", costs, weights)
    assert (figures.population, figures.beyond, figures.unreached) == (300.0, (100.0, 60.0), 5.0)
    assert figures.mean == pytest.approx(35 / 4) and figures.median == 10.0
    assert figures.share(-1) == pytest.approx(0.2)


def test_nobody_reached_has_no_mean_and_no_people_no_share():
    figures = category_figures(ZONES[2:], "mairie", np.array([np.nan]), np.array([1.0]))
    assert figures.mean is None and figures.median is None and figures.share(0) is None


def test_the_median_is_that_of_the_coverage_between_two_values():
    assert category_figures(ZONES, "mairie", np.array([10.0, 20.0]), np.ones(2)).median == 15.0


def test_people_not_computed_are_in_no_share():
    zones = [ZONES[0]._replace(not_computed=20.0), ZONES[1]._replace(not_computed=30.0)]
    figures = category_figures(zones, "mairie", np.array([5.0]), np.array([1.0]))
    assert figures.not_computed == 50 and figures.share(-1) == 60 / 250
    assert zones[0].share(0) == 0.5 and zones[0]._replace(not_computed=100.0).share(0) is None
    curve = cumulative_curve(np.array([5.0, np.nan, np.nan]), np.ones(3), np.array([True, True, False]))
    assert curve.share.tolist() == [0.0, 0.5]


def test_the_curve_counts_those_who_get_nowhere():
    curve = cumulative_curve(np.array([10.0, 5.0, 10.0, np.nan]), np.array([1.0, 1.0, 1.0, 1.0]))
    assert curve.minutes.tolist() == [0.0, 5.0, 10.0] and curve.share.tolist() == [0.0, 0.25, 0.75]


def test_the_worst_zones_come_first_and_empty_ones_not_at_all():
    assert [zone.zone_id for zone in worst_zones(ZONES, "mairie", -1)] == ["48002", "48001"]


def make_report(**more):
    figures = category_figures(ZONES, "mairie", np.array([5.0]), np.array([1.0]))
    return Report(
        title="Rapport",
        territory="Lozère",
        date="01/12/2026",
        thresholds=(10.0, 20.0),
        labels={"mairie": "Mairie"},
        categories=[figures],
        zones=ZONES,
        worst={"mairie": worst_zones(ZONES, "mairie", -1)},
        **more,
    )


def test_parts_without_data_are_left_out():
    page = render_page(make_report())
    assert "Services manquants" not in page and "Au fil de la semaine" not in page and "Lieux proposés" not in page


def test_every_part_is_there_with_its_figures_when_its_data_is():
    page = render_page(
        make_report(
            maps=[Picture("Carte", "Ce qu'elle montre", png=b"\x89PNG")],
            charts=[Picture("Courbe", "Ce qu'elle dit", svg="<svg><title>x</title></svg>")],
            missing=[("mairie", 60.0)],
            hours=("9 h", "18 h"),
            timetables={"mairie": [TimetableRow("Samedi", (0.5, None))]},
            sites=[ProposedSite(1, "Mende <i>", 1234.0)],
            sources=["DILA & INSEE"],
        )
    )
    assert "20,0\u202f%" in page and "1\u202f234" in page
    assert "50\u202f%" in page and "Samedi" in page
    assert "Mende &lt;i&gt;" in page and "DILA &amp; INSEE" in page
    assert "data:image/png;base64,iVBORw==" in page and "<svg>" in page


def test_the_page_says_how_people_travel_and_when_places_must_be_open():
    page = render_page(make_report(travel="en voiture", moment="le samedi à 10:00"))
    lead = re.sub(r"\s+", " ", re.search(r'<p class="lead">(.*?)</p>', page, re.DOTALL)[1])
    assert "min en voiture du lieu ouvert le samedi à 10:00 le plus proche" in lead
    assert "en voiture, lieux ouverts le samedi à 10:00" in page
    plain = render_page(make_report())
    assert "en voiture" not in plain and "ouvert" not in plain


def test_an_hour_is_the_deeper_the_more_people_are_served():
    assert heat(0.0) == heat(None) == "#ffffff" and heat(1.0) == "#41b6c4"
    assert heat(0.2) > heat(0.8)


@pytest.mark.parametrize(
    "svg",
    [
        cumulative_chart({"Mairie": cumulative_curve(np.array([5.0]), np.array([1.0]))}, (10.0,), 30.0),
        cumulative_chart({"Rien": cumulative_curve(np.array([np.nan]), np.array([1.0]))}, (10.0,), 30.0),
        share_chart(["Mairie", "La Poste"], [0.2, 0.0], "#b30000"),
        share_chart(["Mairie"], [0.0], "#b30000"),
        gain_chart([0.0, 0.0, 0.0], gain_words(), 0, "#225ea8", "#8e0152"),
        people_chart(["Èze", "_$"], [1234.0, 0.0], [0.5, None], "#8e0152"),
    ],
)
def test_charts_are_svg_alone(svg):
    assert svg.startswith("<svg") and svg.rstrip().endswith("</svg>") and "http-equiv" not in svg


def test_bars_of_zones_and_their_names_are_found_in_the_page():
    drawn = people_chart(["Èze", "Cap-d'Ail"], [1234.0, 5.0], [0.5, None], "#8e0152")
    assert sorted(re.findall(r'id="((?:barre|nom)-\d)"', drawn)) == ["barre-0", "barre-1", "nom-0", "nom-1"]


@pytest.mark.parametrize("label", ["x$\\frac{$", "Cantine à 3 $ ou 4 $", "_codes_de_la_liste", "<b>gras</b> --> fin"])
def test_a_label_is_text_in_a_chart_whatever_it_holds(label):
    curve = cumulative_curve(np.array([1.0, 2.0]), np.array([1.0, 1.0]))
    for chart in (cumulative_chart({label: curve}, [1], 2), share_chart([label], [0.5], "#000000")):
        # Each piece of text drawn is told in a comment, formulas drawn otherwise.
        comments = [re.sub(r"\\\$", "$", said).strip() for said in re.findall(r"<!--(.*?)-->", chart)]
        shown = label.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("--", "- -")
        assert shown in comments


@pytest.mark.parametrize(("value", "text"), [(0, "0 habitant"), (1.2, "1 habitant"), (1.6, "2 habitants")])
def test_one_is_not_told_as_several(value, text):
    assert compte(value, "habitant") == text
    assert compte(2, "lieu", "lieux") == "2 lieux"


def test_an_input_is_told_by_what_it_says_else_by_its_columns_else_by_its_name():
    assert source_line("Routes", "IGN, BD TOPO®", ["highway"], "r") == "Routes : IGN, BD TOPO®"
    assert "ODbL" in source_line("Routes", "", ["osm_way_id", "highway"], "r")
    assert "Insee" in source_line("Habitants", "", ["IDCAR_200M"], "h")
    assert "DILA" in source_line("Services", "", ["nom"], "s", {"dila"})
    assert source_line("Zones", "", ["a"], "mes zones") == "Zones : couche « mes zones », source non renseignée"
    assert "ODbL" in source_by_preset("geofabrik") and source_by_preset("generic") == ""


def test_zones_whose_class_is_not_the_same_at_both_ends_of_their_interval():
    """Classes end at 10 and 50 %; shares are of the people computed."""
    ends = {"a": (10.0, 50.0), "b": (11.0, 50.0), "c": (5.0, 11.0), "d": (0.0, 20.0)}
    zones = [
        ZoneFigures(name, name, "mairie", 100.0, (12.0,), 8.0, 0.0, 80.0 if name == "d" else 0.0, (both,))
        for name, both in ends.items()
    ]
    found = unsure_zones([*zones, zones[0]._replace(category="la_poste"), ZONES[0]], "mairie", -1, (0.1, 0.5))
    assert [zone.name for zone in found] == ["a", "d", "c"]  # the widest in people first
    assert zones[3].shares(-1) == (0.0, 1.0) and ZONES[0].shares(-1) is None


def test_the_interval_in_words_names_what_makes_it_wide():
    doubt = Doubt("mairie", 1500.0, 1200.0, 1900.0, 10_000.0, 30.0, 4, Width(0.1, 12, 1))
    said = between(doubt).replace("\u202f", " ").replace("\u00a0", " ")
    causes = "temps de trajet à ± 10 %, 12 lieux aux horaires inconnus, 1 lieu situé à la commune près."
    assert said == f"Entre 1 200 et 1 900 habitants (12,0 à 19,0 %) : {causes}"
    same = between(doubt._replace(least=1500.0, most=1500.0)).replace("\u202f", " ").replace("\u00a0", " ")
    assert same == f"1 500 habitants, le même nombre avec : {causes}"
    sure = between(doubt._replace(width=Width(0.0, 0, 0))).replace("\u202f", " ").replace("\u00a0", " ")
    assert sure.endswith(": temps de trajet à ± 0 %.")
