"""Which columns of a layer of roads are speeds and directions: proposed, shown, changed."""

from __future__ import annotations

from qgis.core import QgsMapLayer, QgsVectorLayer
from qgis.PyQt.QtWidgets import QFormLayout, QWidget

from ..i18n import tr
from ..processing.roads import proposed_fields
from .layer_boxes import field_box


class RoadFields(QWidget):
    """Two choices of columns; there is nothing to choose where the network is a file or its source is known.

    What is proposed counts at once; empty = no column, so that roads take the speed of their class, both ways.
    """

    def __init__(self) -> None:
        super().__init__()
        self._layer: QgsMapLayer | None = None
        self._profile = "car"
        self.speed = field_box(tr("Speed (km/h)"))
        self.direction = field_box(tr("Direction"))
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        for box in (self.speed, self.direction):
            form.addRow(box.accessibleName(), box)
        self.hide()

    def follow(self, layer: QgsMapLayer | None, profile: str) -> None:
        """Propose columns of another layer or for another way of travelling; those chosen of the same stay."""
        if layer is self._layer and profile == self._profile:
            return
        self._layer, self._profile = layer, profile
        roads = layer if isinstance(layer, QgsVectorLayer) else None
        found = proposed_fields(roads, profile) if roads is not None else None
        for box, name in ((self.speed, found and found.speed), (self.direction, found and found.direction)):
            box.setLayer(roads if found is not None else None)
            box.setField(name or "")
        self.setVisible(found is not None)

    def chosen(self) -> dict[str, str | None]:
        """The parameters of the algorithms."""
        return {
            "SPEED_FIELD": self.speed.currentField() or None,
            "DIRECTION_FIELD": self.direction.currentField() or None,
        }
