"""Loading services from a real server, and from files."""

from __future__ import annotations

import csv

import pytest
from carto_services_publics.core.services import Service
from carto_services_publics.tests.servers import ogcapi
from qgis.core import QgsProcessingException

SERVICES = [
    Service("s1", "Mairie de Mende", "mairie", code_insee="48095", commune="Mende", lon=3.4998, lat=44.518),
    Service("s2", "France services de Florac", "france_services", code_insee="48061", lon=3.594, lat=44.324),
    Service("s3", "Mairie d'Ajaccio", "mairie", code_insee="2A004", lon=8.7369, lat=41.9186),
    Service("s4", "Mairie sans lieu", "mairie", code_insee="48001"),
    Service("s5", "Axes échangés", "mairie", code_insee="48002", lon=44.5, lat=3.5),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    path = ogcapi.make_geopackage(tmp_path_factory.mktemp("load") / "registry.gpkg", SERVICES)
    with ogcapi.registry(path) as url:
        yield url


@pytest.mark.servers
def test_all_services_of_a_registry_become_a_layer(run, rows, server):
    layers, said = run("loadservices", REGISTRY=server)
    found = {row["id"]: row for row in rows(layers["OUTPUT"])}
    assert set(found) == {"s1", "s2", "s3", "s4", "s5"}
    assert found["s3"]["code_insee"] == "2A004"
    assert found["s4"]["anomalie"] == "sans_position"
    assert found["s5"]["anomalie"] == "axes_inverses"
    assert layers["OUTPUT"].crs().authid() == "EPSG:4326"
    assert "5 services read; records rejected: 0." in said


@pytest.mark.servers
@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"CATEGORIES": "mairie"}, ["s1", "s3", "s4", "s5"]),
        ({"CATEGORIES": "mairie, france_services", "TERRITORY": "48095 48061"}, ["s1", "s2"]),
        ({"TERRITORY": "48"}, ["s1", "s2", "s4", "s5"]),
        ({"EXTENT": "3.4,3.55,44.4,44.6 [EPSG:4326]"}, ["s1"]),
        ({"FILTER": "nom LIKE 'Mairie d%' AND code_insee = '2A004'"}, ["s3"]),
    ],
)
def test_what_is_asked_for_is_what_comes(run, rows, server, asked, expected):
    layers, _ = run("loadservices", REGISTRY=server, **asked)
    assert sorted(row["id"] for row in rows(layers["OUTPUT"])) == expected


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"CATEGORIES": "nonsense"}, "nonsense"),
        ({"TERRITORY": "99999"}, "99999"),
        ({"FILTER": "nom ="}, "filter is not understood"),
        ({"REGISTRY": "/nowhere/file.csv"}, "no file"),
    ],
)
def test_what_cannot_be_asked_is_said(run, tmp_path, asked, why):
    path = tmp_path / "some.csv"
    path.write_text("id,nom,categorie,lon,lat\n1,Mairie,mairie,3.5,44.5\n")
    with pytest.raises(QgsProcessingException, match=why):
        run("loadservices", **{"REGISTRY": str(path), **asked})


def test_what_cannot_be_used_is_in_the_second_layer_and_counts_add_up(run, rows, tmp_path):
    path = tmp_path / "some.csv"
    lines = [
        "id,nom,categorie,lon,lat",
        "1,Mairie,mairie,3.5,44.5",
        "1,Double,mairie,3.5,44.5",
        ",Sans id,mairie,3.5,44.5",
    ]
    path.write_text("\n".join([*lines, "3,<script>alert(1)</script>,mairie,,", "4,cut off,mai"]))
    layers, said = run("loadservices", REGISTRY=str(path))
    assert [row["id"] for row in rows(layers["OUTPUT"])] == ["1", "3"]
    assert rows(layers["OUTPUT"])[1]["nom"] == "<script>alert(1)</script>"
    reasons = [row["raison"] for row in rows(layers["REJECTED"])]
    assert len(reasons) == 3
    assert all(reasons)
    assert "2 services read; records rejected: 3." in said


def test_the_list_of_france_services_is_loaded_whole(run, rows, shared_data):
    path = shared_data / "services/france-services_liste-fs-20240801.csv"
    with path.open(encoding="utf-8") as lines:
        expected = sum(1 for _ in csv.DictReader(lines))
    layers, _ = run("loadservices", REGISTRY=str(path))
    assert expected > 100
    assert layers["OUTPUT"].featureCount() + layers["REJECTED"].featureCount() == expected
