"""Figures of other territories, read beside those of the report: national results, or one's own."""

from __future__ import annotations

from qgis.core import QgsFeature, QgsVectorLayer

from ..core.report.similar import Likeness, ZoneOfDensity, likenesses
from .attributes import as_text
from .coverage_layer import served_of, thresholds_of
from .report_inputs import ReportInputError

LEVEL, CODE, GROUP = "niveau", "code", "groupe"
"""Columns of the table `summary` of a national run, whose rows are classes of zones."""


def similar_territories(coverage: QgsVectorLayer, others: QgsVectorLayer, density: str) -> dict[str, list[Likeness]]:
    """For each category, at the longest threshold, the report's coverage beside the ``others``.

    ``density``: the column of the class, in the coverage and in the others, or the level of a national `summary`.
    Raises `ReportInputError` for a layer that is neither a coverage by zone nor such a summary.
    """
    if not density:
        raise ReportInputError("Similar territories need the column of the class of density (DENSITY_FIELD).")
    thresholds = thresholds_of(coverage)
    last = dict([list(thresholds.items())[-1]])
    names = others.fields().names()
    by_level = {LEVEL, CODE} <= set(names)
    wanted = {"categorie", "population", "pop_non_calculee", *(f"pop_au_dela_{text}" for text in last)}
    absent = sorted((wanted | ({LEVEL, CODE} if by_level else {"zone_id", density})) - set(names))
    if absent:
        raise ReportInputError(
            "The figures of similar territories have no column “{names}”: give a coverage by zone with the same "
            "threshold, or the table “summary” of a national run.",
            names="”, “".join(absent),
        )
    here = [_place(row, density, last) for row in coverage.getFeatures()]
    there = [_class(row, last) for row in others.getFeatures() if _is_of(row, density)] if by_level else []
    there = there or [_place(row, density, last) for row in others.getFeatures() if not by_level]
    return likenesses(here, there)


def _place(row: QgsFeature, density: str, thresholds: dict[str, float]) -> ZoneOfDensity:
    served = served_of(row, thresholds)
    return ZoneOfDensity(as_text(row["zone_id"]), as_text(row["categorie"]), as_text(row[density]), served)


def _class(row: QgsFeature, thresholds: dict[str, float]) -> ZoneOfDensity:
    return ZoneOfDensity("", as_text(row["categorie"]), as_text(row[CODE]), served_of(row, thresholds))


def _is_of(row: QgsFeature, level: str) -> bool:
    """Whether a row of a summary is of that level, and of all the people."""
    has_groups = row.fields().lookupField(GROUP) >= 0
    return as_text(row[LEVEL]) == level and not (has_groups and as_text(row[GROUP]))
