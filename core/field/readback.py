"""What becomes of each row that comes back from the field: one `RowOutcome` a row, whatever the order of the copies.

A row is held against the service as it was on leaving (what the agent saw), as the registry has it now, against the
other rows and against the outbox. Nothing is merged: who says otherwise than another is shown, and the user chooses.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, NamedTuple

import numpy as np

from ..coordinates import geocentric
from ..corrections.conflicts import conflict_of, current_value
from ..corrections.model import (
    CHANGEABLE,
    POSITION,
    WITH_POSITION,
    Change,
    Correction,
    as_feature,
    from_properties,
    place_of,
    properties_of,
    read_changes,
    same_place,
    same_value,
    settled,
)
from ..corrections.outbox import CLOSED, Entry
from ..corrections.validation import check
from ..dates import iso_date
from ..errors import CartoError
from ..hours_sources import from_osm
from ..identifiers import CHECKS, NORMAL_FORMS
from ..messages import Message, msg
from ..services import SERVICE_COLUMNS, Service
from ..versions import clean
from .copies import FieldCopy, FieldRow
from .package import PHOTO, PROPOSED, version_of

ADDED, CONFLICT, KNOWN, SAME, APPLIED, UNUSABLE = (
    *("ajoutee", "conflit", "deja_lue", "identique"),
    *("deja_a_jour", "inutilisable"),
)
RESULTS = (ADDED, CONFLICT, KNOWN, SAME, APPLIED, UNUSABLE)
"""What a row may become: put in the outbox, put there to be chosen from, there already, what another row says, what
the record says already, nothing."""
EMPTIED = "-"
"""What an agent writes to empty a field: an empty box changes nothing."""
_NO_NEWS = ("uuid", "cree_le", "auteur_organisation", "courriel", "etat", "motif", "ref_serveur")
"""What two corrections that propose the same may have otherwise."""
FARTHEST = 100.0
"""Kilometres from all services of a package beyond which no agent of it can have been: a position that was never taken
(0, 0), or written in degrees into a layer in metres."""
_STANCES = ("fermeture", "reouverture", "confirmation", "doublon")
"""Types that say of a service as a whole what no two agents can say differently."""

Present = Mapping[str, "Mapping[str, Any] | None"]
"""Services as the registry has them now, by id, as GeoJSON features; None for those that are gone. An id that is no key
was not looked up."""


class RowOutcome(NamedTuple):
    """What one row became. ``base``: the service on leaving; ``theirs``: as it is now, where that is known.

    ``others``: by field, what other rows or the outbox propose instead. ``photo``: the picture taken, as named there.
    ``looked_up``: whether the registry was asked, and ``theirs`` None means that the service is gone.
    """

    row: FieldRow
    result: str
    correction: Correction | None = None
    reason: Message | None = None
    base: Service | None = None
    theirs: Mapping[str, Any] | None = None
    others: Mapping[str, tuple[str, ...]] = {}
    photo: str = ""
    looked_up: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that it speaks of, or its type where it speaks of the service as a whole."""
        return tuple(self.correction.changes) or (self.correction.type,) if self.correction else ()


def read_back(
    copies: Iterable[FieldCopy],
    present: Present,
    outbox: Sequence[Entry],
    words: Mapping[str, str] | None = None,
    withdrawn: Mapping[str, str] | None = None,
) -> list[RowOutcome]:
    """One outcome a row, in the order of the rows given. ``words``: fields of a correction that a row leaves empty.

    ``withdrawn``: what the user has taken out of the outbox (`Outbox.withdrawn`).
    """
    kept = {entry.uuid: entry for entry in outbox}
    waiting = [entry.correction for entry in outbox if entry.state not in CLOSED]
    read = [_known(outcome, kept, withdrawn or {}) for copy in copies for outcome in _read_all(copy, words or {})]
    read = [_applied(outcome, present) for outcome in _one_by_uuid(read)]
    read = _contradicted(_said_once(read, waiting), waiting)
    return [_changed_meanwhile(outcome, present) for outcome in read]


def services_spoken_of(copies: Iterable[FieldCopy]) -> list[str]:
    """The ids that the rows name, sorted: those to look up in the registry."""
    return sorted({clean(row.values.get("service_id")) for copy in copies for row in copy.rows} - {""})


def tally(outcomes: Iterable[RowOutcome]) -> dict[str, int]:
    """How many rows became what; every result is there."""
    found = Counter(outcome.result for outcome in outcomes)
    return {result: found[result] for result in RESULTS}


