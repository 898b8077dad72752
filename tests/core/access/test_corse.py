"""Corse, or a part of it: nearest services and costs, against scipy's Dijkstra on the links as they are in the file."""

from __future__ import annotations

import csv
from typing import NamedTuple

import numpy as np
import pytest
from carto_services_publics.core.access.coverage import coverage_by_zone
from carto_services_publics.core.access.matrix import cost_blocks
from carto_services_publics.core.access.nearest import nearest_in_groups
from carto_services_publics.core.network import BuildOptions, build_network, open_network
from carto_services_publics.core.routing.local import Router
from osgeo import gdal
from pyproj import Transformer
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree


class Corse(NamedTuple):
    """The network, the plain graph (arc minutes, nodes by the file's own numbers), and what joins them."""

    router: Router
    graph: csr_matrix
    node: np.ndarray
    """(n,) node of the network for each node of the plain graph."""
    services: np.ndarray
    """Nodes of the plain graph that are nearest to the France services."""


@pytest.fixture(scope="module")
def corse(shared_data, tmp_path_factory) -> Corse:
    roads = str(shared_data / "corse" / "corse_routes_osm.gpkg")
    path = tmp_path_factory.mktemp("corse") / "corse.network"
    options = BuildOptions(
        preset="generic", speed_field="speed_chord_kmh", direction_field="sens", value_forward="F"
    )  # straight chords at the speed that gives the link's own time
    build_network(roads, options, path)
    network = open_network(path)
    tails, heads, minutes, ends = [], [], [], {}
    dataset = gdal.OpenEx(roads)
    for feature in dataset.GetLayer(0):
        line = feature.geometry()
        tail, head = feature["from_node"], feature["to_node"]
        tails.append(tail)
        heads.append(head)
        minutes.append(line.Length() / 1000 / feature["speed_chord_kmh"] * 60)
        ends[tail], ends[head] = line.GetPoint_2D(0), line.GetPoint_2D(line.GetPointCount() - 1)
    number = {name: row for row, name in enumerate(ends)}
    tail, head = (np.array([number[name] for name in names]) for names in (tails, heads))
    order = np.lexsort((minutes, head, tail))
    tail, head, minutes = tail[order], head[order], np.array(minutes)[order]
    first = np.append(True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])) & (tail != head)
    graph = csr_matrix((minutes[first], (tail[first], head[first])), shape=(len(ends), len(ends)))
    distance, node = cKDTree(network.node_xy).query(np.array(list(ends.values())))
    assert distance.max() < 0.01
    with (shared_data / "corse" / "corse_france-services.csv").open(encoding="utf-8") as lines:
        places = [(float(row["longitude"]), float(row["latitude"])) for row in csv.DictReader(lines)]
    xy = np.column_stack(Transformer.from_crs(4326, 2154, always_xy=True).transform(*np.array(places).T))
    services = np.unique(cKDTree(np.array(list(ends.values()))).query(xy)[1])
    return Corse(Router(network), graph, node, services)


@pytest.mark.parametrize("direction", ["departure", "arrival"])
def test_nearest_france_services_of_every_junction(corse, direction):
    demand = corse.router.points_at_nodes(corse.node)
    services = corse.router.points_at_nodes(corse.node[corse.services])
    (found,) = nearest_in_groups(corse.router, demand, services, [np.arange(len(corse.services))], direction=direction)
    graph = corse.graph.T if direction == "departure" else corse.graph
    expected = dijkstra(graph.tocsr(), indices=corse.services, min_only=True)
    cost = np.where(np.isnan(found.cost[:, 0]), np.inf, found.cost[:, 0])
    assert (np.isfinite(cost) == np.isfinite(expected)).all()
    reached = np.isfinite(expected)
    assert reached.sum() > 0.9 * len(corse.node)
    assert np.abs(cost[reached] - expected[reached]).max() < 0.001


@pytest.mark.parametrize("direction", ["departure", "arrival"])
@pytest.mark.parametrize("digits", [9, 3])
def test_positions_of_junctions_are_junctions_given_exactly_or_to_the_millimetre(corse, direction, digits):
    """Corse draws each direction on its own, and some streets twice: every line of a junction must be seen from it."""
    xy = np.round(corse.router.network.node_xy[corse.node], digits)
    demand, services = corse.router.snap(xy, 1000.0), corse.router.snap(xy[corse.services], 1000.0)
    (found,) = nearest_in_groups(corse.router, demand, services, [np.arange(len(corse.services))], direction=direction)
    graph = corse.graph.T if direction == "departure" else corse.graph
    expected = dijkstra(graph.tocsr(), indices=corse.services, min_only=True)
    assert np.abs(found.cost[:, 0] - expected).max() < 0.001


def test_share_within_thirty_minutes_equals_the_plain_count(corse):
    weight = np.random.default_rng(2).integers(0, 50, len(corse.node)).astype(float)
    expected = dijkstra(corse.graph.T.tocsr(), indices=corse.services, min_only=True)
    demand = corse.router.points_at_nodes(corse.node)
    services = corse.router.points_at_nodes(corse.node[corse.services])
    (found,) = nearest_in_groups(corse.router, demand, services, [np.arange(len(corse.services))])
    figures = coverage_by_zone(np.zeros(len(weight), int), weight, found.cost[:, 0], (30.0,), 1)
    plain = weight[expected > 30].sum() / weight.sum()
    assert figures.share[0, 0] == pytest.approx(plain, abs=0.001)
    assert 0.01 < figures.share[0, 0] < 0.5


def test_bounded_costs_from_the_services_to_every_junction(corse):
    services = corse.router.points_at_nodes(corse.node[corse.services])
    demand = corse.router.points_at_nodes(corse.node)
    expected = dijkstra(corse.graph, indices=corse.services, limit=20.0)
    found = np.full(expected.shape, np.inf)
    for block in cost_blocks(corse.router, services, demand, 20.0):
        found[np.ix_(block.origins, block.destinations)] = block.cost
    assert ((np.isfinite(found) == np.isfinite(expected)) | (np.abs(expected - 20) < 1e-4)).all()
    both = np.isfinite(found) & np.isfinite(expected)
    assert both.sum() > 1.2 * len(corse.node)
    assert np.abs(found[both] - expected[both]).max() < 0.001
