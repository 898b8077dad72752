"""The GeoPackage of a territory while it is filled: layers made by GDAL, rows written through SQLite with their tile.

It is filled beside its place and takes it once whole. What was read is kept with the tile that brought it, in one
transaction: a program killed at any moment leaves a file to go on with.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timezone
from itertools import chain
from pathlib import Path
from typing import Any

from osgeo import gdal, ogr

from ..errors import CartoError
from ..progress import Progress
from ..registry.geopackage import CannotWrite, opened, plain_errors, sql, take_triggers
from ..vector_files import raising_gdal
from ..wfs.tiles import Read, Tile
from .shapes import GEOMETRIES, reference
from .spatial_index import index_layer

STATE = "territoire_etat"
TILES = "territoire_tuiles"
SOURCES = "sources"
SOURCE_COLUMNS = ("quoi", "adresse", "date_lecture", "edition", "licence", "annonces", "recus")
_BATCH = 5000
_MOST_VALUES = 999
"""Values that every SQLite takes in one statement."""
_SORTING = 50_000
"""KiB of memory while an index is sorted."""
_FIELD_TYPES = {
    "text": (ogr.OFTString, ogr.OFSTNone),
    "integer": (ogr.OFTInteger64, ogr.OFSTNone),
    "real": (ogr.OFTReal, ogr.OFSTNone),
    "boolean": (ogr.OFTInteger, ogr.OFSTBoolean),
}


class NotATerritory(CartoError):
    """The file is not a GeoPackage made by this plugin of a territory."""


class Store:
    """A GeoPackage being filled."""

    def __init__(self, path: Path, progress: Progress = Progress()) -> None:
        self.path, self._progress = path, progress
        with plain_errors(path), opened(path, progress) as database:
            database.execute(sql("CREATE TABLE IF NOT EXISTS", STATE, "(cle TEXT PRIMARY KEY, valeur TEXT)"))
            database.execute(
                sql("CREATE TABLE IF NOT EXISTS", TILES)
                + " (quoi TEXT, depth INTEGER, col INTEGER, lig INTEGER, compte INTEGER, annonces INTEGER,"
                " recus INTEGER, PRIMARY KEY (quoi, depth, col, lig))"
            )

    @contextmanager
    def database(self) -> Iterator[sqlite3.Connection]:
        """The file's database; what is not committed when it fails is undone."""
        with plain_errors(self.path), opened(self.path, self._progress) as database:
            database.execute("PRAGMA synchronous = OFF")  # a killed program loses nothing, a killed machine may
            yield database

    # -- state --------------------------------------------------------------------------------------------------------

    def note(self, key: str, value: Any) -> None:
        """Keep a fact (JSON) with the file."""
        with self.database() as database:
            database.execute(sql("REPLACE INTO", STATE, "VALUES (?, ?)"), (key, json.dumps(value)))

    def noted(self, key: str) -> Any:
        """A fact kept, None when there is none."""
        return read_fact(self.path, key)

    # -- layers -------------------------------------------------------------------------------------------------------

    def add_layer(self, name: str, columns: dict[str, str], geometry: str, crs: str = "") -> None:
        """A layer of that name, empty if there is none yet, to be filled: `finish_layer` ends that."""
        with self.database() as database:
            is_new = not _has_table(database, name)
        if is_new:
            _through_gdal(self.path, lambda dataset: _create_layer(dataset, name, columns, geometry, crs))
        with self.database() as database:
            _put_triggers_aside(database, name)

    def drop_layer(self, name: str) -> None:
        """Take a layer away, with what is known of its tiles."""
        with self.database() as database:
            _put_triggers_back(database, name)  # GDAL drops those it made
        _through_gdal(self.path, lambda dataset: _delete_layer(dataset, name))

    def drop_columns(self, name: str, columns: list[str]) -> None:
        """Take columns away from a layer."""
        if columns:
            _through_gdal(self.path, lambda dataset: _delete_columns(dataset, name, columns))

    def insert(self, name: str, columns: Iterable[str], rows: list[tuple], geometry: bool = True) -> None:
        """Rows into a layer that is being filled (geometry first, where it has one)."""
        with self.database() as database:
            database.execute("BEGIN")
            insert(database, name, columns, rows, geometry)
            database.execute("COMMIT")

    def settle(self, name: str, key: str) -> int:
        """Keep each object once: the first that came of those with the same key, or without any and of the same shape.

        Gives how many were there more than once.
        """
        column, table = f'"{key}"', f'"{name}"'
        with self.database() as database:
            database.execute(f"PRAGMA cache_size = {-_SORTING}")
            database.execute("BEGIN")
            before = database.total_changes
            database.execute(sql("CREATE INDEX IF NOT EXISTS", f'"{name}_{key}" ON {table} ({column})'))
            twice = sql("SELECT", column, "FROM", table, "GROUP BY", column, "HAVING count(*) > 1 AND", column, "> ''")
            first = sql("(SELECT min(fid) FROM", table, "b WHERE", f"b.{column} = a.{column})")
            database.execute(sql("DELETE FROM", table, "AS a WHERE", column, "IN (", twice, ") AND fid >", first))
            nameless = sql("FROM", table, "WHERE coalesce(", column, ", '') = ''")
            database.execute(sql("DELETE", nameless, "AND fid NOT IN (SELECT min(fid)", nameless, "GROUP BY geom)"))
            count = database.total_changes - before
            database.execute("COMMIT")
        return count

    def finish_layer(self, name: str, title: str) -> None:
        """Its spatial index, extent and description, once it is filled (as far as it could be)."""
        with self.database() as database:
            database.execute("BEGIN")
            index_layer(database, name)
            _put_triggers_back(database, name)
            database.execute("UPDATE gpkg_contents SET description = ? WHERE table_name = ?", (title, name))
            database.execute("COMMIT")

    def rows(self, name: str) -> int:
        """How many rows a layer has."""
        with self.database() as database:
            return database.execute(sql("SELECT count(*) FROM", f'"{name}"')).fetchone()[0]

    # -- sources ------------------------------------------------------------------------------------------------------

    def sign(self, what: str, address: str, edition: str, licence: str, announced: int | None, received: int) -> None:
        """Say where a part comes from: one row a type of the source."""
        self.add_layer(
            SOURCES, {name: "integer" if name in ("annonces", "recus") else "text" for name in SOURCE_COLUMNS}, ""
        )
        now = datetime.now(timezone.utc).isoformat(timespec="seconds")
        row = (what, address, now, edition, licence, announced, received)
        with self.database() as database:
            database.execute("BEGIN")
            database.execute("DELETE FROM sources WHERE quoi = ?", (what,))
            insert(database, SOURCES, SOURCE_COLUMNS, [row], geometry=False)
            database.execute("COMMIT")


