"""BD TOPO's zones of activity or interest are one more producer of services."""

from __future__ import annotations

import pytest
from carto_services_publics.core.registry import Connection, Query, open_registry
from carto_services_publics.core.registry.formats.schemas import interest_zone
from carto_services_publics.core.services import Rejected, Service


def test_the_real_zones_of_olemps_are_services(shared_data, session):
    path = shared_data / "bdtopo" / "olemps-12174" / "ZONE_D_ACTIVITE_OU_D_INTERET.shp"
    registry = open_registry(Connection("Zones", "fichier", str(path)), session)

    records = list(registry.read(Query()))

    services = {service.nom: service for service in records if isinstance(service, Service)}
    refused = [record for record in records if isinstance(record, Rejected)]
    assert services["Mairie d'Olemps"].categorie == "mairie"
    assert services["Poste d'Olemps"].categorie == "la_poste"
    assert services["École Maternelle Pierre Loubière"].categorie == "ecole_maternelle"
    assert services["EHPAD les Peyrières"].categorie == "ehpad"
    assert {service.producteur for service in services.values()} == {"bdtopo"}
    assert all(service.code_insee == "12174" for service in services.values())
    assert all(44.3 < service.lat < 44.4 and 2.5 < service.lon < 2.6 for service in services.values())
    assert len(services) + len(refused) >= 19


@pytest.mark.parametrize(
    ("nature", "detail", "category"),
    [
        ("Poste", "Bureau de poste", "la_poste"),
        ("Poste", "Centre de tri postal", None),
        ("Gendarmerie", "Gendarmerie mobile", None),
        ("Science", "", None),
        ("Enseignement primaire", "Ecole maternelle", "ecole_maternelle"),
        ("Enseignement primaire", None, "ecole_primaire"),
    ],
)
def test_the_detailed_nature_comes_before_the_nature(nature, detail, category):
    row = {
        "cleabs": "SURFACTI1",
        "nature": nature,
        "nature_detaillee": detail,
        "toponyme": "X",
        "lon": 2.5,
        "lat": 44.3,
    }

    made = interest_zone(row)

    assert getattr(made, "categorie", None) == category
