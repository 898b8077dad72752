"""NEED: people weighed by what their age, or another column, takes up."""

from __future__ import annotations

from qgis.core import QgsProcessingParameterFile

from ..core.access.need import NeedError, exceeded, needed, read_need
from ..core.messages import msg
from ..i18n import tr
from .access_inputs import Rows
from .asked import Asked
from .base import CartoAlgorithm
from .population_groups import people_in


def add_need(algorithm: CartoAlgorithm) -> None:
    """The parameter NEED."""
    label = tr("Weights by need (CSV: colonne, poids, source)")
    algorithm.add_advanced(QgsProcessingParameterFile("NEED", label, optional=True, extension="csv"))


def by_need(asked: Asked, demand: Rows) -> Rows:
    """The demand with its people weighed by NEED; as it is without one. Raises `NeedError`."""
    path = asked.file("NEED")
    if not path:
        return demand
    if not asked.column("DEMAND_WEIGHT"):
        raise NeedError("Weights by need ask for the population of each place (DEMAND_WEIGHT).")
    need = read_need(path)
    fields = demand.source.fields()
    absent = [name for name in need.weights if fields.lookupField(name) < 0]
    if absent:
        raise NeedError(
            "The demand has no column “{names}”, which the weights by need name.", names="”, “".join(absent)
        )
    one_column = {fields.lookupField(name) for name in need.weights}
    if len(one_column) < len(need.weights):
        raise NeedError("Two rows of the weights by need name one column of the demand; capitals make no difference.")
    columns = {name: people_in(demand.features, name, asked.progress) for name in need.weights}
    weighed = demand._replace(weight=needed(demand.weight, columns, need))
    many = exceeded(demand.weight, columns)
    if many:
        asked.progress.warn(
            msg(
                "At {count} place the columns of the weights by need hold more people than its population: do they "
                "count some twice, or households?"
                "|At {count} places the columns of the weights by need hold more people than their population: do they "
                "count some twice, or households?",
                count=many,
            )
        )
    asked.progress.info(msg("People are weighed by need, as many in all: {source}", source=need.source))
    return weighed
