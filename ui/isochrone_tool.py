"""Move over the map and see the isochrones of each place; click to keep one, drag it to compare with where it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFeedback,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
    QgsVectorLayer,
)
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsMapTool, QgsRubberBand, QgsVertexMarker
from qgis.PyQt.QtCore import Qt, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QColor, QKeyEvent
from qgis.PyQt.QtWidgets import QAction
from shapely import wkb

from ..core.access.contents import Contents
from ..core.access.local_engine import LocalEngine
from ..core.access.sentences import circumstances
from ..core.errors import CartoError, InvalidInput
from ..core.messages import NO_BREAK, Message
from ..core.progress import Progress
from ..core.routing.engines import Answer, Engine, Request, TravelMode
from ..core.thresholds import parse_thresholds
from ..core.travel_modes import UNITS
from ..i18n import number, tr, translate_message
from ..processing import settings
from ..processing.base import FeedbackProgress
from ..processing.coordinates import Mover, to_qgis
from ..processing.isochrones import open_engine as open_server
from ..processing.network_input import ROAD_FIELDS, open_roads
from ..processing.qgis_enums import GeometryType
from ..processing.roads import given_roads
from ..processing.styling.palette import colour_of_minutes
from .access_question import ROADS_ALONE
from .background import FunctionTask, in_background
from .isochrone_contents import Ground, ground_reader
from .isochrone_legend import IsochroneLegend, Row
from .kept_isochrones import keep_isochrones
from .map_tools import ENTER, tell_what_to_do
from .page_access import AccessPage
from .plain import as_plain

TITLE = "Carto Services Publics"
SNAP_DISTANCE = 1000.0
"""Metres between a place clicked and a road, at most."""
BEFORE = QColor("#666666")
PLACE = QColor("#d55e00")
PAUSE_MS = 90
"""That the pointer rests before a place under it is computed."""
FILLED, PREVIEWED = 110, 60
"""How opaque areas are, of 255: those of a place clicked, and of one the pointer is over."""


# The canvas does not keep Python's side of a tool alive.
_IN_HAND: list[IsochroneTool] = []


class PlaceUnreached(CartoError):
    """No isochrone at the place clicked."""


class Drawn(NamedTuple):
    """What a place gives, by cutoff: areas in ``crs``, that of the map, and what each holds."""

    areas: dict[float, QgsGeometry]
    crs: QgsCoordinateReferenceSystem
    held: dict[float, Contents]


class Asked(NamedTuple):
    """A place (in the map's CRS), and whether the pointer is only over it."""

    place: QgsPointXY
    is_preview: bool


class Wanted(NamedTuple):
    """What the tool draws: ``cutoffs`` ascend, in minutes or metres."""

    cutoffs: tuple[float, ...]
    travel: TravelMode


class IsochroneTool(QgsMapTool):
    """Isochrones of the clicked place, filled; those of the place before, as outlines, while the button is held.

    Before a click they are those of the place under the pointer, paler; a right click goes back to that. Servers are
    asked for clicked places alone.

    ``open_engine`` is called in a thread and gives the engine; the answer is drawn when it comes, and only the last
    place asked for is.
    """

    drawn = pyqtSignal(object)
    """The areas of a place clicked are on the map: {cutoff: QgsGeometry in the map's CRS}."""
    previewed = pyqtSignal(object)
    """Those of the place under the pointer are."""
    failed = pyqtSignal(str)
    """Why there is nothing to draw, in the user's words."""

    def __init__(
        self,
        canvas: QgsMapCanvas,
        open_engine: Callable[[], Engine],
        wanted: Wanted,
        read_ground: Callable[[str], Ground] | None = None,
    ) -> None:
        """``read_ground`` is called in a thread, once, with the engine's CRS: what the areas are laid over."""
        super().__init__(canvas)
        self._read_ground = read_ground
        self._ground: Ground | None = None
        self.contents = IsochroneLegend(canvas, translate_message(circumstances(wanted.travel.profile)))
        self.contents.kept.connect(self.keep)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._open_engine, self._wanted = open_engine, wanted
        self._engine: Engine | None = None
        self._shown: Drawn | None = None
        self._task: FunctionTask | None = None
        self._opening: FunctionTask | None = None
        """The task that opens the roads, until the tool is put down."""
        self._asked = self._next = None
        self._dragging = self._is_fixed = False
        self._under_pointer: QgsPointXY | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(PAUSE_MS)
        self._soon.timeout.connect(self._preview)
        self._fills = [_band(canvas, colour_of_minutes(cutoff), fill=True) for cutoff in reversed(wanted.cutoffs)]
        self._outlines = [_band(canvas, BEFORE, fill=False) for _ in wanted.cutoffs]
        self._marker = QgsVertexMarker(canvas)
        self._marker.setIconType(QgsVertexMarker.IconType.ICON_CIRCLE)
        self._marker.setColor(PLACE)
        self._marker.setPenWidth(3)
        self._marker.hide()

    def activate(self) -> None:
        """Open the roads and try them on the middle of the map, so that the first click is as quick as the others."""
        super().activate()
        if self._task is not None:
            return
        try_middle = self._work(self.canvas().center())

        def get_ready(feedback: QgsProcessingFeedback) -> None:
            self._engine = self._engine or self._open_engine()
            if isinstance(self._engine, LocalEngine):  # servers are asked for nothing that the user did not ask
                try_middle(feedback)

        task = in_background(tr("Isochrones of the place"), get_ready, self._is_ready, self._is_ready, self)
        self._task = self._opening = task

    # -- the mouse ----------------------------------------------------------------------------------------------------

    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._dragging = True
        for band, cutoff in zip(self._outlines, self._wanted.cutoffs):
            _show(band, self._shown.areas.get(cutoff) if self._shown is not None and self._is_fixed else None)
        self.look_from(event.mapPoint())

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        if self._dragging:
            self.look_from(event.mapPoint())
        elif not self._is_fixed and isinstance(self._engine, LocalEngine):
            self._under_pointer = QgsPointXY(event.mapPoint())
            self._soon.start()

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        if event.button() == Qt.MouseButton.RightButton:
            self.clear()
        elif event.button() == Qt.MouseButton.LeftButton:
            self._dragging = False
            self.look_from(event.mapPoint())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is a click in the middle of the map, which the arrow keys move; Escape puts the tool down."""
        if event.key() == Qt.Key.Key_Escape:
            self.canvas().unsetMapTool(self)
        elif event.key() in ENTER:
            event.accept()
            self.look_from(self.canvas().center())
        else:
            super().keyPressEvent(event)

    def deactivate(self) -> None:
        self._opening = None
        self.clear()
        super().deactivate()

    # -- what it does -------------------------------------------------------------------------------------------------

    def look_from(self, place: QgsPointXY) -> None:
        """Draw the isochrones of a place (in the map's CRS); while one is computed only the last other waits."""
        self._is_fixed = True
        self._soon.stop()
        self._marker.setCenter(place)
        self._marker.show()
        self._ask(Asked(QgsPointXY(place), False))

    def _preview(self) -> None:
        """The pointer rests: draw the place under it."""
        if self._under_pointer is not None and not self._is_fixed:
            self._ask(Asked(self._under_pointer, True))

    def _ask(self, asked: Asked) -> None:
        self._next = asked
        if self._task is None:
            self._start()

    def clear(self) -> None:
        """Take everything off the map, and wait for nothing but the roads: the pointer needs them."""
        self._next = self._under_pointer = self._shown = None
        self._is_fixed = self._dragging = False
        self._soon.stop()
        if self._task is not None and self._task is not self._opening:
            self._task.drop()
            self._task = None
        for band in self._fills + self._outlines:
            _show(band, None)
        self._marker.hide()
        self.contents.clear()

    def keep(self) -> QgsVectorLayer | None:
        """A layer of what is shown; None where nothing is."""
        shown, travel = self._shown, self._wanted.travel
        if shown is None or not self._is_fixed:
            return None
        columns = self._ground.columns if self._ground is not None else ()
        held = {cutoff: self._ground.values(found) for cutoff, found in shown.held.items()} if self._ground else {}
        how = translate_message(circumstances(travel.profile))
        return keep_isochrones(shown.areas, shown.crs, travel, self._engine.name, columns, held, how)

    def _start(self) -> None:
        self._asked, self._next = self._next, None
        work = self._work(self._asked.place)
        self._task = in_background(tr("Isochrones of the place"), work, self._done, self._not_done, self)

    def _work(self, place: QgsPointXY) -> Callable[[QgsProcessingFeedback], Drawn]:
        """What gives the areas of a place and what they hold, in a thread."""
        crs = self.canvas().mapSettings().destinationCrs()
        transforms = QgsProject.instance().transformContext()

        def work(feedback: QgsProcessingFeedback) -> Drawn:
            engine = self._engine or self._open_engine()
            self._engine = engine
            to_engine = Mover(crs, QgsCoordinateReferenceSystem(engine.crs), transforms)
            at = to_engine.point(place)
            if at is None:
                raise PlaceUnreached("The place has no position in the coordinates of the roads.")
            request = Request(0, at.x(), at.y(), self._wanted.cutoffs)
            (answer,) = engine.isochrones([request], self._wanted.travel, FeedbackProgress(feedback))
            return Drawn(_on_map(answer, to_engine.back()), crs, self._held(answer, engine.crs))

        return work

    def _held(self, answer: Answer, crs: str) -> dict[float, Contents]:
        """What each area holds; what they are laid over is read once, in the thread of the first answer."""
        if self._read_ground is None:
            return {}
        self._ground = self._ground or self._read_ground(crs)
        return self._ground.count(answer.polygons)

    def _is_ready(self, _answer: str | None) -> None:
        """What is wrong, if anything, is said when a place is asked for."""
        self._task = self._opening = None
        self._go_on()

    def _done(self, found: Drawn) -> None:
        self._task = None
        if not self._is_outdated():
            self._shown = found
            opaque = PREVIEWED if self._asked.is_preview else FILLED
            for band, cutoff in zip(self._fills, reversed(self._wanted.cutoffs)):
                _fill(band, colour_of_minutes(cutoff), opaque)
                _show(band, found.areas.get(cutoff))
            self._write(found)
            (self.previewed if self._asked.is_preview else self.drawn).emit(found.areas)
        self._go_on()

    def _not_done(self, sentence: str) -> None:
        self._task = None
        if not self._is_outdated():
            self._shown = None
            for band in self._fills:
                _show(band, None)
            self.contents.show_rows([], sentence if self._asked.is_preview else "", False)
            if not self._asked.is_preview:
                self.failed.emit(sentence)
        self._go_on()

    def _is_outdated(self) -> bool:
        """Whether the answer is to where the pointer was before a click."""
        return self._asked.is_preview and self._is_fixed

    def _write(self, found: Drawn) -> None:
        """The legend: cutoffs in their colours and what each area holds, the nearest first."""
        unit = UNITS[self._wanted.travel.metric]
        rows = []
        for cutoff in sorted(found.areas):
            limit = f"{number(cutoff, 0 if float(cutoff).is_integer() else 1)}{NO_BREAK}{unit}"
            held = found.held.get(cutoff)
            words = self._ground.words(held) if self._ground is not None and held is not None else ""
            rows.append(Row(QColor(colour_of_minutes(cutoff)), f"{limit} – {words}" if words else limit))
        hint = tr("Click to keep this place in sight.") if self._asked.is_preview else ""
        self.contents.show_rows(rows, hint, not self._asked.is_preview)

    def _go_on(self) -> None:
        if not self._dragging:
            for band in self._outlines:
                _show(band, None)
        if self._next is not None:
            self._start()


def start_isochrone_tool(iface, page: AccessPage, action: QAction) -> IsochroneTool | None:
    """Wait for a click; the page says on which roads, how one travels, how far. Says what it lacks, and gives None.

    Where the options name a server, it computes and needs no roads.

    ``action`` is checked as long as the tool is in hand.
    """
    say = iface.messageBar().pushMessage
    by_server = settings.ENGINE.value() != "local"
    given = "" if by_server else page.roads_path()
    roads = given_roads(given, QgsProcessingContext()) if given else None
    if roads is None and not by_server:
        say(TITLE, tr("Choose the roads first: page Access of the panel."), Qgis.MessageLevel.Info)
        return None
    if page.by_transit() and not by_server:
        say(TITLE, translate_message(ROADS_ALONE), Qgis.MessageLevel.Info)
        return None
    if page.contradiction() and not by_server:
        say(TITLE, as_plain(page.contradiction()), Qgis.MessageLevel.Info)
        return None
    try:
        cutoffs = parse_thresholds(page.thresholds.text())
    except InvalidInput as error:
        say(TITLE, as_plain(translate_message(error)), Qgis.MessageLevel.Warning)
        return None
    profile = page.road_profile()
    road_fields = [page.roads_parameters()[name] or "" for name in ROAD_FIELDS]
    canvas = iface.mapCanvas()
    in_hand = QgsFeedback()

    def open_engine() -> Engine:
        if by_server:
            return open_server(settings.ENGINE.value(), "", "", in_hand)
        return LocalEngine(open_roads(roads, profile, Progress(), *road_fields), SNAP_DISTANCE)

    wanted = Wanted(cutoffs, TravelMode(profile, "time", "arrival"))
    tool = IsochroneTool(canvas, open_engine, wanted, ground_reader(page))
    tool.deactivated.connect(in_hand.cancel)
    tool.setAction(action)
    tool.failed.connect(lambda sentence: say(TITLE, as_plain(sentence), Qgis.MessageLevel.Warning))
    canvas.setMapTool(tool)
    canvas.setFocus()
    _IN_HAND[:] = [tool]
    words = (
        tr("Click a place to see its isochrones, drag to compare; Escape to leave.")
        if by_server
        else tr("Move over the map; click to keep a place, drag to compare, right click to go on; Escape to leave.")
    )
    tell_what_to_do(iface, tool, words)
    return tool


def stop_isochrone_tool(iface) -> None:
    """Put the tool down, and take what it shows off the map."""
    for tool in _IN_HAND:
        iface.mapCanvas().unsetMapTool(tool)
    _IN_HAND.clear()


def _on_map(answer: Answer, to_map: Mover) -> dict[float, QgsGeometry]:
    if not answer.polygons:
        reason: Message = next(iter(answer.failures.values()))
        raise PlaceUnreached(reason.template, **reason.values)
    shapes = to_map.transform.shapes([wkb.loads(polygon) for polygon in answer.polygons.values()])
    areas = dict(zip(answer.polygons, map(to_qgis, shapes)))
    return {cutoff: area for cutoff, area in areas.items() if area is not None}


def _band(canvas: QgsMapCanvas, colour: QColor, fill: bool) -> QgsRubberBand:
    band = QgsRubberBand(canvas, GeometryType.Polygon)
    band.setStrokeColor(QColor(colour))
    band.setWidth(2)
    _fill(band, colour, FILLED if fill else 0)
    return band


def _fill(band: QgsRubberBand, colour: QColor | str, opaque: int) -> None:
    """Fill it so opaque, of 255."""
    inside = QColor(colour)
    inside.setAlpha(opaque)
    band.setFillColor(inside)


def _show(band: QgsRubberBand, area: QgsGeometry | None) -> None:
    band.reset(GeometryType.Polygon)
    if area is not None:
        band.setToGeometry(area, None)
