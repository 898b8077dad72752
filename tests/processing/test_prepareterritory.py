"""`prepareterritory` against a WFS of our own that behaves as the Géoplateforme's, over real extracts."""

from __future__ import annotations

from datetime import date

import pytest
from carto_services_publics.core.network import open_network
from carto_services_publics.tests.servers import territory_data
from carto_services_publics.tests.servers.wfs import GeoplateformeLike
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback, QgsVectorLayer

SERVICES = (
    "id;nom;categorie;code_insee;latitude;longitude\n"
    "a;Mairie du 10e;mairie;13055;43.281;5.419\n"
    "b;Poste;la_poste;13055;43.284;5.412\n"
)


@pytest.fixture
def territory(real_layers, monkeypatch, tmp_path):
    """A server of Marseille's 10th, and a registry with two places there."""
    (tmp_path / "services.csv").write_text(SERVICES, encoding="utf-8")
    with GeoplateformeLike(dict(real_layers), cap=1500).running() as server:
        monkeypatch.setenv("CARTO_SP_GEOPLATEFORME_WFS", server.address)
        yield {
            "TERRITORY": "Marseille",
            "HALO": 0.5,
            "REGISTRY": str(tmp_path / "services.csv"),
            "GEOPACKAGE": str(tmp_path / "marseille.gpkg"),
        }


@pytest.fixture
def made(provider, territory):
    """The algorithm run on Marseille: its results, and what the user read."""
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("cartoservices:prepareterritory")
    heard = QgsProcessingFeedback()
    results, done = algorithm.run(territory, QgsProcessingContext(), heard, catchExceptions=False)
    assert done, heard.textLog()
    return results


def test_a_name_gives_a_geopackage_and_a_network_to_compute_on(made, run, rows, territory):
    path = territory["GEOPACKAGE"]
    names = ("services", "routes", "demande", "communes", "epci", "sources")
    layers = {name: QgsVectorLayer(f"{path}|layername={name}", name, "ogr") for name in names}
    assert all(layer.isValid() for layer in layers.values())
    assert layers["routes"].featureCount() == made["ROADS_COUNT"] > 700
    assert made["POPULATION_TOTAL"] == pytest.approx(sum(row["population"] for row in rows(layers["demande"])))
    assert layers["services"].featureCount() == 2
    assert layers["routes"].crs().authid() == "EPSG:2154"
    network = open_network(made["NETWORK"])
    assert network.profile == "car"
    assert network.link_count > 500

    gaps, _told = run(
        "coveragegaps",
        DEMAND=f"{path}|layername=demande",
        DEMAND_WEIGHT="population",
        SERVICES=f"{path}|layername=services",
        CATEGORY_FIELD="categorie",
        NETWORK=made["NETWORK"],
        THRESHOLDS="1",
    )

    found = rows(gaps["OUTPUT"])
    assert sorted(row["categorie"] for row in found) == ["la_poste", "mairie"]
    assert all(0 < row["pop_au_dela_1"] < row["population"] for row in found)


def test_a_report_cites_the_editions_and_the_days_of_reading(made, run, territory, tmp_path):
    path = territory["GEOPACKAGE"]
    services = QgsVectorLayer(f"{path}|layername=services", "services", "ogr")
    gaps, _told = run(
        "coveragegaps",
        DEMAND=f"{path}|layername=demande",
        DEMAND_WEIGHT="population",
        SERVICES=services,
        CATEGORY_FIELD="categorie",
        NETWORK=made["NETWORK"],
        THRESHOLDS="1",
        ZONES=f"{path}|layername=communes",
        ZONE_ID="code_insee",
    )
    html = tmp_path / "rapport.html"

    run(
        "accessreport",
        COVERAGE=gaps["OUTPUT"],
        DEMAND=gaps["DEMAND_OUT"],
        DEMAND_WEIGHT="population",
        SERVICES=services,
        NETWORK=made["NETWORK"],
        HTML=str(html),
    )

    sources = html.read_text(encoding="utf-8").partition("<h3>Sources</h3>")[2].partition("</section>")[0]
    today = date.today().strftime("%d/%m/%Y")
    assert f"Routes : IGN, BD TOPO® (troncon_de_route), édition {territory_data.EDITION}, lu le {today}" in sources
    assert f"Habitants : Insee, Filosofi (carreaux_200m), lu le {today}, Licence Ouverte 2.0" in sources
    assert f"Zones : IGN, ADMIN EXPRESS (commune), lu le {today}" in sources
    assert "services.csv" in sources
