"""Time and memory of gap analysis at the scale of a département, against QGIS's own network analysis.

    python bench/generate_network.py 1000000 roads.gpkg
    python bench/gaps.py roads.gpkg [--demand 200000] [--qgis 3] [--algorithm]

Builds the network file beside the roads when it is missing, draws demand near junctions and 30 categories of services
(from 5 to 2 000 places each), and times: snapping, the nearest of every category, figures by zone with gap areas, and
E2SFCA with 1 000 places of supply bounded at 30 minutes. `--algorithm` also runs `cartoservices:coveragegaps`, from
layers in memory to layers in memory. `--qgis N` also builds QGIS's graph (2 minutes and more) and measures N of its
searches; the rest is extrapolated from them, as the table says.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
LINKS = ROOT / "build" / "python"
LINKS.mkdir(parents=True, exist_ok=True)
if not (LINKS / "carto_services_publics").exists():
    (LINKS / "carto_services_publics").symlink_to(ROOT, target_is_directory=True)
sys.path.insert(0, str(LINKS))

import scipy  # noqa: E402
from carto_services_publics.core.access.costs import KeptBlocks  # noqa: E402
from carto_services_publics.core.access.coverage import coverage_by_zone  # noqa: E402
from carto_services_publics.core.access.gaps import PointGaps  # noqa: E402
from carto_services_publics.core.access.matrix import cost_blocks  # noqa: E402
from carto_services_publics.core.access.nearest import members_by_category, nearest_in_groups  # noqa: E402
from carto_services_publics.core.access.scores import accessibility, step_decay  # noqa: E402
from carto_services_publics.core.network import BuildOptions, build_network, open_network  # noqa: E402
from carto_services_publics.core.routing.local import Router  # noqa: E402
from carto_services_publics.core.thresholds import within  # noqa: E402

CATEGORIES = 30
THRESHOLDS = (10.0, 20.0, 30.0)
SUPPLY = 1_000
STEPS = ((10.0, 1.0), (20.0, 0.5), (30.0, 0.2))


class Clock:
    """Times what it is asked to, and keeps the figures."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.processor: dict[str, float] = {}

    @contextmanager
    def time(self, name: str):
        memory = Memory()
        start, cpu = time.perf_counter(), sum(os.times()[:4])
        yield
        self.seconds[name] = time.perf_counter() - start
        self.processor[name] = sum(os.times()[:4]) - cpu
        figures = f"{self.seconds[name]:7.1f} s   processor {self.processor[name]:6.1f} s"
        print(f"{name:<55}{figures}   peak {memory.stop():6.0f} MB", flush=True)


