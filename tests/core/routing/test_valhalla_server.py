"""The engine against a real Valhalla, on the roads of Andorra."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

import numpy as np
import pytest
from carto_services_publics.core.routing.engines import Request, TravelMode
from carto_services_publics.core.routing.valhalla import Valhalla
from shapely import wkb

pytestmark = pytest.mark.servers


def _load():
    path = Path(__file__).resolve().parents[2] / "servers" / "valhalla.py"
    spec = importlib.util.spec_from_file_location("tests_servers_valhalla", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def server(shared_data, tmp_path_factory):
    valhalla = _load()
    programs = valhalla.FOLDER / "valhalla"
    if not (programs / "bin" / "valhalla_service").exists():
        pytest.skip("Valhalla is not installed: run tests/servers/valhalla.py (`make test` does)")
    if sys.version_info < (3, 10) or os.name == "nt":
        pytest.skip("the wheel's configuration needs Python 3.10 and Linux")
    with valhalla.running(shared_data / "osm" / "andorra.osm.pbf", tmp_path_factory.mktemp("valhalla")) as url:
        yield url


ANDORRA = (1.5218, 42.5063)


def _areas(server, travel, cutoffs, at=ANDORRA):
    (answer,) = Valhalla(server).isochrones([Request(0, *at, tuple(cutoffs))], travel)
    assert not answer.failures
    return {cutoff: wkb.loads(polygon) for cutoff, polygon in answer.polygons.items()}


@pytest.mark.parametrize("profile", ["car", "foot", "bike"])
@pytest.mark.parametrize("direction", ["departure", "arrival"])
def test_all_profiles_and_directions_are_served_beyond_four_contours(server, profile, direction):
    areas = _areas(server, TravelMode(profile, "time", direction), [2.0, 4.0, 6.0, 8.0, 10.0])
    sizes = [areas[cutoff].area for cutoff in sorted(areas)]
    assert len(sizes) == 5 and sizes == sorted(sizes)
    assert all(area.is_valid and area.geom_type == "MultiPolygon" for area in areas.values())


def test_distances_are_sent_in_the_server_s_unit(server):
    areas = _areas(server, TravelMode(metric="distance"), [1500.0, 3000.0])
    for metres, area in areas.items():
        width = (area.bounds[2] - area.bounds[0]) * 111_320 * np.cos(np.radians(ANDORRA[1]))
        assert 0.3 * metres < width < 2.5 * metres


def test_a_point_without_roads_is_a_reason_in_words(server):
    (answer,) = Valhalla(server).isochrones([Request(0, 10.0, 10.0, (5.0,))], TravelMode())
    assert "no road near this point" in str(answer.failures[5.0])


def test_cutoffs_beyond_the_server_s_limit_are_its_own_words(server):
    (answer,) = Valhalla(server).isochrones([Request(0, *ANDORRA, (500.0,))], TravelMode())
    assert "Exceeded max time" in str(answer.failures[500.0])


def test_three_hundred_points_all_end_somewhere(server):
    rng = np.random.default_rng(3)
    points = [Request(n, x, y, (5.0, 10.0)) for n, (x, y) in enumerate(rng.normal(ANDORRA, 0.03, (300, 2)))]
    answers = list(Valhalla(server).isochrones(points, TravelMode()))
    assert sorted(answer.key for answer in answers) == list(range(300))
    assert sum(len(answer.polygons) for answer in answers) > 300
