"""What a scenario changes, where: minutes on the map and the table by zone, both following each change."""

from __future__ import annotations

import numpy as np
from qgis.core import QgsRectangle, QgsSettings
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from ..core.coordinates import UnknownCrs
from ..core.siting.live import Effect
from ..i18n import tr
from ..processing.coordinates import project_mover
from ..processing.styling.renderers import category_label
from .live_scenario import LiveScenario
from .map_tools import map_crs
from .scenario_map import ChangesLegend, ChangesOnMap
from .scenario_zones import ZonesTable

SETTING = "carto_services_publics/scenario/minutes_on_map"
AROUND = 1.6
"""How many times as wide as a zone the map that shows it is."""


class ScenarioView(QWidget):
    """Of one service at a time."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__()
        self._canvas = canvas
        self._live: LiveScenario | None = None
        self._effect: tuple[str, Effect] | None = None
        self._people = np.empty((0, 2))
        self._changes: ChangesOnMap | None = None
        self._legend: ChangesLegend | None = None
        self.on_map = QCheckBox(tr("Minutes gained and lost on the map"))
        self.on_map.setChecked(QgsSettings().value(SETTING, True, type=bool))
        self.on_map.toggled.connect(self._choose)
        self.table = ZonesTable()
        self.table.zone_asked.connect(self._show_zone)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.on_map)
        column.addWidget(self.table)
        self.hide()

    def follow(self, live: LiveScenario) -> None:
        """Whose changes are shown from now on."""
        self.leave()
        self._live = live
        self.table.follow(live.zones)
        self._changes, self._legend = ChangesOnMap(self._canvas), ChangesLegend(self._canvas)
        self._place_people()
        self._canvas.destinationCrsChanged.connect(self._map_changed)
        self.show()

    def leave(self) -> None:
        """Nothing is followed any more; nothing of it stays on the map."""
        self.show_effect("", None)
        if self._live is not None:
            self._canvas.destinationCrsChanged.disconnect(self._map_changed)
            self._canvas.scene().removeItem(self._changes)
            self._legend.deleteLater()
        self._live = self._changes = self._legend = None
        self.hide()

    def show_effect(self, category: str, effect: Effect | None) -> None:
        """What a scenario changes for a service; None for nothing."""
        self._effect = None if effect is None else (category, effect)
        self.table.show_changes(None if effect is None else effect.zones)
        self._draw()

    def _draw(self) -> None:
        if self._changes is None:
            return
        if self._effect is None or not self.on_map.isChecked():
            self._changes.hide()
            self._legend.stand(False)
            return
        category, effect = self._effect
        self._changes.show_changes(self._people, effect.change)
        self._changes.show()
        service = category_label(category) if category else tr("Sites without a category")
        self._legend.tell(tr("{service}: minutes, against today").format(service=service))

    def _choose(self, wanted: bool) -> None:
        QgsSettings().setValue(SETTING, wanted)
        self._draw()

    def _map_changed(self) -> None:
        self._place_people()
        self._draw()

    def _place_people(self) -> None:
        crs = self._live.network_crs
        mover = project_mover(crs, map_crs(self._canvas, crs))
        self._people = mover.transform.points(self._live.people)

    def _show_zone(self, box: QgsRectangle) -> None:
        crs = self._live.network_crs
        try:
            shown = project_mover(crs, map_crs(self._canvas, crs)).box(box)
        except UnknownCrs:
            return
        shown.scale(AROUND)
        self._canvas.setExtent(shown)
        self._canvas.refresh()
