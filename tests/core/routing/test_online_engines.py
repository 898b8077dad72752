"""A thousand points through servers with limits, faults and quotas: no point is lost, nothing is asked twice."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
from carto_services_publics.core.errors import Cancelled
from carto_services_publics.core.messages import Message
from carto_services_publics.core.progress import Progress
from carto_services_publics.core.routing.answer_cache import AnswerCache
from carto_services_publics.core.routing.engines import NotOffered, Request, TravelMode
from carto_services_publics.core.routing.geoplateforme import Geoplateforme
from carto_services_publics.core.routing.online import Limit, read_polygons
from carto_services_publics.core.routing.openrouteservice import OpenRouteService
from carto_services_publics.core.routing.valhalla import Valhalla
from shapely import wkb

ENGINES = [Geoplateforme, Valhalla, OpenRouteService]


def _load(name: str):
    path = Path(__file__).resolve().parents[2] / "servers" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"tests_servers_{name}", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


RoutingServer = _load("routing_fakes").RoutingServer


@pytest.fixture(autouse=True)
def quick_backoff(monkeypatch):
    monkeypatch.setattr("carto_services_publics.core.routing.online._FIRST_BACKOFF", 0.01)


def _with_limit(engine: type, count: int, period: float) -> type:
    return type(engine.__name__, (engine,), {"limit": Limit(count, period)})


def _points(count: int, cutoffs=(5.0, 10.0)) -> list[Request]:
    return [Request(n, 2.0 + n / 1000, 46.0 if n % 50 else 85.0, tuple(cutoffs)) for n in range(count)]


@pytest.mark.parametrize("engine", ENGINES)
def test_every_point_of_a_thousand_ends_with_polygons_or_a_reason_and_no_request_goes_beyond_the_limit(engine):
    with RoutingServer(limit=(20, 0.05), faults=0.15) as server:
        answers = list(_with_limit(engine, 20, 0.05)(server.url).isochrones(_points(1000, [5.0]), TravelMode()))
    assert sorted(answer.key for answer in answers) == list(range(1000))
    for answer in answers:
        assert set(answer.polygons) | set(answer.failures) == {5.0}
        if answer.key % 50 == 0:
            assert "road" in str(answer.failures[5.0])
    lost = [a for a in answers if a.failures and a.key % 50]
    assert len(lost) < 5, [str(a.failures[5.0]) for a in lost]
    assert server.beyond_limit == 0


@pytest.mark.parametrize("engine", ENGINES)
def test_a_repeated_run_asks_for_no_isochrone_at_all(engine, tmp_path):
    with RoutingServer() as server:
        points = [point for point in _points(40) if point.y < 80]
        engine = _with_limit(engine, 20, 0.1)
        first = list(engine(server.url, cache=AnswerCache(tmp_path / "answers")).isochrones(points, TravelMode()))
        asked = sum("isochrone" in path for _, path in server.requests)
        again = list(engine(server.url, cache=AnswerCache(tmp_path / "answers")).isochrones(points, TravelMode()))
        assert sum("isochrone" in path for _, path in server.requests) == asked
    assert {a.key: a.polygons for a in again} == {a.key: a.polygons for a in first}


@pytest.mark.parametrize("engine", ENGINES)
def test_answers_for_other_parameters_are_not_taken_for_these(engine):
    cache = AnswerCache()
    with RoutingServer() as server:
        for travel in (
            TravelMode(),
            TravelMode(direction="arrival"),
            TravelMode(metric="distance"),
            TravelMode(profile="foot"),
        ):
            list(engine(server.url, cache=cache).isochrones([Request(0, 2.0, 46.0, (500.0,))], travel))
        assert sum(server.answered.values()) == 4


@pytest.mark.parametrize("engine", [Valhalla, Geoplateforme, OpenRouteService])
def test_new_data_on_the_server_make_old_answers_void(engine, tmp_path, monkeypatch):
    monkeypatch.setattr("carto_services_publics.core.routing.online.DAY", 0.0)
    cache = AnswerCache(tmp_path / "answers")
    points = _points(10)[1:]
    engine = _with_limit(engine, 20, 0.1)
    with RoutingServer(version="2026-10-01") as server:
        list(engine(server.url, cache=cache).isochrones(points, TravelMode()))
        server.version = "2026-11-01"
        before = sum(server.answered.values())
        list(engine(server.url, cache=cache).isochrones(points, TravelMode()))
        assert sum(server.answered.values()) == 2 * before


_RUN = """
import sys
from carto_services_publics.core.routing.answer_cache import AnswerCache
from carto_services_publics.core.routing.engines import Request, TravelMode
from carto_services_publics.core.routing.online import Limit
from carto_services_publics.core.routing import {module}
engine_class = {module}.{engine}
engine_class.limit = Limit(10, 0.05)
engine = engine_class(sys.argv[1], cache=AnswerCache(sys.argv[2]))
for answer in engine.isochrones([Request(n, 2.0 + n / 1000, 46.0, (5.0,)) for n in range(300)], TravelMode()):
    print(answer.key, flush=True)
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_a_run_killed_in_the_middle_goes_on_where_it_was(engine, tmp_path):
    code = _RUN.format(module=engine.__module__.rpartition(".")[2], engine=engine.__name__)
    with RoutingServer(limit=(10, 0.05), delay=0.01) as server:
        command = [sys.executable, "-c", code, server.url, str(tmp_path / "answers")]
        run = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        got = [int(run.stdout.readline()) for _ in range(50)]
        run.kill()
        run.wait()
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        assert sorted(int(line) for line in done.stdout.split()) == list(range(300))
        lons = {round(2.0 + key / 1000, 7) for key in got}
        assert all(times == 1 for (lon, *_), times in server.answered.items() if lon in lons)
        under_way = engine.threads * 5
        assert sum(times - 1 for times in server.answered.values()) <= under_way
        assert server.beyond_limit == 0


