"""What lies in the lower left corner of the map, and stays in sight there: QGIS's messages are at the top."""

from __future__ import annotations

from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QEvent, QObject
from qgis.PyQt.QtWidgets import QFrame

MARGIN = 10
"""Pixels from the edges of the map, and between one and the next."""


class MapCorner(QFrame):
    """Each stands on those that came before it, and all follow the size of the map."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        canvas.installEventFilter(self)

    def fit(self) -> None:
        """Take the size that the words want, on the map as it is."""
        self.adjustSize()

    def stand(self, shown: bool) -> None:
        """Show it in its place, or hide it; the others make room."""
        if shown:
            self.fit()
        self.setVisible(shown)
        stack(self._canvas)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self.fit()
            stack(self._canvas)
        return False


def stack(canvas: QgsMapCanvas) -> None:
    """Put those that are shown one on another; where the map is too low for all, none leaves it by the top."""
    bottom = canvas.height()
    for corner in canvas.findChildren(MapCorner):
        if not corner.isHidden():
            bottom -= corner.height() + MARGIN
            corner.move(MARGIN, max(bottom, 0))
