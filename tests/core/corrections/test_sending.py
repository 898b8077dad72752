"""Corrections sent to real registries (QGIS Server on a GeoPackage and on PostGIS, pygeoapi), and their fate."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace

import pytest
from carto_services_publics.core.corrections import Sender, new_correction, of_edit
from carto_services_publics.core.services import Service

pytestmark = pytest.mark.servers

MAIRIE = Service(
    id="m1",
    nom="Mairie d'Èze",
    categorie="mairie",
    producteur="dila",
    id_producteur="ab-1",
    telephone="04 92 10 60 60",
    horaires="Mo-Fr 09:00-12:00",
    version="v1",
    lon=7.36,
    lat=43.73,
)
SERVICES = [replace(MAIRIE, id=f"m{n}") for n in range(1, 16)]


def edit(service_id, **changes):
    before = replace(MAIRIE, id=service_id)
    return of_edit(before, replace(before, **changes), auteur_organisation="CC de la Riviera")


def send(registry, outbox, session, *corrections):
    outbox.add_all(corrections, registry.url)
    return Sender(session, registry, outbox).send_all()


def test_a_correction_is_sent_once_and_its_address_kept(registry, outbox, session):
    correction = edit("m1", telephone="04 92 10 60 61", nom="Mairie d'Èze « village »")
    [entry] = send(registry, outbox, session, correction)
    assert entry.state == "envoyee"
    assert entry.correction.ref_serveur.startswith(f"{registry.url}/collections/corrections/items/")
    row = registry.correction(correction.uuid)
    assert json.loads(row["changes"])["nom"] == {"old": "Mairie d'Èze", "new": "Mairie d'Èze « village »"}
    assert (row["etat"], row["auteur_organisation"]) == ("envoyee", "CC de la Riviera")
    assert Sender(session, registry, outbox).send_all() == []
    assert registry.correction(correction.uuid)


def test_a_move_is_sent_with_the_old_and_the_new_position(registry, outbox, session):
    correction = edit("m2", lon=7.3612345, lat=43.7298765)
    assert correction.type == "deplacement"
    [entry] = send(registry, outbox, session, correction)
    assert entry.state == "envoyee"
    changes = json.loads(registry.correction(correction.uuid)["changes"])
    assert changes == {"position": {"old": [7.36, 43.73], "new": [7.3612345, 43.7298765]}}


def test_the_moderators_answer_comes_back(registry, outbox, session):
    accepted, refused, waiting = edit("m3", telephone="01"), edit("m4", telephone="02"), edit("m5", telephone="03")
    send(registry, outbox, session, accepted, refused, waiting)
    sender = Sender(session, registry, outbox)
    assert sender.ask_all() == []
    registry.decide(accepted.uuid, "acceptee")
    registry.decide(refused.uuid, "rejetee", "Le numéro est celui d'un particulier.")
    assert {entry.uuid: (entry.state, entry.correction.motif) for entry in sender.ask_all()} == {
        accepted.uuid: ("acceptee", ""),
        refused.uuid: ("rejetee", "Le numéro est celui d'un particulier."),
    }
    assert sender.ask_all() == []
    assert outbox.get(waiting.uuid).state == "envoyee"


def test_a_field_that_someone_else_changed_meanwhile_is_a_conflict_that_shows_theirs(registry, outbox, session):
    correction = edit("m6", telephone="04 00 00 00 01")
    registry.change("m6", telephone="04 99 99 99 99", version="v2")
    [entry] = send(registry, outbox, session, correction)
    assert entry.state == "conflit"
    assert entry.theirs["properties"]["telephone"] == "04 99 99 99 99"
    assert correction.uuid not in {row["uuid"] for row in registry.corrections()}


def test_a_change_elsewhere_in_the_record_is_no_conflict_unless_the_whole_is_confirmed(registry, outbox, session):
    registry.change("m7", nom="Hôtel de ville", version="v2")
    before = replace(MAIRIE, id="m7")
    sent, asked = send(registry, outbox, session, edit("m7", telephone="05"), new_correction("confirmation", before))
    assert (sent.state, asked.state) == ("envoyee", "conflit")


def test_a_service_that_is_gone_is_a_conflict(registry, outbox, session):
    gone = replace(MAIRIE, id="never-there")
    [entry] = send(registry, outbox, session, new_correction("fermeture", gone))
    assert (entry.state, entry.theirs) == ("conflit", None)


def test_a_new_place_needs_no_service(registry, outbox, session):
    new = of_edit(None, Service(id="", nom="Maison de santé", categorie="maison_sante", lon=7.4, lat=43.74))
    [entry] = send(registry, outbox, session, new)
    assert entry.state == "envoyee"
    assert registry.correction(new.uuid)["type"] == "creation"


def test_one_that_arrived_without_our_knowing_is_recognised_and_not_sent_again(registry, outbox, session, tmp_path):
    correction = edit("m8", telephone="06")
    [first] = send(registry, outbox, session, correction)
    forgetful = type(outbox)(tmp_path / "other.sqlite")
    forgetful.add(correction, registry.url)
    forgetful.leaving(forgetful.get(correction.uuid))
    [again] = Sender(session, registry, forgetful).send_all()
    assert again.state == "envoyee"
    assert registry.correction(correction.uuid)


def test_one_that_was_on_its_way_and_did_not_arrive_is_sent(registry, outbox, session):
    correction = edit("m9", telephone="07")
    outbox.add(correction, registry.url)
    outbox.leaving(outbox.get(correction.uuid))
    [entry] = Sender(session, registry, outbox).send_all()
    assert entry.state == "envoyee"
    assert registry.correction(correction.uuid)


def test_the_registry_that_fails_on_one_correction_takes_the_others(registry, outbox, session):
    poison = replace(edit("m10", telephone="08"), uuid=str(uuid.uuid4()), preuve_url="x" * 10)
    good = edit("m11", telephone="09")
    sender_options = {"first_wait": 0.001}
    outbox.add_all([poison, good], registry.url)
    entries = Sender(session, registry, outbox, **sender_options).send_all()
    assert entries[1].state == "envoyee"
    there = {row["uuid"] for row in registry.corrections()}
    assert (entries[0].state == "envoyee") == (poison.uuid in there)
