"""Worker processes: they do the work, and nobody is left behind."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from carto_services_publics.core.errors import Cancelled, InvalidInput
from carto_services_publics.core.network import shared_network
from carto_services_publics.core.processes import pool
from carto_services_publics.core.processes.pool import LongLivedWorker, WorkerFailed, interpreter, run
from carto_services_publics.core.progress import Progress

sys.path.insert(0, str(Path(__file__).parents[1] / "routing"))
from carto_services_publics.tests.core.processes import tasks
from drawing import draw


@pytest.fixture
def network(tmp_path):
    return draw(tmp_path / "a.network", [[(0, 0), (1000, 0)], [(1000, 0), (1000, 500)]], [1.0, 2.0])


def children() -> list[str]:
    """Python processes started by this one and still there."""
    listed = subprocess.run(["ps", "ww", "--ppid", str(os.getpid()), "-o", "args="], capture_output=True, text=True)
    return [line for line in listed.stdout.splitlines() if "serve" in line]


def test_work_is_shared_out_and_every_result_comes_once(network):
    results = list(run(tasks.links, range(20), resource=shared_network(network), workers=2))
    assert sorted(payload for payload, _, _ in results) == list(range(20))
    assert {links for _, links, _ in results} == {2}
    processes = {process for _, _, process in results}
    assert 1 <= len(processes) <= 2
    assert os.getpid() not in processes
    assert children() == []


def test_results_come_in_the_order_of_the_payloads_whoever_is_quicker(network):
    payloads = [0.5, 0.0, 0.0, 0.2, 0.0]
    assert list(run(tasks.slow, payloads, resource=shared_network(network), workers=2)) == payloads


def test_without_workers_the_same_work_is_done_here(network, monkeypatch):
    here = list(run(tasks.links, range(3), resource=shared_network(network), workers=0))
    assert here == [(0, 2, os.getpid()), (1, 2, os.getpid()), (2, 2, os.getpid())]
    monkeypatch.setattr(pool, "interpreter", lambda: None)
    assert list(run(tasks.links, range(3), resource=shared_network(network))) == here
    monkeypatch.setattr(pool, "interpreter", lambda: "/no/such/python")
    assert list(run(tasks.links, range(3), resource=shared_network(network))) == here


def test_an_interpreter_that_is_not_one_leaves_the_work_here(network, monkeypatch):
    """As when `sys.executable` is QGIS itself, or a Python without numpy."""
    monkeypatch.setattr(pool, "interpreter", lambda: "/bin/true")
    results = list(run(tasks.links, range(3), resource=shared_network(network), workers=2))
    assert sorted(payload for payload, _, _ in results) == [0, 1, 2]


def test_what_is_shared_reaches_every_worker(network):
    table = {i: np.full(1000, i) for i in range(5)}
    results = list(run(tasks.shared, range(5), resource=shared_network(network), shared=table, workers=2))
    assert sorted(int(array[0]) for array in results) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("workers", [0, 1, 2])
@pytest.mark.parametrize("first", ["works", "dies once"])
def test_nothing_begins_before_what_is_first(network, tmp_path, workers, first):
    if first == "dies once" and workers == 0:
        pytest.skip("it would be this process that ends")
    seen = list(
        run(
            tasks.is_after_the_first,
            range(5),
            resource=shared_network(network),
            shared=str(tmp_path),
            workers=workers,
            first=first,
        )
    )
    assert seen == [True] * 5
    assert children() == []


def test_a_worker_that_ends_before_it_starts_leaves_what_is_first_to_another(network, tmp_path, monkeypatch):
    mark = str(tmp_path / "ended")
    ends = (
        f"import os\ntry:\n    open({mark!r}, 'x').close()\n    os._exit(0)\nexcept FileExistsError:\n    {pool._START}"
    )
    monkeypatch.setattr(pool, "_START", ends)
    results = list(run(tasks.links, range(5), resource=shared_network(network), workers=2, first=9))
    assert [payload for payload, _, _ in results] == list(range(5)) and (tmp_path / "ended").exists()
    assert os.getpid() not in {process for _, _, process in results}


def test_an_error_of_what_is_first_is_raised(network):
    with pytest.raises(InvalidInput, match="7 rows"):
        list(run(tasks.told, range(5), resource=shared_network(network), workers=2, first=7))
    assert children() == []


def test_what_is_first_is_done_here_where_no_worker_starts(network, tmp_path, monkeypatch):
    monkeypatch.setattr(pool, "interpreter", lambda: "/bin/true")
    how = {"resource": shared_network(network), "shared": str(tmp_path), "workers": 2, "first": "works"}
    assert list(run(tasks.is_after_the_first, range(3), **how)) == [True] * 3


def test_what_a_library_prints_does_not_disturb(network):
    assert list(run(tasks.printing, [7], resource=shared_network(network), workers=1)) == [7]


def test_a_cancel_is_obeyed_within_a_second_and_leaves_nobody(network):
    class Stop(Progress):
        def cancelled(self):
            return time.monotonic() > begun + 0.5

    begun = time.monotonic()
    with pytest.raises(Cancelled):
        list(run(tasks.slow, [60, 60], resource=shared_network(network), workers=2, progress=Stop()))
    assert time.monotonic() - begun < 1.5
    assert children() == []


def test_nobody_is_left_when_the_reader_stops_half_way(network):
    results = run(tasks.slow, [0, 60, 60], resource=shared_network(network), workers=2)
    next(results)
    results.close()
    assert children() == []


def test_an_error_of_ours_comes_through_as_it_is(network):
    with pytest.raises(InvalidInput, match="3 rows are wrong"):
        list(run(tasks.told, [3], resource=shared_network(network), workers=1))
    assert children() == []


@pytest.mark.parametrize("path", ["/data/a.network", None])
def test_a_full_disk_is_one_here_too(network, path):
    with pytest.raises(OSError) as caught:
        list(run(tasks.no_room, [path], resource=shared_network(network), workers=1))
    assert (caught.value.errno, caught.value.filename) == (errno.ENOSPC, path)
    assert children() == []


def test_another_error_is_named(network):
    with pytest.raises(WorkerFailed, match="ZeroDivisionError"):
        list(run(tasks.broken, [1], resource=shared_network(network), workers=1))


def test_a_worker_that_dies_once_costs_nothing(network, tmp_path):
    flags = [str(tmp_path / f"{i}") for i in range(4)]
    assert list(run(tasks.dies_once, flags, resource=shared_network(network), workers=2)) == ["done"] * 4


def test_what_a_worker_that_dies_was_given_ahead_is_done_by_another_and_stays_in_order(network, tmp_path):
    flags = [str(tmp_path / f"{i}") for i in range(9)]
    for flag in flags[:3] + flags[4:]:
        Path(flag).touch()
    payloads = [(flag, number) for number, flag in enumerate(flags)]
    assert list(run(tasks.numbered_or_dies_once, payloads, resource=shared_network(network), workers=2)) == [*range(9)]


def test_work_that_kills_every_worker_ends_with_a_clear_message(network):
    with pytest.raises(WorkerFailed, match="memory"):
        list(run(tasks.dies, [1], resource=shared_network(network), workers=2))
    assert children() == []


@pytest.mark.parametrize("executable", ["QGIS", "qgis-bin.exe", ""])
def test_an_interpreter_is_found_when_the_program_is_qgis(monkeypatch, executable):
    monkeypatch.setattr(sys, "executable", f"/Applications/QGIS.app/Contents/MacOS/{executable}" if executable else "")
    found = interpreter()
    assert found is not None
    assert "python" in Path(found).name
    done = subprocess.run([found, "-c", "print('works')"], capture_output=True, text=True)
    assert done.stdout.strip() == "works"


def test_a_cancel_is_heard_while_workers_start(network, monkeypatch):
    class CancelledAtOnce(Progress):
        def cancelled(self):
            return True

    # More than a pipe holds, for a worker that is long to start.
    monkeypatch.setattr(pool, "_START", "import time; time.sleep(20); " + pool._START)
    started = time.monotonic()
    with pytest.raises(Cancelled):
        list(
            run(
                tasks.shared,
                range(3),
                resource=shared_network(network),
                shared=np.zeros(1_000_000),
                workers=2,
                progress=CancelledAtOnce(),
            )
        )
    assert time.monotonic() - started < 5
    assert children() == []


def test_a_companion_keeps_what_it_worked_out_until_it_is_let_go(network):
    companion = LongLivedWorker(tasks.counts, resource=shared_network(network), shared=10)
    assert [companion.ask(1), companion.ask(2), companion.ask(3)] == [11, 13, 16]
    assert len(children()) == 1
    companion.close()
    assert children() == []
    assert companion.ask(1) == 11
    del companion
    assert children() == []


def test_a_companion_that_is_stopped_or_fails_answers_the_next_question(network):
    class Impatient(Progress):
        def cancelled(self):
            return True

    companion = LongLivedWorker(tasks.slow, resource=shared_network(network))
    with pytest.raises(Cancelled):
        companion.ask(60, Impatient())
    assert children() == []
    assert companion.ask(0) == 0
    broken = LongLivedWorker(tasks.broken, resource=shared_network(network))
    for _ in range(2):
        with pytest.raises(WorkerFailed):
            broken.ask(1)


def test_without_workers_a_companion_answers_here(network, monkeypatch):
    monkeypatch.setattr(pool, "interpreter", lambda: None)
    companion = LongLivedWorker(tasks.counts, resource=shared_network(network), shared=10)
    assert [companion.ask(1), companion.ask(2)] == [11, 13]
    assert children() == []
