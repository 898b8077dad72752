"""What QGIS loads: registers the provider, the menu, the toolbar, the dock and the settings page. Holds no logic."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsApplication, QgsSettings
from qgis.PyQt.QtCore import QCoreApplication, QLocale, Qt
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction

from .i18n import install_translator, tr
from .processing import expressions
from .processing.provider import CartoProvider

ICONS = Path(__file__).resolve().parent / "resources" / "icons"
TITLE = "Carto Services Publics"


def user_language() -> str:
    """The language of the user's QGIS, as two letters."""
    settings = QgsSettings()
    if settings.value("locale/overrideFlag", False, type=bool):
        return str(settings.value("locale/userLocale", "en"))[:2]
    return QLocale.system().name()[:2]


class CartoServicesPublics:
    """The plugin, for a QGIS desktop (``iface``) or for `qgis_process` (no ``iface``)."""

    def __init__(self, iface) -> None:
        self.iface = iface
        self._translator = install_translator(user_language())
        self._provider = None
        self._actions: list[QAction] = []
        self._dock = None
        self._options = None

    def initProcessing(self) -> None:
        """Called alone by `qgis_process`."""
        self._provider = CartoProvider()
        QgsApplication.processingRegistry().addProvider(self._provider)
        expressions.register()

    def initGui(self) -> None:
        """Called by the desktop."""
        from .ui.options import CartoOptionsFactory

        self.initProcessing()
        self._toolbar = self.iface.addToolBar(TITLE)
        self._toolbar.setObjectName("CartoServicesPublicsToolbar")
        panel = self._add_action("plugin", tr("Carto Services Publics panel"), self.toggle_dock)
        panel.setCheckable(True)
        self._add_action("corrections", tr("Propose a correction"), self.propose_correction)
        self._options = CartoOptionsFactory()
        self.iface.registerOptionsWidgetFactory(self._options)

    def unload(self) -> None:
        """Leave nothing behind."""
        for action in self._actions:
            self.iface.removePluginMenu(TITLE, action)
            self._toolbar.removeAction(action)
        self._actions.clear()
        if self._options is not None:
            self.iface.unregisterOptionsWidgetFactory(self._options)
            self._options = None
        if self._dock is not None:
            self.iface.removeDockWidget(self._dock)
            self._dock.deleteLater()
            self._dock = None
        if self.iface is not None and self._toolbar is not None:
            self._toolbar.deleteLater()
            self._toolbar = None
        if self._provider is not None:
            QgsApplication.processingRegistry().removeProvider(self._provider)
            self._provider = None
        expressions.unregister()
        if self._translator is not None:
            QCoreApplication.removeTranslator(self._translator)
            self._translator = None

    def toggle_dock(self, shown: bool) -> None:
        """Show or hide the panel; made the first time it is asked for."""
        if self._dock is None:
            from .ui.dock import CartoDock

            self._dock = CartoDock(self.iface)
            self.iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self._dock)
            self._dock.visibilityChanged.connect(self._actions[0].setChecked)
        self._dock.setVisible(shown)

    def propose_correction(self) -> None:
        """Let the user click the service to correct."""
        from .ui.correction_tool import start_correction_tool

        start_correction_tool(self.iface)

    def _add_action(self, icon: str, text: str, called) -> QAction:
        action = QAction(QIcon(str(ICONS / f"{icon}.svg")), text, self.iface.mainWindow())
        action.setObjectName(f"carto_services_publics_{icon}")
        action.triggered.connect(called)
        self.iface.addPluginToMenu(TITLE, action)
        self._toolbar.addAction(action)
        self._actions.append(action)
        return action