class LayerLedger:
    """What `read_tiles` keeps of one type: rows in a layer, its tiles beside them."""

    def __init__(self, store: Store, what: str, layer: str, columns: tuple[str, ...]) -> None:
        self._store, self._what, self._layer, self._columns = store, what, layer, columns

    def counts(self) -> dict[Tile, int]:
        with self._store.database() as database:
            found = database.execute(sql("SELECT depth, col, lig, compte FROM", TILES, "WHERE quoi = ?"), (self._what,))
            return {Tile(*place): count for *place, count in found}

    def done(self) -> set[Tile]:
        with self._store.database() as database:
            asked = sql("SELECT depth, col, lig FROM", TILES, "WHERE quoi = ? AND recus IS NOT NULL")
            return {Tile(*place) for place in database.execute(asked, (self._what,))}

    def count(self, tiles: dict[Tile, int]) -> None:
        with self._store.database() as database:
            database.execute("BEGIN")
            database.executemany(
                sql("REPLACE INTO", TILES, "(quoi, depth, col, lig, compte) VALUES (?, ?, ?, ?, ?)"),
                [(self._what, *tile, count) for tile, count in tiles.items()],
            )
            database.execute("COMMIT")

    def keep(self, read: Read) -> None:
        rows = [row for _key, row in read.rows if row is not None]
        left_out = {key for key, row in read.rows if row is None}
        with self._store.database() as database:
            database.execute("BEGIN")
            insert(database, self._layer, self._columns, rows)
            self._note_keys(database, left_out)
            database.execute(
                sql(
                    "UPDATE", TILES, "SET annonces = ?, recus = ? WHERE quoi = ? AND depth = ? AND col = ? AND lig = ?"
                ),
                (read.announced, read.received, self._what, *read.tile),
            )
            database.execute("COMMIT")

    def _note_keys(self, database: sqlite3.Connection, keys: set) -> None:
        """Keep the identifiers of objects that make no row: each counts once, however many tiles bring it."""
        table = self._left_out(database)
        database.executemany(sql("INSERT OR IGNORE INTO", table, "VALUES (?)"), [(key,) for key in keys])

    def _left_out(self, database: sqlite3.Connection) -> str:
        table = f'"{TILES}_{self._layer}"'
        database.execute(f"CREATE TABLE IF NOT EXISTS {table} (cle PRIMARY KEY) WITHOUT ROWID")
        return table

    def totals(self) -> tuple[int, int]:
        """Distinct objects announced and received: what came with several tiles counts once."""
        self._store.settle(self._layer, self._columns[0])
        with self._store.database() as database:
            asked = sql("SELECT total(annonces), total(recus) FROM", TILES, "WHERE quoi = ?")
            announced, received = map(int, database.execute(asked, (self._what,)).fetchone())
            tables = (f'"{self._layer}"', self._left_out(database))
            distinct = sum(database.execute(sql("SELECT count(*) FROM", table)).fetchone()[0] for table in tables)
            missing = sql("SELECT total(compte) FROM", TILES, "t WHERE quoi = ?1 AND recus IS NULL AND compte > 0")
            leaf = (
                sql(" AND NOT EXISTS (SELECT 1 FROM", TILES, "c WHERE c.quoi = ?1 AND c.depth = t.depth + 1")
                + " AND c.col / 2 = t.col AND c.lig / 2 = t.lig)"
            )
            unread = int(database.execute(missing + leaf, (self._what,)).fetchone()[0])
        return announced - (received - distinct) + unread, distinct

    def forget(self) -> None:
        """Drop what is known of the tiles: the layer is whole."""
        with self._store.database() as database:
            database.execute(sql("DELETE FROM", TILES, "WHERE quoi = ?"), (self._what,))
            database.execute(f'DROP TABLE IF EXISTS "{TILES}_{self._layer}"')


