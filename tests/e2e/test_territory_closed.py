"""QGIS closed while a territory is fetched, opened again: it goes on where it was, nothing missing, nothing twice."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from carto_services_publics.core.wfs import Wfs
from carto_services_publics.tests.servers import annuaire, territory_data
from carto_services_publics.tests.servers.wfs import GeoplateformeLike
from desktop import run_desktop

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("xvfb-run") or not shutil.which("qgis"), reason="needs qgis and xvfb"),
]


class _Noted(GeoplateformeLike):
    """Notes the tiles of roads that it gave whole; slow enough to be stopped in the middle."""

    def __init__(self, layers) -> None:
        super().__init__(layers, cap=100)
        self.delay = 0.15
        self.given: list[str] = []

    def answer(self, params):
        if params.get("TYPENAMES") == territory_data.ROADS and "RESULTTYPE" not in params:
            self.given.append(params["BBOX"])
        return super().answer(params)


def test_closed_in_the_middle_it_goes_on_where_it_was(shared_data, tmp_path):
    layers = territory_data.layers(shared_data)
    with _Noted(layers).running() as server, annuaire.running(territory_data.SERVICES) as address:
        script = Path(__file__).parent / "drive_territory_closed.py"
        found = {}
        for moment in ("close", "resume"):
            kept = tmp_path / f"{moment}.json"
            environment = {
                "CSP_MOMENT": moment,
                "CSP_ANNUAIRE": address,
                "CSP_FIGURES": str(kept),
                "CARTO_SP_GEOPLATEFORME_WFS": server.address,
            }
            print(run_desktop(script, tmp_path / "profil", **environment))
            found[moment] = json.loads(kept.read_text(encoding="utf-8"))
            if moment == "close":
                before, server.given = server.given, []
    print(found)

    assert found["resume"]["territory"] == "Marseille"
    assert found["resume"]["button"] != found["close"]["button"]
    assert "habitants" in found["resume"]["words"]
    assert len(before) > 2 * Wfs.threads and server.given
    twice = Counter(before) & Counter(server.given)
    assert twice.total() <= 2 * Wfs.threads  # those under way, and those not yet written
    with closing(sqlite3.connect(found["resume"]["geopackage"])) as database:
        roads = sorted(key for (key,) in database.execute("SELECT cleabs FROM routes"))
    given = [feature["properties"] for feature in layers[territory_data.ROADS].features]
    assert roads == sorted(each["cleabs"] for each in given if each["etat_de_l_objet"] == "En service")
