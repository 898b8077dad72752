"""Roads of a scenario, closed, slowed, made one-way or drawn on the map; the effect on every service follows."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from qgis.core import QgsGeometry, QgsPointXY
from qgis.gui import QgsMapCanvas, QgsMapTool, QgsRubberBand
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import QGridLayout, QPushButton, QSpinBox, QWidget

from ..core.network.apart import change_apart
from ..core.network.change import CLOSE, DIRECT, OPEN, REVERSE, SPEED, WAY, Affected, NetworkChange
from ..core.network.link_boxes import nearest_link
from ..i18n import counted, tr
from ..processing.base import FeedbackProgress
from ..processing.coordinates import line_of, project_mover
from ..processing.qgis_enums import GeometryType
from ..processing.scenario_changes import Link
from ..processing.styling.palette import BETTER, GAP, PROPOSAL
from .answer_label import Sentence
from .background import FunctionTask, in_background
from .live_scenario import LiveScenario
from .map_tools import map_crs
from .road_tools import AREA, LINE, RoadTool, ShapeTool

COLOURS = {CLOSE: GAP, SPEED: PROPOSAL, WAY: BETTER, OPEN: PROPOSAL}
CLOSE_AREA = "fermer une zone"
"""An act of this panel: to close what an area meets."""
DRAWN = {OPEN: LINE, CLOSE_AREA: AREA}
"""The acts for which one draws; for others, roads are clicked."""
JOINS = 10.0
"""Metres from a junction within which a new road ends there."""
_HEAD, _WIDEST = 0.15, 40.0
"""The arrow of a one-way road: a part of its length, metres at most."""
_SAME = 1e-3
"""Metres: a road is as near as the piece of it that a new road has cut off."""
REACH = 14
"""Pixels between a click and the road that is meant, at most."""


class _Click(NamedTuple):
    """Where one clicked, and how far a road may be from it, in the roads' CRS."""

    place: QgsGeometry
    reach: float


class _Wish(NamedTuple):
    """The changes that the roads should have."""

    changes: list[NetworkChange]
    click: _Click | None = None
    """Where one clicked for the last of them."""
    kept: bool = True
    """False while the last of them is still being drawn."""
    undo: bool = False
    """They are those before the last act."""
    words: str = ""
    """What is said then, instead of how many roads are changed."""


