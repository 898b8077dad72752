"""« Carto Services Publics » in QGIS's options: connections."""

from __future__ import annotations

from pathlib import Path

from qgis.gui import QgsOptionsPageWidget, QgsOptionsWidgetFactory
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QVBoxLayout, QWidget

ICON = Path(__file__).resolve().parent.parent / "resources" / "icons" / "plugin.svg"


class CartoOptionsFactory(QgsOptionsWidgetFactory):
    """Makes the page each time the options are opened."""

    def __init__(self) -> None:
        super().__init__("Carto Services Publics", QIcon(str(ICON)))

    def createWidget(self, parent: QWidget) -> QgsOptionsPageWidget:
        return CartoOptionsPage(parent)


class CartoOptionsPage(QgsOptionsPageWidget):
    """Connections are saved at once, like in QGIS's own source pages; the rest when the user accepts."""

    def __init__(self, parent: QWidget) -> None:
        from .connections_widget import ConnectionsWidget

        super().__init__(parent)
        self.setObjectName("CartoServicesPublicsOptions")
        layout = QVBoxLayout(self)
        self.connections = ConnectionsWidget()
        layout.addWidget(self.connections)

    def apply(self) -> None:
        """Nothing waits: connections are saved as they are edited."""
