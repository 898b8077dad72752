"""On the map: which colour is how far, and what each area holds; a button that keeps them as a layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QPixmap
from qgis.PyQt.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout

from ..i18n import tr
from .answer_label import Sentence
from .map_corner import MARGIN, MapCorner
from .plain import PlainLabel

WIDEST = 70
"""Letters of a line, at most."""


class Row(NamedTuple):
    """An area: its colour, and what is said of it."""

    colour: QColor
    words: str


class IsochroneLegend(MapCorner):
    """Hidden until there is something to say."""

    kept = pyqtSignal()
    """The areas shown are wanted as a layer."""

    def __init__(self, canvas: QgsMapCanvas, title: str) -> None:
        super().__init__(canvas)
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
        self._lines: list[PlainLabel] = []
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
        self._lines = [PlainLabel(row.words) for row in rows]
        for place, (row, line) in enumerate(zip(rows, self._lines)):
            swatch = self._swatch(row.colour)
            self._grid.addWidget(swatch, place, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(line, place, 1)
            for part in (swatch, line):
                part.show()  # at once: what is measured is what is shown
        self.hint.setText(hint)
        self.keep_button.setVisible(can_keep)
        self.stand(bool(rows or hint))

    def text(self) -> str:
        """What it says of the areas, a line each."""
        return "\n".join(line.text() for line in self._lines)

    def clear(self) -> None:
        self.show_rows([], "", False)

    def _swatch(self, colour: QColor) -> QLabel:
        side = self.fontMetrics().height()
        picture = QPixmap(side, side)
        picture.fill(colour)
        swatch = PlainLabel()
        swatch.setPixmap(picture)
        return swatch

    def fit(self) -> None:
        """Lines that are too long for the map are broken."""
        letters = self.fontMetrics().averageCharWidth()
        widest = min(WIDEST * letters, self._canvas.width() - 2 * MARGIN - 6 * letters)
        for line in self._lines:
            own = self.fontMetrics().horizontalAdvance(line.text())
            line.setWordWrap(own > widest)
            line.setFixedWidth(max(widest, 10 * letters) if own > widest else line.sizeHint().width())
        self.layout().activate()
        self.adjustSize()
