"""Runs inside the QGIS desktop: what a driving script needs, and a clean end."""

from __future__ import annotations

import faulthandler
import importlib.util
import sys
import time
import traceback
from contextlib import contextmanager
from pathlib import Path

import qgis.utils
from qgis.core import QgsCoordinateTransform, QgsMapLayer, QgsPointXY, QgsProject
from qgis.PyQt.QtCore import QPoint, Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import (
    QApplication,
    QComboBox,
    QMessageBox,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)
from qgis.utils import iface

START_MS, LEAVE_MS = 1500, 100
STUCK_SECONDS = 150
FRAME_SECONDS = 1.0
"""Between two frames of a film while something is waited for."""
LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


class Stage:
    """The desktop, as a script sees it."""

    def __init__(self, shots: Path, suffix: str = "") -> None:
        self.iface = iface
        self.clicks = 0
        """With the mouse, so far."""
        self._shots, self._suffix = shots, suffix
        self._film = None
        self.longest_silence = self.longest_hold = 0.0
        self._last_beat, self._last_work = time.monotonic(), time.thread_time()
        self._heart = QTimer()
        self._heart.timeout.connect(self._beat)
        self._heart.start(10)

    def wait(self, condition, seconds: float = 60.0, what: str = "") -> None:
        """Let the desktop work until ``condition()``; fails after ``seconds``."""
        end, next_frame = time.monotonic() + seconds, time.monotonic() + FRAME_SECONDS
        while not condition():
            assert time.monotonic() < end, f"waited {seconds} s for {what or condition}"
            QTest.qWait(20)
            if time.monotonic() > next_frame:
                self.frame()
                next_frame = time.monotonic() + FRAME_SECONDS
        self.frame()

    def shot(self, name: str, widget: QWidget | None = None) -> None:
        """A picture of a window, kept in build/screenshots."""
        QTest.qWait(300)
        (widget or iface.mainWindow()).grab().save(str(self._shots / f"{name}{self._suffix}.png"))
        self.frame()

    @contextmanager
    def film(self, name: str):
        """What the desktop shows meanwhile becomes a film, kept in build/screenshots; in one look only."""
        if self._suffix:
            yield
            return
        from film import Film

        self._film = Film(name, self._shots)
        self.frame()
        yield
        self.frame()
        film, self._film = self._film, None
        film.close()

    def frame(self, mouse: QPoint | None = None) -> None:
        """What the screen shows now, in the film; ``mouse``: where on it a click was."""
        if self._film is not None:
            began, worked = time.monotonic(), time.thread_time()
            self._film.take(iface.mainWindow(), mouse)
            self._last_beat += time.monotonic() - began  # a user has no camera in the interface's thread
            self._last_work += time.thread_time() - worked

    def look(self, name: str, widget: QWidget) -> None:
        """A picture of a window of the plugin, in which a program that looks at it finds no fault."""
        from looks import faults

        self.shot(name, widget)
        found = faults(widget)
        assert not found, f"{name}: {found}"

    # -- the hand -----------------------------------------------------------------------------------------------------

    def click(self, widget: QWidget, place: QPoint | None = None) -> None:
        """One click, in the middle unless told."""
        assert widget.isVisible() and widget.isEnabled(), f"{widget} cannot be clicked"
        self.clicks += 1
        self.frame(widget.mapToGlobal(place or widget.rect().center()))
        QTest.mouseClick(widget, LEFT, PLAIN, place or widget.rect().center())
        self.frame()

    def click_tab(self, tabs: QTabWidget, title: str) -> None:
        """Show a page by its title."""
        titles = [tabs.tabText(rank) for rank in range(tabs.count())]
        self.click(tabs.tabBar(), tabs.tabBar().tabRect(titles.index(title)).center())

    def click_item(self, tree: QTreeWidget, item: QTreeWidgetItem) -> None:
        """Choose a line of a tree."""
        tree.scrollToItem(item)
        self.click(tree.viewport(), tree.visualItemRect(item).center())

    def pick(self, box: QComboBox, text: str) -> None:
        """Choose a line of a list with the arrow keys."""
        QTest.keyClick(box, Qt.Key.Key_Home)
        for _ in range(box.count()):
            if box.currentText() == text:
                return
            QTest.keyClick(box, Qt.Key.Key_Down)
        assert box.currentText() == text, [box.itemText(row) for row in range(box.count())]

    def drag(self, start: QPoint, end: QPoint) -> None:
        """On the map: the left button pressed, moved and released."""
        view = iface.mapCanvas().viewport()
        QTest.mousePress(view, LEFT, PLAIN, start)
        for step in range(1, 6):
            QTest.mouseMove(view, start + (end - start) * step / 5)
            QTest.qWait(30)
        QTest.mouseRelease(view, LEFT, PLAIN, end)

    def on_canvas(self, layer: QgsMapLayer, point: QgsPointXY) -> QPoint:
        """Where a point of a layer is on the map, in pixels."""
        canvas = iface.mapCanvas()
        to_map = QgsCoordinateTransform(layer.crs(), canvas.mapSettings().destinationCrs(), QgsProject.instance())
        return canvas.getCoordinateTransform().transform(to_map.transform(point)).toQPointF().toPoint()

    def wait_for_map(self) -> None:
        """Until the map is drawn."""
        QTest.qWait(300)
        self.wait(lambda: not iface.mapCanvas().isDrawing(), 30, "the map")

    # -- the time -----------------------------------------------------------------------------------------------------

    def start_heartbeat(self) -> None:
        """From now on `longest_silence` is the longest time, in seconds, that the interface did not answer.

        `longest_hold` is the longest of those times less that in which others, programs or threads, had the processor.
        """
        self.longest_silence = self.longest_hold = 0.0
        self._last_beat, self._last_work = time.monotonic(), time.thread_time()

    def _beat(self) -> None:
        now, work = time.monotonic(), time.thread_time()
        silence = now - self._last_beat
        self.longest_silence = max(self.longest_silence, silence)
        self.longest_hold = max(self.longest_hold, min(silence, work - self._last_work))
        self._last_beat, self._last_work = now, work


