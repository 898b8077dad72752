"""Where places were before a scenario moved or closed them, on the map."""

from __future__ import annotations

from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsPointXY
from qgis.gui import QgsMapCanvas, QgsRubberBand
from qgis.PyQt.QtCore import Qt

from ..processing.coordinates import project_mover
from ..processing.qgis_enums import GeometryType
from .live_scenario import Displaced
from .map_tools import GHOST, MOVED, map_crs

ICON = 13
"""Pixels."""


class Ghosts:
    """A pale ring where a place was, a dashed line to where it is; a cross where one is closed."""

    def __init__(self, canvas: QgsMapCanvas, crs: QgsCoordinateReferenceSystem) -> None:
        """``crs`` is that of the places."""
        self._canvas, self._crs = canvas, crs
        icons = QgsRubberBand.IconType
        self.lines = _band(canvas, GeometryType.Line, icons.ICON_NONE)
        self.lines.setColor(MOVED)
        self.lines.setLineStyle(Qt.PenStyle.DashLine)
        self.rings = _band(canvas, GeometryType.Point, icons.ICON_CIRCLE)
        self.crosses = _band(canvas, GeometryType.Point, icons.ICON_X)
        self._shown = Displaced([], [])
        canvas.destinationCrsChanged.connect(self._draw)

    def show(self, displaced: Displaced) -> None:
        """Draw what a scenario displaces."""
        if displaced != self._shown:
            self._shown = displaced
            self._draw()

    def remove(self) -> None:
        """Take all of it off the map."""
        self._canvas.destinationCrsChanged.disconnect(self._draw)
        for band in (self.lines, self.rings, self.crosses):
            self._canvas.scene().removeItem(band)

    def _draw(self) -> None:
        to_map = project_mover(self._crs, map_crs(self._canvas, self._crs))
        moved = [[to_map.point(QgsPointXY(*place)) for place in pair] for pair in self._shown.moved]
        moved = [pair for pair in moved if None not in pair]
        closed = [to_map.point(QgsPointXY(*place)) for place in self._shown.closed]
        self.lines.setToGeometry(QgsGeometry.fromMultiPolylineXY(moved), None)
        self.rings.setToGeometry(QgsGeometry.fromMultiPointXY([pair[0] for pair in moved]), None)
        self.crosses.setToGeometry(QgsGeometry.fromMultiPointXY([place for place in closed if place]), None)


def _band(canvas: QgsMapCanvas, kind: int, icon: QgsRubberBand.IconType) -> QgsRubberBand:
    band = QgsRubberBand(canvas, kind)
    band.setIcon(icon)
    band.setIconSize(ICON)
    band.setWidth(2)
    band.setColor(GHOST)
    return band
