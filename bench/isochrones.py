"""Isochrones: how well they say what is reached, and how fast they come.

    python bench/isochrones.py fidelity ../shared/data [NAME…]      # our polygons, hulls and buffers of QGIS's lines
    python bench/isochrones.py valhalla ../shared/data              # a real Valhalla on its own costs
    python bench/isochrones.py speed /tmp/bench [--qgis]            # 500 points, 20 minutes, 1 million junctions
    python bench/isochrones.py click ../shared/data                 # one point, three cutoffs, on a département
    python bench/isochrones.py dissolved resources/demo/demo.gpkg   # one area of the roads' ends, on foot

`speed` uses the layer of `bench/network.py` and makes it when it is not there; with `--qgis` QGIS's own way is measured
in the same run: its graph builder plus one search a point, extrapolated from ten.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import scipy

HERE = Path(__file__).resolve().parent
sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() not in (HERE, HERE.parent)]
sys.path[:0] = [str(HERE.parent / "build" / "python"), str(HERE.parent / "tests" / "core" / "access")]
os.environ["PYTHONPATH"] = sys.path[0]

from carto_services_publics.core.access.isochrones import isochrones  # noqa: E402
from carto_services_publics.core.access.local_engine import LocalEngine  # noqa: E402
from carto_services_publics.core.access.resolution import settings  # noqa: E402
from carto_services_publics.core.network import BuildOptions, build_network, open_network  # noqa: E402
from carto_services_publics.core.routing.engines import Request, TravelMode  # noqa: E402
from carto_services_publics.core.routing.local import Router  # noqa: E402
from fidelity import NOTHING, Fidelity, compare, costs_of, options_for, points_of  # noqa: E402

CUTOFFS = (5.0, 10.0, 20.0, 30.0)
ROADS = {
    "Corse, car": ("corse/corse_routes_osm.gpkg", "car"),
    "Andorra, car": ("osm/andorra.osm.pbf", "car"),
    "Liechtenstein, car": ("osm/liechtenstein.osm.pbf", "car"),
    "Geneva, car": ("osm/geneva.osm.pbf", "car"),
    "Paris 11e, foot": ("osm/paris-11e.osm.pbf", "foot"),
}
ORIGINS = 16


def _module(path: Path):
    spec = importlib.util.spec_from_file_location(path.stem + "_of_bench", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _network(data: Path, roads: str, profile: str, folder: str):
    path = Path(folder) / f"{Path(roads).name}-{profile}.network"
    build_network(str(data / roads), options_for(roads, profile), path)
    return open_network(path)


def _origins(router: Router, count: int = ORIGINS):
    nodes = np.asarray(router.network.node_xy)
    return router.snap(nodes[np.random.default_rng(5).choice(len(nodes), count)])


def _row(name: str, shares: list[Fidelity | None]) -> None:
    cells = [f"{100 * share.share:6.2f} %" if share else "–" for share in shares]
    print(f"| {name} | {' | '.join(cells)} |", flush=True)


def fidelity(data: Path, *names: str) -> None:
    """Points of the network inside if and only if reached; our default settings, then what QGIS's users do."""
    print("| | 5 min | 10 min | 20 min | 30 min |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name in names or ROADS:
            roads, profile = ROADS[name]
            network = _network(data, roads, profile, folder)
            router = Router(network)
            origins, points = _origins(router), points_of(network)
            cost = costs_of(router, origins, points, 2 * CUTOFFS[-1])
            alone = [_ours(router, origins, points, cost, (cutoff,))[0] for cutoff in CUTOFFS]
            _row(name, alone)
            _row(f"{name}, the four in one run", _ours(router, origins, points, cost, CUTOFFS))
        network = _network(data, *ROADS["Corse, car"], folder)
        router = Router(network)
        origins, points = _origins(router, 4), points_of(network)
        reached = {cutoff: _qgis_lines(data / ROADS["Corse, car"][0], origins.xy, cutoff) for cutoff in CUTOFFS}
        costs = {cutoff: costs_of(router, origins, points, 2 * cutoff) for cutoff in CUTOFFS}
        for name, area_of in _USERS_WAYS.items():
            shares = []
            for cutoff in CUTOFFS:
                total = NOTHING
                for origin, lines in enumerate(reached[cutoff]):
                    total += compare(_multi(area_of(lines)), points.xy, costs[cutoff][origin], cutoff)
                shares.append(total)
            _row(f"Corse, lines of native:serviceareafromlayer, {name}", shares)


def _ours(router: Router, origins, points, cost: np.ndarray, cutoffs: tuple[float, ...]) -> list[Fidelity]:
    totals = [NOTHING] * len(cutoffs)
    for found in isochrones(router, origins, settings(router.network.profile, cutoffs)):
        for row, (cutoff, polygon) in enumerate(zip(cutoffs, found.polygons)):
            totals[row] += compare(polygon, points.xy, cost[found.origin], cutoff)
    return totals


def _concave(lines):
    import shapely

    return shapely.concave_hull(lines, ratio=0.3)


_USERS_WAYS = {
    "convex hull": lambda lines: lines.convex_hull,
    "concave hull (threshold 0.3)": _concave,
    "buffer of 200 m": lambda lines: lines.buffer(200),
    "buffer of 50 m": lambda lines: lines.buffer(50),
}


def _multi(area) -> bytes:
    from carto_services_publics.core.routing.polygons import multipolygon

    return multipolygon(area).wkb


def _qgis():
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.path.append("/usr/share/qgis/python/plugins")
    from qgis.analysis import QgsNativeAlgorithms
    from qgis.core import QgsApplication

    application = QgsApplication.instance() or QgsApplication([], False)
    if not QgsApplication.processingRegistry().providerById("native"):
        application.initQgis()
        QgsApplication.processingRegistry().addProvider(QgsNativeAlgorithms())
    return application


def _qgis_lines(roads: Path, xy: np.ndarray, cutoff: float) -> list:
    """The lines reached from each point, as QGIS gives them."""
    _kept.append(_qgis())
    from qgis.core import QgsFeature, QgsGeometry, QgsPointXY, QgsVectorLayer
    from shapely import wkb

    import processing

    layer = QgsVectorLayer("Point?crs=EPSG:2154&field=id:integer", "points", "memory")
    features = []
    for number, (x, y) in enumerate(xy):
        feature = QgsFeature(layer.fields())
        feature.setAttributes([number])
        feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(x, y)))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    found = processing.run(
        "native:serviceareafromlayer",
        {
            "INPUT": str(roads),
            "STRATEGY": 1,
            "SPEED_FIELD": "speed_chord_kmh",
            "DEFAULT_DIRECTION": 0,
            "START_POINTS": layer,
            "TRAVEL_COST2": cutoff / 60,
            "OUTPUT_LINES": "memory:",
        },
    )["OUTPUT_LINES"]
    lines = {feature["id"]: wkb.loads(bytes(feature.geometry().asWkb())) for feature in found.getFeatures()}
    return [lines[number] for number in range(len(xy))]


