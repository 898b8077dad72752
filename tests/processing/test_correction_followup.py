"""A correction handed over to a producer, then the next sync of the producer's records."""

from __future__ import annotations

from dataclasses import replace

import pytest
from carto_services_publics.core.corrections import new_correction, of_edit
from carto_services_publics.core.services import Service
from carto_services_publics.processing import outbox as outbox_module
from carto_services_publics.processing.outbox import user_outbox
from carto_services_publics.tests.servers import ogcapi

MAIRIE = Service("s0", "Mairie", "mairie", producteur="dila", telephone="01", code_insee="48095", lon=3.5, lat=44.5)
SERVICES = [replace(MAIRIE, id=f"s{n}") for n in range(4)]


@pytest.mark.servers
def test_the_next_sync_closes_what_is_applied_and_reminds_of_the_rest(run, tmp_path, monkeypatch):
    monkeypatch.setattr(outbox_module, "outbox_path", lambda: tmp_path / "corrections.sqlite")
    monkeypatch.setattr(
        "carto_services_publics.processing.correction_followup.outbox_path", lambda: tmp_path / "corrections.sqlite"
    )
    applied, ignored, moved = (
        of_edit(SERVICES[0], replace(SERVICES[0], telephone="02")),
        of_edit(SERVICES[1], replace(SERVICES[1], telephone="02")),
        of_edit(SERVICES[2], replace(SERVICES[2], lon=3.6)),
    )
    closed = new_correction("fermeture", SERVICES[3])
    everything = [applied, ignored, moved, closed]
    user_outbox().add_all(everything, "annuaire")
    user_outbox().handed_over([correction.uuid for correction in everything])

    served = ogcapi.make_geopackage(tmp_path / "registry.gpkg", SERVICES)
    copy = str(tmp_path / "mine.gpkg")
    with ogcapi.registry(served) as url:
        _, said = run("syncservices", REGISTRY=url, GEOPACKAGE=copy)
        assert "4 corrections handed over are not in the records yet" in said
        ogcapi.change_service(served, "s0", {"telephone": "02"})
        ogcapi.remove_service(served, "s3")
        _, said = run("syncservices", REGISTRY=url, GEOPACKAGE=copy, MOST_REMOVED=50)
    assert "2 corrections handed over are now in the records" in said
    states = {entry.uuid: entry.state for entry in user_outbox().entries()}
    assert [states[correction.uuid] for correction in everything] == ["acceptee", "transmise", "transmise", "acceptee"]
