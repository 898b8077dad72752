"""Measures kept over the years: the figures by zone of a question, and how they change."""

from .people import EACH_PLACE, people_words
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
    people_kept,
    say_population,
    terms_of,
    zone_names,
)

__all__ = [
    "EACH_PLACE",
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
    "people_kept",
    "people_words",
    "say_population",
    "terms_of",
    "trend_of",
    "zone_names",
]
