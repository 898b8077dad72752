"""GROUPS: columns of people of whom the same figures are made, and GROUPS_OUT, where they go."""

from __future__ import annotations

from typing import Any

import numpy as np
from qgis.core import QgsFeature, QgsProcessingContext, QgsProcessingParameterField

from ..core.access.groups import GroupFigures, PopulationGroup, group_figures, groups_of
from ..core.access.sentences import group_sentence
from ..core.access.weights import MOST_WEIGHT
from ..core.messages import Message, msg
from ..core.population_columns import group_label
from ..core.progress import Progress
from ..i18n import tr, translate_message
from .access_inputs import Rows, as_number, or_null, put, row_of
from .base import CartoAlgorithm, make_fields
from .qgis_enums import FieldType, SourceType

FIELDS = make_fields(
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


def add_groups(algorithm: CartoAlgorithm, output: bool = True) -> None:
    """The parameter GROUPS, and GROUPS_OUT with ``output``."""
    algorithm.addParameter(
        QgsProcessingParameterField(
            "GROUPS",
            tr("Groups of people (columns of population)"),
            parentLayerParameterName="DEMAND",
            type=FieldType.Numeric,
            allowMultiple=True,
            optional=True,
        )
    )
    if output:
        algorithm.add_output("GROUPS_OUT", tr("Figures by group"), SourceType.Vector, by_default=False)


def in_words(label: Message | str) -> str:
    """What a group is called, in the user's language."""
    return label if isinstance(label, str) else translate_message(label)


def columns_of(algorithm: CartoAlgorithm, parameters: dict[str, Any], name: str, context) -> list[str]:
    """The columns chosen for a parameter that takes several, each once."""
    read = getattr(algorithm, "parameterAsStrings", None) or algorithm.parameterAsFields
    return list(dict.fromkeys(column for column in read(parameters, name, context) if column))


def people_in(features: list[QgsFeature], column: str, progress: Progress) -> np.ndarray:
    """The numbers of people (n,) in a column, 0 where there is none; rows with something else are said."""
    index = features[0].fields().lookupField(column)
    people = np.array([as_number(feature.attribute(index)) for feature in features])
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


def read_groups(
    algorithm, parameters, demand: Rows, context: QgsProcessingContext, progress: Progress
) -> list[PopulationGroup]:
    """All the people, then those of each column of GROUPS."""
    columns = columns_of(algorithm, parameters, "GROUPS", context)
    return groups_of(demand.weight, {column: people_in(demand.features, column, progress) for column in columns})


class GroupsOutput:
    """GROUPS_OUT: one row a group, category and threshold; the rows of all the people have no group."""

    def __init__(
        self,
        algorithm: CartoAlgorithm,
        parameters: dict[str, Any],
        context,
        demand: Rows,
        progress: Progress,
        unit: str,
    ) -> None:
        self._sink = algorithm.add_sink(parameters, "GROUPS_OUT", context, FIELDS, style="groups", facts={"unit": unit})
        self._groups = read_groups(algorithm, parameters, demand, context, progress)
        self._unit, self._progress = unit, progress

    def figures(self, cost: np.ndarray, thresholds: tuple[float, ...], computed: np.ndarray) -> list[GroupFigures]:
        """Of all the people, then of each group; nothing where no group and no table is asked for."""
        if self._sink is None and len(self._groups) == 1:
            return []
        return group_figures(self._groups, cost, thresholds, computed)

    def tell(self, service: Message | str, threshold: float, figures: list[GroupFigures]) -> None:
        """How far each group is, against all, at the last threshold."""
        for group in figures[1:]:
            share = group.served.share()
            if share is not None:
                everyone = share - float(group.gaps[-1])
                label = group_label(group.name)
                self._progress.info(group_sentence(label, share, everyone, threshold, self._unit, service))

    def write(self, category: str, thresholds: tuple[float, ...], figures: list[GroupFigures]) -> None:
        rows = []
        for group in figures:
            served = group.served
            for rank, threshold in enumerate(thresholds):
                attributes = [
                    group.name,
                    category or None,
                    or_null(threshold),
                    served.population,
                    served.beyond[rank],
                    served.share(rank),
                    or_null(group.mean),
                    or_null(group.median),
                    or_null(group.gaps[rank]),
                    served.unreached,
                    served.not_computed,
                ]
                rows.append(row_of(FIELDS, attributes))
        put(self._sink, rows)
