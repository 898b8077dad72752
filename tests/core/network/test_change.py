"""Changed networks cost what networks built from changed roads cost."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from carto_services_publics.core.errors import InvalidInput
from carto_services_publics.core.network import BuildOptions, build_network, open_network
from carto_services_publics.core.network.change import NetworkChange, change_network, parsed
from carto_services_publics.core.network.lines import RoadLines, TurnRules
from carto_services_publics.core.progress import Progress
from carto_services_publics.core.routing.local import Router
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra
from shapely.geometry import LineString, Point, Polygon

sys.path.insert(0, str(Path(__file__).parents[1] / "routing"))
from plain import whole

anywhere = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
OPTIONS = BuildOptions(
    preset="generic", cost_field="minutes", direction_field="way", value_forward="F", value_backward="B"
)


def built(path, roads, rules=None):
    """The network of roads, each (line, minutes, way)."""
    lines, minutes, way = (list(column) for column in zip(*roads))
    fields = {"minutes": minutes, "way": way, "cleabs": [f"r{i}" for i in range(len(lines))]}
    build_network(RoadLines.of(lines, fields)._replace(rules=rules), OPTIONS, path)
    return open_network(path)


def changed(network, path, *changes, tolerance=0.5):
    drawn = [change._replace(shape=change.shape.wkb) for change in changes]
    affected = change_network(network, drawn, path, tolerance, Progress())
    return open_network(path), affected


def node_costs(network, xy):
    """Minutes between the junctions at ``xy``; inf from and to those that are not there."""
    found = {tuple(np.round(p, 3)): i for i, p in enumerate(network.node_xy.tolist())}
    number = np.array([found.get(tuple(np.round(p, 3)), -1) for p in xy])
    here = np.flatnonzero(number >= 0)
    places = Router(network).points_at_nodes(number[here])
    cost = np.full((len(xy), len(xy)), np.inf)
    cost[np.ix_(here, here)] = whole(Router(network).matrix(places, places), len(here), len(here))
    np.fill_diagonal(cost, 0.0)
    return cost


def random_roads(rng):
    nodes = int(rng.integers(3, 20))
    xy = np.round(rng.permutation(10_000)[:nodes, None] // np.array([1, 100]) % 100 * 10.0 + 6_000_000, 1)
    ends = [(int(rng.integers(0, i)), i) for i in range(1, nodes)]
    ends += [tuple(map(int, rng.integers(0, nodes, 2))) for _ in range(int(rng.integers(0, nodes)))]
    roads = []
    for a, b in ends:
        bend = np.round((xy[a] + xy[b]) / 2 + rng.uniform(0.1, 40, 2), 3)
        line = [tuple(xy[a]), tuple(bend), tuple(np.round(bend + rng.uniform(5, 40, 2), 3)), tuple(xy[b])]
        roads.append((line, float(np.round(rng.uniform(0.1, 9.0), 3)), rng.choice([None, None, "F", "B"])))
    return xy, roads


WAY = {"direct": "F", "inverse": "B", "double": None}


@anywhere
@given(seed=st.integers(0, 10**9))
def test_changes_equal_building_from_changed_roads(tmp_path_factory, seed):
    folder = tmp_path_factory.mktemp("n")
    rng = np.random.default_rng(seed)
    xy, roads = random_roads(rng)
    network = built(folder / "a.network", roads)
    if network.link_count < len(roads):
        return  # two of them run side by side between the same junctions: they are one road, closed as one
    changes, expected = [], dict(enumerate(roads))
    chosen = rng.permutation(len(roads))[: int(rng.integers(1, 5))].tolist()
    # New roads last: where one begins, a road is two links, of which a point acts on one.
    actions = sorted(rng.choice(["fermer", "vitesse", "sens", "ouvrir"], len(chosen)), key="ouvrir".__eq__)
    for i, action in zip(chosen, map(str, actions)):
        line, minutes, way = expected[i]
        if action == "fermer" and len(expected) > 1:
            changes.append(NetworkChange(Point(line[1]), action))
            del expected[i]
        elif action == "vitesse":
            changes.append(NetworkChange(LineString(line), action, "42"))
            expected[i] = (line, LineString(line).length * 0.06 / 42, way)
        elif action == "sens":
            value = str(rng.choice(["direct", "inverse", "double"]))
            drawn = line if rng.random() < 0.5 else line[::-1]
            if LineString(line).is_ring or line[0] == line[-1]:
                continue
            changes.append(NetworkChange(LineString(drawn), action, value))
            turned = {"direct": "inverse", "inverse": "direct"}.get(value, value)
            expected[i] = (line, minutes, WAY[value if drawn is line else turned])
        elif action == "ouvrir":
            start = tuple(xy[int(rng.integers(0, len(xy)))]) if rng.random() < 0.5 else None
            still = [road for road in expected.values() if start is None or start in (road[0][0], road[0][-1])]
            if not still:
                continue
            start = start or still[int(rng.integers(0, len(still)))][0][1]
            end = line[2]
            new = [start, (start[0] + 7.123, end[1] - 3.217), end]
            if LineString(new).length < 1 or i not in expected:
                continue
            value = str(rng.choice(["50", "50 direct", "inverse 50"]))
            changes.append(NetworkChange(LineString(new), action, value))
            key = max(expected) + 1 + len(roads)
            expected[key] = (new, LineString(new).length * 0.06 / 50, WAY[parsed(action, value)[2]])
    if not changes:
        return
    anew = built(folder / "b.network", list(expected.values()))
    made, affected = changed(network, folder / "c.network", *changes)
    assert len(affected.change) >= len(changes)
    np.testing.assert_allclose(node_costs(made, xy), node_costs(anew, xy), rtol=1e-6, atol=1e-6)


CROSS = [
    ([(0, 0), (1000, 0)], 1.0, None),
    ([(1000, 0), (2000, 0)], 1.0, None),
    ([(1000, 0), (1000, 1000)], 1.0, None),
    ([(1500, -500), (1500, 500)], 1.0, None),  # a bridge over the second
]


@pytest.fixture
def cross(tmp_path):
    return built(tmp_path / "cross.network", CROSS)


def acted(affected):
    """The roads of CROSS that were acted on."""
    starts = [road[0] for road in CROSS]
    ends = [sorted(map(tuple, line[[0, -1]].tolist())) for line in affected.line]
    return sorted(i for i, line in enumerate(starts) if sorted(map(tuple, map(np.float64, line))) in ends)


@pytest.mark.parametrize(
    ("shape", "action", "value", "expected"),
    [
        (LineString([(0, 0.5), (1000, 0.5)]), "vitesse", "30", [0]),  # followed within 1 m
        (LineString([(0, 1.5), (1000, 1.5)]), "vitesse", "30", []),
        (LineString([(200, -50), (200, 50)]), "vitesse", "30", []),  # crossing slows nobody
        (LineString([(200, -50), (200, 50)]), "fermer", "", [0]),  # a cut drawn across
        (LineString([(0, 0.5), (1000, 0.5)]), "fermer", "", [0]),  # what begins at its end is not cut
        (LineString([(1000, 0), (2000, 0)]), "fermer", "", [1, 3]),
        (LineString([(100, 0), (300, 0)]), "fermer", "", [0]),
        (Polygon([(1400, -100), (1600, -100), (1600, 100), (1400, 100)]), "fermer", "", [1, 3]),
        (Point(300, 20), "vitesse", "10", [0]),
        (Point(300, 20), "fermer", "", [0]),
    ],
)
def test_what_a_drawing_acts_on(cross, tmp_path, shape, action, value, expected):
    made, affected = changed(cross, tmp_path / "a.network", NetworkChange(shape, action, value))
    assert acted(affected) == expected
    if action == "fermer":
        assert made.link_count == 4 - len(expected)
        assert np.isinf(affected.after).all() and np.isfinite(affected.before).all()


def test_a_road_may_be_closed_one_way(cross, tmp_path):
    made, affected = changed(
        cross, tmp_path / "a.network", NetworkChange(LineString([(1000, 0), (0, 0)]), "fermer", "direct")
    )
    assert made.link_count == 4
    assert affected.after.tolist() == [[1.0, np.inf]]


def test_a_new_road_joins_at_its_ends_and_not_what_it_crosses(cross, tmp_path):
    new = NetworkChange(LineString([(500, 30), (500, 500), (1500, 490), (1500, 400)]), "ouvrir", "60")
    made, affected = changed(cross, tmp_path / "a.network", new, tolerance=5)
    assert (made.link_count, made.node_count) == (4 + 2 + 1, 6 + 2)  # two roads cut, none where it crosses the third
    assert np.isnan(affected.before).all()
    length = LineString([(500, 0), (500, 30), (500, 500), (1500, 490), (1500, 400)]).length
    assert affected.after[0] == pytest.approx(length * 0.06 / 60)


def test_forbidden_turns_outlive_changes(tmp_path):
    rules = TurnRules(["r0"], [("r2",)], np.zeros(1, bool), np.full((1, 2), np.nan))
    network = built(tmp_path / "a.network", CROSS, rules)
    far = NetworkChange(LineString([(500, 0), (500, -500)]), "ouvrir", "50")  # cuts the road one comes by
    made, _ = changed(
        network, tmp_path / "b.network", NetworkChange(Point(500, 300), "vitesse", "60"), far, tolerance=0
    )
    xy = np.array([(0.0, 0.0), (1000, 1000), (2000, 0), (1000, 0)])
    cost = node_costs(made, xy)
    assert len(made.turns.ban) == 1
    assert cost[0, 3] == pytest.approx(1.0) and cost[3, 1] == pytest.approx(1.0)
    assert cost[0, 1] == pytest.approx(4.0)


@pytest.mark.parametrize("after", [("fermer", ""), ("vitesse", "10 km/h"), ("sens", "direct")])
def test_a_road_that_is_closed_twice_or_closed_and_slowed_leaves_others_alone(cross, tmp_path, after):
    """Whoever draws a point twice, or slows what is closed, means that road and not the next one."""
    once, _ = changed(cross, tmp_path / "a.network", NetworkChange(Point(300, 20), "fermer"))
    both = NetworkChange(Point(300, 20), "fermer"), NetworkChange(Point(300, 20), *after)
    made, affected = changed(cross, tmp_path / "b.network", *both)
    assert affected.change.tolist() == [0]
    np.testing.assert_array_equal(made.minutes_forward, once.minutes_forward)
    np.testing.assert_array_equal(made.minutes_backward, once.minutes_backward)


def test_a_road_that_is_slowed_then_closed_is_closed(cross, tmp_path):
    slowed, closed = NetworkChange(Point(300, 20), "vitesse", "10"), NetworkChange(Point(300, 20), "fermer")
    made, affected = changed(cross, tmp_path / "a.network", slowed, closed)
    assert affected.change.tolist() == [0, 1] and made.link_count == 3


def test_a_line_along_one_carriageway_leaves_the_other_as_it_is(tmp_path):
    """Two carriageways 10 m apart are two roads: each is drawn."""
    roads = [([(0, 0), (500, 1), (1000, 0)], 1.0, "F"), ([(0, 10), (500, 11), (1000, 10)], 1.0, "B")]
    roads += [([(x, 0), (x, 10)], 0.1, None) for x in (0, 1000)]
    network = built(tmp_path / "a.network", roads)
    made, affected = changed(network, tmp_path / "b.network", NetworkChange(LineString(roads[0][0]), "vitesse", "30"))
    assert len(affected.line) == 1
    across, both = LineString([(500, -20), (500, 30)]), tmp_path / "c.network"
    assert len(changed(made, both, NetworkChange(across, "fermer"))[1].line) == 2


@pytest.mark.parametrize(
    ("action", "value"), [("brûler", ""), ("vitesse", ""), ("vitesse", "-3"), ("sens", "30"), ("ouvrir", "vite")]
)
def test_what_is_no_change_is_refused(action, value):
    with pytest.raises(InvalidInput):
        parsed(action, value)


def test_twenty_changes_in_corse_cost_what_dijkstra_finds_on_the_changed_roads(tmp_path, shared_data):
    options = BuildOptions(preset="generic", speed_field="freespeed_kmh")
    build_network(str(shared_data / "corse" / "corse_routes_osm.gpkg"), options, tmp_path / "a.network")
    network = open_network(tmp_path / "a.network")
    rng = np.random.default_rng(26)
    chosen = np.unique(rng.integers(0, network.link_count, 20))
    middle = [
        network.line(link).mean(axis=0) if len(network.line(link)) == 2 else network.line(link)[1] for link in chosen
    ]
    actions = [("fermer", ""), ("vitesse", "20")] * 10
    changes = [NetworkChange(Point(xy), *action) for xy, action in zip(middle, actions)]
    made, affected = changed(network, tmp_path / "b.network", *changes)
    assert len(affected.line) == len(chosen)
    cost = np.column_stack((network.minutes_forward, network.minutes_backward))
    for number, line in zip(affected.change, affected.line):
        ends = {tuple(line[0]), tuple(line[-1])}
        same = [i for i in chosen if {tuple(network.line(i)[0]), tuple(network.line(i)[-1])} == ends]
        link = next(i for i in same if np.array_equal(network.line(i), line))
        slow = np.where(np.isfinite(cost[link]), network.length[link] * 0.06 / 20, np.inf)
        cost[link] = np.inf if changes[number].action == "fermer" else slow
    tail = np.concatenate((network.link_from, network.link_to))
    head = np.concatenate((network.link_to, network.link_from))
    minutes = np.concatenate((cost[:, 0], cost[:, 1]))
    order = np.argsort(minutes)[np.isfinite(np.sort(minutes))]
    _, first = np.unique(tail[order].astype(np.int64) * network.node_count + head[order], return_index=True)
    best = order[first]
    graph = csr_matrix((minutes[best], (tail[best], head[best])), shape=(network.node_count,) * 2)
    ends = np.unique(np.concatenate((network.link_from[chosen], network.link_to[chosen])))
    expected = dijkstra(graph, indices=ends)[:, ends]
    found = node_costs(made, network.node_xy[ends])
    both = np.isfinite(found) & np.isfinite(expected)
    np.testing.assert_allclose(found[both], expected[both], rtol=1e-6, atol=1e-5)
    np.fill_diagonal(expected, 0.0)
    assert (np.isfinite(found) == np.isfinite(expected)).all()


@pytest.mark.parametrize("corners", [3, 12])
@pytest.mark.parametrize("begin", [0, 1, 2])
def test_a_roundabout_turns_the_way_it_is_drawn(tmp_path, corners, begin):
    """A road that ends where it begins, drawn over from any of its corners, either way round."""
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    ring = np.round(100 * np.column_stack((np.cos(angle), np.sin(angle))), 3) + 6_000_000
    road = [*map(tuple, ring), tuple(ring[0])]
    network = built(tmp_path / "a.network", [(road, 2.0, None), ([road[0], (6_000_500.0, 6_000_000.0)], 1.0, None)])
    drawn = np.roll(ring, -begin, axis=0)
    drawn = np.vstack((drawn, drawn[:1]))
    for line, open_way in ((drawn, 0), (drawn[::-1], 1)):
        made, _ = changed(network, tmp_path / "b.network", NetworkChange(LineString(line), "sens", "direct"))
        loop = int(np.flatnonzero(np.asarray(made.link_from) == made.link_to)[0])
        as_built = (made.line(loop)[1] == road[1]).all()
        ways = (made.minutes_forward[loop], made.minutes_backward[loop])[:: 1 if as_built else -1]
        assert np.isfinite(ways).tolist() == [open_way == 0, open_way == 1]
