"""Python's collection of objects in circles left to the main thread, while a thread of ours works.

Python collects in whichever thread happens to allocate. What a closed page of the panel left in a circle (windows,
models, layers, the slots of their signals) would then be freed by a computation's thread while the interface's may be
inside it, and QGIS crashes, now and then and anywhere.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TypeVar

from qgis.PyQt.QtCore import QCoreApplication, QMetaObject, Qt, QTimer, QTimerEvent

from ..core.processes.threads import meanwhile

_LOOK_EVERY_MS = 50
"""What threads make meanwhile is soon looked through: the interface must not be held."""
_WHOLE_EVERY_S = 60.0
"""Looking through everything that lives may take tenths of a second."""
Made = TypeVar("Made")


class _MainThreadCollector(QTimer):
    """Turns Python's own collector off for as long as threads work, and collects on the main thread meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self._lock, self._working, self._is_off = threading.Lock(), 0, False
        self._whole_from = time.monotonic() + _WHOLE_EVERY_S
        self.setInterval(_LOOK_EVERY_MS)
        self.moveToThread(QCoreApplication.instance().thread())

    def enter(self) -> None:
        """A thread begins to work."""
        with self._lock:
            self._working += 1
            if gc.isenabled():  # else it is off already, by us or by someone who will turn it on again
                gc.disable()
                self._is_off = True
                QMetaObject.invokeMethod(self, "start", Qt.ConnectionType.QueuedConnection)

    def leave(self) -> None:
        """A thread has worked; it is not the one to turn the collector on, which may collect at once."""
        with self._lock:
            self._working -= 1

    def timerEvent(self, _event: QTimerEvent) -> None:
        """On the main thread, where the slot of a signal would stay on the thread that made this.

        Collect what Python itself would; after the last thread, leave it to Python again.
        """
        self._collect_what_is_due()
        with self._lock:
            if not self._working:
                self._give_back()

    def end(self) -> None:
        """On the main thread: leave it to Python again, whoever still works."""
        with self._lock:
            self._give_back()

    def _give_back(self) -> None:
        self.stop()
        if self._is_off:
            self._is_off = False
            gc.enable()

    def _collect_what_is_due(self) -> None:
        counts, thresholds, now = gc.get_count(), gc.get_threshold(), time.monotonic()
        for generation in (2, 1, 0):
            if counts[generation] > thresholds[generation] > 0 and (generation < 2 or now > self._whole_from):
                gc.collect(generation)
                self._whole_from = now + _WHOLE_EVERY_S if generation == 2 else self._whole_from
                return


_made = threading.Lock()
_collector: _MainThreadCollector | None = None


def _the_collector() -> _MainThreadCollector:
    global _collector
    with _made:
        if _collector is None:
            _collector = _MainThreadCollector()
        return _collector


def leave_it_to_python() -> None:
    """The plugin goes: what it turned off would stay so for good, were it reloaded while a thread of ours works."""
    if _collector is not None:
        _collector.end()


@contextmanager
def collected_by_the_main_thread() -> Iterator[None]:
    """Around all code of ours that may run in another thread than the main one; on the main thread, nothing changes."""
    if threading.current_thread() is threading.main_thread():
        yield
        return
    collector = _the_collector()
    collector.enter()
    try:
        yield
    finally:
        collector.leave()


@contextmanager
def beside(work: Callable[[], Made]) -> Iterator[Future[Made]]:
    """`threads.meanwhile`, for a block that may run on the main thread: there ``work`` is done before it.

    The main thread has no event loop of ours in which to turn Python's collector on again.
    """
    if threading.current_thread() is threading.main_thread():
        done: Future[Made] = Future()
        done.set_result(work())
        yield done
        return
    with meanwhile(collected_by_the_main_thread()(work)) as done:
        yield done
