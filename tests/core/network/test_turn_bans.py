"""Forbidden turns: what sources say of them, and costs equal to a search from link to link made apart."""

from __future__ import annotations

import heapq
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from carto_services_publics.core.network import BuildOptions, build_network, open_network
from carto_services_publics.core.network.lines import RoadLines, TurnRules
from carto_services_publics.core.routing import local, search
from carto_services_publics.core.routing.local import Router
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "routing"))
from drawing import random_places
from plain import link_costs, whole

anywhere = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
OPTIONS = BuildOptions(preset="generic", cost_field="minutes", direction_field="way", value_forward="F")


def with_bans(path, seed):
    """A random network with chains, dead ends, rings and one-ways, many of whose turns are forbidden."""
    rng = np.random.default_rng(seed)
    nodes = int(rng.integers(3, 20))
    xy = np.round(rng.permutation(10_000)[:nodes, None] // np.array([1, 100]) % 100 * 10.0 + 6_000_000, 1)
    ends = [(int(rng.integers(0, i)), i) for i in range(1, nodes)]
    ends += [tuple(map(int, rng.integers(0, nodes, 2))) for _ in range(int(rng.integers(0, nodes)))]
    lines = []
    for a, b in ends:
        bend = (xy[a] + xy[b]) / 2 + rng.uniform(0.1, 40, 2)
        lines.append([xy[a], bend, bend + rng.uniform(0.1, 40, 2), xy[b]])
    turns = [(i, j) for i, a in enumerate(ends) for j, b in enumerate(ends) if len(set(a) & set(b)) == 1 and i != j]
    chosen = rng.permutation(len(turns))[: int(rng.integers(1, 12))]
    rules = TurnRules(
        [f"r{turns[i][0]}" for i in chosen],
        [(f"r{turns[i][1]}",) for i in chosen],
        rng.random(len(chosen)) < 0.2,
        np.full((len(chosen), 2), np.nan),
    )
    fields = {
        "minutes": [float(np.round(rng.uniform(0.1, 9.0), 3)) for _ in lines],
        "way": list(rng.choice([None, None, "F"], len(lines))),
        "cleabs": [f"r{i}" for i in range(len(lines))],
    }
    build_network(RoadLines.of(lines, fields)._replace(rules=rules), OPTIONS, path)
    return open_network(path)


def by_links(network, origins, destinations, metric="time"):
    """(n, m) costs: Dijkstra whose states are (link, way), from one to the next where no ban forbids the turn."""
    costs = link_costs(network, metric)
    tails = (np.array(network.link_from), np.array(network.link_to))
    banned = {tuple(row) for row in network.turns.ban.tolist()}
    leaving = {}
    for link in range(network.link_count):
        for way in (0, 1):
            if np.isfinite(costs[way][link]):
                leaving.setdefault(int(tails[way][link]), []).append((link, way))

    def node_of(places, i):
        fraction, link = float(places.fraction[i]), int(places.link[i])
        return int(tails[int(fraction == 1)][link]) if fraction in (0.0, 1.0) else None

    found = np.full((origins.count, destinations.count), np.inf)
    for i in range(origins.count):
        if origins.link[i] < 0:
            continue
        heap = []
        start, link, at = node_of(origins, i), int(origins.link[i]), float(origins.fraction[i])
        ahead = {}  # the part of the first link
        if start is not None:
            heap = [(0.0, state) for state in leaving.get(start, [])]
        else:
            for way in (0, 1):
                if np.isfinite(costs[way][link]):
                    ahead[way] = at if way == 0 else 1.0 - at
                    heap.append((0.0, (link, way, "part")))
        arrived = {start: 0.0} if start is not None else {}
        heapq.heapify(heap)
        passed = {}
        while heap:
            cost, state = heapq.heappop(heap)
            if state in passed:
                continue
            passed[state] = cost
            way, rest = state[1], 1.0 - ahead[state[1]] if len(state) == 3 else 1.0
            cost += rest * costs[way][state[0]]
            node = int(tails[1 - way][state[0]])
            arrived[node] = min(arrived.get(node, np.inf), cost)
            for following in leaving.get(node, []):
                if (state[0], node, following[0]) not in banned and following not in passed:
                    heapq.heappush(heap, (cost, following))
        for j in range(destinations.count):
            if destinations.link[j] < 0:
                continue
            node, target, to = node_of(destinations, j), int(destinations.link[j]), float(destinations.fraction[j])
            if node is not None:
                found[i, j] = arrived.get(node, np.inf)
                continue
            if start is None and target == link and to == at:
                found[i, j] = 0.0
            for way in (0, 1):
                to_go = to if way == 0 else 1.0 - to
                if (target, way) in passed:
                    found[i, j] = min(found[i, j], passed[target, way] + to_go * costs[way][target])
                if (target, way, "part") in passed and to_go >= ahead[way]:
                    found[i, j] = min(found[i, j], (to_go - ahead[way]) * costs[way][target])
    return found


def same(found, expected):
    assert (np.isfinite(found) == np.isfinite(expected)).all()
    both = np.isfinite(found)
    np.testing.assert_allclose(found[both], expected[both], rtol=1e-6, atol=1e-5)


@pytest.mark.parametrize("metric", ["time", "distance"])
@anywhere
@given(seed=st.integers(0, 10**9), small=st.booleans())
def test_costs_are_those_of_a_search_from_link_to_link(tmp_path_factory, metric, seed, small):
    network = with_bans(tmp_path_factory.mktemp("n") / "a.network", seed)
    origins, destinations = random_places(network, 8, seed + 1), random_places(network, 9, seed + 2)
    origins.link[-1], origins.fraction[-1] = destinations.link[-1], 0.25  # on one link, and exactly at one place
    router = Router(network, metric)
    with pytest.MonkeyPatch.context() as patch:
        if small:
            patch.setattr(search, "_SMALL", 0)
            patch.setattr(local, "_GROUP", 3)
        expected = by_links(network, origins, destinations, metric)
        same(whole(router.matrix(origins, destinations), 8, 9), expected)
        towards = by_links(network, destinations, origins, metric).T
        same(whole(router.matrix(origins, destinations, reverse=True), 8, 9), towards)
        for direction, cost in (("departure", expected), ("arrival", towards)):
            for k in (1, 3):
                nearest = router.nearest(origins, destinations, direction=direction, k=k).cost
                same(np.where(np.isnan(nearest), np.inf, nearest), np.sort(cost, axis=1)[:, :k])


CROSSROADS = {
    "west": [(0, 0), (1000, 0)],
    "east": [(1000, 0), (2000, 0)],
    "north": [(1000, 0), (1000, 1000)],
    "south": [(1000, -1000), (1000, 0)],
}
NOWHERE = np.full((1, 2), np.nan)


def crossroads(tmp_path, rules, options=None, **fields):
    lines = list(CROSSROADS.values())
    columns = {"cleabs": list(CROSSROADS), "minutes": [1.0] * len(lines), **fields}
    options = options or BuildOptions(preset="generic", cost_field="minutes")
    report = build_network(RoadLines.of(lines, columns)._replace(rules=rules), options, tmp_path / "a.network")
    return open_network(tmp_path / "a.network"), report


def between(network, start, end):
    router = Router(network)
    ends = router.snap(np.array([start, end], float))
    return float(whole(router.matrix(ends.take(np.array([0])), ends.take(np.array([1]))), 1, 1)[0, 0])


def rule(come, *go, only=False):
    return TurnRules([come], [go], np.array([only]), NOWHERE)


def test_who_may_not_turn_left_goes_on_and_comes_back(tmp_path):
    network, report = crossroads(tmp_path, rule("west", "north"))
    assert (report.turn_rules, report.turn_bans, report.turn_away, report.turn_unclear) == (1, 1, 0, 0)
    assert between(network, (0, 0), (1000, 1000)) == pytest.approx(4.0)  # to the next junction, back, and right
    assert between(network, (1000, 1000), (0, 0)) == pytest.approx(2.0)
    assert between(network, (0, 0), (2000, 0)) == pytest.approx(2.0)
    # Whoever starts at the junction leaves it by any road, whoever ends there comes by any.
    assert between(network, (1000, 0), (1000, 1000)) == pytest.approx(1.0)
    assert between(network, (500, 0), (1000, 0)) == pytest.approx(0.5)
    assert between(network, (500, 0), (1000, 500)) == pytest.approx(3.0)


def test_only_one_road_may_be_taken(tmp_path):
    network, report = crossroads(tmp_path, rule("west", "east", only=True))
    assert report.turn_bans == 3  # the U-turn too
    assert between(network, (0, 0), (2000, 0)) == pytest.approx(2.0)
    assert between(network, (0, 0), (1000, -1000)) == pytest.approx(4.0)


def test_several_roads_may_be_forbidden_at_once(tmp_path):
    network, report = crossroads(tmp_path, rule("west", "north", "south"))
    assert report.turn_bans == 2
    assert between(network, (0, 0), (1000, -1000)) == pytest.approx(4.0)


def test_rules_that_cannot_be_used_are_counted(tmp_path):
    rules = TurnRules(
        ["west", "elsewhere", "west"], [("nowhere",), ("west",), ("west",)], np.zeros(3, bool), np.full((3, 2), np.nan)
    )
    network, report = crossroads(tmp_path, rules)
    assert (report.turn_bans, report.turn_away, report.turn_unclear) == (0, 2, 1)
    assert between(network, (0, 0), (1000, 1000)) == pytest.approx(2.0)
    placed = rules._replace(xy=np.array([[1000.0, 0.0]] * 3), crs="EPSG:2154")
    _, report = crossroads(tmp_path, placed)
    assert (report.turn_bans, report.turn_unclear) == (1, 0)  # a U-turn, at the place it is said of


def test_those_who_walk_turn_as_they_wish(tmp_path):
    options = BuildOptions(preset="generic", cost_field="minutes", profile="foot")
    network, report = crossroads(tmp_path, rule("west", "north"), options)
    assert report.turn_bans == 0
    assert between(network, (0, 0), (1000, 1000)) == pytest.approx(2.0)


def test_two_carriageways_made_one_road_keep_their_bans(tmp_path):
    lines = [*CROSSROADS.values(), [(1000, 0), (1000, 0.5), (0, 0.5), (0, 0)]]
    fields = {"cleabs": [*CROSSROADS, "back"], "minutes": [1.0] * 5, "way": ["F", None, None, None, "F"]}
    options = BuildOptions(preset="generic", cost_field="minutes", direction_field="way", value_forward="F")
    roads = RoadLines.of(lines, fields)._replace(rules=rule("north", "back"))
    report = build_network(roads, options, tmp_path / "a.network")
    assert (report.doubled, report.turn_bans) == (1, 1)
    assert between(open_network(tmp_path / "a.network"), (1000, 1000), (0, 0)) == pytest.approx(4.0)


# -- BD TOPO ----------------------------------------------------------------------------------------------------------


def test_the_turns_that_bd_topo_forbids_in_marseille(tmp_path, shared_data):
    source = f"{shared_data / 'bdtopo' / 'marseille10' / 'bdtopo_marseille10.gpkg'}|layername=troncon_de_route"
    report = build_network(source, BuildOptions(), tmp_path / "a.network")
    assert (report.turn_rules, report.turn_bans + report.turn_away, report.turn_unclear) == (3, 3, 0)
    assert report.turn_bans
    network = open_network(tmp_path / "a.network")
    router = Router(network)
    beside = np.unique(network.turns.link)
    rng = np.random.default_rng(5)
    link = np.concatenate((beside, rng.integers(0, network.link_count, 60))).astype(np.int32)
    places = router.points_at_nodes(np.zeros(len(link), int))._replace(link=link, fraction=rng.random(len(link)))
    found = whole(router.matrix(places, places), len(link), len(link))
    same(found, by_links(network, places, places))


# -- OpenStreetMap ----------------------------------------------------------------------------------------------------

OSM = BuildOptions(preset="osm")
NODES = {1: (48.0, 2.0), 2: (48.0, 2.01), 3: (48.0, 2.02), 4: (48.01, 2.01), 5: (47.99, 2.01)}
WAYS = {10: (1, 2), 20: (2, 3), 30: (2, 4), 40: (5, 2)}


def osm_file(path, tags, members):
    nodes = "".join(f'<node id="{i}" version="1" lat="{lat}" lon="{lon}"/>' for i, (lat, lon) in NODES.items())
    ways = "".join(
        f'<way id="{i}" version="1">{"".join(f"""<nd ref="{n}"/>""" for n in ns)}<tag k="highway" v="tertiary"/></way>'
        for i, ns in WAYS.items()
    )
    said = "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items())
    of = "".join(f'<member type="{kind}" ref="{ref}" role="{role}"/>' for kind, ref, role in members)
    relation = f'<relation id="1" version="1">{of}{said}</relation>'
    path.write_text(f'<osm version="0.6">{nodes}{ways}{relation}</osm>')
    return str(path)


NO_LEFT = {"type": "restriction", "restriction": "no_left_turn"}
TURN = (("way", 10, "from"), ("node", 2, "via"), ("way", 30, "to"))


@pytest.mark.parametrize(
    ("tags", "profile", "bans"),
    [
        (NO_LEFT, "car", 1),
        (NO_LEFT, "bike", 1),
        (NO_LEFT, "foot", 0),
        ({**NO_LEFT, "except": "bicycle;psv"}, "car", 1),
        ({**NO_LEFT, "except": "bicycle;psv"}, "bike", 0),
        ({"type": "restriction", "restriction": "only_left_turn"}, "car", 3),
        ({"type": "restriction", "restriction:motorcar": "no_left_turn"}, "car", 1),
        ({"type": "restriction", "restriction:hgv": "no_left_turn"}, "car", 0),
        ({"type": "restriction", "restriction:bicycle": "no_left_turn"}, "bike", 1),
        ({"type": "multipolygon", "restriction": "no_left_turn"}, "car", 0),
    ],
)
def test_restrictions_of_openstreetmap(tmp_path, tags, profile, bans):
    options = BuildOptions(preset="osm", profile=profile)
    report = build_network(osm_file(tmp_path / "a.osm", tags, TURN), options, tmp_path / "a.network")
    assert report.turn_bans == bans


def test_a_restriction_that_passes_by_a_way_is_left_out_and_counted(tmp_path):
    members = (("way", 10, "from"), ("way", 20, "via"), ("way", 30, "to"))
    report = build_network(osm_file(tmp_path / "a.osm", NO_LEFT, members), OSM, tmp_path / "a.network")
    assert (report.turn_bans, report.turn_unclear) == (0, 1)


def varint(value):
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def part(number, content):
    return varint(number << 3 | 2) + varint(len(content)) + content


def pbf_block(kind, content):
    blob = varint(2 << 3) + varint(len(content)) + part(3, zlib.compress(content))
    header = part(1, kind) + varint(3 << 3) + varint(len(blob))
    return struct.pack(">I", len(header)) + header + blob


def test_restrictions_of_a_pbf_file(tmp_path):
    from carto_services_publics.core.network.osm_restrictions import read_restrictions

    texts = [b"", b"type", b"restriction", b"only_straight_on", b"from", b"via", b"to"]
    packed = [(2, [1, 2]), (3, [2, 3]), (8, [4, 5, 6]), (9, [2 * 70, 2 * 60 - 1, 2 * 11]), (10, [1, 0, 1])]
    relation = varint(1 << 3) + varint(9) + b"".join(part(n, b"".join(map(varint, v))) for n, v in packed)
    block = part(1, b"".join(part(1, text) for text in texts)) + part(2, part(4, relation))
    path = tmp_path / "a.osm.pbf"
    path.write_bytes(pbf_block(b"OSMHeader", b"") + pbf_block(b"OSMData", block))
    come, go, only, _ = read_restrictions(path, "car")
    assert (come, go, only.tolist()) == (["70"], [("21",)], [True])


def test_costs_in_monaco_are_those_of_a_search_from_link_to_link(tmp_path, shared_data):
    report = build_network(str(shared_data / "osm" / "monaco.osm.pbf"), BuildOptions(), tmp_path / "a.network")
    assert report.turn_bans > 50
    network = open_network(tmp_path / "a.network")
    rng = np.random.default_rng(5)
    link = rng.permutation(np.append(network.turns.link[:30], rng.integers(0, network.link_count, 20))).astype(np.int32)
    router = Router(network)
    places = router.points_at_nodes(np.zeros(len(link), int))._replace(link=link, fraction=rng.random(len(link)))
    found = whole(router.matrix(places, places), len(link), len(link))
    same(found, by_links(network, places, places))
