"""Turn bans go from the service to the engine: the file keeps them, the network made of it respects them."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import numpy as np
import pytest
from carto_services_publics.core.network import BuildOptions, RoadSource, build_network, open_network
from carto_services_publics.core.routing.local import Router
from carto_services_publics.core.territory import Wish, prepare
from carto_services_publics.tests.servers import territory_data
from osgeo import gdal
from shapely.geometry import shape

BDTOPO = BuildOptions(preset="bdtopo", profile="car")


def _minutes(network, start, end):
    router = Router(network)
    ends = router.snap(np.array([start, end], float))
    return float(router.nearest(ends.take(np.array([0])), ends.take(np.array([1]))).cost[0, 0])


@pytest.fixture
def networks(shared_data, real_layers, serving, ways, tmp_path):
    """Made of the prepared territory, of IGN's own file, and of the territory's roads alone."""
    made = prepare(tmp_path / "t.gpkg", Wish(("13055",), halo=20.0), ways(serving(real_layers, cap=1000)))
    alone = tmp_path / "alone" / "routes.gpkg"
    alone.parent.mkdir()
    gdal.VectorTranslate(str(alone), str(made.path), layers=["routes"])
    given = shared_data / "bdtopo" / "marseille10" / "bdtopo_marseille10.gpkg"
    sources = {"territory": RoadSource(str(made.path), "routes"), "ign": RoadSource(str(given), "troncon_de_route")}
    found = {}
    for name, source in {**sources, "alone": RoadSource(str(alone), "routes")}.items():
        report = build_network(source, BDTOPO, tmp_path / f"{name}.network")
        found[name] = (open_network(tmp_path / f"{name}.network"), report)
    return made.path, found


def test_the_bans_of_the_service_bind_the_network_of_the_territory(networks, shared_data):
    path, found = networks
    with closing(sqlite3.connect(path)) as database:
        asked = "SELECT lien_vers_troncon_entree, liens_vers_troncon_sortie FROM non_communication"
        kept = sorted(database.execute(asked))
    given = territory_data.bans(shared_data)
    assert kept == sorted(
        (each["properties"]["lien_vers_troncon_entree"], each["properties"]["liens_vers_troncon_sortie"])
        for each in given
    )
    assert found["territory"][1].turn_bans == found["ign"][1].turn_bans == 3
    assert found["alone"][1].turn_bans == 0

    middles = {
        each["properties"]["cleabs"]: shape(each["geometry"]).interpolate(0.5, normalized=True).coords[0][:2]
        for each in territory_data.roads(shared_data)
    }
    detours = 0
    for come, go in kept:
        bound, ign, free = (
            _minutes(found[name][0], middles[come], middles[go]) for name in ("territory", "ign", "alone")
        )
        assert bound == pytest.approx(ign)
        assert bound >= free - 1e-6
        detours += bound > free + 1e-3
    assert detours >= 1
