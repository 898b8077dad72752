"""Opening producers' text files: compressed or not, in the encodings met, a piece at a time."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import itertools
import os
import re
import zipfile
from collections import deque
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from ...damaged import UNREADABLE
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
_LONGEST_ROW = 1 << 20
_TYPED_BY_HAND = 20
"""Rows up to which a table may have been typed: its last line then lacks cells because somebody left them out."""
_MOST_LINES_OF_A_ROW = 1000
_WIDE_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class UnreadableFile(CartoError):
    """A file that cannot be read as what it seems to be."""


class TableRow(NamedTuple):
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
            raise _unreadable(self._path, str(error.strerror)) from error
        self._size = max(os.fstat(self._file.fileno()).st_size, 1)
        start = self._file.read(4)
        self._file.seek(0)
        self._stream: BinaryIO = self._file
        if start[:2] == b"\x1f\x8b":
            self._stream = cast(BinaryIO, gzip.GzipFile(fileobj=self._file))
        elif start == b"PK\x03\x04":
            self._stream = _only_member(self._file, self._path)
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()

    def chunks(self) -> Iterator[bytes]:
        """The bytes, UTF-16 made UTF-8. Raises `Incomplete` when the compressed data is damaged or cut short."""
        pieces = self._pieces()
        first = next(pieces, b"")
        encoding = _wide_encoding(first)
        pieces = itertools.chain([first], pieces) if first else pieces
        return _narrowed(pieces, encoding, self._path.name) if encoding else pieces

    def _pieces(self) -> Iterator[bytes]:
        read = 0
        try:
            while chunk := self._stream.read(_CHUNK):
                read += len(chunk)
                if read > MOST_BYTES:
                    raise UnreadableFile("“{name}” unfolds to more than can be true.", name=self._path.name)
                yield chunk
        except UNREADABLE as error:
            raise Incomplete("“{name}” breaks off: {cause}", name=self._path.name, cause=str(error)) from error

    @property
    def name(self) -> str:
        """The file's name, without its folder."""
        return self._path.name

    def advance(self) -> None:
        """Report how far the reading is."""
        self._progress.advance(min(self._file.tell() / self._size, 1.0))

    def lines(self) -> Iterator[str]:
        """The lines, their ends kept. Bytes that are not text come out as lone surrogates (see `is_broken`)."""
        encoding = ""
        pending = b""
        for number, chunk in enumerate(self.chunks()):
            if not number and chunk.startswith(codecs.BOM_UTF8):
                chunk = chunk[len(codecs.BOM_UTF8) :]
            encoding = encoding or _encoding(chunk)
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


def _wide_encoding(start: bytes) -> str:
    """UTF-16 or UTF-32, by their mark, or by ASCII's empty bytes where a text begins; empty for others."""
    for mark, encoding in _WIDE_MARKS:
        if start.startswith(mark):
            return encoding
    head = start[:64]
    if len(head) >= 8 and not any(head[1::2]) and all(head[::2]):
        return "utf-16-le"
    if len(head) >= 8 and not any(head[::2]) and all(head[1::2]):
        return "utf-16-be"
    return ""


