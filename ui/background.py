"""Small work that must not hold the interface: one function in QGIS's task manager, its answer back on the screen."""

from __future__ import annotations

from typing import Any, Callable

import requests
from qgis.core import QgsApplication, QgsProcessingFeedback, QgsTask
from qgis.PyQt.QtCore import QObject

from ..core.errors import CartoError
from ..i18n import tr, translate_message

# The task manager does not keep Python's side of a task alive.
_RUNNING: set[QgsTask] = set()


def in_background(
    title: str,
    work: Callable[[QgsProcessingFeedback], Any],
    done: Callable[[Any], None],
    failed: Callable[[str], None],
    owner: QObject,
) -> QgsTask:
    """Run ``work`` in a thread; then ``done(answer)`` or ``failed(sentence)`` in the interface, while ``owner`` lives.

    ``work`` gets a feedback that is cancelled with the task; a cancelled task calls neither.
    """
    task = _FunctionTask(title, work, done, failed)
    owner.destroyed.connect(task.forget)
    _RUNNING.add(task)
    QgsApplication.taskManager().addTask(task)
    return task


class _FunctionTask(QgsTask):
    def __init__(self, title: str, work, done, failed) -> None:
        super().__init__(title, QgsTask.Flag.CanCancel)
        self._work, self._done, self._failed = work, done, failed
        self._feedback = QgsProcessingFeedback()
        self._answer: Any = None
        self._problem = ""
        self._wanted = True

    def run(self) -> bool:
        try:
            self._answer = self._work(self._feedback)
        except CartoError as error:
            self._problem = translate_message(error)
        except requests.RequestException as error:
            self._problem = tr("The server cannot be reached: {reason}").format(reason=error)
        except Exception as error:  # a thread must not die in silence
            self._problem = f"{type(error).__name__}: {error}"
        return not self._problem

    def cancel(self) -> None:
        self._feedback.cancel()
        super().cancel()

    def finished(self, result: bool) -> None:
        _RUNNING.discard(self)
        if not self._wanted or self.isCanceled():
            return
        if result:
            self._done(self._answer)
        else:
            self._failed(self._problem)

    def forget(self) -> None:
        """The widget that asked is gone."""
        self._wanted = False
        self._feedback.cancel()
