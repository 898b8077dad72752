"""What people say of records lasts: through undoing, new keys, keys given to other places, and other people's runs."""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from dataclasses import replace

import pytest
from carto_services_publics.core.consolidation import DISTINCT, SAME, read_priorities, undo
from carto_services_publics.core.consolidation.store import decision_of
from carto_services_publics.core.errors import InvalidInput
from carto_services_publics.tests.core.consolidation.reading import Hears, rows

PRIORITIES = read_priorities()


def ids(edition):
    links = rows(edition, "SELECT producteur, id_producteur, id FROM passerelle WHERE au IS NULL")
    return {own: identifier for _producer, own, identifier in links}


def events(edition, kind):
    return [uuid for (uuid,) in rows(edition, f"SELECT uuid FROM evenements WHERE type = '{kind}' ORDER BY date, fid")]


def elsewhere(*told):
    """What the review panel of one person holds: (identifier, identifier, the same place)."""

    def said(records):
        row = {record.id_producteur: number for number, record in enumerate(records)}
        return {(row[a], row[b]): same for a, b, same in told if a in row and b in row}

    return said


def decide(edition, one, other, decision):
    with sqlite3.connect(edition.path) as base:
        base.execute("INSERT INTO decisions (producteur_a, id_producteur_a, producteur_b, id_producteur_b, decision) "
                     "VALUES (?, ?, ?, ?, ?)", (*one, *other, decision))  # fmt: skip


def test_what_one_person_said_holds_when_another_consolidates_or_undoes_something_else(edition, halls):
    told = elsewhere(("a-0", "a-1", True), ("a-2", "b-2", False), ("a-3", "a-4", True))
    edition("2026-01-01", halls("a"), halls("b", [2]))
    edition("2026-02-01", halls("a"), halls("b", [2]), said=told)
    made = ids(edition)
    assert made["a-0"] == made["a-1"] and made["a-2"] != made["b-2"] and made["a-3"] == made["a-4"]
    undo(edition.path, events(edition, "fusion")[0], PRIORITIES)
    edition("2026-03-01", halls("a"), halls("b", [2]))
    after = ids(edition)
    undone = {own for own in after if after[own] != made[own]}
    assert len(undone) == 1 and undone < {"a-0", "a-1", "a-3", "a-4"}
    assert after["a-2"] != after["b-2"]


def test_who_says_otherwise_in_the_review_is_heard_but_not_against_the_referential(edition, halls):
    edition("2026-01-01", halls("a"), said=elsewhere(("a-0", "a-1", True)))
    edition("2026-02-01", halls("a"), said=elsewhere(("a-0", "a-1", False)))
    assert len(set(ids(edition).values())) == 8
    decide(edition, ("a", "a-2"), ("a", "a-3"), SAME)
    edition("2026-03-01", halls("a"), said=elsewhere(("a-2", "a-3", False)))
    assert ids(edition)["a-2"] == ids(edition)["a-3"]


def test_a_second_run_with_the_same_words_changes_nothing_nor_does_one_after_undoing(edition, halls):
    told = elsewhere(("a-0", "a-1", True), ("a-2", "a-3", True))
    edition("2026-01-01", halls("a"))
    edition("2026-02-01", halls("a"), said=told)
    assert edition("2026-02-01", halls("a"), said=told).unchanged
    undo(edition.path, events(edition, "fusion")[0], PRIORITIES)
    assert edition("2026-02-01", halls("a"), said=told).unchanged


def test_a_merge_of_two_editions_ago_is_undone_where_its_place_went_into_another_since(edition, halls):
    """The identifier that the merge kept is no more: its records are asked for, not its name."""
    others = [*halls("b", [2]), *halls("c", [2]), *halls("d", [2])]
    edition("2026-01-01", halls("a"), others)
    before = ids(edition)
    decide(edition, ("a", "a-0"), ("a", "a-1"), SAME)
    edition("2026-02-01", halls("a"), others)
    decide(edition, ("a", "a-0"), ("a", "a-2"), SAME)
    edition("2026-03-01", halls("a"), others)
    assert len({ids(edition)[own] for own in ("a-0", "a-1", "a-2", "d-2")}) == 1
    undo(edition.path, events(edition, "fusion")[0], PRIORITIES)
    after = ids(edition)
    assert after["a-0"] == after["a-2"] == before["a-2"] and after["a-1"] == before["a-1"]
    with pytest.raises(InvalidInput, match="nothing to undo"):
        undo(edition.path, events(edition, "fusion")[0], PRIORITIES)


