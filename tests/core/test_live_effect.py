"""Dragging a site: who comes nearer, who gets farther, without working everything out again."""

from __future__ import annotations

import numpy as np
import pytest
from carto_services_publics.core.network import BuildOptions, build_network, open_network, shared_network
from carto_services_publics.core.network.change import NetworkChange, change_network
from carto_services_publics.core.network.lines import RoadLines
from carto_services_publics.core.processes.pool import LongLivedWorker
from carto_services_publics.core.progress import Progress
from carto_services_publics.core.routing.local import Router
from carto_services_publics.core.siting.live import LiveEffect, People, SiteChange, answer
from shapely.geometry import Point

PEOPLE = np.array([[500.0, 10.0], [5_500.0, 0.0], [9_500.0, -10.0]])
WEIGHT = np.array([100.0, 20.0, 3.0])


@pytest.fixture
def live(tmp_path):
    """A road of ten kilometres, a minute each."""
    lines = [[(x, 0.0), (x + 1000.0, 0.0)] for x in range(0, 10_000, 1000)]
    path = tmp_path / "road.network"
    build_network(
        RoadLines.of(lines, {"minutes": [1.0] * 10}), BuildOptions(preset="generic", cost_field="minutes"), path
    )
    return LiveEffect(Router(open_network(path)), People(PEOPLE, WEIGHT, 1000.0, np.array([1, 0, -1]), 2))


def post(then, thresholds=()):
    """The post office, at the beginning of the road today."""
    return SiteChange("la_poste", np.array([[0.0, 0.0]]), then, thresholds)


def test_a_site_moved_brings_some_nearer_and_others_farther(live):
    effect = live.of(post(np.array([[4_000.0, 0.0]]), (4.0,))).people
    assert (effect.losing, effect.gaining) == (100.0, 23.0)
    assert effect.lost == pytest.approx(100 * 3.0)
    assert effect.saved == pytest.approx(20 * 4.0 + 3 * 4.0)
    assert (effect.beyond_before[0], effect.beyond_after[0]) == (23.0, 3.0)


def test_what_did_not_move_changes_nothing(live):
    effect = live.of(post(np.array([[0.0, 0.0]]))).people
    assert (effect.gaining, effect.losing, effect.unchanged) == (0.0, 0.0, 123.0)


def test_closing_the_only_site_takes_access_from_everyone(live):
    for sites in (np.empty((0, 2)), np.array([[np.nan, np.nan]]), np.array([[0.0, 5_000.0]])):
        assert live.of(post(sites)).people.losing_access == 123.0


def test_a_site_far_from_every_road_is_counted_apart(live):
    effect = live.of(post(np.array([[0.0, 0.0], [0.0, 5_000.0]])))
    assert (effect.off_network, effect.people.unchanged) == (1, 123.0)


def test_a_category_opened_for_the_first_time_gives_access(live):
    question = SiteChange("mairie", np.empty((0, 2)), np.array([[5_000.0, 0.0]]))
    assert live.of(question).people.getting_access == 123.0


def test_people_who_cannot_be_placed_do_not_count(live):
    places = np.array([[np.nan, 0.0], [500.0, 0.0], [500.0, 9_000.0]])
    lost = LiveEffect(live._router, People(places, np.array([2.0, 1.0, 4.0]), 1000.0))
    assert (lost.weight.tolist(), lost.not_computed) == ([1.0], 6.0)
    change = lost.of(post(np.array([[4_000.0, 0.0]]))).change
    assert np.isnan(change[[0, 2]]).all() and change[1] == pytest.approx(3.0)


def test_each_place_says_what_changes_there_and_so_does_each_zone(live):
    effect = live.of(post(np.array([[4_000.0, 0.0]])))
    assert effect.change == pytest.approx([3.0, -4.0, -4.0])
    zones = effect.zones
    assert zones.population.tolist() == [20.0, 100.0, 3.0]
    assert (zones.gaining.tolist(), zones.losing.tolist()) == ([20.0, 0.0, 3.0], [0.0, 100.0, 0.0])
    assert zones.saved == pytest.approx([80.0, 0.0, 12.0]) and zones.lost == pytest.approx([0.0, 300.0, 0.0])
    closed = live.of(post(np.empty((0, 2))))
    assert np.isposinf(closed.change).all() and closed.zones.losing_access.tolist() == [20.0, 100.0, 3.0]
    opened = live.of(SiteChange("mairie", np.empty((0, 2)), np.array([[5_000.0, 0.0]])))
    assert np.isneginf(opened.change).all() and opened.zones.getting_access.sum() == 123.0


