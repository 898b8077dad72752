"""Attributes of features: QGIS's values as Python's, and Python's as columns take them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from qgis.core import QgsFeature
from qgis.PyQt.QtCore import QDate, QDateTime, Qt, QTime, QVariant


def is_null(value: Any) -> bool:
    """Whether an attribute holds nothing (None, or QGIS's NULL)."""
    return value is None or (isinstance(value, QVariant) and value.isNull())


def as_text(value: Any) -> str:
    """An attribute as text: NULL is empty, a whole number has no decimals, dates and times are ISO 8601."""
    if is_null(value):
        return ""
    if isinstance(value, (QDate, QTime, QDateTime)):
        return value.toString(Qt.DateFormat.ISODate)
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def as_number(value: Any) -> float:
    """A number from an attribute; NaN for NULL and for what is not a number."""
    if is_null(value):
        return np.nan
    try:
        return float(value)
    except (TypeError, ValueError):
        return np.nan


def plain(value: Any) -> Any:
    """An attribute without Qt's own types: NULL is None, dates and times are ISO 8601 text."""
    if is_null(value):
        return None
    return as_text(value) if isinstance(value, (QDate, QTime, QDateTime)) else value


def text_of(feature: QgsFeature, column: str) -> str:
    """A column as text, empty where the feature has none of that name."""
    return as_text(feature[column]).strip() if feature.fields().lookupField(column) >= 0 else ""


def numbers_of(features: Sequence[QgsFeature], column: str) -> np.ndarray:
    """(n,) the numbers of a column that the features have, NaN for NULL and for what is not a number."""
    index = features[0].fields().lookupField(column) if features else -1
    return np.array([as_number(feature.attribute(index)) for feature in features], dtype=float)


def or_null(value: float) -> float | None:
    """A number for a column: NULL where it is unknown."""
    return float(value) if np.isfinite(value) else None
