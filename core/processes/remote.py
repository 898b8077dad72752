"""The work of `pool.run` on the workers of a Dask scheduler, where one is named (`sent_to`).

Workers need this package and see the files by the same paths. A worker that is lost costs what it had in hand, which is
tried again elsewhere.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, NamedTuple

from ..errors import CartoError
from ..messages import msg
from ..progress import Progress
from .outcomes import Resource, Work, WorkerFailed, become_worker, error_of, name_of, named, outcome

RETRIES = 2
"""Times a piece of work is tried again when its worker is lost."""
ANSWERS_WITHIN = 10.0
"""Seconds in which a scheduler must answer, unless `sent_to` gives another time."""
_HEARTBEAT = 0.05
"""Seconds between two looks at whether the user wants to stop."""
_ONE_AT_A_TIME = threading.Lock()
"""For the threads of a worker: what is opened is theirs together, and keeps what it works out without asking who else
reads it. Nothing is lost: scipy holds the interpreter's lock while it searches."""
_scheduler: ContextVar[tuple[str, float]] = ContextVar("scheduler", default=("", ANSWERS_WITHIN))


class NoCluster(CartoError):
    """A scheduler was named and cannot be used."""


@contextmanager
def sent_to(address: str, answers_within: float = ANSWERS_WITHIN) -> Iterator[None]:
    """Send what `pool.run` is asked for meanwhile, in this thread, to the scheduler at ``address`` (empty: nowhere).

    ``answers_within``: seconds in which it must answer.
    """
    before = _scheduler.set((address, answers_within))
    try:
        yield
    finally:
        _scheduler.reset(before)


def scheduler() -> str:
    """The address that `sent_to` named; empty where none was."""
    return _scheduler.get()[0]


class RemoteWork(NamedTuple):
    """What is done with each payload: see `pool.run`."""

    function: Work
    resource: Resource
    shared: Any


def results(work: RemoteWork, payloads: Iterable[Any], address: str, progress: Progress) -> Iterator[tuple[int, Any]]:
    """The number and the result of each payload, as they come; all is given up at a cancel or an error.

    Raises `NoCluster`, and what `pool.run` raises.
    """
    with _connected(address) as client:
        workers = len(client.nthreads())
        if not workers:
            raise NoCluster("The cluster at {address} has no worker.", address=address)
        shared = None if work.shared is None else client.scatter([_Sealed(work.shared)], broadcast=True)[0]
        how = name_of(work.function), name_of(work.resource.open), work.resource.path
        numbers = {
            client.submit(_on_worker, *how, shared, _Sealed(payload), retries=RETRIES, pure=False): number
            for number, payload in enumerate(payloads)
        }
        progress.info(
            msg(
                "{count} piece of work goes to the cluster at {address} ({workers} workers)."
                "|{count} pieces of work go to the cluster at {address} ({workers} workers).",
                count=len(numbers),
                address=address,
                workers=workers,
            )
        )
        try:
            for done, future in enumerate(_as_they_end(list(numbers), progress), start=1):
                yield numbers[future], _result(future, address)
                progress.advance(done / len(numbers))
        finally:
            client.cancel(list(numbers))


class _Sealed:
    """A value that Dask hands on as it is: it looks into tuples and lists for work of its own."""

    def __init__(self, value: Any) -> None:
        self.value = value


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    try:
        import asyncio  # here: it is heavy, and the workers of this machine import this module

        import distributed
    except ImportError as error:
        raise NoCluster("A scheduler needs Dask: pip install “dask[distributed]”.") from error
    try:
        _answered(address, _scheduler.get()[1])
        client = distributed.Client(address, timeout=_scheduler.get()[1], set_as_default=False)
    except (OSError, ValueError, TypeError, asyncio.TimeoutError) as error:  # TypeError: TLS without certificates
        reason = str(error) or type(error).__name__
        raise NoCluster("No scheduler answers at {address}: {reason}", address=address, reason=reason) from error
    with client:
        yield client


def _answered(address: str, seconds: float) -> None:
    """Wait for a scheduler's first answer: a client waits for ever where a port is open and mute, and for its own end
    after an address that is none. Raises `OSError`, `ValueError`, `asyncio.TimeoutError`."""
    import asyncio

    import distributed

    async def asked() -> None:
        how = distributed.Security().get_connection_args("client")
        async with distributed.rpc(address, timeout=seconds, connection_args=how) as scheduler:
            await scheduler.identity()

    async def in_time() -> None:
        await asyncio.wait_for(asked(), seconds)

    with ThreadPoolExecutor(1) as thread:  # where the caller has a loop of events of its own, too
        thread.submit(asyncio.run, in_time()).result()


def _as_they_end(futures: list[Any], progress: Progress) -> Iterator[Any]:
    waiting = futures
    while waiting:
        progress.check()
        ended = {future for future in waiting if future.done()}
        if not ended:
            time.sleep(_HEARTBEAT)
        waiting = [future for future in waiting if future not in ended]
        yield from ended


def _result(future: Any, address: str) -> Any:
    if future.status == "error":
        why = future.exception()
        raise WorkerFailed("A worker process failed: {reason}", reason=f"{type(why).__name__}: {why}")
    if future.status != "finished":  # its connection to the scheduler is gone, and cancels what was asked
        raise NoCluster("The cluster at {address} does not answer any more.", address=address)
    kind, value = future.result()
    if kind == "unseen":
        raise NoCluster(
            "The workers of the cluster at {address} do not see {path}: put it where they do, or use no cluster.",
            address=address,
            path=value,
        )
    if kind != "result":
        raise error_of(kind, value)
    return value


def _on_worker(function: str, opener: str, path: str, shared: _Sealed | None, payload: _Sealed) -> tuple[str, Any]:
    """What a worker of the cluster does: an `outcome`, or ``unseen`` and the path of a file that it lacks."""
    if not os.path.exists(path):
        return "unseen", path
    become_worker()
    extra = () if shared is None else (shared.value,)
    with _ONE_AT_A_TIME:
        return outcome(lambda: named(function)(_opened(opener, path, os.path.getmtime(path)), payload.value, *extra))


@lru_cache(maxsize=2)
def _opened(opener: str, path: str, _modified: float) -> Any:
    """What a worker opens once, as long as the file stays the same."""
    return named(opener)(path)
