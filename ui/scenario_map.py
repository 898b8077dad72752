"""Minutes gained and lost where people are, drawn over the map: no layer could follow a place that is dragged."""

from __future__ import annotations

import numpy as np
from qgis.core import QgsPointXY
from qgis.gui import QgsMapCanvas, QgsMapCanvasItem
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor, QImage, QPainter, QPixmap
from qgis.PyQt.QtWidgets import QGridLayout, QLabel

from ..i18n import tr
from ..processing.styling.palette import CHANGE_BOUNDS, CHANGES, INK, PAPER
from ..processing.styling.renderers import change_classes
from .map_corner import MapCorner
from .plain import PlainLabel

HARDLY_ANY = len(CHANGES) // 2
"""The class of changes that are not drawn."""
_BELOW_TOOLS = -1.0


def rank_of(change: np.ndarray) -> np.ndarray:
    """(n,) which of `change_classes` each change (n,) in minutes is in; `HARDLY_ANY` for NaN."""
    bounds = np.array(CHANGE_BOUNDS["min"])
    rank = np.searchsorted(-bounds[::-1], change, "left") + np.searchsorted(bounds, change, "right")
    return np.where(np.isnan(change), HARDLY_ANY, rank)


def draw_changes(pixels: np.ndarray, rank: np.ndarray, width: int, height: int, radius: int) -> np.ndarray:
    """(height, width, 4) uint8 RGBA: at ``pixels`` (n, 2) discs where time is gained, squares where it is lost.

    The largest changes are on top; ``radius`` is in pixels, and what lies farther outside the picture is left out.
    """
    pad = 2 * radius
    wide, high = width + 2 * pad, height + 2 * pad
    flat = np.zeros(high * wide, np.uint32)
    seen = np.isfinite(pixels).all(axis=1) & (rank != HARDLY_ANY)
    at = np.rint(pixels[seen]).astype(np.int64)
    inside = ((at > -radius) & (at < [width + radius, height + radius])).all(axis=1)
    at, rank = at[inside] + pad, rank[seen][inside]
    middle = at[:, 1] * wide + at[:, 0]
    east, south = np.meshgrid(*(np.arange(-radius + 1, radius),) * 2)
    disc, edge = east**2 + south**2 < radius**2, np.maximum(abs(east), abs(south)) == radius - 1
    for step in sorted(set(rank.tolist()), key=lambda step: abs(step - HARDLY_ANY)):
        lost, places = step > HARDLY_ANY, middle[rank == step]
        for dx, dy, is_edge in zip(*(part[disc | lost] for part in (east, south, edge))):
            flat[places + dy * wide + dx] = _rgba(INK if lost and is_edge else CHANGES[step])
    shown = np.ascontiguousarray(flat.reshape(high, wide)[pad : high - pad, pad : wide - pad])
    return shown.view(np.uint8).reshape(height, width, 4)


class ChangesOnMap(QgsMapCanvasItem):
    """Where people are nearer and where they are farther, as large as letters are."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._xy, self._rank = np.empty((0, 2)), np.empty(0, np.int64)
        self._picture: tuple[object, bytes, QImage] | None = None
        self.setZValue(_BELOW_TOOLS)

    def show_changes(self, xy: np.ndarray, change: np.ndarray) -> None:
        """Draw changes (n,) in minutes at positions (n, 2) in the map's CRS, infinite for access gained or lost."""
        self._xy, self._rank = xy, rank_of(change)
        self._picture = None
        self.updatePosition()
        self.update()

    def updatePosition(self) -> None:
        self.setRect(self._canvas.extent())

    def paint(self, painter: QPainter, *_others: object) -> None:
        size, extent = self._canvas.mapSettings().outputSize(), self._canvas.extent()
        view = (size.width(), size.height(), extent.toString(8), self._canvas.rotation())
        if self._picture is None or self._picture[0] != view:
            drawn = draw_changes(self._pixels(), self._rank, size.width(), size.height(), self._radius())
            data = drawn.tobytes()  # the picture reads it as long as it lives
            image = QImage(data, size.width(), size.height(), 4 * size.width(), QImage.Format.Format_RGBA8888)
            self._picture = view, data, image
        painter.drawImage(-self.pos(), self._picture[2])

    def _pixels(self) -> np.ndarray:
        """(n, 2) where the positions are on the canvas: the map is flat, three points say how it lies."""
        to_pixel = self._canvas.getCoordinateTransform()
        centre, unit = self._canvas.center(), self._canvas.mapUnitsPerPixel()
        origin, east, north = (
            np.array([pixel.x(), pixel.y()])
            for pixel in (
                to_pixel.transform(QgsPointXY(centre.x() + dx * unit, centre.y() + dy * unit))
                for dx, dy in ((0, 0), (1, 0), (0, 1))
            )
        )
        away = (self._xy - [centre.x(), centre.y()]) / unit
        return origin + away @ np.stack([east - origin, north - origin])

    def _radius(self) -> int:
        return max(4, self._canvas.fontMetrics().height() // 4)


class ChangesLegend(MapCorner):
    """On the map: whose minutes these are, and what the colours and shapes mean."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self.setAccessibleName(tr("Minutes gained and lost"))
        self.setObjectName("CartoServicesPublicsChanges")
        self.setStyleSheet(f"#CartoServicesPublicsChanges {{ background: {PAPER}; }} QLabel {{ color: {INK}; }}")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.title = PlainLabel()
        grid = QGridLayout(self)
        grid.addWidget(self.title, 0, 0, 1, 2)
        for rank, (label, _step) in enumerate(change_classes(distance=False)):
            if rank != HARDLY_ANY:
                row = grid.rowCount()
                grid.addWidget(self._swatch(rank), row, 0)
                grid.addWidget(PlainLabel(label), row, 1)
        grid.setColumnStretch(1, 1)
        self.hide()

    def tell(self, title: str) -> None:
        """Show it under a title."""
        self.title.setText(title)
        self.stand(True)

    def _swatch(self, rank: int) -> QLabel:
        radius = max(4, self.fontMetrics().height() // 3)
        side = 2 * radius + 1
        drawn = draw_changes(np.full((1, 2), radius), np.array([rank]), side, side, radius)
        image = QImage(drawn.tobytes(), side, side, 4 * side, QImage.Format.Format_RGBA8888).copy()
        label = PlainLabel()
        label.setPixmap(QPixmap.fromImage(image))
        return label


def _rgba(colour: str) -> np.uint32:
    """The four bytes of a pixel as one number, which numpy puts down at once."""
    return np.frombuffer(bytes(QColor(colour).getRgb()), np.uint32)[0]
