"""What five groups of people cost against one, in `cartoservices:coveragegaps` whole, on 200 000 places.

    python bench/generate_network.py 250000 roads.gpkg
    python bench/groups.py roads.gpkg [--demand 200000] [--times 3]

Runs take turns, and processor time counts, workers included, as the machine does other things. In the same run the
groups, which part the people, are checked to add up exactly to all.
"""

from __future__ import annotations

import argparse
import statistics
from pathlib import Path

import numpy as np
from gaps import Clock, layer, scattered, start_qgis

# isort: split
from carto_services_publics.core.network import BuildOptions, build_network, open_network

GROUPS = 5
SERVICES = 300
CATEGORIES = 5
BAR = 1.3


def main() -> None:
    arguments = read_arguments()
    path = Path(arguments.roads).with_suffix(".network")
    if not path.exists():
        build_network(arguments.roads, BuildOptions(), path)
    network = open_network(path)
    application = start_qgis()
    given = parameters(path, network.crs, np.asarray(network.node_xy), arguments.demand)
    clock, used = Clock(), {1: [], GROUPS: []}
    for turn in range(arguments.times):
        for groups in (1, GROUPS):
            name = f"turn {turn + 1}, {groups} group(s)"
            with clock.time(name):
                run({**given, "GROUPS": [f"g{number}" for number in range(groups)]}, groups)
            used[groups].append(clock.processor[name])
    one, five = (statistics.median(used[groups]) for groups in (1, GROUPS))
    print(f"{GROUPS} groups / 1 group: {five / one:.2f} of processor time (bar: {BAR})")
    application.exitQgis()


def parameters(path: Path, crs: str, nodes: np.ndarray, places: int) -> dict:
    """People in whole numbers, each in one of the groups; three thresholds."""
    random = np.random.default_rng(24)
    parts = random.integers(0, 12, (places, GROUPS))
    demand = [f"POINT({x!r} {y!r})" for x, y in scattered(random, nodes, places).tolist()]
    services = [f"POINT({x!r} {y!r})" for x, y in scattered(random, nodes, SERVICES).tolist()]
    columns = "&field=".join(["population:double", *(f"g{number}:double" for number in range(GROUPS))])
    people = [[sum(row), *row] for row in parts.tolist()]
    return {
        "DEMAND": layer("Point", columns, crs, demand, people),
        "DEMAND_WEIGHT": "population",
        "SERVICES": layer(
            "Point", "categorie:string", crs, services, [[f"c{n % CATEGORIES}"] for n in range(SERVICES)]
        ),
        "CATEGORY_FIELD": "categorie",
        "NETWORK": str(path),
        "THRESHOLDS": "5,10,15",
        **dict.fromkeys(("OUTPUT", "GAPS", "DEMAND_OUT", "GROUPS_OUT"), "memory:"),
    }


def run(given: dict, groups: int) -> None:
    """The algorithm; raises `AssertionError` where the groups do not add up to all."""
    from carto_services_publics.processing.coveragegaps import CoverageGaps
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback

    context = QgsProcessingContext()
    found, done = CoverageGaps().create().run(given, context, QgsProcessingFeedback(), catchExceptions=False)
    assert done
    rows = list(context.getMapLayer(found["GROUPS_OUT"]).getFeatures())
    assert len(rows) == (groups + 1) * CATEGORIES * 3
    if groups == GROUPS:
        for column in ("population", "pop_au_dela"):
            parts = sum(row[column] for row in rows if row["groupe"])
            assert parts == sum(row[column] for row in rows if not row["groupe"]) > 0, column


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("roads", help="GeoPackage made by generate_network.py")
    parser.add_argument("--demand", type=int, default=200_000)
    parser.add_argument("--times", type=int, default=3, help="runs of each kind")
    return parser.parse_args()


if __name__ == "__main__":
    main()
