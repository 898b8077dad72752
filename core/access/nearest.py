"""The nearest services of each category: one pass over the network a category, not one search a place of demand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ..errors import InvalidInput
from ..progress import Progress
from ..routing.local import Router
from ..routing.places import Places


class CategoryNearest(NamedTuple):
    """The nearest services of one category.

    Attributes:
        category: its row among the categories.
        service: (n, k) row of the service among all services, the nearest first; -1 where there is none.
        cost: (n, k) minutes or metres; NaN where there is none.
    """

    category: int
    service: np.ndarray
    cost: np.ndarray


def nearest_by_category(
    router: Router,
    demand: Places,
    services: Places,
    category: np.ndarray,
    categories: int,
    *,
    direction: str = "departure",
    k: int = 1,
    limit: float = np.inf,
    progress: Progress = Progress(),
) -> Iterator[CategoryNearest]:
    """For each category 0 … categories - 1, the ``k`` nearest of its services to each place of demand (n).

    ``category`` (m,) is that of each service. ``direction``: ``departure`` = from the demand to the service,
    ``arrival`` = from the service to the demand. A cost equal to ``limit`` is within it.
    """
    if k < 1:
        raise InvalidInput("K must be at least 1.")
    prepared = router.prepare(demand)
    for row in range(categories):
        members = np.flatnonzero(category == row)
        part = progress.part(row / categories, (row + 1) / categories)
        if not len(members):
            nothing = (demand.count, k)
            yield CategoryNearest(row, np.full(nothing, -1), np.full(nothing, np.nan))
            continue
        found = router.nearest(prepared, services.take(members), direction=direction, k=k, limit=limit, progress=part)
        service = np.where(found.index >= 0, members[found.index], -1)
        yield CategoryNearest(row, service, found.cost)
