"""One edition of the referential: the producers' records brought together, what was published before kept up."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import NamedTuple
from uuid import UUID, uuid5

from ..errors import InvalidInput
from ..messages import Message, msg
from ..progress import Progress
from ..registry import geopackage as gpkg
from ..services import Service
from . import store
from .bridge import check_day
from .choice import Priorities, ValueSource, compose, read_priorities
from .identities import Identities, RegisterLine, identify
from .places import DoubtfulPair, Verdicts, find_places
from .quality import Quality
from .records import Key, Records, digest_of, gather, key_of
from .rekeying import former_keys, renamed_producers

RULES = "3"
"""Changes when the same inputs would give another edition."""

MERGE, SPLIT, CLOSING, RETURN, UNDOING = "fusion", "scission", "fermeture", "retour", "annulation"
PROGRAM = "consolidation"
ELSEWHERE = "relecture"
"""Reason of decisions that were not said in the referential itself: who says them again may say otherwise."""

_EVENTS = UUID("0a5a7d0c-2f64-5b0e-8a44-7f6f6f0a9c11")
_BATCH = 5000

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
    """What is to be written.

    Attributes:
        members: of each place, the rows of ``records``, ascending.
        inherited: identifiers merged away, and records that stood for them under other keys.
        set_aside: how many decisions speak of records whose keys are other places' now.
        contradicted: how many pairs that people said to be one place are not, since others are said to be two.
    """

    date: str
    records: list[Service]
    members: list[list[int]]
    identities: Identities
    doubts: list[DoubtfulPair]
    decisions: store.Decided
    fingerprint: str
    inherited: list[tuple[str, Key]]
    set_aside: int
    contradicted: int


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
    with nullcontext() if dry_run else store.held(path, progress) as lock, _writable_text():
        past = store.read_past(path, progress)
        _check_date(date, past)
        gathered = gather(given, progress)
        records = gathered.services
        if not records:
            raise InvalidInput("None of the layers holds a service: nothing was consolidated.")
        renamed = renamed_producers(records, past.records)
        _tell(past, gathered, renamed, progress)
        _tell_unknown(priorities, records, progress)
        elsewhere = _elsewhere(records, said, date)
        fingerprint = _fingerprint(records, date, priorities, past.decisions, elsewhere, progress)
        if past.edition == (date, fingerprint):
            places = len(past.living)
            return EditionReport(places, len(records) - places, _count(path, store.REVIEW), 0, 0, unchanged=True)
        edition = _edition(past, records, date, elsewhere, fingerprint, progress.part(0.05, 0.7), renamed=renamed)
        _tell_of_decisions(edition, progress)
        if lock is not None:
            # What is noted in the copy is known by the fingerprint it will have when it is read again.
            again = _fingerprint(records, date, priorities, edition.decisions, elsewhere, progress)
            edition = edition._replace(fingerprint=again)
            _write(lock, past, edition, priorities, words, progress.part(0.7, 1.0))
        return _report(edition)


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

    ``event``: its `uuid`. Raises `InvalidInput` where there is no such event, it is neither, or nothing is left of it.
    """
    with store.held(path, progress) as lock:
        past = store.read_past(path, progress)
        kind, ids = _event(path, event)
        date = past.edition[0]
        contrary = _contrary(kind, ids, past)
        if not contrary:
            raise InvalidInput("Nothing is left of the event “{event}”: there is nothing to undo.", event=event)
        contradicted = {pair: (decision, author, date, reason) for pair, decision in contrary.items()}
        undoing = (
            str(uuid5(_EVENTS, f"{UNDOING} {event}")),
            UNDOING,
            store.as_json(ids),
            date,
            author,
            reason or event,
        )
        records = [past.records[key] for key in sorted(past.present)]
        decisions = {**past.decisions, **contradicted}
        edition = _edition(past._replace(decisions=decisions), records, date, {}, "", progress.part(0.0, 0.7))
        _tell_of_decisions(edition, progress)
        edition = edition._replace(fingerprint=_fingerprint(records, date, priorities, decisions, {}, progress))
        _write(lock, past, edition, priorities, words, progress.part(0.7, 1.0), more_events=[undoing])
    return _report(edition)


def _report(edition: Edition) -> EditionReport:
    places, made = len(edition.members), edition.identities
    merged = len(edition.records) - places
    return EditionReport(places, merged, len(edition.doubts), len(made.created), len(made.closed))


