"""Town halls of Lozère as several producers have them, and a referential in a temporary file."""

from __future__ import annotations

import pytest
from carto_services_publics.core.consolidation import consolidate, read_priorities
from carto_services_publics.core.services import Service

TOWNS = ("Mende", "Florac", "Langogne", "Marvejols", "Chanac", "Villefort", "Ispagnac", "Meyrueis")


@pytest.fixture(scope="session")
def hall():
    """The town hall of the town of that number, as a producer has it."""

    def make(producer, number, **values):
        town = TOWNS[number]
        given = {
            "nom": f"Mairie de {town}",
            "categorie": "mairie",
            "id_producteur": f"{producer}-{number}",
            "adresse": f"{number + 1} place de la République",
            "commune": town,
            "code_postal": "48000",
            "code_insee": f"48{number + 90:03}",
            "telephone": f"04 66 00 00 1{number}",
            "lon": 3.2 + number / 10,
            "lat": 44.5,
            "date_maj": "2026-01-01",
            **values,
        }
        return Service(id="", producteur=producer, **given)

    return make


@pytest.fixture(scope="session")
def halls(hall):
    """Those of several towns."""
    return lambda producer, numbers=range(len(TOWNS)), **values: [hall(producer, n, **values) for n in numbers]


@pytest.fixture
def edition(tmp_path):
    """Consolidate into one file: `edition("2026-01-01", records…)`."""

    def make(date, *lists, **options):
        given = [("", service) for one in lists for service in one]
        return consolidate(make.path, given, date, options.pop("priorities", read_priorities()), **options)

    make.path = tmp_path / "referentiel.gpkg"
    return make
