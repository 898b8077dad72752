"""Figures of a national run by zone and by territory, as one run over all the demand would give them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..access.coverage import Coverage, coverage_by_zone
from ..access.groups import PopulationGroup, groups_of
from .plan import Plan
from .question import Question
from .territory import cost_name, kept_at

WHOLE, TERRITORY = "ensemble", "territoire"


class Line(NamedTuple):
    """Figures of some places, one category and one group of people.

    Attributes:
        level: what the places are (``ensemble``, ``territoire``, or a column of the zones); ``zone`` for one zone.
        code: which one; None for the rows outside every zone.
        territory: of a zone.
        category: empty where there are no categories.
        group: None for all the people.
        figures: of one place (z = 1).
    """

    level: str
    code: str | None
    territory: str | None
    category: str
    group: str | None
    figures: Coverage


class Answers:
    """What all the parts found, one category at a time in memory."""

    def __init__(self, plan: Plan, question: Question, folder: Path) -> None:
        self._plan, self._asked, self._folder = plan, question, folder
        self.computed = np.concatenate([self._array(part, "computed") for part in range(plan.parts)] or [np.empty(0)])
        self.why = np.concatenate([self._array(part, "why") for part in range(plan.parts)] or [np.empty(0, "<U1")])

    def cost(self, category: int) -> np.ndarray:
        """(n,) minutes of each row of demand; NaN where none is reached, or within the bound."""
        parts = [self._array(part, cost_name(category)) for part in range(self._plan.parts)]
        return np.concatenate(parts or [np.empty(0)])

    def _array(self, part: int, name: str) -> np.ndarray:
        with np.load(kept_at(self._folder, part), allow_pickle=False) as arrays:
            return arrays[name]

    def lines(self) -> Iterator[Line]:
        """All figures: of every zone, then of every territory, of other levels, and of all."""
        plan = self._plan
        counted = np.isfinite(plan.weight)
        groups = groups_of(plan.weight[counted], dict(zip(self._asked.groups, plan.groups[:, counted])))
        levels = self._levels()
        for number, category in enumerate(plan.words["categories"]):
            cost = self.cost(number)[counted]
            for level, codes, row, territories in levels:
                for group in groups if level != "zone" else groups[:1]:
                    found = self._coverage(group, row[counted], cost, len(codes), self.computed[counted])
                    for place, code in enumerate(codes):
                        figures = Coverage._make(column[place : place + 1] for column in found)
                        yield Line(level, code, territories[place], category, group.name, figures)

    def _coverage(
        self, group: PopulationGroup, row: np.ndarray, cost: np.ndarray, places: int, computed: np.ndarray
    ) -> Coverage:
        return coverage_by_zone(row, group.weight, cost, self._asked.thresholds, places, computed.astype(bool))

    def _levels(self) -> list[tuple[str, list[str | None], np.ndarray, list[str | None]]]:
        """Each level: its name, its codes, the row of each place of demand among them, the territory of each."""
        plan, words = self._plan, self._plan.words
        names, zones = words["territories"], [*words["zones"]]
        seen, row = np.unique(plan.zone, return_index=True)
        some = {zone: names[territory] for zone, territory in zip(seen.tolist(), plan.territory[row].tolist())}
        levels: list = []
        if zones:
            codes = [*zones, *([None] if (plan.zone < 0).any() else [])]
            row = np.where(plan.zone < 0, len(zones), plan.zone)
            levels.append(("zone", codes, row, [some.get(place) for place in range(len(zones))] + [None]))
        if self._asked.territory_field:
            levels.append((TERRITORY, [name or None for name in names], plan.territory, [*names]))
        for level, of_zone in words["levels"].items():
            codes, row = np.unique(np.array([*of_zone, ""], dtype=str)[plan.zone], return_inverse=True)
            levels.append((level, [code or None for code in codes.tolist()], row, [None] * len(codes)))
        levels.append((WHOLE, [None], np.zeros(len(plan.zone), dtype=np.int64), [None]))
        return levels
