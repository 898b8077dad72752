"""Mixed-integer programs solved by HiGHS, in a process of its own so that a cancel is heard at once."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy import sparse

from ..processes.child import interpreter, started
from ..progress import Progress
from . import highs_child

POLL = 0.05
"""Seconds between two looks at the child process."""
GRACE = 5.0
"""Seconds given to it beyond its time, to start and to write its answer."""
_START = "import runpy; runpy.run_path(sys.argv[0], run_name='__main__')"
SMALL = 2_000
"""Non-zeros below which HiGHS answers faster than a process starts."""


class Program(NamedTuple):
    """minimise cost · v subject to low ≤ A v ≤ high, 0 ≤ v ≤ upper, v integer where ``integer``."""

    cost: np.ndarray
    matrix: sparse.csr_matrix
    low: np.ndarray
    high: np.ndarray
    upper: np.ndarray
    integer: np.ndarray


class MilpResult(NamedTuple):
    """``status``: "optimal", "infeasible", "limit" (time ran out) or "failed"; ``values`` None when none was found."""

    status: str
    values: np.ndarray | None
    bound: float


def available() -> bool:
    """Whether an exact solver is there: `scipy.optimize.milp` (scipy ≥ 1.9) or `highspy`."""
    return highs_child.solver() is not None


def solve(model: Program, seconds: float, progress: Progress, first_found: bool = False) -> MilpResult:
    """Solve within ``seconds``. ``first_found`` stops at the first solution. Raises `Cancelled`."""
    if len(model.cost) == 0:
        return MilpResult("optimal", np.empty(0), 0.0)
    if seconds <= 0:
        return MilpResult("limit", None, -np.inf)
    with tempfile.TemporaryDirectory(prefix="carto_siting_") as folder:
        task, result = Path(folder) / "task.npz", Path(folder) / "result.npz"
        matrix = model.matrix.tocsc()
        np.savez(
            task,
            cost=model.cost,
            data=matrix.data,
            indices=matrix.indices,
            indptr=matrix.indptr,
            shape=matrix.shape,
            low=model.low,
            high=model.high,
            upper=model.upper,
            integer=model.integer,
            seconds=seconds,
            first_found=first_found,
        )
        if matrix.nnz <= SMALL or not _run_apart(task, result, seconds, progress):
            highs_child.run(str(task), str(result))
        if not result.exists():
            return MilpResult("limit", None, -np.inf)
        with np.load(result) as found:
            values = found["values"] if len(found["values"]) else None
            return MilpResult(str(found["status"]), values, float(found["bound"]))


def _run_apart(task: Path, result: Path, seconds: float, progress: Progress) -> bool:
    """Run the child and wait; False when no process could be started (the caller then solves in this one).

    One that was stopped for being late, or broke down, has given no answer: it would be no better in this process.
    """
    python = interpreter()
    if python is None:
        return False
    environment = {**os.environ, "OMP_NUM_THREADS": "2"}
    try:
        child = started(python, _START, [highs_child.__file__, str(task), str(result)], environment=environment)
    except OSError:
        return False
    deadline = time.monotonic() + seconds * 1.1 + GRACE
    try:
        while child.poll() is None and time.monotonic() < deadline:
            progress.check()
            time.sleep(POLL)
    finally:
        late = child.poll() is None
        if late:
            child.kill()
        child.wait()
    # 1 is what Python ends with that lacks a module; of a process that is stopped, Windows says 1 too.
    return late or child.returncode != 1 or result.exists()
