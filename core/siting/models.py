"""Where to open sites: maximal covering, set covering, p-median and p-center, each with a proven bound.

Sites already open stay open and count in every objective. Points of weight 0 are nobody and decide nothing.

- `mclp` (Church & ReVelle 1974): the p sites that cover most weight within the threshold.
- `lscp` (Toregas et al. 1971): the fewest sites that cover every point within the threshold.
- `pmedian` (Hakimi 1964): the p sites with the least Σ weight × cost.
- `pcenter` (Hakimi 1964): the p sites whose largest cost is least.
"""

from __future__ import annotations

import numpy as np

from ..errors import InvalidInput
from ..progress import Progress
from . import capacitated, cover, median
from .answer import nothing_to_serve, solution
from .model import Assignment, Carried, Gains, LocationModel, SiteChoice
from .problem import Clock, Costs, Problem, Solution, UnknownModel
from .reductions import merged_demand, undominated
from .task import Task


class MaximalCover(LocationModel):
    """`mclp`: the greatest weight served."""

    covers = True
    serves_everyone = False
    takes_capacities = True

    def choose(self, task: Task, clock: Clock) -> SiteChoice:
        """See `LocationModel.choose`."""
        weight, capacities = task.problem.weight, task.problem.capacity is not None
        chosen, uncovered = self._covering(task, clock.share(0.5) if capacities else clock)
        lost = float(weight[task.beyond].sum())
        if not capacities:
            return SiteChoice(chosen, float(weight.sum()) - (uncovered + lost))
        counted = task.counted
        reached = np.isfinite(task.existing[counted])
        split = _with_capacities(
            task, task.costs._replace(cost=None), np.where(reached, 0.0, 1.0), ~reached, (chosen, uncovered), clock
        )
        return SiteChoice(split.chosen, float(weight[task.active].sum()) - lost - split.bound, carried=split)

    def _covering(self, task: Task, clock: Clock) -> tuple[np.ndarray, float]:
        """The sites, and a bound on the weight left uncovered of those whom some site can serve."""
        merged, weight = merged_demand(
            task.costs._replace(cost=None).subset(task.free, task.waiting), task.problem.weight[task.waiting]
        )
        kept = undominated(merged)
        if len(kept) < task.more:
            kept = np.arange(merged.candidates)
        program = median.Median(weight, np.ones(merged.size), merged.subset(kept), task.more)
        chosen, _, lower = median.solve(program, clock)
        return task.filled(task.free[kept[chosen]], clock), lower

    def objective(self, task: Task, served: Assignment) -> float:
        """The weight served."""
        return float(served.weight.sum())

    def gain(self, task: Task, served: Assignment) -> float:
        """The weight that no open site served."""
        return self.objective(task, served) - float(task.problem.weight[task.served_before].sum())


class SetCover(LocationModel):
    """`lscp`: the fewest sites that serve everyone."""

    covers = True
    counts = False

    def choose(self, task: Task, clock: Clock) -> SiteChoice:
        """See `LocationModel.choose`."""
        found = cover.fewest(task.costs._replace(cost=None).subset(task.free, task.waiting), clock)
        chosen = task.with_mandatory(task.free[found.chosen])
        return SiteChoice(chosen, len(task.mandatory) + found.bound, feasible=not task.beyond.any())

    def objective(self, task: Task, served: Assignment) -> float:
        """The number of sites."""
        return float(len(served.chosen))

    def gain(self, task: Task, served: Assignment) -> float:
        """Their number too: all of them are new."""
        return self.objective(task, served)


class PMedian(LocationModel):
    """`pmedian`: the least sum of weighted costs."""

    takes_capacities = True

    def choose(self, task: Task, clock: Clock) -> SiteChoice:
        """See `LocationModel.choose`."""
        if task.problem.capacity is None:
            return _least_total(task, clock)
        start = _least_total(task, clock.share(0.5))
        existing = task.existing[task.counted]
        fallback = np.where(np.isfinite(existing), existing, task.too_costly)
        nobody = fallback >= task.too_costly
        first = start.chosen, start.bound if start.feasible else -np.inf
        split = _with_capacities(task, task.costs, fallback, nobody, first, clock, everybody=True)
        everyone = not np.any(nobody & (split.lost() > 1e-6 * np.maximum(1.0, split.load.weight)))
        ruled_out = split.ruled_out or start.ruled_out
        return SiteChoice(split.chosen, split.bound if everyone else np.nan, everyone, split, ruled_out)

    def objective(self, task: Task, served: Assignment) -> float:
        """Σ weight × cost of those who are served."""
        return float(np.nansum(served.weight * served.cost))

    def gain(self, task: Task, served: Assignment) -> float:
        """What those save whom open sites served."""
        before = task.served_before
        return float(task.problem.weight[before] @ (task.existing - served.cost)[before]) if before.any() else np.nan

    def gain_of(self, gains: Gains, demand: np.ndarray, cost: np.ndarray) -> float:
        """What a site saves; NaN where it is the first to serve somebody."""
        gaining = gains.counted[demand] & (cost < gains.best[demand])
        if not np.isfinite(gains.best[demand[gaining]]).all():
            return np.nan
        return float(gains.weight[demand[gaining]] @ (gains.best[demand] - cost)[gaining])


