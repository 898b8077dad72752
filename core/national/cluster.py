"""The parts of a plan, worked on by several processes: Dask's where it is installed, else those of this program."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..processes import pool
from ..processes.remote import ANSWERS_WITHIN, sent_to
from ..progress import Progress
from .territory import PartReport, answer, shared_folder


def answers(
    folder: Path,
    parts: int,
    workers: int,
    scheduler: str,
    memory: str,
    progress: Progress,
    answers_within: float = ANSWERS_WITHIN,
) -> Iterator[PartReport]:
    """Answer every part of the plan in ``folder``; those answered before cost nothing.

    ``scheduler``: the address of a Dask scheduler whose workers see ``folder`` and the sources by the same paths; empty
    for ``workers`` processes on this machine. ``memory``: what each may use, as Dask writes it.
    ``answers_within``: seconds in which the scheduler must answer.
    Raises `NoCluster` when a scheduler is named and cannot be used.
    """
    if not scheduler and workers <= 1:
        for part in range(parts):
            yield answer(folder, part)
            progress.advance((part + 1) / parts)
        return
    with _dask(scheduler, workers, memory) as address, sent_to(address, answers_within):
        own = None if address else workers
        yield from pool.run(_answer, range(parts), resource=shared_folder(folder), workers=own, progress=progress)


def _answer(folder: Path, part: int) -> PartReport:
    """What a worker does."""
    return answer(folder, part)


@contextmanager
def _dask(scheduler: str, workers: int, memory: str) -> Iterator[str]:
    """The address of the scheduler: that given, or one with ``workers`` processes here; empty where Dask is not."""
    if scheduler:
        yield scheduler
        return
    try:
        import distributed
    except ImportError:
        yield ""
        return
    with distributed.LocalCluster(n_workers=workers, threads_per_worker=1, memory_limit=memory) as cluster:
        yield cluster.scheduler_address
