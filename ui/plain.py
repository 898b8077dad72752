"""Text of others (names, addresses, a server's words) where Qt or QGIS would read it as markup."""

from __future__ import annotations

from html import escape

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QLabel, QWidget


class PlainLabel(QLabel):
    """A label that shows its text letter by letter."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)


def as_plain(text: str) -> str:
    """The text for a tooltip or QGIS's message bar, which guess whether a text is markup: it shows as it is."""
    if not set(text) & set("<&"):
        return text
    lines = escape(text, quote=False).replace("\n", "<br>")
    return f"<qt>{lines}</qt>"