def feature_of(service: Service) -> dict[str, Any]:
    """A service as a GeoJSON feature, its version among its properties."""
    properties = {column: getattr(service, column) for column in SERVICE_COLUMNS}
    place = place_of(service)
    geometry = None if place is None else {"type": "Point", "coordinates": place}
    return {
        "type": "Feature",
        "id": service.id,
        "geometry": geometry,
        "properties": {**properties, "version": version_of(service)},
    }


# -- one row ----------------------------------------------------------------------------------------------------------


def _read_all(copy: FieldCopy, words: Mapping[str, str]) -> Iterator[RowOutcome]:
    places = [place for place in map(place_of, copy.base.values()) if place]
    placed = geocentric(np.array(places, dtype=float).reshape(-1, 2))
    for row in copy.rows:
        outcome = _read(row, copy, words)
        astray = _astray(outcome.correction, placed) if _open(outcome) else None
        yield outcome._replace(result=UNUSABLE, reason=astray) if astray else outcome


def _read(row: FieldRow, copy: FieldCopy, words: Mapping[str, str]) -> RowOutcome:
    photo = clean(row.values.get(PHOTO))
    is_new = clean(row.values.get("type")) == "creation"  # whatever service the form proposed, the nearest to the point
    service = None if is_new else copy.base.get(clean(row.values.get("service_id")))
    try:
        correction = _correction(row, service, words)
    except CartoError as error:
        return RowOutcome(row, UNUSABLE, None, error.message, service, photo=photo)
    wrong = _refusal(correction, service) or _first(check(correction))
    return RowOutcome(row, UNUSABLE if wrong else ADDED, correction, wrong, service, photo=photo)


def _correction(row: FieldRow, service: Service | None, words: Mapping[str, str]) -> Correction:
    """The correction that a row amounts to. Raises `CartoError`."""
    values = {name: clean(value) for name, value in row.values.items()}
    kind = values.get("type", "")
    place = None if row.lon is None or row.lat is None else [row.lon, row.lat]
    changes = {**read_changes(values.get("changes")), **_proposed(values, service)}
    if kind in ("creation", "deplacement") and place and not same_place(place_of(service), place):
        changes[POSITION] = Change(place_of(service), place)
    if kind == "deplacement" and set(changes) - {POSITION}:
        kind = "modification"
    if kind not in WITH_POSITION or POSITION not in changes:
        place = place_of(service)
    properties: dict[str, Any] = {**words, **{name: value for name, value in values.items() if value}}
    properties.update(
        type=kind,
        changes={name: change._asdict() for name, change in changes.items()},
        commentaire=_with_photo(values.get("commentaire", ""), values.get(PHOTO, "")),
        cree_le=_local_time(values.get("cree_le", "")),
        etat="",
    )
    if service is not None:
        properties.update(service_id=service.id, version=version_of(service), producteur=service.producteur)
    elif kind == "creation":
        properties["service_id"] = ""
    return from_properties(properties, *(place or (None, None)))


def _proposed(values: Mapping[str, str], service: Service | None) -> dict[str, Change]:
    """What the boxes of new values change, each in the form in which it is kept."""
    changes = {}
    for name in CHANGEABLE:
        new = _normal(name, values.get(PROPOSED[name], ""))
        old = getattr(service, name) if service else ""
        if new and not same_value(name, old, "" if new == EMPTIED else new):
            changes[name] = Change(old, "" if new == EMPTIED else new)
    return changes


def _normal(name: str, text: str) -> str:
    """A value as it is kept; what is wrong stays as it was typed, to be said as it is."""
    if name == "horaires":
        return text if text == EMPTIED else from_osm(text).horaires or text
    if text == EMPTIED or name not in NORMAL_FORMS or CHECKS[name](text):
        return text
    return NORMAL_FORMS[name](text)


def _with_photo(comment: str, photo: str) -> str:
    """The comment, which names the picture: a correction carries a proof's address, which a phone's file lacks."""
    return "\n".join(filter(None, (comment, photo and f"Photo : {PurePosixPath(photo).name}")))


def _local_time(text: str) -> str:
    """The moment of a row: forms write that of the agent's clock, which a GeoPackage then marks as universal time."""
    return iso_date(text).text.removesuffix("Z").removesuffix(".000") if text else ""


def _refusal(correction: Correction, service: Service | None) -> Message | None:
    """Why a row is none that can be sent, where the checks of a correction would not tell."""
    if correction.service_id and service is None:
        return msg("The package holds no service “{id}”: choose it in the list.", id=correction.service_id)
    if correction.changes and correction.type not in WITH_POSITION:
        return msg(
            "It proposes {fields}, which a correction of the type “{type}” does not change: make two rows of it.",
            fields=", ".join(correction.changes),
            type=correction.type,
        )
    if correction.type == "deplacement" and POSITION not in correction.changes:
        return msg("Its point is where the service is already: move it.")
    return None


