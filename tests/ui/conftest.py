"""What the pages of the panel are tried on."""

from __future__ import annotations

import pytest
from carto_services_publics.core.network import BuildOptions, build_network
from carto_services_publics.core.network.source import RoadSource
from carto_services_publics.ui.page_access import AccessPage
from qgis.core import QgsFeatureRequest, QgsProject, QgsVectorLayer


@pytest.fixture(scope="session")
def walkways(demo_gpkg, tmp_path_factory):
    """The demonstration's roads, on foot, as a network file."""
    path = tmp_path_factory.mktemp("network") / "foot.network"
    build_network(RoadSource(str(demo_gpkg), "routes"), BuildOptions(profile="foot"), path)
    return str(path)


@pytest.fixture
def access(provider, qgis_iface, qtbot, demo_gpkg, walkways):
    """The page Access on the demonstration territory, three services: town halls are the farthest from people."""
    layers = {}
    for name in ("services", "demande", "communes"):
        stored = QgsVectorLayer(f"{demo_gpkg}|layername={name}", name, "ogr")
        if name == "services":
            stored.setSubsetString("categorie IN ('la_poste', 'pharmacie', 'mairie')")
        # In memory: the tests read again and again while QGIS opens and closes its GeoPackages.
        layers[name] = stored.materialize(QgsFeatureRequest())
        QgsProject.instance().addMapLayer(layers[name])
    access = AccessPage(qgis_iface)
    qtbot.addWidget(access)
    access.choose(layers["services"], layers["demande"], layers["communes"], None, "foot", "10,20")
    access.network_file.setFilePath(walkways)
    return access
