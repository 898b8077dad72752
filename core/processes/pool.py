"""A pool of workers: long searches away from the interface, over files that every process maps into memory.

scipy holds the interpreter's lock while it searches, so threads would freeze whoever asked. Workers are plain Python
processes that speak over pipes; where none can be started the same work is done here, in small calls.
"""

from __future__ import annotations

import ctypes
import os
import queue
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial
from io import BufferedReader
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, Callable, NamedTuple, cast

from ..messages import Message
from ..progress import Progress
from .child import PIPE, interpreter, started
from .in_order import in_order
from .outcomes import Resource, Work, WorkerFailed, become_worker, error_of, name_of, named, outcome
from .remote import RemoteWork, results, scheduler
from .wire import Packet, packed, receive, send

_MOST = 8
_FIRST = -1
"""The number of what is done before all else."""
_HEARTBEAT = 0.1
"""Seconds between two looks at whether the user wants to stop."""
_ROOT = Path(os.path.abspath(__file__)).parents[__name__.count(".")]
_START = "import importlib; importlib.import_module(sys.argv[0]).serve()"


class _Event(NamedTuple):
    """What came from a worker: ``kind`` is ``ready``, ``progress``, ``result``, ``carto``, ``error`` or ``gone``."""

    worker: _Worker
    kind: str
    value: Any


class _Job:
    """The work to do: numbered payloads, those that wait, how many are done."""

    def __init__(self, function: Work, resource: Resource | None, shared: Any, waiting: deque[tuple[int, Any]]) -> None:
        self.function, self.resource, self.shared, self.waiting = function, resource, shared, waiting
        self.total, self.done = len(waiting), 0
        self.failed: set[int] = set()
        self._held_back: deque[tuple[int, Any]] = deque()

    def hold_back_for(self, first: Any) -> None:
        """Nothing is worked on before ``first`` is."""
        self._held_back, self.waiting = self.waiting, deque([(_FIRST, first)])

    def is_answer(self, number: int) -> bool:
        """Whether what is done counts: all but the first, after which the others may begin."""
        if number == _FIRST:
            self.waiting.extend(self._held_back)
            self._held_back.clear()
            return False
        self.done += 1
        return True


def run(
    function: Work,
    payloads: Iterable[Any],
    *,
    resource: Resource,
    shared: Any = None,
    workers: int | None = None,
    progress: Progress | None = None,
    out_of_turn: bool = False,
    first: Any = None,
) -> Iterator[Any]:
    """Call ``function(resource, payload)`` for each payload, in worker processes, and give the results in their order.

    The first argument is what ``resource`` opens. ``shared``, when given, is sent once to each worker and passed as a
    third argument. ``first``, when given, is a payload worked on before any other, by one worker while the others
    start; its result is not given, and a cluster does without. ``workers`` 0 works in this process; by default as many
    as there are processors, or those of a cluster (`remote.sent_to`). A `CartoError` or `OSError` in the function is
    raised here; a payload whose worker dies is tried once more elsewhere, then raises `WorkerFailed`. Nobody survives
    a cancel, an error, or the end of the iteration; ``out_of_turn``: see `in_order`.
    """
    address = scheduler()
    if address and workers is None:
        found = results(RemoteWork(function, resource, shared), payloads, address, progress or Progress())
        return in_order(found, out_of_turn=out_of_turn)
    job = _Job(function, resource, shared, deque(enumerate(payloads)))
    if first is not None and job.total:
        job.hold_back_for(first)
    wanted = most_workers() if workers is None else workers
    return _results(job, wanted, progress or Progress(), out_of_turn)


def most_workers() -> int:
    """How many work at once on this machine."""
    return min(_MOST, os.cpu_count() or 1)


def call(function: Work, payload: Any, *, progress: Progress | None = None) -> Any:
    """Give what ``function(payload, progress)`` gives, called in a worker process, or here where none can start.

    What the function reports is reported to ``progress``; errors and cancels are as with `run`.
    """
    job = _Job(function, None, None, deque([(0, payload)]))
    (result,) = _results(job, 1, progress or Progress(), False)
    return result


