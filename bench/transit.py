"""Time and memory of public transport at the scale of a département and of a région.

    python bench/generate_network.py 150000 roads.gpkg
    python bench/transit.py roads.gpkg departement     # 3 000 stops, 100 000 halts of vehicles
    python bench/transit.py roads.gpkg region          # 10 000 stops, 1 million

Builds the network on foot beside the roads when it is missing, draws lines of buses between neighbouring junctions,
writes them as a GTFS feed, and times: reading it with the walks between stops, the nearest of 30 categories (5 to 400
places) for 200 000 places over a window of 120 minutes, and round trips for 5 categories. `--places N`, `--window M` to
change.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
import zipfile
from datetime import date
from pathlib import Path

import numpy as np
from pyproj import Transformer

ROOT = Path(__file__).resolve().parents[1]
LINKS = ROOT / "build" / "python"
LINKS.mkdir(parents=True, exist_ok=True)
if not (LINKS / "carto_services_publics").exists():
    (LINKS / "carto_services_publics").symlink_to(ROOT, target_is_directory=True)
sys.path.insert(0, str(LINKS))

from carto_services_publics.core.network import BuildOptions, build_network, open_network  # noqa: E402
from carto_services_publics.core.routing.local import Router  # noqa: E402
from carto_services_publics.core.transit.journeys import Journeys  # noqa: E402
from carto_services_publics.core.transit.round_trip import Outing, best_trips  # noqa: E402
from carto_services_publics.core.transit.timetable import build_timetable  # noqa: E402
from carto_services_publics.core.transit.window import DepartureWindow  # noqa: E402
from scipy.spatial import cKDTree  # noqa: E402

SIZES = {"departement": (3_000, 100, 30, 33), "region": (10_000, 500, 40, 50)}
"""Stops, lines, halts of a trip, trips of a line and direction."""
CATEGORIES = 30
DAY = date(2026, 12, 8)
_WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
METRES_A_SECOND = 11.0


def clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def write_feed(path: Path, xy: np.ndarray, crs: str, size: str, seed: int = 5) -> None:
    """Lines that go from stop to neighbouring stop, from 6:00 to 20:00."""
    stops, lines, length, runs = SIZES[size]
    random = np.random.default_rng(seed)
    place = xy[random.choice(len(xy), stops, replace=False)]
    tree = cKDTree(place)
    lonlat = np.column_stack(Transformer.from_crs(crs, "EPSG:4326", always_xy=True).transform(*place.T))
    trips, times = [], []
    for line in range(lines):
        way = [int(random.integers(stops))]
        while len(way) < length:
            near = [int(s) for s in tree.query(place[way[-1]], 25)[1][1:] if s not in way]
            way.append(near[int(random.integers(min(len(near), 6)))] if near else int(random.integers(stops)))
        legs = np.hypot(*np.diff(place[way], axis=0).T) / METRES_A_SECOND + 20
        offset = np.concatenate(([0], np.cumsum(legs))).astype(int)
        for run, leaves in enumerate(np.linspace(6 * 3600, 20 * 3600, runs).astype(int)):
            order = way if run % 2 else way[::-1]
            trips.append(f"l{line},all,t{line}_{run}")
            times += [
                f"t{line}_{run},{clock(leaves + o)},{clock(leaves + o)},s{s},{n}"
                for n, (s, o) in enumerate(zip(order, offset))
            ]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr(
            "agency.txt", "agency_id,agency_name,agency_url,agency_timezone\na,A,http://a.example,Europe/Paris"
        )
        rows = [f"s{i},s{i},{y!r},{x!r}" for i, (x, y) in enumerate(lonlat.tolist())]
        out.writestr("stops.txt", "stop_id,stop_name,stop_lat,stop_lon\n" + "\n".join(rows))
        rows = [f"l{line},a,{line},3" for line in range(lines)]
        out.writestr("routes.txt", "route_id,agency_id,route_short_name,route_type\n" + "\n".join(rows))
        out.writestr("trips.txt", "route_id,service_id,trip_id\n" + "\n".join(trips))
        header = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        out.writestr("stop_times.txt", header + "\n".join(times))
        week = "monday,tuesday,wednesday,thursday,friday,saturday,sunday"
        out.writestr("calendar.txt", f"service_id,{week},start_date,end_date\nall,1,1,1,1,1,1,1,20260101,20261231")


class Stopwatch:
    """Wall and processor seconds since it was made, workers that have ended included."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), self._spent()

    def told(self, name: str, more: str = "") -> None:
        own, children = (resource.getrusage(who).ru_maxrss / 1024 for who in _WHO)
        wall, cpu = time.perf_counter() - self._wall, self._spent() - self._cpu
        load = os.getloadavg()[0]
        print(
            f"{name}: {wall:.1f} s wall, {cpu:.1f} s of processors (load {load:.1f}); peak {own:.0f} MB here, "
            f"{children:.0f} MB in a worker {more}",
            flush=True,
        )

    @staticmethod
    def _spent() -> float:
        return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, _WHO))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("roads", type=Path)
    parser.add_argument("size", choices=SIZES)
    parser.add_argument("--places", type=int, default=200_000)
    parser.add_argument("--window", type=int, default=120)
    arguments = parser.parse_args()
    path = arguments.roads.with_suffix(".foot.network")
    if not path.is_file():
        build_network(str(arguments.roads), BuildOptions(profile="foot"), path)
    router = Router(open_network(path))
    nodes = np.asarray(router.network.node_xy)
    feed = arguments.roads.with_name(f"{arguments.size}.zip")
    write_feed(feed, nodes, router.network.crs, arguments.size)
    watch = Stopwatch()
    built = build_timetable([feed], router, DAY)
    halts, changes = len(built.timetable.stop), len(built.timetable.change_from)
    watch.told("timetable", f"({halts} halts, {built.trips} trips, {changes} changes)")
    random = np.random.default_rng(9)
    demand = router.snap(
        nodes[random.choice(len(nodes), arguments.places)] + random.normal(0, 30, (arguments.places, 2))
    )
    counts = np.geomspace(5, 400, CATEGORIES).astype(int)
    services = router.snap(nodes[random.choice(len(nodes), int(counts.sum()))])
    groups = np.split(np.arange(int(counts.sum())), np.cumsum(counts)[:-1])
    watch = Stopwatch()
    journeys = Journeys(router, built.timetable, DepartureWindow(7 * 3600, arguments.window))
    found = list(journeys.nearest(demand, services, groups))
    medians = [round(float(np.nanmedian(f.cost)), 1) for f in found[:: CATEGORIES // 5]]
    watch.told("nearest of 30 categories", f"(medians {medians} min)")
    watch = Stopwatch()
    hours = [[(9 * 3600.0, 12 * 3600.0), (14 * 3600.0, 17 * 3600.0)]] * services.count
    outing = Outing(7 * 3600.0, 20 * 3600.0, 1800.0)
    trips = best_trips(router, built.timetable, demand, services, hours, outing, groups=groups[0:15:3])
    shares = [round(float((found.reason == 0).mean()), 3) for found in trips]
    watch.told("round trips for 5 categories", f"(possible {shares})")


if __name__ == "__main__":
    main()
