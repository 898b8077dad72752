"""One place per real place, an identifier that lasts, and every value told."""

from __future__ import annotations

import json
import random
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from carto_services_publics.core.consolidation import (
    DISTINCT,
    SAME,
    NotAReferential,
    TooOld,
    priorities_of,
    read_priorities,
    undo,
)
from carto_services_publics.core.consolidation.records import gather
from carto_services_publics.core.errors import Cancelled, InvalidInput
from carto_services_publics.core.progress import Progress
from carto_services_publics.core.registry import geopackage as gpkg
from carto_services_publics.core.services import SERVICE_COLUMNS


def rows(edition, table, columns="*", order=1):
    with sqlite3.connect(edition.path) as base:
        return base.execute(f"SELECT {columns} FROM {table} ORDER BY {order}").fetchall()


def ids(edition):
    """The identifier of each present record."""
    links = rows(edition, "passerelle", "id, producteur, id_producteur, au")
    return {(producer, own): identifier for identifier, producer, own, until in links if until is None}


def content(edition):
    """All tables, but the dates at which GeoPackage says that they were written."""
    with sqlite3.connect(edition.path) as base:
        names = [name for (name,) in base.execute("SELECT table_name FROM gpkg_contents ORDER BY 1")]
    return {name: rows(edition, name) for name in names}


def decide(edition, one, other, decision):
    with sqlite3.connect(edition.path) as base:
        base.execute("INSERT INTO decisions (producteur_a, id_producteur_a, producteur_b, id_producteur_b, decision) "
                     "VALUES (?, ?, ?, ?, ?)", (*one, *other, decision))  # fmt: skip


def test_what_several_producers_know_is_one_place(edition, halls):
    report = edition("2026-01-01", halls("dila"), halls("osm", range(5)))
    assert report[:5] == (8, 5, 0, 8, 0)
    assert len(rows(edition, "services")) == len(rows(edition, "registre")) == 8
    assert len(rows(edition, "passerelle")) == 13


def test_a_town_hall_and_its_ccas_are_two_services_at_one_place(edition, halls):
    ccas = [replace(one, categorie="ccas", id_producteur="c" + one.id_producteur) for one in halls("dila")]
    report = edition("2026-01-01", halls("dila"), ccas, halls("osm"))
    assert report.services == 16
    assert report.merged == 8


def test_a_bus_and_a_counter_at_one_address_are_never_surely_one(edition, hall):
    bus = [hall("anct", 0, categorie="france_services", modalite="itinerant")]
    counter = [hall("dila", 0, categorie="france_services", modalite="fixe")]
    report = edition("2026-01-01", bus, counter)
    assert (report.services, report.to_review) == (2, 1)


def test_the_same_inputs_and_date_change_no_table_nor_the_file(edition, halls):
    edition("2026-01-01", halls("dila"), halls("osm", range(5)))
    edition("2026-02-01", halls("dila", range(7)), halls("osm", range(5)))
    before, whole = content(edition), edition.path.read_bytes()
    again = edition("2026-02-01", halls("dila", range(7)), halls("osm", range(5)))
    assert again.unchanged and edition.path.read_bytes() == whole
    with sqlite3.connect(edition.path) as base:
        base.execute("UPDATE editions SET empreinte = 'computed again'")
    assert not edition("2026-02-01", halls("dila", range(7)), halls("osm", range(5))).unchanged
    after = content(edition)
    assert after.pop("editions")[-1][-1] == before.pop("editions")[-1][-1]
    assert after == before


@pytest.mark.parametrize("seed", range(3))
def test_permuted_inputs_give_the_same_referential(edition, tmp_path, seed, halls):
    lists = [halls("dila"), halls("osm", range(5)), halls("anct", range(2, 8), categorie="france_services")]
    edition("2026-01-01", *lists)
    first = content(edition)
    edition.path = tmp_path / "other.gpkg"
    given = [service for one in lists for service in one]
    random.Random(seed).shuffle(given)
    edition("2026-01-01", given)
    assert content(edition) == first


def test_an_identifier_is_kept_through_a_new_name_and_a_new_address(edition, hall, halls):
    edition("2026-01-01", halls("dila"))
    before = ids(edition)
    moved = hall("dila", 0, nom="Hôtel de ville", adresse="9 avenue Foch", telephone="", lon=3.23)
    edition("2026-02-01", [moved, *halls("dila", range(1, 8))])
    assert ids(edition) == before


