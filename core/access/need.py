"""People weighed by their need: take-up by age band, as the French « accessibilité potentielle localisée » does.

Source: Barlet, Coldefy, Collin & Lucas-Gabrielli 2012, « L'accessibilité potentielle localisée », DREES, Études et
recherche 124: the demand is a population « standardisée », each age band weighed by what it takes up, and as many
people in all.

The weights are a table that users edit and that names where they come from, as CSV (semicolons or commas)::

    colonne;poids;source
    ind_65_79;1,4;« the study, its year and table »
    reste;1;

``colonne`` is a column of people of the demand; ``reste`` those of the population in none of the columns named.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..errors import InvalidInput
from ..spreadsheets import typed_table
from .weights import MOST_WEIGHT

REST = "reste"


class NeedError(InvalidInput):
    """Weights by need that cannot be read, or not applied."""


class Need(NamedTuple):
    """The weight of each column of people, that of the others (0 where it is not named), and the source."""

    weights: dict[str, float]
    rest: float
    source: str


def read_need(path: str | Path) -> Need:
    """The table in a CSV file. Raises `NeedError`."""
    try:
        names, rows = typed_table(path)
    except (OSError, csv.Error) as error:
        raise NeedError("The weights by need {path} cannot be read: {reason}", path=path, reason=error) from error
    if not rows or not {"colonne", "poids"} <= set(names):
        raise NeedError("The weights by need {path} need the columns “colonne”, “poids” and “source”.", path=path)
    weights: dict[str, float] = {}
    for row in rows:
        name, weight = row["colonne"], _weight(row["poids"])
        name = REST if name.lower() == REST else name
        if not name or name in weights or weight is None:
            raise NeedError(
                "The weights by need {path}: the row “{row}” has no column, one that another row has, or a weight that "
                "is no number of 0 and more.",
                path=path,
                row=";".join(row.values()),
            )
        weights[name] = weight
    sources = dict.fromkeys(filter(None, (row.get("source", "") for row in rows)))
    if not sources:
        raise NeedError("The weights by need {path} do not say where they come from: fill in “source”.", path=path)
    rest = weights.pop(REST, 0.0)
    return Need(weights, rest, "; ".join(sources))


def _weight(text: str) -> float | None:
    try:
        weight = float(text.replace(",", "."))
    except ValueError:
        return None
    return weight if 0 <= weight <= MOST_WEIGHT else None


def needed(population: np.ndarray, columns: Mapping[str, np.ndarray], need: Need) -> np.ndarray:
    """Standardised people (n,): as many in all as the ``population`` (n,), shared out by need. NaN stays NaN.

    ``columns`` (n,) each: the people of those that the table names. Where together they exceed the population, nobody
    is of the others. Raises `NeedError` where nobody has a need.
    """
    named = sum((columns[name] for name in need.weights), np.zeros(len(population)))
    raw = sum((weight * columns[name] for name, weight in need.weights.items()), np.zeros(len(population)))
    raw = raw + need.rest * np.maximum(population - named, 0.0)
    known = np.isfinite(population)
    total = float(raw[known].sum())
    if not total > 0:
        raise NeedError("With the weights by need, nobody needs anything: check their columns.")
    return np.where(known, raw * (float(population[known].sum()) / total), np.nan)


def exceeded(population: np.ndarray, columns: Mapping[str, np.ndarray]) -> int:
    """At how many places the people of the ``columns`` together are more than the ``population``, by half of one."""
    return int((sum(columns.values(), np.zeros(len(population))) > population + 0.5).sum())
