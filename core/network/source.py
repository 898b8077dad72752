"""Where road lines come from: any vector layer that GDAL opens."""

from __future__ import annotations

import glob
import hashlib
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from osgeo import gdal, ogr

from ..progress import Progress
from ..vector_files import gdal_settings, open_vector, raising_gdal
from .errors import SourceUnreadable
from .lines import ColumnReader, RoadLines
from .wkb import decode_lines

OSM_SETTINGS = Path(__file__).with_name("osmconf.ini")
_ARROW_BATCH = 16384
"""Rows whose bytes stay in the processor's cache from GDAL to the decoder."""
_ONE_THREAD = {"OGR_GPKG_STREAM_BASE_IMPL": "YES"} if int(gdal.VersionInfo()) < 3110400 else {}
"""A GeoPackage that is filtered, or whose identifiers have a hole, is streamed by a thread of GDAL's own. Before 3.11.4
it writes in batches already handed over (OSGeo/gdal#12935): wrong values, or a crash."""
_LOOP_BATCH = 20000
_END = 4096
_COMPANIONS = {
    *(".shp", ".dbf", ".shx", ".prj", ".cpg", ".tab", ".dat", ".map", ".id", ".ind", ".mif", ".mid"),
    *(".gfs", ".xsd", ".csvt"),
}


OpenDataset = Callable[[str, tuple[str, ...]], gdal.Dataset]
"""`open_vector`, or what opens more than files: a name, and options for GDAL's driver."""

Batches = Iterator[tuple[np.ndarray, dict[str, Any]]]
"""Batches of rows: their geometries as WKB, and the values of each attribute."""


@dataclass(frozen=True)
class RoadSource:
    """A layer of lines: a file (or any name GDAL opens), a layer in it (the first by default), an attribute filter."""

    path: str
    layer: str = ""
    where: str = ""
    crs: str = ""
    """What the user says the CRS is; empty = as the file says."""

    @classmethod
    def parse(cls, text: str) -> RoadSource:
        """Read QGIS's way of naming an OGR layer: ``path|layername=roads|subset=…``."""
        path, *parts = re.split(r"\|(layername|layerid|subset|geometrytype|uniqueGeometryType|option:\w+)=", text)
        values = dict(zip(parts[::2], parts[1::2]))
        return cls(path, values.get("layername", ""), values.get("subset", ""))

    def text(self) -> str:
        """What `parse` reads."""
        parts = [f"|layername={self.layer}" if self.layer else "", f"|subset={self.where}" if self.where else ""]
        return self.path + "".join(parts)

    def state(self) -> str:
        """A short text that changes when the files of the source change: sizes, dates, both ends of each.

        Empty when the source is no file: nobody can say then whether it changed.
        """
        seen = [_seen(file) for file in self._files()]
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:24] if seen else ""

    def _files(self) -> list[Path]:
        """The file, and those that formats keep beside it."""
        base = Path(self.path)
        beside = sorted(base.parent.glob(f"{glob.escape(base.stem)}.*")) if base.is_file() else []
        files = [base, *(f for f in beside if f != base and f.suffix.lower() in _COMPANIONS), Path(f"{self.path}-wal")]
        return [file for file in files if file.is_file() and file.stat().st_size]


def _seen(file: Path) -> tuple[str, int, int, int]:
    """Name, size, date of change, and a sum of both ends: SQLite counts its changes in the first."""
    state = file.stat()
    with open(file, "rb") as content:
        first = zlib.crc32(content.read(_END))
        content.seek(max(state.st_size - _END, 0))
        return file.name, state.st_size, state.st_mtime_ns, zlib.crc32(content.read(_END), first)


@contextmanager
def opened(source: RoadSource, open_dataset: OpenDataset = open_vector) -> Iterator[ogr.Layer]:
    """The OGR layer of ``source``, filtered. Raises `SourceUnreadable`, also for what GDAL finds while it is read."""
    with _dataset(source.path, open_dataset) as dataset:
        name = source.layer or ("lines" if is_osm(source.path) else "")
        layer = dataset.GetLayerByName(name) if name else dataset.GetLayer(0)
        if layer is None:
            raise SourceUnreadable("There is no layer “{layer}” in {path}.", layer=name, path=source.path)
        layer.SetAttributeFilter(source.where or None)
        yield layer


def layer_names(path: str) -> tuple[str, ...]:
    """The layers of a file. Raises `SourceUnreadable`."""
    with _dataset(path) as dataset:
        return tuple(dataset.GetLayer(number).GetName() for number in range(dataset.GetLayerCount()))


@contextmanager
def _dataset(path: str, open_dataset: OpenDataset = open_vector) -> Iterator[gdal.Dataset]:
    with raising_gdal():
        options = [f"CONFIG_FILE={OSM_SETTINGS}"] if is_osm(path) else []
        dataset = None
        try:
            dataset = open_dataset(path, tuple(options))
            yield dataset
        except (OSError, RuntimeError, SystemError) as error:  # the last is numpy's bridge to GDAL, when GDAL raises
            reason = str(error.__cause__ or error)
            raise SourceUnreadable("{path} cannot be read: {reason}", path=path, reason=reason) from error
        finally:
            # GDAL closes a file when the last name of its dataset goes.
            dataset = None


