"""What all the parts of a national run found, together: costs, baskets, scores and gaps of each place, and figures by
zone and by territory, as one run over all the demand would give them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy import sparse
from shapely.geometry.base import BaseGeometry

from ..access.baskets import basket_access, places_by_need, read_basket
from ..access.costs import CostBlock
from ..access.coverage import Coverage, coverage_by_zone, mean_cost
from ..access.gaps import PointGaps
from ..access.groups import PopulationGroup, groups_of
from ..access.scores import Scores, accessibility, parse_steps, step_decay
from ..messages import Message, msg
from ..thresholds import within
from .plan import TERRITORY, WHOLE, Plan
from .question import Question
from .territory import cost_name, kept_at, pair_names

ZONE = ""
"""Of a line for one zone: no column has this name."""


class Line(NamedTuple):
    """Figures of some places, one category and one group of people.

    Attributes:
        level: what the places are (``ensemble``, ``territoire``, or a column of the zones); `ZONE` for one zone.
        code: which one; None for the rows outside every zone.
        territory: of a zone.
        category: empty where there are no categories, and for the basket.
        group: None for all the people.
        figures: of one place (z = 1).
        score: mean score of the people, NaN where none is asked for.
    """

    level: str
    code: str | None
    territory: str | None
    category: str
    group: str | None
    figures: Coverage
    score: float


class BasketOfAll(NamedTuple):
    """``mean`` (n,) minutes to the services of the basket, NaN where one cannot be reached; ``missing`` (n,) the codes
    of those beyond the threshold, parted by commas, and ``lacking`` (n,) how many (NaN where nothing was computed)."""

    mean: np.ndarray
    missing: np.ndarray
    lacking: np.ndarray


class GapOfAll(NamedTuple):
    """One area of the badly served, as in `access.gaps.Gap`.

    Attributes:
        share: its part of the people computed, NaN where there is nobody.
        mean: minutes, of those of its people who reach something.
        unreached: people who reach nothing.
    """

    rank: int
    category: str
    threshold: float
    geometry: BaseGeometry
    population: float
    share: float
    places: int
    mean: float
    unreached: float


class Answers:
    """What all the parts found, one category at a time in memory."""

    def __init__(self, plan: Plan, question: Question, folder: Path) -> None:
        self._plan, self._asked, self._folder = plan, question, folder
        parts = [self._array(part, "computed") for part in range(plan.parts)]
        self.computed = np.concatenate(parts or [np.empty(0)]).astype(bool)
        seen = np.array([self._array(part, "placed") for part in range(plan.parts)] or [np.empty(0, np.int8)])
        self.placed = seen.max(axis=0)
        self.lost = self._lost()
        self.why = self._why()

    def _why(self) -> np.ndarray:
        """(n,) texts: why a row was not computed, empty where it was. As objects: a few long ones, among many empty."""
        whys = [self._array(part, "why").astype(object) for part in range(self._plan.parts)]
        return np.concatenate(whys or [np.empty(0, object)])

    def _lost(self) -> np.ndarray:
        """(c,) bool: the categories of which every service was looked at, and none is on the roads."""
        count = len(self._plan.words["categories"])
        may = np.bincount(self._plan.category[self.placed != 0], minlength=count)
        return (may == 0) & (np.bincount(self._plan.category, minlength=count) > 0)

    def messages(self) -> Iterator[Message]:
        """What was noticed while the parts were worked on."""
        yield from self._of_roads()
        astray = int(((self.placed == 0) & np.isfinite(self._plan.services_xy).all(axis=1)).sum())
        if astray:
            yield msg(
                "{count} service could not be put on the roads and serves nobody."
                "|{count} services could not be put on the roads and serve nobody.",
                count=astray,
            )
        if self.lost.any():
            codes = ", ".join(self._plan.words["categories"][row] for row in np.flatnonzero(self.lost))
            yield msg("No place could be put on the network of: {names}. Nobody is computed for these.", names=codes)

    def _of_roads(self) -> Iterator[Message]:
        """What was noticed in the roads. Those of several parts are partly the same: the largest count is said.

        Without a count it is true of the roads of its parts; how many these are is said.
        """
        said: dict[tuple[str, str], list[Message]] = {}
        for part in range(self._plan.parts):
            for template, values in json.loads(str(self._array(part, "said"))):
                said.setdefault((template, str(values.get("name"))), []).append(Message(template, values))
        for alike in said.values():
            most = max(alike, key=lambda message: message.values.get("count", 0))
            if "count" in most.values or len(alike) == self._plan.parts:
                yield most
            else:
                yield msg("{some} of {all} parts: {note}", some=len(alike), all=self._plan.parts, note=str(most))

    def cost(self, category: int) -> np.ndarray:
        """(n,) minutes of each row of demand; NaN where none is reached, or within the bound."""
        parts = [self._array(part, cost_name(category)) for part in range(self._plan.parts)]
        return np.concatenate(parts or [np.empty(0)])

    def basket(self) -> BasketOfAll:
        """Access to the basket. The nearest of several categories is the nearest of their nearest."""
        codes = np.array([service.code for service in read_basket(self._asked.basket).services])
        kinds, needs = self._plan.words["categories"], self._needs()
        unknown = self._unknown(needs)
        mean, missing = [np.empty(0)], [np.empty(0, "<U1")]
        count = np.full(len(self._plan.fid), np.nan)
        for part in range(self._plan.parts):
            costs = np.array([self._array(part, cost_name(kind)) for kind in range(len(kinds))])
            unmet = np.full(costs.shape[1], np.nan)
            nearest = [np.fmin.reduce(costs[rows], axis=0) if len(rows) else unmet for rows in needs]
            access = basket_access(np.column_stack(nearest), self._asked.basket_threshold)
            access.missing[:, unknown] = False  # nobody knows if they lack
            computed = self.computed[self._rows(part)]
            lacking = [", ".join(codes[row]) if known else "" for row, known in zip(access.missing, computed.tolist())]
            mean.append(access.mean)
            missing.append(np.array(lacking, dtype=str))
            count[self._rows(part)] = np.where(computed, access.missing.sum(axis=1), np.nan)
        return BasketOfAll(np.concatenate(mean), np.concatenate(missing), count)

    def _needs(self) -> list[np.ndarray]:
        """For each service of the basket, the categories that meet it."""
        kinds = self._plan.words["categories"]
        return places_by_need(read_basket(self._asked.basket), kinds, np.arange(len(kinds)))

    def _unknown(self, needs: list[np.ndarray]) -> np.ndarray:
        """(s,) bool: the services of the basket all of whose categories are lost."""
        return np.array([len(rows) > 0 and bool(self.lost[rows].all()) for rows in needs])

    def scores(self, category: int) -> Scores:
        """Scores towards the services of a category; NaN for the demand that was not computed or has no weight, and
        where the category is lost."""
        counted = self.computed & np.isfinite(self._plan.weight) & ~self.lost[category]
        capacity = np.nan_to_num(self._plan.capacity[self._plan.category == category])
        found = accessibility(
            lambda: self._pairs(category, len(capacity)),
            np.where(counted, self._plan.weight, 0.0),
            capacity,
            step_decay(parse_steps(self._asked.steps)),
        )
        score, reached = (np.where(counted, value, np.nan) for value in (found.score, found.reached))
        return found._replace(score=score, reached=reached)

    def _pairs(self, category: int, services: int) -> Iterator[CostBlock]:
        """The costs within the catchment, a block a part."""
        for part in range(self._plan.parts):
            rows = self._rows(part)
            with np.load(kept_at(self._folder, part), allow_pickle=False) as arrays:
                held = tuple(arrays[name] for name in pair_names(category))
            table = sparse.csr_matrix(held, shape=(rows.stop - rows.start, services))
            yield CostBlock(np.arange(rows.start, rows.stop), np.arange(services), table)

    def gaps(self, land: list[BaseGeometry | None]) -> Iterator[GapOfAll]:
        """The areas of the badly served, of each category and threshold; they end where ``land`` does."""
        plan = self._plan
        rows = np.flatnonzero(self.computed & np.isfinite(plan.weight))
        if not len(rows):
            return
        weight = plan.weight[rows]
        areas, total = PointGaps(plan.xy[rows], weight, self._asked.cell, land), float(weight.sum())
        for number, category in enumerate(plan.words["categories"]):
            cost = self.cost(number)[rows]
            if self.lost[number]:
                continue
            for threshold in self._asked.thresholds:
                for gap in areas.areas(~within(cost, threshold)):
                    mean, unreached = mean_cost(weight[gap.members], cost[gap.members])
                    people = gap.population, gap.population / total if total else np.nan
                    yield GapOfAll(
                        gap.rank, category, threshold, gap.geometry, *people, len(gap.members), mean, unreached
                    )

    def _rows(self, part: int) -> slice:
        return slice(int(self._plan.first[part]), int(self._plan.first[part + 1]))

    def _array(self, part: int, name: str) -> np.ndarray:
        with np.load(kept_at(self._folder, part), allow_pickle=False) as arrays:
            return arrays[name]

    def lines(self) -> Iterator[Line]:
        """All figures: of every zone, then of every territory, of other levels, and of all."""
        plan = self._plan
        counted = np.isfinite(plan.weight)
        groups = groups_of(plan.weight[counted], dict(zip(self._asked.groups, plan.groups[:, counted])))
        levels = self._levels()
        for category, cost, score, known in self._values():
            cost, score = cost[counted], None if score is None else score[counted]
            for level, codes, row, territories in levels:
                for group in groups if level != ZONE else groups[:1]:
                    figures_of = self._coverage(group, row[counted], len(codes), cost, known)
                    mean = self._mean(group, row[counted], len(codes), score)
                    for place, code in enumerate(codes):
                        figures = Coverage._make(column[place : place + 1] for column in figures_of)
                        yield Line(level, code, territories[place], category, group.name, figures, float(mean[place]))

    def _values(self) -> Iterator[tuple[str, np.ndarray, np.ndarray | None, bool]]:
        """Each category, and after them the basket: cost (n,) and score (n,) of each place, and whether it is known."""
        for number, category in enumerate(self._plan.words["categories"]):
            score = self.scores(number).score if self._asked.steps else None
            yield category, self.cost(number), score, not self.lost[number]
        if self._asked.basket:
            yield "", self.basket().mean, None, not self._unknown(self._needs()).any()

    def _coverage(
        self, group: PopulationGroup, row: np.ndarray, places: int, cost: np.ndarray, known: bool
    ) -> Coverage:
        computed = self.computed[np.isfinite(self._plan.weight)] & known
        return coverage_by_zone(row, group.weight, cost, self._asked.thresholds, places, computed)

    def _mean(self, group: PopulationGroup, row: np.ndarray, places: int, score: np.ndarray | None) -> np.ndarray:
        """The mean score of some people in each of ``places``, NaN where none is asked for."""
        if score is None:
            return np.full(places, np.nan)
        computed = self.computed[np.isfinite(self._plan.weight)]
        return coverage_by_zone(row, group.weight, score, (), places, computed).mean

    def _levels(self) -> list[tuple[str, list[str | None], np.ndarray, list[str | None]]]:
        """Each level: its name, its codes, the row of each place of demand among them, the territory of each."""
        plan, words = self._plan, self._plan.words
        zones, outside = [*words["zones"]], (plan.zone < 0).any()
        levels: list = []
        if zones:
            codes = [*zones, *([None] if outside else [])]
            row = np.where(plan.zone < 0, len(zones), plan.zone)
            levels.append((ZONE, codes, row, [*words["territory_of_zones"], None]))
        of_zones = dict(words["levels"])
        if self._asked.territory_field and zones:
            of_zones = {TERRITORY: words["territory_of_zones"], **of_zones}
        elif self._asked.territory_field:
            names = words["territories"]
            levels.append((TERRITORY, [name or None for name in names], plan.territory, [None] * len(names)))
        for level, of_zone in of_zones.items():
            codes, row = np.unique(np.array([*of_zone, ""], dtype=str), return_inverse=True)
            if not outside and "" not in of_zone:
                codes = codes[1:]
                row = row - 1
            levels.append((level, [code or None for code in codes.tolist()], row[plan.zone], [None] * len(codes)))
        levels.append((WHOLE, [None], np.zeros(len(plan.zone), dtype=np.int64), [None]))
        return levels
