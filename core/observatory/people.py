"""Whose journeys a measure counts: the column of people it was weighed by, and its words."""

from __future__ import annotations

from ..messages import Message, msg
from ..population_columns import known_group

EACH_PLACE = "*"
"""In place of a column: no column was chosen, every place counts for 1."""


def people_words(population: str) -> Message | str:
    """What is said of `Terms.population`: its own name where it is no known column of Insee's."""
    if not population:
        return msg("population not said")
    if population == EACH_PLACE:
        return msg("places, each of them for 1")
    words = known_group(population)
    return population if words is None else msg("{people} (column {column})", people=words, column=population)
