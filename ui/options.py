"""« Carto Services Publics » in QGIS's options."""

from __future__ import annotations

from pathlib import Path

from qgis.gui import QgsOptionsPageWidget, QgsOptionsWidgetFactory
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QGroupBox, QVBoxLayout, QWidget

from ..i18n import tr

ICON = Path(__file__).resolve().parent.parent / "resources" / "icons" / "plugin.svg"


class CartoOptionsFactory(QgsOptionsWidgetFactory):
    """Makes the page each time the options are opened."""

    def __init__(self) -> None:
        super().__init__("Carto Services Publics", QIcon(str(ICON)))

    def createWidget(self, parent: QWidget) -> QgsOptionsPageWidget:
        return CartoOptionsPage(parent)


class CartoOptionsPage(QgsOptionsPageWidget):
    """Connections are saved at once, like in QGIS's own source pages; the rest when the user accepts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        from .connections_widget import ConnectionsWidget
        from .looks import PageArea, still_wheel
        from .settings_boxes import CacheBox, ClusterBox, CorrectionsBox, EnginesBox, LogBox, ReportBox, TerritoryBox

        super().__init__(parent)
        self.setObjectName("CartoServicesPublicsOptions")
        self.connections = ConnectionsWidget()
        sources = QGroupBox(tr("Connections"))
        QVBoxLayout(sources).addWidget(self.connections)
        self.engines, self.cache, self.corrections, self.log = EnginesBox(), CacheBox(), CorrectionsBox(), LogBox()
        self.territory, self.cluster, self.report = TerritoryBox(), ClusterBox(), ReportBox()
        boxes = self.engines, self.territory, self.cluster, self.cache, self.report, self.corrections, self.log
        self._fields = [field for box in boxes for field in box.fields]
        inside = QWidget()
        column = QVBoxLayout(inside)
        for box in (sources, *boxes):
            column.addWidget(box)
        column.addStretch()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(PageArea(inside))
        still_wheel(self)

    def isValid(self) -> bool:
        """Whether all can be kept; QGIS asks from 3.24 on. Before, what is unfit is left as it was."""
        return all(field.check() for field in self._fields)

    def apply(self) -> None:
        """Keep what was changed."""
        for field in self._fields:
            field.apply()
        self.corrections.tell_the_panel()
