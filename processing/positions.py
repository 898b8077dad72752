"""Features and the place of each of them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Callable

import numpy as np
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureRequest,
    QgsFeatureSource,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingContext,
    QgsWkbTypes,
)

from ..core.progress import Progress
from .coordinates import Mover
from .qgis_enums import GeometryType, WkbType

_FARTHEST = 1e9
"""Beyond this no coordinate reference system has a place, in degrees or metres."""


def expected_rows(source: QgsFeatureSource) -> float:
    """How many rows a layer has, for progress; infinite where a filter on the input (QGIS 3.32) hides it."""
    count = source.featureCount()
    return count if count > 0 else math.inf


def read_points(
    source: QgsFeatureSource,
    crs: QgsCoordinateReferenceSystem,
    context: QgsProcessingContext,
    progress: Progress,
) -> tuple[list[QgsFeature], np.ndarray]:
    """All features of a layer, and one position each in ``crs``: (n, 2) float64, NaN where there is none.

    Lines and polygons count by a point on their surface, multipoints by their first point.
    """
    features: list[QgsFeature] = []
    positions: list[tuple[float, float]] = []
    total = expected_rows(source)
    position = _point if QgsWkbTypes.flatType(source.wkbType()) == WkbType.Point else _position
    for index, feature in enumerate(source.getFeatures(QgsFeatureRequest())):
        if index % 1000 == 0:
            progress.advance(min(index / total, 1.0))
        features.append(feature)
        positions.append(position(feature))
    xy = np.array(positions, dtype=float).reshape(-1, 2)
    xy[~(np.abs(xy) <= _FARTHEST).all(axis=1)] = np.nan
    return features, transform_points(xy, source.sourceCrs(), crs, context)


def points_of(
    features: Iterable[QgsFeature], transform: Callable[[np.ndarray], np.ndarray]
) -> tuple[list[QgsFeature], np.ndarray]:
    """The features, and their positions as `read_points` gives them, moved by ``transform``."""
    kept = list(features)
    xy = np.array([_position(feature) for feature in kept], dtype=float).reshape(-1, 2)
    xy[~(np.abs(xy) <= _FARTHEST).all(axis=1)] = np.nan
    return kept, transform(xy)


def transform_points(
    xy: np.ndarray,
    source_crs: QgsCoordinateReferenceSystem,
    target_crs: QgsCoordinateReferenceSystem,
    context: QgsProcessingContext,
) -> np.ndarray:
    """Positions (n, 2) in another CRS, NaN kept and given where it has none. Uses the project's transformations."""
    if source_crs == target_crs or not source_crs.isValid() or not len(xy):
        return xy
    return Mover(source_crs, target_crs, context.transformContext()).transform.points(xy)


def _point(feature: QgsFeature) -> tuple[float, float]:
    """Where a feature of a layer of points is: the usual case, in half the time."""
    geometry = feature.geometry()
    if geometry.isEmpty():
        return np.nan, np.nan
    try:
        point = geometry.asPoint()
    except TypeError:  # a shape that the layer did not promise
        return _position(feature)
    return point.x(), point.y()


def _position(feature: QgsFeature) -> tuple[float, float]:
    point = first_point(feature.geometry())
    return (np.nan, np.nan) if point is None else (point.x(), point.y())


def first_point(geometry: QgsGeometry) -> QgsPointXY | None:
    """Where a geometry is: the first of its points, or a point on its surface; None where it is empty."""
    if geometry.isNull() or geometry.isEmpty():
        return None
    if geometry.type() == GeometryType.Point:
        vertex = geometry.vertexAt(0)
        return QgsPointXY(vertex.x(), vertex.y())
    inside = geometry.pointOnSurface()
    if inside.isNull():
        inside = geometry.makeValid().pointOnSurface()
    return None if inside.isNull() else inside.asPoint()
