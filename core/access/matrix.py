"""Costs between two sides of places, searched from the side with fewer of them and given block by block."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ..network import Network, shared_network
from ..processes import pool
from ..progress import Progress
from ..routing.local import Router
from ..routing.snapped_points import Block, SnappedPoints
from .costs import CostBlock
from .parallel import ready

WORTH_WORKERS = 20_000_000
"""Searches × nodes of the network above which worker processes earn their start."""
SEARCHES_A_TASK = 50


class _Search(NamedTuple):
    """What all the searches share."""

    metric: str
    others: SnappedPoints
    limit: float
    reverse: bool


class _Task(NamedTuple):
    """Some of the searches, for a worker; ``rows`` are their numbers among all."""

    rows: np.ndarray
    searched: SnappedPoints


def cost_blocks(
    router: Router,
    origins: SnappedPoints,
    destinations: SnappedPoints,
    limit: float = np.inf,
    *,
    direction: str = "departure",
    progress: Progress = Progress(),
    workers: bool = True,
) -> Iterator[CostBlock]:
    """Costs within ``limit``, from the origins to the destinations (``departure``) or back (``arrival``).

    Rows of the blocks are origins, columns destinations; a pair is in one block at most, unreached pairs are ``inf``
    or absent. When there are fewer destinations than origins, each block holds all the origins that reach its
    destinations; otherwise all the destinations of its origins. Nothing is held but the block at hand. Without
    ``workers`` all is searched in this process, which may be a worker itself.
    """
    from_destinations = destinations.count < origins.count
    searched, others = (destinations, origins) if from_destinations else (origins, destinations)
    reverse = from_destinations == (direction == "departure")
    find = _blocks if workers else _blocks_here
    for block in find(router, searched, others, limit, reverse, progress):
        if from_destinations:
            yield CostBlock(block.destinations, block.origins, block.cost.T)
        else:
            yield CostBlock(block.origins, block.destinations, block.cost)


def _blocks_here(
    router: Router, searched: SnappedPoints, others: SnappedPoints, limit: float, reverse: bool, progress: Progress
) -> Iterator[Block]:
    return router.matrix(searched, others, limit=limit, progress=progress, reverse=reverse)


def _blocks(
    router: Router, searched: SnappedPoints, others: SnappedPoints, limit: float, reverse: bool, progress: Progress
) -> Iterator[Block]:
    if searched.count < 2 * SEARCHES_A_TASK or searched.count * router.network.node_count < WORTH_WORKERS:
        yield from _blocks_here(router, searched, others, limit, reverse, progress)
        return
    # Links are numbered along the Morton order of the nodes: neighbours stay in one task.
    order = np.argsort(searched.link, kind="stable")
    parts = np.array_split(order, max(1, len(order) // SEARCHES_A_TASK))
    tasks = [_Task(part, searched.take(part)) for part in parts]
    shared = _Search(router.metric, others, limit, reverse)
    resource = shared_network(router.network)
    for blocks in pool.run(search, tasks, resource=resource, shared=shared, progress=progress, out_of_turn=True):
        yield from blocks


def search(network: Network, task: _Task, shared: _Search) -> list[Block]:
    """The blocks of one task; runs in a worker process."""
    router, others = ready(network, shared.metric, shared.others)
    found = router.matrix(task.searched, others, limit=shared.limit, reverse=shared.reverse)
    return [block._replace(origins=task.rows[block.origins]) for block in found]
