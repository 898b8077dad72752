"""The same figures for several groups of people (ages, poor households …) counted at the same places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from .coverage import Coverage, Served, coverage_by_zone
from .weights import exact_weights, unit_of

SAME = 1e-9
"""Relative difference below which a sum of columns is that of another column."""


class PopulationGroup(NamedTuple):
    """Some of the people: ``name`` of their column (None: all), ``weight`` (n,) by place."""

    name: str | None
    weight: np.ndarray


class GroupFigures(NamedTuple):
    """One group and one kind of service: see `Served`; NaN means of those who reach nothing.

    ``gaps`` (t,): share of the group beyond each threshold less the share of all, NaN where either has no share.
    """

    name: str | None
    served: Served
    mean: float
    median: float
    gaps: np.ndarray


def groups_of(weight: np.ndarray, columns: Mapping[str, np.ndarray]) -> list[PopulationGroup]:
    """All the people (n,), then each group, NaN counting as nobody. Sums over places are exact (`exact_weights`).

    Where the groups together are all at every place, their sums are exactly those of all.
    """
    everyone = exact_weights(np.nan_to_num(weight))
    unit = unit_of(float(everyone.sum()))
    groups = {name: _rounded(np.nan_to_num(column), unit) for name, column in columns.items()}
    if len(groups) > 1:
        _settle(everyone, list(groups.values()))
    return [PopulationGroup(None, everyone), *(PopulationGroup(name, column) for name, column in groups.items())]


def _rounded(column: np.ndarray, unit: float) -> np.ndarray:
    unit = max(unit, unit_of(float(column.sum())))
    return np.round(column / unit) * unit if unit else column


def _settle(everyone: np.ndarray, columns: list[np.ndarray]) -> None:
    """Where the columns add up to all but for the noise of their numbers, the largest takes the difference."""
    table = np.array(columns)
    rest = everyone - table.sum(axis=0)
    if (np.abs(rest) <= SAME * np.maximum(everyone, 1)).all():
        largest = table.argmax(axis=0)
        for number, column in enumerate(columns):
            column += np.where(largest == number, rest, 0.0)


def group_figures(
    groups: list[PopulationGroup], cost: np.ndarray, thresholds: tuple[float, ...], computed: np.ndarray | None = None
) -> list[GroupFigures]:
    """Figures of each group, all of them first, from the ``cost`` (n,) of each place; as `coverage_by_zone`."""
    one = np.zeros(len(cost), dtype=np.int64)
    order = np.argsort(cost, kind="stable")  # once for the medians of all groups
    cost, computed = cost[order], None if computed is None else computed[order]
    found = [coverage_by_zone(one, group.weight[order], cost, thresholds, 1, computed) for group in groups]
    return [_figures(group.name, coverage, found[0]) for group, coverage in zip(groups, found)]


def _figures(name: str | None, own: Coverage, everyone: Coverage) -> GroupFigures:
    return GroupFigures(name, own.whole(), float(own.mean[0]), float(own.median[0]), own.share[0] - everyone.share[0])
