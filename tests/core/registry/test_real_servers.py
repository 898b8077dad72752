"""The same questions put to real servers: QGIS Server on a GeoPackage and on PostGIS, pygeoapi on PostGIS."""

from __future__ import annotations

import pytest
from carto_services_publics.core.registry import Connection, Query, open_registry
from carto_services_publics.core.registry.sync import changes, sync
from carto_services_publics.core.services import Service
from carto_services_publics.tests.servers.fixtures import postgis_port, registry

__all__ = ["postgis_port", "registry"]
pytestmark = pytest.mark.servers

SERVICES = [
    Service(
        f"s{number:02d}",
        f"Mairie d'essai n° {number}",
        ("mairie", "la_poste", "france_services")[number % 3],
        code_insee=("48095", "48061", "2A004")[number % 3],
        telephone="04 66 00 00 00" if number % 2 else "",
        date_maj=f"2026-01-{1 + number % 28:02d}",
        lon=3.0 + number / 100,
        lat=44.5,
    )
    for number in range(40)
]


@pytest.fixture
def asked(registry, session):
    return open_registry(Connection("essai", "ogcapi", registry.url), session)


@pytest.mark.parametrize(
    "query",
    [
        Query(),
        Query(categories=("mairie",)),
        Query(categories=("mairie", "la_poste"), communes=frozenset({"48095", "2A004"})),
        Query(extent=(3.045, 44.0, 3.105, 45.0)),
        Query(filter="nom LIKE '%n° 1%' AND NOT categorie = 'la_poste'"),
        Query(filter="id IN ('s01', 's02') OR nom = 'Mairie d''essai n° 7'"),
        Query(categories=("mairie",), extent=(3.0, 44.0, 3.2, 45.0), filter="id < 's10'"),
    ],
    ids=lambda query: query.filter or str(query.categories or query.extent or "all"),
)
def test_every_server_gives_what_the_query_means(asked, query):
    from carto_services_publics.core.registry.cql2 import compile_filter

    keep = compile_filter(query.filter) if query.filter else lambda service: True
    expected = {s.id for s in SERVICES if query.wants(s) and keep(s)}
    found = list(asked.read(query))
    assert all(isinstance(s, Service) for s in found)
    assert {s.id for s in found} == expected
    assert len(expected) > 0
    assert asked.count(query) in (None, len(expected))


def test_columns_and_positions_arrive_as_they_are(asked):
    by_id = {s.id: s for s in asked.read(Query())}
    for service in SERVICES:
        found = by_id[service.id]
        assert (found.nom, found.code_insee, found.telephone) == (service.nom, service.code_insee, service.telephone)
        assert (found.lon, found.lat) == (pytest.approx(service.lon), pytest.approx(service.lat))


def test_a_copy_follows_an_edit(registry, asked, tmp_path):
    path = tmp_path / "copy.gpkg"
    connection = Connection("essai", "ogcapi", registry.url)
    assert sync(path, asked, connection, Query()).added == len(SERVICES)
    registry.change("s05", telephone="04 66 99 99 99")
    report = sync(path, asked, connection, Query())
    assert (report.added, report.changed, report.removed) == (0, 1, 0)
    assert [(c.id, c.champ, c.nouveau) for c in changes(path) if c.champ == "telephone"] == [
        ("s05", "telephone", "04 66 99 99 99")
    ]
