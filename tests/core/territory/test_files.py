"""Files of IGN and INSEE in place of the service: recognised, cut, read without the service being asked."""

from __future__ import annotations

import csv
import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from carto_services_publics.core.progress import Progress
from carto_services_publics.core.territory import Wish, prepare, recognise_file, source_rows
from carto_services_publics.core.territory.archives import UnreadableArchive
from carto_services_publics.core.territory.area import rough_shape
from carto_services_publics.core.territory.files import UnknownFile, rows_of
from carto_services_publics.tests.servers import territory_data
from osgeo import gdal
from shapely.geometry import Point, Polygon

WISH = Wish(("13055",), halo=0.5)


def _kinds(path, unfolded=Path("unused")):
    return [dropped.dataset.layer for dropped in recognise_file(path, unfolded)]


def test_a_delivery_of_bdtopo_is_known_by_its_columns(shared_data):
    folder = shared_data / "bdtopo"

    assert _kinds(folder / "marseille10" / "bdtopo_marseille10.gpkg") == ["routes", "non_communication"]
    assert _kinds(folder / "olemps-12174" / "BATIMENT.shp") == ["demande"]
    assert _kinds(folder / "olemps-12174" / "ZONE_D_ACTIVITE_OU_D_INTERET.shp") == ["zone_d_activite_ou_d_interet"]
    assert _kinds(folder / "olemps-12174" / "population.shp") == ["demande"]
    assert _kinds(folder / "olemps-12174" / "COMMUNE.shp") == ["communes"]
    with pytest.raises(UnknownFile):
        _kinds(folder / "olemps-12174" / "CIMETIERE.shp")


def test_roads_of_a_file_take_the_place_of_the_service(shared_data, real_layers, serving, ways, tmp_path):
    server = serving({name: layer for name, layer in real_layers.items() if name != territory_data.ROADS})
    files = recognise_file(shared_data / "bdtopo" / "marseille10" / "bdtopo_marseille10.gpkg", tmp_path)

    made = prepare(tmp_path / "t.gpkg", WISH, ways(server, files=tuple(files)))
    from_service = prepare(tmp_path / "s.gpkg", WISH, ways(serving(real_layers)))

    def read(path):
        columns = "cleabs, nature, sens_de_circulation, vitesse_moyenne_vl, acces_vehicule_leger, urbain"
        with closing(sqlite3.connect(path)) as database:
            return sorted(database.execute(f"SELECT {columns} FROM routes"))

    assert not made.failed
    assert read(made.path) == read(from_service.path)


def test_the_national_file_of_cells_is_cut_while_it_is_read(real_layers, serving, ways, tmp_path):
    path = tmp_path / "carreaux_200m_met.csv"
    features = real_layers[territory_data.CELLS].features
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, list(features[0]["properties"]))
        rows.writeheader()
        for feature in features:
            rows.writerow(feature["properties"])
        for number in range(5000):  # far away
            far = {**features[0]["properties"], "idcar_200m": f"CRS3035RES200mN{2_900_000 + 200 * number}E3700000"}
            rows.writerow(far)
    server = serving({name: layer for name, layer in real_layers.items() if name != territory_data.CELLS})

    made = prepare(tmp_path / "t.gpkg", WISH, ways(server, files=tuple(recognise_file(path, tmp_path))))

    inside = rough_shape(["13210"], "EPSG:2154")["13210"]
    expected = sum(
        feature["properties"]["ind"]
        for feature in features
        if inside.contains(Point(Polygon(feature["geometry"]["coordinates"][0]).centroid))
    )
    assert made.population == pytest.approx(expected)


def _zip(path, *files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, f"BDTOPO_3-0/1_DONNEES_LIVRAISON/{file.name}")
    return path


def test_a_folder_is_looked_through_and_what_is_none_of_ours_in_it_is_passed_over(shared_data):
    found = recognise_file(shared_data / "bdtopo" / "olemps-12174", Path("unused"))

    kinds = {dropped.path.stem: dropped.dataset.name for dropped in found}
    assert kinds == {
        "BATIMENT": "BDTOPO_V3:batiment",
        "COMMUNE": "ADMINEXPRESS-COG-CARTO-PE.LATEST:commune",
        "ZONE_D_ACTIVITE_OU_D_INTERET": "BDTOPO_V3:zone_d_activite_ou_d_interet",
        "population": "INSEE.FILOSOFI.INDICATORS:carreaux_200m",
    }


def test_a_zip_is_unfolded_to_the_disk_once(shared_data, tmp_path):
    archive = _zip(tmp_path / "livraison.zip", shared_data / "bdtopo" / "marseille10" / "bdtopo_marseille10.gpkg")

    assert _kinds(archive, tmp_path / "u") == ["routes", "non_communication"]
    [unfolded] = (tmp_path / "u").rglob("*.gpkg")
    assert unfolded.read_bytes() == (shared_data / "bdtopo" / "marseille10" / "bdtopo_marseille10.gpkg").read_bytes()
    before = unfolded.stat().st_mtime_ns
    assert _kinds(archive, tmp_path / "u") == ["routes", "non_communication"]
    assert unfolded.stat().st_mtime_ns == before


@pytest.mark.parametrize("inside", [False, True])
def test_a_7z_is_refused_with_the_way_out(tmp_path, inside):
    path = tmp_path / "BDTOPO_3-5_TOUSTHEMES_GPKG_LAMB93_D048.7z"
    path.write_bytes(b"7z\xbc\xaf\x27\x1c" + bytes(100))
    if inside:
        path = _zip(tmp_path / "a.zip", path)

    with pytest.raises(UnreadableArchive, match="7z.*7-Zip"):
        _kinds(path, tmp_path)


