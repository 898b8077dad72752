"""Many corrections at once, from rows: a layer of corrections, or an edited copy of the layer of services."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple, Union

from ..errors import CartoError
from ..messages import Message, msg
from ..progress import Progress
from ..services import SERVICE_COLUMNS, Service
from ..versions import content_version, feature_version
from .model import Correction, from_properties, of_edit, point_of, properties_of, settled
from .validation import check

Current = Callable[[str], Union[Mapping[str, Any], None]]
"""Gives a service of the registry, by its identifier, as a GeoJSON feature; None when it has it no more."""


class Row(NamedTuple):
    """A row as read: its columns by name, its position in degrees."""

    properties: Mapping[str, Any]
    lon: float | None = None
    lat: float | None = None


class Proposal(NamedTuple):
    """What a row amounts to: a correction, or the reason why it is none; neither when the row changes nothing."""

    correction: Correction | None
    reason: Message | None = None


class Preview(NamedTuple):
    """What sending would do, in figures."""

    by_type: dict[str, int]
    by_field: dict[str, int]
    unchanged: int
    unusable: int


def is_corrections_layer(columns: Iterable[str]) -> bool:
    """Whether columns are those of corrections, rather than of services."""
    return {"type", "changes"} <= set(columns)


def proposals_of_corrections(rows: Iterable[Row]) -> list[Proposal]:
    """Rows of a layer of corrections. Those the registry already has (`envoyee` and after) are left alone."""
    return _told_apart([_checked(_as_correction(row)) for row in rows])


def proposals_of_edits(
    rows: Iterable[Row], current: Current, words: Mapping[str, str], progress: Progress = Progress()
) -> list[Proposal]:
    """Rows of an edited copy of the services: each is compared with the record it was copied from.

    A row without `id` is a new place. A row whose content still has the version it was read with has not been edited,
    and costs no request. Otherwise the registry's record tells what was there before, as long as it still is the
    version that was read; if not, the difference cannot be told and the row is refused. ``words`` are added to each
    correction (`auteur_organisation`, `commentaire`, …).
    """
    rows = list(rows)
    proposals = []
    for index, row in enumerate(rows):
        progress.advance(index / max(len(rows), 1))
        proposals.append(_checked(_edit(row, current, words)))
    return proposals


def preview(proposals: Iterable[Proposal]) -> Preview:
    """Counts for the user, before anything is sent."""
    proposals = list(proposals)
    corrections = [proposal.correction for proposal in proposals if proposal.correction and not proposal.reason]
    return Preview(
        dict(Counter(correction.type for correction in corrections).most_common()),
        dict(Counter(name for correction in corrections for name in correction.changes).most_common()),
        sum(proposal == Proposal(None) for proposal in proposals),
        sum(proposal.reason is not None for proposal in proposals),
    )


def _as_correction(row: Row) -> Proposal:
    try:
        correction = from_properties(row.properties, row.lon, row.lat)
    except CartoError as error:
        return Proposal(None, error.message)
    if correction.etat in ("envoyee", "transmise", "acceptee", "rejetee"):
        return Proposal(correction, msg("It was sent before (state “{state}”).", state=correction.etat))
    return Proposal(correction)


def _edit(row: Row, current: Current, words: Mapping[str, str]) -> Proposal:
    after = _service(row)
    if not after.id:
        return _proposed(of_edit(None, after), words)
    if after.version and after.version == content_version(row.properties, row.lon, row.lat):
        return Proposal(None)
    feature = current(after.id)
    if feature is None:
        return Proposal(None, msg("The registry has no service “{id}”.", id=after.id))
    if after.version and feature_version(feature) != after.version:
        reason = msg("The registry's record has changed since this copy was made: load it again, then edit.")
        return Proposal(None, reason)
    read = Row(properties_of(feature), *(point_of(feature) or (None, None)))
    # Servers that keep their key out of the properties do not say the identifier there.
    before = _service(read, id=after.id, version=feature_version(feature))
    return _proposed(of_edit(before, after), words)


def _proposed(correction: Correction | None, words: Mapping[str, str]) -> Proposal:
    """The same edit of the same record, sent again with the rest of its layer, is the same correction."""
    return Proposal(None if correction is None else replace(settled(correction), **words))


def _checked(proposal: Proposal) -> Proposal:
    if proposal.correction is None or proposal.reason is not None:
        return proposal
    wrong = check(proposal.correction)
    if not wrong:
        return proposal
    field, reason = next(iter(wrong.items()))
    return Proposal(proposal.correction, msg("{field}: {reason}", field=field, reason=reason))


def _told_apart(proposals: list[Proposal]) -> list[Proposal]:
    """A row copied with its uuid and then edited is another correction: it must not pass for the first."""
    first: dict[str, Correction] = {}
    told = []
    for proposal in proposals:
        correction = proposal.correction
        if correction is not None and proposal.reason is None:
            same = replace(first.setdefault(correction.uuid, correction), cree_le=correction.cree_le) == correction
            if not same:
                reason = msg("Another row has its uuid and says otherwise: empty the uuid of one of them.")
                proposal = Proposal(correction, reason)
        told.append(proposal)
    return told


def _service(row: Row, **known: str) -> Service:
    texts = {name: _text(row.properties.get(name)) for name in SERVICE_COLUMNS}
    return Service(**{**texts, **known}, lon=row.lon, lat=row.lat)


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()
