"""Copies of the field's GeoPackage as they come back, whatever program wrote to them last."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from shapely import wkb
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from ..coordinates import Transform
from ..errors import CartoError, InvalidInput
from ..registry.geopackage import sql
from ..services import SERVICE_COLUMNS, Service
from ..versions import clean, content_version
from .package import BASE, CORRECTIONS, FACTS, FILE, SERVICES

_IN_WAL = b"\x02"
"""Byte 18 of an SQLite file whose last changes may lie in the file `-wal` beside it."""
_ENVELOPES = (0, 32, 48, 48, 64)
"""Bytes of a GeoPackage geometry's envelope, by its code (OGC 12-128)."""


class NotAFieldPackage(InvalidInput):
    """A file that did not leave from here as a package for the field, or that cannot be read."""


class FieldRow(NamedTuple):
    """One row of `corrections` in one copy, its columns by name, its position in degrees."""

    copy: str
    fid: int
    values: Mapping[str, Any]
    lon: float | None = None
    lat: float | None = None


class FieldCopy(NamedTuple):
    """A copy as read. ``base``: the services on leaving, by id.

    ``edited``: services whose row in the copy is not what it was on leaving; ``left_open``: the file says that its last
    changes may lie in a file `-wal` that is not there.
    """

    path: Path
    rows: list[FieldRow]
    base: Mapping[str, Service]
    facts: Mapping[str, str]
    edited: int
    left_open: bool


def read_copy(path: str | Path) -> FieldCopy:
    """Read a copy, or the one in a folder, without touching it. Raises `NotAFieldPackage`.

    What a phone has not folded into the file yet (`-wal`) is read too, when it came along.
    """
    path = Path(path)
    path = path / FILE if path.is_dir() else path
    try:
        with tempfile.TemporaryDirectory(prefix="terrain-") as aside:
            mine = Path(shutil.copy(path, Path(aside, FILE)))
            log = path.with_name(f"{path.name}-wal")
            if log.exists():
                shutil.copy(log, mine.with_name(f"{mine.name}-wal"))
            left_open = _header(mine)[18:19] == _IN_WAL and not log.exists()
            with closing(sqlite3.connect(str(mine))) as database:
                database.row_factory = sqlite3.Row
                # Other programs write what they like: a letter that is none must not cost the whole copy.
                database.text_factory = lambda text: text.decode("utf-8", "replace")
                return _read(path, database, left_open)
    except NotAFieldPackage:
        raise
    except (sqlite3.Error, OSError, ValueError, LookupError, TypeError, CartoError) as error:
        # Whoever wrote to it last may have left anything in it: one such copy must not stop the others.
        if path.is_file() and zipfile.is_zipfile(path):
            raise NotAFieldPackage(
                "“{path}” is a compressed folder: unpack it, pictures too, then choose the {file} in it.",
                path=str(path),
                file=FILE,
            ) from error
        cause = error.message if isinstance(error, CartoError) else getattr(error, "strerror", None) or str(error)
        raise NotAFieldPackage(
            "“{path}” cannot be read as a package for the field: {cause}.", path=str(path), cause=cause
        ) from error


# -- inside -----------------------------------------------------------------------------------------------------------


def _header(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(20)


def _read(path: Path, database: sqlite3.Connection, left_open: bool) -> FieldCopy:
    tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not {CORRECTIONS, BASE} <= tables:
        raise NotAFieldPackage(
            "“{path}” has no tables “{corrections}” and “{base}”: it is not a package for the field.",
            path=str(path),
            corrections=CORRECTIONS,
            base=BASE,
        )
    found = [dict(row) for row in database.execute(sql("SELECT * FROM", CORRECTIONS, "ORDER BY fid"))]
    crs, geometry = _crs_and_geometry(database)
    places = _in_degrees(crs, [row.pop(geometry, None) for row in found])
    rows = [FieldRow(str(path), row.pop("fid"), row, *place) for row, place in zip(found, places)]
    leaving = [dict(row) for row in database.execute(sql("SELECT * FROM", BASE))]
    base = {row["id"]: _service(row) for row in leaving if row["id"]}
    facts = dict(database.execute(sql("SELECT cle, valeur FROM", FACTS))) if FACTS in tables else {}
    return FieldCopy(path, rows, base, facts, _edited(database, base) if SERVICES in tables else len(base), left_open)


def _edited(database: sqlite3.Connection, base: Mapping[str, Service]) -> int:
    """How many services were changed, added or removed in the layer that is only to be looked at."""
    found = map(dict, database.execute(sql("SELECT * FROM", SERVICES)))
    # It is not read but for this: a column that lacks is a change like another.
    rows: dict[Any, dict[str, Any]] = {
        row.get("id"): {column: row.get(column) for column in SERVICE_COLUMNS} for row in found
    }
    return sum(
        name not in rows
        or name not in base
        or content_version(rows[name], 0, 0) != content_version(_texts(base[name]), 0, 0)
        for name in {*rows, *base}
    )


def _texts(service: Service) -> dict[str, str]:
    return {column: getattr(service, column) for column in SERVICE_COLUMNS}


def _service(row: Mapping[str, Any]) -> Service:
    texts = {column: clean(row.get(column)) for column in SERVICE_COLUMNS}
    lon, lat = row.get("lon"), row.get("lat")
    placed = isinstance(lon, float) and isinstance(lat, float)
    return Service(**texts, lon=lon if placed else None, lat=lat if placed else None)


def _in_degrees(crs: str, geometries: list[bytes | None]) -> list[tuple[float | None, float | None]]:
    found = [_point(geometry) for geometry in geometries]
    xy = np.array([(np.nan, np.nan) if point is None else point for point in found], dtype=float).reshape(-1, 2)
    moved = Transform(crs, "EPSG:4326").points(xy)
    return [(None, None) if lon != lon else (lon, lat) for lon, lat in moved.tolist()]


def _crs_and_geometry(database: sqlite3.Connection) -> tuple[str, str]:
    """The CRS of the corrections, as an authority's code, else as WKT; the column of their geometry."""
    query = (
        "SELECT organization, organization_coordsys_id, definition, column_name"
        " FROM gpkg_spatial_ref_sys JOIN gpkg_geometry_columns USING (srs_id) WHERE table_name = ?"
    )
    authority, code, definition, column = database.execute(query, (CORRECTIONS,)).fetchone()
    return (f"EPSG:{code}" if authority.upper() == "EPSG" else definition), column


def _point(geometry: bytes | None) -> tuple[float, float] | None:
    """Where a geometry is, a point or not; None for none."""
    if not geometry:
        return None
    try:
        shape: BaseGeometry = wkb.loads(bytes(geometry[8 + _ENVELOPES[(geometry[3] >> 1) & 7] :]))
    except (ShapelyError, IndexError):  # a damaged geometry is none; the row's words are still read
        return None
    if shape.is_empty:
        return None
    inside = shape if shape.geom_type == "Point" else shape.representative_point()
    return (inside.x, inside.y)
