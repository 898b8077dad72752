"""What the plugin keeps because making it again takes time: where it is, how large, and how to be rid of it.

Only files that the plugin itself makes are counted and deleted, whatever else the folder holds.
"""

from __future__ import annotations

import gc
import os
import re
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from ..core.errors import InvalidInput
from ..core.matching.geocoding import GeocodeCache
from ..core.network.errors import NetworkFileBusy
from ..core.network.network import delete_network, forget_network
from ..core.private import private_folder
from ..core.routing.answer_cache import AnswerCache
from ..i18n import tr
from . import settings
from .connections import data_folder

NETWORK = re.compile(r"[0-9a-f]{24}-[0-9a-f]{12}\.network")
UNFINISHED = re.compile(NETWORK.pattern + r"\.\w+")
"""Folder of a network that is being built, or whose building was killed."""
_ABANDONED = 3600.0
"""Seconds without a change after which nobody builds there any more."""


class CacheUnusable(InvalidInput):
    """Nothing can be kept in the folder that was chosen."""


class Part(NamedTuple):
    """One kind of what is kept; ``size`` in bytes."""

    name: str
    size: int


class Emptied(NamedTuple):
    """How many bytes came free, and what stays because someone works with it."""

    freed: int
    in_use: tuple[str, ...]


def cache_folder() -> Path:
    """The folder itself: below the one chosen, else in the user's profile. Raises `CacheUnusable`."""
    chosen = settings.CACHE_FOLDER.value()
    if not chosen:
        return data_folder()
    base = Path(os.path.expandvars(chosen)).expanduser()
    folder = base / "carto_services_publics"
    if not base.is_absolute():
        raise CacheUnusable("The cache folder “{path}” is not a full path; change it in the options.", path=chosen)
    try:
        private_folder(folder)
    except OSError as error:
        raise CacheUnusable(
            "The cache folder {path} cannot be made ({reason}); change it in the options.",
            path=str(folder),
            reason=error.strerror or str(error),
        ) from error
    return folder


def networks_folder() -> Path:
    """Where networks made from layers of roads are kept, and found again while the layer is the same."""
    return cache_folder() / "networks"


def answers_path() -> Path:
    """Where the answers of isochrone servers are kept."""
    return cache_folder() / "isochrones.sqlite"


def addresses_path() -> Path:
    """Where the answers of the geocoder are kept."""
    return cache_folder() / "geocodage.sqlite"


def cache_parts() -> list[Part]:
    """What is kept, those parts that take room."""
    networks, unfinished = _networks()
    parts = [
        Part(tr("road networks"), sum(map(_size, [*networks, *unfinished]))),
        Part(tr("answers of isochrone servers"), _base_size(answers_path())),
        Part(tr("positions of addresses"), _base_size(addresses_path())),
    ]
    return [part for part in parts if part.size]


def let_go_of_networks() -> None:
    """Hold no network of the cache that nobody works with; to be called before `empty_cache`, on the main thread.

    What a finished search left in a circle is collected, and so may be windows, which die on that thread only.
    """
    for path in _networks()[0]:
        forget_network(path)
    gc.collect()


def empty_cache() -> Emptied:
    """Delete what is kept, but for what a run or a tool works with now. May take seconds."""
    before = sum(part.size for part in cache_parts())
    networks, unfinished = _networks()
    in_use = []
    for path in networks:
        try:
            delete_network(path)
        except NetworkFileBusy:
            in_use.append(tr("a road network"))
    for folder in unfinished:
        if time.time() - folder.stat().st_mtime > _ABANDONED:
            shutil.rmtree(folder, ignore_errors=True)
        else:
            in_use.append(tr("a network that is being built"))
    bases: tuple[tuple[Path, Callable, str], ...] = (
        (answers_path(), AnswerCache, tr("the answers of isochrone servers")),
        (addresses_path(), GeocodeCache, tr("the positions of addresses")),
    )
    for path, opened, name in bases:
        try:
            if path.is_file():
                with closing(opened(path)) as base:
                    base.empty()
        except sqlite3.OperationalError:
            in_use.append(name)
    return Emptied(max(before - sum(part.size for part in cache_parts()), 0), tuple(dict.fromkeys(in_use)))


def _networks() -> tuple[list[Path], list[Path]]:
    """Network files, and folders where one is or was being built."""
    found = sorted(networks_folder().glob("*")) if networks_folder().is_dir() else []
    files = [path for path in found if NETWORK.fullmatch(path.name) and path.is_file()]
    return files, [path for path in found if UNFINISHED.fullmatch(path.name) and path.is_dir()]


def _base_size(path: Path) -> int:
    """Bytes of an SQLite file and of those beside it."""
    return sum(_size(Path(f"{path}{suffix}")) for suffix in ("", "-wal", "-shm"))


def _size(path: Path) -> int:
    """Bytes of a file or of all files of a folder; 0 where there is none."""
    try:
        return sum(_size(inside) for inside in path.iterdir()) if path.is_dir() else path.stat().st_size
    except OSError:
        return 0
