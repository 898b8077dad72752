"""Sentences: the answer of a page, large, above everything else, and the smaller ones."""

from __future__ import annotations

from qgis.PyQt.QtCore import QEvent, Qt
from qgis.PyQt.QtGui import QFontInfo, QPalette
from qgis.PyQt.QtWidgets import QLabel

from ..processing.styling.palette import PAPER, ink_on

LARGER = 1.25
"""How many times the size of the letters around it a heading has."""
RED_ON_LIGHT, RED_ON_DARK = "#a40000", "#ff9a8d"


class Sentence(QLabel):
    """Shown as text whatever it holds; can be selected and copied; takes no room while there is nothing to say."""

    def __init__(self, text: str = "", name: str = "") -> None:
        super().__init__(text)
        self.setObjectName(name)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if not text:
            self.hide()

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setVisible(bool(text))

    def clear(self) -> None:
        self.setText("")


class AnswerLabel(Sentence):
    """Bold, and larger than the rest at whatever size the user reads."""

    def __init__(self, name: str, text: str = "") -> None:
        super().__init__(text, name)
        self.ensurePolished()
        points = LARGER * QFontInfo(self.font()).pointSizeF()
        self.setStyleSheet(f"font-weight: bold; font-size: {points:.1f}pt;")


class WarningLabel(Sentence):
    """What is wrong, in a red that is read on the theme's background."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self._colour()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colour()

    def _colour(self) -> None:
        behind = self.palette().color(QPalette.ColorRole.Window).name()
        style = f"color: {RED_ON_DARK if ink_on(behind) == PAPER else RED_ON_LIGHT};"
        if style != self.styleSheet():
            self.setStyleSheet(style)
