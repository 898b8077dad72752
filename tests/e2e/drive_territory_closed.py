"""A territory being fetched, QGIS closed in the middle; and, in the same profile later, gone on with.

`CSP_MOMENT` is `close` or `resume`; what was found goes to `CSP_FIGURES`.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from drive_path import button
from drive_territory import a_mirror_of_the_annuaire
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QDockWidget

SHARE = 35
"""Of the whole work, in percent: roads are being read then."""


def drive(stage):
    window = stage.iface.mainWindow()
    stage.wait(lambda: button(window, "plugin").isVisible(), 10, "the toolbar")
    dock = window.findChild(QDockWidget, "CartoServicesPublicsDock")
    if dock is None or not dock.isVisible():
        stage.click(button(window, "plugin"))
    stage.wait(lambda: window.findChild(QDockWidget, "CartoServicesPublicsDock") is not None, 10, "the panel")
    dock = window.findChild(QDockWidget, "CartoServicesPublicsDock")
    {"close": close_in_the_middle, "resume": go_on}[os.environ["CSP_MOMENT"]](stage, dock)


def close_in_the_middle(stage, dock):
    a_mirror_of_the_annuaire()
    stage.click(dock.welcome.own_button)
    mine = dock.my_territory
    QTest.qWait(700)
    QTest.keyClicks(mine.territory.field, "Marseille")
    QTest.keyClick(mine.territory.field, Qt.Key.Key_Return)
    stage.click(mine.prepare)
    stage.wait(lambda: mine.progress.run is not None, 5, "the beginning")
    stage.wait(lambda: mine.progress.run is None or mine.progress.bar.value() >= SHARE, 120, "the middle")
    assert mine.progress.run is not None, mine.progress.word.text()
    keep(word=mine.progress.word.text(), button=mine.prepare.text())


def go_on(stage, dock):
    mine = dock.my_territory
    if not mine.isVisible():
        stage.click(dock.welcome.own_button if dock.welcome.isVisible() else dock.prepare_button)
    stage.wait(mine.isVisible, 10, "my territory")
    offered, territory = mine.prepare.text(), mine.territory.name()
    stage.click(mine.prepare)
    stage.wait(lambda: mine.progress.run is not None, 5, "the beginning")
    stage.wait(lambda: mine.progress.run is None, 150, "the territory")
    stage.wait(lambda: not mine.isVisible(), 10, mine.progress.word.text())
    stage.wait(lambda: dock.access._found and dock.access.progress.run is None, 60, "the gaps")
    keep(
        button=offered,
        territory=territory,
        words=" ".join(dock.access.answer.text().split()),
        geopackage=str(mine.geopackage()),
    )


def keep(**figures):
    Path(os.environ["CSP_FIGURES"]).write_text(json.dumps(figures), encoding="utf-8")