def _narrowed(pieces: Iterator[bytes], encoding: str, name: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("surrogatepass")
    for piece in pieces:
        yield decoder.decode(piece).encode("utf-8", "surrogatepass")
    try:
        codecs.getincrementaldecoder(encoding)().decode(decoder.getstate()[0], True)
    except UnicodeDecodeError as error:
        raise Incomplete("“{name}” breaks off: {cause}", name=name, cause=error.reason) from error


def _split(body: bytes, encoding: str) -> Iterator[str]:
    """Lines end at line feeds and carriage returns only: other line ends of Unicode are found inside cells."""
    return iter(io.StringIO(body.decode(encoding or "utf-8", "surrogateescape"), newline=""))


def is_broken(text: str) -> bool:
    """Whether a text holds what is no text."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def separator(header: str) -> str:
    """The column separator of a table, found in its first line."""
    return max(_SEPARATORS, key=header.count)


def header_of(line: str) -> tuple[list[str], str]:
    """The names of a table's columns and what parts them, by its first line."""
    delimiter = separator(line)
    return [name.strip() for name in next(csv.reader([line], delimiter=delimiter), [])], delimiter


def table_rows(file: TextFile) -> Iterator[TableRow | Rejected]:
    """The rows of a CSV with a header; those that do not fit it are rejected. A line end inside quotes is kept.

    A quote that is never closed takes its own line, not the rest of the file. Raises `Incomplete` when the last row
    stops before its last column and without an end of line, in a table that a program wrote.
    """
    lines = file.lines()
    header_line = next(lines, "")
    if header_line.lower().startswith("sep="):  # a word of Excel's to itself
        header_line = next(lines, "")
    header, delimiter = header_of(header_line)
    cut, number = False, 0
    for number, (text, is_whole) in enumerate(_whole_rows(lines, delimiter, len(header)), 1):
        if number % _ROWS_BETWEEN_PROGRESS == 0:
            file.advance()
        if not is_whole:
            yield reject(msg("A quote is opened and not closed."), text)
            cut = not text.endswith(("\n", "\r"))
            continue
        try:
            cells = next(csv.reader([text], delimiter=delimiter), [])
        except csv.Error as error:
            yield reject(msg("It is not of the form expected ({cause}).", cause=str(error)), text)
            continue
        cut = len(cells) < len(header) and not text.endswith(("\n", "\r"))
        if any(cells):
            yield _row(header, cells, delimiter)
    if cut and number > _TYPED_BY_HAND:
        raise Incomplete("“{name}” breaks off in the middle of a row.", name=file.name)


def _whole_rows(lines: Iterator[str], delimiter: str, width: int) -> Iterator[tuple[str, bool]]:
    """Lines, joined where a quoted cell goes over several; and whether the row's quotes are closed."""
    is_closed = _closed(delimiter).fullmatch
    waiting: deque[str] = deque()
    while True:
        line = waiting.popleft() if waiting else next(lines, None)
        if line is None:
            return
        if '"' not in line or is_closed(line):
            yield line, True
            continue
        taken, size = [line], len(line)
        while size < _LONGEST_ROW and len(taken) < _MOST_LINES_OF_A_ROW:
            following = waiting.popleft() if waiting else next(lines, None)
            if following is None:
                break
            taken.append(following)
            size += len(following)
            if '"' in following and is_closed(row := "".join(taken)):
                break
        row = "".join(taken)
        if len(taken) > 1 and is_closed(row) and _width(row, delimiter) == width:
            yield row, True
        else:
            yield line, False
            waiting.extendleft(reversed(taken[1:]))


@lru_cache(maxsize=8)
def _closed(delimiter: str) -> re.Pattern[str]:
    """Matches text whose quoted cells are all closed. Each text is read in one way: no backtracking."""
    part = re.escape(delimiter)
    cell = rf'(?:"[^"]*(?:""[^"]*)*"(?!")[^{part}\r\n]*|[^"{part}\r\n][^{part}\r\n]*|)'
    return re.compile(rf"{cell}(?:{part}{cell})*[\r\n]*")


def _width(text: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader([text], delimiter=delimiter), []))
    except csv.Error:
        return -1


def _row(header: list[str], cells: list[str], delimiter: str) -> TableRow | Rejected:
    if len(cells) > len(header) and not any(cells[len(header) :]):
        cells = cells[: len(header)]
    if len(cells) != len(header):
        reason = msg("It has {found} columns instead of {expected}.", found=len(cells), expected=len(header))
        return reject(reason, delimiter.join(cells))
    line = delimiter.join(cells)
    if not line.isascii() and is_broken(line):
        return reject(msg("Its text is not valid UTF-8."), line)
    return TableRow(dict(zip(header, cells)))


def _encoding(sample: bytes) -> str:
    """UTF-8, or Windows' Western code page where nothing beyond ASCII in the sample is UTF-8; empty for ASCII alone."""
    text = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode(sample[:_SAMPLE])  # the end may be cut
    others = [character for character in text if character > "\x7f"]
    if not others:
        return ""
    broken = sum("\udc80" <= character <= "\udcff" for character in others)
    return "cp1252" if broken == len(others) else "utf-8"


def _only_member(file: BinaryIO, path: Path) -> Any:
    try:
        archive = zipfile.ZipFile(file)
        members = [info for info in archive.infolist() if not info.is_dir()]
        if len(members) == 1:
            return io.BufferedReader(archive.open(members[0]))
    except UNREADABLE as error:
        raise _unreadable(path, str(error)) from error
    raise UnreadableFile("“{name}” holds {count} files; give one of them.", name=path.name, count=len(members))


def _unreadable(path: Path, cause: str) -> UnreadableFile:
    return UnreadableFile("“{name}” cannot be read: {cause}.", name=path.name, cause=cause)
