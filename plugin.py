"""What QGIS loads: registers the provider, the menu, the toolbar, the panel and the options. Holds no logic."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from qgis.core import QgsApplication, QgsProject, QgsSettings
from qgis.PyQt.QtCore import QCoreApplication, QLocale, Qt, QTimer
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction

from .i18n import install_translator, tr
from .processing import expressions
from .processing.garbage import leave_it_to_python
from .processing.lasting import outlive_removals
from .processing.provider import CartoProvider, import_algorithms

if TYPE_CHECKING:
    from .ui.dock import CartoDock
    from .ui.late_start import LateStart

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
        self._take_back: list[Callable[[], object]] = []
        """What `unload` calls, last first: one for each thing given to QGIS."""
        self._dock: CartoDock | None = None
        self._panel_action: QAction | None = None
        self._isochrone_action: QAction | None = None
        self._late: LateStart | None = None

    def initProcessing(self) -> None:
        """Called alone by `qgis_process`."""
        self._take_up_locale()
        self._speak()
        self._add_provider()

    def initGui(self) -> None:
        """Called by the desktop: what shows at once; the rest joins a moment later, so that QGIS starts as fast."""
        from .ui.late_start import LateStart

        self._speak()
        self._take_back.append(leave_it_to_python)
        self._take_back.append(outlive_removals(QgsProject.instance()))
        self._add_toolbar()
        self._add_options()
        self._late = LateStart(_import_the_rest, self._add_the_rest)
        self._take_back.append(self._late.cancel)
        if self._qgis_is_starting():
            self.iface.initializationCompleted.connect(self._late.begin)
        else:
            self._late.finish()

    def _qgis_is_starting(self) -> bool:
        """Whether someone waits for QGIS's window to appear."""
        return hasattr(self.iface, "initializationCompleted") and not self.iface.mainWindow().isVisible()

    def _take_up_locale(self) -> None:
        """What the desktop does before any plugin: numbers, dates and help in the language of the profile."""
        before, language = QLocale(), user_language()
        if before.name()[:2] != language:
            QLocale.setDefault(QLocale(language))
            self._take_back.append(lambda: QLocale.setDefault(before))

    def _speak(self) -> None:
        translator = install_translator(user_language())
        if translator is not None:
            self._take_back.append(lambda: QCoreApplication.removeTranslator(translator))
        expressions.register()
        self._take_back.append(expressions.unregister)

    def _add_provider(self) -> None:
        registry, provider = QgsApplication.processingRegistry(), CartoProvider()
        registry.addProvider(provider)
        self._take_back.append(lambda: registry.removeProvider(provider))

    def _add_the_rest(self) -> None:
        self._add_provider()
        self._add_locator()
        self._add_browser()
        self._add_drop()

    def unload(self) -> None:
        """Leave nothing behind."""
        while self._take_back:
            self._take_back.pop()()

    def toggle_dock(self, shown: bool) -> None:
        """Show or hide the panel."""
        self.dock().setVisible(shown)

    def dock(self) -> CartoDock:
        """The panel; made the first time it is asked for."""
        if self._dock is None:
            self._late.finish()
            from .ui.dock import CartoDock

            self._dock = CartoDock(self.iface)
            self.iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self._dock)
            # Once it is laid out: as wide as its pages ask, and not as narrow as they can be.
            QTimer.singleShot(0, self._widen_dock)
            self._dock.visibilityChanged.connect(self._panel_action.setChecked)
            self._take_back.append(self._remove_dock)
        return self._dock

    def open_connection(self, name: str) -> None:
        """Show the panel on a connection."""
        self.toggle_dock(True)
        self.dock().open_connection(name)

    def propose_correction(self) -> None:
        """Let the user click the service to correct."""
        from .ui.correction_tool import start_correction_tool

        start_correction_tool(self.iface)

    def review_list(self) -> None:
        """Show the panel that holds the user's own list against the referential."""
        from .ui.review_dock import close_review, open_review

        open_review(self.iface)
        self._take_back.append(lambda: close_review(self.iface))

    def show_isochrones(self, wanted: bool) -> None:
        """Let the user click a place to see what is reached from it; put the tool down when not ``wanted``."""
        from .ui.isochrone_tool import start_isochrone_tool, stop_isochrone_tool

        stop_isochrone_tool(self.iface)
        if not wanted:
            return
        self._take_back.append(lambda: stop_isochrone_tool(self.iface))
        if start_isochrone_tool(self.iface, self.dock().access, self._isochrone_action) is None:
            self._isochrone_action.setChecked(False)
            self.toggle_dock(True)
            self.dock().show_access()

    def correct(self, layer_id: str, feature_id: int) -> None:
        """Open the correction form on a service; the action of the layers of services calls it."""
        from .ui.correction_tool import correct_service

        layer = QgsProject.instance().mapLayer(layer_id)
        correct_service(self.iface, layer, layer.getFeature(feature_id))

    def _add_toolbar(self) -> None:
        toolbar = self.iface.addToolBar(TITLE)
        toolbar.setObjectName("CartoServicesPublicsToolbar")
        self._take_back.append(toolbar.deleteLater)
        self._panel_action = self._add_action(toolbar, "plugin", tr("Carto Services Publics panel"), self.toggle_dock)
        self._panel_action.setCheckable(True)
        self._isochrone_action = self._add_action(toolbar, "access", tr("Isochrones of a place"), self.show_isochrones)
        self._isochrone_action.setCheckable(True)
        self._add_action(toolbar, "corrections", tr("Propose a correction"), self.propose_correction)
        self._add_action(toolbar, "review", tr("Match my list with the referential"), self.review_list)

    def _add_action(self, toolbar, icon: str, text: str, called) -> QAction:
        action = QAction(QIcon(str(ICONS / f"{icon}.svg")), text, self.iface.mainWindow())
        action.setObjectName(f"carto_services_publics_{icon}")
        action.triggered.connect(called)
        toolbar.addAction(action)
        self.iface.addPluginToMenu(TITLE, action)
        self._take_back.append(action.deleteLater)
        self._take_back.append(lambda: self.iface.removePluginMenu(TITLE, action))
        return action

    def _add_options(self) -> None:
        from .ui.options import CartoOptionsFactory

        factory = CartoOptionsFactory()
        self.iface.registerOptionsWidgetFactory(factory)
        self._take_back.append(lambda: self.iface.unregisterOptionsWidgetFactory(factory))

    def _add_locator(self) -> None:
        from .ui.locator import ServiceLocator

        locator = ServiceLocator(self.iface)
        self.iface.registerLocatorFilter(locator)
        self._take_back.append(lambda: self.iface.deregisterLocatorFilter(locator))

    def _add_browser(self) -> None:
        from .ui.browser import ConnectionsProvider

        registry, provider = QgsApplication.dataItemProviderRegistry(), ConnectionsProvider(self.open_connection)
        registry.addProvider(provider)
        self._take_back.append(lambda: registry.removeProvider(provider))

    def _add_drop(self) -> None:
        from .ui.drop import ProducerFileDrop

        handler = ProducerFileDrop(self.open_connection)
        self.iface.registerCustomDropHandler(handler)
        self._take_back.append(lambda: self.iface.unregisterCustomDropHandler(handler))

    def _widen_dock(self) -> None:
        if self._dock is not None:
            width = self._dock.sizeHint().width()
            self.iface.mainWindow().resizeDocks([self._dock], [width], Qt.Orientation.Horizontal)

    def _remove_dock(self) -> None:
        from .ui.moderation_dock import close_moderation

        close_moderation(self.iface)
        self._dock.action.scenario.leave()
        self._dock.pins.leave()
        self.iface.removeDockWidget(self._dock)
        self._dock.deleteLater()
        self._dock = None


def _import_the_rest() -> None:
    from .ui import browser, drop, locator  # noqa: F401

    import_algorithms()
