"""Opening producers' text files: compressed or not, in the encodings met, a piece at a time."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import os
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from ...errors import CartoError
from ...messages import msg
from ...progress import Progress
from ...services import Rejected
from ..connection import Incomplete
from ..records import reject

MOST_BYTES = 20 * 1024**3
"""Decompressed bytes read at most from one file."""

MOST_LINE_BYTES = 1 << 26
_SAMPLE = 1 << 20
_CHUNK = 1 << 18
_ROWS_BETWEEN_PROGRESS = 2000
_SEPARATORS = ";,\t|"


class UnreadableFile(CartoError):
    """A file that cannot be read as what it seems to be."""


class Row(NamedTuple):
    """A line of a table by column name."""

    values: dict[str, str]


class TextFile:
    """A file's bytes, decompressed while they are read. Use as a context manager."""

    def __init__(self, path: Path, progress: Progress) -> None:
        self._path, self._progress = path, progress

    def __enter__(self) -> TextFile:
        try:
            self._file = self._path.open("rb")
        except OSError as error:
            raise _unreadable(self._path, error.strerror) from error
        self._size = max(os.fstat(self._file.fileno()).st_size, 1)
        start = self._file.read(4)
        self._file.seek(0)
        self._stream: BinaryIO = self._file
        if start[:2] == b"\x1f\x8b":
            self._stream = gzip.GzipFile(fileobj=self._file)
        elif start == b"PK\x03\x04":
            self._stream = _only_member(self._file, self._path)
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()

    def chunks(self) -> Iterator[bytes]:
        """The bytes. Raises `Incomplete` when the compressed data is damaged or cut short."""
        read = 0
        try:
            while chunk := self._stream.read(_CHUNK):
                read += len(chunk)
                if read > MOST_BYTES:
                    raise UnreadableFile("“{name}” unfolds to more than can be true.", name=self._path.name)
                yield chunk
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
            raise Incomplete("“{name}” breaks off: {cause}", name=self._path.name, cause=str(error)) from error

    def advance(self) -> None:
        """Report how far the reading is."""
        self._progress.advance(min(self._file.tell() / self._size, 1.0))

    def lines(self) -> Iterator[str]:
        """The lines, their ends kept. Bytes that are not text come out as lone surrogates (see `is_broken`)."""
        encoding = ""
        pending = b""
        for chunk in self.chunks():
            if not encoding:
                encoding = _encoding(chunk)
                chunk = chunk[3:] if chunk.startswith(b"\xef\xbb\xbf") else chunk
            whole, newline, rest = chunk.rpartition(b"\n")
            if newline:
                yield from _split(pending + whole + newline, encoding)
                pending = rest
            else:
                pending += chunk
                if len(pending) > MOST_LINE_BYTES:
                    raise UnreadableFile("“{name}” has a line longer than can be true.", name=self._path.name)
        if pending:
            yield from _split(pending, encoding)


def _split(body: bytes, encoding: str) -> Iterator[str]:
    """Lines end at line feeds and carriage returns only: other line ends of Unicode are found inside cells."""
    return iter(io.StringIO(body.decode(encoding, "surrogateescape"), newline=""))


def is_broken(text: str) -> bool:
    """Whether a text holds what is no text."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def separator(header: str) -> str:
    """The column separator of a table, told by its first line."""
    return max(_SEPARATORS, key=header.count)


def table_rows(file: TextFile) -> Iterator[Row | Rejected]:
    """The rows of a CSV with a header; those that do not fit it are rejected. A line end inside quotes is kept."""
    lines = file.lines()
    header_line = next(lines, "")
    delimiter = separator(header_line)
    header = [name.strip() for name in next(csv.reader([header_line], delimiter=delimiter), [])]
    reader = csv.reader(lines, delimiter=delimiter)
    number = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Incomplete(
                "The table cannot be read beyond row {number}: {cause}", number=number, cause=str(error)
            ) from error
        number += 1
        if number % _ROWS_BETWEEN_PROGRESS == 0:
            file.advance()
        if not any(cells):
            continue
        yield _row(header, cells, delimiter)


def _row(header: list[str], cells: list[str], delimiter: str) -> Row | Rejected:
    if len(cells) != len(header):
        reason = msg("It has {found} columns instead of {expected}.", found=len(cells), expected=len(header))
        return reject(reason, delimiter.join(cells))
    line = delimiter.join(cells)
    if not line.isascii() and is_broken(line):
        return reject(msg("Its text is not valid UTF-8."), line)
    return Row(dict(zip(header, cells)))


def _encoding(sample: bytes) -> str:
    """UTF-8, unless nothing beyond ASCII in the sample is: then Windows' Western code page."""
    text = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode(sample[:_SAMPLE])  # the end may be cut
    others = [character for character in text if character > "\x7f"]
    broken = sum("\udc80" <= character <= "\udcff" for character in others)
    return "cp1252" if broken and broken == len(others) else "utf-8"


def _only_member(file: BinaryIO, path: Path) -> Any:
    try:
        archive = zipfile.ZipFile(file)
        members = [info for info in archive.infolist() if not info.is_dir()]
        if len(members) == 1:
            return io.BufferedReader(archive.open(members[0]))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:  # damaged, under a password, unknown
        raise _unreadable(path, str(error)) from error
    raise UnreadableFile("“{name}” holds {count} files; give one of them.", name=path.name, count=len(members))


def _unreadable(path: Path, cause: str) -> UnreadableFile:
    return UnreadableFile("“{name}” cannot be read: {cause}.", name=path.name, cause=cause)
