"""What `criticallinks` costs on a network like a département's.

    python bench/critical.py 1000000 /tmp/bench                 # 200 000 places, 300 services, 20 minutes
    python bench/critical.py 1000000 /tmp/bench --services 30   # fewer services: longer trees

Generates the roads and builds the network where the folder does not have them (as bench/network.py), then ranks the 50
most critical links, and cuts some of all other links to see that none was missed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() not in (HERE, HERE.parent)]
sys.path[:0] = [str(HERE.parent / "build" / "python")]
os.environ["PYTHONPATH"] = sys.path[0]

from carto_services_publics.core.access.critical import Cuts, standing  # noqa: E402
from carto_services_publics.core.network import open_network  # noqa: E402
from carto_services_publics.core.progress import Progress  # noqa: E402
from carto_services_publics.core.routing.local import Router  # noqa: E402

SNAP = 500.0


def network_of(size: int, folder: Path) -> Path:
    """The network file of that size, made where the folder does not have it."""
    layer, path = folder / f"roads_{size}.gpkg", folder / f"roads_{size}.network"
    if not path.exists():
        if not layer.exists():
            subprocess.run([sys.executable, str(HERE / "generate_network.py"), str(size), str(layer)], check=True)
        subprocess.run([sys.executable, str(HERE / "network.py"), "build", str(layer), str(path)], check=True)
    return path


def points(xy: np.ndarray, count: int, seed: int) -> np.ndarray:
    """(count, 2) points near junctions: there are more where people live."""
    random = np.random.default_rng(seed)
    return xy[random.integers(0, len(xy), count)] + random.normal(0, 40, (count, 2))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--services", type=int, default=300)
    parser.add_argument("--threshold", type=float, default=20.0)
    parser.add_argument("--most", type=int, default=50)
    parser.add_argument("--checked", type=int, default=500)
    asked = parser.parse_args()
    network = open_network(network_of(asked.size, asked.folder))
    router, xy = Router(network), np.asarray(network.node_xy)
    wall, cpu = time.perf_counter(), time.process_time()
    put = []
    for where in (points(xy, asked.people, 8), points(xy, asked.services, 7)):
        places = router.snap(where, SNAP)
        on = places.link >= 0
        put.append(standing(router, where[on], places.take(on), SNAP))
    print(f"put on the network: {time.perf_counter() - wall:.1f} s")
    weight = np.random.default_rng(9).integers(1, 6, put[0].places.count).astype(float)
    cuts = Cuts(network, put[0], weight, put[1], asked.threshold, "departure", None, Progress())
    print(f"quickest ways and bounds: {time.perf_counter() - wall:.1f} s")
    found = cuts.worst(asked.most, Progress())
    print(f"{asked.most} worst: {time.perf_counter() - wall:.1f} s, {time.process_time() - cpu:.1f} s of CPU")
    print(*found[:3], found[-1], sep="\n")
    chosen = np.random.default_rng(1).choice(network.link_count, asked.checked, replace=False)
    others = sorted((cuts.effect(int(link)) for link in chosen), key=lambda one: one.rank)
    missed = [one for one in others if one.rank > found[-1].rank and one.link not in {each.link for each in found}]
    print(f"of {asked.checked} links at random, the worst is {others[-1]}; missed: {missed}")


if __name__ == "__main__":
    main()
