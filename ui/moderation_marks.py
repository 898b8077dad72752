"""What a moderator sees on the map: all that waits, the correction shown, what is around it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qgis.core import QgsCoordinateReferenceSystem, QgsPointXY
from qgis.gui import QgsMapCanvas, QgsRubberBand
from qgis.PyQt.QtGui import QColor

from ..core.corrections.moderation import Received, moves, present_service
from ..core.services import Service
from ..processing.coordinates import WGS84, project_mover
from ..processing.moderation import ModerationCase
from ..processing.qgis_enums import GeometryType
from .map_tools import map_crs
from .pair_marks import MINE, PairMarks

PICKED_PIXELS = 12
AROUND = QColor("#5f5f5f")
Place = tuple[float, float]


class ModerationMarks:
    """The proposed place in blue and the present one in vermilion, neighbours in grey, all that waits as small dots."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        self._canvas = canvas
        self._pair = PairMarks(canvas)
        self._waiting = self._band(MINE, 7)
        self._around = self._band(AROUND, 10)

    def row_at(self, point: QgsPointXY, received: Sequence[Received]) -> int:
        """Which of those that wait is nearest to a click, -1 when none is under it."""
        within = PICKED_PIXELS * self._canvas.mapUnitsPerPixel()
        mover = project_mover(WGS84, map_crs(self._canvas, QgsCoordinateReferenceSystem(WGS84)))
        found = [(within, -1)]
        for row, one in enumerate(received):
            lon, lat = one.correction.lon, one.correction.lat
            place = None if lon is None or lat is None else mover.point(QgsPointXY(lon, lat))
            if place is not None:
                found.append((place.distance(point), row))
        return min(found)[1]

    def show_waiting(self, received: Iterable[Received]) -> None:
        """A dot for each correction that has a place."""
        corrections = (one.correction for one in received)
        self._draw(self._waiting, ((c.lon, c.lat) for c in corrections if c.lon is not None and c.lat is not None))

    def show_case(self, case: ModerationCase) -> None:
        """The correction shown and the services around it."""
        theirs = case.sight.theirs
        moved = moves(case.received.correction, theirs)
        self._pair.clear()
        self._pair.show(case.sight.proposed, present_service(theirs) if theirs is not None and moved else None)
        services = (neighbour.service for neighbour in case.neighbours)
        self._draw(self._around, ((s.lon, s.lat) for s in services if s.lon is not None and s.lat is not None))

    def point_at(self, case: ModerationCase, neighbour: Service) -> None:
        """A line from the proposed place to one of the services around."""
        self._pair.clear()
        self._pair.show(case.sight.proposed, neighbour)

    def clear_case(self) -> None:
        """Take the marks of the correction shown off the map."""
        self._pair.clear()
        self._around.reset(GeometryType.Point)

    def clear(self) -> None:
        """Take all marks off the map."""
        self.clear_case()
        self._waiting.reset(GeometryType.Point)

    def remove(self) -> None:
        """The map is shown without them from now on."""
        self.clear()
        for band in (self._waiting, self._around):
            self._canvas.scene().removeItem(band)

    def _band(self, colour: QColor, size: int) -> QgsRubberBand:
        band = QgsRubberBand(self._canvas, GeometryType.Point)
        band.setIcon(QgsRubberBand.IconType.ICON_CIRCLE)
        band.setIconSize(size)
        band.setColor(colour)
        band.setWidth(2)
        return band

    def _draw(self, band: QgsRubberBand, places: Iterable[Place]) -> None:
        band.reset(GeometryType.Point)
        mover = project_mover(WGS84, map_crs(self._canvas, QgsCoordinateReferenceSystem(WGS84)))
        for lon, lat in places:
            point = mover.point(QgsPointXY(lon, lat))
            if point is not None:
                band.addPoint(point, False)
        band.updatePosition()
        band.update()