class PCenter(LocationModel):
    """`pcenter`: the least largest cost."""

    def choose(self, task: Task, clock: Clock) -> SiteChoice:
        """See `LocationModel.choose`."""
        reach = task.costs.subset(task.free, task.counted)
        found = cover.center(reach, task.base[task.counted], task.more, clock)
        if found is None:
            least = _least_total(task, clock.share(0.5))
            bound = cover.least_center(reach, task.base[task.counted]) if least.feasible else np.nan
            return least._replace(bound=bound)
        return SiteChoice(task.filled(task.free[found.chosen], clock), found.bound)

    def objective(self, task: Task, served: Assignment) -> float:
        """The largest cost."""
        return float(np.max(served.cost[served.who], initial=0.0))

    def gain(self, task: Task, served: Assignment) -> float:
        """By how much it falls, of those whom open sites served."""
        before = task.served_before
        return float(np.max(task.existing[before]) - np.max(served.cost[before])) if before.any() else np.nan

    def gain_of(self, gains: Gains, demand: np.ndarray, cost: np.ndarray) -> float:
        """By how much the largest cost falls with a site; NaN where somebody was not served."""
        after = gains.best.copy()
        after[demand] = np.minimum(after[demand], cost)
        largest = np.max(gains.best[gains.counted], initial=0.0)
        return float(largest - np.max(after[gains.counted], initial=0.0)) if np.isfinite(largest) else np.nan


_MODELS: dict[str, LocationModel] = {
    "mclp": MaximalCover(),
    "lscp": SetCover(),
    "pmedian": PMedian(),
    "pcenter": PCenter(),
}
MODELS = tuple(_MODELS)
COVERING = tuple(name for name, model in _MODELS.items() if model.covers)
"""Those for which a place is served within the threshold, or not at all."""


def solve(
    problem: Problem,
    model: str,
    sites: int = 1,
    threshold: float = np.inf,
    time_limit: float = 60.0,
    progress: Progress | None = None,
) -> Solution:
    """Choose ``sites`` candidates (mandatory ones included; `lscp` finds how many) within ``time_limit`` seconds.

    ``threshold`` is the farthest cost that covers, for `mclp` and `lscp`; a cost equal to it covers.
    Raises `UnknownModel`, `InvalidInput`, `NoCandidate`, `TooManyMandatory`, `Cancelled`.
    """
    if model not in MODELS:
        raise UnknownModel(
            "The model “{model}” is unknown; choose among {models}.", model=model, models=", ".join(MODELS)
        )
    asked = _MODELS[model]
    if problem.capacity is not None and not asked.takes_capacities:
        raise InvalidInput("Capacities are taken into account by the models mclp and pmedian only.")
    if sites < 0 or threshold < 0 or np.isnan(threshold):
        raise InvalidInput("The number of sites and the threshold cannot be negative.")
    clock = Clock(time_limit, progress or Progress())
    clock.check()
    if not np.any(problem.weight > 0):
        return nothing_to_serve(problem, model)
    task = Task.of(problem, sites if asked.counts else None, threshold if asked.covers else np.inf)
    return solution(model, asked, task, asked.choose(task, clock))


def _least_total(task: Task, clock: Clock) -> SiteChoice:
    """The p sites of the least Σ weight × cost that serve everyone, where there are such sites."""
    program = task.median()
    chosen = median.greedy(program, task.more, clock)
    chosen, _ = median.interchange(program, chosen, clock)
    if np.any(program.reached(chosen) >= task.too_costly):
        reach = program.costs.subset(np.arange(program.costs.candidates), program.fallback >= task.too_costly)
        covering = cover.fewest(reach._replace(cost=None), clock.share(0.5), enough=task.more)
        if covering.chosen is None:
            chosen, ruled_out = task.with_mandatory(task.free[chosen]), covering.bound > task.more
            return SiteChoice(chosen, np.nan, feasible=False, ruled_out=ruled_out)
        chosen = median.fill(program, covering.chosen, task.more, clock)
    chosen, _, lower = median.solve(program, clock, chosen)
    return SiteChoice(task.with_mandatory(task.free[chosen]), lower)


def _with_capacities(
    task: Task,
    costs: Costs,
    fallback: np.ndarray,
    nobody: np.ndarray,
    start: tuple[np.ndarray, float],
    clock: Clock,
    *,
    everybody: bool = False,
) -> Carried:
    """The sites when each can serve only so much, from a ``start`` and its bound without capacities.

    ``fallback`` and ``nobody``, as in `capacitated.Load`, of the points that are counted; ``everybody`` as in
    `capacitated.solve`.
    """
    problem, counted = task.problem, task.counted
    opened = problem.opened | problem.mandatory
    columns = np.concatenate([np.flatnonzero(opened), task.free])
    load = capacitated.Load(
        costs=costs.subset(columns, counted),
        weight=problem.weight[counted],
        fallback=fallback,
        capacity=np.asarray(problem.capacity, float)[columns],
        opened=opened[columns],
        nobody=nobody,
    )
    place = {int(site): position for position, site in enumerate(columns)}
    first = np.array([place[int(site)] for site in start[0]], np.int64)
    split = capacitated.solve(load, task.more, first, start[1], clock, everybody=everybody)
    chosen = task.with_mandatory(columns[split.chosen])
    ranking = capacitated.ranked(
        load._replace(opened=problem.opened[columns]), [[place[int(site)] for site in chosen]], clock
    )
    ranking = ranking._replace(order=[int(columns[site]) for site in ranking.order])
    return Carried(chosen, split.bound, load, columns, np.flatnonzero(counted), split.flow, ranking, split.ruled_out)
