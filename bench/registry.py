"""How fast services come from a registry into a styled GeoPackage, against QGIS's own way and the server's own speed.

    .venv/bin/python bench/registry.py [--rows 100000] [--only curl,ours,oapif,file,second]

Starts a real QGIS Server on a seeded GeoPackage, on loopback, and measures everything in one run; each measure is a
process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINKS = ROOT / "build" / "python"
sys.path[:] = [str(LINKS)] + [entry for entry in sys.path if Path(entry or ".").resolve() != ROOT]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import requests  # noqa: E402
from carto_services_publics.core.registry import Query, guess_connection, open_registry  # noqa: E402
from carto_services_publics.core.registry.sync import sync  # noqa: E402
from carto_services_publics.core.services import SERVICE_COLUMNS  # noqa: E402

SEED = 20260101
PAGE = 10_000
MEASURES = ("curl", "ours", "oapif", "file", "second")


def rows(count: int):
    """Seeded services of Lozère, one dictionary each; `date_maj` spread over 2025."""
    chance = random.Random(SEED)
    for number in range(count):
        yield {
            "id": f"sv-{number:07d}",
            "nom": f"Mairie de la commune n° {number}",
            "categorie": chance.choice(("mairie", "france_services", "la_poste")),
            "producteur": "dila",
            "id_producteur": str(number),
            "siret": "21480095300010",
            "adresse": f"{number % 90} rue du Général-Roux",
            "code_postal": "48000",
            "commune": "Mende",
            "code_insee": "48095",
            "telephone": "04 66 00 00 00",
            "courriel": f"mairie-{number}@exemple.fr",
            "site_web": f"https://www.exemple.fr/{number}",
            "horaires": "Mo-Fr 09:00-12:00,14:00-17:00; Sa 09:00-12:00",
            "modalite": "fixe",
            "accessibilite": "ACC",
            "precision_position": "adresse",
            "date_maj": f"2025-{1 + number % 12:02d}-{1 + number % 28:02d}T10:00:00Z",
            "url": f"https://lannuaire.exemple.fr/{number}",
            "lon": round(chance.uniform(3.0, 3.9), 6),
            "lat": round(chance.uniform(44.2, 44.9), 6),
        }


def make_geopackage(path: Path, count: int) -> None:
    """What the server serves; `date_maj` is a date there, so that it answers `datetime`."""
    from osgeo import ogr, osr

    degrees = osr.SpatialReference()
    degrees.ImportFromEPSG(4326)
    source = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    layer = source.CreateLayer("services", degrees, ogr.wkbPoint)
    for column in SERVICE_COLUMNS:
        layer.CreateField(ogr.FieldDefn(column, ogr.OFTDateTime if column == "date_maj" else ogr.OFTString))
    source.StartTransaction()
    for row in rows(count):
        feature = ogr.Feature(layer.GetLayerDefn())
        for column in SERVICE_COLUMNS:
            feature.SetField(column, row.get(column, ""))
        feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POINT ({row['lon']} {row['lat']})"))
        layer.CreateFeature(feature)
    source.CommitTransaction()


def make_csv(path: Path, count: int) -> None:
    """The same rows as a file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(next(rows(1))))
        writer.writeheader()
        writer.writerows(rows(count))


def change_one_percent(path: Path, count: int) -> None:
    """Someone edits every hundredth service, behind the server's back."""
    from osgeo import ogr

    source = ogr.Open(str(path), update=1)
    source.ExecuteSQL(
        "UPDATE services SET telephone = '04 66 99 99 99', date_maj = '2026-06-01T00:00:00Z' WHERE fid % 100 = 0"
    )


# -- measures, each in its own process ----------


def measure_curl(url: str, count: int, folder: Path) -> dict:
    """The same pages by curl: what the server needs."""
    start = time.perf_counter()
    for offset in range(0, count, PAGE):
        address = f"{url}/collections/services/items?limit={PAGE}&offset={offset}"
        subprocess.run(["curl", "-s", "-o", os.devnull, address], check=True)
    return {"seconds": time.perf_counter() - start}


def measure_ours(url: str, count: int, folder: Path) -> dict:
    """`syncservices`: from the request to a GeoPackage with its index and its style."""
    return _run_algorithm({"REGISTRY": url, "GEOPACKAGE": str(folder / "ours.gpkg")}, count)


def measure_file(url: str, count: int, folder: Path) -> dict:
    """`syncservices` from a CSV of the same rows."""
    return _run_algorithm({"REGISTRY": str(folder / "services.csv"), "GEOPACKAGE": str(folder / "file.gpkg")}, count)


