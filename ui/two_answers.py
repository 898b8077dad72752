"""Two answers beside each other: what was asked, what was found, what differs, and both maps, which move together."""

from __future__ import annotations

from qgis.core import QgsProject, QgsSettings
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QByteArray, Qt, QTimer
from qgis.PyQt.QtGui import QColor, QHideEvent, QPixmap, QShowEvent
from qgis.PyQt.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ..core.access.sentences import difference_sentences
from ..core.coordinates import UnknownCrs
from ..i18n import tr, translate_message
from ..processing.coordinates import project_mover
from ..processing.styling.palette import SHARES
from ..processing.styling.renderers import share_label
from .answer_label import AnswerLabel, Sentence
from .answers import Answer, answers, kept_answer, layers_of
from .linked_maps import LinkedMaps
from .looks import let_shrink, open_at_size, still_wheel
from .map_tools import map_crs
from .plain import PlainLabel

SETTINGS = "carto_services_publics/two_answers"
AROUND = 1.05
"""How many times as wide as what is answered the maps that open are."""


def difference_in_words(first: Answer, second: Answer) -> str:
    """« 1 240 people fewer more than 20 min away: 23.4 % → 10.7 %. »"""
    said = difference_sentences(first.said.figure, second.said.figure)
    return " ".join(map(translate_message, said))


class _Side(QWidget):
    """What is said over one of the maps: which answer, its question and its sentence."""

    def __init__(self, name: str, letter: str) -> None:
        super().__init__()
        self._letter = letter
        self.choice = QComboBox()
        self.choice.setAccessibleName(name)
        let_shrink(self.choice)
        self.question, self.sentence = Sentence(), Sentence()
        self.question.setStyleSheet("font-weight: bold;")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (self.choice, self.question, self.sentence):
            column.addWidget(part)
        column.addStretch()

    def offer(self, found: list[Answer], shown: Answer | None) -> None:
        """Those that may be chosen, and the one that is shown; where there are but two there is nothing to choose."""
        self.choice.blockSignals(True)
        self.choice.clear()
        for answer in found:
            self.choice.addItem(answer.said.question, answer.key)
        self.choice.setCurrentIndex(self.choice.findData(shown.key) if shown is not None else -1)
        self.choice.blockSignals(False)
        self.choice.setVisible(len(found) > 2)
        self.question.setText(f"{self._letter} · {shown.said.question}" if shown is not None else "")
        self.sentence.setText(shown.said.sentence if shown is not None else "")