def test_a_process_that_follows_the_people_says_the_same(live):
    now, nowhere = np.array([[4_000.0, 0.0]]), np.empty((0, 2))
    followed = LongLivedWorker(
        answer,
        resource=shared_network(live._router.network),
        shared=People(PEOPLE, WEIGHT, 1000.0, np.array([1, 0, -1]), 2),
    )
    assert followed.ask(None) is None
    said = followed.ask(post(now, (4.0,)))
    assert repr(said) == repr(live.of(post(now, (4.0,))))
    assert followed.ask(SiteChange("mairie", nowhere, now)).people.getting_access == 123.0
    followed.close()
    assert repr(followed.ask(post(now, (4.0,)))) == repr(said)


def on_changed_roads(live, tmp_path, *changes):
    """The same people on the roads with some changes."""
    path = tmp_path / f"changed_{len(list(tmp_path.iterdir()))}.network"
    drawn = [NetworkChange(Point(xy).wkb, *what) for xy, *what in changes]
    change_network(live._router.network, drawn, path, 1.0, Progress())
    return LiveEffect(Router(open_network(path)), People(PEOPLE, WEIGHT, 1000.0, np.array([1, 0, -1]), 2))


def test_a_road_that_closes_isolates_those_beyond_it_and_leaves_the_others(live, tmp_path):
    today = np.array([[0.0, 0.0]])
    found = live.of(post(today), on_changed_roads(live, tmp_path, ((7_500.0, 0.0), "fermer"))).people
    assert (found.losing_access, found.unchanged) == (3.0, 120.0)
    nearer = np.array([[0.0, 0.0], [10_000.0, 0.0]])
    found = live.of(post(nearer), on_changed_roads(live, tmp_path, ((7_500.0, 0.0), "fermer"))).people
    assert (found.losing_access, found.gaining, found.saved) == (0.0, 3.0, pytest.approx(3 * 9.0))


def test_a_road_that_is_slowed_down_costs_what_it_says(live, tmp_path):
    effect = live.of(post(np.array([[0.0, 0.0]])), on_changed_roads(live, tmp_path, ((1_500.0, 0.0), "vitesse", "10")))
    assert (effect.people.losing, effect.people.unchanged) == (23.0, 100.0)
    assert effect.people.lost == pytest.approx(23 * 5.0), "six minutes instead of one"


def test_those_whose_only_road_closes_lose_access_or_go_by_the_next(live, tmp_path):
    closed = on_changed_roads(live, tmp_path, *(((500.0 + 1000 * km, 0.0), "fermer") for km in range(4, 9)))
    found = live.of(post(np.array([[0.0, 0.0]])), closed).people
    assert found.losing_access == 23.0 and found.unchanged == 100.0


def test_the_process_answers_on_the_changed_roads_and_on_those_of_today_again(live, tmp_path):
    network = live._router.network
    path = tmp_path / "slow.network"
    change_network(network, [NetworkChange(Point(1_500.0, 0.0).wkb, "vitesse", "10")], path, 1.0, Progress())
    asked = LongLivedWorker(answer, resource=shared_network(network), shared=People(PEOPLE, WEIGHT, 1000.0))
    today = post(np.array([[0.0, 0.0]]))
    for roads, losing in ((str(path), 23.0), ("", 0.0), (str(path), 23.0)):
        assert asked.ask(today._replace(roads=roads)).people.losing == losing
    asked.close()


def test_today_may_become_another_day(live):
    """What is open at another moment: the sites of today are others for the same question."""
    there = np.array([[4_000.0, 0.0]])
    assert live.of(post(there)).people.gaining == 23.0
    assert live.of(SiteChange("la_poste", there, there)).people.unchanged == 123.0
    assert live.of(post(there)).people.gaining == 23.0
