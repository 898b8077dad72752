"""Where corrections are kept from the first word typed to the last answer: one SQLite file in the user's profile.

Each change of state is one transaction, written through to the disk, so that a kill or a power cut at any moment leaves
a state that is true. Before anything leaves, the entry is marked as being on its way (`outcome_unknown`); the mark goes
only with the server's word. What is found marked later must be asked about before it is sent again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import CartoError
from ..messages import Message, msg
from .filelock import FileLock
from .model import PRIVATE, Correction, NotACorrection, as_feature, from_feature, settled

SCHEMA_VERSION = 3
APPLICATION_ID = 0x43535043

CLOSED = ("acceptee", "rejetee")
EDITABLE = ("brouillon", "en_attente", "conflit", "erreur")
"""States in which the user may change or withdraw a correction that never reached the registry."""

_BUSY_SECONDS = 30.0
_BLOCK = 1000
"""Entries read at once where all are."""

_KEEP_STANDING = """BEGIN
    UPDATE entries SET
        registered = (NEW.server_ref <> ''),
        needs_user = (NEW.state IN ('conflit', 'erreur', 'brouillon') OR (NEW.state = 'transmise' AND NEW.reason <> ''))
    WHERE rank = NEW.rank;
    END"""
_MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """
    CREATE TABLE entries (
        rank INTEGER PRIMARY KEY AUTOINCREMENT,
        uuid TEXT NOT NULL UNIQUE,
        connection TEXT NOT NULL,
        state TEXT NOT NULL,
        feature TEXT NOT NULL,
        reason TEXT NOT NULL DEFAULT '',
        field_reasons TEXT NOT NULL DEFAULT '{}',
        theirs TEXT NOT NULL DEFAULT '',
        server_ref TEXT NOT NULL DEFAULT '',
        outcome_unknown INTEGER NOT NULL DEFAULT 0,
        attempts INTEGER NOT NULL DEFAULT 0,
        next_try REAL NOT NULL DEFAULT 0,
        changed_at REAL NOT NULL
    )
    """,
    ),
    (
        "ALTER TABLE entries ADD COLUMN registered INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE entries ADD COLUMN needs_user INTEGER NOT NULL DEFAULT 0",
        f"CREATE TRIGGER entry_added AFTER INSERT ON entries {_KEEP_STANDING}",
        f"CREATE TRIGGER entry_moved AFTER UPDATE OF state, reason, server_ref ON entries {_KEEP_STANDING}",
        "UPDATE entries SET state = state",
        "DROP INDEX IF EXISTS entries_by_state",
        "CREATE INDEX entries_as_listed ON entries (needs_user DESC, changed_at DESC)",
        "CREATE INDEX entries_by_standing ON entries (connection, state, outcome_unknown, registered, needs_user)",
    ),
    ("CREATE TABLE withdrawn (uuid TEXT PRIMARY KEY, content TEXT NOT NULL) WITHOUT ROWID",),
)
_UPDATE = """
    UPDATE entries SET connection = :connection, state = :state, feature = :feature, reason = :reason,
        field_reasons = :field_reasons, theirs = :theirs, server_ref = :server_ref, outcome_unknown = :outcome_unknown,
        attempts = :attempts, next_try = :next_try, changed_at = :changed_at
    WHERE uuid = :uuid