_kept: list = []


def valhalla(data: Path) -> None:
    """Valhalla's polygons against its own travel times to 2 000 points of the network of Andorra."""
    import requests
    from carto_services_publics.core.routing.valhalla import Valhalla
    from pyproj import Transformer

    server = _module(HERE.parent / "tests" / "servers" / "valhalla.py")
    programs = server.install()
    with tempfile.TemporaryDirectory() as folder:
        network = _network(data, *ROADS["Andorra, car"], folder)
        router = Router(network)
        origins, points = _origins(router, 8), points_of(network)
        some = np.random.default_rng(6).choice(points.count, 2000, replace=False)
        to_degrees = Transformer.from_crs(network.crs, "EPSG:4326", always_xy=True)
        starts = np.column_stack(to_degrees.transform(*origins.xy.T))
        ends = np.column_stack(to_degrees.transform(*points.xy[some].T))
        with server.running(data / "osm" / "andorra.osm.pbf", Path(folder), programs) as url:
            engine = Valhalla(url)
            totals = dict.fromkeys(CUTOFFS, NOTHING)
            requests_ = [Request(n, *start, CUTOFFS) for n, start in enumerate(starts)]
            answers = {answer.key: answer for answer in engine.isochrones(requests_, TravelMode())}
            for number, start in enumerate(starts):
                asked = {
                    "sources": [dict(zip(("lon", "lat"), start.tolist()))],
                    "targets": [dict(zip(("lon", "lat"), end.tolist())) for end in ends],
                    "costing": "auto",
                }
                answer = requests.post(f"{url}/sources_to_targets", json=asked, timeout=120).json()
                rows = answer["sources_to_targets"][0]
                minutes = np.array([np.inf if row["time"] is None else row["time"] / 60 for row in rows])
                for cutoff in CUTOFFS:
                    totals[cutoff] += compare(answers[number].polygons.get(cutoff), ends, minutes, cutoff)
    print("| | 5 min | 10 min | 20 min | 30 min |\n|---|---|---|---|---|")
    _row("Andorra, Valhalla on its own costs", list(totals.values()))


