"""The report on Corse: twenty zones, from real roads, communes and France services."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path

import pytest

SHOTS = Path(__file__).resolve().parents[2] / "build" / "screenshots"
ZONES = 20
MOST_SECONDS = 60


@pytest.fixture(scope="module")
def results(provider, shared_data, tmp_path_factory):
    from qgis.core import QgsFeatureRequest, QgsVectorLayer

    import processing

    folder = tmp_path_factory.mktemp("corse")
    corse = shared_data / "corse"
    network = processing.run(
        "cartoservices:buildnetwork",
        {
            "INPUT": f"{corse}/corse_routes_osm.gpkg|layername=routes",
            "SPEED_FIELD": "speed_chord_kmh",
            "DIRECTION_FIELD": "sens",
            "VALUE_FORWARD": "F",
            "OUTPUT": str(folder / "corse.network"),
        },
    )["OUTPUT"]
    services = processing.run(
        "cartoservices:loadservices", {"REGISTRY": f"{corse}/corse_france-services.csv", "OUTPUT": "memory:"}
    )["OUTPUT"]
    communes = QgsVectorLayer(f"{corse}/corse_communes.geojson", "communes", "ogr")
    peopled = sorted(communes.getFeatures(), key=lambda feature: -(feature["population"] or 0))[:ZONES]
    zones = communes.materialize(QgsFeatureRequest().setFilterFids([feature.id() for feature in peopled]))
    found = processing.run(
        "cartoservices:coveragegaps",
        {
            "DEMAND": communes,
            "DEMAND_WEIGHT": "population",
            "SERVICES": services,
            "CATEGORY_FIELD": "categorie",
            "NETWORK": network,
            "SNAP_DISTANCE": 20000,
            "THRESHOLDS": "20,30",
            "ZONES": zones,
            "ZONE_ID": "code_insee",
            **dict.fromkeys(("OUTPUT", "GAPS", "DEMAND_OUT", "FAILED"), "memory:"),
        },
    )
    started = time.monotonic()
    made = processing.run(
        "cartoservices:accessreport",
        {
            "COVERAGE": found["OUTPUT"],
            "DEMAND": found["DEMAND_OUT"],
            "DEMAND_WEIGHT": "population",
            "GAPS": found["GAPS"],
            "SERVICES": services,
            "TERRITORY_NAME": "Corse",
            "HTML": str(folder / "rapport.html"),
            "PDF": str(folder / "atlas.pdf"),
        },
    )
    return {**found, **made, "seconds": time.monotonic() - started}


def test_twenty_zones_take_less_than_a_minute(results):
    print(f"{ZONES} zones: {results['seconds']:.1f} s")
    assert results["seconds"] < MOST_SECONDS


def test_the_atlas_has_a_page_for_each_zone_and_for_those_outside(results):
    zones = {row["zone_id"] for row in results["OUTPUT"].getFeatures()}
    said = subprocess.run(["pdfinfo", results["PDF"]], capture_output=True, text=True, check=True).stdout
    assert int(re.search(r"Pages:\s+(\d+)", said)[1]) == len(zones)
    SHOTS.mkdir(parents=True, exist_ok=True)
    subprocess.run(["pdftoppm", "-png", "-r", "60", "-l", "1", results["PDF"], str(SHOTS / "atlas-corse")], check=True)


def test_the_people_of_the_page_are_those_of_the_layer(results):
    page = Path(results["HTML"]).read_text(encoding="utf-8")
    people = round(sum(row["population"] or 0 for row in results["OUTPUT"].getFeatures()))
    shown = re.search(r'<span class="figure">([\d\u202f]+)</span> habitants', page)[1]
    assert int(shown.replace("\u202f", "")) == people
