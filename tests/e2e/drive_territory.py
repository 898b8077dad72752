"""From the zip to a map of gaps of one's own territory, by mouse and keyboard, at services that spoil half of it.

`CSP_ARCHIVE` is the zip, `CSP_ANNUAIRE` the address of the Annuaire; the WFS is the administrator's setting. What was
found goes to `CSP_FIGURES`.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from drive_path import button, install
from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QDockWidget

MOST_CLICKS = 6
A_KEY_MS = 60
"""Between two keys of a quick hand: without it nine searches are one work."""


def drive(stage):
    window = stage.iface.mainWindow()
    window.resize(1480, 920)
    install(stage)
    a_mirror_of_the_annuaire()
    stage.wait(lambda: button(window, "plugin").isVisible(), 10, "the toolbar")
    stage.clicks = 0
    with stage.film("mon-territoire"):
        _my_territory(stage, window)


def _my_territory(stage, window):
    stage.click(button(window, "plugin"))
    dock = window.findChild(QDockWidget, "CartoServicesPublicsDock")
    stage.wait(dock.isVisible, 10, "the panel")
    stage.start_heartbeat()
    stage.click(dock.welcome.own_button)
    mine = dock.my_territory
    assert window.focusWidget() is mine.territory.field
    QTest.qWait(700)  # a hand takes longer from the mouse to the keys
    QTest.keyClicks(mine.territory.field, "Marseille", Qt.KeyboardModifier.NoModifier, A_KEY_MS)
    stage.frame()
    QTest.keyClick(mine.territory.field, Qt.Key.Key_Return)
    mine.territory.field.completer().popup().hide()  # a person's key goes to the list, which then closes
    stage.wait(lambda: "BD TOPO" in mine.status.text(), 60, "what will be fetched")
    silences = {"counting": (stage.longest_hold, stage.longest_silence)}
    stage.shot("mon-territoire")
    stage.start_heartbeat()
    stage.click(mine.prepare)
    stage.wait(lambda: mine.progress.run is not None, 5, "the beginning")
    mine.progress.run.ended.connect(lambda _run: silences.update(preparing=(stage.longest_hold, stage.longest_silence)))
    stage.wait(lambda: mine.progress.run is None, 150, "the territory")
    stage.start_heartbeat()
    stage.wait(lambda: not mine.isVisible(), 10, mine.progress.word.text())
    stage.wait(lambda: dock.access._found and dock.access.progress.run is None, 60, "the gaps")
    silences |= {"showing": (stage.longest_hold, stage.longest_silence)}
    print("clicks", stage.clicks, "silences", silences)
    assert stage.clicks <= MOST_CLICKS
    keep_figures(stage, dock, silences)
    stage.wait_for_map()
    stage.shot("mon-territoire-carte")
    assert stage.iface.activeLayer() is not None


def a_mirror_of_the_annuaire():
    from carto_services_publics.core.registry import Connection
    from carto_services_publics.processing.connections import ANNUAIRE, save_connection

    save_connection(Connection(ANNUAIRE, "annuaire", os.environ["CSP_ANNUAIRE"]))


def keep_figures(stage, dock, silences):
    from carto_services_publics.core.access.coverage import together

    layers = {layer.source().rpartition("layername=")[2]: layer for layer in QgsProject.instance().mapLayers().values()}
    (found, *_others) = dock.access._found
    served = together([found.served])
    figures = {
        "words": " ".join(dock.access.answer.text().split()),
        "population": served.population,
        "clicks": stage.clicks,
        "silences": silences,
        "geopackage": str(layers["routes"].source().partition("|")[0]),
        "network": dock.access.network_file.filePath(),
    }
    Path(os.environ["CSP_FIGURES"]).write_text(json.dumps(figures), encoding="utf-8")
