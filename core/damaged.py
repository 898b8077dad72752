"""Files of others that are not what they say: what Python's readers raise on them, and lines that have no end."""

from __future__ import annotations

import csv
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import TextIO

UNREADABLE = (
    *(OSError, ValueError, EOFError, csv.Error, zipfile.BadZipFile, zlib.error, lzma.LZMAError),
    *(NotImplementedError, RuntimeError, struct.error, OverflowError, LookupError),
)
"""What `zipfile`, `gzip` and `csv` raise on a file that is damaged, encrypted, or packed in a way they do not know."""
LONGEST_LINE = 1 << 20
"""Characters of a line beyond which it is none: a file of one endless line would fill the memory."""


def bounded_lines(source: TextIO) -> Iterator[str]:
    """The lines of a text. Raises `ValueError` at one without end."""
    while line := source.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise ValueError("a line without end")
        yield line
