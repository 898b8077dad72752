"""The buttons of a scenario: what one does to its places, undo and redo."""

from __future__ import annotations

from qgis.core import QgsVectorLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtGui import QKeySequence
from qgis.PyQt.QtWidgets import QGridLayout, QPushButton, QWidget

from ..i18n import tr
from .plain import as_plain
from .scenario_tool import ADD, CLOSE, HOURS, MOVE, ScenarioTool, what_to_do

PER_ROW = 3


class ScenarioBar(QWidget):
    """Acts that are chosen, and then done on the map; the act in hand is pressed."""

    chosen = pyqtSignal(str)
    left = pyqtSignal()
    """The act in hand is put down."""

    def __init__(self) -> None:
        super().__init__()
        self._layer: QgsVectorLayer | None = None
        labels = {ADD: tr("Add"), MOVE: tr("Move it"), CLOSE: tr("Close"), HOURS: tr("Hours…")}
        self.acts = {act: QPushButton(label) for act, label in labels.items()}
        for act, button in self.acts.items():
            button.setCheckable(True)
            button.setToolTip(what_to_do(act))
            button.clicked.connect(lambda pressed, act=act: self.chosen.emit(act) if pressed else self.left.emit())
        self.undo_button, self.redo_button = QPushButton(tr("Undo")), QPushButton(tr("Redo"))
        self.undo_button.clicked.connect(self.undo)
        self.redo_button.clicked.connect(self.redo)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        for place, button in enumerate((*self.acts.values(), self.undo_button, self.redo_button)):
            grid.addWidget(button, place // PER_ROW, place % PER_ROW)
        self.be_ready(False)

    def be_ready(self, ready: bool) -> None:
        """Whether there are places to act on."""
        for button in self.acts.values():
            button.setEnabled(ready)
        self._show_history()

    def follow(self, layer: QgsVectorLayer) -> None:
        """Undo and redo are those of a layer."""
        self._layer = layer
        layer.undoStack().indexChanged.connect(self._show_history)
        self._show_history()

    def leave(self, *, layer_gone: bool = False) -> None:
        """There is no layer any more to undo anything in."""
        if self._layer is not None and not layer_gone:
            self._layer.undoStack().indexChanged.disconnect(self._show_history)
        self._layer = None
        self._show_history()

    def take(self, canvas: QgsMapCanvas, act: str) -> ScenarioTool:
        """Put the tool of an act in hand."""
        tool = ScenarioTool(canvas, self._layer, act)
        tool.setButton(self.acts[act])
        tool.undo_asked.connect(self.undo)
        tool.redo_asked.connect(self.redo)
        canvas.setMapTool(tool)
        canvas.setFocus()
        return tool

    def undo(self) -> None:
        """Undo the last act, if any."""
        if self._layer is not None:
            self._layer.undoStack().undo()
            self._layer.triggerRepaint()

    def redo(self) -> None:
        """Do again what was undone last, if anything."""
        if self._layer is not None:
            self._layer.undoStack().redo()
            self._layer.triggerRepaint()

    def _show_history(self, _step: int = 0) -> None:
        stack = None if self._layer is None else self._layer.undoStack()
        for button, can, words, keys in (
            (self.undo_button, stack and stack.canUndo(), stack and stack.undoText(), QKeySequence.StandardKey.Undo),
            (self.redo_button, stack and stack.canRedo(), stack and stack.redoText(), QKeySequence.StandardKey.Redo),
        ):
            button.setEnabled(bool(can))
            shown = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
            button.setToolTip(as_plain(f"{words} ({shown})" if can and words else shown))
