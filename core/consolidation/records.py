"""What the producers give, as records that are known by (`producteur`, `id_producteur`), in an order of their own."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any, NamedTuple

from ..progress import Progress
from ..services import SERVICE_COLUMNS, Service

Key = tuple[str, str]
"""`producteur`, `id_producteur`: what a record is known by."""

_NAMELESS = "sans-identifiant:"
_NOT_OF_THE_PLACE = {"id", "producteur", "id_producteur", "version", "date_maj", "url", "anomalie"}
_CONTENT = attrgetter(*(column for column in SERVICE_COLUMNS if column not in _NOT_OF_THE_PLACE), "lon", "lat")
_WORDS = ("nom", "categorie", "producteur", "adresse", "commune", "horaires", "courriel", "site_web")
"""Columns in which people write accents; the identifiers are the producers' own, to the byte."""
_SAID = attrgetter(*_WORDS)
_ALL = attrgetter(*SERVICE_COLUMNS, "lon", "lat")


class Records(NamedTuple):
    """The records of one edition.

    Attributes:
        services: (n,) by producer and identifier, each key once.
        repeated: how many came a second time under the key of another.
        without_identifier: how many had none of their own: they are known by their content.
        misplaced: how many had a position that is none, such as 0, 0: two such records are at no one place.
    """

    services: list[Service]
    repeated: int
    without_identifier: int
    misplaced: int


def gather(given: Iterable[tuple[str, Service]], progress: Progress = Progress()) -> Records:
    """Bring together what several layers hold. ``given``: (producer of the rows that name none, service).

    Of a record that comes several times, the one that was changed last counts.
    """
    found: dict[Key, Service] = {}
    repeated = nameless = misplaced = 0
    for producer, service in progress.over(given):
        named = _named(service, producer)
        misplaced += named.lon is None and service.lon is not None
        nameless += named.id_producteur.startswith(_NAMELESS)
        key = key_of(named)
        if key in found:
            repeated += 1
            named = max(found[key], named, key=lambda one: (one.date_maj, digest_of([one])))
        found[key] = named
    return Records([found[key] for key in sorted(found)], repeated, nameless, misplaced)


def _named(service: Service, producer: str) -> Service:
    """With producer and identifier, and the defaults of what is empty; itself, not a copy, where it has them all.

    A position that is none is empty.
    """
    service = _in_usual_signs(service)
    own = service.id_producteur.strip() or service.id.strip() or f"{_NAMELESS}{content_of(service)}"
    wanted = {
        "producteur": service.producteur.strip() or unicodedata.normalize("NFC", producer),
        "id_producteur": own,
        "modalite": service.modalite or "fixe",
        "precision_position": service.precision_position or "inconnue",
    }
    changed: dict[str, Any] = {column: value for column, value in wanted.items() if value != getattr(service, column)}
    if service.lon is not None and not _is_somewhere(service.lon, service.lat):
        changed.update(lon=None, lat=None)
    return replace(service, **changed) if changed else service


def _in_usual_signs(service: Service) -> Service:
    """A letter and its accent as one sign (Unicode's NFC), as most write them.

    Some systems part them: two producers would differ, or one change its name, in what nobody sees.
    """
    text = "".join(_SAID(service))
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return service
    usual: dict[str, Any] = {column: unicodedata.normalize("NFC", getattr(service, column)) for column in _WORDS}
    return replace(service, **usual)


def _is_somewhere(lon: float, lat: float | None) -> bool:
    """Whether both are degrees, and not the 0, 0 of a field that nobody filled in."""
    return lat is not None and abs(lon) <= 180.0 and abs(lat) <= 90.0 and (lon, lat) != (0.0, 0.0)


def key_of(service: Service) -> Key:
    """What a record is known by."""
    return service.producteur, service.id_producteur


def content_of(service: Service) -> str:
    """32 hexadecimal characters of what a record says of its place, whatever its identifier, date and page."""
    return _digest(_CONTENT(service))


def digest_of(services: Sequence[Service], progress: Progress = Progress()) -> str:
    """The same for all that records say, in their order."""
    whole = hashlib.blake2b(digest_size=16)
    for service in progress.over(services):
        whole.update(_digest(_ALL(service)).encode())
    return whole.hexdigest()


def producers_of(services: Sequence[Service]) -> list[list[Service]]:
    """The records of each producer, in the order of the producers."""
    lists: dict[str, list[Service]] = {}
    for service in services:
        lists.setdefault(service.producteur, []).append(service)
    return list(lists.values())


def _digest(values: tuple[object, ...]) -> str:
    text = "\x1f".join("" if value is None else str(value) for value in values)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
