"""Work sent to a cluster gives what it gives here, and stops when it is told to."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from carto_services_publics.core.access import matrix, nearest
from carto_services_publics.core.errors import Cancelled, InvalidInput
from carto_services_publics.core.processes import remote
from carto_services_publics.core.processes.outcomes import Resource, WorkerFailed
from carto_services_publics.core.processes.pool import run
from carto_services_publics.core.processes.remote import NoCluster, scheduler, sent_to
from carto_services_publics.core.progress import Progress
from carto_services_publics.core.routing.local import Router

distributed = pytest.importorskip("distributed")
sys.path[:0] = [str(Path(__file__).parents[1] / "routing")]
from drawing import random_network  # noqa: E402


@pytest.fixture(scope="module")
def cluster():
    """The address of a scheduler whose worker is a thread of this process."""
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None) as made:
        yield made.scheduler_address


@pytest.fixture
def words(tmp_path) -> Resource:
    path = tmp_path / "words.txt"
    path.write_text("un deux trois", encoding="utf-8")
    return Resource(opened, str(path))


def opened(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").split()


def repeated(words: list[str], payload: tuple[int, int], shared: tuple[str, np.ndarray]) -> str:
    word, times = payload
    return shared[0].join([words[word]] * times) + str(shared[1].sum())


def refused(words: list[str], payload: int) -> int:
    if payload == 3:
        raise InvalidInput("There is no direction “{name}”.", name=words[1])
    if payload == 4:
        raise ValueError("a fault")
    return payload


def slow(_words: list[str], payload: int) -> int:
    time.sleep(0.2)
    return payload


def test_results_come_in_order_and_tuples_stay_as_they_are(cluster, words):
    payloads = [(0, 1), (2, 3), (1, 2)]
    shared = ("-", np.arange(4))
    here = list(run(repeated, payloads, resource=words, shared=shared, workers=0))
    with sent_to(cluster):
        assert list(run(repeated, payloads, resource=words, shared=shared)) == here
    assert here == ["un6", "trois-trois-trois6", "deux-deux6"]
    assert scheduler() == ""


def test_a_file_that_changed_is_read_again(cluster, words):
    with sent_to(cluster):
        assert list(run(repeated, [(0, 1)], resource=words, shared=("", np.zeros(1, int)))) == ["un0"]
        Path(words.path).write_text("one two three", encoding="utf-8")
        assert list(run(repeated, [(0, 1)], resource=words, shared=("", np.zeros(1, int)))) == ["one0"]


def test_errors_are_those_of_the_work(cluster, words):
    with sent_to(cluster):
        with pytest.raises(InvalidInput, match="no direction “deux”"):
            list(run(refused, [1, 2, 3], resource=words))
        with pytest.raises(WorkerFailed, match="a fault"):
            list(run(refused, [4], resource=words))


def test_a_file_that_workers_do_not_see_is_said(cluster, tmp_path):
    missing = Resource(opened, str(tmp_path / "elsewhere.txt"))
    with sent_to(cluster), pytest.raises(NoCluster, match="do not see .*elsewhere.txt"):
        list(run(refused, [1], resource=missing))


def alone(words: list[str], payload: int) -> bool:
    """Whether nobody else works with what was opened meanwhile."""
    words.append("mine")
    time.sleep(0.02)
    others = words.count("mine") - 1
    words.remove("mine")
    return others == 0


def test_threads_of_a_worker_do_not_meet_in_what_they_share(words):
    """A network keeps what it works out; scipy leaves the threads nothing to gain."""
    how = {"n_workers": 1, "threads_per_worker": 4, "processes": False, "dashboard_address": None}
    with distributed.LocalCluster(**how) as made, sent_to(made.scheduler_address):
        assert list(run(alone, range(12), resource=words)) == [True] * 12


def test_a_cancel_is_heard_and_work_in_waiting_is_given_up(cluster, words):
    class Impatient(Progress):
        asked = 0

        def cancelled(self) -> bool:
            self.asked += 1
            return self.asked > 3

    started = time.monotonic()
    with sent_to(cluster), pytest.raises(Cancelled):
        list(run(slow, range(200), resource=words, progress=Impatient()))
    assert time.monotonic() - started < 10  # all of it would take 40 s


def test_without_a_scheduler_there_is_a_sentence(words):
    with sent_to("here"), pytest.raises(NoCluster, match="here"):
        list(run(refused, [1], resource=words))


def test_a_scheduler_that_is_lost_on_the_way_is_named():
    """Dask then cancels what was asked of it."""
    with pytest.raises(NoCluster, match="tcp://there does not answer any more"):
        remote._result(SimpleNamespace(status="cancelled"), "tcp://there")


def test_costs_are_those_found_here(cluster, tmp_path, monkeypatch):
    network = random_network(tmp_path / "random.network", 7)
    random = np.random.default_rng(1)
    router = Router(network)
    low, high = (np.asarray(network.node_xy).min(axis=0), np.asarray(network.node_xy).max(axis=0))
    demand, services = (router.snap(random.uniform(low, high, (count, 2))) for count in (40, 12))
    groups = [np.arange(5), np.arange(5, 12)]
    blocks = [(block.origins, block.destinations, block.cost) for block in matrix.cost_blocks(router, demand, services)]
    here = list(nearest.nearest_in_groups(router, demand, services, groups))
    monkeypatch.setattr(nearest, "WORTH_WORKERS", 0)
    monkeypatch.setattr(matrix, "WORTH_WORKERS", 0)
    with sent_to(cluster):
        there = list(nearest.nearest_in_groups(router, demand, services, groups))
        sent = list(matrix.cost_blocks(router, demand, services))
    for mine, theirs in zip(here, there):
        assert mine.group == theirs.group and np.array_equal(mine.service, theirs.service)
        assert np.array_equal(mine.cost, theirs.cost, equal_nan=True)
    tables = [np.full((40, 12), np.inf) for _ in range(2)]
    for table, found in zip(tables, (blocks, sent)):
        for origins, destinations, cost in found:
            table[np.ix_(origins, destinations)] = cost
    assert np.array_equal(*tables) and np.isfinite(tables[0]).any()
