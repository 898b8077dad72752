"""The connections in QGIS's browser panel; a double click loads one through the panel."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qgis.core import QgsDataCollectionItem, QgsDataItem, QgsDataItemProvider
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction

from ..core.registry import Connection
from ..i18n import tr
from ..processing.address_parameter import without_key
from ..processing.connections import all_connections
from ..processing.garbage import collected_by_the_main_thread
from ..processing.qgis_enums import BrowserItemState, BrowserItemType, DataItemProviderCapability
from .plain import as_plain

ICON = Path(__file__).resolve().parent.parent / "resources" / "icons" / "plugin.svg"
PATH = "carto_services_publics:/"


class ConnectionsProvider(QgsDataItemProvider):
    """« Services publics » at the root of the browser; ``open_connection`` gets the name of the one chosen."""

    def __init__(self, open_connection: Callable[[str], None]) -> None:
        super().__init__()
        self._open = open_connection

    def name(self) -> str:
        return "carto_services_publics"

    def capabilities(self):
        return DataItemProviderCapability.NetworkSources

    @collected_by_the_main_thread()
    def createDataItem(self, path, parentItem):
        return None if path else _Root(self._open)


class _Root(QgsDataCollectionItem):
    def __init__(self, open_connection: Callable[[str], None]) -> None:
        super().__init__(None, tr("Public services"), PATH, "carto_services_publics")
        self._open = open_connection
        self.setIcon(QIcon(str(ICON)))
        self._items: list[QgsDataItem] = []

    @collected_by_the_main_thread()
    def createChildren(self):
        self._items = [_Item(self, connection, self._open) for connection in all_connections()]
        return self._items


class _Item(QgsDataItem):
    def __init__(self, parent: QgsDataItem, connection: Connection, open_connection: Callable[[str], None]) -> None:
        super().__init__(BrowserItemType.Custom, parent, connection.name, PATH + connection.name)
        self._open = open_connection
        self.setToolTip(as_plain(without_key(connection.url)))
        self.setIcon(QIcon(str(ICON)))
        self.setState(BrowserItemState.Populated)

    def handleDoubleClick(self) -> bool:
        self._open(self.name())
        return True

    def actions(self, parent):
        action = QAction(tr("Load services…"), parent)
        action.triggered.connect(self.handleDoubleClick)
        return [action]
