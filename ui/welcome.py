"""First run: a few words, and one click that shows everything on the embedded territory."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from qgis.core import QgsMapLayer, QgsProject, QgsSettings, QgsVectorLayer
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from ..i18n import tr
from ..processing.connections import CONNECTION_PROPERTY, DEMO, DEMONSTRATION, data_folder
from ..processing.styling import apply_style

SEEN = "carto_services_publics/welcome_seen"
DEMO_CATEGORIES = ("la_poste", "pharmacie", "mairie")
_DEMONSTRATION = "demonstration-"
"""How the names of its files begin."""


class Welcome(QFrame):
    """Shown until it is closed once."""

    def __init__(
        self, try_demo: Callable[[], None], start_own: Callable[[], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("CartoServicesPublicsWelcome")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        words = QLabel(
            tr(
                "Welcome. This panel follows the work from left to right: load services, measure who is far from "
                "what, find where to open, propose corrections."
            )
        )
        words.setWordWrap(True)
        words.setTextFormat(Qt.TextFormat.PlainText)
        self.try_button = QPushButton(tr("Try it on the demonstration territory"))
        self.try_button.clicked.connect(self._close_and(try_demo))
        self.own_button = QPushButton(tr("Start with my own"))
        self.own_button.clicked.connect(self._close_and(start_own))
        column = QVBoxLayout(self)
        for widget in (words, self.try_button, self.own_button):
            column.addWidget(widget)
        self.setVisible(not QgsSettings().value(SEEN, False, type=bool))

    def _close_and(self, then: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            QgsSettings().setValue(SEEN, True)
            self.hide()
            then()

        return run


def add_demo_layers() -> dict[str, QgsVectorLayer]:
    """The demonstration territory as layers of the project, those already there used again; the services on top."""
    layers = {}
    for name, title in (
        ("communes", tr("Demonstration – communes")),
        ("routes", tr("Demonstration – roads")),
        ("demande", tr("Demonstration – inhabitants")),
        ("services", tr("Demonstration – services")),
    ):
        source = f"{_own_copy(name)}|layername={name}"
        found = [layer for layer in QgsProject.instance().mapLayers().values() if layer.source().startswith(source)]
        layers[name] = found[0] if found else _made(name, QgsVectorLayer(source, title, "ogr"))
    tree = QgsProject.instance().layerTreeRoot()
    for name in ("routes", "demande"):
        tree.findLayer(layers[name].id()).setItemVisibilityChecked(False)
    return layers


def _made(name: str, layer: QgsVectorLayer) -> QgsVectorLayer:
    """Added to the project once it holds what it will hold: the panel looks at it then."""
    if name == "services":
        codes = ", ".join(f"'{code}'" for code in DEMO_CATEGORIES)
        layer.setSubsetString(f'"categorie" IN ({codes})')
        layer.setCustomProperty(CONNECTION_PROPERTY, DEMONSTRATION)
        apply_style(layer, "services")
    return QgsProject.instance().addMapLayer(layer)


def is_demonstration(layer: QgsMapLayer) -> bool:
    """Whether a layer is of the demonstration territory."""
    return Path(layer.source().partition("|")[0]).name.startswith(_DEMONSTRATION)


def _own_copy(layer: str) -> Path:
    """The demonstration in the user's profile: QGIS writes to the GeoPackages it shows, the plugin's stays as it is.

    One file a layer: in QGIS 3.22 a filter on one layer makes the others of its file fail to open.
    """
    path = data_folder() / f"{_DEMONSTRATION}{layer}.gpkg"
    if not path.is_file() or path.stat().st_mtime < DEMO.stat().st_mtime:
        shutil.copyfile(DEMO, path)
    return path
