"""A GeoPackage that follows a registry: brought up to date in one transaction, with a journal of what changed."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import datetime, timedelta, timezone
from glob import escape
from pathlib import Path
from typing import Any, NamedTuple, cast
from uuid import uuid4

from ..errors import CartoError
from ..http import kept_url
from ..messages import msg
from ..outlines import Outlines
from ..progress import Progress
from ..services import SERVICE_COLUMNS, Service, ServiceRecord
from ..versions import clean
from . import geopackage as gpkg
from .connection import Connection, Query, Registry
from .positions import JUDGED_BY, judged_by

FULL_EVERY = timedelta(days=30)
"""How long reading only what is said to have changed is trusted."""

WORTH_A_WARNING = 5.0
"""Percentage of the services removed at once that is warned of before it is written."""

_PROBE_ROWS = 1000
_LEFT_BEHIND = 86_400.0
"""Seconds after which an unfinished file that nobody has written to is one of a program that died."""

_COMPARED = tuple(column for column in SERVICE_COLUMNS if column not in ("id", "version"))
_WRITTEN = ("geom", *SERVICE_COLUMNS)
_SEVERAL = 2
_OPTIONAL: dict[str, tuple[str, ...]] = {
    "geom": ("precision_position", "anomalie"),
    **{column: () for column in _COMPARED if column not in ("nom", "categorie", "anomalie")},
}
"""Columns that a source may lack, each with what is judged by it."""
_DEFAULTS = {"modalite": "'fixe'", "precision_position": "'inconnue'"}
_NOTED = {"connection", "query", "source", "read_on", "since", "full_on", "tells_changes", "validators"}
# Rows without identifier were drawn by the user: they are nobody's services, and stay.
_NOT_YET_HERE = "WHERE id NOT IN (SELECT id FROM services WHERE id > '')"


class OtherRegistry(CartoError):
    """The GeoPackage follows another registry."""


class TooManyRemoved(CartoError):
    """The sync would remove a larger share of the services than allowed. ``values``: `removed` and `total`, numbers."""


class NotOurs(CartoError):
    """The file is not a GeoPackage made by a sync."""


class SyncChange(NamedTuple):
    """A service added (`ajout`), removed (`suppression`), or one of its columns changed (`modification`)."""

    nature: str
    id: str
    nom: str
    champ: str
    ancien: str
    nouveau: str


class SyncReport(NamedTuple):
    """Counts of a sync. ``received``: records that the registry sent; ``partial``: not everything was asked."""

    added: int
    changed: int
    removed: int
    rejected: int
    received: int
    partial: bool


def sync(
    path: Path,
    registry: Registry,
    connection: Connection,
    query: Query,
    progress: Progress = Progress(),
    *,
    full: bool = False,
    most_removed: float = 100.0,
    outlines: Outlines | None = None,
) -> SyncReport:
    """Bring a GeoPackage to what the registry says of the query; it is made when absent.

    ``most_removed``: percentage of the services that may go at once; beyond it `TooManyRemoved` is raised and nothing
    changes. A service whose record came but could not be read stays as it was. ``outlines`` of the communes of one's
    own are those that positions are judged by.

    All or nothing: when the reading fails or is cancelled, or the process dies, the file is as before and readable.
    Where the registry proved at the last full reading that it can tell what changed, only that is asked for, unless
    ``full``, or its count then differs from ours. Rejections and changes are kept in tables of the file (`changes`).
    """
    if outlines is not None:
        registry, full = _Judged(registry, outlines), True
    with gpkg.plain_errors(path):
        source = _Source(registry, connection, query)
        if not path.exists():
            return _create(path, source, progress)
        return _bring_up_to_date(path, source, progress, full, most_removed)


class _Source(NamedTuple):
    """What a file follows: a registry, how it is reached, and what is asked of it."""

    registry: Registry
    connection: Connection
    query: Query


class _Judged:
    """A registry whose positions are judged by outlines of one's own."""

    def __init__(self, registry: Registry, outlines: Outlines) -> None:
        self._registry, self._outlines = registry, outlines

    def __getattr__(self, name: str) -> Any:
        return getattr(self._registry, name)

    def read(self, query: Query, progress: Progress = Progress()) -> Iterator[ServiceRecord]:
        """The records, `anomalie` judged again."""
        return judged_by(self._outlines, self._registry.read(query, progress))


