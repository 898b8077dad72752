"""From the sites that a model chose to everything the user is shown, worked out again from the sites alone."""

from __future__ import annotations

import numpy as np

from ..messages import Message, msg
from .model import Assignment, Carried, Gains, LocationModel, SiteChoice
from .problem import (
    EXISTING,
    FEASIBLE,
    INFEASIBLE,
    NO_DEMAND,
    NOBODY,
    OPTIMAL,
    UNDECIDED,
    Costs,
    Problem,
    Solution,
)
from .task import Task


def solution(name: str, model: LocationModel, task: Task, choice: SiteChoice) -> Solution:
    """The solution that ``choice`` is."""
    served = _ranked(model, task, choice.chosen)
    if choice.carried is not None:
        served = _by_load(model, task, choice.carried, served.who)
    objective = model.objective(task, served)
    gain, newly = _gain(model, task, choice, served)
    bound = choice.bound
    if not np.isnan(bound):
        bound = min(bound, objective) if model.serves_everyone else max(bound, objective)
    status, undecided = FEASIBLE, not (choice.feasible or choice.ruled_out)
    if model.serves_everyone and task.beyond.any():
        status = INFEASIBLE
    elif not choice.feasible:
        status = UNDECIDED if undecided else INFEASIBLE
    elif abs(bound - objective) <= 1e-6 * max(1.0, abs(objective)):
        status, bound = OPTIMAL, objective
    lacking = task.active & (served.assignment == NOBODY) if model.serves_everyone else task.beyond
    return Solution(
        model=name,
        chosen=served.chosen,
        gains=served.gains,
        assignment=served.assignment,
        cost=served.cost,
        objective=objective,
        gain=gain,
        bound=bound,
        status=status,
        unserved=np.flatnonzero(lacking),
        messages=(*_too_few(task), *_lacks(task, lacking, served.weight, undecided)),
        shares=served.shares,
        beyond=task.beyond,
        newly=newly,
        undecided=undecided,
    )


def nothing_to_serve(problem: Problem, name: str) -> Solution:
    """The solution where all weights are 0."""
    there = np.isfinite(problem.existing_cost)
    empty = np.empty(0, np.int64)
    return Solution(
        model=name,
        chosen=empty,
        gains=np.empty(0),
        assignment=np.where(there, EXISTING, NOBODY),
        cost=np.where(there, problem.existing_cost, np.nan),
        objective=0.0,
        gain=0.0,
        bound=0.0,
        status=NO_DEMAND,
        unserved=empty,
        messages=(msg("All demand weights are zero: there is nobody to serve, so no site is proposed."),),
        beyond=np.zeros(problem.costs.size, bool),
    )


# -- who serves whom --------------------------------------------------------------------------------------------------


def _ranked(model: LocationModel, task: Task, chosen: np.ndarray) -> Assignment:
    """Sites in the order in which each adds most, what each adds, and who serves whom at what cost."""
    weight = task.problem.weight
    best = task.existing.copy()
    holder = np.where(np.isfinite(best), EXISTING, NOBODY)
    before = task.served_before
    counted = before if before.any() else task.counted
    costs, number = task.costs_of(chosen)
    rows = {int(site): _row(costs, int(row)) for site, row in zip(chosen, number)}
    order, gains, left = [], [], sorted(rows)
    while left:
        site = max(left, key=lambda s: _adds(model, best, weight, *rows[s]))
        left.remove(site)
        demand, cost = rows[site]
        gains.append(model.gain_of(Gains(best, weight, counted), demand, cost))
        order.append(site)
        better = cost < best[demand]
        best[demand[better]], holder[demand[better]] = cost[better], site
    cost = np.where(np.isfinite(best), best, np.nan)
    if costs.cost is None:
        cost[holder >= 0] = np.nan
    who = task.active & (holder != NOBODY)
    return Assignment(np.array(order, np.int64), np.array(gains), holder, cost, np.where(who, weight, 0.0), who)


def _row(costs: Costs, site: int) -> tuple[np.ndarray, np.ndarray]:
    """The points that a site reaches, and the costs."""
    row = costs.row(site)
    demand = costs.demand[row]
    return demand, np.zeros(len(demand)) if costs.cost is None else costs.cost[row].astype(float)


