"""Marseille's 10th from a WFS that behaves as the Géoplateforme's, whole at the end whatever that server does."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
import requests
from carto_services_publics.core import pacing
from carto_services_publics.core.errors import Cancelled
from carto_services_publics.core.progress import Progress
from carto_services_publics.core.registry import Connection, Query, open_registry
from carto_services_publics.core.territory import NotATerritory, Wish, is_begun, prepare, source_rows
from carto_services_publics.core.territory.area import as_multipolygon, rough_shape
from carto_services_publics.core.territory.datasets import BUILDINGS, COMMUNES, ROADS
from carto_services_publics.core.territory.prepare import _Preparation
from carto_services_publics.tests.servers import territory_data, wfs
from shapely.geometry import LineString, Point, Polygon

WISH = Wish(("13055",), halo=0.5)


def _column(path, table, column):
    with closing(sqlite3.connect(path)) as database:
        return [value for (value,) in database.execute(f"SELECT {column} FROM {table}")]


def _near(real_layers, halo):
    around = rough_shape(["13210"], "EPSG:2154")["13210"].buffer(halo, 64)
    return {
        feature["properties"]["cleabs"]
        for feature in real_layers[territory_data.ROADS].features
        if feature["properties"]["etat_de_l_objet"] == "En service"
        and LineString([point[:2] for point in feature["geometry"]["coordinates"]]).intersects(around)
    }


@pytest.mark.parametrize("cap", [5000, 400])
def test_roads_in_service_that_touch_the_halo_come_once_and_whole(cap, real_layers, serving, ways, tmp_path):
    server = serving(real_layers, cap=cap)

    made = prepare(tmp_path / "t.gpkg", WISH, ways(server))

    keys = _column(made.path, "routes", "cleabs")
    assert len(keys) == len(set(keys))
    assert set(keys) == _near(real_layers, 500.0)
    assert 0 < len(keys) < 2936
    assert made.roads == len(keys)


def test_half_of_the_answers_spoiled_change_nothing(real_layers, serving, ways, tmp_path, monkeypatch):
    monkeypatch.setattr(pacing, "backoff", lambda *_how: 0.01)  # how long the waits are is another test's
    server = serving(real_layers, cap=1200, share=0.5)

    made = prepare(tmp_path / "t.gpkg", WISH, ways(server))

    assert set(_column(made.path, "routes", "cleabs")) == _near(real_layers, 500.0)
    assert not made.failed
    assert sum(server.spoiled.values()) > 10


def test_inhabitants_are_those_of_the_territory_with_their_ages(real_layers, serving, ways, tmp_path):
    made = prepare(tmp_path / "t.gpkg", WISH, ways(serving(real_layers, cap=200)))

    inside = rough_shape(["13210"], "EPSG:2154")["13210"]
    expected = {
        feature["properties"]["idcar_200m"]: feature["properties"]
        for feature in real_layers[territory_data.CELLS].features
        if inside.contains(Point(Polygon(feature["geometry"]["coordinates"][0]).centroid))
    }
    assert 0 < len(expected) < 897
    assert set(_column(made.path, "demande", "id")) == set(expected)
    for column, name in (("population", "ind"), ("ind_80p", "ind_80p"), ("men_pauv", "men_pauv"), ("men", "men")):
        total = sum(properties[name] for properties in expected.values())
        assert sum(_column(made.path, "demande", column)) == pytest.approx(total)
    assert made.population == pytest.approx(sum(properties["ind"] for properties in expected.values()))


def test_the_sources_say_what_was_announced_and_received(real_layers, serving, ways, tmp_path):
    server = serving(real_layers, cap=400)

    made = prepare(tmp_path / "t.gpkg", WISH, ways(server))

    rows = {row["quoi"]: row for row in source_rows(made.path)}
    assert rows[territory_data.ROADS]["annonces"] == rows[territory_data.ROADS]["recus"] > made.roads
    assert rows[territory_data.ROADS]["edition"] == territory_data.EDITION
    assert rows[territory_data.COMMUNES]["recus"] == 2
    assert rows["services"]["recus"] == 2
    assert all(row["date_lecture"] and row["adresse"] for row in rows.values())


def test_communes_and_epci_are_the_territorys_own(real_layers, serving, ways, tmp_path):
    made = prepare(tmp_path / "t.gpkg", WISH, ways(serving(real_layers)))

    assert _column(made.path, "communes", "code_insee") == ["13055"]
    assert _column(made.path, "epci", "code_siren") == ["200054807"]
    assert sorted(_column(made.path, "services", "id")) == ["a", "b"]
    bans = [feature["properties"]["cleabs"] for feature in real_layers[territory_data.BANS].features]
    assert sorted(_column(made.path, "non_communication", "cleabs")) == sorted(bans) != []


def test_zones_of_interest_are_one_more_registry(real_layers, serving, ways, tmp_path):
    made = prepare(tmp_path / "t.gpkg", WISH, ways(serving(real_layers)))

    source = Connection("Zones", "fichier", f"{made.path}|layername=zone_d_activite_ou_d_interet")
    [service] = open_registry(source, requests.Session()).read(Query())
    assert (service.categorie, service.producteur, service.nom) == ("mairie", "bdtopo", "Mairie du 10e")


def test_a_type_that_the_service_lacks_is_told_where_it_is_needed(real_layers, serving, ways, tmp_path):
    absent = (territory_data.EPCI, territory_data.ZONES)
    lacking = {name: layer for name, layer in real_layers.items() if name not in absent}

    made = prepare(tmp_path / "t.gpkg", WISH, ways(serving(lacking)))

    assert [failure.what for failure in made.failed] == [territory_data.EPCI]
    assert set(_column(made.path, "routes", "cleabs")) == _near(real_layers, 500.0)


class _StopsAfter(Progress):
    """Cancels once the server was asked so many times."""

    def __init__(self, server, requests):
        self._server, self._requests = server, requests

    def cancelled(self):
        return sum(self._server.asked.values()) >= self._requests


def test_stopped_anywhere_it_goes_on_where_it_was(real_layers, serving, ways, tmp_path):
    server, path, stops = serving(real_layers, cap=400), tmp_path / "t.gpkg", 0
    for _ in range(60):
        asked = sum(server.asked.values())
        try:
            prepare(path, WISH, ways(server), _StopsAfter(server, asked + 20))
            break
        except Cancelled:
            stops += 1
            assert not path.exists()
    assert stops > 1
    assert path.exists()

    keys = _column(path, "routes", "cleabs")
    assert len(keys) == len(set(keys))
    assert set(keys) == _near(real_layers, 500.0)
    rows = {row["quoi"]: row for row in source_rows(path)}
    assert rows[territory_data.ROADS]["annonces"] == rows[territory_data.ROADS]["recus"]


def test_a_second_time_reads_only_what_is_newer_and_keeps_the_old(real_layers, serving, ways, tmp_path):
    path = tmp_path / "t.gpkg"
    server = serving(real_layers)
    prepare(path, WISH, ways(server))
    changed = dict(real_layers)
    layer = changed[territory_data.CELLS]
    fewer = 2 * len(layer.features) // 3
    changed[territory_data.CELLS] = layer._replace(features=layer.features[:fewer], bounds=layer.bounds[:fewer])

    again = prepare(path, WISH, ways(serving(changed)))

    assert territory_data.ROADS not in again.renewed
    assert territory_data.CELLS in again.renewed
    assert again.old is not None
    assert len(_column(again.old, "demande", "id")) > len(_column(path, "demande", "id"))
    assert set(_column(path, "routes", "cleabs")) == _near(real_layers, 500.0)


def test_brought_up_to_date_in_two_times_the_old_is_kept_too(real_layers, serving, ways, tmp_path, monkeypatch):
    """Stopped when all was read: the second time reads nothing, yet what it puts in place is new."""
    path = tmp_path / "t.gpkg"
    prepare(path, WISH, ways(serving(real_layers)))
    roads, before = real_layers[territory_data.ROADS], _column(path, "routes", "cleabs")
    some = len(roads.features) // 2
    fewer = roads._replace(features=roads.features[:some], bounds=roads.bounds[:some], edition="2026-09-15")
    newer = {**real_layers, territory_data.ROADS: fewer}

    def stop(*_what):
        raise Cancelled

    with monkeypatch.context() as patch:
        patch.setattr(_Preparation, "_put_in_place", stop)
        with pytest.raises(Cancelled):
            prepare(path, WISH, ways(serving(newer)))
    again = prepare(path, WISH, ways(serving(newer)))

    assert not again.renewed and again.old is not None
    assert _column(again.old, "routes", "cleabs") == before != _column(path, "routes", "cleabs")


def test_a_file_of_somebody_else_is_left_alone(real_layers, serving, ways, tmp_path):
    path = tmp_path / "t.gpkg"
    path.write_bytes(b"mine")

    with pytest.raises(NotATerritory):
        prepare(path, WISH, ways(serving(real_layers)))
    assert path.read_bytes() == b"mine"


@pytest.mark.parametrize("which", ["geoapi", "melodi"])
def test_where_insee_has_no_cells_communes_are_spread_over_dwellings(
    which, shared_data, serving, ways, tmp_path, people
):
    server = serving(territory_data.layers(shared_data, people=False))

    made = prepare(tmp_path / "t.gpkg", WISH, ways(server, **people(which)))

    spread = _column(made.path, "demande", "population")
    assert made.population == sum(spread) == 1234
    assert all(value == int(value) for value in spread)
    assert len(spread) > 50


def test_a_dead_service_of_populations_leaves_the_communes_own(shared_data, serving, ways, tmp_path, people):
    server = serving(territory_data.layers(shared_data, people=False))

    made = prepare(tmp_path / "t.gpkg", WISH, ways(server, **people("none")))

    assert made.population == 886040


def test_overseas_in_its_own_projection_people_of_communes_over_dwellings(serving, ways, tmp_path):
    """Guadeloupe's Basse-Terre and Gourbeyre: no cells of INSEE; each commune's people in its own buildings."""
    crs, people = "EPSG:5490", {"97105": 9861, "97109": 7780}
    outlines = rough_shape(people, crs)
    communes, buildings = [], []
    for code, outline in outlines.items():
        properties = dict.fromkeys(COMMUNES.columns) | {"cleabs": code, "code_insee": code, "population": people[code]}
        communes.append({"type": "Feature", "geometry": as_multipolygon(outline), "properties": properties})
        x, y = outline.representative_point().coords[0]
        for number in range(7):
            ring = [[x + 9 * number + a, y + b] for a, b in ((0, 0), (8, 0), (8, 8), (0, 8), (0, 0))]
            home = dict.fromkeys(BUILDINGS.columns)
            home |= {"cleabs": f"{code}-{number}", "usage_1": "Résidentiel", "nombre_de_logements": number}
            buildings.append(
                {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": home}
            )
    x, y = outlines["97105"].representative_point().coords[0]
    road = dict.fromkeys(ROADS.columns) | {"cleabs": "R1", "etat_de_l_objet": "En service"}
    line = {"type": "LineString", "coordinates": [[x, y, 1.0], [x + 500, y, 1.0]]}
    layers = {
        territory_data.COMMUNES: wfs.layer(communes, crs=crs),
        territory_data.BUILDINGS: wfs.layer(buildings, crs=crs),
        territory_data.ROADS: wfs.layer([{"type": "Feature", "geometry": line, "properties": road}], crs=crs),
        **{name: wfs.layer([], crs=crs) for name in (territory_data.EPCI, territory_data.BANS, territory_data.ZONES)},
        territory_data.CELLS: wfs.layer([], "geom", crs=crs),
    }

    made = prepare(tmp_path / "t.gpkg", Wish(("97105", "97109"), halo=5.0), ways(serving(layers)))

    with closing(sqlite3.connect(made.path)) as database:
        asked = "SELECT substr(id, 1, 5), sum(population) FROM demande GROUP BY 1"
        assert dict(database.execute(asked)) == people
    assert made.crs == crs
    assert made.roads == 1


class _Listening(Progress):
    def __init__(self):
        self.said = []

    def warn(self, message):
        self.said.append(str(message))

    info = warn


def _spoil(real_layers):
    """Roads of which some have no shape, an odd one, or no identifier (two of those alike)."""
    layer = real_layers[territory_data.ROADS]
    features = [{**each, "properties": dict(each["properties"])} for each in layer.features]
    for number, geometry in ((0, None), (1, {"type": "LineString", "coordinates": []}), (2, {"type": "Sphere"})):
        features[number]["geometry"] = geometry
    unnamed = [number for number, each in enumerate(features) if _is_kept(each)][:3]
    for number in unnamed:
        features[number]["properties"]["cleabs"] = None
    return {**real_layers, territory_data.ROADS: layer._replace(features=features)}, features


def _is_kept(feature):
    around = rough_shape(["13210"], "EPSG:2154")["13210"].buffer(500.0, 64)
    shape = feature["geometry"]
    if not shape or not shape.get("coordinates") or feature["properties"]["etat_de_l_objet"] != "En service":
        return False
    return LineString([point[:2] for point in shape["coordinates"]]).intersects(around)


@pytest.mark.parametrize("cap", [5000, 400])
def test_roads_without_a_shape_are_counted_and_said_those_without_a_name_are_kept(
    cap, real_layers, serving, ways, tmp_path
):
    layers, features = _spoil(real_layers)
    progress = _Listening()

    made = prepare(tmp_path / "t.gpkg", WISH, ways(serving(layers, cap=cap)), progress)

    kept = [each["properties"]["cleabs"] for each in features if _is_kept(each)]
    assert kept.count(None) == 3
    assert sorted(map(str, _column(made.path, "routes", "cleabs"))) == sorted(map(str, kept))
    assert any(f"{territory_data.ROADS}: 3 objects have no usable shape" in said for said in progress.said)
    assert not made.failed


def test_what_was_read_of_an_edition_replaced_since_is_read_anew(real_layers, serving, ways, tmp_path):
    """Stopped in June's edition, gone on with in September's: no road of June is left."""
    path, server = tmp_path / "t.gpkg", serving(real_layers, cap=400)
    asked = 0
    while asked == 0 or not is_begun(path, WISH) or not _tiles_done(path):
        asked += 12
        with pytest.raises(Cancelled):
            prepare(path, WISH, ways(server), _StopsAfter(server, sum(server.asked.values()) + asked))
    june = real_layers[territory_data.ROADS]
    features = [{**each, "properties": {**each["properties"], "nature": "De septembre"}} for each in june.features]
    newer = {**real_layers, territory_data.ROADS: june._replace(features=features, edition="2026-09-15")}
    progress = _Listening()

    prepare(path, WISH, ways(serving(newer, cap=400)), progress)

    assert set(_column(path, "routes", "nature")) == {"De septembre"}
    assert set(_column(path, "routes", "cleabs")) == _near(real_layers, 500.0)
    assert any("2026-09-15 has replaced 2026-06-15" in said for said in progress.said)
    assert not is_begun(path, WISH)


def _tiles_done(path):
    work = path.with_name(f".{path.stem}.en-cours.gpkg")
    with closing(sqlite3.connect(work)) as database:
        asked = "SELECT count(*) FROM territoire_tuiles WHERE quoi = ? AND recus > 0"
        return database.execute(asked, (territory_data.ROADS,)).fetchone()[0]


def test_a_layer_with_parts_missing_can_be_searched_and_is_gone_on_with(real_layers, serving, ways, tmp_path):
    """Where one tile is refused to the end: what came is indexed, and the next time brings the rest."""
    path, server = tmp_path / "t.gpkg", serving(real_layers, cap=400)
    refused = _refuses(server, min(_near(real_layers, 0.0)))

    first = prepare(path, WISH, ways(server))

    assert [failure.what for failure in first.failed] == [territory_data.ROADS]
    assert is_begun(path, WISH)
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT rtreecheck('rtree_routes_geom')").fetchone() == ("ok",)
        indexed = database.execute("SELECT count(*) FROM rtree_routes_geom").fetchone()[0]
    assert 0 < indexed == first.roads < len(_near(real_layers, 500.0))

    refused.clear()
    again = prepare(path, WISH, ways(server))

    assert not again.failed and not is_begun(path, WISH)
    assert sorted(_column(path, "routes", "cleabs")) == sorted(_near(real_layers, 500.0))


def _refuses(server, road):
    """The server answers 400 to the pages that hold a road, while the list holds its identifier: other tiles come."""
    refused, answer = [road], server.answer

    def answering(params):
        given = answer(params)
        is_page = params.get("TYPENAMES") == territory_data.ROADS and "RESULTTYPE" not in params
        if refused and is_page and f'"{refused[0]}"'.encode() in given[1]:
            return 400, b"<ows:ExceptionReport/>", "application/xml"
        return given

    server.answer = answering
    return refused