def measure_oapif(url: str, count: int, folder: Path) -> dict:
    """QGIS's own provider, saved by `native:savefeatures`."""
    with _Qgis() as processing:
        from qgis.core import QgsVectorLayer

        start = time.perf_counter()
        layer = QgsVectorLayer(f"url='{url}' typename='services'", "services", "OAPIF")
        processing.run("native:savefeatures", {"INPUT": layer, "OUTPUT": str(folder / "oapif.gpkg")})
        seconds = time.perf_counter() - start
        del layer
        _check_count(folder / "oapif.gpkg", count)
    return {"seconds": seconds}


def measure_second(url: str, count: int, folder: Path) -> dict:
    """What a sync transfers and changes after 1 % of the services changed, against the first one."""
    session, sent = _counting_session()
    path = folder / "second.gpkg"
    connection = guess_connection(url)
    results = {}
    for turn in ("first", "second"):
        sent["bytes"], start = 0, time.perf_counter()
        report = sync(path, open_registry(connection, session), connection, Query())
        results[turn] = {"seconds": time.perf_counter() - start, "bytes": sent["bytes"], **report._asdict()}
        if turn == "first":
            change_one_percent(folder / "registry.gpkg", count)
    return results


def _counting_session() -> tuple[requests.Session, dict]:
    sent = {"bytes": 0}
    session = requests.Session()
    session.trust_env = False

    def add(response, **_options):
        sent["bytes"] += int(response.headers.get("Content-Length", 0))

    session.hooks["response"].append(add)
    return session, sent


def _run_algorithm(parameters: dict, count: int) -> dict:
    with _Qgis() as processing:
        from carto_services_publics.processing.provider import CartoProvider
        from qgis.core import QgsApplication

        provider = CartoProvider()
        QgsApplication.processingRegistry().addProvider(provider)
        start, work = time.perf_counter(), time.process_time()
        result = processing.run("cartoservices:syncservices", parameters)
        seconds, work = time.perf_counter() - start, time.process_time() - work
        assert result["ADDED"] == count, result
        QgsApplication.processingRegistry().removeProvider(provider)
    return {"seconds": seconds, "cpu": work}


class _Qgis:
    """QGIS with Processing, as a context."""

    def __enter__(self):
        from qgis.core import QgsApplication

        sys.path.append("/usr/share/qgis/python/plugins")
        self._application = QgsApplication([], False)
        self._application.initQgis()
        from processing.core.Processing import Processing

        Processing.initialize()
        import processing

        return processing

    def __exit__(self, *_error):
        self._application.exitQgis()


def _check_count(path: Path, count: int) -> None:
    from osgeo import ogr

    source = ogr.Open(str(path))
    assert source.GetLayer(0).GetFeatureCount() == count


# -- the run ----------


def run(count: int, measures: list[str]) -> dict:
    from carto_services_publics.scripts.registry import Layer, serve

    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        make_geopackage(folder / "registry.gpkg", count)
        make_csv(folder / "services.csv", count)
        with serve([Layer("services", f"{folder / 'registry.gpkg'}|layername=services")]) as url:
            return {measure: _in_a_process(measure, url, count, folder) for measure in measures}


def _in_a_process(measure: str, url: str, count: int, folder: Path) -> dict:
    command = [
        sys.executable,
        __file__,
        "--measure",
        measure,
        "--url",
        url,
        "--rows",
        str(count),
        "--folder",
        str(folder),
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        return {"failed": (done.stderr or done.stdout)[-500:]}
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--only", default=",".join(MEASURES))
    parser.add_argument("--measure", choices=MEASURES)
    parser.add_argument("--url")
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    if given.measure:
        result = globals()[f"measure_{given.measure}"](given.url, given.rows, given.folder)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({**result, "peak_mb": round(peak)}))
        return
    results = run(given.rows, given.only.split(","))
    print(f"{given.rows} rows, load {os.getloadavg()[0]:.1f}")
    for measure, result in results.items():
        print(measure, json.dumps(result))
    if {"ours", "oapif", "curl"} <= results.keys() and all("seconds" in results[m] for m in ("ours", "oapif", "curl")):
        ours = results["ours"]["seconds"]
        qgis, curl = results["oapif"]["seconds"], results["curl"]["seconds"]
        print(f"QGIS / ours: {qgis / ours:.1f}; ours / curl: {ours / curl:.2f}")
    if "second" in results and "first" in results["second"]:
        first, second = results["second"]["first"], results["second"]["second"]
        print(f"second sync: {100 * second['bytes'] / first['bytes']:.1f} % of the bytes of the first")


if __name__ == "__main__":
    main()
