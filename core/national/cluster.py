"""The parts of a plan, worked on by several processes: Dask's where it is installed, else those of this program."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..errors import CartoError
from ..processes import pool
from ..progress import Progress
from .territory import PartReport, answer, shared_folder

RETRIES = 2
"""Times a part is tried again when its worker is lost."""
ANSWERS_WITHIN = 10
"""Seconds in which a scheduler must answer."""


class NoCluster(CartoError):
    """A scheduler was named and cannot be used."""


def answers(
    folder: Path, parts: int, workers: int, scheduler: str, memory: str, progress: Progress
) -> Iterator[PartReport]:
    """Answer every part of the plan in ``folder``; those answered before cost nothing.

    ``scheduler``: the address of a Dask scheduler whose workers see ``folder`` and the sources by the same paths; empty
    for ``workers`` processes on this machine. ``memory``: what each may use, as Dask writes it.
    Raises `NoCluster` when a scheduler is named and Dask is not there.
    """
    if not scheduler and workers <= 1:
        yield from _counted((answer(folder, part) for part in range(parts)), parts, progress)
        return
    try:
        import distributed
    except ImportError as error:
        if scheduler:
            raise NoCluster("A scheduler needs Dask: pip install “dask[distributed]”.") from error
        yield from _counted(
            pool.run(_answer, range(parts), resource=shared_folder(folder), workers=workers), parts, progress
        )
        return
    if scheduler:
        with _connected(scheduler) as client:
            yield from _counted(_on_dask(client, folder, parts), parts, progress)
        return
    here = {"n_workers": workers, "threads_per_worker": 1, "memory_limit": memory}
    with distributed.LocalCluster(**here) as cluster, distributed.Client(cluster) as client:
        yield from _counted(_on_dask(client, folder, parts), parts, progress)


def _answer(folder: Path, part: int) -> PartReport:
    """What a worker of this program does."""
    return answer(folder, part)


def _connected(scheduler: str) -> Any:
    import distributed

    try:
        return distributed.Client(scheduler, timeout=ANSWERS_WITHIN)
    except (OSError, ValueError) as error:
        raise NoCluster("No scheduler answers at {address}: {reason}", address=scheduler, reason=str(error)) from error


def _on_dask(client: Any, folder: Path, parts: int) -> Iterator[PartReport]:
    from distributed import as_completed

    futures = client.map(answer, [folder] * parts, range(parts), retries=RETRIES, pure=False)
    try:
        for future in as_completed(futures):
            yield future.result()
    finally:
        client.cancel(futures)


def _counted(reports: Iterator[PartReport], parts: int, progress: Progress) -> Iterator[PartReport]:
    for done, report in enumerate(reports, start=1):
        progress.advance(done / parts)
        yield report