class TwoAnswers(QDialog):
    """Not modal. It follows the project: answers that come, go, or turn to another service."""

    def __init__(self, canvas: QgsMapCanvas, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("CartoServicesPublicsTwoAnswers")
        self.setWindowTitle(tr("Two answers side by side"))
        self._main = canvas
        self._chosen = ["", ""]
        """The answers chosen by hand; empty: the one kept, and the present one."""
        names = tr("First answer"), tr("Second answer")
        self.sides = tuple(_Side(name, letter) for name, letter in zip(names, "AB"))
        for place, side in enumerate(self.sides):
            side.choice.activated.connect(lambda _row, place=place: self._choose(place))
        self.difference = AnswerLabel("CartoServicesPublicsDifference")
        self.maps = LinkedMaps(self, names)
        self.over = QCheckBox(tr("One over the other, with a line to drag"))
        self.over.setChecked(QgsSettings().value(f"{SETTINGS}/over", False, type=bool))
        self.over.toggled.connect(self._lie_over)
        self.here_button = QPushButton(tr("As the map of QGIS"))
        self.here_button.setToolTip(tr("Show what the main map shows"))
        self.here_button.clicked.connect(lambda: self.maps.look_as(self._main))
        self.copy_button = QPushButton(tr("Copy the picture"))
        self.copy_button.setToolTip(tr("The whole window into the clipboard, for a document"))
        self.copy_button.clicked.connect(lambda: QApplication.clipboard().setPixmap(self.grab()))
        for button in (self.here_button, self.copy_button):
            button.setAutoDefault(False)
        self._lay_out()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.take_up)
        self._follow_project()
        canvas.extentsChanged.connect(self._main_moved)
        still_wheel(self)

    def _lay_out(self) -> None:
        said = QGridLayout()
        for column, side in enumerate(self.sides):
            said.addWidget(side, 0, column)
            said.setColumnStretch(column, 1)
        keys = QHBoxLayout()
        keys.addWidget(self.over)
        keys.addStretch()
        keys.addWidget(self.here_button)
        keys.addWidget(self.copy_button)
        self.legend = _Shares()
        column = QVBoxLayout(self)
        column.addWidget(self.difference)
        column.addLayout(said)
        column.addWidget(self.maps, 1)
        column.addWidget(self.legend)
        column.addLayout(keys)

    def _follow_project(self) -> None:
        """Bound methods are disconnected with the window."""
        root = QgsProject.instance().layerTreeRoot()
        for signal in (root.addedChildren, root.removedChildren, root.visibilityChanged, root.customPropertyChanged):
            signal.connect(self._later)
        QgsProject.instance().layersRemoved.connect(self._later)

    def _later(self, *_what: object) -> None:
        """A group is filled layer by layer, and says what it is at the end."""
        if self.isVisible():
            self._soon.start(0)

    # -- what is shown ------------------------------------------------------------------------------------------------

    def take_up(self) -> None:
        """Show the two answers as the project has them now."""
        found = answers()
        second = self._answer(found, 1) or (found[0] if found else None)
        first = self._answer(found, 0) or (kept_answer(second.key) if second is not None else None)
        shown = first, second
        for side, answer in zip(self.sides, shown):
            side.offer(found, answer)
        left, right = (layers_of(answer) if answer is not None else [] for answer in shown)
        self.maps.show_layers(left, right)
        self.legend.setVisible(any(answer is not None and answer.coverage.isSpatial() for answer in shown))
        if first is not None and second is not None:
            self.difference.setText(difference_in_words(first, second))
        else:
            self.difference.setText(tr("Keep an answer, then ask another question: both are shown here."))

    def _answer(self, found: list[Answer], place: int) -> Answer | None:
        return next((answer for answer in found if answer.key == self._chosen[place]), None)

    def _choose(self, place: int) -> None:
        self._chosen[place] = self.sides[place].choice.currentData() or ""
        self.take_up()

    def _lie_over(self, over: bool) -> None:
        QgsSettings().setValue(f"{SETTINGS}/over", over)
        self.maps.lie_over(over)
        if over:
            self.maps.line.setFocus()

    # -- the window ---------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.take_up()
        self.maps.lie_over(self.over.isChecked())
        self.maps.look_as(self._main)
        self._fill()

    def _fill(self) -> None:
        """Where the main map shows all that is answered and more, show that alone: these maps are smaller."""
        shown = [answer.coverage for answer in answers()[:1] if answer.coverage.isSpatial()]
        for layer in shown:
            try:
                box = project_mover(layer.crs(), map_crs(self._main, layer.crs())).box(layer.extent())
            except UnknownCrs:
                return
            if self._main.extent().contains(box):
                box.scale(AROUND)
                self.maps.left.setExtent(box)

    def hideEvent(self, event: QHideEvent) -> None:
        self.maps.leave()
        super().hideEvent(event)

    def _main_moved(self) -> None:
        """What the panel leads the main map to, it leads these to."""
        if self.isVisible():
            self.maps.look_as(self._main)

    def come(self) -> None:
        """In front, as large as it was last."""
        if not self.isVisible():
            known = QgsSettings().value(f"{SETTINGS}/geometry")
            if not (isinstance(known, QByteArray) and self.restoreGeometry(known)):
                open_at_size(self, 150, 45)
            self.show()
        self.raise_()
        self.activateWindow()

    def done(self, result: int) -> None:
        QgsSettings().setValue(f"{SETTINGS}/geometry", self.saveGeometry())
        super().done(result)


class _Shares(QWidget):
    """Which colour is how large a share of a zone's people, on both maps."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(PlainLabel(tr("People beyond the time, by zone:")))
        for step in SHARES:
            row.addWidget(self._swatch(step.colour))
            row.addWidget(PlainLabel(share_label(step)))
        row.addStretch()

    def _swatch(self, colour: str) -> QLabel:
        side = self.fontMetrics().height()
        picture = QPixmap(side, side)
        picture.fill(QColor(colour))
        swatch = PlainLabel()
        swatch.setPixmap(picture)
        swatch.setFrameShape(QLabel.Shape.Box)
        return swatch
