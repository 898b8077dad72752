"""What the network file and the searches on it cost, against QGIS and against a limit in C++.

    python bench/network.py 1000000 /tmp/bench            # one size: every figure of bench/network.md
    python bench/network.py 1000000 /tmp/bench --qgis     # and QGIS's own graph of the same layer, in the same run
    python bench/network.py 1000000 /tmp/bench builds     # the network file alone, and QGIS's graph in the same run
    python bench/network.py build roads.gpkg a.network    # the network file alone
    python bench/network.py growth /tmp/bench             # 0.25, 0.5, 1 and 2 million junctions, and the plot

CPU seconds unless said, since machines are shared; wall time where processes work together. The layer is generated
once (`generate_network.py`, seed 38). A Python without GDAL (a newer scipy in an environment of its own) measures the
searches on a network file made before.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
import threading
import time
import types
from pathlib import Path

import numpy as np
import scipy

HERE = Path(__file__).resolve().parent
sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() not in (HERE, HERE.parent)]
sys.path[:0] = [str(HERE.parent / "build" / "python")]
os.environ["PYTHONPATH"] = sys.path[0]
try:
    import osgeo  # noqa: F401
except ImportError:  # searches need no GDAL
    for name in ("osgeo", "osgeo.gdal", "osgeo.ogr"):
        sys.modules[name] = types.ModuleType(name)
    sys.modules["osgeo"].gdal, sys.modules["osgeo"].ogr = sys.modules["osgeo.gdal"], sys.modules["osgeo.ogr"]

from carto_services_publics.core.access.matrix import cost_blocks  # noqa: E402
from carto_services_publics.core.network import BuildOptions, build_network, open_network  # noqa: E402
from carto_services_publics.core.processes.pool import keep_freed_memory  # noqa: E402
from carto_services_publics.core.progress import Progress  # noqa: E402
from carto_services_publics.core.routing.local import Router  # noqa: E402
from carto_services_publics.core.routing.search import VirtualSources, search  # noqa: E402

SIZES = (250_000, 500_000, 1_000_000, 2_000_000)
GROUP = 25


class Clock:
    """CPU and wall seconds of a block of code."""

    def __enter__(self) -> Clock:
        self._cpu, self._wall = time.process_time(), time.perf_counter()
        return self

    def __exit__(self, *_) -> None:
        self.cpu, self.wall = time.process_time() - self._cpu, time.perf_counter() - self._wall


class Memory(threading.Thread):
    """The most memory that this process and its children hold together (pages they share count once), in MB."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak, self._over = 0, threading.Event()

    def __enter__(self) -> Memory:
        self.start()
        return self

    def __exit__(self, *_) -> None:
        self._over.set()
        self.join()

    def run(self) -> None:
        while not self._over.wait(0.3):
            children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
            self.peak = max(self.peak, sum(map(self._held, ["self", *children])))

    @staticmethod
    def _held(process: str) -> int:
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        except OSError:
            return 0
        return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("Pss:")), 0)


def prepare(size: int, folder: Path) -> tuple[Path, Path, dict[str, np.ndarray]]:
    """The layer, where its network goes, and the points of the measures; made once."""
    folder.mkdir(parents=True, exist_ok=True)
    layer, points = folder / f"roads_{size}.gpkg", folder / f"points_{size}.npz"
    if not points.exists():
        sys.path.append(str(HERE))
        from generate_network import demand, facilities, generate, write

        roads = generate(size, 38)
        write([roads], str(layer))
        np.savez(points, facilities=facilities(roads, 3000), demand=demand(roads, 200_000))
    return layer, folder / f"roads_{size}.network", dict(np.load(points))


