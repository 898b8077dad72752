"""Which establishments are closed, by a file of Sirene that the user has: INSEE's stock of establishments, or a cut."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, TextIO, cast

from ..errors import InvalidInput
from ..progress import Progress

SIRET, STATE, SINCE, UNTIL = "siret", "etatAdministratifEtablissement", "dateDebut", "dateFin"
_CLOSED = "F"
_ROWS_BETWEEN_CHECKS = 50_000
_UNREADABLE = (OSError, EOFError, UnicodeDecodeError, csv.Error, zipfile.BadZipFile, zlib.error, RuntimeError)
"""What damaged files raise; an archive with a password, or packed in a way unknown here: `RuntimeError`."""


def closed_establishments(path: Path, sirets: Collection[str], progress: Progress = Progress()) -> dict[str, str]:
    """Those of ``sirets`` that the file has as closed, each with the day since when (ISO; empty where it is not said).

    A CSV, whole or inside a zip or gz, with the columns `siret` and `etatAdministratifEtablissement` (`F`: closed) as
    INSEE publishes them; it is read row by row. In the file of all periods (`dateFin`) those that have ended say
    nothing of now. Raises `InvalidInput`, `Cancelled`.
    """
    wanted, closed = set(sirets), {}
    try:
        with _opened(path) as (text, raw):
            reader = csv.reader(text, delimiter=_delimiter(text))
            titles = [title.strip().strip("\ufeff") for title in next(reader, [])]
            if SIRET not in titles or STATE not in titles:
                raise _not_sirene(path)
            siret, state = titles.index(SIRET), titles.index(STATE)
            since, until = (titles.index(title) if title in titles else -1 for title in (SINCE, UNTIL))
            size = max(path.stat().st_size, 1)
            for number, row in enumerate(reader):
                if number % _ROWS_BETWEEN_CHECKS == 0:
                    progress.advance(min(raw.tell() / size, 1.0))
                if len(row) <= max(siret, state, since, until) or row[siret] not in wanted or row[state] != _CLOSED:
                    continue
                if until < 0 or not row[until]:
                    closed[row[siret]] = row[since] if since >= 0 else ""
    except _UNREADABLE as error:
        raise InvalidInput("“{path}” cannot be read: {cause}", path=str(path), cause=str(error)) from error
    return closed


def check_sirene(path: Path) -> None:
    """Raise `InvalidInput` where the file is no table of Sirene's establishments; its beginning only is read."""
    try:
        with _opened(path) as (text, _raw):
            titles = [title.strip().strip("\ufeff") for title in next(csv.reader(text, delimiter=_delimiter(text)), [])]
    except _UNREADABLE as error:
        raise InvalidInput("“{path}” cannot be read: {cause}", path=str(path), cause=str(error)) from error
    if SIRET not in titles or STATE not in titles:
        raise _not_sirene(path)


def _not_sirene(path: Path) -> InvalidInput:
    return InvalidInput(
        "“{path}” has not the columns {columns} of Sirene's establishments.",
        path=str(path),
        columns=f"{SIRET}, {STATE}",
    )


@contextmanager
def _opened(path: Path) -> Iterator[tuple[TextIO, IO[bytes]]]:
    """The text, and the file itself, which says how far one is."""
    with ExitStack() as stack:
        raw: IO[bytes] = stack.enter_context(path.open("rb"))
        content: IO[bytes] = raw
        if path.suffix.lower() == ".zip":
            archive = stack.enter_context(zipfile.ZipFile(raw))
            tables = [name for name in archive.namelist() if name.lower().endswith(".csv")]
            if not tables:
                raise _not_sirene(path)
            content = stack.enter_context(archive.open(tables[0]))
        elif path.suffix.lower() == ".gz":
            content = cast("IO[bytes]", gzip.GzipFile(fileobj=raw))
        buffered = io.BufferedReader(content)  # type: ignore[type-var]
        yield stack.enter_context(io.TextIOWrapper(buffered, encoding="utf-8", newline="")), raw


def _delimiter(text: TextIO) -> str:
    """That of the first line, which stays to be read."""
    head = text.buffer.peek(4096)[:4096].split(b"\n")[0]  # type: ignore[attr-defined]
    return ";" if head.count(b";") > head.count(b",") else ","
