"""Corse without a car, as its user sees it: feeds of the territory, gaps by bus, a run stopped at once, the week."""

from __future__ import annotations

import json
import shutil
import sys
from datetime import date
from pathlib import Path

import pytest
from carto_services_publics.core.network import BuildOptions, build_network, open_network
from carto_services_publics.core.routing.local import Router
from carto_services_publics.core.transit.timetable import build_timetable, write_timetable
from desktop import run_desktop

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "servers"))
from faults import Answer, as_json, stub

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("xvfb-run") or not shutil.which("qgis"), reason="needs qgis and xvfb"),
]
FOOT = BuildOptions(preset="generic", profile="foot", default_speed=4.0)
CAR = BuildOptions(speed_field="speed_chord_kmh", direction_field="sens", value_forward="F")


@pytest.fixture(scope="module")
def figures(whole_data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("corse")
    roads, feed = whole_data / "corse" / "corse_routes_osm.gpkg", whole_data / "gtfs" / "corse-pt" / "corse_gtfs.zip"
    walk, car, day = (folder / name for name in ("pied.network", "voiture.network", "mardi.transit"))
    build_network(str(roads), FOOT, walk)
    build_network(str(roads), CAR, car)
    write_timetable(day, build_timetable([feed], Router(open_network(walk)), date(2025, 3, 4)).timetable)
    given = folder / "figures.json"
    environment = {
        "CSP_CORSE": whole_data / "corse",
        "CSP_WALK": walk,
        "CSP_CAR": car,
        "CSP_FEED": feed,
        "CSP_TIMETABLE": day,
        "CSP_FIGURES": given,
    }
    with stub(lambda request, _: answer(request, feed)) as server:
        environment["CARTO_SP_TRANSPORT_SERVER"] = server
        words = {name: str(value) for name, value in environment.items()}
        print(run_desktop(Path(__file__).parent / "drive_transit.py", folder / "profile", **words))
    found = json.loads(given.read_text(encoding="utf-8"))
    print(found)
    return found


def answer(request, feed: Path) -> Answer:
    """The access point's catalogue, with the buses of Corse and those of another place."""
    if request.path != "/api/datasets":
        return Answer(200, [("Content-Type", "application/zip")], feed.read_bytes())
    resource = {
        "datagouv_id": "corse-cars",
        "title": "GTFS",
        "format": "GTFS",
        "url": f"http://{request.headers['Host']}/corse.zip",
        "filesize": feed.stat().st_size,
        "updated": "2026-11-20T10:00:00Z",
        "metadata": {"start_date": "2025-01-01", "end_date": "2025-12-31"},
    }
    common = {"licence": "odc-odbl", "legal_owners": [{"name": "Collectivité de Corse"}], "resources": [resource]}
    areas = {"Cars de Corse": ("region", "94", "Corse"), "Bus de Mende": ("commune", "48095", "Mende")}
    return as_json(
        [
            {"title": title, "covered_area": [dict(zip(("type", "insee", "nom"), area))], **common}
            for title, area in areas.items()
        ]
    )


def test_the_feeds_of_the_territory_are_kept(figures):
    assert figures["feeds"] == ["corse-cars.zip"]


def test_the_answer_is_by_bus_and_holds_nobody(figures):
    assert "en transports en commun" in figures["words"]
    assert figures["silence"] < 1.0
    assert figures["stopped"] < 1.0


def test_the_week_is_that_of_the_buses_and_the_counters(figures):
    week = figures["week"]
    # Closed at the weekend; buses run from Monday to Friday, so that no day is better than another.
    assert week["samedi"] == week["dimanche"] == 0
    assert week["mardi"] > 0 and week["mardi"] == pytest.approx(week["jeudi"])
    assert week["pop_a_pied"] <= week["pop_transport"] and week["pop_depend_voiture"] <= week["pop_voiture"]
    assert week["pop_voiture"] - week["pop_depend_voiture"] <= week["pop_transport"]
    assert 0 < week["zone_blanche"] < week["population"]
