"""Where to open sites: maximal covering, set covering, p-median and p-center, each with a proven bound.

Sites already open stay open and count in every objective. Points of weight 0 are nobody and decide nothing.

- `mclp` (Church & ReVelle 1974): the p sites that cover most weight within the threshold.
- `lscp` (Toregas et al. 1971): the fewest sites that cover every point within the threshold.
- `pmedian` (Hakimi 1964): the p sites with the least Σ weight × cost.
- `pcenter` (Hakimi 1964): the p sites whose largest cost is least.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..errors import InvalidInput
from ..messages import Message, msg
from ..progress import Progress
from ..thresholds import within
from . import capacitated, cover, median
from .problem import (
    EXISTING,
    FEASIBLE,
    INFEASIBLE,
    NO_DEMAND,
    NOBODY,
    OPTIMAL,
    Clock,
    Costs,
    NoCandidate,
    Problem,
    Solution,
    TooManyMandatory,
    UnknownModel,
)
from .reductions import merged_demand, undominated

MODELS = ("mclp", "lscp", "pmedian", "pcenter")


class _Choice(NamedTuple):
    """What a model's solver found: candidates chosen, proven bound on the objective, flows where capacities bind."""

    chosen: np.ndarray
    bound: float
    feasible: bool = True
    flow: np.ndarray | None = None


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
    if problem.capacity is not None and model not in ("mclp", "pmedian"):
        raise InvalidInput("Capacities are taken into account by the models mclp and pmedian only.")
    if sites < 0 or threshold < 0 or np.isnan(threshold):
        raise InvalidInput("The number of sites and the threshold cannot be negative.")
    clock = Clock(time_limit, progress or Progress())
    clock.check()
    if not np.any(problem.weight > 0):
        return _nothing(problem, model)
    task = _Task(problem, model, sites, threshold)
    choice = getattr(task, model)(clock)
    return task.solution(choice, clock)


