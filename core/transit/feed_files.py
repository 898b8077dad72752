"""The files of one GTFS feed, in a zip or a folder, read row by row."""

from __future__ import annotations

import csv
import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import TextIO

from ..damaged import UNREADABLE, bounded_lines
from .errors import FeedUnreadable

_NEEDED = ("stops.txt", "trips.txt", "stop_times.txt")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def whole(text: str, most: int = 2**31 - 1) -> int | None:
    """The whole number that the text is, None where it is another thing or beyond ``most``."""
    digits = text.lstrip("-")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 10 or int(digits) > most:
        return None
    return -int(digits) if text.startswith("-") else int(digits)


class FeedFiles:
    """The text files of a feed by their GTFS name, wherever they stand in the zip or the folder.

    Raises `FeedUnreadable` when the zip is damaged, or when stops, trips or times are missing.
    """

    def __init__(self, path: str | os.PathLike) -> None:
        self.path = Path(path)
        self.name = self.path.name
        self.broken_text = 0
        """Rows whose bytes are no UTF-8; their letters are replaced."""
        self.others: list[str] = []
        """Folders that hold other feeds, which are not read."""
        self._zip: zipfile.ZipFile | None = None
        self._where = self._folder() if self.path.is_dir() else self._archive()
        missing = [name for name in _NEEDED if name not in self._where]
        if missing:
            raise FeedUnreadable("{path} is no GTFS feed: it lacks {names}.", path=self.name, names=", ".join(missing))

    def __enter__(self) -> FeedFiles:
        return self

    def __exit__(self, *_: object) -> None:
        if self._zip:
            self._zip.close()

    def has(self, name: str) -> bool:
        """Whether the feed has the file ``name``."""
        return name in self._where

    def names(self) -> set[str]:
        """Every file of the feed."""
        return set(self._where)

    def rows(self, name: str, *columns: str) -> Iterator[list[str]]:
        """The values of ``columns`` in each row of ``name``, stripped; an absent column or file gives empty texts."""
        if name not in self._where:
            return
        try:
            with self._open(name) as source:
                yield from self._table(source, columns)
        except UNREADABLE as error:
            raise FeedUnreadable(
                "{name} of {path} cannot be read: {why}", name=name, path=self.name, why=str(error)
            ) from error

    def _table(self, source: TextIO, columns: tuple[str, ...]) -> Iterator[list[str]]:
        table = csv.reader(bounded_lines(source))
        header = [title.strip().strip('"').lower() for title in next(table, [])]
        index = [header.index(column) if column in header else -1 for column in columns]
        for row in table:
            if not row:
                continue
            values = [row[i].strip() if 0 <= i < len(row) else "" for i in index]
            if any(_REPLACEMENT in value for value in values):
                self.broken_text += 1
            yield values

    def _open(self, name: str) -> TextIO:
        where = self._where[name]
        raw = self._zip.open(where) if self._zip else open(where, "rb")  # noqa: SIM115  (closed by the text around it)
        return io.TextIOWrapper(raw, encoding="utf-8-sig", errors="replace", newline="")

    def _folder(self) -> dict[str, str]:
        return self._of_one_feed(
            {PurePosixPath(path.relative_to(self.path).as_posix()): str(path) for path in self.path.rglob("*")}
        )

    def _archive(self) -> dict[str, str]:
        try:
            self._zip = zipfile.ZipFile(self.path)
        except UNREADABLE as error:
            raise FeedUnreadable(
                "{path} cannot be opened as a GTFS feed: {why}", path=self.name, why=str(error)
            ) from error
        return self._of_one_feed({PurePosixPath(name): name for name in self._zip.namelist()})

    def _of_one_feed(self, found: dict[PurePosixPath, str]) -> dict[str, str]:
        """The files of the folder that has most of what a feed needs, the least deep first; other feeds are named."""
        folders: dict[PurePosixPath, dict[str, str]] = {}
        for path, where in sorted(found.items(), key=lambda item: (len(item[0].parts), str(item[0]))):
            if "__MACOSX" not in path.parts:
                folders.setdefault(path.parent, {})[path.name.lower()] = where
        lacking = {folder: sum(name not in files for name in _NEEDED) for folder, files in folders.items()}
        best = min(folders, key=lambda folder: lacking[folder], default=None)
        self.others = sorted(str(folder) for folder in folders if folder != best and lacking[folder] == 0)
        return folders[best] if best is not None else {}
