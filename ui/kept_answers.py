"""Under an answer: keep it for the next one to be seen beside it, and what differs from the one kept."""

from __future__ import annotations

from qgis.core import QgsProject
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ..i18n import tr
from .answer_label import Sentence
from .answers import Answer, answers, forget, keep_copy, kept_answer
from .two_answers import TwoAnswers, difference_in_words


class KeptAnswers(QWidget):
    """Hidden while there is no answer."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__()
        self._canvas = canvas
        self._shown = ""
        self.two_answers: TwoAnswers | None = None
        self.keep_button = QPushButton(tr("Keep to compare"))
        self.keep_button.setToolTip(tr("It stays as it is, to be seen beside another service, time or question."))
        self.keep_button.clicked.connect(self._keep)
        self.beside_button = QPushButton(tr("Side by side…"))
        self.beside_button.setToolTip(tr("The answer kept and this one: two maps that move together"))
        self.beside_button.clicked.connect(self.open)
        self.forget_button = QPushButton(tr("Forget it"))
        self.forget_button.setToolTip(tr("Take the answer kept and its layers out of the project."))
        self.forget_button.clicked.connect(self._forget)
        self.words = Sentence()
        row = QHBoxLayout()
        row.addWidget(self.keep_button)
        row.addWidget(self.beside_button)
        row.addWidget(self.forget_button)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.words)
        column.addLayout(row)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._show)
        root = QgsProject.instance().layerTreeRoot()
        root.customPropertyChanged.connect(self._later)
        root.removedChildren.connect(self._later)
        self.hide()

    def show_beside(self, coverage: str) -> None:
        """The answer of the page, by the identifier of its layer; empty: there is none."""
        self._shown = coverage
        self._show()

    def open(self) -> None:
        """The window with both maps."""
        if self.two_answers is None:
            self.two_answers = TwoAnswers(self._canvas, self)
        self.two_answers.come()

    def _keep(self) -> None:
        answer = self._answer()
        if answer is not None:
            keep_copy(answer)
        self._show()

    def _forget(self) -> None:
        other = kept_answer(self._shown)
        if other is not None:
            forget(other)
        self._show()

    def _answer(self) -> Answer | None:
        return next((answer for answer in answers() if answer.key == self._shown), None)

    def _later(self, *_what: object) -> None:
        """Pins are turned in the tree of layers too, and groups are taken out of it."""
        if self._shown:
            self._soon.start(0)

    def _show(self) -> None:
        answer = self._answer()
        self.setVisible(answer is not None)
        if answer is None:
            return
        other = kept_answer(answer.key)
        is_kept = other is not None and other.said == answer.said
        self.keep_button.setEnabled(not is_kept)
        for button in (self.beside_button, self.forget_button):
            button.setVisible(other is not None)
        if is_kept:
            self.words.setText(tr("Kept. Turn to another service or time, or ask something else: both are compared."))
        elif other is not None:
            words = tr("Against “{question}”, kept: {difference}")
            self.words.setText(
                words.format(question=other.said.question, difference=difference_in_words(other, answer))
            )
        else:
            self.words.clear()
