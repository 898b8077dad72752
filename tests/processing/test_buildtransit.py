"""Public transport from feeds to travel times, as the toolbox does it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from carto_services_publics.core.network import BuildOptions, build_network
from qgis.core import QgsProcessingException, QgsVectorFileWriter

from .conftest import drawn

TABLES = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nd,Cars départementaux,http://x.example,Europe/Paris\n"
    "v,Bus de la ville,http://x.example,Europe/Paris\n",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\n{stops}",
    "routes.txt": "route_id,agency_id,route_short_name,route_type\nr1,d,1,3\nr2,v,2,3\n",
    "trips.txt": "route_id,service_id,trip_id\nr1,tue,t1\nr1,tue,t2\nr2,sun,t3\nr1,tue,back\nr1,tue,home\n",
    "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
    "t1,08:00:00,08:00:00,west,1\nt1,08:10:00,08:10:00,east,2\n"
    "t2,08:30:00,08:30:00,west,1\nt2,08:40:30,08:40:30,east,2\n"
    "t3,09:00:00,09:00:00,west,1\nt3,09:10:00,09:10:00,east,2\n"
    "back,09:00:00,09:00:00,west,1\nback,08:00:00,08:00:00,east,2\n"
    "home,11:00:00,11:00:00,east,1\nhome,11:10:00,11:10:00,west,2\n",
    "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    "tue,0,1,0,0,0,0,0,20250101,20251231\nsun,0,0,0,0,0,0,1,20250101,20251231\n",
}


@pytest.fixture
def town(qgis_app, tmp_path):
    """A street of 20 km along y = 6 600 000, 1 km in 10 minutes on foot; two stops, at 1 km and at 19 km."""
    from pyproj import Transformer

    lines = [(f"LINESTRING({700000 + x} 6600000, {701000 + x} 6600000)", 10.0) for x in range(0, 20_000, 1000)]
    layer = drawn("LineString", "minutes:double", lines)
    options = QgsVectorFileWriter.SaveVectorOptions()
    source = str(tmp_path / "streets.gpkg")
    QgsVectorFileWriter.writeAsVectorFormatV3(layer, source, layer.transformContext(), options)
    build_network(
        source, BuildOptions(preset="generic", profile="foot", cost_field="minutes"), tmp_path / "foot.network"
    )
    to_degrees = Transformer.from_crs("EPSG:2154", "EPSG:4326", always_xy=True)
    stops = [("west", *to_degrees.transform(701000, 6600000)), ("east", *to_degrees.transform(719000, 6600000))]
    rows = "".join(f"{name},{name},{lat!r},{lon!r}\n" for name, lon, lat in stops)
    with zipfile.ZipFile(tmp_path / "feed.zip", "w") as out:
        for name, text in TABLES.items():
            out.writestr(name, text.replace("{stops}", rows))
    return tmp_path


@pytest.fixture
def timetable(run, rows, town):
    def build(day="2025-03-04", **more):
        path = str(town / "day.transit")
        found, said = run(
            "buildtransit",
            FEEDS=str(town / "feed.zip"),
            NETWORK=str(town / "foot.network"),
            DATE=day,
            OUTPUT=path,
            **more,
        )
        return path, found, said

    return build


def test_the_report_shows_networks_without_a_trip(timetable, rows):
    path, found, said = timetable()
    assert Path(path).is_file()
    table = {row["reseau"]: row for row in rows(found["REPORT"])}
    assert table["Cars départementaux"]["courses"] == 3
    assert table["Cars départementaux"]["premier_depart"] == "08:00"
    assert table["Cars départementaux"]["dernier_depart"] == "11:00"
    assert table["Bus de la ville"]["courses"] == 0
    assert table["Bus de la ville"]["lignes"] == 1
    assert table["Cars départementaux"]["anomalies"].startswith("1 trip goes back in time")
    assert {row["stop_id"]: row["departs"] for row in rows(found["STOPS"])} == {"west": 2, "east": 1}
    assert "Bus de la ville" in said


def test_a_day_without_trips_says_so_and_is_no_desert(timetable, run, town, draw):
    path, found, said = timetable("2025-03-05")
    assert "nothing runs on that day" in said
    point = draw("Point", "id:string", [("POINT(700500 6600000)", "a")])
    with pytest.raises(QgsProcessingException, match="Nothing runs on 2025-03-05"):
        run("nearestservice", DEMAND=point, SERVICES=point, NETWORK=str(town / "foot.network"), TRANSIT=path)


def test_the_nearest_by_transit_counts_waiting_and_walking(timetable, run, rows, town, draw):
    path, _, _ = timetable()
    demand = draw("Point", "id:string", [("POINT(700500 6600000)", "a")])
    services = draw("Point", "id:string,categorie:string", [("POINT(719500 6600000)", "far", "mairie")])
    given = {
        "DEMAND": demand,
        "SERVICES": services,
        "CATEGORY_FIELD": "categorie",
        "NETWORK": str(town / "foot.network"),
        "TRANSIT": path,
        "WINDOW": "07:45-08:05",
    }
    # Five minutes to the stop; the bus of 8:00 until 7:55, that of 8:30 afterwards; five minutes from the stop.
    for percentile, minutes in ((50, 29), (55, 30), (60, 41.5), (100, 49.5), (0, 20)):
        found, _ = run("nearestservice", **given, PERCENTILE=percentile)
        assert rows(found["OUTPUT"])[0]["cout"] == pytest.approx(minutes, abs=0.02), percentile
        assert rows(found["OUTPUT"])[0]["service_id"] == "far"
    found, _ = run("nearestservice", **{**given, "WINDOW": "08:45-08:46", "ARRIVE_BY": True})
    assert rows(found["OUTPUT"])[0]["cout"] == pytest.approx(
        50, abs=0.02
    )  # there at 8:15 at the latest: leaves at 7:55
    matrix, _ = run(
        "odmatrix",
        ORIGINS=demand,
        DESTINATIONS=services,
        **{key: given[key] for key in ("NETWORK", "TRANSIT", "WINDOW")},
        PERCENTILE=50,
    )
    assert rows(matrix["OUTPUT"])[0]["cout"] == pytest.approx(29, abs=0.02)


def test_a_network_by_car_is_refused(timetable, run, town, draw):
    path, _, _ = timetable()
    build_network(
        str(town / "streets.gpkg"), BuildOptions(preset="generic", cost_field="minutes"), town / "car.network"
    )
    point = draw("Point", "id:string", [("POINT(700500 6600000)", "a")])
    with pytest.raises(QgsProcessingException, match="must be one on foot"):
        run("nearestservice", DEMAND=point, SERVICES=point, NETWORK=str(town / "car.network"), TRANSIT=path)


def test_there_and_back_while_the_counter_is_open(timetable, run, rows, town, draw):
    path, _, _ = timetable()
    demand = draw(
        "Point",
        "id:string,population:double",
        [("POINT(700500 6600000)", "a", 10.0), ("POINT(710000 6600000)", "b", 5.0), ("POINT(0 0)", "lost", 2.0)],
    )
    services = draw(
        "Point",
        "id:string,categorie:string,horaires:string",
        [
            ("POINT(719500 6600000)", "far", "mairie", "Tu 09:00-12:00"),
            ("POINT(719500 6600000)", "shut", "la_poste", "Mo 09:00-12:00"),
            ("POINT(719500 6600000)", "unknown", "caf", ""),
            ("POINT(719500 6900000)", "off", "creche", "Mo-Fr 09:00-12:00"),
        ],
    )
    zones = draw(
        "Polygon",
        "id:string",
        [("POLYGON((699000 6599000,705000 6599000,705000 6601000,699000 6601000,699000 6599000))", "west")],
    )
    found, said = run(
        "roundtrip",
        DEMAND=demand,
        DEMAND_WEIGHT="population",
        SERVICES=services,
        CATEGORY_FIELD="categorie",
        NETWORK=str(town / "foot.network"),
        TRANSIT=path,
        LEAVE="07:00",
        HOME="12:00",
        STAY=30,
        ZONES=zones,
        GROUPS=["population"],
    )
    trip = {(row["demand_id"], row["categorie"]): row for row in rows(found["OUTPUT"])}
    best = trip["a", "mairie"]
    # The bus of 8:30 is there at 8:40:30, the door five minutes on; it opens at 9:00; the bus home is at 11:00.
    assert [best[name] for name in ("possible", "service_id", "depart", "arrivee", "fin", "retour")] == [
        True,
        "far",
        "08:25",
        "08:45",
        "09:30",
        "11:15",
    ]
    assert best["duree"] == pytest.approx(170, abs=0.05)
    assert trip["a", "la_poste"]["code_raison"] == "ferme"
    assert trip["a", "caf"]["code_raison"] == "horaires_inconnus"
    assert trip["b", "mairie"]["possible"] is True  # 9.5 km on foot each way would take too long; a stop is 9 km away
    assert trip["lost", "mairie"]["possible"] is None
    assert trip["lost", "mairie"]["raison"]
    zone = {(row["zone_id"], row["categorie"]): row for row in rows(found["ZONES_OUT"])}
    assert zone["west" if ("west", "mairie") in zone else "1", "mairie"]["part_possible"] == pytest.approx(1.0)
    assert zone[None, "mairie"]["population"] == pytest.approx(7.0)
    assert zone[None, "mairie"]["pop_non_calculee"] == pytest.approx(2.0)
    # Of what could not be placed, and of unknown hours, nothing is said that is not known.
    assert [zone[each, "creche"]["part_possible"] for each in ("west", None)] == [None, None]
    assert "Nobody's journey could be computed to: Day nursery" in said
    assert "15 people more could go and be back if places of unknown hours were open: Family benefits office" in said
    group = {(row["groupe"], row["categorie"]): row for row in rows(found["GROUPS_OUT"])}
    assert [group["population", "mairie"][name] for name in ("pop_au_dela", "pop_non_calculee", "ecart")] == [0, 2, 0]
    assert group[None, "la_poste"]["part_au_dela"] == 1


def test_isochrones_by_transit_have_an_island_around_the_stop_reached(timetable, run, rows, town, draw):
    from qgis.core import QgsGeometry, QgsPointXY

    path, _, _ = timetable()
    given = {
        "INPUT": draw("Point", "id:string", [("POINT(700500 6600000)", "a")]),
        "ENGINE": "local",
        "NETWORK": str(town / "foot.network"),
        "TRANSIT": path,
        "WINDOW": "07:45-07:56",
        "PERCENTILE": 0,
        "DIRECTION": "departure",
        "CUTOFFS": "10,18",
    }
    found, _ = run("isochrones", **given)
    assert [row["profile"] for row in rows(found["OUTPUT"])] == ["transit"] * 2
    areas = {feature["cutoff"]: feature.geometry() for feature in found["OUTPUT"].getFeatures()}

    def holds(cutoff, x):
        return areas[cutoff].contains(QgsGeometry.fromPointXY(QgsPointXY(x, 6600000)))

    # At best one leaves at 7:55 and is at the other stop, 719 000, after 15 minutes: 3 more on foot are 300 m.
    assert holds(10, 701000) and not holds(10, 719000)
    assert holds(18, 719250) and holds(18, 718750) and not holds(18, 719400)
    assert not holds(18, 710000)
    with pytest.raises(QgsProcessingException, match="local"):
        run("isochrones", **{**given, "ENGINE": "geoplateforme"})
    with pytest.raises(QgsProcessingException, match="minutes"):
        run("isochrones", **{**given, "METRIC": "distance"})
