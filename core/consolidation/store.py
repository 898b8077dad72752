"""The referential in its GeoPackage: read as a whole, written as a whole beside the file, then put in its place."""

from __future__ import annotations

import contextlib
import glob
import json
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from ..errors import CartoError
from ..matching.text import plain
from ..progress import Progress
from ..registry import geopackage as gpkg
from ..services import SERVICE_COLUMNS, Service
from .identities import RegisterLine
from .records import Key

RECORDS, BRIDGE, PROVENANCE, REGISTER = "enregistrements", "passerelle", "provenance", "registre"
EVENTS, REVIEW, DECISIONS, QUALITY = "evenements", "a_verifier", "decisions", "qualite"
EDITIONS, HISTORY = "editions", "historique"

_PAIR = ("producteur_a", "id_producteur_a", "producteur_b", "id_producteur_b")
TABLES: Mapping[str, tuple[str, ...]] = {
    BRIDGE: ("id", "producteur", "id_producteur", "du", "au"),
    PROVENANCE: ("id", "champ", "valeur", "producteur", "id_producteur", "date_maj", "regle"),
    REGISTER: ("id", "premiere_vue", "derniere_vue", "fusionne_dans"),
    EVENTS: ("uuid", "type", "ids", "date", "auteur", "motif"),
    REVIEW: (*_PAIR, "score:real", "raisons", "decision"),
    DECISIONS: (*_PAIR, "decision", "auteur", "date", "motif"),
    QUALITY: ("mesure", "champ", "producteur", "nombre:real", "total:real", "part:real", "valeur"),
    EDITIONS: ("date", "services", "enregistrements", "reunis", "a_verifier", "crees", "fermes", "empreinte"),
    RECORDS: (*SERVICE_COLUMNS, "lon:real", "lat:real", "vu_le"),
}
"""Tables besides the layers `services` and `historique` (a row for each state of a service, `du` … `au`)."""

_HISTORY_COLUMNS = (*SERVICE_COLUMNS, "du", "au")
_RECORD = attrgetter(*SERVICE_COLUMNS, "lon", "lat")
_BATCH = 5000
_ANYBODY_WRITES = 0o222

Decided = dict[tuple[Key, Key], tuple[str, str, str, str]]
"""For each pair of keys, the lesser first: the decision, its author, its date and its reason."""

SAME, DISTINCT = "meme_lieu", "distincts"


class NotAReferential(CartoError):
    """The GeoPackage was made by something else."""


class Past(NamedTuple):
    """What the file holds.

    Attributes:
        bridge: for each key, the identifiers it stood for, the last first.
        living: the identifiers of the last edition.
        register: every identifier ever given.
        records: every record ever read, as last read.
        decisions: what people have said, those noted in `a_verifier` among them.
        edition: date and fingerprint of the last edition; empty when there is none.
    """

    bridge: dict[Key, tuple[str, ...]]
    living: set[str]
    register: dict[str, RegisterLine]
    records: dict[Key, Service]
    present: set[Key]
    decisions: Decided
    edition: tuple[str, str] = ("", "")


NOTHING = Past({}, set(), {}, {}, set(), {})


def read_past(path: Path, progress: Progress = Progress()) -> Past:
    """What a referential holds; `NOTHING` where there is no file. Raises `NotAReferential`, `CannotWrite`."""
    if not path.exists():
        return NOTHING
    with reading(path, progress) as database:
        gpkg.check_whole(database, path)
        return _read_past(database, progress)


@contextmanager
def reading(path: Path, progress: Progress = Progress()) -> Iterator[sqlite3.Connection]:
    """The database of a referential. Raises `NotAReferential`, `CannotWrite`."""
    with gpkg.plain_errors(path), gpkg.opened(path, progress) as database:
        _check_is_one(path, database)
        yield database


def _check_is_one(path: Path, database: sqlite3.Connection) -> None:
    try:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.DatabaseError as error:
        if gpkg.is_locked(error):
            raise
        raise not_one(path) from error
    if not {*TABLES, HISTORY, gpkg.LAYER} <= tables:
        raise not_one(path)