class LongLivedWorker:
    """One worker process that stays and answers, one question after the other, with what it keeps in between.

    ``function`` is called as by `run`, in that process, or here where none can start. It may keep what it works out in
    the resource, and must be able to work it out again: a cancel or an error ends the process, and the
    next question starts another. The process also ends with the last reference to it.
    """

    def __init__(self, function: Work, *, resource: Resource, shared: Any = None) -> None:
        self._job = _Job(function, resource, shared, deque())
        self._workers = _WorkerPool(self._job)

    def ask(self, payload: Any, progress: Progress | None = None) -> Any:
        """What the function gives for ``payload``; errors are as with `run`."""
        job, progress = self._job, progress or Progress()
        job.waiting.append((job.total, payload))
        job.total += 1
        try:
            if self._workers.present:
                self._workers.present[0].give(job.waiting.popleft())
            else:
                self._workers.start(1)
            answers = [*_from_workers(self._workers, job, progress), *_in_this_process(job, progress)]
        except BaseException:
            self.close()
            raise
        return answers[0][1]

    def close(self) -> None:
        """End the process. A question asked after that starts another."""
        self._job.waiting.clear()
        self._workers.stop()
        self._workers = _WorkerPool(self._job)

    def __del__(self) -> None:
        self._workers.stop()


def _results(job: _Job, wanted: int, progress: Progress, out_of_turn: bool) -> Iterator[Any]:
    workers = _WorkerPool(job)
    try:
        workers.start(min(wanted, job.total))
        numbered = chain(_from_workers(workers, job, progress), _in_this_process(job, progress))
        yield from in_order(numbered, out_of_turn=out_of_turn)
    finally:
        workers.stop()


