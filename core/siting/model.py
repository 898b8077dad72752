"""What a location model is: the interface of the four in `models`, and what they give and are asked."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, NamedTuple

import numpy as np

from . import capacitated
from .problem import Clock
from .task import Task


class Carried(NamedTuple):
    """Whom sites with capacities serve: the ``flow`` (k,) of weight by each pair of the load."""

    chosen: np.ndarray
    bound: float
    """On what is left to pay."""
    load: capacitated.Load
    columns: np.ndarray
    """The candidate that each site of the load is."""
    points: np.ndarray
    """The demand point that each point of the load is."""
    flow: np.ndarray
    ranking: capacitated.Ranking
    """Of candidates."""
    ruled_out: bool
    """Whether it is proven that no choice of so many sites serves everyone."""

    def lost(self) -> np.ndarray:
        """Weight of each point of the load that no site carries."""
        return self.load.weight - np.bincount(self.load.costs.demand, self.flow, len(self.load.weight))


class SiteChoice(NamedTuple):
    """What a model found: candidates chosen, proven bound on the objective, flows where there are capacities.

    ``feasible``: whether all whom some site can serve are served; where not, whether it is ``ruled_out`` that a choice
    of so many sites serves them.
    """

    chosen: np.ndarray
    bound: float
    feasible: bool = True
    carried: Carried | None = None
    ruled_out: bool = False


class Assignment(NamedTuple):
    """What chosen sites do: who serves each point (n), at what cost (NaN: nobody), and how much of it."""

    chosen: np.ndarray
    """By rank: each adds most to those before it."""
    gains: np.ndarray
    assignment: np.ndarray
    cost: np.ndarray
    weight: np.ndarray
    who: np.ndarray
    """(n,) bool: people whom some site is near enough to serve."""
    shares: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None


class Gains(NamedTuple):
    """The state in which a site's gain is asked: ``best`` (n,) cost so far, of the points that are ``counted``."""

    best: np.ndarray
    weight: np.ndarray
    counted: np.ndarray


class LocationModel(ABC):
    """A location model: which sites it chooses, and how they are measured. It holds nothing."""

    covers: ClassVar[bool] = False
    """Whether a site beyond the threshold serves nobody."""
    counts: ClassVar[bool] = True
    """Whether the number of sites is asked for, not found."""
    serves_everyone: ClassVar[bool] = True
    """Whether it is infeasible to leave somebody out, and the objective is to be small."""
    takes_capacities: ClassVar[bool] = False

    @abstractmethod
    def choose(self, task: Task, clock: Clock) -> SiteChoice:
        """The sites, within the time of ``clock``."""

    @abstractmethod
    def objective(self, task: Task, served: Assignment) -> float:
        """What is to be small (great where not everyone is to be served)."""

    @abstractmethod
    def gain(self, task: Task, served: Assignment) -> float:
        """What the sites add to those that are open, in the unit of the objective; NaN where nothing compares.

        A journey that did not exist cannot be shortened: costs are compared for those whom open sites serve already.
        """

    def gain_of(self, gains: Gains, demand: np.ndarray, cost: np.ndarray) -> float:
        """What one site more adds, that reaches the points ``demand`` at ``cost``: the weight newly served."""
        fresh = ~np.isfinite(gains.best[demand]) & (gains.weight[demand] > 0)
        return float(gains.weight[demand[fresh]].sum())
