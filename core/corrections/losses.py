"""What a copy loses on its way through other programs, as opposed to what a person edited.

Shapefile cuts names and texts and may lose accents, spreadsheets turn codes into numbers, programs that mistake an
encoding break letters, tables round positions. None of it is a correction of the record that was copied.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from ..services import SERVICE_COLUMNS
from ..versions import normalised

SHORT_NAME = 10
"""Characters of a column's name that a Shapefile keeps."""

LEAST_MOVE = 1e-5
"""Degrees, about 1 m: a position moved by less was moved by a conversion."""

_FIELD_SIZES = (80, 254, 255)
"""Bytes that text fields of tables hold: GDAL's default in a dbf, and the most that dbf and MapInfo have."""
_MOST_DECIMALS = 7
_BROKEN = "\ufffd"
_TYPOGRAPHY = str.maketrans({"’": "'", "‘": "'", "–": "-", "—": "-", "œ": "oe", "Œ": "OE", "…": "..."})
_NUMBER_LOST = re.compile(r"[+-]?\d(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)


def named_in_full(columns: Mapping[str, Any]) -> dict[str, Any]:
    """The columns with the contract's names where another program cut them, or changed their case."""
    present = {name.lower() for name in columns}
    full = {}
    for name in SERVICE_COLUMNS:
        full[name] = name
        if name not in present:
            full[name[:SHORT_NAME]] = name
    return {full.get(name.lower(), name): value for name, value in columns.items()}


def says_the_same(column: str, old: str, new: str) -> bool:
    """Whether two texts are the same value: stored alike, or blanks and line ends apart."""
    if old.split() == new.split():
        return True
    return normalised({column: old}).get(column) == normalised({column: new}).get(column)


def is_loss(old: str, new: str) -> bool:
    """Whether ``new`` is what remains of ``old``, or of any text, after a conversion; an empty one is not."""
    if not new:
        return False
    if _BROKEN in new or _NUMBER_LOST.fullmatch(new):
        return True
    old, new = " ".join(old.split()), " ".join(new.split())
    return _has_lost_letters(old, new) or _is_cut(old, new) or _is_misread(old, new) or _has_lost_zeros(old, new)


def is_lost_place(old: list[float] | None, new: list[float]) -> bool:
    """Whether a position is none, or ``old`` rounded, exchanged, or moved by a conversion."""
    if new == [0.0, 0.0]:
        return True
    if old is None:
        return False
    if max(abs(old[0] - new[0]), abs(old[1] - new[1])) < LEAST_MOVE or (new[0], new[1]) == (old[1], old[0]):
        return True
    decimals = max(map(_decimals, new))
    return decimals < _MOST_DECIMALS and [round(value, decimals) for value in old] == new


def _has_lost_letters(old: str, new: str) -> bool:
    """The same words with fewer accents, in one case, or with marks in the place of letters."""
    if _plain(old).casefold() == _plain(new).casefold():
        lost_marks = _marks(new) < _marks(old)
        return lost_marks or (new in (new.upper(), new.lower()) and old not in (old.upper(), old.lower()))
    if old.isascii():
        return False
    holes = re.sub(r"[^\x00-\x7f]+", "?", old)
    return re.sub(r"\?+", "?", new) == holes or new == " ".join(holes.replace("?", "").split())


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.translate(_TYPOGRAPHY))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _marks(text: str) -> int:
    return sum(not letter.isascii() for letter in unicodedata.normalize("NFC", text))


def _is_cut(old: str, new: str) -> bool:
    """A field was full: a letter of several bytes, or a blank, may have been left out at the end."""
    sizes = (len(new.encode("utf-8", "replace")), len(new))
    return old.startswith(new) and any(most - 4 < size <= most for most in _FIELD_SIZES for size in sizes)


def _is_misread(old: str, new: str) -> bool:
    """UTF-8 taken for the encoding of Windows or Latin-1 (« SÃ©vÃ©rac »), once or twice."""
    for encoding in ("cp1252", "latin-1"):
        text = new
        for _time in range(2):
            try:
                text = text.encode(encoding).decode("utf-8")
            except UnicodeError:
                break
            if " ".join(text.split()) == old:
                return True
    return False


def _has_lost_zeros(old: str, new: str) -> bool:
    """`33466490000` of `+33466490000`, `55217862900132.0`: a spreadsheet took digits for a number."""
    digits = re.fullmatch(r"(\d+)(?:[.,]0+)?", new)
    kept = re.sub(r"[\s.+-]", "", old)
    return digits is not None and kept.isdigit() and kept.lstrip("0") == digits[1].lstrip("0")


def _decimals(value: float) -> int:
    return len(f"{value:.{_MOST_DECIMALS}f}".rstrip("0").partition(".")[2])
