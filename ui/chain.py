"""Runs the steps of a chain one after the other, each as a task of its own, as if they were one.

A model would do, but QGIS before 3.26 runs models on the main thread, where the interface would freeze.
"""

from __future__ import annotations

from typing import Any

from qgis.core import QgsApplication, QgsMapLayer
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..processing.model_building import Input, Output, Step
from .runner import Run


class ChainRun(QObject):
    """Speaks like a `Run`; ``layers`` are named ``step:result`` as the same chain's model names them."""

    progressed = pyqtSignal(float)
    ended = pyqtSignal(object)

    def __init__(self, title: str, steps: list[Step], inputs: dict[str, Any]) -> None:
        super().__init__()
        self.title = title
        self.layers: dict[str, QgsMapLayer] = {}
        self.warnings: list[str] = []
        self.succeeded = False
        self.cancelled = self.project_gone = False
        self.problem = ""
        self._steps, self._inputs = steps, inputs
        self._made: dict[Output, Any] = {}
        self._rank = 0
        self._run: Run | None = None

    def start(self) -> ChainRun:
        """Start the first step."""
        self._next()
        return self

    def cancel(self) -> None:
        """Stop the step that runs; no other follows."""
        if self._run is not None:
            self._run.cancel()

    def _next(self) -> None:
        step = self._steps[self._rank]
        algorithm = QgsApplication.processingRegistry().createAlgorithmById(step.algorithm)
        destinations = algorithm.destinationParameterDefinitions()
        wanted = {
            made.name(): "TEMPORARY_OUTPUT"
            for made in destinations
            if made.createByDefault() or made.name() in step.results
        }
        given = {name: self._value(value) for name, value in step.parameters.items()}
        self._run = Run(algorithm, {**given, **wanted})
        self._run.progressed.connect(self._advance)
        self._run.ended.connect(self._step_ended)
        self._run.start()

    def _value(self, value: Any) -> Any:
        if isinstance(value, Input):
            return self._inputs[str(value)]
        return self._made[value] if isinstance(value, Output) else value

    def _advance(self, percent: float) -> None:
        self.progressed.emit((100 * self._rank + percent) / len(self._steps))

    def _step_ended(self, run: Run) -> None:
        step = self._steps[self._rank]
        self.warnings += run.warnings
        for output, layer in run.layers.items():
            self._made[Output(step.name, output)] = layer
            self.layers[f"{step.name}:{step.results.get(output, output)}"] = layer
        self._rank += 1
        self.cancelled, self.project_gone = run.cancelled, run.project_gone
        if run.succeeded and not run.cancelled and self._rank < len(self._steps):
            self._next()
            return
        self.succeeded, self.problem = run.succeeded, run.problem
        self._run = None
        self.ended.emit(self)
