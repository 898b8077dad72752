"""Accessibility scores of the floating catchment family: supply shared out among those who can reach it.

Sources:
    2SFCA    Luo & Wang 2003, Environment and Planning B 30(6), after Radke & Mu 2000.
    E2SFCA   Luo & Qi 2009, Health & Place 15(4): step weights within the catchment.
    3SFCA    Wan, Zou & Sternberg 2012, International Journal of GIS 26(6): people first choose among the supply.
    gravity  Joseph & Bantock 1982, Social Science & Medicine 16(1): Hansen's potential divided by its own demand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Callable, NamedTuple, TypeVar

import numpy as np
from scipy import sparse

from ..errors import InvalidInput
from ..lists import items_of
from ..processes.threads import in_threads
from ..thresholds import within
from .costs import CostBlock, Costs

METHODS = ("2sfca", "e2sfca", "3sfca", "gravity")
DECAYS = ("steps", "linear", "exponential", "gaussian", "logistic")
APL_STEPS = ((5.0, 1.0), (10.0, 0.3), (15.0, 0.1))
"""Steps of the French « accessibilité potentielle localisée » (DREES, Insee), in minutes."""

Decay = Callable[[np.ndarray], np.ndarray]
Figures = TypeVar("Figures")


class ScoreError(InvalidInput):
    """A score that cannot be computed from what was given."""


class Scores(NamedTuple):
    """``score`` (n,) by demand, capacity per unit of demand weight (0 where no supply is within reach);
    ``ratio`` (m,) by supply, its capacity per unit of weighted demand (0 where ``deserted``);
    ``deserted`` (m,) tells the supply that no demand weight can reach; ``reached`` (n,) is the capacity within reach of
    each demand, weighted and shared with nobody: cumulative opportunities.
    """

    score: np.ndarray
    ratio: np.ndarray
    deserted: np.ndarray
    reached: np.ndarray


def parse_steps(text: str) -> tuple[tuple[float, float], ...]:
    """Read ``"5:1,10:0.3,15:0.1"``: weight 1 up to 5, 0.3 above 5 and up to 10, 0.1 up to 15, 0 beyond.

    Raises `ScoreError` unless limits grow and weights are at least 0.
    """
    try:
        steps = tuple((float(limit), float(weight)) for limit, weight in (s.split(":") for s in items_of(text)))
    except ValueError as error:
        raise ScoreError(
            "STEPS “{text}” cannot be read; expected limits and weights such as 5:1,10:0.3,15:0.1.", text=text
        ) from error
    limits = [limit for limit, _ in steps]
    usable = steps and np.isfinite(steps).all() and limits[0] >= 0 and all(a < b for a, b in zip(limits, limits[1:]))
    if not usable or any(weight < 0 for _, weight in steps):
        raise ScoreError("STEPS “{text}”: limits must grow and weights must not be negative.", text=text)
    return steps


def cut_steps(steps: tuple[tuple[float, float], ...], limit: float) -> tuple[tuple[float, float], ...]:
    """The same steps up to ``limit``, which ends the one it falls in."""
    below = tuple(step for step in steps if step[0] < limit)
    return below + tuple((limit, weight) for _, weight in steps[len(below) : len(below) + 1])


def step_decay(steps: tuple[tuple[float, float], ...]) -> Decay:
    """Weight of a cost by steps (limit, weight), limits growing; a cost equal to a limit is within it, 0 beyond."""

    weights = np.array([0.0, *(weight for _, weight in reversed(steps))])

    def decay(cost: np.ndarray) -> np.ndarray:
        held_by = np.zeros(cost.shape, np.min_scalar_type(len(steps)))
        for limit, _ in steps:
            np.add(held_by, within(cost, limit), out=held_by)
        return weights.take(held_by)

    return decay


def power_decay(exponent: float, nearest: float, limit: float) -> Decay:
    """Weight ``cost ** -exponent`` up to ``limit``, 0 beyond. Costs below ``nearest`` (> 0) count as ``nearest``."""

    def decay(cost: np.ndarray) -> np.ndarray:
        weight = np.zeros(cost.shape)
        inside = within(cost, limit)
        weight[inside] = np.maximum(cost[inside].astype(float), nearest) ** -exponent
        return weight

    return decay


SLOPE = 5.0
"""Of the logistic decay: it falls from 0.9 to 0.1 between 0.57 and 1.44 times its half."""


def smooth_decay(kind: str, half: float, limit: float = np.inf) -> Decay:
    """Weight that is 1 at a cost of 0 and 1/2 at ``half``, by the name of its curve (`DECAYS` but ``steps``)::

        linear       1 - c / (2 half), 0 from twice the half      exponential  2 ** -(c / half)
        gaussian     2 ** -(c / half)²                            logistic     (eˢ - 1) / (eˢ - 2 + e ** (s c / half))

    with s = `SLOPE`. 0 beyond ``limit``. Raises `ScoreError` unless ``half`` is above 0.
    """
    if not 0 < half < np.inf:
        raise ScoreError("DECAY “{kind}” needs HALF, the cost at which the weight is one half.", kind=kind)

    def decay(cost: np.ndarray) -> np.ndarray:
        weight = np.zeros(cost.shape)
        inside = within(cost, limit) & np.isfinite(cost)
        weight[inside] = _CURVES[kind](cost[inside].astype(float) / half)
        return weight

    return decay


_CURVES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "linear": lambda halves: np.maximum(0.0, 1 - halves / 2),
    "exponential": lambda halves: np.exp2(-halves),
    "gaussian": lambda halves: np.exp2(-(halves**2)),
    # Beyond 100 halves the weight is 0 in any precision; the exponential must not overflow.
    "logistic": lambda halves: np.expm1(SLOPE) / (np.exp(SLOPE) - 2 + np.exp(SLOPE * np.minimum(halves, 100.0))),
}


def accessibility(
    blocks: Callable[[], Iterable[CostBlock]],
    demand: np.ndarray,
    capacity: np.ndarray,
    decay: Decay,
    *,
    choice: bool = False,
) -> Scores:
    """Scores of ``demand`` (n,) weights towards supply of ``capacity`` (m,).

    ``blocks()`` gives the costs from demand (origins) to supply (destinations); it is called once a stage, twice in
    all, three times with ``choice``. With w the decay of the cost c::

        R_j = S_j / Σ_i g_ij w_ij P_i          score_i = Σ_j g_ij w_ij R_j

    where g = 1, or with ``choice`` (3SFCA) the chance g_ij = w_ij / Σ_k w_ik that i chooses j.
    Supply with no weighted demand gets the ratio 0 and is in `Scores.deserted`.

    Raises `ScoreError` for a capacity or a demand weight that is negative or not a number.
    """
    demand, capacity = np.asarray(demand, dtype=float), np.asarray(capacity, dtype=float)
    if not ((demand >= 0) & np.isfinite(demand)).all():
        raise ScoreError("Every demand weight must be a number that is not negative.")
    if not ((capacity >= 0) & np.isfinite(capacity)).all():
        raise ScoreError("Every capacity must be a number that is not negative.")

    attraction = np.zeros(len(demand))
    if choice:
        for block, sums in _of_each(blocks(), lambda block: _decayed(block.cost, decay).sum(axis=1)):
            attraction[block.origins] += np.asarray(sums).ravel()

    def pull(weight: Costs, origins: np.ndarray) -> Costs:
        return _chosen(weight, attraction[origins]) if choice else weight

    def wants(block: CostBlock) -> np.ndarray:
        return pull(_decayed(block.cost, decay), block.origins).T @ demand[block.origins]

    wanted = np.zeros(len(capacity))
    for block, part in _of_each(blocks(), wants):
        wanted[block.destinations] += part
    deserted = ~(wanted > 0)
    ratio = np.divide(capacity, wanted, out=np.zeros(len(capacity)), where=~deserted)

    def gets(block: CostBlock) -> tuple[np.ndarray, np.ndarray]:
        weight = _decayed(block.cost, decay)
        shared = pull(weight, block.origins) @ ratio[block.destinations]
        return shared, weight @ capacity[block.destinations]

    score, reached = np.zeros(len(demand)), np.zeros(len(demand))
    for block, (shared, alone) in _of_each(blocks(), gets):
        score[block.origins] += shared
        reached[block.origins] += alone
    return Scores(score, ratio, deserted, reached)


def _of_each(blocks: Iterable[CostBlock], work: Callable[[CostBlock], Figures]) -> Iterator[tuple[CostBlock, Figures]]:
    """Each block in its turn, and what ``work``, by several threads, makes of it."""
    return in_threads(lambda block: (block, work(block)), blocks)


def _decayed(cost: Costs, decay: Decay) -> Costs:
    if isinstance(cost, sparse.csr_matrix):
        return sparse.csr_matrix((decay(cost.data), cost.indices, cost.indptr), shape=cost.shape)
    # Worked on as it lies in memory: a block searched from the other side is turned.
    return decay(cost.T).T if cost.flags.f_contiguous else decay(cost)


def _chosen(weight: Costs, attraction: np.ndarray) -> Costs:
    """w² / Σw by row: the weight times the chance of the choice (0 where nothing attracts)."""
    share = np.divide(1.0, attraction, out=np.zeros(len(attraction)), where=attraction > 0)
    if isinstance(weight, sparse.csr_matrix):
        return sparse.diags(share) @ weight.power(2)
    return weight**2 * share[:, None]
