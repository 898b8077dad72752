"""What the isochrones of a clicked place hold, in words: people, the groups chosen, services by category."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProject,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
)
from shapely import wkb

from ..core.access.contents import Contents, Inhabited
from ..core.access.groups import groups_of
from ..core.access.weights import MOST_WEIGHT
from ..core.population_columns import group_label
from ..i18n import counted, number, tr
from ..processing.access_inputs import categories_of
from ..processing.asked import Columns
from ..processing.attributes import numbers_of
from ..processing.coordinates import Mover
from ..processing.isochrone_contents import contents_columns, contents_values
from ..processing.population_groups import in_words
from ..processing.positions import points_of
from ..processing.styling.renderers import category_label
from .layer_boxes import has_field
from .page_access import AccessPage
from .service_sites import sites_that_count

MOST_CATEGORIES = 5
"""Named for an area, those with the most services first."""


class Ground(NamedTuple):
    """What areas are laid over, in the CRS of the engine, and what its columns are called."""

    inhabited: Inhabited
    groups: list[str]
    categories: list[str]
    has_people: bool
    columns: Columns
    """Of a layer of areas, for `values`."""

    def count(self, areas: Mapping[float, bytes]) -> dict[float, Contents]:
        """What each area (WKB) holds."""
        held = {cutoff: self.inhabited.within(wkb.loads(area)) for cutoff, area in areas.items()}
        return {cutoff: self.inhabited.count(members) for cutoff, members in held.items()}

    def values(self, found: Contents) -> list[Any]:
        """Of the columns of the algorithm `isochrones`."""
        return contents_values(found, self.has_people, bool(self.categories))

    def words(self, found: Contents) -> str:
        """« 3 214 people (people of 80 and more: 210) · 12 services (…) »."""
        parts = []
        if self.has_people:
            everyone, *groups = map(round, found.people.tolist())
            own = ", ".join(f"{label} {number(people)}" for label, people in zip(self.groups, groups))
            people = counted(tr("{count} inhabitant|{count} inhabitants"), everyone)
            parts.append(f"{people} ({own})" if own else people)
        if self.categories:
            counts = sorted(zip(found.services.tolist(), self.categories), key=lambda each: -each[0])
            own = ", ".join(f"{label} {number(count)}" for count, label in counts[:MOST_CATEGORIES] if count and label)
            services = counted(tr("{count} service|{count} services"), int(found.services.sum()))
            parts.append(f"{services} ({own})" if own else services)
        return " · ".join(parts)


def ground_reader(page: AccessPage) -> Callable[[str], Ground] | None:
    """What reads, in a thread, the people and services chosen on the page, in the CRS that it is given.

    To be called by the main thread. None where neither people nor services are chosen.
    """
    demand, services = page.people(), page.services.currentLayer()
    if demand is None and services is None:
        return None
    moment = page.open_at()
    if services is not None and moment:
        services = sites_that_count(services, moment)
    people, sites = _Source.of(demand), _Source.of(services)
    weight, columns = page.weight.currentField(), list(page.groups.checkedItemsData())
    category = "categorie" if services is not None and has_field(services, "categorie") else ""

    def read(crs: str) -> Ground:
        rows, people_xy = people.read(crs) if people else ([], np.empty((0, 2)))
        everyone = _people(numbers_of(rows, weight)) if weight and rows else np.ones(len(rows))
        chosen = columns if rows else []
        groups = groups_of(everyone, {column: _people(numbers_of(rows, column)) for column in chosen})
        places, service_xy = sites.read(crs) if sites else ([], np.empty((0, 2)))
        codes, of_place = categories_of(places, category) if places else ([], np.empty(0, np.int64))
        return Ground(
            Inhabited(people_xy, groups, service_xy, of_place, len(codes)),
            [in_words(group_label(column)) for column in chosen],
            [category_label(code) for code in codes],
            people is not None,
            contents_columns(groups if people is not None else [], codes or None),
        )

    return read


def _people(numbers: np.ndarray) -> np.ndarray:
    return np.where((numbers >= 0) & (numbers <= MOST_WEIGHT), numbers, 0.0)


class _Source:
    """A layer of the project, for a thread to read."""

    def __init__(self, layer: QgsVectorLayer) -> None:
        self._rows, self._crs = QgsVectorLayerFeatureSource(layer), layer.crs()
        self._transforms = QgsProject.instance().transformContext()

    @classmethod
    def of(cls, layer: QgsVectorLayer | None) -> _Source | None:
        return None if layer is None else cls(layer)

    def read(self, crs: str) -> tuple[list, np.ndarray]:
        """Features and positions (n, 2)."""
        mover = Mover(self._crs, QgsCoordinateReferenceSystem(crs), self._transforms)
        return points_of(self._rows.getFeatures(), mover.transform.points)
