"""The bridge as a file for others: which identifier of ours stands for which record of which producer, from when on."""

from __future__ import annotations

import contextlib
import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date as day_of
from pathlib import Path
from typing import Optional
from uuid import uuid4

from osgeo import gdal

from ..errors import CartoError, InvalidInput
from ..ogr_file import write_table
from ..registry import geopackage as gpkg
from . import store

PARQUET = ".parquet"
_DAYS = ("du", "au")
Row = Sequence[Optional[str]]
Write = Callable[[Sequence[str], Sequence[Row], Path], None]


class BridgeNotWritten(CartoError):
    """The file cannot be written, or nothing here writes its format."""


def write_bridge(path: Path, output: Path, date: str = "") -> int:
    """Write the bridge: whole, or the links that held on a date; gives the number of rows.

    A name that ends in `.parquet` gives Parquet (`du`, `au` as dates), by pyarrow or else by GDAL; any other CSV.
    What was there before stays until the new file is whole. Raises `NotAReferential`, `BridgeNotWritten`, and
    `InvalidInput` for a date that is none.
    """
    if date:
        check_day(date)
    columns = store.TABLES[store.BRIDGE]
    query = gpkg.sql("SELECT", ", ".join(columns), "FROM passerelle")
    if date:
        query = gpkg.sql(query, "WHERE du <= ? AND (au IS NULL OR au > ?)")
    query = gpkg.sql(query, "ORDER BY id, du, producteur, id_producteur")
    with store.reading(path) as database:
        rows = database.execute(query, (date, date) if date else ()).fetchall()
    write = parquet_writer() if output.suffix.lower() == PARQUET else _write_csv
    with written_whole(output) as part:
        write(columns, rows, part)
    return len(rows)


def check_day(text: str) -> None:
    """Raise `InvalidInput` where a text is no ISO day: days are compared as texts, and 20261127 is none."""
    try:
        known = day_of.fromisoformat(text).isoformat() == text
    except ValueError:
        known = False
    if not known:
        raise InvalidInput("“{date}” is no date of an edition; write it like 2026-11-27.", date=text)


def check_writable(output: Path) -> None:
    """Raise `BridgeNotWritten` where no file can be made beside ``output``, or it is a folder or a referential.

    It stays as it is.
    """
    _spare_referential(output)
    part = output.with_name(f".{uuid4().hex[:8]}.part{output.suffix}")
    try:
        if output.is_dir():
            raise IsADirectoryError(output)
        part.touch()
    except OSError as error:
        raise BridgeNotWritten("“{path}” cannot be written: {cause}", path=str(output), cause=str(error)) from error
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def written_whole(output: Path) -> Iterator[Path]:
    """A file beside ``output`` to write; it takes its place at the end, or what was there stays.

    A referential is replaced by its next edition only. Raises `BridgeNotWritten`.
    """
    _spare_referential(output)
    part = output.with_name(f".{uuid4().hex[:8]}.part{output.suffix}")
    try:
        yield part
        part.replace(output)
    except (OSError, RuntimeError) as error:
        raise BridgeNotWritten("“{path}” cannot be written: {cause}", path=str(output), cause=str(error)) from error
    finally:
        part.unlink(missing_ok=True)


def _spare_referential(output: Path) -> None:
    if not output.is_file():
        return
    with contextlib.suppress(store.NotAReferential), store.reading(output):
        raise BridgeNotWritten("“{path}” is a consolidated referential: choose another file.", path=str(output))


def parquet_writer() -> Write:
    """What writes Parquet here. Raises `BridgeNotWritten` where nothing does."""
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        if gdal.GetDriverByName("Parquet") is None:
            raise BridgeNotWritten(
                "Parquet needs pyarrow, or a GDAL that has its Parquet driver: install one, or write a .csv."
            ) from None
        return write_by_gdal
    return write_by_pyarrow


def write_by_pyarrow(columns: Sequence[str], rows: Sequence[Row], path: Path) -> None:
    """Parquet by pyarrow."""
    import pyarrow
    import pyarrow.parquet

    fields = [pyarrow.field(name, pyarrow.date32() if name in _DAYS else pyarrow.string()) for name in columns]
    values = [[_typed(name, row[number]) for row in rows] for number, name in enumerate(columns)]
    table = pyarrow.table(
        [pyarrow.array(column, field.type) for column, field in zip(values, fields)], schema=pyarrow.schema(fields)
    )
    pyarrow.parquet.write_table(table, path)


def write_by_gdal(columns: Sequence[str], rows: Sequence[Row], path: Path, driver: str = "Parquet") -> None:
    """The same by one of GDAL's drivers."""
    kinds = [(name, "date" if name in _DAYS else "text") for name in columns]
    write_table(path, driver, store.BRIDGE, kinds, rows)


def _write_csv(columns: Sequence[str], rows: Sequence[Row], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)


def _typed(column: str, value: str | None) -> day_of | str | None:
    return day_of.fromisoformat(value[:10]) if value and column in _DAYS else value