def _bring_up_to_date(path: Path, source: _Source, progress: Progress, full: bool, most_removed: float) -> SyncReport:
    registry, connection, query = source
    state = read_state(path, progress, gpkg.BUSY_SECONDS)
    if state["connection"] != _identity(connection):
        raise OtherRegistry(
            "“{path}” follows the registry {other}; choose another file.",
            path=str(path),
            other=state["connection"][1].partition("?")[0],
        )
    same_query = state["query"] == _query_text(query) and state.get("judged_by") == JUDGED_BY
    if not full and same_query and registry.unchanged(state["validators"], progress):
        return _nothing_new(path, progress)
    if not full and same_query and _may_be_partial(state):
        report = _update(path, source, progress, since=instant(state["since"]))
        if report is not None:
            return report
        progress.info(msg("The registry's count differs from ours: everything is read again."))
    report = _update(path, source, progress, most_removed=most_removed)
    return cast(SyncReport, report)  # None only comes with `since`


def read_state(path: Path, progress: Progress = Progress(), seconds: float = 1.0) -> dict[str, Any]:
    """What the last sync noted: `connection`, `query`, `source`, `read_on`, `since`…

    ``seconds``: how long it waits for another program that holds the file; the interface cannot wait. Raises
    `NotOurs`, `CannotWrite`.
    """
    with gpkg.plain_errors(path):
        return _read_state(path, progress, seconds)


def _read_state(path: Path, progress: Progress, seconds: float) -> dict[str, Any]:
    try:
        with gpkg.opened(path, progress, seconds) as database:
            rows = dict(database.execute("SELECT cle, valeur FROM services_etat").fetchall())
            state = {key: json.loads(value) for key, value in rows.items()}
    except (sqlite3.DatabaseError, ValueError, TypeError) as error:
        if gpkg.is_locked(error):
            raise  # in words by `plain_errors`
        raise NotOurs("“{path}” was not made by a sync; choose another file.", path=str(path)) from error
    if not state.keys() >= _NOTED:
        raise NotOurs("“{path}” was not made by a sync; choose another file.", path=str(path))
    return state


def changes(path: Path) -> Iterator[SyncChange]:
    """What the last sync changed, one row a column for changed services."""
    with gpkg.opened(path) as database:
        query = "SELECT nature, id, nom, champ, ancien, nouveau FROM services_changements ORDER BY fid"
        yield from map(SyncChange._make, database.execute(query))


def _nothing_new(path: Path, progress: Progress) -> SyncReport:
    """The registry has nothing else than last time: only the date of reading changes."""
    now = json.dumps(datetime.now(timezone.utc).isoformat(timespec="seconds"))
    with gpkg.opened(path, progress) as database:
        database.execute("BEGIN IMMEDIATE")
        database.execute("DELETE FROM services_changements")
        database.execute("UPDATE services_etat SET valeur = ? WHERE cle = 'read_on'", (now,))
        rejected = database.execute("SELECT count(*) FROM services_rejets").fetchone()[0]
        database.execute("COMMIT")
    return SyncReport(0, 0, 0, rejected, 0, partial=True)


def _create(path: Path, source: _Source, progress: Progress) -> SyncReport:
    """Fill a file beside the wanted one, then give it its name. Another program may be doing the same."""
    for left in path.parent.glob(f".{escape(path.stem)}.*.part.gpkg"):
        if time.time() - left.stat().st_mtime > _LEFT_BEHIND:
            _remove(left)
    part = path.with_name(f".{path.stem}.{uuid4().hex[:8]}.part.gpkg")
    try:
        gpkg.create(part)
        with gpkg.opened(part) as database:
            database.execute("PRAGMA journal_mode = OFF")
            database.execute("PRAGMA synchronous = OFF")
            database.execute("PRAGMA cache_size = -32768")  # KiB: the spatial index is filled in no order
            database.execute("BEGIN")
            added, rejected = gpkg.fill(database, source.registry.read(source.query, progress.part(0.0, 0.95)))
            received = source.registry.received
            _note_all_as_added(database, gpkg.LAYER)
            _write_state(database, source, progress, previous={})
            database.execute("COMMIT")
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        _remove(part)
    return SyncReport(added, 0, 0, rejected, received, partial=False)


