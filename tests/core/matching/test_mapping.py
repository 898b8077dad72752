"""Anyone's columns become those of a service."""

from __future__ import annotations

import csv

import pytest
from carto_services_publics.core.matching import guess_fields, service_of
from carto_services_publics.core.matching.mapping import category_of


def guess(**row):
    return guess_fields([row], list(row))


def test_headers_as_spreadsheets_have_them():
    said = {"NOM_STRUCTURE": "Mairie", "N° voie": "12", "ADRESSE": "rue Neuve", "CP": "48000", "Ville": "Mende"}
    fields = guess(**said, Tél="04", codeInsee="48095")
    assert fields["nom"] == ("NOM_STRUCTURE",)
    assert fields["adresse"] == ("N° voie", "ADRESSE")
    assert fields["code_postal"] == ("CP",) and fields["commune"] == ("Ville",)
    assert fields["telephone"] == ("Tél",) and fields["code_insee"] == ("codeInsee",)


def test_columns_told_by_what_they_hold():
    fields = guess(a="Mairie", b="04 66 49 40 00", c="accueil@mende.fr", d="48095", e="https://mende.fr")
    assert fields["telephone"] == ("b",) and fields["courriel"] == ("c",) and fields["site_web"] == ("e",)


def test_the_real_file_of_france_services(shared_data):
    with (shared_data / "corse" / "corse_france-services.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    fields = guess_fields(rows, list(rows[0]))
    service = service_of(rows[1], fields, 0, "france_services")
    assert service.nom == "France services La Poste de Vico" and service.code_insee == "2A348"
    assert (service.producteur, service.id_producteur) == ("anct", "125")
    assert service.telephone == "04 95 26 26 52" and service.courriel == "vico@france-services.gouv.fr"
    assert service.horaires == "Mo-Fr 09:00-12:00,14:00-16:00; Sa 09:00-12:00"
    assert (service.lon, service.lat) == (8.801346, 42.1672)


def test_an_address_in_one_cell_is_parted_and_lost_zeros_come_back():
    fields = {"nom": ("n",), "adresse": ("a",), "code_insee": ("i",)}
    service = service_of({"n": "Mairie", "a": "3 place X\n01200 Valserhône", "i": 1033.0}, fields, 0)
    assert (service.adresse, service.code_postal, service.commune) == ("3 place X", "01200", "Valserhône")
    assert service.code_insee == "01033" and service.categorie == "mairie"


def test_several_fields_make_one_address():
    fields = {"adresse": ("num", "voie")}
    assert service_of({"num": 12.0, "voie": "rue Neuve"}, fields, 0).adresse == "12 rue Neuve"


@pytest.mark.parametrize(
    ("text", "name", "code"),
    [
        ("Mairie", "", "mairie"),
        ("France services", "", "france_services"),
        ("FRANCE_SERVICES", "", "france_services"),
        ("", "CCAS de Mende", "ccas"),
        ("", "Hôtel de ville", "mairie"),
        ("commerce", "Boulangerie", ""),
    ],
)
def test_categories_as_people_write_them(text, name, code):
    assert category_of(text, name) == code


def test_a_finess_number_is_that_producer_s_identifier():
    service = service_of({"f": "48 000 0017"}, {"finess": ("f",)}, 0)
    assert (service.producteur, service.id_producteur) == ("finess", "480000017")


def test_hours_that_cannot_be_read_are_left_out():
    assert service_of({"h": "tous les deux jours"}, {"horaires": ("h",)}, 0).horaires == ""
    assert service_of({"h": "sur rendez-vous"}, {"horaires": ("h",)}, 0).horaires == '"sur rendez-vous"'


def test_codes_and_phones_as_a_spreadsheet_leaves_them():
    row = {"i": "1053.0", "p": "1000", "f": "10780054", "t": "474452000.0", "s": "2,14801E+13"}
    fields = {"code_insee": ("i",), "code_postal": ("p",), "finess": ("f",), "telephone": ("t",), "siret": ("s",)}
    service = service_of(row, fields, 0)
    assert (service.code_insee, service.code_postal, service.id_producteur) == ("01053", "01000", "010780054")
    assert (service.telephone, service.siret) == ("04 74 45 20 00", "2,14801E+13")
    assert service_of({"i": "4,8E+04"}, {"code_insee": ("i",)}, 0).code_insee == ""


def test_a_code_that_many_rows_share_is_no_identifier():
    kinds = ("Mairie", "France services", "Bureau de poste")
    rows = [{"code": code, "libelle": kind, "ville": "Ajaccio"} for code in ("2A004", "2B033") for kind in kinds]
    fields = guess_fields(rows, list(rows[0]))
    assert "id" not in fields and fields["code_insee"] == ("code",)
    own = [{**row, "code": f"C{number}"} for number, row in enumerate(rows)]
    assert guess_fields(own, list(own[0]))["id"] == ("code",)
