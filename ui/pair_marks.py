"""Two records on the map: mine, theirs, and a line between."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsPointXY, QgsRectangle
from qgis.gui import QgsMapCanvas, QgsRubberBand, QgsVertexMarker
from qgis.PyQt.QtGui import QColor

from ..core.services import Service
from ..processing.coordinates import WGS84, project_mover
from ..processing.qgis_enums import GeometryType
from .map_tools import map_crs

MINE, THEIRS = QColor("#0072b2"), QColor("#d55e00")
"""Blue and vermilion of Okabe and Ito's palette, distinct for all usual kinds of colour vision."""
_NARROWEST_DEGREES = 0.002


class PairMarks:
    """The marks of one pair at a time on a map canvas."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        self._canvas = canvas
        self._marks: list[Any] = []

    def __len__(self) -> int:
        return len(self._marks)

    def clear(self) -> None:
        """Take the marks off the map."""
        for mark in self._marks:
            self._canvas.scene().removeItem(mark)
        self._marks = []

    def show(self, own: Service, theirs: Service | None) -> None:
        """Mine in blue, theirs in vermilion, a line between; the map follows when it does not show both."""
        points = [(self._on_map(own), MINE), (self._on_map(theirs), THEIRS)]
        shown = [point for point, _colour in points if point is not None]
        for point, colour in points:
            if point is not None:
                self._marks.append(_marker(self._canvas, point, colour))
        if len(shown) == 2:
            line = QgsRubberBand(self._canvas, GeometryType.Line)
            line.setColor(MINE)
            line.setWidth(2)
            line.setToGeometry(QgsGeometry.fromPolylineXY(shown), None)
            self._marks.append(line)
        if shown and not all(self._canvas.extent().contains(point) for point in shown):
            self._zoom(shown)

    def _on_map(self, service: Service | None) -> QgsPointXY | None:
        if service is None or service.lon is None or service.lat is None:
            return None
        shown = map_crs(self._canvas, QgsCoordinateReferenceSystem(WGS84))
        return project_mover(WGS84, shown).point(QgsPointXY(service.lon, service.lat))

    def _zoom(self, points: list[QgsPointXY]) -> None:
        extent = QgsRectangle(points[0], points[-1])
        degrees = map_crs(self._canvas, QgsCoordinateReferenceSystem(WGS84)).isGeographic()
        extent.grow(max(extent.width(), extent.height(), _NARROWEST_DEGREES if degrees else 200.0) / 2)
        self._canvas.setExtent(extent)
        self._canvas.refresh()


def _marker(canvas, point: QgsPointXY, colour: QColor) -> QgsVertexMarker:
    marker = QgsVertexMarker(canvas)
    marker.setIconType(QgsVertexMarker.IconType.ICON_CIRCLE)
    marker.setIconSize(16)
    marker.setPenWidth(3)
    marker.setColor(colour)
    marker.setCenter(point)
    return marker