def test_a_zip_that_climbs_out_of_its_folder_stays_inside(tmp_path):
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("../../../escaped.csv", "idcar_200m,ind,men\nCRS3035RES200mN2900000E3700000,1,1\n")

    [found] = recognise_file(archive, tmp_path / "a" / "b" / "c")

    assert (tmp_path / "a" / "b" / "c") in found.path.parents
    assert not list(tmp_path.glob("escaped.csv"))


def test_a_damaged_zip_is_told(tmp_path):
    whole = tmp_path / "w.csv"
    whole.write_text("idcar_200m,ind,men\n" + "CRS3035RES200mN2900000E3700000,1,1\n" * 5000)
    archive = _zip(tmp_path / "a.zip", whole)
    spoiled = bytearray(archive.read_bytes())
    spoiled[120:160] = bytes(40)
    archive.write_bytes(spoiled)

    with pytest.raises(UnreadableArchive, match="a.zip"):
        _kinds(archive, tmp_path / "u")


def test_two_deliveries_of_neighbours_give_each_road_once(shared_data, real_layers, serving, ways, tmp_path):
    given = shared_data / "bdtopo" / "marseille10" / "bdtopo_marseille10.gpkg"
    halves = []
    for name, where in (("ouest", "cleabs < 'TRONROUT0000000285'"), ("est", "cleabs >= 'TRONROUT0000000200'")):
        half = tmp_path / "livraison" / f"{name}.gpkg"
        half.parent.mkdir(exist_ok=True)
        gdal.VectorTranslate(str(half), str(given), layers=["troncon_de_route"], where=where)
        halves += [len(_roads(half, "troncon_de_route"))]
    server = serving({name: layer for name, layer in real_layers.items() if name != territory_data.ROADS})

    files = tuple(recognise_file(tmp_path / "livraison", tmp_path))
    made = prepare(tmp_path / "t.gpkg", WISH, ways(server, files=files))

    whole = prepare(tmp_path / "s.gpkg", WISH, ways(serving(real_layers)))
    assert sum(halves) > len(_roads(given, "troncon_de_route")), "some lie in both"
    assert _roads(made.path) == _roads(whole.path)
    roads = next(row for row in source_rows(made.path) if row["quoi"] == territory_data.ROADS)
    assert roads["adresse"] == "est.gpkg, ouest.gpkg"


def test_a_delivery_that_ends_before_the_halo_is_told(shared_data, real_layers, serving, ways, tmp_path):
    server = serving({name: layer for name, layer in real_layers.items() if name != territory_data.ROADS})
    files = tuple(recognise_file(shared_data / "bdtopo" / "marseille10" / "bdtopo_marseille10.gpkg", tmp_path))
    told = []

    class Listening(Progress):
        def warn(self, message):
            told.append(str(message))

    prepare(tmp_path / "t.gpkg", Wish(("13055",), halo=20.0), ways(server, files=files), Listening())

    [words] = [each for each in told if "halo" in each]
    assert "bdtopo_marseille10.gpkg" in words


def test_ign_s_shapefiles_have_the_columns_of_the_service(shared_data, tmp_path):
    short = {
        "cleabs": "ID",
        "nature": "NATURE",
        "sens_de_circulation": "SENS",
        "vitesse_moyenne_vl": "VIT_MOY_VL",
        "acces_vehicule_leger": "ACCES_VL",
        "nature_de_la_restriction": "NAT_RESTR",
        "restriction_de_hauteur": "RESTR_H",
        "insee_commune_gauche": "INSEECOM_G",
        "etat_de_l_objet": "ETAT",
    }
    chosen = ", ".join(f"{name} AS {cut}" for name, cut in short.items())
    target = tmp_path / "TRONCON_DE_ROUTE.shp"
    given = shared_data / "bdtopo" / "marseille10" / "bdtopo_marseille10.gpkg"
    gdal.VectorTranslate(str(target), str(given), SQLStatement=f"SELECT {chosen}, geometrie FROM troncon_de_route")

    [dropped] = recognise_file(tmp_path, tmp_path)
    [first, *_rest] = rows_of(dropped, (800_000, 6_200_000, 1_000_000, 6_300_000), "EPSG:2154", Progress())

    assert dropped.dataset.layer == "routes"
    assert set(short) <= set(first["properties"])


def test_cells_of_a_geopackage_and_of_a_table_are_the_same(real_layers, serving, ways, tmp_path):
    table, packed = tmp_path / "carreaux_200m_met.csv", tmp_path / "carreaux_200m_met.gpkg"
    features = real_layers[territory_data.CELLS].features
    with table.open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, list(features[0]["properties"]))
        rows.writeheader()
        rows.writerows(feature["properties"] for feature in features)
    whole = tmp_path / "whole.geojson"
    whole.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    gdal.VectorTranslate(str(packed), str(whole), srcSRS="EPSG:2154", dstSRS="EPSG:3035", format="GPKG")
    server = serving({name: layer for name, layer in real_layers.items() if name != territory_data.CELLS})

    made = [
        prepare(tmp_path / f"{path.suffix[1:]}.t.gpkg", WISH, ways(server, files=tuple(recognise_file(path, tmp_path))))
        for path in (table, packed)
    ]

    assert made[0].population == pytest.approx(made[1].population)
    assert made[0].population > 0
    people = []
    for each in made:
        with closing(sqlite3.connect(each.path)) as database:
            people.append(sorted(database.execute("SELECT id, population, ind_80p, men_pauv FROM demande")))
    assert people[0] == people[1]


def _roads(path, table="routes"):
    with closing(sqlite3.connect(path)) as database:
        return sorted(key for (key,) in database.execute(f"SELECT cleabs FROM {table}"))
