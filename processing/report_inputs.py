"""The layers a report is made of, checked and read as columns."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
from qgis.core import QgsFeature, QgsFeatureRequest, QgsVectorLayer

from ..core.columns import column_names
from ..core.errors import InvalidInput
from ..core.progress import Progress
from ..core.report.without_car import DAYS
from .attributes import as_number, as_text
from .qgis_enums import FeatureRequestFlag
from .scenario_changes import COLUMNS as SCENARIO_CHANGES

OF_WITHOUT_CAR = ("WEEK", "MODES", "PLACES")
LAYERS = (
    "COVERAGE",
    "DEMAND",
    "GAPS",
    "SERVICES",
    "BASKET",
    "SITES",
    "TIMETABLE",
    "GROUPS",
    "SIMILAR",
    "SCENARIO",
    "CHANGES",
    *OF_WITHOUT_CAR,
)
NAME_COLUMNS = ("nom", "name", "libelle", "nom_officiel")
ROWS_AT_ONCE = 5000
"""Read between two looks at what happens in the interface."""


class ReportInputError(InvalidInput):
    """A layer that is not what the report needs."""


_READ = {
    "COVERAGE": ("zone_id", "categorie", "population", "cout_moyen"),
    "TIMETABLE": ("categorie", "seuil", "jour", "heure", "part"),
    "SITES": ("rang", "gain"),
    "BASKET": ("manquants",),
    "SCENARIO": (
        *("type", "identifiant", "population", "pop_gagne", "pop_perd", "pop_gagne_acces", "pop_perd_acces"),
        *("cout_moyen_avant", "cout_moyen_apres"),
    ),
    "CHANGES": tuple(name for name, _kind in SCENARIO_CHANGES),
    "WEEK": ("zone_id", "categorie", "population", "pop_non_calculee", *(f"part_{day}" for day in DAYS)),
    "MODES": (
        *("categorie", "seuil", "population", "pop_non_calculee"),
        *("pop_a_pied", "pop_transport", "pop_voiture", "pop_depend_voiture"),
    ),
    "PLACES": ("zone_blanche",),
    "GROUPS": ("groupe", "categorie", "seuil", "population", "pop_au_dela", "part_au_dela", "cout_median", "ecart"),
}
_OF_NUMBERS = {
    "COVERAGE": re.compile(r"pop_.*|part_.*|cout_.*|population"),
    "DEMAND": re.compile(r"cout_.*|population"),
    "TIMETABLE": re.compile(r"seuil|jour|heure|part"),
    "SITES": re.compile(r"rang|gain"),
    "SIMILAR": re.compile(r"pop_.*|population"),
    "SCENARIO": re.compile(r"pop_.*|cout_.*|population"),
    "CHANGES": re.compile(r"distance_m|troncons|minutes_.*"),
    "WEEK": re.compile(r"pop_.*|part_.*|population"),
    "MODES": re.compile(r"seuil|pop_.*|population"),
    "GROUPS": re.compile(r"seuil|population|pop_.*|part_.*|cout_median|ecart"),
}


def cost_columns(categories: Iterable[str]) -> dict[str, str]:
    """The demand's column of minutes to each category, all of them given, as `coveragegaps` names it."""
    codes = sorted(categories)
    return dict(zip(codes, column_names("cout", codes)))


def name_of(feature: QgsFeature) -> str:
    """What a zone or a place is called, empty where no column says it."""
    names = feature.fields().names()
    return next((as_text(feature[column]) for column in NAME_COLUMNS if column in names), "")


def require_columns(layers: dict[str, QgsVectorLayer | None], weight: str = "") -> None:
    """Raise `ReportInputError` for a layer that lacks what the report reads in it, or has text for numbers there.

    ``weight``: the column of people, of those who lack services of a basket too.
    """
    given = {name: layer.fields() for name, layer in layers.items() if layer is not None}
    for name, fields in given.items():
        people = [weight] if weight and name == "BASKET" else []
        for column in (*_READ.get(name, ()), *people):
            if fields.lookupField(column) < 0:
                raise ReportInputError("The layer {name} has no column “{field}”.", name=name, field=column)
        numbers = _OF_NUMBERS.get(name)
        for field in fields:
            is_number = field.name() in people or (numbers is not None and numbers.fullmatch(field.name()))
            if is_number and not field.isNumeric():
                raise ReportInputError(
                    "The column “{field}” of the layer {name} holds text, not numbers.", name=name, field=field.name()
                )


def computed_rows(demand: QgsVectorLayer) -> np.ndarray:
    """(n,) bool: the rows that could be computed."""
    if demand.fields().lookupField("raison") < 0:
        return np.ones(demand.featureCount(), bool)
    request = QgsFeatureRequest().setFlags(FeatureRequestFlag.NoGeometry)
    return np.array([not as_text(row["raison"]) for row in demand.getFeatures(request)], bool)


def read_numbers(layer: QgsVectorLayer, columns: list[str], progress: Progress) -> np.ndarray:
    """(columns, n) float64, NaN for NULL and for a column without a name."""
    places = [layer.fields().lookupField(column) for column in columns]
    request = (
        QgsFeatureRequest()
        .setFlags(FeatureRequestFlag.NoGeometry)
        .setSubsetOfAttributes([place for place in places if place >= 0])
    )
    rows: list[list[float]] = []
    for feature in layer.getFeatures(request):
        if len(rows) % ROWS_AT_ONCE == 0:
            progress.advance(min(1.0, len(rows) / max(layer.featureCount(), 1)))
        values = (feature[place] if place >= 0 else None for place in places)
        rows.append([as_number(value) for value in values])
    return np.array(rows, dtype=float).reshape(-1, len(columns)).T
