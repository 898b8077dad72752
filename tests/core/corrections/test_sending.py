"""A correction sent to a real registry (QGIS Server), and its fate."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from carto_services_publics.core.corrections import Sender, of_edit
from carto_services_publics.scripts.registry import moderate
from carto_services_publics.tests.servers import ogcapi

from .conftest import MAIRIE

pytestmark = pytest.mark.servers


def edit(service_id="m1", **changes):
    before = replace(MAIRIE, id=service_id)
    return of_edit(before, replace(before, **changes), auteur_organisation="CC de la Riviera")


def test_a_correction_is_sent_once_and_its_reference_kept(registry, outbox, session):
    correction = edit("m1", telephone="04 92 10 60 61", nom="Mairie d'Èze-Village")
    outbox.add(correction, registry.url)
    [entry] = Sender(session, registry, outbox).send_all()
    assert entry.state == "envoyee"
    assert entry.correction.ref_serveur.startswith(f"{registry.url}/collections/corrections/items/")
    [row] = [row for row in ogcapi.correction_rows(registry.geopackage) if row["uuid"] == correction.uuid]
    assert json.loads(row["changes"])["nom"] == {"old": "Mairie d'Èze", "new": "Mairie d'Èze-Village"}
    assert row["etat"] == "envoyee"
    assert Sender(session, registry, outbox).send_all() == []


def test_the_moderators_answer_comes_back(registry, outbox, session):
    accepted, refused = edit("m2", telephone="01"), edit("m3", telephone="02")
    outbox.add_all([accepted, refused], registry.url)
    sender = Sender(session, registry, outbox)
    sender.send_all()
    assert sender.ask_all() == []
    moderate(registry.url, accepted.uuid, "acceptee")
    moderate(registry.url, refused.uuid, "rejetee", "Le numéro est celui d'un particulier.")
    assert {entry.uuid: (entry.state, entry.correction.motif) for entry in sender.ask_all()} == {
        accepted.uuid: ("acceptee", ""),
        refused.uuid: ("rejetee", "Le numéro est celui d'un particulier."),
    }


def test_a_field_that_someone_else_changed_meanwhile_is_a_conflict_that_shows_theirs(registry, outbox, session):
    correction = edit("m4", telephone="04 00 00 00 01")
    ogcapi.change_service(registry.geopackage, "m4", {"telephone": "04 99 99 99 99", "version": "v2"})
    outbox.add(correction, registry.url)
    [entry] = Sender(session, registry, outbox).send_all()
    assert entry.state == "conflit"
    assert entry.theirs["properties"]["telephone"] == "04 99 99 99 99"
    assert ogcapi.items(registry.url, "corrections", uuid=correction.uuid) == []
