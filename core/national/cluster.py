"""The parts of a plan, worked on by several processes: Dask's where it is installed, else those of this program."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from ..errors import InvalidInput
from ..processes import pool
from ..processes.remote import ANSWERS_WITHIN, sent_to
from ..progress import Progress
from .territory import SCRATCH, PartReport, answer, shared_folder


class Workers(NamedTuple):
    """Who computes: the workers of a Dask scheduler, or processes on this machine.

    Attributes:
        processes: on this machine, where no scheduler is named.
        scheduler: its address; its workers see the plan's folder and the sources by the same paths.
        memory: what each process may use, as Dask writes it.
        answers_within: seconds in which the scheduler must answer.
    """

    processes: int = 1
    scheduler: str = ""
    memory: str = "auto"
    answers_within: float = ANSWERS_WITHIN


def answers(folder: Path, parts: int, workers: Workers, progress: Progress) -> Iterator[PartReport]:
    """Answer every part of the plan in ``folder``; those answered before cost nothing.

    What a run that was killed left half done is removed. Raises `NoCluster` when a scheduler is named and cannot be
    used.
    """
    for left in folder.glob(f"{SCRATCH}*"):
        shutil.rmtree(left, ignore_errors=True)
    if not workers.scheduler and workers.processes <= 1:
        for part in range(parts):
            yield answer(folder, part)
            progress.advance((part + 1) / parts)
        return
    with _dask(workers) as address, sent_to(address, workers.answers_within):
        own = None if address else workers.processes
        resource = shared_folder(folder)
        yield from pool.run(_answer, range(parts), resource=resource, workers=own, progress=progress, out_of_turn=True)


def _answer(folder: Path, part: int) -> PartReport:
    """What a worker does."""
    return answer(folder, part)


def _check_memory(text: str) -> None:
    """Raises `InvalidInput` for what Dask does not read as so many bytes."""
    from dask.utils import parse_bytes

    try:
        parse_bytes("0" if text == "auto" else text)
    except ValueError as error:
        raise InvalidInput("The memory “{text}” cannot be read; expected a number such as 6GB.", text=text) from error


@contextmanager
def _dask(workers: Workers) -> Iterator[str]:
    """The address of the scheduler: that named, or one with processes here; empty where Dask is not."""
    if workers.scheduler:
        yield workers.scheduler
        return
    try:
        import distributed
    except ImportError:
        yield ""
        return
    _check_memory(workers.memory)
    here = {"n_workers": workers.processes, "threads_per_worker": 1, "memory_limit": workers.memory}
    with distributed.LocalCluster(**here) as cluster:
        yield cluster.scheduler_address
