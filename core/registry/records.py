"""From what producers write to the columns of the contract, without inventing anything."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..errors import CartoError
from ..messages import Message, msg
from ..progress import Progress
from ..services import SERVICE_COLUMNS, Rejected, Service, ServiceRecord
from ..versions import clean, digest, doubts, normalised
from .connection import Incomplete, Query
from .cql2 import Predicate
from .positions import examine

MADE_ID = "sans-id-"
"""How identifiers begin that were made here, for lists without any."""

_NAMING = ("nom", "categorie", "siret", "adresse", "code_postal", "commune", "code_insee")

RAW_LENGTH = 4000
"""Characters kept of a rejected record."""


def build_service(
    values: Mapping[str, Any],
    lon: Any,
    lat: Any,
    *,
    notes: tuple[str, ...] = (),
    version: str = "",
    without_id: bool = False,
) -> Service | Rejected:
    """A service from values named like the columns (absent ones stay empty), or why it cannot be one.

    ``lon`` and ``lat`` are degrees, as numbers or texts; a suspicious position is kept and flagged in `anomalie`,
    after the ``notes`` (codes of `ANOMALIES`) of whoever calls.
    A ``version`` that is not given, as such or among the values, is made from the content. So is the identifier in a
    list ``without_id``: of what names the place, so that it stays while hours, phone or position change.
    """
    texts = normalised(values)
    if not texts["id"] and not without_id:
        return reject(msg("It has no identifier."), values)
    if not texts["nom"]:
        return reject(msg("It has no name."), values)
    position = examine(lon, lat, texts["code_insee"])
    version = version or clean(values.get("version")) or digest(texts, position.lon, position.lat)
    if position.anomalie:
        texts["precision_position"] = "inconnue"
    texts["id"] = texts["id"] or _made_id(texts, position.lon, position.lat)
    anomalie = ";".join(filter(None, (*notes, *doubts(values), position.anomalie)))
    return Service(**texts, version=version, anomalie=anomalie, lon=position.lon, lat=position.lat)


def _made_id(texts: Mapping[str, str], lon: float | None, lat: float | None) -> str:
    facts = [" ".join(texts[column].casefold().split()) for column in _NAMING]
    if not texts["adresse"] and lon is not None and lat is not None:
        facts.append(f"{lon:.5f} {lat:.5f}")
    return MADE_ID + hashlib.blake2b("\x1f".join(facts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def converted(convert: Callable[[Any], Service | Rejected], raw: Any) -> Service | Rejected:
    """What ``convert`` makes of a record; one of a form that nobody foresaw is rejected, and the reading goes on."""
    try:
        return convert(raw)
    except CartoError:
        raise
    except Exception as error:  # a list where text should be, a number without end…
        return reject(msg("It is not of the form expected ({cause}).", cause=f"{type(error).__name__}: {error}"), raw)


def wanted(
    records: Iterable[ServiceRecord], query: Query, predicate: Predicate | None, progress: Progress
) -> Iterator[ServiceRecord]:
    """The services that the query wants, and all rejections; says how many could not be placed in its territory."""
    nowhere = 0
    for record in records:
        if isinstance(record, Service):
            nowhere += query.communes is not None and not record.code_insee
            if not (query.wants(record) and (predicate is None or predicate(record))):
                continue
        yield record
    if nowhere:
        progress.warn(
            msg(
                "{count} record without INSEE code was left out of the territory."
                "|{count} records without INSEE code were left out of the territory.",
                count=nowhere,
            )
        )


def reject(reason: Message, raw: Any) -> Rejected:
    """A rejected record, with as much of it as a person needs to find it again."""
    text = raw if isinstance(raw, str) else json.dumps(raw, ensure_ascii=False, default=str)
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return Rejected(reason, text[:RAW_LENGTH])


class Distinct:
    """Turns a service whose identifier was already read into a rejection. Keeps 64 bits an identifier.

    Of two places with the same made identifier (`MADE_ID`), the second gets a longer one, if their contents differ.
    """

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self.made = 0

    @property
    def count(self) -> int:
        """How many identifiers were read."""
        return len(self._seen)

    def knows_less_than(self, records: Iterable[ServiceRecord]) -> bool:
        """Whether there is a service among these whose identifier was not read."""
        return any(isinstance(one, Service) and hash(one.id) not in self._seen for one in records)

    def check(self, record: ServiceRecord) -> ServiceRecord:
        """The record, or the rejection it becomes."""
        if isinstance(record, Rejected):
            return record
        if record.id.startswith(MADE_ID):
            self.made += 1
            longer = f"{record.id}-{record.version[:8]}"
            if hash(record.id) in self._seen:
                record = replace(record, id=longer)
            else:
                self._seen.add(hash(longer))
        key = hash(record.id)
        if key in self._seen:
            values = {column: getattr(record, column) for column in SERVICE_COLUMNS}
            return reject(msg("Its identifier “{id}” was already read.", id=record.id), values)
        self._seen.add(key)
        return record

    def tell(self, progress: Progress) -> None:
        """Say how many identifiers were made, if any."""
        if self.made:
            progress.warn(
                msg(
                    "{count} record has no identifier in the source: one was made from its name and address."
                    "|{count} records have no identifier in the source: one was made from their names and addresses.",
                    count=self.made,
                )
            )


def as_far_as_it_goes(records: Iterable[ServiceRecord], progress: Progress) -> Iterator[ServiceRecord]:
    """The records; a reading that stops midway ends with one more rejection that says so, instead of an error."""
    try:
        yield from records
    except Incomplete as stop:
        progress.warn(stop.message)
        yield Rejected(stop.message, "")