def not_one(path: Path) -> NotAReferential:
    return NotAReferential("“{path}” is no referential made by this tool; choose another file.", path=str(path))


def _read_past(database: sqlite3.Connection, progress: Progress) -> Past:
    bridge: dict[Key, tuple[str, ...]] = {}
    living = set()
    rows = database.execute(
        "SELECT id, producteur, id_producteur, au FROM passerelle ORDER BY coalesce(au, '9999'), du, fid"
    )
    for identifier, producer, own, until in rows:
        others = (one for one in bridge.get((producer, own), ()) if one != identifier)
        bridge[producer, own] = (identifier, *others)
        if until is None:
            living.add(identifier)
    register = {row[0]: RegisterLine(*row[1:]) for row in database.execute(
        "SELECT id, premiere_vue, derniere_vue, coalesce(fusionne_dans, '') FROM registre")}  # fmt: skip
    edition = database.execute("SELECT date, empreinte FROM editions ORDER BY date DESC LIMIT 1").fetchone()
    date = edition[0] if edition else ""
    columns = gpkg.sql("SELECT", gpkg.COLUMNS, ", lon, lat, vu_le FROM enregistrements")
    records, present = {}, set()
    for *values, seen in progress.over(database.execute(columns)):
        service = Service(*values)
        key = service.producteur, service.id_producteur
        records[key] = service
        if seen == date:
            present.add(key)
    return Past(bridge, living, register, records, present, _read_decisions(database, date), edition or ("", ""))


def _read_decisions(database: sqlite3.Connection, date: str) -> Decided:
    """Those kept, then those that someone noted in `a_verifier` since: what comes last counts."""
    columns = ", ".join(_PAIR)
    kept = database.execute(gpkg.sql("SELECT", columns, ", decision, auteur, date, motif FROM decisions ORDER BY fid"))
    found: Decided = {pair_of(row[:2], row[2:4]): (decision_of(row[4]), *row[5:]) for row in kept if row[4]}
    noted = database.execute(gpkg.sql("SELECT", columns, ", decision FROM a_verifier WHERE decision > '' ORDER BY fid"))
    for *pair, decision in noted:
        found[pair_of(tuple(pair[:2]), tuple(pair[2:]))] = (decision_of(decision), "", date, "a_verifier")
    return found


def pair_of(one: Key, other: Key) -> tuple[Key, Key]:
    """Two keys, the lesser first."""
    return (one, other) if one <= other else (other, one)


def decision_of(text: str) -> str:
    """A decision as people may write it in the table `a_verifier`. Raises `NotAReferential` for anything else."""
    said = plain(text)
    if said in ("meme lieu", "meme", "memes", "oui", "1", "true"):
        return SAME
    if said in (DISTINCT, "distinct", "lieux distincts", "different", "differents", "non", "0", "false"):
        return DISTINCT
    raise NotAReferential(
        "“{text}” in the column “decision” of a_verifier is neither “{same}” nor “{distinct}”.",
        text=text,
        same=SAME,
        distinct=DISTINCT,
    )


# -- writing ----------------------------------------------------------------------------------------------------------


class Held:
    """A referential that nobody else may change until the next edition is in its place; see `held`."""

    def __init__(self, path: Path, database: sqlite3.Connection | None) -> None:
        self.path, self._database = path, database

    @property
    def is_new(self) -> bool:
        """Whether there is no previous edition."""
        return self._database is None

    def put_in_place(self, part: Path) -> None:
        """Let the file ``part`` be the referential from now on, at once. Raises `CannotWrite`."""
        if self.is_new and self.path.exists():
            raise gpkg.CannotWrite(
                "“{path}” was made by somebody else meanwhile and is left as it is: run again.", path=str(self.path)
            )
        if not self.is_new:
            with contextlib.suppress(OSError):  # colleagues may write it as before
                shutil.copymode(self.path, part)
        if os.name == "nt":  # a file that is open cannot be replaced there
            self.let_go()
        try:
            part.replace(self.path)
        except PermissionError:  # Windows, where another program reads the file: its pages are replaced at once
            with closing(sqlite3.connect(str(part))) as new, closing(sqlite3.connect(str(self.path))) as old:
                new.backup(old)

    def let_go(self) -> None:
        """Others may change it again."""
        if self._database is not None:
            self._database.close()


