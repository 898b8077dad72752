"""What becomes of the rows that come back: nothing lost, nothing twice, whatever the order of the copies."""

from __future__ import annotations

import uuid as uuids
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from carto_services_publics.core.corrections import Outbox
from carto_services_publics.core.corrections.conflicts import resolved
from carto_services_publics.core.field.copies import FieldCopy, FieldRow, read_copy
from carto_services_publics.core.field.keeping import keep
from carto_services_publics.core.field.readback import (
    ADDED,
    APPLIED,
    CONFLICT,
    KNOWN,
    RESULTS,
    SAME,
    UNUSABLE,
    feature_of,
    lines_of,
    name_of,
    read_back,
    services_spoken_of,
    tally,
)
from carto_services_publics.tests.servers.field_copies import SERVICES
from hypothesis import given, settings
from hypothesis import strategies as st

BASE = {service.id: service for service in SERVICES}
NOW = {service.id: feature_of(service) for service in SERVICES}
URL = "https://registre.example"
UUIDS = [str(uuids.UUID(int=n)) for n in range(1, 9)]


def copy_with(name, *rows):
    """A copy that holds rows: dictionaries of columns; ``at`` is a place in degrees."""
    made = []
    for fid, row in enumerate(rows, start=1):
        lon, lat = row.get("at", (None, None))
        made.append(FieldRow(name, fid, {k: v for k, v in row.items() if k != "at"}, lon, lat))
    return FieldCopy(Path(name), made, BASE, {}, 0, False)


def phone(number, service="s1", uuid=UUIDS[0], **more):
    return {"uuid": uuid, "type": "modification", "service_id": service, "nouveau_telephone": number, **more}


def results(outcomes):
    return [outcome.result for outcome in outcomes]


@pytest.fixture
def outbox(tmp_path):
    made = Outbox(tmp_path / "corrections.sqlite")
    yield made
    made.close()


# -- one row ----------------------------------------------------------------------------------------------------------


def test_a_new_value_becomes_a_change_of_what_the_agent_saw():
    [outcome] = read_back([copy_with("ana", phone("04.95.46.11.22", commentaire="vu sur la porte"))], NOW, [])
    correction = outcome.correction
    assert outcome.result == ADDED and name_of(outcome) == "Mairie 1"
    assert dict(correction.changes) == {"telephone": ("0495460000", "04 95 46 11 22")}
    assert (correction.service_id, correction.version, correction.producteur) == ("s1", "v1", "dila")
    assert (correction.lon, correction.lat) == (9.16, 42.3)  # where the agent stood is not where the service is
    assert correction.commentaire == "vu sur la porte"


def test_an_empty_box_changes_nothing_and_a_hyphen_empties_the_field():
    row = phone("-", nouveau_site_web="", nouveau_nom="Mairie 1")
    [outcome] = read_back([copy_with("ana", row)], NOW, [])
    assert dict(outcome.correction.changes) == {"telephone": ("0495460000", "")}


def test_hours_may_be_written_as_people_write_them():
    row = phone("", nouveau_horaires="du lundi au vendredi 9h-12h")
    [same] = read_back([copy_with("ana", row)], NOW, [])
    assert same.result == UNUSABLE  # as the record has them
    [other] = read_back([copy_with("ana", {**row, "nouveau_horaires": "du lundi au mercredi 9h-12h"})], NOW, [])
    assert other.correction.changes["horaires"].new == "Mo-We 09:00-12:00"
    [wrong] = read_back([copy_with("ana", {**row, "nouveau_horaires": "quand il pleut"})], NOW, [])
    assert wrong.result == UNUSABLE and wrong.reason.values["field"] == "horaires"


