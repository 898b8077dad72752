"""Weight and time of the report's atlas: Corse, a page for each of its 360 communes or 19 EPCI, 31 000 places.

    /usr/bin/python3 bench/atlas.py FOLDER [--pages zones|groups|both]

Needs the folder of real data (`../shared/data`, or the one named by CSP_TEST_DATA). What comes before the report is
kept in FOLDER and done once. The people of a commune are shared out among the junctions that lie in it.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Any

from gaps import ROOT, start_qgis

# isort: split
CATEGORIES = ("france_services", "mairie")
MEGABYTE = 1e6


def main() -> None:
    arguments = read_arguments()
    folder = Path(arguments.folder)
    folder.mkdir(parents=True, exist_ok=True)
    application = start_qgis()
    _provider = start_processing()  # held: QGIS keeps only its C++ half
    if not (folder / "coverage.gpkg").exists():
        analyse(Path(os.environ.get("CSP_TEST_DATA", ROOT.parent / "shared" / "data")) / "corse", folder)
    pdf = folder / f"atlas_{arguments.pages}.pdf"
    given = {name: str(folder / f"{name.lower()}.gpkg") for name in ("COVERAGE", "DEMAND", "GAPS", "SERVICES")}
    words = {"DEMAND_WEIGHT": "population", "TERRITORY_NAME": "Corse", "PROFILE": "car", "CATEGORY": CATEGORIES[0]}
    files = {"NETWORK": str(folder / "corse.network"), "HTML": str(folder / "report.html"), "PDF": str(pdf)}
    started, processor = time.perf_counter(), time.process_time()
    run("accessreport", {**given, **words, **files, "PAGES": arguments.pages})
    spent = f"{time.perf_counter() - started:.0f} s, {time.process_time() - processor:.0f} s of processor time"
    page = (folder / "report.html").stat().st_size / MEGABYTE
    print(f"{pdf.name}: {pdf.stat().st_size / MEGABYTE:.1f} MB; report.html: {page:.1f} MB; {spent}")
    application.exitQgis()


def start_processing() -> Any:
    """QGIS's own algorithms, and the plugin's."""
    from qgis.core import QgsApplication

    sys.path.append(str(Path(QgsApplication.pkgDataPath()) / "python" / "plugins"))
    from carto_services_publics.processing.provider import CartoProvider
    from processing.core.Processing import Processing

    Processing.initialize()
    provider = CartoProvider()
    QgsApplication.processingRegistry().addProvider(provider)
    return provider


def analyse(corse: Path, folder: Path) -> None:
    """The network, the services and the coverage of the report."""
    from qgis.core import QgsVectorLayer

    roads = {"SPEED_FIELD": "speed_chord_kmh", "DIRECTION_FIELD": "sens", "VALUE_FORWARD": "F"}
    network, nodes = str(folder / "corse.network"), str(folder / "nodes.gpkg")
    given = {"INPUT": f"{corse}/corse_routes_osm.gpkg|layername=routes", "NODES": nodes, "OUTPUT": network, **roads}
    run("buildnetwork", given)
    services = str(folder / "services.gpkg")
    loaded = str(folder / "france_services.gpkg")
    run("loadservices", {"REGISTRY": str(corse / "corse_france-services.csv"), "OUTPUT": loaded})
    named = {"INPUT": f"{corse}/corse_mairies.geojson", "FIELDS": ["nom"], "OUTPUT": str(folder / "named.gpkg")}
    field = {"INPUT": _qgis("native:retainfields", named), "FIELD_NAME": "categorie", "FIELD_TYPE": 2}
    made = {"FORMULA": f"'{CATEGORIES[1]}'", "OUTPUT": str(folder / "halls.gpkg")}
    halls = _qgis("native:fieldcalculator", {**field, **made})
    _qgis("native:mergevectorlayers", {"LAYERS": [loaded, halls], "OUTPUT": services})
    communes = f"{corse}/corse_communes.geojson"
    projected = {"INPUT": communes, "TARGET_CRS": "EPSG:2154", "OUTPUT": str(folder / "communes.gpkg")}
    zones = _qgis("native:reprojectlayer", projected)
    run(
        "coveragegaps",
        {
            "DEMAND": _people(nodes, zones, folder),
            "DEMAND_WEIGHT": "population",
            "SERVICES": services,
            "CATEGORY_FIELD": "categorie",
            "NETWORK": network,
            "THRESHOLDS": "10,20",
            "ZONES": QgsVectorLayer(zones, "communes", "ogr"),
            "ZONE_ID": "code_insee",
            "OUTPUT": str(folder / "coverage.gpkg"),
            "DEMAND_OUT": str(folder / "demand.gpkg"),
            "GAPS": str(folder / "gaps.gpkg"),
        },
    )


def _people(nodes: str, zones: str, folder: Path) -> str:
    """A layer of the junctions, each with its part of the people of its commune."""
    joined = _qgis(
        "native:joinattributesbylocation",
        {"INPUT": nodes, "JOIN": zones, "JOIN_FIELDS": ["code_insee", "population"], "METHOD": 1,
         "DISCARD_NONMATCHING": True, "OUTPUT": "TEMPORARY_OUTPUT"},
    )  # fmt: skip
    shared = '"population" / count(1, group_by:="code_insee")'
    field = {"INPUT": joined, "FIELD_NAME": "population", "FIELD_TYPE": 0, "FORMULA": shared}
    return _qgis("native:fieldcalculator", {**field, "OUTPUT": str(folder / "people.gpkg")})


def _qgis(algorithm: str, given: dict) -> str:
    import processing

    return processing.run(algorithm, given)["OUTPUT"]


def run(algorithm: str, given: dict) -> None:
    """One of the plugin's algorithms, with the warnings it gives."""
    import processing

    processing.run(f"cartoservices:{algorithm}", given)


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", help="where the results go")
    parser.add_argument("--pages", choices=("zones", "groups", "both"), default="zones")
    return parser.parse_args()


if __name__ == "__main__":
    main()