def _astray(correction: Correction | None, placed: np.ndarray) -> Message | None:
    """Why a new position cannot be meant: it is far from all services ``placed`` (n, 3), in geocentric metres."""
    if correction is None or POSITION not in correction.changes or not len(placed):
        return None
    lon, lat = correction.changes[POSITION].new
    away = np.linalg.norm(placed - geocentric(np.array([[lon, lat]])), axis=1).min() / 1000
    if away <= FARTHEST:
        return None
    return msg(
        "Its point ({lat}, {lon}) is {distance} km from the nearest service of the package: draw it where it is.",
        lat=round(lat, 4),
        lon=round(lon, 4),
        distance=round(float(away)),
    )


def _first(wrong: Mapping[str, Message]) -> Message | None:
    field, reason = next(iter(wrong.items()), ("", None))
    return msg("{field}: {reason}", field=field, reason=reason) if reason else None


# -- rows among themselves, and with the outbox -----------------------------------------------------------------------


def _news(correction: Correction) -> str:
    """What a correction proposes, without what tells one sending of it from another."""
    said = as_feature(correction)["properties"]
    return repr(sorted((name, value) for name, value in said.items() if name not in _NO_NEWS))


def _order(outcome: RowOutcome) -> tuple[str, int]:
    return outcome.row.copy, outcome.row.fid


def _open(outcome: RowOutcome) -> bool:
    """Whether nothing stands in the way of a row so far."""
    return outcome.result == ADDED and outcome.correction is not None


def _one_by_uuid(read: list[RowOutcome]) -> list[RowOutcome]:
    """Rows of one uuid: the same is read once; those that say otherwise get a uuid of their content, and are shown."""
    same: dict[str, list[RowOutcome]] = defaultdict(list)
    for outcome in read:
        if outcome.correction is not None and _open(outcome):
            same[outcome.correction.uuid].append(outcome)
    made = {}
    for group in same.values():
        group.sort(key=_order)
        first: dict[str, RowOutcome] = {}
        for outcome in group:
            kept = first.setdefault(_news(_told(outcome)), outcome)
            if kept is not outcome:
                made[_order(outcome)] = _as_another(outcome, kept)
        if len(first) > 1:
            reason = msg("Two copies hold this correction with other words: choose one, withdraw the other.")
            for outcome in first.values():
                made[_order(outcome)] = outcome._replace(
                    result=CONFLICT, reason=reason, correction=settled(_told(outcome))
                )
    return [made.get(_order(outcome), outcome) for outcome in read]


def _told(outcome: RowOutcome) -> Correction:
    """The correction of a row that is one. Raises `LookupError` of another."""
    if outcome.correction is None:
        raise LookupError(outcome.row)
    return outcome.correction


def _as_another(outcome: RowOutcome, kept: RowOutcome) -> RowOutcome:
    reason = msg("The same as row {row} of {copy}.", row=kept.row.fid, copy=kept.row.copy)
    return outcome._replace(result=SAME, reason=reason)


def _known(outcome: RowOutcome, outbox: Mapping[str, Entry], withdrawn: Mapping[str, str]) -> RowOutcome:
    """A row that the outbox has, under its uuid or one of its content: it stays as the user has made it since.

    One that it had, and the user withdrew, does not come back unless the row says something else by now.
    """
    if not _open(outcome):
        return outcome
    correction = _told(outcome)
    content = settled(correction).uuid
    entry = outbox.get(correction.uuid) or outbox.get(content)
    if entry is None:
        if content not in (withdrawn.get(correction.uuid), withdrawn.get(content)):
            return outcome
        reason = msg("You have withdrawn it from your outbox: it is not put there again.")
        return outcome._replace(result=KNOWN, reason=reason)
    same = _news(entry.correction) == _news(correction)
    other = msg("Your outbox holds it with other words, and is left as it is.")
    return outcome._replace(result=KNOWN, reason=None if same else other)


def _applied(outcome: RowOutcome, present: Present) -> RowOutcome:
    """A row that proposes what the registry has by now."""
    correction = outcome.correction
    if correction is None or not _open(outcome) or correction.service_id not in present:
        return outcome
    theirs = present[correction.service_id]
    if theirs is None:
        done = correction.type == "fermeture"
    else:
        done = bool(correction.changes) and all(
            same_value(name, current_value(theirs, name), change.new) for name, change in correction.changes.items()
        )
    reason = msg("The registry says so already.")
    return outcome._replace(result=APPLIED, reason=reason, theirs=theirs) if done else outcome


