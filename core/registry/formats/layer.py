"""Any vector layer that GDAL reads, through a field mapping (or with the contract's own columns)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from osgeo import ogr, osr

from ...progress import Progress
from ...services import Rejected, Service, ServiceRecord
from ..records import converted
from .text import UnreadableFile


def read_layer(
    path: Path, layer_name: str, convert: Callable[[Mapping[str, Any]], Service | Rejected], progress: Progress
) -> Iterator[ServiceRecord]:
    """The features of a layer; positions reach ``convert`` as `lon`, `lat` in degrees (EPSG:4326)."""
    try:
        source = ogr.Open(str(path))
    except RuntimeError:  # where someone made GDAL raise
        source = None
    if source is None:
        raise UnreadableFile("“{name}” cannot be read.", name=path.name)
    layer = source.GetLayerByName(layer_name) if layer_name else source.GetLayer(0)
    if layer is None:
        raise UnreadableFile("“{name}” has no layer “{layer}”.", name=path.name, layer=layer_name)
    to_degrees = _transformation(layer)
    definition = layer.GetLayerDefn()
    names = [definition.GetFieldDefn(index).GetName() for index in range(definition.GetFieldCount())]
    moments = {
        index
        for index in range(len(names))
        if definition.GetFieldDefn(index).GetType() in (ogr.OFTDate, ogr.OFTDateTime, ogr.OFTTime)
    }
    total = max(layer.GetFeatureCount(), 1)
    for number, feature in enumerate(layer):
        if number % 1000 == 0:
            progress.advance(min(number / total, 1.0))
        row: dict[str, Any] = {name: feature.GetFieldAsString(index) for index, name in enumerate(names)}
        for index in moments:
            row[names[index]] = _iso(row[names[index]])
        row["lon"], row["lat"] = _position(feature.GetGeometryRef(), to_degrees)
        yield converted(convert, row)


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