@contextmanager
def held(path: Path, progress: Progress = Progress()) -> Iterator[Held]:
    """Keep others from changing a referential between its reading and its next edition: what they write is not lost.

    They may read it. Whoever edits it in QGIS is waited for, `gpkg.BUSY_SECONDS` at most: such an edit goes to a file
    beside it (WAL), which would be taken for a part of the next edition. A read-only file stays as it is. Raises
    `CannotWrite`, `NotAReferential`.
    """
    if not path.exists():
        yield Held(path, None)
        return
    if not os.access(path, os.W_OK) or not path.stat().st_mode & _ANYBODY_WRITES:
        raise gpkg.CannotWrite("“{path}” is read-only and is left as it is.", path=str(path))
    with contextlib.ExitStack() as stack:
        with gpkg.plain_errors(path):
            database = stack.enter_context(gpkg.opened(path, progress))
            _check_is_one(path, database)
            database.execute("PRAGMA journal_mode = DELETE")
            database.execute("BEGIN IMMEDIATE")
        yield Held(path, database)


@contextmanager
def next_edition(lock: Held, progress: Progress = Progress()) -> Iterator[sqlite3.Connection]:
    """The database of a copy of the referential, empty where there is none; it takes the file's place at the end.

    Whatever stops the work, the file stays as it was. Raises `CannotWrite`.
    """
    path = lock.path
    for left in path.parent.glob(f".{glob.escape(path.stem)}.*.part.gpkg*"):
        _remove_if_left(left)
    part = path.with_name(f".{path.stem}.{os.getpid()}-{uuid4().hex[:8]}.part.gpkg")
    try:
        with gpkg.plain_errors(path):
            if lock.is_new:
                gpkg.create(part, TABLES, {HISTORY: _HISTORY_COLUMNS})
            else:
                gpkg.copied(path, part, progress)
            with gpkg.opened(part, progress) as database:
                database.execute("PRAGMA journal_mode = OFF")  # the copy is thrown away when anything fails
                database.execute("PRAGMA synchronous = OFF")
                database.execute("PRAGMA cache_size = -32768")
                database.execute("BEGIN")
                yield database
                database.execute("COMMIT")
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            lock.put_in_place(part)
    finally:
        part.unlink(missing_ok=True)


def _remove_if_left(part: Path) -> None:
    """Remove the copy of a run that was killed; that of one that still runs is left alone."""
    process = part.name.rsplit(".part.gpkg", 1)[0].rpartition(".")[2].partition("-")[0]
    if process.isdigit() and not _runs(int(process)):
        with contextlib.suppress(OSError):
            part.unlink()


def _runs(process: int) -> bool:
    if os.name == "nt":  # a signal would end it there
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def replace_rows(database: sqlite3.Connection, table: str, rows: Iterable[Sequence[object]]) -> int:
    """Put rows in place of all those of a table; gives how many."""
    database.execute(gpkg.sql("DELETE FROM", table))
    database.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
    return add_rows(database, table, rows)


def add_rows(database: sqlite3.Connection, table: str, rows: Iterable[Sequence[object]]) -> int:
    """Add rows to a table; gives how many."""
    columns = [column.partition(":")[0] for column in TABLES[table]]
    places = ", ".join("?" * len(columns))
    insert = gpkg.sql("INSERT INTO", table, "(", ", ".join(columns), ") VALUES (", places, ")")
    stream, count = iter(rows), 0
    while batch := list(islice(stream, _BATCH)):
        database.executemany(insert, batch)
        count += len(batch)
    return count


def replace_services(database: sqlite3.Connection, services: Iterable[Service]) -> None:
    """Put services in place of all those of the layer, its spatial index included."""
    database.execute("DELETE FROM services")
    database.execute("DELETE FROM sqlite_sequence WHERE name = 'services'")
    gpkg.fill(database, services)


