"""A table, with or without points, written by one of GDAL's drivers: whole, or an error."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Optional, Union

from osgeo import gdal, ogr, osr

Value = Union[str, float, None]
Point = Optional[tuple[float, float]]

_KINDS = {"text": ogr.OFTString, "real": ogr.OFTReal, "date": ogr.OFTDate}


def write_table(
    path: Path,
    driver: str,
    name: str,
    columns: Sequence[tuple[str, str]],
    rows: Iterable[Sequence[Value]],
    points: Iterable[Point] | None = None,
) -> None:
    """Write the layer ``name`` into a new file. ``columns``: (name, `text`, `real` or `date`).

    ``points``: (longitude, latitude) in EPSG:4326 of each row, None for rows that are nowhere; without, a table.
    Raises `OSError` (or, where someone made GDAL raise, `RuntimeError`) when anything of it is not on the disk.
    """
    gdal.ErrorReset()
    source = ogr.GetDriverByName(driver).CreateDataSource(str(path))
    layer = None if source is None else _layer(source, name, points is not None)
    if layer is None:
        raise OSError(gdal.GetLastErrorMsg())
    for column, kind in columns:
        _check(layer.CreateField(ogr.FieldDefn(column, _KINDS[kind])))
    in_transaction = layer.StartTransaction() == ogr.OGRERR_NONE
    places = iter(points) if points is not None else None
    for row in rows:
        feature = ogr.Feature(layer.GetLayerDefn())
        for number, value in enumerate(row):
            if value is not None:
                feature.SetField(number, value)
        place = next(places) if places is not None else None
        if place is not None:
            feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POINT ({place[0]!r} {place[1]!r})"))
        _check(layer.CreateFeature(feature))
    if in_transaction:
        _check(layer.CommitTransaction())
    gdal.ErrorReset()
    feature = layer = source = None  # some drivers write at the end only
    if gdal.GetLastErrorType() >= gdal.CE_Failure:
        raise OSError(gdal.GetLastErrorMsg())


def _layer(source: ogr.DataSource, name: str, with_points: bool) -> ogr.Layer | None:
    if not with_points:
        return source.CreateLayer(name, None, ogr.wkbNone)
    degrees = osr.SpatialReference()
    degrees.ImportFromEPSG(4326)
    return source.CreateLayer(name, degrees, ogr.wkbPoint)


def _check(outcome: int) -> None:
    if outcome != ogr.OGRERR_NONE:
        raise OSError(gdal.GetLastErrorMsg())
