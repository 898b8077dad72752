"""Roads of a scenario: a click on the map closes one or gives it another speed; the effect on every service follows."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from qgis.core import QgsGeometry, QgsPointXY
from qgis.gui import QgsMapCanvas, QgsMapToolEmitPoint, QgsRubberBand
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QKeyEvent
from qgis.PyQt.QtWidgets import QGridLayout, QPushButton, QSpinBox, QWidget

from ..core.network.apart import change_apart
from ..core.network.change import CLOSE, SPEED, Affected, NetworkChange
from ..i18n import counted, tr
from ..processing.base import FeedbackProgress
from ..processing.coordinates import line_of, project_mover
from ..processing.qgis_enums import GeometryType
from ..processing.styling.palette import GAP, PROPOSAL
from .answer_label import Sentence
from .background import FunctionTask, in_background
from .live_scenario import LiveScenario
from .map_tools import ENTER, map_crs

COLOURS = {CLOSE: GAP, SPEED: PROPOSAL}
REACH = 14
"""Pixels between a click and the road that is meant, at most."""


class _Click(NamedTuple):
    """Where one clicked, and how far a road may be from it, in the roads' CRS."""

    place: QgsGeometry
    reach: float


class RoadTool(QgsMapToolEmitPoint):
    """Each click on the map is a road; Enter is a click in the middle of the map, Escape puts the tool down."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER:
            self.canvasClicked.emit(self.canvas().center(), Qt.MouseButton.LeftButton)
        elif event.key() == Qt.Key.Key_Escape:
            self.canvas().unsetMapTool(self)
        else:
            event.ignore()


class ScenarioRoads(QWidget):
    """Close, slow down, take the last one back, all roads as they are; the roads that changed are drawn on the map."""

    changed = pyqtSignal()
    """`path` is another file."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__()
        self._canvas = canvas
        self._live: LiveScenario | None = None
        self._folder = ""
        self._files: list[Path] = []
        self._task: FunctionTask | None = None
        self._tool: RoadTool | None = None
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
        self.changes, self.path = [], ""
        self._undraw()
        self.words.clear()
        shutil.rmtree(self._folder, ignore_errors=True)  # where a worker holds a file, the system's own cleaning will
        self._folder, self._files = "", []
        self._turn_buttons()

    # -- acts ---------------------------------------------------------------------------------------------------------

    def change_road(self, action: str, point: QgsPointXY) -> None:
        """Close or slow down the road at a point in the map's CRS."""
        if self._live is None or self._task is not None:
            return
        crs = self._live.network_crs
        place = project_mover(map_crs(self._canvas, crs), crs).point(point)
        if place is None:
            self.words.setText(tr("There is no road here."))
            return
        value = str(self.speed.value()) if action == SPEED else ""
        clicked = QgsGeometry.fromPointXY(place)
        change = NetworkChange(clicked.asWkb().data(), action, value)
        self._work_out([*self.changes, change], _Click(clicked, self._reach(point, place)))

    def _reach(self, point: QgsPointXY, place: QgsPointXY) -> float:
        """Metres of the roads' CRS within which a road is the one that was clicked."""
        crs, pixels = self._live.network_crs, REACH * self._canvas.mapUnitsPerPixel()
        beside = QgsPointXY(point.x() + pixels, point.y())
        edge = project_mover(map_crs(self._canvas, crs), crs).point(beside)
        return 0.0 if edge is None else place.distance(edge)

    def take_back(self) -> None:
        """The last road that was changed is as it was."""
        self._work_out(self.changes[:-1])

    def reset(self) -> None:
        """All roads are as they are."""
        self._work_out([])

    def _work_out(self, changes: list[NetworkChange], click: _Click | None = None) -> None:
        """Make the network with these changes; what was there holds until it is made."""
        if self._live is None or self._task is not None:
            return
        if not changes:
            self._take(changes, "", None)
            return
        self._folder = self._folder or tempfile.mkdtemp(prefix="carto-roads-")
        self._made += 1
        path, network = str(Path(self._folder) / f"{self._made}.network"), self._live.network
        self.words.setText(tr("The roads are being changed…"))
        self._task = in_background(
            tr("Roads of the scenario"),
            lambda feedback: change_apart(network, changes, path, 0.0, FeedbackProgress(feedback)),
            partial(self._made_network, changes, path, click),
            self._failed,
            self,
        )
        self._turn_buttons()

    def _made_network(self, changes: list[NetworkChange], path: str, click: _Click | None, affected: Affected) -> None:
        """Take it, unless the road that is nearest to the click is too far to be meant."""
        own = [line for number, line in zip(affected.change, affected.line) if number == len(changes) - 1]
        if click is not None and all(line_of(line).distance(click.place) > click.reach for line in own):
            self._failed(tr("There is no road here."))
            return
        self._take(changes, path, affected)

    def _take(self, changes: list[NetworkChange], path: str, affected: Affected | None) -> None:
        self._task = None
        self.changes, self.path = changes, path
        self._forget_files()
        self._undraw()
        if affected is not None:
            self._draw(affected)
        words = tr("{count} road is changed in the scenario.|{count} roads are changed in the scenario.")
        self.words.setText(counted(words, len(self._bands)) if changes else "")
        self._turn_buttons()
        self.changed.emit()

    def _forget_files(self) -> None:
        """Large ones: only the last two are kept, an effect may still be worked out on the one before."""
        self._files += [Path(self.path)] if self.path else []
        for old in self._files[:-2]:
            with suppress(OSError):
                old.unlink()
        self._files = self._files[-2:]

    def _failed(self, words: str) -> None:
        self._task = None
        self.words.setText(words)
        self._turn_buttons()

    # -- the map ------------------------------------------------------------------------------------------------------

    def _draw(self, affected: Affected) -> None:
        last: dict[bytes, tuple[str, np.ndarray]] = {}
        for number, line in zip(affected.change, affected.line):
            last[line.tobytes()] = self.changes[int(number)].action, line
        crs = self._live.network_crs
        mover = project_mover(crs, map_crs(self._canvas, crs))
        for action, line in last.values():
            shape: QgsGeometry | None = mover.geometry(line_of(line))
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

    def _take_tool(self, action: str, wanted: bool) -> None:
        if not wanted:
            self._put_tool_down()
            return
        tool = RoadTool(self._canvas)
        tool.setCursor(Qt.CursorShape.CrossCursor)
        tool.setButton(self.acts[action])
        tool.canvasClicked.connect(lambda point, _button: self.change_road(action, point))
        self._tool = tool  # the canvas does not keep Python's side of a tool alive
        self._canvas.setMapTool(tool)
        self._canvas.setFocus()

    def _put_tool_down(self) -> None:
        if self._tool is not None:
            self._canvas.unsetMapTool(self._tool)
            self._tool = None

    # -- widgets ------------------------------------------------------------------------------------------------------

    def _make_widgets(self) -> None:
        self.acts = {CLOSE: QPushButton(tr("Close a road")), SPEED: QPushButton(tr("Another speed"))}
        self.acts[CLOSE].setToolTip(tr("Each click on the map closes the nearest road, both ways; Escape to leave."))
        self.acts[SPEED].setToolTip(tr("Each click on the map gives the nearest road this speed; Escape to leave."))
        for action, button in self.acts.items():
            button.setCheckable(True)
            button.clicked.connect(partial(self._take_tool, action))
        self.speed = QSpinBox()
        self.speed.setRange(1, 130)
        self.speed.setValue(30)
        self.speed.setSuffix(tr(" km/h"))
        self.speed.setAccessibleName(tr("Speed of the road"))
        self.back_button = QPushButton(tr("Take the last road back"))
        self.back_button.clicked.connect(self.take_back)
        self.reset_button = QPushButton(tr("Roads as they are"))
        self.reset_button.clicked.connect(self.reset)
        self.words = Sentence()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.addWidget(self.acts[CLOSE], 0, 0)
        grid.addWidget(self.acts[SPEED], 0, 1)
        grid.addWidget(self.speed, 0, 2)
        grid.addWidget(self.back_button, 1, 0, 1, 2)
        grid.addWidget(self.reset_button, 1, 2)
        grid.addWidget(self.words, 2, 0, 1, 3)

    def _turn_buttons(self) -> None:
        ready = self._live is not None
        for button in self.acts.values():
            button.setEnabled(ready)
        for button in (self.back_button, self.reset_button):
            button.setEnabled(ready and self._task is None and bool(self.changes))
