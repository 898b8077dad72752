"""Deliveries as they are downloaded: folders, and archives unfolded to the disk. Nothing of them is held in memory."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

from ..damaged import UNREADABLE
from ..errors import CartoError
from ..progress import Progress

READ = frozenset({".gpkg", ".shp", ".csv", ".txt"})
"""What files of the producers end with."""
_BESIDE = frozenset({".dbf", ".shx", ".prj", ".cpg"})
_SEVEN_ZIP = b"7z\xbc\xaf\x27\x1c"
_PIECE = 1 << 20
_SPARE = 200 << 20
"""Bytes left free on the disk."""


class UnreadableArchive(CartoError):
    """An archive that cannot be unfolded here."""


def files_in(path: Path, unfolded: Path, progress: Progress = Progress()) -> Iterator[Path]:
    """The file itself, or those of a folder or of a zip that may be layers or tables.

    A zip is unfolded under ``unfolded``, once. Raises `UnreadableArchive`, `OSError`, `Cancelled`.
    """
    if path.is_dir() and path.suffix.lower() != ".gdb":
        for inside in sorted(path.rglob("*")):
            progress.check()
            if inside.suffix.lower() in READ and inside.is_file():
                yield inside
        return
    head = b"" if path.is_dir() else _first_bytes(path)
    if head.startswith(_SEVEN_ZIP):
        raise _seven_zip(path)
    if head.startswith(b"PK\x03\x04") and path.suffix.lower() == ".zip":
        yield from _of_zip(path, unfolded / path.stem, progress)
        return
    yield path


def _first_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(8)


def _seven_zip(path: Path) -> UnreadableArchive:
    return UnreadableArchive(
        "“{name}” is a 7z archive, which is not read here: unfold it (7-Zip, Keka, p7zip) and give the folder.",
        name=path.name,
    )


def _of_zip(path: Path, folder: Path, progress: Progress) -> Iterator[Path]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
            wanted = [info for info in members if Path(info.filename).suffix.lower() in READ | _BESIDE]
            if not wanted and any(info.filename.lower().endswith(".7z") for info in members):
                raise _seven_zip(path)
            _check_room(path, folder, sum(info.file_size for info in wanted))
            made = [_unfold(archive, info, folder, progress) for info in wanted]
    except UNREADABLE as error:
        raise UnreadableArchive("“{name}” cannot be unfolded: {cause}", name=path.name, cause=str(error)) from error
    yield from (inside for inside in made if inside.suffix.lower() in READ)


def _check_room(path: Path, folder: Path, size: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    there = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    if size - there > shutil.disk_usage(folder).free - _SPARE:
        raise UnreadableArchive(
            "“{name}” takes {size} MB unfolded, and the disk has not as much.", name=path.name, size=size >> 20
        )


def _unfold(archive: zipfile.ZipFile, info: zipfile.ZipInfo, folder: Path, progress: Progress) -> Path:
    """One member on the disk; left as it is where it was unfolded before."""
    parts = [part for part in Path(info.filename.replace("\\", "/")).parts if part not in ("..", "/")]
    target = folder.joinpath(*(part.replace(":", "_") for part in parts))
    if target.is_file() and target.stat().st_size == info.file_size:
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    left = info.file_size
    with archive.open(info) as source, part.open("wb") as file:
        while piece := source.read(_PIECE):
            progress.check()
            left -= len(piece)
            if left < 0:
                raise zipfile.BadZipFile(info.filename)
            file.write(piece)
    part.replace(target)
    return target
