"""Isochrones of the embedded engine mean what they say."""

from __future__ import annotations

import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from carto_services_publics.core.access import contours, local_engine, service_territory
from carto_services_publics.core.access import isochrones as drawing_of
from carto_services_publics.core.access.cost_surface import Field
from carto_services_publics.core.access.isochrones import isochrones
from carto_services_publics.core.access.local_engine import LocalEngine
from carto_services_publics.core.access.overlap import Union, rings
from carto_services_publics.core.access.resolution import settings
from carto_services_publics.core.errors import Cancelled
from carto_services_publics.core.network import build_network, open_network
from carto_services_publics.core.network.components import MAIN
from carto_services_publics.core.progress import Progress
from carto_services_publics.core.routing import local
from carto_services_publics.core.routing.engines import Request, TravelMode
from carto_services_publics.core.routing.local import Router
from carto_services_publics.tests import real_data
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st
from shapely import wkb
from shapely.geometry import Point

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "routing")]
from drawing import draw, random_network  # noqa: E402
from fidelity import NOTHING, compare, costs_of, options_for, points_of  # noqa: E402

BACKENDS = ["contourpy", "gdal"]


@pytest.fixture(params=BACKENDS)
def contouring(request, monkeypatch):
    """Both contouring libraries must pass the same tests."""
    if request.param == "gdal":
        monkeypatch.setattr(contours, "contourpy", None)
    else:
        pytest.importorskip("contourpy")


def one(network, at, cutoffs, **options):
    """The areas of the point ``at``, one a cutoff; a kilometre takes a minute on roads drawn here."""
    router = Router(network, options.get("metric", "time"))
    places = router.snap(np.array([at], dtype=float))
    (found,) = isochrones(router, places, settings(network.profile, cutoffs, **options))
    return [wkb.loads(polygon) if polygon else None for polygon in found.polygons]


def straight(path, way=None):
    lines = [[(x, 0.0), (x + 1000.0, 0.0)] for x in range(0, 40_000, 1000)]
    return draw(path, lines, [1.0] * 40, [way] * 40 if way else None)


def test_roads_are_cut_where_the_time_ends(tmp_path, contouring):
    (area,) = one(straight(tmp_path / "n"), (20_250, 0), [7.3])
    west, south, east, north = area.bounds
    assert (west, east) == (pytest.approx(20_250 - 7_300, abs=2), pytest.approx(20_250 + 7_300, abs=2))
    assert (south, north) == (pytest.approx(-200, abs=12), pytest.approx(200, abs=12))
    assert area.geom_type == "MultiPolygon" and len(area.geoms) == 1 and area.is_valid


def test_a_cost_equal_to_the_cutoff_is_within_it(tmp_path, contouring):
    (area,) = one(straight(tmp_path / "n"), (20_000, 0), [5.0], cell=40.0)
    assert area.covers(Point(24_999.9, 0)) and not area.covers(Point(25_001, 0))


def test_cells_do_not_decide_how_far_one_comes(tmp_path):
    network = straight(tmp_path / "n")
    for cell in (10.0, 33.0, 95.0):
        (area,) = one(network, (20_000, 0), [7.0], cell=cell)
        assert area.bounds[2] == pytest.approx(27_000, abs=0.02 * cell)


def test_one_way_roads_count_in_the_direction_asked(tmp_path, contouring):
    # A ring of 40 km, one way: forward one comes as far as the time, backward nothing but what is before.
    corners = [(0, 0), (10_000, 0), (10_000, 10_000), (0, 10_000), (0, 0)]
    network = draw(tmp_path / "n", [[a, b] for a, b in zip(corners, corners[1:])], [10.0] * 4, ["F"] * 4)
    (towards,) = one(network, (5_000, 0), [3.0], direction="arrival")
    (away,) = one(network, (5_000, 0), [3.0], direction="departure")
    assert towards.bounds[0] == pytest.approx(2_000, abs=5) and towards.bounds[2] < 5_100
    assert away.bounds[2] == pytest.approx(8_000, abs=5) and away.bounds[0] > 4_900


