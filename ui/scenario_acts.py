"""What one does to the places of a scenario; each act is one step that is undone and done again."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from qgis.core import QgsFeature, QgsGeometry, QgsPointXY, QgsVectorLayer

from ..i18n import counted, tr
from ..processing.attributes import as_text
from .layer_boxes import has_field
from .scenario_layers import scenario_name

HOURS = "horaires"


def add_places(layer: QgsVectorLayer, places: list[tuple[QgsPointXY, str, str]]) -> None:
    """New rows: position in the layer's CRS, category, name."""
    fields = layer.fields()
    with _one_act(layer, counted(tr("Add {count} place|Add {count} places"), len(places))):
        for place, category, name in places:
            feature = QgsFeature(fields)
            feature.setGeometry(QgsGeometry.fromPointXY(place))
            values = {
                "categorie": category,
                "scenario": scenario_name(layer),
                "nom": name,
                "id": str(uuid.uuid4()),
            }
            for column, value in values.items():
                if value and fields.lookupField(column) >= 0:
                    feature.setAttribute(column, value)
            layer.addFeature(feature)


def move_place(layer: QgsVectorLayer, feature: int, place: QgsPointXY) -> None:
    """The first point of a place goes to a position in the layer's CRS, what is around it with it."""
    shape = QgsGeometry(layer.getFeature(feature).geometry())
    here = shape.vertexAt(0)
    shape.translate(place.x() - here.x(), place.y() - here.y())
    with _one_act(layer, tr("Move a place")):
        layer.changeGeometry(feature, shape)


def close_place(layer: QgsVectorLayer, feature: int) -> None:
    """The place is not in the scenario any more."""
    with _one_act(layer, tr("Close a place")):
        layer.deleteFeature(feature)


def hours_of(layer: QgsVectorLayer, feature: int) -> str:
    """The `opening_hours` text of a place, empty when unknown."""
    return as_text(layer.getFeature(feature)[HOURS]) if has_field(layer, HOURS) else ""


def set_hours(layer: QgsVectorLayer, feature: int, hours: str) -> None:
    """Other hours, as an `opening_hours` text; nothing where they are the same."""
    if hours != hours_of(layer, feature):
        with _one_act(layer, tr("Change hours")):
            layer.changeAttributeValue(feature, layer.fields().lookupField(HOURS), hours)


@contextmanager
def _one_act(layer: QgsVectorLayer, words: str) -> Iterator[None]:
    """What is done inside is undone by one step, that ``words`` name."""
    if not layer.isEditable():
        layer.startEditing()
    layer.beginEditCommand(words)
    try:
        yield
    except BaseException:
        layer.destroyEditCommand()
        raise
    layer.endEditCommand()
    layer.triggerRepaint()