class _Task:
    """One problem prepared for one model: who counts, who may be chosen, what is served already."""

    def __init__(self, problem: Problem, model: str, sites: int, threshold: float) -> None:
        self.problem, self.model = problem, model
        self.limit = threshold if model in ("mclp", "lscp") else np.inf
        costs = problem.costs
        self.costs = _limited(costs, self.limit)
        self.active = problem.weight > 0
        self.existing = np.where(within(problem.existing_cost, self.limit), problem.existing_cost, np.inf)
        if problem.capacity is None:
            self._serve(self.existing, np.flatnonzero(problem.opened))
        self.mandatory = np.flatnonzero(problem.mandatory & ~problem.opened)
        self.free = np.flatnonzero(~problem.mandatory & ~problem.forbidden & ~problem.opened)
        available = len(self.mandatory) + len(self.free)
        if available == 0:
            raise NoCandidate("There is no candidate to choose from: the layer is empty or all are forbidden.")
        if model != "lscp" and len(self.mandatory) > sites:
            raise TooManyMandatory(
                "{count} candidates are mandatory but only {sites} sites may be opened.",
                count=len(self.mandatory),
                sites=sites,
            )
        self.messages: list[Message] = []
        if model != "lscp" and sites > available:
            self.messages.append(
                msg("{sites} sites were asked for; there are only {count} candidates.", sites=sites, count=available)
            )
        self.more = min(sites, available) - len(self.mandatory)
        self.base = self.existing.copy()
        self._serve(self.base, self.mandatory)
        anyone = np.zeros(costs.size, bool)
        for site in self.free if problem.capacity is None else np.flatnonzero(~problem.forbidden):
            anyone[self.costs.demand[self.costs.row(site)]] = True
        self.beyond = self.active & ~anyone & ~np.isfinite(self.base)
        self._served_before = self.active & np.isfinite(self.existing)

    def _serve(self, best: np.ndarray, sites: np.ndarray) -> None:
        for site in sites:
            row = self.costs.row(site)
            demand = self.costs.demand[row]
            best[demand] = np.minimum(best[demand], 0.0 if self.costs.cost is None else self.costs.cost[row])

    # -- the four models ----------------------------------------------------------------------------------------------

    def mclp(self, clock: Clock) -> _Choice:
        weight = self.problem.weight
        if self.problem.capacity is not None:
            return self._with_capacity(self._covering(clock.share(0.5)), clock)
        choice = self._covering(clock)
        return choice._replace(bound=float(weight.sum()) - choice.bound)

    def _covering(self, clock: Clock) -> _Choice:
        """The bound of the choice is on the weight left uncovered."""
        left = self.active & ~np.isfinite(self.base) & ~self.beyond
        uncovered = float(self.problem.weight[self.active & self.beyond].sum())
        reach = self.costs._replace(cost=None).subset(self.free, left)
        merged, weight = merged_demand(reach, self.problem.weight[left])
        kept = undominated(merged)
        if len(kept) < self.more:
            kept = np.arange(merged.candidates)
        task = median.Median(weight, np.ones(merged.size), merged.subset(kept), self.more)
        chosen, _, lower = median.solve(task, clock)
        return _Choice(self._filled(self.free[kept[chosen]], clock), lower + uncovered)

    def pmedian(self, clock: Clock) -> _Choice:
        choice = self._median(clock if self.problem.capacity is None else clock.share(0.5))
        return choice if self.problem.capacity is None else self._with_capacity(choice, clock)

    def _median(self, clock: Clock) -> _Choice:
        task = self._median_task()
        chosen = median.greedy(task, self.more, clock)
        chosen, _ = median.interchange(task, chosen, clock)
        costly = self._too_costly()
        if np.any(task.reached(chosen) >= costly):
            reach = task.costs.subset(np.arange(task.costs.candidates), task.fallback >= costly)
            covering = cover.fewest(reach._replace(cost=None), clock.share(0.5), enough=self.more)
            if covering.chosen is None:
                return _Choice(self._chosen(self.free[chosen]), np.nan, feasible=False)
            chosen = median.fill(task, covering.chosen, self.more, clock)
        chosen, _, lower = median.solve(task, clock, chosen)
        return _Choice(self._chosen(self.free[chosen]), lower)

    def _too_costly(self) -> float:
        """What an unserved point costs: more than any choice that serves everyone, whoever the point is."""
        weight = self.problem.weight[self.active]
        farthest = max(
            float(np.max(self.costs.values(), initial=1.0)),
            float(np.max(self.base[np.isfinite(self.base)], initial=0.0)),
        )
        return farthest * (1.0 + float(weight.sum()) / float(weight.min()))

    def _median_task(self) -> median.Median:
        counted = self.active & ~self.beyond
        fallback = np.where(np.isfinite(self.base), self.base, self._too_costly())[counted]
        reach = self.costs.subset(self.free, counted)
        reach = reach.select(reach.values() < fallback[reach.demand])
        return median.Median(self.problem.weight[counted], fallback, reach, self.more)

    def lscp(self, clock: Clock) -> _Choice:
        left = self.active & ~np.isfinite(self.base) & ~self.beyond
        reach = self.costs._replace(cost=None).subset(self.free, left)
        found = cover.fewest(reach, clock)
        chosen = self._chosen(self.free[found.chosen])
        return _Choice(chosen, len(self.mandatory) + found.bound, feasible=not self.beyond.any())

    def pcenter(self, clock: Clock) -> _Choice:
        counted = self.active & ~self.beyond
        reach = self.costs.subset(self.free, counted)
        found = cover.center(reach, self.base[counted], self.more, clock)
        if found is None:
            choice = self._median(clock.share(0.5))
            return choice._replace(bound=np.nan, feasible=False)
        return _Choice(self._filled(self.free[found.chosen], clock), found.bound)

    def _with_capacity(self, start: _Choice, clock: Clock) -> _Choice:
        problem = self.problem
        counted = self.active & ~self.beyond
        opened = problem.opened | problem.mandatory
        columns = np.concatenate([np.flatnonzero(opened), self.free])
        reach = self.costs.subset(columns, counted)
        weight, capacity = problem.weight[counted], np.asarray(problem.capacity, float)[columns]
        if self.model == "mclp":
            fallback = np.where(np.isfinite(self.existing[counted]), 0.0, 1.0)
            reach = reach._replace(cost=None)
            bound = start.bound - float(problem.weight[self.beyond].sum())
        else:
            fallback = np.where(np.isfinite(self.existing[counted]), self.existing[counted], self._too_costly())
            bound = start.bound if start.feasible else -np.inf
        place = {int(site): position for position, site in enumerate(columns)}
        first = np.array([place[int(site)] for site in start.chosen], np.int64)
        unserved = fallback >= (1.0 if self.model == "mclp" else self._too_costly())
        load = capacitated.Load(reach, weight, fallback, capacity, opened[columns], unserved)
        split = capacitated.solve(load, self.more, first, bound, clock)
        lost = weight - np.bincount(reach.demand, split.flow, len(weight))
        chosen = self._chosen(columns[split.chosen])
        self._split = reach, columns, np.flatnonzero(counted), weight
        load = load._replace(opened=problem.opened[columns])
        ranking = capacitated.ranked(load, [[place[int(site)] for site in chosen]], clock)
        self._ranking = ranking._replace(order=[int(columns[site]) for site in ranking.order])
        total = float(problem.weight[self.active].sum())
        if self.model == "mclp":
            beyond = float(problem.weight[self.beyond].sum())
            return _Choice(chosen, total - beyond - split.bound, flow=split.flow)
        everyone = not np.any(unserved & (lost > 1e-6 * np.maximum(1.0, weight)))
        return _Choice(chosen, split.bound if everyone else np.nan, everyone, split.flow)

    # -- the answer ---------------------------------------------------------------------------------------------------

    def _chosen(self, picked: np.ndarray) -> np.ndarray:
        return np.concatenate([self.mandatory, np.asarray(picked, np.int64)])

    def _filled(self, picked: np.ndarray, clock: Clock) -> np.ndarray:
        """Complete to the number of sites asked for; what comes on top adds what little it can."""
        if len(picked) < self.more:
            position = np.searchsorted(self.free, picked)
            task = self._median_task() if self.costs.cost is not None else None
            if task is None:
                others = np.setdiff1d(self.free, picked)
                picked = np.concatenate([picked, others[: self.more - len(picked)]])
            else:
                picked = self.free[median.fill(task, position, self.more, clock)]
        return self._chosen(picked)

    def solution(self, choice: _Choice, clock: Clock) -> Solution:
        """Everything the user is shown, worked out again from the chosen sites alone."""
        weight = self.problem.weight
        chosen, gains, assignment, cost = self._ranked(choice.chosen)
        if choice.flow is not None:
            chosen, gains = self._ranked_by_load()
        shares = None
        served = self.active & (assignment != NOBODY)
        if choice.flow is not None:
            assignment, cost, shares, served_weight = self._flows(choice.flow)
        else:
            served_weight = np.where(served, weight, 0.0)
        if self.model == "mclp":
            objective = float(served_weight.sum())
        elif self.model == "lscp":
            objective = float(len(chosen))
        elif self.model == "pmedian":
            objective = float(np.nansum(served_weight * cost))
        else:
            objective = float(np.max(cost[served], initial=0.0))
        gain, newly = self._gain_of_all(objective, served, cost, capacity=choice.flow is not None)
        bound = choice.bound
        if self.model == "mclp":
            bound = max(bound, objective) if not np.isnan(bound) else bound
        elif not np.isnan(bound):
            bound = min(bound, objective)
        status = FEASIBLE
        if not choice.feasible or (self.model in ("pmedian", "pcenter", "lscp") and self.beyond.any()):
            status = INFEASIBLE
        elif abs(bound - objective) <= 1e-6 * max(1.0, abs(objective)):
            status, bound = OPTIMAL, objective
        lacking = self.beyond if self.model == "mclp" else self.active & (assignment == NOBODY)
        return Solution(
            self.model,
            chosen,
            gains,
            assignment,
            cost,
            objective,
            gain,
            bound,
            status,
            np.flatnonzero(lacking),
            tuple(self.messages + self._lacks(lacking)),
            shares,
            self.beyond,
            newly,
        )

    def _gain_of_all(
        self, objective: float, served: np.ndarray, cost: np.ndarray, capacity: bool
    ) -> tuple[float, float]:
        """What the chosen sites add to those that are open, in the unit of the objective; the weight newly served.

        A journey that did not exist cannot be shortened: costs are compared for those whom open sites serve already.
        """
        weight, before = self.problem.weight, self._served_before
        if capacity:
            left, nobody = self._ranking.left, self._ranking.nobody
            gain = left[0] - left[-1] if self.model == "mclp" or nobody[0] == 0 else np.nan
            return gain, nobody[0] - nobody[-1]
        newly = float(weight[served & ~np.isfinite(self.existing)].sum())
        if self.model == "lscp":
            return objective, newly
        if self.model == "mclp":
            return objective - float(weight[before].sum()), newly
        if not before.any():
            return np.nan, newly
        if self.model == "pmedian":
            return float(weight[before] @ (self.existing - cost)[before]), newly
        return float(np.max(self.existing[before]) - np.max(cost[before])), newly

    def _ranked_by_load(self) -> tuple[np.ndarray, np.ndarray]:
        """Sites in the order in which each adds most, and what each adds, their capacities counted."""
        left, nobody = np.array(self._ranking.left), np.array(self._ranking.nobody)
        gains = left[:-1] - left[1:]
        if self.model == "pmedian":
            gains[nobody[:-1] > 0] = np.nan
        return np.array(self._ranking.order, np.int64), gains

    def _ranked(self, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Sites in the order in which each adds most, what each adds, and who serves whom at what cost."""
        weight, costs = self.problem.weight, self.costs
        best = self.existing.copy()
        holder = np.where(np.isfinite(best), EXISTING, NOBODY)
        rows = {
            int(site): (
                costs.demand[costs.row(site)],
                np.zeros(costs.row(site).stop - costs.row(site).start)
                if costs.cost is None
                else costs.cost[costs.row(site)].astype(float),
            )
            for site in chosen
        }
        order, gains, left = [], [], sorted(rows)
        while left:
            site = max(left, key=lambda s: _adds(best, weight, self.model, *rows[s]))
            left.remove(site)
            demand, cost = rows[site]
            gains.append(self._gain(best, demand, cost))
            order.append(site)
            better = cost < best[demand]
            best[demand[better]], holder[demand[better]] = cost[better], site
        cost = np.where(np.isfinite(best), best, np.nan)
        if costs.cost is None:
            cost[holder >= 0] = np.nan
        return np.array(order, np.int64), np.array(gains), holder, cost

    def _gain(self, best: np.ndarray, demand: np.ndarray, cost: np.ndarray) -> float:
        weight, before = self.problem.weight, self._served_before
        if self.model in ("mclp", "lscp"):
            fresh = ~np.isfinite(best[demand]) & (weight[demand] > 0)
            return float(weight[demand[fresh]].sum())
        counted = before if before.any() else self.active & ~self.beyond
        if self.model == "pmedian":
            gaining = counted[demand] & (cost < best[demand])
            if not np.isfinite(best[demand[gaining]]).all():
                return np.nan
            return float(weight[demand[gaining]] @ (best[demand] - cost)[gaining])
        after = best.copy()
        after[demand] = np.minimum(after[demand], cost)
        largest = np.max(best[counted], initial=0.0)
        return float(largest - np.max(after[counted], initial=0.0)) if np.isfinite(largest) else np.nan

    def _flows(self, flow: np.ndarray) -> tuple[np.ndarray, np.ndarray, tuple, np.ndarray]:
        """Main site, mean cost, shares and served weight of every point, from the weights carried by the pairs."""
        problem, (reach, columns, points, weight) = self.problem, self._split
        n = problem.costs.size
        used = np.flatnonzero(flow > 1e-9 * max(1.0, float(weight.max(initial=0.0))))
        demand, site, share = points[reach.demand[used]], columns[reach.owner()[used]], flow[used]
        shares = demand, site, share / problem.weight[demand]
        carried = np.bincount(demand, share, n).astype(float)
        rest = np.where(self.active, problem.weight - carried, 0.0)
        served = carried + np.where(np.isfinite(self.existing), rest, 0.0)
        spent = np.bincount(demand, share * self._full_cost(demand, site), n)
        spent = spent + rest * np.where(np.isfinite(self.existing), self.existing, 0.0)
        holder = np.where(np.isfinite(self.existing) & self.active, EXISTING, NOBODY)
        order = np.argsort(share, kind="stable")
        holder[demand[order]] = site[order]
        holder[(carried < rest) & np.isfinite(self.existing)] = EXISTING
        partly = self.active & (served < problem.weight * (1 - 1e-6))
        if self.model == "pmedian":
            holder[partly] = NOBODY
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(served > 0, spent / served, np.nan)
        return holder, mean, shares, served

    def _full_cost(self, demand: np.ndarray, site: np.ndarray) -> np.ndarray:
        costs = self.costs
        if costs.cost is None:
            return np.full(len(demand), np.nan)
        key = costs.owner().astype(np.int64) * costs.size + costs.demand
        return costs.cost[np.searchsorted(key, site * costs.size + demand)].astype(float)

    def _lacks(self, lacking: np.ndarray) -> list[Message]:
        """Say how many cannot be served and why."""
        weight, said = self.problem.weight, []
        beyond = lacking & self.beyond
        if beyond.any() and np.isfinite(self.limit):
            said.append(
                msg(
                    "{count} demand point (weight {weight}) has no candidate or existing site within {threshold}."
                    "|{count} demand points (weight {weight}) have no candidate or existing site within {threshold}.",
                    count=int(beyond.sum()),
                    weight=_rounded(weight[beyond]),
                    threshold=self.limit,
                )
            )
        elif beyond.any():
            said.append(
                msg(
                    "{count} demand point (weight {weight}) cannot be reached from any candidate or existing site."
                    "|{count} demand points (weight {weight}) cannot be reached from any candidate or existing site.",
                    count=int(beyond.sum()),
                    weight=_rounded(weight[beyond]),
                )
            )
        short = lacking & ~self.beyond
        if short.any():
            said.append(
                msg(
                    "{count} demand point (weight {weight}) stays unserved: more sites or capacity would be needed."
                    "|{count} demand points (weight {weight}) stay unserved: more sites or capacity would be needed.",
                    count=int(short.sum()),
                    weight=_rounded(weight[short]),
                )
            )
        return said


def _rounded(weight: np.ndarray) -> float:
    """A sum to be read: people are whole, small weights keep a decimal."""
    total = float(weight.sum())
    return round(total, 0 if total >= 10 else 1)


def _limited(costs: Costs, limit: float) -> Costs:
    if costs.cost is None or np.isinf(limit):
        return costs
    near = within(costs.cost, limit)
    return costs if near.all() else costs.select(near)


def _adds(
    best: np.ndarray, weight: np.ndarray, model: str, demand: np.ndarray, cost: np.ndarray
) -> tuple[float, float]:
    """Weight newly served, then weighted cost saved."""
    fresh = ~np.isfinite(best[demand])
    newly = float(weight[demand[fresh]].sum())
    if model in ("mclp", "lscp"):
        return newly, 0.0
    return newly, float(weight[demand[~fresh]] @ np.maximum(best[demand[~fresh]] - cost[~fresh], 0.0))


def _nothing(problem: Problem, model: str) -> Solution:
    n = problem.costs.size
    holder = np.where(np.isfinite(problem.existing_cost), EXISTING, NOBODY)
    cost = np.where(np.isfinite(problem.existing_cost), problem.existing_cost, np.nan)
    empty = np.empty(0, np.int64)
    said = msg("All demand weights are zero: there is nobody to serve, so no site is proposed.")
    return Solution(
        model, empty, np.empty(0), holder, cost, 0.0, 0.0, 0.0, NO_DEMAND, empty, (said,), None, np.zeros(n, bool)
    )
