"""One edition of the referential: the producers' records brought together, what was published before kept up."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date as day_of
from pathlib import Path
from typing import NamedTuple
from uuid import UUID, uuid5

from ..errors import InvalidInput
from ..messages import Message, msg
from ..progress import Progress
from ..registry import geopackage as gpkg
from ..services import Service
from . import store
from .choice import Priorities, ValueSource, compose
from .identities import Identities, RegisterLine, identify
from .places import DoubtfulPair, Verdicts, find_places
from .quality import Quality
from .records import Key, digest_of, gather, key_of
from .rekeying import former_keys

RULES = "1"
"""Changes when the same inputs would give another edition."""

MERGE, SPLIT, CLOSING, RETURN, UNDOING = "fusion", "scission", "fermeture", "retour", "annulation"
PROGRAM = "consolidation"
_EVENTS = UUID("0a5a7d0c-2f64-5b0e-8a44-7f6f6f0a9c11")
_BATCH = 20_000

Said = Callable[[Sequence[Service]], Verdicts]
"""What people have said elsewhere of pairs among the records given, by row."""


class EditionReport(NamedTuple):
    """What an edition amounts to; ``unchanged``: the referential holds it already.

    Attributes:
        merged: records brought together with another, so that services + merged = records.
        created, closed: identifiers minted, and identifiers of places that no producer has any more.
    """

    services: int
    merged: int
    to_review: int
    created: int
    closed: int
    unchanged: bool = False


class Edition(NamedTuple):
    """What is to be written. ``members``: of each place, the rows of ``records``, ascending."""

    date: str
    records: list[Service]
    members: list[list[int]]
    identities: Identities
    doubts: list[DoubtfulPair]
    decisions: store.Decided
    fingerprint: str


class TooOld(InvalidInput):
    """The date of an edition lies before that of the last one."""


def consolidate(
    path: Path,
    given: Iterable[tuple[str, Service]],
    date: str,
    priorities: Priorities,
    *,
    said: Said | None = None,
    words: Callable[[Message], str] = str,
    dry_run: bool = False,
    progress: Progress = Progress(),
) -> EditionReport:
    """Make the referential ``path``, or bring it to the edition of ``date`` (ISO).

    ``given``: (producer of rows that name none, service), of all producers; ``words`` puts the reasons of doubts into
    the user's language. With ``dry_run`` nothing is written. The file is replaced at once at the end: whatever stops
    the work leaves the previous edition whole.

    Raises `InvalidInput`, `TooOld`, `NotAReferential`, `CannotWrite`, `Cancelled`.
    """
    past = store.read_past(path, progress)
    _check_date(date, past)
    records, repeated, nameless = gather(given)
    if not records:
        raise InvalidInput("None of the layers holds a service: nothing was consolidated.")
    _tell(past, records, repeated, nameless, progress)
    elsewhere = _elsewhere(records, said)
    fingerprint = _fingerprint(records, date, priorities, past.decisions, elsewhere)
    if past.edition == (date, fingerprint):
        places = len(past.living)
        return EditionReport(places, len(records) - places, _count(path, store.REVIEW), 0, 0, unchanged=True)
    edition = _edition(past, records, date, elsewhere, fingerprint, progress.part(0.05, 0.7))
    if not dry_run:
        # What is noted in the copy is known by the fingerprint it will have when it is read again.
        again = _fingerprint(records, date, priorities, edition.decisions, elsewhere)
        _write(path, past, edition._replace(fingerprint=again), priorities, words, progress.part(0.7, 1.0))
    places = len(edition.members)
    created, closed = len(edition.identities.created), len(edition.identities.closed)
    return EditionReport(places, len(records) - places, len(edition.doubts), created, closed)


def undo(
    path: Path,
    event: str,
    priorities: Priorities,
    *,
    author: str = "",
    reason: str = "",
    words: Callable[[Message], str] = str,
    progress: Progress = Progress(),
) -> EditionReport:
    """Take back a merge or a split: the decision that contradicts it is kept, and the last edition made again.

    ``event``: its `uuid`. Raises `InvalidInput` where there is no such event, or it is neither.
    """
    past = store.read_past(path, progress)
    kind, ids = _event(path, event)
    date = past.edition[0]
    contradicted = {pair: (decision, author, date, reason) for pair, decision in _contrary(kind, ids, past).items()}
    undoing = (str(uuid5(_EVENTS, f"{UNDOING} {event}")), UNDOING, store.as_json(ids), date, author, reason or event)
    records = [past.records[key] for key in sorted(past.present)]
    decisions = {**past.decisions, **contradicted}
    edition = _edition(past._replace(decisions=decisions), records, date, {}, "", progress.part(0.0, 0.7))
    fingerprint = _fingerprint(records, date, priorities, decisions, {})
    edition = edition._replace(fingerprint=fingerprint)
    _write(path, past, edition, priorities, words, progress.part(0.7, 1.0), more_events=[undoing])
    places, made = len(edition.members), edition.identities
    return EditionReport(places, len(records) - places, len(edition.doubts), len(made.created), len(made.closed))


# -- before -----------------------------------------------------------------------------------------------------------


def _check_date(date: str, past: store.Past) -> None:
    try:
        known = day_of.fromisoformat(date).isoformat() == date  # days are compared as texts: 20261127 is none
    except ValueError:
        known = False
    if not known:
        raise InvalidInput("“{date}” is no date of an edition; write it like 2026-11-27.", date=date)
    if date < past.edition[0]:
        raise TooOld(
            "The referential already holds the edition of {last}; one of {date} cannot follow it.",
            last=past.edition[0],
            date=date,
        )


def _tell(past: store.Past, records: Sequence[Service], repeated: int, nameless: int, progress: Progress) -> None:
    if repeated:
        progress.warn(
            msg(
                "{count} row has the producer and identifier of another: the one that was changed last counts."
                "|{count} rows have the producer and identifier of others: those that were changed last count.",
                count=repeated,
            )
        )
    if nameless:
        progress.warn(
            msg(
                "{count} row has no identifier: it is known by what it says, and is another when that changes."
                "|{count} rows have no identifier: they are known by what they say, and are others when that changes.",
                count=nameless,
            )
        )
    absent = sorted({key[0] for key in past.present} - {record.producteur for record in records})
    if absent:
        progress.warn(
            msg(
                "No layer holds records of {producers} any more: the places that they alone know are closed.",
                producers=", ".join(absent),
            )
        )


def _elsewhere(records: Sequence[Service], said: Said | None) -> dict[tuple[int, int], bool]:
    answers = said(records) if said else {}
    return {(min(pair), max(pair)): same for pair, same in sorted(answers.items()) if pair[0] != pair[1]}


def _fingerprint(
    records: Sequence[Service],
    date: str,
    priorities: Priorities,
    decisions: store.Decided,
    elsewhere: Mapping[tuple[int, int], bool],
) -> str:
    said = [(pair, decisions[pair][0]) for pair in sorted(decisions)]
    orders = sorted(priorities.orders.items())
    state = repr((RULES, date, digest_of(records), orders, said, sorted(elsewhere.items())))
    return hashlib.blake2b(state.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _count(path: Path, table: str) -> int:
    with store.reading(path) as database:
        return database.execute(gpkg.sql("SELECT count(*) FROM", table)).fetchone()[0]


# -- the edition -----------------------------------------------------------------------------------------------------


def _edition(
    past: store.Past,
    records: list[Service],
    date: str,
    elsewhere: Mapping[tuple[int, int], bool],
    fingerprint: str,
    progress: Progress,
) -> Edition:
    former = former_keys(records, past.records, progress.part(0.0, 0.2))
    decisions = _following(past.decisions, former)
    row = {key_of(record): number for number, record in enumerate(records)}
    verdicts = {(row[a], row[b]): said[0] == store.SAME for (a, b), said in decisions.items() if a in row and b in row}
    found = find_places(records, {**elsewhere, **verdicts}, progress.part(0.2, 0.95))
    groups: dict[int, list[int]] = defaultdict(list)
    for number, place in enumerate(found.place.tolist()):
        groups[place].append(number)
    members = [groups[place] for place in sorted(groups)]
    held = {key: past.bridge[old] for key, old in former.items() if old in past.bridge}
    keys = [[key_of(records[number]) for number in group] for group in members]
    identities = identify(keys, held, past.register, past.living)
    return Edition(date, records, members, identities, found.doubts, decisions, fingerprint)


def _following(decisions: store.Decided, former: Mapping[Key, Key]) -> store.Decided:
    """Decisions go with the records of which they were said when their keys change."""
    now = {old: key for key, old in former.items() if old != key}
    followed: store.Decided = {}
    for pair in sorted(decisions):
        a, b = (now.get(key, key) for key in pair)
        if a != b:
            followed[store.pair_of(a, b)] = decisions[pair]
    return followed


# -- writing ----------------------------------------------------------------------------------------------------------


def _write(
    path: Path,
    past: store.Past,
    edition: Edition,
    priorities: Priorities,
    words: Callable[[Message], str],
    progress: Progress,
    *,
    more_events: Sequence[tuple[str, ...]] = (),
) -> None:
    ids, date = edition.identities.ids, edition.date
    quality = Quality(date)
    with store.next_edition(path, progress) as database:
        store.replace_rows(database, store.PROVENANCE, ())
        store.replace_services(database, _composed(database, edition, priorities, quality, progress.part(0.0, 0.6)))
        links = (
            (identifier, *key_of(edition.records[row]))
            for identifier, rows in zip(ids, edition.members)
            for row in rows
        )
        store.keep_bridge(database, links, date)
        progress.advance(0.7)
        store.keep_history(database, date)
        progress.advance(0.8)
        store.keep_records(database, edition.records, date)
        store.replace_rows(database, store.REGISTER, _register(past.register, edition))
        progress.advance(0.9)
        store.replace_rows(database, store.REVIEW, _review(edition, words))
        store.replace_rows(database, store.DECISIONS, store.decision_rows(edition.decisions))
        store.replace_rows(database, store.QUALITY, quality.rows())
        _add_events(database, [*_events(edition), *more_events])
        _add_edition(database, edition)
        progress.advance(0.95)


def _composed(
    database: sqlite3.Connection, edition: Edition, priorities: Priorities, quality: Quality, progress: Progress
) -> Iterator[Service]:
    """The services by identifier; whence their values are is written meanwhile."""
    sources: list[ValueSource] = []
    order = sorted(range(len(edition.members)), key=edition.identities.ids.__getitem__)
    for number, place in enumerate(order):
        records = [edition.records[row] for row in edition.members[place]]
        service, chosen = compose(edition.identities.ids[place], records, priorities)
        quality.add(records, [(source.champ, source.regle) for source in chosen] if len(records) > 1 else [])
        sources += chosen
        if len(sources) >= _BATCH:
            progress.advance(number / len(order))
            store.add_rows(database, store.PROVENANCE, sources)
            sources.clear()
        yield service
    store.add_rows(database, store.PROVENANCE, sources)


def _register(before: Mapping[str, RegisterLine], edition: Edition) -> Iterator[tuple[str | None, ...]]:
    found = dict(before)
    for identifier in edition.identities.ids:
        first = before[identifier].premiere_vue if identifier in before else edition.date
        found[identifier] = RegisterLine(first, edition.date)
    for identifier, into in edition.identities.merged.items():
        found[identifier] = found[identifier]._replace(fusionne_dans=into)
    for identifier in sorted(found):
        entry = found[identifier]
        yield identifier, entry.premiere_vue, entry.derniere_vue, entry.fusionne_dans or None


def _review(edition: Edition, words: Callable[[Message], str]) -> Iterator[tuple[object, ...]]:
    for doubt in edition.doubts:
        first, second = (key_of(edition.records[row]) for row in (doubt.first, doubt.second))
        yield (*first, *second, doubt.score, "; ".join(map(words, doubt.reasons)), None)


def _events(edition: Edition) -> Iterator[tuple[str, ...]]:
    made = edition.identities
    merged: dict[str, list[str]] = defaultdict(list)
    for identifier, into in made.merged.items():
        merged[into].append(identifier)
    events = [(MERGE, [into, *others]) for into, others in sorted(merged.items())]
    events += [(SPLIT, [identifier, *others]) for identifier, others in made.split.items()]
    events += [(CLOSING, [identifier]) for identifier in made.closed]
    events += [(RETURN, [identifier]) for identifier in made.returned]
    for kind, ids in events:
        text = store.as_json(ids)
        yield str(uuid5(_EVENTS, f"{kind} {text} {edition.date}")), kind, text, edition.date, PROGRAM, ""


def _add_events(database: sqlite3.Connection, events: Sequence[tuple[str, ...]]) -> None:
    known = {row[0] for row in database.execute("SELECT uuid FROM evenements")}
    store.add_rows(database, store.EVENTS, [event for event in events if event[0] not in known])


def _add_edition(database: sqlite3.Connection, edition: Edition) -> None:
    database.execute("DELETE FROM editions WHERE date = ?", (edition.date,))
    places, made = len(edition.members), edition.identities
    counts = (places, len(edition.records), len(edition.records) - places, len(edition.doubts))
    row = (edition.date, *map(str, (*counts, len(made.created), len(made.closed))), edition.fingerprint)
    store.add_rows(database, store.EDITIONS, [row])


# -- taking back ------------------------------------------------------------------------------------------------------


def _event(path: Path, event: str) -> tuple[str, list[str]]:
    with store.reading(path) as database:
        row = database.execute("SELECT type, ids FROM evenements WHERE uuid = ?", (event,)).fetchone()
    if row is None or row[0] not in (MERGE, SPLIT):
        raise InvalidInput("“{event}” is no merge or split of this referential.", event=event)
    return row[0], store.from_json(row[1])


def _contrary(kind: str, ids: Sequence[str], past: store.Past) -> dict[tuple[Key, Key], str]:
    """What must be said of which records for the event not to happen."""
    main, *others = ids
    present = {key: held for key, held in past.bridge.items() if key in past.present}
    sides = {
        other: sorted(key for key, held in present.items() if other in (held if kind == MERGE else held[:1]))
        for other in others
    }
    taken = {key for keys in sides.values() for key in keys}
    kept = sorted(key for key, held in present.items() if held[0] == main and key not in taken)
    if kind == SPLIT:
        return {store.pair_of(kept[0], keys[0]): store.SAME for keys in sides.values() if keys and kept}
    groups = [kept, *sides.values()]
    pairs = ((a, b) for n, one in enumerate(groups) for other in groups[n + 1 :] for a in one for b in other)
    return {store.pair_of(a, b): store.DISTINCT for a, b in pairs if a != b}