def test_what_no_road_comes_near_is_a_hole(tmp_path, contouring):
    corners = [(0, 0), (2_000, 0), (2_000, 2_000), (0, 2_000), (0, 0)]
    network = draw(tmp_path / "n", [[a, b] for a, b in zip(corners, corners[1:])], [2.0] * 4)
    (area,) = one(network, (1_000, 0), [5.0])
    ((polygon),) = area.geoms
    (hole,) = polygon.interiors
    assert Point(1_000, 1_000).within(area.convex_hull) and not area.covers(Point(1_000, 1_000))
    assert hole.bounds == pytest.approx((200, 200, 1_800, 1_800), abs=12)


def test_a_road_beside_that_cannot_be_reached_is_left_out(tmp_path, contouring):
    # Two roads 100 m apart, joined only at their far end, an hour away.
    lines = [[(0, 0), (20_000, 0)], [(20_000, 0), (20_000, 100)], [(20_000, 100), (0, 100)]]
    network = draw(tmp_path / "n", lines, [20.0, 60.0, 20.0])
    (area,) = one(network, (10_000, -10), [5.0])
    assert area.covers(Point(10_000, 0)) and area.covers(Point(10_000, 40))
    assert not area.covers(Point(10_000, 100)) and not area.covers(Point(10_000, 150))


def test_pieces_parted_by_a_road_out_of_reach_stay_apart(tmp_path, contouring):
    # The road passes over another one without a junction: what lies nearer to that one is not reached.
    bridge, below = [(-5_000, 0), (5_000, 0)], [(0, -9_000), (0, 9_000)]
    around = [[(0, 9_000), (5_000, 9_000)], [(5_000, 9_000), (5_000, 0)]]
    network = draw(tmp_path / "n", [bridge, below, *around], [10.0, 60.0, 60.0, 60.0])
    (area,) = one(network, (-1_000, 0), [3.0])
    assert area.covers(Point(1_500, 0)) and not area.covers(Point(0, 60)) and not area.covers(Point(0, -60))


def test_distances_are_metres_along_the_road(tmp_path, contouring):
    (area,) = one(straight(tmp_path / "n"), (20_000, 0), [1500.0], metric="distance")
    assert area.bounds[0] == pytest.approx(18_500, abs=2)


def test_how_far_from_a_road_one_counts_can_be_chosen(tmp_path):
    for reach in (30.0, 400.0):
        (area,) = one(straight(tmp_path / f"n{reach}"), (20_000, 0), [5.0], reach=reach)
        assert area.bounds[3] == pytest.approx(reach, abs=15)


