"""The nearest services of each category: one pass over the network a category, not one search a place of demand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ..errors import InvalidInput
from ..network import Network
from ..progress import Progress
from ..routing import workers
from ..routing.local import Router
from ..routing.places import Nearest, Places

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


class _Task(NamedTuple):
    """What a worker needs for some of the groups."""

    metric: str
    demand: Places
    groups: list[tuple[int, Places]]
    direction: str
    k: int
    limit: float


def members_by_category(category: np.ndarray, categories: int) -> list[np.ndarray]:
    """The numbers of the services of each category 0 … categories - 1, from the ``category`` (m,) of each service."""
    return [np.flatnonzero(category == row) for row in range(categories)]


def nearest_in_groups(
    router: Router,
    demand: Places,
    services: Places,
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
    filled = [number for number, members in enumerate(groups) if len(members)]
    # A few tasks a core: each makes the demand ready once.
    parts = np.array_split(filled, min(len(filled), 4)) if filled else []
    tasks = [
        _Task(router.metric, demand, [(int(n), services.take(groups[n])) for n in part], direction, k, limit)
        for part in parts
    ]
    found: dict[int, Nearest] = {}
    for some in _run(router, tasks, len(filled), progress):
        found.update(some)
    for number, members in enumerate(groups):
        if number in found:
            index, cost = found.pop(number)
            yield GroupNearest(number, np.where(index >= 0, members[index], -1), cost)
        else:
            nothing = (demand.count, k)
            yield GroupNearest(number, np.full(nothing, -1), np.full(nothing, np.nan))


def _run(router: Router, tasks: list[_Task], groups: int, progress: Progress) -> Iterator[dict[int, Nearest]]:
    if groups > 1 and groups * router.network.node_count > WORTH_WORKERS:
        yield from workers.run("access.nearest:search", tasks, network_path=router.network.path, progress=progress)
        return
    for done, task in enumerate(tasks):
        yield _search(router, task, progress.part(done / len(tasks), (done + 1) / len(tasks)))


def search(network: Network, task: _Task) -> dict[int, Nearest]:
    """The nearest of each group of a task; runs in a worker process."""
    return _search(Router(network, task.metric), task, Progress())


def _search(router: Router, task: _Task, progress: Progress) -> dict[int, Nearest]:
    demand = router.prepare(task.demand)
    found = {}
    for done, (number, services) in enumerate(task.groups, start=1):
        found[number] = router.nearest(demand, services, direction=task.direction, k=task.k, limit=task.limit)
        progress.advance(done / len(task.groups))
    return found
