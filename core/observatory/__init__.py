"""Measures kept over the years: the figures by zone of a question, and how they change."""

from .series import DatePoint, Series, Trend, in_series, trend_of
from .store import (
    AnotherTerritory,
    Figure,
    Kept,
    MeasureKept,
    NewMeasure,
    NotAnObservatory,
    Terms,
    Zone,
    figures_of,
    forget,
    keep,
    kept_measures,
    terms_of,
    zone_names,
)

__all__ = [
    "AnotherTerritory",
    "DatePoint",
    "Figure",
    "Kept",
    "MeasureKept",
    "NewMeasure",
    "NotAnObservatory",
    "Series",
    "Terms",
    "Trend",
    "Zone",
    "figures_of",
    "forget",
    "in_series",
    "keep",
    "kept_measures",
    "terms_of",
    "trend_of",
    "zone_names",
]
