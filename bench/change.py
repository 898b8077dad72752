"""What twenty changes of roads cost on a network like a département's, and how soon a cancel is obeyed.

python bench/change.py 1000000 /tmp/bench     # makes roads and network where the folder does not have them
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
from critical import network_of
from shapely.geometry import LineString, Point

from carto_services_publics.core.errors import Cancelled  # isort: skip
from carto_services_publics.core.network import open_network  # isort: skip
from carto_services_publics.core.network.apart import change_apart  # isort: skip
from carto_services_publics.core.network.change import CLOSE, OPEN, SPEED, WAY, NetworkChange, change_network  # isort: skip
from carto_services_publics.core.progress import Progress  # isort: skip

CHANGES = 20
STOPPED_AFTER = (0.0, 0.5, 2.0, 4.0)


class Stopped(Progress):
    """Cancelled some seconds after it was made."""

    def __init__(self, after: float) -> None:
        self.when = time.monotonic() + after

    def cancelled(self) -> bool:
        return time.monotonic() > self.when


def drawn(network) -> list[NetworkChange]:
    """A quarter each: closed by a point, slowed, one way, and a new road of some hundred metres."""
    random = np.random.default_rng(1)
    changes = []
    for number, link in enumerate(random.integers(0, network.link_count, CHANGES)):
        line = network.line(link)
        middle = line.mean(axis=0)
        shapes = (Point(line[len(line) // 2]), LineString(line), LineString(line))
        new = LineString([middle, middle + random.normal(0, 800, 2)])
        action, value = ((CLOSE, ""), (SPEED, "20"), (WAY, "direct"), (OPEN, "50"))[number % 4]
        changes.append(NetworkChange((*shapes, new)[number % 4].wkb, action, value))
    return changes


def main(size: int, folder: Path) -> None:
    network = open_network(network_of(size, folder))
    changes, made = drawn(network), folder / "changed.network"
    for _ in range(3):
        wall, cpu = time.perf_counter(), time.process_time()
        change_network(network, changes, made, 5.0, Progress())
        print(f"{CHANGES} changes: {time.process_time() - cpu:.2f} s of processor, {time.perf_counter() - wall:.2f} s")
    for after in STOPPED_AFTER:
        stopped = Stopped(after)
        try:
            change_apart(network, changes, made, 5.0, stopped)
            print(f"ended before {after} s")
        except Cancelled:
            print(f"cancelled at {after} s: stopped {time.monotonic() - stopped.when:.2f} s later")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
