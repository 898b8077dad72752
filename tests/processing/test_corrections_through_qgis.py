"""Corrections sent through QGIS's own network manager, over a network that spoils half of the exchanges."""

from __future__ import annotations

import os
import random
from dataclasses import replace
from types import SimpleNamespace

import pytest
from carto_services_publics.core.corrections import Outbox, Sender, of_edit
from carto_services_publics.core.corrections.sender import Patience
from carto_services_publics.core.services import Service
from carto_services_publics.processing.transport import open_session
from carto_services_publics.tests.servers import ogcapi
from carto_services_publics.tests.servers.faults import FaultProxy

COUNT = 25
SEED = int(os.environ.get("CSP_SEED", random.SystemRandom().randrange(10**6)))


@pytest.mark.servers
def test_each_arrives_once_through_qgis_too(qgis_app, tmp_path):
    services = [Service(f"s{n}", "Poste", "la_poste", version="1", lon=7.4, lat=43.7) for n in range(COUNT)]
    path = ogcapi.make_geopackage(tmp_path / "registry.gpkg", services)
    outbox = Outbox(tmp_path / "corrections.sqlite")
    with ogcapi.registry(path) as upstream, FaultProxy(upstream, SEED, stall_seconds=1.5) as proxy:
        outbox.add_all((of_edit(service, replace(service, nom="La Poste « été »")) for service in services), proxy.url)
        sender = Sender(
            open_session(proxy.url),
            SimpleNamespace(url=proxy.url, authcfg=""),
            outbox,
            timeout=(1.0, 1.0),
            first_wait=0.002,
            patience=Patience(failures=1000),
        )
        sender.send_all()
    print(f"seed {SEED}: {dict(proxy.seen)}")
    assert outbox.counts() == {"envoyee": COUNT}, f"seed {SEED}"
    rows = ogcapi.correction_rows(path)
    assert sorted(row["service_id"] for row in rows) == sorted(service.id for service in services)