"""


class OutboxError(CartoError):
    """The outbox cannot be read or written."""


class DiskFull(OutboxError):
    """There is no room left to keep the correction."""


class OutboxTooNew(OutboxError):
    """The outbox was written by a later version of the program."""


class UnknownCorrection(OutboxError):
    """No correction of that uuid is in the outbox."""


class NotNow(OutboxError):
    """What is asked cannot be done in the state the correction is in."""


class AlreadySending(OutboxError):
    """Another window or program is sending from this outbox."""


class Standing(NamedTuple):
    """What decides what can be done with an entry.

    ``registered``: the registry has given it an address. ``needs_user``: nothing happens to it without the user.
    """

    connection: str
    state: str
    outcome_unknown: bool
    registered: bool
    needs_user: bool

    @property
    def may_be_reworded(self) -> bool:
        """Whether the registry surely does not have it."""
        return self.may_be_retried and not self.outcome_unknown

    @property
    def may_be_retried(self) -> bool:
        """Whether it may be put back in line: the registry has not said that it has it."""
        return self.state in EDITABLE and not self.registered

    @property
    def may_be_withdrawn(self) -> bool:
        """Whether it may be forgotten: not left yet, decided on, or nobody can tell whether it arrived."""
        decided = self.state in CLOSED or (self.state == "conflit" and self.registered)
        return decided or self.state == "erreur" or self.may_be_reworded


class Entry(NamedTuple):
    """A correction in the outbox and what is known of its fate.

    ``connection`` is the address it goes to. ``reason`` says why it is where it is. ``field_reasons`` are the
    server's words by field. ``theirs`` is the service as the registry has it now, in a conflict (a GeoJSON feature).
    ``next_try``: not sent, or not asked about in the background, before that (seconds since 1970).
    """

    correction: Correction
    connection: str
    reason: Message | None
    field_reasons: dict[str, str]
    theirs: dict[str, Any] | None
    outcome_unknown: bool
    attempts: int
    next_try: float
    changed_at: float
    needs_user: bool = False

    @property
    def standing(self) -> Standing:
        registered = bool(self.correction.ref_serveur)
        return Standing(self.connection, self.state, self.outcome_unknown, registered, self.needs_user)

    @property
    def uuid(self) -> str:
        return self.correction.uuid

    @property
    def state(self) -> str:
        return self.correction.etat


class Outbox:
    """The corrections kept in the file ``path``, made when absent. Usable from any thread and several processes."""

    def __init__(self, path: str | Path, clock: Callable[[], float] = time.time) -> None:
        self.path = Path(path)
        self._clock = clock
        self._guard = threading.RLock()
        with _plain_errors(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.touch(mode=0o600)
            self._database = sqlite3.connect(
                str(self.path), timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            self._database.row_factory = sqlite3.Row
            self._write_ahead()
            self._database.execute("PRAGMA synchronous = FULL")
            self._migrate()

    def close(self) -> None:
        """Let go of the file."""
        with self._guard:
            self._database.close()

    # -- what the user does -------------------------------------------------------------------------------------------

    def add(self, correction: Correction, connection: str, *, draft: bool = False) -> bool:
        """Keep a correction, to be sent to the registry at ``connection`` (or only kept, as a draft).

        False, and nothing is done, when a correction of that uuid is there already.
        """
        return bool(self.add_all([correction], connection, draft=draft))

    def add_all(self, corrections: Iterable[Correction], connection: str, *, draft: bool = False) -> int:
        """Keep many corrections, all or none; the number of those that were not there yet."""
        state = "brouillon" if draft else "en_attente"
        added = 0
        with self._transaction() as database:
            for correction in corrections:
                cursor = database.execute(
                    "INSERT INTO entries (uuid, connection, state, feature, changed_at) VALUES (?, ?, ?, ?, ?)"
                    " ON CONFLICT (uuid) DO NOTHING",
                    (correction.uuid, connection, state, _feature_text(correction), self._clock()),
                )
                added += cursor.rowcount
        return added

    def replace(self, correction: Correction, *, draft: bool = False) -> None:
        """Take the user's new wording of a correction that has not reached the registry. Raises `NotNow`.

        One that has reached it is proposed again, under another uuid (`model.renewed`).
        """
        with self._transaction() as database:
            entry = self.get(correction.uuid)
            if not entry.standing.may_be_reworded:
                raise _not_now(entry)
            self._set(
                database,
                correction.uuid,
                state="brouillon" if draft else "en_attente",
                feature=_feature_text(correction),
                **_FRESH,
            )

    def retry(self, uuid: str, *, surely_not_received: bool = False) -> None:
        """Put a correction back in line. Raises `NotNow` when it reached the registry, or may have.

        ``surely_not_received``: the user has checked with the registry.
        """
        with self._transaction() as database:
            entry = self.get(uuid)
            if not entry.standing.may_be_retried:
                raise _not_now(entry)
            fresh = dict(_FRESH)
            if entry.outcome_unknown and not surely_not_received:
                del fresh["outcome_unknown"]
            self._set(database, uuid, state="en_attente", **fresh)

    def try_now(self) -> None:
        """Put back in line those that waited for a later moment."""
        with self._transaction() as database:
            database.execute(
                "UPDATE entries SET reason = '', field_reasons = '{}', theirs = '', attempts = 0, next_try = 0,"
                " changed_at = ? WHERE state = 'en_attente' AND next_try > ? AND NOT registered",
                (self._clock(), self._clock()),
            )

    def withdraw(self, *uuids: str) -> None:
        """Forget corrections, all or none: not left yet, decided on, or of which nobody can tell whether they arrived.

        Of each only the uuid and a mark of its content are left, for `withdrawn`. Raises `NotNow` when the registry has
        one, or when asking it would tell.
        """
        with self._transaction() as database:
            for uuid in uuids:
                entry = self.get(uuid)
                if not entry.standing.may_be_withdrawn:
                    raise _not_now(entry)
                content = settled(replace(entry.correction, etat="", motif="", ref_serveur="")).uuid
                database.execute("INSERT OR REPLACE INTO withdrawn VALUES (?, ?)", (uuid, content))
                database.execute("DELETE FROM entries WHERE uuid = ?", (uuid,))

    def handed_over(self, uuids: Iterable[str]) -> None:
        """The user says that these were given to their producer."""
        with self._transaction() as database:
            for uuid in uuids:
                entry = self.get(uuid)
                if entry.state not in ("brouillon", "en_attente", "erreur", "transmise"):
                    raise _not_now(entry)
                self._set(database, uuid, state="transmise", **_FRESH)

    def readdress(self, old: str, new: str) -> int:
        """A connection has another address now: what surely has not left goes there; how many."""
        with self._transaction() as database:
            waiting = [entry for entry in self.entries(*EDITABLE, connection=old) if not entry.correction.ref_serveur]
            moved = [entry for entry in waiting if not entry.outcome_unknown]
            for entry in moved:
                self._set(database, entry.uuid, connection=new, next_try=0.0, attempts=0)
        return len(moved)

    def withdrawn(self) -> dict[str, str]:
        """What the user has withdrawn, by uuid: that of its content then (`model.settled`)."""
        return dict(map(tuple, self._rows("SELECT uuid, content FROM withdrawn")))

    # -- reading ------------------------------------------------------------------------------------------------------

    def get(self, uuid: str) -> Entry:
        """The entry of a correction. Raises `UnknownCorrection`."""
        rows = self._rows("SELECT * FROM entries WHERE uuid = ?", (uuid,))
        if not rows:
            raise UnknownCorrection("The outbox holds no correction {uuid}.", uuid=uuid)
        return self._entries(rows)[0]

    def entries(self, *states: str, connection: str | None = None) -> list[Entry]:
        """Entries in the order they were added, of some states (all when none is named) and one connection."""
        rows = self._rows(
            "SELECT * FROM entries WHERE (? IS NULL OR connection = ?) "
            "AND (? = 0 OR state IN (SELECT value FROM json_each(?))) ORDER BY rank",
            (connection, connection, len(states), json.dumps(states)),
        )
        return [entry for entry in self._entries(rows) if not states or entry.state in states]

    def counts(self) -> dict[str, int]:
        """How many entries are in each state."""
        counts: Counter[str] = Counter()
        for standing, count in self.standings().items():
            counts[standing.state] += count
        return dict(counts)

    def standings(self, ranks: Sequence[int] | None = None) -> dict[Standing, int]:
        """How many entries stand alike, of those of some ranks or of all; none is read for it."""
        rows = self._rows(
            "SELECT connection, state, outcome_unknown, registered, needs_user, count(*) FROM entries"
            " GROUP BY 1, 2, 3, 4, 5"
            if ranks is None
            else "SELECT connection, state, outcome_unknown, registered, needs_user, count(*) FROM entries"
            " WHERE rank IN (SELECT value FROM json_each(?)) GROUP BY 1, 2, 3, 4, 5",
            () if ranks is None else (json.dumps(ranks),),
        )
        return {Standing(row[0], row[1], *map(bool, row[2:5])): row[5] for row in rows}

    def connections(self, state: str) -> list[str]:
        """The addresses that entries of a state go to, sorted."""
        return sorted({standing.connection for standing in self.standings() if standing.state == state})

    def ranks(self) -> list[int]:
        """The ranks of all entries: what needs the user first, then the latest."""
        query = "SELECT rank FROM entries ORDER BY needs_user DESC, changed_at DESC, rank"
        with self._guard, _plain_errors(self.path):
            cursor = self._database.cursor()
            cursor.row_factory = None
            return list(chain.from_iterable(cursor.execute(query)))

    def at(self, ranks: Sequence[int]) -> dict[int, Entry]:
        """The entries of some ranks, by rank; none for those that are gone."""
        rows = self._rows(
            "SELECT * FROM entries WHERE rank IN (SELECT value FROM json_each(?))", (json.dumps(list(ranks)),)
        )
        return {row["rank"]: entry for row, entry in zip(rows, self._entries(rows))}

    def rank(self, uuid: str) -> int | None:
        """The rank of a correction, by which `at` finds it; None when it is not there."""
        rows = self._rows("SELECT rank FROM entries WHERE uuid = ?", (uuid,))
        return rows[0][0] if rows else None

    def as_geojson(self, *, with_private: bool = False) -> dict[str, Any]:
        """All corrections as a GeoJSON collection, read little by little: others use the outbox meanwhile.

        What goes on a map, in a project or to others is without e-mail and comment; ``with_private`` is for the
        user's own copy.
        """
        ranks, features = sorted(self.ranks()), []
        for first in range(0, len(ranks), _BLOCK):
            entries = self.at(ranks[first : first + _BLOCK])
            features += [as_feature(entries[rank].correction) for rank in sorted(entries)]
        if not with_private:
            for feature in features:
                for name in PRIVATE:
                    del feature["properties"][name]
        return {"type": "FeatureCollection", "features": features}

    def write_copy(self, path: str | Path) -> int:
        """The user's own copy as a GeoJSON file, with comments and e-mail; how many corrections are in it."""
        collection = self.as_geojson(with_private=True)
        try:
            with open(path, "w", encoding="utf-8") as file:
                json.dump(collection, file, ensure_ascii=False)
        except OSError as error:
            raise OutboxError("{path} cannot be written: {reason}", path=str(path), reason=error.strerror) from error
        return len(collection["features"])

    # -- what sending does --------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def sending(self, connection: str) -> Iterator[None]:
        """Hold the right to send to one registry, until the block or the process ends. Raises `AlreadySending`."""
        mark = hashlib.blake2b(connection.encode("utf-8"), digest_size=6).hexdigest()
        lock = FileLock(self.path.with_name(f"{self.path.name}.{mark}.sending"))
        with _plain_errors(self.path):
            acquired = lock.acquire()
        if not acquired:
            raise AlreadySending("Corrections are being sent by another window of QGIS; wait until it has finished.")
        try:
            yield
        finally:
            lock.release()

    def is_as(self, entry: Entry) -> bool:
        """Whether an entry read before is still there and says the same: the user may have changed or withdrawn it."""
        rows = self._rows("SELECT * FROM entries WHERE uuid = ?", (entry.uuid,))
        return bool(rows) and _entry(rows[0]).correction == entry.correction

    def leaving(self, entry: Entry) -> bool:
        """Written before the request leaves: from now on the registry may have it. False when it must not leave so."""
        with self._transaction() as database:
            if not self.is_as(entry):
                return False
            database.execute(
                "UPDATE entries SET outcome_unknown = 1, attempts = attempts + 1, changed_at = ? WHERE uuid = ?",
                (self._clock(), entry.uuid),
            )
            return True

    def sent(self, uuid: str, server_ref: str) -> None:
        """The registry said that it has the correction, and under which reference."""
        self._move(uuid, state="envoyee", server_ref=server_ref, **{**_FRESH, "attempts": self.get(uuid).attempts})

    def later(self, uuid: str, reason: Message, next_try: float, *, outcome_unknown: bool) -> None:
        """It stays in line, for the reason given, and is not tried before ``next_try``."""
        self._move(
            uuid,
            state="en_attente",
            reason=_reason_text(reason),
            next_try=next_try,
            outcome_unknown=int(outcome_unknown),
        )

    def failed(
        self,
        uuid: str,
        reason: Message,
        field_reasons: dict[str, str] | None = None,
        *,
        outcome_unknown: bool = False,
    ) -> None:
        """It needs the user: the registry refused it, or nobody can tell whether it arrived."""
        self._move(
            uuid,
            state="erreur",
            reason=_reason_text(reason),
            field_reasons=json.dumps(field_reasons or {}, ensure_ascii=False),
            outcome_unknown=int(outcome_unknown),
        )

    def conflict(self, uuid: str, reason: Message, theirs: dict[str, Any] | None) -> None:
        """Someone changed the service since it was read; ``theirs`` is how it is now, None when it is gone."""
        self._move(
            uuid,
            state="conflit",
            reason=_reason_text(reason),
            theirs=json.dumps(theirs, ensure_ascii=False) if theirs else "",
            outcome_unknown=0,
        )

    def answered(self, uuid: str, state: str, reason: Message | None = None) -> bool:
        """The registry's decision, or what a later reading shows; whether anything is new."""
        entry = self.get(uuid)
        if (entry.state, entry.reason) == (state, reason):
            return False
        self._move(uuid, state=state, reason=_reason_text(reason))
        return True

    def ask_again(self, uuid: str, moment: float) -> None:
        """It was asked about just now; in the background not again before ``moment``."""
        with self._transaction() as database:
            database.execute("UPDATE entries SET next_try = ? WHERE uuid = ?", (moment, uuid))

    # -- inside -------------------------------------------------------------------------------------------------------

    def _write_ahead(self) -> None:
        """Readers and a writer do not wait for each other. SQLite does not wait here for who opens it as well."""
        end = time.monotonic() + _BUSY_SECONDS
        while True:
            try:
                self._database.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > end:
                    raise
                time.sleep(0.01)

    def _migrate(self) -> None:
        with self._transaction() as database:
            version = database.execute("PRAGMA user_version").fetchone()[0]
            if version > SCHEMA_VERSION:
                raise OutboxTooNew(
                    "Your corrections in {path} were kept by a later version of the plugin; update the plugin.",
                    path=str(self.path),
                )
            for statement in chain.from_iterable(_MIGRATIONS[version:]):
                database.execute(statement)
            if version < SCHEMA_VERSION:
                database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """All of the block, or nothing of it. Blocks nest: the outermost is the transaction."""
        with self._guard, _plain_errors(self.path):
            if self._database.in_transaction:
                yield self._database
                return
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
                self._database.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self._database.execute("ROLLBACK")
                raise

    def _rows(self, query: str, values: tuple = ()) -> list[sqlite3.Row]:
        with self._guard, _plain_errors(self.path):
            return self._database.execute(query, values).fetchall()

    def _entries(self, rows: Iterable[sqlite3.Row]) -> list[Entry]:
        with _plain_errors(self.path):
            return list(map(_entry, rows))

    def _move(self, uuid: str, **columns: Any) -> None:
        with self._transaction() as database:
            self._set(database, uuid, **columns)

    def _set(self, database: sqlite3.Connection, uuid: str, **columns: Any) -> None:
        row = database.execute("SELECT * FROM entries WHERE uuid = ?", (uuid,)).fetchone()
        if row is None:
            raise UnknownCorrection("The outbox holds no correction {uuid}.", uuid=uuid)
        database.execute(_UPDATE, {**dict(row), **columns, "changed_at": self._clock()})


