"""The GeoPackage of the field: services as they are on leaving, a quiet ground, an empty layer of corrections.

On a phone one fills columns in, not JSON: beside the columns of a correction, `corrections` has one for each value that
may be proposed (`PROPOSED`). Everything is in one CRS, in metres: some programs of the field do not move what is drawn.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from osgeo import gdal, ogr, osr
from shapely import wkb
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from ..coordinates import Transform, geocentric
from ..corrections.model import CHANGEABLE, PROPERTIES
from ..errors import CartoError, InvalidInput
from ..messages import msg
from ..network.crs import metric_crs
from ..progress import Progress
from ..registry.geopackage import plain_errors, sql
from ..services import SERVICE_COLUMNS, Service
from ..versions import content_version

FILE = "terrain.gpkg"
SERVICES, CORRECTIONS, ZONES, ROADS = "services", "corrections", "communes", "routes"
BASE, FACTS = "services_depart", "terrain"
"""Tables without geometry: the services as they were on leaving, and what is known of the departure."""
PHOTO = "photo"
PROPOSED: Mapping[str, str] = {column: f"nouveau_{column}" for column in CHANGEABLE}
"""The column in which a new value of each column of a service is written."""
CORRECTION_COLUMNS = (*PROPERTIES, *PROPOSED.values(), PHOTO)
PLACE = ("lon", "lat")
ONE_TERRITORY, MOST = 1_500_000.0, 0.9
"""Metres from the middle of a territory to its ends, France's at most; the part of services that are in one."""
_DEGREES = "EPSG:4326"
_KINDS = {"cree_le": ogr.OFTDateTime, "lon": ogr.OFTReal, "lat": ogr.OFTReal, "population": ogr.OFTReal}
_BATCH = 2000


class NotReadBack(InvalidInput):
    """The folder holds corrections that nobody has read back: to write over them would lose them."""


class CannotPack(CartoError):
    """The GeoPackage cannot be written."""


class Drawn(NamedTuple):
    """A zone or a road of the ground: its columns, and its shape in degrees."""

    values: Mapping[str, Any]
    shape: BaseGeometry


@dataclass(frozen=True)
class Luggage:
    """What goes along. Shapes are in EPSG:4326; ``facts`` are kept as they are (`registre`, `date`…)."""

    services: Sequence[Service]
    zones: Sequence[Drawn] = ()
    roads: Sequence[Drawn] = ()
    facts: Mapping[str, str] | None = None
    crs: str = ""
    """The CRS of all layers: by default the legal projection of where the services are."""


class Packed(NamedTuple):
    """What was written: the file, its CRS, and the services that have no position."""

    path: Path
    crs: str
    services: int
    unplaced: int


def pack(folder: Path, luggage: Luggage, progress: Progress = Progress()) -> Packed:
    """Write `FILE` into a folder, whole or not at all. Raises `NotReadBack`, `CannotPack`, `Cancelled`."""
    path = folder / FILE
    if not luggage.services:
        raise InvalidInput("There is no service to take to the field.")
    refuse_to_lose(path)
    crs = luggage.crs or crs_for(luggage.services)
    with plain_errors(path):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".terrain-", dir=folder) as aside:
            draft = Path(aside, FILE)
            _write(draft, luggage, crs, progress)
            os.replace(draft, path)
    return Packed(path, crs, len(luggage.services), sum(_point_of(service) is None for service in luggage.services))


def refuse_to_lose(path: Path) -> None:
    """Raise `NotReadBack` where the file that would be written over holds corrections."""
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(f"file:{path.as_posix()}?mode=ro", uri=True)) as database:
            count = database.execute(sql("SELECT count(*) FROM", CORRECTIONS)).fetchone()[0]
    except sqlite3.Error:
        count = -1  # what cannot be read is not written over either
    if count:
        raise NotReadBack(
            "“{path}” holds corrections, or cannot be read: read it back first, or choose another folder.",
            path=str(path),
        )


def crs_for(services: Iterable[Service]) -> str:
    """The projection in metres of where services are. Raises `InvalidInput` when none has a position.

    A few far from all others (0° N, 0° E is a common one) do not decide on the projection of the rest.
    """
    points = [point for point in map(_point_of, services) if point is not None]
    if not points:
        raise InvalidInput("No service has a position: there is no map to take to the field.")
    places = np.array([(point.x, point.y) for point in points])
    return metric_crs(_DEGREES, places[together(geocentric(places))])


def together(places: np.ndarray) -> np.ndarray:
    """(n,) which places (n, 2 or 3), in metres, are in one territory with most; all of them where most are not."""
    near = np.linalg.norm(places - np.nanmedian(places, axis=0), axis=1) < ONE_TERRITORY
    return near if near.mean() >= MOST else np.ones(len(places), dtype=bool)


# -- inside -----------------------------------------------------------------------------------------------------------


