"""Parquet files as layers where GDAL was built without its driver: pyarrow reads them, memory holds them."""

from __future__ import annotations

import json
from typing import Any

from osgeo import gdal, ogr, osr
from pyproj import CRS

from .errors import CartoError

_ROWS = 20_000
"""Rows that are Python's objects at a time."""
_DEGREES = "OGC:CRS84"


class NoParquet(CartoError):
    """A Parquet file that nothing here reads."""


def reads_parquet() -> bool:
    """Whether GDAL has a driver of its own."""
    return gdal.GetDriverByName("Parquet") is not None


def parquet_dataset(path: str) -> gdal.Dataset:
    """The rows of a (Geo)Parquet file as a layer in memory; its rows are numbered from 0, as by GDAL.

    Numbers stay numbers, all else is text; the geometry is that of https://geoparquet.org. Raises `NoParquet` where
    pyarrow is not installed and for geometries that are no WKB, `OSError` and `RuntimeError` for a damaged file.
    """
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise NoParquet("{path}: Parquet needs pyarrow or GDAL's own driver: install one.", path=path) from error
    try:
        table = pyarrow.parquet.read_table(path)
    except ValueError as error:  # Arrow's own errors
        raise RuntimeError(str(error)) from error
    geo = json.loads((table.schema.metadata or {}).get(b"geo", b"{}"))
    shape = geo.get("primary_column", "")
    how = geo.get("columns", {}).get(shape, {})
    if how.get("encoding", "WKB") != "WKB":
        raise NoParquet("{path}: its geometries are no WKB. Save it as a GeoPackage.", path=path)
    kinds = {field.name: _kind(field.type) for field in table.schema if field.name != shape}
    names = [name for name, kind in kinds.items() if kind is not None]
    driver = gdal.GetDriverByName("Memory") or gdal.GetDriverByName("MEM")
    dataset = driver.Create("", 0, 0, 0, gdal.GDT_Unknown)
    reference = _reference(how.get("crs", _DEGREES)) if shape else None
    layer = dataset.CreateLayer("parquet", reference, ogr.wkbUnknown if shape else ogr.wkbNone)
    for name in names:
        layer.CreateField(ogr.FieldDefn(name, kinds[name]))
    _fill(layer, table, [*names, *([shape] if shape else [])], len(names))
    return dataset


def _kind(arrow: Any) -> int | None:
    """OGR's type for one of Arrow's; None for bytes, which no column of a layer of services, people or roads is."""
    from pyarrow import types

    if types.is_binary(arrow) or types.is_large_binary(arrow) or types.is_fixed_size_binary(arrow):
        return None
    if types.is_integer(arrow) or types.is_boolean(arrow):
        return int(ogr.OFTInteger64)
    return int(ogr.OFTReal if types.is_floating(arrow) or types.is_decimal(arrow) else ogr.OFTString)


def _reference(crs: Any) -> osr.SpatialReference | None:
    """The CRS as PROJJSON or a name, x first; None where the file says that there is none."""
    if crs is None:
        return None
    reference = osr.SpatialReference()
    reference.ImportFromWkt(CRS.from_user_input(crs).to_wkt())
    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return reference


def _fill(layer: ogr.Layer, table: Any, names: list[str], attributes: int) -> None:
    definition = layer.GetLayerDefn()
    write = {
        ogr.OFTInteger64: ogr.Feature.SetFieldInteger64,
        ogr.OFTReal: lambda feature, index, value: feature.SetField(index, float(value)),
        ogr.OFTString: lambda feature, index, value: feature.SetField(index, str(value)),
    }
    setters = [write[definition.GetFieldDefn(index).GetType()] for index in range(attributes)]
    number = 0
    for batch in table.select(names).to_batches(max_chunksize=_ROWS):
        for row in zip(*(column.to_pylist() for column in batch.columns)):
            feature = ogr.Feature(definition)
            feature.SetFID(number)
            number += 1
            for index, (setter, value) in enumerate(zip(setters, row)):
                if value is not None:
                    setter(feature, index, value)
            if len(row) > attributes and row[attributes] is not None:
                feature.SetGeometryDirectly(ogr.CreateGeometryFromWkb(row[attributes]))
            layer.CreateFeature(feature)
