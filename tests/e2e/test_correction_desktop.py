"""A correction in a real QGIS desktop, from the click on the map to the row in PostGIS and the answer in the panel."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from carto_services_publics.core.services import Service
from carto_services_publics.scripts.registry import CannotServe
from carto_services_publics.tests.servers import ogcapi, postgis
from carto_services_publics.tests.servers.fixtures import fill
from desktop import SHOTS, run_desktop

HERE = Path(__file__).parent
SERVICES = [
    Service(
        "mairie-eze",
        "Mairie d'Èze",
        "mairie",
        producteur="dila",
        adresse="Place du Général de Gaulle",
        code_postal="06360",
        commune="Èze",
        code_insee="06059",
        telephone="04 92 10 60 60",
        horaires="Mo-Fr 08:30-12:00,13:30-17:00",
        date_maj="2026-10-01",
        version="1",
        lon=7.3616,
        lat=43.7279,
    ),
    Service("poste-eze", "La Poste d'Èze", "la_poste", producteur="la_poste", commune="Èze", lon=7.3582, lat=43.7255),
]

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not shutil.which("xvfb-run") or not shutil.which("qgis"), reason="needs qgis and xvfb"),
]


@pytest.fixture
def registry():
    """QGIS Server on PostGIS: its address, and how its database is reached."""
    try:
        with postgis.cluster() as port:
            database = postgis.make_database(port, "registre")
            fill(database, SERVICES)
            with ogcapi.serve_postgis(database) as url:
                yield url, f"host=127.0.0.1 port={port} dbname=registre user={database.user}"
    except CannotServe as why:
        pytest.skip(str(why))


def test_a_correction_goes_from_the_map_to_postgis_and_its_answer_comes_back(tmp_path, registry):
    url, database = registry
    print(run_desktop(HERE / "drive_correction.py", tmp_path, CSP_REGISTRY=url, CSP_DATABASE=database))
    for name in ("formulaire-rempli", "deplacement-sur-la-carte", "corrections-envoyee", "corrections-acceptee"):
        assert (SHOTS / f"{name}.png").stat().st_size > 5_000
