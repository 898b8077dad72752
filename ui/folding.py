"""A form that folds into the sentence of what it says."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QIcon, QMouseEvent
from qgis.PyQt.QtWidgets import QApplication, QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from ..i18n import tr
from .answer_label import Sentence


class Folding(QFrame):
    """One line, always shown, and a body under it that a click or a key on the line folds away and back."""

    def __init__(self, body: QWidget, line: str) -> None:
        super().__init__()
        self.body = body
        self.line = Sentence(line)
        self.line.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)  # clicks are the frame's
        self.button = QToolButton()
        self.button.setAutoRaise(True)
        self.button.clicked.connect(self.turn)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        body.setCursor(Qt.CursorShape.ArrowCursor)
        row = QHBoxLayout()
        row.addWidget(self.line, 1)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(body)
        self._dress()

    @property
    def folded(self) -> bool:
        """Whether the line alone is shown."""
        return self.body.isHidden()

    def fold(self, folded: bool = True) -> None:
        """Show the line alone, or the body too; the keyboard stays on what is shown."""
        focused = QApplication.focusWidget()
        if folded and focused is not None and self.body.isAncestorOf(focused):
            self.button.setFocus()
        self.body.setVisible(not folded)
        self._dress()

    def turn(self) -> None:
        """Fold what is unfolded, and the other way."""
        self.fold(not self.folded)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click beside the body; those in it are its own."""
        if self.body.isHidden() or not self.body.geometry().contains(event.pos()):
            self.turn()
        event.accept()

    def _dress(self) -> None:
        words = tr("Change the question") if self.folded else tr("Fold the question away")
        icon = "/mActionToggleEditing.svg" if self.folded else "/mIconCollapse.svg"
        self.button.setIcon(QIcon(QgsApplication.getThemeIcon(icon)))
        self.button.setToolTip(words)
        self.button.setAccessibleName(words)
        self.line.setToolTip(words if self.folded else "")
