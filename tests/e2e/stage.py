"""Runs inside the QGIS desktop: what a driving script needs, and a clean end."""

from __future__ import annotations

import faulthandler
import importlib.util
import sys
import time
import traceback
from pathlib import Path

from qgis.core import QgsProject
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QWidget
from qgis.utils import iface

START_MS = 1500
STUCK_SECONDS = 150


class Stage:
    """The desktop, as a script sees it."""

    def __init__(self, shots: Path) -> None:
        self.iface = iface
        self._shots = shots
        self.longest_silence = 0.0
        self._last_beat = time.monotonic()
        self._heart = QTimer()
        self._heart.timeout.connect(self._beat)
        self._heart.start(10)

    def wait(self, condition, seconds: float = 60.0, what: str = "") -> None:
        """Let the desktop work until ``condition()``; fails after ``seconds``."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"waited {seconds} s for {what or condition}"
            QTest.qWait(20)

    def shot(self, name: str, widget: QWidget | None = None) -> None:
        """A picture of a window, kept in build/screenshots."""
        QTest.qWait(300)
        (widget or iface.mainWindow()).grab().save(str(self._shots / f"{name}.png"))

    def start_heartbeat(self) -> None:
        """From now on `longest_silence` is the longest time, in seconds, that the interface did not answer."""
        self.longest_silence = 0.0
        self._last_beat = time.monotonic()

    def _beat(self) -> None:
        now = time.monotonic()
        self.longest_silence = max(self.longest_silence, now - self._last_beat)
        self._last_beat = now


def begin(script: str, verdict: str, shots: str) -> None:
    """Drive once the desktop stands, write the verdict, quit. Where it hangs, say where."""
    faulthandler.dump_traceback_later(STUCK_SECONDS, file=open(f"{verdict}.stacks", "w"))  # noqa: SIM115
    QTimer.singleShot(START_MS, lambda: _play(Path(script), Path(verdict), Path(shots)))


def _play(script: Path, verdict: Path, shots: Path) -> None:
    uncaught = []
    # QGIS would show an error of a slot in a dialog that waits for a person.
    sys.excepthook = lambda *error: uncaught.append("".join(traceback.format_exception(*error)))
    try:
        spec = importlib.util.spec_from_file_location(script.stem, script)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        module.drive(Stage(shots))
        verdict.write_text("\n".join(uncaught) or "ok")
    except BaseException:
        verdict.write_text("\n".join([*uncaught, traceback.format_exc()]))
        iface.mainWindow().grab().save(str(shots / f"{script.stem}-failed.png"))
    QgsProject.instance().clear()
    QgsProject.instance().setDirty(False)
    for window in QApplication.topLevelWidgets():
        if window is not iface.mainWindow() and window.isVisible():
            window.close()
    QTimer.singleShot(0, iface.actionExit().trigger)
