"""A national run against all the roads as one network: the cost of every place and category, row by row.

    python bench/national_whole.py FOLDER 472000x4x4 --bound 20     # after bench/national.py made and ran that country

The network is made by a first process, so that the peak of the second is that of the search. Prints a line of JSON
each: seconds of processor, peak memory, costs compared, the worst difference in minutes, rows that have a cost on one
side only, rows that are on the roads on one side only.
"""

from __future__ import annotations

import argparse
import json
import resource
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from carto_services_publics.core.national.layers import PlaceTable, read_places
from carto_services_publics.core.network import BuildOptions, build_network, open_network
from carto_services_publics.core.routing.local import Router

SNAP_DISTANCE = 1000.0
CRS = "EPSG:2154"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("country", help="as in the layers' names: 472000x4x4")
    parser.add_argument("--categories", type=int, default=10)
    parser.add_argument("--bound", type=float, default=float("inf"), help="that of the run, minutes")
    parser.add_argument("--build", action="store_true", help="make the network and stop")
    asked = parser.parse_args()
    if asked.build:
        build_network(str(_at(asked, "roads")), BuildOptions(), _network(asked))
        return _say(made=_network(asked).stat().st_size >> 20)
    subprocess.run([sys.executable, *sys.argv, "--build"], check=True)
    try:
        _compare(asked)
    finally:
        _network(asked).unlink()
    return None


def _compare(asked: argparse.Namespace) -> None:
    demand, services = _places(asked, "demand", []), _places(asked, "services", ["categorie"])
    router = Router(open_network(_network(asked)))
    places, facilities = (router.snap(table.xy, SNAP_DISTANCE) for table in (demand, services))
    prepared, found = router.prepare(places), _found(asked, demand)
    on_one_side, compared, worst = 0, 0, 0.0
    for number in range(asked.categories):
        members = np.flatnonzero(services.columns["categorie"] == f"c{number}")
        cost = router.nearest(prepared, facilities.take(members)).cost[:, 0]
        cost, theirs = np.where(cost <= asked.bound, cost, np.nan), found[:, 1 + number]
        on_one_side += int((np.isnan(cost) != np.isnan(theirs)).sum())
        compared += int(np.isfinite(cost).sum())
        worst = max(worst, float(np.nanmax(np.abs(cost - theirs))))
    astray = int(((places.link >= 0) != np.isnan(found[:, 0])).sum())
    _say(rows=len(found), costs=compared, worst_min=worst, cost_on_one_side=on_one_side, on_roads_on_one_side=astray)


def _found(asked: argparse.Namespace, demand: PlaceTable) -> np.ndarray:
    """(n, 1 + c) of each row of demand: NaN where it is on the roads, then its costs."""
    columns = ", ".join(f"cout_c{number}" for number in range(asked.categories))
    with sqlite3.connect(_at(asked, "parts")) as database:
        rows = database.execute(
            f"SELECT fid_source, CASE WHEN raison IS NOT NULL THEN 1 END, {columns} FROM demand ORDER BY fid_source"
        ).fetchall()
    table = np.array(rows, dtype=float)
    if not np.array_equal(table[:, 0], demand.fid):
        raise SystemExit("the rows are not those of the demand")
    return table[:, 1:]


def _places(asked: argparse.Namespace, name: str, texts: list[str]) -> PlaceTable:
    return read_places(str(_at(asked, name)), CRS, (), texts)


def _at(asked: argparse.Namespace, name: str) -> Path:
    return asked.folder / f"{name}_{asked.country}.gpkg"


def _network(asked: argparse.Namespace) -> Path:
    return asked.folder / f"all_{asked.country}.network"


def _say(**what: float) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({**what, "processor_s": round(time.process_time(), 1), "peak_mb": peak}))


if __name__ == "__main__":
    main()
