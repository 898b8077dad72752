"""The isochrones of a place as a layer, as the algorithm `isochrones` writes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qgis.core import QgsCoordinateReferenceSystem, QgsFeature, QgsGeometry, QgsVectorLayer

from ..core.routing.engines import TravelMode
from ..i18n import tr
from ..processing.asked import Columns
from ..processing.isochrones import ADDED
from ..processing.styling import apply_style
from ..processing.table import make_fields
from .layer_boxes import Given, add_results
from .result_groups import PINNED, RESULT_OF, result_groups


def keep_isochrones(
    areas: Mapping[float, QgsGeometry],
    crs: QgsCoordinateReferenceSystem,
    travel: TravelMode,
    engine: str,
    columns: Columns,
    held: Mapping[float, list[Any]],
    circumstances: str,
) -> QgsVectorLayer:
    """Add a layer of ``areas`` by cutoff, in ``crs``; ``held``: by cutoff the values of ``columns``.

    Those kept before stay, and are drawn on.
    """
    layer = QgsVectorLayer("MultiPolygon", tr("Isochrones of a place"), "memory")
    layer.setCrs(crs)
    layer.dataProvider().addAttributes(make_fields(*ADDED, *columns).toList())
    layer.updateFields()
    rows = []
    for cutoff in sorted(areas, reverse=True):
        shape = QgsGeometry(areas[cutoff])
        shape.convertToMultiType()
        row = QgsFeature(layer.fields())
        row.setGeometry(shape)
        row.setAttributes([cutoff, travel.metric, travel.profile, travel.direction, engine, *held.get(cutoff, [])])
        rows.append(row)
    layer.dataProvider().addFeatures(rows)
    layer.updateExtents()
    apply_style(layer, "isochrones", {"metric": travel.metric})
    title = _free_title()
    add_results(Given(title, {"OUTPUT": layer}), ("OUTPUT",), circumstances=circumstances)
    for group in result_groups():
        if group.customProperty(RESULT_OF) == title:
            group.setCustomProperty(PINNED, True)
    return layer


def _free_title() -> str:
    """« Isochrones of a place 2 »: a kind of its own, which no answer replaces."""
    taken = {group.customProperty(RESULT_OF) for group in result_groups()}
    rank = 1
    while (title := tr("Isochrones of a place {rank}").format(rank=rank)) in taken:
        rank += 1
    return title