class Memory(threading.Thread):
    """Looks five times a second at what this process and its workers hold; pages they share count once (Pss)."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._peak, self._running = 0, True
        self.start()

    def run(self) -> None:
        while self._running:
            self._peak = max(self._peak, sum(proportional_kilobytes(pid) for pid in (os.getpid(), *children())))
            time.sleep(0.2)

    def stop(self) -> float:
        """The peak, in megabytes."""
        self._running = False
        self.join()
        return self._peak / 1024


def children() -> list[int]:
    tasks = Path(f"/proc/{os.getpid()}/task")
    return [int(pid) for task in tasks.iterdir() for pid in (task / "children").read_text().split()]


def proportional_kilobytes(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def scattered(random: np.random.Generator, nodes: np.ndarray, count: int) -> np.ndarray:
    """Points within some 100 m of junctions: as many in a street as it has junctions."""
    return nodes[random.integers(0, len(nodes), count)] + random.normal(0, 60, (count, 2))


def main() -> None:
    arguments = read_arguments()
    path = Path(arguments.roads).with_suffix(".network")
    if not path.exists():
        build_network(arguments.roads, BuildOptions(), path)
    network = open_network(path)
    nodes = np.asarray(network.node_xy)
    random = np.random.default_rng(6)
    demand_xy = scattered(random, nodes, arguments.demand)
    weight = random.integers(1, 60, arguments.demand).astype(float)
    sizes = np.geomspace(5, 2_000, CATEGORIES).astype(int)
    service_xy = scattered(random, nodes, int(sizes.sum()))
    category = np.repeat(np.arange(CATEGORIES), sizes)
    zone = squares(demand_xy, 25)
    print(f"{network.node_count:,} nodes, {arguments.demand:,} places of demand, {sizes.sum():,} services")
    print(f"{os.cpu_count()} processors, scipy {scipy.__version__}, numpy {np.__version__}")
    clock = Clock()
    router = Router(network)
    with clock.time("demand and services put on the network"):
        demand, services = router.snap(demand_xy), router.snap(service_xy)
    with clock.time("nearest of each category"):
        found = list(nearest_in_groups(router, demand, services, members_by_category(category, CATEGORIES)))
    with clock.time(f"figures by zone and gap areas, {len(THRESHOLDS)} thresholds"):
        areas = PointGaps(demand_xy, weight)
        made = 0
        for answer in found:
            cost = answer.cost[:, 0]
            coverage_by_zone(zone, weight, cost, THRESHOLDS, int(zone.max()) + 1)
            made += sum(len(areas.areas(~within(cost, threshold))) for threshold in THRESHOLDS)
    print(f"    {made:,} areas")
    supply = router.snap(scattered(random, nodes, SUPPLY))
    with clock.time(f"costs of {SUPPLY:,} places of supply within {STEPS[-1][0]:g} min"):
        blocks = KeptBlocks(cost_blocks(router, demand, supply, STEPS[-1][0]))
    pairs = sum(int(np.isfinite(block.cost).sum()) for block in blocks())
    with clock.time(f"E2SFCA of these {pairs:,} pairs"):
        accessibility(blocks, weight, np.ones(SUPPLY), step_decay(STEPS))
    summary(clock)
    if not (arguments.algorithm or arguments.qgis):
        return
    application = start_qgis()
    if arguments.algorithm:
        whole_algorithm(clock, path, network.crs, demand_xy, weight, service_xy, category)
    if arguments.qgis:
        against_qgis(arguments, clock, demand_xy, service_xy, int(sizes.sum()))
    application.exitQgis()


def squares(xy: np.ndarray, side: int) -> np.ndarray:
    """(n,) zone of each point: the square of a grid of ``side`` × ``side`` it lies in."""
    place = (xy - xy.min(axis=0)) / np.ptp(xy, axis=0) * (side - 1e-9)
    row, column = place.astype(int).T
    return np.minimum(row, side - 1) * side + np.minimum(column, side - 1)


def summary(clock: Clock) -> None:
    snapping, nearest, figures, costs, score = clock.seconds.values()
    print(f"nearest, snapping in                {snapping + nearest:6.1f} s  (bar: 15 s, 2 000 MB)")
    print(f"coverage gaps, snapping in          {snapping + nearest + figures:6.1f} s  (bar: twice the nearest's 15 s)")
    print(f"E2SFCA, search in                   {costs + score:6.1f} s  (bar: 60 s)")


def start_qgis():
    """A QGIS without windows."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["PYTHONPATH"] = str(LINKS)  # of the workers
    from qgis.core import QgsApplication

    application = QgsApplication([], False)
    application.initQgis()
    return application


def whole_algorithm(clock: Clock, path: Path, crs: str, demand_xy, weight, service_xy, category) -> None:
    """`cartoservices:coveragegaps` with 625 zones, as a user runs it: in a task, beside the interface."""
    from carto_services_publics.processing.coveragegaps import CoverageGaps
    from qgis.core import QgsApplication, QgsProcessingAlgRunnerTask, QgsProcessingContext, QgsProcessingFeedback
    from qgis.PyQt.QtCore import QEventLoop

    corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)])
    low, side = demand_xy.min(axis=0), np.ptp(demand_xy, axis=0) / 25
    squares = [low + side * (corners + place) for place in np.ndindex(25, 25)]
    rings = [", ".join(f"{x!r} {y!r}" for x, y in square.tolist()) for square in squares]
    points = [[f"POINT({x!r} {y!r})" for x, y in xy.tolist()] for xy in (demand_xy, service_xy)]
    given = {
        "DEMAND": layer("Point", "population:double", crs, points[0], [[people] for people in weight.tolist()]),
        "DEMAND_WEIGHT": "population",
        "SERVICES": layer("Point", "categorie:string", crs, points[1], [[f"c{number:02d}"] for number in category]),
        "CATEGORY_FIELD": "categorie",
        "ZONES": layer(
            "Polygon",
            "code:integer",
            crs,
            [f"POLYGON(({ring}))" for ring in rings],
            [[row] for row in range(len(rings))],
        ),
        "NETWORK": str(path),
        "THRESHOLDS": ",".join(map(str, THRESHOLDS)),
        **dict.fromkeys(("OUTPUT", "GAPS", "DEMAND_OUT", "FAILED"), "memory:"),
    }
    algorithm, context, feedback = CoverageGaps().create(), QgsProcessingContext(), QgsProcessingFeedback()
    task, loop, ended = QgsProcessingAlgRunnerTask(algorithm, given, context, feedback), QEventLoop(), []
    task.executed.connect(lambda *how: (ended.extend(how), loop.quit()))
    with clock.time("cartoservices:coveragegaps, whole"):
        QgsApplication.taskManager().addTask(task)
        loop.exec()
    assert ended[0], feedback.textLog()