def measure_build(layer: Path, path: Path) -> dict[str, float]:
    """In a process of its own, set up as the plugin's workers are: that is where QGIS has networks built."""
    command = [sys.executable, __file__, "build", str(layer), str(path)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def build(layer: Path, path: Path) -> dict[str, float]:
    keep_freed_memory()
    path.unlink(missing_ok=True)  # to take away an older file is not to build
    with Clock() as clock:
        report = build_network(str(layer), BuildOptions(), path)
    megabytes = path.stat().st_size / 1e6
    return {"build": clock.cpu, "build_wall": clock.wall, "links": report.links, "file_mb": round(megabytes)}


def measure_qgis(layer: Path) -> dict[str, float]:
    """QGIS's graph of the layer, as its own algorithms and plugins build it before any search."""
    from qgis.analysis import QgsGraphBuilder, QgsNetworkSpeedStrategy, QgsVectorLayerDirector
    from qgis.core import QgsApplication, QgsVectorLayer

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QgsApplication([], False)
    application.initQgis()
    roads = QgsVectorLayer(f"{layer}|layername=troncon_de_route", "roads", "ogr")
    names = roads.fields()
    with Clock() as clock:
        director = QgsVectorLayerDirector(
            roads,
            names.indexOf("sens_de_circulation"),
            "Sens direct",
            "Sens inverse",
            "Double sens",
            QgsVectorLayerDirector.Direction.DirectionBoth,
        )
        director.addStrategy(QgsNetworkSpeedStrategy(names.indexOf("vitesse_moyenne_vl"), 50, 1 / 3.6))
        builder = QgsGraphBuilder(roads.crs(), False, 0.0, "")
        director.makeGraph(builder, [])
        builder.graph()
    return {"qgis_build": clock.cpu, "qgis_build_wall": clock.wall}


def measure_searches(path: Path, points: dict[str, np.ndarray]) -> dict[str, float]:
    with Clock() as clock:
        network = open_network(path)
    figures = {"open": clock.wall, "nodes": network.node_count}
    router = Router(network)
    with Clock() as clock:
        demand = router.snap(points["demand"])
    figures["snap_200k"] = clock.cpu
    facilities = router.snap(points["facilities"])
    figures.update(_against_the_limit(router, facilities.take(np.arange(500)), path.parent))
    with Clock() as clock:
        people = router.prepare(demand)
        for category in range(30):
            router.nearest(people, facilities.take(np.arange(category, 3000, 30)))
    figures["nearest_30x200k"] = clock.cpu
    samples = router.prepare(demand.take(np.arange(100_000)))
    waits = []
    for i in range(10):
        with Clock() as clock:
            next(iter(router.matrix(facilities.take(np.array([i])), samples, limit=20.0)))
        waits.append(clock.wall)
    figures["click"] = float(np.median(waits))
    with Clock() as clock, Memory() as memory:
        origins, people = facilities.take(np.arange(1000)), demand.take(np.arange(100_000))
        pairs = sum(int(np.isfinite(b.cost).sum()) for b in cost_blocks(router, origins, people, 30.0))
    figures["od_1000x100k_wall"], figures["od_pairs"], figures["od_peak_mb"] = clock.wall, pairs, memory.peak
    return figures


def _against_the_limit(router: Router, places, folder: Path) -> dict[str, float]:
    """500 searches of 20 minutes in one process, and the same in C++ on the same contracted graph."""
    arcs = router.prepare(places).arcs
    order = np.argsort(places.link, kind="stable")
    graph = router._graph(reverse=False)
    reached = 0
    with Clock() as clock:
        for start in range(0, len(order), GROUP):
            group = arcs.take(order[start : start + GROUP])
            found = search(graph, VirtualSources(*group.out()), 20.0, Progress())
            reached += int((found.cost <= 20.0).sum())
    limit, touched, row = _limit(router, arcs, folder)
    last = search(graph, VirtualSources(*(column[-1:] for column in arcs.out())), 20.0, Progress())
    ours = last.cost[0, last.column[:-1]]
    both = (ours < 19.99) | (row < 19.99)
    assert np.abs(ours[both] - row[both]).max() < 1e-3, "the limit and the engine disagree"
    assert abs(reached / touched - 1) < 1e-3
    return {"searches_500": clock.cpu, "limit_500": limit, "reached_each": reached // 500}


def _limit(router: Router, arcs, folder: Path) -> tuple[float, int, np.ndarray]:
    library = folder / "limit.so"
    command = ["g++", "-O3", "-march=native", "-shared", "-fPIC", str(HERE / "limit.cpp"), "-o", str(library)]
    subprocess.run(command, check=True)
    code = ctypes.CDLL(str(library))
    code.graph_new.restype = ctypes.c_void_p
    code.search_many.restype = ctypes.c_long
    start, head, cost, rank = _contracted(router)
    pointer = lambda array: array.ctypes.data_as(ctypes.c_void_p)  # noqa: E731
    graph = ctypes.c_void_p(code.graph_new(len(start) - 1, pointer(start), pointer(head), pointer(cost)))
    ends = np.stack((rank[arcs.first], rank[arcs.last]), axis=1).astype(np.int32)
    at = np.ascontiguousarray(np.stack(arcs.out()[2:], axis=1))
    row = np.empty(len(rank), np.float32)
    best, reached = np.inf, 0
    for width in (0.01, 0.02, 0.05):
        with Clock() as clock:
            reached = code.search_many(
                graph,
                len(ends),
                pointer(ends),
                pointer(at),
                ctypes.c_double(20.0),
                ctypes.c_double(width),
                pointer(row),
            )
        best = min(best, clock.cpu)
    return best, reached, row[rank]


def _contracted(router: Router) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The graph of kept nodes and chains, in Morton order: what a program in C++ would search. And each node's rank."""
    contracted = router.network.contraction
    kept = contracted.node_kept[contracted.node_kept >= 0]
    rank = np.empty(len(kept), np.int32)
    rank[kept] = np.arange(len(kept), dtype=np.int32)
    tail = rank[np.concatenate((contracted.chain_first, contracted.chain_last))]
    head = rank[np.concatenate((contracted.chain_last, contracted.chain_first))]
    cost = np.concatenate((contracted.chain_minutes_along, contracted.chain_minutes_against))
    arcs = np.flatnonzero(np.isfinite(cost) & (tail != head))
    arcs = arcs[np.lexsort((head[arcs], tail[arcs]))]
    start = np.concatenate(([0], np.cumsum(np.bincount(tail[arcs], minlength=len(kept))))).astype(np.int32)
    return start, np.ascontiguousarray(head[arcs]), cost[arcs], rank


def measure(size: int, folder: Path, with_qgis: bool) -> dict[str, float]:
    layer, path, points = prepare(size, folder)
    figures: dict[str, float] = {"scipy": scipy.__version__, "numpy": np.__version__}
    if hasattr(sys.modules["osgeo"], "__file__"):
        figures.update(measure_build(layer, path))
    figures.update(measure_searches(path, points))
    print(json.dumps(figures), file=sys.stderr, flush=True)
    if with_qgis:
        figures.update(measure_qgis(layer))
    return figures


def measure_builds(size: int, folder: Path) -> dict[str, float]:
    """The network file made before and after QGIS's graph, each in a process of its own: what a busy machine slows, it
    slows for both."""
    layer, path, _ = prepare(size, folder)
    ours = [measure_build(layer, path)["build"] for _ in range(3)]
    theirs = measure_qgis(layer)["qgis_build"]
    ours += [measure_build(layer, path)["build"] for _ in range(3)]
    figures = {f"build_{rank}": seconds for rank, seconds in enumerate(ours)}
    return {**figures, "qgis_build": theirs, "ratio": theirs / float(np.median(ours))}


def growth(folder: Path) -> None:
    """Every size in a process of its own, and a plot of time against junctions."""
    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot as plt

    rows = []
    for size in SIZES:
        command = [sys.executable, __file__, str(size), str(folder)]
        rows.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
        print(json.dumps(rows[-1]), flush=True)
    figure, axes = plt.subplots(figsize=(7, 4.5))
    for key, label in (
        ("build", "network file from the GeoPackage"),
        ("snap_200k", "200 000 points snapped"),
        ("searches_500", "500 searches, 20 minutes"),
        ("nearest_30x200k", "nearest: 30 categories × 200 000 points"),
        ("od_1000x100k_wall", "1 000 × 100 000 within 30 minutes (wall)"),
    ):
        axes.plot([row["nodes"] / 1e6 for row in rows], [row[key] for row in rows], marker="o", label=label)
    axes.set(xlabel="million junctions", ylabel="seconds", xlim=0, ylim=0)
    axes.legend(frameon=False)
    axes.grid(alpha=0.3)
    figure.tight_layout()
    figure.savefig(HERE / "network_growth.svg", metadata={"Date": None})


if __name__ == "__main__":
    if sys.argv[1] == "growth":
        growth(Path(sys.argv[2]))
    elif sys.argv[1] == "build":
        print(json.dumps(build(Path(sys.argv[2]), Path(sys.argv[3]))))
    else:
        size, folder = int(sys.argv[1]), Path(sys.argv[2])
        found = measure_builds(size, folder) if "builds" in sys.argv else measure(size, folder, "--qgis" in sys.argv)
        found["load"] = os.getloadavg()[0]
        print(json.dumps({k: round(v, 4) if isinstance(v, float) else v for k, v in found.items()}))
        sys.stdout.flush()
        os._exit(0)  # QGIS may not survive its own end
