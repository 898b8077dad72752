"""What an area holds: people, some of their groups, services by category.

A place counts whole where its point is, as in every figure of access: a cell or a polygon of people is at a point on
its surface, and is never split. A point on the edge of an area is in it, as a cost equal to a threshold is within it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from shapely.geometry.base import BaseGeometry

from .groups import PopulationGroup
from .zones import PointIndex


class Members(NamedTuple):
    """Rows of the people's places and of the services that an area holds, in growing order."""

    people: np.ndarray
    services: np.ndarray

    def without(self, others: Members) -> Members:
        """Those that the other area does not hold."""
        return Members(*(np.setdiff1d(own, inner, assume_unique=True) for own, inner in zip(self, others)))


class Contents(NamedTuple):
    """``people`` (g,): all, then each group. ``services`` (c,) of each category."""

    people: np.ndarray
    services: np.ndarray


class Inhabited:
    """People and services that areas are laid over. Positions are NaN where there is none: in no area."""

    def __init__(
        self,
        people_xy: np.ndarray,
        groups: list[PopulationGroup],
        service_xy: np.ndarray,
        category: np.ndarray,
        categories: int,
    ) -> None:
        """``groups``: all the people first, weights (n,) by place; ``category`` (s,) in 0 … categories - 1."""
        self._people, self._services = PointIndex(people_xy), PointIndex(service_xy)
        self._weights = np.column_stack([group.weight for group in groups])
        self._category, self._categories = category, categories

    def within(self, area: BaseGeometry) -> Members:
        return Members(self._people.within(area), self._services.within(area))

    def count(self, members: Members) -> Contents:
        """Each place once, with all its weight."""
        services = np.bincount(self._category[members.services], minlength=self._categories)
        return Contents(self._weights[members.people].sum(axis=0), services)


class Overlap(NamedTuple):
    """Of all the people: those in at least one area, those in several, and those in none."""

    inside: float
    several: float
    outside: float


def overlap(weight: np.ndarray, times: np.ndarray) -> Overlap:
    """From how many areas hold each place: ``times`` (n,), ``weight`` (n,)."""
    return Overlap(*(float(weight[chosen].sum()) for chosen in (times > 0, times > 1, times == 0)))


def by_ring(members: Mapping[float, Members]) -> dict[float, Members]:
    """Of areas that lie in one another, by cutoff: what each holds that no smaller one does."""
    found: dict[float, Members] = {}
    inner = Members(np.empty(0, np.int64), np.empty(0, np.int64))
    for cutoff in sorted(members):
        found[cutoff] = members[cutoff].without(inner)
        inner = Members(*(np.union1d(own, before) for own, before in zip(members[cutoff], inner)))
    return found
