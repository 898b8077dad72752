"""The nearest services of each category: one pass over the network a category, not one search a place of demand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ..errors import InvalidInput
from ..network import Network, shared_network
from ..processes import pool
from ..progress import Progress
from ..routing.local import Router
from ..routing.snapped_points import Nearest, SnappedPoints
from .parallel import ready

WORTH_WORKERS = 5_000_000
"""Groups × nodes of the network above which worker processes earn their start."""


class GroupNearest(NamedTuple):
    """The nearest services of one group.

    Attributes:
        group: its number.
        service: (n, k) number of the service among all services, the nearest first; -1 where there is none.
        cost: (n, k) minutes or metres; NaN where there is none.
    """

    group: int
    service: np.ndarray
    cost: np.ndarray


class _Search(NamedTuple):
    """What all the groups share."""

    metric: str
    demand: SnappedPoints
    direction: str
    k: int
    limit: float


class _Group(NamedTuple):
    """One group, for a worker."""

    number: int
    services: SnappedPoints


def members_by_category(category: np.ndarray, categories: int) -> list[np.ndarray]:
    """The numbers of the services of each category 0 … categories - 1, from the ``category`` (m,) of each service."""
    return [np.flatnonzero(category == row) for row in range(categories)]


def nearest_in_groups(
    router: Router,
    demand: SnappedPoints,
    services: SnappedPoints,
    groups: Sequence[np.ndarray],
    *,
    direction: str = "departure",
    k: int = 1,
    limit: float = np.inf,
    progress: Progress = Progress(),
) -> Iterator[GroupNearest]:
    """For each group of services (their numbers), in order, the ``k`` nearest to each place of demand (n).

    ``direction``: ``departure`` = from the demand to the service, ``arrival`` = from the service to the demand. A cost
    equal to ``limit`` is within it. A service may be in several groups.
    """
    if k < 1:
        raise InvalidInput("K must be at least 1.")
    filled = [_Group(number, services.take(members)) for number, members in enumerate(groups) if len(members)]
    found = dict(_search_all(router, _Search(router.metric, demand, direction, k, limit), filled, progress))
    for number, members in enumerate(groups):
        if number in found:
            index, cost = found.pop(number)
            yield GroupNearest(number, np.where(index >= 0, members[index], -1), cost)
        else:
            nothing = (demand.count, k)
            yield GroupNearest(number, np.full(nothing, -1), np.full(nothing, np.nan))


def _search_all(
    router: Router, search: _Search, groups: list[_Group], progress: Progress
) -> Iterator[tuple[int, Nearest]]:
    network = router.network
    if len(groups) > 1 and len(groups) * network.node_count > WORTH_WORKERS:
        yield from pool.run(search_one, groups, resource=shared_network(network), shared=search, progress=progress)
        return
    for done, group in enumerate(groups, start=1):
        yield search_one(network, group, search)
        progress.advance(done / len(groups))


def search_one(network: Network, group: _Group, search: _Search) -> tuple[int, Nearest]:
    """The nearest services of one group; runs in a worker process when there are many."""
    router, demand = ready(network, search.metric, search.demand)
    found = router.nearest(demand, group.services, direction=search.direction, k=search.k, limit=search.limit)
    return group.number, found