class _Worker:
    """A child process, the thread that listens to it, and the one that writes to it.

    A pipe holds little: what is sent waits until the child has started, and must not make the parent wait.
    """

    def __init__(self, python: str, greeting: Packet, events: queue.Queue[_Event]) -> None:
        self.tasks: deque[tuple[int, Any]] = deque()
        self.ready = False
        self._process = started(python, _START, [__name__], first=(str(_ROOT),), stdin=PIPE, stdout=PIPE)
        self._packets: queue.SimpleQueue[Packet | None] = queue.SimpleQueue()
        self._packets.put(greeting)
        self._writer = threading.Thread(target=self._write, daemon=True)
        self._listener = threading.Thread(target=self._listen, args=(events,), daemon=True)
        self._writer.start()
        self._listener.start()

    def give(self, task: tuple[int, Any]) -> None:
        """Send one payload, worked on after those sent before; the answer comes as an event."""
        self.tasks.append(task)
        self._packets.put(packed(task[1]))

    def stop(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.wait()
        self._packets.put(None)
        for thread in (self._writer, self._listener):
            thread.join(timeout=1.0)
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                cast(BinaryIO, stream).close()

    def _write(self) -> None:
        with suppress(OSError):  # a worker that has died: its listener says so
            for packet in iter(self._packets.get, None):
                send(cast(BinaryIO, self._process.stdin), packet)

    def _listen(self, events: queue.Queue[_Event]) -> None:
        try:
            while True:
                kind, value = receive(cast(BufferedReader, self._process.stdout))
                events.put(_Event(self, kind, value))
        except (EOFError, OSError, ValueError):
            events.put(_Event(self, "gone", None))


class _WorkerPool:
    """The workers of one job."""

    def __init__(self, job: _Job) -> None:
        self.present: list[_Worker] = []
        self.events: queue.Queue[_Event] = queue.Queue()
        self._job = job
        opener = (name_of(job.resource.open), job.resource.path) if job.resource else None
        self._greeting = packed((name_of(job.function), opener, job.shared))

    def start(self, count: int) -> None:
        """Start workers, and give each something to do. Does nothing where none can be started."""
        python = interpreter() if count else None
        if python is None:
            return
        for _ in range(count):
            try:
                worker = _Worker(python, self._greeting, self.events)
            except OSError:
                return
            self.present.append(worker)
            if self._job.waiting:
                worker.give(self._job.waiting.popleft())

    def supply(self, worker: _Worker) -> None:
        """Give a worker that has started its next payload, and while many wait the one after it: it then need not
        wait for whoever reads the results."""
        waiting = self._job.waiting
        while waiting and len(worker.tasks) < (2 if len(waiting) > len(self.present) else 1):
            worker.give(waiting.popleft())

    def replace(self, worker: _Worker) -> None:
        """A worker has ended. One that had started its work is replaced, but the same may not end two of them."""
        self.present.remove(worker)
        worker.stop()
        if not worker.tasks:
            return
        self._job.waiting.extendleft(reversed(worker.tasks))
        if worker.ready:
            number = worker.tasks[0][0]
            if number in self._job.failed:
                raise WorkerFailed("A worker process ended twice on the same work: there may be too little memory.")
            self._job.failed.add(number)
            self.start(1)
        self.supply_all()

    def supply_all(self) -> None:
        """Give those that have started and have nothing to do what waits."""
        for worker in self.present:
            if worker.ready and not worker.tasks:
                self.supply(worker)

    def stop(self) -> None:
        for worker in self.present:
            worker.stop()


def _from_workers(workers: _WorkerPool, job: _Job, progress: Progress) -> Iterator[tuple[int, Any]]:
    """Give work and results until all is done, or no worker could be started."""
    while any(worker.tasks or (job.waiting and not worker.ready) for worker in workers.present):
        try:
            worker, kind, value = workers.events.get(timeout=_HEARTBEAT)
        except queue.Empty:
            progress.check()
            continue
        if kind == "ready":
            worker.ready = True
            workers.supply(worker)
        elif kind == "progress":
            what, said = value
            getattr(progress, what)(said)
            progress.check()
        elif kind == "gone":
            workers.replace(worker)
        elif kind == "result" and worker.tasks:
            number, _ = worker.tasks.popleft()
            counts = job.is_answer(number)
            workers.supply(worker)
            workers.supply_all()
            if counts:
                yield number, value
                progress.advance(job.done / job.total)
        else:
            raise error_of(kind, value)


def _in_this_process(job: _Job, progress: Progress) -> Iterator[tuple[int, Any]]:
    """What no worker could take, in this process."""
    if not job.waiting:
        return
    work = _work(job.function, job.resource, job.shared, progress)
    while job.waiting:
        progress.check()
        number, payload = job.waiting.popleft()
        value = work(payload)
        if job.is_answer(number):
            yield number, value
            progress.advance(job.done / job.total)


def _work(function: Work, resource: Resource | None, shared: Any, progress: Progress) -> Callable[[Any], Any]:
    """What is done with each payload."""
    if resource is None:
        return lambda payload: function(payload, progress)
    opened = resource.open(resource.path)
    extra = () if shared is None else (shared,)
    return lambda payload: function(opened, payload, *extra)


class _ProgressSender(Progress):
    """In a worker: what is reported goes to the parent, which ends the worker when the user wants to stop."""

    def __init__(self, answer: BinaryIO) -> None:
        self._answer = answer

    def show(self, fraction: float) -> None:
        self._send("show", fraction)

    def info(self, message: Message) -> None:
        self._send("info", message)

    def warn(self, message: Message) -> None:
        self._send("warn", message)

    def _send(self, what: str, said: Any) -> None:
        send(self._answer, packed(("progress", (what, said))))


def serve() -> None:
    """The life of a worker: a greeting, then payloads, until its parent closes the pipe."""
    packets = os.fdopen(os.dup(0), "rb")
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not reach the pipe
    become_worker()
    try:
        name, opener, shared = receive(packets)
        try:
            function = named(name)
            resource = Resource(named(opener[0]), opener[1]) if opener else None
        except ImportError:
            return  # a Python that lacks what the work needs: the parent does it
        if resource is None:
            keep_freed_memory()
        send(answer, packed(("ready", None)))
        work: Callable[[Any], Any] | None = None

        def answered(payload: Any) -> Any:
            nonlocal work
            if work is None:
                work = _work(function, resource, shared, _ProgressSender(answer))
            return packed(("result", work(payload)))

        while True:
            payload = receive(packets)
            kind, value = outcome(partial(answered, payload))
            send(answer, value if kind == "result" else packed((kind, value)))
    except (EOFError, BrokenPipeError, KeyboardInterrupt):
        pass


def keep_freed_memory() -> None:
    """Let this process keep the memory it frees for its next arrays, where the C library is GNU's.

    By default large arrays are given back to the system and asked for anew, emptied page by page: building a network
    spends a tenth of its time there. For processes that end with their work.
    """
    trim_threshold, map_threshold = -1, -3
    with suppress(OSError, AttributeError, TypeError):
        adjust = ctypes.CDLL(None).mallopt
        adjust(map_threshold, 1 << 25)
        adjust(map_threshold, 1 << 30)  # more than glibc before 2.35 takes
        adjust(trim_threshold, 1 << 30)