def test_a_producer_that_renames_all_its_identifiers_changes_none_of_ours(edition, halls):
    edition("2026-01-01", halls("dila"), halls("osm", range(3)))
    before = ids(edition)
    renamed = [replace(one, id_producteur=f"new {7 - number}") for number, one in enumerate(halls("dila"))]
    report = edition("2026-02-01", renamed, halls("osm", range(3)))
    assert (report.created, report.closed) == (0, 0)
    after = ids(edition)
    assert {after["dila", f"new {7 - n}"] for n in range(8)} == {before["dila", f"dila-{n}"] for n in range(8)}
    assert all(after["dila", f"new {7 - n}"] == before["dila", f"dila-{n}"] for n in range(8))


def test_a_list_numbered_anew_with_the_same_numbers_keeps_its_places(edition, halls):
    edition("2026-01-01", halls("dila"))
    before = ids(edition)
    turned = [replace(one, id_producteur=f"dila-{(number + 1) % 8}") for number, one in enumerate(halls("dila"))]
    edition("2026-02-01", turned)
    after = ids(edition)
    assert all(after["dila", f"dila-{(n + 1) % 8}"] == before["dila", f"dila-{n}"] for n in range(8))


def test_a_number_given_to_another_place_does_not_take_its_identifier(edition, hall, halls):
    edition("2026-01-01", halls("dila", [0, 1]))
    before = ids(edition)
    school = hall("dila", 0, nom="École Jules Ferry", categorie="ecole_primaire", adresse="3 rue Neuve", telephone="",
                  commune="Chanac", code_insee="48039", lon=3.34, lat=44.46)  # fmt: skip
    report = edition("2026-02-01", [school, hall("dila", 1)])
    assert (report.created, report.closed) == (1, 1)
    assert ids(edition)["dila", "dila-0"] not in before.values()


def test_a_place_that_comes_back_takes_its_own_and_what_closed_is_told(edition, halls):
    edition("2026-01-01", halls("dila"))
    before = ids(edition)
    assert edition("2026-02-01", halls("dila", range(1, 8))).closed == 1
    assert len(rows(edition, "services")) == 7
    assert edition("2026-03-01", halls("dila")).created == 0
    assert ids(edition) == before
    kinds = [kind for (kind,) in rows(edition, "evenements", "type", "date")]
    assert kinds == ["fermeture", "retour"]
    bridge = rows(edition, "passerelle", "id_producteur, du, au", "du, id_producteur")
    assert ("dila-0", "2026-01-01", "2026-02-01") in bridge and ("dila-0", "2026-03-01", None) in bridge


def test_a_person_says_that_two_are_one_and_that_holds_and_can_be_undone(edition, hall, halls):
    far = [hall("osm", 7, nom="Annexe", adresse="1 rue Haute", telephone="", lon=3.0)]
    edition("2026-01-01", halls("dila"), far)
    before = ids(edition)
    pair = ("dila", "dila-7"), ("osm", "osm-7")
    decide(edition, *pair, SAME)
    assert edition("2026-02-01", halls("dila"), far).services == 8
    merged = ids(edition)
    assert merged[pair[0]] == merged[pair[1]]
    ((event, listed),) = rows(edition, "evenements", "uuid, ids")
    assert set(json.loads(listed)) == {before[pair[0]], before[pair[1]]}
    gone = (set(json.loads(listed)) - {merged[pair[0]]}).pop()
    assert (gone, merged[pair[0]]) in rows(edition, "registre", "id, fusionne_dans")
    edition("2026-03-01", halls("dila"), far)
    assert ids(edition) == merged
    undo(edition.path, event, read_priorities(), author="SIG", reason="deux guichets")
    assert ids(edition) == before
    edition("2026-04-01", halls("dila"), far)
    assert ids(edition) == before


def test_a_person_says_that_two_are_not_one_and_a_split_can_be_undone(edition, halls):
    edition("2026-01-01", halls("dila"), halls("osm"))
    before = ids(edition)
    pair = ("dila", "dila-3"), ("osm", "osm-3")
    decide(edition, *pair, DISTINCT)
    report = edition("2026-02-01", halls("dila"), halls("osm"))
    assert (report.services, report.to_review, report.created) == (9, 0, 1)
    ((event, kind),) = rows(edition, "evenements", "uuid, type")
    assert kind == "scission"
    undo(edition.path, event, read_priorities())
    assert ids(edition) == before


def test_a_decision_follows_records_whose_identifiers_change(edition, halls):
    edition("2026-01-01", halls("dila"), halls("osm"))
    decide(edition, ("dila", "dila-3"), ("osm", "osm-3"), DISTINCT)
    renamed = [replace(one, id_producteur=f"new {number}") for number, one in enumerate(halls("osm"))]
    assert edition("2026-02-01", halls("dila"), renamed).services == 9
    assert edition("2026-03-01", halls("dila"), renamed).services == 9


