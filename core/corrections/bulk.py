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
from ..versions import clean, content_version, feature_version
from .losses import is_loss, is_lost_place, named_in_full, says_the_same
from .model import (
    CHANGEABLE,
    POSITION,
    Correction,
    from_properties,
    of_edit,
    place_of,
    point_of,
    properties_of,
    same_place,
    settled,
)
from .validation import check

Current = Callable[[str], Union[Mapping[str, Any], None]]
"""Gives a service of the registry, by its identifier, as a GeoJSON feature; None when it has it no more."""


class CorrectionRow(NamedTuple):
    """A row as read: its columns by name, its position in degrees."""

    properties: Mapping[str, Any]
    lon: float | None = None
    lat: float | None = None


class Proposal(NamedTuple):
    """What a row amounts to: a correction, or the reason why it is none; neither when the row changes nothing.

    ``lost``: fields of which the row says less than the registry's record, or nothing that can be read.
    """

    correction: Correction | None
    reason: Message | None = None
    lost: tuple[str, ...] = ()


class Preview(NamedTuple):
    """What sending would do, in figures."""

    by_type: dict[str, int]
    by_field: dict[str, int]
    unchanged: int
    unusable: int
    lost: dict[str, int]


def is_corrections_layer(columns: Iterable[str]) -> bool:
    """Whether columns are those of corrections, rather than of services."""
    return {"type", "changes"} <= set(columns)


def proposals_of_corrections(rows: Iterable[CorrectionRow]) -> list[Proposal]:
    """Rows of a layer of corrections. Those the registry already has (`envoyee` and after) are left alone."""
    return _made_distinct([_checked(_as_correction(row)) for row in rows])


def proposals_of_edits(
    rows: Iterable[CorrectionRow], current: Current, words: Mapping[str, str], progress: Progress = Progress()
) -> list[Proposal]:
    """Rows of an edited copy of the services: each is compared with the record it was copied from.

    A row without `id` is a new place. A row whose content still has the version it was read with has not been edited,
    and costs no request. Otherwise the registry's record tells what was there before, as long as it still is the
    version that was read; if not, the difference is unknown and the row is refused. A column that the copy has not
    changes nothing, nor does a value that a conversion broke or made less precise: it is among the ``lost`` ones.
    ``words`` are added to each correction (`auteur_organisation`, `commentaire`, …).
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
        sum(proposal.correction is None and proposal.reason is None for proposal in proposals),
        sum(proposal.reason is not None for proposal in proposals),
        dict(Counter(name for proposal in proposals for name in proposal.lost).most_common()),
    )


def _as_correction(row: CorrectionRow) -> Proposal:
    try:
        correction = from_properties(row.properties, row.lon, row.lat)
    except CartoError as error:
        return Proposal(None, error.message)
    if correction.etat in ("envoyee", "transmise", "acceptee", "rejetee"):
        return Proposal(correction, msg("It was sent before (state “{state}”).", state=correction.etat))
    return Proposal(correction)


def _edit(row: CorrectionRow, current: Current, words: Mapping[str, str]) -> Proposal:
    row = row._replace(properties=named_in_full(row.properties))
    copy = _service(row)
    if not copy.id:
        if not {"id", "nom"} & row.properties.keys():
            return Proposal(None, msg("It has neither a column “id” nor a column “nom”."))
        if "id" not in row.properties and copy.version:
            return Proposal(None, msg("It has no column “id”, which says of which service it is a copy."))
        return _new(row, words)
    if copy.version and copy.version == content_version(row.properties, row.lon, row.lat):
        return Proposal(None)
    feature = current(copy.id)
    if feature is None:
        return Proposal(None, msg("The registry has no service “{id}”.", id=copy.id))
    if copy.version and feature_version(feature) != copy.version:
        reason = msg("The registry's record has changed since this copy was made: load it again, then edit.")
        return Proposal(None, reason)
    read = CorrectionRow(properties_of(feature), *(point_of(feature) or (None, None)))
    # Servers that keep their key out of the properties do not say the identifier there.
    before = _service(read, id=copy.id, version=feature_version(feature))
    after, lost = _edited(before, row)
    return _proposed(of_edit(before, after), words)._replace(lost=lost)


def _new(row: CorrectionRow, words: Mapping[str, str]) -> Proposal:
    """A new place, without the values that cannot be read."""
    values = {name: clean(row.properties.get(name)) for name in SERVICE_COLUMNS}
    lost = tuple(name for name in CHANGEABLE if is_loss("", values[name]))
    values.update(dict.fromkeys(lost, ""))
    return _proposed(of_edit(None, Service(**values, lon=row.lon, lat=row.lat)), words)._replace(lost=lost)


def _edited(before: Service, row: CorrectionRow) -> tuple[Service, tuple[str, ...]]:
    """The record as the row would have it, and the fields that the row lost on its way."""
    said: dict[str, Any] = {}
    lost = []
    for name in CHANGEABLE:
        old, new = getattr(before, name), clean(row.properties.get(name))
        if name not in row.properties or says_the_same(name, old, new):
            continue
        if is_loss(old, new):
            lost.append(name)
        else:
            said[name] = new
    if row.lon is not None and row.lat is not None and not same_place(place_of(before), [row.lon, row.lat]):
        if is_lost_place(place_of(before), [row.lon, row.lat]):
            lost.append(POSITION)
        else:
            said.update(lon=row.lon, lat=row.lat)
    return replace(before, **said), tuple(lost)


def _proposed(correction: Correction | None, words: Mapping[str, Any]) -> Proposal:
    """The same edit of the same record, sent again with the rest of its layer, is the same correction."""
    return Proposal(None if correction is None else replace(settled(correction), **words))


def _checked(proposal: Proposal) -> Proposal:
    if proposal.correction is None or proposal.reason is not None:
        return proposal
    wrong = check(proposal.correction)
    if not wrong:
        return proposal
    field, reason = next(iter(wrong.items()))
    return proposal._replace(reason=msg("{field}: {reason}", field=field, reason=reason))


def _made_distinct(proposals: list[Proposal]) -> list[Proposal]:
    """A row copied with its uuid and then edited is another correction: it must not pass for the first."""
    first: dict[str, Correction] = {}
    distinct = []
    for proposal in proposals:
        correction = proposal.correction
        if correction is not None and proposal.reason is None:
            same = replace(first.setdefault(correction.uuid, correction), cree_le=correction.cree_le) == correction
            if not same:
                reason = msg("Another row has its uuid and says otherwise: empty the uuid of one of them.")
                proposal = Proposal(correction, reason)
        distinct.append(proposal)
    return distinct


def _service(row: CorrectionRow, **known: str) -> Service:
    texts = {name: clean(row.properties.get(name)) for name in SERVICE_COLUMNS}
    return Service(**{**texts, **known}, lon=row.lon, lat=row.lat)
