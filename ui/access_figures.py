"""The figures of an answer on gaps, by service, and how they are said."""

from __future__ import annotations

from typing import NamedTuple

from qgis.core import QgsVectorLayer
from qgis.PyQt.QtCore import QLocale

from ..core.access.coverage import Served
from ..core.access.sentences import beyond_sentence
from ..core.categories import UnknownCategory, by_code
from ..core.messages import Message
from ..i18n import tr, translate_message
from ..processing.coverage_layer import Intervals, intervals_by_category, served_by_category, thresholds_of


class GapFigures(NamedTuple):
    """The figures of one category; the texts and minutes of its thresholds; how one travels and when."""

    category: str
    served: Served
    thresholds: dict[str, float]
    how: Message
    intervals: Intervals | None = None

    def percent(self, threshold: str) -> float | None:
        """Of the people computed, those beyond a threshold; None where none is."""
        share = self.served.share(list(self.thresholds).index(threshold))
        return None if share is None else 100 * share


def read_gaps(coverage: QgsVectorLayer, how: Message) -> list[GapFigures]:
    """Each category of a coverage layer, the worst served first (at the longest threshold)."""
    thresholds = thresholds_of(coverage)
    intervals = intervals_by_category(coverage)
    found = [
        GapFigures(code, served, thresholds, how, intervals.get(code))
        for code, served in served_by_category(coverage).items()
    ]
    return sorted(found, key=lambda figures: -figures.served.beyond[-1])


def gap_sentence(figures: GapFigures, threshold: str) -> str:
    """« 8 214 people (10.7 %) are more than 20 min from: France services – by car, places open … »"""
    rank = list(figures.thresholds).index(threshold)
    label = service_label(figures.category)
    said = beyond_sentence(figures.served, rank, figures.thresholds[threshold], label, figures.how)
    return translate_message(said).rstrip(".")


def shown_threshold(threshold: str) -> str:
    return threshold.replace("_", QLocale().decimalPoint())


def service_label(code: str) -> str:
    try:
        return by_code(code).label(QLocale().name())
    except UnknownCategory:
        return code or tr("the services")
