"""For producers that take no corrections over the network: a message a person can hand over, one a producer.

A readable text, and the same differences as CSV and GeoJSON to attach. Once the user says that it was handed over, its
corrections are `transmise`; a later reading of the producer's records reminds of those that still show the old value
and closes those that show the new one.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from ..messages import Message, msg
from ..services import Service
from ..spreadsheets import as_cell
from .model import POSITION, Change, Correction, as_feature, place_of, same_value
from .outbox import Outbox

CSV_COLUMNS = ("uuid", "type", "service_id", "nom", "champ", "ancien", "nouveau", "commentaire", "preuve_url")


class ProducerMessage(NamedTuple):
    """What to hand over to one producer. ``sentences`` are the lines of the text, to be translated one by one."""

    producteur: str
    uuids: tuple[str, ...]
    sentences: tuple[Message, ...]
    csv: str
    geojson: str


class MessageFiles(NamedTuple):
    """Where a message was written."""

    text: Path
    csv: Path
    geojson: Path


class Followed(NamedTuple):
    """What a reading of the producer's records says of the corrections handed over: their uuids."""

    closed: tuple[str, ...]
    reminded: tuple[str, ...]


def messages_by_producer(
    corrections: Iterable[Correction], names: Mapping[str, str] | None = None
) -> list[ProducerMessage]:
    """One message a producer, in the order of their codes, however they are written: « DILA » and « dila » are one.

    ``names``: what services are called, by identifier.
    """
    ordered = sorted(corrections, key=_stem)
    groups = [list(group) for _, group in groupby(ordered, key=_stem)]
    return [_message(group[0].producteur, group, names or {}) for group in groups]