def test_a_move_takes_the_point_drawn_and_a_creation_forgets_the_service_nearest_to_it():
    at = (9.2, 42.31)
    moved, both, made = read_back(
        [
            copy_with(
                "ana",
                {"uuid": UUIDS[0], "type": "deplacement", "service_id": "s0", "at": at},
                {**phone("3939", "s1", UUIDS[1]), "type": "deplacement", "at": at},
                {
                    "uuid": UUIDS[2], "type": "creation", "service_id": "s1", "at": at,
                    "nouveau_nom": "Poste", "nouveau_categorie": "la_poste",
                },
            )
        ],
        NOW,
        [],
    )  # fmt: skip
    assert results([moved, both, made]) == [ADDED] * 3
    assert moved.correction.changes["position"] == ([9.15, 42.3], [9.2, 42.31])
    assert both.correction.type == "modification" and set(both.correction.changes) == {"telephone", "position"}
    assert (made.correction.service_id, made.correction.lon, name_of(made)) == ("", 9.2, "Poste")


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"type": "n'importe quoi", "service_id": "s1"},
        phone("3939", service=""),
        phone("3939", service="unknown"),
        phone("not a number"),
        phone(""),
        {**phone("3939"), "type": "fermeture"},
        {"type": "deplacement", "service_id": "s1"},
        {"type": "creation", "nouveau_nom": "Poste", "nouveau_categorie": "la_poste"},
        {"type": "alerte", "service_id": "s1"},
        {"type": "doublon", "service_id": "s1"},
        phone("3939", uuid="not a uuid"),
        phone("3939", changes="{"),
    ],
)
def test_a_row_that_cannot_be_sent_says_why(row):
    [outcome] = read_back([copy_with("ana", row)], NOW, [])
    assert outcome.result == UNUSABLE and str(outcome.reason)


@pytest.mark.parametrize("at", [(-1.363, -5.984), (9.15, -42.3), (-0.5, 44.8)])
def test_a_point_where_no_agent_can_have_been_is_no_position(at):
    made = {"type": "creation", "nouveau_nom": "Poste", "nouveau_categorie": "la_poste"}
    for row in ({**made, "uuid": UUIDS[0]}, {"uuid": UUIDS[1], "type": "deplacement", "service_id": "s1"}):
        [astray] = read_back([copy_with("ana", {**row, "at": at})], NOW, [])
        assert astray.result == UNUSABLE and astray.reason.values["distance"] > 100
        [near] = read_back([copy_with("ana", {**row, "at": (9.4, 42.7)})], NOW, [])
        assert near.result == ADDED
    [phoned] = read_back([copy_with("ana", phone("3939", at=at))], NOW, [])
    assert phoned.result == ADDED  # where the agent stood is not what it says


def test_the_picture_is_named_in_the_correction():
    row = phone("3939", photo="DCIM/corrections_20261127.jpg", commentaire="porte fermée")
    [outcome] = read_back([copy_with("ana", row)], NOW, [])
    assert outcome.photo == "DCIM/corrections_20261127.jpg"
    assert outcome.correction.commentaire == "porte fermée\nPhoto : corrections_20261127.jpg"
    assert outcome.correction.preuve_url == ""


def test_the_agent_s_clock_is_kept_as_it_is_and_is_not_said_to_be_universal_time(go_out):
    path = go_out("ana", {**phone("3939"), "cree_le": "2026/11/27 10:12:13"})
    [outcome] = read_back([read_copy(path)], NOW, [])
    assert outcome.correction.cree_le == "2026-11-27T10:12:13"


# -- with the registry ------------------------------------------------------------------------------------------------


def changed(service_id, **values):
    return {**NOW, service_id: feature_of(replace(BASE[service_id], version="later", **values))}


def test_a_service_changed_since_the_package_left_is_shown_old_now_and_proposed():
    present = changed("s1", telephone="+33495469999")
    copies = [copy_with("ana", phone("3939", nouveau_site_web="https://corte.example"))]
    [outcome] = read_back(copies, present, [])
    assert outcome.result == CONFLICT
    assert [tuple(line) for line in lines_of(outcome)] == [
        ("telephone", "0495460000", "+33495469999", "3939", ""),
        ("site_web", "", "", "https://corte.example", ""),
    ]
    assert read_back(copies, changed("s1", adresse="Cours Paoli"), [])[0].result == ADDED  # it speaks of something else
    assert read_back(copies, {}, [])[0].result == ADDED  # nothing is known


def test_what_the_registry_says_by_now_is_not_proposed_again():
    copies = [copy_with("ana", phone("3939"), {"uuid": UUIDS[1], "type": "fermeture", "service_id": "s2"})]
    present = {**changed("s1", telephone="3939"), "s2": None}
    assert results(read_back(copies, present, [])) == [APPLIED, APPLIED]


def test_a_service_that_is_gone_is_a_conflict():
    [outcome] = read_back([copy_with("ana", phone("3939"))], {**NOW, "s1": None}, [])
    assert (outcome.result, outcome.theirs) == (CONFLICT, None)


