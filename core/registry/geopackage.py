"""Services in a GeoPackage: made by GDAL, filled through SQLite, which is several times faster from Python."""

from __future__ import annotations

import sqlite3
import struct
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import Any

from osgeo import gdal, ogr, osr

from ..errors import Cancelled, CartoError
from ..messages import msg
from ..progress import Progress
from ..services import SERVICE_COLUMNS, Rejected, Service, ServiceRecord

LAYER = "services"
REJECTED = "services_rejets"
CHANGES = "services_changements"
STATE = "services_etat"
CHANGE_COLUMNS = ("nature", "id", "nom", "champ", "ancien", "nouveau")

COLUMNS = ", ".join(SERVICE_COLUMNS)

_BATCH = 2000
_ROW = attrgetter(*SERVICE_COLUMNS)
BUSY_SECONDS = 30.0
"""How long one waits for another program that holds a file."""
_STEP = 0.1
"""How long SQLite waits by itself, deaf."""
_INSTRUCTIONS = 200_000
"""Of SQLite's machine between two looks at a cancel: some milliseconds."""
# OGC 12-128: GeoPackage header (little endian, no envelope, EPSG:4326), then the WKB of a point.
_POINT = struct.Struct("<2sBBiBIdd")
_HEADER = struct.Struct("<2sBBi")
_TABLES = {REJECTED: ("raison", "brut"), CHANGES: CHANGE_COLUMNS, STATE: ("cle", "valeur")}


class CannotWrite(CartoError):
    """The GeoPackage cannot be made or changed."""


def create(
    path: Path, tables: Mapping[str, Sequence[str]] = _TABLES, layers: Mapping[str, Sequence[str]] | None = None
) -> None:
    """A GeoPackage with an empty layer `services` in EPSG:4326 and ``tables`` (name → columns of text).

    ``tables``: those that tell of syncs unless others are given; ``layers``: more layers of points, likewise. A column
    whose name ends in `:real` holds numbers.
    """
    options = ["ADD_GPKG_OGR_CONTENTS=NO"]
    try:
        source = ogr.GetDriverByName("GPKG").CreateDataSource(str(path), options=options)
    except RuntimeError:  # where someone made GDAL raise
        source = None
    if source is None:
        raise CannotWrite("“{path}” cannot be written; is the folder writable?", path=str(path))
    degrees = osr.SpatialReference()
    degrees.ImportFromEPSG(4326)
    wanted = [
        (name, degrees, ogr.wkbPoint, ["GEOMETRY_NAME=geom", "FID=fid"], columns)
        for name, columns in {LAYER: SERVICE_COLUMNS, **(layers or {})}.items()
    ]
    for name, columns in tables.items():
        wanted.append((name, None, ogr.wkbNone, ["ASPATIAL_VARIANT=GPKG_ATTRIBUTES"], columns))
    for name, crs, geometry, options, columns in wanted:
        layer = source.CreateLayer(name, crs, geometry, options)
        if layer is None:
            raise CannotWrite("“{path}” cannot be written; is the disk full?", path=str(path))
        for column in columns:
            column, _colon, kind = column.partition(":")
            layer.CreateField(ogr.FieldDefn(column, ogr.OFTReal if kind == "real" else ogr.OFTString))
    gdal.ErrorReset()
    del layer, source
    if gdal.GetLastErrorType() >= gdal.CE_Failure:
        raise CannotWrite("“{path}” cannot be written: {cause}.", path=str(path), cause=gdal.GetLastErrorMsg())


@contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Faults of the disk and of the database as `CannotWrite`."""
    try:
        yield
    except (sqlite3.Error, OSError, UnicodeDecodeError) as error:  # a damaged file may say anything of itself
        cause = getattr(error, "strerror", None) or str(error)
        if is_locked(error):
            raise CannotWrite(
                "“{path}” is held by another program or by layers of a project that edited it: close it there, take "
                "them out of the project, or wait, and run again. It is as it was.",
                path=str(path),
            ) from error
        raise CannotWrite(
            "“{path}” cannot be written: {cause}. What it held before is kept.", path=str(path), cause=cause
        ) from error


def is_locked(error: BaseException) -> bool:
    """Whether another program holds the database."""
    return isinstance(error, sqlite3.OperationalError) and "locked" in str(error)


class Patient(sqlite3.Connection):
    """Waits for another program that holds the file, in steps so short that a cancel is heard, and says so once.

    ``seconds``: how long it waits at most; then `sqlite3.OperationalError`.
    """

    progress, seconds, warned = Progress(), BUSY_SECONDS, False

    def execute(self, *statement: Any) -> sqlite3.Cursor:
        """As `sqlite3.Connection.execute`. Raises `Cancelled`."""
        end = time.monotonic() + self.seconds
        while True:
            try:
                return super().execute(*statement)
            except sqlite3.OperationalError as error:
                if not is_locked(error) or time.monotonic() > end:
                    raise
            except UnicodeDecodeError as error:  # SQLite's words quote a damaged file
                raise sqlite3.DatabaseError("database disk image is malformed") from error
            self._wait()

    def executemany(self, *statement: Any) -> sqlite3.Cursor:
        """As `sqlite3.Connection.executemany`, which cannot be tried again: it waits in one go."""
        super().execute(f"PRAGMA busy_timeout = {int(self.seconds * 1000)}")
        try:
            return super().executemany(*statement)
        finally:
            super().execute(f"PRAGMA busy_timeout = {int(_STEP * 1000)}")

    def _wait(self) -> None:
        self.progress.check()
        if not self.warned:
            at_most = round(self.seconds)
            self.progress.info(
                msg("Another program is using the file; waiting for it, {seconds} s at most.", seconds=at_most)
            )
            self.warned = True
        time.sleep(0.05)


@contextmanager
def opened(path: Path, progress: Progress = Progress(), seconds: float = BUSY_SECONDS) -> Iterator[Patient]:
    """The GeoPackage's database, with the functions its spatial index triggers call. Transactions are explicit.

    A cancel of ``progress`` stops a statement under way. Raises `Cancelled`.
    """
    connection = sqlite3.connect(str(path), timeout=_STEP, isolation_level=None, factory=Patient)
    with closing(connection) as database:
        database.progress, database.seconds = progress, seconds
        database.set_progress_handler(progress.cancelled, _INSTRUCTIONS)
        for name, read in _GEOMETRY_FUNCTIONS.items():
            database.create_function(name, 1, read, deterministic=True)
        try:
            yield database
        except sqlite3.OperationalError as error:
            if "interrupted" in str(error):
                raise Cancelled from error
            raise


def copied(source: Path, target: Path, progress: Progress) -> None:
    """Copy a database page by page, as one moment has it; awake to a cancel. Raises `sqlite3.Error`."""
    end = time.monotonic() + BUSY_SECONDS

    def ask(_status: int, _left: int, _total: int) -> None:
        progress.check()
        if _status not in (0, 101) and time.monotonic() > end:  # SQLITE_OK, SQLITE_DONE
            raise sqlite3.OperationalError("database is locked")

    with closing(sqlite3.connect(str(source))) as old, closing(sqlite3.connect(str(target))) as new:
        old.backup(new, pages=1000, progress=ask, sleep=0.05)


def check_whole(database: sqlite3.Connection, path: Path) -> None:
    """Raise `CannotWrite` where the file is damaged in a way that SQLite can see."""
    try:
        found = database.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        if is_locked(error):
            raise
        found = (str(error),)
    if found != ("ok",):
        raise CannotWrite(
            "“{path}” is damaged ({cause}) and is left as it is: put a copy of it back, or choose another file.",
            path=str(path),
            cause=str(found[0]).splitlines()[-1],
        )


def insert_services(
    database: sqlite3.Connection, table: str, records: Iterable[ServiceRecord], rejected_table: str = REJECTED
) -> tuple[int, int]:
    """Insert a stream into ``table``, in batches, and its rejections into ``rejected_table``.

    Gives how many services and rejections there were.
    """
    places = ", ".join("?" * (len(SERVICE_COLUMNS) + 1))
    insert = sql("INSERT INTO", table, "(geom,", COLUMNS, ") VALUES (", places, ")")
    services = rejected = 0
    stream = iter(records)
    while batch := list(islice(stream, _BATCH)):
        rows = [(point(record), *_ROW(record)) for record in batch if isinstance(record, Service)]
        database.executemany(insert, rows)
        refused = [(str(record.raison), record.brut) for record in batch if isinstance(record, Rejected)]
        if refused:
            database.executemany(sql("INSERT INTO", rejected_table, "(raison, brut) VALUES (?, ?)"), refused)
        services += len(rows)
        rejected += len(refused)
    return services, rejected


def fill(database: sqlite3.Connection, records: Iterable[ServiceRecord]) -> tuple[int, int]:
    """Insert a stream into the empty layer, its spatial index included; gives services and rejections.

    The index's own trigger would call back into Python for each row: it steps aside meanwhile.
    """
    triggers = take_triggers(database, LAYER, "rtree_%_insert")
    counts = insert_services(database, LAYER, records)
    placed = database.execute("SELECT fid, geom FROM services WHERE geom IS NOT NULL ORDER BY fid")
    positions = ((fid, position_of(geom)) for fid, geom in placed)
    boxes = ((fid, at[0], at[0], at[1], at[1]) for fid, at in positions if at)
    database.executemany("INSERT INTO rtree_services_geom VALUES (?, ?, ?, ?, ?)", boxes)
    for trigger in triggers:
        database.execute(trigger)
    database.execute("CREATE UNIQUE INDEX IF NOT EXISTS services_id ON services (id)")
    refresh_contents(database)
    return counts


def take_triggers(database: sqlite3.Connection, table: str, names: str = "%") -> list[str]:
    """Drop the triggers of a table whose names are ``LIKE names``; the statements that make them again."""
    asked = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ? AND name LIKE ?"
    found = database.execute(asked, (table, names)).fetchall()
    for trigger, _how in found:
        database.execute(sql("DROP TRIGGER", f'"{trigger}"'))
    return [how for _trigger, how in found]


def refresh_contents(database: sqlite3.Connection, layer: str = LAYER) -> None:
    """Tell the GeoPackage's table of contents the layer's extent and date."""
    extent = sql("(SELECT min(minx), min(miny), max(maxx), max(maxy) FROM", f"rtree_{layer}_geom", ")")
    database.execute(
        sql(
            "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ', 'now'),",
            *("(min_x, min_y, max_x, max_y) =", extent, "WHERE table_name = ?"),
        ),
        (layer,),
    )


def sql(*parts: str) -> str:
    """A statement put together from words, table and column names of this program (never from data)."""
    return " ".join(parts)


def point(service: Service) -> bytes | None:
    """A service's position as a GeoPackage geometry."""
    if service.lon is None or service.lat is None:
        return None
    return _POINT.pack(b"GP", 0, 1, 4326, 1, 1, service.lon, service.lat)


def position_of(geometry: bytes | None) -> tuple[float, float] | None:
    """Longitude and latitude of a GeoPackage point, whoever wrote it."""
    if not geometry:
        return None
    flags = geometry[3]
    envelope = (0, 32, 48, 48, 64)[(flags >> 1) & 7]
    body = geometry[_HEADER.size + envelope :]
    order = "<" if body[0] == 1 else ">"
    lon, lat = struct.unpack_from(order + "dd", body, 5)
    return None if lon != lon or lat != lat else (lon, lat)


def _coordinate(number: int) -> Any:
    def read(geometry: bytes | None) -> float | None:
        position = position_of(geometry)
        return None if position is None else position[number]

    return read


_GEOMETRY_FUNCTIONS = {
    "ST_IsEmpty": lambda geometry: None if geometry is None else int(position_of(geometry) is None),
    "ST_MinX": _coordinate(0),
    "ST_MaxX": _coordinate(0),
    "ST_MinY": _coordinate(1),
    "ST_MaxY": _coordinate(1),
}
