"""Costs between two sides of places, searched from the side with fewer of them and given block by block."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ..network import Network
from ..progress import Progress
from ..routing import workers
from ..routing.local import Router
from ..routing.places import Block, Places
from .costs import CostBlock

WORTH_WORKERS = 20_000_000
"""Searches × nodes of the network above which worker processes earn their start."""
SEARCHES_A_TASK = 50


class _Task(NamedTuple):
    """What a worker needs for some of the searches; ``rows`` are their numbers among all."""

    metric: str
    rows: np.ndarray
    searched: Places
    others: Places
    limit: float
    reverse: bool


def cost_blocks(
    router: Router,
    origins: Places,
    destinations: Places,
    limit: float = np.inf,
    *,
    direction: str = "departure",
    progress: Progress = Progress(),
) -> Iterator[CostBlock]:
    """Costs within ``limit``, from the origins to the destinations (``departure``) or back (``arrival``).

    Rows of the blocks are origins, columns destinations; a pair is in one block at most, unreached pairs are ``inf``
    or absent. When there are fewer destinations than origins, each block holds all the origins that reach its
    destinations; otherwise all the destinations of its origins. Nothing is held but the block at hand.
    """
    from_destinations = destinations.count < origins.count
    searched, others = (destinations, origins) if from_destinations else (origins, destinations)
    reverse = from_destinations == (direction == "departure")
    for block in _blocks(router, searched, others, limit, reverse, progress):
        if from_destinations:
            yield CostBlock(block.destinations, block.origins, block.cost.T)
        else:
            yield CostBlock(block.origins, block.destinations, block.cost)


def _blocks(
    router: Router, searched: Places, others: Places, limit: float, reverse: bool, progress: Progress
) -> Iterator[Block]:
    if searched.count * router.network.node_count < WORTH_WORKERS:
        yield from router.matrix(searched, others, limit=limit, progress=progress, reverse=reverse)
        return
    # Links are numbered along the Morton order of the nodes: neighbours stay in one task.
    order = np.argsort(searched.link, kind="stable")
    parts = np.array_split(order, max(1, len(order) // SEARCHES_A_TASK))
    tasks = [_Task(router.metric, part, searched.take(part), others, limit, reverse) for part in parts]
    for blocks in workers.run("access.matrix:search", tasks, network_path=router.network.path, progress=progress):
        yield from blocks


def search(network: Network, task: _Task) -> list[Block]:
    """The blocks of one task; runs in a worker process."""
    router = Router(network, task.metric)
    found = router.matrix(task.searched, task.others, limit=task.limit, reverse=task.reverse)
    return [block._replace(origins=task.rows[block.origins]) for block in found]
