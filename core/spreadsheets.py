"""Text for files that spreadsheets open: they would take some of it for formulas and run it."""

from __future__ import annotations

import re

_FORMULA = re.compile(r"\s*(?:[=@＝＋－＠]|[+-](?![\d\s().,/-]*$)|of:=)")


def as_cell(text: str) -> str:
    """The text as a cell that stays text.

    What begins like a formula (``=``, ``@``, ``+`` or ``-`` that begin no number, ``of:=``) gets an apostrophe in
    front, the sign by which spreadsheets know text. Numbers and telephone numbers (``+33 4 95 …``) stay as they are.
    """
    return f"'{text}" if _FORMULA.match(text) else text
