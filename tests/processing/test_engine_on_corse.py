"""Corse, or a part of it: the engine against QGIS's own network analysis, at junctions."""

from __future__ import annotations

import numpy as np
import pytest
from carto_services_publics.core.network import BuildOptions, build_network, open_network
from carto_services_publics.core.routing.local import Router

OPTIONS = BuildOptions(speed_field="speed_chord_kmh", direction_field="sens", value_forward="F")


@pytest.fixture(scope="module")
def corse(tmp_path_factory, shared_data):
    path = tmp_path_factory.mktemp("corse") / "corse.network"
    report = build_network(str(shared_data / "corse" / "corse_routes_osm.gpkg"), OPTIONS, path)
    assert (report.rows, report.nodes) in ((64954, 31333), (2847, 1378))  # whole, extract
    return open_network(path)


@pytest.fixture(scope="module")
def qgis_graph(qgis_app, shared_data):
    """QGIS's graph of the same layer, and the number of its vertex at each of its points."""
    from qgis.analysis import QgsGraphBuilder, QgsNetworkSpeedStrategy, QgsVectorLayerDirector
    from qgis.core import QgsVectorLayer

    layer = QgsVectorLayer(f"{shared_data}/corse/corse_routes_osm.gpkg|layername=routes", "routes", "ogr")
    names = layer.fields()
    director = QgsVectorLayerDirector(
        layer, names.indexOf("sens"), "F", "", "", QgsVectorLayerDirector.Direction.DirectionBoth
    )
    director.addStrategy(QgsNetworkSpeedStrategy(names.indexOf("speed_chord_kmh"), 50, 1 / 3.6))
    builder = QgsGraphBuilder(layer.crs(), False, 0.0, "")
    director.makeGraph(builder, [])
    return builder.graph()


def test_times_equal_those_of_qgis_at_junctions(corse, qgis_graph):
    from qgis.analysis import QgsGraphAnalyzer
    from scipy.spatial import cKDTree

    points = [qgis_graph.vertex(i).point() for i in range(qgis_graph.vertexCount())]
    gap, node = cKDTree(corse.node_xy).query([(p.x(), p.y()) for p in points])
    vertex_of = {int(n): i for i, n in enumerate(node) if gap[i] < 0.01}
    assert len(vertex_of) == corse.node_count
    router = Router(corse)
    starts = np.random.default_rng(5).choice(corse.node_count, 2, replace=False)
    everywhere = router.prepare(router.points_at_nodes(np.arange(corse.node_count)))
    for block in router.matrix(router.points_at_nodes(starts), everywhere):
        for origin, costs in zip(block.origins, block.cost):
            _, theirs = QgsGraphAnalyzer.dijkstra(qgis_graph, vertex_of[int(starts[origin])], 0)
            theirs = np.array(theirs)[[vertex_of[int(n)] for n in block.destinations]] / 60
            assert len(block.destinations) == np.isfinite(theirs).sum() == corse.node_count
            np.testing.assert_allclose(costs, theirs, atol=0.001)


def test_nearest_equals_the_least_of_the_matrix(corse):
    router = Router(corse)
    random = np.random.default_rng(6)
    people = router.snap(corse.node_xy[random.choice(corse.node_count, 3000)] + random.normal(0, 60, (3000, 2)))
    services = router.snap(corse.node_xy[random.choice(corse.node_count, 40)])
    for direction in ("departure", "arrival"):
        costs = np.full((40, 3000), np.inf)
        for block in router.matrix(services, people, reverse=direction == "departure"):
            costs[np.ix_(block.origins, block.destinations)] = block.cost
        for k in (1, 3):
            nearest = router.nearest(people, services, direction=direction, k=k)
            np.testing.assert_allclose(nearest.cost, np.sort(costs, axis=0)[:k].T, atol=1e-4)


def test_every_snapped_point_is_on_the_nearest_road(corse):
    from shapely.geometry import LineString, Point

    random = np.random.default_rng(7)
    low, high = corse.node_xy.min(axis=0), corse.node_xy.max(axis=0)
    points = np.concatenate((random.uniform(low, high, (4, 2)), corse.node_xy[:4] + random.normal(0, 30, (4, 2))))
    places = Router(corse).snap(points)
    lines = [LineString(corse.line(link)) for link in np.flatnonzero(corse.link_component)]
    for i, point in enumerate(points):
        assert places.distance[i] == pytest.approx(min(line.distance(Point(point)) for line in lines), abs=1e-6)
        line = LineString(corse.line(places.link[i]))
        assert places.fraction[i] == pytest.approx(line.project(Point(point), normalized=True), abs=1e-6)
        assert Point(places.xy[i]).distance(line.interpolate(places.fraction[i], normalized=True)) < 1e-6
