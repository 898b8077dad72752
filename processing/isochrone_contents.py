"""Who lives within isochrones, and which services are in them: the parameters, the columns and the words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from qgis.core import QgsCoordinateReferenceSystem
from shapely import wkb

from ..core.access.contents import Contents, Inhabited, Members, by_ring, overlap
from ..core.access.groups import PopulationGroup
from ..core.columns import column_names
from ..core.messages import msg
from ..core.progress import Progress
from ..i18n import tr
from .access_inputs import Rows, categories_of, read_rows
from .asked import Asked, Columns
from .base import CartoAlgorithm
from .population_groups import add_groups, read_groups

PEOPLE, SERVICES, GROUP, OF_CATEGORY = "population", "nb_services", "groupe_", "nb"
"""Columns: all the people, all the services; before the name of a group's column, and before that of a category."""
MOST_SAID = 6
"""Cutoffs whose people are said in words."""


def add_contents(algorithm: CartoAlgorithm) -> None:
    """DEMAND, DEMAND_WEIGHT, GROUPS, SERVICES and CATEGORY_FIELD, all optional."""
    algorithm.add_layer("DEMAND", tr("People to count inside (places where they live)"), optional=True, advanced=True)
    algorithm.add_field("DEMAND_WEIGHT", tr("Population of each place"), "DEMAND", number=True, advanced=True)
    add_groups(algorithm, output=False, advanced=True)
    algorithm.add_layer("SERVICES", tr("Services to count inside"), optional=True, advanced=True)
    algorithm.add_field("CATEGORY_FIELD", tr("Category of each service"), "SERVICES", advanced=True)


class IsochroneContents:
    """What was asked to be counted, and what each area holds of it; no column where nothing was."""

    def __init__(self, asked: Asked, crs: str) -> None:
        """Reads the layers, in the ``crs`` of the areas."""
        self._progress = asked.progress
        people, services = (_rows(asked, name, crs) for name in ("DEMAND", "SERVICES"))
        groups = read_groups(asked, people) if people is not None else [PopulationGroup(None, np.empty(0))]
        rows = services.features if services is not None else []
        codes, category = categories_of(rows, asked.column("CATEGORY_FIELD")) if rows else ([], np.empty(0, np.int64))
        nowhere = np.empty((0, 2))
        places = (nowhere if found is None else found.xy for found in (people, services))
        people_xy, service_xy = places
        self._ground = Inhabited(people_xy, groups, service_xy, category, len(codes))
        self._weight = groups[0].weight
        self._counts = (people is not None, services is not None)
        self.columns = contents_columns(groups if people is not None else [], codes if services is not None else None)
        self._times: dict[float, np.ndarray] = {}

    def of(self, areas: Mapping[float, bytes], rings: bool) -> dict[float, list[Any]]:
        """The values of the columns for the areas (WKB) of one point, or of several united, by cutoff.

        ``rings``: of what is in no smaller one.
        """
        if not self.columns:
            return {cutoff: [] for cutoff in areas}
        members = {cutoff: self._ground.within(wkb.loads(area)) for cutoff, area in areas.items()}
        for cutoff, held in members.items():
            self._times.setdefault(cutoff, np.zeros(len(self._weight), np.int32))[held.people] += 1
        return {cutoff: self._values(held) for cutoff, held in (by_ring(members) if rings else members).items()}

    def _values(self, members: Members) -> list[Any]:
        return contents_values(self._ground.count(members), *self._counts)

    def say(self) -> None:
        """How many people are in at least one area, in several, in none."""
        for cutoff in sorted(self._times)[-MOST_SAID:] if self._counts[0] else ():
            found = overlap(self._weight, self._times[cutoff])
            self._progress.info(
                msg(
                    "Within {cutoff}: {inside} people in at least one area, {several} of them in several and counted "
                    "in each, {outside} in none.",
                    cutoff=cutoff,
                    inside=round(found.inside),
                    several=round(found.several),
                    outside=round(found.outside),
                )
            )


def _rows(asked: Asked, name: str, crs: str) -> Rows | None:
    """The layer ``name`` in the CRS of the areas, None where none was given; rows that are in no area are said."""
    source = asked.optional_source(name)
    if source is None:
        return None
    weight = asked.column("DEMAND_WEIGHT") if name == "DEMAND" else ""
    rows = read_rows(source, name, QgsCoordinateReferenceSystem(crs), asked.context, Progress(), weight_field=weight)
    if rows.reasons:
        asked.progress.warn(
            msg(
                "{count} row of {name} has no position or no number of people: it is in no area."
                "|{count} rows of {name} have no position or no number of people: they are in no area.",
                count=len(rows.reasons),
                name=name,
            )
        )
    return rows


def contents_columns(groups: Iterable[PopulationGroup], codes: list[str] | None) -> Columns:
    """People of all and of each group where there are some, services and those of each of several categories."""
    people = [(f"{GROUP}{group.name}" if group.name else PEOPLE, "float") for group in groups]
    several = codes if codes is not None and len(codes) > 1 else []
    services = [(SERVICES, "int")] if codes is not None else []
    return (*people, *services, *((name, "int") for name in column_names(OF_CATEGORY, several)))


def contents_values(found: Contents, by_people: bool, by_services: bool) -> list[Any]:
    """The values of those columns: people where there are some, services where there are."""
    people, services = found.people.tolist(), found.services.tolist()
    several = services if len(services) > 1 else []
    return [*(people if by_people else ()), *([sum(services), *several] if by_services else ())]
