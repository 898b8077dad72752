"""A generated country computed part by part on several processes, against one run over all of it where that fits.

    python bench/national.py 1000000 FOLDER [--workers 2] [--places 100000] [--categories 10] [--whole]
    python bench/national.py 472000 FOLDER --density 27.5 --tiles 4x4 --places 1000000      # 10 million links

Prints a line of JSON: junctions, links, seconds, peak memory of the largest process and of all, worst difference.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
from generate_network import DENSITY, country, demand, facilities, generate, write

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("size", type=int, help="junctions of a square")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--density", type=float, default=DENSITY, help="junctions per km²")
    parser.add_argument("--tiles", default="1x1", help="squares across × down")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--places", type=int, default=100_000)
    parser.add_argument("--services", type=int, default=3_000, help="in a square")
    parser.add_argument("--categories", type=int, default=10)
    parser.add_argument("--thresholds", default="10,20")
    parser.add_argument("--bound", default="inf", help="minutes beyond which nobody is followed")
    parser.add_argument("--side", type=float, default=80_000, help="metres, of a territory")
    parser.add_argument("--kill", type=int, default=0, help="kill a worker once so many parts are done; 0: none")
    parser.add_argument("--prepare", action="store_true", help="make the layers and stop")
    parser.add_argument("--whole", action="store_true", help="also in one part, and compare")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    made = asked.folder / f"made_{asked.size}x{asked.tiles}.json"
    if not made.exists():
        made.write_text(json.dumps(_prepared(asked)), encoding="utf-8")
    found = json.loads(made.read_text(encoding="utf-8"))
    if asked.prepare:
        return print(json.dumps(found))
    found.update(_run(asked, "parts", asked.workers, "--territory-field=dep"))
    if asked.whole:
        found.update({f"whole_{name}": value for name, value in _run(asked, "whole", 1).items()})
        found["worst_difference_min"] = _difference(asked)
    return print(json.dumps(found))


def _at(asked: argparse.Namespace, name: str) -> Path:
    return asked.folder / f"{name}_{asked.size}x{asked.tiles}.gpkg"


def _prepared(asked: argparse.Namespace) -> dict:
    """Make the roads, with their spatial index as every real layer has, the demand and the services."""
    across, down = map(int, asked.tiles.split("x"))
    square = generate(asked.size, 38, asked.density)
    side = 1000 * np.sqrt(asked.size / asked.density)
    links = write(country(square, side, across, down), str(_at(asked, "roads")))
    _index(_at(asked, "roads"))
    random = np.random.default_rng(25)
    share = asked.places // (across * down)
    people, places = [], []
    for number, roads in enumerate(country(square, side, across, down)):
        people.append(demand(roads, share, seed=8 + number))
        places.append(facilities(roads, asked.services, seed=7 + number))
    _write_tables(asked, random, np.concatenate(people), np.concatenate(places))
    return {
        "junctions": asked.size * across * down,
        "links": links,
        "places": share * across * down,
        "services": asked.services * across * down,
        "categories": asked.categories,
    }


def _write_tables(asked: argparse.Namespace, random: np.random.Generator, people: np.ndarray, places: np.ndarray):
    """Demand, its territories being squares, and services."""
    squares = ((people - people.min(axis=0)) // asked.side).astype(int)
    count = random.integers(1, 90, len(people)).astype(float).tolist()
    rows = [(weight, f"{x}-{y}") for weight, (x, y) in zip(count, squares.tolist())]
    _write(_at(asked, "demand"), people, [("population", "REAL"), ("dep", "TEXT")], rows)
    kinds = [(f"c{number % asked.categories}",) for number in range(len(places))]
    _write(_at(asked, "services"), places, [("categorie", "TEXT")], kinds)


def _index(roads: Path) -> None:
    from osgeo import gdal

    gdal.UseExceptions()
    dataset = gdal.OpenEx(str(roads), gdal.OF_VECTOR | gdal.OF_UPDATE)
    dataset.ExecuteSQL("SELECT CreateSpatialIndex('troncon_de_route', 'geom')")
    del dataset


def _write(path: Path, places: np.ndarray, columns: list[tuple[str, str]], values: list[tuple]) -> None:
    from osgeo import gdal, ogr, osr

    gdal.UseExceptions()
    path.unlink(missing_ok=True)
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(2154)
    dataset = gdal.GetDriverByName("GPKG").Create(str(path), 0, 0, 0, gdal.GDT_Unknown)
    layer = dataset.CreateLayer(path.stem, reference, ogr.wkbPoint)
    for name, kind in columns:
        layer.CreateField(ogr.FieldDefn(name, ogr.OFTReal if kind == "REAL" else ogr.OFTString))
    layer.StartTransaction()
    for (x, y), row in zip(places.tolist(), values):
        feature = ogr.Feature(layer.GetLayerDefn())
        point = ogr.Geometry(ogr.wkbPoint)
        point.SetPoint_2D(0, x, y)
        feature.SetGeometryDirectly(point)
        for index, value in enumerate(row):
            feature.SetField(index, value)
        layer.CreateFeature(feature)
    layer.CommitTransaction()
    del layer, dataset


def _run(asked: argparse.Namespace, name: str, workers: int, *more: str) -> dict:
    package, output = asked.folder / "python", _at(asked, name)
    package.mkdir(exist_ok=True)
    if not (package / "carto_services_publics").exists():
        (package / "carto_services_publics").symlink_to(ROOT)
    shutil.rmtree(f"{output}.parts", ignore_errors=True)
    command = [sys.executable, "-m", "carto_services_publics.core.national", f"--roads={_at(asked, 'roads')}",
               f"--demand={_at(asked, 'demand')}", f"--services={_at(asked, 'services')}", "--weight=population",
               "--category-field=categorie", f"--thresholds={asked.thresholds}", f"--bound={asked.bound}",
               f"--output={output}", f"--workers={workers}", *more]  # fmt: skip
    started = time.monotonic()
    running = subprocess.Popen(
        command, env={**os.environ, "PYTHONPATH": str(package)}, stdout=subprocess.PIPE, text=True
    )
    peaks, done = _watched(running), 0
    links = tries = all_links = 0
    processor = 0.0
    for line in running.stdout:
        print(line, end="", file=sys.stderr)
        if line.startswith("part "):
            own = int(line.split(" on ")[1].split()[0])
            links, all_links = max(links, own), all_links + own
            done += 1
            if done == asked.kill and workers > 1:
                _kill_a_worker(running.pid)
            tries += int(line.split(" km, ")[1].split()[0])
            processor += float(line.split(" networks, ")[1].split()[0])
    if running.wait():
        raise SystemExit("the run failed")
    return {"seconds": round(time.monotonic() - started, 1), "processor_of_parts": round(processor, 1),
            "links_of_largest_part": links, "links_of_all_parts": all_links, "networks": tries, **peaks}  # fmt: skip


def _watched(running: subprocess.Popen) -> dict[str, int]:
    """Peak memory in MB, kept up to date while the program runs."""
    peaks = {"largest_process_mb": 0, "all_processes_mb": 0}

    def watch() -> None:
        while running.poll() is None:
            sizes = [_memory(process) for process in _family(running.pid)]
            peaks["largest_process_mb"] = max(peaks["largest_process_mb"], max(sizes, default=0))
            peaks["all_processes_mb"] = max(peaks["all_processes_mb"], sum(sizes))
            time.sleep(1)

    threading.Thread(target=watch, daemon=True).start()
    return peaks


def _family(pid: int) -> list[int]:
    found, last = [pid], [pid]
    while last:
        listed = subprocess.run(["pgrep", "-P", ",".join(map(str, last))], capture_output=True, text=True).stdout
        last = [int(child) for child in listed.split()]
        found += last
    return found


def _kill_a_worker(pid: int) -> None:
    """Kill the process of the family that has used the most memory, but for its head."""
    worker = max(_family(pid)[1:], key=_memory)
    os.kill(worker, signal.SIGKILL)
    print(f"killed {worker}", file=sys.stderr)


def _memory(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("Pss:")), 0)


def _difference(asked: argparse.Namespace) -> float:
    """Largest difference in minutes between both ways; infinite where one has a cost and the other none."""
    costs = []
    for name in ("parts", "whole"):
        with sqlite3.connect(_at(asked, name)) as database:
            columns = ", ".join(f"cout_c{number}" for number in range(asked.categories))
            rows = database.execute(f"SELECT {columns} FROM demand ORDER BY fid_source").fetchall()
        costs.append(np.array(rows, dtype=float))
    if (np.isnan(costs[0]) != np.isnan(costs[1])).any():
        return float("inf")
    return float(np.nanmax(np.abs(costs[0] - costs[1])))


if __name__ == "__main__":
    main()
