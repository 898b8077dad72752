"""Layers whose rows hold from a day (`du`) until another (`au`, empty: still), for QGIS's temporal controller."""

from __future__ import annotations

from qgis.core import Qgis, QgsVectorLayer


def put_in_time(layer: QgsVectorLayer) -> None:
    """Let each row be shown while it holds."""
    temporal = layer.temporalProperties()
    temporal.setMode(Qgis.VectorTemporalMode.FeatureDateTimeStartAndEndFromExpressions)
    temporal.setStartExpression('to_datetime("du")')
    temporal.setEndExpression('coalesce(to_datetime("au"), now())')
    temporal.setIsActive(True)
