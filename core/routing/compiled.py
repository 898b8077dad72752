"""`kernels`, compiled, where numba is there: an accelerator that nothing depends on.

Used in worker processes, which have much to search: elsewhere loading it costs more than it saves. Compiled
code is kept in files, beside this one or where numba has its own; where none can be written nothing is compiled.
``CARTO_SP_NUMBA=0`` in the environment leaves it out.
"""

from __future__ import annotations

import os
from functools import cache
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, module_from_spec
from typing import Any, cast

import numpy as np

from ..processes.outcomes import is_worker
from . import kernels
from .arcs import Arcs

_LOOPS = (
    *("_take_out", "_put", "spread", "hang", "sweep", "sweep_nearest", "lines"),
    *("_step", "_squared", "_doubled", "_passed", "_points_of", "road_cells"),
    *("fill", "_crossings", "_place", "_turned", "_follow", "trace"),
)
"""Each after those that it calls."""


def loops() -> Any:
    """The functions of `kernels`, compiled; None where they are not to be had."""
    return _compiled() if is_worker() else None


@cache
def _compiled() -> Any:
    if os.environ.get("CARTO_SP_NUMBA", "1") == "0":
        return None
    try:
        import numba

        # A copy of the module, in which what is compiled calls what is compiled.
        spec = cast(ModuleSpec, find_spec(kernels.__name__))
        copy = module_from_spec(spec)
        cast(Loader, spec.loader).exec_module(copy)
        for name in _LOOPS:
            setattr(copy, name, numba.njit(cache=True, nogil=True)(getattr(copy, name)))
        _try(copy)
        return copy
    except Exception:  # whatever ails an optional library, nothing depends on it
        return None


def _try(loops: Any) -> None:
    """Call each loop once, with the types that they are given: what this numba cannot compile fails here."""
    number, cost, nobody = np.zeros(1, np.int32), np.zeros((1, 2)), np.empty(0, np.int32)
    arcs = Arcs(np.array([0, 1], np.int32), number, np.ones(1))
    for origin in (nobody, number):
        loops.spread(arcs, kernels.Queue(1.0, 2, np.inf), cost[0], origin, number)
    loops.hang(arcs.start, number, 1, np.ones(2, bool))
    loops.sweep(np.array([0, 1], np.int64), number, np.ones(1), 1, cost)
    loops.sweep_nearest(arcs.start, number, np.ones(1), 1, cost.T, np.zeros((2, 1), np.int32))
    corners, offset = np.array([[0.0, 0.0], [9.0, 9.0]]), np.array([0, 2], np.int64)
    corners.flags.writeable = offset.flags.writeable = False  # as those of a network's file
    lines = kernels.LinkLines(corners, offset, np.ones(1), np.zeros(1, bool))
    loops.road_cells(lines, np.array([0], np.int64), kernels.Grid(0, 0, 1, 1, 10.0))
    field, owner = np.full((3, 3), 0.5, np.float32), np.zeros((4, 4), np.int32)[:3, :3]
    loops.fill(field[0], owner, np.zeros((4, 4), np.float32)[:3, :3], field)
    loops.trace(field)
    loops.lines(cost, (number, number, np.zeros(1), np.zeros(1)), np.inf, np.empty((1, 1), np.float32))
