"""Producers' hours turned into opening_hours, on their real files and on hand-made nasties."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path

import pytest
from carto_services_publics.core.hours import parse
from carto_services_publics.core.hours.french import FRENCH_DAYS, NotUnderstood, checked
from carto_services_publics.core.hours_sources import (
    Converted,
    from_anct,
    from_day_ranges,
    from_days,
    from_dila,
    from_french_text,
    from_osm,
)
from hypothesis import given
from hypothesis import strategies as st


def plage(first, last, *times, comment=""):
    keys = ("valeur_heure_debut_1", "valeur_heure_fin_1", "valeur_heure_debut_2", "valeur_heure_fin_2")
    times = dict(zip(keys, [*times, "", "", "", ""][:4]))
    return {"nom_jour_debut": first, "nom_jour_fin": last, "commentaire": comment, **times}


@pytest.mark.parametrize(
    ("plages", "text"),
    [
        ([plage("Lundi", "Vendredi", "09:00:00", "12:00:00", "14:00:00", "17:00:00")], "Mo-Fr 09:00-12:00,14:00-17:00"),
        (
            [plage("lundi", "mardi", "09:00:00", "12:00:00"), plage("Jeudi", "Jeudi", "09:00:00", "12:00:00")],
            "Mo,Tu,Th 09:00-12:00",
        ),
        ([plage("Samedi", "Lundi", "10:00:00", "11:00:00")], "Mo,Sa,Su 10:00-11:00"),
        ([plage("Lundi", "", "10:00:00", "11:00:00")], "Mo 10:00-11:00"),
        ([plage("Lundi", "Dimanche", "00:00:00", "23:59:00")], "Mo-Su 00:00-24:00"),
        ([plage("Lundi", "Lundi", "20:00:00", "00:00:00")], "Mo 20:00-24:00"),
        (
            [plage("Mardi", "Mardi", "09:00:00", "12:00:00", comment="Sur  rendez-vous\n« seulement »")],
            'Tu 09:00-12:00 open "Sur rendez-vous « seulement »"',
        ),
        (
            [
                plage("Lundi", "Vendredi", "14:00:00", "17:00:00"),
                plage("Lundi", "Lundi", "09:00:00", "12:00:00", comment="semaines paires"),
            ],
            'Mo-Fr 14:00-17:00, Mo 09:00-12:00 open "semaines paires"',
        ),
        ([plage("Lundi", "Lundi", comment="sur rendez-vous")], 'Mo "sur rendez-vous"'),
        ([], ""),
    ],
)
def test_the_annuaire_s_openings(plages, text):
    converted = from_dila(json.dumps(plages))
    assert converted == Converted(text)
    assert from_dila(plages) == converted
    if text:
        parse(text)


@pytest.mark.parametrize("nothing", ["", "  ", None, "[]"])
def test_no_openings_are_unknown_hours_and_no_fault(nothing):
    assert from_dila(nothing) == Converted("")


@pytest.mark.parametrize("broken", ['[{"nom_jour_debut": ', "lundi 9h", "3", '{"a": 1}', '["lundi"]'])
def test_openings_that_are_no_json_list_are_told(broken):
    converted = from_dila(broken)
    assert converted.horaires == ""
    assert "not readable" in str(converted.anomalie)


@pytest.mark.parametrize(
    "times",
    [
        ("14:00:00", "12:00:00"),
        ("09:00:00", ""),
        ("09:00:00", "25:00:00"),
        ("09:70:00", "12:00:00"),
        ("matin", "midi"),
        ("00:00:00", "00:00:00"),
    ],
)
def test_a_day_that_makes_no_sense_is_unknown_and_the_others_stay(times):
    converted = from_dila([plage("Lundi", "Lundi", *times), plage("Mardi", "Mardi", "09:00:00", "12:00:00")])
    assert converted.horaires == f'Tu 09:00-12:00; Mo unknown "{times[0]}-{times[1]}"'
    assert "make no sense" in str(converted.anomalie)
    parse(converted.horaires)


def test_a_day_of_no_known_name_makes_the_week_unknown():
    converted = from_dila([plage("Lundredi", "Lundredi", "09:00:00", "12:00:00")])
    assert converted.horaires == 'unknown "Lundredi-Lundredi 09:00:00-12:00:00"'
    parse(converted.horaires)


def test_the_full_record_of_the_annuaire(shared_data: Path):
    record = json.loads((shared_data / "api" / "dila_record_complet_2023.json").read_text(encoding="utf-8"))["results"][
        0
    ]
    assert from_dila(record["plage_ouverture"]).horaires == (
        "We,Fr 09:00-12:00; Tu 09:00-12:00,18:00-19:00 open "
        '"Accueil ouvert uniquement hors vacances scolaires l\'après-midi."'
    )


def test_every_row_of_france_services_has_valid_hours_or_a_named_reason(shared_data: Path):
    path = shared_data / "services" / "france-services_liste-fs-20240801.csv"
    with path.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    outcomes = {"hours": 0, "hours and a reason": 0, "no hours given": 0}
    for row in rows:
        converted = from_anct(row)
        given = any(row[column] for column in row if column.startswith("h_"))
        if not given:
            assert converted == Converted("")
            outcomes["no hours given"] += 1
            continue
        assert parse(converted.horaires).rules
        outcomes["hours and a reason" if converted.anomalie else "hours"] += 1
    whole = {"hours": 2736, "hours and a reason": 61, "no hours given": 48}
    extract = {"hours": 197, "hours and a reason": 7, "no hours given": 2}
    assert outcomes == (whole if len(rows) == 2845 else extract)


def test_the_days_of_france_services():
    row = {"h_lundi": "13:30 - 17:00", "h_mardi": "09:00 - 12:00 / 13:30 - 17:00", "h_mercredi": "", "h_jeudi": None}
    assert from_anct(row) == Converted("Mo 13:30-17:00; Tu 09:00-12:00,13:30-17:00")


def test_intervals_that_overlap_are_joined_and_told():
    converted = from_anct({"h_mardi": "09:00 - 12:00 / 09:00 - 16:30 / 14:00 - 16:30"})
    assert converted.horaires == "Tu 09:00-16:30"
    assert str(converted.anomalie) == "Opening hours that overlap were joined (Tu)."


@pytest.mark.parametrize(
    ("monday", "text"),
    [
        ("09:00-12:00 14:00-17:00", "Mo 09:00-12:00,14:00-17:00"),
        ("8h30-12h", "Mo 08:30-12:00"),
        ("8h30 à 12h et 14h à 18h", "Mo 08:30-12:00,14:00-18:00"),
        ("de 9 h 00 à 12 h 30", "Mo 09:00-12:30"),
        ("24h/24", "Mo 00:00-24:00"),
        ("FERME", "Mo off"),
        ("Fermé", "Mo off"),
        ("9h-12h / fermé", "Mo 09:00-12:00"),
        ("fermé / 14h-17h", "Mo 14:00-17:00"),
        ("14h+", "Mo 14:00+"),
        ("18h-2h", "Mo 18:00-02:00"),
        ("sur rdv", 'Mo "sur rendez-vous"'),
        ("-", ""),
        ("09:00-12:00;14:00-17:00", "Mo 09:00-12:00,14:00-17:00"),
    ],
)
def test_a_text_a_day_in_the_ways_people_write_it(monday, text):
    assert from_days([monday, "", None, "", "", "", ""]) == Converted(text)


def test_seven_days_closed_are_closed_and_seven_days_empty_are_unknown():
    assert from_days(["FERME"] * 7) == Converted("off")
    assert from_days([""] * 7) == Converted("")


def test_the_gendarmerie_s_one_text(shared_data: Path):
    records = json.loads((shared_data / "api" / "gendarmeries_3_2023.json").read_text(encoding="utf-8"))
    assert from_french_text(records[0]["horaires_accueil"]) == Converted(
        "Mo,Tu,Th,Fr 08:00-12:00,14:00-18:00; We,Sa 14:00-18:00; Su 09:00-12:00,15:00-18:00"
    )
    assert from_french_text("") == Converted("")


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("Lundi-vendredi 9h30-17h30", "Mo-Fr 09:30-17:30"),
        ("Lundi, mardi, jeudi et vendredi : 09:00-12:00 et 13:30-16:15", "Mo,Tu,Th,Fr 09:00-12:00,13:30-16:15"),
        ("lundi / et mardi 9h-12h / 14h-16h30", "Mo,Tu 09:00-12:00,14:00-16:30"),
        ("Lundi et mardi : 9h-12h", "Mo,Tu 09:00-12:00"),
        ("Lundi à vendredi 9h-12h 14h-17h", "Mo-Fr 09:00-12:00,14:00-17:00"),
        ("Du lundi au vendredi de 9 h 00 à 12 h 00 et de 13h30 à 17h", "Mo-Fr 09:00-12:00,13:30-17:00"),
        ("Lun-Jeu : 8h30-12h30 / 13h30-17h ; ven. : 8h30-12h", "Mo-Th 08:30-12:30,13:30-17:00; Fr 08:30-12:00"),
        ("Samedi au lundi 10h-11h", "Mo,Sa,Su 10:00-11:00"),
        ("Lu Ma Je 9h-12h", "Mo,Tu,Th 09:00-12:00"),
        ("Lundi 9-12h et 14-17h", "Mo 09:00-12:00,14:00-17:00"),
        ("Lundi 9h-12h30-14h-17h", "Mo 09:00-12:30,14:00-17:00"),
        ("vendredi 22h-2h", "Fr 22:00-02:00"),
        ("vendredi 18h-minuit, samedi 9h-midi", "Fr 18:00-24:00; Sa 09:00-12:00"),
        ("Lundi 9h-12h et à partir de 14h", "Mo 09:00-12:00,14:00+"),
        # Closed: of all that is not said nothing is known.
        ("Dimanche : fermé", "Su off"),
        ("Fermé samedi et dimanche", "Sa,Su off"),
        ("Fermé les jours fériés", "PH off"),
        ("Fermé le 25 décembre", "Dec 25 off"),
        ("Tous les jours : fermé", "off"),
        ("Du lundi au vendredi 9h-12h, fermé le mercredi", "Mo,Tu,Th,Fr 09:00-12:00"),
        ("Lundi 9h-12h, fermé du 24 décembre au 2 janvier", "Mo 09:00-12:00; Dec 24-Jan 02 off"),
        ("Lundi 9h-12h ; fermé les 24 et 31 décembre et en août", "Mo 09:00-12:00; Dec 24,31 off; Aug off"),
        ("Tous les jours sauf le dimanche et jours fériés : 9h-12h", "Mo-Sa 09:00-12:00; PH off"),
        ("Du lundi au vendredi 9h-12h sauf le mercredi 14h-17h", "Mo,Tu,Th,Fr 09:00-12:00; We 14:00-17:00"),
        ("lundi au vendredi 9h-12h hors vacances scolaires", "Mo-Fr 09:00-12:00; SH off"),
        # Some weeks, some days of the month, a season, holidays.
        ("1er et 3e mardi du mois : 14h-17h", "Tu[1,3] 14:00-17:00"),
        ("1er mardi et dernier jeudi de chaque mois 9h-12h", "Tu[1] 09:00-12:00, Th[-1] 09:00-12:00"),
        ("Lundi 9h-12h, 1er mardi du mois 14h-17h", "Mo 09:00-12:00, Tu[1] 14:00-17:00"),
        ("Mardi 9h-12h (semaines paires)", "week 02-52/2 Tu 09:00-12:00"),
        (
            "Semaines paires : lundi 9h-12h ; semaines impaires : mardi 14h-17h",
            "week 01-53/2 Tu 14:00-17:00; week 02-52/2 Mo 09:00-12:00",
        ),
        ("Du 15 juin au 15 septembre : tous les jours 10h-12h", "Jun 15-Sep 15 Mo-Su 10:00-12:00"),
        ("Vacances scolaires : lundi 9h-12h", "SH Mo 09:00-12:00"),
        ("dimanche et jours fériés 10h-12h", "Su 10:00-12:00; PH 10:00-12:00"),
        # By appointment.
        ("Sur rendez-vous", '"sur rendez-vous"'),
        ("Lundi 9h-12h sur rendez-vous", 'Mo 09:00-12:00 "sur rendez-vous"'),
        ("Lundi 9h-12h et sur rdv", 'Mo 09:00-12:00 || "sur rendez-vous"'),
        ("le lundi 9h-12h sans rendez-vous", 'Mo 09:00-12:00 open "sans rendez-vous"'),
    ],
)
def test_a_week_in_the_ways_people_write_it(text, hours):
    assert from_french_text(text) == Converted(hours)
    assert from_french_text(text.upper()).horaires == hours
    parse(hours)


@pytest.mark.parametrize(
    "text",
    [
        "Tous les jours sauf le mercredi",
        "9h-12h",
        "en semaine 9h-12h",
        "lundi ou mardi 9h-12h",
        "un lundi sur deux 9h-12h",
        "1er lundi 9h-12h",
        "6e lundi du mois 9h-12h",
        "lundi 12h-9h",
        "lundi 9h-12h 10h-14h",
        "lundi 9h-12h lundi fermé",
        "Lundi 9h-12h fermé mardi mercredi 14h-17h",
        "lundi 9h-12h semaines paires mardi 9h-12h",
        "fermé le lundi en août",
        "le mardi août fermé",
        "le lundi en août fermé",
        "lundi et mardi fermé hors vacances scolaires",
        "le matin du lundi fermé",
        "mercredi après-midi fermé",
        "Lundi 9h-12h. En août : mardi 9h-12h",
        "25 décembre et dimanche : fermé",
        "Accueil téléphonique lundi 9h-12h",
        "Du lundi au vendredi : 9h00-12h30 et 13h30-17h00 (16h00 le vendredi)",
        "lundi 25h-26h",
        "Du lundi au",
    ],
)
def test_a_text_that_is_not_understood_whole_leaves_the_hours_empty_and_is_kept(text):
    converted = from_french_text(text)
    assert converted.horaires == "" and converted.anomalie.values["found"] == text
    assert converted.notes == (f"horaires_douteux ({text})",)


days_said = st.lists(st.integers(0, 6), min_size=1, max_size=4, unique=True).map(sorted)


@given(
    days_said,
    st.sampled_from([" et ", ", ", "/", " / et ", " - ", " & ", ", et "]),
    st.sampled_from(["{} {}", "{} : {}", "Le {} de {}", "Les {}\n{}", "{} (ouvert {})"]),
    st.sampled_from([("9h-12h", "09:00-12:00"), ("9h30 à 12h", "09:30-12:00"), ("9 h 00 / 12 h 15", "09:00-12:15")]),
    st.sampled_from(["", "\xa0", "."]),
)
def test_days_are_a_list_whatever_parts_them_or_the_text_is_refused(days, link, form, hours, end):
    text = form.format(link.join(FRENCH_DAYS[day] for day in days), hours[0]) + end
    converted = from_french_text(text)
    meant = set(range(days[0], days[-1] + 1)) if link == " - " and len(days) == 2 else set(days)
    if converted.anomalie is None:
        assert {day for day, told in enumerate(parse(converted.horaires).weekly()) if told} == meant
        assert hours[1] in converted.horaires
    else:
        assert link == " - " and len(days) > 2


def test_the_town_halls_of_corsica_all_have_valid_hours(shared_data: Path):
    layer = json.loads((shared_data / "corse" / "corse_mairies.geojson").read_text(encoding="utf-8"))
    texts = [from_day_ranges(feature["properties"]["horaires"] or []).horaires for feature in layer["features"]]
    assert len(texts) == 359
    assert sum(1 for text in texts if text and parse(text).minutes_per_week() > 0) == 356


@pytest.mark.parametrize("text", ["Mo-Fr 09:00-12:00; PH off", '"sur rendez-vous"'])
def test_hours_that_are_opening_hours_already_are_kept(text):
    assert from_osm(f" {text} ") == Converted(text)


def test_hours_that_only_look_like_opening_hours_are_told_and_kept_aside():
    converted = from_osm('lundi 9h-12h "mairie"')
    assert converted.horaires == "" and converted.source == 'lundi 9h-12h "mairie"'
    assert "character 1" in str(converted.anomalie)
    assert from_osm(None) == from_osm("  ") == Converted("")


def test_french_where_opening_hours_should_be_is_read():
    assert from_osm("Lundi et mardi : 9h-12h") == Converted("Mo,Tu 09:00-12:00")


def test_openings_without_any_hour_say_nothing():
    assert from_dila([plage("Lundi", "Vendredi")]) == Converted("")
    assert from_days(["", "", "", "", "", "Fermé", "Fermé"]) == Converted("Sa,Su off")


pieces = st.sampled_from(
    ["lundi", "Mardi :", "dimanche", " 8h30", "-12h", "09:00-12:00", "14h00 à 18h", "fermé", "24h/24", "et", ";", "\n"]
    + ['"', "\\", "26:00", "9h-9h", "00:00-00:00", "8:00:00", "\u2028", "PH off", "Mo-Fr", "easter -1 day", "Feb 29"]
)
said = st.lists(pieces | st.text(max_size=3), max_size=8).map("".join)
plages = st.fixed_dictionaries(
    {},
    optional={
        name: st.none() | said | st.integers() | st.lists(said, max_size=2)
        for name in ("nom_jour_debut", "nom_jour_fin", "valeur_heure_debut_1", "valeur_heure_fin_1", "commentaire")
    },
)


@given(
    st.one_of(
        said.map(from_french_text),
        said.map(from_osm),
        said.map(from_dila),
        st.lists(plages, max_size=4).map(from_dila),
        st.lists(said | st.none(), min_size=7, max_size=7).map(from_days),
    )
)
def test_whatever_a_producer_writes_becomes_hours_that_can_be_read(converted):
    if converted.horaires:
        hours = parse(converted.horaires)
        for moment in (dt.datetime.min, dt.datetime(2024, 2, 29, 12), dt.datetime(9999, 12, 31, 23, 59)):
            hours.is_open(moment)
        assert 0 <= hours.minutes_per_week(2026) <= 7 * 1440


def test_an_evening_may_end_the_next_morning_and_nothing_else_may():
    assert checked(17 * 60, 8 * 60) == (17 * 60, 8 * 60 + 1440)
    for start, end in ((17 * 60 - 1, 8 * 60), (17 * 60, 8 * 60 + 1), (9 * 60, 9 * 60)):
        with pytest.raises(NotUnderstood):
            checked(start, end)
