"""A generated country computed part by part on several processes, against one run over all of it where that fits.

    python bench/national.py 1000000 FOLDER [--workers 2] [--places 100000] [--categories 10] [--whole]

Prints a line of JSON: junctions, links, seconds, peak memory of the largest process and of all, worst difference.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
from network import prepare

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("size", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--places", type=int, default=100_000)
    parser.add_argument("--categories", type=int, default=10)
    parser.add_argument("--thresholds", default="10,20")
    parser.add_argument("--whole", action="store_true", help="also in one part, and compare")
    asked = parser.parse_args()
    roads, _network, points = prepare(asked.size, asked.folder)
    _index(roads)
    tables = _tables(asked.folder, points, asked)
    parts = _run(
        roads, tables, asked, asked.folder / f"parts_{asked.size}.gpkg", asked.workers, "--territory-field=dep"
    )
    found = {"junctions": asked.size, "places": asked.places, "categories": asked.categories, **parts}
    if asked.whole:
        whole = _run(roads, tables, asked, asked.folder / f"whole_{asked.size}.gpkg", 1)
        found.update({f"whole_{name}": value for name, value in whole.items()})
        found["worst_difference_min"] = _difference(asked)
    print(json.dumps(found))


def _index(roads: Path) -> None:
    """The generated layer has no spatial index; every real one has."""
    from osgeo import gdal

    gdal.UseExceptions()
    dataset = gdal.OpenEx(str(roads), gdal.OF_VECTOR | gdal.OF_UPDATE)
    dataset.ExecuteSQL("SELECT CreateSpatialIndex('troncon_de_route', 'geom')")
    del dataset


def _tables(folder: Path, points: dict[str, np.ndarray], asked: argparse.Namespace) -> tuple[Path, Path]:
    """Demand and services; the demand's territories are squares of 80 km."""
    random = np.random.default_rng(25)
    chosen = random.integers(0, len(points["demand"]), asked.places)
    places = points["demand"][chosen] + random.normal(0, 50, (asked.places, 2))
    demand, services = folder / f"demand_{asked.size}.gpkg", folder / f"services_{asked.size}.gpkg"
    squares = (places // 80_000).astype(int)
    people = random.integers(1, 90, asked.places).astype(float).tolist()
    rows = [(count, f"{x}-{y}") for count, (x, y) in zip(people, squares)]
    _write(demand, places, [("population", "REAL"), ("dep", "TEXT")], rows)
    kinds = [(f"c{number % asked.categories}",) for number in range(len(points["facilities"]))]
    _write(services, points["facilities"], [("categorie", "TEXT")], kinds)
    return demand, services


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


def _run(
    roads: Path, tables: tuple[Path, Path], asked: argparse.Namespace, output: Path, workers: int, *more: str
) -> dict:
    package = asked.folder / "python"
    package.mkdir(exist_ok=True)
    if not (package / "carto_services_publics").exists():
        (package / "carto_services_publics").symlink_to(ROOT)
    for old in output.parent.glob(f"{output.name}.parts/*"):
        old.unlink()
    command = [sys.executable, "-m", "carto_services_publics.core.national", f"--roads={roads}",
               f"--demand={tables[0]}", f"--services={tables[1]}", "--weight=population", "--category-field=categorie",
               f"--thresholds={asked.thresholds}", f"--output={output}", f"--workers={workers}", *more]  # fmt: skip
    started = time.monotonic()
    running = subprocess.Popen(
        command, env={**os.environ, "PYTHONPATH": str(package)}, stdout=subprocess.PIPE, text=True
    )
    peaks = _watched(running)
    links = tries = 0
    for line in running.stdout:
        print(line, end="", file=sys.stderr)
        if line.startswith("part "):
            links = max(links, int(line.split(" on ")[1].split()[0]))
            tries += int(line.rsplit(",", 1)[1].split()[0])
    if running.wait():
        raise SystemExit("the run failed")
    return {"seconds": round(time.monotonic() - started, 1), "links_of_largest_part": links, "networks": tries, **peaks}


def _watched(running: subprocess.Popen) -> dict[str, int]:
    """Peak memory in MB, kept up to date while the program runs."""
    peaks = {"largest_process_mb": 0, "all_processes_mb": 0}

    def watch() -> None:
        while running.poll() is None:
            sizes = [_memory(process) for process in _family(running.pid)]
            peaks["largest_process_mb"] = max(peaks["largest_process_mb"], max(sizes, default=0))
            peaks["all_processes_mb"] = max(peaks["all_processes_mb"], sum(sizes))
            time.sleep(0.3)

    threading.Thread(target=watch, daemon=True).start()
    return peaks


def _family(pid: int) -> list[int]:
    found, last = [pid], [pid]
    while last:
        listed = subprocess.run(["pgrep", "-P", ",".join(map(str, last))], capture_output=True, text=True).stdout
        last = [int(child) for child in listed.split()]
        found += last
    return found


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
        with sqlite3.connect(asked.folder / f"{name}_{asked.size}.gpkg") as database:
            columns = ", ".join(f"cout_c{number}" for number in range(asked.categories))
            rows = database.execute(f"SELECT {columns} FROM demand ORDER BY fid_source").fetchall()
        costs.append(np.array(rows, dtype=float))
    if (np.isnan(costs[0]) != np.isnan(costs[1])).any():
        return float("inf")
    return float(np.nanmax(np.abs(costs[0] - costs[1])))


if __name__ == "__main__":
    main()