def speed(folder: Path, with_qgis: bool) -> None:
    """500 points through the engine as the algorithm runs it: snapping, processes and polygons included."""
    network_bench = _module(HERE / "network.py")
    layer, path, points = network_bench.prepare(1_000_000, folder)
    try:
        network = open_network(path)
    except Exception:  # not built yet, or by another version
        build_network(str(layer), BuildOptions(profile="car"), path)
        network = open_network(path)
    facilities = points["facilities"][:500]
    requests_ = [Request(number, x, y, (20.0,)) for number, (x, y) in enumerate(facilities)]
    memory, before, load = _Memory(), sum(os.times()[:4]), os.getloadavg()[0]
    start, first, size, count = time.perf_counter(), 0.0, 0, 0
    for answer in LocalEngine(network, 1000.0).isochrones(requests_, TravelMode()):
        first = first or time.perf_counter() - start
        size += len(answer.polygons[20.0])
        count += 1
    wall = time.perf_counter() - start
    spent = sum(os.times()[:4]) - before
    print(f"load before: {load:.1f} on {os.cpu_count()} cores; scipy {scipy.__version__}")
    print(f"{count} isochrones: {wall:.1f} s wall, {spent:.1f} s CPU in all processes, the first after {first:.2f} s")
    print(
        f"{size / 1e6:.0f} MB of polygons; peak memory {memory.stop():.0f} MB in all processes (what they share once)"
    )
    if with_qgis:
        figures = _qgis_speed(network_bench, layer, facilities[:10])
        whole = figures["graph"] + 500 * figures["search"]
        print(
            f"QGIS, CPU: graph {figures['graph']:.0f} s, a search {figures['search']:.2f} s, 500 points {whole:.0f} s"
        )
        print(f"without polygons: {whole / spent:.0f} times our CPU on one core, {2 * whole / spent:.0f} times on two")


def _qgis_speed(network_bench, layer: Path, xy: np.ndarray) -> dict[str, float]:
    """CPU seconds of QGIS's graph of the layer, with ten points tied to it, and of one search."""
    _kept.append(_qgis())
    from qgis.analysis import QgsGraphAnalyzer, QgsGraphBuilder, QgsNetworkSpeedStrategy, QgsVectorLayerDirector
    from qgis.core import QgsPointXY, QgsVectorLayer

    roads = QgsVectorLayer(f"{layer}|layername=troncon_de_route", "roads", "ogr")
    direction = roads.fields().indexFromName("sens_de_circulation")
    director = QgsVectorLayerDirector(
        roads, direction, "Sens direct", "Sens inverse", "Double sens", QgsVectorLayerDirector.Direction.DirectionBoth
    )
    director.addStrategy(
        QgsNetworkSpeedStrategy(roads.fields().indexFromName("vitesse_moyenne_vl"), 50.0, 1000.0 / 3600.0)
    )
    start = time.process_time()
    builder = QgsGraphBuilder(roads.crs(), False, 0.0, "")
    tied = director.makeGraph(builder, [QgsPointXY(*point) for point in xy.tolist()])
    graph = builder.graph()
    built = time.process_time() - start
    start = time.process_time()
    for point in tied:
        QgsGraphAnalyzer.dijkstra(graph, graph.findVertex(point), 0)
    return {"graph": built, "search": (time.process_time() - start) / len(tied)}


