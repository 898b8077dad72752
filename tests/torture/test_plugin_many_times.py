"""The plugin loaded and unloaded again and again in one QGIS."""

from __future__ import annotations

import gc
import threading
from collections import Counter

from campaign import Campaign
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QEvent, QThread
from qgis.PyQt.QtWidgets import QAction, QApplication, QDockWidget

GIVEN_AND_TAKEN_BACK = {
    "addPluginToMenu": "removePluginMenu",
    "registerOptionsWidgetFactory": "unregisterOptionsWidgetFactory",
    "registerLocatorFilter": "deregisterLocatorFilter",
    "registerCustomDropHandler": "unregisterCustomDropHandler",
}
TIMES = 50


class Held:
    """What QGIS was given and not given back, by the method that gives it."""

    def __init__(self, iface, monkeypatch) -> None:
        self.count: Counter[str] = Counter()
        for give, take in GIVEN_AND_TAKEN_BACK.items():
            monkeypatch.setattr(iface, give, lambda *_, give=give: self.count.update({give: 1}), raising=False)
            monkeypatch.setattr(iface, take, lambda *_, give=give: self.count.subtract({give: 1}), raising=False)


def living(window) -> dict[str, int]:
    """What a plugin could leave behind in this process."""
    gc.collect()
    QgsApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QgsApplication.processEvents()
    return {
        "providers": len(QgsApplication.processingRegistry().providers()),
        "docks": len(window.findChildren(QDockWidget)),
        "actions": len(window.findChildren(QAction)),
        "windows": len(QApplication.topLevelWidgets()),
        "threads": threading.active_count(),
        "Qt threads": len(QgsApplication.instance().findChildren(QThread)),
    }


def test_fifty_times_leave_nothing_behind(qgis_app, qgis_iface, qgis_processing, monkeypatch):
    from carto_services_publics import classFactory

    held = Held(qgis_iface, monkeypatch)
    campaign = Campaign("charger-decharger")
    registry, window = QgsApplication.processingRegistry(), qgis_iface.mainWindow()
    after: list[dict[str, int]] = []
    for _ in campaign.cases(count=TIMES, seconds=0):
        plugin = classFactory(qgis_iface)
        plugin.initGui()
        plugin.toggle_dock(True)
        assert registry.providerById("cartoservices") is not None and held.count["addPluginToMenu"] > 0
        plugin.unload()
        campaign.wrong += registry.providerById("cartoservices") is not None
        campaign.wrong += sum(held.count.values())
        del plugin
        after.append(living(window))
    second, last = after[1], after[-1]  # the first one loads what stays for the process: modules, icons
    left = {name: (second[name], count) for name, count in last.items() if count > second[name]}
    assert not left and not +held.count, (left, held.count)
    campaign.keep()