class ScenarioRoads(QWidget):
    """Close, slow down, one way, new; take the last act back, all roads as they are; what changed is on the map."""

    changed = pyqtSignal()
    """`path` is another file."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__()
        self._canvas = canvas
        self._live: LiveScenario | None = None
        self._folder = ""
        self._files: list[Path] = []
        self._task: FunctionTask | None = None
        self._tool: QgsMapTool | None = None
        self._running: _Wish | None = None
        self._waiting: _Wish | None = None
        self._drawing = False
        """What is on the map holds something that is still being drawn."""
        self._shown: list[NetworkChange] = []
        """The changes that `path` has: more than `changes` while one is being drawn."""
        self._before: list[list[NetworkChange]] = []
        """What the changes were before each act."""
        self._affected: Affected | None = None
        self._bands: list[QgsRubberBand] = []
        self._made = 0
        self.changes: list[NetworkChange] = []
        self.path = ""
        """The changed network; empty while all roads are as they are."""
        self._make_widgets()
        self._turn_buttons()

    def follow(self, live: LiveScenario) -> None:
        """Roads may be changed from now on."""
        self._live = live
        self._turn_buttons()

    def leave(self) -> None:
        """The roads are as they are, and nothing of them stays on the map."""
        if self._task is not None:
            self._task.drop()
            self._task = None
        self._live = None
        self._put_tool_down()
        self.changes, self._shown, self.path = [], [], ""
        self._running = self._waiting = self._affected = None
        self._before, self._drawing = [], False
        self._undraw()
        self.words.clear()
        shutil.rmtree(self._folder, ignore_errors=True)  # where a worker holds a file, the system's own cleaning will
        self._folder, self._files = "", []
        self._turn_buttons()

    def links(self) -> list[Link]:
        """The links that changed, as they were and as they are, in the roads' CRS; none that is still being drawn."""
        if self._affected is None or not self.path:
            return []
        return [
            (line_of(line), *self.changes[int(number)][1:], [*before, *after])
            for number, line, before, after in zip(*self._affected)
            if number < len(self.changes)
        ]

    # -- acts ---------------------------------------------------------------------------------------------------------

    def change_road(self, action: str, point: QgsPointXY) -> None:
        """Close, slow down or make one-way the road at a point in the map's CRS; one-way again turns it round."""
        if self._live is None or self._task is not None:
            return
        crs = self._live.network_crs
        place = project_mover(map_crs(self._canvas, crs), crs).point(point)
        if place is None:
            self.words.setText(tr("There is no road here."))
            return
        clicked = _Click(QgsGeometry.fromPointXY(place), self._reach(point, place))
        turned = self._turned(clicked) if action == WAY else None
        if turned is not None:
            self._work_out(_Wish(turned))
            return
        change = NetworkChange(clicked.place.asWkb().data(), action, self._value(action))
        self._work_out(_Wish([*self.changes, change], clicked))

    def _turned(self, click: _Click) -> list[NetworkChange] | None:
        """The changes with the one-way road that was clicked turned round; None where another one is nearer."""
        if self._affected is None:
            return None
        away = [line_of(line).distance(click.place) for line in self._affected.line]
        made = [
            (away[row], number) for row, number in enumerate(self._affected.change.tolist()) if self._is_way(number)
        ]
        if not made:
            return None
        metres, number = min(made)
        place = click.place.asPoint()
        nearest = min(*away, nearest_link(self._live.network, place.x(), place.y(), click.reach), click.reach)
        if metres > nearest + _SAME:
            return None
        change = self.changes[number]
        other = change._replace(value=REVERSE if change.value == DIRECT else DIRECT)
        return [*self.changes[:number], other, *self.changes[number + 1 :]]

    def _is_way(self, number: int) -> bool:
        return number < len(self.changes) and self.changes[number].action == WAY

    def draw(self, act: str, shape: QgsGeometry, ended: bool) -> None:
        """Show what a road that is being drawn, or an area to close, changes; it stays once it is ended."""
        if self._live is None:
            return
        if shape.isNull():
            if self._drawing:
                self._drawing = False
                self._work_out(_Wish(self.changes, kept=False))
            return
        self._drawing = not ended
        crs = self._live.network_crs
        moved = project_mover(map_crs(self._canvas, crs), crs).geometry(shape)
        if moved is None:
            self.words.setText(tr("There is no road here."))
            return
        action = OPEN if act == OPEN else CLOSE
        change = NetworkChange(moved.asWkb().data(), action, self._value(action))
        self._work_out(_Wish([*self.changes, change], kept=ended))

    def _value(self, action: str) -> str:
        return DIRECT if action == WAY else str(self.speed.value()) if action in (SPEED, OPEN) else ""

    def _reach(self, point: QgsPointXY, place: QgsPointXY) -> float:
        """Metres of the roads' CRS within which a road is the one that was clicked."""
        crs, pixels = self._live.network_crs, REACH * self._canvas.mapUnitsPerPixel()
        beside = QgsPointXY(point.x() + pixels, point.y())
        edge = project_mover(map_crs(self._canvas, crs), crs).point(beside)
        return 0.0 if edge is None else place.distance(edge)

    def take_back(self) -> None:
        """The last act is undone."""
        if self._before:
            self._work_out(_Wish(self._before[-1], undo=True))

    def reset(self) -> None:
        """All roads are as they are."""
        self._work_out(_Wish([]))

    def _work_out(self, wish: _Wish) -> None:
        """Make the network as wished; what was there holds until it is made. What is drawn meanwhile waits."""
        if self._live is None:
            return
        if self._task is not None:
            if self._running is not None and not self._running.kept:
                self._waiting = wish
            return
        self._running = wish
        if not wish.changes:
            self._take(wish, "", None)
            return
        self._folder = self._folder or tempfile.mkdtemp(prefix="carto-roads-")
        self._made += 1
        path, network = str(Path(self._folder) / f"{self._made}.network"), self._live.network
        self.words.setText(tr("The roads are being changed…"))
        self._task = in_background(
            tr("Roads of the scenario"),
            lambda feedback: change_apart(network, wish.changes, path, JOINS, FeedbackProgress(feedback)),
            partial(self._made_network, wish, path),
            self._failed,
            self,
        )
        self._turn_buttons()

    def _made_network(self, wish: _Wish, path: str, affected: Affected) -> None:
        """Take it, unless nothing is where one clicked or drew."""
        click, last = wish.click, len(wish.changes) - 1
        own = [line for number, line in zip(affected.change, affected.line) if number == last]
        missed = not own or (
            click is not None and all(line_of(line).distance(click.place) > click.reach for line in own)
        )
        if missed and wish.kept and len(wish.changes) > len(self.changes):
            self._failed(tr("There is no road here."))
            return
        self._take(wish, path, affected)

    def _take(self, wish: _Wish, path: str, affected: Affected | None) -> None:
        self._task = self._running = None
        if wish.kept and wish.changes != self.changes:
            self._before = self._before[:-1] if wish.undo else [*self._before, self.changes]
            self.changes = wish.changes
        self.path, self._affected, self._shown = path, affected, wish.changes
        self._forget_files()
        self._undraw()
        if affected is not None:
            self._draw(affected, wish.changes)
        words = tr("{count} road is changed in the scenario.|{count} roads are changed in the scenario.")
        self.words.setText(wish.words or (counted(words, len(self._bands)) if wish.changes else ""))
        self._turn_buttons()
        self.changed.emit()
        self._go_on()

    def _go_on(self) -> None:
        """What was drawn while roads were being changed."""
        wish, self._waiting = self._waiting, None
        if wish is not None:
            self._work_out(wish)

    def _forget_files(self) -> None:
        """Large ones: only the last two are kept, an effect may still be worked out on the one before."""
        self._files += [Path(self.path)] if self.path else []
        for old in self._files[:-2]:
            with suppress(OSError):
                old.unlink()
        self._files = self._files[-2:]

    def _failed(self, words: str) -> None:
        """Say why; nothing stays of what was drawn until then."""
        drawing = self._running is not None and not self._running.kept
        self._task = self._running = None
        self.words.setText(words)
        self._turn_buttons()
        if drawing or self._waiting is not None:
            self._go_on()
        elif self._shown != self.changes:
            self._work_out(_Wish(self.changes, kept=False, words=words))

    # -- the map ------------------------------------------------------------------------------------------------------

    def _draw(self, affected: Affected, changes: list[NetworkChange]) -> None:
        last: dict[bytes, tuple[str, np.ndarray, np.ndarray]] = {}
        for number, line, after in zip(affected.change, affected.line, affected.after):
            last[line.tobytes()] = changes[int(number)].action, line, after
        crs = self._live.network_crs
        mover = project_mover(crs, map_crs(self._canvas, crs))
        for action, line, after in last.values():
            shape: QgsGeometry | None = mover.geometry(_with_arrow(line, after) if action == WAY else line_of(line))
            if shape is None:
                continue
            band = QgsRubberBand(self._canvas, GeometryType.Line)
            band.setColor(QColor(COLOURS[action]))
            band.setWidth(5)
            band.setLineStyle(Qt.PenStyle.DotLine if action == CLOSE else Qt.PenStyle.SolidLine)
            band.setToGeometry(shape, None)
            self._bands.append(band)

    def _undraw(self) -> None:
        for band in self._bands:
            self._canvas.scene().removeItem(band)
        self._bands = []

    def _take_tool(self, act: str, wanted: bool) -> None:
        self._put_tool_down()
        if not wanted:
            return
        tool: QgsMapTool
        if act in DRAWN:
            tool = ShapeTool(self._canvas, DRAWN[act], COLOURS.get(act, GAP))
            tool.drawn.connect(partial(self.draw, act))
        else:
            tool = RoadTool(self._canvas)
            tool.setCursor(Qt.CursorShape.CrossCursor)
            tool.canvasClicked.connect(lambda point, _button: self.change_road(act, point))
        tool.setButton(self.acts[act])
        self._tool = tool  # the canvas does not keep Python's side of a tool alive
        self._canvas.setMapTool(tool)
        self._canvas.setFocus()

    def _put_tool_down(self) -> None:
        if self._tool is not None:
            self._canvas.unsetMapTool(self._tool)
            if isinstance(self._tool, ShapeTool):
                self._tool.remove()
            self._tool = None

    # -- widgets ------------------------------------------------------------------------------------------------------

    def _make_widgets(self) -> None:
        labels = {
            CLOSE: tr("Close a road"),
            CLOSE_AREA: tr("Close an area"),
            WAY: tr("One way"),
            OPEN: tr("New road"),
            SPEED: tr("Another speed"),
        }
        self.acts = {act: QPushButton(label) for act, label in labels.items()}
        for act, tip in (
            (CLOSE, tr("Each click on the map closes the nearest road, both ways; Escape to leave.")),
            (CLOSE_AREA, tr("Click around an area (flood, works): its roads are closed. A right click ends it.")),
            (WAY, tr("Each click on the map makes the nearest road one-way, or turns it round; Escape to leave.")),
            (OPEN, tr("Click along a new road, of this speed: it joins others at its ends. A right click ends it.")),
            (SPEED, tr("Each click on the map gives the nearest road this speed; Escape to leave.")),
        ):
            self.acts[act].setToolTip(tip)
        for act, button in self.acts.items():
            button.setCheckable(True)
            button.clicked.connect(partial(self._take_tool, act))
        self.speed = QSpinBox()
        self.speed.setRange(1, 130)
        self.speed.setValue(30)
        self.speed.setSuffix(tr(" km/h"))
        self.speed.setAccessibleName(tr("Speed of the road"))
        self.back_button = QPushButton(tr("Take the last act back"))
        self.back_button.clicked.connect(self.take_back)
        self.reset_button = QPushButton(tr("Roads as they are"))
        self.reset_button.clicked.connect(self.reset)
        self.words = Sentence()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        for place, act in enumerate((CLOSE, CLOSE_AREA, WAY, OPEN, SPEED)):
            grid.addWidget(self.acts[act], place // 2, place % 2)
        grid.addWidget(self.speed, 2, 1)
        grid.addWidget(self.back_button, 3, 0)
        grid.addWidget(self.reset_button, 3, 1)
        grid.addWidget(self.words, 4, 0, 1, 2)

    def _turn_buttons(self) -> None:
        ready = self._live is not None
        for button in self.acts.values():
            button.setEnabled(ready)
        free = ready and self._task is None
        self.back_button.setEnabled(free and bool(self._before))
        self.reset_button.setEnabled(free and bool(self.changes))


def _with_arrow(line: np.ndarray, after: np.ndarray) -> QgsGeometry:
    """A one-way road and the head of an arrow in its middle; ``after`` (2,) minutes as drawn and against."""
    shape = line_of(line)
    if np.isfinite(after).all():
        return shape
    way = 1.0 if np.isfinite(after[0]) else -1.0
    length = shape.length()
    size = min(_HEAD * length, _WIDEST)
    tip, tail = (shape.interpolate(length / 2 + way * part * size).asPoint() for part in (1.0, -1.0))
    back = np.array((tail.x() - tip.x(), tail.y() - tip.y()))
    across = np.array((-back[1], back[0])) / 2
    wings = [QgsPointXY(tip.x() + wing[0], tip.y() + wing[1]) for wing in (back + across, back - across)]
    return QgsGeometry.collectGeometry([shape, QgsGeometry.fromPolylineXY([wings[0], tip, wings[1]])])