def _update(
    path: Path, source: _Source, progress: Progress, since: str = "", most_removed: float = 100.0
) -> SyncReport | None:
    """Stage what the registry says in a temporary database, then apply the differences in one transaction.

    With ``since`` nothing is removed, and None says that the counts do not agree: nothing was done.
    """
    registry, _, query = source
    previous = read_state(path, progress, gpkg.BUSY_SECONDS)
    with gpkg.opened(path, progress) as database:
        # a killed writer then leaves a file that readers can open
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("ATTACH DATABASE '' AS staging")
        database.execute(gpkg.sql("CREATE TABLE staging.incoming (geom BLOB,", gpkg.COLUMNS, ", PRIMARY KEY (id))"))
        database.execute("CREATE TEMP TABLE rejected (raison, brut)")
        database.execute("CREATE TEMP TABLE departures (id PRIMARY KEY)")
        database.execute("BEGIN")
        stream = registry.read(replace(query, since=since), progress.part(0.0, 0.9))
        _received_services, rejected = gpkg.insert_services(database, "staging.incoming", stream, "temp.rejected")
        received = registry.received
        database.execute("COMMIT")
        progress.check()
        if since and registry.count(query) != _count_after(database):
            return None
        database.execute("BEGIN IMMEDIATE")
        try:
            if previous["query"] != _query_text(query):
                _forget_unasked(database, query)
            if not since:
                _note_departures(database, most_removed, progress)
                _keep_what_is_not_given(database, progress)
            added, changed, removed = _apply(database, progress)
            database.execute("DELETE FROM services_rejets")
            database.execute("INSERT INTO services_rejets (raison, brut) SELECT raison, brut FROM temp.rejected")
            _write_state(database, source, progress, previous if since else {})
            gpkg.refresh_contents(database)
            database.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):  # a full disk has rolled back already
                database.execute("ROLLBACK")
            raise
        with contextlib.suppress(sqlite3.OperationalError):  # someone else has the file open: it stays as it is
            database.execute("DETACH DATABASE staging")
            database.execute("PRAGMA journal_mode = DELETE")
    return SyncReport(added, changed, removed, rejected, received, partial=bool(since))


def _count_after(database: sqlite3.Connection) -> int:
    """How many services there will be once the staged ones are in."""
    return database.execute(
        """SELECT (SELECT count(*) FROM services WHERE id > '')
                + (SELECT count(*) FROM staging.incoming WHERE id NOT IN (SELECT id FROM services WHERE id > ''))"""
    ).fetchone()[0]


def _note_departures(database: sqlite3.Connection, most_removed: float, progress: Progress) -> None:
    """List the services that the registry has no more. Raises `TooManyRemoved` beyond ``most_removed`` %."""
    database.execute(
        """INSERT INTO departures SELECT id FROM services
           WHERE id > '' AND id NOT IN (SELECT id FROM staging.incoming)"""
    )
    kept = 0
    for (raw,) in database.execute("SELECT brut FROM temp.rejected").fetchall():
        for identifier in _identifiers(raw):
            kept += database.execute("DELETE FROM departures WHERE id = ?", (identifier,)).rowcount
    if kept:
        progress.warn(
            msg(
                "{count} service stays as it was: its record came and could not be read."
                "|{count} services stay as they were: their records came and could not be read.",
                count=kept,
            )
        )
    removed = database.execute("SELECT count(*) FROM departures").fetchone()[0]
    total = database.execute("SELECT count(*) FROM services WHERE id > ''").fetchone()[0]
    share = 100.0 * removed / max(total, 1)
    facts = {"removed": removed, "total": total, "share": round(share, 1)}
    if share > most_removed:
        raise TooManyRemoved(
            "{removed} of {total} services ({share} %) would be removed, more than the {most} % allowed at once: is the"
            " source whole? Nothing was changed. If they are really gone, allow more (MOST_REMOVED).",
            **facts,
            most=round(most_removed, 1),
        )
    if share > WORTH_A_WARNING:
        progress.warn(msg("{removed} of {total} services ({share} %) are removed: is the source whole?", **facts))


