"""The figures in a layer made by `coveragegaps`, for whoever shows them."""

from __future__ import annotations

import math
import re
from typing import Any, NamedTuple

from qgis.core import QgsFeature, QgsFeatureRequest, QgsVectorLayer

from ..core.access.coverage import Served, together
from ..core.access.sentences import Width
from .attributes import as_text, is_null
from .qgis_enums import FeatureRequestFlag
from .uncertainty import WIDTH

BEYOND = "pop_au_dela_"
ROADS_READ = "lecture_routes"
"""The column that says how the roads were read (`core.network.reading`), the same on every row."""
_THRESHOLD = re.compile(r"[0-9]+([_.][0-9]+)?")


def thresholds_of(coverage: QgsVectorLayer) -> dict[str, float]:
    """The thresholds in minutes, growing, by the text that ends the names of their columns."""
    texts = [name[len(BEYOND) :] for name in coverage.fields().names() if name.startswith(BEYOND)]
    return {text: float(text.replace("_", ".")) for text in texts if _THRESHOLD.fullmatch(text)}


def served_of(row: QgsFeature, thresholds: dict[str, float]) -> Served:
    """The figures of one zone and category; a layer of an earlier version knows nobody who was not computed."""
    names = row.fields().names()
    population, *known = (
        value_of(row[name]) if name in names else 0.0 for name in ("population", "pop_non_calculee", "pop_non_atteinte")
    )
    return Served(population, known[0], known[1], tuple(value_of(row[BEYOND + text]) for text in thresholds))


def roads_read(coverage: QgsVectorLayer) -> str:
    """How the roads were read; empty for a layer of an earlier version, or put together from several."""
    column = coverage.fields().lookupField(ROADS_READ)
    if column < 0:
        return ""
    request = QgsFeatureRequest().setFlags(FeatureRequestFlag.NoGeometry).setSubsetOfAttributes([column])
    found = {as_text(row[ROADS_READ]) for row in coverage.getFeatures(request)}
    return found.pop() if len(found) == 1 else ""


def served_by_category(coverage: QgsVectorLayer) -> dict[str, Served]:
    """The figures of each category over all zones."""
    thresholds = thresholds_of(coverage)
    parts: dict[str, list[Served]] = {}
    for row in coverage.getFeatures():
        parts.setdefault(as_text(row["categorie"]), []).append(served_of(row, thresholds))
    return {category: together(own) for category, own in parts.items()}


class Intervals(NamedTuple):
    """Fewest and most people beyond each threshold, and what makes that wide."""

    ends: tuple[tuple[float, float], ...]
    width: Width


def states_intervals(coverage: QgsVectorLayer) -> bool:
    """Whether the layer gives intervals; one of an earlier version does not."""
    columns = (f"{BEYOND}{text}_{end}" for text in thresholds_of(coverage) for end in ("min", "max"))
    return {*columns, *(name for name, _ in WIDTH)} <= set(coverage.fields().names())


def intervals_of(row: QgsFeature, thresholds: dict[str, float]) -> Intervals:
    """Those of one zone and category, of a layer that `states_intervals`."""
    ends = ((value_of(row[f"{BEYOND}{text}_min"]), value_of(row[f"{BEYOND}{text}_max"])) for text in thresholds)
    moved, unknown, vague = (value_of(row[name]) for name, _ in WIDTH)
    return Intervals(tuple(ends), Width(moved / 100, int(unknown), int(vague)))


def intervals_by_category(coverage: QgsVectorLayer) -> dict[str, Intervals]:
    """Those of each category over all zones; nothing from a layer that does not state them."""
    thresholds, found = thresholds_of(coverage), dict[str, Intervals]()
    for row in coverage.getFeatures() if states_intervals(coverage) else ():
        own, category = intervals_of(row, thresholds), as_text(row["categorie"])
        before = found.get(category, own._replace(ends=((0.0, 0.0),) * len(thresholds)))
        sums = ((low + least, high + most) for (low, high), (least, most) in zip(before.ends, own.ends))
        found[category] = own._replace(ends=tuple(sums))
    return found


class GroupBeyond(NamedTuple):
    """A group beyond a threshold: its column, and its share and that of all (0 to 1)."""

    category: str
    threshold: float
    column: str
    share: float
    everyone: float


def group_shares(table: QgsVectorLayer) -> list[GroupBeyond]:
    """The groups of a GROUPS_OUT of `coveragegaps`; those without share are left out."""
    found = []
    for row in table.getFeatures():
        if not is_null(row["groupe"]) and not is_null(row["ecart"]):
            share = float(row["part_au_dela"])
            of = (as_text(row["categorie"]), float(row["seuil"]), as_text(row["groupe"]))
            found.append(GroupBeyond(*of, share, share - float(row["ecart"])))
    return found


def value_of(attribute: Any) -> float:
    """A number; 0 where there is none."""
    number = 0.0 if is_null(attribute) else float(attribute)
    return number if math.isfinite(number) else 0.0
