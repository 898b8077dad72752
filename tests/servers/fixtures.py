"""Registries on loopback as pytest fixtures, each a real server: import what you need into a conftest.

`registry` runs a test on every server at hand; the servers that are missing are named in the output.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import pytest
from carto_services_publics.core.services import SERVICE_COLUMNS, Service
from carto_services_publics.scripts.registry import CannotServe, moderate

from . import ogcapi, postgis, pygeoapi

SERVERS = ("qgis_geopackage", "qgis_postgis", "pygeoapi_postgis")


class Registry(NamedTuple):
    """A registry that runs, and ways into it that do not pass through its server."""

    url: str
    corrections: Callable[[], list[dict[str, Any]]]
    change: Callable[..., None]
    decide: Callable[..., None]
    authcfg: str = ""

    def correction(self, uuid: str) -> dict[str, Any]:
        """The one row of a correction; fails when there is none or several."""
        [row] = [row for row in self.corrections() if row["uuid"] == uuid]
        return row


@pytest.fixture(scope="session")
def postgis_port():
    """The port of a private PostgreSQL cluster."""
    try:
        with postgis.cluster() as port:
            yield port
    except CannotServe as why:
        pytest.skip(str(why))


@pytest.fixture(scope="module", params=SERVERS)
def registry(request, tmp_path_factory):
    """A registry that holds the services of the test module's `SERVICES`, on each kind of server in turn."""
    services = request.module.SERVICES
    try:
        if request.param == "qgis_geopackage":
            path = ogcapi.make_geopackage(tmp_path_factory.mktemp("registry") / "registry.gpkg", services)
            with ogcapi.registry(path) as url:
                yield _of_geopackage(url, path)
        else:
            name = f"{request.module.__name__.rpartition('.')[2]}_{request.param}"
            database = postgis.make_database(request.getfixturevalue("postgis_port"), name)
            fill(database, services)
            serve = pygeoapi.serve_pygeoapi if request.param == "pygeoapi_postgis" else ogcapi.serve_postgis
            with serve(database) as url:
                yield _of_postgis(url, database)
    except CannotServe as why:
        pytest.skip(str(why))


def fill(database: postgis.Database, services: Iterable[Service]) -> None:
    """Put services into the table of a registry's database."""
    columns = [name for name in SERVICE_COLUMNS if name != "version"]
    marks = ", ".join(["%s"] * len(columns))
    for service in services:
        values = tuple(getattr(service, name) or None for name in columns)
        database.rows(
            f"INSERT INTO services ({', '.join(columns)}, version, geom)"
            f" VALUES ({marks}, %s, ST_SetSRID(ST_Point(%s, %s), 4326))",
            (*values, service.version or "1", service.lon, service.lat),
        )


def _of_geopackage(url, path) -> Registry:
    return Registry(
        url,
        corrections=lambda: ogcapi.correction_rows(path),
        change=lambda service_id, **values: ogcapi.change_service(path, service_id, values),
        decide=lambda uuid, etat, motif="": moderate(url, uuid, etat, motif),
    )


def _of_postgis(url, database) -> Registry:
    def corrections():
        columns = ", ".join(ogcapi.CORRECTION_FIELDS)
        rows = database.rows(f"SELECT {columns} FROM corrections ORDER BY recue_le")
        return [dict(zip(ogcapi.CORRECTION_FIELDS, row)) for row in rows]

    def change(service_id, **values):
        pairs = ", ".join(f"{name} = %s" for name in values)
        database.rows(f"UPDATE services SET {pairs} WHERE id = %s", (*values.values(), service_id))

    def decide(uuid, etat, motif=None):
        database.rows("UPDATE corrections SET etat = %s, motif = %s WHERE uuid = %s", (etat, motif, uuid))

    return Registry(url, corrections, change, decide)
