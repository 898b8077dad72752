"""QGIS's positions through `core.coordinates`: the only way by which the plugin moves them, in every thread.

A CRS is taken by its code, which stays; the objects behind it go with the thread that made them.
"""

from __future__ import annotations

import numpy as np
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsGeometry,
    QgsLineString,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
)
from shapely import wkb
from shapely.geometry.base import BaseGeometry

from ..core.coordinates import Transform, UnknownCrs
from ..core.network.crs import LEGAL_CRS
from .qgis_enums import CrsWktVariant

WGS84 = "EPSG:4326"

USUAL = (WGS84, "EPSG:3857", *(code for _box, code in LEGAL_CRS))
# What QGIS holds of a CRS made in a thread is emptied when the thread ends, in every layer that has it: those that
# algorithms give to their results are made here, on the main thread, and kept.
_KEPT: dict[str, QgsCoordinateReferenceSystem] = {}


def keep_crs(*codes: str) -> None:
    """Make systems on the main thread, so that threads find them made."""
    if all(code in _KEPT for code in codes):
        return
    QgsCoordinateReferenceSystem.invalidateCache()  # it may hold some that other threads have made
    for code in {*_KEPT, *codes}:  # those kept before are not in it either now
        _KEPT[code] = QgsCoordinateReferenceSystem(code)
        _KEPT[code].toWkt()  # asks PROJ: until then QGIS has nothing of this thread to keep


class Mover:
    """From one CRS to another, by the operation that the project has chosen between them, else by PROJ's choice.

    Raises `UnknownCrs` when QGIS does not say which systems these are.
    """

    def __init__(
        self,
        source: QgsCoordinateReferenceSystem | str,
        target: QgsCoordinateReferenceSystem | str,
        chosen: QgsCoordinateTransformContext | None = None,
    ) -> None:
        self.transform = _transform(source, target, chosen)

    @classmethod
    def by(cls, transform: Transform) -> Mover:
        """One that moves by a transform already made."""
        mover = cls.__new__(cls)
        mover.transform = transform
        return mover

    def back(self) -> Mover:
        """The other way."""
        return Mover.by(self.transform.inverse())

    def point(self, point: QgsPointXY) -> QgsPointXY | None:
        """A position; None where it has no place."""
        moved = self.transform.point(point.x(), point.y())
        return None if moved is None else QgsPointXY(*moved)

    def geometry(self, geometry: QgsGeometry) -> QgsGeometry | None:
        """A geometry without arcs nor heights; None where there is none, or where a part of it has no place."""
        return to_qgis(self.transform.shapes([to_shapely(geometry)])[0])

    def box(self, box: QgsRectangle) -> QgsRectangle:
        """The box around a box. Raises `UnknownCrs` when no part of it has a place."""
        return QgsRectangle(*self.transform.box(box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()))


def project_mover(source: QgsCoordinateReferenceSystem | str, target: QgsCoordinateReferenceSystem | str) -> Mover:
    """A `Mover` by the operations of the open project; for the main thread."""
    return Mover(source, target, QgsProject.instance().transformContext())


def to_shapely(geometry: QgsGeometry) -> BaseGeometry | None:
    """The same for shapely, which knows no arcs; None where there is nothing."""
    if geometry.isNull() or geometry.isEmpty():
        return None
    straight = QgsGeometry(geometry)
    straight.convertToStraightSegment()
    return wkb.loads(bytes(straight.asWkb()))


def to_qgis(shape: BaseGeometry | None) -> QgsGeometry | None:
    """The same for QGIS."""
    if shape is None:
        return None
    geometry = QgsGeometry()
    geometry.fromWkb(wkb.dumps(shape))
    return geometry


def line_of(xy: np.ndarray) -> QgsGeometry:
    """The line through the positions (n, 2)."""
    return QgsGeometry(QgsLineString(xy[:, 0].tolist(), xy[:, 1].tolist()))


def crs_text(crs: QgsCoordinateReferenceSystem | str) -> str:
    """A CRS as `Transform` reads it: the code of an authority, else WKT. Raises `UnknownCrs` when it says neither."""
    if isinstance(crs, str):
        return crs
    code = crs.authid()
    if code and not code.startswith(("USER:", "CUSTOM:")):
        return code
    text = crs.toWkt(CrsWktVariant.Preferred)
    if not text:
        raise UnknownCrs("A layer has no coordinate reference system; set it first.")
    return text


def _transform(
    source: QgsCoordinateReferenceSystem | str,
    target: QgsCoordinateReferenceSystem | str,
    chosen: QgsCoordinateTransformContext | None,
) -> Transform:
    texts = crs_text(source), crs_text(target)
    if chosen is None:
        return Transform(*texts)
    source, target = QgsCoordinateReferenceSystem(source), QgsCoordinateReferenceSystem(target)
    pipeline = chosen.calculateCoordinateOperation(source, target)
    backwards = bool(pipeline) and chosen.mustReverseCoordinateOperation(source, target)
    return Transform(*texts, pipeline, backwards=backwards)
