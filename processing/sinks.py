"""The layers that algorithms write: counted while they are written, counted again when they are closed."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from osgeo import gdal
from qgis.core import (
    QgsFeature,
    QgsFeatureSink,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingOutputLayerDefinition,
    QgsProviderRegistry,
    QgsVectorFileWriter,
)

from ..core.errors import CartoError, InvalidInput
from ..core.spreadsheets import as_cell

SHEETS = (".csv", ".tsv", ".xlsx", ".ods")
_COUNTED_BY_SQL = (".gpkg", ".sqlite")
"""Formats whose writing is whole or not at all, and whose count does not come from a header written before the rows."""

_FEW_ROWS = {".kml": 3000, ".kmz": 3000}
"""Formats whose writer takes a time that grows with the square of the rows (LIBKML: 3 s for 2000, 17 s for 4000)."""

_HARMLESS = ("No geometry column",)
"""What GDAL says when QGIS asks a table without geometry for its spatial index."""


class SinkError(CartoError):
    """Rows that could not be written: the disk is full, the file is locked …"""


class Sink:
    """A layer being written. A row that is refused is an error at once; `close` reads the layer again."""

    def __init__(self, sink: QgsFeatureSink, destination: str, as_json: Sequence[int] = ()) -> None:
        """``as_json``: the columns whose lists and maps are written as JSON text.

        Raises `SinkError` for KML where GDAL lacks LIBKML: its older driver reads back neither columns nor rows without
        a geometry, and the layer that QGIS shows would lack them.
        """
        if suffix_of(destination) in _FEW_ROWS and gdal.GetDriverByName("LIBKML") is None:
            raise SinkError(
                "{path} could not be written: the GDAL of this QGIS reads back no column of a KML file. Choose a"
                " GeoPackage.",
                path=path_of(destination),
            )
        self._sink: Any = sink
        self._destination = destination
        self._sheet = suffix_of(destination) in SHEETS
        self._most = _FEW_ROWS.get(suffix_of(destination))
        self._count = 0
        self._as_json = as_json

    def addFeature(self, feature: QgsFeature, flags: Any = QgsFeatureSink.Flag.FastInsert) -> bool:
        return self.addFeatures([feature], flags)

    def addFeatures(self, features: Iterable[QgsFeature], flags: Any = QgsFeatureSink.Flag.FastInsert) -> bool:
        features = list(features)
        if self._most is not None and self._count + len(features) > self._most:
            raise SinkError(
                "{path}: a KML file of more than {most} rows takes hours to write. Choose a GeoPackage.",
                path=path_of(self._destination),
                most=self._most,
            )
        if self._as_json:
            features = [_with_json(feature, self._as_json) for feature in features]
        if self._sheet:
            features = [_as_cells(feature) for feature in features]
        if not self._sink.addFeatures(features, flags):
            raise SinkError("The result could not be written: {why}", why=self._sink.lastError() or self._destination)
        self._count += len(features)
        return True

    def close(self, context: QgsProcessingContext) -> None:
        """Write what still waits, and read it again. Raises `SinkError` when a row is missing."""
        if self._sink is None:
            return
        with gdal_failures() as failures:
            self._sink = None
        found = None if failures else self._rows_again(context, failures)
        if failures:
            raise SinkError("The result could not be written: {why}", why=failures[0])
        if found is not None and found < self._count:
            raise SinkError(
                "{path} holds {found} of {count} rows: the disk may be full. It is not to be used.",
                path=path_of(self._destination),
                found=found,
                count=self._count,
            )

    def _rows_again(self, context: QgsProcessingContext, failures: list[str]) -> int | None:
        """Rows that the closed layer gives, None where it is unknown without asking a server for all of them."""
        layer = context.getMapLayer(self._destination)
        if layer is not None:
            return layer.featureCount() if layer.dataProvider().name() == "memory" else None
        path = path_of(self._destination)
        if not os.path.isfile(path):
            return 0 if os.path.isabs(path) else None
        with gdal_failures() as reported:
            found = _count_in_file(self._destination)
        failures += reported
        return found


def _count_in_file(destination: str) -> int:
    """Rows of a file, each of them read."""
    path, name = path_of(destination), _layer_of(destination)
    driver = QgsVectorFileWriter.driverForExtension(suffix_of(destination))
    dataset = gdal.OpenEx(path, gdal.OF_VECTOR | gdal.OF_READONLY, allowed_drivers=[driver] if driver else [])
    layer = (dataset.GetLayerByName(name) if name else dataset.GetLayer(0)) if dataset is not None else None
    if layer is None:
        return 0
    if suffix_of(destination) in _COUNTED_BY_SQL:
        return layer.GetFeatureCount()
    return sum(1 for _ in iter(layer.GetNextFeature, None))


@contextmanager
def gdal_failures() -> Iterator[list[str]]:
    """What GDAL says of its failures meanwhile; it raises nothing where QGIS calls it."""
    failures: list[str] = []

    def record(severity: int, _number: int, text: str) -> None:
        if severity >= gdal.CE_Failure and text not in _HARMLESS:
            failures.append(text)

    raising = gdal.GetUseExceptions()
    gdal.DontUseExceptions()
    gdal.PushErrorHandler(record)
    try:
        yield failures
    finally:
        gdal.PopErrorHandler()
        if raising:
            gdal.UseExceptions()


def _with_json(feature: QgsFeature, columns: Sequence[int]) -> QgsFeature:
    """A row whose lists and maps in these columns are JSON text."""
    written, attributes = QgsFeature(feature), feature.attributes()
    for column in columns:
        if isinstance(attributes[column], (list, tuple, dict)):
            attributes[column] = json.dumps(attributes[column], ensure_ascii=False, default=str)
    written.setAttributes(attributes)
    return written


def _as_cells(feature: QgsFeature) -> QgsFeature:
    """A row for a spreadsheet: no text of it is a formula."""
    safe = QgsFeature(feature)
    safe.setAttributes([as_cell(value) if isinstance(value, str) else value for value in feature.attributes()])
    return safe


# -- where layers are -------------------------------------------------------------------------------------------------


def destination_of(value: Any, context: QgsProcessingContext) -> str:
    """Where a result goes, as text; empty where QGIS chooses."""
    if isinstance(value, QgsProcessingOutputLayerDefinition):
        value = value.sink.valueAsString(context.expressionContext())[0]
    return value if isinstance(value, str) else ""


def path_of(destination: str) -> str:
    """The file of a layer that QGIS names by path, ``path|layername=…`` or ``ogr:dbname='path' …``."""
    database = re.match(r"\w+:dbname='([^']*)'", destination)
    return database[1] if database else destination.split("|")[0]


def suffix_of(destination: str) -> str:
    """The extension of the file, in small letters with its dot."""
    return Path(path_of(destination)).suffix.lower()


def _layer_of(destination: str) -> str:
    named = re.search(r'\|layername=([^|]+)|\stable="([^"]+)"', destination)
    return (named[1] or named[2]) if named else ""


def refuse_overwriting_inputs(outputs: dict[str, str], inputs: dict[str, Any], context: QgsProcessingContext) -> None:
    """Raise `InvalidInput` when a file to be written is one that is read, or two results are one file.

    Both are given by parameter. Another table of a database is another place.
    """
    read = [(name, place) for name, value in inputs.items() for place in _places_read(value, context)]
    seen: dict[tuple[str, str], str] = {}
    for name, destination in outputs.items():
        place = _place(destination)
        if place is None:
            continue
        for other, source in read:
            if source[0] == place[0] and (not place[1] or source[1] in ("", place[1])):
                raise InvalidInput("{output} would overwrite {input}: choose another file.", output=name, input=other)
        if place in seen:
            raise InvalidInput("{output} and {other} are one file: choose another.", output=name, other=seen[place])
        seen[place] = name


def _place(text: str) -> tuple[str, str] | None:
    """The file and the table in it, none for the whole file. None for what is no file."""
    path = path_of(text)
    return (os.path.realpath(path), _layer_of(text)) if os.path.isabs(path) else None


def _places_read(value: Any, context: QgsProcessingContext) -> list[tuple[str, str]]:
    """The files that a parameter's value names: layers, paths, or a list of them."""
    if isinstance(value, (list, tuple)):
        return [place for part in value for place in _places_read(part, context)]
    if isinstance(value, QgsProcessingFeatureSourceDefinition):
        value = value.source.valueAsString(context.expressionContext())[0]
    layer: Any = context.getMapLayer(value) if isinstance(value, str) and not os.path.isabs(value) else value
    if isinstance(layer, QgsMapLayer):
        parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
        value = f"{parts.get('path') or ''}|layername={parts.get('layerName') or ''}"
    place = _place(value) if isinstance(value, str) else None
    return [place] if place else []