def write_message(message: ProducerMessage, folder: Path, translate: Callable[[Message], str] = str) -> MessageFiles:
    """Write a message as `corrections_PRODUCER.txt`, `.csv` and `.geojson` in ``folder``, replacing older ones.

    ``translate`` puts the sentences in the user's language.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"corrections_{_stem(message) or 'producteur'}"
    files = MessageFiles(*(folder / f"{stem}.{suffix}" for suffix in ("txt", "csv", "geojson")))
    files.text.write_text("\n".join(map(translate, message.sentences)) + "\n", encoding="utf-8")
    files.csv.write_bytes(message.csv.encode("utf-8-sig"))  # the mark makes spreadsheets read UTF-8
    files.geojson.write_text(message.geojson, encoding="utf-8")
    return files


def _stem(about: Correction | ProducerMessage) -> str:
    """The producer as files are named after it."""
    return re.sub(r"[^a-z0-9-]+", "_", about.producteur.lower()).strip("_")


def follow_up(outbox: Outbox, services: Iterable[Service], read_on: str, removed: Collection[str] = ()) -> Followed:
    """Compare what was handed over with the producer's records as just read; states change accordingly.

    All proposed values are there, or a closed service is among those ``removed`` since the last reading (identifiers):
    `acceptee`. Else a reminder, in the entry's reason. Records that were not read are left alone: ``services`` may be
    part of the producer's.
    """
    handed_over = outbox.entries("transmise")
    wanted = {entry.correction.service_id for entry in handed_over}
    found = {service.id: service for service in services if service.id in wanted}
    closed, reminded = [], []
    for entry in handed_over:
        shown = _shows_it(entry.correction, found.get(entry.correction.service_id), removed)
        if shown is None:
            continue
        if shown:
            outbox.answered(entry.uuid, "acceptee", msg("The reading of {date} shows it.", date=read_on))
            closed.append(entry.uuid)
        else:
            reason = msg("The reading of {date} still shows the old value: remind the producer.", date=read_on)
            outbox.answered(entry.uuid, "transmise", reason)
            reminded.append(entry.uuid)
    return Followed(tuple(closed), tuple(reminded))


def _shows_it(correction: Correction, service: Service | None, removed: Collection[str]) -> bool | None:
    """Whether the record shows what was proposed; None when this reading cannot tell."""
    ends = correction.type in ("fermeture", "doublon")
    if service is None:
        return True if ends and correction.service_id in removed else None
    if ends or not correction.changes:
        return False if ends else None
    return all(_holds(service, name, change) for name, change in correction.changes.items())


def _holds(service: Service, name: str, change: Change) -> bool:
    value = place_of(service) if name == POSITION else getattr(service, name, "")
    return same_value(name, value, change.new)


# -- writing ----------------------------------------------------------------------------------------------------------


def _message(producteur: str, corrections: list[Correction], names: Mapping[str, str]) -> ProducerMessage:
    sentences = [
        msg("Corrections proposed to the records of {producer}.", producer=producteur or "?"),
        msg("{count} records are concerned; the attached CSV and GeoJSON say the same.", count=len(corrections)),
    ]
    for correction in corrections:
        sentences += _sentences(correction, _name(correction, names))
    organisations = sorted({correction.auteur_organisation for correction in corrections} - {""})
    if organisations:
        sentences += [msg(""), msg("From: {organisations}.", organisations=", ".join(organisations))]
    addresses = sorted({correction.courriel for correction in corrections} - {""})
    if addresses:
        sentences.append(msg("Answer to: {addresses}.", addresses=", ".join(addresses)))
    collection = {"type": "FeatureCollection", "features": [as_feature(correction) for correction in corrections]}
    return ProducerMessage(
        producteur,
        tuple(correction.uuid for correction in corrections),
        tuple(sentences),
        _csv(corrections, names),
        json.dumps(collection, ensure_ascii=False, indent=1),
    )


def _sentences(correction: Correction, name: str) -> list[Message]:
    about = {"name": name, "id": correction.service_id}
    headings = {
        "creation": msg("• {name}: not in your records.", name=name),
        "modification": msg("• {name} (your record {id}): some of it is wrong.", **about),
        "fermeture": msg("• {name} (your record {id}): closed.", **about),
        "reouverture": msg("• {name} (your record {id}): open again.", **about),
        "deplacement": msg("• {name} (your record {id}): not where you show it.", **about),
        "doublon": msg(
            "• {name} (your record {id}): the same place as {other}.", **about, other=correction.duplicate_of
        ),
        "confirmation": msg("• {name} (your record {id}): still right.", **about),
        "alerte": msg("• {name} (your record {id}): something is wrong.", **about),
    }
    lines = [msg(""), headings[correction.type]]
    for field, change in correction.changes.items():
        old, new = _words(field, change.old), _words(field, change.new)
        lines.append(msg("    {field}: “{old}” → “{new}”", field=field, old=old, new=new))
    if correction.commentaire:
        lines.append(msg("    Comment: {comment}", comment=correction.commentaire))
    if correction.preuve_url:
        lines.append(msg("    Seen at: {url}", url=correction.preuve_url))
    return lines


def _name(correction: Correction, names: Mapping[str, str]) -> str:
    change = correction.changes.get("nom")
    known = names.get(correction.service_id) if correction.service_id else ""  # new places share the empty identifier
    return known or (change and str(change.old or change.new)) or correction.service_id


def _words(field: str, value: object) -> str:
    if field == POSITION and isinstance(value, (list, tuple)):
        return f"{value[1]:.6f}, {value[0]:.6f}"
    return "" if value is None else str(value)


def _csv(corrections: Iterable[Correction], names: Mapping[str, str]) -> str:
    """One line a changed field, one for a correction without any; semicolons, as French spreadsheets expect."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(CSV_COLUMNS)
    for correction in corrections:
        for field, change in correction.changes.items() or [("", Change("", ""))]:
            cells = (
                correction.uuid,
                correction.type,
                correction.service_id,
                _name(correction, names),
                field,
                _words(field, change.old),
                _words(field, change.new),
                correction.commentaire,
                correction.preuve_url,
            )
            writer.writerow(map(as_cell, cells))
    return text.getvalue()
