"""Networks made away from the interface: a worker process reads the roads and builds, this one only waits.

numpy and GDAL hold the interpreter's lock for long, and reading roads changes settings that GDAL keeps for a whole
process: neither may happen inside QGIS. Where no worker can start, the work is done here all the same.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import NamedTuple

from ..processes import pool
from ..progress import Progress
from .build import BuildOptions, BuildReport, build_network
from .errors import NetworkFileBusy
from .file import replace_durably
from .lines import RoadLines
from .network import forget_network
from .source import Source


class _Order(NamedTuple):
    source: Source | RoadLines
    options: BuildOptions
    path: str


def build_apart(
    source: Source | str | RoadLines,
    options: BuildOptions,
    path: str | os.PathLike,
    progress: Progress | None = None,
) -> BuildReport:
    """`build_network` in a process of its own: same file, same report, same errors and warnings.

    Made in a folder beside ``path`` and moved there when whole; a cancel is obeyed at once and leaves nothing.
    """
    if not isinstance(source, (Source, RoadLines)):
        source = Source.parse(os.fspath(source))
    path = Path(path)
    try:
        folder = tempfile.mkdtemp(prefix=f"{path.name}.", dir=path.parent)
    except OSError as error:
        raise _busy(path) from error
    try:
        made = Path(folder) / path.name
        report = pool.call(_build, _Order(source, options, str(made)), progress=progress)
        forget_network(path)
        replace_durably(made, path)
    except PermissionError as error:
        raise _busy(path) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return report


def _build(order: _Order, progress: Progress) -> BuildReport:
    """What the worker does."""
    return build_network(order.source, order.options, order.path, progress)


def _busy(path: Path) -> NetworkFileBusy:
    return NetworkFileBusy("{path} cannot be written: it is in use, or protected.", path=str(path))
