"""Any vector layer that GDAL reads, through a field mapping (or with the contract's own columns)."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Union

from osgeo import gdal, ogr, osr

from ...progress import Progress
from ...services import Rejected, Service, ServiceRecord
from ...vector_files import open_vector
from ..connection import Incomplete
from ..places import PLACE_COLUMNS
from ..records import converted
from .text import UnreadableFile

Convert = Callable[[Mapping[str, Any]], Union[Service, Rejected]]
_SIDES = {".shp": ".dbf", ".tab": ".dat"}


def read_layer(
    path: Path, layer_name: str, convert_of: Callable[[set[str]], Convert], progress: Progress
) -> Iterator[ServiceRecord]:
    """The features of a layer, made by what ``convert_of`` gives for its columns.

    Positions reach it as `lon`, `lat` in degrees (EPSG:4326); a layer without geometries keeps its own columns.
    Raises `Incomplete` when GDAL reads fewer features than the file announces, or meets damage on the way.
    """
    _check_side_file(path)
    try:
        with _quiet():
            gdal.ErrorReset()
            source = open_vector(path)
            layer = source.GetLayerByName(layer_name) if layer_name else source.GetLayer(0)
    except (OSError, RuntimeError) as error:
        raise UnreadableFile("“{name}” cannot be read: {cause}.", name=path.name, cause=str(error)) from error
    if layer is None:
        raise UnreadableFile("“{name}” has no layer “{layer}”.", name=path.name, layer=layer_name)
    yield from _services(layer, convert_of, path, progress)


def _services(layer: ogr.Layer, convert_of: Callable, path: Path, progress: Progress) -> Iterator[ServiceRecord]:
    to_degrees = _transformation(layer)
    definition = layer.GetLayerDefn()
    names = [definition.GetFieldDefn(index).GetName() for index in range(definition.GetFieldCount())]
    moments = {
        index
        for index in range(len(names))
        if definition.GetFieldDefn(index).GetType() in (ogr.OFTDate, ogr.OFTDateTime, ogr.OFTTime)
    }
    convert = convert_of(set(names))
    has_places = definition.GetGeomFieldCount() > 0 or not PLACE_COLUMNS.intersection(map(str.lower, names))
    features = _Features(layer, path)
    for number, feature in enumerate(features):
        if number % 1000 == 0:
            progress.advance(min(number / max(features.expected, 1), 1.0))
        row: dict[str, Any] = {name: feature.GetFieldAsString(index) for index, name in enumerate(names)}
        for index in moments:
            row[names[index]] = _iso(row[names[index]])
        if has_places:
            row["lon"], row["lat"] = _position(feature.GetGeometryRef(), to_degrees)
        yield converted(convert, row)


class _Features:
    """The features of a layer, all that its file announces. Raises `Incomplete`."""

    def __init__(self, layer: ogr.Layer, path: Path) -> None:
        self._layer, self._name = layer, path.name
        self._check()  # damage may be found while opening
        self.expected = self._asked(layer.GetFeatureCount)

    def __iter__(self) -> Iterator[ogr.Feature]:
        read = 0
        while (feature := self._asked(self._layer.GetNextFeature)) is not None:
            read += 1
            yield feature
        if read < self.expected:
            raise Incomplete(
                "“{name}” announces {expected} records and gives {read}: it is damaged, or cut short.",
                name=self._name,
                expected=self.expected,
                read=read,
            )

    def _asked(self, question: Callable[[], Any]) -> Any:
        with _quiet():
            gdal.ErrorReset()
            try:
                answer = question()
            except RuntimeError as error:  # where someone made GDAL raise
                raise _breaks_off(self._name, str(error)) from error
            self._check()
        return answer

    def _check(self) -> None:
        if gdal.GetLastErrorType() >= gdal.CE_Failure:
            raise _breaks_off(self._name, gdal.GetLastErrorMsg())


def _breaks_off(name: str, cause: str) -> Incomplete:
    return Incomplete("“{name}” breaks off: {cause}", name=name, cause=cause)


@contextmanager
def _quiet() -> Iterator[None]:
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        yield
    finally:
        gdal.PopErrorHandler()


def _check_side_file(path: Path) -> None:
    """Raise `Incomplete` when the table beside a shape (dBASE) is shorter than its own header says."""
    ending = _SIDES.get(path.suffix.lower())
    if ending is None:
        return
    side = next((one for one in (path.with_suffix(ending), path.with_suffix(ending.upper())) if one.is_file()), None)
    if side is None:
        raise UnreadableFile("“{name}” lacks the file of its columns, “{side}”.", name=path.name, side=ending)
    with side.open("rb") as file:
        head = file.read(12)
    if len(head) == 12:
        rows, start, width = struct.unpack_from("<IHH", head, 4)
    if len(head) < 12 or side.stat().st_size < start + rows * width:
        raise _breaks_off(side.name, "dBASE")


def _iso(moment: str) -> str:
    """GDAL's `2026/01/31 10:00:00+00` as ISO 8601."""
    return moment.replace("/", "-").replace(" ", "T", 1)


def _position(geometry: ogr.Geometry | None, to_degrees: osr.CoordinateTransformation | None) -> tuple[Any, Any]:
    if geometry is None or geometry.IsEmpty():
        return None, None
    point = geometry if ogr.GT_Flatten(geometry.GetGeometryType()) == ogr.wkbPoint else geometry.PointOnSurface()
    if point is None or point.IsEmpty():
        point = geometry.Centroid()
    if to_degrees is not None:
        try:
            x, y, _height = to_degrees.TransformPoint(point.GetX(), point.GetY())
        except RuntimeError:
            return "?", "?"
        return x, y
    return point.GetX(), point.GetY()


def _transformation(layer: ogr.Layer) -> osr.CoordinateTransformation | None:
    """To longitude and latitude in this order, None when the layer's positions are so already."""
    crs = layer.GetSpatialRef()
    degrees = osr.SpatialReference()
    degrees.ImportFromEPSG(4326)
    degrees.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    if crs is None or crs.IsSame(degrees):
        return None
    crs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return osr.CoordinateTransformation(crs, degrees)
