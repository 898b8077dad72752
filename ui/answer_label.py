"""Sentences: the answer of a page, large, above everything else, and the smaller ones."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QFontInfo
from qgis.PyQt.QtWidgets import QLabel

LARGER = 1.25
"""How many times the size of the letters around it a heading has."""
WRONG, WRONG_BEHIND = "#8a0000", "#ffdada"
"""Letters of what is wrong, and what is behind them: always both."""


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
    """What is wrong: dark red on pale red, which no theme makes unreadable."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setMargin(3)
        self.setStyleSheet(f"background-color: {WRONG_BEHIND}; color: {WRONG};")
