"""What is shown of a place that several producers describe: field by field, by an order of producers."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import InvalidInput
from ..identifiers import CHECKS
from ..services import SERVICE_COLUMNS, Service
from ..versions import digest

BUILT_IN = Path(__file__).parents[1] / "data" / "priorites.json"

ANY_FIELD = "*"
POSITION = "position"
"""Stands for longitude, latitude, and what is said of them."""

ALONE, AGREED, BY_PRIORITY, LATEST, BY_ORDER = "seul", "accord", "priorite", "plus_recent", "ordre"
"""Why a value is shown: one producer alone says something, all say the same, the order of the priorities, the date of
the record, the order of the keys."""

MADE_HERE = "referentiel"
"""Why: the identifier and the version are the referential's own."""

_WITH_POSITION = ("precision_position", "anomalie")
_WITH_ADDRESS = ("code_postal", "commune", "code_insee")
_WITH_NAME = ("producteur", "id_producteur", "url")
_FOLLOWING = {
    **dict.fromkeys(_WITH_POSITION, POSITION),
    **dict.fromkeys(_WITH_ADDRESS, "adresse"),
    **dict.fromkeys(_WITH_NAME, "nom"),
}
"""Fields that go with another where the priorities do not name them: two halves of two addresses are none."""

_CHOSEN = tuple(column for column in SERVICE_COLUMNS if column not in ("id", "version"))
FIELDS = (POSITION, *_CHOSEN)
"""The fields that have an order of producers; in the order in which they are chosen, those that others follow first."""

_IN_ORDER = tuple(sorted(FIELDS, key=lambda field: field in _FOLLOWING))


class Priorities(NamedTuple):
    """For each field, producers in order; ``reasons`` in the words of the file."""

    orders: Mapping[str, tuple[str, ...]]
    reasons: Mapping[str, str]

    def rank(self, field: str, producer: str) -> int:
        """Place of a producer for a field; those that are not named come last."""
        order = self.orders.get(field) or self.orders.get(ANY_FIELD, ())
        return order.index(producer) if producer in order else len(order)

    def producers(self) -> set[str]:
        """Those that are named for any field."""
        return {producer for order in self.orders.values() for producer in order}


class ValueSource(NamedTuple):
    """Whence a value of a place is. ``id``: of the place."""

    id: str
    champ: str
    valeur: str
    producteur: str
    id_producteur: str
    date_maj: str
    regle: str