class _Memory:
    """The largest memory of this process and its children, what they share counted once (Linux)."""

    def __init__(self) -> None:
        self._peak, self._ended = 0, threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while not self._ended.wait(0.3):
            self._peak = max(self._peak, sum(_kilobytes(process) for process in _family(os.getpid())))

    def stop(self) -> float:
        self._ended.set()
        return self._peak / 1024


def _family(process: int) -> list[int]:
    family = [process]
    for task in Path(f"/proc/{process}/task").iterdir():
        try:
            children = (task / "children").read_text().split()
        except OSError:
            continue
        family += [int(child) for child in children]
    return family


def _kilobytes(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def click(data: Path) -> None:
    """Three cutoffs of one point on Corse, network open: as the map tool asks for them, each at a new place.

    The tool itself tries a place before the first click: what is first there waits for nobody.
    """
    with tempfile.TemporaryDirectory() as folder:
        network = _network(data, *ROADS["Corse, car"], folder)
        router = Router(network)
        xy = _origins(router, 101).xy
        print(
            f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; the first place is the network's first"
        )
        for cutoffs in ((5.0, 10.0, 15.0), (5.0, 10.0, 20.0), (10.0, 20.0, 30.0), (15.0, 30.0, 45.0)):
            spent = []
            for number, (x, y) in enumerate(xy):
                engine = LocalEngine(network, 1000.0)
                start = time.process_time(), time.perf_counter()
                list(engine.isochrones([Request(number, x, y, cutoffs)], TravelMode()))
                spent.append((time.process_time() - start[0], time.perf_counter() - start[1]))
            for name, times in zip(("CPU", "wall"), 1000 * np.array(spent).T):
                first, median, worst = times[0], np.median(times), times[1:].max()
                print(f"{cutoffs} min, {name}: first {first:.0f} ms, median {median:.0f}, worst {worst:.0f}")


def dissolved(demo: Path) -> None:
    """One area a cutoff of 50 junctions of the demonstration territory, on foot: seconds, and fidelity."""
    with tempfile.TemporaryDirectory() as folder:
        network = _network(demo.parent, f"{demo.name}|layername=routes", "foot", folder)
        router = Router(network)
        origins, points = _origins(router, 50), points_of(network)
        requests_ = [Request(number, x, y, (10.0, 20.0)) for number, (x, y) in enumerate(origins.xy)]
        start, spent = time.perf_counter(), time.process_time()
        areas, _ = LocalEngine(network, 1000.0).merged(requests_, [None] * len(requests_), TravelMode("foot"))
        print(f"{time.perf_counter() - start:.2f} s wall, {time.process_time() - spent:.2f} s CPU")
        cost = router.nearest(points, origins, direction="arrival").cost[:, 0]
        for area in areas:
            found = compare(area.polygon, points.xy, np.nan_to_num(cost, nan=np.inf), area.cutoff)
            print(f"{area.cutoff:g} min: {100 * found.share:.2f} %")


if __name__ == "__main__":
    what, where = sys.argv[1], Path(sys.argv[2])
    if what == "speed":
        speed(where, "--qgis" in sys.argv)
    else:
        {"fidelity": fidelity, "valhalla": valhalla, "click": click, "dissolved": dissolved}[what](where, *sys.argv[3:])
    sys.stdout.flush()
    os._exit(0)  # QGIS has layers that outlive it
