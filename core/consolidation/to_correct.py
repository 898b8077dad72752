"""What goes back to a producer: corrections of its own records, from what the others know and the referential shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from ..corrections.model import CHANGEABLE, POSITION, Change, Correction, new_correction, place_of, settled
from ..corrections.validation import check, check_field
from ..identifiers import normal_code
from ..matching.proposals import says_no_more
from ..progress import Progress
from ..registry import geopackage as gpkg
from ..services import SERVICE_COLUMNS, Service
from . import store
from .choice import BY_PRIORITY, LATEST, said
from .quality import position_in_doubt

EMPTY, OTHER, PLACE, TWICE, CLOSED = "vide", "conflit", "position", "doublon", "ferme"
KINDS = (EMPTY, OTHER, PLACE, TWICE, CLOSED)
"""A field that others fill; a value that the referential does not show; a position in doubt that another has to the
address; two records of one place; an establishment that Sirene has as closed."""

_PRECISE = ("adresse", "voie")
_CHOSEN_AGAINST = (BY_PRIORITY, LATEST)
_NOT_IN_BULK = ("categorie", "modalite")
"""What a producer means by its own words: never corrected by the hundred."""
_FIELDS = tuple(field for field in CHANGEABLE if field not in _NOT_IN_BULK)


class ToCorrect(NamedTuple):
    """A correction, which of `KINDS` are in it, and what the producer calls the place."""

    correction: Correction
    kinds: tuple[str, ...]
    name: str


class Shown(NamedTuple):
    """What the referential shows of a field, and by which rule."""

    value: str
    producer: str
    rule: str


class PlaceRecords(NamedTuple):
    """A place: its records, ascending by key, and what is shown of it."""

    id: str
    records: Sequence[Service]
    shown: Mapping[str, Shown]


def to_correct(
    path: Path,
    kinds: Collection[str] = KINDS,
    *,
    producers: Collection[str] | None = None,
    closed: Mapping[str, str] | None = None,
    progress: Progress = Progress(),
) -> Iterator[ToCorrect]:
    """The corrections that a referential's last edition calls for, of some producers or of all.

    ``closed``: SIRET → the day it closed. The same referential gives the same corrections, uuids included: what was
    proposed once is known. Values that no registry would take are left out. Raises `NotAReferential`.
    """
    for place in places(path, progress):
        for record in place.records:
            if producers is None or record.producteur in producers:
                yield from _of_record(record, place, kinds, closed or {})


def counts(found: Iterable[ToCorrect]) -> Counter[tuple[str, str]]:
    """How many corrections of each producer hold each kind."""
    return Counter((one.correction.producteur, kind) for one in found for kind in one.kinds)


def places(path: Path, progress: Progress = Progress()) -> Iterator[PlaceRecords]:
    """The places of the last edition with their records, by identifier."""
    columns = ", ".join(f"e.{column}" for column in SERVICE_COLUMNS)
    members = gpkg.sql(
        *("SELECT p.id,", columns, ", e.lon, e.lat FROM passerelle p JOIN enregistrements e"),
        "ON e.producteur = p.producteur AND e.id_producteur = p.id_producteur",
        "WHERE p.au IS NULL ORDER BY p.id, p.producteur, p.id_producteur",
    )
    # Provenance is written by identifier.
    chosen = "SELECT id, champ, valeur, producteur, regle FROM provenance ORDER BY fid"
    with store.reading(path, progress) as database:
        total = max(database.execute("SELECT count(*) FROM services").fetchone()[0], 1)
        by_place = groupby(database.execute(members), itemgetter(0))
        by_value = groupby(database.execute(chosen), itemgetter(0))
        for number, ((identifier, rows), (same, values)) in enumerate(zip(by_place, by_value)):
            if identifier != same:
                raise store.not_one(path)
            if number % 1000 == 0:
                progress.advance(min(number / total, 1.0))
            records = [_record(row) for row in rows]
            yield PlaceRecords(identifier, records, {row[1]: Shown(*row[2:]) for row in values})


# -- inside -----------------------------------------------------------------------------------------------------------


def _record(row: Sequence) -> Service:
    service = Service(*row[1 : 1 + len(SERVICE_COLUMNS)], *row[1 + len(SERVICE_COLUMNS) :])
    return service if service.id else replace(service, id=service.id_producteur)


def _of_record(
    record: Service, place: PlaceRecords, kinds: Collection[str], closed: Mapping[str, str]
) -> Iterator[ToCorrect]:
    siret = normal_code(record.siret)
    if CLOSED in kinds and siret in closed:
        since = f" depuis le {closed[siret]}" if closed[siret] else ""
        words = f"Établissement {siret} fermé au répertoire Sirene{since}."
        yield ToCorrect(settled(new_correction("fermeture", record, commentaire=words)), (CLOSED,), record.nom)
        return
    if TWICE in kinds:
        kept = _kept_of([one for one in place.records if one.producteur == record.producteur])
        if kept.id != record.id:
            words = f"Même lieu que {kept.id} ({kept.nom})."
            doubled = new_correction("doublon", record, duplicate_of=kept.id, commentaire=words)
            yield ToCorrect(settled(doubled), (TWICE,), record.nom)
            return
    if len(place.records) > 1:
        yield from _changes(record, place, kinds)


def _kept_of(own: Sequence[Service]) -> Service:
    """Of a producer's records of one place, the one to keep: changed last, then the first by key."""
    return max(own, key=lambda one: one.date_maj)


def _changes(record: Service, place: PlaceRecords, kinds: Collection[str]) -> Iterator[ToCorrect]:
    changes: dict[str, Change] = {}
    found, sources = set(), set()
    for field in _FIELDS:
        shown = place.shown.get(field)
        kind = _kind_of(record, field, shown)
        if shown is not None and kind in kinds and not check_field(field, shown.value):
            changes[field] = Change(said(record, field), shown.value.strip())
            found.add(kind)
            sources.add(shown.producer)
    better = _better_placed(record, place) if PLACE in kinds else None
    if better is not None:
        changes[POSITION] = Change(place_of(record), place_of(better))
        found.add(PLACE)
        sources.add(better.producteur)
    if not changes:
        return
    words = f"D'après {', '.join(sorted(sources))} (référentiel consolidé)."
    type_ = "deplacement" if set(changes) == {POSITION} else "modification"
    correction = settled(new_correction(type_, record, changes, commentaire=words))
    if not check(correction):
        yield ToCorrect(correction, tuple(kind for kind in KINDS if kind in found), record.nom)


def _kind_of(record: Service, field: str, shown: Shown | None) -> str:
    if shown is None or not shown.value.strip() or shown.producer == record.producteur:
        return ""
    own = said(record, field)
    if not own:
        return EMPTY
    return OTHER if shown.rule in _CHOSEN_AGAINST and not says_no_more(field, shown.value, own) else ""


def _better_placed(record: Service, place: PlaceRecords) -> Service | None:
    """The record of another producer that knows the address of one whose position is in doubt; the one shown first."""
    if not position_in_doubt(record):
        return None
    others = [one for one in place.records if one.producteur != record.producteur and not position_in_doubt(one)]
    precise = [one for one in others if one.precision_position in _PRECISE]
    shown = place.shown.get(POSITION)
    return next((one for one in precise if shown and one.producteur == shown.producer), precise[0] if precise else None)
