"""The panel: four pages, in the order of the work."""

from __future__ import annotations

from typing import TypeVar

from qgis.core import Qgis, QgsCoordinateReferenceSystem
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtGui import QKeySequence
from qgis.PyQt.QtWidgets import QDockWidget, QHBoxLayout, QPushButton, QTabWidget, QVBoxLayout, QWidget

from ..i18n import tr
from .layer_boxes import project_map
from .looks import PageArea, ScrolledPage, still_wheel
from .my_territory import THRESHOLDS, MyTerritory, Ready
from .page_access import AccessPage
from .page_action import ActionPage
from .page_corrections import CorrectionsPage
from .page_referential import ReferentialPage
from .result_groups import Pins, toggle_clean_map
from .results_keeper import ResultsKeeper
from .welcome import Welcome, add_demo_layers

Page = TypeVar("Page", bound=QWidget)


class CartoDock(QDockWidget):
    """« Carto Services Publics » beside the map."""

    def __init__(self, iface) -> None:
        super().__init__("Carto Services Publics", iface.mainWindow())
        self.setObjectName("CartoServicesPublicsDock")
        self.pages = QTabWidget()
        self.referential = self._add_page(ReferentialPage(iface), tr("Referential"))
        self.access = self._add_page(AccessPage(iface), tr("Access"))
        self.action = self._add_page(ActionPage(iface, self.access, self.referential.territory.name), tr("Act"))
        self.corrections = self._add_page(CorrectionsPage(iface), tr("Corrections"))
        self.my_territory = MyTerritory(self.use_territory, self.referential.categories.codes)
        self.welcome = Welcome(self.try_demo, self.show_my_territory)
        self.prepare_button = QPushButton(tr("My territory…"))
        self.prepare_button.setToolTip(
            tr("Fetch roads, people and services of your territory, or bring them up to date.")
        )
        self.prepare_button.clicked.connect(self.show_my_territory)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.welcome)
        self.clean_button = QPushButton(tr("Clean map"))
        self.clean_button.setToolTip(tr("Hide the results, or show the latest again (Ctrl+Shift+J)"))
        self.clean_button.setShortcut(QKeySequence("Ctrl+Shift+J"))
        self.clean_button.clicked.connect(toggle_clean_map)
        row = QHBoxLayout()
        row.addWidget(self.prepare_button, 1)
        row.addWidget(self.clean_button)
        column.addLayout(row)
        column.addWidget(self.my_territory)
        column.addWidget(self.pages)
        self.setWidget(content)
        self._iface = iface
        self.results_keeper = ResultsKeeper(iface, self)
        self.pins = Pins(iface, self)
        still_wheel(self)

    def try_demo(self) -> None:
        """Load the demonstration territory and show who is badly served there."""
        layers = add_demo_layers()
        project_map(QgsCoordinateReferenceSystem("EPSG:2154"))
        self._iface.setActiveLayer(layers["communes"])
        self._iface.zoomToActiveLayer()
        self.show_access()
        self.access.choose(layers["services"], layers["demande"], layers["communes"], layers["routes"], "foot", "10,20")
        self.access.run_gaps()

    def show_my_territory(self) -> None:
        """Open « Mon territoire », or fold it away."""
        self.my_territory.setVisible(not self.my_territory.isVisible())
        if self.my_territory.isVisible():
            self.my_territory.territory.field.setFocus()

    def use_territory(self, ready: Ready) -> None:
        """Fill in the page of access with a prepared territory, and show who is badly served there."""
        layers = ready.layers
        project_map(layers["communes"].crs())
        self._iface.setActiveLayer(layers["communes"])
        self._iface.zoomToActiveLayer()
        self.show_access()
        self.access.choose(
            layers["services"], layers["demande"], layers["communes"], layers["routes"], ready.profile, THRESHOLDS
        )
        self.access.network_file.setFilePath(ready.network)
        self.action.scenario.follow_new_data()
        if ready.kept:
            words = tr("What was there before is kept: {names}.").format(names=", ".join(ready.kept))
            self._iface.messageBar().pushMessage("", words, Qgis.MessageLevel.Info)
        QTimer.singleShot(0, self.access.run_gaps)

    def show_access(self) -> None:
        """Show the page that says who is how far from what."""
        self.pages.setCurrentIndex(1)

    def open_connection(self, name: str) -> None:
        """Show the page of the referential, on a connection."""
        self.pages.setCurrentIndex(0)
        self.referential.fill_sources()
        self.referential.source.setCurrentText(name)

    def _add_page(self, page: Page, title: str) -> Page:
        self.pages.addTab(page if isinstance(page, ScrolledPage) else PageArea(page), title)
        return page