def _keep_what_is_not_given(database: sqlite3.Connection, progress: Progress) -> None:
    """Put our values in the staged services' columns that the source has not (any more): absent is not empty.

    Such is a column without a value in any staged service, of which ours have several.
    """
    absent = []
    for column, with_it in _OPTIONAL.items():
        nothing = _DEFAULTS.get(column, "''")
        known = gpkg.sql("coalesce(", column, ", '') NOT IN ('',", nothing, ")")
        theirs = gpkg.sql("SELECT count(*) FROM staging.incoming WHERE", known)
        ours = gpkg.sql("SELECT count(*) FROM services WHERE id IN (SELECT id FROM staging.incoming) AND", known)
        if database.execute(theirs).fetchone()[0] or database.execute(ours).fetchone()[0] < _SEVERAL:
            continue
        absent.append(column)
        columns = ", ".join((column, *with_it))
        database.execute(
            gpkg.sql(
                *("UPDATE staging.incoming SET (", columns, ") = (SELECT", columns, "FROM services s"),
                "WHERE s.id = incoming.id) WHERE id IN (SELECT id FROM services WHERE id > '')",
            )
        )
    if absent:
        progress.warn(
            msg("The source tells nothing of {columns} any more: what was known is kept.", columns=", ".join(absent))
        )


def _identifiers(raw: str) -> list[str]:
    """The identifiers that a rejected record gives, where its text still tells."""
    try:
        record = json.loads(raw)
    except ValueError:
        return []
    inner = record.get("properties") if isinstance(record, dict) else None
    holders = [one for one in (record, inner) if isinstance(one, dict)]
    return [clean(one["id"]) for one in holders if isinstance(one.get("id"), (str, int, float)) and one["id"] != ""]


def _apply(database: sqlite3.Connection, progress: Progress) -> tuple[int, int, int]:
    """Put the staged services in place of ours, and note the differences. Counts: added, changed, removed."""
    database.execute("DELETE FROM services_changements")
    _note_all_as_added(database, "staging.incoming", _NOT_YET_HERE)
    added = database.execute("SELECT count(*) FROM services_changements").fetchone()[0]
    changed = _note_changes(database, progress)
    database.execute(
        """INSERT INTO services_changements (nature, id, nom, champ, ancien, nouveau)
           SELECT 'suppression', id, nom, '', '', '' FROM services WHERE id IN (SELECT id FROM departures)"""
    )
    removed = database.execute("DELETE FROM services WHERE id IN (SELECT id FROM departures)").rowcount
    columns, theirs, ours = ", ".join(_WRITTEN), _prefixed("i", _WRITTEN), _prefixed("s", _WRITTEN)
    # In two steps: an upsert would overrule the conflict clauses inside the spatial index's triggers.
    different = gpkg.sql("(", theirs, ") IS NOT (", ours, ")")
    database.execute(
        gpkg.sql(
            *("UPDATE services SET (", columns, ") = (SELECT", columns, "FROM staging.incoming i"),
            "WHERE i.id = services.id) WHERE id IN (SELECT i.id FROM staging.incoming i",
            *("JOIN services s ON s.id = i.id WHERE", different, ")"),
        )
    )
    database.execute(
        gpkg.sql(
            *("INSERT INTO services (", columns, ") SELECT", columns, "FROM staging.incoming"),
            _NOT_YET_HERE,
        )
    )
    return added, changed, removed


def _forget_unasked(database: sqlite3.Connection, query: Query) -> None:
    """Take away what the new query does not ask for any more: the registry still has it, so no removal is recorded."""
    rows = database.execute("SELECT fid, id, categorie, code_insee, geom FROM services WHERE id > ''").fetchall()
    for fid, identifier, category, commune, geometry in rows:
        lon, lat = gpkg.position_of(geometry) or (None, None)
        kept = Service(identifier, "", category or "", code_insee=commune or "", lon=lon, lat=lat)
        if not query.wants(kept):
            database.execute("DELETE FROM services WHERE fid = ?", (fid,))


def _note_all_as_added(database: sqlite3.Connection, table: str, where: str = "") -> None:
    insert = "INSERT INTO services_changements (nature, id, nom, champ, ancien, nouveau)"
    database.execute(gpkg.sql(insert, "SELECT 'ajout', id, nom, '', '', '' FROM", table, where))


def _note_changes(database: sqlite3.Connection, progress: Progress) -> int:
    """Write down the columns that differ; gives the number of services concerned."""
    compared_columns = ("geom", *_COMPARED)
    pairs = ", ".join(f"s.{column}, i.{column}" for column in compared_columns)
    different = database.execute(
        gpkg.sql(
            *("SELECT i.id, i.nom,", pairs, "FROM staging.incoming i JOIN services s ON s.id = i.id"),
            *("WHERE (", _prefixed("i", compared_columns), ") IS NOT (", _prefixed("s", compared_columns), ")"),
        )
    )
    insert = "INSERT INTO services_changements (nature, id, nom, champ, ancien, nouveau) VALUES (?, ?, ?, ?, ?, ?)"
    count = 0
    for service_id, name, old_place, new_place, *values in different:
        count += 1
        if count % 1000 == 0:
            progress.check()
        compared = [("position", _shown(old_place), _shown(new_place))]
        compared += zip(_COMPARED, values[::2], values[1::2])
        rows = [("modification", service_id, name, *one) for one in compared if one[1] != one[2]]
        database.executemany(insert, rows)
    return count


