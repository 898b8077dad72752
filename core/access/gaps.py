"""Where the badly served live: contiguous areas, the most populated first.

Demand given as points (grid cells' centres, addresses, buildings): the map is cut into square cells; a cell that holds
demand is badly served when most of its weight is; an empty cell is as well served as the nearest cell with demand,
up to a reach. Badly served cells that share a side are one area. Demand given as polygons: touching badly served
polygons are merged. Either way, the population of an area is that of the badly served demand in it, and areas
together hold all the badly served demand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from osgeo import gdal, ogr
from scipy import ndimage
from shapely import wkb
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from ..progress import Progress
from .weights import exact_weights
from .zones import zone_of_points

DEFAULT_CELL = 200.0
"""Metres: the side of the cells of Insee's population grid."""
REACH_IN_CELLS = 2
MOST_CELLS = 30_000_000
"""A larger grid would need over 1 GB: cells are then made larger."""
MERGED_AT_ONCE = 2_000


class Gap(NamedTuple):
    """One contiguous badly served area.

    Attributes:
        rank: 1 for the most populated.
        geometry: a Polygon, in the CRS of the demand.
        population: weight of the badly served demand in it.
        members: rows of that demand.
    """

    rank: int
    geometry: BaseGeometry
    population: float
    members: np.ndarray


def gaps_from_points(
    xy: np.ndarray,
    weight: np.ndarray,
    badly_served: np.ndarray,
    cell: float = DEFAULT_CELL,
    progress: Progress = Progress(),
) -> list[Gap]:
    """Areas around the badly served among the points ``xy`` (n, 2), in metres, of ``weight`` (n,).

    A cell whose badly served demand is outweighed by well served demand still makes an area of its own cell, so that
    no badly served demand is lost; it does not spread. Cells are ``cell`` metres wide, more when the grid would
    exceed `MOST_CELLS`.
    """
    weight = exact_weights(weight)
    if not badly_served.any():
        return []
    margin = REACH_IN_CELLS + 1
    low, high = xy[badly_served].min(axis=0), xy[badly_served].max(axis=0)
    cell = _cell_that_fits(high - low, cell, margin)
    origin = np.floor(low / cell) - margin
    columns, rows = (np.floor(high / cell) - origin).astype(np.int64) + margin + 1

    place = np.floor(xy / cell) - origin
    inside = ((place >= 0) & (place < (columns, rows))).all(axis=1)
    flat = np.full(len(xy), -1, dtype=np.int64)
    flat[inside] = (place[inside, 1] * columns + place[inside, 0]).astype(np.int64)
    progress.advance(0.1)

    areas = _badly_served_cells(flat[inside], weight[inside], badly_served[inside], (int(rows), int(columns)))
    progress.advance(0.4)
    labels, count = ndimage.label(areas)
    progress.advance(0.5)
    polygons = _polygonised(labels, count, origin * cell, cell)
    members = np.flatnonzero(badly_served)
    return _ranked(polygons, labels.ravel()[flat[members]] - 1, members, weight)


def _cell_that_fits(size: np.ndarray, cell: float, margin: int) -> float:
    while np.prod(np.ceil(size / cell) + 2 * margin + 1) > MOST_CELLS:
        cell *= 2
    return cell


def _badly_served_cells(
    flat: np.ndarray, weight: np.ndarray, badly_served: np.ndarray, shape: tuple[int, int]
) -> np.ndarray:
    """(rows, columns) bool: cells of the areas, from the cell number of each point of demand."""
    size = shape[0] * shape[1]
    # Demand of weight 0 still tells how its place is served: it counts for a trifle.
    trifle = float(weight.max()) * 1e-9 or 1.0
    balance = np.bincount(flat, weights=np.where(badly_served, 1.0, -1.0) * (weight + trifle), minlength=size)
    holds_demand = np.zeros(size, dtype=bool)
    holds_demand[flat] = True
    mostly_bad = (balance >= 0) & holds_demand
    distance, nearest = ndimage.distance_transform_edt(~holds_demand.reshape(shape), return_indices=True)
    areas = mostly_bad.reshape(shape)[tuple(nearest)] & (distance <= REACH_IN_CELLS)
    areas.ravel()[flat[badly_served]] = True
    return areas


