"""What `criticallinks` costs on a network like a département's.

    python bench/critical.py 1000000 /tmp/bench                 # 200 000 places, 300 services, 20 minutes
    python bench/critical.py 1000000 /tmp/bench --services 30   # fewer services: longer trees

    python bench/critical.py corse roads.gpkg /tmp/bench        # the 2 000 greatest bounds of Corse against brute force

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
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

HERE = Path(__file__).resolve().parent
sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() not in (HERE, HERE.parent)]
sys.path[:0] = [str(HERE.parent / "build" / "python")]
os.environ["PYTHONPATH"] = sys.path[0]

from carto_services_publics.core.access.critical import Cuts, standing  # noqa: E402
from carto_services_publics.core.network import BuildOptions, build_network, open_network  # noqa: E402
from carto_services_publics.core.progress import Progress  # noqa: E402
from carto_services_publics.core.routing.local import Router  # noqa: E402
from carto_services_publics.core.thresholds import within  # noqa: E402

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


def brute_force(network, demand, weight, services, threshold: float, link: int) -> tuple[float, float, float]:
    """What the cut of a link does: Dijkstra from every service on all the other links, before and after."""
    costs = []
    for cut in (-1, link):
        open_ = np.arange(network.link_count) != cut
        node = np.concatenate((network.link_to[open_], network.link_from[open_]))
        other = np.concatenate((network.link_from[open_], network.link_to[open_]))
        minutes = np.concatenate((network.minutes_forward[open_], network.minutes_backward[open_]))
        put = [
            [np.where(each.places.link == cut, moved, here) for here, moved in zip(each.places[:2], each.elsewhere[:2])]
            for each in (demand, services)
        ]
        (at, part), (stands, share) = put
        for ends, cost in (
            (network.link_from, np.where(share == 0, 0, share * network.minutes_forward[stands])),
            (network.link_to, np.where(share == 1, 0, (1 - share) * network.minutes_backward[stands])),
        ):
            node = np.append(node, np.full(len(stands), network.node_count))
            other, minutes = np.append(other, ends[stands]), np.append(minutes, np.where(stands >= 0, cost, np.inf))
        usable = np.isfinite(minutes)
        order = np.lexsort((minutes[usable], other[usable], node[usable]))
        ways = np.column_stack((node, other))[usable][order].astype(np.int64)
        first = np.append(True, (np.diff(ways, axis=0) != 0).any(axis=1))
        size = network.node_count + 1
        graph = csr_matrix((minutes[usable][order][first], ways[first].T), shape=(size, size))
        there = dijkstra(graph, indices=network.node_count)
        by_tail = there[network.link_from[at]] + np.where(part == 0, 0, part * network.minutes_backward[at])
        by_head = there[network.link_to[at]] + np.where(part == 1, 0, (1 - part) * network.minutes_forward[at])
        cost = np.where(at >= 0, np.minimum(by_tail, by_head), np.inf)
        for place, on in zip(share, stands):
            row = np.flatnonzero((at == on) & (on >= 0))
            ahead = network.minutes_forward[on] if on >= 0 else np.inf
            back = network.minutes_backward[on] if on >= 0 else np.inf
            step = place - part[row]
            along = np.where(step > 0, step * ahead, np.where(step < 0, -step * back, 0))
            cost[row] = np.minimum(cost[row], along)
        costs.append(cost)
    before, after = costs
    reached, still = np.isfinite(before), np.isfinite(after)
    late = reached & still & within(before, threshold) & ~within(after, threshold)
    both = reached & still
    return weight[reached & ~still].sum(), weight[late].sum(), float(weight[both] @ (after[both] - before[both]))


def corse(layer: str, folder: Path, candidates: int = 2000) -> None:
    """The greatest bounds of a network against `brute_force`."""
    path = folder / "corse.network"
    build_network(layer, BuildOptions(preset="generic", speed_field="freespeed_kmh"), path)
    network, random = open_network(path), np.random.default_rng(26)
    router, xy = Router(network), np.asarray(network.node_xy)
    put = []
    for count in (20_000, 40):
        where = xy[random.integers(0, len(xy), count)] + random.normal(0, 30, (count, 2))
        places = router.snap(where, SNAP)
        on = places.link >= 0
        put.append(standing(router, where[on], places.take(on), SNAP))
    weight = random.integers(1, 9, put[0].places.count).astype(float)
    cuts = Cuts(network, put[0], weight, put[1], 20.0, direction="departure")
    found, order = cuts.worst(50, Progress()), cuts.candidates()
    farthest, ranked = 0.0, []
    for link in order[:candidates].tolist():
        expected, effect = brute_force(network, put[0], weight, put[1], 20.0, link), cuts.effect(link)
        farthest = max(farthest, *(abs(a - b) for a, b in zip(effect[1:], expected)))
        ranked.append((expected[0] + expected[1], round(expected[2], 6), -link))
    best = sorted(ranked, reverse=True)[: len(found)]
    print(f"{len(ranked)} links: greatest difference {farthest:.2g}; {_verdict(cuts, found, best, order[candidates:])}")


def _verdict(cuts: Cuts, found: list, best: list[tuple], rest: np.ndarray) -> str:
    """Whether the worst that brute force saw are those ``found``; links of equal effect may change places.

    Nothing is said where a link of the ``rest``, not cut, has a bound that could still rank.
    """
    if len(best) < len(found) or (len(rest) and (cuts._first[rest[0]], cuts._minutes[rest[0]]) >= best[-1][:2]):
        return "too few candidates to tell the worst"
    figures = [(one.isolated + one.beyond, one.minutes) for one in found]
    same = np.allclose(figures, [one[:2] for one in best], rtol=1e-9, atol=1e-5)
    return f"same {len(found)} worst: {same}"


def main() -> None:
    if sys.argv[1] == "corse":
        corse(sys.argv[2], Path(sys.argv[3]))
        return
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
    cuts = Cuts(network, put[0], weight, put[1], asked.threshold, direction="departure")
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