def _prefixed(table: str, columns: tuple[str, ...]) -> str:
    return ", ".join(f"{table}.{column}" for column in columns)


def _shown(geometry: bytes | None) -> str:
    position = gpkg.position_of(geometry)
    return "" if position is None else f"{position[0]:.7f} {position[1]:.7f}"


# -- what is remembered between syncs ----------------------------------------------------------------------------------


def _write_state(
    database: sqlite3.Connection, source: _Source, progress: Progress, previous: Mapping[str, Any]
) -> None:
    """Note where the rows come from and, after a full reading (no ``previous``), whether changes can be asked for."""
    registry, connection, query = source
    now = datetime.now(timezone.utc).isoformat(timespec="seconds")
    validators = [] if previous else list(registry.validators)
    if previous:
        full_on, tells_changes = previous["full_on"], previous["tells_changes"]
    else:
        full_on, tells_changes = now, _tells_changes(database, registry, query, progress)
    state = {
        "connection": _identity(connection),
        "query": _query_text(query),
        "source": registry.source()._asdict(),
        "read_on": now,
        "since": database.execute("SELECT max(date_maj) FROM services").fetchone()[0] or "",
        "full_on": full_on,
        "tells_changes": tells_changes,
        "validators": validators,
        "judged_by": JUDGED_BY,
    }
    database.execute("DELETE FROM services_etat")
    rows = [(key, json.dumps(value, ensure_ascii=False)) for key, value in state.items()]
    database.executemany("INSERT INTO services_etat (cle, valeur) VALUES (?, ?)", rows)


def _tells_changes(database: sqlite3.Connection, registry: Registry, query: Query, progress: Progress) -> bool:
    """Whether the registry, asked for what changed since a date, gives those records and not much else.

    Servers may ignore the date, or apply it to another column: it is tried on the newest rows, which we have.
    """
    total = database.execute("SELECT count(*) FROM services WHERE id > ''").fetchone()[0]
    if registry.count(query) != total:
        return False
    wanted = min(_PROBE_ROWS, total // 100)
    row = database.execute(
        "SELECT date_maj FROM services ORDER BY date_maj DESC LIMIT 1 OFFSET ?", (max(wanted - 1, 0),)
    ).fetchone()
    if not row or not row[0]:
        return False
    expected = {one[0] for one in database.execute("SELECT id FROM services WHERE date_maj >= ?", row)}
    if len(expected) > total // 2:
        return False
    try:
        found = {
            record.id
            for record in registry.read(replace(query, since=instant(row[0])), progress.part(0.95, 0.95))
            if isinstance(record, Service)
        }
    except CartoError:
        progress.check()
        return False
    return expected <= found and registry.received <= max(2 * len(expected), total // 10)


def _may_be_partial(state: Mapping[str, Any]) -> bool:
    age = datetime.now(timezone.utc) - datetime.fromisoformat(state["full_on"])
    recent = timedelta(0) <= age < FULL_EVERY  # a clock that was wrong may have dated it in the future
    return bool(state["tells_changes"] and state["since"] and recent)


def instant(text: str) -> str:
    """A date or an instant as RFC 3339 wants it; without a time zone it is taken for UTC."""
    if len(text) == 10:
        return f"{text}T00:00:00Z"
    time = text[10:]
    if time.endswith("Z") or "+" in time or "-" in time:
        return text if len(time.rpartition("+")[2]) != 2 else text + ":00"
    return text + "Z"


def _identity(connection: Connection) -> list[str]:
    return [connection.kind, kept_url(connection.url)]


def _query_text(query: Query) -> dict[str, Any]:
    """The query as JSON holds it."""
    values = asdict(query)
    values["communes"] = None if query.communes is None else sorted(query.communes)
    return json.loads(json.dumps(values))


def _remove(path: Path) -> None:
    for suffix in ("", "-journal", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