_FRESH = {
    "reason": "",
    "field_reasons": "{}",
    "theirs": "",
    "outcome_unknown": 0,
    "attempts": 0,
    "next_try": 0.0,
}


@contextlib.contextmanager
def _plain_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except (
        sqlite3.Error,
        OSError,
        UnicodeDecodeError,
        IndexError,
    ) as error:  # a damaged file may say anything of itself
        text = str(error)
        if "full" in text or getattr(error, "errno", None) == 28:
            raise DiskFull(
                "The disk that holds {path} is full: this was not saved. Make room, then save again.", path=str(path)
            ) from error
        raise OutboxError(
            "Your corrections in {path} cannot be read or written: {cause}.", path=str(path), cause=text
        ) from error


def _not_now(entry: Entry) -> NotNow:
    if entry.outcome_unknown:
        return NotNow("It may already have reached the registry; send again to find out.")
    return NotNow("This cannot be done with a correction in the state “{state}”.", state=entry.state)


def _feature_text(correction: Correction) -> str:
    """Raises `NotACorrection` for what could not be read again: one such entry would hide all the others."""
    text = json.dumps(as_feature(replace(correction, etat="", motif="", ref_serveur="")), ensure_ascii=False)
    from_feature(json.loads(text))
    return text


def _reason_text(reason: Message | None) -> str:
    return json.dumps([reason.template, reason.values], ensure_ascii=False) if reason else ""


def _entry(row: sqlite3.Row) -> Entry:
    """The entry of a row; one that the file does not hold as it was written needs the user, and hides no other."""
    try:
        return _whole_entry(row)
    except (ValueError, TypeError, LookupError, AttributeError, NotACorrection) as error:
        reason = msg("It is damaged in the file ({cause}): withdraw it, and propose it again.", cause=str(error))
        left = Correction(row["uuid"], "alerte", "", commentaire=str(row["feature"]), etat="erreur", motif=str(reason))
        return Entry(left, row["connection"], reason, {}, None, False, 0, 0.0, row["changed_at"], True)


def _whole_entry(row: sqlite3.Row) -> Entry:
    reason = Message(*json.loads(row["reason"])) if row["reason"] else None
    correction = replace(
        from_feature(json.loads(row["feature"])),
        etat=row["state"],
        motif=str(reason) if reason else "",
        ref_serveur=row["server_ref"],
    )
    return Entry(
        correction,
        row["connection"],
        reason,
        json.loads(row["field_reasons"]),
        json.loads(row["theirs"]) if row["theirs"] else None,
        bool(row["outcome_unknown"]),
        row["attempts"],
        row["next_try"],
        row["changed_at"],
        bool(row["needs_user"]),
    )
