"""The interval around « so many people are beyond »: it contains all that the doubts it names may make of it."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from carto_services_publics.core.access import uncertainty
from carto_services_publics.core.access.coverage import Served
from carto_services_publics.core.access.sentences import Width, interval_sentence
from carto_services_publics.core.access.travel import ByRoad
from carto_services_publics.core.access.uncertainty import Doubts, extremes, interval, links_in
from carto_services_publics.core.access.zones import covered
from carto_services_publics.core.network import BuildOptions, build_network, open_network
from carto_services_publics.core.network.lines import RoadLines
from carto_services_publics.core.routing.local import Router
from carto_services_publics.core.thresholds import within
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.affinity import rotate
from shapely.geometry import box

sys.path.insert(0, str(Path(__file__).parents[1] / "routing"))
from drawing import random_network, random_places

THRESHOLDS = (4.0, 12.0)
ZONES = 3
PEOPLE, PLACES = 12, 5
drawn = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


class Case:
    """A random network, with people by zone and places of which some are doubtful."""

    def __init__(self, path, seed: int, direction: str) -> None:
        self.random = random = np.random.default_rng(seed)
        network = random_network(path, seed)
        self.router, self.direction = Router(network), direction
        self.travel = ByRoad(self.router)
        self.demand = random_places(network, PEOPLE, seed + 1)
        self.zone = random.integers(0, ZONES, PEOPLE)
        self.weight = random.integers(0, 50, PEOPLE).astype(float)
        low, high = np.asarray(network.node_xy).min(axis=0), np.asarray(network.node_xy).max(axis=0)
        places = random_places(network, PLACES, seed + 2)
        self.areas = {}
        for number in np.flatnonzero(random.random(PLACES) < 0.4).tolist():
            middle, half = places.xy[number], (high - low) * random.uniform(0.02, 0.3)
            self.areas[number] = box(*(middle - half), *(middle + half))
        self.doubts = Doubts(places, np.zeros(PLACES, int), random.random(PLACES) < 0.4, self.areas)

    def costs(self, places):
        found = self.travel.nearest(self.demand, places, [np.arange(places.count)], direction=self.direction)
        return next(found).cost[:, 0]

    def extremes(self, limit: float):
        members = np.arange(PLACES)
        base = [(members, self.costs(self.doubts.places))]
        (found,) = extremes(self.travel, self.router, self.demand, self.doubts, base, limit, direction=self.direction)
        return found

    def outcome(self):
        """The costs of one way in which it all may be."""
        random, doubts = self.random, self.doubts
        there = ~doubts.unknown | (random.random(PLACES) < 0.5)
        there &= ~doubts.vague | (random.random(PLACES) < 0.8)
        xy = np.array(doubts.places.xy)
        for number, area in self.areas.items():
            west, south, east, north = area.bounds
            xy[number] = random.uniform(west, east), random.uniform(south, north)
        moved = self.router.snap(xy)
        places = doubts.places
        vague = doubts.vague
        mixed = type(places)(*(_where(vague, new, old) for new, old in zip(moved, places)))
        return self.costs(mixed.take(there & (mixed.link >= 0)))


def _where(chosen, new, old):
    return np.where(chosen if new.ndim == 1 else chosen[:, None], new, old)


@drawn
@given(
    seed=st.integers(0, 10**9),
    direction=st.sampled_from(["departure", "arrival"]),
    share=st.sampled_from([0.0, 0.1, 0.5]),
    one_by_one=st.booleans(),
)
def test_the_interval_contains_every_outcome(tmp_path_factory, seed, direction, share, one_by_one):
    case = Case(tmp_path_factory.mktemp("n") / "a.network", seed, direction)
    kept, uncertainty.MOST_NODES = uncertainty.MOST_NODES, 400 if one_by_one else 0
    try:
        found = case.extremes(max(THRESHOLDS) * (1 + share))
    finally:
        uncertainty.MOST_NODES = kept
    by_zone = interval(found, case.zone, case.weight, THRESHOLDS, share, ZONES)
    whole = interval(found, np.zeros(PEOPLE, int), case.weight, THRESHOLDS, share, 1)
    assert (by_zone.least.sum(axis=0) <= whole.least[0]).all()
    for _ in range(30):
        cost = case.outcome()
        moved = case.random.uniform(1 - share, 1 + share)
        for rank, threshold in enumerate(THRESHOLDS):
            beyond = ~within(cost, threshold * moved)
            figures = np.bincount(case.zone[beyond], weights=case.weight[beyond], minlength=ZONES)
            assert (by_zone.least[:, rank] <= figures).all()
            assert (figures <= by_zone.most[:, rank]).all()
            assert whole.least[0, rank] <= figures.sum() <= whole.most[0, rank]


@drawn
@given(seed=st.integers(0, 10**9), long=st.floats(0.02, 0.9), thin=st.floats(0.0001, 0.9))
def test_no_road_is_missed_on_which_a_place_of_an_area_may_be_put(tmp_path_factory, seed, long, thin):
    random = np.random.default_rng(seed)
    router = Router(random_network(tmp_path_factory.mktemp("n") / "a.network", seed))
    nodes = np.asarray(router.network.node_xy)
    low, size = nodes.min(axis=0), np.ptp(nodes, axis=0) + 1
    corner, sides = low + random.random(2) * size * 1.2 - 0.1 * size, size * random.permutation((long, thin))
    area = rotate(box(*corner, *(corner + sides)), float(random.uniform(0, 90)))
    places = random.uniform(*np.array(area.bounds).reshape(2, 2), (400, 2))
    places = np.vstack((places[covered(area, places)], np.array(area.exterior.coords)))
    links = router.snap(places).link
    assert set(links[links >= 0].tolist()) <= set(links_in(router, area, int(links[0])).tolist())


def test_short_roads_beside_a_large_area_are_all_found(tmp_path):
    """None meets the area; each is the nearest to a strip of it a hundred metres wide."""
    lines = [[(x, -20.0), (x + 100.0, -20.0)] for x in range(0, 10_000, 100)]
    options = BuildOptions(preset="generic", cost_field="minutes")
    build_network(RoadLines.of(lines, {"minutes": [1.0] * len(lines)}), options, tmp_path / "a.network")
    router = Router(open_network(tmp_path / "a.network"))
    assert len(links_in(router, box(0, 0, 10_000, 10_000), 0)) == 100


@drawn
@given(seed=st.integers(0, 10**9))
def test_without_doubt_the_interval_has_no_width(tmp_path_factory, seed):
    case = Case(tmp_path_factory.mktemp("n") / "a.network", seed, "departure")
    case.doubts = case.doubts._replace(unknown=np.zeros(PLACES, bool), areas={})
    found = case.extremes(max(THRESHOLDS))
    figures = interval(found, case.zone, case.weight, THRESHOLDS, 0.0, ZONES)
    assert (figures.least == figures.most).all()


@given(
    least=st.floats(0, 1000),
    wider=st.one_of(st.just(0.0), st.floats(0, 1000)),
    unknown=st.integers(0, 3),
    vague=st.integers(0, 3),
)
def test_an_interval_has_two_ends_in_words_where_they_differ_once_rounded(least, wider, unknown, vague):
    most = least + wider
    said = str(interval_sentence(Served(2000.0, 0.0, 0.0, (least,)), least, most, Width(0.1, unknown, vague)))
    same = round(least) == round(most)
    assert said.startswith(f"{round(most)} {'person' if round(most) == 1 else 'people'}, the same number with:") == same
    assert said.startswith(f"Between {round(least)} and {round(most)} people") == (not same)
    assert ("places of unknown hours" in said) == bool(unknown or vague) and "threshold ± 10.0 %" in said


def test_one_vague_place_is_where_it_counts_most(tmp_path):
    """Alone of its kind, at best it serves as many as the best of all places could."""
    case = Case(tmp_path / "a.network", 7, "departure")
    network = case.router.network
    low, high = np.asarray(network.node_xy).min(axis=0), np.asarray(network.node_xy).max(axis=0)
    places = case.doubts.places.take(np.array([0]))
    case.doubts = Doubts(places, np.zeros(1, int), np.zeros(1, bool), {0: box(*low, *high)})
    base = [(np.arange(1), case.costs(places))]
    (found,) = extremes(case.travel, case.router, case.demand, case.doubts, base, 12.0)
    figures = interval(found, np.zeros(PEOPLE, int), case.weight, (12.0,), 0.0, 1)
    assert figures.most[0, 0] == case.weight.sum()  # left out, nobody is served
    samples = random_places(network, 300, 1)
    served = [
        case.weight[within(case.costs(samples.take(np.array([number]))), 12.0)].sum() for number in range(samples.count)
    ]
    fewest = case.weight.sum() - max(served)
    assert 0 < figures.least[0, 0] <= fewest < case.weight.sum()
