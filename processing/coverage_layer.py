"""The figures in a layer made by `coveragegaps`, for whoever shows them."""

from __future__ import annotations

import math
import re
from typing import Any

from qgis.core import QgsFeature, QgsVectorLayer

from ..core.access.coverage import Served, together
from .base import as_text, is_null

BEYOND = "pop_au_dela_"
_THRESHOLD = re.compile(r"[0-9]+([_.][0-9]+)?")


def thresholds_of(coverage: QgsVectorLayer) -> dict[str, float]:
    """The thresholds in minutes, growing, by the text that ends the names of their columns."""
    texts = [name[len(BEYOND) :] for name in coverage.fields().names() if name.startswith(BEYOND)]
    return {text: float(text.replace("_", ".")) for text in texts if _THRESHOLD.fullmatch(text)}


def served_of(row: QgsFeature, thresholds: dict[str, float]) -> Served:
    """The figures of one zone and category; a layer of an earlier version knows nobody who was not computed."""
    names = row.fields().names()
    known = (value_of(row[name]) if name in names else 0.0 for name in ("pop_non_calculee", "pop_non_atteinte"))
    return Served(value_of(row["population"]), *known, tuple(value_of(row[BEYOND + text]) for text in thresholds))


def served_by_category(coverage: QgsVectorLayer) -> dict[str, Served]:
    """The figures of each category over all zones."""
    thresholds = thresholds_of(coverage)
    parts: dict[str, list[Served]] = {}
    for row in coverage.getFeatures():
        parts.setdefault(as_text(row["categorie"]), []).append(served_of(row, thresholds))
    return {category: together(own) for category, own in parts.items()}


def value_of(attribute: Any) -> float:
    """A number; 0 where there is none."""
    number = 0.0 if is_null(attribute) else float(attribute)
    return number if math.isfinite(number) else 0.0
