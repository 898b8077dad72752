"""Messages for the producers that take no corrections over the network, and what the next reading says of them."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest
from carto_services_publics.core.corrections import new_correction, of_edit
from carto_services_publics.core.corrections.handover import follow_up, messages_by_producer, write_message
from carto_services_publics.core.services import Service

MAIRIE = Service(
    id="m1", nom="Mairie", categorie="mairie", producteur="dila", telephone="01", version="v1", lon=7, lat=43
)
POSTE = replace(MAIRIE, id="p1", nom="La Poste", producteur="la_poste")


def edit(service, **changes):
    return of_edit(service, replace(service, **changes), commentaire="Vu sur la porte", courriel="agent@exemple.fr")


def test_one_message_a_producer_says_what_was_and_what_is_proposed(tmp_path):
    corrections = [
        edit(MAIRIE, telephone="02"),
        edit(POSTE, nom="Agence postale"),
        edit(MAIRIE, lon=7.5, horaires="Mo 09:00-12:00"),
    ]
    dila, la_poste = messages_by_producer(corrections, {"m1": "Mairie d'Èze"})
    assert (dila.producteur, len(dila.uuids), la_poste.producteur, len(la_poste.uuids)) == ("dila", 2, "la_poste", 1)
    files = write_message(dila, tmp_path)
    text = files.text.read_text(encoding="utf-8")
    assert (
        "• Mairie d'Èze (your record m1): some of it is wrong." in text
        and "telephone: “01” → “02”" in text
        and "“43.000000, 7.000000”" in text
    )
    assert "Answer to: agent@exemple.fr." in text
    rows = list(csv.DictReader(io.StringIO(files.csv.read_text(encoding="utf-8-sig")), delimiter=";"))
    assert [(row["champ"], row["ancien"], row["nouveau"]) for row in rows] == [
        ("telephone", "01", "02"),
        ("horaires", "", "Mo 09:00-12:00"),
        ("position", "43.000000, 7.000000", "43.000000, 7.500000"),
    ]
    features = json.loads(files.geojson.read_text(encoding="utf-8"))["features"]
    assert [feature["id"] for feature in features] == list(dila.uuids)


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "@SUM(1)", "-2+3", "+1+1"])
def test_a_spreadsheet_takes_no_cell_for_a_formula(text):
    [message] = messages_by_producer([edit(MAIRIE, nom=text)])
    [row] = csv.DictReader(io.StringIO(message.csv), delimiter=";")
    assert row["nouveau"] == "'" + text


def test_an_international_phone_number_is_no_formula():
    [message] = messages_by_producer([edit(MAIRIE, telephone="+33 4 92 10 60 60")])
    [row] = csv.DictReader(io.StringIO(message.csv), delimiter=";")
    assert row["nouveau"] == "+33 4 92 10 60 60"


@pytest.mark.parametrize("producteur", ["../../etc/passwd", "", "É/É"])
def test_a_producers_name_cannot_lead_out_of_the_folder(tmp_path, producteur):
    [message] = messages_by_producer([edit(replace(MAIRIE, producteur=producteur), telephone="02")])
    assert {path.parent for path in write_message(message, tmp_path / "out")} == {tmp_path / "out"}


def hand_over(outbox, *corrections):
    outbox.add_all(corrections, "file")
    outbox.handed_over([correction.uuid for correction in corrections])


def test_the_next_reading_closes_what_it_shows_and_reminds_of_the_rest(outbox):
    done, ignored, unread = (
        edit(MAIRIE, telephone="02"),
        edit(POSTE, telephone="03"),
        edit(replace(MAIRIE, id="m9"), nom="x"),
    )
    hand_over(outbox, done, ignored, unread)
    followed = follow_up(outbox, [replace(MAIRIE, telephone="02 "), POSTE], "2026-11-23")
    assert followed == ((done.uuid,), (ignored.uuid,))
    states = {entry.uuid: (entry.state, str(entry.reason)) for entry in outbox.entries()}
    assert states[done.uuid] == ("acceptee", "The reading of 2026-11-23 shows it.")
    assert states[ignored.uuid][0] == "transmise" and "remind" in states[ignored.uuid][1]
    assert states[unread.uuid] == ("transmise", "None")


def test_a_closing_is_accepted_when_the_record_was_removed_and_not_when_it_was_not_read(outbox):
    closing = new_correction("fermeture", MAIRIE)
    hand_over(outbox, closing)
    assert follow_up(outbox, [POSTE], "2026-11-23") == ((), ())
    assert follow_up(outbox, [MAIRIE], "2026-11-23") == ((), (closing.uuid,))
    assert follow_up(outbox, [POSTE], "2026-11-24", removed={"m1"}) == ((closing.uuid,), ())


def test_a_producer_written_in_two_ways_gets_one_message_and_loses_none(tmp_path):
    written = ("La Poste", "dila", "la_poste", "DILA", "")
    services = [replace(MAIRIE, id=f"m{rank}", producteur=name) for rank, name in enumerate(written)]
    corrections = [edit(service, telephone="04 00 00 00 00") for service in services]
    messages = messages_by_producer(corrections)
    assert sorted(len(message.uuids) for message in messages) == [1, 2, 2]
    files = {write_message(message, tmp_path).csv for message in messages}
    told = "".join(path.read_text(encoding="utf-8-sig") for path in files)
    assert len(files) == 3 and all(correction.uuid in told for correction in corrections)


def test_new_places_are_each_called_by_their_own_name():
    new = [
        of_edit(None, replace(MAIRIE, id="", nom=name), commentaire="Ouvert depuis mai") for name in ("Crèche", "Poste")
    ]
    [message] = messages_by_producer(new, {"": "Poste", "m1": "Mairie"})
    text = "\n".join(map(str, message.sentences))
    assert "• Crèche: not in your records." in text and "• Poste: not in your records." in text