def begin(script: str, verdict: str, shots: str, suffix: str = "") -> None:
    """Drive once the desktop stands, write the verdict, quit. Where it hangs, or ends by a signal, say where."""
    stacks = open(f"{verdict}.stacks", "w")  # noqa: SIM115
    faulthandler.enable(stacks)
    faulthandler.dump_traceback_later(STUCK_SECONDS, file=stacks)
    QTimer.singleShot(START_MS, lambda: _play(Path(script), Path(verdict), Stage(Path(shots), suffix)))


def _play(script: Path, verdict: Path, stage: Stage) -> None:
    uncaught = []
    # QGIS would show an error, of a slot or of a plugin that starts, in a dialog that waits for a person.
    sys.excepthook = lambda *error: uncaught.append("".join(traceback.format_exception(*error)))
    qgis.utils.open_stack_dialog = lambda *error, **_how: sys.excepthook(*error[:3])
    try:
        spec = importlib.util.spec_from_file_location(script.stem, script)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        module.drive(stage)
        verdict.write_text("\n".join(uncaught) or "ok")
    except BaseException:
        verdict.write_text("\n".join([*uncaught, traceback.format_exc()]))
        stage.shot(f"{script.stem}-failed")
    QgsProject.instance().clear()
    QgsProject.instance().setDirty(False)
    for window in QApplication.topLevelWidgets():
        if window is not iface.mainWindow() and window.isVisible():
            window.close()
    _leave()


def _leave() -> None:
    """Close QGIS as a person does: it asks whether to stop what runs, and once that has ended is closed again."""

    def close():
        if not QApplication.activeModalWidget():
            iface.actionExit().trigger()

    def answer():
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            asked = QMessageBox.StandardButton
            print("closing:", box.text())
            answers = [box.button(answer) for answer in (asked.Yes, asked.Ok, asked.Discard)]
            QTest.mouseClick(next(filter(None, answers)), LEFT)

    # Two: a timer does not go off while what it called still runs, and QGIS asks from there.
    for act in (close, answer):
        clock = QTimer(QApplication.instance())
        clock.timeout.connect(act)
        clock.start(LEAVE_MS)
