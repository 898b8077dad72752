"""A registry on loopback and an outbox of one's own."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import requests
from carto_services_publics.core.corrections import Outbox
from carto_services_publics.core.services import Service
from carto_services_publics.tests.servers import ogcapi

MAIRIE = Service(
    id="m1",
    nom="Mairie d'Èze",
    categorie="mairie",
    producteur="dila",
    id_producteur="ab-1",
    telephone="04 92 10 60 60",
    horaires="Mo-Fr 09:00-12:00",
    version="v1",
    lon=7.36,
    lat=43.73,
)


@pytest.fixture()
def outbox(tmp_path):
    box = Outbox(tmp_path / "outbox" / "corrections.sqlite")
    yield box
    box.close()


@pytest.fixture(scope="session")
def session():
    session = requests.Session()
    session.trust_env = False
    return session


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    """QGIS Server on a GeoPackage with forty town halls m1 … m40; `.url`, `.geopackage`."""
    path = tmp_path_factory.mktemp("registry") / "registry.gpkg"
    services = [MAIRIE] + [Service(**{**vars(MAIRIE), "id": f"m{n}", "nom": f"Mairie {n}"}) for n in range(2, 41)]
    ogcapi.make_geopackage(path, services)
    with ogcapi.registry(path) as base_url:
        yield SimpleNamespace(url=base_url, authcfg="", geopackage=path)