def field_names(layer: ogr.Layer) -> tuple[str, ...]:
    """The attribute names of a layer."""
    definition = layer.GetLayerDefn()
    return tuple(definition.GetFieldDefn(i).GetName() for i in range(definition.GetFieldCount()))


def crs_of(layer: ogr.Layer) -> str:
    """The layer's CRS as WKT. Raises `SourceUnreadable` when it has none."""
    reference = layer.GetSpatialRef()
    if reference is None:
        raise SourceUnreadable("The road layer has no coordinate reference system; set it first.")
    return reference.ExportToWkt()


def read_lines(layer: ogr.Layer, wanted: tuple[str, ...], progress: Progress, crs: str = "") -> RoadLines:
    """Read the lines of ``layer`` with the attributes ``wanted``. Multi-lines give one line a part.

    ``crs`` comes before what the layer says.
    """
    crs = crs or crs_of(layer)
    unused = [name for name in field_names(layer) if name not in wanted]
    layer.SetIgnoredFields(unused)
    given = layer.GetFeatureCount(force=0)
    lines = gather(_batches(layer, wanted), wanted, progress, crs, given)
    # In a box GDAL counts what its index says, rounded: a few more than there are.
    return lines if layer.GetSpatialFilter() is None else lines._replace(given=-1)


def gather(batches: Batches, wanted: tuple[str, ...], progress: Progress, crs: str, given: int = -1) -> RoadLines:
    """The lines of batches of rows, each (WKB values, values of each field of ``wanted``); ``given`` rows are due."""
    readers = {name: ColumnReader() for name in wanted}
    decoded, rows = [], 0
    for geometries, values in batches:
        part = decode_lines(geometries)
        decoded.append(part._replace(row=part.row + rows))
        for name in wanted:
            readers[name].add(values[name])
        rows += len(geometries)
        progress.advance(min(rows / max(given, 1), 1.0))
    columns = {name: reader.column() for name, reader in readers.items()}
    return RoadLines.join(decoded, columns, rows, crs)._replace(given=given)


class Own(NamedTuple):
    """The names that a stream gives to what every layer has."""

    geometry: str
    identifier: str


def own_columns(layer: ogr.Layer) -> Own:
    """Those of a layer."""
    return Own(layer.GetGeometryColumn() or "wkb_geometry", layer.GetFIDColumn() or "OGC_FID")


def can_stream(layer: ogr.Layer, wanted: tuple[str, ...]) -> bool:
    """Whether `streamed` gives these columns: since GDAL 3.6, where no two columns have one name."""
    mistakable = set(own_columns(layer)) & set(wanted) or len(set(wanted)) < len(wanted)
    return hasattr(layer, "GetArrowStreamAsNumPy") and not mistakable


def streamed(layer: ogr.Layer) -> Iterator[dict[str, Any]]:
    """The columns of a layer that are not ignored, and its own ones, batch by batch; geometries are WKB."""
    # The identifiers are read also where nobody needs them: without them nor fields, GDAL 3.6 gives empty geometries.
    stream = layer.GetArrowStreamAsNumPy([f"MAX_FEATURES_IN_BATCH={_ARROW_BATCH}"])
    with gdal_settings(_ONE_THREAD):
        yield from stream


def _batches(layer: ogr.Layer, wanted: tuple[str, ...]) -> Batches:
    if not can_stream(layer, wanted):
        yield from _looped(layer, wanted)
        return
    geometry = own_columns(layer).geometry
    for batch in streamed(layer):
        yield batch[geometry], batch


def _looped(layer: ogr.Layer, wanted: tuple[str, ...]) -> Batches:
    """As the Arrow stream gives it, one feature after the other: for GDAL before 3.6."""
    index = {name: layer.GetLayerDefn().GetFieldIndex(name) for name in wanted}
    geometries: list[bytes | None] = []
    values: dict[str, list[Any]] = {name: [] for name in wanted}
    for feature in layer:
        shape = feature.GetGeometryRef()
        geometries.append(None if shape is None else bytes(shape.ExportToIsoWkb(ogr.wkbNDR)))
        for name, i in index.items():
            values[name].append(feature.GetField(i))
        if len(geometries) == _LOOP_BATCH:
            yield objects(geometries), {name: objects(column) for name, column in values.items()}
            geometries, values = [], {name: [] for name in wanted}
    if geometries:
        yield objects(geometries), {name: objects(column) for name, column in values.items()}


def objects(values: list[Any]) -> np.ndarray:
    """(n,) the values as they are."""
    array = np.empty(len(values), object)
    array[:] = values
    return array


def is_osm(path: str) -> bool:
    """Whether a file is OpenStreetMap's own, by its name."""
    return str(path).lower().endswith((".pbf", ".osm"))
