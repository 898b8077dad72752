"""The nearest services of each category: one pass over the network a category, not one search a place of demand."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ..errors import InvalidInput
from ..network import Network, shared_network
from ..processes import pool
from ..processes.remote import scheduler
from ..progress import Progress
from ..routing.local import Router
from ..routing.snapped_points import Nearest, SnappedPoints
from .parallel import ready

_GROUPS_A_TASK = 5
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
    filled = [services.take(members) for members in groups if len(members)]
    # Several are swept together, but no processor is left without; how many a cluster has is not known here.
    size = 1 if scheduler() else min(_GROUPS_A_TASK, max(1, len(filled) // pool.most_workers()))
    tasks = [filled[start : start + size] for start in range(0, len(filled), size)]
    found = _search_all(router, _Search(router.metric, demand, direction, k, limit), tasks, progress)
    for number, members in enumerate(groups):
        if len(members):
            index, cost = next(found)
            yield GroupNearest(number, np.where(index >= 0, members[index], -1), cost)
        else:
            nothing = (demand.count, k)
            yield GroupNearest(number, np.full(nothing, -1), np.full(nothing, np.nan))
    deque(found, maxlen=0)  # no worker is left


def _search_all(
    router: Router, search: _Search, tasks: list[list[SnappedPoints]], progress: Progress
) -> Iterator[Nearest]:
    """The nearest of each group of the tasks, in their order, as they come."""
    network = router.network
    if len(tasks) > 1 and sum(map(len, tasks)) * network.node_count > WORTH_WORKERS:
        resource = shared_network(network)
        for found in pool.run(search_some, tasks, resource=resource, shared=search, progress=progress):
            yield from found
        return
    for done, task in enumerate(tasks, start=1):
        yield from search_some(network, task, search)
        progress.advance(done / len(tasks))


def search_some(network: Network, groups: list[SnappedPoints], search: _Search) -> list[Nearest]:
    """The nearest services of some groups; runs in a worker process when there are many."""
    router, demand = ready(network, search.metric, search.demand)
    found = router.nearest_of_each(demand, groups, direction=search.direction, k=search.k, limit=search.limit)
    return list(found)
