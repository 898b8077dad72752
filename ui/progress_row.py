"""The row at the foot of a page: what runs, how far it is, and the way to stop it."""

from __future__ import annotations

from typing import TypeVar

from qgis.PyQt.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from ..i18n import tr
from .answer_label import Sentence
from .chain import ChainRun
from .runner import Run

AnyRun = TypeVar("AnyRun", Run, ChainRun)


class ProgressRow(QWidget):
    """Shows one `Run` at a time; hidden while nothing runs, except for its last word."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.run: Run | ChainRun | None = None
        self.bar = QProgressBar()
        self.bar.setAccessibleName(tr("Progress"))
        self.stop = QPushButton(tr("Cancel"))
        self.stop.clicked.connect(self._cancel)
        self.word = Sentence()
        row = QHBoxLayout()
        row.addWidget(self.bar)
        row.addWidget(self.stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.word)
        self._show_running(False)

    def follow(self, run: AnyRun, words: str) -> AnyRun:
        """Start a run and show it until it ends."""
        self.run = run
        self.bar.setRange(0, 0)
        self.word.setText(words)
        self._show_running(True)
        run.progressed.connect(self._advance)
        run.ended.connect(self._end)
        return run.start()

    def _advance(self, percent: float) -> None:
        self.bar.setRange(0, 100)
        self.bar.setValue(round(percent))

    def _end(self, run: Run | ChainRun) -> None:
        self._show_running(False)
        self.word.setText("\n".join(run.warnings) if run.succeeded and not run.cancelled else run.problem)
        self.run = None

    def _cancel(self) -> None:
        if self.run is not None:
            self.stop.setEnabled(False)
            self.run.cancel()

    def _show_running(self, running: bool) -> None:
        self.bar.setVisible(running)
        self.stop.setVisible(running)
        self.stop.setEnabled(running)
