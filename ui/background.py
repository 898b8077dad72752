"""Small work that must not hold the interface: one function in QGIS's task manager, its answer back on the screen."""

from __future__ import annotations

from functools import partial
from typing import Any, Callable

import requests
from qgis.core import QgsApplication, QgsProcessingFeedback, QgsTask
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, QTimer

from ..core.errors import CartoError
from ..core.proj_threads import hold_proj
from ..i18n import tr, translate_message
from ..processing import log
from ..processing.garbage import collected_by_the_main_thread

_FLAGS = QgsTask.Flag.CanCancel | getattr(QgsTask.Flag, "Silent", QgsTask.Flag.CanCancel)
"""The window tells its end: from QGIS 3.26, no notification of the desktop does as well."""


def once_done(owner: QObject, tell: Callable[[], None]) -> None:
    """Call ``tell`` once QGIS has done with the task whose end it announces, if ``owner`` still lives.

    A task added meanwhile may be taken for the ended one and leave the queue without having started.
    """
    QTimer.singleShot(0, lambda: None if sip.isdeleted(owner) else tell())


# The task manager does not keep Python's side of a task alive.
_RUNNING: set[QgsTask] = set()


def in_background(
    title: str,
    work: Callable[[QgsProcessingFeedback], Any],
    done: Callable[[Any], None],
    failed: Callable[[str], None],
    owner: QObject,
) -> FunctionTask:
    """Run ``work`` in a thread; then ``done(answer)`` or ``failed(sentence)`` in the interface, while ``owner`` lives.

    ``work`` gets a feedback that is cancelled with the task. A task that its owner drops calls neither; one that the
    user stops in QGIS's task manager has failed.
    """
    task = FunctionTask(title, work, done, failed, owner)
    # From Qt to Qt, so that it is undone with either: Python code called by an object that dies may find others dead.
    owner.destroyed.connect(task.feedback.cancel)
    _RUNNING.add(task)
    QgsApplication.taskManager().addTask(task)
    return task


class FunctionTask(QgsTask):
    """What `in_background` runs."""

    def __init__(self, title: str, work, done, failed, owner: QObject) -> None:
        super().__init__(title, _FLAGS)
        self.feedback = QgsProcessingFeedback()
        self._work, self._done, self._failed, self._owner = work, done, failed, owner
        self._wanted = True
        self._answer: Any = None
        self._problem = ""

    @collected_by_the_main_thread()
    def run(self) -> bool:
        try:
            hold_proj()
            self._answer = self._work(self.feedback)
        except CartoError as error:
            self._problem = translate_message(error)
        except requests.RequestException as error:
            self._problem = tr("The server cannot be reached: {reason}").format(reason=error)
        except Exception as error:  # a thread must not die in silence
            self._problem = f"{type(error).__name__}: {error}"
            log.failed(f"{self.description()} – {self._problem}")
        return not self._problem

    def cancel(self) -> None:
        """Stop the work; nothing once it has ended, for QGIS frees the task then."""
        if self in _RUNNING:
            self.feedback.cancel()
            super().cancel()

    def drop(self) -> None:
        """Stop the work, whose answer is no longer wanted."""
        self._wanted = False
        self.cancel()

    def finished(self, result: bool) -> None:
        _RUNNING.discard(self)
        once_done(self._owner, partial(self._tell, result))

    def _tell(self, result: bool) -> None:
        if not self._wanted:
            return
        if self.feedback.isCanceled():
            self._failed(tr("Stopped."))
        elif result:
            self._done(self._answer)
        else:
            self._failed(self._problem)