@contextmanager
def _writable_text() -> Iterator[None]:
    """Halves of characters, which damaged sources hold, can be in no file."""
    try:
        yield
    except UnicodeEncodeError as error:
        raise InvalidInput(
            "A record holds half a character and cannot be written: “{text}”. Mend it at its source.",
            text=error.object[max(error.start - 40, 0) : error.end + 40].encode("ascii", "backslashreplace").decode(),
        ) from error


# -- before -----------------------------------------------------------------------------------------------------------


def _check_date(date: str, past: store.Past) -> None:
    check_day(date)
    if date < past.edition[0]:
        raise TooOld(
            "The referential already holds the edition of {last}; one of {date} cannot follow it.",
            last=past.edition[0],
            date=date,
        )


def _tell(past: store.Past, gathered: Records, renamed: Mapping[str, str], progress: Progress) -> None:
    records, repeated, nameless, misplaced = gathered
    if misplaced:
        progress.warn(
            msg(
                "{count} row has a position that is none (0, 0 or beyond the degrees): it counts as nowhere."
                "|{count} rows have a position that is none (0, 0 or beyond the degrees): they count as nowhere.",
                count=misplaced,
            )
        )
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
    for name, former in sorted(renamed.items()):
        words = msg("{name} is {former} under another name: its records say the same.", name=name, former=former)
        progress.warn(words)
    absent = sorted({key[0] for key in past.present} - {record.producteur for record in records} - {*renamed.values()})
    if absent:
        progress.warn(
            msg(
                "No layer holds records of {producers} any more: the places that they alone know are closed.",
                producers=", ".join(absent),
            )
        )


def _tell_unknown(priorities: Priorities, records: Sequence[Service], progress: Progress) -> None:
    """Of producers that are named in the priorities only; those in the plugin's own may be absent."""
    known = {record.producteur for record in records} | read_priorities().producers()
    unknown = sorted(priorities.producers() - known)
    if unknown:
        progress.warn(
            msg(
                "The priorities name {producers}, of whom no layer holds records (producers: {known}).",
                producers=", ".join(unknown),
                known=", ".join(sorted({record.producteur for record in records})),
            )
        )


def _tell_of_decisions(edition: Edition, progress: Progress) -> None:
    if edition.contradicted:
        progress.warn(
            msg(
                "{count} pair decided to be the same place is not, for other decisions part its records: see the table "
                "“decisions”.|{count} pairs decided to be the same place are not, for other decisions part their "
                "records: see the table “decisions”.",
                count=edition.contradicted,
            )
        )
    if edition.set_aside:
        progress.warn(
            msg(
                "{count} decision speaks of a record whose identifier its producer gave to another place: it is set "
                "aside.|{count} decisions speak of records whose identifiers their producers gave to other places: "
                "they are set aside.",
                count=edition.set_aside,
            )
        )


def _elsewhere(records: Sequence[Service], said: Said | None, date: str) -> store.Decided:
    answers = said(records) if said else {}
    found: store.Decided = {}
    for (a, b), same in sorted(answers.items()):
        if a != b:
            pair = store.pair_of(key_of(records[a]), key_of(records[b]))
            found[pair] = (store.SAME if same else store.DISTINCT, "", date, ELSEWHERE)
    return found


def _news(elsewhere: store.Decided, decisions: store.Decided) -> store.Decided:
    """What is said elsewhere and not decided yet; a decision made in the referential counts more."""
    return {
        pair: decision
        for pair, decision in elsewhere.items()
        if pair not in decisions or (decisions[pair][3] == ELSEWHERE and decisions[pair][0] != decision[0])
    }


