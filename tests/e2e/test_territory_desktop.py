"""One's own territory in a real desktop, from the zip, against a WFS that spoils half of its answers.

The WFS is of our own (`servers/wfs.py` says in what it behaves as the Géoplateforme's), over real extracts of BD TOPO
and INSEE; the Annuaire likewise, with records in the form of the DILA.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from carto_services_publics.core.network import open_network
from carto_services_publics.core.territory.area import rough_shape
from carto_services_publics.tests.pace import SLOWER, crowd
from carto_services_publics.tests.servers import annuaire, territory_data
from carto_services_publics.tests.servers.wfs import GeoplateformeLike
from desktop import run_desktop
from shapely.geometry import Point, Polygon

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("xvfb-run") or not shutil.which("qgis"), reason="needs qgis and xvfb"),
]
SERVICES = [
    *territory_data.SERVICES,
    annuaire.record("loin", "mairie", "48095", 3.501, 44.518, "Mairie de Mende"),
]


@pytest.fixture(scope="module")
def layers(shared_data):
    return territory_data.layers(shared_data)


@pytest.fixture(scope="module")
def driven(archive, layers, tmp_path_factory):
    """What a drive finds, each time in a profile of its own."""

    def drive():
        folder = tmp_path_factory.mktemp("mon-territoire")
        kept = folder / "figures.json"
        with GeoplateformeLike(layers, cap=1000, share=0.5).running() as server, annuaire.running(SERVICES) as address:
            environment = {
                "CSP_ARCHIVE": str(archive),
                "CSP_ANNUAIRE": address,
                "CSP_FIGURES": str(kept),
                "CARTO_SP_GEOPLATEFORME_WFS": server.address,
            }
            print(run_desktop(Path(__file__).parent / "drive_territory.py", folder, None, **environment))
            assert server.spoiled.total() > 0.4 * (server.spoiled.total() + sum(server.asked.values()))
        found = json.loads(kept.read_text(encoding="utf-8"))
        print(found)
        return found

    return drive


@pytest.fixture(scope="module")
def figures(driven):
    return driven()


def test_at_most_six_clicks(figures):
    assert figures["clicks"] <= 6


def test_the_interface_answers_within_a_tenth_of_a_second_while_the_territory_is_fetched(figures, driven):
    """Each moment in the quickest of three drives: what else the machine does slows one, a slow interface each."""
    late = [_late(figures["silences"])]
    while set.intersection(*map(set, late)) and len(late) < 3:
        late.append(_late(driven()["silences"]))
    assert not set.intersection(*map(set, late)), late


def _late(silences) -> dict:
    """The moments at which the interface did not answer in time: 0.1 s of its own work, 0.4 s by the clock.

    The clock counts what others do too, more of it the more programs there are; they slow what runs beside them.
    """
    programs = crowd()
    most_hold, most_silence = 0.1 * min(programs, 2.0) * SLOWER, 0.4 * programs * SLOWER
    return {
        moment: (hold, silence)
        for moment, (hold, silence) in silences.items()
        if hold >= most_hold or silence >= most_silence
    }


def test_what_came_is_what_the_service_has(figures, layers):
    with closing(sqlite3.connect(figures["geopackage"])) as database:
        roads = sorted(key for (key,) in database.execute("SELECT cleabs FROM routes"))
        people = database.execute("SELECT total(population) FROM demande").fetchone()[0]
        services = {name for (name,) in database.execute("SELECT nom FROM services")}
        editions = dict(database.execute("SELECT quoi, edition FROM sources"))
    given = [feature["properties"] for feature in layers[territory_data.ROADS].features]
    assert roads == sorted(each["cleabs"] for each in given if each["etat_de_l_objet"] == "En service")
    assert people == pytest.approx(_people_inside(layers[territory_data.CELLS].features))
    assert services == {each["nom"] for each in territory_data.SERVICES}
    assert editions[territory_data.ROADS] == territory_data.EDITION
    assert open_network(figures["network"]).profile == "car"


def test_the_answer_is_about_those_people(figures, layers):
    assert figures["population"] == pytest.approx(_people_inside(layers[territory_data.CELLS].features))
    assert "habitants" in figures["words"] and "en voiture" in figures["words"]


def _people_inside(cells) -> float:
    """Those of the cells whose middle lies in the commune, counted apart."""
    commune = rough_shape([territory_data.INSIDE], "EPSG:2154")[territory_data.INSIDE]
    return sum(
        cell["properties"]["ind"]
        for cell in cells
        if commune.contains(Point(Polygon(cell["geometry"]["coordinates"][0]).centroid))
    )
