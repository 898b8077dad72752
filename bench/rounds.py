"""Time of the same searches on network files of one territory, in turns: what another contraction is worth.

    python bench/rounds.py before.network after.network

Costs of 100 origins to 200 000 destinations within 30 minutes, in this process; the least of six of each, and its
ratio to that of the first.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "build" / "python"))
from carto_services_publics.core.network import open_network  # noqa: E402
from carto_services_publics.core.routing.local import Router, SnappedPoints  # noqa: E402

ORIGINS, DESTINATIONS, MINUTES, TURNS = 100, 200_000, 30.0, 6


def drawn(count: int, links: int, rng: np.random.Generator) -> SnappedPoints:
    """Points anywhere on the network."""
    link = rng.integers(0, links, count).astype(np.int32)
    return SnappedPoints(link, rng.random(count), np.zeros(count), np.zeros((count, 2)))


def search(router: Router, origins: SnappedPoints, destinations: SnappedPoints) -> tuple[float, float]:
    """Seconds of processor, and the sum of the costs."""
    began, total = time.thread_time(), 0.0
    for block in router.matrix(origins, destinations, limit=MINUTES):
        total += float(block.cost[np.isfinite(block.cost)].sum(dtype=float))
    return time.thread_time() - began, total


def main(files: list[str]) -> None:
    networks = [open_network(file) for file in files]
    rng = np.random.default_rng(5)
    points = [drawn(count, networks[0].link_count, rng) for count in (ORIGINS, DESTINATIONS)]
    routers = [Router(network) for network in networks]
    found = [[search(router, *points) for router in routers] for _turn in range(TURNS)]
    least = [min(turn[place][0] for turn in found) for place in range(len(files))]
    for place, file in enumerate(files):
        core = int(networks[place].contraction.level_start[1])
        print(
            f"{file}: core {core:,}, {least[place]:.2f} s, {least[place] / least[0]:.2f}, sum {found[0][place][1]:.3f}"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