def layer(kind: str, fields: str, crs: str, shapes: list[str], values: list[list]):
    """A layer in memory with the values of each row."""
    from qgis.core import QgsCoordinateReferenceSystem, QgsFeature, QgsGeometry, QgsVectorLayer

    made = QgsVectorLayer(f"{kind}?field={fields}", "layer", "memory")
    made.setCrs(QgsCoordinateReferenceSystem(crs))
    features = []
    for shape, value in zip(shapes, values):
        feature = QgsFeature(made.fields())
        feature.setGeometry(QgsGeometry.fromWkt(shape))
        feature.setAttributes(value)
        features.append(feature)
    made.dataProvider().addFeatures(features)
    return made


def against_qgis(arguments, clock: Clock, demand_xy: np.ndarray, service_xy: np.ndarray, services: int) -> None:
    """The same through QgsGraphAnalyzer: its graph, then one search a service, as plugins built on it do."""
    from qgis.analysis import QgsGraphAnalyzer, QgsGraphBuilder, QgsNetworkSpeedStrategy, QgsVectorLayerDirector
    from qgis.core import QgsPointXY, QgsVectorLayer

    layer = QgsVectorLayer(arguments.roads, "roads", "ogr")
    fields = layer.fields()
    director = QgsVectorLayerDirector(
        layer,
        fields.lookupField("sens_de_circulation"),
        "Sens direct",
        "Sens inverse",
        "Double sens",
        QgsVectorLayerDirector.Direction.DirectionBoth,
    )
    speed = fields.lookupField("vitesse_moyenne_vl")
    director.addStrategy(QgsNetworkSpeedStrategy(speed, 50.0, 1000.0 / 3600.0))
    builder = QgsGraphBuilder(layer.crs())
    points = [QgsPointXY(x, y) for x, y in np.vstack([service_xy[: arguments.qgis], demand_xy[:1_000]])]
    with clock.time("QGIS: graph"):
        tied = director.makeGraph(builder, points)
        graph = builder.takeGraph()
    with clock.time(f"QGIS: {arguments.qgis} searches"):
        for point in tied[: arguments.qgis]:
            QgsGraphAnalyzer.dijkstra(graph, graph.findVertex(point), 0)
    # Processor time, workers included: the ratio does not depend on what else the machine does.
    used = clock.processor
    search = used[f"QGIS: {arguments.qgis} searches"] / arguments.qgis
    snapping, nearest, _, costs, score = list(used.values())[:5]
    for name, searches, ours in (
        ("nearest of each category", services, snapping + nearest),
        ("costs of E2SFCA", SUPPLY, costs + score),
    ):
        theirs = used["QGIS: graph"] + searches * search
        print(
            f"{name}: QGIS {theirs:,.0f} s of processor for {searches:,} searches, extrapolated; ours {ours:,.1f} s;",
            end="",
        )
        print(f" {theirs / ours:,.0f} times")
    del graph, builder, director, layer


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("roads", help="GeoPackage made by generate_network.py")
    parser.add_argument("--demand", type=int, default=200_000)
    parser.add_argument("--algorithm", action="store_true", help="run the whole algorithm of Processing too")
    parser.add_argument("--qgis", type=int, default=0, metavar="N", help="measure N searches of QGIS too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