def _polygonised(labels: np.ndarray, count: int, origin: np.ndarray, cell: float) -> list[BaseGeometry]:
    """One polygon a label 1 … count, holes included, of the cells of ``labels`` (row 0 is the south)."""
    rows, columns = labels.shape
    raster = gdal.GetDriverByName("MEM").Create("", columns, rows, 1, gdal.GDT_Int32)
    raster.SetGeoTransform((origin[0], cell, 0.0, origin[1], 0.0, cell))
    band = raster.GetRasterBand(1)
    band.WriteRaster(0, 0, columns, rows, np.ascontiguousarray(labels, dtype=np.int32).tobytes())
    memory = ogr.GetDriverByName("Memory").CreateDataSource("")
    layer = memory.CreateLayer("areas", geom_type=ogr.wkbPolygon)
    layer.CreateField(ogr.FieldDefn("label", ogr.OFTInteger))
    gdal.Polygonize(band, band, layer, 0)
    polygons: list[BaseGeometry] = [Polygon()] * count
    for feature in layer:
        polygons[feature.GetField(0) - 1] = wkb.loads(bytes(feature.GetGeometryRef().ExportToWkb()))
    return polygons


def gaps_from_polygons(
    polygons: Sequence[BaseGeometry],
    weight: np.ndarray,
    badly_served: np.ndarray,
    progress: Progress = Progress(),
) -> list[Gap]:
    """Areas made of the badly served among ``polygons`` (n), merged where they share a side."""
    weight = exact_weights(weight)
    members = np.flatnonzero(badly_served)
    if not len(members):
        return []
    inner_points = [polygons[row].representative_point() for row in members]
    xy = np.array([(point.x, point.y) for point in inner_points])
    areas = _merged([polygons[row] for row in members], xy, progress.part(0.0, 0.8))
    return _ranked(areas, _area_of(xy, areas, progress.part(0.8, 1.0)), members, weight)


def _merged(polygons: list[BaseGeometry], xy: np.ndarray, progress: Progress) -> list[BaseGeometry]:
    """The polygons of their union, made strip by strip so that a cancel is seen in time."""
    order = np.argsort(xy[:, 0], kind="stable")
    strips = np.array_split(order, len(order) // MERGED_AT_ONCE + 1)
    parts = []
    for done, strip in enumerate(strips, start=1):
        parts.append(unary_union([_valid(polygons[row]) for row in strip]))
        progress.advance(done / (len(strips) + 1))
    union = unary_union(parts)
    return [part for part in getattr(union, "geoms", [union]) if isinstance(part, Polygon)]


def _valid(polygon: BaseGeometry) -> BaseGeometry:
    return polygon if polygon.is_valid else polygon.buffer(0)


def _area_of(xy: np.ndarray, areas: list[BaseGeometry], progress: Progress) -> np.ndarray:
    """Row of the area of each point; the nearest one for the inner points of slivers that the union has lost."""
    rows = zone_of_points(xy, areas, progress)
    for stray in np.flatnonzero(rows < 0):
        rows[stray] = int(np.argmin([area.distance(Point(xy[stray])) for area in areas]))
    return rows


def _ranked(areas: list[BaseGeometry], area_of: np.ndarray, members: np.ndarray, weight: np.ndarray) -> list[Gap]:
    """Gaps from the areas and, for each member, the row of its area; equal populations keep the order of the map."""
    population = np.bincount(area_of, weights=weight[members], minlength=len(areas))
    by_area = np.split(
        members[np.argsort(area_of, kind="stable")], np.bincount(area_of, minlength=len(areas)).cumsum()[:-1]
    )
    order = np.argsort(-population, kind="stable")
    return [Gap(rank, areas[row], float(population[row]), by_area[row]) for rank, row in enumerate(order, start=1)]
