"""From what producers write to the columns of the contract, without inventing anything."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..messages import Message, msg
from ..progress import Progress
from ..services import ACCESSIBILITES, MODALITES, PRECISIONS, SERVICE_COLUMNS, Rejected, Service, ServiceRecord
from ..versions import content_version
from .connection import Incomplete
from .positions import examine

RAW_LENGTH = 4000
"""Characters kept of a rejected record."""

_PLAIN_COLUMNS = tuple(
    column
    for column in SERVICE_COLUMNS
    if column not in ("modalite", "accessibilite", "precision_position", "code_insee", "code_postal", "version")
    and column != "anomalie"
)


def clean(value: Any) -> str:
    """A value as text: nothing for None, no decimals on whole numbers, no blanks around."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def code5(value: Any) -> str:
    """An INSEE or postal code, with the leading zero that spreadsheets and numbers lose."""
    text = clean(value)
    return "0" + text if len(text) == 4 and text.isdigit() else text


def build_service(
    values: Mapping[str, Any], lon: Any, lat: Any, *, notes: tuple[str, ...] = (), version: str = ""
) -> Service | Rejected:
    """A service from values named like the columns (absent ones stay empty), or why it cannot be one.

    ``lon`` and ``lat`` are degrees, as numbers or texts; a suspicious position is kept and flagged in `anomalie`,
    after the ``notes`` (codes of `ANOMALIES`) of whoever calls.
    A ``version`` that is not given, as such or among the values, is made from the content.
    """
    texts = {column: clean(values.get(column)) for column in _PLAIN_COLUMNS}
    if not texts["id"]:
        return reject(msg("It has no identifier."), values)
    if not texts["nom"]:
        return reject(msg("It has no name."), values)
    code_insee = code5(values.get("code_insee"))
    position = examine(lon, lat, code_insee)
    precision = _one_of(PRECISIONS, clean(values.get("precision_position")), "inconnue")
    return Service(
        **texts,
        code_insee=code_insee,
        code_postal=code5(values.get("code_postal")),
        modalite=_one_of(MODALITES, clean(values.get("modalite")).lower(), "fixe"),
        accessibilite=_one_of(ACCESSIBILITES, clean(values.get("accessibilite")).upper(), ""),
        precision_position="inconnue" if position.anomalie else precision,
        version=version or clean(values.get("version")) or content_version(values, position.lon, position.lat),
        anomalie=";".join(filter(None, (*notes, position.anomalie))),
        lon=position.lon,
        lat=position.lat,
    )


def reject(reason: Message, raw: Any) -> Rejected:
    """A rejected record, with as much of it as a person needs to find it again."""
    text = raw if isinstance(raw, str) else json.dumps(raw, ensure_ascii=False, default=str)
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return Rejected(reason, text[:RAW_LENGTH])


class Distinct:
    """Turns a service whose identifier was already read into a rejection. Keeps 64 bits an identifier."""

    def __init__(self) -> None:
        self._seen: set[int] = set()

    @property
    def count(self) -> int:
        """How many identifiers were read."""
        return len(self._seen)

    def check(self, record: ServiceRecord) -> ServiceRecord:
        """The record, or the rejection it becomes."""
        if isinstance(record, Rejected):
            return record
        key = hash(record.id)
        if key in self._seen:
            values = {column: getattr(record, column) for column in SERVICE_COLUMNS}
            return reject(msg("Its identifier “{id}” was already read.", id=record.id), values)
        self._seen.add(key)
        return record


def as_far_as_it_goes(records: Iterable[ServiceRecord], progress: Progress) -> Iterator[ServiceRecord]:
    """The records; a reading that stops midway ends with one more rejection that says so, instead of an error."""
    try:
        yield from records
    except Incomplete as stop:
        progress.warn(stop.message)
        yield Rejected(stop.message, "")


def _one_of(allowed: tuple[str, ...], value: str, otherwise: str) -> str:
    return value if value in allowed else otherwise