def read_priorities(path: Path = BUILT_IN) -> Priorities:
    """A JSON file: field → producers in order, or `{"producteurs": […], "raison": "…"}`; `*` is for all other fields.

    Raises `InvalidInput` where the file cannot be read or names a field that services do not have.
    """
    try:
        return priorities_of_text(path.read_text(encoding="utf-8-sig"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(
            "The priorities “{path}” cannot be read: {cause}", path=str(path), cause=str(error)
        ) from error


def priorities_of_text(text: str, path: str) -> Priorities:
    """The text of such a file; ``path`` names it in errors. Raises `InvalidInput`."""
    try:
        return priorities_of(json.loads(text, object_pairs_hook=_once))
    except ValueError as error:
        raise InvalidInput("The priorities “{path}” cannot be read: {cause}", path=path, cause=str(error)) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for number, (name, _value) in enumerate(pairs) if name in dict(pairs[:number]))
        raise InvalidInput("“{field}” comes twice in the priorities.", field=twice)
    return found


def priorities_of(content: Any) -> Priorities:
    """The content of such a file. Raises `InvalidInput`."""
    if not isinstance(content, dict):
        raise InvalidInput("The priorities are no table of fields: write {form}.", form='{"nom": ["dila", "finess"]}')
    orders, reasons = {}, {}
    for field, value in content.items():
        producers = value.get("producteurs") if isinstance(value, dict) else value
        if field not in (*FIELDS, ANY_FIELD):
            raise InvalidInput("“{field}” in the priorities is no field of a service.", field=field)
        if not isinstance(producers, list) or not all(isinstance(one, str) for one in producers):
            raise InvalidInput("The priorities of “{field}” are no list of producers.", field=field)
        orders[field] = tuple(unicodedata.normalize("NFC", one).strip() for one in producers)
        reasons[field] = str(value.get("raison", "")) if isinstance(value, dict) else ""
    return Priorities(orders, reasons)


def compose(identifier: str, records: Sequence[Service], priorities: Priorities) -> tuple[Service, list[ValueSource]]:
    """The service shown for a place, and whence each of its values is. ``records``: ascending by key."""
    values: dict[str, Any] = {}
    sources: list[ValueSource] = []
    chosen: dict[str, Service] = {}
    for field in _IN_ORDER:
        leader = chosen.get(_FOLLOWING.get(field, "")) if field not in priorities.orders else None
        if leader is not None and field in _WITH_POSITION:
            record, rule = (leader if said(leader, field) else None), _rule_of_leader(field, records)
        else:
            record, rule = _choose(field, records, priorities, leader)
        if record is None:
            continue
        chosen[field] = record
        if field == POSITION:
            values["lon"], values["lat"] = record.lon, record.lat
        else:
            values[field] = getattr(record, field)
        sources.append(_source(identifier, field, said(record, field), record, rule))
    service = replace(Service(identifier, "", ""), **values)
    version = digest(vars(service), service.lon, service.lat)
    main = chosen.get("nom", records[0])
    sources += [_source(identifier, *made, main, MADE_HERE) for made in (("id", identifier), ("version", version))]
    return replace(service, version=version), sorted(sources, key=lambda one: _RANK[one.champ])


def said(record: Service, field: str) -> str:
    """What a record says of a field, as text; the position as `longitude latitude`."""
    if field != POSITION:
        return getattr(record, field)
    return "" if record.lon is None or record.lat is None else f"{record.lon:.7f} {record.lat:.7f}"


def opinions(field: str, records: Iterable[Service]) -> list[Service]:
    """The records that say something of a field; those that pass its check only, where one does."""
    telling = [record for record in records if said(record, field)]
    if len(telling) > 1 and field in CHECKS:
        valid = [record for record in telling if CHECKS[field](said(record, field)) is None]
        return valid or telling
    return telling


_RANK = {field: rank for rank, field in enumerate(("id", *FIELDS, "version"))}


def _choose(
    field: str, records: Sequence[Service], priorities: Priorities, leader: Service | None
) -> tuple[Service | None, str]:
    telling = opinions(field, records) if len(records) > 1 else [one for one in records if said(one, field)]
    if not telling:
        return None, ""
    if len(telling) == 1:
        return telling[0], ALONE
    latest = max(record.date_maj for record in telling)
    if field == "date_maj":
        rule = AGREED if _agree(field, telling) else LATEST
        return next(record for record in telling if record.date_maj == latest), rule
    if leader is not None and any(record is leader for record in telling):
        return leader, AGREED if _agree(field, telling) else BY_PRIORITY
    ranks = [priorities.rank(field, record.producteur) for record in telling]
    first = [record for record, rank in zip(telling, ranks) if rank == min(ranks)]
    best = max(record.date_maj for record in first)
    recent = [record for record in first if record.date_maj == best]
    if _agree(field, telling):
        return recent[0], AGREED
    if len(first) < len(telling):
        return recent[0], BY_PRIORITY
    return recent[0], LATEST if len(recent) < len(first) else BY_ORDER


def _rule_of_leader(field: str, records: Sequence[Service]) -> str:
    telling = [record for record in records if said(record, field)]
    if len(telling) < 2:
        return ALONE
    return AGREED if _agree(field, telling) else BY_PRIORITY


def _agree(field: str, records: Sequence[Service]) -> bool:
    return len({said(record, field) for record in records}) == 1


def _source(identifier: str, field: str, value: str, record: Service, rule: str) -> ValueSource:
    return ValueSource(identifier, field, value, record.producteur, record.id_producteur, record.date_maj, rule)
