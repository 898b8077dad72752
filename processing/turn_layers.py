"""The layer of forbidden turns: a file where that is the same, else the features of the QGIS layer."""

from __future__ import annotations

from typing import Any

import numpy as np
from qgis.core import QgsGeometry, QgsProcessingContext, QgsProcessingException, QgsProcessingUtils, QgsVectorLayer

from ..core.network import RoadSource
from ..core.network.lines import TurnRules
from ..core.network.turn_rules import rules_of_table, table_fields
from ..i18n import tr
from .attributes import plain
from .roads import same_in_gdal


def given_turns(value: Any, context: QgsProcessingContext) -> RoadSource | TurnRules | None:
    """What was given for forbidden turns: a layer, its id, name or source. To be called on the main thread.

    Raises `QgsProcessingException` for what is no layer, `FieldMissing` for a layer that says nothing of turns.
    """
    if not value:
        return None
    layer = value if isinstance(value, QgsVectorLayer) else QgsProcessingUtils.mapLayerFromString(str(value), context)
    if not isinstance(layer, QgsVectorLayer):
        raise QgsProcessingException(tr("“{value}” is no layer of forbidden turns.").format(value=value))
    names = tuple(layer.fields().names())
    come, go = (names.index(name) for name in table_fields(names))
    source = same_in_gdal(layer)
    if source is not None and not source.crs:
        return source
    rows = [
        (plain(feature.attribute(come)), plain(feature.attribute(go)), *_place(feature.geometry()))
        for feature in layer.getFeatures()
    ]
    xy = np.array([row[2:] for row in rows], float).reshape(-1, 2)
    crs = layer.crs().toWkt() if layer.crs().isValid() else ""
    return rules_of_table([row[0] for row in rows], [row[1] for row in rows], xy, crs)


def text_of_turns(turns: RoadSource | TurnRules | None) -> str:
    """How the options of a build name them."""
    return turns.text() if isinstance(turns, RoadSource) else "" if turns is None else "…"


def _place(geometry: QgsGeometry) -> tuple[float, float]:
    if geometry.isNull():
        return np.nan, np.nan
    centre = geometry.centroid().asPoint()
    return centre.x(), centre.y()
