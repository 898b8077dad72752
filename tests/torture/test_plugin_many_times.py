"""The plugin loaded and unloaded again and again in one QGIS."""

from __future__ import annotations

import gc

from campaign import Campaign
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QEvent
from qgis.PyQt.QtWidgets import QDockWidget

MISSING_IN_THE_STUB = (
    "addPluginToMenu",
    "removePluginMenu",
    "registerOptionsWidgetFactory",
    "unregisterOptionsWidgetFactory",
    "registerLocatorFilter",
    "deregisterLocatorFilter",
    "registerCustomDropHandler",
    "unregisterCustomDropHandler",
)


def test_fifty_times_leave_nothing_behind(qgis_app, qgis_iface, qgis_processing, monkeypatch):
    from carto_services_publics import classFactory

    for name in MISSING_IN_THE_STUB:
        monkeypatch.setattr(qgis_iface, name, lambda *_: None, raising=False)
    campaign = Campaign("charger-decharger")
    registry = QgsApplication.processingRegistry()
    before = len(registry.providers())
    docks = len(qgis_iface.mainWindow().findChildren(QDockWidget))
    for _ in range(50):
        campaign.tried += 1
        plugin = classFactory(qgis_iface)
        plugin.initGui()
        plugin.toggle_dock(True)
        assert registry.providerById("cartoservices") is not None
        plugin.unload()
        campaign.wrong += registry.providerById("cartoservices") is not None
    gc.collect()
    QgsApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert len(registry.providers()) == before
    assert len(qgis_iface.mainWindow().findChildren(QDockWidget)) - docks <= 1
    campaign.keep()
