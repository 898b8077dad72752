"""The bridge as a file for others: which identifier of ours stands for which record of which producer, from when on."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from datetime import date as day_of
from pathlib import Path
from typing import Optional
from uuid import uuid4

from osgeo import gdal, ogr

from ..errors import CartoError
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
    What was there before stays until the new file is whole. Raises `NotAReferential`, `BridgeNotWritten`.
    """
    columns = store.TABLES[store.BRIDGE]
    query = gpkg.sql("SELECT", ", ".join(columns), "FROM passerelle")
    if date:
        query = gpkg.sql(query, "WHERE du <= ? AND (au IS NULL OR au > ?)")
    query = gpkg.sql(query, "ORDER BY id, du, producteur, id_producteur")
    with store.reading(path) as database:
        rows = database.execute(query, (date, date) if date else ()).fetchall()
    write = parquet_writer() if output.suffix.lower() == PARQUET else _write_csv
    part = output.with_name(f".{uuid4().hex[:8]}.part{output.suffix}")
    try:
        write(columns, rows, part)
        part.replace(output)
    except (OSError, RuntimeError) as error:
        raise BridgeNotWritten("“{path}” cannot be written: {cause}", path=str(output), cause=str(error)) from error
    finally:
        part.unlink(missing_ok=True)
    return len(rows)


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
    source = ogr.GetDriverByName(driver).CreateDataSource(str(path))
    if source is None:
        raise OSError(gdal.GetLastErrorMsg())
    layer = source.CreateLayer(store.BRIDGE, None, ogr.wkbNone)
    for name in columns:
        layer.CreateField(ogr.FieldDefn(name, ogr.OFTDate if name in _DAYS else ogr.OFTString))
    definition = layer.GetLayerDefn()
    with_transactions = layer.StartTransaction() == ogr.OGRERR_NONE
    for row in rows:
        feature = ogr.Feature(definition)
        for name, value in zip(columns, row):
            if value is not None:
                feature.SetField(name, value)
        if layer.CreateFeature(feature) != ogr.OGRERR_NONE:
            raise OSError(gdal.GetLastErrorMsg())
    if with_transactions:
        layer.CommitTransaction()
    del layer, source


def _write_csv(columns: Sequence[str], rows: Sequence[Row], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)


def _typed(column: str, value: str | None) -> day_of | str | None:
    return day_of.fromisoformat(value[:10]) if value and column in _DAYS else value
