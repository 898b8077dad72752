"""The same question to this project and to ferrobus 0.2.1 (PyPI, Rust), on Porto Alegre.

    python bench/transit_others.py ../shared/data ours
    python bench/transit_others.py ../shared/data ferrobus     # where `pip install ferrobus==0.2.1` was done

1 227 hexagons, 15 places, leaving at each of 120 minutes from 12:00 on 13 May 2019: processor seconds, timetables and
walking networks ready. ferrobus is asked from 100 hexagons at one minute each and counted up: it has no percentile, and
connects each point to its 30 nearest stops. Its answers are not compared: see tests/core/transit/test_real_feeds.py.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
import time
import zipfile
from datetime import date
from pathlib import Path

DAY, START, MINUTES = date(2019, 5, 13), 12 * 3600, 120
FEEDS = ("poa_eptc_times_filled.zip", "poa_trensurb.zip")
TRIED = 100


def rows(folder: Path, name: str) -> list[tuple[float, float]]:
    with open(folder / name, encoding="utf-8", newline="") as source:
        return [(float(row["lon"]), float(row["lat"])) for row in csv.DictReader(source)]


def ours(folder: Path, work: Path) -> float:
    root = Path(__file__).resolve().parents[1]
    links = root / "build" / "python"
    links.mkdir(parents=True, exist_ok=True)
    if not (links / "carto_services_publics").exists():
        (links / "carto_services_publics").symlink_to(root, target_is_directory=True)
    sys.path.insert(0, str(links))
    import numpy as np
    from carto_services_publics.core.network import BuildOptions, build_network, open_network
    from carto_services_publics.core.routing.local import Router
    from carto_services_publics.core.transit.journeys import Journeys
    from carto_services_publics.core.transit.timetable import build_timetable, to_network
    from carto_services_publics.core.transit.window import DepartureWindow

    build_network(str(folder / "poa_osm.pbf"), BuildOptions(preset="osm", profile="foot"), work / "poa.network")
    router = Router(open_network(work / "poa.network"))
    built = build_timetable([folder / feed for feed in FEEDS], router, DAY)
    demand, services = (
        router.snap(to_network(router, np.array(rows(folder, name))))
        for name in ("poa_hexgrid.csv", "poa_points_of_interest.csv")
    )
    start = time.process_time()
    journeys = Journeys(router, built.timetable, DepartureWindow(START, MINUTES))
    for _ in journeys.nearest(demand, services, [np.array([number]) for number in range(services.count)]):
        pass
    return time.process_time() - start


def others(folder: Path, work: Path) -> float:
    import ferrobus

    for feed in FEEDS:
        with zipfile.ZipFile(folder / feed) as source:
            source.extractall(work / feed)
    model = ferrobus.create_transit_model(str(folder / "poa_osm.pbf"), [str(work / feed) for feed in FEEDS], DAY, 1200)

    def points(name: str) -> list:
        found = []
        for lon, lat in rows(folder, name):
            try:
                found.append(ferrobus.create_transit_point(lat, lon, model, 1200, 30))
            except (ValueError, RuntimeError):
                continue
        return found

    homes, places = points("poa_hexgrid.csv"), points("poa_points_of_interest.csv")
    some = homes[:: max(1, len(homes) // TRIED)][:TRIED]
    start = time.process_time()
    for number, home in enumerate(some):
        ferrobus.find_routes_one_to_many(model, home, places, START + 60 * (number % MINUTES), 3)
    return (time.process_time() - start) / len(some) * len(homes) * MINUTES


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("who", choices=("ours", "ferrobus"))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        seconds = (ours if arguments.who == "ours" else others)(arguments.data / "gtfs" / "poa-r5r", Path(work))
    print(f"{arguments.who}: {seconds:.1f} s of processors")


if __name__ == "__main__":
    main()
