"""Codes that spreadsheets damaged (`1004`, `48095.0`, `2a004`, `4,8095E+04`), put right when one reading alone is left.

Each reader takes the text of a cell and gives a `Code`. What was lost is never guessed: `4,81E+04` may be 48100 or any
code that rounds to it, so it stays as written and is not `certain`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Callable, NamedTuple

from .identifiers import check_finess, check_siren, check_siret, normal_code
from .territories import is_known


class Code(NamedTuple):
    """A code as it is kept, and whether that is surely what its producer meant. An empty one is certain."""

    text: str
    certain: bool


_INSEE = re.compile(r"(?:\d{2}|2[AB])\d{3}", re.ASCII)
_POSTCODE = re.compile(r"(?:0[1-9]|[1-8]\d|9[0-8])\d{3}", re.ASCII)
_DIGITS = re.compile(r"\d+", re.ASCII)
_SCIENTIFIC = re.compile(r"(\d)(?:[.,](\d+))?E\+?(\d{1,3})", re.ASCII)
_DECIMALS = re.compile(r"(\d+)[.,]0+", re.ASCII)
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,']\d{3})+", re.ASCII)
_AROUND = re.compile(r'^(?:=?["\'’]+|=)|["\'’]+$')
_COUNTRY = re.compile(r"^(?:FR?|FRANCE)[-\s]*(?=\d)", re.ASCII)
_CEDEX = re.compile(r"\s*\bCEDEX\b.*$")


@lru_cache(maxsize=50_000)
def insee_code(text: str) -> Code:
    """The INSEE code of a commune. A lost zero comes back where that gives a commune of the official code."""
    value = _bare(text)
    if not value or _INSEE.fullmatch(value):
        return Code(value, True)
    value = _COUNTRY.sub("", value)
    value = value[1:] if re.fullmatch(r"02[AB][0-9]{3}", value) else value
    found = value if _INSEE.fullmatch(value) else _five_digits(value)
    return Code(found, is_known(found)) if found else Code(text.strip(), False)


@lru_cache(maxsize=50_000)
def postal_code(text: str) -> Code:
    """A postcode of France, without its country (`F-48000`) and CEDEX."""
    value = _CEDEX.sub("", _COUNTRY.sub("", _bare(text, keep_blanks=True)))
    value = re.sub(r"\s+", "", value)
    found = value if _POSTCODE.fullmatch(value) else _five_digits(value)
    if not value or _POSTCODE.fullmatch(found):
        return Code(found, True)
    return Code(text.strip(), False)


@lru_cache(maxsize=50_000)
def siret_code(text: str) -> Code:
    """A SIRET without its blanks; lost zeros come back where SIREN and SIRET have the right keys.

    What is no number (an RNA, say) or a SIREN stays as it is. A scientific notation and an establishment `00000`, which
    does not exist, have lost digits for good.
    """
    value = _bare(text)
    number = _whole_number(value)
    if not number:
        return Code(text.strip(), not _SCIENTIFIC.fullmatch(value))
    digits = normal_code(number)
    if not _DIGITS.fullmatch(digits) or len(digits) == 9:
        return Code(text.strip() if not _DIGITS.fullmatch(digits) else digits, True)
    if len(digits) == 14:
        return Code(digits, not digits.endswith("00000") or check_siret(digits) is None)
    padded = digits.zfill(14)
    if 12 <= len(digits) < 14 and check_siren(padded[:9]) is None and check_siret(padded) is None:
        return Code(padded, True)
    return Code(text.strip(), False)


@lru_cache(maxsize=50_000)
def finess_code(text: str) -> Code:
    """A FINESS number; a lost zero comes back where the key is then right."""
    value = _bare(text)
    number = normal_code(_whole_number(value) or value)
    padded = number.zfill(9) if re.fullmatch(r"[0-9]{8}", number) else number
    if check_finess(padded) is None:
        return Code(padded, True)
    has_its_form = re.fullmatch(r"[0-9]{9}", number) is not None
    return Code(number if has_its_form else text.strip(), has_its_form)


CODES: Mapping[str, Callable[[str], Code]] = {
    "code_insee": insee_code,
    "code_postal": postal_code,
    "siret": siret_code,
}
"""The reader of each column of a service that holds a code."""


def _bare(text: str, keep_blanks: bool = False) -> str:
    """In capitals, without the blanks and the marks that make a spreadsheet keep a text: `'01004`, `="01004"`."""
    value = _AROUND.sub("", text.strip()).strip().upper()
    return value if keep_blanks else re.sub(r"\s+", "", value)


def _whole_number(value: str) -> str:
    """The digits of a number as a spreadsheet may show it; empty when some were rounded away. Others as they are."""
    scientific = _SCIENTIFIC.fullmatch(value)
    if scientific:
        digits = scientific[1] + (scientific[2] or "")
        return digits if len(digits) == int(scientific[3]) + 1 else ""
    decimals = _DECIMALS.fullmatch(value)
    if decimals and not _THOUSANDS.fullmatch(value):
        return decimals[1]
    return re.sub(r"[.,']", "", value) if _THOUSANDS.fullmatch(value) else value


def _five_digits(value: str) -> str:
    """The five digits of a code that lost its leading zero or its form; empty when it is not one."""
    number = _whole_number(value)
    return number.zfill(5) if _DIGITS.fullmatch(number) and len(number) in (4, 5) else ""
