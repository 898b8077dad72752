"""The tables of a national run: `demand`, `zones`, `summary`, `gaps`, in a GeoPackage, or as GeoParquet in a folder."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal, ogr, osr
from pyproj import CRS

from ..columns import column_names, threshold_text
from ..errors import CartoError
from ..vector_files import raising_gdal
from .figures import Answers, Line
from .layers import read_zones
from .plan import Plan
from .question import Question

_TRANSACTION = 100_000
_SHAPES = {"demand": ("Point", ogr.wkbPoint), "gaps": ("Polygon", ogr.wkbPolygon)}
"""The tables that have a geometry, and of which kind."""


class OutputFailed(CartoError):
    """A table that could not be written whole."""


def write_tables(plan: Plan, question: Question, answers: Answers, output: Path) -> dict[str, int]:
    """Write the tables at ``output`` and count their rows. Raises `OutputFailed`.

    A path that ends in ``.gpkg`` is one GeoPackage; any other is a folder of GeoParquet files, for which pyarrow is
    needed. What was there is replaced once all is written.
    """
    lines = list(answers.lines())
    tables = {
        "demand": _demand(plan, question, answers),
        "zones": _figures([line for line in lines if line.level == "zone"], question, "zone_id"),
        "summary": _figures([line for line in lines if line.level != "zone"], question, "code"),
    }
    if question.gaps:
        tables["gaps"] = _gaps(plan, question, answers)
    if output.suffix.lower() == ".gpkg":
        return _write_geopackage(tables, plan, output)
    return _write_parquet(tables, plan, output)


Table = dict[str, np.ndarray]
"""Columns by name, of one length; ``geometry`` is WKB. Texts are empty and numbers NaN for NULL."""


def _demand(plan: Plan, question: Question, answers: Answers) -> Table:
    names = np.array(plan.words["territories"], dtype=str)
    zones = np.array([*plan.words["zones"], ""], dtype=str)
    table: Table = {"geometry": _points(plan.xy), "fid_source": plan.fid, "population": plan.weight}
    table.update(zip(question.groups, plan.groups))
    table["zone_id"] = zones[plan.zone]
    table["territoire"] = names[plan.territory] if len(names) else np.full(len(plan.fid), "")
    costs = column_names("cout", plan.words["categories"])
    table.update((name, answers.cost(number)) for number, name in enumerate(costs))
    if question.basket:
        table["cout_panier"], table["manquants"], table["nb_manquants"] = answers.basket()
    if question.steps:
        names_of = (column_names(prefix, plan.words["categories"]) for prefix in ("score", "offre"))
        for number, (score, reached) in enumerate(zip(*names_of)):
            found = answers.scores(number)
            table[score], table[reached] = found.score, found.reached
    table["raison"] = answers.why
    return table


def _gaps(plan: Plan, question: Question, answers: Answers) -> Table:
    land = read_zones(question.zones, plan.crs, ()).shapes if question.zones else []
    found = list(answers.gaps(land))
    return {
        "geometry": _blobs([gap.geometry.wkb for gap in found]),
        "rang": np.array([gap.rank for gap in found], dtype=np.int64),
        "categorie": _texts(gap.category for gap in found),
        "seuil": _numbers(gap.threshold for gap in found),
        "population": _numbers(gap.population for gap in found),
        "part": _numbers(gap.share for gap in found),
        "nb_lieux": np.array([gap.places for gap in found], dtype=np.int64),
        "cout_moyen": _numbers(gap.mean for gap in found),
        "pop_non_atteinte": _numbers(gap.unreached for gap in found),
    }


def _figures(lines: list[Line], question: Question, code: str) -> Table:
    table: Table = {} if code == "zone_id" else {"niveau": _texts(line.level for line in lines)}
    table[code] = _texts(line.code for line in lines)
    if code == "zone_id":
        table["territoire"] = _texts(line.territory for line in lines)
    table["categorie"] = _texts(line.category for line in lines)
    if code != "zone_id":
        table["groupe"] = _texts(line.group for line in lines)
    table["population"] = _numbers(line.figures.population[0] for line in lines)
    for rank, threshold in enumerate(question.thresholds):
        table[f"pop_au_dela_{threshold_text(threshold)}"] = _numbers(line.figures.beyond[0, rank] for line in lines)
    for rank, threshold in enumerate(question.thresholds):
        table[f"part_au_dela_{threshold_text(threshold)}"] = _numbers(line.figures.share[0, rank] for line in lines)
    table["cout_moyen"] = _numbers(line.figures.mean[0] for line in lines)
    table["cout_median"] = _numbers(line.figures.median[0] for line in lines)
    table["pop_non_atteinte"] = _numbers(line.figures.unreached[0] for line in lines)
    table["pop_non_calculee"] = _numbers(line.figures.not_computed[0] for line in lines)
    if question.steps:
        table["score_moyen"] = _numbers(line.score for line in lines)
    return table


def _texts(values: Iterable[str | None]) -> np.ndarray:
    return np.array([value or "" for value in values], dtype=str)


def _numbers(values: Iterable[float]) -> np.ndarray:
    return np.array(list(values), dtype=float)


def _blobs(values: list[bytes | None]) -> np.ndarray:
    blobs = np.empty(len(values), dtype=object)
    blobs[:] = values
    return blobs


def _write_geopackage(tables: dict[str, Table], plan: Plan, output: Path) -> dict[str, int]:
    new = output.with_name(f".{output.name}.new")
    new.unlink(missing_ok=True)
    reference = osr.SpatialReference()
    reference.ImportFromWkt(CRS.from_user_input(plan.crs).to_wkt("WKT1_GDAL"))
    with raising_gdal():
        try:
            dataset = gdal.GetDriverByName("GPKG").Create(str(new), 0, 0, 0, gdal.GDT_Unknown)
            for name, table in tables.items():
                _write_layer(dataset, name, table, reference)
            dataset = None
            written = {name: _count(new, name) for name in tables}
        except (RuntimeError, OSError) as error:
            new.unlink(missing_ok=True)
            raise OutputFailed("{path} cannot be written: {reason}", path=str(output), reason=str(error)) from error
    for name, table in tables.items():
        due = len(next(iter(table.values())))
        if written[name] != due:
            new.unlink(missing_ok=True)
            raise OutputFailed(
                "{path} holds {written} rows of “{table}” instead of {due}.",
                path=str(output), written=written[name], table=name, due=due,
            )  # fmt: skip
    os.replace(new, output)
    return written


def _write_layer(dataset: gdal.Dataset, name: str, table: Table, reference: osr.SpatialReference) -> None:
    spatial = name in _SHAPES
    layer = dataset.CreateLayer(name, reference if spatial else None, _SHAPES[name][1] if spatial else ogr.wkbNone)
    columns = [column for column in table if column != "geometry"]
    for column in columns:
        layer.CreateField(ogr.FieldDefn(column, _kind(table[column])))
    definition = layer.GetLayerDefn()
    layer.StartTransaction()
    for number, row in enumerate(_rows(table)):
        feature = ogr.Feature(definition)
        if spatial and row["geometry"] is not None:
            feature.SetGeometryDirectly(ogr.CreateGeometryFromWkb(row["geometry"]))
        for index, column in enumerate(columns):
            if row[column] is not None:
                feature.SetField(index, row[column])
        layer.CreateFeature(feature)
        if number % _TRANSACTION == _TRANSACTION - 1:
            layer.CommitTransaction()
            layer.StartTransaction()
    layer.CommitTransaction()


def _kind(values: np.ndarray) -> int:
    return {"f": ogr.OFTReal, "i": ogr.OFTInteger64}.get(values.dtype.kind, ogr.OFTString)


def _rows(table: Table) -> Iterator[dict[str, Any]]:
    size = len(next(iter(table.values())))
    for start in range(0, size, _TRANSACTION):
        columns = {name: _values(values[start : start + _TRANSACTION]) for name, values in table.items()}
        for row in zip(*columns.values()):
            yield dict(zip(columns, row))


def _values(values: np.ndarray) -> list[Any]:
    """Plain values, None for NaN and for empty texts."""
    if values.dtype.kind == "f":
        return [None if value != value else value for value in values.tolist()]
    return values.tolist() if values.dtype.kind == "i" else [value or None for value in values.tolist()]


def _count(path: Path, name: str) -> int:
    dataset = gdal.OpenEx(str(path), gdal.OF_VECTOR | gdal.OF_READONLY, allowed_drivers=["GPKG"])
    return int(dataset.GetLayerByName(name).GetFeatureCount())


def _write_parquet(tables: dict[str, Table], plan: Plan, output: Path) -> dict[str, int]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise OutputFailed("GeoParquet needs pyarrow: install it, or name an output that ends in .gpkg.") from error
    output.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        columns = {column: _values(values) for column, values in table.items() if column != "geometry"}
        arrow = pyarrow.table(columns)
        if name in _SHAPES:
            arrow = arrow.append_column("geometry", pyarrow.array(_values(table["geometry"]), pyarrow.binary()))
            arrow = arrow.replace_schema_metadata({"geo": _geo_metadata(plan.crs, _SHAPES[name][0])})
        pyarrow.parquet.write_table(arrow, output / f".{name}.parquet.new")
    for name in tables:
        os.replace(output / f".{name}.parquet.new", output / f"{name}.parquet")
    return {name: pyarrow.parquet.read_metadata(output / f"{name}.parquet").num_rows for name in tables}


def _points(xy: np.ndarray) -> np.ndarray:
    """Little-endian WKB of each place, None where there is none."""
    head = b"\x01\x01\x00\x00\x00"
    placed = np.isfinite(xy).all(axis=1).tolist()
    return _blobs([head + place.tobytes() if known else None for place, known in zip(xy.astype("<f8"), placed)])


def _geo_metadata(crs: str, shape: str) -> str:
    """As https://geoparquet.org/releases/v1.1.0/ asks for."""
    column = {"encoding": "WKB", "geometry_types": [shape], "crs": CRS.from_user_input(crs).to_json_dict()}
    return json.dumps({"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}})