class _StopAfter(Progress):
    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def cancelled(self) -> bool:
        return time.monotonic() > self._end


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", ["waiting for the limit", "waiting for an answer"])
def test_a_cancel_is_heard_within_a_second(engine, case):
    limit, delay = ((1, 60.0), 0.0) if case == "waiting for the limit" else ((10, 1.0), 5.0)
    with RoutingServer(delay=delay) as server:
        engine = _with_limit(engine, *limit)(server.url, cache=_version_known(engine, server))
        start = time.monotonic()
        with pytest.raises(Cancelled):
            list(engine.isochrones(_points(60), TravelMode(), _StopAfter(0.3)))
        assert time.monotonic() - start < 1.3


def _version_known(engine, server) -> AnswerCache:
    cache = AnswerCache()
    cache.learn(server.url, "version", "x")
    cache.learn(server.url, "capabilities", {})
    return cache


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("asked", ["1000000000", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT", "121"])
def test_a_wait_nobody_would_sit_through_is_said_and_ends_the_run(engine, asked):
    begun = time.monotonic()
    with RoutingServer(limit=(0, 60.0), retry_after=asked) as server:
        cache = _version_known(engine, server)
        answers = list(engine(server.url, cache=cache).isochrones(_points(3, [5.0]), TravelMode()))
    assert time.monotonic() - begun < 5
    reasons = {str(reason) for answer in answers for reason in answer.failures.values()}
    assert len(answers) == 3 and any("asks to wait" in reason for reason in reasons), reasons


def test_the_day_s_quota_ends_the_asking_and_keeps_what_is_done(tmp_path):
    points = [Request(n, 2.0 + n / 1000, 46.0, (5.0,)) for n in range(50)]
    with RoutingServer(daily_quota=4) as server:
        answers = list(OpenRouteService(server.url, cache=AnswerCache(tmp_path / "a")).isochrones(points, TravelMode()))
        assert sum(bool(answer.polygons) for answer in answers) == 16  # the first point alone, then 3 batches of 5
        assert {"quota" in str(a.failures[5.0]) for a in answers if a.failures} == {True}
        assert len(server.requests) <= 4 + OpenRouteService.threads
        server.daily_quota = None
        answers = list(OpenRouteService(server.url, cache=AnswerCache(tmp_path / "a")).isochrones(points, TravelMode()))
        assert all(answer.polygons for answer in answers)
        assert set(server.answered.values()) == {1}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_server_out_of_reach_is_not_asked_a_thousand_times(engine):
    with RoutingServer() as server:
        url = server.url
    start = time.monotonic()
    answers = list(engine(url).isochrones(_points(1000), TravelMode()))
    assert len(answers) == 1000
    assert all("did not answer" in str(reason) for answer in answers for reason in answer.failures.values())
    assert time.monotonic() - start < 15


def test_one_point_without_a_road_does_not_spoil_the_four_others_of_its_request():
    points = [Request(n, 2.0 + n / 1000, 46.0 if n != 7 else 85.0, (5.0,)) for n in range(20)]
    with RoutingServer() as server:
        answers = {answer.key: answer for answer in OpenRouteService(server.url).isochrones(points, TravelMode())}
    assert [key for key, answer in answers.items() if answer.failures] == [7]


def test_the_geoplateforme_s_point_for_too_small_a_cost_is_no_polygon():
    with RoutingServer() as server:
        (answer,) = Geoplateforme(server.url).isochrones([Request(0, 2.0, 46.0, (0.1, 10.0))], TravelMode())
    assert "no area" in str(answer.failures[0.1])
    assert wkb.loads(answer.polygons[10.0]).area > 0


def test_cutoffs_beyond_what_the_geoplateforme_announces_are_not_asked():
    with RoutingServer() as server:
        (answer,) = Geoplateforme(server.url).isochrones([Request(0, 2.0, 46.0, (10.0, 601.0))], TravelMode())
        assert "from 0.0" in str(answer.failures[601.0])
        assert 10.0 in answer.polygons
        assert sum(server.answered.values()) == 1


def test_a_profile_a_server_lacks_is_said_before_anything_is_sent():
    with RoutingServer() as server:
        with pytest.raises(NotOffered, match="bike"):
            list(Geoplateforme(server.url).isochrones(_points(3), TravelMode(profile="bike")))
        assert not server.requests


def test_many_cutoffs_are_shared_out_over_requests():
    cutoffs = tuple(float(n) for n in range(1, 13))
    with RoutingServer() as server:
        for engine in ENGINES:
            answers = list(engine(server.url).isochrones([Request(0, 2.0, 46.0, cutoffs)], TravelMode()))
            assert set(answers[0].polygons) == set(cutoffs)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_refused_key_is_said_in_words_and_not_tried_on_every_point(engine):
    with RoutingServer(refuse=401) as server:
        answers = list(engine(server.url).isochrones(_points(200, [5.0]), TravelMode()))
        assert len(answers) == 200
        assert all("authentication" in str(answer.failures[5.0]) for answer in answers)
        assert len(server.requests) <= engine.threads + 3


@pytest.mark.parametrize("name", ["1", "3", "constraints"])
def test_recorded_geoplateforme_answers_are_read_as_valid_polygons(shared_data, name):
    content = json.loads((shared_data / "api" / f"ign-isochrone-{name}-2023.json").read_text())
    polygon = wkb.loads(read_polygons(content["geometry"]))
    assert polygon.is_valid and polygon.geom_type == "MultiPolygon" and polygon.area > 0


def test_a_cache_that_cannot_be_read_is_started_anew(tmp_path):
    (tmp_path / "answers").write_bytes(b"not a database at all" * 100)
    cache = AnswerCache(tmp_path / "answers")
    cache.keep("q", "v", Message("No {what}.", {"what": "road"}))
    assert str(cache.find("q", "v")) == "No road."
    assert cache.find("q", "w") is None


@pytest.mark.parametrize("engine", ENGINES)
def test_a_server_tried_out_says_plainly_whether_it_works(engine, monkeypatch):
    with RoutingServer() as server:
        works, words = engine(server.url).try_out(lambda: None)
        assert works and "It answers: an area" in str(words)
        assert sum("isochrone" in path for _, path in server.requests) == 1
        monkeypatch.setattr("carto_services_publics.core.routing.online._TRIED", (2.0, 85.0))
        works, words = engine(server.url).try_out(lambda: None)
        assert works == (engine is not Geoplateforme) and "no road" in str(words)
    with RoutingServer(refuse=401) as server:
        works, words = engine(server.url).try_out(lambda: None)
        assert not works and ("access" in str(words) or "key" in str(words))
    with pytest.raises(requests.RequestException):
        engine("http://127.0.0.1:9").try_out(lambda: None)


def test_a_page_of_html_is_no_isochrone_server(monkeypatch):
    with RoutingServer(faults=1.0) as server:
        monkeypatch.setattr(server.random, "choice", lambda _faults: "html")
        works, words = Valhalla(server.url).try_out(lambda: None)
    assert not works and "not an isochrone" in str(words)
