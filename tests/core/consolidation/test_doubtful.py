"""What looks like one place and may be two is for a person to decide."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest
from carto_services_publics.core.consolidation import consolidate, read_priorities
from carto_services_publics.core.errors import InvalidInput
from carto_services_publics.core.services import Service


@pytest.fixture
def counter():
    """A France services counter of Case-Pilote, whose name says nothing that the commune does not."""

    def make(producer, number, **values):
        given = {
            "nom": "France services - Case-Pilote",
            "categorie": "france_services",
            "adresse": "Place Gaston Monnerville",
            "code_postal": "97222",
            "commune": "Case-Pilote",
            "code_insee": "97205",
            "telephone": "05 96 78 45 55",
            "courriel": "franceservices@example.fr",
            "lon": -61.1389,
            "lat": 14.6430,
            **values,
        }
        return Service(id="", producteur=producer, id_producteur=f"{producer}-{number}", **given)

    return make


@pytest.fixture
def report(tmp_path):
    def make(*records):
        given = [("", record) for record in records]
        return consolidate(tmp_path / "r.gpkg", given, "2026-01-01", read_priorities())

    return make


def test_a_record_that_comes_twice_in_a_list_is_one_place(counter, report):
    assert report(counter("dila", 1), counter("dila", 2, lon=-61.1391))[:3] == (1, 1, 0)


@pytest.mark.parametrize(
    "other",
    [
        {"adresse": "Place Gaston Monnerville, Bourg"},
        {"nom": "France services multisites de la communauté du Nord - Case-Pilote"},
        {"courriel": "autre@example.fr"},
        {"modalite": "itinerant"},
    ],
)
def test_two_records_of_a_list_that_differ_in_anything_are_for_a_person(counter, report, other):
    assert report(counter("dila", 1), counter("dila", 2, **other))[:3] == (2, 0, 1)


def test_copies_of_a_list_are_two_where_another_producer_has_two(counter, report):
    one = {"nom": "Maison de services au public de Case-Pilote"}
    twice = [counter("departement", 1, **one), counter("departement", 2, nom="Maison France services")]
    assert report(*twice)[:3] == (1, 1, 0)


def test_and_no_merge_rests_on_their_being_copies(counter, report, tmp_path):
    twice = [counter("departement", 1), counter("departement", 2)]
    named = [counter("dila", 1), counter("dila", 2, nom="France services - La Poste Case-Pilote")]
    assert report(*twice, named[0])[:2] == (1, 2)
    (tmp_path / "r.gpkg").unlink()
    found = report(*twice, *named)
    assert found.services >= 2 and found.to_review


@pytest.mark.parametrize("nowhere", [(0.0, 0.0), (float("nan"), float("nan")), (652_000.0, 6_862_000.0), (9.1, None)])
def test_two_records_that_are_nowhere_are_not_at_one_place(counter, report, nowhere, tmp_path):
    """Fields that nobody filled in, or metres taken for degrees, bring nothing together."""
    lon, lat = nowhere
    unnamed = {"categorie": "creche", "adresse": "", "telephone": "", "courriel": "", "lon": lon, "lat": lat}
    names = ("Les Petits Loups", "Les Oursons", "Les Loups", "Crèche municipale")
    rows = [counter("dila" if n < 2 else "osm", n, nom=name, **unnamed) for n, name in enumerate(names)]
    assert report(*rows).services == 4
    with sqlite3.connect(tmp_path / "r.gpkg") as base:
        assert base.execute("SELECT count(*) FROM services WHERE geom IS NOT NULL").fetchone() == (0,)


def test_a_position_that_is_none_hides_no_other(counter, report, tmp_path):
    report(counter("dila", 1, lon=0.0, lat=0.0), counter("osm", 1))
    with sqlite3.connect(tmp_path / "r.gpkg") as base:
        told = base.execute("SELECT valeur, producteur FROM provenance WHERE champ = 'position'").fetchall()
    assert told == [("-61.1389000 14.6430000", "osm")]


@pytest.mark.parametrize("where", ["nom", "id_producteur", "adresse"])
def test_half_a_character_is_said_and_where(counter, report, where, tmp_path):
    with pytest.raises(InvalidInput, match=r"Poste .ud800"):
        report(replace(counter("dila", 1), **{where: "Poste \ud800"}))
    assert list(tmp_path.iterdir()) == []


def test_a_building_is_no_service(counter, report):
    """Same door, nothing else in common, and the list has another of the kind in the commune: who is it?"""
    unnamed = {"telephone": "04 95 00 00 01", "courriel": ""}
    elsewhere = counter("departement", 2, adresse="3 rue Haute", telephone="05 96 00 00 00", courriel="", lon=-61.2)
    found = report(counter("dila", 1), counter("departement", 1, **unnamed), elsewhere)
    assert (found.services, found.merged) == (3, 0) and found.to_review


def test_another_phone_and_another_address_of_e_mail_are_for_a_person(counter, report):
    other = counter("departement", 1, telephone="05 96 11 11 11", courriel="autre@example.fr")
    assert report(counter("dila", 1), other)[:3] == (2, 0, 1)
    assert report(counter("anct", 1), replace(other, courriel=""))[:2] == (1, 1)
