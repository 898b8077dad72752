"""What QGIS need not wait for when it starts: modules are imported in the background, then used on the main thread."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from threading import Thread

from qgis.PyQt.QtCore import QTimer

from ..processing.garbage import collected_by_the_main_thread

LOOK_MS = 100


class LateStart:
    """Runs ``load`` (imports only) in a thread once it is started, and ``then`` on the main thread after it."""

    def __init__(self, load: Callable[[], object], then: Callable[[], None]) -> None:
        self._load, self._then = load, then
        self._to_come = True
        self._thread = Thread(target=self._run, daemon=True)
        self._timer = QTimer()
        self._timer.timeout.connect(self._look)

    def begin(self) -> None:
        """QGIS stands: go on in the background."""
        if self._to_come:
            self._thread.start()
            self._timer.start(LOOK_MS)

    def finish(self) -> None:
        """Run ``then`` now if it has not run; the user asks for what it brings."""
        if self._stop():
            self._then()

    def cancel(self) -> None:
        """Never run ``then``."""
        self._stop()

    def _stop(self) -> bool:
        """Whether ``then`` was still to come; nothing goes on after this."""
        to_come, self._to_come = self._to_come, False
        self._timer.stop()
        if self._thread.ident is not None:
            self._thread.join()
        return to_come

    @collected_by_the_main_thread()
    def _run(self) -> None:
        # What cannot be imported fails again, and is reported, on the main thread.
        with contextlib.suppress(Exception):
            self._load()

    def _look(self) -> None:
        if not self._thread.is_alive():
            self.finish()
