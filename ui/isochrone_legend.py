"""On the map: which colour is how far, and what each area holds; a button that keeps them as a layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QPixmap
from qgis.PyQt.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QVBoxLayout

from ..i18n import tr
from .answer_label import Sentence
from .plain import PlainLabel

MARGIN = 10
"""Pixels from the corner of the map."""
WIDEST = 70
"""Letters of a line, at most."""


class Row(NamedTuple):
    """An area: its colour, and what is said of it."""

    colour: QColor
    words: str


class IsochroneLegend(QFrame):
    """In the lower left corner, hidden until there is something to say: QGIS's messages are at the top."""

    kept = pyqtSignal()
    """The areas shown are wanted as a layer."""

    def __init__(self, canvas: QgsMapCanvas, title: str) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.setObjectName("CartoServicesPublicsIsochroneLegend")
        self.setAccessibleName(tr("What the isochrones hold"))
        # On its own ground whatever the theme: it lies on a map.
        self.setStyleSheet(
            "#CartoServicesPublicsIsochroneLegend { background: rgba(255, 255, 255, 230); } QLabel { color: #2b2b2b; }"
        )
        self.title, self.hint = PlainLabel(title), Sentence()
        self.keep_button = QPushButton(tr("Keep as a layer"))
        self.keep_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard to the map
        self.keep_button.clicked.connect(self.kept)
        self._grid = QGridLayout()
        self._grid.setColumnStretch(1, 1)
        self._said: list[str] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 4, 6, 4)
        column.addWidget(self.title)
        column.addLayout(self._grid)
        column.addWidget(self.hint)
        column.addWidget(self.keep_button)
        self.hide()

    def show_rows(self, rows: Sequence[Row], hint: str, can_keep: bool) -> None:
        """One line an area; ``hint``: what one may do, or why there is none."""
        while self._grid.count():
            gone = self._grid.takeAt(0).widget()
            gone.hide()
            gone.deleteLater()
        for place, row in enumerate(rows):
            swatch, line = self._swatch(row.colour), self._line(row.words)
            self._grid.addWidget(swatch, place, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(line, place, 1)
            for part in (swatch, line):
                part.show()  # at once: what is measured below is what is shown
        self._said = [row.words for row in rows]
        self.hint.setText(hint)
        self.keep_button.setVisible(can_keep)
        self._stand()
        self.setVisible(bool(rows or hint))

    def text(self) -> str:
        """What it says of the areas, a line each."""
        return "\n".join(self._said)

    def clear(self) -> None:
        self.show_rows([], "", False)

    def _swatch(self, colour: QColor) -> QLabel:
        side = self.fontMetrics().height()
        picture = QPixmap(side, side)
        picture.fill(colour)
        swatch = QLabel()
        swatch.setPixmap(picture)
        return swatch

    def _line(self, words: str) -> PlainLabel:
        line = PlainLabel(words)
        letters = self.fontMetrics().averageCharWidth()
        most = min(WIDEST * letters, self._canvas.width() - 2 * MARGIN - 6 * letters)
        if self.fontMetrics().horizontalAdvance(words) > most:
            line.setWordWrap(True)
            line.setFixedWidth(max(most, 10 * letters))
        return line

    def _stand(self) -> None:
        self.layout().activate()
        self.adjustSize()
        self.move(MARGIN, self._canvas.height() - self.height() - MARGIN)
