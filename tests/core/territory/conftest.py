from __future__ import annotations

import pytest
import requests
from carto_services_publics.core.registry import Connection, open_registry
from carto_services_publics.core.territory import Access
from carto_services_publics.core.wfs import Wfs
from carto_services_publics.tests.servers.faults import as_json, stub
from carto_services_publics.tests.servers.wfs import GeoplateformeLike


def plain_session(_address: str = "") -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    return session


@pytest.fixture
def serving():
    """Starts servers: ``serving(layers, cap=…, share=…)``."""
    running = []

    def start(layers, **how) -> GeoplateformeLike:
        server = GeoplateformeLike(layers, **how).running()
        running.append(server)
        return server.__enter__()

    yield start
    for server in running:
        server.__exit__(None, None, None)


@pytest.fixture
def services(tmp_path):
    """A registry of three town halls of Marseille."""
    path = tmp_path / "mairies.csv"
    path.write_text(
        "id;nom;categorie;code_insee;lat;lon\n"
        "a;Mairie du 10e;mairie;13055;43.281;5.419\n"
        "b;Poste;la_poste;13055;43.284;5.412\n"
        "c;Loin;mairie;48095;44.518;3.501\n",
        encoding="utf-8",
    )
    fields = {name: name for name in ("id", "nom", "categorie", "code_insee", "lat", "lon")}
    names = {"lat": "latitude", "lon": "longitude"}
    mapping = tuple((names.get(name, name), field) for name, field in fields.items())
    return Connection("Essai", "fichier", str(path), mapping=mapping)


@pytest.fixture
def ways(services):
    """How to reach a server: ``ways(server)`` for `prepare`."""

    def to(server, **more) -> Access:
        wfs = Wfs(server.address, plain_session, timeout=(2.0, 0.5))
        registry = open_registry(services, plain_session())
        return Access(wfs, registry, services, plain_session, **more)

    return to


@pytest.fixture
def people():
    """Addresses of geo.api.gouv.fr and of INSEE's Melodi, of which only the named one answers: 1 234 in Marseille."""
    answers = {
        "/geoapi/communes": [{"code": "13055", "nom": "Marseille", "population": 1234}, {"code": "13002"}],
        "/melodi/data/DS_POPULATIONS_REFERENCE": {
            "observations": [
                _observation("2021", "PMUN", 1),
                _observation("2022", "PMUN", 1234),
                _observation("2022", "PTOT", 9999),
            ]
        },
    }

    def answer(handler, _body):
        found = answers.get(handler.path.partition("?")[0])
        return as_json(found, 404 if found is None else 200)

    with stub(answer) as base:
        yield lambda which: {name: f"{base}/{name if name == which else 'absent'}" for name in ("geoapi", "melodi")}


def _observation(year, measure, value):
    dimensions = {"GEO": "2025-COM-13055", "POPREF_MEASURE": measure, "TIME_PERIOD": year}
    return {"dimensions": dimensions, "measures": {"OBS_VALUE_NIVEAU": {"value": value}}}