# -- among agents, and with the outbox --------------------------------------------------------------------------------


def test_two_agents_who_say_otherwise_are_both_shown_and_each_sees_the_other():
    copies = [copy_with("ana", phone("3939")), copy_with("bob", phone("3949", uuid=UUIDS[1]))]
    ana, bob = read_back(copies, NOW, [])
    assert results([ana, bob]) == [CONFLICT, CONFLICT]
    assert lines_of(ana)[0].others == "3949" and lines_of(bob)[0].others == "3939"
    closed = {"uuid": UUIDS[2], "type": "fermeture", "service_id": "s2"}
    right = {"uuid": UUIDS[3], "type": "confirmation", "service_id": "s2"}
    assert results(read_back([copy_with("ana", closed), copy_with("bob", right)], NOW, [])) == [CONFLICT] * 2


def test_two_agents_who_say_the_same_are_one_correction_unless_their_words_differ():
    same = [copy_with("ana", phone("3939")), copy_with("bob", phone("39 39", uuid=UUIDS[1]))]
    assert Counter(results(read_back(same, NOW, []))) == {ADDED: 1, SAME: 1}
    worded = [same[0], copy_with("bob", phone("3939", uuid=UUIDS[1], commentaire="demandé à l'accueil"))]
    assert results(read_back(worded, NOW, [])) == [ADDED, ADDED]


def test_one_correction_edited_in_two_copies_is_shown_twice_and_stays_two_when_read_again(outbox):
    copies = [copy_with("monday", phone("3939")), copy_with("tuesday", phone("3949"))]
    outcomes = read_back(copies, NOW, [])
    assert results(outcomes) == [CONFLICT, CONFLICT] and keep(outcomes, outbox, URL) == 2
    assert outbox.counts() == {"conflit": 2}
    for again in (copies, copies[:1], copies[::-1]):
        assert set(results(read_back(again, NOW, outbox.entries()))) == {KNOWN}


def test_what_was_withdrawn_does_not_come_back_unless_the_row_says_something_else(outbox):
    def again(*copies):
        return results(read_back(copies, NOW, outbox.entries(), withdrawn=outbox.withdrawn()))

    first, closed = copy_with("ana", phone("3939")), {"uuid": UUIDS[1], "type": "fermeture", "service_id": "s2"}
    both = [copy_with("monday", closed), copy_with("tuesday", {**closed, "commentaire": "vu"})]
    keep(read_back([first, *both], NOW, []), outbox, URL)
    outbox.withdraw(*(entry.uuid for entry in outbox.entries()))
    assert again(first) == [KNOWN] and again(*both) == [KNOWN] * 2
    [outcome] = read_back([first], NOW, [], withdrawn=outbox.withdrawn())
    assert str(outcome.reason) and keep([outcome], outbox, URL) == 0
    assert again(copy_with("ana", phone("3949"))) == [ADDED]  # the agent has put it right
    assert "3939" not in str(outbox.withdrawn())  # no word of it is left


def test_conflicts_wait_in_the_outbox_with_what_is_there_now_and_reading_again_leaves_what_was_chosen(outbox):
    present = changed("s1", telephone="+33495469999")
    copies = [copy_with("ana", phone("3939"))]
    assert keep(read_back(copies, present, []), outbox, URL) == 1
    [entry] = outbox.entries("conflit")
    assert entry.needs_user and entry.theirs == present["s1"]
    outbox.replace(resolved(entry.correction, entry.theirs, {"telephone": "3940"}))
    [again] = read_back(copies, present, outbox.entries())
    assert again.result == KNOWN and again.reason  # it holds other words now
    assert keep([again], outbox, URL) == 0
    assert outbox.get(UUIDS[0]).correction.changes["telephone"].new == "3940"


def test_where_the_registry_cannot_be_asked_one_chooses_against_what_was_there_on_leaving(outbox):
    copies = [copy_with("ana", phone("3939")), copy_with("bob", phone("3949", uuid=UUIDS[1]))]
    keep(read_back(copies, {}, []), outbox, URL)
    assert [entry.theirs for entry in outbox.entries("conflit")] == [NOW["s1"]] * 2
    gone = read_back([copy_with("eve", phone("3950", "s2", UUIDS[2]))], {"s2": None}, [])
    keep(gone, outbox, URL)
    assert outbox.get(UUIDS[2]).theirs is None