def keep_history(database: sqlite3.Connection, date: str) -> None:
    """End the states that hold no more at ``date``, and begin those of the layer `services` that are new."""
    columns = ", ".join(("geom", *SERVICE_COLUMNS))
    ours, theirs = (", ".join(f"{table}.{column}" for column in ("geom", *SERVICE_COLUMNS)) for table in "sh")
    same = gpkg.sql("(", ours, ") IS (", theirs, ")")
    database.execute("CREATE INDEX IF NOT EXISTS historique_id ON historique (id)")
    database.execute(
        gpkg.sql(
            "UPDATE historique AS h SET au = ? WHERE au IS NULL",
            *("AND NOT EXISTS (SELECT 1 FROM services s WHERE s.id = h.id AND", same, ")"),
        ),
        (date,),
    )
    database.execute("DELETE FROM historique WHERE au = du")
    database.execute(
        gpkg.sql(
            *("INSERT INTO historique (", columns, ", du) SELECT", columns, ", ? FROM services s WHERE NOT EXISTS"),
            "(SELECT 1 FROM historique h WHERE h.id = s.id AND h.au IS NULL) ORDER BY s.id",
        ),
        (date,),
    )
    gpkg.refresh_contents(database, HISTORY)


def keep_bridge(
    database: sqlite3.Connection,
    links: Iterable[tuple[str, str, str]],
    date: str,
    inherited: Iterable[tuple[str, Key]] = (),
) -> None:
    """End the links that hold no more at ``date``, and begin the new ones. ``links``: (id, producer, identifier).

    ``inherited``: identifiers that a record stood for under another key: links that hold on no date (`du` = `au`).
    """
    database.execute("CREATE TEMP TABLE liens (id, producteur, id_producteur, PRIMARY KEY (producteur, id_producteur))")
    database.executemany("INSERT INTO liens VALUES (?, ?, ?)", links)
    database.execute(
        """UPDATE passerelle SET au = ? WHERE au IS NULL AND NOT EXISTS (SELECT 1 FROM liens l
           WHERE (l.id, l.producteur, l.id_producteur)
               = (passerelle.id, passerelle.producteur, passerelle.id_producteur))""",
        (date,),
    )
    database.executemany(
        "INSERT INTO passerelle (id, producteur, id_producteur, du, au) VALUES (?, ?, ?, ?, ?)",
        ((identifier, *key, date, date) for identifier, key in inherited),
    )
    database.execute("CREATE INDEX IF NOT EXISTS passerelle_cle ON passerelle (producteur, id_producteur)")
    database.execute(
        """INSERT INTO passerelle (id, producteur, id_producteur, du) SELECT id, producteur, id_producteur, ? FROM liens
           WHERE NOT EXISTS (SELECT 1 FROM passerelle p WHERE p.au IS NULL
           AND (p.producteur, p.id_producteur) = (liens.producteur, liens.id_producteur)) ORDER BY id, 2, 3""",
        (date,),
    )
    database.execute("DROP TABLE liens")


def keep_records(database: sqlite3.Connection, records: Iterable[Service], date: str) -> None:
    """Keep the records as they were read on ``date``; those that are no more stay as last read."""
    database.execute(
        "CREATE UNIQUE INDEX IF NOT EXISTS enregistrements_cle ON enregistrements (producteur, id_producteur)"
    )
    columns = (*SERVICE_COLUMNS, "lon", "lat", "vu_le")
    changed = ", ".join(f"{column} = excluded.{column}" for column in columns)
    upsert = gpkg.sql(
        *("INSERT INTO enregistrements (", ", ".join(columns), ") VALUES (", ", ".join("?" * len(columns)), ")"),
        *("ON CONFLICT (producteur, id_producteur) DO UPDATE SET", changed),
    )
    database.executemany(upsert, ((*_RECORD(record), date) for record in records))


def decision_rows(decisions: Decided) -> Iterator[tuple[str, ...]]:
    """As the table `decisions` holds them."""
    for pair in sorted(decisions):
        yield (*pair[0], *pair[1], *decisions[pair])


def as_json(values: object) -> str:
    """One line, for a column of text."""
    return json.dumps(values, ensure_ascii=False)


def from_json(text: str) -> list[str]:
    """What `as_json` made of a list of texts."""
    return list(map(str, json.loads(text)))