def test_a_decision_noted_in_the_table_to_review_is_taken(edition, hall):
    bus = [hall("anct", 0, categorie="france_services", modalite="itinerant")]
    counter = [hall("dila", 0, categorie="france_services")]
    edition("2026-01-01", bus, counter)
    with sqlite3.connect(edition.path) as base:
        base.execute("UPDATE a_verifier SET decision = 'même lieu'")
    assert edition("2026-01-01", bus, counter).services == 1
    assert edition("2026-02-01", bus, counter)[:3] == (1, 1, 0)
    assert rows(edition, "decisions", "decision") == [(SAME,)]


def test_every_value_of_a_service_is_told_with_its_record_and_rule(edition, halls):
    lists = halls("dila", telephone="04 66 49 40 00"), halls("osm", range(5), horaires="Mo-Fr 09:00-12:00")
    edition("2026-01-01", *lists)
    told = {
        row[:3]: row[3:] for row in rows(edition, "provenance", "id, champ, valeur, producteur, id_producteur, regle")
    }
    for values in rows(edition, "services", ", ".join(SERVICE_COLUMNS)):
        for column, value in zip(SERVICE_COLUMNS, values):
            if value:
                assert (values[0], column, value) in told
    shown = {rule for (_id, field, _value), (*_who, rule) in told.items() if field == "telephone"}
    assert shown == {"seul", "priorite"}
    assert {who[0] for (_id, field, _v), who in told.items() if field == "horaires"} == {"osm"}


def test_the_priorities_choose_the_producer_field_by_field(edition, halls):
    order = priorities_of({"telephone": {"producteurs": ["osm"], "raison": "vérifié sur place"}, "*": ["dila", "osm"]})
    other = halls("osm", telephone="04 66 49 40 00", nom="Hôtel de ville", adresse="2 quai Vieux")
    edition("2026-01-01", halls("dila"), other, priorities=order)
    shown = rows(edition, "services", "DISTINCT telephone, adresse LIKE '% place %', producteur")
    assert shown == [("04 66 49 40 00", 1, "dila")]


def test_half_an_address_is_never_taken_from_another_producer(edition, halls):
    order = priorities_of({"adresse": ["osm"], "commune": [], "*": ["dila"]})
    edition("2026-01-01", halls("dila", code_postal="48001"), halls("osm", code_postal="48002"), priorities=order)
    assert rows(edition, "services", "DISTINCT code_postal") == [("48002",)]


@pytest.mark.parametrize("told", [[], {"nom": "dila"}, {"prenom": ["dila"]}, {"nom": {"producteurs": [1]}}])
def test_priorities_that_are_none_are_refused(told):
    with pytest.raises(InvalidInput):
        priorities_of(told)


def test_a_dry_run_counts_and_writes_nothing(edition, halls):
    assert edition("2026-01-01", halls("dila"), dry_run=True).created == 8
    assert not edition.path.exists()
    edition("2026-01-01", halls("dila"))
    before = edition.path.read_bytes()
    assert edition("2026-02-01", halls("dila", range(6)), dry_run=True).closed == 2
    assert edition.path.read_bytes() == before


def test_editions_go_forward_and_nothing_is_consolidated_out_of_nothing(edition, halls):
    edition("2026-02-01", halls("dila"))
    with pytest.raises(TooOld):
        edition("2026-01-01", halls("dila"))
    with pytest.raises(InvalidInput):
        edition("2026-03-01", [])
    with pytest.raises(InvalidInput):
        edition("demain", halls("dila"))


def test_another_file_is_refused_as_it_is(edition, halls):
    edition.path.write_bytes(b"my notes, not a database, and long enough not to be taken for an empty one" * 20)
    with pytest.raises(NotAReferential):
        edition("2026-01-01", halls("dila"))
    assert edition.path.read_bytes().startswith(b"my notes")


def test_a_cancel_at_any_step_leaves_the_previous_edition_whole(edition, halls):
    edition("2026-01-01", halls("dila"))
    before = edition.path.read_bytes()

    class Stop(Progress):
        left = 0

        def cancelled(self):
            self.left -= 1
            return self.left < 0

    stopped = 0
    for steps in range(0, 400, 7):
        progress = Stop()
        progress.left = steps
        try:
            edition("2026-02-01", halls("dila", range(7)), halls("osm"), progress=progress)
            break
        except Cancelled:
            stopped += 1
            assert edition.path.read_bytes() == before
            assert list(edition.path.parent.iterdir()) == [edition.path]
    assert stopped > 3


def test_history_keeps_each_state_of_a_service(edition, hall, halls):
    edition("2026-01-01", halls("dila"))
    edition("2026-02-01", [hall("dila", 0, telephone="3939"), *halls("dila", range(1, 7))])
    states = rows(edition, "historique", "nom, telephone, du, au", "nom, du")
    assert ("Mairie de Mende", "04 66 00 00 10", "2026-01-01", "2026-02-01") in states
    assert ("Mairie de Mende", "3939", "2026-02-01", None) in states
    assert ("Mairie de Meyrueis", "04 66 00 00 17", "2026-01-01", "2026-02-01") in states
    assert len(states) == 9


