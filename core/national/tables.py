"""The tables of a national run: `demand`, `zones`, `summary`, `gaps`, in a GeoPackage, or as GeoParquet in a folder."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import ogr
from pyproj import CRS

from ..columns import column_names, distinct_names, threshold_text
from ..errors import CartoError
from ..network import RoadSource
from .figures import ZONE, Answers, Line
from .geopackage import Table, values_of, write_geopackage
from .layers import read_zones
from .plan import Plan
from .question import Question

_SHAPES = {"demand": ("Point", ogr.wkbPoint), "gaps": ("Polygon", ogr.wkbPolygon)}
"""The tables that have a geometry, and of which kind."""
_OWN = ("fid", "geom", "geometry", "fid_source", "population", "zone_id", "territoire", "raison")
_OF_BASKET = ("cout_panier", "manquants", "nb_manquants")
_TABLES = ("demand", "zones", "summary", "gaps")


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
        "zones": _figures([line for line in lines if line.level == ZONE], question, "zone_id"),
        "summary": _figures([line for line in lines if line.level != ZONE], question, "code"),
    }
    if question.gaps:
        tables["gaps"] = _gaps(plan, question, answers)
    if is_geopackage(output):
        return _write_geopackage(tables, plan, output)
    return _write_parquet(tables, plan, output)


def _demand(plan: Plan, question: Question, answers: Answers) -> Table:
    names = np.array(plan.words["territories"], dtype=str)
    zones = np.array([*plan.words["zones"], ""], dtype=str)
    groups, costs, scores, reached = _free_names(plan, question)
    table: Table = {"geometry": _points(plan.xy), "fid_source": plan.fid, "population": plan.weight}
    table.update(zip(groups, plan.groups))
    table["zone_id"] = zones[plan.zone]
    table["territoire"] = names[plan.territory] if len(names) else np.full(len(plan.fid), "")
    table.update((name, answers.cost(number)) for number, name in enumerate(costs))
    if question.basket:
        table.update(zip(_OF_BASKET, answers.basket()))
    if question.steps:
        for number, names_of in enumerate(zip(scores, reached)):
            found = answers.scores(number)
            table.update(zip(names_of, (found.score, found.reached)))
    table["raison"] = answers.why
    return table


def _free_names(plan: Plan, question: Question) -> tuple[list[str], ...]:
    """Columns of the groups, and of each category its cost, score and supply, apart from the table's own."""
    categories = plan.words["categories"]
    asked = [question.groups, *(column_names(prefix, categories) for prefix in ("cout", "score", "offre"))]
    own = [*_OWN, *(_OF_BASKET if question.basket else ())]
    given: list[list[str]] = []
    for names in asked:
        given.append(distinct_names(names, [*own, *(name for some in given for name in some)]))
    return tuple(given)


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
    try:
        written = write_geopackage(tables, {name: code for name, (_shape, code) in _SHAPES.items()}, plan.crs, new)
    except (RuntimeError, OSError, sqlite3.Error) as error:
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


def check_output(output: Path, sources: Iterable[str]) -> None:
    """Raises `OutputFailed` where nothing could be written, or over a source, before hours of work."""
    written = [output] if is_geopackage(output) else [output / f"{name}.parquet" for name in _TABLES]
    for path in (Path(RoadSource.parse(source).path) for source in sources if source):
        if path.exists() and any(each.exists() and each.samefile(path) for each in written):
            raise OutputFailed("{path} is read and would be written over: name another output.", path=str(path))
    if not is_geopackage(output):
        _pyarrow()
        if output.is_file():
            raise OutputFailed("{path} is a file: name a folder, or an output that ends in .gpkg.", path=str(output))
    elif output.is_dir():
        raise OutputFailed("{path} is a folder: name a file.", path=str(output))


def is_geopackage(output: Path) -> bool:
    """Whether the tables go into one GeoPackage, by the name."""
    return output.suffix.lower() == ".gpkg"


def _pyarrow() -> Any:
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise OutputFailed("GeoParquet needs pyarrow: install it, or name an output that ends in .gpkg.") from error
    return pyarrow


def _write_parquet(tables: dict[str, Table], plan: Plan, output: Path) -> dict[str, int]:
    pyarrow = _pyarrow()
    output.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        arrow = pyarrow.table({column: _arrow(values) for column, values in table.items() if column != "geometry"})
        if name in _SHAPES:
            arrow = arrow.append_column("geometry", pyarrow.array(table["geometry"].tolist(), pyarrow.binary()))
            arrow = arrow.replace_schema_metadata({"geo": _geo_metadata(plan.crs, _SHAPES[name][0])})
        pyarrow.parquet.write_table(arrow, output / f".{name}.parquet.new")
    for name in tables:
        os.replace(output / f".{name}.parquet.new", output / f"{name}.parquet")
    for name in set(_TABLES) - set(tables):  # of another question
        (output / f"{name}.parquet").unlink(missing_ok=True)
    return {name: pyarrow.parquet.read_metadata(output / f"{name}.parquet").num_rows for name in tables}


def _arrow(values: np.ndarray) -> Any:
    """Arrow's array of a column, null for NaN and for empty texts."""
    pyarrow = _pyarrow()
    if values.dtype.kind in "fi":
        return pyarrow.array(values, mask=np.isnan(values))
    return pyarrow.array(values_of(values), pyarrow.string())


def _points(xy: np.ndarray) -> np.ndarray:
    """Little-endian WKB of each place, None where there is none."""
    head = b"\x01\x01\x00\x00\x00"
    placed = np.isfinite(xy).all(axis=1).tolist()
    return _blobs([head + place.tobytes() if known else None for place, known in zip(xy.astype("<f8"), placed)])


def _geo_metadata(crs: str, shape: str) -> str:
    """As https://geoparquet.org/releases/v1.1.0/ asks for."""
    column = {"encoding": "WKB", "geometry_types": [shape], "crs": CRS.from_user_input(crs).to_json_dict()}
    return json.dumps({"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}})
