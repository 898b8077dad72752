"""Networks made away from the interface: a worker process reads the roads and builds, this one only waits.

numpy and GDAL hold the interpreter's lock for long, and reading roads changes settings that GDAL keeps for a whole
process: neither may happen inside QGIS. Where no worker can start, the work is done here all the same.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from ..processes import pool
from ..progress import Progress
from .build import BuildOptions, BuildReport, build_network
from .change import Affected, NetworkChange, change_network
from .errors import NetworkFileBusy
from .file import replace_durably
from .lines import RoadLines
from .network import Network, forget_network, open_network
from .source import RoadSource


class _Order(NamedTuple):
    source: RoadSource | RoadLines
    options: BuildOptions
    path: str


class _ChangeOrder(NamedTuple):
    network: str
    changes: list[NetworkChange]
    path: str
    tolerance: float


def build_apart(
    source: RoadSource | str | RoadLines,
    options: BuildOptions,
    path: str | os.PathLike,
    progress: Progress | None = None,
) -> BuildReport:
    """`build_network` in a process of its own: same file, same report, same errors and warnings.

    Made in a folder beside ``path`` and moved there when whole; a cancel is obeyed at once and leaves nothing.
    """
    if not isinstance(source, (RoadSource, RoadLines)):
        source = RoadSource.parse(os.fspath(source))
    with _beside(Path(path)) as made:
        return pool.call(_build, _Order(source, options, made), progress=progress)


def change_apart(
    network: Network,
    changes: list[NetworkChange],
    path: str | os.PathLike,
    tolerance: float,
    progress: Progress | None = None,
) -> Affected:
    """`change.change_network` in a process of its own, as `build_apart`."""
    with _beside(Path(path)) as made:
        return pool.call(_change, _ChangeOrder(network.path, changes, made, tolerance), progress=progress)


@contextmanager
def _beside(path: Path) -> Iterator[str]:
    """A place in a folder beside ``path``; what is made there is moved to ``path``. Raises `NetworkFileBusy`."""
    try:
        folder = tempfile.mkdtemp(prefix=f"{path.name}.", dir=path.parent)
    except OSError as error:
        raise _busy(path) from error
    try:
        made = Path(folder) / path.name
        yield str(made)
        forget_network(path)
        replace_durably(made, path)
    except PermissionError as error:
        raise _busy(path) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _change(order: _ChangeOrder, progress: Progress) -> Affected:
    """What the worker does."""
    network = open_network(order.network, checked=True)
    return change_network(network, order.changes, order.path, order.tolerance, progress)


def _build(order: _Order, progress: Progress) -> BuildReport:
    """What the worker does."""
    return build_network(order.source, order.options, order.path, progress)


def _busy(path: Path) -> NetworkFileBusy:
    return NetworkFileBusy("{path} cannot be written: it is in use, or protected.", path=str(path))