class _Table(NamedTuple):
    """One table to write: its rows, and their shapes in ``crs`` where it has a ``kind`` of geometry."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Mapping[str, Any]] = ()
    shapes: Sequence[BaseGeometry | None] = ()
    kind: int = ogr.wkbNone


def _write(path: Path, luggage: Luggage, crs: str, progress: Progress) -> None:
    """All tables, into a new file. Raises `CannotPack`, `Cancelled`."""
    tables = _tables(luggage, Transform(_DEGREES, crs))
    total, done = max(sum(len(table.rows) for table in tables), 1), 0
    gdal.ErrorReset()
    try:
        source = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
        if source is None:
            raise CannotPack("“{path}” cannot be written; is the folder writable?", path=str(path))
        for table in tables:
            _fill(source, table, crs, progress.part(done / total, (done + len(table.rows)) / total))
            done += len(table.rows)
        del source
    except RuntimeError as error:  # where someone made GDAL raise
        raise CannotPack("“{path}” cannot be written: {cause}.", path=str(path), cause=str(error)) from error
    if gdal.GetLastErrorType() >= gdal.CE_Failure:
        raise CannotPack("“{path}” cannot be written: {cause}.", path=str(path), cause=gdal.GetLastErrorMsg())
    _give_extent(path)


def _tables(luggage: Luggage, move: Transform) -> list[_Table]:
    rows = [{column: getattr(service, column) for column in SERVICE_COLUMNS} for service in luggage.services]
    leaving = [
        {**row, "version": version_of(service), "lon": service.lon, "lat": service.lat}
        for row, service in zip(rows, luggage.services)
    ]
    facts = [{"cle": key, "valeur": value} for key, value in (luggage.facts or {}).items()]
    places = move.shapes([_point_of(service) for service in luggage.services])
    tables = [
        _Table(SERVICES, SERVICE_COLUMNS, rows, places, ogr.wkbPoint),
        _Table(CORRECTIONS, CORRECTION_COLUMNS, kind=ogr.wkbPoint),
        _Table(BASE, (*SERVICE_COLUMNS, *PLACE), leaving),
        _Table(FACTS, ("cle", "valeur"), facts),
    ]
    for name, kind, drawn in (
        (ZONES, ogr.wkbMultiPolygon, luggage.zones),
        (ROADS, ogr.wkbMultiLineString, luggage.roads),
    ):
        if drawn:
            columns = tuple(dict.fromkeys(column for each in drawn for column in each.values))
            shapes = move.shapes([each.shape for each in drawn])
            tables.append(_Table(name, columns, [each.values for each in drawn], shapes, kind))
    return tables


def _fill(source: ogr.DataSource, table: _Table, crs: str, progress: Progress) -> None:
    """One table of the file. Columns are texts unless `_KINDS` says otherwise."""
    system, options = None, ["FID=fid", "ASPATIAL_VARIANT=GPKG_ATTRIBUTES"]
    if table.kind != ogr.wkbNone:
        system, options = osr.SpatialReference(), ["FID=fid", "GEOMETRY_NAME=geom"]
        system.SetFromUserInput(crs)
    layer = source.CreateLayer(table.name, system, table.kind, options)
    for column in table.columns:
        layer.CreateField(ogr.FieldDefn(column, _KINDS.get(column, ogr.OFTString)))
    definition, number_of = layer.GetLayerDefn(), {column: number for number, column in enumerate(table.columns)}
    source.StartTransaction()
    for number, (values, shape) in enumerate(zip_longest(table.rows, table.shapes)):
        if number % _BATCH == 0:
            progress.advance(number / len(table.rows))
        feature = ogr.Feature(definition)
        for column, value in values.items():
            if value is not None and value != "":
                feature.SetField(number_of[column], value)
        if shape is not None and not shape.is_empty:
            geometry = ogr.CreateGeometryFromWkb(wkb.dumps(shape, output_dimension=2))
            feature.SetGeometry(geometry if table.kind == ogr.wkbPoint else ogr.ForceTo(geometry, table.kind))
        layer.CreateFeature(feature)
    source.CommitTransaction()


def _give_extent(path: Path) -> None:
    """Let the layer of corrections, still empty, say the extent of the services: servers publish that of a layer."""
    with closing(sqlite3.connect(str(path))) as database, database:
        box = sql("(SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = ?)")
        update = sql("UPDATE gpkg_contents SET (min_x, min_y, max_x, max_y) =", box, "WHERE table_name = ?")
        database.execute(update, (SERVICES, CORRECTIONS))


def _point_of(service: Service) -> Point | None:
    """Where a service is; None where a coordinate lacks or is no number."""
    place = [np.nan if value is None else value for value in (service.lon, service.lat)]
    return Point(place) if np.isfinite(place).all() else None


def version_of(service: Service) -> str:
    """What tells whether a service has changed: its own version, else one made of its content."""
    values = {column: getattr(service, column) for column in SERVICE_COLUMNS}
    return service.version or content_version(values, service.lon, service.lat)


def unplaced_message(count: int) -> Any:
    """Services that are in the list and not on the map."""
    return msg(
        "{count} service has no position: it is in the list, not on the map."
        "|{count} services have no position: they are in the list, not on the map.",
        count=count,
    )
