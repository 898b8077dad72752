"""Text for files that spreadsheets open, which would take some of it for formulas; small tables that they write."""

from __future__ import annotations

import codecs
import csv
import io
import os
import re
from pathlib import Path

from .errors import InvalidInput

_FORMULA = re.compile(r"\s*(?:[=@＝＋－＠]|[+-](?![\d\s().,/-]*$)|of:=)")


def as_cell(text: str) -> str:
    """The text as a cell that stays text.

    What begins like a formula (``=``, ``@``, ``+`` or ``-`` that begin no number, ``of:=``) gets an apostrophe in
    front, the sign by which spreadsheets know text. Numbers and telephone numbers (``+33 4 95 …``) stay as they are.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def typed_table(path: str | os.PathLike) -> tuple[list[str], list[dict[str, str]]]:
    """The column names, in small letters, and the rows of a small CSV table that somebody typed in a spreadsheet.

    As spreadsheets save them: UTF-8, UTF-16 or Windows' Western code page; semicolons, tabs or commas; rows without
    anything are left out, cells that lack are empty, those beyond the columns are left out. Raises `OSError`,
    `csv.Error`, and `InvalidInput` where a decimal comma may have cut a number in two.
    """
    text = _decoded(Path(path).read_bytes())
    first = text.partition("\n")[0]
    delimiter = next((mark for mark in ";\t" if mark in first), ",")
    lines = [[cell.strip() for cell in line] for line in csv.reader(io.StringIO(text), delimiter=delimiter)]
    names, *lines = [line for line in lines if any(line)] or [[]]
    names = [name.lower() for name in names]
    for number, line in enumerate(lines, start=2):
        if delimiter == "," and any(line[len(names) :]):
            raise InvalidInput(
                "Row {row} of “{table}” has more cells than there are columns: part columns by semicolons, or write "
                "decimals with a point.",
                row=number,
                table=Path(path).name,
            )
    return names, [dict(zip(names, [*line, *[""] * len(names)])) for line in lines]


def _decoded(body: bytes) -> str:
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", "replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")
