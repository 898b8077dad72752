"""Files of IGN and INSEE in place of the service: recognised, cut, read without the service being asked."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from carto_services_publics.core.territory import Wish, prepare, recognise_file
from carto_services_publics.core.territory.area import rough_shape
from carto_services_publics.core.territory.files import UnknownFile
from carto_services_publics.tests.servers import territory_data
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