def _said_once(read: list[RowOutcome], waiting: Sequence[Correction]) -> list[RowOutcome]:
    """Of rows that propose the very same of a service, word for word, one is kept; none where the outbox has it."""
    kept: dict[str, RowOutcome] = {}
    made = {}
    there = {_news(correction) for correction in waiting}
    by_uuid = sorted((outcome for outcome in read if _open(outcome)), key=lambda outcome: _told(outcome).uuid)
    for outcome in by_uuid:
        if not _told(outcome).service_id or _told(outcome).type == "alerte":
            continue
        if _news(_told(outcome)) in there:
            reason = msg("Your outbox holds the very same proposal already.")
            made[_order(outcome)] = outcome._replace(result=SAME, reason=reason)
        else:
            first = kept.setdefault(_news(_told(outcome)), outcome)
            if first is not outcome:
                made[_order(outcome)] = _as_another(outcome, first)
    return [made.get(_order(outcome), outcome) for outcome in read]


def _claims(correction: Correction) -> dict[str, str]:
    """What a correction says of its service, by field; of the service as a whole under its type's own name."""
    said = {name: _value_text(change.new) for name, change in correction.changes.items()}
    if correction.type in _STANCES:
        said["type"] = " ".join(filter(None, (correction.type, correction.duplicate_of)))
    return said if correction.service_id else {}


def _value_text(value: Any) -> str:
    return (
        ", ".join(f"{number:.6f}" for number in reversed(value)) if isinstance(value, (list, tuple)) else clean(value)
    )


def _contradicted(read: list[RowOutcome], waiting: Sequence[Correction]) -> list[RowOutcome]:
    """Rows that propose of one field of one service what another row, or the outbox, proposes otherwise."""
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    speaking = [_told(outcome) for outcome in read if _open(outcome)]
    for correction in (*speaking, *waiting):
        for field, value in _claims(correction).items():
            said[correction.service_id, field].add(value)
    given = []
    for outcome in read:
        if _open(outcome):
            outcome = _against(outcome, said)
        given.append(outcome)
    return given


def _against(outcome: RowOutcome, said: Mapping[tuple[str, str], set[str]]) -> RowOutcome:
    correction = _told(outcome)
    claims = _claims(correction)
    others = {
        field: tuple(sorted(said[correction.service_id, field] - {value}))
        for field, value in claims.items()
        if len(said[correction.service_id, field]) > 1
    }
    if not others:
        return outcome
    reason = msg(
        "Another agent, or your outbox, says otherwise: {fields} ({others}).",
        fields=", ".join(others),
        others=" / ".join(value or EMPTIED for values in others.values() for value in values),
    )
    return outcome._replace(result=CONFLICT, reason=reason, others=others)


def _changed_meanwhile(outcome: RowOutcome, present: Present) -> RowOutcome:
    """The service as it is now, and the conflict where what a row speaks of has changed since the package left."""
    correction = outcome.correction
    if correction is None or correction.service_id not in present:
        return outcome
    theirs = present[correction.service_id]
    outcome = outcome._replace(theirs=theirs, looked_up=True)
    if not _open(outcome):
        return outcome
    conflict = conflict_of(correction, None if theirs is None else dict(theirs))
    return outcome._replace(result=CONFLICT, reason=conflict.reason) if conflict else outcome


class ConflictLine(NamedTuple):
    """One field of a conflict: on leaving, in the registry now, in this row, elsewhere."""

    field: str
    leaving: str
    now: str
    proposed: str
    others: str


def lines_of(outcome: RowOutcome) -> list[ConflictLine]:
    """What a conflict is about, field by field."""
    correction = outcome.correction
    if correction is None:
        return []
    lines = []
    for field in outcome.fields:
        change = correction.changes.get(field)
        now = "" if outcome.theirs is None else _value_text(current_value(outcome.theirs, field))
        others = outcome.others.get(field if change else "type", ())
        old, new = (_value_text(change.old), _value_text(change.new)) if change else ("", field)
        lines.append(ConflictLine(field, old, now if change else "", new, " / ".join(others)))
    return lines


def name_of(outcome: RowOutcome) -> str:
    """What the service of a row is called: on leaving, now, or as the row proposes."""
    if outcome.base is not None:
        return outcome.base.nom
    named = outcome.correction.changes.get("nom") if outcome.correction else None
    return clean(named.new if named else properties_of(outcome.theirs or {}).get("nom"))