def test_a_split_is_undone_whichever_records_it_was_said_of(edition, halls):
    edition("2026-01-01", halls("a"), halls("b"), halls("c"))
    before = ids(edition)
    decide(edition, ("b", "b-0"), ("c", "c-0"), DISTINCT)
    edition("2026-02-01", halls("a"), halls("b"), halls("c"))
    assert ids(edition) != before
    undo(edition.path, events(edition, "scission")[0], PRIORITIES)
    assert ids(edition) == before


@pytest.mark.parametrize("swapped", [False, True], ids=["new keys", "keys of two places swapped"])
def test_a_merge_is_undone_and_its_identifiers_come_back_under_other_keys(edition, halls, swapped):
    edition("2026-01-01", halls("a"))
    before = ids(edition)
    decide(edition, ("a", "a-0"), ("a", "a-1"), SAME)
    edition("2026-02-01", halls("a"))
    names = {"a-1": "a-5", "a-5": "a-1"} if swapped else {f"a-{number}": f"n {number}" for number in range(8)}
    renamed = [replace(one, id_producteur=names.get(one.id_producteur, one.id_producteur)) for one in halls("a")]
    for date in ("2026-03-01", "2026-04-01"):
        edition(date, renamed)
    undo(edition.path, events(edition, "fusion")[0], PRIORITIES)
    assert ids(edition) == {names.get(own, own): identifier for own, identifier in before.items()}


def test_a_decision_does_not_pass_to_another_place_that_was_given_the_key(edition, hall, halls):
    odd = hall("b", 0, nom="Accueil du public", adresse="9 impasse Haute", telephone="", id_producteur="1",
               lon=None, lat=None, commune="Sainte-Enimie", code_insee="48146")  # fmt: skip
    edition("2026-01-01", halls("a"), [odd])
    decide(edition, ("a", "a-0"), ("b", "1"), SAME)
    edition("2026-02-01", halls("a"), [odd])
    assert ids(edition)["1"] == ids(edition)["a-0"]
    heard = Hears()
    edition("2026-03-01", halls("a"), [hall("b", 5, id_producteur="1")], progress=heard)
    assert ids(edition)["1"] == ids(edition)["a-5"] != ids(edition)["a-0"]
    assert ["1 decision" in words for words in heard.warnings] == [True]


def test_a_producer_that_is_away_for_an_edition_finds_what_was_said_of_it(edition, halls):
    edition("2026-01-01", halls("a"), halls("b"))
    decide(edition, ("a", "a-0"), ("b", "b-0"), DISTINCT)
    decide(edition, ("a", "a-1"), ("a", "a-2"), SAME)
    edition("2026-02-01", halls("a"), halls("b"))
    before = ids(edition)
    edition("2026-03-01", halls("b"))
    edition("2026-04-01", halls("a"), halls("b"))
    assert ids(edition) == before


@pytest.mark.parametrize("text", ["même lieu", "Mêmes", unicodedata.normalize("NFD", "même lieu"), "meme_lieu", "Oui "])
def test_the_same_place_in_the_words_of_people(text):
    assert decision_of(text) == SAME


@pytest.mark.parametrize("text", ["différents", "Distincts", " lieux distincts", "non"])
def test_two_places_in_the_words_of_people(text):
    assert decision_of(text) == DISTINCT


def test_a_decision_written_by_hand_in_the_table_of_decisions_means_what_it_says(edition, halls):
    edition("2026-01-01", halls("a"))
    decide(edition, ("a", "a-0"), ("a", "a-1"), "même lieu")
    edition("2026-02-01", halls("a"))
    assert ids(edition)["a-0"] == ids(edition)["a-1"]
    assert json.loads(rows(edition, "SELECT ids FROM evenements")[0][0])


def test_decisions_that_contradict_each_other_are_said(edition, halls):
    edition("2026-01-01", halls("a"))
    for one, other in (("a-0", "a-1"), ("a-1", "a-2"), ("a-2", "a-3")):
        decide(edition, ("a", one), ("a", other), SAME)
    heard = Hears()
    edition("2026-02-01", halls("a"), progress=heard)
    assert heard.warnings == []
    decide(edition, ("a", "a-0"), ("a", "a-3"), DISTINCT)
    assert edition("2026-03-01", halls("a"), progress=heard).services == 6
    assert ["1 pair decided to be the same place is not" in words for words in heard.warnings] == [True]
