"""Runs an algorithm in the background for the panel: progress, cancel, errors in words, results as styled layers."""

from __future__ import annotations

from functools import partial
from typing import Any

from qgis.core import (
    QgsApplication,
    QgsFeatureRequest,
    QgsMapLayer,
    QgsProcessingAlgorithm,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputMapLayer,
    QgsProcessingOutputVectorLayer,
    QgsProcessingUtils,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QCoreApplication, QObject, QTimer, pyqtSignal

from ..i18n import tr
from ..processing.qgis_enums import AlgorithmFlag
from ..processing.table import style_result
from .background import once_done

# A task uses the context and the feedback of its run to the end, also when the panel that wanted it is gone.
_RUNNING: set[Run] = set()


class _Feedback(QgsProcessingFeedback):
    """Keeps what the algorithm said, so that the panel can show the last error and the warnings."""

    informed = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__()
        self.errors: list[str] = []
        self.warnings: list[str] = []

    def reportError(self, error: str, fatalError: bool = False) -> None:
        self.errors.append(error)
        super().reportError(error, fatalError)

    def pushInfo(self, info: str) -> None:
        super().pushInfo(info)
        self.informed.emit(info)

    def pushWarning(self, warning: str) -> None:
        self.warnings.append(warning)
        super().pushWarning(warning)


def _own(value: Any) -> Any:
    """A layer of the run's own: QGIS crashes when one that is being read is removed from the project.

    Edits that are not saved count; what a server gives is not asked for twice.
    """
    if not isinstance(value, QgsVectorLayer) or value.providerType() in ("WFS", "OAPIF"):
        return value
    copy = value.materialize(QgsFeatureRequest()) if value.isModified() else value.clone()
    copy.setName(value.name())
    copy.setMetadata(value.metadata())
    return copy


class Run(QObject):
    """One algorithm (or model) at work in QGIS's task manager."""

    progressed = pyqtSignal(float)
    said = pyqtSignal(str)
    """What is being done, in words."""
    ended = pyqtSignal(object)
    """The `Run` itself: read `succeeded`, `results`, `layers`, `problem`."""

    def __init__(self, algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any]) -> None:
        super().__init__()
        self.algorithm = algorithm
        self._parameters = {name: _own(value) for name, value in parameters.items()}
        self._copies = [value for name, value in self._parameters.items() if value is not parameters[name]]
        self.results: dict[str, Any] = {}
        self.layers: dict[str, QgsMapLayer] = {}
        self.succeeded = False
        self.project_gone = False
        """Whether another project was opened meanwhile, where the results have no place."""
        self._context = QgsProcessingContext()
        self._context.setProject(QgsProject.instance())
        self._feedback = _Feedback()
        self._feedback.progressChanged.connect(self.progressed)
        self._feedback.informed.connect(self.said)
        self._task: QgsProcessingAlgRunnerTask | None = None

    def start(self) -> Run:
        """Hand the work to the task manager; what must be drawn on the main thread runs here, event by event."""
        _RUNNING.add(self)
        QgsProject.instance().cleared.connect(self._leave_project)
        if self.algorithm.flags() & AlgorithmFlag.NoThreading:
            self._feedback.progressChanged.connect(lambda _percent: QCoreApplication.processEvents())
            QTimer.singleShot(0, self._run_here)
            return self
        self._task = QgsProcessingAlgRunnerTask(self.algorithm, self._parameters, self._context, self._feedback)
        self._task.executed.connect(self._executed)
        QgsApplication.taskManager().addTask(self._task)
        return self

    def cancel(self) -> None:
        """Ask the work to stop; `ended` still comes."""
        self._feedback.cancel()
        if self._task is not None:
            self._task.cancel()

    def _leave_project(self) -> None:
        self.project_gone = True
        self.cancel()

    @property
    def title(self) -> str:
        """What ran, as the layer tree names its results."""
        return self.algorithm.displayName()

    @property
    def cancelled(self) -> bool:
        return self._feedback.isCanceled()

    @property
    def problem(self) -> str:
        """The sentence to show when the run did not succeed."""
        if self.project_gone:
            return tr("Stopped: another project was opened.")
        if self.cancelled:
            return tr("Stopped. What was finished is kept.")
        return self._feedback.errors[-1] if self._feedback.errors else tr("The computation did not end well.")

    @property
    def warnings(self) -> list[str]:
        return self._feedback.warnings

    def _run_here(self) -> None:
        try:
            results, succeeded = self.algorithm.run(
                self._parameters, self._context, self._feedback, catchExceptions=False
            )
        except QgsProcessingException as error:
            self._feedback.errors.append(str(error))
            results, succeeded = {}, False
        self._finish(succeeded, results)

    def _executed(self, succeeded: bool, results: dict[str, Any]) -> None:
        self._task = None
        once_done(self, partial(self._finish, succeeded, dict(results)))

    def _finish(self, succeeded: bool, results: dict[str, Any]) -> None:
        _RUNNING.discard(self)
        QgsProject.instance().cleared.disconnect(self._leave_project)
        for copy in self._copies:
            copy.deleteLater()  # whoever still holds the run, or its task: layers that outlive QGIS crash it
        self.succeeded, self.results = succeeded, results
        for definition in self.algorithm.outputDefinitions():
            if not isinstance(definition, (QgsProcessingOutputVectorLayer, QgsProcessingOutputMapLayer)):
                continue
            destination = str(self.results.get(definition.name()) or "")
            layer = QgsProcessingUtils.mapLayerFromString(destination, self._context) if destination else None
            if layer is not None:
                layer = self._context.takeResultLayer(layer.id()) or layer
                layer.setName(definition.description())
                style_result(layer, destination)
                self.layers[definition.name()] = layer
        self.ended.emit(self)