def test_what_the_outbox_proposes_otherwise_is_a_conflict_and_the_same_is_not_added_again(outbox):
    keep(read_back([copy_with("ana", phone("3939"))], NOW, []), outbox, URL)
    bob = copy_with("bob", phone("3949", uuid=UUIDS[1]), phone("3939", uuid=UUIDS[2]))
    other, same = read_back([bob], NOW, outbox.entries())
    assert (other.result, other.others) == (CONFLICT, {"telephone": ("3939",)})
    assert same.result == SAME
    assert keep([other, same], outbox, URL) == 1 and outbox.counts() == {"en_attente": 1, "conflit": 1}


# -- properties -------------------------------------------------------------------------------------------------------

ROWS = st.fixed_dictionaries(
    {"type": st.sampled_from(["modification", "fermeture", "confirmation", "deplacement", "alerte", "creation", "?"])},
    optional={
        "uuid": st.sampled_from([*UUIDS, "bad"]),
        "service_id": st.sampled_from(["s0", "s1", "s2", "gone", ""]),
        "nouveau_telephone": st.sampled_from(["3939", "3949", "-", "no number", ""]),
        "nouveau_nom": st.sampled_from(["Mairie", "Poste"]),
        "nouveau_categorie": st.sampled_from(["la_poste", "mairie"]),
        "commentaire": st.sampled_from(["vu", "su"]),
        "photo": st.just("DCIM/a.jpg"),
        "at": st.sampled_from([(9.2, 42.3), (9.3, 42.4)]),
    },
)
COPIES = st.lists(st.lists(ROWS, max_size=4), min_size=1, max_size=3).map(
    lambda agents: [copy_with(f"agent {n}", *rows) for n, rows in enumerate(agents)]
)
REGISTRIES = st.fixed_dictionaries(
    {}, optional={"s0": st.just(NOW["s0"]), "s1": st.just(changed("s1", telephone="3949")["s1"]), "s2": st.none()}
)


def by_row(outcomes):
    return {(o.row.copy, o.row.fid): (o.result, o.correction and o.correction.uuid, o.reason) for o in outcomes}


@settings(max_examples=80, deadline=None)
@given(COPIES, REGISTRIES, st.randoms(use_true_random=False))
def test_each_row_has_one_outcome_and_the_order_of_the_copies_does_not_matter(copies, present, chance):
    outcomes = read_back(copies, present, [])
    assert [outcome.row for outcome in outcomes] == [row for copy in copies for row in copy.rows]
    assert sum(tally(outcomes).values()) == len(outcomes) and set(tally(outcomes)) == set(RESULTS)
    assert all(outcome.reason for outcome in outcomes if outcome.result != ADDED)
    mixed = [copy._replace(rows=chance.sample(copy.rows, len(copy.rows))) for copy in copies]
    chance.shuffle(mixed)
    for (_key, (result, uuid, _reason)), other in zip(
        sorted(by_row(outcomes).items()),
        [by_row(read_back(mixed, present, []))[key] for key in sorted(by_row(outcomes))],
    ):
        assert (result, uuid) == other[:2]


@settings(max_examples=30, deadline=None)
@given(COPIES, REGISTRIES)
def test_what_is_read_is_in_the_outbox_once_and_reading_it_again_adds_nothing(tmp_path_factory, copies, present):
    outbox = Outbox(tmp_path_factory.mktemp("outbox") / "corrections.sqlite")
    try:
        outcomes = read_back(copies, present, [])
        figures = tally(outcomes)
        assert keep(outcomes, outbox, URL) == figures[ADDED] + figures[CONFLICT]
        assert outbox.counts() == {
            state: count for state, count in (("en_attente", figures[ADDED]), ("conflit", figures[CONFLICT])) if count
        }
        for again in (copies, copies[::-1], *([copy] for copy in copies)):
            assert keep(read_back(again, present, outbox.entries()), outbox, URL) == 0
    finally:
        outbox.close()


def test_the_services_to_look_up_are_those_that_rows_name():
    assert services_spoken_of([copy_with("a", phone("1", "s2"), phone("1", "s0"), {}), copy_with("b", phone("1"))]) == [
        *("s0", "s1", "s2")
    ]
