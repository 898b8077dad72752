"""What my list knows better becomes corrections; what was said is remembered."""

from __future__ import annotations

from dataclasses import replace

import pytest
from carto_services_publics.core.corrections.validation import check
from carto_services_publics.core.matching import Decisions, match, of_new, of_pair, proposals
from carto_services_publics.core.matching.decisions import DecisionsError

ALL = ("nom", "adresse", "telephone", "courriel", "site_web", "horaires", "commune", "code_insee")


@pytest.fixture
def theirs(service):
    return service(
        "Mairie - Mende",
        id="dila-1",
        producteur="dila",
        version="v1",
        adresse="1 place du Général de Gaulle",
        telephone="04 66 49 40 00",
        horaires="Mo-Fr 09:00-12:00",
        site_web="https://www.mende.fr/",
    )


def test_the_same_said_otherwise_is_no_correction(service, theirs):
    own = service(
        "MAIRIE DE MENDE",
        adresse="1 pl. du Gal de Gaulle",
        telephone="0466494000",
        horaires="Mo,Tu,We,Th,Fr 09:00-12:00",
        site_web="http://mende.fr",
        courriel="",
        lat=44.5201,
    )
    assert of_pair(own, theirs, ALL) is None


def test_what_differs_is_proposed_with_what_was_read(service, theirs):
    own = service("Mairie", telephone="04 66 00 00 01", horaires="Mo-Sa 09:00-12:00", adresse="1 place de Gaulle")
    correction = of_pair(own, theirs, ALL)
    assert correction.type == "modification" and correction.service_id == "dila-1" and correction.version == "v1"
    assert {name: tuple(change) for name, change in correction.changes.items()} == {
        "telephone": ("04 66 49 40 00", "04 66 00 00 01"),
        "horaires": ("Mo-Fr 09:00-12:00", "Mo-Sa 09:00-12:00"),
    }
    assert not check(correction)


def test_a_column_that_the_list_does_not_give_is_left_alone(service, theirs):
    assert of_pair(service("Mairie", telephone="04 66 00 00 01"), theirs, ("nom",)) is None


def test_what_is_wrong_is_not_proposed(service, theirs):
    assert of_pair(service("Mairie", telephone="au secrétariat", courriel="mairie@"), theirs, ALL) is None


@pytest.mark.parametrize(
    ("column", "own", "known"),
    [
        ("nom", "Mairie de Saint-\ufffdtienne-du-Valdonnez", "Mairie de Mende"),
        ("adresse", "1 place du G\ufffdn\ufffdral Leclerc", "2 rue Basse"),
        ("commune", "S\ufffdv\ufffdrac", "Mende"),
        ("nom", "MAIRIE DE SEVERAC", "Mairie de Sévérac"),
        ("adresse", "12bis rue Pasteur", "12 bis rue Pasteur"),
        ("adresse", "rue Pasteur", "12 bis rue Pasteur"),
        ("adresse", "12 rue Pasteur", "Bât A, 12 rue Pasteur"),
        ("horaires", '"sur rendez-vous"', "Mo-Fr 09:00-12:00"),
        ("horaires", "PH off", "Mo-Fr 09:00-12:00"),
        ("horaires", "Sa,Su off", "Mo-Fr 09:00-12:00"),
        ("telephone", "466490000", "04 66 49 00 00"),
    ],
)
def test_what_is_broken_or_less_precise_is_never_proposed(service, theirs, column, own, known):
    told = replace(theirs, **{column: known})
    assert of_pair(replace(told, **{column: own}), told, (column,)) is None


def test_hours_that_say_more_are_proposed(service, theirs):
    closed = replace(theirs, horaires="off")
    assert of_pair(closed, theirs, ("horaires",)).changes["horaires"].new == "off"
    summer = replace(theirs, horaires="Mo-Fr 09:00-12:00; Aug off")
    assert of_pair(summer, theirs, ("horaires",)).changes["horaires"].new == "Mo-Fr 09:00-12:00; Aug off"


def test_another_place_is_a_move_a_geocoded_one_is_not(service, theirs):
    assert of_pair(service("Mairie", lat=44.53), theirs, ALL).type == "deplacement"
    assert of_pair(service("Mairie", lat=44.53, anomalie="geocodage"), theirs, ALL) is None


def test_a_new_service_needs_name_category_and_place(service):
    created = of_new(service("France services Florac", "france_services"), ALL)
    assert created.type == "creation" and (created.lon, created.lat) == (3.5, 44.52) and not check(created)
    assert created.changes["categorie"].new == "france_services"
    assert of_new(service("France services Florac", ""), ALL) is None
    assert of_new(service("France services Florac", "france_services", lon=None, lat=None), ALL) is None


def test_the_same_lists_give_the_same_corrections(service, theirs):
    local = [service("Mairie", telephone="04 66 00 00 01"), service("La Poste", "la_poste")]
    runs = [proposals(local, [theirs], match(local, [theirs]), ALL) for _ in range(2)]
    assert [c.type for c in runs[0]] == ["modification", "creation"]
    assert [c.uuid for c in runs[0]] == [c.uuid for c in runs[1]]


def test_a_possible_duplicate_and_a_pair_to_check_propose_nothing(service, theirs):
    copies = [service("Mairie", telephone="04 66 00 00 01"), service("Mairie", telephone="04 66 00 00 02")]
    assert proposals(copies, [theirs], match(copies, [theirs]), ALL) == []


def test_decisions_hold_at_the_next_run(service, theirs, tmp_path):
    decisions = Decisions(tmp_path / "deep" / "decisions.sqlite")
    local = [service("Mairie annexe"), service("La Poste", "la_poste")]
    decisions.say(local[0], theirs, True)
    decisions.say(local[1], theirs, False)
    again = Decisions(tmp_path / "deep" / "decisions.sqlite")
    assert again.verdicts(local[::-1], [theirs]) == {(1, 0): True, (0, 0): False}
    replaced = again.say(local[1], theirs, True)
    assert again.verdicts(local, [theirs]) == {(1, 0): True}
    again.take_back(local[1], theirs, replaced)
    assert again.verdicts(local, [theirs]) == {(0, 0): True, (1, 0): False}


def test_a_file_that_is_no_base_is_said(tmp_path):
    (tmp_path / "d.sqlite").write_text("not a base, by any means, of any kind" * 50)
    with pytest.raises(DecisionsError, match=r"d\.sqlite"):
        Decisions(tmp_path / "d.sqlite")


def test_what_a_reference_does_not_tell_is_not_corrected(service, theirs):
    own = service("Mairie de Mende", telephone="04 66 49 40 99", courriel="mairie@mende.fr", lat=44.53)
    matching = match([own], [theirs])
    [full] = proposals([own], [theirs], matching, ALL)
    assert set(full.changes) == {"telephone", "courriel", "position"}
    [fewer] = proposals([own], [theirs], matching, ALL, known=("id", "nom", "categorie", "telephone"))
    assert set(fewer.changes) == {"telephone", "position"}
    nowhere = replace(theirs, lon=None, lat=None)
    own = replace(own, telephone=theirs.telephone, adresse=theirs.adresse)
    [placeless] = proposals([own], [nowhere], match([own], [nowhere]), ALL, known=ALL)
    assert "position" not in placeless.changes


def test_a_position_outside_its_commune_corrects_none(service, theirs):
    assert of_pair(service("Mairie", lat=44.3), theirs, ALL) is None
    assert of_pair(service("Mairie", lat=44.3), replace(theirs, lon=None, lat=None), ALL) is None
