"""How good, how fast and how large: choosing sites against published optima, against spopt, and at the full size.

    python bench/siting.py large roads.network [--demand 200000 --candidates 2000 --sites 20 --threshold 30]
    python bench/siting.py pmed FOLDER [--time-limit 120]
    python bench/siting.py spopt [--demand 1000 --candidates 150]
    python bench/siting.py rounds

`large` draws demand and candidates near junctions of a network (see `generate_network.py` and the algorithm
`buildnetwork`), works out whom each candidate covers and solves maximal covering; memory is the proportional set size
of the process and its workers together. `pmed` reads OR-Library p-median files
(`pmed1.txt` …: nodes, edges, p, then edges) or full tables (`*.pmp`: sizes, MATRIX, rows) and prints value, bound and
gap. `rounds` compares OR-Tools with the plain method. `spopt` solves the same instances with spopt and CBC, the solver
that PuLP brings, in the same run and gives the ratio.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
LINKS = ROOT / "build" / "python"
LINKS.mkdir(parents=True, exist_ok=True)
if not (LINKS / "carto_services_publics").exists():
    (LINKS / "carto_services_publics").symlink_to(ROOT, target_is_directory=True)
sys.path.insert(0, str(LINKS))

import scipy  # noqa: E402
from carto_services_publics.core.access.matrix import cost_blocks  # noqa: E402
from carto_services_publics.core.network import open_network  # noqa: E402
from carto_services_publics.core.routing.local import Router  # noqa: E402
from carto_services_publics.core.siting.models import solve  # noqa: E402
from carto_services_publics.core.siting.problem import Costs, Problem  # noqa: E402
from scipy.sparse import coo_matrix  # noqa: E402
from scipy.sparse.csgraph import dijkstra  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    large_ = commands.add_parser("large")
    large_.add_argument("network")
    for name, default in (("demand", 200_000), ("candidates", 2_000), ("sites", 20)):
        large_.add_argument(f"--{name}", type=int, default=default)
    large_.add_argument("--threshold", type=float, default=30.0)
    large_.add_argument("--time-limit", type=float, default=40.0)
    large_.set_defaults(run=large)
    pmed_ = commands.add_parser("pmed")
    pmed_.add_argument("folder")
    pmed_.add_argument("--time-limit", type=float, default=120.0)
    pmed_.set_defaults(run=pmed)
    spopt_ = commands.add_parser("spopt")
    spopt_.add_argument("--demand", type=int, default=1_000)
    spopt_.add_argument("--candidates", type=int, default=150)
    spopt_.add_argument("--sites", type=int, default=10)
    spopt_.set_defaults(run=against_spopt)
    commands.add_parser("rounds").set_defaults(run=rounds)
    arguments = parser.parse_args()
    print(f"{os.cpu_count()} processors, scipy {scipy.__version__}, numpy {np.__version__}")
    arguments.run(arguments)


def large(arguments: argparse.Namespace) -> None:
    from gaps import Memory

    memory = Memory()
    network = open_network(arguments.network)
    random = np.random.default_rng(8)
    nodes = np.asarray(network.node_xy)
    router = Router(network)
    demand, candidates = (
        router.snap(nodes[random.integers(0, len(nodes), count)] + random.normal(0, 60, (count, 2)))
        for count in (arguments.demand, arguments.candidates)
    )
    weight = random.integers(1, 60, arguments.demand).astype(float)
    print(f"{network.node_count:,} nodes, {demand.count:,} × {candidates.count:,}, p = {arguments.sites}")

    def costs_of(sites: np.ndarray, cover: bool = False) -> Costs:
        blocks = cost_blocks(router, demand, candidates.take(sites), arguments.threshold)
        return Costs.from_blocks(blocks, demand.count, len(sites), cover=cover)

    start = time.perf_counter()
    cover = costs_of(np.arange(candidates.count), cover=True)
    covering = time.perf_counter() - start
    print(f"who covers whom {covering:.1f} s, {len(cover.demand):,} pairs, processor {_processor():.1f} s", flush=True)
    start = time.perf_counter()
    asked = Problem(cover, weight, costs_of=costs_of)
    found = solve(asked, "mclp", arguments.sites, np.inf, arguments.time_limit)
    solving = time.perf_counter() - start
    print(
        f"solving {solving:.1f} s, covered {found.objective:.0f} of {weight.sum():.0f}, bound {found.bound:.0f},"
        f" gap {100 * found.gap:.4f} %, {found.status}; in all {covering + solving:.1f} s,"
        f" processor {_processor():.1f} s, peak {memory.stop():.0f} MB, longest way {np.nanmax(found.cost):.3f} min"
    )


def pmed(arguments: argparse.Namespace) -> None:
    for path in sorted(Path(arguments.folder).glob("*.*"), key=lambda p: (len(p.name), p.name)):
        if path.suffix not in (".txt", ".pmp"):
            continue
        table, sites = read_pmed(path)
        start = time.perf_counter()
        found = solve(
            Problem(Costs.from_dense(table), np.ones(len(table))), "pmedian", sites, np.inf, arguments.time_limit
        )
        print(
            f"{path.name:<12} n {len(table):>4} p {sites:>3}  value {found.objective:>9.0f}  bound {found.bound:>9.0f}"
            f"  gap {100 * found.gap:6.3f} %  {found.status:<9}{time.perf_counter() - start:7.1f} s",
            flush=True,
        )


def read_pmed(path: Path) -> tuple[np.ndarray, int]:
    """Shortest distances between all nodes, and p. Of an edge given twice the last counts, as the format says."""
    lines = [line.split() for line in path.read_text().splitlines() if line.strip() and not line.startswith("#")]
    nodes, _, sites = (int(value) for value in lines[0])
    if lines[1] == ["MATRIX"]:
        return np.array(lines[2 : 2 + nodes], float), sites
    edges = {}
    for start, end, cost in (line[:3] for line in lines[1:]):
        edges[min(int(start), int(end)) - 1, max(int(start), int(end)) - 1] = float(cost)
    rows, columns = np.array(list(edges)).T
    return dijkstra(coo_matrix((list(edges.values()), (rows, columns)), (nodes, nodes)).tocsr(), directed=False), sites


def against_spopt(arguments: argparse.Namespace) -> None:
    import pulp
    from spopt.locate import LSCP, MCLP, PCenter, PMedian

    random = np.random.default_rng(8)
    people = random.uniform(0, 80, (arguments.demand, 1, 2))
    table = np.hypot(*(people - random.uniform(0, 80, (1, arguments.candidates, 2))).transpose(2, 0, 1))
    weight = random.integers(1, 200, arguments.demand).astype(float)
    sites, exact = arguments.sites, pulp.PULP_CBC_CMD(msg=False, timeLimit=600)
    reach = {"mclp": 12.0, "lscp": 1.2 * float(table.min(axis=1).max())}
    for model, build in (
        ("mclp", lambda: MCLP.from_cost_matrix(table, weight, reach["mclp"], sites)),
        ("lscp", lambda: LSCP.from_cost_matrix(table, reach["lscp"])),
        ("pmedian", lambda: PMedian.from_cost_matrix(table, weight, sites)),
        ("pcenter", lambda: PCenter.from_cost_matrix(table, sites)),
    ):
        start = time.perf_counter()
        ours = solve(Problem(Costs.from_dense(table), weight), model, sites, reach.get(model, np.inf), 600)
        own = time.perf_counter() - start
        start = time.perf_counter()
        theirs = build().solve(exact)
        other = time.perf_counter() - start
        value = pulp.value(theirs.problem.objective)
        print(f"{model:<8} ours {ours.objective:12.3f} {ours.status} {own:6.1f} s   spopt {value:12.3f} {other:6.1f} s"
              f"   × {other / own:.0f}", flush=True)  # fmt: skip


def rounds(_: argparse.Namespace) -> None:
    from carto_services_publics.core.siting.rounds import plan

    for stops, days, seed in ((10, 1, 1), (20, 1, 2), (30, 2, 3), (40, 3, 4), (60, 4, 5)):
        xy = np.random.default_rng(seed).uniform(0, 60, (stops + 1, 2))
        travel, duration = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)), np.full(stops, 15.0)
        found = [plan(travel, duration, 480, days, time_limit=10, optimiser=flag) for flag in (False, True)]
        words = "   ".join(f"{f.method} {f.weight:.0f} stops {f.travel:.1f} min" for f in found)
        print(f"{stops} stops, {days} days: {words}   × {found[0].travel / found[1].travel:.3f}", flush=True)


def _processor() -> float:
    """Seconds of processor of this process and its workers."""
    return sum(os.times()[:4])


if __name__ == "__main__":
    main()