def _adds(
    model: LocationModel, best: np.ndarray, weight: np.ndarray, demand: np.ndarray, cost: np.ndarray
) -> tuple[float, float]:
    """Weight newly served, then weighted cost saved."""
    fresh = ~np.isfinite(best[demand])
    newly = float(weight[demand[fresh]].sum())
    if model.covers:
        return newly, 0.0
    return newly, float(weight[demand[~fresh]] @ np.maximum(best[demand[~fresh]] - cost[~fresh], 0.0))


def _by_load(model: LocationModel, task: Task, carried: Carried, who: np.ndarray) -> Assignment:
    """Main site, mean cost, shares and served weight of every point, from the weights carried by the pairs."""
    problem, load, flow = task.problem, carried.load, carried.flow
    n, there = problem.costs.size, np.isfinite(task.existing)
    used = np.flatnonzero(flow > 1e-9 * max(1.0, float(load.weight.max(initial=0.0))))
    demand, site = carried.points[load.costs.demand[used]], carried.columns[load.costs.owner()[used]]
    share = flow[used]
    by_site = np.bincount(demand, share, n).astype(float)
    rest = np.where(task.active, problem.weight - by_site, 0.0)
    weight = by_site + np.where(there, rest, 0.0)
    spent = np.bincount(demand, share * _full_cost(task.costs, demand, site), n)
    spent = spent + rest * np.where(there, task.existing, 0.0)
    holder = np.where(there & task.active, EXISTING, NOBODY)
    order = np.argsort(share, kind="stable")
    holder[demand[order]] = site[order]
    holder[(by_site < rest) & there] = EXISTING
    if model.serves_everyone:
        holder[task.active & (weight < problem.weight * (1 - 1e-6))] = NOBODY
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(weight > 0, spent / weight, np.nan)
    left, nobody = np.array(carried.ranking.left), np.array(carried.ranking.nobody)
    gains = left[:-1] - left[1:]
    if not model.covers:
        gains[nobody[:-1] > 0] = np.nan
    chosen = np.array(carried.ranking.order, np.int64)
    return Assignment(chosen, gains, holder, mean, weight, who, (demand, site, share / problem.weight[demand]))


def _full_cost(costs: Costs, demand: np.ndarray, site: np.ndarray) -> np.ndarray:
    if costs.cost is None:
        return np.full(len(demand), np.nan)
    key = costs.owner().astype(np.int64) * costs.size + costs.demand
    return costs.cost[np.searchsorted(key, site * costs.size + demand)].astype(float)


def _gain(model: LocationModel, task: Task, choice: SiteChoice, served: Assignment) -> tuple[float, float]:
    """What the chosen sites add to those that are open, and the weight newly served."""
    if choice.carried is not None:
        left, nobody = choice.carried.ranking.left, choice.carried.ranking.nobody
        gain = left[0] - left[-1] if model.covers or nobody[0] == 0 else np.nan
        return gain, nobody[0] - nobody[-1]
    newly = float(task.problem.weight[served.who & ~np.isfinite(task.existing)].sum())
    return model.gain(task, served), newly


# -- words ------------------------------------------------------------------------------------------------------------


def _too_few(task: Task) -> list[Message]:
    """Say that there are fewer candidates than sites asked for."""
    if task.sites is None or task.sites <= task.available:
        return []
    return [
        msg("{sites} sites were asked for; there are only {count} candidates.", sites=task.sites, count=task.available)
    ]


def _lacks(task: Task, lacking: np.ndarray, served: np.ndarray, undecided: bool) -> list[Message]:
    """Say how many are not served, when ``served`` (n,) of the weight is, and why."""
    weight = task.problem.weight - served
    said: list[Message] = []
    beyond = lacking & task.beyond
    if beyond.any() and np.isfinite(task.limit):
        said.append(
            msg(
                "{count} demand point (weight {weight}) has no candidate or existing site within {threshold}."
                "|{count} demand points (weight {weight}) have no candidate or existing site within {threshold}.",
                count=int(beyond.sum()),
                weight=_rounded(weight[beyond]),
                threshold=task.limit,
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
    short = lacking & ~task.beyond
    if short.any() and undecided:
        said.append(
            msg(
                "{count} demand point (weight {weight}) is not served by the sites found; whether others would serve "
                "everybody was not found out in the time given."
                "|{count} demand points (weight {weight}) are not served by the sites found; whether others would "
                "serve everybody was not found out in the time given.",
                count=int(short.sum()),
                weight=_rounded(weight[short]),
            )
        )
    elif short.any():
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