def _fingerprint(
    records: Sequence[Service],
    date: str,
    priorities: Priorities,
    decisions: store.Decided,
    elsewhere: store.Decided,
    progress: Progress,
) -> str:
    known = {**decisions, **_news(elsewhere, decisions)}
    said = [(pair, known[pair][0]) for pair in sorted(known)]
    orders = sorted(priorities.orders.items())
    state = repr((RULES, date, digest_of(records, progress), orders, said))
    return hashlib.blake2b(state.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _count(path: Path, table: str) -> int:
    with store.reading(path) as database:
        return database.execute(gpkg.sql("SELECT count(*) FROM", table)).fetchone()[0]


# -- the edition -----------------------------------------------------------------------------------------------------


def _edition(
    past: store.Past,
    records: list[Service],
    date: str,
    elsewhere: store.Decided,
    fingerprint: str,
    progress: Progress,
    *,
    renamed: Mapping[str, str] | None = None,
) -> Edition:
    former = former_keys(records, past.records, renamed, progress.part(0.0, 0.2))
    decisions, set_aside = _following(past, records, former)
    decisions.update(_news(elsewhere, decisions))
    row = {key_of(record): number for number, record in enumerate(records)}
    verdicts = {(row[a], row[b]): said[0] == store.SAME for (a, b), said in decisions.items() if a in row and b in row}
    found = find_places(records, verdicts, progress.part(0.2, 0.95))
    groups: dict[int, list[int]] = defaultdict(list)
    for number, place in enumerate(found.place.tolist()):
        groups[place].append(number)
    members = [groups[place] for place in sorted(groups)]
    progress.advance(0.97)
    held = {key: past.bridge[old] for key, old in former.items() if old in past.bridge}
    keys = [[key_of(records[number]) for number in group] for group in members]
    progress.advance(0.98)
    identities = identify(keys, held, past.register, past.living)
    progress.advance(1.0)
    links = _inherited(past, former)
    place = found.place.tolist()
    broken = sum(same and place[a] != place[b] for (a, b), same in verdicts.items())
    return Edition(date, records, members, identities, found.doubts, decisions, fingerprint, links, set_aside, broken)


def _following(past: store.Past, records: Sequence[Service], former: Mapping[Key, Key]) -> tuple[store.Decided, int]:
    """Decisions go with the records of which they were said when their keys change.

    Also how many are set aside: the key is another place's by now, and nobody knows what became of the record.
    """
    now = {old: key for key, old in former.items()}
    lost = {key for key in map(key_of, records) if key in past.records and key not in now}
    followed: store.Decided = {}
    set_aside = 0
    for pair in sorted(past.decisions):
        a, b = (now.get(key, key) for key in pair)
        if lost.intersection(pair):
            set_aside += 1
        elif a != b:
            followed[store.pair_of(a, b)] = past.decisions[pair]
    return followed, set_aside


def _inherited(past: store.Past, former: Mapping[Key, Key]) -> list[tuple[str, Key]]:
    """What records under new keys stood for before a merge, the first first: a merge can be undone under any key."""
    return [
        (identifier, key)
        for key, old in sorted(former.items())
        if key != old and past.bridge.get(key, ("",))[0] != past.bridge.get(old, ("",))[0]
        for identifier in reversed(past.bridge.get(old, ())[1:])
        if past.register[identifier].fusionne_dans
    ]


# -- writing ----------------------------------------------------------------------------------------------------------


def _write(
    lock: store.Held,
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
    with store.next_edition(lock, progress) as database:
        store.replace_rows(database, store.PROVENANCE, ())
        store.replace_services(database, _composed(database, edition, priorities, quality, progress.part(0.0, 0.6)))
        links = (
            (identifier, *key_of(edition.records[row]))
            for identifier, rows in zip(ids, edition.members)
            for row in rows
        )
        store.keep_bridge(database, links, date, edition.inherited)
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
    """What must be said of which records for the event not to happen.

    Of a merge: that none of its sides is the other, wherever they are together now. Of a split: that its sides are one,
    also where somebody had said that they are not.
    """
    present = {key: held for key, held in past.bridge.items() if key in past.present}
    groups: list[list[Key]] = [[] for _identifier in ids]
    for key, held in sorted(present.items()):
        stood_for = held if kind == MERGE else held[:1]
        # A record that came by a merge stood for both: it is of the side that was taken in.
        mine = [number for number, identifier in enumerate(ids) if identifier in stood_for]
        if mine:
            groups[mine[-1]].append(key)
    across = ((a, b) for n, one in enumerate(groups) for other in groups[n + 1 :] for a in one for b in other)
    if kind == MERGE:
        return {store.pair_of(a, b): store.DISTINCT for a, b in across if present[a][0] == present[b][0]}
    pairs = (store.pair_of(a, b) for a, b in across)
    parted = [pair for pair in pairs if pair in past.decisions and past.decisions[pair][0] == store.DISTINCT]
    first = [store.pair_of(groups[0][0], one[0]) for one in groups[1:] if groups[0] and one]
    return dict.fromkeys([*first, *parted], store.SAME)
