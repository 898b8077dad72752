"""The polygon where a field on a grid is negative, by whichever contouring library is at hand."""

from __future__ import annotations

import struct
from collections.abc import Iterable

import numpy as np

from ..routing.compiled import loops
from .cost_surface import Field

try:
    import contourpy
except ImportError:
    contourpy = None

_POLYGON = struct.pack("<BI", 1, 3)
_MULTIPOLYGON = struct.pack("<BI", 1, 6)


def inside(field: Field) -> bytes:
    """Where ``field`` is negative, as a little-endian WKB MultiPolygon in the coordinates of the field.

    Between the centres of two cells the edge lies where the straight line through their values is zero. Pieces and
    holes are all kept. Polygons end where the field does, at the outer sides of its outermost cells: those of fields
    side by side fit together.
    """
    if loops() and not _at_edge(field.values):
        return multipolygon(_traced(field))
    rings = _with_contourpy if contourpy else _with_gdal
    return multipolygon(rings(field))


def multipolygon(polygons: Iterable[list[np.ndarray]]) -> bytes:
    """The WKB of polygons given as their rings (n, 2), the outer one first."""
    parts = []
    for rings in polygons:
        parts.append(_POLYGON + struct.pack("<I", len(rings)))
        for ring in rings:
            parts.append(struct.pack("<I", len(ring)))
            parts.append(np.ascontiguousarray(ring, dtype="<f8").tobytes())
    count = sum(part[:5] == _POLYGON for part in parts)
    return _MULTIPOLYGON + struct.pack("<I", count) + b"".join(parts)


def _at_edge(values: np.ndarray) -> bool:
    """Whether a cell at the edge of the field is negative."""
    return any(bool((line < 0).any()) for line in (values[0], values[-1], values[:, 0], values[:, -1]))


def _traced(field: Field) -> Iterable[list[np.ndarray]]:
    points, start, around = loops().trace(field.values)
    at = field.positions(points).astype("<f8", copy=False)
    polygons: dict[int, list[np.ndarray]] = {}
    for ring, outer in enumerate(around.tolist()):
        polygons.setdefault(ring if outer < 0 else outer, []).append(at[start[ring] : start[ring + 1]])
    return polygons.values()


def _with_contourpy(field: Field) -> Iterable[list[np.ndarray]]:
    y, x = (np.arange(count, dtype=float) for count in field.values.shape)
    values = field.values
    if _at_edge(values):
        y, x = (np.concatenate(([-0.5], axis, [len(axis) - 0.5])) for axis in (y, x))
        values = np.pad(values, 1, mode="edge")
    values = values.astype(float)
    # The class itself: `contour_generator` looks through all the values for some to mask, and there are none.
    generator = contourpy.SerialContourGenerator(
        np.broadcast_to(x, values.shape),
        np.broadcast_to(y[:, None], values.shape),
        values,
        None,
        corner_mask=True,
        line_type=contourpy.LineType.Separate,
        fill_type=contourpy.FillType.OuterOffset,
        quad_as_tri=False,
        z_interp=contourpy.ZInterp.Linear,
    )
    for points, offsets in zip(*generator.filled(-10.0, 0.0)):
        at = field.positions(points)
        yield [at[start:end] for start, end in zip(offsets[:-1], offsets[1:])]


def _with_gdal(field: Field) -> Iterable[list[np.ndarray]]:
    from osgeo import gdal, ogr

    rows, columns = field.values.shape
    raster = gdal.GetDriverByName("MEM").Create("", columns, rows, 1, gdal.GDT_Float32)
    raster.SetGeoTransform((-0.5, 1, 0, -0.5, 0, 1))
    raster.GetRasterBand(1).WriteRaster(0, 0, columns, rows, np.ascontiguousarray(field.values).tobytes())
    driver = ogr.GetDriverByName("MEM") or ogr.GetDriverByName("Memory")  # before GDAL 3.11 the latter keeps vectors
    source = driver.CreateDataSource("")
    layer = source.CreateLayer("", None, ogr.wkbMultiPolygon)
    layer.CreateField(ogr.FieldDefn("above", ogr.OFTReal))
    layer.CreateField(ogr.FieldDefn("below", ogr.OFTReal))
    # One level alone gives no polygon from GDAL 3.13 on: the outer two are beyond all values.
    options = ["FIXED_LEVELS=-10,0,10", "ELEV_FIELD_MIN=0", "ELEV_FIELD_MAX=1", "POLYGONIZE=YES"]
    gdal.ContourGenerateEx(raster.GetRasterBand(1), layer, options=options)
    for feature in layer:
        if feature.GetField("below") > 0:
            continue
        geometry = feature.GetGeometryRef()
        for polygon in (geometry.GetGeometryRef(i) for i in range(geometry.GetGeometryCount())):
            rings = (polygon.GetGeometryRef(i) for i in range(polygon.GetGeometryCount()))
            yield [field.positions(np.array(ring.GetPoints(2))) for ring in rings]
