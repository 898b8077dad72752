"""GROUPS: columns of people of whom the same figures are made, and GROUPS_OUT, where they go."""

from __future__ import annotations

import numpy as np
from qgis.core import QgsFeature

from ..core.access.groups import GroupFigures, PopulationGroup, group_figures, groups_of
from ..core.access.sentences import group_sentence
from ..core.access.weights import MOST_WEIGHT
from ..core.messages import Message, msg
from ..core.population_columns import group_label
from ..core.progress import Progress
from ..i18n import tr, translate_message
from .access_asked import AccessAsked
from .access_inputs import Rows
from .asked import Asked
from .attributes import numbers_of
from .base import CartoAlgorithm
from .qgis_enums import SourceType

COLUMNS = (
    ("groupe", "text"),
    ("categorie", "text"),
    ("seuil", "float"),
    ("population", "float"),
    ("pop_au_dela", "float"),
    ("part_au_dela", "float"),
    ("cout_moyen", "float"),
    ("cout_median", "float"),
    ("ecart", "float"),
    ("pop_non_atteinte", "float"),
    ("pop_non_calculee", "float"),
)


def add_groups(algorithm: CartoAlgorithm, output: bool = True, advanced: bool = False) -> None:
    """The parameter GROUPS, and GROUPS_OUT with ``output``."""
    label = tr("Groups of people (columns of population)")
    algorithm.add_field("GROUPS", label, "DEMAND", number=True, several=True, advanced=advanced)
    if output:
        algorithm.add_output("GROUPS_OUT", tr("Figures by group"), SourceType.Vector, by_default=False)


def in_words(label: Message | str) -> str:
    """What a group is called, in the user's language."""
    return label if isinstance(label, str) else translate_message(label)


def people_in(features: list[QgsFeature], column: str, progress: Progress) -> np.ndarray:
    """The numbers of people (n,) in a column, 0 where there is none; rows with something else are said."""
    people = numbers_of(features, column)
    unusable = ~((people >= 0) & (people <= MOST_WEIGHT))
    if unusable.any():
        progress.warn(
            msg(
                "{count} row has no number of people in “{field}”: it counts for nobody there."
                "|{count} rows have no number of people in “{field}”: they count for nobody there.",
                count=int(unusable.sum()),
                field=column,
            )
        )
    return np.where(unusable, 0.0, people)


def read_groups(asked: Asked, demand: Rows) -> list[PopulationGroup]:
    """All the people, then those of each column of GROUPS."""
    columns = asked.columns("GROUPS")
    return groups_of(demand.weight, {column: people_in(demand.features, column, asked.progress) for column in columns})


class GroupsOutput:
    """GROUPS_OUT: one row a group, category and threshold; the rows of all the people have no group."""

    def __init__(self, asked: AccessAsked, demand: Rows, unit: str) -> None:
        self._table = asked.table("GROUPS_OUT", COLUMNS, style="groups", facts={"unit": unit})
        self._groups = read_groups(asked, demand)
        self._unit, self._progress = unit, asked.progress

    def figures(self, cost: np.ndarray, thresholds: tuple[float, ...], computed: np.ndarray) -> list[GroupFigures]:
        """Of all the people, then of each group; nothing where no group and no table is asked for."""
        if not self._table.wanted and len(self._groups) == 1:
            return []
        return group_figures(self._groups, cost, thresholds, computed)

    def say(self, service: Message | str, threshold: float, figures: list[GroupFigures]) -> None:
        """How far each group is, against all, at the last threshold."""
        for group in figures[1:]:
            share = group.served.share()
            if share is not None:
                everyone = share - float(group.gaps[-1])
                label = group_label(group.name or "")
                self._progress.info(group_sentence(label, share, everyone, threshold, self._unit, service))

    def write(self, category: str, thresholds: tuple[float, ...], figures: list[GroupFigures]) -> None:
        for group in figures:
            served = group.served
            for rank, threshold in enumerate(thresholds):
                self._table.add(
                    [
                        group.name,
                        category or None,
                        threshold,
                        served.population,
                        served.beyond[rank],
                        served.share(rank),
                        group.mean,
                        group.median,
                        group.gaps[rank],
                        served.unreached,
                        served.not_computed,
                    ]
                )