def test_a_record_that_comes_twice_counts_once_as_last_changed(hall):
    old, new = hall("dila", 0), hall("dila", 0, telephone="3939", date_maj="2026-05-01")
    for order in ([old, new], [new, old]):
        found = gather([("", one) for one in order])
        assert (found.services, found.repeated) == ([new], 1)


def test_rows_without_producer_or_identifier_are_known_all_the_same(hall):
    bare = replace(hall("dila", 0), producteur="", id_producteur="", id="")
    first, again = (gather([("ma couche", bare)]) for _ in range(2))
    assert first == again and first.without_identifier == 1
    assert first.services[0].producteur == "ma couche" and first.services[0].id_producteur


def test_quality_counts_what_producers_tell_and_where_they_differ(edition, halls):
    edition("2026-06-01", halls("dila"), halls("osm", range(4), telephone="", nom="Mairie"))
    found = {row[:3]: row[3:5] for row in rows(edition, "qualite", "mesure, champ, producteur, nombre, total")}
    assert found["completude", "telephone", "dila"] == (8, 8)
    assert found["completude", "telephone", "osm"] == (0, 4)
    assert found["seul_a_connaitre", "", "dila"] == (4, 8)
    assert found["conflits", "nom", ""] == (4, 4)
    assert found["plusieurs_producteurs", "", ""] == (4, 8)


@pytest.mark.parametrize("date", ["20261127", "2026-W48-5", "27/11/2026", "2026-11-27T10:00"])
def test_a_date_written_otherwise_is_refused_for_the_next_edition_could_not_follow_it(edition, halls, date):
    with pytest.raises(InvalidInput, match="no date of an edition"):
        edition(date, halls("dila"))
    assert not edition.path.exists()


def test_what_a_moderator_writes_meanwhile_waits_or_is_refused_and_never_lost(edition, halls):
    """Of two who write to one file at once, the second is told so: neither loses what the other said."""
    edition("2026-01-01", halls("dila"), halls("osm"))
    seen = []

    def moderator(_records):
        with closing(sqlite3.connect(edition.path, timeout=0, isolation_level=None)) as base:
            seen.append(base.execute("SELECT count(*) FROM services").fetchone())
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                base.execute("UPDATE a_verifier SET decision = 'distincts'")
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                base.execute("PRAGMA journal_mode = WAL").fetchone()
        return {}

    assert edition("2026-02-01", halls("dila"), halls("osm", range(5)), said=moderator).services == 8
    assert seen == [(8,)]
    decide(edition, ("dila", "dila-3"), ("osm", "osm-3"), DISTINCT)
    assert edition("2026-03-01", halls("dila"), halls("osm", range(5))).services == 9


@pytest.mark.parametrize("mode", ["WAL", "DELETE"])
def test_a_referential_being_edited_is_left_as_it_is(edition, halls, monkeypatch, mode):
    """As QGIS edits it (WAL), or as any program in the middle of a transaction."""
    edition("2026-01-01", halls("dila"), halls("osm"))
    monkeypatch.setattr(gpkg.Patient, "seconds", property(lambda _self: 0.2, lambda _self, _seconds: None))
    with closing(sqlite3.connect(edition.path, isolation_level=None)) as editor:
        editor.execute(f"PRAGMA journal_mode = {mode}")
        editor.execute("BEGIN IMMEDIATE")
        editor.execute("INSERT INTO decisions (producteur_a, id_producteur_a, producteur_b, id_producteur_b, decision) "
                       "VALUES ('dila', 'dila-3', 'osm', 'osm-3', 'distincts')")  # fmt: skip
        with pytest.raises(gpkg.CannotWrite, match="held by another program"):
            edition("2026-02-01", halls("dila"), halls("osm"))
        editor.execute("COMMIT")
        if mode == "WAL":  # still open there, and the next edit would go beside the file
            with pytest.raises(gpkg.CannotWrite, match="held by another program"):
                edition("2026-02-01", halls("dila"), halls("osm"))
    assert edition("2026-02-01", halls("dila"), halls("osm")).services == 9


def test_of_two_that_make_one_file_at_once_the_second_leaves_it(edition, halls):
    def other(_records):
        edition.path.write_bytes(b"somebody else's")
        return {}

    with pytest.raises(gpkg.CannotWrite, match="meanwhile"):
        edition("2026-01-01", halls("dila"), said=other)
    assert edition.path.read_bytes() == b"somebody else's"
