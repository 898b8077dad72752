"""One location problem made ready for a model: who counts, who may be chosen, what is served already."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..thresholds import within
from . import median
from .problem import Clock, Costs, NoCandidate, Problem, TooManyMandatory


@dataclass(frozen=True)
class Task:
    """A problem as one model sees it. Points are by number (n), candidates too (m)."""

    problem: Problem
    limit: float
    """The farthest cost that serves; inf where any does."""
    sites: int | None
    """How many are asked for, mandatory ones included; None: as many as it takes."""
    costs: Costs
    """Within the limit."""
    mandatory: np.ndarray
    """Candidates that must be among the sites, those that are open left out."""
    free: np.ndarray
    """Candidates that may be."""
    existing: np.ndarray
    """(n,) least cost to the sites already open, inf where there is none. Where there are capacities, those of the
    opened candidates are not among them: they serve only as much as they can."""
    base: np.ndarray
    """(n,) least cost to all sites that are open or mandatory, whatever their capacity."""
    beyond: np.ndarray
    """(n,) bool: people whom no site can serve."""

    @classmethod
    def of(cls, problem: Problem, sites: int | None, limit: float) -> Task:
        """Raises `NoCandidate`, `TooManyMandatory`."""
        costs = _limited(problem.costs, limit)
        opened = np.flatnonzero(problem.opened)
        existing = np.where(within(problem.existing_cost, limit), problem.existing_cost, np.inf)
        if problem.capacity is None:
            existing = _served(costs, existing, opened)
        mandatory = np.flatnonzero(problem.mandatory & ~problem.opened)
        free = np.flatnonzero(~problem.mandatory & ~problem.forbidden & ~problem.opened)
        if len(mandatory) + len(free) == 0:
            raise NoCandidate("There is no candidate to choose from: the layer is empty or all are forbidden.")
        if sites is not None and len(mandatory) > sites:
            raise TooManyMandatory(
                "{count} candidates are mandatory but only {sites} sites may be opened.",
                count=len(mandatory),
                sites=sites,
            )
        base = _served(costs, existing, np.concatenate((opened, mandatory)))
        anyone = np.zeros(costs.size, bool)
        for site in free if problem.capacity is None else np.flatnonzero(~problem.forbidden):
            anyone[costs.demand[costs.row(site)]] = True
        beyond = (problem.weight > 0) & ~anyone & ~np.isfinite(base)
        return cls(problem, limit, sites, costs, mandatory, free, existing, base, beyond)

    def costs_of(self, sites: np.ndarray) -> tuple[Costs, np.ndarray]:
        """A table with the costs of some candidates, and (s,) their numbers in it; a cover where they are not known."""
        if self.costs.cost is not None or self.problem.costs_of is None or not len(sites):
            return self.costs, sites
        return _limited(self.problem.costs_of(sites), self.limit), np.arange(len(sites))

    @property
    def available(self) -> int:
        """Candidates that must or may be chosen."""
        return len(self.mandatory) + len(self.free)

    @property
    def more(self) -> int:
        """Sites to choose besides the mandatory ones."""
        return 0 if self.sites is None else min(self.sites, self.available) - len(self.mandatory)

    @cached_property
    def active(self) -> np.ndarray:
        """(n,) bool: points where there are people."""
        return self.problem.weight > 0

    @cached_property
    def counted(self) -> np.ndarray:
        """(n,) bool: people whom some site can serve."""
        return self.active & ~self.beyond

    @cached_property
    def waiting(self) -> np.ndarray:
        """(n,) bool: those of them whom no open or mandatory site serves."""
        return self.counted & ~np.isfinite(self.base)

    @cached_property
    def served_before(self) -> np.ndarray:
        """(n,) bool: people whom a site already open serves."""
        return self.active & np.isfinite(self.existing)

    @cached_property
    def too_costly(self) -> float:
        """What an unserved point costs: more than any choice that serves everyone, whoever the point is."""
        weight = self.problem.weight[self.active]
        farthest = max(
            float(np.max(self.costs.values(), initial=1.0)),
            float(np.max(self.existing[np.isfinite(self.existing)], initial=0.0)),
            float(np.max(self.base[np.isfinite(self.base)], initial=0.0)),
        )
        return farthest * (1.0 + float(weight.sum()) / float(weight.min()))

    def median(self) -> median.Median:
        """The p-median of the free candidates, where being served by none is `too_costly`."""
        fallback = np.where(np.isfinite(self.base), self.base, self.too_costly)[self.counted]
        reach = self.costs.subset(self.free, self.counted)
        reach = reach.select(reach.values() < fallback[reach.demand])
        return median.Median(self.problem.weight[self.counted], fallback, reach, self.more)

    def with_mandatory(self, picked: np.ndarray) -> np.ndarray:
        """The sites: the mandatory ones, then the candidates ``picked``."""
        return np.concatenate([self.mandatory, np.asarray(picked, np.int64)])

    def filled(self, picked: np.ndarray, clock: Clock) -> np.ndarray:
        """The sites, up to the number asked for; what comes on top of ``picked`` adds what little it can."""
        if len(picked) < self.more:
            if self.costs.cost is None:
                others = np.setdiff1d(self.free, picked)
                picked = np.concatenate([picked, others[: self.more - len(picked)]])
            else:
                picked = self.free[median.fill(self.median(), np.searchsorted(self.free, picked), self.more, clock)]
        return self.with_mandatory(picked)


def _limited(costs: Costs, limit: float) -> Costs:
    if costs.cost is None or np.isinf(limit):
        return costs
    near = within(costs.cost, limit)
    return costs if near.all() else costs.select(near)


def _served(costs: Costs, cost: np.ndarray, sites: np.ndarray) -> np.ndarray:
    """(n,) the least of ``cost`` and of the costs to ``sites``."""
    best = cost.copy()
    for site in sites:
        row = costs.row(site)
        demand = costs.demand[row]
        best[demand] = np.minimum(best[demand], 0.0 if costs.cost is None else costs.cost[row])
    return best