def insert(
    database: sqlite3.Connection, layer: str, columns: Iterable[str], rows: list[tuple], geometry: bool = True
) -> None:
    """Insert rows inside the caller's transaction.

    Many to a statement: Python lets its lock go at each, and takes it back when the threads that read let it.
    """
    names = [*(["geom"] if geometry else []), *columns]
    listed = ", ".join(f'"{name}"' for name in names)
    places = f"({', '.join('?' * len(names))})"
    at_once = max(_MOST_VALUES // len(names), 1)
    for start in range(0, len(rows), at_once):
        part = rows[start : start + at_once]
        values = ", ".join([places] * len(part))
        statement = sql("INSERT INTO", f'"{layer}"', "(", listed, ") VALUES", values)
        database.execute(statement, list(chain.from_iterable(part)))


def read_fact(path: Path, key: str) -> Any:
    """A fact that a territory's file keeps, None when there is none. Raises `NotATerritory`."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=1.0)) as database:
            found = database.execute(sql("SELECT valeur FROM", STATE, "WHERE cle = ?"), (key,)).fetchone()
            return json.loads(found[0]) if found else None
    except (sqlite3.Error, ValueError, TypeError) as error:
        raise NotATerritory(
            "“{path}” was not made by “Prepare my territory”, and is left as it is: choose another file.",
            path=str(path),
        ) from error


def read_wish(path: Path) -> dict[str, Any]:
    """What a territory's file was made for. Raises `NotATerritory`."""
    wish = read_fact(path, "wish")
    if not isinstance(wish, dict):
        raise NotATerritory(
            "“{path}” was not made by “Prepare my territory”, and is left as it is: choose another file.",
            path=str(path),
        )
    return wish


def source_rows(path: Path) -> list[dict[str, Any]]:
    """The table `sources` of a territory's file."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
        asked = sql("SELECT", ", ".join(SOURCE_COLUMNS), "FROM", SOURCES)
        return [dict(zip(SOURCE_COLUMNS, row)) for row in database.execute(asked)]


def _has_table(database: sqlite3.Connection, name: str) -> bool:
    return database.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,)).fetchone() is not None


def _through_gdal(path: Path, change: Callable[[gdal.Dataset], None]) -> None:
    """Let GDAL change the file, and close it. Its faults as `CannotWrite`."""
    with raising_gdal():
        try:
            change(gdal.OpenEx(str(path), gdal.OF_VECTOR | gdal.OF_UPDATE, allowed_drivers=["GPKG"]))
        except RuntimeError as error:
            raise CannotWrite(
                "“{path}” cannot be written: {cause}. What it held before is kept.", path=str(path), cause=str(error)
            ) from error


def _create_layer(dataset: gdal.Dataset, name: str, columns: dict[str, str], geometry: str, crs: str) -> None:
    options = ["SPATIAL_INDEX=YES", "GEOMETRY_NAME=geom", "FID=fid"]
    if not geometry:
        options = ["ASPATIAL_VARIANT=GPKG_ATTRIBUTES"]
    layer = dataset.CreateLayer(name, reference(crs) if crs else None, GEOMETRIES[geometry], options)
    for column, kind in columns.items():
        definition = ogr.FieldDefn(column, _FIELD_TYPES[kind][0])
        definition.SetSubType(_FIELD_TYPES[kind][1])
        layer.CreateField(definition)


def _delete_layer(dataset: gdal.Dataset, name: str) -> None:
    names = [dataset.GetLayer(number).GetName() for number in range(dataset.GetLayerCount())]
    if name in names:
        dataset.DeleteLayer(names.index(name))


def _delete_columns(dataset: gdal.Dataset, name: str, columns: list[str]) -> None:
    layer = dataset.GetLayerByName(name)
    for column in columns:
        layer.DeleteField(layer.GetLayerDefn().GetFieldIndex(column))


def _put_triggers_aside(database: sqlite3.Connection, name: str) -> None:
    """Take away the triggers that keep the spatial index, row by row; how they were made is kept."""
    database.execute("BEGIN")
    if made := take_triggers(database, name, "rtree_%"):
        database.execute(sql("REPLACE INTO", STATE, "VALUES (?, ?)"), (f"triggers:{name}", json.dumps(made)))
    database.execute("COMMIT")


def _put_triggers_back(database: sqlite3.Connection, name: str) -> None:
    kept = (f"triggers:{name}",)
    for (made,) in database.execute(sql("SELECT valeur FROM", STATE, "WHERE cle = ?"), kept).fetchall():
        for how in json.loads(made):
            database.execute(how)
    database.execute(sql("DELETE FROM", STATE, "WHERE cle = ?"), kept)
