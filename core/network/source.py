"""Where road lines come from: any vector layer that GDAL opens."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal, ogr

from ..progress import Progress
from .errors import SourceUnreadable
from .lines import ColumnReader, RoadLines
from .wkb import decode_lines

OSM_SETTINGS = Path(__file__).with_name("osmconf.ini")
_ARROW_BATCH = 16384
"""Rows whose bytes stay in the processor's cache from GDAL to the decoder."""
_LOOP_BATCH = 20000


@dataclass(frozen=True)
class Source:
    """A layer of lines: a file (or any name GDAL opens), a layer in it (the first by default), an attribute filter."""

    path: str
    layer: str = ""
    where: str = ""

    @classmethod
    def parse(cls, text: str) -> Source:
        """Read QGIS's way of naming an OGR layer: ``path|layername=roads|subset=…``."""
        path, *parts = re.split(r"\|(layername|layerid|subset|geometrytype|uniqueGeometryType|option:\w+)=", text)
        values = dict(zip(parts[::2], parts[1::2]))
        return cls(path, values.get("layername", ""), values.get("subset", ""))

    def state(self) -> str:
        """A short text that changes when the files of the source change (sizes and dates, not content)."""
        base = Path(self.path)
        files = sorted(base.parent.glob(f"{base.stem}.*")) if base.suffix.lower() == ".shp" else [base]
        files += [Path(f"{self.path}{suffix}") for suffix in ("-wal",)]
        seen = [(f.name, f.stat().st_size, f.stat().st_mtime_ns) for f in files if f.is_file() and f.stat().st_size]
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:24]


@contextmanager
def opened(source: Source) -> Iterator[ogr.Layer]:
    """The OGR layer of ``source``, filtered. Raises `SourceUnreadable`, also for what GDAL finds while it is read."""
    with _quiet():
        options = [f"CONFIG_FILE={OSM_SETTINGS}"] if _is_osm(source.path) else []
        try:
            dataset = gdal.OpenEx(os.fspath(source.path), gdal.OF_VECTOR | gdal.OF_READONLY, open_options=options)
            name = source.layer or ("lines" if _is_osm(source.path) else "")
            layer = dataset.GetLayerByName(name) if name else dataset.GetLayer(0)
            if layer is None:
                raise SourceUnreadable("There is no layer “{layer}” in {path}.", layer=name, path=source.path)
            layer.SetAttributeFilter(source.where or None)
            yield layer
        except RuntimeError as error:
            raise SourceUnreadable("{path} cannot be read: {reason}", path=source.path, reason=str(error)) from error
        finally:
            # GDAL closes a file when the last name of its dataset goes.
            layer = dataset = None


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


def read_lines(layer: ogr.Layer, wanted: tuple[str, ...], progress: Progress) -> RoadLines:
    """Read the lines of ``layer`` with the attributes ``wanted``. Multi-lines give one line a part."""
    crs = crs_of(layer)
    unused = [name for name in field_names(layer) if name not in wanted]
    layer.SetIgnoredFields(unused)
    total = max(layer.GetFeatureCount(force=0), 1)
    readers = {name: ColumnReader() for name in wanted}
    decoded, rows = [], 0
    for geometries, values in _batches(layer, wanted):
        part = decode_lines(geometries)
        decoded.append(part._replace(row=part.row + rows))
        for name in wanted:
            readers[name].add(values[name])
        rows += len(geometries)
        progress.advance(min(rows / total, 1.0))
    return RoadLines.join(decoded, {name: reader.column() for name, reader in readers.items()}, rows, crs)


def _batches(layer: ogr.Layer, wanted: tuple[str, ...]) -> Iterator[tuple[np.ndarray, dict[str, Any]]]:
    if not hasattr(layer, "GetArrowStreamAsNumPy"):
        yield from _looped(layer, wanted)
        return
    geometry = layer.GetGeometryColumn() or "wkb_geometry"
    # The identifiers are read although nobody needs them: without them nor fields, GDAL 3.6 gives empty geometries.
    stream = layer.GetArrowStreamAsNumPy([f"MAX_FEATURES_IN_BATCH={_ARROW_BATCH}"])
    for batch in stream:
        yield batch[geometry], batch


def _looped(layer: ogr.Layer, wanted: tuple[str, ...]) -> Iterator[tuple[np.ndarray, dict[str, Any]]]:
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
            yield _objects(geometries), {name: _objects(column) for name, column in values.items()}
            geometries, values = [], {name: [] for name in wanted}
    if geometries:
        yield _objects(geometries), {name: _objects(column) for name, column in values.items()}


def _objects(values: list[Any]) -> np.ndarray:
    array = np.empty(len(values), object)
    array[:] = values
    return array


def _is_osm(path: str) -> bool:
    return str(path).lower().endswith((".pbf", ".osm"))


@contextmanager
def _quiet() -> Iterator[None]:
    """GDAL raises errors and keeps its warnings to itself."""
    modules = [module for module in (gdal, ogr) if not module.GetUseExceptions()]
    for module in modules:
        module.UseExceptions()
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        yield
    finally:
        gdal.PopErrorHandler()
        for module in reversed(modules):
            module.DontUseExceptions()