anywhere = trying(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@given(seed=st.integers(0, 10**9))
@anywhere
def test_on_any_network_areas_are_valid_nest_exactly_and_do_not_depend_on_the_library(tmp_path_factory, seed):
    network = random_network(tmp_path_factory.mktemp("random") / "n", seed)
    router = Router(network)
    core = np.flatnonzero(np.asarray(network.link_component))
    if not len(core):
        return
    places = router.snap(network.line(int(core[seed % len(core)])).mean(axis=0)[None, :])
    chosen = settings("car", (3.0, 6.0, 9.0), reach=40.0, cell=5.0)
    found = {}
    kept = contours.contourpy
    try:
        for backend in (kept, None):
            contours.contourpy = backend
            (drawn,) = isochrones(router, places, chosen)
            found[backend is None] = [wkb.loads(polygon) for polygon in drawn.polygons if polygon]
    finally:
        contours.contourpy = kept
    for areas in found.values():
        assert all(area.is_valid and area.geom_type == "MultiPolygon" and not area.is_empty for area in areas)
        assert all(larger.covers(smaller) for smaller, larger in zip(areas, areas[1:]))
    for ours, theirs in zip(found[False], found[True]):
        # Where two corners of a square are in and two are out, crosswise, either way of joining them is right.
        apart = ours.symmetric_difference(theirs)
        assert all(part.area <= 1.01 * 5.0 * 5.0 for part in getattr(apart, "geoms", [apart]))


@pytest.mark.parametrize("direction", ["arrival", "departure"])
def test_small_maps_give_what_one_map_of_all_gives(tmp_path, monkeypatch, direction):
    network = random_network(tmp_path / "n", 11)
    router = Router(network)
    places = router.snap(np.asarray(network.node_xy))
    chosen = settings("car", (2.0, 5.0), direction=direction, reach=40.0, cell=5.0)
    whole = {found.origin: found.polygons for found in isochrones(router, places, chosen)}
    network.derived.clear()
    monkeypatch.setattr(service_territory, "_FEW", 10**6)
    monkeypatch.setattr(service_territory, "_BETWEEN_LANDMARKS", 0.0)
    monkeypatch.setattr(local, "_LANDMARKS", 2)
    monkeypatch.setattr(drawing_of, "TOGETHER", 1)
    parts = {found.origin: found.polygons for found in isochrones(router, places, chosen)}
    assert set(parts) == set(whole)
    for origin, polygons in whole.items():
        for ours, theirs in zip(polygons, parts[origin]):
            assert (ours is None) == (theirs is None)
            if ours:
                ours, theirs = wkb.loads(ours), wkb.loads(theirs)
                assert ours.symmetric_difference(theirs).area <= 0.01 * ours.area


def test_many_points_through_worker_processes_are_those_of_one_process(tmp_path):
    network = straight(tmp_path / "n")
    requests = [Request(n, 500.0 * n, 20.0 * (n % 3), (2.0, 5.0)) for n in range(60)]
    requests += [Request(60, 0.0, 9_000.0, (5.0,)), Request(61, float("nan"), 0.0, (5.0,))]
    answers = {answer.key: answer for answer in LocalEngine(network, 1000).isochrones(requests, TravelMode())}
    assert sorted(answers) == list(range(62))
    assert "9000" in str(answers[60].failures[5.0]).replace("\u202f", "")
    assert answers[61].failures
    router = Router(network)
    places = router.snap(np.array([(r.x, r.y) for r in requests[:60]]))
    for found in isochrones(router, places, settings("car", (2.0, 5.0))):
        for cutoff, polygon in zip((2.0, 5.0), found.polygons):
            ours, theirs = wkb.loads(polygon), wkb.loads(answers[found.origin].polygons[cutoff])
            assert ours.symmetric_difference(theirs).area <= 0.01 * ours.area


def test_workers_draw_on_one_map_where_it_can_be_kept_and_on_their_own_where_it_cannot(tmp_path, monkeypatch):
    network = straight(tmp_path / "n")
    requests = [Request(n, 500.0 * n, 20.0 * (n % 3), (5.0,)) for n in range(60)]
    written = []
    write = service_territory.write_mapped
    monkeypatch.setattr(
        service_territory, "write_mapped", lambda path, value: written.append(path) or write(path, value)
    )

    def drawn() -> dict:
        network.derived.clear()
        answers = LocalEngine(network, 1000).isochrones(requests, TravelMode())
        return {answer.key: dict(answer.polygons) for answer in answers}

    apart = drawn()
    monkeypatch.setattr(local_engine.pool, "run", partial(local_engine.pool.run, workers=0))  # seen from here
    shared = drawn()
    assert shared == apart
    assert len(written) == 1 and not Path(written[0]).parent.exists()

    def full(path, value) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(service_territory, "write_mapped", full)
    alone = drawn()
    for key, polygons in alone.items():
        ours, theirs = wkb.loads(shared[key][5.0]), wkb.loads(polygons[5.0])
        assert ours.symmetric_difference(theirs).area <= 1e-6 * ours.area


def test_areas_of_groups_say_which_points_had_no_part(tmp_path):
    network = straight(tmp_path / "n")
    requests = [Request(0, 5_000, 0, (2.0, 5.0)), Request(1, 8_000, 0, (2.0, 5.0)), Request(2, 30_000, 0, (5.0,))]
    requests += [Request(3, 0.0, 9_000.0, (5.0,))]
    areas, failed = LocalEngine(network, 1000).merged(requests, ["a", "a", "b", "b"], TravelMode())
    spans = {(area.group, area.cutoff): wkb.loads(area.polygon).bounds[0:3:2] for area in areas}
    assert spans == {
        ("a", 2.0): pytest.approx((3_000, 10_000), abs=5),
        ("a", 5.0): pytest.approx((0, 13_000), abs=205),
        ("b", 5.0): pytest.approx((25_000, 35_000), abs=5),
    }
    assert [answer.key for answer in failed] == [3] and failed[0].failures[5.0]


class _StopAt(Progress):
    def __init__(self, fraction: float) -> None:
        self._fraction, self.stopped_at = fraction, 0.0

    def show(self, fraction: float) -> None:
        if fraction >= self._fraction and not self.stopped_at:
            self.stopped_at = time.monotonic()

    def cancelled(self) -> bool:
        return bool(self.stopped_at)


def test_a_cancel_is_heard_within_a_second(tmp_path):
    network = straight(tmp_path / "n")
    progress = _StopAt(0.05)
    with pytest.raises(Cancelled):
        list(
            LocalEngine(network, 1000).isochrones(
                [Request(n, 90.0 * n, 0.0, (9.0,)) for n in range(400)], TravelMode(), progress
            )
        )
    assert time.monotonic() - progress.stopped_at < 1


A_FEW_CELLS = 10 * 5.0**2
"""m²: what the seam between two grids may change in the smallest of areas, at the 5 m cells of these tests."""


@given(seed=st.integers(0, 10**9))
@anywhere
def test_fine_cells_near_a_place_and_wide_ones_around_give_valid_areas_that_nest_exactly(tmp_path_factory, seed):
    network = random_network(tmp_path_factory.mktemp("random") / "n", seed)
    router = Router(network)
    nodes = np.asarray(network.node_xy)
    places = router.snap(nodes[np.random.default_rng(seed).choice(len(nodes), 3)])
    if (places.link < 0).any():
        return
    fine = settings("car", (2.0, 5.0, 9.0), direction=("arrival", "departure")[seed % 2], reach=40.0, cell=5.0)
    all_fine = {found.origin: found.polygons for found in isochrones(router, places, fine)}
    kept = contours.contourpy
    try:
        for contours.contourpy in (kept, None):
            network.derived.clear()
            for found in isochrones(router, places, fine._replace(cell=15.0, near=2.0)):
                areas = [wkb.loads(polygon) for polygon in found.polygons if polygon]
                assert all(area.is_valid and area.geom_type == "MultiPolygon" for area in areas)
                assert all(larger.covers(smaller) for smaller, larger in zip(areas, areas[1:]))
                exact = [wkb.loads(polygon) for polygon in all_fine[found.origin] if polygon]
                assert areas[0].symmetric_difference(exact[0]).area <= 0.02 * exact[0].area + A_FEW_CELLS
                assert areas[-1].symmetric_difference(exact[-1]).area <= 0.2 * exact[-1].area
    finally:
        contours.contourpy = kept


@given(seed=st.integers(0, 10**9))
@anywhere
def test_the_area_of_many_places_is_the_union_of_theirs_nests_and_does_not_depend_on_tiles(tmp_path_factory, seed):
    network = random_network(tmp_path_factory.mktemp("random") / "n", seed)
    router = Router(network)
    nodes = np.asarray(network.node_xy)
    places = router.snap(nodes[np.random.default_rng(seed).choice(len(nodes), 5)])
    if (places.link < 0).any():
        return
    chosen = settings("car", (3.0, 6.0), direction=("arrival", "departure")[seed % 2], reach=40.0, cell=5.0)
    alone = list(isochrones(router, places, chosen))
    (tile,) = drawing_of.tiles_of(router, places, chosen)
    (whole,) = drawing_of.merged(router, [places], chosen, tile)
    tiles = tile.tiles(5.0, 400)
    in_tiles = [next(drawing_of.merged(router, [places], chosen, part)) for part in tiles]
    assert len(tiles) > 1
    together = []
    for row in range(2):
        ours = wkb.loads(whole[row])
        theirs = wkb.loads(Union(found.polygons[row] for found in alone if found.polygons[row]).wkb)
        pieces = wkb.loads(Union(part[row] for part in in_tiles if part[row]).wkb)
        assert ours.is_valid and pieces.is_valid and pieces.geom_type == "MultiPolygon"
        assert ours.symmetric_difference(theirs).area <= 0.01 * ours.area + A_FEW_CELLS
        assert ours.symmetric_difference(pieces).area <= 0.01 * ours.area + A_FEW_CELLS
        together.append((ours, pieces))
    assert all(larger.covers(smaller) for smaller, larger in zip(*together))


def test_an_area_is_the_union_of_its_parts_and_rings_make_up_the_whole(tmp_path):
    network = straight(tmp_path / "n")
    areas = {c: area.wkb for c, area in zip((2.0, 5.0, 9.0), one(network, (20_000, 0), (2.0, 5.0, 9.0)))}
    cut = {cutoff: wkb.loads(ring) for cutoff, ring in rings(areas).items()}
    assert sum(ring.area for ring in cut.values()) == pytest.approx(wkb.loads(areas[9.0]).area)
    assert cut[5.0].intersection(cut[9.0]).area == 0
    (west,), (east,) = one(network, (10_000, 0), [5.0]), one(network, (18_000, 0), [5.0])
    both = wkb.loads(Union([west.wkb, east.wkb]).wkb)
    assert both.geom_type == "MultiPolygon" and both.bounds[0] == west.bounds[0] and both.bounds[2] == east.bounds[2]


ROADS = {
    "corse/corse_routes_osm.gpkg": "car",
    "osm/andorra.osm.pbf": "car",
    "osm/liechtenstein.osm.pbf": "car",
    "osm/geneva.osm.pbf": "car",
    "osm/paris-11e.osm.pbf": "foot",
}


@pytest.mark.parametrize(("roads", "profile"), [(roads, ROADS[roads]) for roads in real_data.present(*ROADS)])
@pytest.mark.parametrize("cutoffs", [(5.0,), (10.0,), (20.0,), (30.0,), (5.0, 10.0, 20.0, 30.0)])
def test_995_in_1000_points_of_real_roads_are_inside_if_and_only_if_they_are_reached(
    shared_data, tmp_path_factory, roads, profile, cutoffs
):
    path = tmp_path_factory.getbasetemp() / f"{Path(roads).name}-{profile}.network"
    if not path.exists():
        build_network(str(shared_data / roads), options_for(roads, profile), path)
    network = open_network(path)
    router = Router(network)
    origins = router.snap(np.asarray(network.node_xy)[np.random.default_rng(5).choice(network.node_count, 4)])
    points = points_of(network)
    # Where a forbidden turn or a one-way street lets people in but not out, nobody is put and nothing is drawn.
    points = points.take(np.asarray(network.link_component)[points.link] == MAIN)
    cost = costs_of(router, origins, points, 2 * cutoffs[-1])
    total = dict.fromkeys(cutoffs, NOTHING)
    for found in isochrones(router, origins, settings(profile, cutoffs)):
        for cutoff, polygon in zip(cutoffs, found.polygons):
            total[cutoff] += compare(polygon, points.xy, cost[found.origin], cutoff)
    assert min(fidelity.share for fidelity in total.values()) >= 0.995, total


@pytest.mark.parametrize("seed", range(5))
def test_contours_are_those_of_the_librarys_own_front_door(seed):
    contourpy = pytest.importorskip("contourpy")
    random = np.random.default_rng(seed)
    values = np.clip(random.normal(0, 1, (20, 31)), -1, 1).astype(np.float32)
    field = Field(values, row=3, column=5, west=600_000.0, south=6_500_000.0, cell=50.0)
    y, x = (np.concatenate(([-0.5], np.arange(count), [count - 0.5])) for count in values.shape)
    generator = contourpy.contour_generator(x=x, y=y, z=np.pad(values, 1, mode="edge"), fill_type="OuterOffset")
    expected = [
        [field.positions(points)[start:end] for start, end in zip(offsets[:-1], offsets[1:])]
        for points, offsets in zip(*generator.filled(-10.0, 0.0))
    ]
    assert len(expected) > 3
    assert contours.inside(field) == contours.multipolygon(expected)
